"""The programmes of the plans: every one of the five seeds as it is printed, and what a policy file may not say of one."""

import pytest

from pipelines import policy
from pipelines.policy import programmes as model
from tests.unit.test_policy import GOOD, load, refused

# What stands in the five plans, listed by hand from their texts: name, quantity and unit, persons, budget in yuan.
EZHOU = [
    ("工伤预防“进企业”宣传", 1, None, None), ("工伤预防“进园区”宣传", 1, None, None), ("宣传材料制作", 1, None, None),
    ("新就业形态人员职业伤害保障工伤预防宣传", 1, None, None), ("“互联网+工伤预防”宣传活动（官方网络媒体）", 6, None, None),
    ("“互联网+工伤预防”宣传活动（微课短视频）", 10, None, None), ("“一企一策”专项培训", 10, None, None),
    ("危险化学品企业工伤预防能力提升", 117, 117, None), ("机械制造企业工伤预防能力提升", 54, 54, None),
    ("金属熔融企业工伤预防能力提升培训工程", 64, 64, None), ("矿山领域工伤预防能力提升培训工程", 124, 124, None),
    ("职业病防治专项培训", 1, None, None), ("新就业形态人员职业伤害保障工伤预防培训", 1, None, None)]
HUNAN = [
    ("实施“危险化学品企业工伤预防能力提升培训工程”", 5000, 5000, 1_000_000), ("实施重点企业工伤预防培训", 5, 1000, 1_500_000),
    ("实施中小微企业工伤预防培训", 20, 1000, 750_000), ("制定工伤预防综合性规范并进行宣传推广", None, None, 250_000),
    ("实施职业病防治宣传培训", 10, 1000, 1_000_000), ("实施“工伤预防 为民护航”建设项目工伤预防宣传培训", 20, 1000, 750_000),
    ("开展“降低铁路沿线伤亡事故宣传培训‘五进’活动”", 10, 500, 500_000),
    ("实施“工伤预防在行动”电视媒体主题宣传", 15, None, 500_000),
    ("实施“福祉潇湘、助工无伤”平面媒体和“湖南人社”官方抖音主题宣传", 180, None, 750_000),
    ("实施“工伤预防 为民护航”网络、微信公众号主题宣传", None, None, 500_000),
    ("实施“工伤预防 为民护航”工伤预防主题音频宣传", 90, None, 350_000),
    ("实施“工伤预防 为民护航”主题短视频宣传", 30, None, 350_000),
    ("实施“工伤预防 为民护航”杂志专栏宣传", 8, None, 300_000), ("实施“工伤预防 为民护航”工伤预防综合宣传", 2, None, 500_000)]
QINGDAO = [
    ("在国家和省级媒体推介经验做法", None, None, None), ("在市报纸媒体开设工伤预防专版", None, None, None),
    ("开展工伤预防知识微视频大赛", None, None, None), ("播放工伤预防公益宣传和微视频", None, None, None),
    ("购买、制作工伤预防知识宣传材料", None, None, None), ("组织开展全市集中宣传活动", None, None, None),
    ("开展工伤预防网络培训", 150_000, 150_000, None), ("开展工伤预防现场体验培训", 30_000, 30_000, None)]
ZIBO = [
    ("传统媒体工伤预防宣传", None, None, None), ("新媒体工伤预防宣传", None, None, None),
    ("定制工伤保险宣传资料", None, None, None),
    ("工伤预防宣传培训基地宣传", None, None, None), ("危险化学品企业工伤预防线下培训", 2026, 2026, None),
    ("建筑业施工企业工伤预防线下培训", None, None, None), ("全市机械制造重点行业企业线下培训", None, None, None),
    ("全市交通运输行业企业线下培训", None, None, None), ("全市非煤矿山、建材行业企业线下培训", None, None, None),
    ("云享平台工伤预防培训（线上）", 2000, 2000, None), ("煤矿企业工伤预防培训（大企业项目）", None, None, None)]
CHANGDE = [
    ("工伤预防相关数据专项统计分析", None, None, None), ("精准式工伤预防培训项目", 22, None, None),
    ("危化企业工伤预防能力提升培训", None, None, None), ("交通事故工伤预防专项培训", None, None, None),
    ("工伤预防在线培训平台建设运维", 20_000, None, None), ("工伤预防综合宣传", None, None, None)]
SEEDS = {"ezhou-2024": EZHOU, "hunan-2022": HUNAN, "qingdao-2020": QINGDAO, "zibo-2024": ZIBO, "changde-2024": CHANGDE}
BUDGETS = {"ezhou-2024": None, "hunan-2022": 9_000_000, "qingdao-2020": 6_410_000, "zibo-2024": 5_000_000,
           "changde-2024": 1_571_000}
