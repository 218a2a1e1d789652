"""定位事故: every road accident of a city once, with where it lies and whether it may be shown there.

Belongs here: the order of the steps and the table. Reading is reports.py, places by their texts lookup.py.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipelines.contracts import codes
from pipelines.contracts.commuting import LOCATED_ACCIDENT
from pipelines.lazy import Computed
from pipelines.places import lookup, points, regions
from pipelines.places.points import Points
from pipelines.places.reports import POLICE, SOURCES, Reports, Sources, reports_of
from pipelines.stats import events
from pipelines.stats.pile_ups import pile_ups
from pipelines.workspace import Workspace

LETTERS = {"platform_injury": "P", "traffic_accident": "T"}
WAYS = (*lookup.WAYS, "given")
ONE_PLACE_SHARE, EPOCH = 0.8, np.datetime64("1970-01-01", "D")


class Located(NamedTuple):
    """Arrays over reports: the point (NaN = none), the way as its place in WAYS (-1), the error in metres, and what keeps it off
    the map ('' = nothing).
    """

    at: Points
    way: np.ndarray
    uncertainty: np.ndarray
    off_map: np.ndarray


class Accidents(NamedTuple):
    """Which reports are one accident, arrays over reports.

    group       the first of its claims; itself for what the police list
    is_dropped  a police record of an accident that a claim reports
    has_police  of the accident whose first report this is
    """

    group: np.ndarray
    is_dropped: np.ndarray
    has_police: np.ndarray


def located_accident(place: Workspace, sources: Sources) -> Computed:
    """The table of a month."""
    return Computed(accident_table(reports_of(place, sources)), sources._asdict())


def accident_table(reports: Reports) -> pa.Table:
    """The rows from reports."""
    where = located(reports)
    return _table(reports, where, accidents_of(reports, where))


def located(reports: Reports) -> Located:
    """The place of each report: its own coordinates, else what its text says among those of the others.

    Points outside the city and pile-ups tell nothing of where a text's place is.
    """
    given, has = reports.given, np.isfinite(reports.given.x)
    is_piled = _piled(reports, has & ~reports.is_elsewhere & (reports.source != POLICE))
    trusted = has & ~reports.is_elsewhere & ~is_piled
    x, y = (np.where(trusted, part, np.nan) for part in (given.x, given.y))
    found, error = lookup.locate(reports.keys, x, y, reports.landmarks)
    is_found = ~has & ~reports.is_elsewhere & (found.way != lookup.NO_WAY)
    new = points.from_metres(np.where(is_found, found.x, np.nan), np.where(is_found, found.y, np.nan), reports.frame)
    at = Points(*(np.where(has, own, other) for own, other in zip(given, new, strict=True)))
    way = np.where(has, WAYS.index("given"), np.where(is_found, found.way, lookup.NO_WAY))
    reasons = [reports.is_elsewhere, is_piled, np.isfinite(at.x), reports.keys.road >= 0]
    off_map = np.select(reasons, [_all(len(way), name) for name in ("outside", "pile_up", "", "road_only")], "no_place")
    return Located(at, way, np.where(is_found, error, np.nan), off_map)


def _all(count: int, text: str) -> np.ndarray:
    return np.full(count, text, object)


def _piled(reports: Reports, chosen: np.ndarray) -> np.ndarray:
    """Which of the chosen reports lie on a pile-up. Where nearly all of them name one crossing, the point is that crossing."""
    rows = np.flatnonzero(chosen)
    point = np.column_stack([reports.given.x[rows], reports.given.y[rows]]).round()  # geocoders round
    is_piled = pile_ups(point[:, 0], point[:, 1], reports.keys.road[rows])
    piled, point = rows[is_piled], point[is_piled]
    at = np.unique(point, axis=0, return_inverse=True)[1].ravel()
    event = reports.keys.event[piled]
    _, same, number = np.unique(np.column_stack([at, event]), axis=0, return_inverse=True, return_counts=True)
    is_common = (event >= 0) & (number[same.ravel()] >= ONE_PLACE_SHARE * np.bincount(at)[at])
    found = np.zeros(len(chosen), bool)
    found[piled[~np.isin(at, at[is_common])]] = True
    return found


def accidents_of(reports: Reports, where: Located) -> Accidents:
    """Which reports are one accident: claims among one another, and each accident of claims with at most one police record.

    Of several police records that fit, the nearest in time, then in place, is taken.
    """
    is_police, told = reports.source == POLICE, _told(reports, where)
    both = events.pairs(told)
    group = events.groups(both[~is_police[both].any(axis=1)], told.minute)
    mixed = both[is_police[both].sum(axis=1) == 1]  # the police come last, so the claim is the first of a pair
    minute = told.minute[mixed]
    time = np.where((minute >= 0).all(axis=1), np.abs(np.diff(minute, axis=1)).ravel(), events.DAY)
    away = np.hypot(*(part[mixed[:, 0]] - part[mixed[:, 1]] for part in (told.x, told.y)))
    near = np.minimum(np.nan_to_num(away, nan=events.NEAR_METRES), events.NEAR_METRES)
    pair = np.column_stack([group[mixed[:, 0]], mixed[:, 1]])
    chosen = pair[events.paired(pair, time * 2 * events.NEAR_METRES + near)]
    return Accidents(group, *(np.isin(np.arange(len(group)), chosen[:, side]) for side in (1, 0)))


def _told(reports: Reports, where: Located) -> events.Reports:
    """When and where, as far as it tells reports apart: pile-ups are no points, a road of several counties is no place."""
    is_true = np.isfinite(where.at.x) & (where.off_map != "pile_up")
    x, y = (np.where(is_true, part, np.nan) for part in (where.at.x, where.at.y))
    day = (reports.table["accident_date"].to_numpy() - EPOCH).astype("timedelta64[D]").astype(np.int64)
    minute = _float(reports.table, "accident_hour") * 60 + _float(reports.table, "accident_minute")
    is_one = is_true | ~lookup.is_ambiguous(reports.keys, x, y, is_true)
    return events.Reports(day, np.nan_to_num(minute, nan=-1).astype(np.int64), x, y, np.where(is_one, reports.keys.event, -1),
                          reports.keys.county)


def _float(table: pa.Table, name: str) -> np.ndarray:
    return table[name].cast(pa.float64()).to_numpy()


def _table(reports: Reports, where: Located, found: Accidents) -> pa.Table:
    """One row per accident: what its first report says, at the best known place of its reports."""
    heads = np.flatnonzero((found.group == np.arange(len(found.group))) & ~found.is_dropped)
    best = _best(where, found.group)[heads]
    table = reports.table.take(pa.array(heads))
    date = table["accident_date"].to_numpy()
    year = date.astype("datetime64[Y]").astype(int) + 1970
    columns = {
        **{name: table[name] for name in LOCATED_ACCIDENT.names if name in table.column_names},
        "accident_id": _ids(reports, heads), "year": year,
        "accident_month": year * 100 + date.astype("datetime64[M]").astype(int) % 12 + 1,
        **_place(reports, where, best), "datum": np.where(np.isfinite(where.at.x[best]), reports.frame.datum, ""),
        "is_on_map": where.off_map[best] == "", "off_map_reason": where.off_map[best],
        "claims": _sums(found.group, reports.source != POLICE)[heads],
        "is_severe": _sums(found.group, reports.table["is_severe"].to_numpy())[heads] > 0,
        "has_police_record": found.has_police[heads], "age_band": _age_bands(_float(table, "age")),
        "definition": _all(len(heads), reports.definition),
    }
    schema = LOCATED_ACCIDENT.schema
    return pa.table({field.name: _column(columns[field.name], field.type) for field in schema}, schema)


def _ids(reports: Reports, rows: np.ndarray) -> list[str]:
    numbers = reports.table["report_id"].take(pa.array(rows)).to_pylist()
    return [LETTERS.get(SOURCES[source], "C") + number for source, number in zip(reports.source[rows], numbers, strict=True)]


def _place(reports: Reports, where: Located, rows: np.ndarray) -> dict[str, np.ndarray]:
    region, region_source = _regions(reports, where, rows)
    lon, lat, x, y = (part[rows] for part in where.at)
    return {"lon": lon, "lat": lat, "x_m": x, "y_m": y, "uncertainty_m": where.uncertainty[rows],
            "located_by": np.array([*WAYS, ""], object)[where.way[rows]], "region_code": region, "region_source": region_source,
            "place_key": reports.shown[rows], "road_name": reports.road_name[rows]}


def _sums(group: np.ndarray, flags: np.ndarray) -> np.ndarray:
    return np.bincount(group, flags, len(group)).astype(np.int64)


def _age_bands(ages: np.ndarray) -> np.ndarray:
    bands = np.array([*codes.AGE_BAND, ""], object)
    known = np.clip(np.nan_to_num(ages).astype(int) // 10 - 1, 0, len(codes.AGE_BAND) - 1)
    return bands[np.where(np.isnan(ages), len(codes.AGE_BAND), known)]


def _column(values: np.ndarray | list | pa.ChunkedArray, kind: pa.DataType) -> pa.Array | pa.ChunkedArray:
    """A column of the table's type; NaN and '' become null."""
    if isinstance(values, pa.ChunkedArray):
        return values.cast(kind)
    return pa.array([text or None for text in values], kind) if kind == pa.string() else pa.array(values, kind, from_pandas=True)


