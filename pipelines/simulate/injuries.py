"""Which injuries happen: how many where and when, by which clause, with what outcome.

An injury carries named uniform and normal draws from its month's stream; all that follows (dates, texts, payments) is a
pure function of them, row by row, so that later months change nothing.
"""
from dataclasses import dataclass

import numpy as np

from pipelines.simulate import calibration
from pipelines.simulate.calibration import DEATH
from pipelines.simulate.draws import Array, choose, month_of, stream, year_of
from pipelines.simulate.population import Population, Scale, Workplaces
from pipelines.simulate.words import SERVICES

WARM_UP = 18
"""Months of accidents before the first month: their payments go on, their claims are in no export."""
NOT_RECOGNISED = 0.05
YEAR_SHOCK = 0.04
UNIFORM = (
    "day", "minute", "hour", "clause", "outcome", "verdict", "suspended", "suspended_days", "accept", "decide",
    "revoked", "revoked_days", "report", "sex", "age", "sequence", "home", "surname", "given", "given2", "job",
    "type", "sentence", "part", "road", "road2", "metres", "mode", "third", "host_named", "reappraised",
    "reappraised_days", "shift", "care", "hospital", "leaves", "leave_days", "dependants", "recovered", "died",
    "disease", "device",
)
NORMAL = ("apply", "appraise", "appraise_days", "pay_medical", "pay_lump", "medical", "wage")
DUST, INDUSTRY, SERVICE = 0, 1, 2
CLAUSE_TILT = {"14-4": (12.0, 1.0, 0.05), "14-6": (0.5, 0.8, 2.2), "15-1": (0.8, 0.9, 1.6), "14-5": (0.5, 0.8, 1.8)}
"""How much likelier a clause is in dusty trades, other industry, and services; then raked to the published shares."""
TRADE_SHARES = np.array([0.105, 0.68, 0.215])
"""How the city's injuries are spread over these three; needed to rake, near enough for any size."""
DEATH_TILT = {"14-6": 2.5, "14-4": 0.1}


@dataclass(frozen=True)
class Injuries:
    """One entry per injury in order of its month, shape (n,); `insurer` and `host` index the population."""

    insurer: Array
    host: Array
    month: Array
    clause: Array
    outcome: Array
    uniform: dict[str, Array]
    normal: dict[str, Array]


def injuries(people: Population, places: Workplaces, insured: Array, scale: Scale) -> Injuries:
    """Every injury from the warm-up to the last month; `insured` is staff by enterprise and month."""
    months = np.arange(scale.first - WARM_UP, scale.last + 1)
    parts = [_one_month(people, places, insured, scale, int(month)) for month in months]
    where, uniform, normal = (np.concatenate([part[index] for part in parts], axis=-1) for index in range(3))
    insurer, host, month = where
    draws: dict[str, Array] = dict(zip(UNIFORM, uniform, strict=True))
    normals: dict[str, Array] = dict(zip(NORMAL, normal, strict=True))
    clause = _clauses(people, host, draws["clause"])
    outcome = _outcomes(clause, draws["outcome"])
    return Injuries(insurer, host, month, clause, outcome, draws, normals)


def _one_month(people: Population, places: Workplaces, insured: Array, scale: Scale, month: int) -> tuple:
    """Insurer, host and month of each injury of one month, and its draws: shapes (3, n), (uniform, n), (normal, n)."""
    rng = stream(scale.seed, "injuries", month)
    count, column = people.count_at(max(month, scale.first)), max(month - scale.first, 0)
    pair = np.concatenate([np.arange(count), np.arange(len(people.size), len(places.insurer))])
    insurer, host = places.insurer[pair], places.host[pair]
    shock = stream(scale.seed, "year", int(year_of(month))).lognormal(0, YEAR_SHOCK)
    season = calibration.month_weights()[month % 12] / 12
    expected = insured[insurer, column] * places.share[pair] * people.rate[host] * season * shock
    happened = np.repeat(np.arange(len(pair)), rng.poisson(expected / (1 - NOT_RECOGNISED)))
    size = len(happened)
    where = np.stack([insurer[happened], host[happened], np.full(size, month)])
    return where, rng.random((len(UNIFORM), size)), rng.standard_normal((len(NORMAL), size))


def _clauses(people: Population, host: Array, u: Array) -> Array:
    """The clause of each injury as text such as `14-6`, by the kind of trade it happened in."""
    shares = calibration.clause_shares()
    divisions = np.array(calibration.division_mix().division)[people.row[host]]
    trade = np.where(people.group[host] == SERVICES, SERVICE, INDUSTRY)
    trade = np.where(np.isin(divisions, ["06", "08", "10", "30", "31", "32"]), DUST, trade)
    return np.array([*shares], object)[choose(_raked_clauses(shares)[trade], u)]


def _raked_clauses(shares: dict[str, float]) -> Array:
    """P(clause | trade), shape (3, clauses), whose mean over usual trade shares is the published share."""
    target = np.array([*shares.values()])
    table = np.array([CLAUSE_TILT.get(clause, (1.0, 1.0, 1.0)) for clause in shares]).T * target
    for _ in range(50):
        table /= table.sum(axis=1, keepdims=True)
        table *= target / (TRADE_SHARES @ table)
    return table / table.sum(axis=1, keepdims=True)


def _outcomes(clause: Array, u: Array) -> Array:
    """The true outcome: 未鉴定, 未达级, a grade from "10" to "1", 工亡. Every 15-1 is a death by definition."""
    shares = calibration.outcome_shares()
    names, target = [*shares], np.array([*shares.values()])
    weights = np.repeat(target[None, :], len(clause), axis=0)
    for name, factor in DEATH_TILT.items():
        weights[clause == name, names.index(DEATH)] *= factor
    outcome = np.array(names, object)[choose(weights, u)]
    return np.where(clause == "15-1", DEATH, outcome)


def recognised_by_month(insurer: Array, decided: Array, shape: tuple[int, int], first: int) -> Array:
    """Recognised injuries per insuring enterprise and month of decision, of the given shape."""
    column = month_of(decided) - first
    is_inside = (column >= 0) & (column < shape[1])
    counts = np.zeros(shape, np.int32)
    np.add.at(counts, (insurer[is_inside], column[is_inside]), 1)
    return counts
