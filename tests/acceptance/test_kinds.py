"""Every kind of export becomes a core table, and what refers to what, and what was stated, is reconciled."""

from decimal import Decimal

import pytest

from pipelines.contracts.exports import EXPORTS

UNITS = "单位编号,单位名称,行业代码\nA,甲厂,C3311\nB,乙厂,C3311"
DELIVERED = {
    "参保单位": UNITS,
    "工伤认定": """
        认定书编号,单位编号,事故时间,认定结论,认定日期
        T1,A,2024-05-01,认定工伤,2024-06-01
        T2,不在册,2024-05-01,认定工伤,2024-06-01
        """,
    "劳动能力鉴定": "认定书编号,鉴定结论日期,伤残等级\nT1,2024-08-01,七级\nT9,2024-08-01,七级",
    "待遇支付": "认定书编号,单位编号,待遇项目,支付金额,支付日期\nT1,A,医疗费,60,2024-07-01\n,,伤残津贴,40,2024-07-01",
    "工伤事故申报": """
        申报编号,单位编号,事故时间,申报日期,是否生产经营性
        S1,A,2024-05-01 09:30,2024-05-02,是
        S2,B,2024-05-03,2024-05-04,否
        """,
    "重点岗位人员": """
        单位编号,人员类别,应训人数,已培训人数,统计日期
        A,班组长,10,4,2024-03-31
        A,班组长,12,9,2024-09-30
        """,
    "工伤预防项目台账": """
        项目编号,项目名称,单位编号,开始日期,完成日期,服务机构,计划人数,实际人数,合同金额,扣减
        P1,冲压安全,A,2024-03-01,2024-11-30,某机构,100,90,50000,1000
        P2,粉尘,C,2024-03-01,2025-11-30,某机构,100,,70000,
        """,
    "培训记录": """
        项目编号,单位编号,社会保障号码,人员类别,线上学时,线下学时,实操学时,考试结果
        P1,A,110105194912310028,班组长,4,2.5,,合格
        P7,A,,班组长,,,1,不合格
        """,
    "联席会议审定": "年度,单位编号,是否入选,理由\n2024,A,是,发生率高\n2024,B,否,已停产",
    "年报数": "年度,指标,数值,口径\n2024,认定工伤人数,3,人社年报\n2024,工亡人数,0,\n2024,待遇支出(万元),0.008,\n2024,满意率,95,",
    "建设项目": """
        项目编号,项目名称,施工总承包单位编号,工程合同造价,开工日期,竣工日期,参保日期,缴费金额
        J1,桥,A,1000000,2024-01-01,2024-06-30,2024-01-10,5000
        J2,楼,X,2000000,2024-02-01,,,
        J3,路,A,,2025-02-01,,,
        """,
    "职业伤害": """
        事件编号,平台企业,事故时间,事故地点,经度,纬度,坐标系,伤残等级,支付金额
        E1,某平台,2024-05-01 18:20,某路口,111.7,29.0,GCJ02,四级,300
        """,
    "重点场所": "场所名称,场所类别,经度,纬度,半径(米)\n德山园区,园区,111.7,29.0,\n某路口,道口,111.6,29.1,80",
    "交通事故": "事故编号,事故时间,事故地点,经度,纬度,是否伤人\nV1,2024-05-01 08:10,某路口,111.6,29.1,是",
    "重点企业名录": "单位名称,名录类别,列入日期\n甲厂,危险化学品,2024-01-01\n别的厂,危险化学品,2024-01-01",
    "街道园区对照": "关键词,街道\n甲街办,甲街道",
    "基金收支": "年度,统筹地区,征缴收入,待遇支出\n2024,430702,700,50\n2024,430703,500,60",
}


@pytest.fixture(scope="module")
def city(new_bureau):
    """A bureau that delivers something of every kind, up to the month's publication; tests only read it."""
    bureau = new_bureau()
    bureau.deliver("2024-12", **DELIVERED, 单位缴费=bureau.premiums(2024, 2024, A=10, C=2))
    bureau.build("2024-12")
    return bureau


def rows(city, name: str, *columns: str) -> list[tuple]:
    return [tuple(row[column] for column in columns) for row in city.core(name, "2024-12")]


def test_everything_delivered_is_accounted_for_by_kind(city):
    table = {row["kind"]: row for row in city.core("source_reconciliation", "2024-12")}
    assert set(table) == set(EXPORTS)
    assert all(row["rows_received"] == row["rows_accepted"] > 0 for row in table.values())
    with_sums = {kind for kind, row in table.items() if row["amount_accepted"] is not None}
    assert with_sums == {kind for kind, export in EXPORTS.items() if export.sums}
    for kind in set(EXPORTS) - {"premium", "area_alias"}:  # a stored query; part of enterprise
        assert len(city.core(kind, "2024-12")) == table[kind]["rows_accepted"], kind


