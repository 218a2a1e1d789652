"""Rates of hand-made cities, computed by hand; windows; levels that add up; exposure of special enterprises."""

from collections import defaultdict
from decimal import Decimal

import pytest

UNITS = "单位编号,单位名称,行业代码,用工方式,派遣人数,参保状态,注销日期\n"


def risk(bureau, enterprise: str, period: str = "last_year", month: str = "2024-12") -> dict:
    return bureau.one("enterprise_risk", month, enterprise_id=enterprise, period=period)


@pytest.mark.parametrize(("month", "first", "last"), [("2024-12", 202401, 202412), ("2024-11", 202301, 202312)])
def test_last_year_is_the_newest_year_complete_at_the_cut_off(bureau, month, first, last):
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2019, 2024, A=120),
                   工伤认定=bureau.claims(A="2023-05-01 2024-05-01 2024-06-01"))
    bureau.build(month, until="enterprise_risk")
    rows = {row["period"]: row for row in bureau.mart("enterprise_risk", month)}
    assert (rows["last_year"]["first_month"], rows["last_year"]["last_month"]) == (first, last)
    assert rows["last_year"]["injuries"] == (2 if month == "2024-12" else 1)
    assert (rows["last_3_years"]["last_month"], rows["last_3_years"]["months_covered"]) == (last, 36)
    assert (rows["last_5_years"]["last_month"], rows["last_5_years"]["months_covered"]) == (last, 60)
    # Of 2024-11 the November premiums are known only in December.
    assert rows["year_to_date"]["months_covered"] == (12 if month == "2024-12" else 10)
    assert rows["year_to_date"]["is_short"] == (month != "2024-12")
    assert not rows["last_year"]["is_short"] and not rows["last_3_years"]["is_short"]


def test_a_rate_is_injuries_over_person_years_with_its_exact_interval(bureau):
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, A=120),
                   工伤认定=bureau.claims(A="2024-03-01 2024-05-01 2022-01-01"))
    bureau.build("2024-12", until="enterprise_risk")
    year, three = risk(bureau, "A"), risk(bureau, "A", "last_3_years")
    assert (year["injuries"], year["person_years"], year["rate_pct"]) == (2, 120.0, 1.6667)
    assert (three["injuries"], three["person_years"], three["rate_pct"]) == (3, 360.0, 0.8333)
    # Garwood for a count of 2: 0.2422 … 7.2247 (Ulm 1990, table 1); over 120 person-years, in percent.
    assert (year["rate_low_pct"], year["rate_high_pct"]) == pytest.approx((0.2422 / 1.2, 7.2247 / 1.2), abs=1e-4)


def test_a_window_with_less_data_is_cut_and_flagged(bureau):
    rows = bureau.premiums(2023, 2024, A=12).split("\n")
    from_july = [rows[0], *(row for row in rows[1:] if row.split(",")[1] >= "202307")]
    bureau.deliver("2024-12", 单位缴费="\n".join(from_july), 工伤认定=bureau.claims(A="2023-03-01 2023-08-01"))
    bureau.build("2024-12", until="enterprise_risk")
    row = risk(bureau, "A", "last_3_years")
    assert (row["first_month"], row["last_month"], row["months_covered"], row["is_short"]) == (202307, 202412, 18, True)
    # The injury of March 2023 lies before the first month of premiums: no one was exposed then.
    assert (row["injuries"], row["person_years"]) == (1, 18.0)
    assert not risk(bureau, "A")["is_short"]


