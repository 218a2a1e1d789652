"""One city's rate under every definition: numerators and denominators counted by hand, the yearly report beside them."""

import pytest

CLAIMS = """
    认定书编号,单位编号,社会保障号码,事故时间,报告日期,认定结论,认定日期,认定依据,伤害程度,因工死亡时间,建筑项目标识,老工伤标识
    T1,A,430702198001010014,2024-03-01,2024-03-02,认定工伤,2024-04-01,第十四条第（一）项,重伤,,否,否
    T2,A,430702198001010014,2024-09-01,2024-09-02,认定工伤,2024-10-01,第十四条第（一）项,轻伤,,否,否
    T3,A,43070219810202002X,2024-05-01,2024-05-02,认定工伤,2024-06-01,第十四条第（六）项,轻伤,,否,否
    T4,A,430702198203030033,2024-06-01,2024-06-02,视同工伤,2024-07-01,第十五条第（一）项,死亡,2024-06-01,否,否
    T5,A,430702198304040049,2024-07-01,2024-07-02,认定工伤,2024-08-01,第十四条第（二）项,死亡,2024-07-01,否,否
    T6,A,430702198405050053,2024-08-01,2024-08-02,认定工伤,2024-09-01,第十四条第（四）项,,,否,否
    T7,A,,2024-10-01,2024-10-02,认定工伤,2024-11-01,,,,否,否
    T8,A,,2024-11-01,2024-11-02,认定工伤,2024-12-01,第十四条第（一）项,轻伤,,是,否
    T9,A,,2024-01-01,2024-01-02,认定工伤,2024-02-01,第十四条第（一）项,轻伤,,否,是
    T10,A,,2023-12-20,2024-01-05,认定工伤,2024-02-01,第十四条第（一）项,轻伤,,否,否
    T11,A,,2024-12-01,2024-12-02,待认定,,,,,否,否
    T12,A,,2024-12-02,2024-12-03,中止,,,,,否,否
    T13,A,,2024-02-01,2024-02-02,不予认定,2024-03-01,,,,否,否
    T14,A,,2023-01-10,2023-01-11,认定工伤,2023-01-20,第十四条第（一）项,轻伤,,否,否
"""
INCIDENTS = """
    申报编号,单位编号,事故时间,申报日期,是否生产经营性
    S0,A,2023-01-05,2023-01-06,是
    S1,A,2023-12-31,2024-01-02,是
    S2,A,2024-03-01,2024-03-02,是
    S3,A,2024-03-01,2024-03-02,否
    S4,A,2024-12-31,2025-01-02,是
"""
REPORT = """
    年度,指标,数值,口径
    2024,认定工伤人数,9,含建设项目
    2024,平均参保人数,1000,
    2024,年末参保人数(万人),0.12,
    2024,千人死亡率,1.5,
"""


def premiums() -> str:
    """900 heads in every month of 2023 and in December 1000; in 2024 1000, in December 1200."""
    heads = {year * 100 + month: (900, 1000) if year == 2023 else (1000, 1200) for year in (2023, 2024) for month in range(1, 13)}
    lines = [f"A,{month},{usual[month % 100 == 12]},100,{month // 100}-{month % 100:02d}-20" for month, usual in heads.items()]
    return "\n".join(["单位编号,费款所属期,缴费人数,实缴金额,到账日期", *lines])


@pytest.fixture(scope="module")
def city(new_bureau):
    bureau = new_bureau()
    bureau.deliver("2025-01", 单位缴费=premiums(), 工伤认定=CLAIMS, 工伤事故申报=INCIDENTS, 年报数=REPORT)
    bureau.build("2025-01", until="definition_comparison")
    return bureau


def found(city, name: str, year: int = 2024) -> dict:
    return city.one("definition_comparison", "2025-01", definition_id=name, year=year)


