"""From reports to located accidents, on hand-made reports: frames, lookup, counties, pile-ups, one accident once."""

import datetime
import json
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pytest

from pipelines.contracts.commuting import LOCATED_ACCIDENT
from pipelines.places import boundary, located, points, quality, regions, reports
from pipelines.places.points import Given
from pipelines.stats import datums

NAMES = ("source", "report_id", "accident_date", "accident_hour", "accident_minute", "accident_place", "lon", "lat", "datum",
         "is_severe", "is_injury", "transport", "commute_direction", "sex", "age", "enterprise_id", "industry_2",
         "employer_region")
TYPES = {"accident_date": pa.date32(), "accident_hour": pa.int16(), "accident_minute": pa.int16(), "lon": pa.float64(),
         "lat": pa.float64(), "is_severe": pa.bool_(), "is_injury": pa.bool_(), "age": pa.int64()}
NO_MARKS = pa.table({"landmark_name": pa.array([], pa.string()), "region_code": pa.array([], pa.string()),
                     "lon": pa.array([], pa.float64()), "lat": pa.array([], pa.float64()), "datum": pa.array([], pa.string()),
                     "radius_m": pa.array([], pa.float64())})
SCHOOL = pa.table({"landmark_name": ["武陵区第一中学"], "region_code": ["430702"], "lon": [111.70], "lat": [29.05],
                   "datum": ["WGS84"], "radius_m": [100.0]})
HERE, METRE = (111.69, 29.04), 1 / 111_320


def report(number: int | str, place: str = "", at: tuple[float, float] | None = None, **more) -> dict:
    """A report at 8:00 of day `day`, by default its own."""
    day = more.pop("day", number if isinstance(number, int) else 1)
    given = {"lon": at[0], "lat": at[1], "datum": "WGS84"} if at else {}
    date = datetime.date(2024, 1, 1) + datetime.timedelta(days=day)
    return {"source": "commuting", "report_id": f"{number:03d}" if isinstance(number, int) else number, "accident_date": date,
            "accident_hour": 8, "accident_minute": 0, "accident_place": place, "is_severe": False, **given, **more}


def around(east: float, north: float = 0.0) -> tuple[float, float]:
    """Degrees so many metres from HERE."""
    length = datums.degree_lengths(HERE[1])
    return HERE[0] + east / length[0], HERE[1] + north / length[1]


def table(*rows: Mapping, marks: pa.Table = NO_MARKS, datum: str = "", border=None, prefix: str = "4307") -> list[dict]:
    made = pa.table({name: pa.array([row.get(name) for row in rows], TYPES.get(name, pa.string())) for name in NAMES})
    found = located.accident_table(reports.read(made, marks, datum, border, prefix))
    assert found.schema.equals(LOCATED_ACCIDENT.schema)
    return sorted(found.to_pylist(), key=lambda row: row["accident_id"])


def town(count: int = 30) -> list[dict]:
    """A town with police records: numbers along 人民路 (6 m a number, eastward), and the crossing with 朗州路 at HERE."""
    numbers = [(f"J{n:02d}", f"人民路{10 * n}号", around(60 * n), 100 + n) for n in range(1, count)]
    crossing = [(f"K{n}", "朗州路与人民路交叉口", around(n - 2), 200 + n) for n in range(5)]
    return [report(number, text, at, day=day, source="traffic_accident") for number, text, at, day in numbers + crossing]


def find(rows: list[dict], number: str) -> dict:
    return next(row for row in rows if row["accident_id"] == number)


@pytest.mark.parametrize(("text", "way", "east", "north"), [
    ("人民路朗州路口", "full_key", 0, 0), ("朗州路/人民路", "full_key", 0, 0), ("人民路与朗州路口东120米", "full_key", 120, 0),
    ("人民路与朗州路口北侧40米", "full_key", 0, 40), ("人民路105号", "house_number", 630, 0), ("人民路100号", "full_key", 600, 0),
])
def test_a_text_is_located_by_those_with_coordinates(text, way, east, north):
    row = find(table(*town(), report(1, text)), "C001")
    assert (row["located_by"], row["is_on_map"], row["off_map_reason"]) == (way, True, None)
    assert (row["lon"], row["lat"]) == pytest.approx(around(east, north), abs=2 * METRE)
    assert row["uncertainty_m"] > 0 and row["datum"] == "WGS84"


