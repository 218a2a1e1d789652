"""How late claims become known: known delays are recovered, whatever the deliveries look like; open windows are completed."""

import itertools

import numpy as np
import pyarrow.parquet as pq
import pytest

from pipelines import periods, policy, simulate, tracking_rules
from pipelines.completeness import Completeness
from pipelines.periods import add_months

HEAD = "认定书编号,单位编号,事故时间,认定结论,认定日期,认定依据"
# Of ten accidents of a month so many are decided in the same month, one, two, three, five months later.
DELAYS = (0, 1, 1, 2, 2, 2, 2, 3, 3, 5)
KNOWN_PCT = [10, 30, 70, 90, 90, 100]


def claim(number: int, accident: int, delay: int, clause: str = "第十四条第（一）项", is_dated: bool = True) -> str:
    decided = add_months(accident, delay)
    day = f"{decided // 100}-{decided % 100:02d}-15" if is_dated else ""
    return f"T{accident}-{number},A,{accident // 100}-{accident % 100:02d}-05,认定工伤,{day},{clause}"


def course(first: int, months: int, **said) -> dict[int, list[str]]:
    """The ten claims of every month, by the month in which each is decided."""
    found: dict[int, list[str]] = {}
    for accident in (add_months(first, n) for n in range(months)):
        for number, delay in enumerate(DELAYS):
            found.setdefault(add_months(accident, delay), []).append(claim(number, accident, delay, **said))
    return found


def file(lines) -> str:
    return "\n".join([HEAD, *lines])


def until(found: dict[int, list[str]], last: int, first: int = 0) -> list[str]:
    return list(itertools.chain.from_iterable(lines for month, lines in sorted(found.items()) if first <= month <= last))


def completeness(bureau, month: str, group: str = "all") -> list[float | None]:
    rows = bureau.mart("claim_development", month, development_group=group)
    return [row["completeness_pct"] for row in sorted(rows, key=lambda row: row["months_since"])]


@pytest.fixture
def city(bureau):
    """Three years of ten claims a month in one delivery, decided up to December 2024."""
    found = course(202201, 36)
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2025, A=1000), 工伤认定=file(until(found, 202412)))
    return bureau, found


def test_known_delays_are_recovered_from_one_delivery_by_its_dates(city):
    bureau, _ = city
    bureau.build("2024-12", until="claim_development")
    shares = completeness(bureau, "2024-12")
    assert shares[:6] == KNOWN_PCT and set(shares[6:]) == {100}
    rows = {row["months_since"]: row for row in bureau.mart("claim_development", "2024-12", development_group="all")}
    assert rows[2]["development_factor"] == pytest.approx(9 / 7, abs=1e-4)
    assert (rows[2]["accident_month"], rows[2]["claims_known"]) == (202410, 7)
    assert rows[2]["claims_expected"] == 10 and rows[2]["claims_expected_low"] < 10 < rows[2]["claims_expected_high"]
    assert rows[0]["claims_expected"] is None  # a tenth is known: less than a quarter tells nothing
    assert (rows[2]["known_from_month"], rows[2]["known_to_month"]) == (202201, 202412)
    # 33 months are seen at the ages 2 and 3: 231 and 297 claims. There is no scatter, so each age's error is binomial: that of
    # 20 more in 297, 10 more in 310, and of half a case where none came.
    assert (rows[2]["claims"], rows[2]["accident_months"]) == (297, 33)
    quiet = [288, *range(300, 110, -10)]
    error = np.sqrt(20 / (70 * 297) + 10 / (90 * 310) + sum(0.5 / claims**2 for claims in quiet))
    assert rows[2]["completeness_low_pct"] == pytest.approx(70 * np.exp(-1.96 * error), abs=0.02)


