"""Back-tests and effects of hand-made cities, worked by hand: only what was known then, only what was frozen then."""

import pytest

from pipelines import issue
from pipelines.policy import reading

STEADY = {f"S{number}": 200 for number in range(1, 9)}
MONTHS = range(1, 13)


def dated(unit: str, day: str, decided: str, number: int) -> str:
    return f"{unit}-{day}-{number},{unit},{day},认定工伤,{decided},第十四条第（一）项"


def claims(*lines: str) -> str:
    return "\n".join(["认定书编号,单位编号,事故时间,认定结论,认定日期,认定依据", *lines])


def each_month(unit: str, year: int, per_month: int = 1) -> list[str]:
    return [dated(unit, f"{year}-{m:02d}-05", f"{year}-{m:02d}-25", n) for m in MONTHS for n in range(per_month)]


@pytest.fixture
def four_years(bureau):
    """A has an injury a month in every year, B only in 2022, the others one a year; 2021–2024, all heads equal."""
    lines = [line for year in range(2021, 2025) for line in each_month("A", year)]
    lines += each_month("B", 2022)
    lines += [dated(unit, f"{year}-06-05", f"{year}-07-25", 0) for unit in STEADY for year in range(2021, 2025)]
    bureau.settle(policy="expected-excess")
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2021, 2024, A=200, B=200, **STEADY), 工伤认定=claims(*lines))
    bureau.build("2024-12", until="list_backtest")
    return bureau


def row(bureau, rule: str, year: int) -> dict:
    return bureau.one("list_backtest", "2024-12", rule=rule, year=year)


def test_every_past_year_that_has_a_year_before_it_is_looked_at(four_years):
    years = {(r["year"], r["list_month"], r["history_years"]) for r in four_years.mart("list_backtest", "2024-12")}
    assert years == {(2022, 202112, 1), (2023, 202212, 2), (2024, 202312, 3)}


def test_what_a_list_caught_is_counted_in_the_year_after(four_years):
    # Ten units, 22 places: every rule lists all ten; injuries of 2023 are 12 + 8, of 2022 24 + 8.
    assert (row(four_years, "count", 2023)["places"], row(four_years, "count", 2023)["injuries"]) == (10, 20)
    assert row(four_years, "count", 2022)["injuries"] == 32


def test_no_rule_catches_more_than_foresight(four_years):
    for year in (2022, 2023, 2024):
        best = row(four_years, "foresight", year)["excess"]
        assert all(r["excess"] <= best + 1e-9 for r in four_years.mart("list_backtest", "2024-12", year=year))


@pytest.fixture
def one_place(bureau, tmp_path):
    """The same kind of city with one place: what is decided after a year's end may not decide that year's list."""
    lines = [*each_month("A", 2023), *each_month("A", 2024)]
    lines += [dated("B", f"2022-{m:02d}-05", "2023-06-25", n) for m in MONTHS for n in range(3)]
    lines += [dated("A", f"2022-{m:02d}-05", f"2022-{m:02d}-25", 0) for m in MONTHS]
    lines += [dated(unit, f"{year}-06-05", f"{year}-07-25", 0) for unit in STEADY for year in range(2022, 2025)]
    path = tmp_path / "one-place.toml"
    source = (reading.FOLDER / "expected-excess.toml").read_text(encoding="utf-8")
    path.write_text(source.replace("places = 22", "places = 1"), encoding="utf-8")
    bureau.settle(policy=str(path))
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, A=200, B=200, **STEADY), 工伤认定=claims(*lines))
    bureau.build("2024-12", until="list_backtest")
    return bureau


def test_a_back_test_does_not_see_what_was_decided_later(one_place):
    # B's 36 injuries of 2022 were decided in June 2023: the list of December 2022 knows only A's twelve.
    found = row(one_place, "count", 2023)
    assert (found["places"], found["injuries"]) == (1, 12)
    # By December 2023 they are known, but count by accident in 2022: last year's count still names A.
    assert row(one_place, "count", 2024)["overlap"] == 100.0


def test_effects_are_measured_from_what_was_frozen(bureau):
    units = {f"U{number:02d}": 500 for number in range(1, 61)}
    before = [dated(unit, f"2024-{m:02d}-05", f"2024-{m:02d}-20", 0) for n, unit in enumerate(units) for m in range(1, 2 + n % 4)]
    bureau.settle(policy="expected-excess")
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2023, 2024, **units), 工伤认定=claims(*before))
    bureau.build("2024-12")
    issue.issue(bureau.place, 202412)
    listed = {r["enterprise_id"] for r in bureau.mart("priority_enterprise", "2024-12") if r["is_listed"]}
    after = [dated(unit, f"2025-{m:02d}-05", f"2025-{m:02d}-20", 1) for n, unit in enumerate(units)
             for m in range(1, 2 + n % 4) if unit not in listed or m % 2]
    bureau.deliver("2025-12", 单位缴费=bureau.premiums(2025, 2025, **units), 工伤认定=claims(*after))
    bureau.build("2025-12", until="programme_effect")
    whole = bureau.one("programme_effect", "2025-12", scope="list")
    assert (whole["enterprises"], whole["first_month"], whole["last_month"]) == (len(listed), 202501, 202512)
    assert whole["injuries_after"] == sum(line.split(",")[1] in listed for line in after)
    assert whole["injuries_before"] == sum(line.split(",")[1] in listed for line in before)
    assert whole["effect_pct"] == pytest.approx((whole["injuries_after"] / whole["expected_injuries"] - 1) * 100, abs=0.05)
    assert whole["effect_low_pct"] < whole["effect_pct"] < whole["effect_high_pct"]
    single = bureau.mart("programme_effect", "2025-12", scope="enterprise")
    assert {r["subject"] for r in single} == listed
    assert sum(r["expected_injuries"] for r in single) == pytest.approx(whole["expected_injuries"], rel=0.01)


def test_without_an_issued_list_there_is_no_effect(bureau):
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2023, 2024, A=20), 工伤认定=bureau.claims(A="2024-03-03"))
    bureau.build("2024-12", until="programme_effect")
    assert bureau.mart("programme_effect", "2024-12") == []
