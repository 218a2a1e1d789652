"""Which units have more commuting injuries than their like, and in which words: small arrays, and cities whose truth is known."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pipelines import commuters, policy
from pipelines.commuters import Units, commuting_table, compared, evidence, listed, side_by_side, usual
from pipelines.completeness import Completeness
from pipelines.contracts.commuters import COMMUTING_ENTERPRISE
from pipelines.contracts.core import ENTERPRISE_YEAR
from pipelines.lazy import Stored
from pipelines.periods import Period

WHOLE = np.ones(3)
NO_TABLE = Stored(Path("none"), ENTERPRISE_YEAR)


def units(person_years, injuries, **more) -> Units:
    """Units of one industry and county, open, with the same person-years in each of three years unless told otherwise."""
    size = len(person_years)
    yearly, counts = (np.broadcast_to(np.array(part).reshape(size, -1), (size, 3)) for part in (person_years, injuries))
    usually: dict[str, Any] = {
        "division": np.full(size, "C33", object), "district": np.full(size, "430702", object), "is_closed": np.zeros(size, bool)}
    return Units(np.array([f"{n:04d}" for n in range(size)], object),
                 **{**usually, **more}, person_years=yearly.astype(float), injuries=counts.astype(np.int64))


def drawn(rng: np.random.Generator, size: int, variance: float, factor: float | np.ndarray = 1.0) -> Units:
    """A city with six cases expected in 1,000 person-years, whose units' risks differ by a Gamma of that variance."""
    yearly = rng.lognormal(5, 1, size)
    risk = 0.006 * rng.gamma(1 / variance, variance, size) * factor
    return units(yearly, rng.poisson(np.repeat((yearly * risk)[:, None], 3, axis=1)))


def test_years_stand_side_by_side():
    table = pa.table({
        "enterprise_id": ["B", "A", "B"], "period": ["year_0", "year_1", "year_1"], "person_months": [120, 60, 240],
        "injuries": [2, 0, 1], "industry_2": ["C33", None, "C33"], "district_code": [None, "430702", None],
        "is_cancelled": [False, True, False]})
    found = side_by_side(table, ["year_0", "year_1"])
    assert found is not None and found.unit.tolist() == ["A", "B"]
    assert found.person_years.tolist() == [[0, 5], [10, 20]] and found.injuries.tolist() == [[0, 0], [2, 1]]
    assert (found.division.tolist(), found.district.tolist()) == ([None, "C33"], ["430702", None])
    assert found.is_closed.tolist() == [True, False]
    assert side_by_side(table.slice(0, 0), ["year_0"]) is None


def test_commuting_counts_by_the_accident_whatever_the_policy_counts():
    plan = policy.load("changde-2024")
    narrow = replace(plan, rate=replace(plan.rate, clauses=("14-1",), date="decision", counts_projects=True))
    rate = commuters.commuting_rule(narrow).rate
    assert (rate.clauses, rate.date, rate.counts_projects, rate.counts_old_injuries) == (("14-6",), "accident", False, False)


@pytest.mark.parametrize(("as_of", "months"), [(202412, [202401, 202301, 202201]), (202411, [202301, 202201])])
def test_the_last_three_whole_years_with_premiums(monkeypatch, as_of, months):
    monkeypatch.setattr(commuters.rates, "months_covered", lambda stored: (202201, 202412))
    assert [span.first_month for span in commuters.years(NO_TABLE, as_of)] == months


def test_like_units_are_expected_to_have_the_citys_rate():
    """100 of 1,000 person-years had a tenth of the cases; all together as many are expected as were seen."""
    found = compared(units([100.0, 300.0, 600.0], [4, 12, 24]), WHOLE, 3.0)
    assert found.expected == pytest.approx([12, 36, 72])
    assert found.ratio.mean == pytest.approx([1, 1, 1]) and found.excess == pytest.approx([0, 0, 0], abs=1e-9)


