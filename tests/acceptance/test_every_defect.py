"""A delivery with every defect at once: nothing is lost, and after one round of answers the marts are the clean delivery's.

The analyst of these tests knows the truth: fills 列名确认 and 数据核实清单 as the product asks, and adds nothing of their own.
"""

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pandas as pd
import pytest

from pipelines.contracts.catalogue import PUBLIC
from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import confirmations, corrections
from pipelines.simulate import write_city
from tests.conftest import Bureau

SIZE: dict[str, Any] = {"enterprises": 300, "staff_per_enterprise": 30.0, "later": 1}
MONTH = "2025-10"
TITLES = {export.name: export.title for export in EXPORTS.values()}
OF_DELIVERIES = {"source_reconciliation", "rejected_row", "doubtful_row", "data_quality", "narrative_coding"}
"""Published tables that speak of the files received and not of the city."""
OF_FILES = {"source_batch", "source_file", "source_row", "file_number", "path", "row_number", "batch_file"}


class Cell(NamedTuple):
    """A place in data/raw: path below it, sheet, row, the column's title."""

    path: str
    sheet: str
    row: int
    column: str


class Analyst:
    """Fills in what the product asks for, from the truth of a dirty city."""

    def __init__(self, bureau: Bureau, truth: Path):
        self.bureau = bureau
        marks: Any = pd.read_parquet(truth / "defects.parquet")
        marks["path"] = marks["batch"] + "/" + marks["file"]
        self.marks = marks
        self.asked: list[Cell] = []
        self.unknown: list[Cell] = []

    def confirm(self, month: str) -> int:
        """Answers 列名确认.xlsx into the month's folder; returns the number of answers."""
        path = self.bureau.place.data / "to_check" / f"{confirmations.NAME}.xlsx"
        if not path.exists():
            return 0
        book, filled = openpyxl.load_workbook(path), 0
        for row in rows_of(book[confirmations.NAME]):
            title = self._heading(row)
            row["确认为"].value = title or confirmations.IGNORED
            filled += 1
        save(book, self.bureau.place.raw / month / f"{confirmations.NAME}.xlsx")
        return filled

    def _heading(self, row: Mapping[str, Any]) -> str:
        """What a heading that is asked for stands for."""
        marks = self.marks
        here = marks[(marks["path"] == row["文件"].value) & (marks["heading"] == str(row["原列名"].value).split("/")[-1])]
        found = set(here["column"])
        assert len(found) <= 1, (row["文件"].value, row["原列名"].value, found)
        return next(iter(found), str(row["种类"].value) if not row["列序"].value else "")

    def correct(self, month: str) -> int:
        """Answers every 数据核实清单 into the month's folder; returns the number of answers."""
        filled = 0
        for path in sorted((self.bureau.published(month) / "documents").glob(f"{corrections.SHEET}-*.xlsx")):
            book = openpyxl.load_workbook(path)
            for row in rows_of(book[corrections.SHEET]):
                sheet = str(row["工作表"].value or "")
                cell = Cell(row["文件"].value, sheet, int(row["行号"].value), row["列"].value)
                value = self._value(cell)
                self.asked.append(cell)
                if value is None:
                    self.unknown.append(cell)
                    continue
                row["更正值"].value, row["更正说明"].value = value, "向经办机构核实"
                row["更正日期"].value = "2025-11-05"
                filled += 1
            save(book, self.bureau.place.raw / month / path.name)
        return filled

    def _value(self, cell: Cell) -> str | None:
        """What should have stood in a cell, as the file would write it; the cells of a broken row, parted by |."""
        marks = self.marks
        here = marks[(marks["path"] == cell.path) & (marks["row_number"] == cell.row)]
        here = here[(here["sheet"] == cell.sheet) & here["outcome"].isin(["rejected", "doubtful"])]
        if cell.column == corrections.WHOLE_ROW:
            return "|".join(here["clean"])
        found = here[here["column"] == cell.column]["clean"].tolist()
        return str(found[0]) if found else None


def rows_of(sheet: Any) -> Iterator[dict[str, Any]]:
    """The cells of each row below the headings of a workbook that the product wrote, by heading."""
    lines = list(sheet.iter_rows())
    top = next(place for place, line in enumerate(lines) if {"文件", "工作表"} <= {cell.value for cell in line})
    names = [cell.value for cell in lines[top]]
    for line in lines[top + 1:]:
        cells = dict(zip(names, line, strict=True))
        if cells["文件"].value:
            yield cells