@pytest.mark.parametrize(("text", "reason", "road"), [
    ("人民路", "road_only", "人民路"), ("人民路2号附近的巷子与环城路口", "road_only", "人民路"),
    ("解放路5号", "road_only", "解放路"),
    ("单位门口", "no_place", None), ("", "no_place", None), ("长沙市岳麓区人民路与朗州路口", "outside", "人民路"),
])
def test_what_cannot_be_located_says_why(text, reason, road):
    row = find(table(*town(), report(1, text)), "C001")
    assert (row["is_on_map"], row["off_map_reason"], row["road_name"], row["located_by"]) == (False, reason, road, None)
    assert row["lon"] is row["x_m"] is row["datum"] is row["uncertainty_m"] is None


def test_a_landmark_by_its_name_and_by_the_longest():
    marks = pa.concat_tables([SCHOOL, SCHOOL.set_column(0, "landmark_name", pa.array(["第一中学"])).set_column(
        2, "lon", pa.array([111.0]))])
    row = find(table(*town(), report(1, "武陵区第一中学门口"), marks=marks), "C001")
    assert (row["located_by"], row["lon"], row["lat"]) == ("landmark", pytest.approx(111.70), pytest.approx(29.05))
    assert (row["region_code"], row["region_source"]) == ("430702", "text")


def test_a_text_of_another_county_is_not_located_by_this_one():
    """桃源县 has a 人民路 too; a text that names no county is located only where one county has such a road."""
    rows = [{**row, "accident_place": "武陵区" + row["accident_place"]} for row in town()]
    found = table(*rows, report(1, "桃源县人民路与朗州路口"), report(2, "武陵区人民路与朗州路口"), report(3, "人民路与朗州路口"))
    assert [find(found, f"C00{n}")["off_map_reason"] for n in (1, 2, 3)] == ["road_only", None, None]
    there = [{**row, "report_id": "T" + row["report_id"], "accident_place": row["accident_place"].replace("武陵区", "桃源县"),
              "lon": row["lon"] - 0.4} for row in rows if "号" in row["accident_place"]]
    assert find(table(*rows, *there, report(3, "人民路与朗州路口")), "C003")["off_map_reason"] == "road_only"


def test_kilometre_stones_go_on_through_counties():
    stones = [report(f"S{n}", f"{county}G207国道K{100 + n}+0", around(900.0 * n), source="traffic_accident", day=n)
              for n, county in enumerate(["鼎城区"] * 30 + ["桃源县"] * 30)]
    row = find(table(*stones, report(1, "国道207线K129+400")), "C001")
    assert (row["located_by"], row["place_key"]) == ("house_number", "G207 129公里")
    assert row["x_m"] == pytest.approx(find(table(*stones), "TS29")["x_m"] + 0.4 * 900, abs=1)


def test_a_county_is_that_of_the_text_else_the_nearest_else_the_employers():
    rows = [report(1, "鼎城区朗州路", around(0)), report(2, "", around(300)), report(3, "人民路", employer_region="430721"),
            report(4, "", around(50_000), employer_region="430722"), report(5)]
    found = table(*rows)
    assert [(row["region_code"], row["region_source"]) for row in found] == [
        ("430703", "text"), ("430703", "near"), ("430721", "employer"), ("430722", "employer"), (None, None)]


def test_datums_are_brought_to_one_and_what_declares_none_is_said():
    bd09 = datums.bd09_of_gcj02(*datums.gcj02_of_wgs84(*HERE))
    rows = [{**report(1, "", (float(bd09[0]), float(bd09[1]))), "datum": "BD09"}, report(2, "", HERE), report(3, "", HERE),
            {**report(4, "", HERE), "datum": None}]
    found = table(*rows)
    assert all((row["lon"], row["lat"]) == pytest.approx(HERE, abs=1e-7) for row in found)
    assert "1 处坐标未写坐标系，按 WGS84（其余坐标多数如此（2 处））" in found[0]["definition"]
    assert "坐标系不一，已统一：BD09 1 处、WGS84 2 处" in found[0]["definition"]
    said = table(*rows, datum="GCJ02")
    assert "按 GCJ02（按设置）" in said[0]["definition"] and said[3]["lon"] != pytest.approx(HERE[0], abs=1e-4)


