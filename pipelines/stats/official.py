"""The official rules: who may enter a list, and by which measures it is ordered.

Belongs here: rules as the plans state them. What they miss is shown by the back-test, not mended here. Places and quotas are
selection.py.
"""

from collections.abc import Sequence

import numpy as np


def pooled_ratio(numerator: np.ndarray, denominator: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Sum of numerators over sum of denominators of each one's group; NaN where the group's denominator is not positive.

    numerator, denominator  floats over enterprises (NaN counts as nothing, with its partner); group  integers 0 … G-1
    """
    known = np.isfinite(numerator) & np.isfinite(denominator)
    size = int(group.max(initial=-1)) + 1
    top = np.bincount(group, np.where(known, numerator, 0.0), size)
    bottom = np.bincount(group, np.where(known, denominator, 0.0), size)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)[group]


def above(value: np.ndarray, limit: np.ndarray | float) -> np.ndarray:
    """Whether a value is known and above the limit; an unknown value or limit is not above."""
    return np.greater(value, limit, where=np.isfinite(value) & np.isfinite(limit), out=np.zeros(np.shape(value), bool))


def among_top(value: np.ndarray, share_pct: float, group: np.ndarray) -> np.ndarray:
    """Whether fewer than that share of a unit's group have a larger value; unknown values and those not above zero never.

    value  floats, NaN = unknown and not counted in the group; share_pct  percent; group  integers 0 … G-1

    >>> among_top(np.array([9.0, 5.0, 5.0, 1.0, np.nan]), 50, np.zeros(5, int)).tolist()
    [True, True, True, False, False]
    """
    known = np.isfinite(value)
    size = np.bincount(group[known], minlength=int(group.max(initial=-1)) + 1)
    place = np.where(known, mean_rank([value], group), np.inf)
    return known & (np.nan_to_num(value) > 0) & ((place - 1) * 100 < share_pct * size[group])


def mean_rank(values: Sequence[np.ndarray], group: np.ndarray) -> np.ndarray:
    """The mean of each one's ranks in its group by the given values (largest = 1, ties share the best, unknown last)."""
    ranks = np.zeros((len(values), len(group)))
    for place, value in enumerate(values):
        filled = np.where(np.isfinite(value), value, -np.inf)
        for members in _members(group):
            ranks[place, members] = _competition_rank(-filled[members])
    return ranks.mean(axis=0)


def _competition_rank(values: np.ndarray) -> np.ndarray:
    """1 + the number of smaller values."""
    return np.searchsorted(np.sort(values), values, side="left") + 1


def _members(group: np.ndarray) -> list[np.ndarray]:
    order = np.argsort(group, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(group[order])) + 1) if len(group) else []
