"""The lists of a month by the policy's official rule: facts fetched, rule applied, names added.

Belongs here: which queries the lists read. The rule's logic is in targeting.py.
"""

import csv
from collections.abc import Callable
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import classification, engine, periods, rates, standing, targeting
from pipelines import policy as policies
from pipelines.contracts import marts
from pipelines.contracts.model import Table
from pipelines.deliveries import Deliveries
from pipelines.lazy import Computed, Query, Stored
from pipelines.workspace import Workspace

REGION_DIGITS = {"whole": 0, "4": 4, "6": 6, "text": 99, "agency": 0}
PHASES = ("1", "0.8", "0.5")


class Tables(NamedTuple):
    """The month's tables that the lists read."""

    enterprise: Stored
    enterprise_year: Stored
    enterprise_risk: Stored
    designation: Stored


def priority_enterprise(place: Workspace, known: Deliveries, tables: Tables) -> Computed:
    """一企一策建议名单: one list per region of the settings."""
    return _list(place, known, tables, marts.PRIORITY_ENTERPRISE, targeting.suggest)


def outreach_enterprise(place: Workspace, known: Deliveries, tables: Tables) -> Computed:
    """宣传培训重点企业, for policies that ask for them."""
    return _list(place, known, tables, marts.OUTREACH_ENTERPRISE, targeting.outreach)


def _list(place: Workspace, known: Deliveries, tables: Tables, contract: Table, rule: Callable) -> Computed:
    policy = place.policy()
    tree = rates.classification_of(tables.enterprise, place.settings().classification)
    facts = _facts(place, known, tables, policy, tree.name)
    criteria, left_out = targeting.usable_criteria(policy, _sources(known, tables))
    spans = {span.period: span for span in rates.periods_of(tables.enterprise_year, known.as_of)}
    rows = rule(policy, facts, criteria, spans)
    common = {"as_of_month": known.as_of, "definition": _definition(policy, known, criteria, left_out)}
    made = targeting.as_rows(rows, _names(place, tables, rows), contract, common, tree.names)
    rule_table = policies.rule_table(policy, place.settings().regions)
    return Computed(made, {**tables._asdict(), "rule": rule_table})


def _sources(known: Deliveries, tables: Tables) -> Callable[[str], bool]:
    """Whether a source is there: a kind of export, or the premium rates, which a premium file may lack."""
    rates_known = pc.count(tables.enterprise_year.columns("unit_rate")["unit_rate"]).as_py() > 0
    return lambda source: rates_known if source == targeting.PREMIUM_RATE else known.has(source)


def _definition(policy: policies.Policy, known: Deliveries, criteria: list, left_out: list) -> str:
    joined = "且" if policy.rule.enter == "all" else "或"
    entry = joined.join(criterion.title for criterion in criteria) or "无"
    said = [f"政策：{policy.title}（{policy.source}）", f"准入：{entry}", rates.definition_of(policy, known)]
    said += [f"“{criterion.title}”缺少数据来源，未使用" for criterion in left_out]
    return "；".join(said)


def _facts(place: Workspace, known: Deliveries, tables: Tables, policy: policies.Policy, tree: str) -> targeting.Facts:
    settings = place.settings()
    by_agency = int(settings.regions == "agency")
    values = {"region_digits": REGION_DIGITS[settings.regions], "by_agency": by_agency, "as_of": known.as_of}
    year = periods.windows(known.as_of)[0].last_year
    changed = _premium_rate_change(place, known, tables, year)
    inputs = {"enterprise": tables.enterprise, "enterprise_risk": tables.enterprise_risk, "premium_rate_change": changed}
    table = engine.fetch(Query("marts/candidate.sql", inputs, values), place.core).sort_by("enterprise_id")
    return targeting.Facts(table, _words(place, tables, policy, tree))


def _premium_rate_change(place: Workspace, known: Deliveries, tables: Tables, year: int) -> Query:
    ago = place.deliveries(known.raw_file(), (year - 1) * 100 + 12)
    inputs = {
        "enterprise": tables.enterprise, "enterprise_ago": standing.risk_class(ago),
        "enterprise_year": tables.enterprise_year, **_rate_tables(),
    }
    return Query("marts/premium_rate_change.sql", inputs, {"year": year})


def _rate_tables() -> dict[str, pa.Table]:
    """Base rates by risk class, floating tiers, phase factors and the class of each division (人社部发〔2015〕71号)."""
    with (classification.TABLES / "risk_class_rates.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    tiers = sorted({int(row[f"tier{n}_pct"]) for row in rows for n in range(1, 6) if row[f"tier{n}_pct"]})
    classes = classification.risk_classes()
    return {
        "base_rate": pa.table({
            "risk_class": pa.array([int(row["risk_class"]) for row in rows], pa.int16()),
            "base_rate": _decimals(str(float(row["national_base_rate_pct"]) / 100) for row in rows)}),
        "tier": pa.table({"tier": _decimals(str(tier / 100) for tier in tiers)}),
        "phase": pa.table({"phase": _decimals(PHASES)}),
        "division_class": pa.table({"industry_2": list(classes), "risk_class": pa.array(classes.values(), pa.int16())}),
    }


def _decimals(texts) -> pa.Array:
    return pa.array([round(float(text), 6) for text in texts]).cast(pa.decimal128(9, 6))


def _words(place: Workspace, tables: Tables, policy: policies.Policy, tree: str) -> dict[str, tuple[str, ...]]:
    """Enterprise -> the policy's plan words that it falls under, in the classification that the city's codes follow."""
    words = [policies.plan_words()[word] for criterion in policy.rule.criteria for word in criterion.words]
    industries = [(word.word, code) for word in words for code in word.industries.get(tree, ())]
    designations = [(word.word, name) for word in words for name in word.designations]
    inputs = {
        "enterprise": tables.enterprise, "designation": tables.designation,
        "word_industry": _pairs("industry", industries), "word_designation": _pairs("designation", designations),
    }
    found: dict[str, tuple[str, ...]] = {}
    rows = engine.fetch(Query("marts/listed_enterprise.sql", inputs), place.core).to_pylist() if words else []
    for row in sorted(rows, key=lambda row: (row["enterprise_id"], row["word"])):
        found[row["enterprise_id"]] = (*found.get(row["enterprise_id"], ()), row["word"])
    return found


def _pairs(name: str, pairs: list[tuple[str, str]]) -> pa.Table:
    columns = list(zip(*pairs, strict=True)) or [(), ()]
    return pa.table({"word": pa.array(columns[0], pa.string()), name: pa.array(columns[1], pa.string())})


def _names(place: Workspace, tables: Tables, rows: list[dict]) -> pa.Table:
    wanted = pa.table({"enterprise_id": pa.array(sorted({row["enterprise_id"] for row in rows}), pa.string())})
    return engine.fetch(Query("marts/listed_name.sql", {"wanted": wanted, "enterprise": tables.enterprise}), place.core)