SECTIONS = {
    "ezhou-2024": ["备注"], "hunan-2022": ["前言", "指导思想", "工作目标", "注意事项"],
    "qingdao-2020": ["前言", "2020年度工伤预防工作主要任务和目标", "2020年度工伤预防工作主要措施", "工作要求"],
    "zibo-2024": ["前言", "工作任务及目标", "工伤预防费使用额度", "工伤预防费使用项目及计划安排",
                  "工伤预防服务机构资质要求及职责", "工伤预防项目管理及评估验收", "费用支付及违规行为的处理"],
    "changde-2024": ["前言", "指导思想", "工作目标", "经费预算", "工作要求"]}


def plan_of(name: str) -> model.Plan:
    plan = policy.load(name).plan
    assert plan is not None
    return plan


def programme(name: str, which: str) -> model.Programme:
    [found] = [one for one in plan_of(name).programmes if one.id == which]
    return found


@pytest.mark.parametrize("name", SEEDS)
def test_every_programme_of_a_seed_is_there_as_it_is_printed(name):
    found = [(one.name, one.quantity and one.quantity.number, one.persons and one.persons.number, one.money.budget)
             for one in plan_of(name).programmes]
    assert found == SEEDS[name]


@pytest.mark.parametrize("name", SEEDS)
def test_every_section_and_the_budget_of_a_seed_are_there(name):
    plan = plan_of(name)
    assert [section.title for section in plan.sections] == SECTIONS[name]
    assert all(paragraph.strip() for section in plan.sections for paragraph in section.text)
    assert plan.budget == BUDGETS[name]


def test_what_the_plans_print_of_all_programmes_together():
    qingdao, zibo, hunan = (plan_of(name) for name in ("qingdao-2020", "zibo-2024", "hunan-2022"))
    assert (qingdao.publicity, qingdao.training) == (1_310_000, 5_100_000)
    assert [(one.what, one.number) for one in zibo.persons_said] == [("全年培训", 12000), ("线下培训", 10000), ("线上培训", 2000)]
    assert {one.money.prepayment_pct for one in zibo.programmes} == {30}
    assert (hunan.programmes_said, hunan.longest_term_months, hunan.programmes[0].term_months) == (14, 24, 12)
    assert {one.tolerance_pct for one in plan_of("ezhou-2024").programmes if one.persons} == {10}


def test_months_over_the_turn_of_the_year_and_a_date_that_cannot_be():
    park, tailored = programme("ezhou-2024", "into-parks").when, programme("ezhou-2024", "tailored").when
    assert (park.starts, park.ends) == (202412, 202505)
    assert (tailored.starts, tailored.ends, tailored.said) == (202503, 202506, "22025年3月—2025年6月")
    assert programme("qingdao-2020", "online").when == model.When(None, 202106, "2021年6月底前")
    assert programme("changde-2024", "hazardous").when == model.When(202408, 202410, "8-10月")


def test_hours_and_shares_are_those_of_each_role():
    hours = {rule.role: rule for rule in programme("hunan-2022", "hazardous").roles}
    assert set(hours) == {"deputy_head", "safety_staff", "hazard_owner", "team_leader"}
    assert (hours["deputy_head"].hours_least, hours["deputy_head"].hours_most, hours["team_leader"].hours_most) == (24, 48, 72)
    ezhou = {rule.role: rule for rule in programme("ezhou-2024", "mines").roles}
    assert (ezhou["team_leader"].practice_pct, ezhou["deputy_head"].practice_pct) == (25, None)
    assert {rule.offline_pct for rule in ezhou.values()} == {60} and ezhou["team_leader"].hours_least == 20
    changde = {rule.role: rule.target_pct for rule in programme("changde-2024", "hazardous").roles}
    assert changde == {"deputy_head": 60, "safety_staff": 60, "team_leader": 60, "hazard_owner": 100}
    assert programme("hunan-2022", "key-enterprises").roles[0].hours_most == 40


def test_bodies_money_and_what_the_fee_does_not_pay():
    key, traffic = programme("hunan-2022", "key-enterprises"), programme("changde-2024", "traffic")
    assert (key.money.project_cap, key.persons_per_unit, key.persons and key.persons.bound) == (300_000, 200, "least")
    assert (traffic.bodies.lead, traffic.money.unpayable) == (("市人社局", "市应急局", "市工保中心"), ("警示标志", "预防设施"))
    assert [one.id for one in plan_of("hunan-2022").programmes if one.money.is_most] == ["print-media", "short-video", "magazine"]
    assert all("工伤保险基金" in one.funding for name in policy.names() for one in plan_of(name).programmes)


def test_effects_are_assumptions_with_their_source_and_publicity_has_none():
    effect = programme("changde-2024", "tailored").effect
    assert effect == model.Effect(10, "假设：方案二（一）的目标，工伤事故发生率同比下降10%以上")
    assert programme("ezhou-2024", "tailored").effect == model.TAILORED
    assert programme("ezhou-2024", "mines").effect == model.TRAINING
    # Minus 20 % in five equal steps of one proportion.
    assert pytest.approx((1 - 0.8 ** (1 / 5)) * 100, abs=0.005) == model.TRAINING.pct
    assert programme("ezhou-2024", "material").effect is None and programme("changde-2024", "platform").effect is None


