"""What the first values of a column say: they confirm, contradict and tell look-alikes apart."""

import pytest

from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import content, matching
from pipelines.ingest.content import Values
from pipelines.ingest.recognition import recognise

CODES = ["914403001922038216", "91330100799655058B", "9144030071526726XG"]
PERSONS = ["11010519491231002X", "370302198506151236", "440524188001010014"]
NAMES = ["常德市甲机械有限公司", "乙纺织厂", "丙（湖南）科技集团"]
LOOKS = {
    "credit_code": CODES, "person_number": PERSONS, "organisation": NAMES,
    "organisation_code": ["19220382-1", "799655058", "71526726X"],
    "date": ["2024-01-31", "2024/1/31", "2024年1月31日", "20240131", "2024.01.31", "2024-01-31 08:30"],
    "month": ["202401", "2024-01", "2024年1月", "2024/01"], "year": ["2023", "2024年", "2024年度"],
    "clause": ["第十四条第（一）项", "14-1", "十四条(一)", "条例第14条第1款第1项"],
    "document_no": ["X人社工伤认字〔2024〕12345号", "工认字[2024]第0123号", "常人社（2024）7号"],
    "grade": ["一级", "10级", "壹级", "未达级"], "per_cent": ["0.9%", "9‰", "0.009"],
    "money": ["1,234.50", "￥88", "120.00"], "integer": ["12", "3人", "120"], "person_name": ["张三", "李小四", "王五"],
}


@pytest.mark.parametrize("look", LOOKS)
def test_values_look_like_what_they_are(look):
    assert look in Values.of(LOOKS[look]).looks


@pytest.mark.parametrize(("values", "look"), [
    (["914403001922038217", "91430700MA4L16JQ90", "123456789012345678"], "credit_code"),
    (["110105194912310020", "370302198513151236", "440524188001010015"], "person_number"),
    (["2024-13-01", "2024-02", "20241301"], "date"), (["12.5", "甲", "3"], "integer"),
])
def test_a_wrong_check_digit_or_month_is_not_taken_for_the_real_thing(values, look):
    assert look not in Values.of(values).looks


def test_few_values_say_nothing_and_one_odd_one_does_no_harm():
    assert not Values.of(CODES[:2] + ["", "/", None]).looks
    assert "credit_code" in Values.of([*CODES, *CODES, "暂无信息"]).looks


@pytest.mark.parametrize(("kind", "column", "values", "said"), [
    ("enterprise", "uscc", CODES, 1), ("claim", "person_key", PERSONS, 1),
    ("claim", "conclusion", ["认定工伤", "视同工伤", "不予认定"], 1),
    ("claim", "is_third_party", ["是", "否", "否"], 1), ("enterprise", "enterprise_name", NAMES, 1),
    ("premium", "paid_yuan", LOOKS["money"], 1), ("enterprise", "enterprise_id", NAMES, -1), ("claim", "decided_on", NAMES, -1),
    ("enterprise", "street", PERSONS, -1), ("claim", "accident_place", PERSONS, -1), ("premium", "period", PERSONS, -1),
    ("enterprise", "region_code", ["武陵区", "鼎城区", "石门县"], 0),
    ("claim", "decided_on", ["45322", "45323", "45324"], 0),
    ("premium", "heads", ["1,234", "1,500", "2,000"], 0), ("enterprise", "enterprise_id", CODES, 0),
    ("enterprise", "org_code", LOOKS["organisation_code"], 1), ("claim", "decided_on", ["1", "2", "3"], 0),
    ("claim", "narrative", PERSONS, 0),
])
def test_values_confirm_contradict_or_say_nothing(kind, column, values, said):
    assert content.verdict(kind, EXPORTS[kind][column], Values.of(values)) == said


def sheet(**columns: list[str]) -> dict:
    """Headings and sample of a sheet, for recognise()."""
    return {"headings": list(columns), "sample": [list(row) for row in zip(*columns.values(), strict=True)]}


def test_a_unit_number_that_holds_names_is_asked_for_and_not_used():
    found = recognise(**sheet(单位编号=NAMES, 费款所属期=["202401"] * 3, 缴费人数=["12"] * 3, 实缴金额=["1.00"] * 3))
    assert "enterprise_id" not in found.positions
    [asked] = [asked for asked in found.asked if asked.position == 0]
    assert "内容不像" in asked.why and asked.is_needed


def test_a_column_without_a_speaking_heading_is_known_by_its_check_digits():
    found = recognise(**sheet(单位编号=["1001", "1002", "1003"], 单位名称=NAMES, 行业代码=["3011", "3012", "1711"], 列4=CODES))
    assert found.positions["uscc"] == 3 and found.confidence["uscc"] == matching.BY_CONTENT


def test_two_such_columns_are_asked_for_and_not_guessed():
    base = {"认定书编号": ["1", "2", "3"], "事故时间": ["2024-01-31"] * 3, "认定结论": ["认定工伤"] * 3}
    found = recognise(**sheet(**base, 列4=PERSONS, 列5=PERSONS[::-1]))
    assert "person_key" not in found.positions and {asked.position for asked in found.asked} == {3, 4}


def test_an_id_under_another_heading_is_asked_for_or_left_alone():
    base = {"认定书编号": ["1", "2", "3"], "事故时间": ["2024-01-31"] * 3, "认定结论": ["认定工伤"] * 3}
    assert "person_key" not in recognise(**sheet(**base, 申请人身份证号=PERSONS)).positions
    found = recognise(**sheet(**base, 户主号=PERSONS))
    assert "person_key" not in found.positions and found.asked[0].candidates[0][0] == "person_key"


def test_content_makes_sure_of_what_is_only_likely():
    base = {"单位编号": ["1001", "1002", "1003"], "单位名称": NAMES, "行业代码": ["3011", "3012", "1711"]}
    unsure = recognise(**sheet(**base, 组织机构代码证号=["甲", "乙", "丙"]))
    assert "org_code" not in unsure.positions and unsure.asked[0].candidates[0][0] == "org_code"
    sure = recognise(**sheet(**base, 统一社会信用代码证号=CODES))
    assert sure.positions["uscc"] == 3 and matching.SURE <= sure.confidence["uscc"] < 1


def test_of_two_claims_to_a_column_the_title_wins_then_equal_content():
    base = {"单位编号": ["1001", "1002", "1003"], "缴费人数": ["1"] * 3, "费款所属期": ["202401"] * 3}
    assert recognise(**sheet(社保编号=["7", "8", "9"], **base)).positions["enterprise_id"] == 1
    two = {"费款所属期": ["202401"] * 3, "缴费人数": ["1"] * 3, "单位编码": ["1001", "1002", "1003"]}
    assert recognise(**sheet(**two, 社保编号=["1001", "1002", "1003"])).positions["enterprise_id"] == 2
    found = recognise(**sheet(**two, 社保编号=["7", "8", "9"]))
    assert "enterprise_id" not in found.positions and [asked.position for asked in found.asked] == [2, 3]
    assert all(asked.is_needed and "内容不同" in asked.why for asked in found.asked)
