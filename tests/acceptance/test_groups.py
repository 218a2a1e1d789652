"""Groups from deliveries: projects, diseases, platforms, circumstances; and a city whose silent enterprises are known."""

import datetime

import pandas as pd
import pytest

from pipelines import simulate

MONTH = "2024-12"
CLAIMS = "认定书编号,单位编号,事故时间,认定结论,认定日期,认定依据,建筑项目标识,老工伤标识,性别\n"
SITES = "项目编号,项目名称,施工总承包单位编号,项目类别,工程合同造价,开工日期,竣工日期,参保日期,缴费金额\n"


def claim(number: int, unit: str, day: str, clause: str = "14-1", is_project: str = "否", is_old: str = "否", sex: str = "男",
          conclusion: str = "认定工伤") -> str:
    return f"T{number},{unit},{day},{conclusion},{day[:10]},{clause},{is_project},{is_old},{sex}\n"


def of_kind(bureau, kind: str) -> list[dict]:
    return sorted(bureau.mart("group_target", MONTH, target_kind=kind), key=lambda row: row["rank"])


def build(bureau, **files: str) -> None:
    given = {"参保单位": "单位编号,单位名称,行业代码\nA,甲建,4710\nB,乙建,4710\nC,丙厂,3011\nD,丁厂,3011\nE,戊厂,3011",
             "单位缴费": bureau.premiums(2022, 2024, C=10, D=10, E=10), **files}
    bureau.deliver(MONTH, **given)
    bureau.build(MONTH, until="group_target")


def test_a_project_has_the_injuries_of_its_contractor_only_where_it_was_the_only_one(bureau):
    """A built two at once in spring and one in autumn; B's project ended before its injury."""
    build(bureau, 建设项目=SITES
          + "J1,桥,A,公路,1000000,2024-01-01,2025-06-30,2024-01-05,3000\n"
          + "J2,楼,A,房屋,2000000,2024-01-01,2024-06-30,2024-01-05,6000\n"
          + "J3,路,B,公路,9000000,2024-01-01,2024-06-30,2024-01-05,6000\n"
          + "J4,渠,B,水利,5000000,2024-10-01,,,\n"
          + "J5,塔,E,房屋,8000000,2024-10-01,,,\n",
          工伤认定=CLAIMS + claim(1, "A", "2024-03-01", is_project="是") + claim(2, "A", "2024-09-01", is_project="是")
          + claim(3, "A", "2024-09-02", is_project="是", conclusion="不予认定") + claim(4, "A", "2024-09-03")
          + claim(5, "B", "2024-08-01", is_project="是"))
    rows = of_kind(bureau, "project")
    assert [(row["target_key"], row["observed_cases"], row["is_insured"]) for row in rows] == [
        ("J5", 0, False), ("J4", 0, False), ("J1", 1, True)]
    assert "另有 2 件项目工伤对不到单个项目" in rows[0]["definition"]
    assert rows[0]["evidence"].startswith("应保未保") and "800 万元" in rows[0]["evidence"]
    assert all(row["expected_cases"] is row["person_years"] is row["heads"] is None for row in rows)


def test_diseases_are_those_recognised_in_five_years(bureau):
    build(bureau, 工伤认定=CLAIMS + claim(1, "C", "2024-03-01", "14-4") + claim(2, "C", "2020-01-15", "14-4")
          + claim(3, "C", "2019-12-31", "14-4") + claim(4, "D", "2024-03-01", "14-4", is_old="是")
          + claim(5, "D", "2024-03-02", "14-4", conclusion="撤销") + claim(6, "D", "2024-03-03"))
    [row] = of_kind(bureau, "disease_enterprise")
    assert (row["target_key"], row["target_name"], row["observed_cases"]) == ("C", "丙厂", 2)
    [industry] = of_kind(bureau, "disease_industry")
    assert (industry["target_key"], industry["observed_cases"], industry["units"]) == ("C30", 2, 3)
    assert "2020-01 至 2024-12" in industry["evidence"]


def test_platforms_count_twelve_months_without_what_was_refused(bureau):
    build(bureau, 职业伤害="事件编号,平台企业,事故时间,确认结论,伤残等级\n"
          + "".join(f"E{n},甲平台,2024-0{n}-01,确认职业伤害,\n" for n in range(1, 4))
          + "E4,甲平台,2024-12-31,,四级\nE5,甲平台,2024-05-01,不予确认,\nE6,甲平台,2023-12-31,确认,\nE7,甲平台,2022-12-31,确认,\n"
          + "E8,乙平台,2023-05-01,确认,\nE9,甲平台,2024-05-02,撤销确认,\nE10,甲平台,2024-05-03,终止,\n")
    [row] = of_kind(bureau, "platform")
    assert (row["target_key"], row["observed_cases"], row["severe"], row["cases_before"]) == ("甲平台", 4, 1, 1)
    assert row["change_pct"] is None and row["person_years"] is None


def test_kinds_without_a_source_are_absent_and_it_is_said(bureau):
    build(bureau, 工伤认定=CLAIMS + claim(1, "C", "2024-03-01"))
    rows = bureau.mart("group_target", MONTH)
    assert {row["target_kind"] for row in rows} == {"industry", "enterprise"}
    [definition] = {row["definition"].split("；未列：")[1] for row in rows}
    for said in ("重点街道", "进园区（没有园区）", "建设项目（没有", "平台（没有职业伤害）", "职业病重点企业（没有职业病认定）"):
        assert said in definition
    [industry] = of_kind(bureau, "industry")
    assert [industry[name] for name in ("target_key", "units", "person_years", "observed_cases")] == ["C30", 3, 90.0, 1]
    assert "2022-01 至 2024-12" in industry["evidence"]


