"""How far the plans' targets are reached: each year beside its baseline, the path between, and what may be said of it.

Belongs here: the rows of target_progress from counts (plan_counts.py) under the rules (tracking_rules.py). Every year is taken as
it was known a fixed number of months after its end; a younger one is brought to that age by how late claims become known.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipelines import plan_targets, policy, tracking_rules
from pipelines.completeness import Completeness, grouped
from pipelines.contracts.tracking import GROUPS, TARGET_PROGRESS
from pipelines.deliveries import Deliveries
from pipelines.development import WHOLE, holds_year, month_number
from pipelines.lazy import Computed
from pipelines.periods import add_months, windows
from pipelines.plan_counts import WHOLE_YEAR, Tables, Views, YearCounts
from pipelines.plan_targets import Break, Target
from pipelines.policy import Policy
from pipelines.stats.poisson import garwood
from pipelines.stats.rate_ratio import probability_at_most, ratio_limits, share_limits
from pipelines.tracking_rules import TargetRules
from pipelines.workspace import Workspace, folder_name


class Setting(NamedTuple):
    """What every row is made under."""

    as_of: int
    rules: TargetRules
    complete: Completeness
    breaks: list[Break]
    opening: int
    definition: str

    def settled(self, year: int) -> int:
        """The month whose knowledge a year is settled by."""
        return add_months(year * 100 + 12, self.rules.settled_after_months)


class Figure(NamedTuple):
    """A target's figure of one year; `growth` = how many times as large it will be once settled, None = it cannot be told."""

    value: float | None = None
    low: float | None = None
    high: float | None = None
    count: int | None = None
    exposure: float | None = None
    growth: float | None = 1.0
    enterprises: int | None = None
    reason: str | None = None

    @property
    def counted(self) -> tuple[int, float]:
        """The injuries known, and the exposure of which they are known."""
        return self.count or 0, (self.exposure or 0.0) / (self.growth or 1.0)

    @property
    def projected(self) -> float | None:
        return None if self.value is None or self.growth is None else self.value * self.growth


def target_progress(place: Workspace, known: Deliveries, raw_file: pa.Table, tables: Tables) -> Computed:
    """The mart as of a month."""
    rules, targets = tracking_rules.load(), plan_targets.in_force(plan_targets.targets(), known.as_of)
    complete = Completeness.read(tables.claim_development, rules.development)
    setting = Setting(known.as_of, rules.targets, complete, plan_targets.breaks(), known.opening("claim") or 0,
                      _definition(place.policy(), rules.targets))
    last = windows(known.as_of)[0].last_year
    rows: list[dict] = []
    for baseline in sorted({target.baseline_year for target in targets if target.baseline_year <= last}):
        own = [target for target in targets if target.baseline_year == baseline]
        views = Views.of(place, known, raw_file, tables, setting.settled(baseline))
        years = range(baseline, min(max(target.last_year for target in own), last) + 1)
        counted = {year: views.counts(year, min(setting.settled(year), known.as_of), year == baseline, own) for year in years}
        rows += [row for target in own for row in _rows(target, counted, views, setting)]
    return Computed(pa.Table.from_pylist(rows, schema=TARGET_PROGRESS.schema), tables._asdict())


def _definition(rules: Policy, said: TargetRules) -> str:
    path = "每年同一比例" if said.path == "geometric" else "每年同一数额"
    age = f"每年以其结束后第 {said.settled_after_months} 个月所知为准，未到的按认定滞后推到同龄"
    return f"{policy.rate_definition(rules)}；{age}；应达值的路径：{path}"


def _rows(target: Target, counted: Mapping[int, YearCounts], views: Views, setting: Setting) -> list[dict]:
    """A target's baseline and every year since that is over."""
    base = _figure(target, target.baseline_year, counted[target.baseline_year], setting)
    common = {
        "as_of_month": setting.as_of, "target_id": target.target_id, "plan": target.plan, "target_title": target.title,
        "measure": target.measure, "industries": _industries(target, views), "baseline_year": target.baseline_year,
        "baseline_figure": base.projected, "is_baseline_settled": views.is_settled,
        "target_change_pct": target.change_pct, "source": target.source, "definition": setting.definition,
    }
    return [
        {**common, **_row(target, year, counts, base, setting)} for year, counts in counted.items() if year <= target.last_year
    ]


def _row(target: Target, year: int, counts: YearCounts, base: Figure, setting: Setting) -> dict:
    figure = _figure(target, year, counts, setting)
    made = {
        "year": year, "known_month": counts.known_month, "enterprises": figure.enterprises, "injuries": figure.count,
        "person_years": figure.exposure if target.measure == "rate" else None, "figure": figure.value, "figure_low": figure.low,
        "figure_high": figure.high, "projected_figure": figure.projected, "series_breaks": _broken(target, year, setting),
        "reason": "；".join(filter(None, [figure.reason or _no_base(target, year, base), target.note])) or None,
    }
    if target.measure == "count":
        return made
    for name, when in (("required_figure", year), ("target_figure", target.last_year)):
        part = target.required(when, setting.rules.path)
        made[name] = base.projected * part if base.projected and part is not None else None
    return made if year == target.baseline_year else {**made, **_compared(target, year, figure, base, setting)}


def _no_base(target: Target, year: int, base: Figure) -> str | None:
    """Why a year cannot be compared although it has a figure."""
    if year == target.baseline_year or base.projected:
        return None
    return "基期为 0，无从比较" if base.projected == 0 else f"没有基期：{base.reason}"


