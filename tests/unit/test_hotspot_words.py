"""What is said of sites, their neighbours, and the files for the spot and the map."""

import json

import numpy as np
import pyarrow as pa
import pytest

from pipelines.contracts.commuting import COMMUTING_HOTSPOT, HOTSPOT_NEIGHBOUR
from pipelines.hotspots import describe, geojson, neighbours
from pipelines.places import boundary
from pipelines.reports import hotspots
from pipelines.reports.board import html
from pipelines.reports.board.sites import map_page

SITE = {
    "as_of_month": 202412, "population": "commuting", "area_code": "all", "rank": 1, "site_name": "人民路与建设路交叉口",
    "tier": "A", "lon": 111.7, "lat": 29.0, "datum": "WGS84", "x_m": 0.0, "y_m": 0.0, "radius_m": 150.0, "accidents": 12,
    "accidents_last_year": 6, "claims": 13, "severe": 2, "other_accidents": 40, "background": 3.2, "ratio": 2.9,
    "above_probability": 0.97, "scan_probability": 0.01, "forecast": 3.4, "forecast_low": 1.0, "forecast_high": 7.0,
    "change_expected_pct": -43.3, "since_year": 2022, "usual_hours": "7时 6", "usual_transports": None,
    "over_represented": None, "evidence": "依据", "definition": "口径",
}


def table(**columns: list) -> pa.Table:
    count = len(next(iter(columns.values())))
    usual = {name: [None] * count for name in ("place_key", "road_name", "transport", "sex", "age_band", "enterprise_id")}
    rows = {"accident_hour": [None] * count, **usual, **columns}
    return pa.table({name: pa.array(values, pa.int32() if name == "accident_hour" else pa.string())
                     for name, values in rows.items()})


def test_a_site_is_named_by_its_commonest_place_then_road_then_what_is_near():
    rows = table(place_key=["甲路×乙路", "甲路×乙路", "丙路", None, None], road_name=["甲路", "甲路", "丙路", "丁路", None])
    site = np.array([0, 0, 0, 1, 2])
    assert describe.names(rows, site, 4, ["", "", "人民医院", ""]) == ["甲路×乙路", "丁路", "人民医院附近", describe.NAMELESS]


def test_sites_of_one_name_are_told_apart():
    rows = table(road_name=["甲路", "甲路"])
    assert describe.names(rows, np.array([0, 1]), 2, ["", ""]) == ["甲路（1）", "甲路（2）"]


def test_usual_hours_are_the_commonest_with_their_numbers():
    rows = table(accident_hour=[7, 7, 18, 8, None, 9])
    assert describe.hours(rows, np.array([0, 0, 0, 0, 0, 1]), 3) == ["7时 2、18时 1、8时 1", "9时 1", None]


def test_what_is_over_represented_is_found_among_all_pairs_and_chance_is_not():
    rng = np.random.default_rng(7)
    hour = [7] * 12 + [int(one) for one in rng.integers(0, 24, 400)]
    site = np.array([0] * 12 + [1] * 20 + [-1] * 380)
    first, second = describe.over_represented(table(accident_hour=hour), site, 2, {})
    assert first is not None and first.startswith("6–8 时 12/12（为别处的 ")
    assert second is None


def test_a_unit_is_named_among_what_is_over_represented():
    unit = ["U1"] * 6 + [f"V{number}" for number in range(200)]
    site = np.array([0] * 6 + [-1] * 200)
    [said] = describe.over_represented(table(enterprise_id=unit), site, 1, {"U1": "常德某厂"})
    assert said == "常德某厂的职工 6/6（别处没有）"
    unit[50] = "U1"
    [said] = describe.over_represented(table(enterprise_id=unit), site, 1, {"U1": "常德某厂"})
    assert said is not None and said.startswith("常德某厂的职工 6/6")


