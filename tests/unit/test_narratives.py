"""The rules that code texts: each by its own example, all of them on sentences coded by hand, and what they must not do."""

import collections

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.narratives import JUDGED, hits, judged, score
from pipelines.contracts import codes
from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import narratives

CODES = {"cause": codes.CAUSE, "activity": codes.ACTIVITY, "transport": codes.TRANSPORT, "liability": codes.LIABILITY,
         "commute_direction": codes.COMMUTE_DIRECTION, "counterpart": codes.COUNTERPART, "body_part": codes.BODY_PART,
         "post": codes.POST_GROUP, "accident_type": codes.CAUSE}
RULES = [rule for rules in narratives.rules().values() for rule in rules]
# (precision, recall) that no change of the rules may fall below; the held-out sentences were never looked at for the rules.
FLOORS = {"tuning": (0.95, 0.95), "held_out": (0.93, 0.95)}
# The wording of employers' own forms: of the second, held out as well, half is coded; wrong is worse than none.
ROUGH_FLOORS = {"rough": (0.95, 0.95), "rough_held_out": (0.85, 0.5)}


def judge(aspect: str, which: str, precise: float, recalled: float) -> list:
    """Prints and asserts the scores of a set under an aspect."""
    of = [one for one in judged() if one.aspect == aspect and one.which == which]
    number, precision, recall = score(of)
    print(f"{aspect} {which}: {number} coded by hand, precision {precision:.1%}, recall {recall:.1%}")
    assert number >= 10 and precision >= precise and recall >= recalled
    return of


def told(*sentences: str, names: list[str] | None = None) -> pa.Array:
    """The narratives as the rules see them."""
    known = pa.array(names) if names else None
    return narratives.about_self(narratives.normalised(pa.array(sentences, pa.string())), known)


def codes_of(sentence: str) -> dict[str, str]:
    """Aspect -> code, of one sentence."""
    found = hits([sentence])
    tried = narratives.rules()
    return {aspect: tried[aspect][hit.rule[0]].code for aspect, hit in found.items() if hit.rule[0] >= 0}


def test_rules_have_ids_of_their_own_and_codes_of_their_list():
    ids = collections.Counter(rule.rule_id for rule in RULES)
    assert max(ids.values()) == 1 and {len(rule_id) for rule_id in ids} == {4}
    assert {aspect.name for aspect in narratives.ASPECTS} | {"except"} == set(narratives.rules())
    assert all(rule.code in CODES[rule.aspect] for rule in RULES if rule.aspect != "except")


@pytest.mark.parametrize("rule", RULES, ids=[rule.rule_id for rule in RULES])
def test_a_rule_matches_its_example(rule):
    [example] = narratives.normalised(pa.array([rule.example])).to_pylist()
    assert narratives.first_match(pa.array([example]), (rule,)).tolist() == [0]


def test_the_coded_columns_are_those_of_the_contract():
    targets = [aspect.target for aspect in narratives.ASPECTS]
    assert sorted([*targets, "narrative_rules"]) == sorted(column.name for column in EXPORTS["claim"].coded)


@pytest.mark.parametrize("which", list(FLOORS))
@pytest.mark.parametrize("aspect", JUDGED)
def test_sentences_coded_by_hand(aspect, which):
    """337 sentences in the wording of recognition decisions, written before the rules; every third one held out."""
    assert len(judge(aspect, which, *FLOORS[which])) >= 110


@pytest.mark.parametrize("which", list(ROUGH_FLOORS))
def test_sentences_as_people_speak(which):
    judge("cause", which, *ROUGH_FLOORS[which])


@pytest.mark.parametrize(("sentence", "aspect", "code"), [
    ("张某骑电动车上班途中受到非本人主要责任的交通事故伤害", "liability", None),
    ("张某骑电动车上班途中与轿车相撞，张某负次要责任，属非本人主要责任", "liability", "secondary"),
    ("张某骑电动车上班途中与轿车相撞，张某不承担主要责任", "liability", None),
    ("张某骑电动车上班途中与轿车相撞，李某负全部责任", "liability", None),
    ("张某骑电动车上班途中与轿车相撞，李某负主要责任，张某负次要责任", "liability", "secondary"),
    ("张某骑电动车上班途中与轿车相撞，双方负同等责任", "liability", "equal"),
    ("张某骑电动车上班途中与轿车相撞，无法证明张某无责任", "liability", None),
    ("排除触电，张某系滑倒摔伤", "cause", "slip"),
    ("张某（塔吊司机）在工地行走时滑倒", "cause", "slip"),
    ("张某系某公司焊工，在车间行走时滑倒", "activity", "walk"),
    ("张某在车间被掉落的工件砸伤，塔吊并未作业", "cause", "01"),
    ("张某在操作锅炉时被烫伤", "liability", None),
    ("张某下班后在家中烫伤", "commute_direction", None),
    ("张某在车间骑电动车转运物料时与叉车相撞", "transport", None),
    ("受伤经过不详", "cause", None),
])
def test_what_is_denied_unclear_or_of_someone_else_is_not_coded(sentence, aspect, code):
    assert codes_of(sentence).get(aspect) == code


def test_the_injured_person_is_known_by_name_or_is_the_first_who_is_named():
    sentence = "李军驾驶的货车与王芳骑的电动车在王芳下班途中相撞，王芳负次要责任"
    assert told(sentence, names=["王芳"]).to_pylist() == ["李军驾驶的货车与本人骑的电动车在本人下班途中相撞,本人负次要责任"]
    assert told("张某某被李某驾驶的车撞伤，张某某无责任").to_pylist() == ["本人被李某驾驶的车撞伤,本人无责任"]
    assert told("无名氏受伤", names=[""]).to_pylist() == ["无名氏受伤"]


