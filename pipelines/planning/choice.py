"""plan_choice: the enterprises and programmes that would remove most injuries within the ceiling, and what each limit costs.

Belongs here: who may be chosen, what a place costs and removes under the policy's assumed effects. The arithmetic is
stats/allocation.py. It is a proposal beside the plan and changes nothing in it.
"""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np

from pipelines import engine
from pipelines.contracts.plan import ALL, PLAN_CHOICE
from pipelines.deliveries import Deliveries
from pipelines.lazy import Computed, Stored
from pipelines.planning import demand
from pipelines.planning.budget import live
from pipelines.planning.shared import common, made, plan_of, rule, total, yuan
from pipelines.policy import Limits
from pipelines.stats.allocation import Allocation, Problem, allocate, constraint_costs
from pipelines.stats.selection import Quota
from pipelines.workspace import Workspace

QUOTAS = (("district_code", "per_district", "每区名额"), ("division", "per_industry", "每个行业大类名额"))
DEFINITION = ("在名单的准入单位中选一企一策的单位、在其余培训中选整个项目，使来年预计减少的工伤最多；"
              "单位减少＝假设的成效×预期工伤，不超过超额工伤，整个项目减少＝假设的成效×面向单位的预期工伤之和×计划人数占应训人数的比例；"
              "宣传等没有假设成效的项目的经费先从额度中扣除；整数规划（HiGHS）的最优解。成效是假设，不是实测")
NO_PRICE = "没有单价或经费，费用按 0 计"


class Tables(NamedTuple):
    """The month's tables that a choice is made from."""

    plan_item: Stored
    plan_budget: Stored
    training_demand: Stored


class Options(NamedTuple):
    """What there is to choose: the list's units, items with places for units, items run as a whole, and the rest."""

    units: list[dict]
    tailored: list[dict]
    whole: list[dict]
    rest: list[dict]


def plan_choice(place: Workspace, known: Deliveries, sources: demand.Sources, tables: Tables) -> Computed:
    """The mart of a month; empty where nothing is assumed of any programme."""
    same = {**common(known.as_of), "definition": DEFINITION}
    options = _options(place, sources, tables)
    rows: list[dict] = []
    if options.tailored or options.whole:
        reached = _reached(place, known, sources, tables, options.whole)
        limits = place.policy().rule.limits
        problem = _problem(options, reached, _left(tables, options.rest), limits)
        found = allocate(problem)
        rows = [*_totals(options, problem, found), *_items(options, problem, found), *_units(options, problem, found),
                *_limits(problem, found, limits)]
    return Computed(made(({**same, **row} for row in rows), PLAN_CHOICE),
                    {**sources._asdict(), **tables._asdict(), **rule(place)})


def _options(place: Workspace, sources: demand.Sources, tables: Tables) -> Options:
    items = live(tables.plan_item.columns().to_pylist())
    by_list = {one.id for one in plan_of(place).programmes if one.audience.by == "listed"}
    assumed = [row for row in items if row["effect_pct"] is not None]
    columns = ("region_code", "enterprise_id", "enterprise_name", "industry_code", "industry_name", "district_code", "rank",
               "is_entered", "is_listed", "expected_injuries", "excess_injuries")
    units = [row for row in sources.priority_enterprise.columns(*columns).to_pylist()
             if row["rank"] is not None and row["is_entered"] and (row["excess_injuries"] or 0) > 0]
    units.sort(key=lambda row: (row["rank"], row["region_code"], row["enterprise_id"]))
    return Options(units, [row for row in assumed if row["programme_id"] in by_list and row["quantity"]],
                   [row for row in assumed if row["programme_id"] not in by_list],
                   [row for row in items if row["effect_pct"] is None])


def _reached(place: Workspace, known: Deliveries, sources: demand.Sources, tables: Tables, whole: list[dict]) -> np.ndarray:
    """Over the whole programmes: the injuries expected of the units that each addresses, by the share of persons it trains."""
    outlook = sources.enterprise_outlook.columns("enterprise_id", "expected_injuries").to_pydict()
    expected = dict(zip(*outlook.values(), strict=True))
    units = engine.fetch(demand.programme_unit(place, known, sources), place.core).to_pydict()
    by_programme: dict[str, list[float]] = {}
    for programme, unit in zip(units["programme_id"], units["enterprise_id"], strict=True):
        by_programme.setdefault(programme, []).append(expected.get(unit) or 0.0)
    needed = {row["programme_id"]: row["persons"] for row in demand.totals(tables.training_demand)}
    reached = []
    for row in whole:
        name = row["programme_id"]
        reached.append(math.fsum(by_programme.get(name, ())) * _share(row["persons"], needed.get(name)))
    return np.array(reached, float)


def _share(planned: int | None, needed: int | None) -> float:
    """The share of those to be trained that a plan trains; all where either is unknown."""
    return min(1.0, planned / needed) if planned is not None and needed else 1.0