def save(book: Any, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


class Cities(NamedTuple):
    """The same city twice: clean, and dirty with its analyst; `counts` of rejected and asked before any answer."""

    clean: Bureau
    dirty: Bureau
    analyst: Analyst
    rejected: list[dict]
    confirmed: int


@pytest.fixture(scope="module")
def cities(new_bureau) -> Cities:
    """Both cities published; the dirty one after its headings were confirmed and its cells corrected once."""
    clean, dirty = new_bureau(), new_bureau()
    truths = [bureau.place.raw.parent / "truth" for bureau in (clean, dirty)]
    write_city(clean.place.raw, truths[0], **SIZE)
    write_city(dirty.place.raw, truths[1], **SIZE, defects=1.0)
    clean.build(MONTH)
    analyst = Analyst(dirty, truths[1])
    dirty.build(MONTH, until="raw_file")
    confirmed = analyst.confirm(MONTH)
    dirty.build(MONTH)
    rejected = dirty.mart("rejected_row", MONTH)
    analyst.correct(MONTH)
    dirty.build(MONTH)
    return Cities(clean, dirty, analyst, rejected, confirmed)


def test_every_file_is_read(cities):
    lines = cities.dirty.core("raw_file", MONTH)
    assert {line["status"] for line in lines} <= {"accepted", "marker", "control"}
    told = {Cell(row.path, row.sheet, 0, "") for row in cities.analyst.marks.itertuples()}
    read = {Cell(line["path"], line["sheet"] or "", 0, "") for line in lines if line["status"] == "accepted"}
    assert told <= read


def test_only_what_nobody_can_repair_is_rejected(cities):
    marks = cities.analyst.marks
    lost = marks[marks["outcome"] == "rejected"]
    expected = {(row.path, row.sheet, row.row_number) for row in lost.itertuples()}
    assert {(row["path"], row["sheet"] or "", row["row_number"]) for row in cities.rejected} == expected


def test_the_lists_ask_for_every_cell_that_only_the_bureau_knows_and_for_no_other(cities):
    marks = cities.analyst.marks
    wanted = marks[marks["outcome"].isin(["rejected", "doubtful"]) & (marks["defect"] != "broken_row")]
    told = {Cell(row.path, row.sheet, row.row_number, row.column) for row in wanted.itertuples()}
    assert told <= set(cities.analyst.asked)
    assert cities.confirmed >= len(marks[marks["outcome"] == "asked"][["path", "heading"]].drop_duplicates())


def test_after_one_round_every_row_and_every_yuan_is_accounted_for(cities):
    """That received = accepted + rejected + superseded is asserted at every build; here none is left over."""
    assert not [row for row in cities.dirty.mart("rejected_row", MONTH)]
    clean, dirty = (accepted(bureau) for bureau in (cities.clean, cities.dirty))
    marks = cities.analyst.marks
    refunds = marks[marks["defect"] == "refund_unsigned"]  # received with the sign that stands there, taken off all the same
    rows, yuan = clean["premium"]
    clean["premium"] = rows, yuan + sum(map(Decimal, refunds["written"])) - sum(map(Decimal, refunds["clean"]))
    assert dirty == clean
    assert all(row["status"] == "applied" for row in cities.dirty.core("correction", MONTH))


def accepted(bureau: Bureau) -> dict[str, tuple[int, Decimal]]:
    """Kind -> rows and yuan that stand in the end: accepted and not superseded."""
    found: dict[str, tuple[int, Decimal]] = {}
    for row in bureau.mart("source_reconciliation", MONTH):
        rows, yuan = found.get(row["kind"], (0, Decimal(0)))
        found[row["kind"]] = (rows + row["rows_accepted"], yuan + (row["amount_accepted"] or 0))
    return found


@pytest.mark.parametrize("table", [table.name for table in PUBLIC if table.name not in OF_DELIVERIES])
def test_the_marts_are_those_of_the_clean_delivery(cities, table):
    clean, dirty = (plain(bureau.mart(table, MONTH)) for bureau in (cities.clean, cities.dirty))
    assert len(clean) == len(dirty)
    assert [row for row in zip(dirty, clean, strict=True) if row[0] != row[1]][:3] == []


def plain(rows: list[dict]) -> list[dict]:
    """Rows without what names the files that they came from."""
    return [{name: value for name, value in row.items() if name not in OF_FILES} for row in rows]


def test_corrections_are_on_record_with_their_day(cities):
    days = {row["corrected_on"] for row in cities.dirty.core("correction", MONTH)}
    assert days == {datetime.date(2025, 11, 5)}
