"""Where accidents lie, through the product: a delivery by hand with every way of location, a simulated city with its truth."""

from typing import Any

import pandas as pd
import pytest

from pipelines import simulate
from pipelines.stats import datums

MONTH = "2024-12"
HERE = (111.69, 29.04)
BD09 = "{:.6f},{:.6f}".format(*map(float, datums.bd09_of_gcj02(*datums.gcj02_of_wgs84(111.69, 29.04))))
UNITS = "单位编号,单位名称,行业代码,行政区划代码\nA,甲厂,C3311,430702\nB,乙厂,C3311,430703"
CLAIMS = f"""
    认定书编号,单位编号,性别,出生日期,事故时间,事故地点,经度,纬度,坐标系,交通方式,认定日期,认定结论,认定依据,伤害程度
    T1,A,男,1990-02-03,2024-03-01 07:40,武陵区人民路与朗州路交叉口,{BD09},百度,电动自行车,2024-05-01,认定工伤,14-6,重伤
    T2,B,女,2008-01-01,2024-03-01 08:00,朗州路人民路口,,,,,2024-05-01,认定工伤,14-6,轻伤
    T3,A,男,1970-01-01,2024-03-02 07:40,武陵区人民路57号,,,,,2024-05-01,认定工伤,14-6,轻伤
    T4,A,男,,2024-03-03 07:40,人民路,,,,,2024-05-01,认定工伤,14-6,轻伤
    T5,A,男,,2024-03-04 07:40,车间,,,,,2024-05-01,认定工伤,14-1,轻伤
    T6,A,男,,2024-03-05 07:40,长沙市岳麓区麓山路,,,,,2024-05-01,认定工伤,14-5,轻伤
    T7,A,男,,2024-03-06 07:40,家门口,,,,,2024-05-01,不予认定,14-6,轻伤
    """
POLICE = "事故编号,事故时间,事故地点,经度,纬度,坐标系,是否伤人\n" + "\n".join([
    "V1,2024-03-01 07:45,人民路朗州路路口,111.69001,29.04001,WGS84,是",
    *(f"N{n},2024-04-{n:02d} 09:00,武陵区人民路{10 * n}号,{111.69 + 0.0005 * n:.5f},29.04,WGS84,否" for n in range(1, 10))])
PLATFORM = """
    事件编号,平台企业,事故时间,事故地点,经度,纬度,坐标系,确认结论
    E1,某平台,2024-05-01 18:20,武陵区朗州路,111.691,29.041,WGS84,确认职业伤害
    E2,某平台,2024-05-02 18:20,武陵区朗州路,111.691,29.041,WGS84,不予确认
    """


@pytest.fixture(scope="module")
def town(new_bureau):
    bureau = new_bureau()
    bureau.deliver(MONTH, 参保单位=UNITS, 工伤认定=CLAIMS, 交通事故=POLICE, 职业伤害=PLATFORM)
    bureau.build(MONTH, until="place_quality")
    return bureau, {row["accident_id"]: row for row in bureau.core("located_accident", MONTH)}


def test_every_accident_on_the_road_stands_once(town):
    _, rows = town
    assert set(rows) == {"CT1", "CT3", "CT4", "CT6", "CT7", "PE1", *(f"TN{n}" for n in range(1, 10))}
    assert {name: rows[name]["source"] for name in ("CT6", "CT7", "PE1")} == {
        "CT6": "off_site", "CT7": "not_recognised", "PE1": "platform_injury"}


def test_two_claims_and_the_police_told_of_one_accident(town):
    row = town[1]["CT1"]
    assert (row["claims"], row["has_police_record"], row["is_severe"], row["enterprise_id"]) == (2, True, True, "A")
    assert (row["transport"], row["sex"], row["age_band"], row["industry_2"]) == ("e_bike", "male", "30_39", "C33")
    assert (row["accident_hour"], row["accident_minute"], row["year"]) == (7, 40, 2024)


