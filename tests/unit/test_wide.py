"""Benefits that come one column each: rows, money, numbers and identities."""

from decimal import Decimal

import pytest

from pipelines.contracts.exports import PAYOUT
from pipelines.ingest import readers, wide

WIDE = """\
认定书编号,支付流水号,支付日期,工伤医疗费,AAC196,待遇/丧葬补助金（元）,金额合计
X1,P1,2024-01-02,100.5,0,"2,000",2100.50
X2,,2024-01-02,,0.00,,0
X3,,2024-01-02,7,（3）,,4
X4,P4,2024-01-02,面议,5,,5
"""


def test_each_benefit_of_a_row_is_a_row(office):
    line = office.one("2024-12/待遇支付.csv", WIDE)
    assert (line["status"], line["kind"], line["rows"], line["rows_accepted"], line["rows_rejected"]) == ("accepted",
    "payout", 6, 5, 1)
    rows = office.rows(line)
    apart = wide.ROWS_APART
    assert [(row["row_number"], row["benefit"], row["amount_yuan"], row["payment_id"]) for row in rows] == [
        (2, "工伤医疗费", Decimal("100.50"), "P1/工伤医疗费"), (2 + 2 * apart, "丧葬补助金", Decimal(2000), "P1/丧葬补助金"),
        (4, "工伤医疗费", Decimal(7), None), (4 + apart, "生活护理费", Decimal(-3), None),
        (5 + apart, "生活护理费", Decimal(5), "P4/生活护理费")]
    assert [(row["row_number"], row["rule"]) for row in office.rejected(line)] == [(5, "unusable:amount_yuan")]
    assert line["amount_accepted"] == Decimal("2109.50")
    assert len({row["identity"] for row in rows}) == len(rows)
    assert {row["recognition_no"] for row in rows} == {"X1", "X3", "X4"}


def test_the_unit_of_each_column_counts(office):
    line = office.one("2024-12/待遇支付.csv", "认定书编号,支付日期,伤残津贴(万元),丧葬补助金\nX1,2024-01-02,0.12345,3\n")
    assert [row["amount_yuan"] for row in office.rows(line)] == [Decimal("1234.50"), Decimal(3)]


def test_the_unit_of_the_titles_counts_where_a_column_names_none(office):
    titled = "待遇支付,,,\n单位：万元,,,\n认定书编号,支付日期,伤残津贴(元),丧葬补助金\n"
    line = office.one("2024-12/待遇支付.csv", titled + "X1,2024-01-02,1234.5,0.3\nX2,2024-01-02,,500元\n")
    assert [row["amount_yuan"] for row in office.rows(line)] == [Decimal("1234.50"), Decimal(3000), Decimal(500)]
    assert "未注单位的待遇列按表头上方所注的万元换算" in line["message"]


def test_a_row_without_any_benefit_is_left_out_and_said_to_be(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(WIDE, encoding="utf-8")
    [sheet] = readers.sheets(path)
    long = wide.lengthened(sheet)
    tables = list(long.batches([0, len(long.headings) - 1]))
    assert sheet.left_out == long.left_out == [(3, "各待遇列均为空")]
    assert sum(len(table) for table in tables) == 6


def test_row_numbers_of_all_benefits_have_room():
    """A row's place in the order of all deliveries takes 27 bits (lazy.ROW_BITS)."""
    from pipelines.lazy import ROW_BITS

    assert wide.MOST_COLUMNS * wide.ROWS_APART + wide.ROWS_APART < 1 << ROW_BITS
    assert len(set(wide.benefits().values())) <= wide.MOST_COLUMNS


@pytest.mark.parametrize("headings", [
    [column.title for column in PAYOUT.columns], ["认定书编号", "待遇项目", "支付金额", "工伤医疗费", "丧葬补助金"], ["单位编号",
    "工伤医疗费"], [],
])
def test_what_is_long_already_stays_as_it_is(headings):
    sheet = readers.Sheet("", headings, lambda positions: iter(()))
    assert wide.lengthened(sheet) is sheet
