"""plan_check: whether a plan agrees with itself and with its limits, each matter a row with words.

Belongs here: what is checked. Matters of the policy's own text (dates that cannot be, sums that disagree) are told too, so that
whoever drafts after it knows them.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from pipelines.contracts.plan import ALL, KIND, PLAN_CHECK
from pipelines.decision_checks import remarks
from pipelines.deliveries import Deliveries
from pipelines.lazy import Computed, Stored
from pipelines.planning import edits
from pipelines.planning.budget import live
from pipelines.planning.demand import totals
from pipelines.planning.shared import common, made, plan_of, rule, total
from pipelines.policy.programmes import Plan, Programme
from pipelines.workspace import Workspace

TITLES = {
    "printed_dates": "原文的时间", "printed_names": "原文的名称", "printed_sum": "原文的经费合计",
    "printed_split": "原文的宣传与培训之分", "printed_number": "原文的项目数", "printed_persons": "原文的人数",
    "dates": "实施时间", "term": "期限", "persons": "人数", "demand": "人数与需求",
    "list": "名单与数量", "project_cap": "每项上限", "head_cap": "人均上限", "unpayable": "不得列支", "priced": "经费已定",
    "sums": "项目、小计与合计", "split": "宣传占比", "ceiling": "额度", "edits": "修改未采用",
    "decided": "联席会议审定",
}
YEAR = re.compile(r"(\d+)\s*年")
WHOLE_TITLE, FAR_YEARS = "整个计划", 5


class Check(NamedTuple):
    """One matter: what about, whom it concerns, how it stands, the two figures that should be equal, and words."""

    check_id: str
    subject: str
    subject_title: str
    verdict: str
    message: str
    figure_expected: float | None = None
    figure_found: float | None = None


class City(NamedTuple):
    """What the city's tables say of the plan: the rows of its year of decided_enterprise; programme -> persons to be trained."""

    chosen: list[dict]
    needed: Mapping[str, int | None]


class Tables(NamedTuple):
    """The month's tables that are checked."""

    plan_item: Stored
    plan_budget: Stored
    training_demand: Stored
    decided_enterprise: Stored


def plan_check(place: Workspace, known: Deliveries, tables: Tables) -> Computed:
    """The mart of a month; empty where the policy has no plan."""
    plan, same, changed = plan_of(place), common(known.as_of), known.plan_edits()
    every = tables.plan_item.columns().to_pylist()
    items, lines = live(every), tables.plan_budget.columns().to_pylist()
    city = City([row for row in tables.decided_enterprise.columns().to_pylist() if row["year"] == same["plan_year"]],
                {row["programme_id"]: row["persons"] for row in totals(tables.training_demand)})
    checks: list[Check] = []
    if every:
        checks = [*printed(plan), *_each(items, plan, city, same["plan_year"]), *_sums(items, lines),
                  *_decided(city.chosen)]
    for path, why in edits.unused(changed.to_pylist(), every, place.policy().name, same["plan_year"]).items():
        checks.append(Check("edits", path, path, "watch", f"{path} 的修改没有采用：{why}"))
    rows = ({**same, "check_title": TITLES[one.check_id], **one._asdict()} for one in checks)
    return Computed(made(rows, PLAN_CHECK), {**tables._asdict(), "plan_edit": changed, **rule(place)})


def printed(plan: Plan) -> Iterator[Check]:
    """What the policy's text says against itself."""
    for one in plan.programmes:
        yield from _printed_dates(one, plan)
        yield from _printed_names(one, plan)
    budgets = total(one.money.budget for one in plan.programmes)
    if plan.budget is not None and budgets is not None:
        yield _equal("printed_sum", plan.budget, budgets, "原文的预算", "各项目之和", "元")
    if plan.publicity is not None and plan.training is not None and plan.budget is not None:
        yield _equal("printed_split", plan.budget, plan.publicity + plan.training, "原文的预算", "宣传与培训之和", "元")
    if plan.programmes_said is not None:
        yield _equal("printed_number", plan.programmes_said, len(plan.programmes), "原文所说的项目数", "列出的项目", "个")
    said = {one.what: one.number for one in plan.persons_said}
    for one in plan.persons_said:
        parts = [number for what, number in said.items() if what != one.what]
        if len(parts) > 1 and one.number == max(said.values()):
            yield _equal("printed_persons", one.number, sum(parts), f"原文的“{one.what}”", "其余各项之和", "人")


