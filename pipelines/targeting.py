"""From facts about enterprises to the suggested lists of a policy: criteria, order, evidence in words.

Belongs here: what joins the policy's criteria (policy.py) to the rules' arithmetic (stats/official.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.model import Table
from pipelines.periods import Period
from pipelines.policy import Criterion, Policy
from pipelines.stats import official

KEPT_PER_REGION = 200
RATE_CHANGE = ("rate_ago", "rate_now", "tier_ago", "tier_now")
PERIOD_TITLES = {"last_year": "上年度", "last_3_years": "近三年"}
PREMIUM_RATE = "premium rate"
# Kinds of export, and the premium rates themselves. Deaths are known from claims; unknown grades are said in the definition.
SOURCE_OF = {
    "rate_above_region": ("claim", "premium"), "rate_above_threshold": ("claim", "premium"),
    "pay_ratio_above_region": ("payout", "premium"), "death_or_severe": ("claim",),
    "premium_rate_raised": (PREMIUM_RATE,), "listed_industry": ("enterprise",),
}


@dataclass(frozen=True)
class Facts:
    """Arrays over enterprises: the columns of candidate.sql, floats with NaN for unknown, and the plan words each met."""

    table: pa.Table
    words: Mapping[str, tuple[str, ...]]

    def number(self, name: str) -> np.ndarray:
        return pc.cast(self.table[name], pa.float64()).to_numpy(zero_copy_only=False)

    def text(self, name: str) -> np.ndarray:
        return self.table[name].to_numpy(zero_copy_only=False)

    @property
    def region(self) -> tuple[np.ndarray, np.ndarray]:
        """The list regions, sorted, and each enterprise's index among them."""
        names, index = np.unique(self.text("region_code").astype(str), return_inverse=True)
        return names, index


def usable_criteria(policy: Policy, has: Callable[[str], bool]) -> tuple[list[Criterion], list[Criterion]]:
    """The policy's criteria that have their sources, and those left out for want of one."""
    fine = [c for c in policy.rule.criteria if all(has(source) for source in SOURCE_OF[c.kind])]
    return fine, [c for c in policy.rule.criteria if c not in fine]


def meets(criterion: Criterion, facts: Facts, policy: Policy) -> np.ndarray:
    """Which enterprises meet a criterion (booleans)."""
    period = criterion.period
    if criterion.kind == "rate_above_region":
        return official.above(facts.number(f"rate_pct_{period}"), regional_rate(facts, period))
    if criterion.kind == "pay_ratio_above_region":
        return official.above(facts.number(f"pay_ratio_{period}"), regional_pay_ratio(facts, period))
    if criterion.kind == "rate_above_threshold":
        return official.above(facts.number(f"rate_pct_{period}"), policy.rate.threshold_pct)
    if criterion.kind == "death_or_severe":
        return (facts.number("deaths_last_year") + facts.number("severe_last_year")) > 0
    if criterion.kind == "premium_rate_raised":
        return np.isfinite(facts.number("rate_now"))
    wanted = set(criterion.words)
    hit = {enterprise for enterprise, words in facts.words.items() if wanted & set(words)}
    return np.isin(facts.text("enterprise_id").astype(str), np.array(sorted(hit), dtype=str))


def regional_rate(facts: Facts, period: str) -> np.ndarray:
    """The rate in percent of each enterprise's list region."""
    injuries, years = facts.number(f"injuries_{period}"), facts.number(f"person_years_{period}")
    return official.pooled_ratio(injuries, years, facts.region[1]) * 100


def regional_pay_ratio(facts: Facts, period: str) -> np.ndarray:
    """The pay ratio in percent of each enterprise's list region."""
    paid, premium = facts.number(f"payout_yuan_{period}"), facts.number(f"premium_yuan_{period}")
    return official.pooled_ratio(paid, premium, facts.region[1]) * 100


