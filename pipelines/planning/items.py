"""plan_item: one row a programme, drafted from the policy and the city's data, then as analysts have edited it.

Belongs here: what a draft takes from where. What editing does is edits.py; a figure that neither plan nor data give is None.
"""

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from pipelines import engine
from pipelines import policy as policies
from pipelines.contracts.plan import PLAN_ITEM, ROLE
from pipelines.deliveries import Deliveries
from pipelines.lazy import Computed, Query, Stored
from pipelines.planning import demand, edits
from pipelines.planning.shared import common, made, plan_of, rule, yuan
from pipelines.policy.programmes import Amount, Plan, Programme, RoleRule, When
from pipelines.workspace import Workspace

LEDGER_YEARS, PROPOSED = 3, 10
HUNDRED = Decimal(100)


class Tables(NamedTuple):
    """The month's tables that the plan is drafted from, beside those that tell audiences (demand.Sources)."""

    training_demand: Stored
    programme: Stored


class Facts(NamedTuple):
    """What is known of a city for drafting.

    needed    programme -> its training_demand of all roles in the whole area
    units     programme -> number of units addressed
    listed    the names of the units decided on, else of those listed; listed_by  which of both
    targets   kind of group -> names, the first of each
    per_head  what a trained person has cost in the bureau's own ledger, None = unknown
    years     by how many years the draft is later than the plan of the policy
    """

    needed: Mapping[str, Mapping]
    units: Mapping[str, int]
    listed: list[str]
    listed_by: str
    targets: Mapping[str, list[str]]
    per_head: Decimal | None
    years: int


def plan_item(place: Workspace, known: Deliveries, sources: demand.Sources, tables: Tables) -> Computed:
    """The mart of a month; empty where the policy has no plan."""
    plan, changed = plan_of(place), known.plan_edits()
    same = {**common(known.as_of), "definition": _definition(place.policy(), plan)}
    drafted: list[dict] = []
    if plan.programmes:
        facts = _facts(place, known, sources, tables, same["plan_year"] - plan.year)
        drafted = [{**same, "item_no": number, **_drafted(one, facts)} for number, one in enumerate(plan.programmes, 1)]
    rows = edits.applied(drafted, changed.to_pylist(), place.policy().name, same)
    return Computed(made((_priced(row) for row in rows), PLAN_ITEM),
                    {**sources._asdict(), **tables._asdict(), "plan_edit": changed, **rule(place)})


def _definition(policy: policies.Policy, plan: Plan) -> str:
    return (f"政策：{policy.title}（{policy.source}），原文为 {plan.year} 年的计划，月份顺移到计划年度；"
            "原文没有写的数量和人数取自名单和培训需求，没有写的经费按政策的单价，"
            f"再按台账近 {LEDGER_YEARS} 年的人均费用×人数，都没有的为空")


def _facts(place: Workspace, known: Deliveries, sources: demand.Sources, tables: Tables, years: int) -> Facts:
    needed = {row["programme_id"]: row for row in demand.totals(tables.training_demand)}
    chosen = demand.chosen(sources, known)
    groups = sources.group_target.columns("target_kind", "rank", "target_name").to_pylist()
    targets: dict[str, list[str]] = {}
    for row in sorted(groups, key=lambda row: (row["target_kind"], row["rank"])):
        targets.setdefault(row["target_kind"], []).append(row["target_name"])
    units = demand.units_of(place, demand.programme_unit(place, known, sources))
    names = [row["enterprise_name"] or row["enterprise_id"] for row in chosen]
    basis = "decision" if any(row["is_decided"] for row in chosen) else "list"
    return Facts(needed, units, names, basis, targets, _per_head(place, known, tables), years)


def _per_head(place: Workspace, known: Deliveries, tables: Tables) -> Decimal | None:
    first = known.as_of // 100 - LEDGER_YEARS + 1
    query = Query("marts/ledger_cost.sql", {"programme": tables.programme}, {"first_year": first})
    [cost] = engine.fetch(query, place.core).to_pylist()
    return yuan(cost["paid_yuan"] / cost["persons"]) if cost["paid_yuan"] and cost["persons"] else None


def _drafted(one: Programme, facts: Facts) -> dict:
    """A programme with what the city's data add."""
    quantity, quantity_basis = _quantity(one, facts)
    persons, persons_basis = _persons(one, facts)
    starts, ends = (shifted(month, facts.years) for month in (one.when.starts, one.when.ends))
    effect = one.effect
    return {
        "programme_id": one.id, "action": one.action, "kind": one.kind, "name": one.name, "content": one.content,
        "audience": one.audience.said or None, "quantity": quantity and quantity.number, "unit": quantity and quantity.unit,
        "quantity_bound": quantity and quantity.bound, "quantity_basis": quantity_basis,
        "outputs": "；".join(map(_output, one.outputs)) or None, "scale": one.scale or None,
        "enterprises": facts.units.get(one.id), "proposed": "、".join(_proposed(one, facts)) or None,
        "persons": persons and round(persons.number), "persons_bound": persons and persons.bound, "persons_basis": persons_basis,
        "tolerance_pct": one.tolerance_pct, "hours": "；".join(map(hours_said, one.roles)) or None, "starts_month": starts,
        "ends_month": ends, "form": one.form or None, "lead": "、".join(one.bodies.lead) or None,
        "support": "、".join(one.bodies.support) or None, "implementer": one.bodies.implementer or None,
        "procurement": one.bodies.procurement or None, "funding": one.funding, **_budget(one, quantity, persons, facts),
        "is_budget_most": one.money.is_most, "project_cap_yuan": _price(one.money.project_cap),
        "head_cap_yuan": _price(one.money.head_cap), "prepayment_pct": one.money.prepayment_pct,
        "unpayable": "、".join(one.money.unpayable) or None, "term_months": one.term_months,
        "acceptance": "；".join(one.acceptance) or None, "effect_pct": effect and effect.pct,
        "effect_source": effect and effect.source, "section": one.section, "state": "drafted"}