def _best(where: Located, group: np.ndarray) -> np.ndarray:
    """For each group the report whose place is known best: on the map before off it, given before found, then the surer one."""
    order = np.lexsort((np.arange(len(group)), np.nan_to_num(where.uncertainty, nan=0), where.way != WAYS.index("given"),
                        where.way == lookup.NO_WAY, where.off_map != "", group))
    best = np.arange(len(group))
    best[group[order[::-1]]] = order[::-1]
    return best


def _regions(reports: Reports, where: Located, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The county's code of reports and its source: the text's, that of the nearest known place, the employer's."""
    usable, marks = where.off_map == "", reports.landmarks
    x, y = (np.where(usable, part, np.nan) for part in (where.at.x, where.at.y))
    known = np.concatenate([reports.region_code, reports.landmark_region])
    near = regions.nearest(np.concatenate([x, marks.x]), np.concatenate([y, marks.y]), known, x[rows], y[rows])
    employer = np.array([code or "" for code in reports.table["employer_region"].to_pylist()], object)[rows]
    code, source = _all(len(rows), ""), _all(len(rows), "")
    for name, values in (("text", reports.region_code[rows]), ("near", near), ("employer", employer)):
        new = (code == "") & (values != "") & (where.off_map[rows] != "outside")
        code[new], source[new] = values[new], name
    return code, source
