"""Whether coordinates of one time or source lie beside those of another, as after a change of geocoder or datum.

Belongs here: constant shifts between sets of places. Known datums are converted before; this finds what nobody declared.
Accidents recur at the same spots, so the differences between the places of two sets pile up at one offset, which is zero unless
one of them was shifted (the peak of the cross-correlation of two point patterns).
"""

from typing import NamedTuple

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

REACH, CELL = 800.0, 20.0
"""Metres: the largest shift looked for, and the cells in which differences are counted."""
LEAST_PLACES, MOST_PLACES = 30, 2000
"""Places that a set must have; of larger sets so many are taken, evenly over the sorted places."""
CLEAR = 8.0
"""How many standard deviations of chance a peak must rise above the differences around it, and be twice the rise at no shift."""


class Aligned(NamedTuple):
    """places  moved onto those of the newest group, shape (n, 2); shifts  what was added, metres, by group that was moved."""

    places: np.ndarray
    shifts: dict[int, tuple[float, float]]


def align(places: np.ndarray, group: np.ndarray, onto: np.ndarray | None = None) -> Aligned:
    """Moves groups of places that are shifted as a whole onto the newest group.

    places  metres, shape (n, 2); group  integers of shape (n,), the newest largest: years of accidents, deliveries
    onto    places of another source that all groups are brought to, if given
    A group stays where it is unless a shift is clear.
    """
    moved, shifts = places.astype(float), {}
    known = np.empty((0, 2)) if onto is None else onto
    for number in np.unique(group)[::-1]:
        rows = group == number
        shift = offset(moved[rows], known)
        if shift.any():
            moved[rows] += shift
            shifts[int(number)] = (float(shift[0]), float(shift[1]))
        known = np.concatenate([known, moved[rows]])
    return Aligned(moved, shifts)


def offset(places: np.ndarray, onto: np.ndarray) -> np.ndarray:
    """What is to be added to places so that they lie on others, in metres, shape (2,); zero where no shift is clear.

    >>> spots = np.random.default_rng(1).uniform(0, 5000, (100, 2))
    >>> offset(spots, spots + (93.8, 204.2)).round(1).tolist()
    [93.8, 204.2]
    """
    places, onto = _distinct(places), _distinct(onto)
    if min(len(places), len(onto)) < LEAST_PLACES:
        return np.zeros(2)
    near = cKDTree(places).sparse_distance_matrix(cKDTree(onto), REACH, p=np.inf, output_type="coo_matrix")
    apart = onto[near.col] - places[near.row]
    middle = int(REACH / CELL)
    edges = (np.arange(2 * middle + 2) - middle - 0.5) * CELL
    seen = np.histogram2d(apart[:, 0], apart[:, 1], [edges, edges])[0]
    usual = ndimage.gaussian_filter(seen, 5, mode="nearest")
    rise = (seen - usual) / np.sqrt(usual + 1)
    peak = np.unravel_index(int(rise.argmax()), rise.shape)
    at_zero = rise[middle - 2:middle + 3, middle - 2:middle + 3].max()
    if rise[peak] < CLEAR or rise[peak] < 2 * at_zero:
        return np.zeros(2)
    close = np.abs(apart - (np.array(peak) - middle) * CELL).max(axis=1) < CELL
    return np.median(apart[close], axis=0)


def _distinct(places: np.ndarray) -> np.ndarray:
    """Each place once, so that a pile of claims on one point is one; at most MOST_PLACES."""
    distinct = np.unique(places, axis=0)
    if len(distinct) <= MOST_PLACES:
        return distinct
    return distinct[np.linspace(0, len(distinct) - 1, MOST_PLACES).astype(int)]
