"""What is done to any text before it is looked at, and what is said of it."""

from decimal import Decimal

import pyarrow as pa
import pytest

from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import cleaning

PREMIUM = "单位编号,费款所属期,缴费人数,实缴金额,单位费率\n"


def test_a_slice_of_a_column_is_cleaned_like_the_whole():
    texts = ["'1", "２", " 3\u3000", None, "无", "4"]
    column = pa.array(texts, pa.string())
    whole = cleaning.cleaned(column, "identifier")[0].to_pylist()
    assert whole == ["1", "2", "3", None, None, "4"]
    assert cleaning.cleaned(column.slice(1, 3), "identifier")[0].to_pylist() == whole[1:4]
    assert cleaning.cleaned(column.slice(2, 0), "identifier")[0].to_pylist() == []


def test_what_changed_beyond_spaces_is_told_apart():
    _, changed = cleaning.cleaned(pa.array([" 1 ", "'1", "１", None, "a  b"]), "identifier")
    assert changed is not None and changed.to_pylist() == [False, True, True, False, True]
    assert cleaning.cleaned(pa.array([" 1 ", "2"]), "identifier")[1] is None


@pytest.mark.parametrize(("value", "nothing", "something"), [
    ("date", ["0", "00000000", "9999-12-31", "/", "无", "不详"], ["2024"]), ("amount", ["/", "-", "N/A", "暂无"], ["0"]),
    ("flag", ["/", "不详"], ["无", "0"]), ("text", ["无", "——"], ["无锡", "0"]),
])
def test_words_for_nothing(value, nothing, something):
    assert cleaning.cleaned(pa.array(nothing), value)[0].null_count == len(nothing)
    assert cleaning.cleaned(pa.array(something), value)[0].to_pylist() == something


@pytest.mark.parametrize(("texts", "is_plain"), [
    (["1", "-2.5", None, ""], True), (["1234567890"], True), (["1234567890.12", "1.5"], True), (["13800138999", "1"], False),
    (["1-2"], False), (["2-"], False), (["1", "－2"], False), ([], True), (["1234567890.12", "1"], False),
])
def test_plain_numbers(texts, is_plain):
    assert cleaning.is_plain(pa.array(texts, pa.string()), b"0123456789.-", 10) is is_plain
    assert cleaning.is_plain(pa.array(["x-", *texts], pa.string()).slice(1), b"0123456789.-", 10) is is_plain


def test_repairs_are_counted_by_column_and_said_without_a_value(office):
    lines = "'1001,202401,12,1.234,9‰\n１００２,２０２４年１月,12,\"1,234.5\",9‰\n张三13800138999,202401,1,1,0.9%\n"
    line = office.one("2024-12/缴费.csv", PREMIUM + lines)
    assert line["message"].split("；")[1:] == [
        "规整字符：单位编号 2 行、费款所属期 1 行", "遮蔽个人信息：单位编号 1 行", "四舍五入到分：实缴金额 1 行"]
    assert "13800138999" not in line["message"]


def test_the_unit_of_a_heading_is_applied_and_said(office):
    line = office.one("2024-12/缴费.csv", PREMIUM.replace("实缴金额",
    "实缴金额（万元）") + "1001,202401,12,1.23456,9\n1002,202401,1,2元,11\n")
    assert [row["paid_yuan"] for row in office.rows(line)] == [Decimal("12345.60"), Decimal(2)]
    assert [row["unit_rate"] for row in office.rows(line)] == [Decimal("0.009"), Decimal("0.011")]
    assert line["message"].split("；")[1:] == ["“实缴金额”按万元换算", "“单位费率”按千分数读取"]


TITLED = "单位编号,费款所属期,缴费人数,实缴金额,缴费基数总额（元）\n1001,202401,12,1.5,300\n1002,202401,1,2元,\n"


def test_the_unit_of_a_title_is_applied_where_the_heading_names_none_and_said(office):
    line = office.one("2024-12/缴费.csv", "2024年缴费明细\n填报单位：某某公司,,,金额单位：万元,\n" + TITLED)
    assert [row["paid_yuan"] for row in office.rows(line)] == [Decimal(15000), Decimal(2)]
    assert [row["wage_base_yuan"] for row in office.rows(line)] == [Decimal(300), None]
    assert "“实缴金额”按表头上方所注的万元换算" in line["message"] and "缴费基数总额”按" not in line["message"]


