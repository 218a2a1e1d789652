"""上下班交通事故多发单位: units with more commuting injuries than their heads, industry and county explain.

Belongs here: which units and cases are looked at, what is expected of each, which are kept, the evidence in words. Where
accidents happen is no matter of a unit's.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import engine, outlook, rates, tracking_rules
from pipelines.completeness import Completeness
from pipelines.contracts import codes
from pipelines.contracts.commuters import COMMUTING_ENTERPRISE
from pipelines.deliveries import Deliveries
from pipelines.development import counted_claim
from pipelines.lazy import Computed, Query, Stored
from pipelines.periods import Period
from pipelines.policy import Policy
from pipelines.stats import enrichment, norms, shrinkage
from pipelines.stats.posterior import Posterior
from pipelines.workspace import Workspace

CLAUSE, GROUP = "14-6", "commuting"
YEARS = 3
LEAST_CASES, MOST_FALSE = 3, 0.1
"""From how many cases, and up to which false discovery rate, a unit is notable."""
KEPT = 200
TAIL = 0.1
"""What lies beyond either limit of a ratio's interval."""
LEAST_ALIKE = 2
"""Fewer cases of the same hour or transport are not usual."""
CAVEAT = "说的是上下班路上，不是厂内安全好坏"


class Sources(NamedTuple):
    """The tables of a month that the list stands on."""

    enterprise: Stored
    enterprise_year: Stored
    claim: Stored
    payout: Stored
    claim_development: Stored


class Units(NamedTuple):
    """Arrays over the units with heads, by number; years side by side, the newest first.

    person_years, injuries  shape (units, years), 0 where there were none; division, district  codes, None = not known
    """

    unit: np.ndarray
    division: np.ndarray
    district: np.ndarray
    is_closed: np.ndarray
    person_years: np.ndarray
    injuries: np.ndarray


class Found(NamedTuple):
    """What was found of the units: arrays over them, and the variance of their true ratios to the norm.

    observed, expected  cases of all years together; excess  a year, with the cases that are not known yet
    """

    observed: np.ndarray
    expected: np.ndarray
    ratio: Posterior
    excess: np.ndarray
    tail: np.ndarray
    corrected: np.ndarray
    variance: float


def commuting_enterprise(place: Workspace, known: Deliveries, sources: Sources) -> Computed:
    """The table of a month."""
    inputs, spans = sources._asdict(), years(sources.enterprise_year, known.as_of)
    rule = commuting_rule(place.policy())
    units = _units(place, sources, spans, rule, known.as_of) if spans and known.has("claim") else None
    if units is None or not units.injuries.sum():
        return Computed(COMMUTING_ENTERPRISE.schema.empty_table(), inputs)
    complete = Completeness.read(sources.claim_development, tracking_rules.load().development)
    found = compared(units, _shares(complete, spans), sum(span.months_covered for span in spans) / 12)
    rows = listed(units, found)
    wanted = pa.table({"enterprise_id": pa.array([row["enterprise_id"] for row in rows], pa.string())})
    named = engine.fetch(Query("marts/unit_name.sql", {"wanted": wanted, "enterprise": sources.enterprise}), place.core)
    told = usual(engine.fetch(_cases(sources, wanted, spans, rule), place.core).to_pylist())
    tree = rates.classification_of(sources.enterprise, place.settings().classification)
    who = {row["enterprise_id"]: {**row, "industry_name": rates.industry_name(row["industry_named"] or rates.UNKNOWN, tree)}
           for row in named.to_pylist()}
    said = {"as_of_month": known.as_of, "definition": definition(spans, found, len(units.unit), complete)}
    return Computed(commuting_table(rows, who, told, _months(spans), said), inputs)


def years(enterprise_year: Stored, as_of: int) -> list[Period]:
    """近三年: the last three whole years for which premiums are known, the newest first."""
    first = as_of // 100 - YEARS + (as_of % 100 == 12)
    spans = outlook.used(outlook.years(as_of, *rates.months_covered(enterprise_year)))
    return [span for span in spans if span.first_year >= first and not span.is_to_date]


def commuting_rule(policy: Policy) -> Policy:
    """The policy with commuting injuries alone, by the day of the accident, whatever it counts itself."""
    rate = replace(policy.rate, clauses=(CLAUSE,), date="accident", counts_projects=False, counts_old_injuries=False)
    return replace(policy, rate=rate)


