"""The sheets 认定滞后, 口径对照, 规划目标: what they say of small tables."""

from typing import Any

import pyarrow as pa

from pipelines.contracts import tracking as contracts
from pipelines.contracts.model import Table
from pipelines.reports import Sheet, tracking

SHOWN = contracts.TRACKING[1:]


def sheet(contract: Table, rows: list[dict[str, Any]]) -> Sheet:
    """The one sheet of a mart, the others being empty."""
    blank = {**dict.fromkeys(contract.names), "as_of_month": 202412, "definition": "某口径"}
    made = pa.Table.from_pylist([{**blank, **row} for row in rows], schema=contract.schema)
    [found] = tracking.sheets({**{other.name: other.schema.empty_table() for other in SHOWN}, contract.name: made})
    return found


def test_empty_marts_have_no_sheet():
    assert tracking.sheets({contract.name: contract.schema.empty_table() for contract in SHOWN}) == []


def developed(group: str, months: int, share: float | None, **more: Any) -> dict[str, Any]:
    return {"development_group": group, "months_since": months, "completeness_pct": share, "pattern": "own", "is_stable": True,
            "is_beyond": False, "accident_month": 202412 - months, "claims_known": 7, "known_from_month": 202201,
            "known_to_month": 202412, **more}


def test_completeness_has_a_row_for_each_age_and_a_column_for_each_group():
    rows = [developed(group, months, 40.0 + months, pattern="pooled" if group == "other" else "own")
            for group in contracts.GROUPS for months in (0, 1)]
    rows[0] |= {"is_stable": False}
    rows += [developed("all", 2, None, is_beyond=True)]
    found = sheet(contracts.CLAIM_DEVELOPMENT, rows)
    assert [(row.values[0], row.values[1], row.values[6], row.values[-1], row.tone) for row in found.rows] == [
        (0, "2024-12", 40.0, 40.0, "reference"), (1, "2024-11", 41.0, 41.0, "plain")]
    assert [field.title for field in found.fields[-4:]] == [
        "完整度（生产性工伤）", "完整度（上下班途中）", "完整度（职业病）", "完整度（其他）"]
    assert "2022-01 至 2024-12" in found.notes[0] and "用全部的规律：其他" in found.notes[1]


def compared(name: str, year: int, rate: float | None, **more: Any) -> dict[str, Any]:
    return {"definition_id": name, "year": year, "definition_title": name, "city": "某市", "numerator": 5, "denominator": 1000.0,
            "rate_unit": "1000", "rate": rate, "rate_low": 1.0, "rate_high": 9.0, "months_covered": 12, "source": "某文", **more}


def test_definitions_stand_beside_the_yearly_report_the_policys_own_first():
    rows = [compared("a", 2024, None, reason="该年不全"), compared("b", 2023, 4.0), compared("a", 2023, 5.0),
            compared("policy", 2023, 3.0, official_numerator=7.0, numerator_difference=-2.0), compared("b", 2022, 2.0)]
    found = sheet(contracts.DEFINITION_COMPARISON, rows)
    assert [(row.values[0], row.values[5], row.values[8], row.tone) for row in found.rows] == [
        ("policy", 3.0, None, "total"), ("a", 5.0, None, "plain"), ("b", 4.0, 2.0, "plain")]
    assert found.rows[0].values[4] == "‰" and found.rows[0].values[10] == "分子 7（-2）"
    assert found.notes[0].startswith("2023 年") and found.fields[8].title == "2022 年的率"


def aimed(name: str, year: int, figure: float | None, **more: Any) -> dict[str, Any]:
    return {"target_id": name, "year": year, "plan": "某计划", "target_title": name, "measure": "rate", "baseline_year": 2020,
            "is_baseline_settled": True, "known_month": 202112, "target_change_pct": -20.0, "source": "某文",
            "figure": figure, **more}


def test_targets_show_the_years_that_have_a_figure_or_say_why_there_is_none():
    rows = [aimed("b", 2020, None, reason="没有数据"), aimed("b", 2021, None, reason="没有数据"),
            aimed("a", 2020, 0.5), aimed("a", 2021, 0.6, verdict="behind", change_pct=20.0), aimed("a", 2022, None)]
    found = sheet(contracts.TARGET_PROGRESS, rows)
    assert [(row.values[0], row.values[1], row.tone) for row in found.rows] == [
        ("某计划", None, "group"), ("a（-20 %）", 2020, "plain"), ("a（-20 %）", 2021, "plain"), ("b（-20 %）", 2020, "plain")]
    verdict = [field.title for field in found.fields].index("进度")
    assert found.rows[2].values[verdict] == found.fields[verdict].alert == "未达进度"
    assert found.rows[3].values[-1] == "没有数据"
