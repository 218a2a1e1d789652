"""Values written in words of the trade: closed lists, yes and no, grades, risk classes, clauses.

Belongs here: what few distinct texts mean, each read once per column (see store.py). The lists are contracts/codes.py; numbers,
days and identifiers are values.sql. Texts come cleaned (cleaning.py); None = cannot be read.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from pipelines.contracts import codes
from pipelines.contracts.model import Column
from pipelines.ingest.cleaning import plain

NUMERALS = "一二三四五六七八九十"
CAPITALS = "壹贰叁肆伍陆柒捌玖拾"
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
UNGRADED = 11
_NO_GRADE = re.compile("未达|达不到|未到|不够|不足|无(伤残)?(等级|级别)|未评|未构成|不构成|不符合|未定级|未入级|够不上|未够")
_PUNCTUATION = re.compile(r"[\s,.、，。:;'\"“”‘’《》<>/_-]+")
_NUMBERING = re.compile(r"^[(\[]?\d{1,3}[)\]]?[-.:、|_ ]+(?=\D)")
_REMARK = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_TAIL = re.compile("(情形|情况|状态|类别|类型|类|结论|决定|鉴定|等级)$")
_GRADE_FRAME = re.compile(r"伤残|致残|工伤|职工|劳动功能障碍|鉴定|等级|程度|[第级():\s]")
_CLASS_FRAME = re.compile(r"行业|风险|工伤|类别|[第类档():\s]")
_CLAUSE_CODE = re.compile(r"^0?([123])0([1-7])(?!\d)")
_THREE_PARTS = re.compile(r"(?<!\d)(1[456])[-.](\d)[-.](\d)(?!\d)")
_ARTICLE = re.compile(r"(?<![\d十二三])(十[四五六]|1[456])(?![\d])条?")
_PARAGRAPH = re.compile(r"[\s第之/.,、:_-]*[(\[]?([一二三四五六七1-7])[)\]]?款")
_ITEM = re.compile(r"[\s第之/.,、:_-]*[(\[]?([一二三四五六七1-7])(?![\d一二三四五六七八九十条款年月])[)\]]?[项目]?")
_NEXT_ITEM = re.compile(r"\s*[、,和及或与;]\s*第?[(\[]?[一二三四五六七1-7][)\]]?项")
# The statute's own words, for cells that hold no number.
_CLAUSE_WORDS = (("14-2", "预备性|收尾性"), ("14-3", "履行工作职责受到暴力"), ("14-6", "上下班途中"),
                 ("14-5", "因工外出"), ("14-4", "患职业病"), ("15-1", "突发疾病"), ("15-2", "抢险救灾"), ("15-3", "旧伤复发"),
                 ("14-1", "工作时间和工作场所内.{0,3}因工作原因受到事故伤害"))


class Read(NamedTuple):
    """A value, and whether there is doubt about it though it is there."""

    value: object = None
    is_doubtful: bool = False


def reader_of(column: Column):
    """The function from a cleaned text to a `Read`, for a column whose value type is read here."""
    if column.value == "code":
        return lambda text: Read(code_of(text, _keys(_frozen(column.codes or {}))))
    if column.value == "flag":
        return lambda text: Read({"true": True, "false": False}.get(code_of(text, _keys(_frozen(codes.YES_NO))) or ""))
    if column.value == "clause":
        return clause_of
    return {"grade": lambda text: Read(grade_of(text)), "risk_class": lambda text: Read(risk_class_of(text))}[column.value]


def _frozen(accepted: Mapping[str, tuple[str, ...]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(accepted.items())


@cache
def _keys(accepted: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, str]:
    """Key of each accepted text -> its code; a code stands for itself."""
    return {key_of(text): code for code, texts in reversed(accepted) for text in (*texts, code)}


def key_of(text: str) -> str:
    """What of a term decides its meaning: no case, width, space or punctuation."""
    return _PUNCTUATION.sub("", plain(text)).lower()


def code_of(text: str, keys: Mapping[str, str]) -> str | None:
    """The code of a closed list that a text means: as it stands, else without its number (1-男, 01.初次鉴定), a remark in
    brackets or a last word that says nothing (鉴定, 类). Nothing is guessed.

    >>> [code_of(text, {"男": "male", "女": "female"}) for text in ("男", "1-男", "女 ", "男(汉族)", "男女")]
    ['male', 'male', 'female', 'male', None]
    """
    text = plain(text).removesuffix(".0")
    bare = _REMARK.sub("", _NUMBERING.sub("", text))
    for variant in (text, _NUMBERING.sub("", text), bare, _TAIL.sub("", bare)):
        if key_of(variant) in keys:
            return keys[key_of(variant)]
    return None


def arabic_number(text: str) -> int:
    """A year digit by digit, or a number below 100, in Chinese numerals; 0 for anything else.

    >>> [arabic_number(text) for text in ("二〇二四", "三十一", "十", "二十", "五", "十十")]
    [2024, 31, 10, 20, 5, 0]
    """
    digits = {numeral: value % 10 for value, numeral in enumerate(NUMERALS[:9], 1)} | dict.fromkeys("〇零○", 0)
    tens, ten, ones = text.partition("十")
    if any(letter not in digits for letter in tens + ones):
        return 0
    if ten:
        return (digits[tens] if tens else 1) * 10 + (digits[ones] if ones else 0) if len(tens) < 2 and len(ones) < 2 else 0
    return int("".join(str(digits[letter]) for letter in text) or 0)


def _number_of(text: str) -> int | None:
    """1 to 10 in any script, else None."""
    text = text.lstrip("0") or text
    for numbers in (tuple("123456789") + ("10",), NUMERALS, CAPITALS, ROMAN):
        if text and text.upper() in tuple(numbers):
            return tuple(numbers).index(text.upper()) + 1
    return None


def grade_of(text: str) -> int | None:
    """伤残等级: 1 to 10, or 11 for every way of saying that none is reached.

    >>> [grade_of(text) for text in ("七级", "07", "伤残壹级", "7.0", "VII级", "十级伤残", "不够等级", "十一级")]
    [7, 7, 1, 7, 7, 10, 11, None]
    """
    if _NO_GRADE.search(text):
        return UNGRADED
    return _number_of(_GRADE_FRAME.sub("", text.removesuffix(".0")))


def risk_class_of(text: str) -> int | None:
    """行业风险类别: 1 to 8.

    >>> [risk_class_of(text) for text in ("三类", "3", "第3类", "08", "II类行业", "9")]
    [3, 3, 3, 8, 2, None]
    """
    number = _number_of(_CLASS_FRAME.sub("", text.removesuffix(".0")))
    return number if number and number <= 8 else None


def clause_of(text: str) -> Read:
    """认定依据 as article-item of the 工伤保险条例; doubtful where several are named (the first of 14 and 15 counts). 第N款 is an
    item only where it can be no paragraph: 第十五条第二款 is one, 第十四条第六款 cannot be, for article 14 has but one.

    >>> [clause_of(t).value for t in ("第十四条第(一)项", "条例第14条第1款第1项", "14.6", "14条6款", "101", "第十五条第二款")]
    ['14-1', '14-1', '14-6', '14-6', '14-1', None]
    >>> clause_of("第十四条第(一)项、第十五条第(二)项")
    Read(value='14-1', is_doubtful=True)
    """
    coded = _CLAUSE_CODE.match(text)
    if coded:
        return Read(_checked({"1": "14", "2": "15", "3": "16"}[coded[1]], coded[2]))
    text = re.sub(r"(?<!\d)\s+|\s+(?!\d)", "", text)
    text = _THREE_PARTS.sub(lambda match: f"第{match[1]}条第{match[2]}款第{match[3]}项", text)
    found = [clause for match in _ARTICLE.finditer(text) if (clause := _clause_at(text, match))]
    if not found and not _ARTICLE.search(text):
        return Read(next((clause for clause, words in _CLAUSE_WORDS if re.search(words, text)), None))
    first = next((clause for clause in found if not clause.startswith("16")), found[0] if found else None)
    return Read(first, len(set(found)) > 1 or bool(first and _NEXT_ITEM.search(text)))


def _clause_at(text: str, article: re.Match) -> str | None:
    number = article[1].replace("十四", "14").replace("十五", "15").replace("十六", "16")
    paragraph = _PARAGRAPH.match(text, article.end())
    item = _ITEM.match(text, paragraph.end() if paragraph else article.end())
    if item and (not paragraph or _arabic(paragraph[1]) == "1"):
        return _checked(number, _arabic(item[1]))
    if paragraph and not item and not (_arabic(paragraph[1]) == "1" or (number, _arabic(paragraph[1])) == ("15", "2")):
        return _checked(number, _arabic(paragraph[1]))
    return None


def _arabic(numeral: str) -> str:
    return str(NUMERALS.index(numeral) + 1) if numeral in NUMERALS else numeral


def _checked(article: str, item: str) -> str | None:
    clause = f"{article}-{item}"
    return clause if clause in codes.CLAUSE else None