def _units(place: Workspace, sources: Sources, spans: list[Period], rule: Policy, as_of: int) -> Units | None:
    tables = rates.Sources(sources.enterprise, sources.enterprise_year, sources.claim, sources.payout)
    counted = rates.counted(tables, sources.claim, spans, rule)
    query = Query("marts/commuting_unit.sql", {"unit_year": counted, "enterprise": sources.enterprise}, {"as_of": as_of})
    return side_by_side(engine.fetch(query, place.core), [span.period for span in spans])


def side_by_side(table: pa.Table, periods: list[str]) -> Units | None:
    """Reads commuting_unit.sql; None without any row."""
    if not table.num_rows:
        return None
    table = table.sort_by([("enterprise_id", "ascending"), ("period", "ascending")])
    unit, first, place = np.unique(
        table["enterprise_id"].to_numpy(zero_copy_only=False).astype(str), return_index=True, return_inverse=True)
    column = pc.index_in(table["period"], pa.array(periods)).to_numpy(zero_copy_only=False)
    person_years, injuries = np.zeros((len(unit), len(periods))), np.zeros((len(unit), len(periods)), np.int64)
    person_years[place, column] = pc.cast(table["person_months"], pa.float64()).to_numpy(zero_copy_only=False) / 12
    injuries[place, column] = table["injuries"].to_numpy()
    division, district, closed = (
        table[name].to_numpy(zero_copy_only=False)[first] for name in ("industry_2", "district_code", "is_cancelled"))
    return Units(unit.astype(object), division, district, closed.astype(bool), person_years, injuries)


def _shares(complete: Completeness, spans: list[Period]) -> np.ndarray:
    """The share of each year's commuting injuries that is known by now; 1 where nothing is estimated."""
    shares = [complete.of_period(GROUP, span) for span in spans]
    return np.array([1.0 if share is None else share for share in shares])


def compared(units: Units, completeness: np.ndarray, length: float) -> Found:
    """Each unit beside what its heads, industry and county let expect.

    completeness  share of each year's injuries that is known by now, shape (years,); exposure counts by that share
    length        of all years together, in years
    """
    exposure = units.person_years * completeness
    observed = (units.injuries * (exposure > 0)).sum(axis=1)
    keys = (_places(units.division), _places(units.district))
    fitted = norms.fit(exposure, units.injuries, keys, np.zeros(exposure.shape, np.int64)).expected
    fitted *= observed.sum() / fitted.sum()
    yearly = (fitted / np.where(completeness > 0, completeness, 1)).sum(axis=1) / length
    expected = fitted.sum(axis=1)
    variance = shrinkage.between(observed, expected)
    ratio = shrinkage.shrink(observed, expected, variance)
    tail = enrichment.beside_norm(observed, expected, variance)
    return Found(observed, expected, ratio, (ratio.mean - 1) * yearly, tail, enrichment.benjamini_hochberg(tail), variance)


def _places(values: np.ndarray) -> np.ndarray:
    """The index of each code among the distinct ones, -1 = not known."""
    index = pc.fill_null(pc.dictionary_encode(pa.array(values, pa.string())).indices, -1)
    return index.to_numpy(zero_copy_only=False).astype(np.int64)


def listed(units: Units, found: Found) -> list[dict]:
    """The first open units by excess and every notable one, without names; the rank is that among all of an excess."""
    observed, person_years = found.observed, units.person_years.sum(axis=1)
    notable = (observed >= LEAST_CASES) & (found.corrected <= MOST_FALSE)
    low, high = found.ratio.quantile(TAIL), found.ratio.quantile(1 - TAIL)
    order = np.lexsort((units.unit.astype(str), -observed, -found.excess))
    rows = []
    for rank, at in enumerate(order[(found.excess > 0)[order] & ~units.is_closed[order]].tolist(), 1):
        if rank <= KEPT or notable[at]:
            rows.append({
                "rank": rank, "enterprise_id": units.unit[at], "person_years": float(person_years[at]),
                "observed_cases": int(observed[at]), "expected_cases": float(found.expected[at]),
                "ratio": float(found.ratio.mean[at]), "ratio_low": float(low[at]), "ratio_high": float(high[at]),
                "excess_cases": float(found.excess[at]), "probability": float(found.tail[at]),
                "corrected_probability": float(found.corrected[at]), "is_notable": bool(notable[at])})
    return rows


