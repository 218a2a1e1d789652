"""Place texts at their word: roads, sections, lanes, numbers, kilometre marks, offsets, counties."""

import pytest

from pipelines.places import keys, words
from pipelines.places.texts import read


def roads(text: str) -> list[str]:
    return [road.key for road in read(text).roads]


@pytest.mark.parametrize(("text", "found"), [
    ("人民路与朗州路交叉口", ["人民路", "朗州路"]), ("人民路朗州路口", ["人民路", "朗州路"]),
    ("朗州路/人民路", ["朗州路", "人民路"]), ("朗州路、人民路交汇处", ["朗州路", "人民路"]),
    ("洞庭大道和朗州路十字路口", ["洞庭大道", "朗州路"]), ("朗州路及人民路丁字路口", ["朗州路", "人民路"]),
    ("和平东路与和兴路口", ["和平东路", "和兴路"]), ("和平路和解放路口", ["和平路", "解放路"]),
    ("沿江路与沿河西路路口", ["沿江路", "沿河西路"]), ("经十路与历山路口", ["经十路", "历山路"]),
    ("骑电动车行驶至人民路和解放路路口", ["人民路", "解放路"]), ("上班途中在德山大道与樟木桥路口", ["德山大道", "樟木桥路"]),
    ("常德市武陵区丹阳街道洞庭大道与皂果路十字路口", ["洞庭大道", "皂果路"]), ("铁道路与桥南路口", ["铁道路", "桥南路"]),
    ("Ｇ２０７国道与人民路口", ["G207", "人民路"]), ("省道S306与县道X021交叉口", ["S306", "X021"]),
    ("环城南路与 迎宾大道 交叉口（加油站旁）", ["环城南路", "迎宾大道"]), ("（近人民路与朗州路口）", ["人民路", "朗州路"]),
    ("建设路人行道", ["建设路"]), ("滨湖路非机动车道", ["滨湖路"]), ("桃源大桥北头", ["桃源大桥"]), ("沅江隧道内", ["沅江隧道"]),
    ("柳叶大道上行往常德方向", ["柳叶大道"]), ("二广高速公路常德出口", ["二广高速公路"]), ("人民路东段", ["人民路东段"]),
    ("重慶北路三段與民族西路口", ["重慶北路3段", "民族西路"]),
    ("忠孝東路5段372巷與忠孝東路5段236巷3弄口", ["忠孝东路5段372巷", "忠孝东路5段236巷3弄"]),
    ("西寧北路與西寧北路5巷口", ["西寧北路", "西寧北路5巷"]), ("南京东路3段与12巷口", ["南京东路3段", "南京东路3段12巷"]),
    ("重慶南路3段67號與重慶南路3段口前", ["重慶南路3段"]), ("人民路与人民路口", ["人民路"]),
    ("街道办事处门口", []), ("阳光小区门口", []),
    ("路口", []), ("人行横道上", []), ("某路", []), ("乡间小路", []), ("单位食堂", []),
    ("", []), (None, []),
])
def test_the_roads_of_a_text(text, found):
    assert roads(text) == found


@pytest.mark.parametrize(("text", "number"), [
    ("兴业路12号附近", 12), ("朗州路三十五号门前", 35), ("朗州路一百二十号", 120), ("和平东路2段365號", 365),
    ("建设路12-18号", 12),
    ("建设路12之3号", 12), ("建设路南侧７号", 7), ("人民路3号楼", None), ("人民路3号门", None), ("大度路1段31号灯杆", None),
    ("人民路68号停车位", None), ("人民路与朗州路口5号", None),
])
def test_house_numbers(text, number):
    assert read(text).number == number


@pytest.mark.parametrize(("text", "mark"), [
    ("国道207线K123+400处", 123400), ("G207 K123+400M", 123400), ("G319国道 45公里300米", 45300), ("二广高速K1234+500", 1234500),
    ("沪昆高速公路1156公里处", 1156000), ("人民路1公里处", None), ("人民路K1+200", None),
])
def test_kilometre_marks_are_those_of_highways(text, mark):
    assert read(text).mark == mark