def test_local_metres_stay_as_they_are():
    rows = [{**report(n, "", (429000.0 + n, 433000.0)), "datum": "LOCAL-METRES"} for n in range(3)]
    found = table(*rows, report(9, "", HERE))
    assert [(row["lon"], row["x_m"], row["datum"]) for row in found[:3]] == [(429000.0 + n, 429000.0 + n, "LOCAL-METRES")
                                                                          for n in range(3)]
    assert found[3]["off_map_reason"] == "no_place" and "1 处坐标超出经纬度范围，或与多数不是同一类" in found[0]["definition"]


def test_metres_that_nobody_declares_are_local_and_said_to_be_unverified():
    rows = [{**report(n, "", (429000.0, 433000.0 + n)), "datum": None} for n in range(2)]
    assert "按 LOCAL-METRES（没有一处写明，未核实）" in table(*rows)[0]["definition"]


@pytest.mark.parametrize("at", [(0.0, 0.0), (29.04, 111.69), (1e9, 3.0)])
def test_coordinates_that_are_none_are_not_used(at):
    row = find(table(*town(), report(1, "人民路朗州路口", at)), "C001")
    assert row["located_by"] == "full_key" and row["lon"] == pytest.approx(HERE[0], abs=1e-5)


def test_pile_ups_leave_the_map_stay_in_counts_and_locate_nobody():
    piled = [report(n, f"{name}与环城路口", around(900)) for n, name in enumerate(("甲路", "乙路", "丙路", "丁路", "戊路"), 1)]
    found = table(*town(), *piled, report(9, "甲路环城路口"))
    own = [row for row in found if row["accident_id"] <= "C005"]
    assert [row["off_map_reason"] for row in own] == ["pile_up"] * 5 and {row["claims"] for row in own} == {1}
    assert find(found, "C009")["off_map_reason"] == "road_only"
    [point] = quality.pile_up_rows(found)
    assert (point["number"], point["accidents"], point["claims"], point["roads"]) == (1, 5, 5, 5)
    assert point["road_names"] == "丁路、丙路、乙路、戊路、甲路"


def test_a_crossing_that_a_geocoder_put_on_one_point_is_no_pile_up():
    found = table(*town(), *(report(n, f"甲路与环城路口{'' if n % 2 else '附近'}", around(900)) for n in range(1, 8)))
    assert all(row["is_on_map"] for row in found)


def test_the_police_pile_up_nothing():
    found = table(*town(), *(report(f"Z{n}", "", around(900), source="traffic_accident", day=n) for n in range(8)))
    assert all(row["is_on_map"] for row in found)


def test_far_away_is_outside_and_tells_no_place():
    rows = [*town(), report(1, "甲路与乙路口", around(90_000)), report(2, "甲路乙路口")]
    found = table(*rows)
    assert find(found, "C001")["off_map_reason"] == "outside" and find(found, "C002")["off_map_reason"] == "road_only"
    assert "距中心超过" in found[0]["definition"]


def test_a_boundary_says_what_is_outside(tmp_path):
    ring = [list(around(*corner)) for corner in ((-100, -100), (500, -100), (500, 100), (-100, 100), (-100, -100))]
    path = tmp_path / "边界.geojson"
    area = {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [area]}), encoding="utf-8")
    found = table(*town(), border=boundary.read(path))
    assert {row["off_map_reason"] for row in found if row["x_m"] > 501 + find(found, "TK2")["x_m"]} == {"outside"}
    assert find(found, "TJ08")["is_on_map"] and not find(found, "TJ09")["is_on_map"] and "边界之外" in found[0]["definition"]