def _quantity(one: Programme, facts: Facts) -> tuple[Amount | None, str]:
    """The plan's own number, else the units decided on or listed, else the persons still to be trained."""
    if one.quantity:
        return one.quantity, "policy"
    if one.audience.by == "listed" and facts.listed:
        return Amount(len(facts.listed), "家"), facts.listed_by
    gap = facts.needed.get(one.id, {}).get("gap")
    return (Amount(gap, "人"), "demand") if gap is not None else (None, "none")


def _persons(one: Programme, facts: Facts) -> tuple[Amount | None, str]:
    if one.persons:
        return one.persons, "policy"
    if one.quantity and one.persons_per_unit:
        return Amount(one.quantity.number * one.persons_per_unit, "人", "least"), "policy"
    gap = facts.needed.get(one.id, {}).get("gap")
    return (Amount(gap, "人"), "demand") if gap is not None else (None, "none")


def _proposed(one: Programme, facts: Facts) -> list[str]:
    """Names of whom the data propose: as many as the plan asks for, at most PROPOSED."""
    names = facts.listed if one.audience.by == "listed" else facts.targets.get(one.audience.target, [])
    asked = int(one.quantity.number) if one.quantity and one.quantity.unit in ("家", "个") else PROPOSED
    return names[:min(asked, PROPOSED)]


def _budget(one: Programme, quantity: Amount | None, persons: Amount | None, facts: Facts) -> dict:
    """What it may cost, and where that comes from."""
    unit_cost, head_cost = _price(one.money.unit_cost), _price(one.money.head_cost)
    if one.money.budget is not None:
        return {"budget_yuan": yuan(one.money.budget), "budget_basis": "policy"}
    if unit_cost is not None and quantity:
        return {"budget_yuan": yuan(unit_cost * Decimal(str(quantity.number))), "budget_basis": "unit_cost"}
    if head_cost is not None and persons:
        return {"budget_yuan": yuan(head_cost * Decimal(str(persons.number))), "budget_basis": "unit_cost"}
    if facts.per_head is not None and persons and one.kind == "training":
        return {"budget_yuan": yuan(facts.per_head * Decimal(str(persons.number))), "budget_basis": "ledger"}
    return {"budget_yuan": None, "budget_basis": "none"}


def _price(said: float | None) -> Decimal | None:
    return None if said is None else yuan(Decimal(str(said)))


def _priced(row: dict) -> dict:
    """The row with what follows from its quantity, persons and budget."""
    budget, quantity, persons = row["budget_yuan"], row["quantity"], row["persons"]
    tolerance = row.get("tolerance_pct")
    limits = (None, None) if persons is None or tolerance is None else (
        math.ceil(persons * (1 - tolerance / 100) - 1e-9), math.floor(persons * (1 + tolerance / 100) + 1e-9))
    return {
        **row, "schedule": months_said(When(row["starts_month"], row["ends_month"])) or None,
        "unit_cost_yuan": yuan(budget / Decimal(str(quantity))) if budget is not None and quantity else None,
        "head_cost_yuan": yuan(budget / persons) if budget is not None and persons else None,
        "persons_low": limits[0], "persons_high": limits[1],
        "prepayment_yuan": _prepaid(budget, row.get("prepayment_pct"))}


def _prepaid(budget: Decimal | None, pct: float | None) -> Decimal | None:
    return yuan(budget * Decimal(str(pct)) / HUNDRED) if budget is not None and pct is not None else None


def shifted(month: int | None, years: int) -> int | None:
    """The same month so many years later."""
    return None if month is None else month + 100 * years


def months_said(when: When) -> str:
    """From when to when, in words.

    >>> months_said(When(202412, 202505)), months_said(When(202504, 202504)), months_said(When(None, 202412))
    ('2024年12月至2025年5月', '2025年4月', '2024年12月底前')
    """
    starts, ends = (f"{month // 100}年{month % 100}月" if month else "" for month in (when.starts, when.ends))
    if starts == ends or not ends:
        return starts and (starts if ends else f"{starts}起")
    return f"{starts}至{ends}" if starts else f"{ends}底前"


def hours_said(rule: RoleRule) -> str:
    """What is asked for the persons of a role, in words.

    >>> hours_said(RoleRule("team_leader", 24, 72, 60, 25, 100))
    '班组长（含车间主任、车队长）：24–72 学时，线下不低于 60%，实训不低于 25%，覆盖 100%'
    """
    least, most = rule.hours_least, rule.hours_most
    hours = [] if least is None else [f"{least:g} 学时" if least == most else f"{least:g}–{most:g} 学时"]
    shares = [f"{title} {value:g}%" for title, value in (
        ("线下不低于", rule.offline_pct), ("实训不低于", rule.practice_pct), ("覆盖", rule.target_pct)) if value is not None]
    return ROLE[rule.role][0] + ("：" if hours or shares else "") + "，".join([*hours, *shares])


def _output(one: Amount) -> str:
    """
    >>> _output(Amount(6, "家", "least", "官方媒体"))
    '官方媒体不少于 6 家'
    """
    bound = {"least": "不少于 ", "about": "约 ", "most": "不超过 "}.get(one.bound, " ")
    return f"{one.what}{bound}{one.number:,.10g} {one.unit}"
