"""Where places lie that only their names tell, from points of the same names.

Belongs here: the middle and spread of the points of a key, and places between house numbers or kilometre marks of one road. What
a key is, the caller says: codes are whole numbers, -1 = none. Coordinates are metres.
"""

from typing import NamedTuple

import numpy as np

NONE = -1
WITHIN = 0.9


class KeyPlaces(NamedTuple):
    """Arrays over codes 0 … n - 1.

    x, y    the median of each coordinate of the key's points, NaN without points
    points  how many there are
    spread  the distance from there within which 90 % of them lie (the next larger of them), NaN for fewer than two
    """

    x: np.ndarray
    y: np.ndarray
    points: np.ndarray
    spread: np.ndarray


def key_places(code: np.ndarray, x: np.ndarray, y: np.ndarray, codes: int) -> KeyPlaces:
    """The places of keys from points: integer codes below `codes` (-1 = none), shape (n,), metres; NaN points do not count.

    >>> found = key_places(np.array([0, 0, 0, 1, -1]), np.array([0.0, 10, 2, 5, 7]), np.zeros(5), 3)
    >>> found.x.tolist(), found.points.tolist(), found.spread.tolist()
    ([2.0, 5.0, nan], [3, 1, 0], [8.0, nan, nan])
    """
    used = np.flatnonzero((code >= 0) & np.isfinite(x) & np.isfinite(y))
    code, x, y = code[used], x[used], y[used]
    points = np.bincount(code, minlength=codes)
    middle_x, middle_y = _medians(code, x, points), _medians(code, y, points)
    away = np.hypot(x - middle_x[code], y - middle_y[code])
    last = np.cumsum(points) - points + np.maximum(np.ceil(WITHIN * points).astype(int) - 1, 0)
    spread = np.full(codes, np.nan)
    is_many = points > 1
    spread[is_many] = away[np.lexsort((away, code))][last[is_many]]
    return KeyPlaces(middle_x, middle_y, points, spread)


def _medians(code: np.ndarray, values: np.ndarray, points: np.ndarray) -> np.ndarray:
    ordered = values[np.lexsort((values, code))]
    first, found = np.cumsum(points) - points, np.full(len(points), np.nan)
    known = np.flatnonzero(points)
    low, high = first[known] + (points[known] - 1) // 2, first[known] + points[known] // 2
    found[known] = (ordered[low] + ordered[high]) / 2
    return found


class Between(NamedTuple):
    """Arrays over what was asked: where it lies (NaN = not known) and how far apart the two points are that it lies between."""

    x: np.ndarray
    y: np.ndarray
    gap: np.ndarray


def along(road: np.ndarray, position: np.ndarray, x: np.ndarray, y: np.ndarray, asked_road: np.ndarray,
          asked_position: np.ndarray, reach: float, beside: float) -> Between:
    """Places between the nearest known positions below and above on the same road, in proportion; beside one, where it is alone.

    road, position, x, y  known points: code of the road (-1 = none), house number or metres along it, coordinates; shape (n,)
    asked_road, asked_position  shape (m,)
    reach  how far away either of the two may be, in the unit of positions; beside  how far the only one
    Several points of one position are their median. Beside a single neighbour `gap` is 0.

    >>> known = (np.array([0, 0]), np.array([10.0, 20]), np.array([0.0, 100]), np.zeros(2))
    >>> found = along(*known, np.array([0, 0, 1]), np.array([15, 27, 15]), reach=8, beside=8)
    >>> found.x.tolist(), found.gap.tolist()
    ([50.0, 100.0, nan], [100.0, 0.0, nan])
    """
    used = np.flatnonzero((road >= 0) & np.isfinite(position) & np.isfinite(x) & np.isfinite(y))
    places, code = np.unique(np.column_stack([road[used].astype(float), position[used]]), axis=0, return_inverse=True)
    middle = key_places(code.ravel(), x[used], y[used], len(places))
    empty = np.full(len(asked_road), np.nan)
    if not len(places):
        return Between(empty, empty, empty)
    stride = np.nanmax(np.abs(np.concatenate([places[:, 1], asked_position, [0]]))) * 2 + 4 * reach + 1
    known_at, asked_at = places[:, 0] * stride + places[:, 1], asked_road * stride + asked_position
    low, high, is_found = _neighbours(known_at, np.where(asked_road >= 0, asked_at, np.nan), reach, beside)
    length = known_at[high] - known_at[low]
    share = np.where(length > 0, (asked_at - known_at[low]) / np.where(length > 0, length, 1), 0)
    found = [part[low] + share * (part[high] - part[low]) for part in (middle.x, middle.y)]
    gap = np.hypot(middle.x[high] - middle.x[low], middle.y[high] - middle.y[low])
    return Between(*(np.where(is_found, values, np.nan) for values in (*found, gap)))


def _neighbours(
    known: np.ndarray, asked: np.ndarray, reach: float, beside: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The known positions next to each asked one from below and from above (twice the nearer where one is too far), and whether
    there is any; `known` ascends.
    """
    below, above = np.searchsorted(known, asked, side="right") - 1, np.searchsorted(known, asked, side="left")
    low, high = np.clip(below, 0, None), np.clip(above, None, len(known) - 1)
    down = np.where(below >= 0, asked - known[low], np.inf)
    up = np.where(above < len(known), known[high] - asked, np.inf)
    is_between = (down <= reach) & (up <= reach)
    nearer = np.where(down <= up, low, high)
    return np.where(is_between, low, nearer), np.where(is_between, high, nearer), is_between | (np.minimum(down, up) <= beside)