def test_incidents_know_their_hour_and_their_case(city):
    said = rows(city, "incident", "incident_id", "accident_hour", "accident_month", "is_production", "has_claim")
    assert said == [("S1", 9, 202405, True, True), ("S2", None, 202405, False, False)]


def test_of_key_staff_the_newest_count_holds(city):
    assert rows(city, "key_staff", "staff_to_train", "is_latest") == [(10, False), (12, True)]


def test_training_adds_its_hours_and_knows_its_programme(city):
    said = rows(city, "training_record", "programme_id", "total_hours", "is_passed", "has_programme", "year")
    assert said == [("P1", 6.5, True, True, 2024), ("P7", 1.0, False, False, None)]


def test_programmes_have_their_year_and_know_whether_they_are_done(city):
    said = rows(city, "programme", "programme_id", "year", "is_completed", "planned_persons", "actual_persons", "deducted_yuan")
    assert said == [("P1", 2024, True, 100, 90, 1000), ("P2", 2024, False, 100, None, None)]


def test_projects_that_should_be_insured_and_are_not(city):
    said = rows(city, "project_site", "project_id", "is_insured", "is_under_construction")
    assert said == [("J1", True, False), ("J2", False, True), ("J3", None, False)]


def test_places_and_hours_of_injuries_and_accidents(city):
    assert rows(city, "platform_injury", "event_id", "accident_hour", "datum", "is_severe", "amount_yuan") == [
        ("E1", 18, "GCJ02", True, 300)]
    assert rows(city, "traffic_accident", "accident_id", "accident_hour", "lon", "is_injury") == [("V1", 8, 111.6, True)]
    assert rows(city, "landmark", "landmark_name", "radius_m") == [("德山园区", None), ("某路口", 80.0)]


def test_a_place_stays_in_the_core(city):
    import pyarrow.parquet as pq

    for path in city.published("2024-12").glob("*.parquet"):
        assert not set(pq.read_schema(path).names) & {"accident_place", "person_key"}


def test_the_newest_decision_of_a_year_holds(another_bureau):
    bureau = another_bureau("decisions")
    bureau.deliver("2024-12", 参保单位=UNITS, 联席会议审定="年度,单位编号,是否入选\n2024,A,是")
    bureau.deliver("2025-01", 联席会议审定="年度,单位名称,是否入选\n2024,甲厂,否")
    bureau.build("2025-01", until="decision")
    said = [(r["enterprise_id"], r["is_selected"], r["is_latest"]) for r in bureau.core("decision", "2025-01")]
    assert said == [("A", True, False), ("A", False, True)]


def test_what_refers_to_what_is_counted_in_rows_and_yuan(city):
    said = {(r["kind"], r["reference"]): (r["rows_referring"], r["rows_matched"], r["rows_unnamed"], r["amount_unmatched"])
            for r in city.core("reference_reconciliation", "2024-12")}
    assert said == {
        ("premium", "enterprise"): (2, 1, 0, 1200), ("claim", "enterprise"): (2, 1, 0, None),
        ("appraisal", "claim"): (2, 1, 0, None),
        ("payout", "enterprise"): (2, 1, 1, 40), ("payout", "claim"): (2, 1, 1, 40), ("incident", "enterprise"): (2, 2, 0, None),
        ("incident", "claim"): (2, 1, 0, None), ("key_staff", "enterprise"): (2, 2, 0, None),
        ("training_record", "enterprise"): (2, 2, 0, None), ("training_record", "programme"): (2, 1, 0, None),
        ("designation", "enterprise"): (2, 1, 1, None), ("programme", "enterprise"): (2, 1, 0, 70000),
        ("decision", "enterprise"): (2, 2, 0, None), ("project_site", "enterprise"): (3, 2, 0, Decimal(0)),
    }
    for row in city.core("reference_reconciliation", "2024-12"):
        assert row["rows_referring"] == row["rows_matched"] + row["rows_unmatched"] >= row["rows_unnamed"]
        assert row["amount_referring"] is None or row["amount_referring"] == row["amount_matched"] + row["amount_unmatched"]


def test_stated_totals_stand_beside_what_the_rows_add_up_to(city):
    figures = ("figure_stated", "figure_computed", "figure_difference", "is_whole_year")
    said = {(r["kind"], r["indicator_code"]): tuple(r[name] for name in figures)
            for r in city.core("total_reconciliation", "2024-12")}
    assert said == {
        ("fund", "collected_yuan"): (1200, 2400, 1200, True), ("fund", "payout_yuan"): (110, 100, -10, True),
        ("official_total", "injuries"): (3, 2, -1, True), ("official_total", "deaths"): (0, 0, 0, True),
        ("official_total", "payout_yuan"): (80, 100, 20, True),
    }
    assert len(city.core("official_total", "2024-12")) == 4