def test_industry_and_county_have_factors_of_their_own():
    """Four cells of a hundred units: 1, 2, 3 and 6 cases in the same exposure; an unknown industry or county has no factor."""
    division = np.repeat(np.array(["C33", "G60", "C33", "G60", None], object), 100)
    district = np.repeat(np.array(["430702", "430702", "430703", "430703", None], object), 100)
    found = compared(units([200.0] * 500, np.repeat([1, 2, 3, 6, 3], 100), division=division, district=district), WHOLE, 3.0)
    by_cell = found.expected.reshape(5, 100)[:, 0]
    assert by_cell[1] / by_cell[0] == pytest.approx(2, rel=0.05) and by_cell[2] / by_cell[0] == pytest.approx(3, rel=0.05)
    assert by_cell[3] == pytest.approx(18, rel=0.05) and found.expected.sum() == pytest.approx(4500)
    assert by_cell[0] < by_cell[4] < by_cell[3]


def test_a_county_of_few_heads_keeps_the_citys_rate():
    district = np.array(["430702"] * 99 + ["430703"], object)
    found = compared(units([100.0] * 100, [1] * 99 + [4], district=district), WHOLE, 3.0)
    assert 1 < found.expected[-1] / found.expected[0] < (12 + 12) / (12 + 3.1)     # halfway would be at 12 expected, undamped


def test_a_ratio_is_that_of_gamma_and_poisson_and_a_year_counts_by_what_is_known_of_it():
    """Of the newest year half is known: half the exposure there; the excess a year is of whole years."""
    city = drawn(np.random.default_rng(5), 500, 0.5)
    share = np.array([0.5, 1.0, 1.0])
    found, observed = compared(city, share, 3.0), city.injuries.sum(axis=1)
    assert found.variance == pytest.approx(0.5, rel=0.3)
    expected = city.person_years[:, 0] * observed.sum() / city.person_years[:, 0].sum()     # the same years for everyone
    ratio = (1 / found.variance + observed) / (1 / found.variance + expected)
    assert found.ratio.mean == pytest.approx(ratio)
    assert found.excess == pytest.approx((ratio - 1) * expected / 2.5)      # what is known are cases of two years and a half


def test_a_year_of_which_nothing_is_known_counts_for_nothing():
    found = compared(units([100.0, 100.0], [[0, 2, 2], [0, 1, 3]]), np.array([0.0, 1.0, 1.0]), 3.0)
    assert found.observed.tolist() == [4, 4] and found.expected == pytest.approx([4, 4])


def test_the_units_that_stand_out_are_found_and_hardly_anyone_else():
    """Twelve cities of 600 units that differ by a variance of 0.3; in six of them 2 % have ten times the risk."""
    rng, right, wrong, planted, of_usual = np.random.default_rng(11), 0, 0, 0, 0
    for number in range(12):
        factor = np.where(rng.random(600) < 0.02, 10.0, 1.0) if number % 2 else np.ones(600)
        city = drawn(rng, 600, 0.3, factor)
        found = {int(row["enterprise_id"]) for row in listed(city, compared(city, WHOLE, 3.0)) if row["is_notable"]}
        of_planted = set(np.flatnonzero((factor > 1) & (city.injuries.sum(axis=1) >= commuters.LEAST_CASES)).tolist())
        right, planted, wrong = right + len(found & of_planted), planted + len(of_planted), wrong + len(found - of_planted)
        of_usual += 0 if number % 2 else len(found)
    assert right / planted > 0.5 and wrong / (right + wrong) <= 0.1 and of_usual <= 1


