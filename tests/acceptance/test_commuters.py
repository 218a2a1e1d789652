"""Commuting injuries by enterprise from deliveries: what counts, who is listed, what is said where something is missing."""

import pytest

from pipelines import simulate

MONTH = "2024-12"
NUMBERS = ("A", "B", "C", "D", *(f"U{n}" for n in range(40)))
UNITS = "单位编号,单位名称,行业代码,行政区划代码,注销日期\n" + "".join(
    f"{unit},{unit}厂,3311,430702,{'2024-06-30' if unit == 'C' else ''}\n" for unit in NUMBERS)
CLAIMS = "认定书编号,单位编号,事故时间,认定结论,认定日期,认定依据,建筑项目标识,老工伤标识,交通方式\n"


def claim(number: int, unit: str, when: str, clause: str = "14-6", conclusion: str = "认定工伤", is_project: str = "否",
          is_old: str = "否", transport: str = "") -> str:
    return f"T{number},{unit},{when},{conclusion},{when[:10]},{clause},{is_project},{is_old},{transport}\n"


def build(bureau, *claims: str) -> list[dict]:
    """A city of forty usual units of 10 heads, one in ten of which has a case, and A, B, C and D; all of one trade and county."""
    usual = [claim(900 + n, f"U{n}", f"2022-0{n + 1}-05 12:10") for n in range(4)]
    bureau.deliver(MONTH, 参保单位=UNITS, 单位缴费=bureau.premiums(2021, 2024, **dict.fromkeys(NUMBERS, 10)),
                   工伤认定=CLAIMS + "".join([*claims, *usual]))
    bureau.build(MONTH, until="commuting_enterprise")
    return sorted(bureau.mart("commuting_enterprise", MONTH), key=lambda row: row["rank"])


def test_recognised_commuting_cases_of_three_years_count_and_nothing_else(bureau):
    """A has five that count, two on e-bikes between six and eight; C has closed since; D's all count for nothing."""
    hours = ("06:50", "07:10", "18:20", "", "12:00")
    rows = build(
        bureau, *(claim(n, "A", f"2023-0{n + 1}-03 {hour}".strip(), transport="电动车" if n < 3 else "")
                  for n, hour in enumerate(hours)),
        claim(10, "B", "2022-01-01 08:00"), claim(11, "B", "2024-06-30 08:00", conclusion="视同工伤"),
        *(claim(20 + n, "C", f"2023-0{n + 1}-03 07:00") for n in range(5)),
        claim(30, "D", "2021-12-31 07:00"), claim(31, "D", "2023-05-01 07:00", clause="14-1"),
        claim(32, "D", "2023-05-02 07:00", conclusion="不予认定"), claim(33, "D", "2023-05-03 07:00", conclusion="撤销"),
        claim(34, "D", "2023-05-04 07:00", is_project="是"), claim(35, "D", "2023-05-05 07:00", is_old="是"))
    assert [(row["enterprise_id"], row["observed_cases"]) for row in rows] == [
        ("A", 5), ("B", 2), ("U0", 1), ("U1", 1), ("U2", 1), ("U3", 1)]
    first, second = rows[:2]
    assert (first["enterprise_name"], first["region_code"], first["industry_name"]) == ("A厂", "430702", "金属制品业")
    assert first["person_years"] == 30 and first["expected_cases"] == pytest.approx(16 / 44, abs=1e-4)
    assert (first["usual_hour"], first["usual_transport"]) == ("06:00–07:59（2/4 例）", "电动车（3/3 例）")
    assert second["usual_hour"] == "08:00–09:59（2/2 例）" and second["usual_transport"] is None
    assert "不是厂内安全好坏" in first["evidence"] and "上下班途中（14-6）认定工伤 5 人次" in first["evidence"]
    assert first["definition"].startswith("2022-01 至 2024-12 的事故") and "全部 44 家有人年的单位" in first["definition"]


def test_without_claims_or_premiums_or_cases_nobody_is_listed(bureau):
    bureau.deliver(MONTH, 参保单位=UNITS, 单位缴费=bureau.premiums(2022, 2024, A=10, B=10))
    bureau.build(MONTH, until="commuting_enterprise")
    assert bureau.mart("commuting_enterprise", MONTH) == []
    bureau.deliver("2025-01", 工伤认定=CLAIMS + claim(1, "A", "2023-03-01 08:30", clause="14-1"))
    bureau.build("2025-01", until="commuting_enterprise")
    assert bureau.mart("commuting_enterprise", "2025-01") == []


def test_cases_without_premiums_have_nothing_to_be_compared_with(bureau):
    bureau.deliver(MONTH, 参保单位=UNITS, 工伤认定=CLAIMS + claim(1, "A", "2023-03-01 08:30"))
    bureau.build(MONTH, until="commuting_enterprise")
    assert bureau.mart("commuting_enterprise", MONTH) == []


def test_a_simulated_city_lists_units_that_differ_by_their_own_risk(new_bureau):
    """The simulator draws commuting cases by each unit's own risk: some are above their norm, nobody stands out beyond that."""
    bureau = new_bureau()
    simulate.write_city(bureau.place.raw, bureau.place.raw.parent / "truth", enterprises=800, later=0, seed=8)
    bureau.build("2025-09", until="commuting_enterprise")
    rows = sorted(bureau.mart("commuting_enterprise", "2025-09"), key=lambda row: row["rank"])
    assert rows and len(rows) <= 200 and [row["rank"] for row in rows] == list(range(1, len(rows) + 1))
    excess = [row["excess_cases"] for row in rows]
    assert excess == sorted(excess, reverse=True) and excess[-1] > 0
    assert all(row["ratio_low"] < row["ratio"] < row["ratio_high"] and row["ratio"] > 1 for row in rows)
    assert not any(row["is_notable"] for row in rows)
    assert "2022-10 至 2024-12 " in rows[0]["evidence"]
