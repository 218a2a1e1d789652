"""What speaks for an enterprise, in sentences that can be read out at the meeting.

Belongs here: figures as words. Every figure was computed before.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from pipelines.classification import Classification
from pipelines.contracts.outlook import SIZE_BAND
from pipelines.contracts.shared import WHOLE_AREA
from pipelines.periods import Period
from pipelines.policy import Criterion, Policy
from pipelines.policy.words import PERIOD_TITLES
from pipelines.rates import industry_name
from pipelines.targeting.criteria import regional_pay_ratio, regional_rate
from pipelines.targeting.facts import Facts

CITY, REGION = "全市", "本地区"
NO_HEADS = "近十二个月无缴费人数，不作预计"
FIGURES = ("injuries", "person_years", "rate_pct", "pay_ratio", "deaths", "severe", "diseases")
SINGLE = ("heads_now", "rate_ago", "rate_now", "tier_ago", "tier_now")


class Evidence:
    """Says of one enterprise what happened in the list's period, what is expected of it, which criteria it meets."""

    def __init__(self, policy: Policy, facts: Facts, met: Mapping[Criterion, np.ndarray], spans: Mapping[str, Period],
                 tree: Classification):
        self.policy, self.facts, self.met, self.spans, self.tree = policy, facts, met, spans, tree
        self.numbers = {name: facts.number(name) for name in (*SINGLE, *(f"{n}_{p}" for p in PERIOD_TITLES for n in FIGURES))}
        asked = {policy.rule.period, *(criterion.period for criterion in met)}
        self.regional = {period: (regional_rate(facts, period), regional_pay_ratio(facts, period)) for period in asked}
        self.details = {
            "rate_above_region": self._rate_above_region, "rate_above_threshold": self._rate,
            "pay_ratio_above_region": self._pay_ratio, "death_or_severe": self._grave, "premium_rate_raised": self._raised,
            "listed_industry": self._words, "many_staff": self._heads, "many_injuries": self._injuries,
            "many_occupational_disease": self._diseases,
        }
        self.place = CITY if list(facts.region[0]) == [WHOLE_AREA] else REGION

    def titles(self, i: int, criteria: Sequence[Criterion]) -> str:
        """The criteria that it meets, by their titles."""
        return "；".join(criterion.title for criterion in criteria if self.met[criterion][i])

    def sentence(
        self, i: int, criteria: Sequence[Criterion], also: Sequence[Criterion], outlook: Mapping, chance: str = ""
    ) -> str:
        """The whole evidence; `outlook` = its columns of enterprise_outlook, `chance` = how sure its place is."""
        said = ["；".join(filter(None, [self._past(i), *self._ahead(outlook), chance]))]
        for head, named in (("符合", criteria), ("另符合", also)):
            met = "；".join(self._met(i, criterion) for criterion in named if self.met[criterion][i])
            said += [f"{head}：{met}"] if met else []
        return "。".join(said) + "。"

    def _n(self, name: str, i: int) -> float:
        return self.numbers[name][i]

    def _past(self, i: int) -> str:
        period = self.policy.rule.period
        window = self.spans[period]
        months = "–".join(f"{m // 100}-{m % 100:02d}" for m in (window.first_month, window.last_month))
        said = f"{PERIOD_TITLES[period]}（{months}）工伤{np.nan_to_num(self._n(f'injuries_{period}', i)):.0f}人次"
        rate = self._n(f"rate_pct_{period}", i)
        if np.isnan(rate):
            return said + "，无可用人数，不计发生率"
        years = self._n(f"person_years_{period}", i)
        return said + f"，{years:,.1f}人年，发生率{rate:.2f}%（{self.place}{self.regional[period][0][i]:.2f}%）"

    def _ahead(self, outlook: Mapping) -> list[str]:
        """The norm of its like and how far it stands from it; the coming year."""
        if outlook.get("expected_injuries") is None:
            return []
        if not outlook["person_years_ahead"]:
            return [NO_HEADS]
        industry = (industry_name(outlook["norm_code"], self.tree) or "").split("（")[0]  # deeper levels have a code, no name
        like = "，".join(filter(None, [industry, (SIZE_BAND.codes or {})[outlook["size_band"]][0]]))
        return [
            f"同类单位（{like}）发生率一般为{outlook['norm_pct']:.2f}%，扣除偶然波动，本单位的风险约为同类的"
            f"{outlook['posterior_ratio']:.1f}倍（80%区间{outlook['ratio_low']:.1f}–{outlook['ratio_high']:.1f}倍）",
            f"不开展项目，来年预计工伤{_count(outlook['expected_injuries'])}人次（80%区间{outlook['predicted_low']}–"
            f"{outlook['predicted_high']}人次），{_beside(outlook['excess_injuries'])}",
        ]

    def _met(self, i: int, criterion: Criterion) -> str:
        """A criterion's title with the figures that it was met by, unless they stand in the sentence already."""
        detail = self.details[criterion.kind](i, criterion)
        return f"{criterion.title}（{detail}）" if detail else criterion.title

    def _rate_above_region(self, i: int, criterion: Criterion) -> str:
        beside = self.regional[criterion.period][0][i]
        return self._rate(i, criterion) and f"{self._rate(i, criterion)}，{self.place}{beside:.2f}%"

    def _rate(self, i: int, criterion: Criterion) -> str:
        """The rate of another period than the one that the sentence begins with."""
        is_said = criterion.period == self.policy.rule.period
        return "" if is_said else f"{self._n(f'rate_pct_{criterion.period}', i):.2f}%"

    def _pay_ratio(self, i: int, criterion: Criterion) -> str:
        beside = self.regional[criterion.period][1][i]
        return f"{self._n(f'pay_ratio_{criterion.period}', i):.1f}%，{self.place}{beside:.1f}%"

    def _grave(self, i: int, criterion: Criterion) -> str:
        deaths, severe = (self._n(f"{name}_{criterion.period}", i) for name in ("deaths", "severe"))
        return f"死亡{np.nan_to_num(deaths):.0f}人、1–4级{np.nan_to_num(severe):.0f}人"

    def _raised(self, i: int, criterion: Criterion) -> str:
        tier_ago, tier_now, ago, now = (self._n(name, i) * 100 for name in ("tier_ago", "tier_now", "rate_ago", "rate_now"))
        return f"浮动档次由{tier_ago:.0f}%上调至{tier_now:.0f}%，费率{ago:.4g}%→{now:.4g}%"

    def _words(self, i: int, criterion: Criterion) -> str:
        words = self.facts.words[str(self.facts.ids[i])]
        return "属" + "、".join(word for word in words if word in criterion.words)

    def _heads(self, i: int, criterion: Criterion) -> str:
        return f"现有{self._n('heads_now', i):,.0f}人{_bound(criterion)}"

    def _injuries(self, i: int, criterion: Criterion) -> str:
        heads = f"，现有{self._n('heads_now', i):,.0f}人" if criterion.heads_below is not None else ""
        said = f"{PERIOD_TITLES[criterion.period]}{self._n(f'injuries_{criterion.period}', i):.0f}人次"
        return said + _bound(criterion) + heads

    def _diseases(self, i: int, criterion: Criterion) -> str:
        return f"{PERIOD_TITLES[criterion.period]}{self._n(f'diseases_{criterion.period}', i):.0f}例{_bound(criterion)}"


def _bound(criterion: Criterion) -> str:
    """How many are many."""
    return f"，居前{criterion.top_pct:g}%" if criterion.top_pct is not None else f"，不少于{criterion.at_least:g}"


def _count(number: float) -> str:
    return f"{number:.1f}" if number >= 0.05 else "不到0.1"


def _beside(excess: float) -> str:
    """How the coming year stands beside that of its like."""
    if abs(excess) < 0.05:
        return "与同类相当"
    return f"比同类{'多' if excess > 0 else '少'}{abs(excess):.1f}人次"
