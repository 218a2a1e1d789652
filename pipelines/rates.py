"""Rates by industry and enterprise: the periods, the definition in words, limits beside counts, industries compared.

Belongs here: what joins the counts of sql/marts to stats/poisson.py under a policy.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import classification, engine, periods, standing
from pipelines import policy as policies
from pipelines.completeness import Completeness, completed
from pipelines.contracts.marts import INDUSTRY_RATE
from pipelines.deliveries import Deliveries
from pipelines.development import counted_claim
from pipelines.lazy import Input, Query, Stored
from pipelines.periods import Period
from pipelines.policy import Policy
from pipelines.stats.poisson import garwood

COMPARED_WITH = {"last_year": "year_before", "year_to_date": "same_period_last_year"}
UNKNOWN, WHOLE, UNDIVIDED = "unknown", "all", "*"


class Sources(NamedTuple):
    """The tables of a month that counts by unit and period stand on."""

    enterprise: Stored
    enterprise_year: Stored
    claim: Stored
    payout: Stored


def counted(sources: Sources, claim_year_ago: Input, spans: list[Period], policy: Policy) -> Query:
    """Exposure, injuries and money of each unit in each of the periods, under the policy's definition."""
    return Query("marts/enterprise_period.sql", {
        "enterprise": sources.enterprise, "enterprise_year": sources.enterprise_year, "payout": sources.payout,
        "counted_claim": counted_claim(sources.claim, policy), "counted_claim_year_ago": counted_claim(claim_year_ago, policy),
        "period": periods.as_table(spans), "definition": policies.definition_table(policy)})


def enterprise_period(sources: Sources, year_ago: Deliveries, unit_match: Stored, policy: Policy, as_of: int) -> Query:
    """The counts of a month; `year_ago` = what had been delivered a year before, for the same period at the same age of data."""
    claims = standing.claim(year_ago, standing.standing("appraisal", year_ago), unit_match)
    return counted(sources, claims, periods_of(sources.enterprise_year, as_of), policy)


def enterprise_risk(known: Deliveries, policy: Policy, enterprise: Stored, enterprise_year: Stored, counts: Stored) -> Query:
    """Rates of each unit with their intervals; `counts` = enterprise_period."""
    inputs = {
        "enterprise": enterprise, "enterprise_period": counts,
        "period": periods.as_table(periods_of(enterprise_year, known.as_of)), "garwood_limit": limit_table(counts),
        "source": source_table(known)}
    constants = {"as_of_month": known.as_of, "definition": definition_of(policy, known)}
    return Query("marts/enterprise_risk.sql", inputs, constants=constants)


def months_covered(enterprise_year: Stored) -> tuple[int | None, int | None]:
    """The first and the last month for which premiums are known."""
    months = enterprise_year.columns("first_month", "last_month")
    return pc.min(months["first_month"]).as_py(), pc.max(months["last_month"]).as_py()


def periods_of(enterprise_year: Stored, as_of: int) -> list[Period]:
    """The periods as of a month, cut to the months for which premiums are known."""
    first, last = months_covered(enterprise_year)
    return periods.windows(as_of, first, min(last, as_of)) if first and last and first <= as_of else periods.windows(as_of)


