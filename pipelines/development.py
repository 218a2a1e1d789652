"""How late claims become known: which count, since when records are full, the triangle of a month, its completeness by group.

Belongs here: what joins counted claims to stats/chain_ladder.py. Months are numbered year × 12 + month (month_number) where they
are counted with. What a window still lacks is completeness.py.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipelines import engine, standing, tracking_rules
from pipelines import policy as policies
from pipelines.contracts.tracking import CLAIM_DEVELOPMENT, GROUPS
from pipelines.deliveries import Deliveries
from pipelines.lazy import Computed, Input, Query, Stored
from pipelines.periods import months_between
from pipelines.policy import Policy
from pipelines.stats import chain_ladder
from pipelines.stats.chain_ladder import Development, Limits
from pipelines.tracking_rules import DevelopmentRules
from pipelines.workspace import Workspace

WHOLE, OTHER = "all", "other"
# The exports do not yet cover a month with less than this part of the usual decisions, nor one before a gap of at least so many
# months in which, at the mean frequency, so many decisions would have been expected (none would come by chance once in 1,000).
THIN, GAP, EXPECTED_IN_GAP = 0.1, 3, 7
MOST_UNDATED = 0.1
# Records may begin so many months late and still count for the whole year: the first decisions follow the first accidents.
LATE_BEGIN = 3


def counted_claim(claim: Input, policy: Policy) -> Query:
    """The cases of `claim` that count under the policy's definition, and the month that each counts in."""
    return Query("marts/counted_claim.sql", {
        "claim": claim, "definition": policies.definition_table(policy), "clause": policies.clause_table(policy)})


def timed_claim(known: Deliveries, claim: Input, policy: Policy) -> Query:
    """The cases of `claim` that count under the policy, with how late each was known; both as of the deliveries' month."""
    batches = known.batches("claim")
    number = [month_number(batch) for batch in batches]
    delivered = pa.table({"batch_month": pa.array(batches, pa.int32()), "month_number": pa.array(number, pa.int32()),
                          "month_before": pa.array([0, *batches][:len(batches)], pa.int32())})
    inputs = {"counted_claim": counted_claim(claim, policy), "claim_row": known.of("claim"),
              "claim_link": standing.claim_link(known), "claim_batch": delivered}
    return Query("marts/timed_claim.sql", inputs)


def claim_development(place: Workspace, known: Deliveries, timed: Stored) -> Computed:
    """申报滞后 of the month, from its timed claims."""
    common = {"as_of_month": known.as_of, "definition": policies.rate_definition(place.policy())}
    table = development_table(counts(known, timed, place.core), tracking_rules.load().development, common)
    return Computed(table, {"timed_claim": timed})


def month_number(month: int) -> int:
    """yyyymm as year × 12 + month; `yyyymm` is its inverse.

    >>> month_number(202401) - month_number(202312), yyyymm(month_number(202412))
    (1, 202412)
    """
    return month // 100 * 12 + month % 100


def yyyymm(number: int) -> int:
    """The month that month_number made a number of."""
    return (number - 1) // 12 * 100 + (number - 1) % 12 + 1


def holds_year(known_from: int | None, year: int) -> bool:
    """Whether records that are full from a month (yyyymm) on hold all of a year."""
    return known_from is not None and months_between(year * 100 + 1, known_from) <= LATE_BEGIN


class Counts(NamedTuple):
    """Numbers of cases by group, month and delay in months (-1 = not known), and the months between which they are known."""

    group: np.ndarray
    month: np.ndarray
    delay: np.ndarray
    claims: np.ndarray
    known_from: int | None
    known_to: int

    def of(self, group: str) -> "Counts":
        """Those of one group."""
        at = self.group == group if group != WHOLE else np.ones(len(self.group), bool)
        return self._replace(**{name: getattr(self, name)[at] for name in ("group", "month", "delay", "claims")})


def counts(known: Deliveries, counted: Input, scratch: Path) -> Counts:
    """The counts behind a triangle, from the counted claims as of the deliveries' month."""
    found = engine.fetch(Query("marts/development_count.sql", {"timed_claim": counted}), scratch).to_pydict()
    month = np.array([month_number(month) for month in found["event_month"]], int)
    delay = np.array([-1 if late is None else late for late in found["months_to_known"]], int)
    claims = np.array(found["claims"], int)
    as_of = month_number(known.as_of)
    opening, *later = [month_number(batch) for batch in known.batches("claim")] or [as_of]
    known_to = max(min(as_of, opening), *(batch for batch in later if batch <= as_of), 0)
    return Counts(np.array(found["development_group"], object), month, delay, claims,
                  _known_from(month, delay, claims, opening), known_to)


def _known_from(month: np.ndarray, delay: np.ndarray, claims: np.ndarray, opening: int) -> int | None:
    """The first month from which decisions are delivered in full; after the opening delivery where that has no decision dates."""
    is_old = month <= opening
    undated = claims[is_old & (delay < 0)].sum()
    if undated > MOST_UNDATED * claims[is_old].sum():
        return opening + 1
    decided = np.bincount((month + delay)[delay >= 0], claims[delay >= 0])
    if not decided.any():
        return None
    full = np.flatnonzero(decided >= max(THIN * np.median(decided[decided > 0]), 1))
    gap = max(GAP, EXPECTED_IN_GAP * (full[-1] - full[0] + 1) / decided.sum())
    breaks = np.flatnonzero(np.diff(full) > gap)
    return int(full[breaks[-1] + 1 if len(breaks) else 0])