def test_the_same_period_last_year_is_seen_at_the_same_age_of_data(bureau):
    bureau.deliver("2023-12", 单位缴费=bureau.premiums(2022, 2023, A=120),
                   工伤认定="认定书编号,单位编号,事故时间,认定结论,认定日期\nT1,A,2023-02-01,认定工伤,2023-02-20\nT2,A,2023-03-01,认定工伤,2023-09-01")
    lines = ["单位编号,费款所属期,缴费人数,实缴金额,到账日期", *(f"A,2024{m:02d},120,100,2024-{m:02d}-20" for m in range(1, 7))]
    bureau.deliver("2024-06", 单位缴费="\n".join(lines), 工伤认定=bureau.claims(A="2024-04-02"))
    bureau.build("2024-06", until="enterprise_risk")
    now, before = (risk(bureau, "A", period, "2024-06") for period in ("year_to_date", "same_period_last_year"))
    assert (now["injuries"], now["person_years"], now["first_month"], now["last_month"]) == (1, 60.0, 202401, 202406)
    # T2 happened in March 2023 but was decided in September: in June 2023 nobody knew it.
    assert (before["injuries"], before["person_years"], before["last_month"]) == (1, 60.0, 202306)


def test_every_level_of_the_industry_tree_adds_up_to_the_city(bureau):
    bureau.deliver("2024-12", 参保单位=UNITS + """
        A,甲,3011,,,正常,
        B,乙,30,,,正常,
        C,丙,C,,,正常,
        D,丁,9X9,,,正常,
        E,戊,,,,正常,
    """, 单位缴费=bureau.premiums(2022, 2024, A=10, B=20, C=30, D=40, E=50, F=60),
                   工伤认定=bureau.claims(A="2024-01-05", B="2024-01-05 2024-02-05", C="2023-01-05", E="2024-03-03",
                                      F="2024-03-03"),
                   待遇支付="单位编号,待遇项目,支付金额,支付日期\nA,医疗费,10.10,2024-03-01\nF,医疗费,0.05,2024-03-01\n,伤残津贴,3,2024-03-01")
    bureau.build("2024-12", until="industry_injury_rate")
    rows = bureau.mart("industry_injury_rate", "2024-12", period="last_year")
    assert {row["industry_code"] for row in rows if row["level"] == 2} == {"C30", "C*", "unknown"}
    assert {row["industry_code"] for row in rows if row["level"] == 3} == {"C301", "C30*", "C*", "unknown"}
    assert_levels_add_up(bureau.mart("industry_injury_rate", "2024-12"))
    [city] = [row for row in rows if row["level"] == 0]
    assert (city["injuries"], city["person_years"], city["enterprises"]) == (5, 210.0, 6)
    assert city["payout_yuan"] == Decimal("13.15")


def assert_levels_add_up(rows: list[dict]) -> None:
    """Counts, exposure and money of every level and period sum to the city's."""
    names = ("injuries", "severe", "deaths", "enterprises", "enterprises_above_threshold", "premium_yuan", "payout_yuan")
    sums: dict = defaultdict(lambda: dict.fromkeys((*names, "person_years"), 0))
    for row in rows:
        place = sums[row["period"], row["level"]]
        for name in names:
            place[name] += row[name]
        place["person_years"] += round((row["person_years"] or 0) * 12)
    assert {level for _, level in sums} == {0, 1, 2, 3, 4}
    for (period, level), found in sums.items():
        assert found == sums[period, 0], (period, level)


def test_levels_add_up_in_the_simulated_city(simulated_city):
    rows = simulated_city.mart("industry_injury_rate", "2025-09")
    assert len(rows) > 100
    assert_levels_add_up(rows)


def test_enterprises_above_the_threshold_are_counted_and_industries_compared_with_the_city(bureau):
    days = " ".join(f"2024-03-{day:02d}" for day in range(1, 21))
    bureau.deliver("2024-12", 参保单位=UNITS + "A,甲,3011,,,正常,\nB,乙,3011,,,正常,\nC,丙,5110,,,正常,",
                   单位缴费=bureau.premiums(2022, 2024, A=100, B=100, C=1000),
                   工伤认定=bureau.claims(A=days, B="2024-01-01 2024-01-02 2024-01-03 2024-01-04", C="2024-05-01"))
    bureau.build("2024-12", until="industry_injury_rate")
    [c30] = bureau.mart("industry_injury_rate", "2024-12", period="last_year", industry_code="C30")
    # 24 injuries in 200 person-years; A stands at 20 %, B at exactly 4 %, which is not above it.
    assert (c30["rate_pct"], c30["enterprises"], c30["enterprises_above_threshold"]) == (12.0, 2, 1)
    assert (c30["is_above_threshold"], c30["difference"]) == (True, "above")
    [f51] = bureau.mart("industry_injury_rate", "2024-12", period="last_year", industry_code="F51")
    assert (f51["rate_pct"], f51["is_above_threshold"], f51["difference"]) == (0.1, False, "below")