def _order_keys(policy: Policy, facts: Facts, criteria: list[Criterion]) -> list[np.ndarray]:
    """The policy's order as keys of which the smallest comes first; then injuries, then person-years."""
    period, keys = policy.rule.period, []
    for key in policy.rule.order:
        if key == "mean_rank":
            ranked = ["rate_pct"] + ["pay_ratio"] * any(c.kind == "pay_ratio_above_region" for c in criteria)
            keys.append(official.mean_rank([facts.number(f"{name}_{period}") for name in ranked], facts.region[1]))
        else:
            keys.append(-facts.number({"injuries": f"injuries_{period}", "rate": f"rate_pct_{period}"}[key]))
    return [*keys, -facts.number(f"injuries_{period}"), -facts.number(f"person_years_{period}")]


def _excluded(policy: Policy, facts: Facts) -> np.ndarray:
    """Why an enterprise is not ranked ('' = it is)."""
    reason = np.where(facts.text("is_cancelled").astype(bool), "已注销", "").astype(object)
    unknown = ~np.isfinite(facts.number(f"rate_pct_{policy.rule.period}"))
    if any(key in ("mean_rank", "rate") for key in policy.rule.order):
        reason[(reason == "") & unknown] = "无可用人数，不按发生率排序"
    return reason


def suggest(policy: Policy, facts: Facts, criteria: list[Criterion], periods: Mapping[str, Period]) -> list[dict]:
    """The rows of priority_enterprise without names: of each region the first 200, and those excluded who would enter."""
    if not facts.table.num_rows:
        return []
    met = {criterion: meets(criterion, facts, policy) for criterion in criteria}
    entered = _enters(policy.rule.enter, list(met.values()), facts.table.num_rows)
    keys, reason = _order_keys(policy, facts, criteria), _excluded(policy, facts)
    names, group = facts.region
    ids = facts.text("enterprise_id").astype(str)
    rank = official.order_list(entered, keys, ids, group, reason == "")
    is_kept = ((rank > 0) & (rank <= max(KEPT_PER_REGION, policy.rule.places * 2))) | ((rank == 0) & entered)
    kept = np.flatnonzero(is_kept).tolist()
    say = Evidence(policy, facts, criteria, met, periods)
    score = keys[0] if policy.rule.order[0] == "mean_rank" else -keys[0]
    return [
        {"region_code": str(names[group[i]]), "enterprise_id": ids[i], "rank": int(rank[i]) or None,
         "is_listed": bool(entered[i] and 0 < rank[i] <= policy.rule.places),
         "is_reserve": bool(entered[i] and rank[i] > policy.rule.places), "is_entered": bool(entered[i]),
         "score": float(score[i]) if np.isfinite(score[i]) else None, **say.figures(i), "criteria_met": say.titles(i),
         "evidence": say.sentence(i), "excluded_reason": reason[i] or None}
        for i in kept
    ]


def outreach(policy: Policy, facts: Facts, criteria: list[Criterion], periods: Mapping[str, Period]) -> list[dict]:
    """The rows of outreach_enterprise without names: every enterprise open for business that meets a criterion."""
    if not policy.has_outreach or not facts.table.num_rows:
        return []
    met = {criterion: meets(criterion, facts, policy) for criterion in criteria}
    wanted = _enters("any", list(met.values()), facts.table.num_rows) & ~facts.text("is_cancelled").astype(bool)
    say, ids = Evidence(policy, facts, criteria, met, periods), facts.text("enterprise_id").astype(str)
    kept = np.flatnonzero(wanted).tolist()
    return [{"enterprise_id": ids[i], "criteria_met": say.titles(i), "evidence": say.sentence(i)} for i in kept]


def _enters(how: str, met: list[np.ndarray], size: int) -> np.ndarray:
    if not met:
        return np.zeros(size, bool)
    return np.logical_and.reduce(met) if how == "all" else np.logical_or.reduce(met)