@pytest.mark.parametrize(("name", "numerator"), [
    ("policy", 7),  # T1 … T7
    ("qingdao_changde", 7),
    ("wuxi", 6),  # T1 and T2 are one person
    ("changsha_recognised", 7),  # decided in 2024: T1 … T7 and T10, of which T1 and T2 are one person
    ("changsha_reported", 2),  # S1, S2
    ("quanzhou", 4),  # T1, T2, T5, T6
    ("death_rate", 1),  # T5: the sudden death at work is none of GB 6441
    ("serious_rate", 1),  # T1
    ("disease_rate", 1),  # T6
    ("floating", 4),  # neither T3 and T4 nor T7, whose clause is not known
    ("by_decision", 8), ("by_report", 8),  # and T10
    ("without_commuting", 6), ("without_sudden_death", 6), ("recognised_only", 6),
    ("with_pending", 9),  # and T11, T12
    ("with_projects", 8), ("with_old_injuries", 8), ("begin_end", 7), ("year_end", 7),
])
def test_what_each_definition_counts(city, name, numerator):
    assert found(city, name)["numerator"] == numerator


@pytest.mark.parametrize(("name", "denominator", "unit"), [
    ("policy", (11 * 1000 + 1200) / 12, "100"), ("begin_end", (1000 + 1200) / 2, "100"), ("year_end", 1200, "100"),
    ("death_rate", (11 * 1000 + 1200) / 12, "1000"), ("disease_rate", (11 * 1000 + 1200) / 12, "100000"),
])
def test_what_each_definition_divides_by(city, name, denominator, unit):
    row = found(city, name)
    assert (row["denominator"], row["rate_unit"]) == (pytest.approx(denominator, abs=0.01), unit)
    assert row["rate"] == pytest.approx(row["numerator"] * int(unit) / denominator, abs=1e-4)
    assert row["rate_low"] < row["rate"] < row["rate_high"]


def test_the_interval_is_garwoods(city):
    """For a count of 1: 0.0253 … 5.5716 (Ulm 1990, table 1), per thousand of 1016.67 heads."""
    row = found(city, "death_rate")
    assert (row["rate_low"], row["rate_high"]) == pytest.approx((25.3 / 1016.67, 5571.6 / 1016.67), abs=1e-3)


def test_the_yearly_report_stands_beside_what_means_the_same(city):
    row = found(city, "by_decision")
    assert (row["official_numerator"], row["numerator_difference"]) == (9, -1)
    assert (row["official_denominator"], row["denominator_difference"]) == (1000, pytest.approx(16.6667, abs=1e-3))
    assert row["official_source"] == "认定工伤人数（含建设项目）；平均参保人数"
    assert (found(city, "year_end")["official_denominator"], found(city, "year_end")["denominator_difference"]) == (1200, 0)
    row = found(city, "death_rate")
    assert (row["official_rate"], row["rate_difference"]) == (1.5, pytest.approx(1000 / 1016.67 - 1.5, abs=1e-3))
    assert found(city, "qingdao_changde")["official_numerator"] is None  # the report counts by the day of decision


def test_years_without_all_it_takes_give_no_rate_and_say_why(city):
    assert found(city, "policy", 2023)["rate"] == pytest.approx(2 * 1200 / (11 * 900 + 1000), abs=1e-3)
    row = found(city, "begin_end", 2023)
    assert (row["numerator"], row["denominator"], row["rate"], row["reason"]) == (2, None, None, "没有 2022 年 12 月的缴费人数")
    assert {row["year"] for row in city.mart("definition_comparison", "2025-01")} == {2023, 2024}


def test_records_that_begin_within_a_year_give_no_rate_of_it(bureau):
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, A=100), 工伤认定=bureau.claims(A="2023-06-01 2024-02-01"))
    bureau.build("2024-12", until="definition_comparison")
    rows = {row["year"]: row for row in bureau.mart("definition_comparison", "2024-12", definition_id="policy")}
    assert [rows[year]["rate"] is None for year in (2022, 2023, 2024)] == [True, True, False]
    assert rows[2022]["reason"] == rows[2023]["reason"] == "认定数据自 2023-06 起，该年不全"
    [incident] = bureau.mart("definition_comparison", "2024-12", definition_id="changsha_reported", year=2024)
    assert (incident["rate"], incident["reason"]) == (None, "没有工伤事故申报")


def test_without_heads_there_are_counts_and_no_rates(bureau):
    bureau.deliver("2024-12", 工伤认定=bureau.claims(A="2023-01-01 2024-02-01"))
    bureau.build("2024-12", until="definition_comparison")
    rows = bureau.mart("definition_comparison", "2024-12", definition_id="by_decision")
    assert [(row["year"], row["numerator"], row["rate"], row["reason"]) for row in rows] == [
        (2023, 1, None, "没有该年的缴费人数"), (2024, 1, None, "没有该年的缴费人数")]
