"""Who is in which kind of group_target, in which order: made units whose groups are known to stand out, or not."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pipelines import event_targets, group_targets, grouped_units
from pipelines.classification import classifications
from pipelines.group_targets import City
from pipelines.policy.model import Groups

SCHEMA = pa.schema([
    ("enterprise_id", pa.string()), ("enterprise_name", pa.string()), ("region_code", pa.string()), ("industry_2", pa.string()),
    ("industry_deepest", pa.string()), ("street", pa.string()), ("park", pa.string()), ("is_cancelled", pa.bool_()),
    ("size_band", pa.string()), ("years_used", pa.int16()), ("injuries_used", pa.int64()), ("person_years_used", pa.float64()),
    ("person_years_ahead", pa.float64()), ("norm_pct", pa.float64()), ("norm_injuries", pa.float64()),
    ("excess_injuries", pa.float64())])
COMMON = {"region_code": "430702", "industry_2": "C33", "industry_deepest": "C33", "is_cancelled": False, "years_used": 3,
          "injuries_used": 0, "norm_pct": 0.5, "excess_injuries": 0.0}


def unit(heads: float = 30.0, **more: Any) -> dict:
    band = "under_20" if heads < 20 else "20_49" if heads < 50 else "100_249"
    return {**COMMON, "size_band": band, "person_years_used": 3 * heads, "person_years_ahead": heads,
            "norm_injuries": heads * more.get("norm_pct", 0.5) / 100, **more}


def many(number: int, injured: int, **more: Any) -> list[dict]:
    """So many units, the first of them with one injury each."""
    return [unit(injuries_used=int(n < injured), **more) for n in range(number)]


def city(*rows: dict, **rules: Any) -> City:
    numbered = [{"enterprise_id": f"{n:04d}", **row} for n, row in enumerate(rows)]
    units = grouped_units.units(pa.Table.from_pylist(numbered, SCHEMA))
    return City(units, "三年", classifications()["gbt4754-2017"], Groups(**rules))


def names(rows: list[dict]) -> list[str]:
    return [row["target_name"] for row in rows]


BACKGROUND = [row for n in range(20) for row in many(40, 18, street=f"{n}街道", park=None)]


def test_a_street_with_many_injuries_for_its_industries_leads_and_three_units_by_chance_do_not():
    rows, left_out = group_targets.places(
        city(*BACKGROUND, *many(120, 108, street="高街道"), *many(3, 3, street="小街道")), grouped_units.street_keys, True)
    assert names(rows)[0] == "高街道" and left_out == 0
    by_name = {row["target_name"]: row for row in rows}
    high, small = by_name["高街道"], by_name["小街道"]
    raw = high["observed_cases"] / high["expected_cases"]
    assert high["is_above"] and 1.4 < high["ratio"] < raw < 1.8
    # 120 units of 30 heads at 0.5 % a year, scaled to what the city has: 471 injuries where the norm gives 415.35.
    assert high["excess_injuries"] == pytest.approx((high["ratio"] - 1) * 18 * 471 / 415.35)
    assert small["observed_cases"] / small["expected_cases"] > 1.9 and small["ratio"] < 1.35
    assert small["excess_injuries"] < 0.2 and names(rows).index("小街道") > 0
    assert "108 人次" in high["evidence"] and "不能说高于一般" not in high["evidence"]
    assert "不能说高于一般" in small["evidence"]


def test_expected_by_the_norm_adds_up_to_what_is_observed():
    rows, _ = group_targets.places(city(*BACKGROUND), grouped_units.street_keys, True)
    assert sum(row["expected_cases"] for row in rows) == pytest.approx(sum(row["observed_cases"] for row in rows)) == 360
    assert sum(row["units"] for row in rows) == 800 and sum(row["person_years"] for row in rows) == pytest.approx(72000)


def test_a_dangerous_industry_explains_its_street_and_not_itself():
    """Twice the norm in mining: no street stands out by having mines, mining stands out beside units of its size."""
    mines = many(60, 60, street="矿街道", industry_2="B06", norm_pct=1.0)
    plain = [row for n in range(5) for row in many(60, 30, street=f"{n}街道")]
    streets, _ = group_targets.places(city(*plain, *mines), grouped_units.street_keys, True)
    assert not any(row["is_above"] for row in streets)
    industries, _ = group_targets.industries(city(*plain, *mines))
    assert [row["target_key"] for row in industries] == ["B06", "C33"]
    assert industries[0]["target_name"] == "煤炭开采和洗选业" and industries[0]["is_above"]


def test_sizes_are_compared_with_their_own():
    """Small units have twice the rate of the larger ones: an industry of small ones is not above for that."""
    rows, _ = group_targets.industries(city(
        *many(300, 60, heads=10.0, industry_2="C33"), *many(300, 90, heads=30.0, industry_2="C34"),
        *many(300, 60, heads=10.0, industry_2="C35")))
    assert not any(row["is_above"] for row in rows)
    assert sum(row["expected_cases"] for row in rows) == pytest.approx(210)


def test_only_open_units_under_fifty_heads_now_and_before_count():
    large = unit(120.0, street="甲街道", injuries_used=9)
    closed = unit(street="甲街道", injuries_used=9, is_cancelled=True)
    gone = unit(street="甲街道", injuries_used=9, person_years_ahead=0.0)
    shrunk = unit(street="甲街道", injuries_used=9, person_years_used=300.0)
    made = city(*many(4, 1, street="甲街道"), large, closed, gone, shrunk)
    rows, _ = group_targets.places(made, grouped_units.street_keys, True)
    assert (rows[0]["units"], rows[0]["observed_cases"]) == (4, 1)


def test_groups_of_fewer_than_three_units_are_left_out_and_counted():
    made = city(*many(3, 1, street="甲街道"), *many(2, 2, street="乙街道"), *many(1, 1, street=None))
    rows, left_out = group_targets.places(made, grouped_units.street_keys, True)
    assert (names(rows), left_out) == (["甲街道"], 1)
    rows, left_out = group_targets.places(city(*many(3, 1, street="甲街道"), least_units=4), grouped_units.street_keys, True)
    assert (rows, left_out) == ([], 1)


def test_streets_belong_to_counties_and_parks_to_cities_unless_named_by_their_kind_alone():
    counties = ("430702", "430703")
    rows = [unit(street="城关镇", park="常德高新区", region_code=county) for county in counties]
    rows += [unit(park="高新区", region_code=county) for county in counties]
    units = city(*rows, unit(park="工业园", region_code=None)).units
    assert grouped_units.street_keys(units)[:3].tolist() == ["430702 城关镇", "430703 城关镇", None]
    assert grouped_units.park_keys(units).tolist() == [
        "4307 常德高新区", "4307 常德高新区", "430702 高新区", "430703 高新区", "工业园"]


def test_parks_count_units_of_all_sizes_and_small_parks_the_small_ones():
    made = city(*many(5, 1, park="甲园区"), *[unit(200.0, park="甲园区", injuries_used=20) for _ in range(4)])
    [whole], [small] = (group_targets.places(made, grouped_units.park_keys, only)[0] for only in (False, True))
    assert (whole["units"], whole["observed_cases"], whole["region_code"]) == (9, 81, "430700")
    assert (small["units"], small["observed_cases"]) == (5, 1)


def test_enterprises_have_many_heads_and_then_many_injuries():
    rows = [unit(float(heads), injuries_used=heads // 10, enterprise_name=f"{heads}人厂") for heads in range(10, 110, 10)]
    rows += [unit(100.0, injuries_used=30, enterprise_name="多伤厂"), unit(100.0, injuries_used=0, enterprise_name="无伤厂")]
    found = group_targets.enterprises(city(*rows, heads_top_pct=30))
    assert names(found) == ["多伤厂", "100人厂", "90人厂"]
    assert "界限 90 人" in found[0]["evidence"] and found[0]["expected_cases"] == pytest.approx(1.5)
    assert names(group_targets.enterprises(city(*rows, heads_top_pct=30, enterprises=1))) == ["多伤厂"]
    assert group_targets.enterprises(city()) == []


def test_small_enterprises_follow_the_order_of_industries_then_heads():
    made = city(
        *many(40, 40, industry_2="C34", industry_deepest="C34"), *many(100, 60, industry_2="C33"),
        *many(100, 10, industry_2="C35"),
        unit(60.0, enterprise_name="乙33"), unit(250.0, enterprise_name="甲33"), unit(1200.0, enterprise_name="大33"),
        unit(49.0, enterprise_name="少33"), unit(70.0, enterprise_name="甲34", industry_2="C34", industry_deepest="C34"),
        unit(70.0, enterprise_name="甲35", industry_2="C35", industry_deepest="C35"))
    industries, _ = group_targets.industries(made)
    assert [row["target_key"] for row in industries] == ["C34", "C33", "C35"] and industries[2]["excess_injuries"] < 0
    found = group_targets.small_enterprises(made, industries)
    assert names(found) == ["甲34", "甲33", "乙33"]
    assert [row["size_class"] for row in found] == ["small"] * 3 and found[0]["expected_cases"] is None
    assert "居第 1" in found[0]["evidence"] and "不少于 50 人可培训" in found[0]["evidence"]
    assert names(group_targets.small_enterprises(city(*BACKGROUND), [])) == []


DISEASES = (("C30", 4), ("C30", 2), ("C33", 6), ("C33", 9), (None, 8), ("B06", 2))
CASES = [{"enterprise_id": f"{n:04d}", "enterprise_name": f"厂{n}", "region_code": "430702", "industry_2": code,
          "observed_cases": cases, "is_cancelled": n == 3} for n, (code, cases) in enumerate(DISEASES)]


def test_diseases_by_industry_beside_its_share_of_person_years():
    made = city(*many(10, 0, industry_2="C30"), *many(30, 0, industry_2="C33"), *many(2, 0, industry_2="B06"))
    rows, left_out = event_targets.disease_industries(made, CASES, "五年")
    assert ([row["target_key"] for row in rows], left_out) == (["C33", "C30"], 1)  # B06: two units
    assert [row["observed_cases"] for row in rows] == [15, 6]
    assert rows[1]["expected_cases"] == pytest.approx(23 * 10 / 42) and rows[1]["units"] == 10
    assert "多年前的接触" in rows[0]["evidence"] and "涉及 2 家" in rows[0]["evidence"]


def test_diseases_by_enterprise_without_closed_ones():
    rows = event_targets.disease_enterprises(city(*BACKGROUND), CASES, "五年")
    found = [(row["target_key"], row["observed_cases"]) for row in rows]
    assert found == [("0004", 8), ("0002", 6), ("0000", 4), ("0001", 2), ("0005", 2)]
    assert all("expected_cases" not in row and "多年前的接触" in row["evidence"] for row in rows)


def project(key: str, is_insured: bool | None, observed: int, cost: int | None) -> dict:
    return {"project_id": key, "project_name": None, "project_kind": None, "enterprise_id": None, "enterprise_name": None,
            "region_code": None, "is_insured": is_insured, "observed_cases": observed, "severe": 0, "deaths": 0,
            "cost_yuan": cost}


def test_uninsured_projects_come_first_by_cost_then_those_with_injuries():
    rows = event_targets.projects([project("有伤多", True, 3, 10), project("未保小", False, 5, 100),
                                   project("未保大", False, 0, 900), project("有伤少", None, 1, None)])
    assert names(rows) == ["未保大", "未保小", "有伤多", "有伤少"]
    assert "先督促参保" in rows[0]["evidence"] and "先督促参保" not in rows[2]["evidence"]
    assert all("expected_cases" not in row and "person_years" not in row for row in rows)


def test_platforms_by_injuries_with_a_change_only_from_enough():
    rows = event_targets.platforms([{"platform": name, "observed_cases": now, "severe": 0, "cases_before": before}
                                    for name, now, before in (("乙", 6, 8), ("甲", 9, 4), ("丙", 0, 7))])
    assert [(row["target_name"], row["change_pct"]) for row in rows] == [("甲", None), ("乙", -25.0)]
    assert "减少 25 %" in rows[1]["evidence"] and "不计发生率" in rows[1]["evidence"]


def test_groups_do_not_depend_on_the_order_of_rows():
    rows = [*BACKGROUND, *many(120, 108, street="高街道", park="甲园区")]
    numbered = [{"enterprise_id": f"{n:04d}", **row} for n, row in enumerate(rows)]
    mixed = [numbered[n] for n in np.random.default_rng(1).permutation(len(rows))]
    one, two = (group_targets.places(city(*some), grouped_units.street_keys, True) for some in (numbered, mixed))
    assert one == two
