"""Units to programmes, and programmes as a whole, within a budget: the choice that removes most.

Belongs here: the integer programme, and what each of its constraints costs. Who may be chosen and what a place removes is the
caller's. Solved by HiGHS (Huangfu & Hall 2018, Math. Prog. Comp. 10, 119–142) through scipy.optimize.milp, to proven optimality.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from scipy import optimize, sparse

from pipelines.stats.selection import Quota

STEP = 1e-4
"""Gains are worked in whole ten-thousandths, so that solutions differ by at least one and ties can be broken."""
ROUNDING = 1e-9
"""By which a whole number may be missed by the solver."""


class Allocation(NamedTuple):
    """programme  integers over units, the programme in which each has a place, -1 = none; runs  booleans over whole programmes;
    removed  what the choice removes; spent  what it costs.
    """

    programme: np.ndarray
    runs: np.ndarray
    removed: float
    spent: float


@dataclass(frozen=True)
class Problem:
    """Places for units in programmes, each at most one, and programmes that are run as a whole or not.

    gain        floats, units × programmes: what a place removes; NaN = no place possible
    cost        floats over programmes: of one place, not negative
    places      integers over programmes: most units in each
    whole_gain  floats over whole programmes; whole_cost  the same, not negative
    budget      most that all may cost; inf = any
    quotas      at most so many units of each kind, over all programmes
    """

    gain: np.ndarray
    cost: np.ndarray
    places: np.ndarray
    whole_gain: np.ndarray
    whole_cost: np.ndarray
    budget: float = np.inf
    quotas: Sequence[Quota] = field(default_factory=tuple)


def allocate(problem: Problem) -> Allocation:
    """The choice of greatest gain; of equal ones that with the earlier units (as long as some thousands of units are asked of).

    Raises ValueError for negative costs or a negative budget, RuntimeError when the solver ends without an optimum.

    >>> gain = np.array([[0.5], [0.9], [0.4]])
    >>> found = allocate(Problem(gain, np.array([10.0]), np.array([2]), np.array([0.7]), np.array([10.0]), budget=20.0))
    >>> found.programme.tolist(), found.runs.tolist(), round(found.removed, 1), found.spent
    ([-1, 0, -1], [True], 1.6, 20.0)
    """
    if problem.budget < 0 or (problem.cost < 0).any() or (problem.whole_cost < 0).any():
        raise ValueError("costs and the budget must not be negative")
    unit, programme = np.nonzero(np.isfinite(problem.gain))
    gain = np.concatenate([problem.gain[unit, programme], problem.whole_gain])
    if not len(gain):
        return Allocation(np.full(len(problem.gain), -1), np.zeros(0, bool), 0.0, 0.0)
    worth = np.round(gain / STEP) - _ties(problem, unit, len(gain))
    return _allocation(problem, unit, programme, _taken(worth, *_constraints(problem, unit, programme)))


def _taken(worth: np.ndarray, rows: sparse.csr_array, most: np.ndarray) -> np.ndarray:
    """Which variables are taken so that their worth is greatest.

    First parts of them may be taken. Where none is, that is the answer. Else it tells the rest: rounded down it keeps to every
    limit, so the best choice is worth less by at most what that loses, and whatever would cost more to change stays as it is
    (reduced costs; Dantzig, Fulkerson & Johnson 1954, Oper. Res. 2, 393–410). Seven thousand units would otherwise
    take half a minute.
    """
    parts = _solved(optimize.linprog(-worth, rows, most, bounds=(0, 1), method="highs-ds"))
    nearest, down = np.round(parts.x), np.floor(parts.x + ROUNDING)
    if (np.abs(parts.x - nearest) <= ROUNDING).all():
        return nearest > 0
    is_open = np.abs(parts.lower.marginals + parts.upper.marginals) <= worth @ (parts.x - down) + 1.0
    room = most - rows[:, ~is_open] @ nearest[~is_open]
    nearest[is_open] = _solved(optimize.milp(
        -worth[is_open], integrality=np.ones(int(is_open.sum())), bounds=optimize.Bounds(0, 1),
        constraints=(rows[:, is_open], np.full_like(room, -np.inf), room), options={"mip_rel_gap": 0.0})).x
    return nearest > 0.5


def _solved(found: optimize.OptimizeResult) -> optimize.OptimizeResult:
    if found.x is None or found.status != 0:
        raise RuntimeError(f"no optimal allocation: {found.message}")
    return found


def _ties(problem: Problem, unit: np.ndarray, number: int) -> np.ndarray:
    """What is taken off each gain so that of equal choices the earlier units are taken, and nothing that removes nothing; below
    half a step in all.
    """
    most = min(number, int(problem.places.sum()) + len(problem.whole_gain))
    order = np.concatenate([unit, np.arange(len(problem.whole_gain))]) + 1
    return order / (2.0 * (most + 1) * (order.max() + 1))


def _constraints(problem: Problem, unit: np.ndarray, programme: np.ndarray) -> tuple[sparse.csr_array, np.ndarray]:
    """Each unit once, the places of each programme, the quotas, the budget: rows of coefficients and the most of each."""
    units, (count, programmes) = len(unit), problem.gain.shape
    number = units + len(problem.whole_gain)
    made = [_at_most(unit, np.ones(count), number), _at_most(programme, problem.places, number)]
    for quota in problem.quotas:
        kind = quota.kind[unit]
        made.append(_at_most(kind, np.full(int(quota.kind.max(initial=-1)) + 1, quota.most), number))
    if np.isfinite(problem.budget):
        costs = np.concatenate([problem.cost[programme] if programmes else np.zeros(0), problem.whole_cost])
        made.append((sparse.csr_array(costs[None, :]), np.array([problem.budget])))
    return sparse.csr_array(sparse.vstack([rows for rows, _ in made])), np.concatenate([most for _, most in made])


def _at_most(group: np.ndarray, most: np.ndarray, number: int) -> tuple[sparse.csr_array, np.ndarray]:
    """At most so many variables of each group; those of group -1 are under no limit, nor are whole programmes."""
    column = np.flatnonzero(group >= 0)
    rows = sparse.csr_array((np.ones(len(column)), (group[column], column)), shape=(len(most), number))
    return rows, np.asarray(most, float)


def _allocation(problem: Problem, unit: np.ndarray, programme: np.ndarray, taken: np.ndarray) -> Allocation:
    places, runs = taken[:len(unit)], taken[len(unit):]
    chosen = np.full(len(problem.gain), -1)
    chosen[unit[places]] = programme[places]
    removed = problem.gain[unit, programme][places].sum() + problem.whole_gain[runs].sum()
    spent = problem.cost[programme[places]].sum() + problem.whole_cost[runs].sum()
    return Allocation(chosen, runs, float(removed), float(spent))


def constraint_costs(problem: Problem, found: Allocation) -> dict[str, float]:
    """How much more would be removed without each constraint: `budget`, `places`, `quota 0`, `quota 1`, …; never negative.

    >>> problem = Problem(np.array([[0.5], [0.9]]), np.array([1.0]), np.array([1]), np.zeros(0), np.zeros(0), budget=5.0)
    >>> {name: round(more, 4) for name, more in constraint_costs(problem, allocate(problem)).items()}
    {'budget': 0.0, 'places': 0.5}
    """
    everyone = np.full_like(problem.places, len(problem.gain))
    without = {"budget": replace(problem, budget=np.inf), "places": replace(problem, places=everyone)}
    for number in range(len(problem.quotas)):
        kept = [quota for place, quota in enumerate(problem.quotas) if place != number]
        without[f"quota {number}"] = replace(problem, quotas=kept)
    return {name: max(0.0, allocate(other).removed - found.removed) for name, other in without.items()}
