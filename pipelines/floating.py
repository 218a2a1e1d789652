"""浮动档次 as a calculation: the tier that a local rule would give for a unit's pay ratio; nothing where no rule is configured.

Belongs here: applying the rule of a policy. What a tier has been is told from delivered rates (premium_rate_change.sql).
"""

import numpy as np

from pipelines.policy.model import Floating, Tier


def tiers(premium: np.ndarray, payout: np.ndarray, injuries: np.ndarray, span: np.ndarray, rule: Floating | None) -> np.ndarray:
    """The tier of each unit in percent; NaN without a rule or without premiums in its years.

    premium, payout, injuries  shape (units, years), the newest year first, NaN = unknown
    span                       part of a year that each column covers; a rule looks at whole years only
    """
    if rule is None:
        return np.full(len(premium), np.nan)
    used = np.flatnonzero(span >= 1)[:rule.years]
    paid, spent, hurt = (np.nansum(values[:, used], axis=1) for values in (premium, payout, injuries))
    ratio = np.divide(spent * 100, paid, out=np.full(len(paid), np.nan), where=paid > 0)
    found = _tier_of(ratio, rule.tiers)
    if rule.without_injury:
        found = np.where(hurt == 0, _tier_of(ratio, rule.without_injury), found)
    return found


def _tier_of(ratio: np.ndarray, rule: tuple[Tier, ...]) -> np.ndarray:
    limits = np.array([tier.up_to_pct for tier in rule[:-1]], float)
    place = np.searchsorted(limits, np.nan_to_num(ratio), side="left")
    return np.where(np.isfinite(ratio), np.array([tier.tier_pct for tier in rule])[place], np.nan)


def said(rule: Floating | None) -> str:
    """The rule in words.

    >>> said(Floating(3, (Tier(80, 60.0), Tier(120, None)), (Tier(50, None),)))
    '测算，按近3年支缴率：60%以下80%档，其余120%档；无工伤的50%档'
    """
    if rule is None:
        return "未配置"
    without = f"；无工伤的{_listed(rule.without_injury)}" if rule.without_injury else ""
    return f"测算，按近{rule.years}年支缴率：{_listed(rule.tiers)}{without}"


def _listed(rule: tuple[Tier, ...]) -> str:
    parts = [f"{tier.up_to_pct:g}%以下{tier.tier_pct:g}%档" for tier in rule[:-1]]
    return "，".join([*parts, f"{'其余' if parts else ''}{rule[-1].tier_pct:g}%档"])