def test_baidus_coordinates_are_brought_to_wgs84(town):
    row = town[1]["CT1"]
    assert (row["lon"], row["lat"]) == pytest.approx(HERE, abs=2e-6)
    assert (row["located_by"], row["place_key"], row["region_code"]) == ("given", "人民路×朗州路", "430702")


def test_a_text_is_located_between_house_numbers(town):
    row = town[1]["CT3"]
    assert (row["located_by"], row["place_key"], row["road_name"]) == ("house_number", "人民路1–99号", "人民路")
    assert (row["lon"], row["lat"]) == pytest.approx((111.69 + 0.0005 * 5.7, 29.04), abs=1e-6)


def test_who_leaves_the_map_and_why(town):
    rows = town[1]
    assert {name: rows[name]["off_map_reason"] for name in ("CT4", "CT6", "CT7", "CT1")} == {
        "CT4": "road_only", "CT6": "outside", "CT7": "no_place", "CT1": None}


def test_quality_says_it_by_source_and_county(town):
    bureau, rows = town
    quality = bureau.mart("place_quality", MONTH)
    assert sum(row["accidents"] for row in quality) == len(rows) and sum(row["claims"] for row in quality) == 7
    assert {row["as_of_month"] for row in quality} == {202412}
    assert "坐标系不一，已统一：BD09 1 处、WGS84 11 处" in quality[0]["definition"]
    [piece] = [row for row in quality if (row["source"], row["outcome"]) == ("commuting", "house_number")]
    assert (piece["region_code"], piece["accidents"], piece["share_pct"], piece["is_on_map"]) == ("430702", 1, 33.33, True)


def test_no_place_text_leaves_the_claims(town):
    bureau, rows = town
    said = " ".join(str(value) for row in rows.values() for value in row.values())
    assert "57号" not in said and "家门口" not in said


@pytest.fixture(scope="module")
def city(new_bureau):
    """A simulated city of 4,000 enterprises, and its accidents on the road with what is true of them."""
    bureau = new_bureau()
    simulate.write_city(bureau.place.raw, bureau.place.raw.parent / "truth", enterprises=4000, later=0, seed=5)
    bureau.build("2025-09", until="place_quality")
    rows = pd.DataFrame(bureau.core("located_accident", "2025-09"))
    truth = pd.read_parquet(bureau.place.raw.parent / "truth" / "event.parquet")
    truth = truth[truth["lon"].notna()].assign(accident_id="CID-" + truth["recognition_id"])
    return bureau, rows.merge(truth[["accident_id", "lon", "lat", "is_piled_up"]], on="accident_id", suffixes=("", "_true"))


def metres_off(rows: Any) -> Any:
    east, north = datums.degree_lengths(29.04)
    return (((rows["lon"] - rows["lon_true"]) * east) ** 2 + ((rows["lat"] - rows["lat_true"]) * north) ** 2) ** 0.5


def test_coordinates_of_three_geocoders_lie_where_they_are_true(city):
    rows = city[1].query("located_by == 'given' and not is_piled_up")
    assert len(rows) > 100 and metres_off(rows).max() < 1


def test_texts_are_located_where_they_are_true(city):
    rows = city[1].query("located_by != 'given'")
    found = rows[rows["is_on_map"]]
    assert len(found) / len(rows) > 0.35  # most of the others name a road that several counties have, and no county
    off = metres_off(found)
    assert off.median() < 15 and (off <= found["uncertainty_m"]).mean() > 0.85 and off.quantile(0.95) < 250


def test_planted_pile_ups_leave_the_map_and_nobody_else(city):
    rows = city[1]
    piled = rows[rows["off_map_reason"] == "pile_up"]
    planted = rows[rows["is_piled_up"]].groupby(["x_m", "y_m"])["is_on_map"].agg(["size", "any"])
    assert piled["is_piled_up"].all() and not planted.loc[planted["size"] >= 5, "any"].any() and (planted["size"] >= 5).any()
