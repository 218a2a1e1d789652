"""Policies: those that come with the product, and what a policy file may not say."""

import functools
import tomllib

import pytest

from pipelines import classification, policy
from pipelines.contracts.codes import CLAUSE_GROUP
from pipelines.policy import model
from pipelines.policy.entries import lines_of
from pipelines.policy.words import PLAN_WORDS

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
[list.limits]
per_district = 2
[[list.criterion]]
kind = "death_or_severe"
title = "死亡"
"""


def load(tmp_path, text: str) -> policy.Policy:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return policy.load(str(path))


def refused(tmp_path, text: str) -> str:
    with pytest.raises(policy.PolicyError) as error:
        load(tmp_path, text)
    return str(error.value)


def line_in(text: str, wanted: str) -> int:
    """The line on which a text begins."""
    return text[:text.index(wanted)].count("\n") + 1


def test_the_default_takes_everyone_by_excess():
    default = policy.load("expected-excess")
    rules = default.rule
    assert (rules.enter, rules.criteria, rules.order, rules.official_order) == ("everyone", (), ("excess",), ())
    assert (rules.places, rules.last_reserve, default.outreach) == (22, 33, None)
    assert {c.kind for c in rules.also} == {
        "rate_above_threshold", "death_or_severe", "premium_rate_raised", "listed_industry"}


def test_changde_takes_those_above_the_city_in_both_for_22_places():
    rules = policy.load("changde-2024").rule
    assert (rules.places, rules.enter, rules.official_order, rules.period) == (22, "all", ("mean_rank",), "last_3_years")
    assert [(c.kind, c.period) for c in rules.criteria] == [
        ("rate_above_region", "last_3_years"), ("pay_ratio_above_region", "last_3_years")
    ]
    assert policy.load("changde-2024").outreach is None


def test_qingdao_takes_those_who_meet_any_of_four():
    qingdao = policy.load("qingdao-2020")
    assert (qingdao.rule.enter, qingdao.rule.official_order) == ("any", ("injuries", "rate"))
    assert {c.kind for c in qingdao.rule.criteria} == {
        "rate_above_threshold", "death_or_severe", "premium_rate_raised", "listed_industry"
    }
    assert qingdao.rate.threshold_pct == 4.0
    assert qingdao.outreach is not None and qingdao.outreach.criteria == qingdao.rule.criteria


def test_ezhou_takes_ten_of_the_key_fields_with_many_staff_and_many_injuries():
    rules = policy.load("ezhou-2024").rule
    assert (rules.places, rules.enter, [c.kind for c in rules.criteria]) == (
        10, "all", ["listed_industry", "many_staff", "many_injuries"])
    assert {"危险化学品", "机械制造", "金属熔融", "矿山", "建筑施工", "无纺医疗", "食品生产"} == set(rules.criteria[0].words)


def test_hunan_takes_five_with_200_to_train_and_nobody_twice_in_a_year():
    hunan = policy.load("hunan-2022")
    limits = hunan.rule.limits
    assert (hunan.rule.places, limits.minimum_trainees, limits.served_within_years) == (5, 200, 0)
    assert set(hunan.rule.criteria[0].words) == {"矿山", "冶金", "化工", "装备制造", "建材", "建筑", "新业态"}
    assert hunan.outreach is not None
    assert [c.kind for c in hunan.outreach.criteria] == [
        "listed_industry", "many_injuries", "many_occupational_disease", "listed_industry", "listed_industry"]


def test_zibo_takes_those_of_its_trades_above_the_city_over_five_years():
    rules = policy.load("zibo-2024").rule
    assert {c.period for c in rules.criteria if c.kind != "listed_industry"} == {"last_5_years"} == {rules.period}
    assert "煤矿" not in rules.criteria[0].words and set(rules.criteria[0].words) == {
        "非煤矿山", "建材", "建筑施工", "交通运输", "机械制造", "危险化学品"}


@pytest.mark.parametrize("name", policy.names())
def test_every_plans_list_is_ordered_by_excess_and_closed_units_are_out(name):
    rules = policy.load(name)
    assert rules.rule.order == ("excess",) and "closed" in rules.rule.limits.excludes
    assert policy.entry(rules).endswith("名。") and policy.entry(rules).count("。") == 3
    assert policy.entry(rules).count("方案原文的排序") == bool(rules.rule.criteria)


@pytest.mark.parametrize("name", policy.names())
def test_the_definition_enters_sql_as_whole_numbers(name):
    rules = policy.load(name)
    [row] = policy.definition_table(rules).to_pylist()
    assert (row["threshold_bp"], row["cap_bp"]) == (rules.rate.threshold_pct * 10000, rules.cap_pct * 10000)
    assert set(policy.clause_table(rules)["clause"].to_pylist()) == {*CLAUSE_GROUP, model.UNKNOWN_CLAUSE}


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


REFUSED = [  # what is changed, to what, what is said, and where: the text of the line, None = the last one
    ('kind = "death_or_severe"', 'kind = "luck"', "kind = 'luck' 不认识；只能是 rate_above_region、", 'kind = "luck"'),
    ('order = ["rate"]', 'order = ["name"]', "order = 'name' 不认识；只能是 excess、", "order = "),
    ('order = ["rate"]', 'order = [\n  "rate",\n  "rate",\n]', "order 中 rate 重复", '"rate"'),
    ('order = ["rate"]', "order = []", "order = [] 须为至少一项", "order"),
    ('order = ["rate"]', 'order = ["mean_rank"]', "mean_rank 是准入指标名次的均值", "order"),
    ('order = ["rate"]', 'official_order = ["mean_rank"]', "official_order 中的 mean_rank", "official_order"),
    ('enter = "all"', 'enter = "most"', "enter = 'most' 不认识；只能是 everyone、all、any", "enter"),
    ('enter = "all"\n', "", "[list] 缺少 enter；可以写 everyone、all、any", "[list]"),
    ('enter = "all"', 'enter = "everyone"', "与 [[list.criterion]] 矛盾", "enter"),
    ('[[list.criterion]]\nkind = "death_or_severe"\ntitle = "死亡"\n', "", "需要至少一条 [[list.criterion]]", "enter"),
    ('period = "last_year"', 'period = "year_to_date"', "只能是 last_year、last_3_years、last_5_years", "period"),
    ("places = 2", "places = 0", "places = 0 须为不小于 1 的数", "places"),
    ("places = 2", 'places = "two"', "places = 'two' 须为不小于 1 的数", "places"),
    ("places = 2", "places = 1", "per_district = 2 多于名额 places = 1", "per_district"),
    ("per_district = 2", "per_industry = 3", "per_industry = 3 多于名额 places = 2", "per_industry"),
    ("per_district = 2", "per_district = 0", "per_district = 0 须为不小于 1", "per_district"),
    ("per_district = 2", "reserve = 0.5", "reserve = 0.5 须为不小于 1", "reserve"),
    ("per_district = 2", "reserve = inf", "reserve = inf 须为不小于 1", "reserve"),
    ("per_district = 2", "minimum_person_years = nan", "须为不小于 0 的数", "minimum_person_years"),
    ("per_district = 2", "served_within_years = -1", "须为不小于 0", "served"),
    ("per_district = 2", "served_within_years = 1.5", "须为整数", "served"),
    ("per_district = 2", 'excludes = ["small"]', "excludes = 'small' 不认识；只能是 closed、projects、dispatch", "excludes"),
    ("per_district = 2", "most = 2", "[list.limits] 中有不认识的 most；只能有 per_district、", "most"),
    ('date = "accident"', 'date = "birth"', "date = 'birth' 不认识；只能是 accident、decision、report", "date"),
    ('date = "accident"\n', "", "[rate] 缺少 date；可以写 accident、decision、report", "[rate]"),
    ("counts_projects = false", 'counts_projects = "no"', "counts_projects = 'no' 只能是 true、false", "counts_projects"),
    ('clauses = "all"', 'clauses = ["14-1", "14-9"]', "clauses = '14-9' 不认识", "clauses"),
    ('clauses = "all"', 'clauses = "some"', "clauses = 'some' 须为至少一项", "clauses"),
    ('premium = "collected"', 'premium = "due"', "premium = 'due' 不认识；只能是 collected、due_period", "premium"),
    ("threshold_pct = 4.0", "threshold = 4.0", "[rate] 中有不认识的 threshold", "threshold"),
    ("threshold_pct = 4.0", "threshold_pct = 400", "须为0 到 100 的数", "threshold_pct"),
    ("[fund]\ncap_pct = 3.0\n", "", "顶层 缺少 fund；可以写 [fund]", None),
    ('title = "试"\n', 'title = "试"\nfund = 3\n', "不是有效的 TOML", "[fund]"),
    ('title = "死亡"\n', "", "[[list.criterion]] 缺少 title；可以写 一段文字", "[[list.criterion]]"),
    ('title = "死亡"', "title = 3", "title = 3 须为文字", "title = 3"),
    ('title = "死亡"', 'title = "死亡"\nwords = ["冶金"]', "中有不认识的 words；只能有 kind、title、period", "words"),
    ('source = "文号"', 'sauce = "文号"', "顶层 中有不认识的 sauce；只能有 title、source、rate、", "sauce"),
    ("places = 2", "places = ", "不是有效的 TOML", "places"),
    ('title = "试"', 'title = "试"\n[lists]', "顶层 中有不认识的 lists；只能有 title、", "[lists]"),
]
"""Every line number is that of the named text, so that it is told from the text and not from the message."""


@pytest.mark.parametrize(("old", "new", "message", "place"), REFUSED)
def test_what_a_policy_may_not_say_is_refused_with_its_line(tmp_path, old, new, message, place):
    assert GOOD.count(old) >= 1
    text = GOOD.replace(old, new, 1)
    expected = line_in(text, place) if place else len(text.splitlines())
    said = refused(tmp_path, text)
    assert said.startswith(f"政策 own.toml 第 {expected} 行：") and message in said


CRITERION = """
[[list.criterion]]
kind = "{}"
title = "又一条"
{}
"""


@pytest.mark.parametrize(("kind", "more", "message", "place"), [
    ("death_or_severe", "", "“又一条”与“死亡”重复", 'kind = "death_or_severe"\ntitle = "又一条"'),
    ("listed_industry", "", "[[list.criterion]] 缺少 words", None),
    ("listed_industry", 'words = [\n  "冶金",\n  "高危产业",\n]', "plan_words.csv 中没有“高危产业”", "高危产业"),
    ("listed_industry", "words = []", "words = [] 须为至少一项", "words"),
    ("many_staff", "", "many_staff 要写 at_least（多少以上）或 top_pct（前百分之几）之一", None),
    ("many_staff", "at_least = 5\ntop_pct = 10", "之一", "top_pct"),
    ("many_staff", "at_least = 0", "at_least = 0 须为不小于 1", "at_least"),
    ("many_injuries", "top_pct = 101", "须为0.01 到 100 的数", "top_pct"),
    ("many_injuries", "at_least = 1\nheads_below = 2.5", "须为整数", "heads_below"),
    ("many_staff", 'period = "last_year"\nat_least = 1', "中有不认识的 period", 'period = "last_year"\nat_least'),
])
def test_a_criterion_says_what_its_kind_takes(tmp_path, kind, more, message, place):
    text = GOOD + CRITERION.format(kind, more)
    said = refused(tmp_path, text)
    where = text.rindex("[[list.criterion]]") if place is None else text.rindex(place)
    assert said.startswith(f"政策 own.toml 第 {text[:where].count(chr(10)) + 1} 行：") and message in said


@pytest.mark.parametrize("table", ["list.criterion", "list.also", "outreach.criterion"])
@pytest.mark.parametrize(("kind", "old", "new", "message"), [
    ("rate_above_threshold", "threshold_pct = 4.0\n", "", "rate_above_threshold 需要 [rate] 中的 threshold_pct"),
    ("many_occupational_disease", 'clauses = "all"', 'clauses = ["14-1"]',
     "many_occupational_disease 与 [rate] 的 clauses 矛盾：其中没有职业病 14-4"),
])
def test_a_criterion_needs_its_definition(tmp_path, table, kind, old, new, message):
    more = "at_least = 2" if kind.startswith("many") else ""
    outreach = '[outreach]\nenter = "any"\n' if table.startswith("outreach") else ""
    text = GOOD + outreach + CRITERION.format(kind, more).replace("list.criterion", table)
    load(tmp_path, text)
    text = text.replace(old, new)
    line = text[:text.rindex("kind = ")].count("\n") + 1
    assert refused(tmp_path, text).startswith(f"政策 own.toml 第 {line} 行：{message}")


def test_outreach_has_its_own_criteria_or_those_of_the_list(tmp_path):
    own = GOOD + '[outreach]\nenter = "all"\n' + CRITERION.format("many_staff", "at_least = 9").replace("list.", "outreach.")
    outreach = load(tmp_path, own).outreach
    assert outreach and (outreach.enter, [c.kind for c in outreach.criteria]) == ("all", ["many_staff"])
    shared = load(tmp_path, GOOD + '[outreach]\nenter = "any"\n').outreach
    assert shared and [c.kind for c in shared.criteria] == ["death_or_severe"]
    alone = GOOD.replace('enter = "all"', 'enter = "everyone"')
    alone = alone[:alone.index("[[list.criterion]]")] + '[outreach]\nenter = "any"\n'
    assert "第 21 行：[outreach] 没有条件" in refused(tmp_path, alone)


def test_what_a_policy_need_not_say(tmp_path):
    left_out = ('order = ["rate"]\n', "threshold_pct = 4.0\n", "per_district = 2\n")
    said = load(tmp_path, functools.reduce(lambda text, part: text.replace(part, ""), left_out, GOOD))
    assert (said.rule.order, said.rule.official_order, said.rate.threshold_pct) == (("excess",), ("excess",), 4.0)
    assert said.rule.limits == policy.Limits(excludes=("closed",), reserve=2.0)
    assert load(tmp_path, GOOD.replace("per_district = 2", "excludes = []")).rule.limits.excludes == ()


def test_a_file_that_is_not_utf_8(tmp_path):
    (tmp_path / "own.toml").write_bytes('title = "试"'.encode("gb18030"))
    with pytest.raises(policy.PolicyError, match="own.toml 不是 UTF-8"):
        policy.load(str(tmp_path / "own.toml"))


AWKWARD = '''
a = """
[not]
b = 1
"""
"quoted key".c = [ # a remark with [ in it
  "x]", [1, 2],
]
d = { e = 1, f = "}" }
[t."u.v"]
g = \'\'\'x = 1\'\'\'
[[t.list]]
h = 1
[t.list.inner]
i = 1
[[t.list]]
h = 2
'''


def test_lines_are_those_of_the_entries_whatever_stands_between():
    assert tomllib.loads(AWKWARD)
    assert lines_of(AWKWARD) == {
        ("a",): 2, ("quoted key", "c"): 6, ("d",): 9, ("t", "u.v"): 10, ("t", "u.v", "g"): 11, ("t", "list", 0): 12,
        ("t", "list", 0, "h"): 13, ("t", "list", 0, "inner"): 14, ("t", "list", 0, "inner", "i"): 15, ("t", "list", 1): 16,
        ("t", "list", 1, "h"): 17}


def test_an_unknown_policy_names_those_there_are():
    with pytest.raises(policy.PolicyError, match="、".join(("changde-2024", "expected-excess", "ezhou-2024", "hunan-2022"))):
        policy.load("changsha")


def test_every_plan_word_means_something_that_exists():
    for word in policy.plan_words().values():
        assert any(word.industries.values()) or word.designations, word.word
        for name, industries in word.industries.items():
            tree = classification.classifications()[name]
            assert all(code in (tree.place(code) or ()) for code in industries), word.word


SEED_WORDS = """危化 危险化学品 矿山 非煤矿山 煤矿 煤炭 冶金 建材 化工 精细化工 化学合成类药品 装备制造 机械制造 建筑 建筑施工
工程建设项目 交通工程 水利工程 能源工程 交通运输 道路运输 水路交通 铁路 物流 新业态 新就业形态 快递 外卖 网约车 货车司机 无纺医疗
食品生产 陆路交通 快递业 网约配送 金属熔融 陶瓷制造 水泥制造 石材加工 高危行业 尘肺重点行业 职业病高发 烟花爆竹
快递外卖 即时配送""".split()
"""The words for industries and kinds of enterprise in the plans of 常德, 鄂州, 湖南, 青岛 and 淄博 and the two national plans."""


def test_every_word_of_the_plans_at_hand_is_mapped():
    assert set(SEED_WORDS) <= set(policy.plan_words())
    assert policy.plan_words()["金属熔融"].industries["gbt4754-2011"] == ("C31", "C32")
    assert policy.plan_words()["外卖"].industries == {"gbt4754-2017": ("H624",), "gbt4754-2011": ("H6292",)}


@pytest.mark.parametrize("word", SEED_WORDS)
def test_a_policy_may_ask_for_any_of_them(tmp_path, word):
    listed = GOOD.replace("death_or_severe", "listed_industry").replace('title = "死亡"', f'title = "重点"\nwords = ["{word}"]')
    assert load(tmp_path, listed).rule.criteria[0].words == (word,)


def test_every_line_of_the_table_of_words_says_its_source():
    lines = PLAN_WORDS.read_text(encoding="utf-8").splitlines()
    assert all(line.rsplit(",", 1)[1] for line in lines) and len(lines) == len(policy.plan_words()) + 1


def test_groups_keep_what_is_usual_where_the_plan_says_nothing(tmp_path):
    assert load(tmp_path, GOOD).groups == policy.Groups()
    said = load(tmp_path, GOOD + "\n[groups]\nheads_top_pct = 2.5\nleast_trainees = 80\n").groups
    assert said == policy.Groups(heads_top_pct=2.5, least_trainees=80)


@pytest.mark.parametrize(("line", "why"), [
    ("least_units = 0", "least_units = 0 须为不小于 1"), ("least_trainees = 2.5", "least_trainees = 2.5 须为整数"),
    ("heads_top_pct = 101", "heads_top_pct = 101 须为0 到 100"), ("units = 3", "不认识的 units；只能有 least_units、"),
])
def test_groups_are_refused_with_their_line(tmp_path, line, why):
    text = GOOD + f"\n[groups]\n{line}\n"
    said = refused(tmp_path, text)
    assert why in said and f"第 {line_in(text, line)} 行" in said