def test_enterprises_that_open_and_close_are_exposed_while_they_pay(bureau):
    lines = ["单位编号,费款所属期,缴费人数,实缴金额", *(f"A,2024{m:02d},12,9" for m in range(7, 13)),
             *(f"B,2024{m:02d},24,9" for m in range(1, 4)), *(f"C,2024{m:02d},1,9" for m in range(1, 13))]
    bureau.deliver("2024-12", 参保单位=UNITS + "B,乙,3011,,,注销,2024-04-01", 单位缴费="\n".join(lines),
                   工伤认定=bureau.claims(B="2024-02-01 2024-04-20"))
    bureau.build("2024-12", until="enterprise_risk")
    assert risk(bureau, "A")["person_years"] == 6.0
    assert (risk(bureau, "B")["person_years"], risk(bureau, "B")["injuries"]) == (6.0, 2)


@pytest.mark.parametrize(("sent", "host_years", "host_rate", "agency_years"), [("90", 100.0, 1.0, 10.0), ("", None, None, None)])
def test_dispatched_workers_stand_with_the_unit_that_uses_them(bureau, sent, host_years, host_rate, agency_years):
    """H employs 10 and uses 90 that the agency D (100 heads insured) sends; one of the 90 is injured."""
    bureau.deliver("2024-12", 参保单位=UNITS + f"D,派遣公司,7263,劳务派遣,{sent},正常,\nH,工厂,3011,直接用工,{sent},正常,",
                   单位缴费=bureau.premiums(2022, 2024, D=100, H=10),
                   工伤认定="认定书编号,单位编号,用工单位编号,事故时间,认定结论,认定日期\nT1,D,H,2024-03-01,认定工伤,2024-03-02")
    bureau.build("2024-12")
    host, agency = risk(bureau, "H"), risk(bureau, "D")
    assert (host["injuries"], host["person_years"], host["rate_pct"]) == (1, host_years, host_rate)
    assert (agency["injuries"], agency["person_years"]) == (0, agency_years)
    if not sent:
        listed = bureau.mart("priority_enterprise", "2024-12")
        assert {row["excluded_reason"] for row in listed} == {"近十二个月无可用人数，不能预期"} and len(listed) == 2


def test_projects_without_heads_have_counts_and_no_rate(bureau):
    bureau.deliver("2024-12", 参保单位=UNITS + "P,项目部,4710,按项目参保,,正常,\nA,甲,3011,,,正常,",
                   单位缴费="单位编号,费款所属期,缴费人数,实缴金额,缴费类型\nP,202401,,5000,项目缴费\n"
                   + "\n".join(f"A,2024{m:02d},12,9,正常" for m in range(1, 13)),
                   工伤认定="认定书编号,单位编号,事故时间,认定结论,认定日期,建筑项目标识\n"
                   "T1,P,2024-03-01,认定工伤,2024-03-02,是\nT2,P,2024-03-01,认定工伤,2024-03-02,否")
    bureau.build("2024-12")
    project = risk(bureau, "P")
    # T1 is the project's and does not count under the policy; P's own T2 has no exposure to stand against.
    assert (project["injuries"], project["person_years"], project["rate_pct"], project["premium_yuan"]) == (1, None, None, 5000)
    city = bureau.one("industry_injury_rate", "2024-12", period="last_year", level=0)
    assert (city["injuries"], city["person_years"], city["rate_pct"]) == (1, 12.0, 0.0)


