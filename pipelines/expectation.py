"""The tables enterprise_history, enterprise_outlook and norm_rate of a month: queries fetched, history fitted, rows made.

Belongs here: which tables and settings expectations read. The arithmetic is outlook.py and stats/.
"""

from typing import NamedTuple

import numpy as np

from pipelines import engine, floating, norm_table, outlook, periods, rates, tracking_rules
from pipelines.classification import Classification
from pipelines.completeness import Completeness
from pipelines.contracts.outlook import ENTERPRISE_OUTLOOK, NORM_RATE
from pipelines.deliveries import Deliveries
from pipelines.development import WHOLE
from pipelines.lazy import Computed, Input, Query, Stored
from pipelines.policy import Policy
from pipelines.rates import Sources
from pipelines.workspace import Workspace

COST_YEARS = 5


def history_query(sources: Sources, policy: Policy, as_of: int) -> Query:
    """enterprise_history: the counts of enterprise_period.sql over single years, side by side."""
    spans = outlook.years(as_of, *rates.months_covered(sources.enterprise_year))
    counted = rates.counted(sources, sources.claim, spans, policy)
    return Query("marts/enterprise_history.sql", {"unit_year": counted, "enterprise": sources.enterprise},
                 {"as_of": as_of})


class Tables(NamedTuple):
    """The month's tables that expectations stand on."""

    enterprise_history: Stored
    claim_development: Stored
    enterprise: Stored
    enterprise_year: Stored
    claim: Stored
    payout: Stored


def enterprise_outlook(place: Workspace, known: Deliveries, tables: Tables) -> Computed:
    """企业预期工伤 of the month."""
    policy, inputs = place.policy(), inputs_of(place, tables)
    past, fitted, _ = fit_history(place, tables, known.as_of)
    if past is None or fitted is None:
        return Computed(ENTERPRISE_OUTLOOK.schema.empty_table(), inputs)
    costs = engine.fetch(_claim_costs(tables, known.as_of), place.core) if known.has("payout") else None
    common = {"as_of_month": known.as_of, "definition": _definition(place, tables, known)}
    return Computed(outlook.outlook_table(past, fitted, policy, costs), inputs, common)


def norm_rate(place: Workspace, known: Deliveries, tables: Tables) -> Computed:
    """行业规模基准 of the month, which another city may be given to begin with."""
    past, fitted, start = fit_history(place, tables, known.as_of)
    inputs = inputs_of(place, tables)
    if past is None or fitted is None:
        return Computed(NORM_RATE.schema.empty_table(), inputs)

    def rate_of(keys: list[np.ndarray], bands: np.ndarray) -> np.ndarray:
        begun = start.rates(fitted.codes, tuple(keys), bands[:, None])[:, 0] if start else None
        return fitted.norms.rate(keys, bands, begun)

    common = {"as_of_month": known.as_of, "definition": _definition(place, tables, known)}
    tree = rates.classification_of(tables.enterprise, place.settings().classification)
    made = norm_table.norm_table(fitted.codes, fitted.keys, fitted.band, rate_of, fitted.norms.information, tree, common)
    return Computed(made, inputs)


def fit_history(place: Workspace, tables: Tables, as_of: int):
    """The history, what was fitted to it, and the norms that were given to begin with."""
    spans = outlook.years(as_of, *rates.months_covered(tables.enterprise_year))
    past = outlook.history(tables.enterprise_history.columns(), spans)
    if past is None:
        return None, None, None
    start = _start(place, rates.classification_of(tables.enterprise, place.settings().classification))
    return past, outlook.fit(past, _completeness(tables).of_years(outlook.used(spans)), start), start


def _completeness(tables: Tables) -> Completeness:
    return Completeness.read(tables.claim_development, tracking_rules.load().development)


def _start(place: Workspace, tree: Classification) -> norm_table.Start | None:
    path = place.norm_file()
    return norm_table.read(path, tree) if path else None


def inputs_of(place: Workspace, tables: Tables) -> dict[str, Input]:
    """What the tables stand on and the file of norms."""
    rule = norm_table.rule_table(place.policy(), place.norm_file())
    return {**tables._asdict(), "norm_rule": rule}


def _definition(place: Workspace, tables: Tables, known: Deliveries) -> str:
    policy, norms = place.policy(), place.norm_file()
    complete = _completeness(tables)
    late = "各年人年按案件的认定完整度折算" if complete.shares[WHOLE] else complete.said
    said = [rates.definition_of(policy, known), "基准＝同行业同规模一般单位", "预期＝后验均值×基准×最近十二个月人年", late]
    said += [f"基准以 {norms.name} 为起点"] if norms else []
    return "；".join([*said, f"浮动档次：{floating.said(policy.floating)}"])


def _claim_costs(tables: Tables, as_of: int) -> Query:
    spans = {"first_month": (as_of // 100 - COST_YEARS) * 100 + 1, "last_month": periods.add_months(as_of, -12)}
    return Query("marts/claim_cost.sql", {"claim": tables.claim, "payout": tables.payout}, spans)
