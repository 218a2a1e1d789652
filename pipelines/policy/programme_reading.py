"""Reads what a policy's file says of its plan and programmes: strictly, with the line of whatever cannot be.

Belongs here: which entries there are, and which of them contradict each other. What a plan's own figures have to do with one
another is no matter of reading: a plan may disagree with itself, and pipelines/planning says so.
"""

import re
from collections.abc import Iterable

from pipelines.policy import programmes as model
from pipelines.policy.entries import Entries
from pipelines.policy.model import Outreach
from pipelines.policy.programmes import (
    Amount,
    Audience,
    Bodies,
    Effect,
    Money,
    Plan,
    Programme,
    RoleRule,
    Section,
    When,
)
from pipelines.policy.words import UNMAPPED, plan_words

ID = re.compile(r"[a-z][a-z0-9-]{0,39}")
USUAL = ("funding", "procurement", "prepayment_pct", "term_months", "tolerance_pct")
PLAN = ("year", "dated", "budget_yuan", "publicity_yuan", "training_yuan", "publicity_share_pct", "programmes", "has_table",
        "longest_term_months", "persons", "section", *USUAL)
PROGRAMME = ("id", "name", "name_in_table", "kind", "action", "section", "content", "form", "scale", "quantity", "unit", "bound",
             "persons", "persons_bound", "persons_per_unit", "starts", "ends", "months", "lead", "support", "implementer",
             "budget_yuan", "is_most", "unit_cost_yuan", "head_cost_yuan", "project_cap_yuan", "head_cap_yuan", "unpayable",
             "acceptance", "effect_pct", "effect_source", "audience", "role", "output", *USUAL)
# How an audience is told -> the key that says which.
NEEDS = {"words": "words", "outreach": "criterion", "target": "target"}


def plan(file: Entries, outreach: Outreach | None) -> Plan | None:
    """The plan of a policy, None where it has none."""
    if "plan" not in file.said:
        for one in file.tables("programme"):
            one.refuse("有 [[programme]] 而没有 [plan]；请写 [plan] 和它的 year")
        return None
    said = file.table("plan")
    said.only(*PLAN)
    persons = tuple(_amount(one, "number", "unit", "bound", one.text("what")) for one in said.tables("persons"))
    found = tuple(_programmes(file, said, outreach))
    if not found:
        said.refuse("[plan] 没有项目；请写至少一个 [[programme]]")
    return Plan(
        said.whole("year", 2000), said.given("dated", said.month), said.given("budget_yuan", said.whole, 0),
        said.given("publicity_yuan", said.whole, 0), said.given("training_yuan", said.whole, 0),
        said.given("publicity_share_pct", said.number, 0, 100), said.given("programmes", said.whole, 1), persons,
        bool(said.given("has_table", said.flag)), said.given("longest_term_months", said.whole, 1), found,
        tuple(_section(one) for one in said.tables("section")))


def _section(said: Entries) -> Section:
    said.only("number", "title", "text")
    return Section(said.given("number", said.text) or "", said.text("title"), said.several("text"))


def _programmes(file: Entries, usual: Entries, outreach: Outreach | None) -> Iterable[Programme]:
    seen: set[str] = set()
    for said in file.tables("programme"):
        said.only(*PROGRAMME)
        made = _programme(said, usual, outreach)
        if made.id in seen:
            said.refuse(f"id = {made.id!r} 重复；每个项目要有自己的标识", "id")
        seen.add(made.id)
        yield made


def _programme(said: Entries, usual: Entries, outreach: Outreach | None) -> Programme:
    """One [[programme]]; what it leaves open of USUAL is as the plan says."""
    name = said.text("id")
    if not ID.fullmatch(name):
        said.refuse(f"id = {name!r} 只能由小写字母、数字和 - 组成，以字母开头", "id")

    def usually(entry: str) -> Entries:
        return said if entry in said.said else usual

    return Programme(
        name, said.text("name"), said.one_of("kind", model.KINDS), said.text("action"), said.text("section"),
        said.text("content"), _audience(said.table("audience"), outreach),
        *(said.given(entry, said.text) or "" for entry in ("name_in_table", "form", "scale")),
        quantity=_amount(said, "quantity", "unit", "bound") if "quantity" in said.said else _no_unit(said),
        outputs=tuple(_output(one) for one in said.tables("output")),
        persons=_amount(said, "persons", "", "persons_bound") if "persons" in said.said else None,
        persons_per_unit=said.given("persons_per_unit", said.whole, 1),
        tolerance_pct=usually("tolerance_pct").given("tolerance_pct", usually("tolerance_pct").number, 0, 100),
        roles=tuple(_roles(said)), when=_when(said), bodies=_bodies(said, usually("procurement")),
        funding=usually("funding").given("funding", usually("funding").text) or model.FUNDING,
        money=_money(said, usually("prepayment_pct")),
        term_months=usually("term_months").given("term_months", usually("term_months").whole, 1),
        acceptance=said.given("acceptance", said.several) or (), own_effect=_effect(said))


