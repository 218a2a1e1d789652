"""Cell suppression: which counts of additive tables are kept back so that none of the small ones can be worked out.

Belongs here: the choice of cells and the audit of it, on counts and the sums that hold between them. Which counts are small, and
what is published of them, is decided by the caller.

Source: Fischetti & Salazar-González (2000, "Models and algorithms for optimizing cell suppression", JASA 95, 916–928) for the
problem of the attacker; Kelly, Golden & Assad (1992, "Cell suppression: disclosure protection for sensitive tabular data",
Networks 22, 397–417) for choosing complements one linear programme after another; solved by HiGHS.
"""

from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack

MARGIN = 1e-6


class Bounds(NamedTuple):
    """The least and the most that an attacker finds for each cell, whole numbers; both are the count where it is published."""

    low: np.ndarray
    high: np.ndarray


class UnprotectedError(Exception):
    """A count cannot be protected: it follows from numbers with infinite costs. The message has its position."""


def attack(counts: np.ndarray, sums: csr_array, hidden: np.ndarray) -> Bounds:
    """What follows for the hidden cells from the others and from the sums, each cell being a whole number and not negative.

    counts  whole numbers over cells; hidden  booleans over cells
    sums    equations × cells, with sums @ counts = 0
    """
    low, high = counts.astype(float), counts.astype(float)
    places = np.flatnonzero(hidden)
    equations = sums[:, places]
    known = -(sums[:, np.flatnonzero(~hidden)] @ counts[~hidden])
    for number, place in enumerate(places):
        for sign, bound in ((1, low), (-1, high)):
            aim = np.zeros(len(places))
            aim[number] = sign
            found = linprog(aim, A_eq=equations, b_eq=known, bounds=(0, None), method="highs")
            bound[place] = sign * found.fun if found.success else np.inf if sign < 0 else 0.0
    return Bounds(np.ceil(low - MARGIN), np.floor(high + MARGIN))


def suppressed(counts: np.ndarray, sums: csr_array, small: np.ndarray, costs: np.ndarray, least: int,
               hidden: np.ndarray | None = None) -> np.ndarray:
    """Which cells to keep back so that each small count may as well be 0 or `least` and more, and none kept back is certain.

    counts  whole numbers over cells, not negative; sums  equations × cells, with sums @ counts = 0
    small   booleans over cells: what must not be found out
    costs   over cells, of keeping one back; 0 = it is never published, and may be found out unless it is small
    hidden  what is kept back already
    Returns booleans over cells. Raises UnprotectedError.
    """
    hidden = small | (costs == 0) if hidden is None else hidden | small | (costs == 0)
    for place in np.flatnonzero(small):
        # `least` at the least, so that the count is not certain to be small; down to nothing.
        hidden = _protected(counts, sums, hidden, costs, place, max(least - int(counts[place]), 1))
        if counts[place]:
            hidden = _protected(counts, sums, hidden, costs, place, -int(counts[place]))
    while True:
        found = attack(counts, sums, hidden)
        certain = np.flatnonzero(hidden & (costs > 0) & (found.low == found.high))
        if not len(certain):
            return hidden
        for place in certain:
            hidden = _protected(counts, sums, hidden, costs, place, 1)


def _protected(counts: np.ndarray, sums: csr_array, hidden: np.ndarray, costs: np.ndarray, place: int, change: int) -> np.ndarray:
    """The hidden cells with the cheapest others by which cell `place` could as well be `change` more.

    They are those in which a second table that fits all sums differs: up without bound, down to nothing.
    """
    free = np.where(hidden, 0.0, costs)
    is_fixed = ~np.isfinite(free)
    price = np.where(is_fixed, 0.0, free)
    up = np.where(is_fixed, 0.0, np.inf)
    down = np.where(is_fixed, 0.0, counts.astype(float))
    bounds = [*zip(np.zeros(len(up)), up, strict=True), *zip(np.zeros(len(down)), down, strict=True)]
    bounds[place] = (max(change, 0),) * 2
    bounds[len(counts) + place] = (max(-change, 0),) * 2
    found = linprog(np.concatenate([price, price]), A_eq=hstack([sums, -sums]), b_eq=np.zeros(sums.shape[0]), bounds=bounds,
                    method="highs")
    if not found.success:
        raise UnprotectedError(int(place))
    moved = np.abs(found.x[:len(counts)] - found.x[len(counts):]) > MARGIN
    return hidden | moved
