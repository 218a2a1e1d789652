"""Coordinates as delivered, brought to one frame: degrees of WGS-84 with metres about the city's centre, or local metres.

Belongs here: which datum is meant, which coordinates cannot be used, the frame. The formulas are stats/datums.py.
"""

from collections import Counter
from typing import NamedTuple

import numpy as np

from pipelines.contracts.codes import DATUM
from pipelines.stats import datums
from pipelines.stats.datums import Projection

LOCAL, DEGREES = "LOCAL-METRES", "WGS84"
NO_PLACE = 1.0
"""Coordinates nearer to 0, 0 than this in degrees or metres are empty fields."""
CENTRE_DECIMALS = 1
"""The centre is rounded, so that a new batch of accidents does not move every metre."""


class Given(NamedTuple):
    """Coordinates as they were delivered, shape (n,): NaN where there are none, '' where no datum is declared."""

    lon: np.ndarray
    lat: np.ndarray
    datum: np.ndarray


class Frame(NamedTuple):
    """What all coordinates of a city are brought to.

    datum       WGS84, or LOCAL-METRES, which stay as they are
    assumed     the datum of coordinates that declare none
    projection  degrees to metres; None for local metres
    note        what was assumed and left out, in words ('' = nothing)
    """

    datum: str
    assumed: str
    projection: Projection | None
    note: str


class Points(NamedTuple):
    """Coordinates in a frame, shape (n,), NaN where there are none: longitude and latitude (or local metres), metres."""

    lon: np.ndarray
    lat: np.ndarray
    x: np.ndarray
    y: np.ndarray


def frame_of(given: Given, said: str = "") -> Frame:
    """The frame of a city's coordinates; `said` = the datum that settings give to those that declare none ('' = not said).

    Without either, the one that most coordinates declare counts; if none does, WGS84, or local metres where the numbers
    can be no degrees. The kind (degrees or local metres) of which there are more is the city's; the others cannot be used.
    """
    has = _has_place(given)
    declared = Counter(given.datum[has & (given.datum != "")].tolist())
    assumed = said or (min(declared, key=lambda name: (-declared[name], name)) if declared else _by_size(given, has))
    datum = np.where(given.datum == "", assumed, given.datum)
    is_local = datum == LOCAL
    kind = LOCAL if (is_local & has).sum() > (~is_local & has).sum() else DEGREES
    usable = has & (is_local == (kind == LOCAL)) & (is_local | _is_degree(given))
    note = _note(given, has, usable, assumed, said, declared)
    if kind == LOCAL:
        return Frame(LOCAL, assumed, None, note)
    middle = [round(float(np.median(part[usable])), CENTRE_DECIMALS) if usable.any() else 0.0 for part in (given.lon, given.lat)]
    return Frame(DEGREES, assumed, Projection(*middle), note)


def brought(given: Given, frame: Frame) -> Points:
    """Coordinates in the frame; NaN where they cannot be: of the other kind, or no degrees at all."""
    datum = np.where(given.datum == "", frame.assumed, given.datum)
    lon, lat = np.full(len(datum), np.nan), np.full(len(datum), np.nan)
    usable = _has_place(given) & ((datum == LOCAL) | _is_degree(given))
    for name in DATUM:
        rows = usable & (datum == name) & ((name == LOCAL) == (frame.projection is None))
        if rows.any():
            is_same = name == LOCAL
            found = (given.lon[rows], given.lat[rows]) if is_same else datums.wgs84_of(name, given.lon[rows], given.lat[rows])
            lon[rows], lat[rows] = found
    return placed(lon, lat, frame)


def placed(lon: np.ndarray, lat: np.ndarray, frame: Frame) -> Points:
    """Coordinates of the frame with their metres."""
    return Points(lon, lat, *(frame.projection.metres(lon, lat) if frame.projection else (lon.copy(), lat.copy())))


def from_metres(x: np.ndarray, y: np.ndarray, frame: Frame) -> Points:
    """Metres of the frame with their coordinates."""
    return Points(*(frame.projection.degrees(x, y) if frame.projection else (x.copy(), y.copy())), x, y)


def _has_place(given: Given) -> np.ndarray:
    known = np.isfinite(given.lon) & np.isfinite(given.lat)
    return known & ~((np.abs(given.lon) < NO_PLACE) & (np.abs(given.lat) < NO_PLACE))


def _is_degree(given: Given) -> np.ndarray:
    return (np.abs(given.lon) <= 180) & (np.abs(given.lat) <= 90)


def _by_size(given: Given, has: np.ndarray) -> str:
    return LOCAL if has.any() and not _is_degree(given)[has].any() else DEGREES


def _note(given: Given, has: np.ndarray, usable: np.ndarray, assumed: str, said: str, declared: Counter) -> str:
    parts = []
    if undeclared := int((has & (given.datum == "")).sum()):
        why = "按设置" if said else f"其余坐标多数如此（{declared[assumed]:,} 处）" if declared else "没有一处写明，未核实"
        parts.append(f"{undeclared:,} 处坐标未写坐标系，按 {assumed}（{why}）")
    if len(declared) > 1:
        parts.append("坐标系不一，已统一：" + "、".join(f"{name} {number:,} 处" for name, number in sorted(declared.items())))
    if wrong := int((has & ~usable).sum()):
        parts.append(f"{wrong:,} 处坐标超出经纬度范围，或与多数不是同一类（经纬度、地方坐标），未用")
    return "；".join(parts)