def months_by_year(enterprise_year: Stored, as_of: int) -> pa.Table:
    """year and the number of its months for which premiums are known."""
    first, last = months_covered(enterprise_year)
    years = range(first // 100, as_of // 100 + 1) if first and last else range(0)
    covered = [
        periods.months_between(max(first or 0, year * 100 + 1), min(last or 0, as_of, year * 100 + 12)) for year in years
    ]
    return pa.table({"year": pa.array(years, pa.int32()), "months": pa.array(covered, pa.int16())})


def definition_of(policy: Policy, deliveries: Deliveries) -> str:
    """How rate and pay ratio are defined, and what could not be computed for want of a source."""
    missing = {
        "premium": "没有单位缴费，发生率缺分母", "payout": "没有待遇支付，不计支缴率", "appraisal": "没有劳动能力鉴定，1–4级未知",
    }
    said = [policies.rate_definition(policy), policies.pay_ratio_definition(policy)]
    return "；".join(said + [text for kind, text in missing.items() if not deliveries.has(kind)])


def source_table(deliveries: Deliveries) -> pa.Table:
    """One row for SQL: whether there are payouts at all."""
    return pa.table({"has_payouts": [deliveries.has("payout")]})


def limit_table(enterprise_period: Stored) -> pa.Table:
    """Garwood limits of the expected count for every injury count that occurs."""
    counts = np.sort(pc.unique(enterprise_period.columns("injuries")["injuries"]).to_numpy())
    limits = garwood(counts)
    return pa.table({"injuries": counts, "low": limits.low, "high": limits.high})


def classification_of(enterprise: Stored, setting: str) -> classification.Classification:
    """The classification that the enterprises' codes follow, or that the settings name."""
    if setting != "auto":
        return classification.classifications()[setting]
    counted = pc.value_counts(enterprise.columns("industry_code")["industry_code"].drop_null())
    return classification.detect({row["values"]: row["counts"] for row in counted.to_pylist()})


def industry_table(
    query: Query, scratch: Path, spans: list[Period], tree: classification.Classification, policy: Policy,
    common: Mapping, has_payouts: bool, complete: Completeness,
) -> pa.Table:
    """The rows of industry_injury_rate from the counts of sql/marts/industry_count.sql; `common` = as_of_month, definition."""
    common = {**common, "definition": "；".join(filter(None, [common["definition"], complete.said]))}
    rows = engine.fetch(query, scratch).sort_by([(name, "ascending") for name in INDUSTRY_RATE.grain]).to_pylist()
    by_place = {(row["level"], row["industry_code"], row["period"]): row for row in rows}
    for row, low, high in zip(rows, *garwood(np.array([row["exposed_injuries"] for row in rows], np.int64)), strict=True):
        row.update(_rates(row, low, high, has_payouts))
    windows = {span.period: span for span in spans}
    divisors = {span.period: complete.divisors(span) for span in spans}
    made = [
        {**row, **common, **_compared(row, by_place, policy), **_window(windows[row["period"]]),
         **_completed(row, completed(row, divisors[row["period"]])),
         "classification": tree.name, "industry_name": industry_name(row["industry_code"], tree)}
        for row in rows if row["period"] != "year_before"
    ]
    return pa.Table.from_pylist([{name: row[name] for name in INDUSTRY_RATE.names} for row in made], schema=INDUSTRY_RATE.schema)


def _rates(row: Mapping, low: float, high: float, has_payouts: bool) -> dict:
    """Rates over the units whose heads are known; without any, null."""
    months = row["person_months"]
    per_year = 1200 / months if months else None
    has_ratio = has_payouts and row["premium_yuan"] > 0
    ratio = float(row["payout_yuan"]) * 100 / float(row["premium_yuan"]) if has_ratio else None
    return {
        "person_years": months / 12 if months else None,
        "rate_pct": row["exposed_injuries"] * per_year if per_year else None,
        "rate_low_pct": low * per_year if per_year else None,
        "rate_high_pct": high * per_year if per_year else None,
        "pay_ratio": ratio,
    }


def _compared(row: Mapping, by_place: Mapping, policy: Policy) -> dict:
    """Beside the whole city, the policy's threshold and the year before."""
    whole = by_place[0, WHOLE, row["period"]]["rate_pct"]
    before = by_place.get((row["level"], row["industry_code"], COMPARED_WITH.get(row["period"], "")), {}).get("rate_pct")
    rate = row["rate_pct"]
    difference = None
    if rate is not None and whole is not None:
        difference = "above" if row["rate_low_pct"] > whole else "below" if row["rate_high_pct"] < whole else "none"
    return {
        "difference": difference, "is_above_threshold": None if rate is None else rate > policy.rate.threshold_pct,
        "change_pct": (rate / before - 1) * 100 if rate is not None and before else None,
    }


def _completed(row: Mapping, injuries: float | None) -> dict:
    """What the injuries and the rate come to once late ones are known."""
    rate, known = row["rate_pct"], row["injuries"]
    ratio = None if injuries is None else injuries / known if known else 1.0
    return {"completed_injuries": injuries, "completed_rate_pct": None if rate is None or ratio is None else rate * ratio}


def _window(span: Period) -> dict:
    return {name: getattr(span, name) for name in ("first_month", "last_month", "months_covered", "is_short")}


@cache
def industry_name(code: str, tree: classification.Classification) -> str | None:
    """A code's name; below the named levels, its division's name and the code itself."""
    if code in (WHOLE, UNKNOWN):
        return "全市" if code == WHOLE else "行业不明"
    plain = code.rstrip(UNDIVIDED)
    known = max((prefix for prefix in tree.names if plain.startswith(prefix)), key=len, default="")
    if not known:
        return None
    name = tree.names[known] if known == plain else f"{tree.names[known]}（{plain}）"
    return f"{name}，未细分" if plain != code else name
