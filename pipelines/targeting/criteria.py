"""Which units meet a criterion of a plan, and which criteria can be asked of the data at hand."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from pipelines.policy import Criterion, Policy
from pipelines.stats import official
from pipelines.targeting.facts import Facts

PREMIUM_RATE = "premium rate"
# Kinds of export, and the premium rates themselves. Deaths are known from claims; unknown grades are said in the definition.
SOURCE_OF = {
    "rate_above_region": ("claim", "premium"), "rate_above_threshold": ("claim", "premium"),
    "pay_ratio_above_region": ("payout", "premium"), "death_or_severe": ("claim",),
    "premium_rate_raised": (PREMIUM_RATE,), "listed_industry": ("enterprise",), "many_staff": ("premium",),
    "many_injuries": ("claim",), "many_occupational_disease": ("claim",),
}
COUNTED = {"many_staff": "heads_now", "many_injuries": "injuries_{}", "many_occupational_disease": "diseases_{}"}


def usable(criteria: Iterable[Criterion], has: Callable[[str], bool]) -> tuple[list[Criterion], list[Criterion]]:
    """The criteria that have their sources, and those left out for want of one."""
    fine: list[Criterion] = []
    left_out: list[Criterion] = []
    for criterion in criteria:
        has_all = all(has(source) for source in SOURCE_OF[criterion.kind])
        (fine if has_all and not (criterion.heads_below and not has("premium")) else left_out).append(criterion)
    return fine, left_out


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
        return grave(facts, period) > 0
    if criterion.kind == "premium_rate_raised":
        return np.isfinite(facts.number("rate_now"))
    if criterion.kind == "listed_industry":
        wanted = set(criterion.words)
        return facts.are({enterprise for enterprise, words in facts.words.items() if wanted & set(words)})
    return _has_many(criterion, facts)


def _has_many(criterion: Criterion, facts: Facts) -> np.ndarray:
    """A count at least as high as the criterion says, or among its share of the list region."""
    count, group = facts.number(COUNTED[criterion.kind].format(criterion.period)), facts.region[1]
    if criterion.heads_below is not None:
        count = np.where(facts.number("heads_now") < criterion.heads_below, count, np.nan)
    if criterion.top_pct is not None:
        return official.among_top(count, criterion.top_pct, group)
    return np.nan_to_num(count) >= (criterion.at_least or 1)


def grave(facts: Facts, period: str) -> np.ndarray:
    """Deaths and injuries of grades 1–4; a death with a grade counts in both, as the tables count it."""
    return np.nan_to_num(facts.number(f"deaths_{period}")) + np.nan_to_num(facts.number(f"severe_{period}"))


def regional_rate(facts: Facts, period: str) -> np.ndarray:
    """The rate in percent of each enterprise's list region."""
    injuries, years = facts.number(f"injuries_{period}"), facts.number(f"person_years_{period}")
    return official.pooled_ratio(injuries, years, facts.region[1]) * 100


def regional_pay_ratio(facts: Facts, period: str) -> np.ndarray:
    """The pay ratio in percent of each enterprise's list region."""
    paid, premium = facts.number(f"payout_yuan_{period}"), facts.number(f"premium_yuan_{period}")
    return official.pooled_ratio(paid, premium, facts.region[1]) * 100


def enters(how: str, met: list[np.ndarray], size: int) -> np.ndarray:
    """Which enterprises enter: everyone, or who meets all or any; without a criterion at hand nobody does."""
    if how == "everyone":
        return np.ones(size, bool)
    if not met:
        return np.zeros(size, bool)
    return np.logical_and.reduce(met) if how == "all" else np.logical_or.reduce(met)


def addressed(policy: Policy, facts: Facts, criteria: Sequence[Criterion]) -> tuple[dict[Criterion, np.ndarray], np.ndarray]:
    """Which enterprises meet each criterion of [outreach], and the positions of those to be addressed: open, entering by it."""
    met = {criterion: meets(criterion, facts, policy) for criterion in criteria}
    if policy.outreach is None:
        return met, np.zeros(0, np.int64)
    entered = enters(policy.outreach.enter, list(met.values()), facts.table.num_rows)
    return met, np.flatnonzero(entered & ~facts.flag("is_cancelled"))
