"""The plan's budget, checks, changes and words, from rows written by hand."""

from decimal import Decimal
from typing import Any

import pytest

from pipelines import policy
from pipelines.contracts.plan import PLAN_ITEM
from pipelines.planning import budget, changes, checks
from pipelines.planning.demand import role_of
from pipelines.policy.programmes import Amount, Audience, Money, Plan, Programme, When

CHANGDE = policy.load("changde-2024")


def fund(year: int, pool: str = "000000", collected: str = "100000.00", allotted: str | None = None, months: int = 12) -> dict:
    return {"year": year, "pool": pool, "collected_yuan": Decimal(collected), "months_covered": months,
            "allotted_yuan": allotted and Decimal(allotted)}


def item(name: str, yuan: str | None, number: int = 1, **more: Any) -> dict:
    row = {**dict.fromkeys(PLAN_ITEM.names), "programme_id": name, "name": f"项目{name}", "item_no": number, "kind": "training",
           "content": "内容", "state": "drafted", "budget_yuan": yuan and Decimal(yuan), "budget_basis": "policy"}
    return {**row, **more}


def test_the_cap_is_three_percent_of_last_years_premiums_and_an_allotted_sum_wins():
    assert budget.ceiling([fund(2024)], 2025, CHANGDE).amount == Decimal("3000.00")
    assert budget.ceiling([fund(2024), fund(2025, allotted="2500")], 2025, CHANGDE).amount == Decimal("2500")
    pools = [fund(2024, "430702", "0.50"), fund(2024, "430703", "99.50")]
    assert budget.ceiling(pools, 2025, CHANGDE).cap == Decimal("3.00")
    assert budget.ceiling([*pools, fund(2024)], 2025, CHANGDE).cap == Decimal("3000.00")  # the whole area's own statement


def test_without_a_whole_year_of_premiums_there_is_no_cap_and_it_says_so():
    found = budget.ceiling([fund(2024, months=11)], 2025, CHANGDE)
    assert (found.amount, found.reason) == (None, "没有 2024 年全年的征缴收入，上限不明")
    assert budget.ceiling([], 2025, CHANGDE).amount is None


def test_the_printed_sum_is_the_allotment_of_its_own_year_alone():
    own, later = budget.ceiling([fund(2023)], 2024, CHANGDE), budget.ceiling([fund(2024)], 2025, CHANGDE)
    assert (own.amount, own.allotted_by) == (Decimal("1571000.00"), "方案原文") and later.allotted is None
    assert budget.ceiling([fund(2024, allotted="7")], 2024, CHANGDE).allotted == Decimal(7)


def test_over_the_ceiling_what_fits_is_taken_in_the_plans_order():
    most = budget.Ceiling(Decimal(100), None, "", "")
    items = [item("a", "60"), item("b", "50", 2), item("c", None, 3), item("d", "40", 4, kind="publicity")]
    rows = {row["subject"]: row for row in budget._programmes(items, most)}
    assert {name: row["is_fitting"] for name, row in rows.items()} == {"a": True, "b": False, "c": None, "d": True}
    assert rows["d"]["cumulated_yuan"] == 100 and rows["a"]["share_pct"] == pytest.approx(40)
    total, fitting = budget._totals(items, list(rows.values()), most)
    assert (total["amount_yuan"], total["over_yuan"]) == (150, 50)
    assert total["reason"] == "超出额度 50.00 元；4 个项目中 1 个经费未定"
    assert (fitting["amount_yuan"], fitting["reason"]) == (100, "放不下：项目b")
    kinds = {row["subject"]: row["amount_yuan"] for row in budget._kinds(items, CHANGDE)}
    assert kinds == {"publicity": 40, "training": 110} and sum(kinds.values()) == total["amount_yuan"]


def test_cancelled_items_cost_nothing():
    assert [row["programme_id"] for row in budget.live([item("b", "1", 2), item("a", "1", state="cancelled")])] == ["b"]


def printed(name: str) -> dict[tuple[str, str], checks.Check]:
    plan = policy.load(name).plan
    assert plan is not None
    return {(one.check_id, one.subject): one for one in checks.printed(plan)}


def test_what_the_seeds_say_against_themselves():
    ezhou, hunan, qingdao = (printed(name) for name in ("ezhou-2024", "hunan-2022", "qingdao-2020"))
    [(place, wrong)] = ezhou.items()
    assert place == ("printed_dates", "tailored") and wrong.verdict == "bad" and "22025 年不可能" in wrong.message
    assert hunan["printed_sum", "all"].verdict == hunan["printed_number", "all"].verdict == "good"
    assert "为民你护航" in hunan["printed_names", "comprehensive"].message
    split = qingdao["printed_split", "all"]
    assert (split.verdict, split.message) == ("good", "原文的预算 6,410,000 元，宣传与培训之和 6,410,000 元，相符")
    assert [place for place in qingdao if place[0] == "printed_names"] == [
        ("printed_names", "national-media"), ("printed_names", "campaign"), ("printed_names", "on-site")]
    assert printed("zibo-2024")["printed_persons", "all"].verdict == "good"
    assert "早于方案印发的 202408" in printed("changde-2024")["printed_dates", "analysis"].message


