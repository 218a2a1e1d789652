"""建档单位事故情形 from made counts: with whom a unit is compared, what is notable."""

from typing import Any

import pytest

from pipelines.classification import classifications
from pipelines.dossiers.profile import profile_table

TREE = classifications()["gbt4754-2017"]
COMMON = {"as_of_month": 202412, "definition": "口径"}
UNITS = {"A": {"industry_1": "C", "industry_2": "C33"}, "B": {"industry_1": None, "industry_2": None}}


def counted(kind: str, scope: str, dimension: str, **values: int) -> list[dict]:
    return [{"scope_kind": kind, "scope": scope, "dimension": dimension, "value": value.lstrip("_"), "observed_cases": number}
            for value, number in values.items()]


def table(*counts: list[dict]) -> dict[tuple[str, str, str], dict[str, Any]]:
    rows = profile_table([row for part in counts for row in part], UNITS, TREE, COMMON).to_pylist()
    return {(row["enterprise_id"], row["dimension"], row["value"]): row for row in rows}


CITY = counted("all", "all", "cause", _03=100, _09=300)


def test_a_unit_is_compared_with_the_others_of_its_division():
    found = table(counted("unit", "A", "cause", _03=9, _09=1), counted("division", "C33", "cause", _03=19, _09=31), CITY)
    row = found["A", "cause", "03"]
    assert (row["cases"], row["observed_cases"], row["share_pct"], row["peer_cases"]) == (10, 9, 90.0, 40)
    assert row["peer_share_pct"] == pytest.approx(25) and row["expected_cases"] == pytest.approx(2.5)
    assert row["ratio"] == pytest.approx(3.6) and row["is_notable"] and row["ratio_low"] < 3.6 < row["ratio_high"]
    assert (row["peers"], row["value_name"]) == ("金属制品业", "机械伤害")
    assert not found["A", "cause", "09"]["is_notable"]


def test_few_others_in_the_division_lead_to_the_section_and_then_to_the_city():
    section = counted("section", "C", "cause", _03=50, _09=50)
    few = counted("division", "C33", "cause", _03=9, _09=30)
    own = counted("unit", "A", "cause", _03=9, _09=1)
    assert table(own, few, section, CITY)["A", "cause", "03"]["peers"] == "制造业"
    assert table(own, few, CITY)["A", "cause", "03"]["peers"] == "全市"


def test_a_unit_without_an_industry_is_compared_with_the_city():
    row = table(counted("unit", "B", "cause", _03=2), CITY)["B", "cause", "03"]
    assert (row["peers"], row["peer_cases"]) == ("全市", 398) and not row["is_notable"]


def test_without_enough_others_anywhere_there_is_no_comparison():
    row = table(counted("unit", "A", "cause", _03=8), counted("all", "all", "cause", _03=20))["A", "cause", "03"]
    assert row["ratio"] is None and row["corrected_probability"] is None and row["share_pct"] == 100


def test_fewer_than_five_cases_are_never_notable():
    found = table(counted("unit", "A", "cause", _05=4), counted("all", "all", "cause", _05=4, _03=900))
    assert found["A", "cause", "05"]["corrected_probability"] < 1e-6 and not found["A", "cause", "05"]["is_notable"]


def test_other_units_have_no_rows():
    assert table(counted("unit", "", "cause", _03=8), CITY) == {}
