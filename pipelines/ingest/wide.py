"""Benefits that come one column each, turned into one row each before anything else looks at the sheet.

Belongs here: the wide form of 待遇支付. What a benefit or an amount means is decided later, as for any other sheet.

A row of the sheet becomes as many rows as it has benefits that are neither empty nor 0, and each of them counts as one received
row. Row numbers must tell them apart: the n-th benefit column (from 0) adds n × 7,000,000 to the number of the sheet's row. Rows
without any benefit are no payments: they are left out, and said to be.
"""

import csv
import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.exports import PAYOUT
from pipelines.ingest import headings
from pipelines.ingest.cleaning import cleaned
from pipelines.ingest.readers import ROW_NUMBER, Sheet, UnreadableFileError
from pipelines.ingest.texts import whole
from pipelines.ingest.units import unit_of

ROWS_APART = 7_000_000
MOST_COLUMNS = 18
FEWEST_COLUMNS = 2
# Other names of the same benefits, and benefits that the interface of that vendor does not list.
ALSO = {"康复费": "康复性治疗费", "辅助器具配置费": "辅助器具", "住院伙食费": "住院伙食补助费", "医疗费": "工伤医疗费",
"工亡补助金": "一次性工亡补助金",
        "丧葬费": "丧葬补助金", "丧葬补助费": "丧葬补助金", "抚恤金": "供养亲属抚恤金", "护理费": "生活护理费",
        "鉴定费": "劳动能力鉴定费",
        "伤残补助金": "一次性伤残补助金", "医疗补助金": "一次性工伤医疗补助金", "工伤医疗补助金": "一次性工伤医疗补助金",
        "统筹地区以外就医交通食宿费": "统筹地区以外就医交通食宿费", "交通食宿费": "统筹地区以外就医交通食宿费"}


@functools.cache
def benefits() -> dict[str, str]:
    """Normalised heading (standard code or name) -> the benefit's name."""
    with headings.ALIASES.open(encoding="utf-8") as file:
        [row] = [row for row in csv.DictReader(file) if row["canonical"] == "wide_benefit_cols"]
    names = row["chinese_aliases"].split("|")
    pairs = [*zip(row["standard_code"].split(), names, strict=True), *((name, name) for name in names), *ALSO.items()]
    return {headings.normalise(heading): name for heading, name in pairs}


def benefit_of(heading: str) -> str | None:
    """The benefit that a heading names, also as the last part of a heading of two rows.

    >>> [benefit_of(text) for text in ("伤残津贴（元）", "AAC148", "待遇/丧葬补助金", "单位编号")]
    ['伤残津贴', '统筹外交通费', '丧葬补助金', None]
    """
    found = (benefits().get(headings.normalise(text)) for text in (heading, heading.rsplit("/", 1)[-1]))
    return next((name for name in found if name), None)


def lengthened(sheet: Sheet) -> Sheet:
    """The sheet with 待遇项目 and 支付金额 in place of its benefit columns; any other sheet as it is."""
    columns = {position: name for position, heading in enumerate(sheet.headings) if (name := benefit_of(heading))}
    known = {headings.normalise(heading) for heading in sheet.headings}
    if len(columns) < FEWEST_COLUMNS or known & set(headings.accepted(PAYOUT["benefit"])):
        return sheet
    amounts = headings.accepted(PAYOUT["amount_yuan"])
    kept = ["" if p in columns or headings.normalise(text) in amounts else text for p, text in enumerate(sheet.headings)]
    made = [PAYOUT["benefit"].title, PAYOUT["amount_yuan"].title]
    notes = [*sheet.notes, f"{len(columns)} 个待遇列逐列读为一笔支付"]
    if sheet.unit not in ("", "元") and not all(unit_of(sheet.headings[position]) for position in columns):
        notes.append(f"未注单位的待遇列按表头上方所注的{sheet.unit}换算")
    sample = [[*("" if p in columns else text for p, text in enumerate(row)), *_first_paid(row, columns)] for row in sheet.sample]
    return replace(sheet, headings=[*kept, *made], batches=_batches(sheet, columns), rows_apart=ROWS_APART,
                   notes=notes, sample=sample, unit="")


def _first_paid(row: Sequence[str], columns: dict[int, str]) -> tuple[str, str]:
    return next(((name, row[p]) for p, name in columns.items() if p < len(row) and row[p].strip("0. ")), ("", ""))


def _batches(sheet: Sheet, columns: dict[int, str]) -> Callable[[Sequence[int]], Iterator[pa.Table]]:
    numbers = headings.accepted(PAYOUT["payment_id"])
    payment = next((p for p, text in enumerate(sheet.headings) if headings.normalise(text) in numbers), None)
    width = len(sheet.headings)
    places = [(position, name, unit_of(sheet.headings[position]) or sheet.unit) for position, name in columns.items()]

    def batches(positions: Sequence[int]) -> Iterator[pa.Table]:
        if len(columns) > MOST_COLUMNS:
            raise UnreadableFileError(f"待遇列多于 {MOST_COLUMNS} 个；请拆成几张表")
        own = [position for position in positions if position < width]
        for table in sheet.batches(sorted({*own, *columns})):
            if len(table) and pc.max(table[ROW_NUMBER]).as_py() >= ROWS_APART:
                raise UnreadableFileError(f"一列一待遇的表超过 {ROWS_APART:,} 行；请拆成几个文件")
            parts = [_paid(table, place, number, own, width, payment) for number, place in enumerate(places)]
            long = pa.concat_tables(parts)
            rows = long[ROW_NUMBER].to_numpy()
            unpaid = np.setdiff1d(table[ROW_NUMBER].to_numpy(), rows % ROWS_APART)
            sheet.left_out += [(row, "各待遇列均为空") for row in unpaid.tolist()]
            yield long.take(np.lexsort((rows, rows % ROWS_APART))).select([ROW_NUMBER, *(f"c{p}" for p in sorted(positions))])

    return batches


def _paid(table: pa.Table, place: tuple[int, str, str], number: int, own: list[int], width: int, payment: int | None) -> pa.Table:
    """The rows in which one benefit (its column, name and unit) was paid: the other columns, 待遇项目, 支付金额 with its unit."""
    position, name, unit = place
    amount = whole(pc.cast(table[f"c{position}"], pa.string()))
    text, _ = cleaned(amount, "amount")
    is_paid = pc.fill_null(pc.invert(pc.match_substring_regex(text, r"^[+-]?0*\.?0*元?$")), False)
    rows, amount = table.filter(is_paid), amount.filter(is_paid)
    made = {ROW_NUMBER: pc.add(rows[ROW_NUMBER], pa.scalar(number * ROWS_APART, pa.int32()))}
    for other in own:
        made[f"c{other}"] = rows[f"c{other}"]
    if payment in own:
        given = pc.cast(rows[f"c{payment}"], pa.string())
        is_blank = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(given), ""), True)
        made[f"c{payment}"] = pc.if_else(is_blank, given, pc.binary_join_element_wise(given, name, "/"))
    made[f"c{width}"] = pa.array([name] * len(rows), pa.string())
    made[f"c{width + 1}"] = _with_unit(amount, unit) if unit not in ("", "元") else amount
    return pa.table(made)


def _with_unit(amounts: pa.Array, unit: str) -> pa.Array:
    """The amounts with their column's unit, but for those that name one of their own."""
    names_one = pc.match_substring_regex(amounts, "[元圆万亿千百]")
    return pc.if_else(names_one, amounts, pc.binary_join_element_wise(amounts, unit, ""))
