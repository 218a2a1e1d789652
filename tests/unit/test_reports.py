"""The workbook 建议名单: what it says, read back with openpyxl from small tables."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest

from pipelines import policy
from pipelines.contracts import commuters, core, evaluation, groups, lists, marts, records, tracking
from pipelines.contracts.model import Table
from pipelines.reports import Sheet, content, xlsx

MONTH = 202412
CONTRACTS = (*lists.LISTS, marts.INDUSTRY_RATE, marts.FUND_BALANCE,
             core.SOURCE_RECONCILIATION, marts.DATA_QUALITY, records.REFERENCE_RECONCILIATION, records.TOTAL_RECONCILIATION,
             records.UNIT_MATCH, *groups.GROUPS, *commuters.COMMUTERS, *evaluation.EVALUATION,
             *tracking.TRACKING[1:])
EMPTY = {contract.name: contract.schema.empty_table() for contract in CONTRACTS}
RULES = policy.load("changde-2024")
COMMON = {"as_of_month": MONTH, "definition": "工伤发生率＝工伤人次÷人年"}


def table(contract: Table, *rows: dict[str, Any]) -> pa.Table:
    blank = dict.fromkeys(contract.names)
    return pa.Table.from_pylist([{**blank, **COMMON, **row} for row in rows], schema=contract.schema)


def listed(rank: int | None, state: str = "reference", region: str = "000000", **more: Any) -> dict[str, Any]:
    return {"region_code": region, "enterprise_id": f"{region}-{rank or 0:05d}", "rank": rank,
            "evidence": "近三年工伤5人次。", "enterprise_name": f"单位{rank or 0}", "comparison": "名单1家。",
            "is_listed": state == "listed", "is_reserve": state == "reserve", "is_entered": state != "reference",
            "injuries_last_3_years": 5, "person_years_last_3_years": 1234.5678,
            "rate_pct_last_3_years": 0.405, "pay_ratio_last_3_years": 101.25, "norm_pct": 0.31, "posterior_ratio": 1.3,
            "expected_injuries": 1234.5678, "excess_injuries": 0.4, "listed_probability": 0.8, "official_rank": 7, **more}


def industry(level: int, code: str, name: str, **more: Any) -> dict[str, Any]:
    return {"classification": "gbt4754-2017", "level": level, "industry_code": code, "industry_name": name,
            "period": "last_year", "first_month": 202401, "last_month": 202412, "months_covered": 12, "is_short": False,
            "enterprises": 3, "injuries": 4, "severe": 0, "deaths": 0, "person_years": 400.0, "rate_pct": 1.0,
            "rate_low_pct": 0.27, "rate_high_pct": 2.56, "enterprises_above_threshold": 1, "difference": "none",
            "premium_yuan": Decimal("1.00"), "payout_yuan": Decimal("1.00"), **more}


INDUSTRIES = table(
    marts.INDUSTRY_RATE, industry(2, "C33", "金属制品业", difference="above", rate_pct=1.5),
    industry(1, "C", "制造业"), industry(2, "unknown", "行业不明", rate_pct=None, difference=None),
    industry(0, "all", "全市", rate_pct=0.5), industry(2, "C*", "制造业，未细分"),
    industry(3, "C331", "金属制品业（C331）"))
FUND = table(marts.FUND_BALANCE, {
    "pool": "000000", "year": 2024, "collected_yuan": Decimal("1234567.89"), "is_reported": False,
    "months_covered": 12})
RECEIVED = table(core.SOURCE_RECONCILIATION, *(
    {"batch_month": MONTH, "file_number": n, "path": f"{n}.csv", "kind": "premium",
     "rows_received": 10, "rows_accepted": 7, "rows_rejected": 1, "rows_superseded": 2, "rows_later": 0,
     "amount_received": Decimal("10.10"), "amount_accepted": Decimal("10.00"), "amount_rejected": Decimal("0.10"),
     "amount_superseded": Decimal(0),
     "amount_later": Decimal(0)} for n in (1, 2)))
FULL = {
    **EMPTY, "industry_injury_rate": INDUSTRIES, "fund_balance": FUND, "source_reconciliation": RECEIVED,
    "priority_enterprise": table(
        lists.PRIORITY_ENTERPRISE, listed(3), listed(1, "listed", enterprise_name="=cmd|' /C calc'!A0"),
        listed(2, "reserve", enterprise_name="@SUM(1)", norm_pct=None,
               rate_pct_last_3_years=float("nan")),
        listed(None, "excluded", excluded_reason="已注销")),
    "outreach_enterprise": table(
        lists.OUTREACH_ENTERPRISE,
        *({"enterprise_id": unit, "criteria_met": "甲", "evidence": "乙。", "region_code": "430702"} for unit in "21")),
}


def said(**tables: pa.Table) -> tuple[Sheet, ...]:
    return content.suggested_list({**EMPTY, **tables}, MONTH, RULES, False).sheets


def made(tables: dict[str, pa.Table], path: Path, is_simulated: bool = False) -> Any:
    xlsx.write(content.suggested_list(tables, MONTH, RULES, is_simulated), path)
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return made(FULL, tmp_path_factory.mktemp("book") / "a.xlsx")


def texts(sheet) -> str:
    return "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)


def rows(sheet, heading: str) -> list[dict[str, Any]]:
    """The table that begins at the row holding `heading`, by the first line of each heading."""
    lines = list(sheet.iter_rows(values_only=True))
    top = next(n for n, line in enumerate(lines) if heading in line)
    names = [str(name).split("\n")[0] for name in lines[top] if name is not None]
    return [dict(zip(names, line, strict=False)) for line in lines[top + 1:]]


def test_sheets(book):
    assert book.sheetnames == [
        "建议名单", "排除", "行业发生率", "行业发生率图", "宣传培训重点", "基金收支", "口径与来源"]


def test_main_sheet_has_at_most_fifteen_columns_also_with_regions(tmp_path):
    regions = table(lists.PRIORITY_ENTERPRISE, *(listed(1, region=region) for region in ("430702", "430703")))
    book = made({**EMPTY, "priority_enterprise": regions}, tmp_path / "a.xlsx")
    assert "名单地区" in rows(book["建议名单"], "名次")[0]
    assert book["建议名单"].max_column == 15


def test_columns_that_say_nothing_are_left_out():
    plain = said(priority_enterprise=table(lists.PRIORITY_ENTERPRISE, listed(1, listed_probability=None, official_rank=None)))[0]
    whole = said(priority_enterprise=table(lists.PRIORITY_ENTERPRISE, listed(1)))[0]
    assert [field.title for field in whole.fields if field not in plain.fields] == ["入选概率", "官方规则名次"]


def test_the_notes_say_the_rule_and_how_the_list_differs_from_others():
    sheet = said(priority_enterprise=table(lists.PRIORITY_ENTERPRISE, listed(1), listed(None, excluded_reason="本区名额已满")))[0]
    assert sheet.notes[0].startswith("准入（须同时符合）：近三年工伤发生率高于全市；") and "方案原文的排序" in sheet.notes[0]
    assert sheet.notes[1] == "名单1家。"
    assert any(note.startswith("预期工伤：来年，不开展项目。超额工伤：") for note in sheet.notes)


def test_who_was_kept_out_is_listed_with_the_reason_the_largest_excess_first():
    out = [listed(None, region=region, excess_rank=place, excluded_reason=why) for region, place, why in (
        ("1", 9, "已注销"), ("2", None, "近十二个月无可用人数，不能预期"), ("3", 2, "本区名额已满"))]
    for row in out:
        row["region_code"] = "000000"
    sheet = next(s for s in said(priority_enterprise=table(lists.PRIORITY_ENTERPRISE, *out)) if s.name == "排除")
    titles = [field.title for field in sheet.fields]
    place = titles.index("排除原因")
    assert [row.values[place] for row in sheet.rows] == ["本区名额已满", "已注销", "近十二个月无可用人数，不能预期"]
    assert titles[place + 1] == "超额排序名次"


@pytest.mark.parametrize("is_simulated", [True, False])
@pytest.mark.parametrize("tables", [FULL, EMPTY])
def test_every_sheet_and_page_carries_its_marks(tmp_path, tables, is_simulated):
    for sheet in made(tables, tmp_path / "a.xlsx", is_simulated):
        for text in (str(sheet["A2"].value), sheet.oddHeader.left.text):
            assert "内部" in text
            assert ("模拟数据" in text) == is_simulated
        assert "2024-12" in str(sheet["A2"].value)


def test_a_chart_carries_the_marks_itself(tmp_path):
    chart = made(FULL, tmp_path / "a.xlsx", True)["行业发生率图"]._charts[0]
    title = "".join(run.t for part in chart.title.tx.rich.p for run in part.r)
    assert "模拟数据" in title and "0.50 %" in title


def test_text_that_looks_like_a_formula_stays_text(book):
    names = [row["单位名称"] for row in rows(book["建议名单"], "名次")]
    assert names[:2] == ["=cmd|' /C calc'!A0", "@SUM(1)"]
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_two_writes_give_the_same_bytes_under_any_suffix(tmp_path):
    for name in (".建议名单.xlsx.tmp", "b.xlsx"):
        xlsx.write(content.suggested_list(FULL, MONTH, RULES, True), tmp_path / name)
    assert (tmp_path / ".建议名单.xlsx.tmp").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert str(openpyxl.load_workbook(tmp_path / "b.xlsx").properties.created) == "2024-12-31 00:00:00"


def test_rows_are_in_order_with_their_state(book):
    found = [(row["名次"], row["状态"]) for row in rows(book["建议名单"], "名次")]
    assert found == [(1, "入选"), (2, "备选"), (3, "参考")]
    fills = [book["建议名单"].cell(row, 1).fill.start_color.rgb for row in range(8, 11)]
    assert len(set(fills)) == 3


def test_several_regions_by_region_then_rank():
    made_up = [listed(rank, region=region) for rank in (2, 1) for region in ("430703", "430702")]
    sheet = said(priority_enterprise=table(lists.PRIORITY_ENTERPRISE, *made_up))[0]
    assert [row.values[1::-1] for row in sheet.rows] == [("430702", 1), ("430702", 2), ("430703", 1), ("430703", 2)]


def test_many_regions_keep_the_listed_and_the_first_of_each():
    many = [listed(rank, "listed" if rank == 1 else "reserve" if rank == 150 else "reference", f"{region:06d}")
            for region in range(1, 41) for rank in range(1, 151)]
    sheet = said(priority_enterprise=table(lists.PRIORITY_ENTERPRISE, *many))[0]
    assert len(sheet.rows) == 5000
    ranks = {}
    for row in sheet.rows:
        ranks.setdefault(row.values[1], set()).add(row.values[0])
    assert len(ranks) == 40 and all(set(range(1, 51)) | {150} <= own for own in ranks.values())
    assert any("5,000" in note for note in sheet.notes)


def test_unknown_is_a_dash_and_never_nan(book):
    second = rows(book["建议名单"], "名次")[1]
    assert second["基准发生率"] == second["发生率"] == second["行业名称"] == "—"
    assert all("nan" not in texts(sheet).lower() and "None" not in texts(sheet) for sheet in book)


def test_numbers_keep_their_value_and_show_two_decimals(book):
    cell = next(c for row in book["建议名单"].iter_rows() for c in row if c.value == 1234.5678)
    assert cell.number_format == "#,##0.00"
    fund = rows(book["基金收支"], "年度")[0]
    assert (fund["统筹地区"], fund["年度"], fund["征缴收入"], fund["有基金报表"]) == ("全市", 2024, 1234567.89, "否")


def test_coded_values_are_chinese(book):
    found = rows(book["行业发生率"], "层次")
    assert [(row["层次"], row["行业名称"], row["与全市相比"]) for row in found] == [
        ("全市", "全市", "—"), ("门类", "制造业", "无显著差别"), ("大类", "金属制品业", "高于"),
        ("大类", "制造业，未细分", "无显著差别"), ("大类", "行业不明", "—")]


def test_the_chart_shows_known_division_rates_and_the_city(book):
    found = [row["行业名称"] for row in rows(book["行业发生率图"], "行业名称")]
    assert found == ["金属制品业", "制造业，未细分", "全市"]


def test_another_period_is_said():
    short = industry(0, "all", "全市", period="year_to_date", months_covered=3, is_short=True)
    notes = said(industry_injury_rate=table(marts.INDUSTRY_RATE, short))[1].notes
    assert "上年度没有发生率，改用本年累计" in notes[0] and "只有 3 个月" in notes[0]


def test_sources_add_up_by_kind(book):
    (premium,) = rows(book["口径与来源"], "种类")
    shown = [premium[name] for name in ("种类", "文件数", "收到行数", "收到金额", "消失的编号", "核对")]
    assert shown == ["单位缴费", 2, 20, 20.2, "—", "相符"]
    text = texts(book["口径与来源"])
    assert "95 % 区间" in text and RULES.source in text and "没有可用的参保单位、工伤认定" in text
    assert text.count(COMMON["definition"]) == 1


def test_a_difference_in_the_sources_is_shown():
    wrong = table(core.SOURCE_RECONCILIATION, {**RECEIVED.to_pylist()[0], "rows_later": 5})
    assert said(source_reconciliation=wrong)[-1].rows[0].values[-1] == "不符"


def test_references_and_totals_have_sheets_where_there_is_something_to_say():
    found = table(records.REFERENCE_RECONCILIATION, *(
        {"kind": kind, "reference": "enterprise", "rows_referring": 10, "rows_matched": 10 - wrong, "rows_unmatched": wrong,
         "rows_unnamed": 0, "matched_pct": 100.0 - 10 * wrong} for kind, wrong in (("payout", 1), ("premium", 0))))
    stated = table(records.TOTAL_RECONCILIATION, *(
        {"kind": "fund", "year": year, "indicator": "征缴收入", "definition": "", "indicator_code": "collected_yuan",
         "figure_stated": 100.0, "figure_computed": 100.0 + difference, "figure_difference": difference,
         "difference_pct": difference, "is_whole_year": True} for year, difference in ((2023, 0.5), (2024, -2.0))))
    named = table(records.UNIT_MATCH, *(
        {"kind": "claim", "said": text, "said_by": "name", "enterprise_id": unit, "rows": 2, "is_ambiguous": False}
        for text, unit in (("甲厂", "A"), ("乙厂", None))))
    given = said(reference_reconciliation=found, total_reconciliation=stated, unit_match=named)
    sheets = {sheet.name: sheet for sheet in given}
    assert [(row.values[2], row.tone) for row in sheets["单位对应"].rows] == [("乙厂", "alert"), ("甲厂", "plain")]
    assert [(row.values[:2], row.tone) for row in sheets["引用对账"].rows] == [
        (("单位缴费", "参保单位"), "plain"), (("待遇支付", "参保单位"), "alert")]
    assert [(row.values[1], row.tone) for row in sheets["合计对账"].rows] == [(2023, "plain"), (2024, "alert")]


def test_groups_stand_under_their_kind_with_its_definition():
    found = table(groups.GROUP_TARGET, *(
        {"target_kind": kind, "target_key": f"{kind}{rank}", "rank": rank, "target_name": f"{kind}{rank}", "is_above": rank == 1,
         "evidence": "依据。", "definition": f"{kind}的口径{groups.NOT_LISTED}平台（没有职业伤害）"}
        for kind, number in (("street", 2), ("industry", 25)) for rank in range(number, 0, -1)))
    [sheet] = [sheet for sheet in said(group_target=found) if sheet.name == "重点群体"]
    assert [row.values[1] for row in sheet.rows[:3]] == ["重点行业（50 人以下单位）", "industry1", "industry2"]
    assert [row.tone for row in sheet.rows[:3]] == ["group", "listed", "plain"]
    assert sheet.rows[0].values[-1] == "共 25 个，列出 20 个。industry的口径。" and len(sheet.rows) == 24
    assert sheet.notes[-1] == "没有列出：平台（没有职业伤害）。"


def test_patterns_show_key_circumstances_and_what_is_notable():
    def pattern(scope: str, dimension: str, value: str, observed: int, is_notable: bool = False) -> dict[str, Any]:
        return {"scope": scope, "scope_name": f"{scope}名", "is_key_circumstance": scope == "commuting", "dimension": dimension,
                "value": value, "value_name": value, "cases": 60, "observed_cases": observed, "share_pct": 10.0,
                "is_notable": is_notable}

    given = [pattern("C33", "sex", "男", 40), pattern("C33", "hour", "08", 9, True), pattern("all", "hour", "10", 30, True),
             pattern("commuting", "total", "all", 60), pattern("commuting", "clause", "14-6", 60),
             *(pattern("commuting", "post_group", f"岗{n}", n, n == 1) for n in range(1, 7))]
    [sheet] = [sheet for sheet in said(injury_pattern=table(groups.INJURY_PATTERN, *given)) if sheet.name == "事故情形"]
    assert [(row.values[0], row.values[1], row.tone) for row in sheet.rows] == [
        ("commuting名", "", "group"), ("合计", "all", "plain"), ("岗位", "岗6", "plain"), ("岗位", "岗5", "plain"),
        ("岗位", "岗4", "plain"), ("岗位", "岗1", "listed"), ("C33名", "", "group"), ("时间", "08", "listed"),
        ("all名", "", "group"), ("时间", "10", "listed")]


def test_silent_units_have_a_sheet_with_a_warning_only_where_there_are_any():
    found = table(groups.SILENT_ENTERPRISE, *(
        {"enterprise_id": unit, "reported_cases": 1, "expected_cases": 9.0, "probability": 0.001, "corrected_probability": p,
         "evidence": "待核实。"} for unit, p in (("A", 0.05), ("B", 0.01))))
    [sheet] = [sheet for sheet in said(silent_enterprise=found) if sheet.name == "申报偏少待核实"]
    assert [row.values[1] for row in sheet.rows] == ["B", "A"]
    assert "不得外传" in sheet.notes[0] and "不作任何结论" in sheet.notes[0]
    assert not [sheet for sheet in said() if sheet.name in ("重点群体", "事故情形", "申报偏少待核实")]


def test_units_with_many_commuting_injuries_have_a_sheet_by_rank():
    found = table(commuters.COMMUTING_ENTERPRISE, *(
        {"enterprise_id": f"U{n}", "rank": n, "observed_cases": 4, "ratio": 2.0, "excess_cases": 1 / n, "probability": 0.001,
         "corrected_probability": 0.01, "is_notable": n == 2, "evidence": "依据。"} for n in range(60, 0, -1)))
    [sheet] = [sheet for sheet in said(commuting_enterprise=found) if sheet.name == "上下班事故多发单位"]
    assert [row.values[2] for row in sheet.rows] == [f"U{n}" for n in range(1, 51)]
    assert [row.tone for row in sheet.rows[:3]] == ["plain", "listed", "plain"]
    assert "与厂内安全好坏无关" in sheet.notes[0] and sheet.notes[1].startswith("共 60 家，列出 50 家。工伤发生率")
    assert "上下班事故多发单位" not in [sheet.name for sheet in said()]


def test_outreach_by_unit_and_counted(book):
    assert [row["单位编号"] for row in rows(book["宣传培训重点"], "单位编号")] == ["1", "2"]
    assert "共 2 家" in texts(book["宣传培训重点"])


def test_empty_tables_give_a_readable_workbook(tmp_path):
    book = made(EMPTY, tmp_path / "a.xlsx")
    assert book.sheetnames == ["建议名单", "行业发生率", "基金收支", "口径与来源"]
    assert "没有单位符合准入条件" in texts(book["建议名单"])
    assert "本月为空的表" in texts(book["口径与来源"])


def test_the_page_prints_and_filters(book):
    sheet = book["建议名单"]
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.auto_filter.ref) == ("A8", "$7:$7", "A7:N10")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight == 0
