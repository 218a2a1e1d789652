"""The tables and rules behind completeness, definitions and targets: what they say, and what they may not say."""

import csv

import pytest

from pipelines import plan_targets, policy, rate_definitions, tracking_rules
from pipelines.completeness import Completeness
from pipelines.development import month_number
from pipelines.rate_definitions import DefinitionError
from pipelines.tracking_rules import TrackingRulesError


def test_the_rules_that_come_with_the_product():
    development, targets = tracking_rules.load()
    assert (development.horizon_months, development.least_months, development.least_claims) == (24, 12, 100)
    assert (targets.path, targets.settled_after_months) == ("geometric", 12)


@pytest.mark.parametrize(("old", "new", "message"), [
    ("[targets]", "[goals]", r"\[development\]、\[targets\]"), ("least_claims = 100", "", "least_claims"),
    ("least_claims = 100", "least_claims = 100\nmost_claims = 5", "most_claims"),
    ("least_claims = 100", 'least_claims = "many"', "应为整数"), ("least_claims = 100", "least_claims = 0", "不小于 1"),
    ("least_claims = 100", "least_claims = 99.5", "应为整数"), ('path = "geometric"', 'path = "steep"', "geometric、linear"),
    ("horizon_months = 24", "horizon_months = 6", "horizon_months"), ("history_months = 60", "history_months = 24", "history"),
    ("likely_pct = 80", "likely_pct = 50", "likely_pct"), ("settled_after_months = 12", "settled_after_months = 30", "0–24"),
    ("stable_points = 10", "stable_points = ", "TOML"),
])
def test_what_the_rules_may_not_say(tmp_path, old, new, message):
    text = tracking_rules.FILE.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = tmp_path / "tracking.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(TrackingRulesError, match=message):
        tracking_rules.load(path)


def test_months_are_complete_by_their_age():
    """A tenth is known in the same month, half a month later, all from the third on, nothing of the months to come."""
    found = Completeness({"all": (0.1, 0.5, 1.0), "other": ()}, month_number(202412), 0.25, "")
    assert found.of_months("all", 202410, 202412) == pytest.approx((1 + 0.5 + 0.1) / 3)
    assert found.of_months("all", 202001, 202012) == 1 and found.of_months("all", 202801, 202812) == 0
    assert found.of_months("all", 202411, 202501) == pytest.approx((0.5 + 0.1 + 0) / 3)
    assert found.of_months("all", 202410, 202412, months_later=1) == pytest.approx((1 + 1 + 0.5) / 3)
    assert found.of_months("other", 202410, 202412) is None


def changed(path, tmp_path, **said: str):
    """The table with the named cells of its first line changed."""
    with path.open(encoding="utf-8", newline="") as file:
        first, *rest = rows = list(csv.DictReader(file))
    copy = tmp_path / path.name
    with copy.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows([{**first, **said}, *rest])
    return copy


def test_every_definition_of_the_field_is_there_with_its_source():
    found = {definition.definition_id: definition for definition in rate_definitions.load()}
    cities = {definition.city for definition in found.values()}
    assert {"无锡", "长沙", "泉州", "青岛、常德", "GB 6441—1986"} <= cities
    assert all(definition.source and definition.title for definition in found.values())
    assert found["quanzhou"].clauses == ("14-1", "14-2", "14-3", "14-4")
    assert {(d.date, d.unit, d.denominator, d.projects, d.old_injuries) for d in found.values()} >= {
        ("accident", "persons", "mean", "no", "no"), ("decision", "cases", "mean", "no", "no"),
        ("report", "cases", "mean", "no", "no"), ("accident", "cases", "begin_end", "no", "no"),
        ("accident", "cases", "year_end", "no", "no"), ("accident", "cases", "mean", "yes", "no"),
        ("accident", "cases", "mean", "no", "yes")}


def test_a_definition_in_words():
    found = {definition.definition_id: definition for definition in rate_definitions.load()}
    assert found["quanzhou"].said == (
        "分子：认定及视同工伤，按事故时间，件数，仅14-1、14-2、14-3、14-4，不含建设项目，不含老工伤；分母：各月缴费人数的平均")
    assert "不含14-6、15-1、15-2、15-3、情形不明的" in found["floating"].said
    assert found["changsha_reported"].said == "分子：申报的生产经营性事故，按报告日期，件数；分母：各月缴费人数的平均"
    own = rate_definitions.of_policy(policy.load("changde-2024"))
    assert own.definition_id == "policy" and "按事故时间，件数，全部情形，不含建设项目" in own.said


