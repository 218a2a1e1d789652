"""Real exports (../shared): sums equal the exports' own, to the last injury and person-year."""

import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[3] / "shared"
pytestmark = [pytest.mark.shared, pytest.mark.skipif(not (SHARED / "data").is_dir(), reason="no ../shared beside the project")]


@pytest.fixture(scope="module")
def exported(new_bureau) -> Callable:
    """A bureau whose data/raw is written by the maker of real exports with these arguments."""
    def make(*arguments: str):
        bureau = new_bureau()
        script = SHARED / "bench" / "make_exports.py"
        subprocess.run([sys.executable, script, *arguments, "--out", bureau.place.raw], check=True, capture_output=True)
        return bureau

    return make


def rows_of(bureau, batch: str, name: str) -> list[dict]:
    with (bureau.place.raw / batch / f"{name}.csv").open(encoding="gb18030", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def state(exported):
    """One small real state, its list per region, published by the real job."""
    bureau = exported("injuries", "--states", "VT")
    bureau.settle(regions="text")
    assert bureau.run("2024-12")
    return bureau


def test_injuries_person_years_and_premiums_of_a_state_equal_its_exports(state):
    premiums, claims = rows_of(state, "2024-12", "单位缴费"), rows_of(state, "2024-12", "工伤认定")
    for period, years in (("last_year", {"2024"}), ("last_3_years", {"2022", "2023", "2024"})):
        city = state.one("industry_injury_rate", "2024-12", period=period, level=0)
        paid = [row for row in premiums if row["费款所属期"][:4] in years]
        assert city["injuries"] == sum(row["事故时间"][:4] in years for row in claims)
        assert city["person_years"] == round(sum(int(row["缴费人数"]) for row in paid) / 12, 4)
        assert city["premium_yuan"] == sum(Decimal(row["实缴金额"]) for row in paid)
        assert city["enterprises"] == len({row["单位编号"] for row in paid})


def test_every_enterprise_of_a_state_has_its_own_injuries_and_heads(state):
    heads, injuries = Counter(), Counter()
    for row in rows_of(state, "2024-12", "单位缴费"):
        heads[row["单位编号"]] += int(row["缴费人数"]) * (row["费款所属期"][:4] == "2024")
    for row in rows_of(state, "2024-12", "工伤认定"):
        injuries[row["单位编号"]] += row["事故时间"][:4] == "2024"
    found = {row["enterprise_id"]: row for row in state.mart("enterprise_risk", "2024-12", period="last_year")}
    assert {unit: row["injuries"] for unit, row in found.items()} == {unit: injuries[unit] for unit in found}
    assert {unit: round(row["person_years"] * 12) for unit, row in found.items()} == {u: n for u, n in heads.items() if n}


def test_naics_is_found_by_itself_and_missing_payouts_are_said(state):
    rows = state.mart("industry_injury_rate", "2024-12")
    assert {row["classification"] for row in rows} == {"naics"}
    assert not [row for row in rows if row["industry_code"] == "unknown"]
    listed = state.mart("priority_enterprise", "2024-12")
    assert {row["region_code"] for row in listed} == {"US-VT"}
    assert sum(row["is_listed"] for row in listed) == 22
    assert all("没有待遇支付，不计支缴率" in row["definition"] for row in listed)
    assert {row["pay_ratio"] for row in rows} == {None}


@pytest.mark.parametrize(("city", "years", "month"), [("taipei", "2020", "2020-12"), ("leeds", "2018", "2018-12")])
def test_claims_without_an_enterprise_and_road_accidents_are_reconciled(exported, city, years, month):
    bureau = exported("accidents", "--city", city, "--years", years, "--claims", "100")
    bureau.build(month)
    received = {name: len(rows_of(bureau, month, name)) for name in ("工伤认定", "交通事故")}
    assert received["工伤认定"] == 100 and received["交通事故"] > 1000
    account = {row["kind"]: row for row in bureau.mart("source_reconciliation", month)}
    for kind, name in (("claim", "工伤认定"), ("traffic_accident", "交通事故")):
        assert account[kind]["rows_received"] == received[name]
        assert account[kind]["rows_accepted"] == received[name]
    claims = bureau.core("claim", month)
    assert {(row["enterprise_id"], row["clause_group"], row["is_counted"]) for row in claims} == {(None, "commuting", True)}
    assert {row["datum"] for row in claims} == {"WGS84" if city == "taipei" else "LOCAL-METRES"}
    whole = bureau.one("industry_injury_rate", month, period="last_year", level=0)
    assert (whole["injuries"], whole["person_years"], whole["rate_pct"]) == (100, None, None)
    assert bureau.mart("priority_enterprise", month) == [] and bureau.mart("enterprise_risk", month) == []
