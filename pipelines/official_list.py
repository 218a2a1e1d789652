"""The lists of a month under the policy: facts fetched, rule applied, names added.

Belongs here: which queries the lists read. The rule's logic is in targeting/.
"""

import csv
from collections.abc import Callable, Iterable
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import classification, engine, issue, periods, rates, standing
from pipelines import policy as policies
from pipelines import served as serving
from pipelines.deliveries import Deliveries
from pipelines.lazy import Computed, Input, Query, Stored
from pipelines.listed import listed_enterprise
from pipelines.policy import Criterion, Policy
from pipelines.targeting import certainty, rows
from pipelines.targeting.choice import Chooser
from pipelines.targeting.criteria import PREMIUM_RATE, addressed, usable
from pipelines.targeting.facts import Facts
from pipelines.workspace import Workspace

REGION_DIGITS = {"whole": 0, "4": 4, "6": 6, "text": 99, "agency": 0}
PHASES = ("1", "0.8", "0.5")


class Tables(NamedTuple):
    """The month's tables that the lists read."""

    enterprise: Stored
    enterprise_year: Stored
    enterprise_risk: Stored
    enterprise_outlook: Stored
    designation: Stored
    decision: Stored
    programme: Stored


def priority_enterprise(
    place: Workspace, known: Deliveries, tables: Tables, ranking: certainty.Ranking = certainty.by_excess
) -> Computed:
    """一企一策建议名单: one list per region of the settings; `ranking` says how sure each unit's place is."""
    policy, rule = place.policy(), place.policy().rule
    said, has = _said(place, known, tables, policy, (*rule.criteria, *rule.also)), _sources(known, tables)
    (criteria, left_out), (also, _) = usable(rule.criteria, has), usable(rule.also, has)
    said = said._replace(common={**said.common, "definition": _definition(policy, known, left_out)})
    choice = Chooser(policy, said.facts, criteria, also).choose()
    sure = certainty.of_regions(said.facts.table, said.facts.region[1], choice.able, rule.places, ranking)
    details = _details(place, tables, rows.ids_of(said.facts, choice.kept))
    inputs: dict[str, Input] = {**tables._asdict(), **settled(place, known.as_of)}
    return Computed(rows.priority_rows(said, choice, sure, criteria, also, details), inputs)


def outreach_enterprise(place: Workspace, known: Deliveries, tables: Tables) -> Computed:
    """宣传培训重点企业, for policies that ask for them."""
    policy = place.policy()
    asked = policy.outreach.criteria if policy.outreach else ()
    criteria, left_out = usable(asked, _sources(known, tables))
    said = _said(place, known, tables, policy, asked)
    said = said._replace(common={**said.common, "definition": _definition(policy, known, left_out)})
    met, wanted = addressed(policy, said.facts, criteria)
    details = _details(place, tables, rows.ids_of(said.facts, wanted))
    inputs: dict[str, Input] = {**tables._asdict(), **settled(place, known.as_of)}
    return Computed(rows.outreach_rows(said, criteria, wanted, met, details), inputs)


def chooser(place: Workspace, known: Deliveries, tables: Tables) -> Chooser:
    """The policy's steps over the units of a month, for back-tests."""
    rule, has = place.policy().rule, _sources(known, tables)
    said = _said(place, known, tables, place.policy(), rule.criteria)
    return Chooser(place.policy(), said.facts, usable(rule.criteria, has)[0])


def settled(place: Workspace, as_of: int) -> dict[str, pa.Table]:
    """What the lists stand on beside tables: the policy, the division into regions, the archive where the policy asks for it."""
    policy = place.policy()
    asks = policy.rule.limits.served_within_years is not None
    archive = issue.issued_table(place, as_of if asks else 0)
    return {"rule": policies.rule_table(policy, place.settings().regions), "issued": archive}


def _said(place: Workspace, known: Deliveries, tables: Tables, policy: Policy, asked: Iterable[Criterion]) -> rows.Wording:
    tree = rates.classification_of(tables.enterprise, place.settings().classification)
    spans = {span.period: span for span in rates.periods_of(tables.enterprise_year, known.as_of)}
    facts = _facts(place, known, tables, [word for criterion in asked for word in criterion.words], tree.name)
    return rows.Wording(policy, facts, spans, tree, {"as_of_month": known.as_of})


def _sources(known: Deliveries, tables: Tables) -> Callable[[str], bool]:
    """Whether a source is there: a kind of export, or the premium rates, which a premium file may lack."""
    rates_known = pc.count(tables.enterprise_year.columns("unit_rate")["unit_rate"]).as_py() > 0
    return lambda source: rates_known if source == PREMIUM_RATE else known.has(source)


def _definition(policy: Policy, known: Deliveries, left_out: list[Criterion]) -> str:
    said = [f"政策：{policy.title}（{policy.source}）", policies.entry(policy).rstrip("。"), rates.definition_of(policy, known)]
    said += [f"“{criterion.title}”缺少数据来源，未使用" for criterion in left_out]
    return "；".join(said)


def _facts(place: Workspace, known: Deliveries, tables: Tables, words: list[str], tree: str) -> Facts:
    settings = place.settings()
    by_agency, year = int(settings.regions == "agency"), periods.windows(known.as_of)[0].last_year
    values = {"region_digits": REGION_DIGITS[settings.regions], "by_agency": by_agency, "as_of": known.as_of, "year": year}
    inputs: dict[str, Input] = {
        "enterprise": tables.enterprise, "enterprise_year": tables.enterprise_year, "enterprise_risk": tables.enterprise_risk,
        "enterprise_outlook": tables.enterprise_outlook,
        "premium_rate_change": _premium_rate_change(known, tables, year),
    }
    table = engine.fetch(Query("marts/candidate.sql", inputs, values), place.core).sort_by("enterprise_id")
    return Facts(table, _words(place, tables, words, tree), _served(place, known, tables))


def _served(place: Workspace, known: Deliveries, tables: Tables) -> dict[str, str]:
    """Who was served within the years that the policy names."""
    years = place.policy().rule.limits.served_within_years
    if years is None:
        return {}
    decisions = tables.decision.columns("year", "enterprise_id", "is_selected", "is_latest").to_pylist()
    programmes = tables.programme.columns("year", "enterprise_id", "programme_id").to_pylist()
    return serving.served(known.as_of, years, decisions, programmes, issue.issued_before(place, known.as_of))


def _premium_rate_change(known: Deliveries, tables: Tables, year: int) -> Query:
    ago = known.earlier((year - 1) * 100 + 12)
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


def _words(place: Workspace, tables: Tables, asked: list[str], tree: str) -> dict[str, tuple[str, ...]]:
    """Enterprise -> the plan words asked for that it falls under, in the classification that the city's codes follow."""
    query = listed_enterprise(tables.enterprise, tables.designation, asked, tree)
    found: dict[str, tuple[str, ...]] = {}
    rows = engine.fetch(query, place.core).to_pylist() if asked else []
    for row in sorted(rows, key=lambda row: (row["enterprise_id"], row["word"])):
        found[row["enterprise_id"]] = (*found.get(row["enterprise_id"], ()), row["word"])
    return found


def _details(place: Workspace, tables: Tables, units: list[str]) -> pa.Table:
    wanted = pa.table({"enterprise_id": pa.array(sorted(units), pa.string())})
    inputs = {"wanted": wanted, "enterprise": tables.enterprise, "enterprise_outlook": tables.enterprise_outlook}
    return engine.fetch(Query("marts/listed_name.sql", inputs), place.core)