def triangle(counts: Counts, first: int, ages: int) -> np.ndarray:
    """Cumulative counts, shape (months from `first` to the last known one, ages); NaN where a month is not that old yet."""
    months = counts.known_to - first + 1
    table = np.zeros((months, ages))
    used = (counts.delay >= 0) & (counts.delay < ages) & (counts.month >= first) & (counts.month <= counts.known_to)
    np.add.at(table, (counts.month[used] - first, counts.delay[used]), counts.claims[used])
    is_seen = np.arange(months)[:, None] + np.arange(ages) < months
    return np.where(is_seen, table.cumsum(axis=1), np.nan)


class Pattern(NamedTuple):
    """What a group's completeness stands on; `development` is None where it is not estimated, and `reason` says why."""

    source: str
    development: Development | None
    reason: str


def patterns(found: Counts, rules: DevelopmentRules) -> dict[str, Pattern]:
    """The development of every group: its own, that of all where its cases are too few, or none."""
    first = max(found.known_from or found.known_to + 1, found.known_to - rules.history_months + 1)
    age = min(rules.horizon_months, found.known_to - first + 1 - rules.least_accident_months)
    if age < rules.least_months:
        return dict.fromkeys(GROUPS, Pattern("none", None, _too_short(found, age, rules)))
    tables = {group: triangle(found.of(group), first, age + 1) for group in GROUPS}
    number = {group: int(np.nanmax(table, axis=1).sum()) for group, table in tables.items()}
    made: dict[str, Pattern] = {}
    for group, table in tables.items():
        if number[group] >= rules.least_claims:
            made[group] = Pattern("own", chain_ladder.of_counts(chain_ladder.chain_ladder(table)), "")
        elif number[WHOLE] >= rules.least_claims:
            made[group] = made[WHOLE]._replace(source="pooled", reason=f"本组只有 {number[group]} 件，用全部的规律")
        else:
            made[group] = Pattern("none", None, f"全部只有 {number[WHOLE]} 件，少于 {rules.least_claims} 件，不估计")
    return made


def _too_short(found: Counts, age: int, rules: DevelopmentRules) -> str:
    if found.known_from is None:
        return "没有计入的工伤认定，不估计"
    begins = yyyymm(found.known_from)
    return (f"认定自 {begins // 100}-{begins % 100:02d} 起才齐，只能看到事故后 {max(age, 0)} 个月，"
            f"少于 {rules.least_months} 个月，不估计")


def development_table(found: Counts, rules: DevelopmentRules, common: Mapping) -> pa.Table:
    """The rows of claim_development; `common` = as_of_month, definition."""
    made = patterns(found, rules)
    known_from = found.known_from and yyyymm(found.known_from)
    common = {**common, "known_from_month": known_from, "known_to_month": yyyymm(found.known_to)}
    rows = [
        {**common, "development_group": group, "pattern": made[group].source, "reason": made[group].reason or None, **row}
        for group in GROUPS for row in _rows_of(found.of(group), made[group], rules)
    ]
    return pa.Table.from_pylist(rows, schema=CLAIM_DEVELOPMENT.schema)


def _rows_of(found: Counts, pattern: Pattern, rules: DevelopmentRules) -> list[dict]:
    """One group's rows: every age up to the horizon, with the month of accidents that is of that age now."""
    ages = np.arange(rules.horizon_months + 1)
    known = np.array([found.claims[found.month == found.known_to - age].sum() for age in ages])
    rows = [{"months_since": int(age), "accident_month": yyyymm(found.known_to - int(age)), "claims_known": int(known[age]),
             "is_beyond": True, "is_stable": False} for age in ages]
    if pattern.development is None:
        return rows
    development = pattern.development
    share = chain_ladder.completeness(development)
    seen = ages[:len(share.estimate)]
    total = chain_ladder.expected_total(development, known[seen].astype(float), seen)
    for age in seen:
        rows[age] |= {"is_beyond": False, **_row_of(int(age), development, share, rules)}
        if share.estimate[age] * 100 >= rules.least_completeness_pct and (known[age] or share.estimate[age] == 1):
            names = ("claims_expected", "claims_expected_low", "claims_expected_high")
            rows[age] |= {name: float(values[age]) for name, values in zip(names, total, strict=True)}
    for row in rows[len(seen):]:
        row["reason"] = f"超出可观察的 {len(seen) - 1} 个月"
    return rows


def _row_of(age: int, development: Development, share: Limits, rules: DevelopmentRules) -> dict:
    estimate, low, high = (_known(values[age] * 100) for values in share)
    made = {
        "completeness_pct": estimate, "completeness_low_pct": low, "completeness_high_pct": high,
        "is_stable": low is not None and high is not None and high - low <= rules.stable_points,
    }
    if age < len(development.factor):
        made |= {"development_factor": _known(development.factor[age]), "claims": int(development.later[age]),
                 "accident_months": int(development.origins[age])}
    return made


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
