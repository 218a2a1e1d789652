"""多发路段周边: whose staff was hurt at a site, and which units, communities, parks and offices lie near it, for campaigns.

Belongs here: distances to sites and the order of the rows.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import engine
from pipelines.contracts.commuting import HOTSPOT_NEIGHBOUR
from pipelines.hotspots.history import MAIN
from pipelines.lazy import Computed, Query, Stored
from pipelines.places import points
from pipelines.places.points import Frame, Given
from pipelines.stats.datums import Projection
from pipelines.workspace import Workspace

REACH, MOST = 800.0, 12
UNIT = "用人单位"
SAID = (f"在圈内受伤的职工所在单位，以及坐标距点位 {REACH:g} 米以内的单位和重点场所（有半径的从其边缘算起），"
        f"每处最多 {MOST} 个；人数为最近十二个月月均参保人数")


class Tables(NamedTuple):
    """The month's tables that neighbours are found in."""

    commuting_hotspot: Stored
    located_accident: Stored
    landmark: Stored
    enterprise: Stored
    enterprise_outlook: Stored


class Neighbours(NamedTuple):
    """What may lie near: coordinates in the frame (NaN = none), metres of its own radius, heads (NaN = not told)."""

    kind: list[str]
    name: list[str]
    unit: list[str | None]
    lon: np.ndarray
    lat: np.ndarray
    radius: np.ndarray
    heads: np.ndarray


def hotspot_neighbour(place: Workspace, as_of: int, tables: Tables) -> Computed:
    """The table of a month."""
    sites = tables.commuting_hotspot.columns().to_pylist()
    rows: list[dict] = []
    if sites:
        known = _neighbours(place, tables, sites[0]["datum"], place.settings().datum)
        injured = tables.located_accident.columns("source", "is_on_map", "enterprise_id", "x_m", "y_m")
        for site in sites:
            place_of = {name: site[name] for name in ("population", "area_code", "rank")}
            common = {"as_of_month": as_of, **place_of, "definition": SAID}
            rows += [{**common, "number": number, **row}
                     for number, row in enumerate(near(site, known, _injured(injured, site)), 1)]
    return Computed(pa.Table.from_pylist(rows, HOTSPOT_NEIGHBOUR.schema), tables._asdict())


def _injured(accidents: pa.Table, site: Mapping) -> Counter:
    """Unit -> accidents of its staff within the disc."""
    away = np.hypot(*(accidents[name].to_numpy().astype(float) - site[name] for name in ("x_m", "y_m")))
    inside = accidents.filter(pa.array(away <= site["radius_m"])).filter(
        pc.field("is_on_map") & pc.field("source").isin(MAIN[site["population"]]))
    return Counter(unit for unit in inside["enterprise_id"].to_pylist() if unit)


def near(site: Mapping, known: Neighbours, injured: Mapping[str, int]) -> list[dict]:
    """The neighbours of one site: units by injured staff, then everything by heads and distance."""
    away = _away(site, known)
    here = np.array([injured.get(unit, 0) if unit else 0 for unit in known.unit], int)
    chosen = np.flatnonzero((away <= REACH) | (here > 0))
    name, far = np.array(known.name, object)[chosen].astype(str), np.nan_to_num(away[chosen], nan=np.inf)
    order = np.lexsort((name, far, -np.nan_to_num(known.heads[chosen]), -here[chosen]))
    return [{"neighbour_kind": known.kind[at], "neighbour_name": known.name[at], "enterprise_id": known.unit[at],
             "distance_m": float(away[at]) if np.isfinite(away[at]) else None,
             "heads": round(float(known.heads[at])) if np.isfinite(known.heads[at]) else None, "injured_here": int(here[at])}
            for at in chosen[order][:MOST].tolist()]


def _away(site: Mapping, known: Neighbours) -> np.ndarray:
    """Metres from the site's centre to each neighbour's edge; NaN where it has no coordinates."""
    if site["datum"] == points.LOCAL:
        x, y = known.lon - site["lon"], known.lat - site["lat"]
    else:
        x, y = Projection(site["lon"], site["lat"]).metres(known.lon, known.lat)
    return np.maximum(np.hypot(x, y) - known.radius, 0)


def _neighbours(place: Workspace, tables: Tables, datum: str, assumed: str) -> Neighbours:
    units = engine.fetch(Query("marts/neighbour_unit.sql", {
        "enterprise": tables.enterprise, "enterprise_outlook": tables.enterprise_outlook}), place.core)
    marks = tables.landmark.columns("landmark_name", "landmark_kind", "lon", "lat", "datum", "radius_m")
    frame = Frame(datum, assumed or datum, None if datum == points.LOCAL else Projection(0.0, 0.0), "")
    lon, lat = (_both(units[name], marks[name]) for name in ("lon", "lat"))
    at = points.brought(Given(lon, lat, np.array([name or "" for name in _texts(units, marks, "datum")], object)), frame)
    count = units.num_rows
    return Neighbours(
        [UNIT] * count + [kind or "重点场所" for kind in marks["landmark_kind"].to_pylist()],
        [name or unit for name, unit in zip(*(units[c].to_pylist() for c in ("enterprise_name", "enterprise_id")), strict=True)]
        + marks["landmark_name"].to_pylist(),
        units["enterprise_id"].to_pylist() + [None] * marks.num_rows, at.lon, at.lat,
        np.concatenate([np.zeros(count), np.nan_to_num(_numbers(marks["radius_m"]))]),
        np.concatenate([_numbers(units["heads"]), np.full(marks.num_rows, np.nan)]))


def _texts(units: pa.Table, marks: pa.Table, name: str) -> Iterable[str | None]:
    return units[name].to_pylist() + marks[name].to_pylist()


def _both(first: pa.ChunkedArray, second: pa.ChunkedArray) -> np.ndarray:
    return np.concatenate([_numbers(first), _numbers(second)])


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    return column.cast(pa.float64()).to_numpy()