def test_the_first_by_excess_are_kept_and_every_notable_one(monkeypatch):
    monkeypatch.setattr(commuters, "KEPT", 2)
    cases = [0] * 300 + [2, 3, 3, 5, 40]
    city = units([100.0] * 305, np.column_stack([cases, np.zeros((305, 2), int)]), is_closed=np.arange(305) == 303)
    found = compared(city, WHOLE, 3.0)
    assert [(row["rank"], row["enterprise_id"]) for row in listed(city, found)] == [(1, "0304"), (2, "0301")]
    notable = found._replace(corrected=np.where(np.arange(305) == 302, 0.1, 1.0))
    rows = listed(city, notable)
    assert [(row["rank"], row["enterprise_id"], row["is_notable"]) for row in rows] == [
        (1, "0304", False), (2, "0301", False), (3, "0302", True)]
    assert rows[0]["observed_cases"] == 40 and rows[0]["ratio_low"] < rows[0]["ratio"] < rows[0]["ratio_high"]
    few = found._replace(corrected=np.where(np.arange(305) == 300, 0.0, 1.0))
    assert "0300" not in {row["enterprise_id"] for row in listed(city, few)}      # two cases are never notable


def case(unit: str, hour: int | None, transport: str | None, cases: int = 1) -> dict[str, Any]:
    return {"enterprise_id": unit, "accident_hour": hour, "transport": transport, "cases": cases}


def test_usual_is_what_at_least_two_cases_share():
    found = usual([case("A", 7, "e_bike", 2), case("A", 6, None), case("A", None, "car"), case("A", 18, "car"),
                   case("B", 7, "bus"), case("B", 9, "car"), case("C", None, None, 4)])
    assert found == {"A": {"usual_hour": "06:00–07:59（3/4 例）", "usual_transport": "小汽车（2/4 例）"},
                     "B": {"usual_hour": None, "usual_transport": None}}


ROW = {"enterprise_id": "A", "rank": 1, "person_years": 1234.4, "observed_cases": 7, "expected_cases": 2.04, "ratio": 2.1,
       "ratio_low": 1.3, "ratio_high": 3.06, "excess_cases": 0.72, "probability": 0.001, "corrected_probability": 0.04,
       "is_notable": True}


def test_the_evidence_says_numbers_circumstances_and_what_it_is_not():
    said = evidence({**ROW, "usual_hour": "06:00–07:59（3/4 例）"}, "2022-01 至 2024-12 ")
    assert said == (
        "2022-01 至 2024-12 共 1,234 人年，上下班途中（14-6）认定工伤 7 人次，按人数、行业和区县一般应为 2.04 人次，"
        "收缩后为其 2.10 倍（80 % 区间 1.30–3.06）；每年约多 0.72 人次，单位间的常见差别和偶然难以解释；"
        "常见时间 06:00–07:59（3/4 例）；"
        "说的是上下班路上，不是厂内安全好坏。")
    assert "不能排除偶然" in evidence({**ROW, "is_notable": False}, "")


def test_a_unit_that_no_list_knows_stands_without_a_name():
    common = {"as_of_month": 202412, "definition": "口径"}
    named = {"A": {"enterprise_name": "甲厂", "industry_name": "金属制品业"}}
    told = {"A": {"usual_hour": "06:00–07:59（3/4 例）", "usual_transport": None}}
    table = commuting_table([ROW, {**ROW, "enterprise_id": "B"}], named, told, "", common)
    first, second = table.to_pylist()
    assert table.schema == COMMUTING_ENTERPRISE.schema
    assert (first["enterprise_name"], first["usual_transport"]) == ("甲厂", None) and "常见时间" in first["evidence"]
    assert (second["enterprise_name"], second["usual_hour"]) == (None, None) and "常见时间" not in second["evidence"]


def test_the_definition_says_window_test_and_whether_late_cases_are_allowed_for():
    span = Period("year_0", 2024, 2024, False, 202401, 202412, 12, False)
    found = compared(units([100.0, 100.0], [2, 4]), WHOLE, 3.0)
    known = {"commuting": (0.4, 1.0), "all": (0.4, 1.0)}
    said = [commuters.definition([span], found, 2, Completeness(shares, 0, 0.25, "未补全：只看到 3 个月"))
            for shares in (known, {"commuting": (), "all": ()})]
    assert all(text.startswith("2024-01 至 2024-12 的事故，14-6") and "负二项分布上尾" in text for text in said)
    assert "按上下班案件的认定完整度折算" in said[0] and "未补全：只看到 3 个月" in said[1]
