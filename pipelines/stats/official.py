"""The official rules: who may enter a list, and in which order.

Belongs here: rules as the plans state them. What they miss is shown by the back-test, not mended here.
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


def order_list(
    entered: np.ndarray, keys: Sequence[np.ndarray], tie: np.ndarray, group: np.ndarray, is_ranked: np.ndarray
) -> np.ndarray:
    """Ranks within each group: those who entered first, then by the keys (smallest first), then by `tie`.

    entered, is_ranked  booleans; keys  floats, the weightiest first; tie  a sortable array without equal values
    Returns integers, 0 for those not ranked.
    """
    order = np.lexsort((tie, *reversed([np.where(np.isfinite(key), key, np.inf) for key in keys]), ~entered, group))
    order = order[is_ranked[order]]
    rank = np.zeros(len(group), np.int64)
    sizes = np.bincount(group[order], minlength=int(group.max(initial=-1)) + 1)
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    rank[order] = np.arange(len(order)) - starts + 1
    return rank