def _compared(target: Target, year: int, figure: Figure, base: Figure, setting: Setting) -> dict:
    """The change since the baseline with its interval, and how sure it is that the path is kept."""
    if not base.projected or figure.projected is None:
        return {}
    made: dict = {"change_pct": (figure.projected / base.projected - 1) * 100}
    if target.measure != "rate":
        return made
    pair = *figure.counted, *base.counted
    low, high = ratio_limits(*pair)
    made |= {"change_low_pct": (low - 1) * 100, "change_high_pct": (high - 1) * 100 if np.isfinite(high) else None}
    required = target.required(year, setting.rules.path)
    if required is None:
        return made
    probability, likely = probability_at_most(required, *pair) * 100, setting.rules.likely_pct
    verdict = "on_pace" if probability >= likely else "behind" if probability <= 100 - likely else "unclear"
    return {**made, "probability_pct": probability, "verdict": verdict}


def _figure(target: Target, year: int, counts: YearCounts, setting: Setting) -> Figure:
    """The target's figure of a year, or why there is none."""
    if target.measure == "count":
        if counts.platform is None:
            return Figure(reason="没有职业伤害数据")
        low, high = (float(limit[0]) for limit in garwood(np.array([counts.platform])))
        return Figure(float(counts.platform), low, high, counts.platform)
    reason = _missing(target, year, counts)
    if reason:
        return Figure(reason=reason)
    row = counts.by_target[target.target_id]
    growth = _growth(year, counts, setting)
    made = _rate(row, growth) if target.measure == "rate" else _share(target, row, growth)
    if made.growth is None:
        reason = f"该年的数到 {folder_name(setting.settled(year))} 才齐，现在无从推到同龄（{setting.complete.said}）"
    return made._replace(enterprises=row["enterprises"], reason=made.reason or reason)


def _missing(target: Target, year: int, counts: YearCounts) -> str | None:
    row, begins = counts.by_target.get(target.target_id), counts.known_from
    if not holds_year(begins, year):
        return f"{year} 年的认定数据不全，自 {folder_name(begins)} 起才齐" if begins else f"没有 {year} 年的认定数据"
    if row is None:
        return "没有这些行业或名录的单位"
    if (row["months_covered"] or 0) < WHOLE_YEAR:
        return f"{year} 年只有 {row['months_covered'] or 0} 个月的缴费人数"
    return None if target.measure == "share" or row["person_months"] else f"{year} 年这些单位没有缴费人数"


def _growth(year: int, counts: YearCounts, setting: Setting) -> dict[str, float] | None:
    """Group -> how many times as many injuries of a year will be known once it is settled; None where that cannot be told."""
    months_left = month_number(setting.settled(year)) - setting.complete.known_to
    if counts.known_month == setting.settled(year) or months_left <= 0:
        return dict.fromkeys(GROUPS, 1.0)
    found: dict[str, float] = {}
    for group in GROUPS:
        now = setting.complete.of_months(group, year * 100 + 1, year * 100 + 12)
        then = setting.complete.of_months(group, year * 100 + 1, year * 100 + 12, months_left)
        if now is None or then is None or now < setting.complete.least:
            return None
        found[group] = then / now
    return found


def _overall(row: Mapping, growth: Mapping[str, float] | None) -> float | None:
    """How many times as many injuries of a row will be known, all groups together."""
    if growth is None:
        return None
    injuries = grouped(row)
    total = sum(injuries.values())
    return sum(number * growth[group] for group, number in injuries.items()) / total if total else growth[WHOLE]


def _rate(row: Mapping, growth: Mapping[str, float] | None) -> Figure:
    """Injuries per hundred person-years of the units whose heads are known."""
    count, years = row["exposed_injuries"], row["person_months"] / WHOLE_YEAR
    low, high = (float(limit[0]) * 100 / years for limit in garwood(np.array([count])))
    return Figure(count * 100 / years, low, high, count, years, _overall(row, growth))


def _share(target: Target, row: Mapping, growth: Mapping[str, float] | None) -> Figure:
    """The part of all injuries that a clause group has, in per cent."""
    count, total = row[f"injuries_{target.clause_group}"], row["injuries"]
    if not total:
        return Figure(reason="该年没有工伤", count=0)
    low, high = (limit * 100 for limit in share_limits(count, total))
    own, overall = growth.get(target.clause_group, growth["other"]) if growth else None, _overall(row, growth)
    return Figure(count * 100 / total, low, high, count, float(total), own / overall if own and overall else None)


def _industries(target: Target, views: Views) -> str | None:
    """Which industries and lists the target's words stand for in the city's classification."""
    if plan_targets.CITY in target.words or not target.words:
        return None
    words = [policy.plan_words()[word] for word in target.words]
    codes = sorted({code for word in words for code in word.industries.get(views.own.tree.name, ())})
    lists = sorted({name for word in words for name in word.designations if views.has_lists})
    return "；".join(filter(None, ["、".join(codes), f"名录：{'、'.join(lists)}" if lists else ""]))


def _broken(target: Target, year: int, setting: Setting) -> str | None:
    """What since the baseline keeps the figures from being alike."""
    first, last = target.baseline_year * 100 + 1, year * 100 + 12
    said = [f"{folder_name(found.month)} {found.title}" for found in setting.breaks
            if first < found.month <= last and target.measure in found.measures]
    if first < setting.opening and target.measure != "count":
        said.append(f"{folder_name(setting.opening)} 首次交付：此前的撤销、行业与名录按交付时所知")
    return "；".join(said) or None
