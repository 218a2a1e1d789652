"""Places on lists: an order within groups, ranks in it, and quotas that keep some out.

Belongs here: the arithmetic of choosing. Who may be chosen, and by which keys, is the caller's.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Quota(NamedTuple):
    """At most `most` places of a group's list for each kind; kind  integers over units, -1 = of no kind, without a quota."""

    kind: np.ndarray
    most: int


def in_order(keys: Sequence[np.ndarray], tie: np.ndarray, group: np.ndarray) -> np.ndarray:
    """The positions of all units, group by group, within each by the keys (smallest first, unknown last), then by `tie`.

    keys  floats, the weightiest first, NaN = unknown; tie  a sortable array without equal values; group  integers

    >>> in_order([np.array([2.0, 1.0, np.nan, 1.0])], np.array(["a", "d", "b", "c"]), np.array([0, 0, 0, 1])).tolist()
    [1, 0, 2, 3]
    """
    filled = [np.where(np.isfinite(key), key, np.inf) for key in keys]
    return np.lexsort((tie, *reversed(filled), group))


def ranks(order: np.ndarray, group: np.ndarray, is_ranked: np.ndarray) -> np.ndarray:
    """Ranks 1, 2, … within each group of those that are ranked, in an order made by `in_order`; 0 for the others."""
    kept = order[is_ranked[order]]
    rank = np.zeros(len(group), np.int64)
    sizes = np.bincount(group[kept], minlength=int(group.max(initial=-1)) + 1)
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    rank[kept] = np.arange(len(kept)) - starts + 1
    return rank


def kept_out(order: np.ndarray, group: np.ndarray, is_able: np.ndarray, places: int, quotas: Sequence[Quota]) -> np.ndarray:
    """Which quota was full when a unit's turn came while its group still had places; -1 where none was.

    Whoever is not kept out takes the next place. The units behind the last place are not looked at.
    order  as `in_order` gives it; is_able  booleans; Returns integers, the quota's place in `quotas`.
    """
    found = np.full(len(group), -1, np.int64)
    kept = order[is_able[order]]
    for members in np.split(kept, np.flatnonzero(np.diff(group[kept])) + 1) if quotas else ():
        taken, counts = 0, [dict[int, int]() for _ in quotas]
        for unit in members.tolist():
            if taken == places:
                break
            kinds = [int(quota.kind[unit]) for quota in quotas]
            full = [n for n, (kind, quota) in enumerate(zip(kinds, quotas, strict=True)) if counts[n].get(kind, 0) >= quota.most]
            if full:
                found[unit] = full[0]
                continue
            taken += 1
            for kind, count in zip(kinds, counts, strict=True):
                count[kind] = count.get(kind, 0) + (kind >= 0)
    return found
