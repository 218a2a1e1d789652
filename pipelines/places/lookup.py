"""Places of reports without coordinates, from reports of the same city that have both coordinates and a text.

Belongs here: in which order keys are tried, when a key is one place, how exact each way is. Sets of points are
stats/locating.py.
"""

from typing import NamedTuple

import numpy as np

from pipelines.places.keys import Keys
from pipelines.stats import locating

WAYS = ("full_key", "house_number", "landmark", "road_section")
NO_WAY = -1
MOST_SPREAD, MOST_SOURCE_OFFSET = 100.0, 30.0
LEAST_OF_SECTION = 2
LONGEST_ROAD = 20_000.0
"""Where the known points of a road's name spread farther than this, several counties have such a road."""
MOST_ERROR = 500.0
"""A place that is known no better than this is not known."""
NUMBER_REACH, NUMBER_GAP = 20.0, 200.0
MARK_REACH, MARK_BESIDE, MARK_GAP = 1000.0, 300.0, 2500.0
CLASSES = (1, 2, 5)
"""Places known from one point, from 2 to 4, from 5 or more have errors of their own."""
LEAST_ERRORS, ERROR_SHARE = 30, 0.9
PRESUMED_METRES = {"full_key": 50.0, "house_number": 150.0, "landmark": 200.0, "road_section": 150.0}
"""The error of a way that too few reports allow to measure."""


class Landmarks(NamedTuple):
    """Places by name: for each report the place that its text names (-1 = none), and where each place lies, in metres."""

    named: np.ndarray
    x: np.ndarray
    y: np.ndarray


class Found(NamedTuple):
    """Arrays over all reports: where (NaN = not found), the way as its place in WAYS (-1), how many points say so."""

    x: np.ndarray
    y: np.ndarray
    way: np.ndarray
    points: np.ndarray


NOTHING = Found(*(np.array(empty) for empty in (np.nan, np.nan, NO_WAY, 0)))


def locate(keys: Keys, x: np.ndarray, y: np.ndarray, landmarks: Landmarks) -> tuple[Found, np.ndarray]:
    """Where the reports without a point (NaN) lie, and the metres within which 90 % of such errors stay.

    The error is measured on the reports that have a point: each half of them is located from the other half, and distances
    are taken by way and by the number of points that a place stands on.
    """
    found = search(keys, x, y, landmarks)
    if not (found.way != NO_WAY).any():
        return found, np.full(len(x), np.nan)
    known = np.flatnonzero(np.isfinite(x))
    error = np.full(len(x), np.nan)
    again = Found(*(np.full(len(x), empty) for empty in NOTHING))
    for half in (known[::2], known[1::2]):
        hidden_x, hidden_y = x.copy(), y.copy()
        hidden_x[half], hidden_y[half] = np.nan, np.nan
        of_half = search(keys, hidden_x, hidden_y, landmarks)
        for kept, new in zip(again, of_half, strict=True):
            kept[half] = new[half]
        error[half] = np.hypot(of_half.x[half] - x[half], of_half.y[half] - y[half])
    measured = _measured(again, error)
    classes = zip(found.way.tolist(), _class(found.points).tolist(), strict=True)
    exact = np.array([measured.get(one, np.nan) for one in classes], float)
    exact = np.hypot(exact, np.where(np.isnan(keys.bearing), keys.offset_m, 0))
    is_known = exact <= MOST_ERROR
    sure = Found(*(np.where(is_known, values, empty) for values, empty in zip(found, NOTHING, strict=True)))
    return sure, np.where(is_known, exact, np.nan)


def _class(points: np.ndarray) -> np.ndarray:
    return np.searchsorted(CLASSES, points, side="right")


def _measured(again: Found, error: np.ndarray) -> dict[tuple[int, int], float]:
    """(way, class) -> the error that 90 % stay below; of the way as a whole, or presumed, where there are too few."""
    size, known, measured = _class(again.points), np.isfinite(error), {}
    for way, name in enumerate(WAYS):
        of_way = known & (again.way == way)
        for number in range(len(CLASSES) + 1):
            own = of_way & (size == number)
            rows = own if own.sum() >= LEAST_ERRORS else of_way
            is_enough = rows.sum() >= LEAST_ERRORS
            measured[way, number] = float(np.quantile(error[rows], ERROR_SHARE)) if is_enough else PRESUMED_METRES[name]
    return measured


