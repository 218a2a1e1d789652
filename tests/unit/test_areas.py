"""Street and park read from addresses."""

import pyarrow as pa
import pytest

from pipelines import areas


def at(*addresses: tuple[str, str], **aliases: list) -> list[dict]:
    """What is found for (address, region) pairs with an alias table given as columns."""
    places = pa.table({"address": pa.array([a for a, _ in addresses], pa.string()),
                       "region_code": pa.array([r for _, r in addresses], pa.string())})
    blank = {name: [None] * len(aliases.get("keyword", [])) for name in ("keyword", "alias_street", "alias_park", "region_code")}
    types = dict.fromkeys(blank, pa.string())
    return areas.located(places, pa.table({n: pa.array({**blank, **aliases}[n], types[n]) for n in blank})).to_pylist()


@pytest.mark.parametrize(("address", "street", "park"), [
    ("湖南省常德市鼎城区武陵镇街道善卷社区1号", "武陵镇街道", None),
    ("澧县澧阳街道办事处古城居委会", "澧阳街道", None),
    ("常德市安乡县深柳镇文艺路", "深柳镇", None), ("常德市津市市襄阳街街道", "襄阳街街道", None),
    ("江苏省镇江市丹徒区谷阳镇", "谷阳镇", None), ("长沙市雨花区黎托乡花桥村", "黎托乡", None),
    ("广东省东莞市长安镇乌沙社区", "长安镇", None), ("呼和浩特市新城区保合少镇", "保合少镇", None),
    ("淄博市高新区四宝山街道", "四宝山街道", "高新区"), ("常德经济技术开发区乾明路97号", None, "常德经济技术开发区"),
    ("常德市安乡县安乡高新技术产业开发区环城路52号", None, "安乡高新技术产业开发区"),
    ("灌溪镇兴业路１２号鼎城产业园", "灌溪镇", "鼎城产业园"), ("某路5号工业园", None, None),
    ("武陵区洞庭大道与朗州路口", None, None), ("乡村大酒店", None, None), ("人民市场3栋", None, None), ("", None, None),
])
def test_an_address_at_its_word(address, street, park):
    [found] = at((address, ""))
    assert (found["pattern_street"], found["pattern_park"]) == (street, park)


def test_the_longest_keyword_counts_wherever_it_stands_and_in_any_width():
    said = {"keyword": ["软件", "软件园Ａ区", "园"], "alias_park": ["甲", "乙", "丙"]}
    assert [row["alias_park"] for row in at(("软件路软件园A区", ""), ("软件园", ""), ("花园", ""), **said)] == ["丙", "甲", "乙"]


def test_a_keyword_of_a_region_counts_in_its_region_only():
    said = {"keyword": ["大厦", "大厦"], "alias_street": ["甲街道", "乙街道"], "region_code": ["430702", "430700"]}
    found = {row["region_code"]: row["alias_street"] for row in at(("大厦", "430702"), ("大厦", "430703"), ("大厦", ""), **said)}
    assert found == {"430702": "甲街道", "430703": "乙街道", "": None}


def test_every_address_comes_back_once_and_in_order():
    places = [("乙路", "2"), ("甲路", "1"), ("甲路", "2")]
    assert [(row["address"], row["region_code"]) for row in at(*places)] == sorted(places)
    assert at() == []
