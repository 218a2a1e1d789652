"""What the enterprises pay: one row per enterprise and month, late ones, refunds, and the instalments of projects."""
from dataclasses import dataclass, fields

import numpy as np

from pipelines.simulate import calibration, wages
from pipelines.simulate.draws import Array, day_in, month_number, stream
from pipelines.simulate.population import PROJECT, Population, Scale
from pipelines.simulate.staffing import BASE_TIER, TIERS, Staffing

NORMAL, LATE, REFUND = 0, 1, 2
KINDS = np.array(["正常", "补缴", "退费"], object)
LATE_SHARE, REFUND_SHARE = 0.01, 0.003
LATE_FEE_PER_DAY = 0.0005
REDUCED_UNTIL, REDUCED = month_number(202504), 0.8
"""The phase reduction of 20 % and the last period it held for."""
NO_HEADS = -1
PROJECT_EVERY = 9
PROJECT_COST = 22_000.0
PROJECT_TIER = "tier2_permille"


@dataclass(frozen=True)
class Premiums:
    """One entry per row, shape (n,), in the order of `month` (when it became known), then enterprise.

    `heads` is NO_HEADS where the export leaves it empty; money in yuan, `rate` a fraction.
    """

    month: Array
    enterprise: Array
    period: Array
    heads: Array
    base: Array
    rate: Array
    due: Array
    paid: Array
    late_fee: Array
    received: Array
    kind: Array


def premiums(people: Population, state: Staffing, tier: Array, scale: Scale) -> Premiums:
    """All rows that become known from the first to the last month."""
    parts = [_one_period(people, state, tier, scale, column) for column in range(len(scale.months))]
    rows = {field.name: np.concatenate([part[field.name] for part in parts]) for field in fields(Premiums)}
    kept = np.flatnonzero(rows["month"] <= scale.last)
    order = kept[np.lexsort((rows["kind"][kept], rows["period"][kept], rows["enterprise"][kept], rows["month"][kept]))]
    return Premiums(**{name: column[order] for name, column in rows.items()})


def _one_period(people: Population, state: Staffing, tier: Array, scale: Scale, column: int) -> dict[str, Array]:
    """The rows for one period: paid in time, paid one to six months late, and refunds for it."""
    month = int(scale.months[column])
    known = people.count_at(month)
    rng = stream(scale.seed, "premiums", month)
    u = rng.random((7, known))
    is_project = people.kind[:known] == PROJECT
    heads = state.insured[:known, column] if known else np.zeros(0, int)
    pays = (heads > 0) & (~is_project | ((np.arange(known) + month) % PROJECT_EVERY == 0))
    base = np.round(heads * wages.contribution_wage(people.wage[:known], month) * (0.99 + 0.02 * u[0]), 2)
    base = np.where(is_project, np.round(heads * PROJECT_EVERY * PROJECT_COST * (0.7 + 0.6 * u[0]), -2), base)
    rate = np.where(is_project, _project_rate(), _rates(state.risk_class[:known, column], tier[:known, column], month))
    is_late = pays & (u[1] < LATE_SHARE)
    wait = np.where(is_late, 1 + (u[2] * 6).astype(int), 0)
    rows = _rows(np.flatnonzero(pays), month, np.where(is_project, NO_HEADS, heads), base, rate, wait, u[3])
    refunds = np.flatnonzero(pays & ~is_late & ~is_project & (u[4] < REFUND_SHARE))
    back = _rows(refunds, month, np.zeros(known, int), -np.round(base * (0.02 + 0.2 * u[5]), 2), rate,
                 1 + (u[6] * 3).astype(int), u[3])
    back["kind"][:], back["late_fee"][:] = REFUND, 0.0
    return {name: np.concatenate([rows[name], back[name]]) for name in rows}


def _rows(which: Array, period: int, heads: Array, base: Array, rate: Array, wait: Array, u: Array) -> dict[str, Array]:
    """Rows of the selected enterprises, received `wait` months after their period."""
    month, wait = period + wait[which], wait[which]
    received = day_in(month, 0.15 + 0.7 * u[which])
    due = np.round(base[which] * rate[which], 2)
    overdue = (received - np.datetime64(period + 1, "M").astype("datetime64[D]")).astype(np.int64)
    late_fee = np.where(wait > 0, np.round(due * LATE_FEE_PER_DAY * np.maximum(overdue, 0), 2), 0.0)
    return {"month": month, "enterprise": which, "period": np.full(len(which), period), "heads": heads[which],
            "base": base[which], "rate": rate[which], "due": due, "paid": due, "late_fee": late_fee,
            "received": received, "kind": np.where(wait > 0, LATE, NORMAL)}


def _rates(risk_class: Array, tier: Array, month: int) -> Array:
    """National base of the class × floating tier × phase factor; class 1 is never below its base."""
    tier = np.where(risk_class == 1, np.maximum(tier, BASE_TIER), tier)
    phase = REDUCED if month <= REDUCED_UNTIL else 1.0
    return np.round(calibration.base_rates()[risk_class] * TIERS[tier] * phase, 8)


def _project_rate() -> float:
    """Premium of a project per yuan of its cost; Jiangsu's second tier, the only published table at hand."""
    return float(calibration.numbers("construction_project_rates", PROJECT_TIER)[0]) / 1000
