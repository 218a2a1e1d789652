"""事故情形分布 from made counts: what is compared with what, what is notable, what is said of it."""

from collections import Counter
from typing import Any

import pytest

from pipelines.classification import classifications
from pipelines.patterns import Window, exposure_shares, pattern_table

TREE = classifications()["gbt4754-2017"]
SPAN = Window(202201, 202412, 202401, True)
EXPOSURE = exposure_shares(SPAN, [])


def counted(*cases: tuple[str, str, dict[str, str], int]) -> list[dict]:
    """pattern_count.sql of cases: group of clauses, division, circumstances, how many; a sixth of them in either year."""
    found: Counter = Counter()
    for group, division, circumstances, number in cases:
        for scope in ("all", group, division):
            for dimension, value in {"total": "all", **circumstances}.items():
                found[scope, dimension, value] += number
    return [{"scope": scope, "dimension": dimension, "value": value, "observed_cases": number, "cases_last_year": number // 6 * 2,
             "cases_year_before": number // 6} for (scope, dimension, value), number in found.items()]


def table(*cases, exposure=EXPOSURE, span=SPAN) -> dict[tuple[str, str, str], dict[str, Any]]:
    rows = pattern_table(counted(*cases), exposure, span, TREE, 202506).to_pylist()
    return {(row["scope"], row["dimension"], row["value"]): row for row in rows}


CITY = (("production", "C33", {"sex": "male", "post_group": "welder"}, 60), ("production", "C33", {"sex": "female"}, 20),
        ("production", "F52", {"sex": "male", "post_group": "welder"}, 10), ("production", "F52", {"sex": "female"}, 60),
        ("commuting", "F52", {"sex": "female", "transport": "e_bike", "cause": "road_traffic", "clause": "14-6"}, 50))


def test_a_division_is_compared_with_the_rest_of_the_city():
    row = table(*CITY)["C33", "sex", "male"]
    assert (row["cases"], row["observed_cases"], row["share_pct"]) == (80, 60, 75.0)
    assert row["expected_cases"] == pytest.approx(80 * 10 / 120) and row["ratio"] == pytest.approx(9.0)
    assert row["is_notable"] and row["corrected_probability"] < 1e-15 and row["ratio_low"] < 9 < row["ratio_high"]
    assert (row["scope_name"], row["value_name"]) == ("金属制品业", "男")


def test_the_unknown_is_no_case_of_a_circumstance():
    found = table(*CITY, ("production", "C33", {"sex": ""}, 40))
    assert found["C33", "sex", "male"]["cases"] == 80 and found["C33", "total", "all"]["observed_cases"] == 120
    assert ("C33", "sex", "") not in found


def test_the_whole_city_has_shares_and_is_compared_only_over_time():
    found = table(*CITY, ("production", "C33", {"hour": "08"}, 30), ("production", "C33", {"hour": "14"}, 6))
    assert found["all", "sex", "male"]["expected_cases"] is None and not found["all", "sex", "male"]["is_notable"]
    morning = found["all", "hour", "08"]
    assert (morning["expected_cases"], morning["ratio"]) == (pytest.approx(3.0), pytest.approx(10.0)) and morning["is_notable"]
    assert morning["value_name"] == "08:00–09:59"


def test_what_a_clause_says_itself_is_not_compared():
    found = table(*CITY)
    for key in (("commuting", "cause", "road_traffic"), ("commuting", "clause", "14-6"), ("commuting", "total", "all")):
        assert found[key]["expected_cases"] is None and found[key]["corrected_probability"] is None
    assert found["commuting", "transport", "e_bike"]["expected_cases"] is None  # nobody else's is known
    assert found["commuting", "sex", "female"]["is_notable"]


def test_fewer_than_five_cases_are_never_notable():
    rare = (("production", "C33", {"post_group": "miner"}, 4), ("production", "C34", {"post_group": "miner"}, 5),
            ("production", "C33", {"post_group": "driver"}, 40), ("production", "C34", {"post_group": "sales"}, 40),
            ("production", "F52", {"post_group": "sales"}, 4000))
    found = table(*rare)
    few, enough = found["C33", "post_group", "miner"], found["C34", "post_group", "miner"]
    assert few["corrected_probability"] < 0.01 and not few["is_notable"]
    assert enough["is_notable"]


def test_small_divisions_and_other_clauses_have_no_rows():
    found = table(*CITY, ("off_site", "C34", {"sex": "male"}, 29), ("unknown", "unknown", {"sex": "male"}, 50))
    scopes = {scope for scope, _, _ in found}
    assert scopes == {"all", "production", "commuting", "C33", "F52"}
    assert found["all", "sex", "male"]["observed_cases"] == 149


def test_every_pair_looked_at_is_corrected_for():
    """The same division among more that were looked at is less conspicuous."""
    others = [("production", f"C{n}", {"sex": sex}, 20) for n in range(13, 30) for sex in ("male", "female")]
    mild = (("production", "C33", {"body_part": "1.03"}, 12), ("production", "C33", {"body_part": "1.13"}, 28),
            ("production", "F52", {"body_part": "1.03"}, 9), ("production", "F52", {"body_part": "1.13"}, 71))
    one, two = (table(*cases)["C33", "body_part", "1.03"] for cases in (mild, (*mild, *others)))
    assert one["probability"] == two["probability"] and one["corrected_probability"] < two["corrected_probability"]


def test_key_circumstances_are_compared_with_the_year_before():
    found = table(*CITY)
    row = found["commuting", "total", "all"]
    assert row["is_key_circumstance"] and (row["cases_last_year"], row["cases_year_before"]) == (16, 8)
    assert row["change_pct"] == 100 and row["scope_name"] == "上下班途中（14-6）"
    assert found["production", "total", "all"]["cases_last_year"] is None
    few = table(("sudden_death", "C33", {}, 24), *CITY)["sudden_death", "total", "all"]
    assert (few["cases_last_year"], few["cases_year_before"], few["change_pct"]) == (8, 4, None)
    short = table(*CITY, span=SPAN._replace(has_year_before=False))["commuting", "total", "all"]
    assert short["cases_year_before"] is short["change_pct"] is None


def test_months_count_by_heads_and_days():
    heads = [{"month": 202301, "heads": 100}, {"month": 202302, "heads": 200}, {"month": 202303, "heads": 0}]
    shares = exposure_shares(Window(202301, 202303, 202301, False), heads)
    assert shares["month", "01"] == pytest.approx(3100 / (3100 + 5600)) and shares["month", "03"] == 0
    # January 2023 began on a Sunday and has five Sundays, Mondays and Tuesdays; February four of each day.
    assert shares["weekday", "1"] == pytest.approx((500 + 800) / 8700)
    assert shares["weekday", "3"] == pytest.approx((400 + 800) / 8700)
    assert sum(share for (dimension, _), share in shares.items() if dimension == "hour") == pytest.approx(1)


def test_without_heads_every_day_counts_the_same():
    shares = exposure_shares(Window(202401, 202412, 202401, False), [])
    assert shares["month", "02"] == pytest.approx(29 / 366)


def test_a_month_that_is_all_there_is_is_compared_with_nothing():
    exposure = exposure_shares(Window(202401, 202401, 202401, False), [])
    row = table(("production", "C33", {"month": "01"}, 40), exposure=exposure)["all", "month", "01"]
    assert row["expected_cases"] is None and row["value_name"] == "1 月"


def test_a_city_without_cases_has_no_rows():
    assert pattern_table([], EXPOSURE, SPAN, TREE, 202506).num_rows == 0