def _equal(check: str, expected: float, found: float, first: str, second: str, unit: str) -> Check:
    verdict = "good" if expected == found else "bad"
    words = "相符" if verdict == "good" else f"相差 {found - expected:+,.10g} {unit}"
    return Check(check, ALL, WHOLE_TITLE, verdict, f"{first} {expected:,.10g} {unit}，{second} {found:,.10g} {unit}，{words}",
                 float(expected), float(found))


def _printed_dates(one: Programme, plan: Plan) -> Iterator[Check]:
    """Years that cannot be, and a beginning before the plan was issued."""
    wrong = [year for year in YEAR.findall(one.when.said) if abs(int(year) - plan.year) > FAR_YEARS]
    if wrong:
        read = f"，读作 {one.when.starts} 至 {one.when.ends}" if one.when.starts else ""
        yield Check("printed_dates", one.id, one.name, "bad", f"原文的时间“{one.when.said}”中的 {wrong[0]} 年不可能{read}")
    if plan.dated and one.when.starts and one.when.starts < plan.dated:
        yield Check("printed_dates", one.id, one.name, "watch",
                    f"原文的时间“{one.when.said}”始于 {one.when.starts}，早于方案印发的 {plan.dated}")


def _printed_names(one: Programme, plan: Plan) -> Iterator[Check]:
    if plan.has_table and not one.name_in_table:
        yield Check("printed_names", one.id, one.name, "watch", "正文有、原文所附的表中没有")
    elif one.name_in_table and one.name_in_table != one.name:
        yield Check("printed_names", one.id, one.name, "watch", f"原文所附的表中作“{one.name_in_table}”")


def _each(items: list[dict], plan: Plan, city: City, year: int) -> Iterator[Check]:
    """What may be wrong with one item."""
    policy = {one.id: one for one in plan.programmes}
    for row in items:
        subject = (row["programme_id"], row["name"])
        yield from (Check(name, *subject, *said) for name, said in [
            *_dates(row, plan, year), *_persons(row, policy.get(row["programme_id"])), *_costs(row),
            *_listed(row, policy.get(row["programme_id"]), city.chosen), *_demand(row, city.needed.get(row["programme_id"]))])


Said = tuple[str, tuple]
"""A matter's code; its verdict, words and figures."""