def search(keys: Keys, x: np.ndarray, y: np.ndarray, landmarks: Landmarks) -> Found:
    """The first way that gives each report without a point a place."""
    is_asked = np.isnan(x)
    is_source = ~is_asked & (keys.offset_m <= MOST_SOURCE_OFFSET)
    found = Found(*(np.full(len(x), empty) for empty in NOTHING))
    is_open = is_ambiguous(keys, x, y, is_source)

    def take(way: str, at_x: np.ndarray, at_y: np.ndarray, points: np.ndarray, is_fine: np.ndarray) -> None:
        new = is_asked & (found.way == NO_WAY) & is_fine & ((way == "landmark") | ~is_open)
        for kept, values in zip(found, (at_x, at_y, np.full(len(x), WAYS.index(way)), points), strict=True):
            kept[new] = values[new]

    for code in (keys.full, keys.loose):
        for at_x, at_y, points, spread in _by_key(code, keys.county, x, y, is_source):
            take("full_key", at_x, at_y, points, (points > 0) & ~(spread >= MOST_SPREAD))
    numbers = [(*pair, keys.number, NUMBER_REACH, NUMBER_REACH, NUMBER_GAP) for pair in _of_counties(keys.numbered, keys.county)]
    marks = (keys.road, keys.road, keys.mark, MARK_REACH, MARK_BESIDE, MARK_GAP)
    for source, asked, position, reach, beside, most in (*numbers, marks):
        between = locating.along(np.where(is_source, source, locating.NONE), position, x, y, asked, position, reach, beside)
        take("house_number", between.x, between.y, np.ones(len(x), int), between.gap <= most)
    if len(landmarks.x):
        at = landmarks.named
        take("landmark", landmarks.x[at], landmarks.y[at], np.ones(len(x), int), (at >= 0) & np.isfinite(landmarks.x[at]))
    for at_x, at_y, points, spread in _by_key(keys.section, keys.county, x, y, is_source):
        take("road_section", at_x, at_y, points, (points >= LEAST_OF_SECTION) & (spread < MOST_SPREAD))
    return _beside(found, keys)


def is_ambiguous(keys: Keys, x: np.ndarray, y: np.ndarray, is_source: np.ndarray) -> np.ndarray:
    """Which texts name a road that several counties have, by the points of the sources, and no county; a highway is but one."""
    codes = keys.road.max(initial=-1) + 2  # the last is nobody's
    spread = locating.key_places(np.where(is_source, keys.road, locating.NONE), x, y, codes).spread
    return (keys.county < 0) & np.isnan(keys.mark) & (spread[keys.road] > LONGEST_ROAD)


def _of_counties(code: np.ndarray, county: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Codes of sources and of what is asked: within the county that both name; else where only one names any, all counties.

    Many counties have a 人民路: a text that names its county is not located by one of another county.
    """
    has, none = county >= 0, np.full(len(code), locating.NONE)
    both = np.unique(np.column_stack([code, county]), axis=0, return_inverse=True)[1].ravel()
    within = np.where(has & (code >= 0), both, none)
    return [(within, within), (np.where(has, none, code), np.where(has, code, none)), (code, np.where(has, none, code))]


def _by_key(code: np.ndarray, county: np.ndarray, x: np.ndarray, y: np.ndarray, is_source: np.ndarray):
    for source, asked in _of_counties(code, county):
        codes = max(source.max(initial=-1), asked.max(initial=-1)) + 1
        places = locating.key_places(np.where(is_source, source, locating.NONE), x, y, codes + 1)
        at = np.where(asked >= 0, asked, codes)  # the last place is nobody's
        yield tuple(values[at] for values in places)


def _beside(found: Found, keys: Keys) -> Found:
    """Moved by the metres that a text says, where it says the direction."""
    turn, far = np.radians(keys.bearing), np.where(np.isnan(keys.bearing), 0.0, keys.offset_m)
    east, north = (np.nan_to_num(far * part) for part in (np.sin(turn), np.cos(turn)))
    return found._replace(x=found.x + east, y=found.y + north)
