"""The readings of one heading: what is left of it without numbering, remarks, upper headings, table names, codes beside it.

Belongs here: how vendors decorate. Every reading carries the most confidence that it can give; what the reading means
is looked up in headings.py, and compared in fuzzy.py.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from pipelines.contracts.exports import EXPORTS
from pipelines.ingest.headings import normalise

NUMERAL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
ORDINAL = re.compile(rf"^(?:[(\[]?{NUMERAL}[)\]]?[、.:,]|[(\[]?{NUMERAL}[)\]]|\d{{1,2}}(?=[^\d年月日级类人次至~.\-/%]))")
MARKS = "*:★☆●※#;,.。、!?\"“”'‘’_-—|<>《》【】[]"
REMARK = re.compile(r"[(\[【<]([^()\[\]【】<>]*)(?:[)\]】>]|$)")
# Remarks that say how a cell is filled in, not what it means.
HARMLESS = re.compile(
    r"^(必填|选填|可选|必录|非必填|必填项|不可为空|可空|可为空|主键|唯一|下拉选择|单选|文本|数字|数值|日期|字符|整数|"
    r"(?:日期)?格式.*|[ymdhs年月日时分秒:/.\-]+|(?:c|n|d)\.*\d+(?:\.\d+)?|单位[::]?(?:元|人)|元/?月?|人|人次|例如?.*|如.*|见.*|按.*填写?|"
    r"是/否|是否|y/n|男/女|男或女|1男2女|[1一]?[-~至—]?\d{1,2}级?|级|18位|\d{1,2}位|全称|不含滞纳金|含税)$")
BELOW = re.compile(r"[/|＞>\n]|(?<=[\u4e00-\u9fff])[_\-—–:：](?=[\u4e00-\u9fff])")
SECTION = re.compile(r"(信息|情况|基本|数据|内容|资料|登记|概况|明细|列表|一览|部分|栏)$")
# What databases put around a code: a table's short name before, what a code stands for after it.
TABLE_NAME = re.compile(r"^(?:[a-z]\d?|[a-z]{2}\d{2}|tbl|tab|v|dwd|ods|dim)$")
DESCRIBED = re.compile(r"^(?:desc|text|txt|label|dm|cn|zh|val|value)$")
CODE = re.compile(r"[a-z]{1,4}[a-z\d]*\d{2,3}[a-z]?|[a-z]{4,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# 区位码: characters of the first level of GB 2312 stand in the order of their pinyin; here the first of each initial.
INITIALS = ((0xB0A1, "a"), (0xB0C5, "b"), (0xB2C1, "c"), (0xB4EE, "d"), (0xB6EA, "e"), (0xB7A2, "f"), (0xB8C1, "g"),
            (0xB9FE, "h"), (0xBBF7, "j"), (0xBFA6, "k"), (0xC0AC, "l"), (0xC2E8, "m"), (0xC4C3, "n"), (0xC5B6, "o"),
            (0xC5BE, "p"), (0xC6DA, "q"), (0xC8BB, "r"), (0xC8F6, "s"), (0xCBFA, "t"), (0xCDDA, "w"), (0xCEF4, "x"),
            (0xD1B9, "y"), (0xD4D1, "z"))
LAST_BY_PINYIN = 0xD7F9


class Reading(NamedTuple):
    """What a heading may say, the most confidence that this reading gives, and why."""

    text: str
    confidence: float
    why: str = ""


@lru_cache(maxsize=4096)
def readings(heading: str) -> tuple[Reading, ...]:
    """The readings of a heading as it stands in the file, the surest first; texts are normalised.

    >>> [(reading.text, reading.confidence) for reading in readings("3、*单位编号（必填）：")]
    [('3、*单位编号(必填):', 1.0), ('单位编号', 0.98)]
    """
    whole = normalise(heading)
    found = [Reading(whole, 1.0), Reading(undecorated(whole), 0.98, "去掉序号和填表说明")]
    found += _below(heading)
    found += _beside_a_code(undecorated(whole))
    found += _without_table(undecorated(whole))
    bare = undecorated(REMARK.sub("", whole))
    if bare != found[1].text and "万" not in whole and "千元" not in whole:
        found.append(Reading(bare, 0.8, "括号中的说明不明"))
    if match := re.match(r"^(.*[\u4e00-\u9fff])[._-]?\d$", found[1].text):
        found.append(Reading(match[1], 0.8, "列名带数字"))
    best: dict[str, Reading] = {}
    for reading in sorted((r for r in found if r.text), key=lambda r: -r.confidence):
        best.setdefault(reading.text, reading)
    return tuple(best.values())


def undecorated(text: str) -> str:
    """The text without numbering, marks at its ends and remarks on how to fill in; the same text when nothing is left."""
    before, now = "", text
    while before != now:
        before = now
        now = ORDINAL.sub("", now).strip(MARKS) or now
        for match in REMARK.finditer(now):
            if HARMLESS.match(match[1]):
                now = (now[:match.start()] + now[match.end():]) or now
                break
        now = normalise(now) or now
    return now


def _below(heading: str) -> Iterator[Reading]:
    """Headings of two and three rows: the parts together, or the last under what only names a group of columns."""
    parts = [part for part in (undecorated(normalise(part)) for part in BELOW.split(heading)) if part]
    for first in range(len(parts) - 1):
        yield Reading("".join(parts[first:]), 0.97 if _are_groups(parts[:first]) else 0.8, "两行表头合读")
    if len(parts) > 1:
        yield Reading(parts[-1], 0.97 if _are_groups(parts[:-1]) else 0.75, "两行表头的下一行")


def _are_groups(parts: list[str]) -> bool:
    return all(SECTION.search(part) or part in _titles() for part in parts)


@cache
def _titles() -> frozenset[str]:
    return frozenset(normalise(export.title) for export in EXPORTS.values())


def _beside_a_code(text: str) -> Iterator[Reading]:
    """AAB001单位编号, 单位编号(AAB001): both the code and the Chinese text; where they disagree there are two candidates."""
    codes = CODE.findall(text)
    chinese = undecorated(re.sub(r"[()\[\]]", "", CODE.sub("", text)))
    if len(codes) == 1 and CHINESE.search(chinese):
        yield Reading(chinese, 0.97, "代码旁的中文列名")
        yield Reading(codes[0], 0.96, "中文列名旁的代码")


def _without_table(text: str) -> Iterator[Reading]:
    """kc21.aab001, t_dwbh, aab022_desc: the code without the table before it and what describes it."""
    if not text.isascii():
        return
    parts = [part for part in re.split(r"[._\-]+", text) if part]
    if len(parts) > 1 and TABLE_NAME.match(parts[0]):
        parts = parts[1:]
    described = len(parts) > 1 and bool(DESCRIBED.match(parts[-1]))
    if described:
        parts = parts[:-1]
    if len(parts) == 1 and parts[0] != text:
        yield Reading(parts[0], 0.93 if described else 0.96, "去掉表名或后缀的代码")


@lru_cache(maxsize=4096)
def initials(text: str) -> str:
    """The pinyin initials of a Chinese text, the way vendors name columns; '' where one is not known.

    >>> initials("工伤认定日期"), initials("行业代码")
    ('gsrdrq', 'hydm')
    """
    # 行 is read háng in trades, and stands under xíng.
    said = [_initial(letter) for letter in text.replace("行业", "航业")]
    return "".join(said) if all(said) else ""


def _initial(letter: str) -> str:
    place = int.from_bytes(letter.encode("gb2312", "ignore"), "big")
    if not INITIALS[0][0] <= place <= LAST_BY_PINYIN:
        return ""
    return [initial for first, initial in INITIALS if first <= place][-1]
