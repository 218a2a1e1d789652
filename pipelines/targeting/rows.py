"""The rows of the lists: what was chosen, with names, expectations and evidence.

Belongs here: putting together what was worked elsewhere, column by column.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipelines.classification import Classification
from pipelines.contracts.lists import OUTREACH_ENTERPRISE, PERIOD_FIGURES, PRIORITY_ENTERPRISE
from pipelines.contracts.model import COUNT, Table
from pipelines.periods import Period
from pipelines.policy import Criterion, Policy
from pipelines.targeting.certainty import Certainty
from pipelines.targeting.choice import Choice
from pipelines.targeting.comparison import line
from pipelines.targeting.evidence import Evidence
from pipelines.targeting.facts import Facts

EXPECTED = ("norm_pct", "posterior_ratio", "ratio_low", "ratio_high", "expected_injuries", "excess_injuries", "predicted_low",
            "predicted_high")


class Wording(NamedTuple):
    """What rows are put into words with: `common` = the columns that say the same in every row."""

    policy: Policy
    facts: Facts
    spans: Mapping[str, Period]
    tree: Classification
    common: Mapping[str, object]


def ids_of(facts: Facts, positions: np.ndarray) -> list[str]:
    """The numbers of the enterprises at these positions."""
    return [str(unit) for unit in facts.ids[positions]]


def priority_rows(
    said: Wording, choice: Choice, certainty: Certainty, criteria: Sequence[Criterion], also: Sequence[Criterion],
    details: pa.Table,
) -> pa.Table:
    """priority_enterprise: of each region the first 200, and the first of those who entered and were kept out.

    details  the rows of listed_name.sql for the units kept
    """
    rule, facts = said.policy.rule, said.facts
    evidence = Evidence(said.policy, facts, choice.met, said.spans, said.tree)
    names, group = facts.region
    figures, known = _figures(facts), _by_id(details)
    common = {**said.common, "comparison": line(choice.comparison)}
    rows = []
    for i, unit in zip(choice.kept.tolist(), ids_of(facts, choice.kept), strict=True):
        sure = _certain(certainty, i)
        rank, entered, who = int(choice.rank[i]), bool(choice.entered[i]), known[unit]
        rows.append({
            **common, "region_code": str(names[group[i]]), "enterprise_id": unit, "rank": rank or None,
            "is_listed": entered and 0 < rank <= rule.places, "is_reserve": entered and rule.places < rank <= rule.last_reserve,
            "is_entered": entered, **_named(who, said.tree), "district_code": facts.table["district_code"][i].as_py(),
            "score": _number(choice.score, i), **{name: who[name] for name in EXPECTED}, **sure,
            "official_rank": int(choice.official_rank[i]) or None, "excess_rank": int(choice.excess_rank[i]) or None,
            **{name: values[i] for name, values in figures.items()}, "criteria_met": evidence.titles(i, criteria),
            "criteria_also": evidence.titles(i, also) or None,
            "evidence": evidence.sentence(i, criteria, also, who, _chance(sure["listed_probability"], rule.places)),
            "excluded_reason": choice.reason[i] or None,
        })
    return _table(rows, PRIORITY_ENTERPRISE)


def outreach_rows(said: Wording, criteria: Sequence[Criterion], wanted: np.ndarray, met: Mapping, details: pa.Table) -> pa.Table:
    """outreach_enterprise: the units at the positions `wanted`."""
    evidence, known = Evidence(said.policy, said.facts, met, said.spans, said.tree), _by_id(details)
    rows = []
    for i, unit in zip(wanted.tolist(), ids_of(said.facts, wanted), strict=True):
        who = known[unit]
        rows.append({**said.common, "enterprise_id": unit, "region_code": who["region_code"], **_named(who, said.tree),
                     "criteria_met": evidence.titles(i, criteria), "evidence": evidence.sentence(i, criteria, (), who)})
    return _table(rows, OUTREACH_ENTERPRISE)


def _figures(facts: Facts) -> dict[str, list]:
    """The columns of the list's periods, unknown ones as None."""
    found = {}
    for column in PERIOD_FIGURES:
        values = facts.number(column.name).tolist()
        whole = column.type == COUNT
        found[column.name] = [None if value != value else int(value) if whole else value for value in values]
    return found


def _certain(certainty: Certainty, i: int) -> dict[str, float | int | None]:
    whole = ("rank_low", "rank_high")
    known = {name: _number(values, i) for name, values in certainty._asdict().items()}
    return {name: round(v) if v is not None and name in whole else v for name, v in known.items()}


def _number(values: np.ndarray, i: int) -> float | None:
    return float(values[i]) if np.isfinite(values[i]) else None


def _chance(probability: float | None, places: int) -> str:
    if probability is None:
        return ""
    said = "在99%以上" if probability >= 0.995 else "不到1%" if probability < 0.005 else f"为{probability:.0%}"
    return f"属于前{places}名的概率{said}"


def _named(who: Mapping, tree: Classification) -> dict:
    shown = {name: who[name] for name in ("enterprise_name", "industry_code")}
    return {**shown, "industry_name": tree.names.get(who["industry_named"] or "")}


def _by_id(details: pa.Table) -> dict[str, dict]:
    return {row["enterprise_id"]: row for row in details.to_pylist()}


def _table(rows: list[dict], contract: Table) -> pa.Table:
    return pa.Table.from_pylist([{name: row[name] for name in contract.names} for row in rows], schema=contract.schema)