def test_a_month_sees_only_what_was_known_then(city, another_bureau):
    """As of June 2024 from the delivery of December, and from a delivery that ended in June: the same."""
    bureau, found = city
    early = another_bureau("early")
    early.deliver("2024-06", 单位缴费=early.premiums(2022, 2025, A=1000), 工伤认定=file(until(found, 202406)))
    for one in (bureau, early):
        one.build("2024-06", until="claim_development")
    assert completeness(bureau, "2024-06")[:6] == KNOWN_PCT
    assert bureau.mart("claim_development", "2024-06") == early.mart("claim_development", "2024-06")


@pytest.mark.parametrize("every", [1, 3])
def test_how_often_a_bureau_delivers_is_no_delay(bureau, every):
    """An opening delivery of 2022, then every month or every quarter what was decided since."""
    found = course(202201, 36)
    bureau.deliver("2022-12", 工伤认定=file(until(found, 202212)))
    for number in range(every, 25, every):
        batch, before = add_months(202212, number), add_months(202212, number - every)
        bureau.deliver(f"{batch // 100}-{batch % 100:02d}", 工伤认定=file(until(found, batch, add_months(before, 1))))
    bureau.build("2024-12", until="claim_development")
    assert completeness(bureau, "2024-12")[:6] == KNOWN_PCT


def test_what_reaches_the_bureaus_file_a_month_late_is_known_a_month_late(bureau):
    """From 2023 on every decision is in the next month's export only; what the opening forgot is a gap, no delay."""
    found = course(202201, 36)
    opening = until(found, 202212)
    bureau.deliver("2022-12", 工伤认定=file(opening[5:]))
    forgotten = opening[:5]
    for number in range(1, 25):
        batch, before = add_months(202212, number), add_months(202212, number - 1)
        lines = until(found, before, before) if number > 1 else forgotten
        bureau.deliver(f"{batch // 100}-{batch % 100:02d}", 工伤认定=file(lines or [claim(99, 202201, 0)]))
    bureau.build("2024-12", until="claim_development")
    delays = {row["claim_id"]: row["months_to_known"] for row in bureau.core("timed_claim", "2024-12")}
    assert [delays[f"T202201-{number}"] for number in range(5)] == list(DELAYS[:5])
    assert [delays[f"T202306-{number}"] for number in range(10)] == [delay + 1 for delay in DELAYS]


def test_records_that_begin_with_decisions_of_a_year_do_not_mislead(bureau):
    """An export of the decisions since 2022 holds the late ones of 2021, too; and a slip of 2013."""
    found = course(202101, 48)
    lines = [*until(found, 202412, 202201), claim(0, 201301, 1)]
    bureau.deliver("2024-12", 工伤认定=file(lines))
    bureau.build("2024-12", until="claim_development")
    assert completeness(bureau, "2024-12")[:6] == KNOWN_PCT
    assert bureau.mart("claim_development", "2024-12")[0]["known_from_month"] == 202201


def reason(bureau, month: str, group: str = "all") -> str:
    rows = bureau.mart("claim_development", month, development_group=group)
    assert {row["pattern"] for row in rows} == {"none"} and {row["completeness_pct"] for row in rows} == {None}
    return rows[0]["reason"]


@pytest.mark.parametrize(("lines", "said"), [
    (until(course(202401, 12), 202412), "只能看到事故后 6 个月"),
    (until(course(202201, 36, is_dated=False), 202412), "自 2025-01 起才齐"),
    ([claim(0, add_months(202201, n), n % 3) for n in range(36)], "全部只有 35 件"),
    ([claim(0, 202403, 1).replace("认定工伤", "不予认定")], "没有计入的工伤认定"),
])
def test_too_little_gives_no_number_but_a_reason(bureau, lines, said):
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, A=1000), 工伤认定=file(lines))
    bureau.build("2024-12", until="industry_injury_rate")
    assert said in reason(bureau, "2024-12")
    whole = bureau.one("industry_injury_rate", "2024-12", level=0, period="last_3_years")
    assert whole["completed_injuries"] is None and f"未补全：{reason(bureau, '2024-12')}" in whole["definition"]