@pytest.mark.parametrize(("text", "metres", "bearing"), [
    ("人民路与朗州路口东侧120米", 120, 90), ("人民路朗州路口往南50米处", 50, 180), ("人民路与朗州路交叉口西北约30余米", 30, 315),
    ("距人民路与解放路路口100米处", 100, None), ("人民路与解放路口以北2米", 2, 0), ("人民路与解放路口5000米", 0, None),
    ("人民路与解放路口", 0, None), ("G207 K12+300", 0, None),
])
def test_metres_beside_a_place(text, metres, bearing):
    place = read(text)
    assert (place.offset_m, place.bearing) == (metres, bearing)


@pytest.mark.parametrize(("text", "city", "county"), [
    ("湖南省常德市武陵区人民路", "常德市", "武陵区"), ("武陵区人民路", "", "武陵区"),
    ("长沙市岳麓区麓谷大道", "长沙市", "岳麓区"),
    ("津市市襄阳街道车胤大道", "", "津市市"), ("桃源县漳江街道", "", "桃源县"), ("大同區重慶北路", "", "大同区"),
    ("市民大道6段", "", ""), ("建国南超市门口", "", ""), ("农贸市场旁人民路", "", ""), ("高新区兴业路", "", "高新区"),
    ("常德经济技术开发区乾明路97号", "", "常德经济技术开发区"), ("常德市人民路", "常德市", "常德市"), ("湖南省人民路", "", ""),
    ("石门县迎宾大道", "", "石门县"), ("江门市蓬江区建设路", "江门市", "蓬江区"), ("海口市美兰区海府路", "海口市", "美兰区"),
    ("镇江市京口区解放路", "镇江市", "京口区"), ("安乡县文艺路", "", "安乡县"), ("景德镇市珠山区瓷都大道", "景德镇市", "珠山区"),
    ("单位门口停车区", "", ""), ("张家口市桥东区胜利路", "张家口市", "桥东区"),
])
def test_city_and_county(text, city, county):
    place = read(text)
    assert (place.city, place.county) == (city, county)


def test_two_orders_and_spellings_are_one_key():
    said = ["人民路与朗州路口", "朗州路/人民路", "朗州路人民路交汇处", "人民路和朗州路十字路口东侧20米", "人民路與朗州路口"]
    assert set(keys.keys_of([read(text) for text in said]).full.tolist()) == {0}


def test_a_section_that_is_left_out_is_loosely_the_same_crossing_and_another_lane_is_not():
    said = [read(text) for text in ("重庆北路3段与民族西路口", "重庆北路与民族西路口", "重庆北路3段137巷与民族西路口",
                                    "重庆北路1段137巷与民族西路口")]
    found = keys.keys_of(said)
    assert len(set(found.full.tolist())) == 4
    assert found.loose[0] == found.loose[1] and len(set(found.loose.tolist())) == 3


def test_the_mouth_of_a_lane_has_its_number():
    said = ("人民路与人民路137巷口", "人民路139号", "人民路137巷5号", "人民路137巷与朗州路口")
    found = keys.keys_of([read(text) for text in said])
    assert found.number[:3].tolist() == [137, 139, 5] and found.numbered.tolist() == [0, 0, 1, -1]


@pytest.mark.parametrize(("text", "shown"), [
    ("武陵区朗州路与人民路口东120米", "人民路×朗州路"), ("人民路212号", "人民路200–299号"), ("人民路7号", "人民路1–99号"),
    ("重庆北路3段137巷12号", "重庆北路3段137巷1–99号"), ("G207 K123+400", "G207 123公里"), ("人民路西段", "人民路西段"),
    ("张某家门口", ""), ("人民路212号张三家门口", "人民路200–299号"),
])
def test_what_is_shown_names_roads_and_nobody(text, shown):
    assert keys.shown(read(text)) == shown


def test_crossings_and_numbers_share_no_event():
    found = keys.keys_of([read("人民路与朗州路口"), read("人民路12号"), read("人民路"), read("朗州路与人民路口")])
    assert found.event[0] == found.event[3] != found.event[1] and found.event[2] == -1


def test_every_word_of_the_table_is_of_a_kind_that_is_used():
    with words.TABLE.open(encoding="utf-8") as file:
        lines = [line.rstrip("\n").split(",") for line in file][1:]
    kinds = {"variant", "road", "structure", "not_road", "no_name", "joint", "lead", "direction"}
    assert {line[0] for line in lines} == kinds
    assert len({(line[0], line[1]) for line in lines}) == len(lines)