def test_a_bureau_without_premiums_or_claims_still_gets_its_tables(bureau):
    bureau.deliver(MONTH, 参保单位="单位编号,单位名称,行业代码\nC,丙厂,3011")
    bureau.build(MONTH)
    assert [bureau.mart(name, MONTH) for name in ("group_target", "injury_pattern", "silent_enterprise")] == [[], [], []]
    bureau.deliver("2025-01", 工伤认定=CLAIMS + claim(1, "C", "2024-03-01 08:30"))
    bureau.build("2025-01")
    [row] = bureau.mart("injury_pattern", "2025-01", scope="all", dimension="total")
    assert row["observed_cases"] == 1


def test_circumstances_of_settled_months(bureau):
    """2022 to June 2024: the last six months are not settled; a diagnosis has no hour, nor has a claim without a time."""
    lines = [claim(n, "C", f"2024-0{n % 6 + 1}-05 08:30", sex="女") for n in range(30)]
    lines += [claim(30 + n, "D", "2023-03-04 19:10", "14-6") for n in range(12)]
    lines += [claim(50, "C", "2024-07-01 08:30"), claim(51, "C", "2024-06-30", "14-4"), claim(52, "C", "2024-06-29"),
              claim(53, "C", "2024-01-01 08:30", conclusion="不予认定"), claim(54, "C", "2021-12-31 08:30")]
    lines += [claim(60 + n, "D", "2024-03-04 19:10", "14-6") for n in range(6)]
    build(bureau, 工伤认定=CLAIMS + "".join(lines))
    bureau.build(MONTH, until="injury_pattern")
    rows = {(row["scope"], row["dimension"], row["value"]): row for row in bureau.mart("injury_pattern", MONTH)}
    assert rows["all", "total", "all"]["observed_cases"] == 30 + 12 + 2 + 6
    assert rows["all", "hour", "08"]["observed_cases"] == 30 and rows["all", "hour", "08"]["cases"] == 48
    assert rows["all", "weekday", str(datetime.date(2023, 3, 4).isoweekday())]["observed_cases"] >= 12
    assert sum(row["observed_cases"] for key, row in rows.items() if key[:2] == ("all", "month")) == 49
    commuting = rows["commuting", "total", "all"]
    assert (commuting["observed_cases"], commuting["cases_last_year"], commuting["cases_year_before"]) == (18, 6, 12)
    assert commuting["change_pct"] == -50 and commuting["is_key_circumstance"]
    evening = rows["commuting", "hour", "18"]
    assert evening["is_notable"] and evening["expected_cases"] == 0 and evening["ratio"] is None
    assert rows["commuting", "sex", "male"]["is_notable"]
    assert "2022-01 至 2024-06" in evening["definition"]


def test_only_a_units_own_and_settled_notices_count_against_it(bureau):
    """K never applies for its own; H's come from an agency, L's are too young. Thirty others apply for all but one."""
    usual = [(f"U{n}", "", f"2024-0{month}-1{n % 10} 09:00") for n in range(30) for month in range(1, 6)]
    days = [f"2024-0{month}-20 10:00" for month in range(1, 6)]
    silent = [("K", "", day) for day in days] + [("V", "H", day) for day in days]
    silent += [("L", "", f"2024-0{month}-20 10:00") for month in (7, 8, 9)]
    notices = [f"S{n},{unit},{host},{when},{when[:10]},是" for n, (unit, host, when) in enumerate([*usual, *silent])]
    claims = [claim(n, unit, when) for n, (unit, _, when) in enumerate(usual[1:])]
    heads = {unit: 20 for unit in ("K", "V", "H", "L", *(f"U{n}" for n in range(30)))}
    bureau.deliver(MONTH, 单位缴费=bureau.premiums(2022, 2024, **heads), 工伤认定=CLAIMS + "".join(claims),
                   工伤事故申报="申报编号,单位编号,用工单位编号,事故时间,申报日期,是否生产经营性\n" + "\n".join(notices))
    bureau.build(MONTH, until="silent_enterprise")
    [row] = bureau.mart("silent_enterprise", MONTH)
    assert (row["enterprise_id"], row["notices"], row["notices_claimed"], row["reported_cases"]) == ("K", 5, 0, 0)
    assert row["norm_probability"] is None and "最近 36 个月" in row["definition"]


@pytest.fixture(scope="module")
def city_with_silent(new_bureau):
    """A city of 2,500 enterprises, 15 % of the larger ones silent: its bureau, and the numbers of the silent."""
    bureau = new_bureau()
    simulate.write_city(bureau.place.raw, bureau.place.raw.parent / "truth", enterprises=2500, later=0, seed=8, silent=0.15)
    bureau.build("2025-09", until="silent_enterprise")
    truth = pd.read_parquet(bureau.place.raw.parent / "truth" / "enterprise.parquet")
    return bureau, set(truth.loc[truth["is_silent"], "enterprise_id"])


def test_planted_silent_enterprises_are_found_and_nobody_else(city_with_silent):
    """Five are planted; over eight such cities 33 of 38 were found and nobody else was named (docs/methods.md)."""
    bureau, silent = city_with_silent
    rows = bureau.mart("silent_enterprise", "2025-09")
    found = {row["enterprise_id"] for row in rows}
    recall, false = len(found & silent) / len(silent), len(found - silent)
    assert recall >= 0.8 and false == 0
    assert all(row["corrected_probability"] <= 0.1 and "待核实" in row["evidence"] for row in rows)
