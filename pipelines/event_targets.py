"""The kinds of group_target that are told from cases rather than rates: occupational diseases, building projects, platforms.

Belongs here: their order and evidence. None has a rate: a disease reflects years past, a project and a platform have no heads.
"""

from collections.abc import Iterable, Mapping

import numpy as np

from pipelines.group_targets import City

LEAST_BEFORE = 5
LATENCY = "职业病多由多年前的接触引起，所列反映以往的暴露，宜结合现有危害因素核实"


def disease_industries(city: City, cases: Iterable[Mapping], window: str) -> tuple[list[dict], int]:
    """Industries by recognised occupational diseases, beside their share of the city's person-years; and those left out."""
    counted: dict[str, list[int]] = {}
    for row in cases:
        if row["industry_2"]:
            counted.setdefault(row["industry_2"], []).append(row["observed_cases"])
    exposed, whole = _exposed(city), sum(map(sum, counted.values()))
    years = city.units.person_years.sum()
    rows = []
    for code, numbers in counted.items():
        units, own = exposed.get(code, (0, 0.0))
        if units < city.rules.least_units:
            continue
        observed, expected = sum(numbers), whole * own / years
        rows.append({
            "target_key": code, "target_name": city.industry(code), "units": units,
            "person_years": own, "observed_cases": observed, "expected_cases": expected,
            "evidence": f"{window}认定职业病 {observed:,} 例，涉及 {len(numbers):,} 家（该行业共 {units:,} 家）；"
                        f"按人年占全市的比例应为 {expected:.1f} 例。{LATENCY}。"})
    rows.sort(key=lambda row: (-row["observed_cases"], row["expected_cases"], row["target_key"]))
    return rows, len(counted) - len(rows)


def _exposed(city: City) -> dict[str, tuple[int, float]]:
    """Industry -> number of units and person-years."""
    key = city.units.text("industry_2")
    has_key = np.array([code is not None for code in key], bool)
    names, index = np.unique(key[has_key].astype(str), return_inverse=True)
    years = np.bincount(index, city.units.person_years[has_key], len(names))
    units = np.bincount(index, minlength=len(names))
    return {name: (count, own) for name, count, own in zip(names.tolist(), units.tolist(), years.tolist(), strict=True)}


def disease_enterprises(city: City, cases: Iterable[Mapping], window: str) -> list[dict]:
    """Units by recognised occupational diseases; closed ones have nobody left to be reached."""
    rows = [
        {"target_key": row["enterprise_id"], "enterprise_id": row["enterprise_id"], "region_code": row["region_code"],
         "target_name": row["enterprise_name"] or row["enterprise_id"], "industry_name": city.industry(row["industry_2"]),
         "observed_cases": row["observed_cases"], "evidence": f"{window}认定职业病 {row['observed_cases']:,} 例。{LATENCY}。"}
        for row in cases if row["enterprise_id"] and not row["is_cancelled"]]
    rows.sort(key=lambda row: (-row["observed_cases"], row["target_key"]))
    return rows[:city.rules.enterprises]


def projects(found: Iterable[Mapping]) -> list[dict]:
    """Projects under construction: those not insured first (by cost), for insurance; then by injuries."""
    rows = []
    for row in found:
        cost = f"工程合同造价 {row['cost_yuan'] / 10000:,.0f} 万元" if row["cost_yuan"] is not None else "造价未知"
        hurt = f"本项目工伤 {row['observed_cases']:,} 人次（1–4 级 {row['severe']:,}，死亡 {row['deaths']:,}）"
        first = "应保未保（未见参保日期和缴费），先督促参保。" if row["is_insured"] is False else ""
        rows.append({
            "target_key": row["project_id"], "target_name": row["project_name"] or row["project_id"],
            "enterprise_id": row["enterprise_id"], "region_code": row["region_code"],
            **{name: row[name] for name in ("observed_cases", "severe", "deaths", "cost_yuan", "is_insured")},
            "evidence": f"{first}在建，{row['project_kind'] or '类别未填'}，{cost}，施工总承包单位"
                        f"{row['enterprise_name'] or row['enterprise_id'] or '未填'}；{hurt}。"
                        "按造价缴费，没有人数，不计发生率。"})
    rows.sort(key=lambda row: (row["is_insured"] is not False, -row["observed_cases"] if row["is_insured"] is not False else 0,
                               -(row["cost_yuan"] or 0), row["target_key"]))
    return rows


def platforms(found: Iterable[Mapping]) -> list[dict]:
    """Platforms by injuries of the last twelve months, beside the twelve before; those without any are left out."""
    rows = []
    for row in (row for row in found if row["observed_cases"]):
        now, before = row["observed_cases"], row["cases_before"]
        change = 100 * (now / before - 1) if before >= LEAST_BEFORE else None
        more = f"（{'增加' if now > before else '减少'} {abs(change):.0f} %）" if change else ""
        rows.append({
            "target_key": row["platform"], "target_name": row["platform"], "observed_cases": now, "severe": row["severe"],
            "cases_before": before, "change_pct": change,
            "evidence": f"最近十二个月职业伤害 {now:,} 人次，1–4 级 {row['severe']:,} 人次；上年同期 {before:,} 人次{more}。"
                        "没有从业人数，不计发生率，不与参保单位相比。"})
    rows.sort(key=lambda row: (-row["observed_cases"], -row["severe"], row["target_key"]))
    return rows