@pytest.mark.parametrize("title", ["单位：元", "单位：某某公司", "单位：元亨公司", "填报单位：万元", "单位：万元；单位：元",
                                   "单位：万人"])
def test_a_title_that_names_yuan_or_somebody_changes_nothing(office, title):
    line = office.one("2024-12/缴费.csv", f"{title},,,,\n" + TITLED)
    assert [row["paid_yuan"] for row in office.rows(line)] == [Decimal("1.50"), Decimal(2)]
    assert "换算" not in line["message"]


def test_a_column_that_only_a_correction_fills_is_in_yuan_whatever_the_title(office):
    office.put("2024-12/更正.toml", "[[correction]]\nfile='2024-12/缴费.csv'\nkind='premium'\ncolumn='应缴金额'\nrows=[3]\n"
                                   "value='98'\nreason='核'\ndate=2025-01-01\nexpected=1\n")
    office.put("2024-12/缴费.csv", "单位：万元,,,,\n" + TITLED)
    line = office.receive()["2024-12/缴费.csv"]
    assert [row["due_yuan"] for row in office.rows(line)] == [Decimal(98), None]
    assert [row["paid_yuan"] for row in office.rows(line)] == [Decimal(15000), Decimal(2)]


def test_a_number_that_excel_rounded_rejects_its_row_and_says_why(office):
    line = office.one("2024-12/缴费.csv", PREMIUM + "9.14403E+17,202401,1,1,\n430702000000012000,202401,1,1,\n")
    found = office.rejected(line)
    assert [row["rule"] for row in found] == ["rounded:enterprise_id"] * 2 and "被 Excel 改写" in found[0]["message"]


def test_a_rounded_id_names_nobody_and_is_marked(office):
    head = "认定书编号,事故时间,认定结论,社会保障号码\n"
    line = office.one("2024-12/认定.csv", head + "1,2024-01-01,工伤,110105194912310000\n2,2024-01-01,工伤,1.10105E+17\n")
    assert [(row["person_key"], row["marks"]) for row in office.rows(line)] == [(None, "person_key")] * 2
    assert "证件号被 Excel 改写或遮盖：社会保障号码 2 行" in line["message"]


def test_several_clauses_are_read_and_marked(office):
    head = "认定书编号,事故时间,认定结论,认定依据\n"
    line = office.one("2024-12/认定.csv", head + '1,2024-01-01,工伤,"第十四条第（一）项、第十五条第（二）项"\n'
                      "2,2024-01-01,工伤,第十五条第二款\n")
    assert [(row["clause"], row["marks"]) for row in office.rows(line)] == [("14-1", "clause"), (None, "clause")]


def test_credit_and_organisation_codes_fill_each_other(office):
    head = "单位编号,统一社会信用代码,组织机构代码,行业代码\n"
    lines = "1,914403001922038216,,1\n2,19220382-1,,1\n3,,914403001922038216,1\n4,x,,1\n"
    rows = office.rows(office.one("2024-12/参保单位.csv", head + lines))
    assert [(row["uscc"], row["org_code"], row["marks"]) for row in rows] == [
        ("914403001922038216", "192203821", None), (None, "192203821", None), ("914403001922038216", "192203821", None),
        (None, None, "uscc")]


def test_a_name_stays_in_no_text_of_its_row(office):
    head = "认定书编号,事故时间,认定结论,姓名,事故地点,职业工种\n"
    line = office.one("2024-12/认定.csv", head + "1,2024-01-01,工伤,欧阳某某,欧阳某某家门口,焊工\n"
                      "2,2024-01-01,工伤,王,王府路,焊工\n")
    assert [row["accident_place"] for row in office.rows(line)] == ["〔姓名〕家门口", "王府路"]


def test_every_export_column_has_a_way_to_be_read():
    from pipelines.ingest import parse, terms

    for export in EXPORTS.values():
        for column in export.stored:
            if column.value in parse.WORDED - {"rate"}:
                assert terms.reader_of(column)("甲") is not None
