"""The rules of data quality, where files come from, which deliveries are missed, what is usual in a city, the sheet."""

from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from pipelines import doubt, quality
from pipelines.contracts import marts
from pipelines.contracts.codes import QUALITY
from pipelines.contracts.exports import EXPORTS
from pipelines.reports import quality as page


@pytest.mark.parametrize(("path", "source"), [
    ("2024-12/工伤认定.csv", "工伤认定"), ("2024-12/2024年12月工伤认定（第2部分）.xlsx", "工伤认定"),
    ("2024-12/市本级/缴费_20241231.csv", "市本级/缴费"), ("2024-12/缴费-2024.12-01.xls", "缴费"), ("2024-12/202412.csv", ""),
    ("2024-12/claim_export.parquet", "claim_export"),
    ("2024-12/年报数2023年.csv", "年报数"), ("2024-12/a.zip/名录(3).csv", "a.zip/名录"),
])
def test_a_source_is_a_path_without_what_changes_by_month(path, source):
    assert quality.source_of(path) == source


@pytest.mark.parametrize(("batches", "as_of", "missed"), [
    ([202401, 202402, 202403], 202403, []), ([202401, 202402, 202404], 202404, [202403]),
    ([202401, 202402], 202405, [202403, 202404, 202405]), ([202401], 202412, []), ([], 202412, []),
    ([202112, 202212, 202312], 202411, []), ([202112, 202212, 202312], 202412, [202412]),
    ([202401, 202404, 202410], 202410, [202407]), ([202401, 202401, 202402], 202402, []),
])
def test_missed_deliveries_are_judged_by_the_usual_interval(batches, as_of, missed):
    assert [month for month, is_missed in quality.missed_months(batches, as_of).items() if is_missed] == missed


def test_every_rule_has_words_limits_in_order_and_a_dimension():
    for rule in quality.rules().values():
        assert rule.dimension in QUALITY and rule.issue and rule.advice and "{" not in rule.issue and "*" not in rule.issue
        assert (rule.watch_pct is None) == (rule.bad_pct is None)
        assert rule.watch_pct is None or rule.bad_pct is None or 0 <= rule.watch_pct <= rule.bad_pct < 100
        assert rule.column_name in ("", *(column.name for column in (*EXPORTS[rule.kind].columns, *EXPORTS[rule.kind].stored)))


def test_a_line_for_a_column_stands_before_the_line_for_all():
    found = quality.rules()
    assert found["claim", "empty", "enterprise_id"].bad_pct == 5
    assert found["claim", "empty", "enterprise_id"].issue == "“单位编号”为空"
    assert found["claim", "empty", "lon"].bad_pct is None
    assert found["claim", "unreadable", "person_key"].issue == "社会保障号码不合校验规则"


def test_rules_speak_only_of_columns_that_their_kind_stores():
    found = quality.rules()
    assert ("claim", "rejected", "accident_time") in found and ("claim", "rejected", "narrative") not in found
    assert ("payout", "unknown_unit", "enterprise_id") in found and ("enterprise", "unknown_unit", "enterprise_id") not in found


def test_places_are_powers_of_two_in_the_order_of_the_stored_columns():
    for row in quality.place_table().to_pylist():
        assert row["place"] == 2 ** [c.name for c in EXPORTS[row["kind"]].stored].index(row["column_name"])


def histogram(**columns: list) -> pa.Table:
    return pa.table(columns)


def test_wages_need_enough_units():
    wages = doubt.wage_table(histogram(period=[202401, 202401, 202402], tens_of_yuan=[500, 3, 700], number=[30, 1, 29]))
    assert wages.to_pylist() == [{"period": 202401, "median_yuan": 5000}]


def test_a_small_division_is_judged_by_the_whole_city_and_no_ceiling_is_lower_than_the_least():
    sizes = histogram(industry_2=["B06", "H62", "H62", "P83"], heads=[900, 5, 8, 9], number=[40, 60, 40, 3])
    found = {row["industry_2"]: row["most"] for row in doubt.ceiling_table(sizes).to_pylist()}
    assert found["H62"] == doubt.LEAST_CEILING < found["B06"] and found["P83"] == found[""]
    assert doubt.ceiling_table(sizes.slice(3)).to_pylist() == [{"industry_2": "P83", "most": None}]
    assert doubt.ceiling_table(sizes.slice(4)).num_rows == 0


def rates(*pairs: tuple[str, int]) -> pa.Table:
    return pa.table({"risk_class": pa.array([2] * len(pairs), pa.int16()),
                     "unit_rate": pa.array([Decimal(rate) for rate, _ in pairs], pa.decimal128(9, 6)),
                     "number": [number for _, number in pairs]})


