"""Which county a place is in, and whether it is in the city at all: by the names in its text, else by the nearest known place.

Belongs here: names and codes (tables/regions.csv). Distances from the city are stats/extent.py.
"""

import csv
import functools
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.spatial import KDTree

from pipelines.places.texts import Place

TABLE = Path(__file__).parent.parent / "tables" / "regions.csv"
CITY_DIGITS, WHOLE_CITY = 4, "00"
MOST_OF_CITY, NEAR_METRES = 0.8, 2000.0


@functools.cache
def _codes() -> dict[str, tuple[str, ...]]:
    """Name of a prefecture or county -> its codes; some names stand in several prefectures."""
    found: dict[str, tuple[str, ...]] = {}
    with TABLE.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["code"] and row["level"] != "province":
                found[row["name"]] = (*found.get(row["name"], ()), row["code"])
    return found


def city_of(codes: Iterable[str | None]) -> str:
    """The first four digits that most codes share; '' where fewer than 80 % do (a province's bureau, codes of other kinds)."""
    whole = [code for code in codes if code and len(code) >= CITY_DIGITS and code.isdigit()]
    [(prefix, number)] = Counter(code[:CITY_DIGITS] for code in whole).most_common(1) or [("", 0)]
    return prefix if whole and number >= MOST_OF_CITY * len(whole) else ""


class Named(NamedTuple):
    """What the names in a text say: the county's code ('' = no county, or not known), whether it is another city's."""

    code: str
    is_elsewhere: bool


@functools.lru_cache(maxsize=4096)
def named(city: str, county: str, prefix: str) -> Named:
    """Code and city of the names in a text; `prefix` = the city's four digits, '' = not known, then nothing is elsewhere.

    >>> named("", "武陵区", "4307"), named("长沙市", "", "4307")
    (Named(code='430702', is_elsewhere=False), Named(code='', is_elsewhere=True))
    """
    of_city, of_county = _codes().get(city, ()), _codes().get(county, ())
    decides = of_city or of_county
    is_elsewhere = bool(prefix and decides) and not any(code.startswith(prefix) for code in decides)
    own = [code for code in of_county if code.startswith(prefix) and not code.endswith(WHOLE_CITY)]
    code = own[0] if len(own) == 1 and not is_elsewhere else ""
    return Named(code, is_elsewhere)


def settled(places: Sequence[Place]) -> list[Place]:
    """The places without counties that are whole cities: by their code, or because other texts name counties of them.

    >>> from pipelines.places.texts import read
    >>> [one.county for one in settled([read("佛山市人民路"), read("佛山市南海区人民路"), read("津市市人民路")])]
    ['', '南海区', '津市市']
    """
    whole = {place.city for place in places if place.county != place.city}
    whole |= {name for name, codes in _codes().items() if codes[0].endswith(WHOLE_CITY)}
    return [place._replace(county="") if place.county in whole else place for place in places]


def nearest(x: np.ndarray, y: np.ndarray, code: np.ndarray, asked_x: np.ndarray, asked_y: np.ndarray) -> np.ndarray:
    """The code of the nearest place with one within 2 km of each asked one; texts, '' = not known."""
    found = np.full(len(asked_x), "", object)
    known = np.flatnonzero(np.isfinite(x) & np.isfinite(y) & (code != ""))
    asked = np.flatnonzero(np.isfinite(asked_x) & np.isfinite(asked_y))
    if len(known) and len(asked):
        tree = KDTree(np.column_stack([x[known], y[known]]))
        away, at = tree.query(np.column_stack([asked_x[asked], asked_y[asked]]), distance_upper_bound=NEAR_METRES)
        near = np.isfinite(np.asarray(away))
        found[asked[near]] = code[known[np.asarray(at)[near]]]
    return found
