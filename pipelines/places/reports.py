"""The reports of road accidents of a month with their texts read and their coordinates in one frame.

Belongs here: what located_accident and the tables about it start from. Which reports there are is sql/core/road_accident.sql.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import engine
from pipelines.ingest.narratives import Rule, first_match, normalised
from pipelines.lazy import Query, Stored
from pipelines.places import boundary, keys, lookup, points, regions, texts
from pipelines.places.keys import Keys
from pipelines.places.points import Frame, Given, Points
from pipelines.stats import events, extent
from pipelines.workspace import Workspace

SOURCES = ("commuting", "off_site", "not_recognised", "platform_injury", "traffic_accident")
"""In the order in which they stand for an accident that several report."""
POLICE = SOURCES.index("traffic_accident")
NAMES_AT_ONCE, SHORTEST_NAME = 50, 3
WAYS_SAID = (
    f"依次：数据给出的坐标；地点文字与有坐标的事故同为一个路口或门牌（散布不足 {lookup.MOST_SPREAD:g} 米）；"
    f"相邻门牌（{lookup.NUMBER_REACH:g} 号内）或里程（{lookup.MARK_REACH:,.0f} 米内）；"
    f"重点场所的名称；同一路段（散布不足 {lookup.MOST_SPREAD:g} 米）；否则不上图")
ONE_SAID = (
    f"工伤与工伤、工伤与交通事故：{events.NEAR_MINUTES} 分钟内且在 {events.NEAR_METRES:g} 米内或同一路口、门牌的为一起，"
    "没有时刻的按同一天；交通事故并入工伤")


class Sources(NamedTuple):
    """The tables of a month that accidents are found in."""

    claim: Stored
    enterprise: Stored
    platform_injury: Stored
    traffic_accident: Stored
    landmark: Stored


class Reports(NamedTuple):
    """The rows of road_accident.sql in a fixed order with what their texts and coordinates say; arrays of shape (n,).

    source    place in SOURCES
    shown, road_name, region_code  names of place and road, code of the county that the text names; '' = none
    is_elsewhere  the text names another city, or the coordinates lie outside
    definition    how places were found, in words
    given     the coordinates in the frame
    """

    table: pa.Table
    source: np.ndarray
    keys: Keys
    shown: np.ndarray
    road_name: np.ndarray
    region_code: np.ndarray
    is_elsewhere: np.ndarray
    given: Points
    landmarks: lookup.Landmarks
    landmark_region: np.ndarray
    frame: Frame
    definition: str


def reports_of(place: Workspace, sources: Sources) -> Reports:
    """The reports of a month. Raises BoundaryError when the boundary that settings name cannot be read."""
    inputs = {name: item for name, item in sources._asdict().items() if name != "landmark"}
    said = place.settings()
    marks = sources.landmark.columns("landmark_name", "region_code", "lon", "lat", "datum", "radius_m")
    found = engine.fetch(Query("core/road_accident.sql", inputs), place.core)
    border = boundary.read(place.area_file())
    prefix = regions.city_of(sources.enterprise.columns("region_code")["region_code"].to_pylist())
    return read(found, marks, said.datum, border, prefix)


def read(found: pa.Table, marks: pa.Table, datum: str, border: list[np.ndarray] | None, prefix: str) -> Reports:
    """The reports of road_accident.sql beside the places of landmark; see reports_of.

    datum   of coordinates that declare none ('' = not said); border  rings of the city in its frame, None = not known
    prefix  the four digits of the city's region codes, '' = not known
    """
    rank = pc.index_in(found["source"], pa.array(SOURCES)).combine_chunks()
    found = found.append_column("rank", rank).sort_by([("rank", "ascending"), ("report_id", "ascending")])
    said = pc.fill_null(found["accident_place"], "").combine_chunks().dictionary_encode()
    of_text, at = regions.settled([texts.read(text) for text in said.dictionary.to_pylist()]), said.indices.to_numpy()
    given = _given(found)
    frame = points.frame_of(Given(*(np.concatenate(pair) for pair in zip(given, _given(marks), strict=True))), datum)
    where = points.brought(given, frame)
    mark = points.brought(_given(marks), frame)
    named = [regions.named(one.city, one.county, prefix) for one in of_text]
    is_elsewhere = np.array([one.is_elsewhere for one in named], bool)[at]
    is_outside, rule = _outside(where, is_elsewhere, border, frame)
    landmarks = lookup.Landmarks(_named_landmarks(said.dictionary, marks["landmark_name"])[at], mark.x, mark.y)
    return Reports(
        found.drop_columns(["rank"]), found["rank"].to_numpy(), keys.keys_of(of_text).of(at),
        _objects(keys.shown(one) for one in of_text)[at], _objects(one.roads[0].name if one.roads else "" for one in of_text)[at],
        _objects(one.code for one in named)[at], is_elsewhere | is_outside, where, landmarks,
        _objects(code or "" for code in marks["region_code"].to_pylist()), frame, _definition(frame, rule))


def _definition(frame: Frame, rule: str) -> str:
    return "；".join(filter(None, (frame.note, WAYS_SAID, ONE_SAID, rule)))


def _objects(values: Iterable[str]) -> np.ndarray:
    return np.array(list(values), object)


def _given(table: pa.Table) -> Given:
    lon, lat = (table[name].cast(pa.float64()).to_numpy() for name in ("lon", "lat"))
    return Given(lon, lat, _objects(name or "" for name in table["datum"].to_pylist()))


def _outside(where: Points, is_elsewhere: np.ndarray, border: list[np.ndarray] | None, frame: Frame) -> tuple[np.ndarray, str]:
    """Which coordinates lie outside the city, and by which rule, in words."""
    known = np.isfinite(where.x)
    if border is not None:
        corners = [points.placed(ring[:, 0], ring[:, 1], frame) for ring in border]
        rings = [np.column_stack([corner.x, corner.y]) for corner in corners]
        return known & ~extent.is_inside(where.x, where.y, rings), "不在本市＝在设置所给的边界之外，或地点文字写明外市"
    at_home = known & ~is_elsewhere
    x, y, reach = extent.robust_reach(where.x[at_home], where.y[at_home])
    limit = f"距中心超过 {reach / 1000:,.0f} 公里（90 % 的坐标所在半径的 {extent.TIMES:g} 倍）" if np.isfinite(reach) else ""
    away = np.hypot(np.where(known, where.x, x) - x, np.where(known, where.y, y) - y)
    return known & (away > reach), "不在本市＝" + "，或".join(filter(None, (limit, "地点文字写明外市")))


def _named_landmarks(said: pa.Array, names: pa.ChunkedArray) -> np.ndarray:
    """The longest landmark name that each text contains, as its place in the table; -1 = none."""
    plain = normalised(names.combine_chunks()).to_pylist()
    order = sorted((at for at, name in enumerate(plain) if len(name) >= SHORTEST_NAME), key=lambda at: (-len(plain[at]), at))
    tried = tuple(Rule(plain[at], "landmark", str(at), re.escape(plain[at]), "") for at in order)
    return np.array([*order, -1])[first_match(normalised(said), tried, NAMES_AT_ONCE)]

