"""Templates and the words of a draft: what a template may say, what is asked for, lists of one region or forty."""

import re
from decimal import Decimal

import pytest

from pipelines import drafts, policy
from pipelines.contracts.commuting import COMMUTING_HOTSPOT
from pipelines.contracts.lists import OUTREACH_ENTERPRISE, PRIORITY_ENTERPRISE
from pipelines.contracts.plan import BOUND, PLAN_BUDGET, PLAN_ITEM
from pipelines.drafts import DraftError, read
from pipelines.reports import draft, draft_figures, draft_tables
from pipelines.reports.text import Paragraph, Table

MINIMAL = {
    "title": "方案", "field": [{"title": "", "value": "{content}"}], "section": [{"title": "目标", "text": ["{额度}"]}],
    "attachment": [{"title": "表", "kind": "items", "columns": [["序号", "item_no", 1]]}]}
CITY = policy.load("changde-2024")


def row(table, **said) -> dict:
    """A row of a mart: what is said, the rest unknown."""
    return {name: said.get(name) for name in table.names}


def listed(number: int, region: str = "000000", name: str = "甲厂") -> dict:
    return row(PRIORITY_ENTERPRISE, region_code=region, enterprise_id=str(number), rank=number, is_listed=number < 3,
               is_reserve=number == 3, enterprise_name=name, criteria_met="近三年工伤发生率高于全市")


@pytest.mark.parametrize("changed, said", [
    ({"colour": "red"}, "不认识的 colour"), ({"section": [{"titel": "目标"}]}, "不认识的 titel"),
    ({"field": [{"title": "时间"}]}, "缺少 value"), ({"attachment": [{"title": "表", "kind": "table"}]}, "kind 应为"),
    ({"attachment": [{"title": "表", "kind": "items"}]}, "columns"),
    ({"notice": {"title": "通知"}}, "缺少 number、recipient、text、signature")])
def test_a_template_that_cannot_be_is_refused_with_what_may_stand_there(changed, said):
    with pytest.raises(DraftError, match=said):
        read({**MINIMAL, **changed}, "ours.toml")


@pytest.mark.parametrize("name", drafts.names())
def test_every_brace_of_a_template_is_a_figure_and_every_column_one_of_the_plan(name):
    template, one = drafts.load(name), policy.load(name).plan
    assert one is not None
    rows = {table: [] for table in (
        "plan_budget", "plan_change", "training_demand", "priority_enterprise", "outreach_enterprise", "industry_injury_rate",
        "injury_pattern", "commuting_hotspot", "target_progress")}
    items = [row(PLAN_ITEM, programme_id=each.id, name=each.name, kind=each.kind, action=each.action, state="drafted",
                 plan_year=2025) for each in one.programmes]
    known = {**draft_figures.figures({**rows, "plan_item": items}, 202412, policy.load(name)), **draft._numbers(template)}
    own = draft_figures.item_figures(items[0], ())
    texts = [template.title, *(text for section in template.sections for text in (section.title, *section.text)),
             *(text for part in template.attachments for text in (part.title, part.note))]
    texts += [template.notice.title, *template.notice.text] if template.notice else []
    assert {name for text in texts for name in draft_figures.PLACE.findall(text)} <= set(known)
    assert {name for field in template.fields for name in draft_figures.PLACE.findall(field.value)} <= set(own)
    columns = [value for part in template.attachments for _, value, _ in part.columns]
    assert all(value in PLAN_ITEM.names or set(draft_figures.PLACE.findall(value)) <= set(own) for value in columns)
    actions = {section.action for section in template.sections if section.action}
    assert not actions or actions == {each.action for each in one.programmes}


def test_what_is_not_known_is_asked_for_by_its_name():
    assert draft_figures.filled("额度{额度}，{人数}", {"额度": None, "人数": "5人"}) == "额度【待填：额度】，5人"


def test_amounts_are_written_in_full():
    said = {"900000000": "90,000万元", "1571000": "157.1万元", "100": "0.01万元", "208074.68": "208,074.68元", "-50": "-50.00元"}
    assert {yuan: draft_figures.money(Decimal(yuan)) for yuan in said} == said
    assert set(draft_figures.BEFORE) == set(BOUND)


@pytest.mark.parametrize("regions", [1, 40])
def test_a_list_of_one_region_or_forty(regions):
    codes = ["000000"] if regions == 1 else [f"4307{number:02d}" for number in range(regions)]
    rows = [listed(number, code) for code in reversed(codes) for number in (4, 3, 2, 1)]
    [table] = [part for part in draft_tables.listed(rows, [], CITY) if isinstance(part, Table)]
    assert (table.fields[0].title == PRIORITY_ENTERPRISE["region_code"].title) == (regions > 1)
    states = [values.values[-2] for values in table.rows]
    assert states == ["建议", "建议", "备选"] * regions
    assert [values.tone for values in table.rows[:3]] == ["plain", "plain", "reserve"]
    if regions > 1:
        assert [values.values[0] for values in table.rows[::3]] == codes


