"""Sites of commuting accidents through the product: planted crossings, who is near, the files, what a policy may ask for."""

import json

import numpy as np
import pytest

from pipelines import policy

MONTH = "2024-12"
UNITS = """
    单位编号,单位名称,行业代码,行政区划代码,经度,纬度,坐标系
    A,甲厂,C3311,430702,2100,2050,LOCAL-METRES
    B,乙厂,C3311,430703,4900,5000,LOCAL-METRES
    """
MARKS = "场所名称,场所类别,行政区划代码,经度,纬度,坐标系,半径(米)\n河西园区,园区,430702,2400,2000,LOCAL-METRES,200"
CROSSINGS = {(2000, 2000): "武陵区人民路与朗州路交叉口", (5000, 5000): "鼎城区朗州路善卷路口"}
HEADINGS = "认定书编号,单位编号,事故时间,事故地点,经度,纬度,坐标系,认定日期,认定结论,认定依据\n"


def line(number: int, when: str, x: float, y: float, place: str = "", unit: str = "A") -> str:
    return f"T{number},{unit},{when} 07:40,{place},{x:.1f},{y:.1f},LOCAL-METRES,{when},认定工伤,14-6\n"


def claims(strong: int, elsewhere: int) -> str:
    """Three years with accidents all over 7 × 7 km and, at the two crossings, `strong` and half as many."""
    chance = np.random.default_rng(4)
    days = np.datetime64("2022-01-01") + chance.permutation(1000)
    places = [(x, y, "") for x, y in chance.uniform(0, 7000, (elsewhere, 2))]
    for number, ((x, y), text) in zip((strong, strong // 2), CROSSINGS.items(), strict=True):
        places += [(x + dx, y + dy, text) for dx, dy in chance.normal(0, 15, (number, 2))]
    rows = [line(number, str(days[number]), *place, unit="AB"[number % 2]) for number, place in enumerate(places)]
    return HEADINGS + "".join(rows)


def deliver(bureau, strong: int = 40, elsewhere: int = 240, **more: str) -> None:
    bureau.deliver(MONTH, 参保单位=UNITS, 单位缴费=bureau.premiums(2022, 2024, A=400, B=100), 重点场所=MARKS,
                   工伤认定=claims(strong, elsewhere), **more)


def asked(tmp_path, text: str) -> str:
    """The path of the usual policy with a table [hotspots]."""
    path = tmp_path / "asked.toml"
    usual = (policy.FOLDER / "expected-excess.toml").read_text(encoding="utf-8")
    path.write_text(f"{usual}\n[hotspots]\n{text}\n", encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def town(new_bureau):
    bureau = new_bureau()
    deliver(bureau)
    bureau.build(MONTH, until="hotspot_files")
    return bureau


def sites(bureau) -> list[dict]:
    return sorted(bureau.mart("commuting_hotspot", MONTH), key=lambda row: (row["area_code"], row["rank"]))


def test_the_planted_crossings_come_first_and_are_named_from_their_texts(town):
    first, second = sites(town)[:2]
    assert np.hypot(first["x_m"] - 2000, first["y_m"] - 2000) < 100 and np.hypot(second["x_m"] - 5000, second["y_m"] - 5000) < 100
    assert (first["site_name"], second["site_name"]) == ("人民路×朗州路", "善卷路×朗州路")
    assert 40 <= first["accidents"] <= 45 and 20 <= second["accidents"] <= 25
    assert first["tier"] == "A" and first["scan_probability"] <= 0.05 and first["since_year"] == 2022
    assert "圈内事故 " + str(first["accidents"]) in first["evidence"]


def test_what_is_foretold_is_a_years_number_and_less_than_what_was_seen(town):
    rows = sites(town)
    assert len(rows) == 20 and [row["rank"] for row in rows] == list(range(1, 21))
    first = rows[0]
    assert first["forecast_low"] <= first["forecast"] <= first["forecast_high"]
    assert first["background"] / 3 < first["forecast"] < 40 / 3
    of_chance = [row for row in rows[2:] if row["accidents"] > 2]
    assert all(row["change_expected_pct"] < 0 and row["tier"] != "A" for row in of_chance) and of_chance


def test_who_is_near_a_site_comes_by_injured_staff(town):
    near = sorted(town.mart("hotspot_neighbour", MONTH, rank=1), key=lambda row: row["number"])
    assert [row["neighbour_name"] for row in near] == ["甲厂", "乙厂", "河西园区"]
    # 100 and 50 m east and north of the crossing; the park's edge is 200 m from its middle.
    assert near[0]["distance_m"] == pytest.approx(112, abs=30) and near[2]["distance_m"] == pytest.approx(200, abs=40)
    assert sum(row["injured_here"] for row in near) == sites(town)[0]["accidents"] and near[0]["heads"] == 400


def test_files_for_the_spot_the_map_and_the_gis(town):
    folder = town.place.documents(202412)
    assert {path.name for path in folder.glob("事故多发路段*") if path.suffix != ".json"} == {
        "事故多发路段现场核实表.xlsx", "事故多发路段地图.html", "事故多发路段.geojson"}
    said = json.loads((folder / "事故多发路段.geojson").read_text(encoding="utf-8"))
    assert len(said["features"]) == 20 and said["datum"] == "LOCAL-METRES"


def test_too_few_accidents_are_no_sites_and_leave_no_files(bureau):
    deliver(bureau, strong=8, elsewhere=10)
    bureau.build(MONTH, until="hotspot_files")
    assert sites(bureau) == [] and bureau.mart("hotspot_neighbour", MONTH) == []
    assert not list(bureau.place.documents(202412).glob("事故多发路段*"))


def test_a_policy_asks_for_its_own_number_and_radius_and_for_platform_workers(bureau, tmp_path):
    riders = [f"E{n},某平台,2024-0{n % 9 + 1}-{n // 9 + 11} 12:30,,{6000 + n},{1000 + n % 7},LOCAL-METRES,确认职业伤害\n"
              for n in range(40)]
    deliver(bureau, 职业伤害="事件编号,平台企业,事故时间,事故地点,经度,纬度,坐标系,确认结论\n" + "".join(riders))
    bureau.settle(policy=asked(tmp_path, "sites = 3\nradius_m = 250\nplatform = true"))
    bureau.build(MONTH, until="hotspot_neighbour")
    rows = sites(bureau)
    assert [row["population"] for row in rows].count("commuting") == 3 and {row["radius_m"] for row in rows} == {250}
    first = next(row for row in rows if row["population"] == "platform" and row["rank"] == 1)
    assert np.hypot(first["x_m"] - 6020, first["y_m"] - 1003) < first["radius_m"]


def test_every_county_may_have_sites_of_its_own(bureau, tmp_path):
    deliver(bureau, strong=80, elsewhere=0)
    bureau.settle(policy=asked(tmp_path, "sites = 2\nby_county = true"))
    bureau.build(MONTH, until="commuting_hotspot")
    first = {row["area_code"]: row["site_name"] for row in sites(bureau) if row["rank"] == 1}
    assert first == {"430702": "人民路×朗州路", "430703": "善卷路×朗州路"}
