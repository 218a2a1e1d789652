"""Which reports are of one accident: by time and place.

Belongs here: pairs of reports that may be the same, groups of them, and pairing two kinds of reports one to one. Coordinates are
metres; a place may be a point, a key (a whole number, -1 = none), or both.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import KDTree

NEAR_METRES, NEAR_MINUTES, DAY = 50.0, 30, 1440
FAR_METRES = 1000.0


class Reports(NamedTuple):
    """Arrays of shape (n,): days since any day, minute of the day (-1 = not said), metres (NaN = none), key, area (-1 = none).

    Reports with the same key are not of one place if their points lie apart, or their areas differ and a point is missing.
    """

    day: np.ndarray
    minute: np.ndarray
    x: np.ndarray
    y: np.ndarray
    key: np.ndarray
    area: np.ndarray


def pairs(reports: Reports) -> np.ndarray:
    """The pairs (i < j) of reports that may be one accident, shape (m, 2), sorted.

    Same place: within 50 m; or the same key, within 1 km where both have points. Same time: at most 30 minutes apart; where
    either has no time of day, the same day.

    >>> none = np.full(3, -1)
    >>> known = Reports(np.array([0, 0, 1]), np.array([480, 505, 480]), np.zeros(3), np.array([0.0, 40, 0]), none, none)
    >>> pairs(known).tolist()
    [[0, 1]]
    """
    found = [np.empty((0, 2), np.int64), _near(reports), _alike(reports)]
    both = np.unique(np.sort(np.concatenate(found), axis=1), axis=0)
    return both[_is_same_time(reports, both)]


def _near(reports: Reports) -> np.ndarray:
    """Pairs within 50 m on the same day or on two days that meet at midnight."""
    at = np.flatnonzero(np.isfinite(reports.x) & np.isfinite(reports.y))
    minutes = reports.day[at] * float(DAY) + reports.minute[at]
    timed = reports.minute[at] >= 0
    found = []
    for chosen, height in ((timed, minutes * NEAR_METRES / NEAR_MINUTES), (np.full(len(at), True), reports.day[at] * 1e4)):
        if chosen is not timed and timed.all():
            break
        rows = at[chosen]
        points = np.column_stack([reports.x[rows], reports.y[rows], height[chosen]])
        close = KDTree(points).query_pairs(NEAR_METRES, p=np.inf, output_type="ndarray") if len(rows) else np.empty((0, 2), int)
        apart = np.hypot(*(points[close[:, 0], :2] - points[close[:, 1], :2]).T)
        found.append(rows[close[apart <= NEAR_METRES]])
    return np.concatenate(found)


def _alike(reports: Reports) -> np.ndarray:
    """Pairs of the same key, each with the next of the same day in time and the first of the next day with the last."""
    at = np.flatnonzero(reports.key >= 0)
    order = at[np.lexsort((at, reports.minute[at], reports.day[at], reports.key[at]))]
    same_key = reports.key[order[1:]] == reports.key[order[:-1]]
    successive = np.column_stack([order[:-1], order[1:]])[same_key]
    # Without a time of day a report comes first in its day: it meets every one of that day.
    first = np.flatnonzero(np.concatenate([[True], ~same_key | (np.diff(reports.day[order]) != 0)]))[: len(order)]
    sizes = np.diff(np.append(first, len(order)))
    head = np.repeat(order[first], sizes)
    untimed = (reports.minute[head] < 0) & (head != order)
    found = np.concatenate([successive, np.column_stack([head, order])[untimed]])
    one, other = found[:, 0], found[:, 1]
    apart = np.hypot(reports.x[one] - reports.x[other], reports.y[one] - reports.y[other])
    is_elsewhere = (reports.area[one] != reports.area[other]) & (reports.area[one] >= 0) & (reports.area[other] >= 0)
    return found[np.where(np.isnan(apart), ~is_elsewhere, apart <= FAR_METRES)]


def _is_same_time(reports: Reports, both: np.ndarray) -> np.ndarray:
    one, other = both[:, 0], both[:, 1]
    is_said = (reports.minute[one] >= 0) & (reports.minute[other] >= 0)
    minutes = reports.day * DAY + reports.minute
    near = np.abs(minutes[one] - minutes[other]) <= NEAR_MINUTES
    return np.where(is_said, near, reports.day[one] == reports.day[other])


def groups(both: np.ndarray, minute: np.ndarray) -> np.ndarray:
    """Which accident each report is of: the smallest index among those linked with it by pairs, directly or through others.

    minute  of the day, shape (n,); reports without (-1) are linked once, so that they do not join accidents of other hours

    >>> groups(np.array([[0, 2], [1, 2], [3, 4]]), np.array([480, 900, -1, 60, 70])).tolist()
    [0, 1, 0, 3, 3]
    """
    count = len(minute)
    both = both[_linking(both, minute)]
    links = coo_array((np.ones(len(both), bool), (both[:, 0], both[:, 1])), shape=(count, count))
    label = connected_components(links, directed=False)[1]
    first = np.full(label.max(initial=-1) + 1, count)
    np.minimum.at(first, label, np.arange(count))
    return first[label]


def _linking(both: np.ndarray, minute: np.ndarray) -> np.ndarray:
    """The pairs that link: all of two times of day, and those that bring in a report without one for the first time."""
    untimed = minute[both] < 0
    links: np.ndarray = ~np.any(untimed, axis=1)
    brought_in: set[int] = set()
    for at in np.flatnonzero(~links).tolist():
        new = {int(one) for one in both[at][untimed[at]]} - brought_in
        links[at] = bool(new)
        brought_in |= new
    return links


def paired(both: np.ndarray, cost: np.ndarray) -> np.ndarray:
    """Of pairs (left, right) those in which each is taken at most once, the cheapest first; a mask over the pairs.

    >>> paired(np.array([[0, 7], [1, 7], [1, 8]]), np.array([2.0, 1.0, 3.0])).tolist()
    [False, True, False]
    """
    taken_left, taken_right, chosen = set(), set(), np.zeros(len(both), bool)
    for at in np.lexsort((both[:, 1], both[:, 0], cost)).tolist():
        left, right = both[at].tolist()
        if left not in taken_left and right not in taken_right:
            chosen[at] = True
            taken_left.add(left)
            taken_right.add(right)
    return chosen
