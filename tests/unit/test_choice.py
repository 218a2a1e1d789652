"""Entry, order and limits on hand-made cities in which the outcome is obvious, and what each step costs."""

from typing import Any

import numpy as np
import pytest

from pipelines.policy import Criterion, Limits
from pipelines.targeting.comparison import Other, line
from tests.unit.cities import by_excess, chosen, city, reasons, with_rule

DEADLY = Criterion("death_or_severe", "有工亡")
FOUR = by_excess(A=4, B=3, C=2, D=1)


def differing(**said: dict) -> dict[str, dict]:
    """The four units, some of them with more said."""
    return {unit: {**plain, **said.get(unit, {})} for unit, plain in FOUR.items()}


def test_everyone_is_ordered_by_excess():
    choice, ranks = chosen(with_rule(), city(**FOUR))
    assert ranks == {"A": 1, "B": 2, "C": 3, "D": 4}
    assert choice.entered.all() and choice.excess_rank.tolist() == [1, 2, 3, 4]
    assert choice.official_rank.tolist() == [0, 0, 0, 0]  # nobody's plan
    assert choice.score.tolist() == [4, 3, 2, 1]


def test_who_enters_comes_first_and_excess_orders_inside():
    facts = city(**differing(C={"deaths_last_year": 1}, D={"severe_last_year": 2}))
    choice, ranks = chosen(with_rule(enter="any", criteria=(DEADLY,), official_order=("severe",), period="last_year"), facts)
    assert ranks == {"C": 1, "D": 2, "A": 3, "B": 4}
    assert choice.official_rank.tolist() == [0, 0, 2, 1]
    assert choice.excess_rank.tolist() == [1, 2, 3, 4]


@pytest.mark.parametrize(("order", "said", "first"), [
    ("expected", {"D": {"expected_injuries": 9}}, "D"), ("injuries", {"D": {"injuries_last_3_years": 9}}, "D"),
    ("rate", {"D": {"rate_pct_last_3_years": 9}}, "D"), ("pay_ratio", {"D": {"pay_ratio_last_3_years": 900}}, "D"),
    ("exceedance", {"D": {"exceedance": 0.9}}, "D"), ("severe", {"D": {"deaths_last_3_years": 1}}, "D"),
    ("prevention_index", {"A": {"prevention_index": 8}, "B": {"prevention_index": 3}, "C": {"prevention_index": 2}}, "D"),
])
def test_every_key_of_an_order_puts_its_largest_first(order, said, first):
    choice, ranks = chosen(with_rule(order=(order,)), city(**differing(**said)))
    assert ranks[first] == 1
    assert choice.excess_rank.tolist() == [1, 2, 3, 4]


def test_a_second_key_decides_where_the_first_is_equal_then_injuries_then_person_years():
    units = {"A": {}, "B": {"rate_pct_last_3_years": 4}, "C": {"injuries_last_3_years": 4},
             "D": {"person_years_last_3_years": 101}}
    assert chosen(with_rule(order=("excess", "rate")), city(**units))[1] == {"B": 1, "C": 2, "D": 3, "A": 4}


def test_the_mean_rank_is_that_of_the_criteria_measures():
    above = tuple(Criterion(kind, kind, "last_3_years") for kind in ("rate_above_region", "pay_ratio_above_region"))
    figures = {"A": (9, 60), "B": (8, 90), "C": (7, 80)}
    names = ("rate_pct_last_3_years", "pay_ratio_last_3_years")
    units: dict[str, Any] = {unit: dict(zip(names, values, strict=True)) for unit, values in figures.items()}
    choice, _ = chosen(with_rule(enter="all", criteria=above, official_order=("mean_rank",)), city(**units))
    assert choice.official_rank.tolist() == [2, 1, 3]  # mean ranks 2, 1.5, 2.5


@pytest.mark.parametrize(("limits", "said", "reason"), [
    (Limits(), {"is_cancelled": True}, "已注销"),
    (Limits(excludes=("projects",)), {"is_project": True}, "建设项目"),
    (Limits(excludes=("dispatch",)), {"is_dispatch": True}, "劳务派遣"),
    (Limits(minimum_person_years=60), {"person_years_last_3_years": 59.9}, "人年不足"),
    (Limits(minimum_person_years=60), {"person_years_last_3_years": None}, "人年不足"),
    (Limits(minimum_trainees=80), {"heads_now": 79}, "受训人数不足"),
    (Limits(), {"person_years_ahead": 0}, "近十二个月无可用人数，不能预期"),
    (Limits(), {"person_years_ahead": None, "excess_injuries": None}, "近十二个月无可用人数，不能预期"),
])
def test_a_limit_on_single_units_takes_out_whoever_does_not_meet_it(limits, said, reason):
    facts = city(**differing(A=said))
    choice, ranks = chosen(with_rule(limits=limits), facts)
    assert ranks == {"B": 1, "C": 2, "D": 3} and reasons(choice, facts) == {"A": reason}
    assert choice.entered.all() and not choice.able[0] and choice.able[1:].all()


@pytest.mark.parametrize("said", [{"is_cancelled": True}, {"is_project": True}, {"is_dispatch": True}])
def test_a_policy_may_exclude_nobody(said):
    assert chosen(with_rule(limits=Limits(excludes=())), city(**differing(A=said)))[1]["A"] == 1


def test_who_just_meets_a_limit_stays():
    limits = Limits(minimum_person_years=100, minimum_trainees=100)
    assert len(chosen(with_rule(limits=limits), city(**FOUR))[1]) == 4


def test_who_was_served_before_is_out_with_year_and_list():
    facts = city(served={"B": "2024年联席会议审定"}, **FOUR)
    choice, ranks = chosen(with_rule(limits=Limits(served_within_years=2)), facts)
    assert ranks == {"A": 1, "C": 2, "D": 3}
    assert reasons(choice, facts) == {"B": "近2年已服务（2024年联席会议审定）"}