@pytest.mark.parametrize("switch", rate_definitions.SWITCHES)
def test_an_unknown_switch_is_refused_with_what_may_stand_there(tmp_path, switch):
    path = changed(rate_definitions.FILE, tmp_path, **{switch: "maybe"})
    allowed = "、".join(rate_definitions.SWITCHES[switch])
    with pytest.raises(DefinitionError, match=f"rate_definitions.csv 第 2 行：{switch} = 'maybe' 不认识；只能是 {allowed}"):
        rate_definitions.load(path)


@pytest.mark.parametrize(("said", "message"), [
    ({"clauses": "14-9"}, "clauses = '14-9'"), ({"clauses": ""}, "clauses"), ({"source": " "}, "source 为空"),
    ({"definition_id": "quanzhou"}, "quanzhou 重复"), ({"definition_id": "policy"}, "保留的 policy"),
    ({"status": "reported"}, "不能并用"), ({"kind": "incident", "status": "reported"}, "只能是 all、any、cases"),
])
def test_what_a_definition_may_not_say(tmp_path, said, message):
    with pytest.raises(DefinitionError, match=message):
        rate_definitions.load(changed(rate_definitions.FILE, tmp_path, **said))


def test_a_table_with_other_columns_is_refused(tmp_path):
    path = tmp_path / "rate_definitions.csv"
    path.write_text("definition_id,title\na,b\n", encoding="utf-8")
    with pytest.raises(DefinitionError, match="的列应为 definition_id,title,city"):
        rate_definitions.load(path)
    with pytest.raises(plan_targets.TargetError, match="的列应为"):
        plan_targets.targets(path)


def test_the_targets_of_both_plans():
    targets = {target.target_id: target for target in plan_targets.targets()}
    assert targets["2021-02-key"].words == ("危化", "矿山", "建筑施工", "交通运输", "机械制造")
    assert (targets["2021-02-key"].change_pct, targets["2021-02-key"].baseline_year) == (-20, 2020)
    assert targets["2026-01-key"].words == (*targets["2021-02-key"].words, "即时配送")
    assert (targets["2026-01-key"].change_pct, targets["2026-01-key"].baseline_year) == (-10, 2025)
    assert (targets["2026-08-platform"].measure, targets["2026-09-commuting"].clause_group) == ("count", "commuting")


@pytest.mark.parametrize(("path", "expected"), [("geometric", 0.8 ** 0.4), ("linear", 0.92)])
def test_the_path_to_a_target(path, expected):
    key = {target.target_id: target for target in plan_targets.targets()}["2021-02-key"]
    assert key.required(2022, path) == pytest.approx(expected)
    assert (key.required(2020, path), key.required(2025, path)) == (1, pytest.approx(0.8))


def test_targets_are_in_force_for_a_time():
    every = plan_targets.targets()
    for month, plans in ((202012, set()), (202101, {"2021"}), (202603, {"2021", "2026"}), (202801, {"2026"})):
        assert {target.target_id[:4] for target in plan_targets.in_force(every, month)} == plans


def test_breaks_of_the_series_are_in_order():
    assert [found.month for found in plan_targets.breaks()] == [202511, 202607]


@pytest.mark.parametrize(("said", "message"), [
    ({"measure": "luck"}, "measure = luck"), ({"words": "高危产业"}, "words = 高危产业"), ({"words": ""}, "发生率要有行业词"),
    ({"clause_group": "falls"}, "clause_group = falls"), ({"clause_group": "commuting"}, "发生率要有行业词"),
    ({"measure": "share"}, "比例要有情形"), ({"measure": "count"}, "件数二者皆无"), ({"baseline_year": "2030"}, "早于末年"),
    ({"change_pct": "much"}, "change_pct = 'much' 应为整数"), ({"effective_to": "202001"}, "不晚于"),
    ({"target_id": "2021-02-key"}, "目标代码重复"),
])
def test_what_a_target_may_not_say(tmp_path, said, message):
    with pytest.raises(plan_targets.TargetError, match=message):
        plan_targets.targets(changed(plan_targets.TARGETS, tmp_path, **said))


@pytest.mark.parametrize("said", [{"measures": "rate|luck"}, {"month": "soon"}])
def test_what_a_break_may_not_say(tmp_path, said):
    with pytest.raises(plan_targets.TargetError, match="第 2 行"):
        plan_targets.breaks(changed(plan_targets.BREAKS, tmp_path, **said))