def known(**said) -> neighbours.Neighbours:
    usual = {"kind": ["用人单位", "社区", "用人单位"], "name": ["甲厂", "某社区", "乙厂"], "unit": ["U1", None, "U2"],
             "lon": np.array([111.701, 111.71, np.nan]), "lat": np.array([29.0, 29.0, np.nan]),
             "radius": np.array([0.0, 300, 0]), "heads": np.array([50.0, np.nan, 900])}
    return neighbours.Neighbours(**{**usual, **said})


def test_neighbours_are_units_with_injured_staff_then_by_heads_within_reach():
    rows = neighbours.near(SITE, known(), {"U2": 3})
    assert [row["neighbour_name"] for row in rows] == ["乙厂", "甲厂", "某社区"]
    assert rows[0]["distance_m"] is None and rows[0]["injured_here"] == 3
    assert rows[1]["distance_m"] == pytest.approx(97.4, abs=0.5)  # 0.001° at 29° N
    assert rows[2]["distance_m"] == pytest.approx(974 - 300, abs=3)


def test_what_is_far_and_has_nobody_injured_is_no_neighbour():
    assert neighbours.near(SITE, known(lon=np.array([112.0, 112.0, 112.0]), lat=np.full(3, 29.0)), {}) == []


def frames(*sites: dict, beside: tuple = ()) -> dict[str, pa.Table]:
    return {COMMUTING_HOTSPOT.name: pa.Table.from_pylist(list(sites), COMMUTING_HOTSPOT.schema),
            HOTSPOT_NEIGHBOUR.name: pa.Table.from_pylist(list(beside), HOTSPOT_NEIGHBOUR.schema)}


def test_each_site_has_a_sheet_with_cells_to_be_filled_in():
    near = {**{name: SITE[name] for name in ("as_of_month", "population", "area_code", "rank", "definition")}, "number": 1,
            "neighbour_kind": "用人单位", "neighbour_name": "甲厂", "enterprise_id": "U1", "distance_m": 97.0, "heads": 1200,
            "injured_here": 2}
    book = hotspots.workbook(frames(SITE, {**SITE, "rank": 2, "tier": "C"}, beside=(near,)), 202412, ("内部",))
    assert book is not None and [sheet.name for sheet in book.sheets] == ["点位清单", "点位1", "点位2"]
    first = book.sheets[1]
    assert first.fields[2].is_input
    said = {row.values[0]: row.values[1] for row in first.rows}
    assert said["用人单位"] == "甲厂，距 97 米，参保约 1,200 人，在此受伤 2 起"
    assert {"照片", "建议措施", "现有警示标志"} <= set(said) and said["照片"] == ""
    assert hotspots.workbook(frames(), 202412, ("内部",)) is None


def test_geojson_holds_points_in_degrees_and_no_accident():
    said = json.loads(geojson.geojson([SITE], ["内部"]))
    [feature] = said["features"]
    assert feature["geometry"] == {"type": "Point", "coordinates": [111.7, 29.0]} and "datum" not in said
    assert feature["properties"]["site_name"] == SITE["site_name"] and "lon" not in feature["properties"]
    assert json.loads(geojson.geojson([{**SITE, "datum": "LOCAL-METRES"}], []))["datum"] == "LOCAL-METRES"


def test_the_map_asks_nothing_of_a_network_and_shows_names_as_text():
    page = html.page(map_page([{**SITE, "site_name": "<img src=x>路"}], [([0.0, 10.0], [0.0, 20.0])], 202412, ("内部",)))
    assert "&lt;img src=x&gt;" in page and "<img src=x>" not in page
    assert "default-src 'none'" in page and 'src="http' not in page and "<b>内部</b>" in page


def test_lines_of_the_user_are_read_from_geojson_and_refused_with_the_settings_name(tmp_path):
    path = tmp_path / "roads.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}]}))
    assert [line.shape for line in boundary.lines(path, "roads")] == [(2, 2), (4, 2)]
    path.write_text('{"type": "LineString", "coordinates": [1, 2]}')
    with pytest.raises(boundary.BoundaryError, match="settings.toml 的 roads：roads.geojson"):
        boundary.lines(path, "roads")
    assert boundary.lines(None, "roads") == []