DISTRICTS = differing(D={"district_code": "430703", "division": "C34"})


@pytest.mark.parametrize(("limits", "reason"), [
    (Limits(per_district=1), "本区名额已满"), (Limits(per_industry=1), "本行业名额已满")])
def test_a_quota_gives_a_place_to_the_next_of_another_kind(limits, reason):
    facts = city(**DISTRICTS)
    choice, ranks = chosen(with_rule(limits=limits), facts)
    assert ranks == {"A": 1, "D": 2} and reasons(choice, facts) == {"B": reason, "C": reason}
    assert choice.able.all()  # nothing of their own keeps them out


def test_a_quota_says_nothing_of_those_behind_the_last_place_nor_of_units_of_unknown_district():
    facts = city(**differing(B={"district_code": "430703"}))
    assert chosen(with_rule(limits=Limits(per_district=1)), facts)[1] == {"A": 1, "B": 2, "C": 3, "D": 4}
    unknown = city(**{unit: {**said, "district_code": None} for unit, said in FOUR.items()})
    assert len(chosen(with_rule(limits=Limits(per_district=1)), unknown)[1]) == 4


def test_each_list_region_has_places_and_quotas_of_its_own():
    units = {unit: {**said, "region_code": region} for (unit, said), region in zip(FOUR.items(), "1122", strict=True)}
    choice, ranks = chosen(with_rule(places=1, limits=Limits(per_industry=1)), city(**units))
    assert ranks == {"A": 1, "B": 2, "C": 1, "D": 2}
    assert choice.comparison.lists == 2 and choice.comparison.units == 2 and choice.comparison.excess == 6


def test_the_reserve_ends_at_so_many_times_the_places():
    assert with_rule(places=22, limits=Limits(reserve=1.5)).rule.last_reserve == 33
    assert with_rule(places=5, limits=Limits(reserve=1.5)).rule.last_reserve == 7
    assert with_rule(places=10, limits=Limits(reserve=1.1)).rule.last_reserve == 11
    assert with_rule(places=7).rule.last_reserve == 14


def test_what_each_step_costs_adds_up_to_the_whole_difference():
    """Two places. Pure excess: A, B = 7. Entry: B, C = 5; without the one served C, D = 3; one per district C, E = 2.5."""
    units = by_excess(A=4, B=3, C=2, D=1, E=0.5)
    for unit in "BCDE":
        units[unit]["deaths_last_year"] = 1
    units["E"]["district_code"] = "430703"
    facts = city(served={"B": "2024年"}, **units)
    limits = Limits(served_within_years=1, per_district=1)
    choice, ranks = chosen(with_rule(enter="all", criteria=(DEADLY,), official_order=("injuries",), limits=limits), facts)
    assert ranks == {"C": 1, "E": 2, "A": 3}
    said = choice.comparison
    assert [(step.title, step.cost) for step in said.steps] == [("准入条件", 2.0), ("近1年已服务", 2.0), ("本区名额", 0.5)]
    assert said.by_excess == Other(2, 0, 7.0) and said.excess == 2.5
    assert sum(step.cost for step in said.steps) == said.by_excess.excess - said.excess
    assert said.official == Other(2, 1, 5.0)  # B and C, the first by number of equal injuries
    assert line(said) == (
        "名单2家，项目有望减少的工伤（超额工伤）合计2.5人次/年。与纯超额排序相比：2家中0家相同，少4.5人次（准入条件少2.0，近1年已服务少2.0，"
        "本区名额少0.5）。与纯官方规则相比：2家中1家相同，少2.5人次。")


def test_another_order_than_excess_has_its_cost_too():
    choice, _ = chosen(with_rule(order=("injuries",)), city(**differing(D={"injuries_last_3_years": 9})))
    assert [(step.title, step.cost) for step in choice.comparison.steps] == [("排序", 2.0)]


def test_nothing_in_between_is_said_to_be_the_same():
    choice, _ = chosen(with_rule(), city(**FOUR))
    assert line(choice.comparison) == "名单2家，项目有望减少的工伤（超额工伤）合计7.0人次/年。与纯超额排序完全相同。"


def test_places_that_the_quotas_leave_empty_are_said():
    choice, ranks = chosen(with_rule(places=3, limits=Limits(per_district=1)), city(**DISTRICTS))
    assert ranks == {"A": 1, "D": 2}
    assert line(choice.comparison).startswith("名单2家（共3个名额，没有用完），")


def test_who_has_closed_costs_nothing_for_nobody_could_list_him():
    choice, _ = chosen(with_rule(), city(**differing(A={"is_cancelled": True})))
    assert choice.comparison.by_excess == Other(2, 2, 5.0) and choice.excess_rank.tolist() == [0, 1, 2, 3]


def test_of_many_units_the_first_of_each_region_are_shown_and_the_first_of_those_kept_out():
    units = by_excess(**{f"U{n:04d}": 1000 - n for n in range(600)})
    for number in range(300, 600):
        units[f"U{number:04d}"]["is_cancelled"] = True
    choice, _ = chosen(with_rule(), city(**units))
    assert choice.kept.tolist() == [*range(200), *range(300, 500)]


def test_without_a_unit_or_a_usable_criterion_nobody_is_listed():
    choice, ranks = chosen(with_rule(), city())
    assert ranks == {} and choice.comparison.units == 0 and line(choice.comparison)
    choice, ranks = chosen(with_rule(enter="all", criteria=(DEADLY,)), city(**FOUR), criteria=())
    assert not choice.entered.any() and np.count_nonzero(choice.rank) == 4 and choice.comparison.units == 0
