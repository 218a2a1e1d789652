"""What changes from month to month: open, suspended or closed, staff, risk class, premium tier.

Each month draws for the enterprises that exist by then, from the month's own stream.
"""
from dataclasses import dataclass

import numpy as np

from pipelines.simulate.draws import NEVER, Array, stream
from pipelines.simulate.population import DIRECT, Population, Scale, Workplaces

ABSENT, ACTIVE, SUSPENDED, CLOSED = 0, 1, 2, 3
CLOSING_SHARE = 0.08
RECLASSIFIED_SHARE = 0.004
TIERS = np.array([0.5, 0.8, 1.0, 1.2, 1.5])
BASE_TIER = 2


@dataclass(frozen=True)
class Staffing:
    """Per enterprise and month, shape (n, months): status, staff (kept while not active), risk class."""

    status: Array
    staff: Array
    risk_class: Array
    closed: Array

    @property
    def insured(self) -> Array:
        """Staff while the enterprise is active, else 0."""
        return np.where(self.status == ACTIVE, self.staff, 0)


def staffing(people: Population, places: Workplaces, scale: Scale) -> Staffing:
    """Runs the months one after the other; hosts and dispatch firms neither close nor pause."""
    count, months = len(people.size), len(scale.months)
    status = np.zeros((count, months), np.int8)
    staff = np.zeros((count, months), np.int32)
    classes = np.repeat(people.risk_class[:, None], months, axis=1).astype(np.int8)
    closed = np.full(count, NEVER)
    is_fixed = np.zeros(count, bool)
    is_fixed[places.insurer[count:]] = is_fixed[places.host[count:]] = True
    drift = np.zeros(count)
    for column, month in enumerate(scale.months):
        known = people.count_at(month)
        rng = stream(scale.seed, "staffing", month)
        before = status[:known, column - 1] if column else np.full(known, ABSENT)
        status[:known, column] = _next_status(before, people.size[:known], is_fixed[:known], rng)
        closed[:known][(status[:known, column] == CLOSED) & (before != CLOSED)] = month
        drift[:known] = 0.985 * drift[:known] + 0.02 * rng.standard_normal(known)
        staff[:known, column] = np.maximum(np.round(people.size[:known] * np.exp(drift[:known])), 1)
        moved = (rng.random(known) < RECLASSIFIED_SHARE / 12) & (people.kind[:known] == DIRECT)
        step = np.where(rng.random(known) < 0.5, -1, 1)[moved, None]
        classes[:known][moved, column:] = np.clip(classes[:known][moved, column:] + step, 1, 8)
    return Staffing(status, staff, classes, closed)


def _next_status(before: Array, size: Array, is_fixed: Array, rng: np.random.Generator) -> Array:
    """One month on: joining makes active; small enterprises close and pause more often; closing is for good."""
    u = rng.random((2, len(before)))
    hazard = CLOSING_SHARE / 12 * np.select([size < 10, size < 50, size < 300], [1.25, 0.8, 0.3], 0.0)
    closes = (u[0] < hazard) & (before != ABSENT) & ~is_fixed
    pauses = (before == ACTIVE) & (u[1] < 0.0012 * (size < 100)) & ~is_fixed
    stays_paused = (before == SUSPENDED) & (u[1] > 0.12)
    return np.select([(before == CLOSED) | closes, pauses | stays_paused], [CLOSED, SUSPENDED], ACTIVE)


def tiers(people: Population, scale: Scale, injuries: Array) -> Array:
    """The floating tier (index into TIERS) by enterprise and month, shape (n, months).

    `injuries` are those recognised in each month, same shape. Every January some enterprises with injuries move up one
    tier and some without move down; class 1 never falls below its base.
    """
    rng = stream(scale.seed, "tiers")
    founders = people.count_at(scale.first)
    current = np.full(len(people.size), BASE_TIER)
    current[:founders] += rng.choice([-1, 0, 1, 2], founders, p=[0.25, 0.6, 0.1, 0.05])
    lowest = np.where(people.risk_class == 1, BASE_TIER, 0)
    result = np.empty(injuries.shape, np.int8)
    for column, month in enumerate(scale.months):
        if month % 12 == 0 and column:
            known = people.count_at(month - 12)
            u = stream(scale.seed, "tiers", month).random(known)
            had = injuries[:known, max(column - 12, 0):column].sum(axis=1)
            current[:known] += (u < 0.30) & (had > 0)
            current[:known] -= (u < 0.10) & (had == 0)
        current = np.clip(current, lowest, len(TIERS) - 1)
        result[:, column] = current
    return result