def test_without_decision_dates_the_batches_tell_after_the_opening(bureau):
    found = course(202301, 24, is_dated=False)
    bureau.deliver("2023-04", 工伤认定=file(until(found, 202304)))
    for number in range(1, 21):
        batch = add_months(202304, number)
        bureau.deliver(f"{batch // 100}-{batch % 100:02d}", 工伤认定=file(until(found, batch, batch)))
    bureau.build("2024-12", until="claim_development")
    rows = bureau.mart("claim_development", "2024-12", development_group="all")
    assert rows[0]["known_from_month"] == 202305
    assert completeness(bureau, "2024-12")[:6] == KNOWN_PCT


def test_groups_have_their_own_delays_and_small_ones_those_of_all(bureau):
    """Commuting cases are decided three months later than the others; of diseases there are three."""
    slow = [claim(20 + n, add_months(202201, n // 4), 3 + n % 2, clause="第十四条第（六）项") for n in range(4 * 36)]
    few = [claim(30, add_months(202201, 10 * n), 0, clause="第十四条第（四）项") for n in range(3)]
    lines = [line for line in slow if line.split(",")[4] <= "2024-12-31"]
    bureau.deliver("2024-12", 工伤认定=file([*until(course(202201, 36), 202412), *lines, *few]))
    bureau.build("2024-12", until="claim_development")
    assert completeness(bureau, "2024-12", "production")[:6] == KNOWN_PCT
    assert completeness(bureau, "2024-12", "commuting")[:6] == [0, 0, 0, 50, 100, 100]
    assert completeness(bureau, "2024-12", "occupational_disease") == completeness(bureau, "2024-12")
    disease = bureau.mart("claim_development", "2024-12", development_group="occupational_disease")
    assert {row["pattern"] for row in disease} == {"pooled"} and "本组只有 3 件" in disease[0]["reason"]


def test_what_lies_beyond_the_records_is_said(bureau):
    bureau.deliver("2024-12", 工伤认定=file(until(course(202301, 24), 202412)))
    bureau.build("2024-12", until="claim_development")
    rows = {row["months_since"]: row for row in bureau.mart("claim_development", "2024-12", development_group="all")}
    # 24 months of accidents, six of which each factor needs: 18 months are seen.
    assert [months for months, row in rows.items() if row["is_beyond"]] == list(range(19, 25))
    assert rows[18]["completeness_pct"] == 100 and rows[19]["completeness_pct"] is None
    assert rows[19]["reason"] == "超出可观察的 18 个月" and rows[19]["claims_known"] == 10


def test_open_windows_are_completed_group_by_group_beside_what_is_reported(city):
    bureau, _ = city
    bureau.build("2024-12", until="industry_injury_rate")
    year = bureau.one("industry_injury_rate", "2024-12", level=0, period="last_year")
    # Of the months of 2024, at ages 11 … 0, 100 % are known seven times, then 90, 90, 70, 30 and 10: 99 of 120.
    assert (year["injuries"], year["rate_pct"], year["completed_injuries"], year["completed_rate_pct"]) == (99, 9.9, 120, 12)
    before = bureau.one("industry_injury_rate", "2024-12", level=0, period="same_period_last_year")
    assert (before["injuries"], before["completed_injuries"]) == (99, 120)
    three = bureau.one("industry_injury_rate", "2024-12", level=0, period="last_3_years")
    assert (three["injuries"], three["completed_injuries"]) == (339, 360)
    stored, rules = bureau.stored("claim_development", 202412), tracking_rules.load().development
    shares, windows = Completeness.read(stored, rules), {span.period: span for span in periods.windows(202412)}
    assert shares.of_period("all", windows["last_year"]) == pytest.approx(99 / 120)
    assert shares.of_period("commuting", windows["last_3_years"]) == pytest.approx(339 / 360)


def test_a_window_of_which_hardly_anything_is_known_is_not_completed(city):
    bureau, found = city
    bureau.deliver("2025-01", 工伤认定=file(until(course(202201, 37), 202501, 202501)))
    bureau.build("2025-01", until="industry_injury_rate")
    rows = {row["period"]: row for row in bureau.mart("industry_injury_rate", "2025-01", level=0)}
    assert (rows["year_to_date"]["injuries"], rows["year_to_date"]["completed_injuries"]) == (1, None)
    assert (rows["last_year"]["injuries"], rows["last_year"]["completed_injuries"]) == (108, 120)


@pytest.mark.parametrize(("date", "expected"), [("decision", 100), ("report", 50)])
def test_the_delay_is_counted_from_the_policys_own_date(bureau, tmp_path, date, expected):
    own = tmp_path / "own.toml"
    rules = (policy.FOLDER / "changde-2024.toml").read_text(encoding="utf-8")
    own.write_text(rules.replace('date = "accident"', f'date = "{date}"'), encoding="utf-8")
    lines = [
        f"T{n}-{k},A,{year}-{month:02d}-05,认定工伤,{day},第十四条第（一）项,{year}-{month:02d}-08"
        for n in range(36) for k in range(4)
        for year, month in [divmod(add_months(202201, n), 100)]
        for decided in [add_months(year * 100 + month, k % 2)]
        for day in [f"{decided // 100}-{decided % 100:02d}-20"] if decided <= 202412
    ]
    bureau.deliver("2024-12", 工伤认定="\n".join([HEAD + ",报告日期", *lines]))
    bureau.settle(policy=str(own))
    bureau.build("2024-12", until="claim_development")
    assert completeness(bureau, "2024-12")[0] == expected


def test_the_simulated_citys_delays_are_estimated_within_their_intervals(bureau, tmp_path):
    """Truth: the share of the recognised and never revoked that are decided by each age, from the simulation itself."""
    simulate.write_city(bureau.place.raw, tmp_path / "truth", enterprises=400, staff_per_enterprise=120, later=0)
    bureau.build("2025-09", until="claim_development")
    events = pq.read_table(tmp_path / "truth" / "event.parquet").to_pandas()
    events = events[events.is_recognised & ~events.is_revoked]
    decided, happened = events.decided_on.dt, events.accident_time.dt
    lag = (decided.year - happened.year) * 12 + decided.month - happened.month
    rows = bureau.mart("claim_development", "2025-09", development_group="all")
    rows = [row for row in rows if row["completeness_pct"] < 99]
    assert len(rows) > 8
    truth = {row["months_since"]: (lag <= row["months_since"]).mean() * 100 for row in rows}
    inside = [row["completeness_low_pct"] <= truth[row["months_since"]] <= row["completeness_high_pct"] for row in rows]
    assert all(abs(row["completeness_pct"] - truth[row["months_since"]]) < 3 for row in rows)
    assert sum(inside) >= len(rows) - 1


def test_late_claims_do_not_make_the_coming_year_look_safer(bureau, tmp_path):
    """Taken as they are, the cases known by September make the sum a quarter too small in this city."""
    simulate.write_city(bureau.place.raw, tmp_path / "truth", enterprises=400, staff_per_enterprise=120, later=0)
    bureau.build("2025-09", until="enterprise_outlook")
    true = pq.read_table(tmp_path / "truth" / "enterprise.parquet").to_pandas().set_index("enterprise_id")["true_rate"]
    rows = bureau.mart("enterprise_outlook", "2025-09")
    expected = sum(row["expected_injuries"] for row in rows)
    assert expected / sum(true[row["enterprise_id"]] * row["person_years_ahead"] for row in rows) == pytest.approx(1, abs=0.2)
    assert "各年人年按案件的认定完整度折算" in rows[0]["definition"]
