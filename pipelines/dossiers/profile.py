"""建档单位事故情形: how injuries happen in each unit that gets a dossier, beside the rest of its like.

Belongs here: which cases a unit is compared with, what is notable, names of values.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipelines import engine, patterns, rates
from pipelines.classification import Classification
from pipelines.contracts.dossiers import ENTERPRISE_PROFILE
from pipelines.deliveries import Deliveries
from pipelines.dossiers import trend
from pipelines.lazy import Computed, Query, Stored
from pipelines.stats import enrichment
from pipelines.workspace import Workspace

LEAST_PEER_CASES = 30
"""Cases that a division or section must have beyond the unit's own, or the next wider one is compared with."""
SCOPES = ("division", "section", "all")


class Records(NamedTuple):
    """The cases that circumstances are counted from."""

    claim: Stored
    timed_claim: Stored


class Beside(NamedTuple):
    """What a unit's circumstances are compared with: how many cases have each value there, the unit's own among them."""

    name: str
    cases: int
    by_value: Mapping[str, int]


def enterprise_profile(place: Workspace, known: Deliveries, sources: trend.Sources, records: Records) -> Computed:
    """The table of a month."""
    spans = trend.spans_of(sources, known.as_of)
    inputs = {**sources._asdict(), **records._asdict()}
    if not spans:
        return Computed(ENTERPRISE_PROFILE.schema.empty_table(), inputs)
    first = spans[-1].first_month
    wanted = trend.wanted(place, sources.decided_enterprise, known.as_of)
    read = {"wanted": wanted, "enterprise": sources.enterprise, **records._asdict()}
    values = {"first_month": first, "as_of": known.as_of}
    counted = engine.fetch(Query("marts/profile_count.sql", read, values), place.core).to_pylist()
    industries = {unit["enterprise_id"]: unit for unit in trend.units_of(place, sources, known.as_of)}
    tree = rates.classification_of(sources.enterprise, place.settings().classification)
    common = {"as_of_month": known.as_of, "definition": definition(first, known.as_of)}
    return Computed(profile_table(counted, industries, tree, common), inputs)


def profile_table(
    counted: Iterable[Mapping], industries: Mapping[str, Mapping], tree: Classification, common: Mapping
) -> pa.Table:
    """The rows from profile_count.sql; `industries` = the units by number with industry_1 and industry_2."""
    by_scope: dict[tuple[str, str, str], Counter[str]] = {}
    for row in counted:
        key = row["scope_kind"], row["scope"], row["dimension"]
        by_scope.setdefault(key, Counter())[row["value"]] = row["observed_cases"]
    rows = []
    for (kind, unit, dimension), values in sorted(by_scope.items()):
        if kind == "unit" and unit in industries:
            cases = sum(values.values())
            beside = _beside(by_scope, industries[unit], dimension, cases, tree)
            rows += [_row(unit, dimension, value, values[value], cases, beside) for value in sorted(values)]
    for row, found in zip(rows, _compared(rows), strict=True):
        row |= {**common, **found}
    return pa.Table.from_pylist([{name: row[name] for name in ENTERPRISE_PROFILE.names} for row in rows],
                                ENTERPRISE_PROFILE.schema)


def _beside(by_scope: Mapping, unit: Mapping, dimension: str, own: int, tree: Classification) -> Beside:
    """The division, the section or the whole city, the first with enough other cases."""
    codes = {"division": unit["industry_2"], "section": unit["industry_1"], "all": rates.WHOLE}
    for kind in SCOPES:
        values = by_scope.get((kind, codes[kind] or "", dimension), Counter()) if codes[kind] else Counter()
        if sum(values.values()) - own >= LEAST_PEER_CASES or kind == "all":
            return Beside(rates.industry_name(codes[kind], tree) or codes[kind], sum(values.values()), values)
    raise AssertionError("the whole city is always there")


def _row(unit: str, dimension: str, value: str, observed: int, cases: int, beside: Beside) -> dict:
    others, hits = beside.cases - cases, beside.by_value[value] - observed
    return {
        "enterprise_id": unit, "dimension": dimension, "value": value, "value_name": patterns.value_name(dimension, value),
        "cases": cases, "observed_cases": observed, "share_pct": 100 * observed / cases, "peers": beside.name,
        "peer_cases": others, "peer_share_pct": 100 * hits / others if others else None,
        "all_observed": beside.by_value[value], "all_cases": beside.cases,
    }


def _compared(rows: list[dict]) -> list[dict]:
    """Each row beside the rest of its like; few others say nothing."""
    names = ("observed_cases", "cases", "all_observed", "all_cases")
    observed, cases, all_observed, all_cases = (np.array([row[name] for row in rows], np.int64) for name in names)
    found = np.stack(enrichment.beside_rest(observed, cases, all_observed, all_cases), axis=1)
    found[all_cases - cases < LEAST_PEER_CASES] = np.nan
    corrected = enrichment.benjamini_hochberg(found[:, 4])
    notable = (observed >= patterns.LEAST_CASES) & (corrected <= patterns.MOST_RATE)
    columns = ("expected_cases", "ratio", "ratio_low", "ratio_high", "probability", "corrected_probability")
    return [{**dict(zip(columns, patterns.or_none(values), strict=True)), "is_notable": bool(flag)}
            for values, flag in zip(np.column_stack([found, corrected]), notable, strict=True)]


def definition(first: int, last: int) -> str:
    """How the table was made, in words."""
    window = " 至 ".join(f"{month // 100}-{month % 100:02d}" for month in (first, last))
    return (f"{window} 按政策口径计入的工伤；应有＝按同行业其余单位的占比（超几何分布），"
            f"大类其余不足 {LEAST_PEER_CASES} 例的用门类，再不足的用全市；"
            f"明显偏多＝至少 {patterns.LEAST_CASES} 例且按所看的全部情形校正后概率不超过 {patterns.MOST_RATE:g}；"
            "职业病的日期为诊断日期，不计时间")