def _left(tables: Tables, rest: list[dict]) -> float:
    """What the ceiling leaves once the programmes without an assumed effect have their money."""
    lines = tables.plan_budget.columns("line", "subject", "amount_yuan").to_pylist()
    [ceiling] = [row["amount_yuan"] for row in lines if (row["line"], row["subject"]) == ("ceiling", "ceiling")]
    if ceiling is None:
        return math.inf
    return max(0.0, float(ceiling - (total(row["budget_yuan"] for row in rest) or 0)))


def _problem(options: Options, reached: np.ndarray, budget: float, limits: Limits) -> Problem:
    expected, excess = (
        np.array([row[name] for row in options.units], float) for name in ("expected_injuries", "excess_injuries"))
    effects = np.array([row["effect_pct"] for row in options.tailored], float) / 100
    gain = np.minimum(expected[:, None] * effects, excess[:, None])
    quotas = [Quota(_kinds(options.units, name), getattr(limits, limit)) for name, limit, _ in _quotas(limits)]
    whole_effects = np.array([row["effect_pct"] for row in options.whole], float) / 100
    return Problem(
        gain.reshape(len(options.units), len(options.tailored)),
        np.array([float(row["unit_cost_yuan"] or 0) for row in options.tailored]),
        np.array([int(row["quantity"]) for row in options.tailored], int), reached * whole_effects,
        np.array([float(row["budget_yuan"] or 0) for row in options.whole]), budget, quotas)


def _quotas(limits: Limits) -> list[tuple[str, str, str]]:
    """The quotas that the policy has: by which column, which limit, its title."""
    return [quota for quota in QUOTAS if getattr(limits, quota[1]) is not None]


def _kinds(units: Iterable[Mapping], name: str) -> np.ndarray:
    """Whole numbers for districts or divisions; -1 = unknown."""
    texts = [(row["industry_code"] or "")[:3] if name == "division" else row[name] for row in units]
    numbers = {text: number for number, text in enumerate(sorted({text for text in texts if text}))}
    return np.array([numbers.get(text, -1) for text in texts], int)


def _totals(options: Options, problem: Problem, found: Allocation) -> list[dict]:
    unpriced = sum(not row["unit_cost_yuan"] for row in options.tailored) + sum(not row["budget_yuan"] for row in options.whole)
    said = "额度不明，不作限制" if math.isinf(problem.budget) else f"可用额度 {problem.budget:,.2f} 元（已扣除宣传等项目）"
    return [{"choice": "total", "subject": ALL, "title": "最优组合", "is_chosen": True, "cost_yuan": yuan(found.spent),
             "removed_injuries": found.removed, "reason": said + (f"；{unpriced} 个项目{NO_PRICE}" if unpriced else "")}]


def _items(options: Options, problem: Problem, found: Allocation) -> Iterable[dict]:
    for number, row in enumerate(options.tailored):
        taken = found.programme == number
        said = f"{row['effect_source']}；选 {int(taken.sum())} 家"
        yield {**_item(row), "is_chosen": bool(taken.any()), "cost_yuan": yuan(float(problem.cost[number] * taken.sum())),
               "removed_injuries": float(problem.gain[taken, number].sum()),
               "reason": said + (f"；{NO_PRICE}" if not row["unit_cost_yuan"] else "")}
    for number, row in enumerate(options.whole):
        yield {**_item(row), "is_chosen": bool(found.runs[number]), "cost_yuan": yuan(float(problem.whole_cost[number])),
               "removed_injuries": float(problem.whole_gain[number]),
               "reason": "；".join(filter(None, [
                   row["effect_source"], "" if row["budget_yuan"] else NO_PRICE,
                   "" if problem.whole_gain[number] else "没有缺口，或面向的单位没有预期工伤"]))}


def _item(row: Mapping) -> dict:
    return {"choice": "programme", "subject": row["programme_id"], "title": row["name"]}


def _units(options: Options, problem: Problem, found: Allocation) -> Iterable[dict]:
    """The units chosen, and those listed that are not; none where no programme has places for units."""
    for number, row in enumerate(options.units if options.tailored else ()):
        programme = int(found.programme[number])
        if programme < 0 and not row["is_listed"]:
            continue
        chosen = options.tailored[programme]["programme_id"] if programme >= 0 else None
        gains = problem.gain[number]
        yield {"choice": "enterprise", "subject": f"{row['region_code']}:{row['enterprise_id']}",
               "title": row["enterprise_name"] or row["enterprise_id"], "served_by": chosen, "region_code": row["district_code"],
               "industry_name": row["industry_name"], "rank": row["rank"], "is_chosen": programme >= 0,
               "cost_yuan": yuan(float(problem.cost[programme])) if programme >= 0 else None,
               "removed_injuries": float(gains[programme] if programme >= 0 else gains.max(initial=0.0)),
               "reason": None if programme >= 0 else "在名单上，而没有选中"}


def _limits(problem: Problem, found: Allocation, limits: Limits) -> Iterable[dict]:
    titles = ["额度", "各项目的数量", *(title for _, _, title in _quotas(limits))]
    for (name, more), title in zip(constraint_costs(problem, found).items(), titles, strict=True):
        yield {"choice": "constraint", "subject": name, "title": title, "is_chosen": more > 0, "removed_injuries": more,
               "reason": f"没有这项限制可多减少 {more:.2f} 人次" if more > 0 else "不起作用"}