def test_the_text_leaves_with_the_chunk_that_held_it():
    places = {"narrative": 0, "person_name": 1, "occupation": 2}
    coder = narratives.Coder(EXPORTS["claim"], places)
    chunk = pa.table({"row_number": [2, 3], "c0": ["王芳操作冲床时手被压伤", None], "c1": ["王芳", "李军"], "c2": ["焊工", None]})
    found = coder.apply(chunk)
    assert not {"c0", "c1"} & set(found.column_names)
    assert found["coded_cause_told"].to_pylist() == ["03", None] and found["coded_post_group"].to_pylist() == ["welder", None]
    assert "王芳" not in str(found.to_pylist()) and "王芳" not in coder.said()
    assert found["coded_narrative_rules"].to_pylist() == ["C141,....,A050,....,....,....,....,....,P007", None]
    assert coder.said() == "编码率：起因 100%（1 条）、作业 100%（1 条）、岗位类别 100%（1 条）"


def test_a_name_and_a_narrative_are_read_to_be_forgotten():
    claim, places = EXPORTS["claim"], {"person_name": 1, "occupation": 2, "narrative": 0}
    assert narratives.columns_read(claim, places) == places
    coder = narratives.Coder(claim, places)
    kept = coder.apply(pa.table({"c0": ["甲乙在车间受伤"], "c1": ["甲乙"], "c2": ["焊工"]})).column_names
    assert "c2" in kept and not {"c0", "c1"} & set(kept)
    assert narratives.Coder(EXPORTS["premium"], {}).apply(pa.table({"c0": ["1"]})).column_names == ["c0"]


def test_neither_order_nor_company_changes_a_code():
    sentences = sorted({one.text for one in judged()})
    straight, turned = hits(sentences), hits(sentences[::-1])
    for aspect in JUDGED:
        assert straight[aspect].rule.tolist() == turned[aspect].rule.tolist()[::-1]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text_is_taken(texts):
    assert all(len(hit.rule) == len(texts) for hit in hits(texts).values())


POSTS = {
    "操作工": "冲压工 冲床操作工 车工 数控车床操作工 挡车工 注塑工 包装工 缝纫工 喷漆工 压铸工 一线员工 CNC操作员 抛光工 装配工",
    "welder": "焊工 电焊工 氩弧焊工", "electrician": "电工 维修电工 水电工", "maintenance": "机修工 维修工 钳工 设备检修",
    "forklift": "叉车司机 叉车工 行车工 塔吊司机 挖掘机驾驶员",
    "driver": "货车司机 驾驶员 公交司机 渣土车司机",
    "courier": "快递员 外卖骑手 配送员", "miner": "采煤工 掘进工 凿岩工 井下电钳工",
    "builder": "木工 钢筋工 瓦工 泥工 抹灰工 混凝土工",
    "height": "架子工 高空作业员", "handler": "搬运工 装卸工 码垛工", "warehouse": "仓管员 仓库管理员 分拣员",
    "cleaner": "保洁员 环卫工人 清洁工", "security": "保安 门卫 保安员",
    "catering": "厨师 帮厨 面点师 餐饮服务员",
    "medical": "护士 医生 护工", "teacher": "教师 幼儿园老师", "sales": "营业员 销售员 业务员",
    "engineer": "质检员 工程师 技术员 化验员",
    "manager": "总经理 厂长 副总经理", "clerk": "文员 会计 行政人员 办公室主任", "team_leader": "班组长 车间主任 冲压班长",
    "safety": "安全员 专职安全员", "service": "服务员 客房服务员 家政", "labourer": "普工 杂工", "farmer": "饲养员 养殖工",
}


@pytest.mark.parametrize(("group", "posts"), [("operator" if group == "操作工" else group, p) for group, p in POSTS.items()])
def test_posts_find_their_group(group, posts):
    tried = narratives.rules()["post"]
    found = narratives.first_match(narratives.normalised(pa.array(posts.split())), tried).tolist()
    assert [(post, tried[at].code if at >= 0 else None) for post, at in zip(posts.split(), found, strict=True)] == [
        (post, group) for post in posts.split()
    ]


@pytest.mark.parametrize(("said", "code"), [
    ("物体打击", "01"), ("03", "03"), ("3", "03"), ("13", "13"), ("23", None),
    ("机械致害", "03"), ("厂（场）内车辆致害", "02"), ("跌落", "09"), ("粉尘爆炸", "18"),
    ("道路（轨道）车辆致害", "road_traffic"), ("打雷", None),
])
def test_accident_types_of_both_editions(said, code):
    tried = narratives.rules()["accident_type"]
    [at] = narratives.first_match(narratives.normalised(pa.array([said])), tried).tolist()
    assert (tried[at].code if at >= 0 else None) == code


@pytest.mark.parametrize(("said", "code"), [
    ("左手食指", "1.13"), ("腕及手", "1.13"), ("右眼", "1.03"), ("颅脑", "1.01"), ("腰椎", "1.11"), ("腰部", "1.10"),
    ("踝及脚", "1.15"),
    ("右足第一趾", "1.15"), ("胸椎压缩性骨折", "1.11"), ("手指头", "1.13"), ("左膝", "1.14"), ("右肩", "1.12"), ("全身", None),
])
def test_body_parts(said, code):
    tried = narratives.rules()["body_part"]
    [at] = narratives.first_match(narratives.normalised(pa.array([said])), tried).tolist()
    assert (tried[at].code if at >= 0 else None) == code