PLAN = """
[plan]
year = 2024
[[programme]]
id = "one"
name = "甲"
kind = "training"
action = "培训"
section = "一"
content = "内容"
quantity = 3
unit = "场"
starts = "2024-12"
ends = "2025-02"
audience = { by = "listed" }
[[programme.role]]
roles = ["team_leader"]
hours = [24, 48]
"""


def test_a_policy_may_have_a_plan_or_none(tmp_path):
    assert load(tmp_path, GOOD).plan is None
    plan = load(tmp_path, GOOD + PLAN).plan
    assert plan is not None and plan.programmes[0].quantity == model.Amount(3, "场")
    usual = PLAN.replace("year = 2024", 'year = 2024\nprepayment_pct = 30\nfunding = "统筹基金"\nterm_months = 12')
    made = load(tmp_path, GOOD + usual.replace('name = "甲"', 'name = "甲"\nprepayment_pct = 50')).plan
    assert made is not None
    [one] = made.programmes
    assert (one.money.prepayment_pct, one.funding, one.term_months) == (50, "统筹基金", 12)


@pytest.mark.parametrize(("old", "new", "message", "place"), [
    ("year = 2024", "years = 2024", "[plan] 中有不认识的 years；只能有 year、", "years"),
    ("year = 2024", 'year = 2024\ndated = "2024"', "dated = '2024' 须写成 \"2024-12\"", "dated"),
    ("[plan]\nyear = 2024\n", "", "有 [[programme]] 而没有 [plan]", "[[programme]]"),
    ('id = "one"', 'id = "甲"', "只能由小写字母、数字和 - 组成", "id = "),
    ('kind = "training"', 'kind = "course"', "kind = 'course' 不认识；只能是 publicity、training、other", "kind = \"course"),
    ('content = "内容"\n', "", "[[programme]] 缺少 content", "[[programme]]"),
    ('unit = "场"', 'unit = "桶"', "unit = '桶' 不认识；只能是 家、场、人、", "unit"),
    ('unit = "场"\n', "", "[[programme]] 缺少 unit；可以写 家、场、人、", "[[programme]]"),
    ("quantity = 3\n", "", "有 unit 而没有 quantity", "unit"),
    ('starts = "2024-12"', 'starts = "2025-12"', "starts 晚于 ends = 2025-02", "starts"),
    ('starts = "2024-12"', 'starts = "22025-03"', "starts = '22025-03' 须写成", "starts"),
    ('by = "listed"', 'by = "friends"', "by = 'friends' 不认识；只能是 listed、words、", "by ="),
    ('by = "listed"', 'by = "words", words = ["冶炼"]', "plan_words.csv 中没有“冶炼”", "words"),
    ('by = "listed"', 'by = "listed", words = ["冶金"]', "中有不认识的 words；只能有 by、said、", "audience"),
    ('by = "listed"', 'by = "outreach"', "需要 [outreach] 的条件", "by ="),
    ('by = "listed"', 'by = "target", target = "village"', "target = 'village' 不认识", "target"),
    ('roles = ["team_leader"]', 'roles = ["boss"]', "roles = 'boss' 不认识；只能是 principal、", "roles"),
    ('roles = ["team_leader"]', 'roles = ["team_leader"]\n[[programme.role]]\nroles = ["team_leader"]', "已经写过", None),
    ("hours = [24, 48]", "hours = [48, 24]", "hours = [48, 24] 须为学时数", "hours"),
    ("hours = [24, 48]", 'hours = "24"', "须为学时数，如 40", "hours"),
    ("hours = [24, 48]", "practice_pct = 125", "须为0 到 100 的数", "practice_pct"),
    ('unit = "场"', 'unit = "场"\nis_most = true', "有 is_most 而没有 budget_yuan", "is_most"),
    ('unit = "场"', 'unit = "场"\nbudget_yuan = 1.5', "须为整数", "budget_yuan"),
    ('unit = "场"', 'unit = "场"\neffect_source = "书"', "有 effect_source 而没有 effect_pct", "effect_source"),
    ('unit = "场"', 'unit = "场"\nlead = "市局"', "lead = '市局' 须为至少一段文字的", "lead"),
    ('unit = "场"', 'unit = "场"\nlabel = 1', "[[programme]] 中有不认识的 label", "label"),
])
def test_what_a_programme_may_not_say_is_refused_with_its_line(tmp_path, old, new, message, place):
    assert PLAN.count(old) >= 1
    text = GOOD + PLAN.replace(old, new, 1)
    said = refused(tmp_path, text)
    line = text[:text.index(place, len(GOOD))].count("\n") + 1 if place else text[:text.rindex("roles = ")].count("\n") + 1
    assert said.startswith(f"政策 own.toml 第 {line} 行：") and message in said


def test_two_programmes_have_two_ids(tmp_path):
    twice = GOOD + PLAN + PLAN[PLAN.index("[[programme]]"):]
    assert "id = 'one' 重复" in refused(tmp_path, twice)
    empty = GOOD + "[plan]\nyear = 2024\n"
    assert "[plan] 没有项目；请写至少一个 [[programme]]" in refused(tmp_path, empty)
