"""One city's rate under every definition, year by year, beside what the yearly report says.

Belongs here: what makes rows of counts and heads. What a definition may say is in rate_definitions.py.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import engine, rate_definitions, rates, tracking_rules
from pipelines.completeness import Completeness
from pipelines.contracts.tracking import DEFINITION_COMPARISON
from pipelines.development import WHOLE, holds_year
from pipelines.lazy import Computed, Query, Stored
from pipelines.rate_definitions import RateDefinition
from pipelines.stats.poisson import garwood
from pipelines.workspace import Workspace

WHOLE_YEAR = 12


class Tables(NamedTuple):
    """The month's tables that the comparison reads."""

    enterprise_year: Stored
    claim: Stored
    incident: Stored
    official_total: Stored
    claim_development: Stored


class Facts(NamedTuple):
    """What the rows are made of: counts by (definition, year), heads by year, months covered, yearly reports, first months;
    completeness, and the policy's date that it is for.
    """

    counts: Mapping[tuple[str, int], dict]
    heads: Mapping[int, dict]
    months: Mapping[int, int]
    reports: Mapping[int, list[dict]]
    begins: Mapping[str, int | None]
    complete: Completeness
    date: str


def definition_comparison(place: Workspace, as_of: int, tables: Tables) -> Computed:
    """The mart as of a month."""
    definitions = [rate_definitions.of_policy(place.policy()), *rate_definitions.load()]
    facts = _facts(place, as_of, tables, definitions)
    years = sorted(facts.months) or sorted({year for _, year in facts.counts})
    rows = [{"as_of_month": as_of, **_row(definition, year, facts)} for definition in definitions for year in years]
    for row, low, high in zip(rows, *garwood(np.array([row["numerator"] for row in rows], np.int64)), strict=True):
        row |= _interval(row, low, high)
    return Computed(pa.Table.from_pylist(rows, schema=DEFINITION_COMPARISON.schema), tables._asdict())


def _facts(place: Workspace, as_of: int, tables: Tables, definitions: list[RateDefinition]) -> Facts:
    inputs = {"claim": tables.claim, "incident": tables.incident, **rate_definitions.as_tables(definitions)}
    counted = engine.fetch(Query("marts/definition_count.sql", inputs), place.core).to_pylist()
    query = Query("marts/insured_heads.sql", {"enterprise_year": tables.enterprise_year})
    heads = engine.fetch(query, place.core).to_pylist()
    covered = rates.months_by_year(tables.enterprise_year, as_of).to_pylist()
    reports: dict[int, list[dict]] = {}
    for row in tables.official_total.columns().to_pylist():
        reports.setdefault(row["year"], []).append(row)
    reported = pc.min(tables.incident.columns("reported_on")["reported_on"]).as_py()
    begins = {"claim": tables.claim_development.columns("known_from_month")["known_from_month"][0].as_py(),
              "incident": reported and reported.year * 100 + reported.month}
    return Facts({(row["definition_id"], row["year"]): row for row in counted if row["year"] <= as_of // 100},
                 {row["year"]: row for row in heads}, {row["year"]: row["months"] for row in covered if row["months"]},
                 reports, begins, Completeness.read(tables.claim_development, tracking_rules.load().development),
                 place.policy().rate.date)


def _row(definition: RateDefinition, year: int, facts: Facts) -> dict:
    counted = facts.counts.get((definition.definition_id, year), {})
    made = {
        "definition_id": definition.definition_id, "year": year, "definition_title": definition.title,
        "city": definition.city or None, "numerator": counted.get(definition.unit, 0), "rate_unit": definition.per,
        "months_covered": facts.months.get(year, 0), "source": definition.source, "definition": definition.said,
    }
    reason = _missing(definition, year, facts)
    made |= {"reason": reason, "denominator": None if reason else _denominator(definition, year, facts)}
    if not reason:
        made["rate"] = made["numerator"] * int(definition.per) / made["denominator"]
        made["completeness_pct"] = _completeness(definition, year, facts)
    return {**made, **_beside(definition, {} if reason else made, facts.reports.get(year, []))}


def _missing(definition: RateDefinition, year: int, facts: Facts) -> str | None:
    """Why the definition gives no rate for the year."""
    begins, months = facts.begins[definition.kind], facts.months.get(year, 0)
    if begins is None:
        return "没有工伤事故申报" if definition.kind == "incident" else "没有计入的工伤认定"
    if not holds_year(begins, year):
        return f"{'申报' if definition.kind == 'incident' else '认定'}数据自 {begins // 100}-{begins % 100:02d} 起，该年不全"
    if months < WHOLE_YEAR:
        return f"该年只有 {months} 个月的缴费人数" if months else "没有该年的缴费人数"
    if definition.denominator == "begin_end" and not facts.heads.get(year - 1, {}).get("heads_in_december"):
        return f"没有 {year - 1} 年 12 月的缴费人数"
    return None if _denominator(definition, year, facts) else "该年的缴费人数为 0"


def _denominator(definition: RateDefinition, year: int, facts: Facts) -> float:
    heads = facts.heads[year]
    if definition.denominator == "mean":
        return heads["person_months"] / WHOLE_YEAR
    at_end = heads["heads_in_december"] or 0
    return at_end if definition.denominator == "year_end" else (facts.heads[year - 1]["heads_in_december"] + at_end) / 2


def _completeness(definition: RateDefinition, year: int, facts: Facts) -> float | None:
    """How much of the year is known by now, for definitions by the date that the completeness was estimated for."""
    if (definition.kind, definition.date) != ("claim", facts.date):
        return None
    share = facts.complete.of_months(WHOLE, year * 100 + 1, year * 100 + 12)
    return None if share is None else share * 100


def _interval(row: Mapping, low: float, high: float) -> dict:
    per = row["denominator"] and int(row["rate_unit"]) / row["denominator"]
    return {"rate_low": low * per, "rate_high": high * per} if per else {}


def _beside(definition: RateDefinition, made: Mapping, report: list[dict]) -> dict:
    """The figures of the yearly report that mean the same, and the differences."""
    found, said = {}, []
    for name in ("numerator", "denominator", "rate"):
        row, factor = _official(report, getattr(definition, f"official_{name}"))
        if row is None:
            continue
        stated, computed = row["figure"] * factor, made.get(name)
        found |= {f"official_{name}": stated, f"{name}_difference": None if computed is None else computed - stated}
        said.append(row["indicator"] + (f"（{row['definition']}）" if row["definition"] else ""))
    return {**found, "official_source": "；".join(said) or None}


def _official(report: list[dict], tokens: Iterable[str]) -> tuple[dict | None, float]:
    """The first row of a year's report named by a token (indicator or its code, `*factor` behind it), and its factor."""
    for token in tokens:
        name, _, factor = token.partition("*")
        for row in sorted(report, key=lambda row: (row["indicator"], row["definition"])):
            if name in (row["indicator"], row["indicator_code"]) and row["figure"] is not None:
                return row, float(factor or row["factor"] or 1)
    return None, 1.0
