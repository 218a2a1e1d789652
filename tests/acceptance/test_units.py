"""Which unit is meant where a row says something else than its number; and what stays unmatched, never guessed."""

from decimal import Decimal

import pytest

LISTED = """
    单位编号,统一社会信用代码,单位名称
    00430001,91430700MA4L16JQ9C,常德市（武陵）机械有限责任公司
    430002,,同名商行
    430003,,同名商行
    430005,,常德市德山第一纺织有限公司
    430007,91110000100000000A,
"""


@pytest.fixture
def listed(bureau):
    """A bureau with a list of units."""
    bureau.deliver("2024-12", 参保单位=LISTED)
    return bureau


def matches(bureau, month: str = "2024-12") -> dict[str, tuple]:
    bureau.build(month, until="unit_match")
    return {
        row["said"]: (row["said_by"], row["enterprise_id"], row["confidence"], row["is_ambiguous"])
        for row in bureau.core("unit_match", month)
    }


def test_codes_numbers_in_another_form_and_names_lead_to_the_unit_with_their_confidence(listed):
    listed.deliver("2024-12", 待遇支付="""
        单位编号,统一社会信用代码,组织机构代码,单位名称,待遇项目,支付金额,支付日期
        ,91430700MA4L16JQ9C,,另一个名字,医疗费,1,2024-05-01
        ,,MA4L16JQ-9,,医疗费,2,2024-05-01
        430001,,,,医疗费,4,2024-05-01
        ,,,常德市武陵机械有限公司,医疗费,8,2024-05-01
        91430700MA4L16JQ9C,,,,医疗费,16,2024-05-01
        430005,,,,医疗费,32,2024-05-01
    """)
    assert matches(listed) == {
        "91430700MA4L16JQ9C": ("uscc", "00430001", 1.0, False), "MA4L16JQ9": ("org_code", "00430001", 0.98, False),
        "430001": ("number", "00430001", 0.97, False), "常德市武陵机械有限公司": ("name", "00430001", 0.95, False),
    }
    listed.build("2024-12", until="payout")
    paid = {}
    for row in listed.core("payout", "2024-12"):
        paid[row["enterprise_id"]] = paid.get(row["enterprise_id"], 0) + row["amount_yuan"]
    assert paid == {"00430001": 31, "430005": 32}


def test_a_name_of_two_units_or_a_merely_similar_one_is_not_used(listed):
    listed.deliver("2024-12", 工伤认定="""
        认定书编号,单位名称,事故时间,认定结论
        T1,同名商行,2024-03-01,认定工伤
        T2,常德市德山第二纺织有限公司,2024-03-01,认定工伤
        T3,没有人知道的厂,2024-03-01,认定工伤
    """)
    assert matches(listed) == {
        "同名商行": ("name", None, None, True), "没有人知道的厂": ("name", None, None, False),
        "常德市德山第二纺织有限公司": ("name", None, pytest.approx(0.9231), False),
    }
    candidates = {row["said"]: row["candidate_id"] for row in listed.core("unit_match", "2024-12")}
    assert candidates["常德市德山第二纺织有限公司"] == "430005" and candidates["同名商行"] is None
    listed.build("2024-12", until="claim")
    assert {row["enterprise_id"] for row in listed.core("claim", "2024-12")} == set(candidates)


def test_premiums_of_one_unit_under_number_and_name_are_one_month_and_the_newest_wins(listed):
    head = "单位编号,单位名称,费款所属期,缴费人数,实缴金额,缴费类型\n"
    listed.deliver("2024-12", 单位缴费=head + "00430001,,202410,10,100,\n,常德市武陵机械有限公司,202411,20,200,\n"
                   "430001,,202412,30,300,\n,不认识的厂,202412,5,50,\n,常德市武陵机械有限公司,202410,,7,补缴")
    listed.deliver("2025-01", 单位缴费=head + "00430001,,202411,22,220,")
    listed.build("2024-12", "2025-01", until="source_reconciliation")

    def paid(month: str) -> set[tuple]:
        listed.build(month, until="enterprise_month")
        return {(r["enterprise_id"], r["month"], r["heads"], r["paid_yuan"]) for r in listed.core("enterprise_month", month)}

    opening = {("00430001", 202410, 10, 100), ("00430001", 202410, None, 7), ("00430001", 202412, 30, 300),
               ("不认识的厂", 202412, 5, 50)}
    assert paid("2024-12") == opening | {("00430001", 202411, 20, 200)}
    assert paid("2025-01") == opening | {("00430001", 202411, 22, 220)}
    [first, _] = [r for r in listed.core("source_reconciliation", "2025-01") if r["kind"] == "premium"]
    assert (first["rows_received"], first["rows_accepted"], first["rows_superseded"]) == (5, 4, 1)
    assert first["amount_superseded"] == Decimal(200)


def test_the_host_of_a_dispatched_worker_may_be_named_too(listed):
    listed.deliver("2024-12", 工伤认定="""
        认定书编号,单位编号,用工单位名称,事故时间,认定结论
        T1,430005,常德市武陵机械有限公司,2024-03-01,认定工伤
        T2,430001,常德市武陵机械有限公司,2024-03-01,认定工伤
    """)
    listed.build("2024-12", until="claim")
    said = [(r["enterprise_id"], r["insured_enterprise_id"], r["is_dispatched"]) for r in listed.core("claim", "2024-12")]
    assert said == [("00430001", "430005", True), ("00430001", "00430001", False)]


def test_without_a_list_of_units_names_stand_for_themselves(bureau):
    bureau.deliver("2024-12", 单位缴费="单位名称,费款所属期,缴费人数\n甲厂,202412,10",
                   工伤认定="认定书编号,单位名称,事故时间,认定结论\nT1,甲厂,2024-12-01,认定工伤")
    bureau.build("2024-12", until="enterprise_year")
    [row] = bureau.core("enterprise_year", "2024-12")
    assert (row["enterprise_id"], row["person_months"], row["injuries"]) == ("甲厂", 10, 1)
    assert bureau.core("unit_match", "2024-12") == []


def test_two_units_that_name_no_number_are_two(bureau):
    head = "单位名称,人员类别,应训人数,统计日期\n"
    bureau.deliver("2024-12", 重点岗位人员=head + "甲厂,班组长,5,2024-06-01\n乙厂,班组长,7,2024-06-01")
    bureau.build("2024-12", until="key_staff")
    assert {r["enterprise_id"]: r["staff_to_train"] for r in bureau.core("key_staff", "2024-12")} == {"甲厂": 5, "乙厂": 7}