def _amount(said: Entries, name: str, unit: str, bound: str, what: str = "") -> Amount:
    how = said.given(bound, said.one_of, model.BOUNDS) or "exact"
    return Amount(float(said.number(name, 0)), said.one_of(unit, model.UNITS) if unit else "人", how, what)


def _no_unit(said: Entries) -> None:
    for name in ("unit", "bound", "persons_per_unit"):
        if name in said.said:
            said.refuse(f"有 {name} 而没有 quantity；请写数量，或删去 {name}", name)


def _output(said: Entries) -> Amount:
    said.only("number", "unit", "bound", "what")
    return _amount(said, "number", "unit", "bound", said.text("what"))


def _roles(said: Entries) -> Iterable[RoleRule]:
    """A rule for each role of each [[programme.role]]."""
    seen: set[str] = set()
    for one in said.tables("role"):
        one.only("roles", "hours", "offline_pct", "practice_pct", "target_pct")
        least, most = _hours(one)
        shares = [one.given(name, one.number, 0, 100) for name in ("offline_pct", "practice_pct", "target_pct")]
        for role in one.some_of("roles", model.ROLES):
            if role in seen:
                one.refuse(f"人员类别 {role} 在这个项目中已经写过", "roles", role)
            seen.add(role)
            yield RoleRule(role, least, most, *shares)


def _hours(said: Entries) -> tuple[float | None, float | None]:
    """hours = 40, or [24, 48] from least to most."""
    value = said.said.get("hours")
    if value is None:
        return None, None
    pair = value if isinstance(value, list) else [value, value]
    is_fine = len(pair) == 2 and all(isinstance(h, int | float) and not isinstance(h, bool) and 0 < h <= 1000 for h in pair)
    if not is_fine or pair[0] > pair[1]:
        said.refuse(f"hours = {value!r} 须为学时数，如 40，或从少到多的两个数，如 [24, 48]", "hours")
    return float(pair[0]), float(pair[1])


def _audience(said: Entries, outreach: Outreach | None) -> Audience:
    by = said.one_of("by", model.AUDIENCES)
    said.only("by", "said", "trained_in", "years", *filter(None, [NEEDS.get(by)]))
    criterion = ""
    if by == "outreach":
        titles = [one.title for one in outreach.criteria] if outreach else []
        if not titles:
            said.refuse('by = "outreach" 需要 [outreach] 的条件；政策没有', "by")
        criterion = said.one_of("criterion", titles)
    return Audience(
        by, said.some_of("words", plan_words(), UNMAPPED) if by == "words" else (), criterion,
        said.one_of("target", model.TARGETS) if by == "target" else "", said.given("said", said.text) or "",
        said.given("trained_in", said.several) or (), said.given("years", said.whole, 1) or model.USUAL_TRAINING_YEARS)


def _when(said: Entries) -> When:
    starts, ends = (said.given(name, said.month) for name in ("starts", "ends"))
    if starts and ends and starts > ends:
        said.refuse(f"starts 晚于 ends = {said.said['ends']}；跨年的项目写出年份", "starts")
    return When(starts, ends, said.given("months", said.text) or "")


def _bodies(said: Entries, usual: Entries) -> Bodies:
    lead, support = (said.given(name, said.several) or () for name in ("lead", "support"))
    return Bodies(lead, support, said.given("implementer", said.text) or "", usual.given("procurement", usual.text) or "")


def _money(said: Entries, usual: Entries) -> Money:
    if "is_most" in said.said and "budget_yuan" not in said.said:
        said.refuse("有 is_most 而没有 budget_yuan", "is_most")

    def price(name: str) -> float | None:
        return said.given(name, said.number, 0.01)

    return Money(said.given("budget_yuan", said.whole, 0), bool(said.given("is_most", said.flag)), price("unit_cost_yuan"),
                 price("head_cost_yuan"), price("project_cap_yuan"), price("head_cap_yuan"),
                 usual.given("prepayment_pct", usual.number, 0, 100), said.given("unpayable", said.several) or ())


def _effect(said: Entries) -> Effect | None:
    if "effect_pct" not in said.said:
        if "effect_source" in said.said:
            said.refuse("有 effect_source 而没有 effect_pct", "effect_source")
        return None
    return Effect(float(said.number("effect_pct", 0, 100)), said.text("effect_source"))
