"""What headings, and titles above them, say about the numbers below: 万元 or 元, percent or per mille; and rates, which need it.

Belongs here: units of headings and titles, and the scale of a rate column. How a number is written is values.sql.
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.model import Column
from pipelines.ingest.cleaning import plain

YUAN_OF = {"亿元": 10**8, "百万元": 10**6, "万元": 10**4, "千元": 10**3, "百元": 100, "元": 1, "万": 10**4, "亿": 10**8}
_UNIT = re.compile(r"(?:[(\[:/_单位\s-]|人民币)(亿元|百万元|万元|千元|百元|元|万|亿)[)\]\s]*$|(亿元|百万元|万元|千元)[)\]\s]*$")
# 单位:万元, 金额单位:人民币元, 单位:人、万元; but not 单位:某某公司 or 填报单位:…, which name somebody.
_TITLE_UNIT = re.compile(r"(?:^|[\s()\[\],、;|]|金额|货币|计量|计价)单\s?位\s?[:\s]\s*(?:(?:人次|人|户|家|件)\s?[、,/和]\s?)?"
                         r"(?:人民币)?\s?(亿元|百万元|万元|千元|百元|元)(?:人民币)?(?!\w)")
HIGHEST = Decimal("0.05")
"""No premium rate is as high as 5 %, and no percentage or per mille as low as 0.05."""


def unit_of(heading: str) -> str:
    """The unit of money that a heading names, at its end or at that of a part above it; "" for none.

    >>> [unit_of(text) for text in ("实缴金额（万元）", "实缴金额(单位：元)", "支付金额/千元", "缴费基数总额万元", "实缴金额")]
    ['万元', '元', '千元', '万元', '']
    >>> unit_of("金额（万元）/实缴")
    '万元'
    """
    text = plain(heading)
    found = next(filter(None, map(_UNIT.search, (text, *reversed(text.split("/")[:-1])))), None)
    return (found[1] or found[2]) if found else ""


def unit_of_titles(rows: Sequence[Sequence[str]]) -> str:
    """The unit of money that the rows above the headings state for the whole table, "" for none or for several.

    >>> unit_of_titles([["缴费明细"], ["填报单位：某某公司", "", "金额单位：万元"]]), unit_of_titles([["单位：元亨公司"]])
    ('万元', '')
    """
    said = {found[1] for row in rows for found in _TITLE_UNIT.finditer(plain(" ".join(cell for cell in row if cell)))}
    return said.pop() if len(said) == 1 else ""


def factors(unit: str, column: Column) -> tuple[Decimal, Decimal]:
    """By what a bare number of a column whose heading or title says `unit`, and a number that names its own unit (in yuan), are
    multiplied to give the contract's unit.

    >>> factors("万元", Column("paid_yuan", "实缴金额", unit="元"))
    (Decimal('10000'), Decimal('1'))
    """
    own = Decimal(YUAN_OF.get(column.unit, 1))
    said = YUAN_OF.get(unit)
    return (Decimal(said) / own if said else Decimal(1)), 1 / own


def scale_of(heading: str, texts: pa.Array) -> int:
    """How many of a rate column's bare numbers make one: 1000 where the heading says ‰ or at least half of those from 0.05 on are
    above 3 (9 is 9 ‰: there is no rate of 9 %), else 100. Numbers below 0.05 are fractions in any column.

    >>> scale_of("费率", pa.array(["9", "11", "2"])), scale_of("费率", pa.array(["0.9", "1.1"]))
    (1000, 100)
    """
    heading = plain(heading)
    if "‰" in heading or "千分" in heading:
        return 1000
    if "%" in heading or "百分" in heading:
        return 100
    counts = pc.value_counts(texts.drop_null()).to_pylist()
    bare = [(number, item["counts"]) for item in counts if (number := _decimal(item["values"])) is not None and number >= HIGHEST]
    high = sum(count for number, count in bare if number > 3)
    return 1000 if high and high * 2 >= sum(count for _, count in bare) else 100


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def rate_of(text: str, scale: int = 100) -> Decimal | None:
    """A rate as a fraction: 0.9%, 9‰, 0.009, and bare numbers by their column's scale; None where it could be two things.

    >>> [rate_of(text) for text in ("0.9%", "9‰", "0.009", "0.9", "千分之九", "30")]
    [Decimal('0.009000'), Decimal('0.009000'), Decimal('0.009000'), Decimal('0.009000'), Decimal('0.009000'), None]
    >>> rate_of("9", 1000), rate_of("0.2", 1000)
    (Decimal('0.009000'), None)
    """
    text = text.replace(" ", "")
    for mark, whole in (("%", 100), ("‰", 1000)):
        if text.endswith(mark):
            return _divided(_decimal(text[:-1]), whole)
    said = re.fullmatch(r"(百分之|千分之)([\d.]+|[一二三四五六七八九])", text)
    if said:
        number = _decimal(said[2]) if said[2][0].isdigit() else Decimal("一二三四五六七八九".index(said[2]) + 1)
        return _divided(number, 100 if said[1] == "百分之" else 1000)
    number = _decimal(text)
    if number is None or number < HIGHEST:
        return _divided(number, 1)
    is_likely = number >= Decimal("0.5") if scale == 1000 else number <= 5
    return _divided(number, scale) if is_likely else None


def _divided(number: Decimal | None, whole: int) -> Decimal | None:
    """A part of a whole to six decimals; None for what is no rate at all."""
    if number is None or not 0 <= number <= whole:
        return None
    return (number / whole).quantize(Decimal("0.000001"), ROUND_HALF_UP)