def test_the_range_of_a_class_runs_from_half_the_lowest_tier_to_the_highest():
    [row] = doubt.class_table(rates(("0.004", 90), ("0.006", 9), ("0.049", 1))).to_pylist()
    assert (row["lowest"], row["highest"]) == (Decimal("0.000980"), Decimal("0.006120"))


def test_a_class_with_rates_of_another_table_has_no_range():
    assert doubt.class_table(rates(("0.004", 70), ("0.03", 30))).num_rows == 0


def test_benefits_by_law():
    wages = pa.table({"period": pa.array([202401], pa.int32()), "median_yuan": pa.array([4000], pa.int64())})
    found = {(r["benefit"], r["grade"], r["year"]): r["most_yuan"] for r in doubt.benefit_table(wages).to_pylist()}
    assert found["工亡补助", None, 2025] == Decimal("1083760.00")
    assert found["伤残补助", 10, None] == Decimal("126000.00") and found["伤残补助", 0, None] == found["伤残补助", 1, None]
    assert found["丧葬补助", None, None] == Decimal("36000.00")
    assert {r["benefit"] for r in doubt.benefit_table(wages.slice(1)).to_pylist()} == {"工亡补助"}


def said(**more: Any) -> dict[str, Any]:
    share = 100.0 * more.get("affected", 1) / more.get("rows", 100)
    return {"as_of_month": 202501, "kind": "claim", "source": "工伤认定", "agency": "all", "batch_month": 202501,
            "dimension": "outlier", "rule": "too_old", "column_name": "birth_year", "issue": "超过 75 岁", "rows": 100,
            "affected": 1, "share_pct": share, "verdict": "watch", "advice": "核对", **more}


def table(*rows: dict[str, Any]) -> pa.Table:
    blank = dict.fromkeys(marts.DATA_QUALITY.names)
    return pa.Table.from_pylist([{**blank, **row} for row in rows], schema=marts.DATA_QUALITY.schema)


def shown(*rows: dict[str, Any]) -> list[tuple]:
    [sheet] = page.sheets(table(*rows))
    assert all(len(row.values) == len(sheet.fields) for row in sheet.rows)
    return [row.values for row in sheet.rows]


def test_nothing_delivered_gives_no_sheet():
    assert page.sheets(table()) == []


def test_a_kind_without_problems_says_so():
    assert shown(said(affected=0, verdict="good"))[0][:3] == ("工伤认定", "", "没有须改正或留意的问题")


def test_the_worst_comes_first_with_trend_agency_and_advice():
    rows = shown(
        said(rule="a", change_points=-3.0, share_before_pct=4.0), said(rule="b", verdict="bad", affected=9, change_points=2.04),
        said(rule="b", verdict="bad", agency="甲", affected=3), said(rule="b", verdict="bad", agency="乙", affected=6),
        said(rule="c", change_points=0.05, affected=1, dimension="timeliness", median_delay=12),
        said(rule="b", verdict="good", batch_month=202412, affected=2))
    assert rows[0][2] == "须改正 1 项、留意 2 项"
    assert rows[1][5:] == (9, 9.0, None, "↑ 2.0", 11, "须改正", "乙（6）", "核对")
    assert [row[8] for row in rows[2:]] == ["↓ 3.0", "→"] and rows[3][2].endswith("（中位数 12 天）")


def test_old_doubts_stay_on_the_page_and_old_gaps_do_not():
    old = {"batch_month": 202409, "affected": 7, "verdict": "bad"}
    gap = {"dimension": "completeness", "rule": "empty"}
    rows = shown(said(affected=0, verdict="good"), said(**old), said(**gap, affected=0, verdict="good"), said(**gap, **old))
    assert [row[9] for row in rows[1:]] == [7] and rows[1][10] == "良好"


def test_missing_columns_and_missed_months_are_one_row_each():
    columns = [said(dimension="completeness", rule="missing_column", column_name=name, affected=100, verdict="bad")
               for name in ("sex", "clause")]
    missed = {"dimension": "timeliness", "rule": "no_delivery", "column_name": "", "source": "", "rows": 1, "verdict": "bad"}
    rows = shown(*columns, *(said(**missed, batch_month=month, issue="没有交付") for month in (202411, 202412, 202301)))
    assert [row[2] for row in rows[1:]] == ["没有交付：2024-11、2024-12", "没有这些列或整列为空：认定依据、性别"]


def test_the_page_stays_short():
    rows = shown(*(said(kind=kind, source=EXPORTS[kind].title, rule=f"r{n}") for kind in EXPORTS for n in range(20)))
    assert len(rows) <= page.MOST_ROWS and sum(row[10] == "" for row in rows) == len(EXPORTS)
    assert "另有" in rows[0][2]
