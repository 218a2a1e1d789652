"""Policies: the two that come with the product, and what a policy file may not say."""

import pytest

from pipelines import classification, policy
from pipelines.contracts.codes import CLAUSE_GROUP
from pipelines.targeting import SOURCE_OF

GOOD = """
title = "试"
source = "文号"
[rate]
clauses = "all"
date = "accident"
counts_projects = false
counts_old_injuries = false
threshold_pct = 4.0
[pay_ratio]
premium = "collected"
[fund]
cap_pct = 3.0
[list]
places = 2
enter = "all"
order = ["rate"]
period = "last_year"
[[list.criterion]]
kind = "death_or_severe"
title = "死亡"
"""


def load(tmp_path, text: str) -> policy.Policy:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return policy.load(str(path))


def test_changde_takes_those_above_the_city_in_both_for_22_places():
    rules = policy.load("changde-2024").rule
    assert (rules.places, rules.enter, rules.order, rules.period) == (22, "all", ("mean_rank",), "last_3_years")
    assert [(c.kind, c.period) for c in rules.criteria] == [
        ("rate_above_region", "last_3_years"), ("pay_ratio_above_region", "last_3_years")
    ]
    assert not policy.load("changde-2024").has_outreach


def test_qingdao_takes_those_who_meet_any_of_four():
    qingdao = policy.load("qingdao-2020")
    assert (qingdao.rule.enter, qingdao.rule.order, qingdao.has_outreach) == ("any", ("injuries", "rate"), True)
    assert {c.kind for c in qingdao.rule.criteria} == {
        "rate_above_threshold", "death_or_severe", "premium_rate_raised", "listed_industry"
    }
    assert qingdao.rate.threshold_pct == 4.0


@pytest.mark.parametrize("name", policy.names())
def test_the_definition_enters_sql_as_whole_numbers(name):
    rules = policy.load(name)
    [row] = policy.definition_table(rules).to_pylist()
    assert (row["threshold_bp"], row["cap_bp"]) == (rules.rate.threshold_pct * 10000, rules.cap_pct * 10000)
    assert set(policy.clause_table(rules)["clause"].to_pylist()) == {*CLAUSE_GROUP, policy.UNKNOWN_CLAUSE}


def test_definitions_in_words(tmp_path):
    rules = policy.load("changde-2024")
    said = "工伤发生率＝认定及视同工伤人次（按事故时间，全部情形，不含建设项目、老工伤）÷月平均缴费人数，%"
    assert policy.rate_definition(rules) == said
    assert "按到账，不含滞纳金，退费冲减" in policy.pay_ratio_definition(rules)
    narrow = GOOD.replace('clauses = "all"', 'clauses = ["14-1", "14-6"]').replace("projects = false", "projects = true")
    assert "仅14-1、14-6，不含老工伤" in policy.rate_definition(load(tmp_path, narrow))


def test_a_policy_of_the_bureaus_own(tmp_path):
    own = load(tmp_path, GOOD)
    assert (own.name, own.rule.criteria[0].period, own.premium) == ("own", "last_year", "collected")
    assert own.digest != load(tmp_path, GOOD + "# a word\n").digest


@pytest.mark.parametrize(("old", "new", "message"), [
    ('kind = "death_or_severe"', 'kind = "luck"', "kind = 'luck'"),
    ('order = ["rate"]', 'order = ["name"]', "order = 'name'"),
    ('enter = "all"', 'enter = "most"', "只能是 all、any"), ('period = "last_year"', 'period = "year_to_date"', "period"),
    ("places = 2", "places = 0", "名额"), ("places = 2", 'places = "two"', "own.toml"),
    ('date = "accident"', 'date = "birth"', "date"),
    ('clauses = "all"', 'clauses = ["14-9"]', "14-9"), ('premium = "collected"', 'premium = "due"', "premium"),
    ("threshold_pct = 4.0", "threshold = 4.0", "threshold"), ("[fund]\ncap_pct = 3.0", "", "缺少 fund"),
    ('title = "死亡"', 'title = "死亡"\nwords = ["高危产业"]', "plan_words.csv 中没有“高危产业”"),
    ('title = "死亡"', "", "缺少 title"),
    ('source = "文号"', 'sauce = "文号"', "sauce"), ("places = 2", "places = ", "TOML"),
    ('title = "试"', 'title = "试"\n[lists]', "lists"),
])
def test_what_a_policy_may_not_say(tmp_path, old, new, message):
    assert GOOD.count(old) >= 1
    with pytest.raises(policy.PolicyError, match=message):
        load(tmp_path, GOOD.replace(old, new, 1))


def test_an_unknown_policy_names_those_there_are():
    with pytest.raises(policy.PolicyError, match="changde-2024、qingdao-2020"):
        policy.load("changsha")


def test_every_plan_word_means_something_that_exists():
    for word in policy.plan_words().values():
        assert any(word.industries.values()) or word.designations, word.word
        for name, industries in word.industries.items():
            tree = classification.classifications()[name]
            assert all(code in (tree.place(code) or ()) for code in industries), word.word


SEED_WORDS = """危化 危险化学品 矿山 非煤矿山 煤矿 煤炭 冶金 建材 化工 精细化工 化学合成类药品 装备制造 机械制造 建筑 建筑施工
工程建设项目 交通工程 水利工程 能源工程 交通运输 道路运输 水路交通 铁路 物流 新业态 新就业形态 快递 外卖 网约车 货车司机 无纺医疗
食品生产 金属熔融 陶瓷制造 水泥制造 石材加工 高危行业 尘肺重点行业 职业病高发 烟花爆竹 快递外卖 即时配送""".split()
"""The words for industries and kinds of enterprise in the plans of 常德, 鄂州, 湖南, 青岛 and 淄博 and the two national plans."""


def test_every_word_of_the_plans_at_hand_is_mapped():
    assert set(SEED_WORDS) <= set(policy.plan_words())
    assert policy.plan_words()["金属熔融"].industries["gbt4754-2011"] == ("C31", "C32")
    assert policy.plan_words()["外卖"].industries == {"gbt4754-2017": ("H624",), "gbt4754-2011": ("H6292",)}


@pytest.mark.parametrize("word", SEED_WORDS)
def test_a_policy_may_ask_for_any_of_them(tmp_path, word):
    listed = GOOD.replace("death_or_severe", "listed_industry").replace('title = "死亡"', f'title = "重点"\nwords = ["{word}"]')
    assert load(tmp_path, listed).rule.criteria[0].words == (word,)


def test_every_kind_of_criterion_knows_its_sources():
    assert set(SOURCE_OF) == set(policy.CRITERIA)