def test_sums_that_disagree_are_bad():
    one = Programme("a", "甲", "training", "培训", "一", "内容", Audience("public"), money=Money(budget=70))
    persons = tuple(Amount(number, "人", "least", what) for what, number in (("全部", 10), ("线上", 4), ("线下", 5)))
    plan = Plan(2024, budget=100, publicity=20, training=70, programmes_said=2, programmes=(one,), persons_said=persons)
    found = {check.check_id: (check.verdict, check.message.split("，")[-1]) for check in checks.printed(plan)}
    assert found == {"printed_sum": ("bad", "相差 -30 元"), "printed_split": ("bad", "相差 -10 元"),
                     "printed_number": ("bad", "相差 -1 个"), "printed_persons": ("bad", "相差 -1 人")}


CHOSEN = [{"is_selected": number < 4, "is_decided": False} for number in range(6)]


def test_items_that_cannot_be():
    own = Programme("a", "甲", "training", "培训", "一", "内容", Audience("listed"), quantity=Amount(5, "家"),
                    persons_per_unit=200, when=When(202501, 202612))
    plan = Plan(2025, longest_term_months=24, programmes=(own,))
    row = item("a", "1000", quantity=5.0, unit="家", persons=900, starts_month=202501, ends_month=202701, content="增设警示标志",
               unpayable="警示标志、预防设施", project_cap_yuan=Decimal(100), unit_cost_yuan=Decimal(200))
    found = {check.check_id: check for check in checks._each([row], plan, checks.City(CHOSEN, {"a": 800}), 2025)}
    assert {name: check.verdict for name, check in found.items()} == {
        "term": "bad", "persons": "bad", "project_cap": "bad", "unpayable": "watch", "list": "watch", "demand": "watch"}
    assert (found["persons"].figure_expected, found["persons"].figure_found) == (1000, 900)
    assert (found["term"].figure_found, found["list"].figure_found) == (25, 4)
    assert "警示标志不是宣传和培训" in found["unpayable"].message
    wrong = item("b", None, starts_month=202506, ends_month=202503)
    assert {check.check_id: check.message for check in checks._each([wrong], plan, checks.City([], {}), 2025)} == {
        "dates": "开始 202506 晚于结束 202503", "priced": "经费未定，没有计入合计"}
    far = item("b", "1", starts_month=202506, ends_month=203503)
    assert "203503 不在 2025 年计划可能的时间内" in [one.message for one in checks._each([far], plan, checks.City([], {}), 2025)]


def test_changes_are_told_by_programme_and_column():
    old = [item("a", "100"), item("b", "1"), item("c", "1"), item("d", "1", state="cancelled")]
    new = [item("a", "1234.50", starts_month=202503, edit_reason="增加"), item("b", "1", state="cancelled", edit_reason="并入"),
           item("d", "1"), item("e", "1", state="added", edit_reason="会议")]
    found = [(row["programme_id"], row["change"], row["column_title"], row["before"], row["after"], row["edit_reason"])
             for row in changes.compared(old, new)]
    assert found == [
        ("a", "changed", "开始月份", None, "2025-03", "增加"), ("a", "changed", "经费预算", "100.00", "1,234.50", "增加"),
        ("b", "removed", "整个项目", "项目b", None, "并入"), ("d", "added", "整个项目", None, "项目d", None),
        ("e", "added", "整个项目", None, "项目e", "会议"), ("c", "removed", "整个项目", "项目c", None, None)]
    assert list(changes.compared(old, old)) == []


@pytest.mark.parametrize(("said", "role"), [
    ("安全生产分管负责人", "deputy_head"), ("专职安全管理人员", "safety_staff"), ("班组长（含车间主任）", "team_leader"),
    ("班长", "team_leader"), ("重大危险源安全包保责任人（主要负责人）", "hazard_owner"), ("企业主要负责人", "principal"),
    ("安全管理部门主要负责人", "safety_head"), ("项目负责人", "project_head"), ("一线职工", "worker"),
    ("外卖骑手", "platform_worker"), ("重点岗位人员", "worker"), ("见习", None)])
def test_the_bureaus_words_for_roles(said, role):
    assert role_of(said) == role
