"""Headings as vendors write them: other names, standard codes, pinyin initials, decorations, typing errors, vague words."""
import re
from collections.abc import Callable
from functools import cache

import numpy as np

from pipelines.simulate.calibration import table
from pipelines.simulate.defects.catalogue import Tally, of_level
from pipelines.simulate.defects.drafts import Draft

REMARK = re.compile(r"[(（].*?[)）]")
CHINESE = re.compile(r"[一-鿿]")
TYPING = {
    "认定日期": "认定曰期", "统一社会信用代码": "统一社会信代码", "行政区划代码": "行政区化代码", "费款所属期": "费款所属其",
    "缴费基数总额": "缴费基数总颔", "鉴定结论日期": "鉴定结论曰期", "支付日期": "支付曰期", "伤残等级": "伤残等及",
    "受理日期": "受理曰期", "到账日期": "到帐日期", "职工人数": "职工入数",
}
VAGUE = {"单位编号": "编号", "实缴金额": "金额1", "认定日期": "日期", "鉴定结论日期": "日期", "支付日期": "日期",
         "事故时间": "时间", "认定结论": "结论", "社会保障号码": "号码"}
UNITS = {"amount": "（元）", "count": "（人）"}
MARKS = ("{}*", "{}(必填)", "*{}", "{}：", "{} ")
Renamed = Callable[[Draft, str, float], str]


@cache
def _aliases() -> dict[str, tuple[list[str], list[str], list[str]]]:
    """Canonical field to its standard codes, Chinese names and pinyin initials."""
    found = {}
    for row in table("field_aliases").to_dict("records"):
        names = [REMARK.sub("", name) for name in row["chinese_aliases"].split("|") if not REMARK.search(name)]
        codes = [code for code in re.split(r"[ /]+|\.\.", REMARK.sub("", row["standard_code"])) if code]
        found[row["canonical"]] = (codes, [name for name in names if CHINESE.search(name)],
                                   [name for name in names if name and not CHINESE.search(name)])
    return found


def _of_field(draft: Draft, title: str) -> tuple[list[str], list[str], list[str]]:
    column = draft.column(title)
    return _aliases().get(column.field if column else "", ([], [], []))


def _alias(draft: Draft, title: str, v: float) -> str:
    column = draft.column(title)
    known = [name for name in (*_of_field(draft, title)[1], *(column.headings if column else ())) if CHINESE.search(name)]
    others = [name for name in known if name != title]
    return others[int(v * len(others))] if others else title


def _code(draft: Draft, title: str, v: float) -> str:
    codes = [code for code in _of_field(draft, title)[0] if re.fullmatch("[A-Z]{3}[0-9]{3}", code)]
    return (codes[0] if v < 0.5 else codes[0].lower()) if codes else title


def _pinyin(draft: Draft, title: str, v: float) -> str:
    return (_of_field(draft, title)[2] or [title])[0]


def _decorated(draft: Draft, title: str, v: float) -> str:
    order = [*draft.headings].index(title)
    if draft.types[title] in UNITS:
        return title + UNITS[draft.types[title]]
    return f"{order + 1}.{title}" if order % 3 == 0 else MARKS[int((v + order / 7) % 1 * 5)].format(title)


def _typed(draft: Draft, title: str, v: float) -> str:
    return TYPING.get(title, title)


def _vague(draft: Draft, title: str, v: float) -> str:
    first = next((one for one in VAGUE if one in draft.headings and draft.types[one]), "")
    return VAGUE[title] if title == first else title


STYLES: dict[str, Renamed] = {
    "heading_alias": _alias, "heading_code": _code, "heading_pinyin": _pinyin, "heading_decorated": _decorated,
    "heading_typo": _typed, "heading_vague": _vague,
}


def rename_headings(draft: Draft, u: float, v: float, tally: Tally) -> None:
    """Writes a file's headings in one style, by where `u` falls among the rates; two columns never get the same one.

    Headings that a column's own defect has changed stay as they are.
    """
    styles = of_level("heading")
    drawn = int(np.searchsorted(tally.edges(styles), u, side="right"))
    for number, defect in enumerate(styles):
        titles = [title for title in draft.headings if draft.headings[title] == title and draft.types.get(title)]
        renamed = {title: STYLES[defect.name](draft, title, v) for title in titles}
        renamed = {title: heading for title, heading in renamed.items() if heading != title}
        tally.chances[defect.name] += bool(renamed)
        if number == drawn and renamed:
            tally.found[defect.name] += 1
            for title, heading in renamed.items():
                if heading not in draft.headings.values():
                    draft.rename(title, defect.name, heading)
