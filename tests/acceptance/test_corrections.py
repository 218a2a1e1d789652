"""Corrections come back in the form in which the analyst works, hold from the month in which they came, and are on record."""

import datetime

import openpyxl
import pytest

from pipelines.deliveries import BlockedMonthError

UNITS = "单位编号,单位名称,行业代码,经办机构\nA,甲厂,3011,城区局\nB,乙厂,3011,县局"
PREMIUMS = """
    单位编号,费款所属期,缴费人数,实缴金额
    A,202412,十来个,100
    B,2024第四季度,若干,200
    B,202411,5,50
    B,202410
"""
ROWS = "A,202412,10,100\nB,202412,7,200\nB,202411,5,50\nB,202410,5,40"


@pytest.fixture
def asked(new_bureau):
    """A month with rows that cannot be used, published."""
    bureau = new_bureau()
    bureau.deliver("2024-12", 参保单位=UNITS, 单位缴费=PREMIUMS)
    bureau.build("2024-12")
    return bureau


def lists(bureau, month: str) -> dict:
    """Agency -> the sheet of its 数据核实清单."""
    found = sorted((bureau.published(month) / "documents").glob("数据核实清单-*.xlsx"))
    return {path.stem.split("-", 1)[1]: openpyxl.load_workbook(path) for path in found}


def fill(book, answers: dict, path) -> None:
    """Writes 更正值 by (row number, column) as an analyst would and saves the workbook."""
    sheet = book.active
    top = next(row for row in sheet.iter_rows() if any(cell.value == "更正值" for cell in row))
    place = {cell.value: cell.column for cell in top}
    for row in range(top[0].row + 1, sheet.max_row + 1):
        key = (sheet.cell(row, place["行号"]).value, sheet.cell(row, place["列"]).value)
        sheet.cell(row, place["更正值"]).value = answers.get(key)
        sheet.cell(row, place["更正日期"]).value = "2025-01-05"
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


ANSWERS = {"城区局": {(2, "缴费人数"): "10"}, "县局": {(3, "费款所属期"): "202412", (3, "缴费人数"): "7人"},
           "未分经办机构": {(5, "整行"): "B|202410|5|40"}}


def test_each_agency_is_asked_for_every_cell_at_fault(asked):
    found = {}
    for agency, book in lists(asked, "2024-12").items():
        rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
        top = next(place for place, row in enumerate(rows) if "更正值" in row)
        found[agency] = [(dict(zip(rows[top], row, strict=True))["行号"], dict(zip(rows[top], row, strict=True))["列"])
                         for row in rows[top + 1:]]
    assert {agency: set(cells) for agency, cells in found.items()} == {a: set(cells) for a, cells in ANSWERS.items()}


@pytest.mark.parametrize("month", ["2024-12", "2025-01"])
def test_what_is_filled_in_holds_from_its_month(asked, new_bureau, month):
    for agency, book in lists(asked, "2024-12").items():
        fill(book, ANSWERS[agency], asked.place.raw / month / f"{agency} 已核实.xlsx")
    asked.build("2024-12", month)
    clean = new_bureau()
    clean.deliver("2024-12", 参保单位=UNITS, 单位缴费="单位编号,费款所属期,缴费人数,实缴金额\n" + ROWS)
    clean.deliver(month)
    clean.build(month)
    rate = [{**row, "as_of_month": 0} for row in asked.mart("enterprise_risk", month)]
    assert rate == [{**row, "as_of_month": 0} for row in clean.mart("enterprise_risk", month)] and rate
    assert not asked.mart("rejected_row", month) and not lists(asked, month)
    [line] = [row for row in asked.mart("source_reconciliation", month) if row["kind"] == "premium"]
    assert (line["rows_received"], line["rows_accepted"], line["amount_accepted"]) == (4, 4, 390)
    audit = asked.core("correction", month)
    assert {(row["target_row"], row["column_title"], row["status"]) for row in audit} == {
        (row, column, "applied") for cells in ANSWERS.values() for row, column in cells}
    assert {row["corrected_on"] for row in audit} == {datetime.date(2025, 1, 5)}
    if month == "2025-01":  # what was not known yet did not change
        assert len(asked.mart("rejected_row", "2024-12")) == 3


def test_a_row_is_withdrawn_or_confirmed(asked):
    answers = {"城区局": {(2, "缴费人数"): "作废"}, "县局": {(3, "费款所属期"): "属实"}, "未分经办机构": {(5, "整行"): "作废"}}
    for agency, book in lists(asked, "2024-12").items():
        fill(book, answers[agency], asked.place.raw / "2024-12" / f"{agency}.xlsx")
    asked.build("2024-12")
    rules = {row["row_number"]: row["rule"] for row in asked.mart("rejected_row", "2024-12")}
    assert rules == {2: "void", 3: "unusable:period,unusable:heads", 5: "void"}
    status = {row["target_row"]: (row["action"], row["status"]) for row in asked.core("correction", "2024-12")}
    assert status == {2: ("void", "applied"), 3: ("confirmed", "still_rejected"), 5: ("void", "applied")}
    assert set(lists(asked, "2024-12")) == {"县局"}


def test_a_changed_file_is_not_corrected(asked, monkeypatch):
    [book] = [book for agency, book in lists(asked, "2024-12").items() if agency == "城区局"]
    fill(book, ANSWERS["城区局"], asked.place.raw / "2024-12" / "核实.xlsx")
    monkeypatch.setenv("YUFANG_ACCEPT_CHANGED", "1")
    asked.deliver("2024-12", 单位缴费=PREMIUMS.replace("B,202411", "A,202409,9,90\n    B,202411"))
    asked.build("2024-12")
    assert [row["status"] for row in asked.core("correction", "2024-12")] == ["file_changed"]


TOML = """
[[correction]]
file = "2024-12/单位缴费.csv"
kind = "premium"
column = "缴费人数"
where = {{ "单位编号" = "B", "费款所属期" = "202411" }}
value = "6"
reason = "漏报一人"
date = 2025-01-03
expected = {expected}
"""


def test_toml_meets_the_rows_that_it_expects(asked):
    (asked.place.raw / "2024-12" / "更正.toml").write_text(TOML.format(expected=1), encoding="utf-8")
    asked.build("2024-12", until="enterprise_year")
    heads = {row["enterprise_id"]: row["person_months"] for row in asked.core("enterprise_year", "2024-12")}
    assert heads["B"] == 6
    (asked.place.raw / "2024-12" / "更正.toml").write_text(TOML.format(expected=2), encoding="utf-8")
    with pytest.raises(BlockedMonthError, match="应有 2 行，实有 1 行"):
        asked.build("2024-12")
