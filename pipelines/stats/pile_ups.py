"""Points on which a geocoder has put what it could not place: the middle of a district, the gate of an office.

Belongs here: the rule, on arrays. Which reports are looked at, and what becomes of them, is decided elsewhere.
"""

import numpy as np
from scipy.spatial import KDTree

LEAST_REPORTS, AROUND, EXACT_SHARE = 5, 100.0, 0.8
LEAST_ROADS, DIFFERING_SHARE = 4, 0.4


def pile_ups(x: np.ndarray, y: np.ndarray, road: np.ndarray) -> np.ndarray:
    """Which reports lie on a pile-up, shape (n,); x, y in metres, `road` a whole number for the name of its road, -1 = none.

    A point with at least 5 reports is one if at least 80 % of all reports within 100 m lie exactly on it, or if its reports name
    at least 4 roads and these are at least 40 % as many as the reports that name one.

    >>> x = np.array([0.0, 0, 0, 0, 0, 60, 900])
    >>> pile_ups(x, np.zeros(7), np.full(7, -1)).tolist()
    [True, True, True, True, True, False, False]
    """
    point, at, sizes = np.unique(np.column_stack([x, y]), axis=0, return_inverse=True, return_counts=True)
    at = at.ravel()
    around = KDTree(np.column_stack([x, y])).query_ball_point(point, AROUND, return_length=True) if len(x) else sizes
    named = road >= 0
    of_road = np.bincount(at[named], minlength=len(point))
    pairs = np.unique(np.column_stack([at[named], road[named]]), axis=0)
    roads = np.bincount(pairs[:, 0], minlength=len(point))
    is_alone = sizes >= EXACT_SHARE * around
    is_mixed = (roads >= LEAST_ROADS) & (roads >= DIFFERING_SHARE * of_road)
    return ((sizes >= LEAST_REPORTS) & (is_alone | is_mixed))[at]