@pytest.mark.parametrize(("text", "message"), [
    ("{", "不是有效的 GeoJSON"), ('{"type": "Point", "coordinates": [1, 2]}', "没有多边形"), ("[]", "不成多边形"),
    ('{"type": "Polygon", "coordinates": [[["东", 1]]]}', "不成多边形"), (None, "打不开"),
    ('{"type": "Polygon", "coordinates": [[[1, 1], [2, 2]]]}', "至少四点"),
])
def test_a_boundary_that_cannot_be_read_says_so(tmp_path, text, message):
    path = tmp_path / "边界.json"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(boundary.BoundaryError, match=f"边界.json.*{message}"):
        boundary.read(path)


def test_one_accident_of_several_claims_and_a_police_record_counts_once():
    rows = [report(1, "", around(0), day=1, transport="e_bike", is_severe=False, enterprise_id="A", age=17),
            report(2, "", around(40), day=1, accident_minute=20, is_severe=True),
            report(3, "", around(40), day=1, accident_hour=9),
            report("V1", "", around(30), day=1, accident_minute=15, source="traffic_accident"),
            report("V2", "", around(30), day=1, accident_minute=5, source="traffic_accident")]
    found = table(*rows)
    assert [row["accident_id"] for row in found] == ["C001", "C003", "TV2"]
    first, second, police = found
    assert (first["claims"], first["has_police_record"], first["is_severe"], first["transport"]) == (2, True, True, "e_bike")
    assert (first["enterprise_id"], first["age_band"], first["year"], first["accident_month"]) == ("A", "under_20", 2024, 202401)
    assert (second["claims"], second["has_police_record"]) == (1, False) and (police["claims"], police["age_band"]) == (0, None)


def test_claims_of_one_accident_stand_at_the_best_known_place():
    rows = [*town(), report(1, "人民路与朗州路口", day=1), report(2, "朗州路人民路口", around(3), day=1, source="off_site")]
    found = table(*rows)
    row = find(found, "C001")
    assert (row["claims"], row["source"], row["located_by"]) == (2, "commuting", "given") and row["uncertainty_m"] is None
    assert not any(row["accident_id"] == "C002" for row in found)


def test_the_order_of_rows_changes_nothing():
    rows = [*town(), report(1, "人民路朗州路口"), report(2, "人民路45号"), report(3, "", around(77)), report(4, "朗州路", day=3)]
    assert table(*rows) == table(*reversed(rows))


def test_quality_counts_every_accident_once():
    found = table(*town(), report(1, "人民路朗州路口"), report(2, "人民路45号"), report(3, "单位"), report(4, "", around(77)))
    rows = quality.quality_rows(found)
    assert sum(row["accidents"] for row in rows) == len(found)
    own = {row["outcome"]: row for row in rows if row["source"] == "commuting"}
    assert set(own) == {"full_key", "house_number", "no_place", "given"} and own["no_place"]["share_pct"] == 25
    assert own["full_key"]["median_uncertainty_m"] > 0 and own["given"]["median_uncertainty_m"] is None


def test_a_city_without_accidents_has_no_rows():
    assert table() == [] and quality.quality_rows([]) == quality.pile_up_rows([]) == []


def test_a_citys_digits_are_those_of_most_of_its_units():
    assert regions.city_of(["430702"] * 9 + ["430102", None, "甲"]) == "4307"
    assert regions.city_of(["430702"] * 7 + ["430102"] * 3) == "" == regions.city_of([])


def test_without_the_citys_digits_nothing_is_elsewhere():
    assert not regions.named("长沙市", "岳麓区", "").is_elsewhere and regions.named("长沙市", "岳麓区", "4307").is_elsewhere
    assert not regions.named("某某市", "", "4307").is_elsewhere


def test_a_centre_does_not_move_with_every_accident():
    lon, lat = np.array([111.69, 111.70, 111.72]), np.array([29.01, 29.02, 29.04])
    one, other = (points.frame_of(Given(lon[:n], lat[:n], np.full(n, "WGS84", object))).projection for n in (2, 3))
    assert one == other == datums.Projection(111.7, 29.0)
