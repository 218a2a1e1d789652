"""plan_budget: what may be spent, what the programmes come to, what is over, and what would fit.

Belongs here: the ceiling and the sums. Whether the plan's figures agree with one another is checks.py, which choice removes most
injuries choice.py.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from pipelines.contracts.plan import ALL, KIND, PLAN_BUDGET
from pipelines.contracts.shared import WHOLE_AREA
from pipelines.ingest.plan_edits import CANCELLED
from pipelines.lazy import Computed, Stored
from pipelines.planning.shared import common, made, rule, total, yuan
from pipelines.policy import Policy
from pipelines.workspace import Workspace

NONE = Decimal(0)


class Ceiling(NamedTuple):
    """What may be spent in the plan's year: the share of last year's premiums, what was allotted, and which of them holds.

    allotted_by  the words for where the allotted sum stands; reason  why there is no cap
    """

    cap: Decimal | None
    allotted: Decimal | None
    allotted_by: str
    reason: str

    @property
    def amount(self) -> Decimal | None:
        return self.cap if self.allotted is None else self.allotted


def plan_budget(place: Workspace, as_of: int, plan_item: Stored, fund_balance: Stored) -> Computed:
    """The mart of a month; without programmes only the ceiling."""
    same, policy = common(as_of), place.policy()
    most = ceiling(fund_balance.columns().to_pylist(), same["plan_year"], policy)
    items = live(plan_item.columns().to_pylist())
    programmes = list(_programmes(items, most))
    parts = [_ceilings(most, same["plan_year"], policy), programmes, _kinds(items, policy), _totals(items, programmes, most)]
    rows = [{**same, "definition": _definition(policy), **row} for part in parts for row in part]
    numbered = ({**row, "line_no": number} for number, row in enumerate(rows, 1))
    return Computed(made(numbered, PLAN_BUDGET), {"plan_item": plan_item, "fund_balance": fund_balance, **rule(place)})


def live(items: Iterable[dict]) -> list[dict]:
    """The items in their order without those that were cancelled."""
    return sorted((row for row in items if row["state"] != CANCELLED), key=lambda row: row["item_no"])


def _definition(policy: Policy) -> str:
    return (f"额度＝下达预算额度，没有下达的为上年度征缴收入×{policy.cap_pct:g}%；项目按方案的次序逐项放入额度，放不下的跳过；"
            "没有定价的项目不计入合计")


def ceiling(funds: Iterable[Mapping], year: int, policy: Policy) -> Ceiling:
    """The ceiling of a year, from the rows of fund_balance: what was allotted wins over the share of the premiums.

    The sum that the policy's plan prints is what was allotted for its own year, where the fund's rows say nothing.
    """
    rows = list(funds)
    before, now = (_whole([row for row in rows if row["year"] == when]) for when in (year - 1, year))
    collected = total(row["collected_yuan"] for row in before if row["months_covered"] == 12)
    cap = yuan(collected * Decimal(str(policy.cap_pct)) / 100) if collected is not None else None
    allotted, said = total(row["allotted_yuan"] for row in now), "基金收支"
    if allotted is None and policy.plan and policy.plan.year == year and policy.plan.budget is not None:
        allotted, said = yuan(policy.plan.budget), "方案原文"
    lacking = "" if cap is not None else f"没有 {year - 1} 年全年的征缴收入，上限不明"
    return Ceiling(cap, allotted, said, lacking)


def _whole(rows: list[Mapping]) -> list[Mapping]:
    """The row of the whole area where there is one, else those of its pools."""
    return [row for row in rows if row["pool"] == WHOLE_AREA] or rows


def _ceilings(most: Ceiling, year: int, policy: Policy) -> Iterable[dict]:
    """Both limits and the one that holds."""
    share = f"{year - 1} 年征缴收入×{policy.cap_pct:g}%"
    beyond = "；高于上限，须经批准" if most.cap is not None and most.allotted is not None and most.allotted > most.cap else ""
    allotted = "没有下达额度" if most.allotted is None else f"据{most.allotted_by}{beyond}"
    used = "下达预算额度" if most.allotted is not None else "预防费上限"
    yield {"line": "ceiling", "subject": "cap", "title": f"预防费上限（{share}）", "amount_yuan": most.cap,
           "reason": most.reason or None}
    yield {"line": "ceiling", "subject": "allotted", "title": f"{year} 年下达预算额度", "amount_yuan": most.allotted,
           "limit_yuan": most.cap, "over_yuan": _over(most.allotted, most.cap),
           "reason": allotted}
    yield {"line": "ceiling", "subject": "ceiling", "title": "采用的额度", "amount_yuan": most.amount,
           "reason": f"按{used}" if most.amount is not None else most.reason}


def _over(amount: Decimal | None, limit: Decimal | None) -> Decimal | None:
    return None if amount is None or limit is None else amount - limit


def _programmes(items: list[dict], most: Ceiling) -> Iterable[dict]:
    """A row for each programme; in the plan's order each takes its money while it fits."""
    whole, taken = total(row["budget_yuan"] for row in items), NONE
    for row in items:
        budget = row["budget_yuan"]
        fits = None if budget is None or most.amount is None else taken + budget <= most.amount
        taken += budget if fits and budget is not None else NONE
        copied = ("kind", "quantity", "unit", "persons", "unit_cost_yuan", "head_cost_yuan", "budget_basis")
        yield {"line": "programme", "subject": row["programme_id"], "title": row["name"], **{name: row[name] for name in copied},
               "amount_yuan": budget, "share_pct": _share(budget, whole), "limit_yuan": _limit(row),
               "over_yuan": _over(budget, _limit(row)), "cumulated_yuan": taken if most.amount is not None else None,
               "is_fitting": fits, "reason": "经费未定" if budget is None else None}