def test_a_list_that_the_meeting_has_decided_says_what_it_chose():
    rows = [listed(number, "000000") for number in (1, 2, 3)]
    units = {rows[0]["enterprise_id"]: False, rows[1]["enterprise_id"]: True, "外厂": True}
    decided = [{"enterprise_id": unit, "enterprise_name": unit, "is_selected": chosen} for unit, chosen in units.items()]
    table, besides = [part for part in draft_tables.listed(rows, decided, CITY)][1:]
    assert isinstance(table, Table) and [values.values[-2] for values in table.rows] == ["审定不入选", "审定入选", "未审定"]
    assert isinstance(besides, Paragraph) and besides.text == "审定入选而不在建议、备选之列的1家：外厂。"


def test_a_list_without_anybody_and_one_that_is_too_long_say_so():
    [nobody] = draft_tables.listed([], [], CITY)
    assert isinstance(nobody, Paragraph) and "【待填：名单】" in nobody.text
    many = [row(OUTREACH_ENTERPRISE, enterprise_id=f"{n:03d}", enterprise_name="厂" * 60, region_code="430702",
                criteria_met="甲；乙" if n == 119 else "甲") for n in range(120)]
    table, note = draft_tables.outreach(many)
    assert isinstance(table, Table) and len(table.rows) == 100 and table.rows[0].values[:3] == (1, "430702", "厂" * 60)
    assert isinstance(note, Paragraph) and "共120家，本表列出前100家" in note.text


def site(rank: int, tier: str, area: str = "all", population: str = "commuting") -> dict:
    return row(COMMUTING_HOTSPOT, population=population, area_code=area, rank=rank, site_name=f"路口{rank}", tier=tier,
               accidents=5, forecast=1.25, definition="近三年")


def test_sites_of_commuters_stand_by_area_and_rank_and_those_of_platforms_do_not():
    rows = [site(1, "C", "430703"), site(2, "B", "430702"), site(1, "A", "430702"), site(1, "A", population="platform")]
    note, table, definition = draft_tables.sites(rows)
    assert isinstance(table, Table) and [values.values[:3] for values in table.rows] == [
        ("430702", 1, "路口1"), ("430702", 2, "路口2"), ("430703", 1, "路口1")]
    assert [values.tone for values in table.rows] == ["listed", "listed", "plain"]
    assert isinstance(note, Paragraph) and isinstance(definition, Paragraph) and definition.text == "近三年。"
    said = draft_figures._sites(rows)
    assert "多发路段3处，来年预计共3.8起；其中证据充分或较可能的2处" in said


def test_without_sites_and_with_too_many_it_says_so():
    [nothing] = draft_tables.sites([site(1, "A", population="platform")])
    assert isinstance(nothing, Paragraph) and "本月没有算出路段" in nothing.text
    assert draft_figures._sites([]).startswith("没有能定位")
    _, table, cut, _ = draft_tables.sites([site(number, "C") for number in range(1, 71)])
    assert isinstance(table, Table) and len(table.rows) == draft_tables.MOST_SITES and table.fields[0].title == "名次"
    assert isinstance(cut, Paragraph) and "共70处，本表列出前60处，其余见事故多发路段现场核实表.xlsx" in cut.text


def test_a_plan_over_its_ceiling_names_the_three_sums():
    total = row(PLAN_BUDGET, line="total", subject="all", amount_yuan=Decimal("30000.00"), limit_yuan=Decimal("20000.55"),
                over_yuan=Decimal("9999.45"))
    assert draft_figures.warning({"plan_budget": [total]}) == "【核对：预算合计3万元，额度20,000.55元，超出9,999.45元】"
    assert draft_figures.warning({"plan_budget": [{**total, "over_yuan": Decimal(0)}]}) is None
    assert draft_figures.warning({"plan_budget": []}) is None


def test_roles_of_which_the_same_is_asked_stand_together():
    item = row(PLAN_ITEM, hours="甲：24 学时；乙：24 学时；丙", persons=117, persons_bound="exact", persons_low=106,
               persons_high=128)
    known = draft_figures.item_figures(item, ())
    assert (known["hours"], known["persons"]) == ("甲、乙：24 学时；丙", "培训117人（106至128人均视为完成）")
    assert known["amount"] is None and not re.search("None", str([value for value in known.values() if value]))
