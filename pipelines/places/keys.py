"""Place texts as keys: whole numbers for crossings, sections, roads and counties, alike for all reports of a city.

Belongs here: what two texts must share to name one place. How a text is read is texts.py, where a key lies lookup.py.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from pipelines.places.texts import Place

BLOCK, KILOMETRE = 100, 1000


class Keys(NamedTuple):
    """Arrays over texts or reports; codes are whole numbers, -1 = the text does not say it.

    full      crossing with the sections of its roads; or road, section and house number; or road and kilometre mark
    loose     crossing without sections
    section   the (first) road with section and lane; road  the road alone; county  as the text names it
    numbered, number  road (with section and lane) and house number on it, NaN = none; the mouth of a lane has its number
    mark      metres along the road, NaN = none
    offset_m, bearing  as in Place, NaN = no direction said
    """

    full: np.ndarray
    loose: np.ndarray
    section: np.ndarray
    road: np.ndarray
    county: np.ndarray
    numbered: np.ndarray
    number: np.ndarray
    mark: np.ndarray
    offset_m: np.ndarray
    bearing: np.ndarray

    def of(self, at: np.ndarray) -> "Keys":
        """The keys of the reports whose texts stand at these places."""
        return Keys(*(values[at] for values in self))

    @property
    def event(self) -> np.ndarray:
        """What two reports of one accident share: crossing (without sections), else number or mark; one code space."""
        return np.where(self.loose >= 0, 2 * self.loose, np.where(self.full >= 0, 2 * self.full + 1, -1))


def keys_of(places: Sequence[Place]) -> Keys:
    """The keys of texts, or of reports, from their places.

    >>> from pipelines.places.texts import read
    >>> keys = keys_of([read("人民路与朗州路口"), read("朗州路、人民路交叉口"), read("人民路12号")])
    >>> keys.full.tolist(), keys.road.tolist(), keys.number.tolist()
    ([0, 0, 1], [0, 1, 0], [nan, nan, 12.0])
    """
    return Keys(
        _coded(_full(place) for place in places), _coded(_crossing(place, is_loose=True) for place in places),
        _coded(place.roads[0].key if place.roads else "" for place in places),
        _coded(place.roads[0].name if place.roads else "" for place in places),
        _coded(place.county for place in places), *_numbered(places), _floats(place.mark for place in places),
        np.array([place.offset_m for place in places], float), _floats(place.bearing for place in places))


def shown(place: Place) -> str:
    """The name of a place for tables and maps: roads only, house numbers by the hundred, marks by the kilometre; '' = none.

    >>> from pipelines.places.texts import read
    >>> shown(read("朗州路与人民路口")), shown(read("人民路212号")), shown(read("G207 K123+400"))
    ('人民路×朗州路', '人民路200–299号', 'G207 123公里')
    """
    if len(place.roads) > 1:
        return _crossing(place, is_loose=True)
    if not place.roads:
        return ""
    road = place.roads[0].key
    if place.number:
        block = place.number // BLOCK * BLOCK
        return f"{road}{block or 1}–{block + BLOCK - 1}号"
    return f"{road} {place.mark // KILOMETRE}公里" if place.mark is not None else road


def _numbered(places: Sequence[Place]) -> tuple[np.ndarray, np.ndarray]:
    said = [_mouth(place) or (place.roads[0].key if place.number else "", place.number) for place in places]
    return _coded(road for road, _ in said), _floats(number for _, number in said)


def _mouth(place: Place) -> tuple[str, float] | None:
    """Road and number of a lane's mouth on its own road: 人民路与人民路137巷口 lies where number 137 would."""
    if len(place.roads) != 2 or place.roads[0].name != place.roads[1].name:
        return None
    lanes = [road for road in place.roads if road.lane]
    number = re.match(r"\d+", lanes[0].lane) if len(lanes) == 1 else None
    return (lanes[0].name + lanes[0].section, float(number[0])) if number else None


def _full(place: Place) -> str:
    if len(place.roads) > 1:
        return _crossing(place, is_loose=False)
    if place.roads and place.number:
        return f"{place.roads[0].key}#{place.number}"
    return f"{place.roads[0].name}@{place.mark}" if place.roads and place.mark is not None else ""


def _crossing(place: Place, is_loose: bool) -> str:
    names = sorted(road.loose_key if is_loose else road.key for road in place.roads)
    return "×".join(names) if len(set(names)) > 1 else ""


def _coded(said: Iterable[str]) -> np.ndarray:
    known: dict[str, int] = {}
    return np.array([known.setdefault(text, len(known)) if text else -1 for text in said], np.int64)


def _floats(values: Iterable[float | None]) -> np.ndarray:
    return np.array([np.nan if value is None else value for value in values], float)