def _cases(sources: Sources, wanted: pa.Table, spans: list[Period], rule: Policy) -> Query:
    inputs = {"counted_claim": counted_claim(sources.claim, rule), "claim": sources.claim, "wanted": wanted}
    return Query("marts/commuting_case.sql", inputs, {"first_month": spans[-1].first_month, "last_month": spans[0].last_month})


def usual(cases: Iterable[Mapping]) -> dict[str, dict[str, str | None]]:
    """Unit -> the two hours and the transport that most of its cases share, in words; from commuting_case.sql."""
    hours, transports = defaultdict[str, Counter[str]](Counter), defaultdict[str, Counter[str]](Counter)
    for row in cases:
        if row["accident_hour"] is not None:
            start = row["accident_hour"] // 2 * 2
            hours[row["enterprise_id"]][f"{start:02d}:00–{start + 1:02d}:59"] += row["cases"]
        if row["transport"] is not None:
            transports[row["enterprise_id"]][codes.TRANSPORT[row["transport"]][0]] += row["cases"]
    return {unit: {"usual_hour": _most(hours[unit]), "usual_transport": _most(transports[unit])}
            for unit in {*hours, *transports}}


def _most(counted: Counter[str]) -> str | None:
    """The most frequent value, the first by name among equals, with how many of all known cases have it."""
    value, cases = min(counted.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
    return f"{value}（{cases}/{counted.total()} 例）" if cases >= LEAST_ALIKE else None


def commuting_table(rows: Iterable[Mapping], who: Mapping[str, Mapping], told: Mapping[str, Mapping], window: str,
                    common: Mapping) -> pa.Table:
    """The rows with names, circumstances and evidence; `who` and `told` by unit, `common` = as_of_month and definition."""
    made = []
    for row in rows:
        full = {**who.get(row["enterprise_id"], {}), **told.get(row["enterprise_id"], {}), **row, **common}
        full["evidence"] = evidence(full, window)
        made.append({name: full.get(name) for name in COMMUTING_ENTERPRISE.names})
    return pa.Table.from_pylist(made, COMMUTING_ENTERPRISE.schema)


def evidence(row: Mapping, window: str) -> str:
    """Why the unit is listed, in words."""
    chance = "单位间的常见差别和偶然难以解释" if row["is_notable"] else "不能排除偶然"
    said = [f"{window}共 {row['person_years']:,.0f} 人年，上下班途中（{CLAUSE}）认定工伤 {row['observed_cases']:,} 人次，"
            f"按人数、行业和区县一般应为 {row['expected_cases']:.2f} 人次，收缩后为其 {row['ratio']:.2f} 倍"
            f"（80 % 区间 {row['ratio_low']:.2f}–{row['ratio_high']:.2f}）",
            f"每年约多 {row['excess_cases']:.2f} 人次，{chance}"]
    circumstances = {"时间": row.get("usual_hour"), "交通方式": row.get("usual_transport")}
    said += [f"常见{what} {told}" for what, told in circumstances.items() if told]
    return "；".join([*said, CAVEAT]) + "。"


def _months(spans: list[Period]) -> str:
    first, last = spans[-1].first_month, spans[0].last_month
    return f"{first // 100}-{first % 100:02d} 至 {last // 100}-{last % 100:02d} "


def definition(spans: list[Period], found: Found, units: int, complete: Completeness) -> str:
    """How the table was made, in words."""
    late = "各年人年按上下班案件的认定完整度折算" if complete.shares[GROUP] else complete.said
    return (
        f"{_months(spans)}的事故，{CLAUSE} 认定工伤或视同工伤，不含建设项目和老工伤；"
        f"应有＝人年×全市发生率×行业大类系数×区县系数（系数向 1 收缩，全市合计与实际相等），{late}；"
        "比值按 Gamma–Poisson 收缩；每年超额＝（比值－1）×每年应有；"
        f"偏多概率＝负二项分布上尾（单位间方差 {found.variance:.2f}，按最大似然），"
        f"按全部 {units:,} 家有人年的单位校正；明显偏多＝至少 {LEAST_CASES} 人次且校正后不超过 {MOST_FALSE:g}；"
        f"列出现存单位中每年超额为正的前 {KEPT} 家和全部明显偏多的，派遣人数无从得知的不计；{CAVEAT}")