def _dates(row: Mapping, plan: Plan, year: int) -> Iterator[Said]:
    starts, ends = row["starts_month"], row["ends_month"]
    if starts is None and ends is None:
        yield "dates", ("watch", "没有实施时间")
        return
    if starts and ends and starts > ends:
        yield "dates", ("bad", f"开始 {starts} 晚于结束 {ends}")
    outside = [month for month in (starts, ends) if month and not year - 1 <= month // 100 <= year + 2]
    if outside:
        yield "dates", ("bad", f"{outside[0]} 不在 {year} 年计划可能的时间内")
    months = (ends // 100 - starts // 100) * 12 + ends % 100 - starts % 100 + 1 if starts and ends else None
    if months and plan.longest_term_months and months > plan.longest_term_months:
        yield "term", ("bad", f"实施 {months} 个月，最长不超过 {plan.longest_term_months} 个月", plan.longest_term_months, months)


def _persons(row: Mapping, one: Programme | None) -> Iterator[Said]:
    """Persons that disagree with the quantity."""
    persons, quantity = row["persons"], row["quantity"]
    if persons is None or quantity is None:
        return
    if row["unit"] == "人" and persons != quantity:
        yield "persons", ("bad", f"数量 {quantity:,.10g} 人，培训人数 {persons:,} 人", quantity, persons)
    if one and one.persons_per_unit and persons < quantity * one.persons_per_unit:
        least = quantity * one.persons_per_unit
        yield "persons", ("bad", f"{quantity:,.10g} {row['unit']}，每{row['unit']}不少于 {one.persons_per_unit} 人，"
                                 f"应有 {least:,.10g} 人，只有 {persons:,} 人", least, persons)


def _costs(row: Mapping) -> Iterator[Said]:
    for cap, cost, name, title in (("project_cap_yuan", "unit_cost_yuan", "project_cap", "每项"),
                                   ("head_cap_yuan", "head_cost_yuan", "head_cap", "人均")):
        if row[cap] is not None and row[cost] is not None:
            is_over = row[cost] > row[cap]
            yield name, ("bad" if is_over else "good", f"{title} {row[cost]:,.2f} 元，上限 {row[cap]:,.2f} 元",
                         float(row[cap]), float(row[cost]))
    found = [word for word in (row["unpayable"] or "").split("、") if word and word in row["content"]]
    if found:
        yield "unpayable", ("watch", f"{'、'.join(found)}不是宣传和培训，不得从工伤预防费列支，须另有经费")
    if row["budget_yuan"] is None:
        yield "priced", ("watch", "经费未定，没有计入合计")


def _listed(row: Mapping, one: Programme | None, chosen: list[dict]) -> Iterator[Said]:
    if one and one.audience.by == "listed" and row["unit"] == "家" and row["quantity"] is not None:
        number = sum(unit["is_selected"] for unit in chosen)
        title = "审定入选" if any(unit["is_decided"] for unit in chosen) else "建议名单"
        verdict = "good" if number == row["quantity"] else "watch"
        yield "list", (verdict, f"计划 {row['quantity']:,.10g} 家，{title} {number:,} 家", row["quantity"], float(number))


def _decided(chosen: list[dict]) -> Iterator[Check]:
    """The decisions of the plan's year, where there are any."""
    if any(row["is_decided"] for row in chosen):
        found = remarks(chosen)
        number = sum(row["is_selected"] for row in chosen)
        said = "；".join(found) or f"审定入选 {number:,} 家，名单内各单位均已审定"
        yield Check("decided", ALL, WHOLE_TITLE, "watch" if found else "good", said)


def _demand(row: Mapping, needed: int | None) -> Iterator[Said]:
    if needed is not None and row["persons"] is not None and row["persons"] > needed:
        words = f"计划培训 {row['persons']:,} 人，有统计的应训人员只有 {needed:,} 人"
        yield "demand", ("watch", words, float(needed), float(row["persons"]))


def _sums(items: list[dict], lines: list[Mapping]) -> Iterator[Check]:
    """Items = programme totals = budget, publicity's share, and the ceiling."""
    by_line = {(row["line"], row["subject"]): row for row in lines}
    whole = by_line["total", ALL]
    sums = {
        "各项目之和": total(row["budget_yuan"] for row in items),
        "预算表各项目之和": total(row["amount_yuan"] for row in lines if row["line"] == "programme"),
        "各类小计之和": total(by_line["kind", kind]["amount_yuan"] for kind in KIND if ("kind", kind) in by_line)}
    for title, found in sums.items():
        if whole["amount_yuan"] is not None and found is not None:
            yield _equal("sums", float(whole["amount_yuan"]), float(found), "预算合计", title, "元")._replace(subject=title)
    publicity = by_line.get(("kind", "publicity"))
    if publicity and publicity["limit_yuan"] is not None:
        yield _within("split", publicity, "宣传费")
    if whole["limit_yuan"] is not None and whole["amount_yuan"] is not None:
        yield _within("ceiling", whole, "项目合计")


def _within(check: str, row: Mapping, title: str) -> Check:
    amount, limit = row["amount_yuan"] or Decimal(0), row["limit_yuan"]
    words = f"超出 {amount - limit:,.2f} 元" if amount > limit else "没有超出"
    return Check(check, ALL, WHOLE_TITLE, "bad" if amount > limit else "good",
                 f"{title} {amount:,.2f} 元，上限 {limit:,.2f} 元，{words}", float(limit), float(amount))