def test_old_injuries_cost_the_fund_but_are_no_injuries_of_the_year(bureau):
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, A=10),
                   工伤认定="认定书编号,单位编号,事故时间,认定结论,认定日期,老工伤标识\nT1,A,2024-03-01,认定工伤,2024-03-02,是",
                   待遇支付="单位编号,待遇项目,支付金额,支付日期\nA,伤残津贴,60,2024-03-01")
    bureau.build("2024-12", until="enterprise_risk")
    row = risk(bureau, "A")
    assert (row["injuries"], row["payout_yuan"], row["premium_yuan"], row["pay_ratio"]) == (0, 60, 1200, 5.0)


def test_without_payouts_or_appraisals_it_is_said_and_the_run_goes_on(bureau):
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, A=10), 工伤认定=bureau.claims(A="2024-03-01"))
    bureau.build("2024-12", until="enterprise_risk")
    row = risk(bureau, "A")
    assert row["pay_ratio"] is None
    assert "没有待遇支付，不计支缴率" in row["definition"] and "没有劳动能力鉴定" in row["definition"]


def test_the_prevention_budget_is_capped_by_what_was_collected_the_year_before(bureau):
    bureau.deliver("2025-12", 单位缴费=bureau.premiums(2023, 2025, A=10, yuan=1000),
                   基金收支="年度,统筹地区,征缴收入,待遇支出,工伤预防费支出,下达预算额度\n2024,,20000,15000,300,500\n2025,,22000,11000,400,600")
    bureau.build("2025-12", until="fund_balance")
    rows = {row["year"]: row for row in bureau.mart("fund_balance", "2025-12")}
    assert [rows[year]["is_reported"] for year in (2023, 2024, 2025)] == [False, True, True]
    assert rows[2023]["collected_yuan"] == 12000 and rows[2023]["cap_yuan"] is None
    # 3 % of the 12,000 summed from premiums; 3 % of the 20,000 reported.
    assert rows[2024]["cap_yuan"] == 360 and rows[2025]["cap_yuan"] == 600
    assert (rows[2025]["pay_ratio"], rows[2025]["allotted_yuan"], rows[2025]["used_yuan"]) == (50.0, 600, 400)


def test_a_year_with_missing_months_gives_no_cap(bureau):
    lines = ["单位编号,费款所属期,缴费人数,实缴金额", *(f"A,2023{m:02d},1,100" for m in range(7, 13)),
             *(f"A,2024{m:02d},1,100" for m in range(1, 13))]
    bureau.deliver("2024-12", 单位缴费="\n".join(lines), 工伤认定=bureau.claims(A="2024-03-01"))
    bureau.build("2024-12", until="fund_balance")
    rows = {row["year"]: row for row in bureau.mart("fund_balance", "2024-12")}
    assert (rows[2023]["months_covered"], rows[2023]["collected_yuan"]) == (6, 600)
    assert (rows[2024]["collected_yuan"], rows[2024]["cap_yuan"]) == (1200, None)


def test_payments_that_were_taken_back_do_not_stop_a_month(bureau):
    """A's payments of the three years are less than what it gave back: its ratios are below zero, drawn to the city's or not."""
    paid = "".join(f"{year}{n},{unit},医疗费,{yuan},{year}-05-0{n}\n" for year in (2022, 2023, 2024)
                   for n, (unit, yuan) in enumerate([("A", -50000 - year), ("B", 300), ("C", 2 * year)], 1))
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, A=10, B=20, C=30),
                   待遇支付="支付流水号,单位编号,待遇项目,支付金额,支付日期\n" + paid)
    bureau.build("2024-12", until="enterprise_outlook")
    assert bureau.one("enterprise_outlook", "2024-12", enterprise_id="A")["pay_ratio_credible"] < 0