class Evidence:
    """Says of one enterprise what speaks for it: the figures of the criteria's periods and what each criterion found."""

    def __init__(self, policy: Policy, facts: Facts, criteria: list[Criterion], met: Mapping[Criterion, np.ndarray],
                 periods: Mapping[str, Period]):
        self.policy, self.facts, self.criteria, self.met, self.periods = policy, facts, criteria, met, periods
        named = ("injuries", "person_years", "rate_pct", "pay_ratio")
        wanted = [f"{name}_{period}" for period in PERIOD_TITLES for name in named]
        numbers = [*wanted, "deaths_last_year", "severe_last_year", *RATE_CHANGE]
        self.numbers = {name: facts.number(name) for name in numbers}
        self.regional = {
            period: (regional_rate(facts, period), regional_pay_ratio(facts, period)) for period in PERIOD_TITLES
        }
        self.place = "全市" if list(facts.region[0]) == ["000000"] else "本地区"

    def figures(self, i: int) -> dict:
        values = {name: numbers[i] for name, numbers in self.numbers.items() if name not in RATE_CHANGE}
        counts = ("injuries", "deaths", "severe")
        return {n: None if np.isnan(v) else int(v) if n.startswith(counts) else float(v) for n, v in values.items()}

    def titles(self, i: int) -> str:
        return "；".join(criterion.title for criterion in self.criteria if self.met[criterion][i])

    def sentence(self, i: int) -> str:
        period = self.policy.rule.period
        parts = [self._rate(i, period)]
        kinds = {criterion.kind for criterion in self.criteria if self.met[criterion][i]}
        if any(criterion.kind == "pay_ratio_above_region" for criterion in self.criteria):
            parts.append(self._pay_ratio(i, period))
        if "death_or_severe" in kinds:
            parts.append(f"上年度死亡{self._n('deaths_last_year', i):.0f}人、1–4级{self._n('severe_last_year', i):.0f}人")
        if "premium_rate_raised" in kinds:
            tier_ago, tier_now, ago, now = (self._n(name, i) * 100 for name in ("tier_ago", "tier_now", "rate_ago", "rate_now"))
            parts.append(f"浮动档次由{tier_ago:.0f}%上调至{tier_now:.0f}%（费率{ago:.4g}%→{now:.4g}%）")
        if "listed_industry" in kinds:
            parts.append("属" + "、".join(self.facts.words[str(self.facts.table["enterprise_id"][i].as_py())]))
        return "；".join(parts) + "。"

    def _n(self, name: str, i: int) -> float:
        return self.numbers[name][i]

    def _rate(self, i: int, period: str) -> str:
        window = self.periods[period]
        months = "–".join(f"{m // 100}-{m % 100:02d}" for m in (window.first_month, window.last_month))
        injuries = np.nan_to_num(self._n(f"injuries_{period}", i))
        said = f"{PERIOD_TITLES[period]}（{months}）工伤{injuries:.0f}人次"
        rate = self._n(f"rate_pct_{period}", i)
        if np.isnan(rate):
            return said + "，无可用人数，不计发生率"
        years = self._n(f"person_years_{period}", i)
        return said + f"，{years:,.1f}人年，发生率{rate:.2f}%（{self.place}{self.regional[period][0][i]:.2f}%）"

    def _pay_ratio(self, i: int, period: str) -> str:
        ratio = self._n(f"pay_ratio_{period}", i)
        if np.isnan(ratio):
            return "无征缴保费，不计支缴率"
        return f"支缴率{ratio:.1f}%（{self.place}{self.regional[period][1][i]:.1f}%）"


def as_rows(
    rows: list[dict], names: pa.Table, contract: Table, common: Mapping[str, object], named: Mapping[str, str]
) -> pa.Table:
    """The rows with names and industries, as a table of the contract."""
    known = {row["enterprise_id"]: row for row in names.to_pylist()}
    blank = dict.fromkeys(contract.names)
    full = []
    for row in rows:
        who = known.get(row["enterprise_id"], {})
        region = {} if "region_code" in row else {"region_code": who.get("region_code")}
        shown = {name: who.get(name) for name in ("enterprise_name", "industry_code")}
        industry = named.get(who.get("industry_named") or "")
        full.append({**blank, **common, **region, **shown, "industry_name": industry, **row})
    return pa.Table.from_pylist(full, schema=contract.schema)
