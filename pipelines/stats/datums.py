"""Coordinates of one datum as those of another, and degrees as metres about a city's centre.

Belongs here: WGS-84, GCJ-02 (火星坐标), BD-09 (百度) and a local projection, on arrays. CGCS2000 is WGS-84 to below a metre and
needs nothing. Sources: the offset of GCJ-02 is not published by its owner; this is the formula in general use, on the Krasovsky
ellipsoid (Wikipedia, "Restrictions on geographic data in China"), checked against published test points (tests/unit). Radii of
curvature: Torge (2001), Geodesy, 3rd ed., section 4.1.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

CHINA = (72.004, 137.8347, 0.8293, 55.8271)
"""West, east, south, north: outside, GCJ-02 and BD-09 are what WGS-84 is, as the map services do it."""
KRASOVSKY, KRASOVSKY_E2 = 6378245.0, 0.00669342162296594323
WGS84, WGS84_E2 = 6378137.0, 0.00669437999014132
BD_TURN = np.pi * 3000 / 180
CLOSE, ROUNDS = 1e-10, 20
Pair = tuple[np.ndarray, np.ndarray]


class DatumError(ValueError):
    """Coordinates that no place can have; the message says how many and the first of them."""


def gcj02_of_wgs84(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """GCJ-02 degrees of WGS-84 degrees; arrays of one shape, NaN stays NaN. Raises DatumError.

    >>> [round(float(value[0]), 6) for value in gcj02_of_wgs84([116.377817], [39.911954])]
    [116.384047, 39.913345]
    """
    lon, lat = _degrees(lon, lat)
    return _inside(lon, lat, _obfuscated)


def wgs84_of_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """WGS-84 degrees of GCJ-02 degrees, by iteration to 1e-10 degrees (0.01 mm) of what the forward formula gives."""
    lon, lat = _degrees(lon, lat)
    return _inside(lon, lat, lambda x, y: _inverted(_obfuscated, x, y))


def bd09_of_gcj02(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """BD-09 degrees of GCJ-02 degrees. Raises DatumError."""
    lon, lat = _degrees(lon, lat)
    return _inside(lon, lat, _turned)


def gcj02_of_bd09(lon: ArrayLike, lat: ArrayLike) -> Pair:
    """GCJ-02 degrees of BD-09 degrees, by iteration as wgs84_of_gcj02."""
    lon, lat = _degrees(lon, lat)
    return _inside(lon, lat, lambda x, y: _inverted(_turned, x, y))


def wgs84_of(datum: str, lon: ArrayLike, lat: ArrayLike) -> Pair:
    """WGS-84 degrees of a datum's (WGS84, CGCS2000, GCJ02, BD09). Raises DatumError; KeyError for another datum."""
    ways: dict[str, Callable[[ArrayLike, ArrayLike], Pair]] = {
        "WGS84": _degrees, "CGCS2000": _degrees, "GCJ02": wgs84_of_gcj02,
        "BD09": lambda x, y: wgs84_of_gcj02(*gcj02_of_bd09(x, y)),
    }
    return ways[datum](lon, lat)


class Projection(NamedTuple):
    """Equirectangular about a centre in WGS-84 degrees: metres east and north of it.

    True to scale along the centre's parallel and every meridian; 100 km to the north or south, lengths from west to east are
    off by 1.6 % × tan(latitude): 0.9 % at 29°.
    """

    lon: float
    lat: float

    def metres(self, lon: ArrayLike, lat: ArrayLike) -> Pair:
        """x (east), y (north) of degrees. Raises DatumError."""
        lon, lat = _degrees(lon, lat)
        east, north = degree_lengths(self.lat)
        return (lon - self.lon) * east, (lat - self.lat) * north

    def degrees(self, x: ArrayLike, y: ArrayLike) -> Pair:
        """Longitude, latitude of metres."""
        east, north = degree_lengths(self.lat)
        return self.lon + np.asarray(x, float) / east, self.lat + np.asarray(y, float) / north


def degree_lengths(lat: float) -> tuple[float, float]:
    """Metres in a degree of longitude and of latitude on WGS-84.

    >>> [round(metres) for metres in degree_lengths(45)]
    [78847, 111132]
    """
    return _lengths(np.float64(lat), WGS84, WGS84_E2)


def _lengths(lat, axis: float, e2: float):
    """Metres in a degree of longitude and of latitude at latitudes, on an ellipsoid."""
    root = np.sqrt(1 - e2 * np.sin(np.radians(lat)) ** 2)
    return np.radians(axis * np.cos(np.radians(lat)) / root), np.radians(axis * (1 - e2) / root**3)


def _degrees(lon: ArrayLike, lat: ArrayLike) -> Pair:
    lon, lat = np.asarray(lon, float), np.asarray(lat, float)
    wrong = np.flatnonzero((np.abs(lon) > 180) | (np.abs(lat) > 90))
    if len(wrong):
        first = (float(np.ravel(lon)[wrong[0]]), float(np.ravel(lat)[wrong[0]]))
        raise DatumError(f"{len(wrong)} 处坐标超出 ±180、±90 度，第一处为 {first}；若为地方坐标（米），坐标系应写 LOCAL-METRES")
    return lon, lat


def _inside(lon: np.ndarray, lat: np.ndarray, change: Callable[[np.ndarray, np.ndarray], Pair]) -> Pair:
    """Changed within China's rectangle, as it is elsewhere."""
    west, east, south, north = CHINA
    there = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    changed = change(np.where(there, lon, 105.0), np.where(there, lat, 35.0))
    return np.where(there, changed[0], lon), np.where(there, changed[1], lat)


def _obfuscated(lon: np.ndarray, lat: np.ndarray) -> Pair:
    x, y = lon - 105, lat - 35
    common = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    waves_east = common + _waves(x, 150, 300)
    waves_north = common + _waves(y, 160, 320)
    east = 300 + x + 2 * y + 0.1 * x * (x + y) + 0.1 * np.sqrt(np.abs(x)) + waves_east / 1.5
    north = -100 + 2 * x + 3 * y + 0.2 * y**2 + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x)) + waves_north / 1.5
    east_length, north_length = _lengths(lat, KRASOVSKY, KRASOVSKY_E2)
    return lon + east / east_length, lat + north / north_length


def _waves(along: np.ndarray, twelfth: float, thirtieth: float) -> np.ndarray:
    parts = ((20, 1), (40, 3), (twelfth, 12), (thirtieth, 30))
    return np.sum([size * np.sin(np.pi * along / slow) for size, slow in parts], axis=0)


def _turned(lon: np.ndarray, lat: np.ndarray) -> Pair:
    radius = np.hypot(lon, lat) + 2e-5 * np.sin(lat * BD_TURN)
    angle = np.arctan2(lat, lon) + 3e-6 * np.cos(lon * BD_TURN)
    return radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006


def _inverted(change: Callable[[np.ndarray, np.ndarray], Pair], lon: np.ndarray, lat: np.ndarray) -> Pair:
    """What `change` makes into lon, lat: each round takes off what the change still overshoots by."""
    x, y = lon, lat
    for _ in range(ROUNDS):
        made = change(x, y)
        off_x, off_y = made[0] - lon, made[1] - lat
        x, y = x - off_x, y - off_y
        if np.nanmax(np.abs([off_x, off_y]), initial=0) < CLOSE:
            break
    return x, y
