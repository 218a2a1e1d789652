"""名单回测: what each rule's list, made with what was known at the end of a year, would have caught in the next.

Belongs here: the years that can be looked at, the rules' orders, the outcome. Scoring is stats/backtest.py, the orders of the
policy are targeting/, the tables of the time asof.py.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import asof, official_list, outlook, rates
from pipelines.contracts.evaluation import LIST_BACKTEST
from pipelines.deliveries import Deliveries
from pipelines.lazy import Computed, Stored
from pipelines.periods import Period
from pipelines.stats import backtest, official
from pipelines.targeting.choice import Chooser
from pipelines.workspace import Workspace

MOST_YEARS = 3
OPENING = ("首批交付的历史只有最后的状态：此后才撤销的认定、当时的行业和当时未知的登记看不出来，回测因此偏乐观")


class Outcome(NamedTuple):
    """What happened in a year, arrays over the units that were exposed in it."""

    ids: pa.Array
    injuries: np.ndarray
    excess: np.ndarray


def list_backtest(
    place: Workspace, known: Deliveries, enterprise_year: Stored, history: Stored, decided_enterprise: Stored
) -> Computed:
    """The rows of every year that can be looked at, as known as of the month; what the meeting decided is a rule of its own."""
    policy = place.policy()
    spans = outlook.years(known.as_of, *rates.months_covered(enterprise_year))
    rows: list[dict] = []
    tables: dict[str, Stored] = {}
    before: dict[str, set[str]] = {}
    decided = _decided(decided_enterprise)
    for number, year, past_years in _looked_at(spans, known.as_of):
        then = asof.rebuilt(place, known, (year - 1) * 100 + 12)
        happened = outcome(history.columns(), number, spans)
        tables |= {f"{name}_{year - 1}": table for name, table in then.tables().items()}
        found = _year(official_list.chooser(place, then.known, then.list_tables()), happened, decided.get(year))
        definition = f"{rates.definition_of(policy, known)}；每个地区 {policy.rule.places} 个名额；{OPENING}"
        common = {"as_of_month": known.as_of, "year": year, "list_month": (year - 1) * 100 + 12, "history_years": past_years,
                  "definition": definition}
        rows += [{**common, **row, "overlap": _overlap(before, rule, units)} for rule, row, units in found]
        before = {rule: units for rule, _, units in found}
    made = [{name: row[name] for name in LIST_BACKTEST.names} for row in rows]
    return Computed(pa.Table.from_pylist(made, schema=LIST_BACKTEST.schema), {
        "enterprise_history": history, "decided_enterprise": decided_enterprise, **tables})


def _looked_at(spans: list[Period], as_of: int) -> Iterator[tuple[int, int, int]]:
    """Which of the history's years, the calendar year and how many whole years lie before it, the oldest first."""
    whole = [(int(span.period.removeprefix("year_")), span.first_year) for span in outlook.used(spans)
             if span.months_covered == 12]
    for number, year in sorted(whole[:MOST_YEARS], reverse=True):
        earlier = sum(other < year for _, other in whole)
        if earlier:
            yield number, year, earlier


def outcome(table: pa.Table, number: int, spans: list[Period]) -> Outcome:
    """Injuries of one of the history's years, and those above the norm that the year itself gives."""
    chosen = [span for span in spans if span.period == f"year_{number}"]
    past = outlook.history(table, chosen)
    if past is None:
        return Outcome(pa.array([], pa.string()), np.array([]), np.array([]))
    expected = outlook.fit(past, np.ones(1)).norms.expected[:, 0]
    injuries = past.injuries[:, 0]
    return Outcome(past.table["enterprise_id"].combine_chunks(), injuries, injuries - expected)


def _decided(decided_enterprise: Stored) -> dict[int, set[str]]:
    """The units that the meeting chose, by year; years without any decision have none."""
    found: dict[int, set[str]] = {}
    for row in decided_enterprise.columns("year", "enterprise_id", "is_decided", "is_selected").to_pylist():
        if row["is_decided"]:
            found.setdefault(row["year"], set()).update({row["enterprise_id"]} if row["is_selected"] else ())
    return found


def _year(chooser: Chooser, happened: Outcome, decided: set[str] | None) -> list[tuple[str, dict, set[str]]]:
    """Of each rule its row and the units on its lists."""
    facts, places = chooser.facts, chooser.rule.places
    if not facts.table.num_rows:
        return []
    at = pc.fill_null(pc.index_in(facts.table["enterprise_id"].combine_chunks(), happened.ids), -1)
    place_of = at.to_numpy(zero_copy_only=False)
    was_there = place_of >= 0
    injuries, excess = (np.append(values, 0.0)[place_of] for values in (happened.injuries, happened.excess))
    predicted = np.nan_to_num(facts.number("expected_injuries"))
    size, group = np.nan_to_num(facts.number("person_years_ahead")), facts.region[1]
    found = []
    for rule, scores in _rules(chooser, excess).items():
        listed = backtest.best(scores, group, was_there, places)
        found.append((rule, backtest.caught(listed, injuries, excess, predicted, size), set(facts.ids[listed].tolist())))
    best = {rule: found[-1][1].excess for rule, *_ in found}
    regions = len(facts.region[0])
    if decided is not None:
        listed = np.flatnonzero(was_there & facts.are(decided))
        as_many = backtest.best([excess], group, was_there, np.bincount(group[listed], minlength=regions))
        best["decided"] = float(excess[as_many].sum())
        found.append(("decided", backtest.caught(listed, injuries, excess, predicted, size), set(facts.ids[listed].tolist())))
    return [(rule, _row(rule, caught, best[rule], regions), units) for rule, caught, units in found]


def _rules(chooser: Chooser, excess: np.ndarray) -> Mapping[str, list[np.ndarray]]:
    """Scores of each rule, the largest first; NaN = cannot be listed."""
    facts, rule = chooser.facts, chooser.rule
    count, rate = facts.number("injuries_last_year"), facts.number("rate_pct_last_year")
    years = facts.number("person_years_last_year")
    made = {
        "excess": [_by_rank(chooser.excess_rank)], "hybrid": [_by_rank(chooser.rank_by(("excess",), chooser.entered))],
        "official": [_by_rank(chooser.official_rank)],
        "rate_then_count": [np.where(official.above(rate, chooser.policy.rate.threshold_pct), 1.0, 0.0), count, years],
        "rate": [rate, count], "count": [count, years], "pay_ratio": [facts.number("pay_ratio_last_year"), count],
        "prevention_index": [-facts.number("prevention_index"), count], "foresight": [excess],
    }
    if not chooser.rule.official_order or rule.enter == "everyone":
        made = {name: scores for name, scores in made.items() if name not in ("hybrid", "official")}
    return {name: scores for name, scores in made.items() if np.isfinite(scores[0]).any()}


def _by_rank(rank: np.ndarray) -> np.ndarray:
    return np.where(rank > 0, -rank.astype(float), np.nan)


def _row(rule: str, caught: backtest.Caught, best: float, regions: int) -> dict:
    filled = caught.places or None
    return {
        "rule": rule, "regions": regions, "places": caught.places, "injuries": int(caught.injuries), "excess": caught.excess,
        "excess_per_place": caught.excess / filled if filled else None,
        "foresight_share": caught.excess / best * 100 if best > 0 else None,
        "predicted_to_actual": caught.predicted / caught.injuries if caught.injuries else None,
        "small_share": caught.small / filled * 100 if filled else None,
    }


def _overlap(before: Mapping[str, set[str]], rule: str, units: set[str]) -> float | None:
    older = before.get(rule)
    return len(older & units) / len(units) * 100 if older and units else None
