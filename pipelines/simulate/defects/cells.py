"""Defects of single cells that a reader can undo: how a right value is written wrongly, by value type.

Each entry says for which texts it works and how it writes them; `v` in [0, 1) chooses among variants. What cannot be
undone is in `rows`.
"""
import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from pipelines.contracts.model import Column

Cell = str | int | float | dt.date | None
Written = Callable[[str, float], Cell]
FULL_WIDTH = {code: code + 0xFEE0 for code in map(ord, "0123456789-.,%/ABCDEFGHJKLMNPQRTUWXY")}
EPOCH = dt.datetime(1899, 12, 30)
CHINESE = "零一二三四五六七八九十"
FORMAL = "零壹贰叁肆伍陆柒捌玖拾"
ITEMS = "一二三四五六七"
NULL_WORDS = ("/", "-", "--", "无")


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _is_timed(text: str) -> bool:
    return len(text) > 10


def _compact(text: str, v: float) -> Cell:
    return _moment(text).strftime("%Y%m%d%H%M%S" if _is_timed(text) else "%Y%m%d")


def _parts(text: str, day: str, minutes: str) -> str:
    at = _moment(text)
    return day.format(at.year, at.month, at.day) + (minutes.format(at.hour, at.minute) if _is_timed(text) else "")


def _serial(text: str, v: float) -> Cell:
    days = (_moment(text) - EPOCH) / dt.timedelta(days=1)
    return round(days, 8) if _is_timed(text) else int(days)


def _afternoon(text: str, v: float) -> Cell:
    at = _moment(text)
    half = "下午" if at.hour >= 12 else "上午"
    return f"{at.year}年{at.month}月{at.day}日{half}{at.hour - 12 if at.hour > 12 else at.hour}点{at.minute:02d}分"


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _money(text: str) -> str:
    return f"{Decimal(text):,.2f}"


def _rate(text: str) -> Decimal:
    return Decimal(text.rstrip("%")) / 100


def _grade(text: str, v: float) -> Cell:
    if text == "未达级":
        return ("未达等级", "不够等级")[int(v * 2)]
    number = CHINESE.index(text[0])
    return (f"{number}级", f"{number:02d}", f"{FORMAL[number]}级", str(number), text[0])[int(v * 5)]


def _clause(text: str, v: float) -> Cell:
    found = re.search("十([四五六]).*（(.)）", text)
    assert found is not None
    ten, item = "三四五六".index(found[1]), ITEMS.index(found[2]) + 1
    return (f"1{ten + 3}-{item}", f"十{found[1]}条({found[2]})", f"{ten}0{item}", f"条例第1{ten + 3}条第1款第{item}项",
            f"《工伤保险条例》第十{found[1]}条第（{found[2]}）项")[int(v * 5)]


def _brackets(text: str, v: float) -> Cell:
    opening, closing = ("[]", "()", "（）", "［］", "【】")[int(v * 5)]
    return text.replace("〔", opening).replace("〕", closing)


def _person_15(text: str, v: float) -> Cell:
    return text[:6] + text[8:17]


def _other_minus(text: str, v: float) -> Cell:
    return "−" + text.lstrip("-") if v < 0.5 else text.lstrip("-") + "-"


def always(text: str) -> bool:
    """That a defect works for any text."""
    return True


def _is_negative(text: str) -> bool:
    return text.startswith("-")


def _is_large(text: str) -> bool:
    return abs(Decimal(text)) >= 1000


def _has(pattern: str) -> Callable[[str], bool]:
    found = re.compile(pattern)
    return lambda text: found.search(text) is not None


WRITERS: Mapping[str, tuple[Callable[[str], bool], Written]] = {
    "full_width": (_has(r"[0-9]"), lambda text, v: text.translate(FULL_WIDTH)),
    "wide_space": (always, lambda text, v: f"\u3000{text}" if v < 0.5 else f"{text}\u3000"),
    "hard_space": (always, lambda text, v: f"\u00a0{text}" if v < 0.5 else f"{text}\u00a0"),
    "apostrophe": (always, lambda text, v: f"'{text}"),
    "armoured": (always, lambda text, v: f'="{text}"'),
    "id_as_number": (_has(r"^[1-9]\d{5,13}$"), lambda text, v: int(text)),
    "brackets": (_has("〔"), _brackets),
    "date_compact": (always, _compact),
    "date_slash": (always, lambda text, v: _parts(text, "{}/{}/{}", " {}:{:02d}")),
    "date_dot": (always, lambda text, v: _parts(text, "{}.{:02d}.{:02d}", " {:02d}:{:02d}")),
    "date_chinese": (always, lambda text, v: _parts(text, "{}年{}月{}日", "{}时{}分")),
    "date_serial": (always, _serial),
    "date_zero_tail": (always, lambda text, v: f"{text} 00:00:00"),
    "date_cell": (always, lambda text, v: dt.date.fromisoformat(text)),
    "time_seconds": (_is_timed, lambda text, v: f"{text}:00"),
    "time_afternoon": (_is_timed, _afternoon),
    "month_dash": (always, lambda text, v: f"{text[:4]}-{text[4:]}"),
    "month_slash": (always, lambda text, v: f"{text[:4]}/{int(text[4:])}"),
    "month_dot": (always, lambda text, v: f"{text[:4]}.{text[4:]}"),
    "month_chinese": (always, lambda text, v: f"{text[:4]}年{int(text[4:])}月"),
    "month_day": (always, lambda text, v: f"{text[:4]}-{text[4:]}-01"),
    "thousands": (_is_large, lambda text, v: _money(text)),
    "yuan_sign": (always, lambda text, v: ("￥", "¥")[int(v * 2)] + text),
    "yuan_word": (always, lambda text, v: f"{text}元"),
    "ten_thousand": (_has("[1-9]"), lambda text, v: _plain(Decimal(text) / 10000) + "万元"),
    "in_brackets": (_is_negative, lambda text, v: ("({})", "（{}）")[int(v * 2)].format(text.lstrip("-"))),
    "other_minus": (_is_negative, _other_minus),
    "rate_permille": (_has("%$"), lambda text, v: _plain(_rate(text) * 1000) + "‰"),
    "rate_fraction": (_has("%$"), lambda text, v: _plain(_rate(text))),
    "count_word": (always, lambda text, v: f"{text}人"),
    "count_thousands": (_is_large, lambda text, v: f"{int(text):,}"),
    "count_decimal": (always, lambda text, v: f"{text}.0"),
    "grade_variant": (always, _grade),
    "clause_variant": (_has("十[四五六].*（.）"), _clause),
    "person_15": (_has(r"^\d{6}19\d{9}[\dX]$"), _person_15),
    "person_lower": (_has("X$"), lambda text, v: text.lower()),
    "organisation_code": (_has("^.{18}$"), lambda text, v: text[8:17] if v < 0.5 else f"{text[8:16]}-{text[16]}"),
    "quote": (always, lambda text, v: f'"{text}' if v < 0.5 else f'{text[: len(text) // 2]}"{text[len(text) // 2:]}'),
    "null_word": (lambda text: not text, lambda text, v: NULL_WORDS[int(v * 4)]),
}
"""Defect to what it can be done to and what it makes of it; code lists are `variant`'s."""
FORMS = {"armoured": "text", "quote": "text", "id_as_number": "book", "date_cell": "book"}
"""Defects that only text files, or only workbooks with typed cells, can have."""


def variants(column: Column, text: str) -> list[str]:
    """The other texts that a code list knows for the same code."""
    for texts in (column.codes or {}).values():
        if text in texts:
            return [other for other in texts if other != text and other not in NULL_WORDS]
    return []
