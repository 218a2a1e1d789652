"""Streets of the made-up counties: straight roads around each centre, where they cross, how a place on them is said.

The centres of the counties are rounded to a kilometre; everything drawn around them is invented. Metres are east and north of a
county's centre.
"""
from functools import cache
from typing import NamedTuple

import numpy as np

from pipelines.simulate import calibration, words
from pipelines.simulate.draws import Array, as_texts, choose
from pipelines.stats import datums

CENTRES = ((111.69, 29.04), (111.68, 29.02), (112.17, 29.41), (111.97, 28.91), (111.76, 29.63), (111.65, 29.44),
           (111.49, 28.90), (111.38, 29.58), (112.00, 29.14), (111.88, 29.61))
"""Longitude and latitude of each county of `words.PLACES`, in its order."""
COUNTY_DATUMS = ("BD09", "GCJ02", "WGS84")
"""What the geocoders of the counties give, in turn."""
ASIDE, HOUSE_METRES, HOUSES, NOISE = 1500.0, 6.0, 400, 8.0
CROSSING_FORMS = ("{county}{a}与{b}交叉口{beside}", "{county}{a}{b}路口{beside}", "{b}和{a}十字路口{beside}", "{county}{b}/{a}",
                  "{county}{a}、{b}交汇处{beside}")
HOUSE_FORMS = ("{county}{a}{number}号附近", "{a}{number}号门前", "{county}{a}{number}号")
OFFSET_FROM, EAST_TO = 0.6, 0.8


class Spots(NamedTuple):
    """Places on roads, shape (n,): what is said of them, and degrees of WGS-84."""

    text: Array
    lon: Array
    lat: Array


class Streets(NamedTuple):
    """The roads of a county: names, and the lines normal · (x, y) = offset, shapes (k,), (k, 2), (k,)."""

    names: Array
    normal: Array
    offset: Array


@cache
def streets(county: int) -> Streets:
    """Roads in directions that share the half circle alike, passing the centre at up to 1.5 km."""
    names = words.ROADS.get([*words.PLACES][county], words.ROADS[""])
    index = np.arange(len(names))
    angle = np.pi * (index + 0.3 * (index * 0.618 % 1)) / len(names) + county
    offset = ASIDE * (2 * (index * 0.618 % 1) - 1)
    return Streets(np.array(names, object), np.column_stack([np.cos(angle), np.sin(angle)]), offset)


def crossings(county: Array, u: Array, v: Array, beside: Array) -> Spots:
    """Crossings of two roads per county index; a few crossings carry most of the accidents. All draws are uniform.

    `beside` says whether the place is some metres east or south of it.
    """
    x, y, text = np.empty(len(county)), np.empty(len(county)), np.empty(len(county), object)
    metres = (beside * 20).astype(int) * 10
    is_east = (beside >= OFFSET_FROM) & (beside < EAST_TO)
    said = np.where(beside < OFFSET_FROM, "", np.where(is_east, "东", "南") + metres.astype(str).astype(object) + "米")
    for index in range(len(CENTRES)):
        here, roads = np.flatnonzero(county == index), streets(index)
        rank = 1 / (np.arange(len(roads.names)) + 1.0) ** 1.3
        first, second = choose(rank, u[here]), choose(rank, v[here])
        second = np.where(second == first, (first + 1) % len(rank), second)
        low, high = np.minimum(first, second), np.maximum(first, second)
        x[here], y[here] = np.linalg.solve(
            np.stack([roads.normal[low], roads.normal[high]], axis=1),
            np.stack([roads.offset[low], roads.offset[high]], axis=1)[..., None])[..., 0].T
        facts = zip(_forms(CROSSING_FORMS, u[here]), roads.names[low], roads.names[high], said[here], strict=True)
        text[here] = as_texts(form.format(county=_name(index), a=a, b=b, beside=side) for form, a, b, side in facts)
    return _spots(text, county, x + np.where(is_east, metres, 0), y - np.where(beside >= EAST_TO, metres, 0), u, v)


def houses(county: Array, u: Array, v: Array) -> Spots:
    """Houses on roads, one per county index: uniform draws for the road and the number."""
    x, y, text = np.empty(len(county)), np.empty(len(county)), np.empty(len(county), object)
    number = (v * HOUSES).astype(int) + 1
    for index in range(len(CENTRES)):
        here, roads = np.flatnonzero(county == index), streets(index)
        road = choose(np.ones(len(roads.names)), u[here])
        normal, along = roads.normal[road], (number[here] - HOUSES / 2) * HOUSE_METRES
        x[here] = roads.offset[road] * normal[:, 0] - along * normal[:, 1]
        y[here] = roads.offset[road] * normal[:, 1] + along * normal[:, 0]
        facts = zip(_forms(HOUSE_FORMS, u[here]), roads.names[road], number[here], strict=True)
        text[here] = as_texts(form.format(county=_name(index), a=a, number=no) for form, a, no in facts)
    return _spots(text, county, x, y, u, v)


def in_datum(county: Array, lon: Array, lat: Array) -> tuple[Array, Array, Array]:
    """Longitude, latitude and datum as the county's geocoder gives degrees of WGS-84."""
    datum = np.array(COUNTY_DATUMS, object)[county % len(COUNTY_DATUMS)]
    moved = datums.gcj02_of_wgs84(lon, lat)
    twice = datums.bd09_of_gcj02(*moved)
    for name, (there_lon, there_lat) in (("GCJ02", moved), ("BD09", twice)):
        lon, lat = np.where(datum == name, there_lon, lon), np.where(datum == name, there_lat, lat)
    return np.round(lon, 6), np.round(lat, 6), datum


def _name(county: int) -> str:
    return calibration.counties()[[*words.PLACES][county]]


def _forms(forms: tuple[str, ...], u: Array) -> Array:
    return np.array(forms, object)[(u * 7919 % 1 * len(forms)).astype(int)]


def _spots(text: Array, county: Array, x: Array, y: Array, u: Array, v: Array) -> Spots:
    """The places in degrees, scattered a little as positions are."""
    centre = np.array(CENTRES)[county].reshape(-1, 2)
    east, north = np.array([datums.degree_lengths(lat) for _, lat in CENTRES])[county].reshape(-1, 2).T
    scatter_x, scatter_y = (NOISE * 2 * (draw * 6571 % 1 - 0.5) for draw in (u, v))
    return Spots(text, centre[:, 0] + (x + scatter_x) / east, centre[:, 1] + (y + scatter_y) / north)