def _limit(row: Mapping) -> Decimal | None:
    """The most that a programme may cost by its caps per unit and per head."""
    caps = [yuan(cap * Decimal(str(row[number]))) for cap, number in (
        (row["project_cap_yuan"], "quantity"), (row["head_cap_yuan"], "persons")) if cap is not None and row[number] is not None]
    return min(caps) if caps else None


def _share(amount: Decimal | None, whole: Decimal | None) -> float | None:
    return None if amount is None or not whole else float(amount * 100 / whole)


def _kinds(items: list[dict], policy: Policy) -> Iterable[dict]:
    """Publicity beside training, with the most that the policy lets publicity take."""
    whole = total(row["budget_yuan"] for row in items)
    most = policy.plan.publicity_share_pct if policy.plan else None
    for kind, (title,) in KIND.items():
        own = [row for row in items if row["kind"] == kind]
        if own:
            amount = total(row["budget_yuan"] for row in own)
            limit = yuan(whole * Decimal(str(most)) / 100) if kind == "publicity" and most is not None and whole else None
            yield {"line": "kind", "subject": kind, "title": f"{title}小计", "kind": kind, "amount_yuan": amount,
                   "share_pct": _share(amount, whole), "limit_yuan": limit, "over_yuan": _over(amount, limit),
                   "reason": _unpriced(own)}


def _unpriced(items: list[dict]) -> str | None:
    number = sum(row["budget_yuan"] is None for row in items)
    return f"{len(items)} 个项目中 {number} 个经费未定" if number else None


def _totals(items: list[dict], programmes: list[dict], most: Ceiling) -> Iterable[dict]:
    """The sum beside the ceiling, and what of the programmes' rows would fit where it is over."""
    if not items:
        return
    whole = total(row["budget_yuan"] for row in items)
    over = _over(whole, most.amount)
    said = "；".join(filter(None, [_verdict(over), _unpriced(items)]))
    yield {"line": "total", "subject": ALL, "title": "项目合计", "amount_yuan": whole, "share_pct": _share(whole, whole),
           "limit_yuan": most.amount, "over_yuan": over, "reason": said or None}
    out = [row["title"] for row in programmes if row["is_fitting"] is False]
    fitting = total(row["amount_yuan"] for row in programmes if row["is_fitting"])
    if over is not None:
        yield {"line": "fitting", "subject": ALL, "title": "额度内可安排的项目（按方案次序）", "amount_yuan": fitting or NONE,
               "limit_yuan": most.amount, "over_yuan": _over(fitting or NONE, most.amount),
               "reason": f"放不下：{'、'.join(out)}" if out else "全部放得下"}


def _verdict(over: Decimal | None) -> str | None:
    if over is None:
        return None
    return f"超出额度 {over:,.2f} 元" if over > 0 else f"额度余 {-over:,.2f} 元"
