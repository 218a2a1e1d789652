"""Who is on the lists: entry by the plan's criteria, the order inside, then the limits, one after another.

Belongs here: the steps, each with what it costs in excess injuries. The arithmetic of places is stats/selection.py, what is said
of the steps comparison.py.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from pipelines.policy import Criterion, Policy
from pipelines.policy.model import RANKED, Limits
from pipelines.policy.words import EXCLUDED_TITLES, served_title
from pipelines.stats import official, selection
from pipelines.targeting.comparison import Comparison, Other, Step
from pipelines.targeting.criteria import enters, grave, meets
from pipelines.targeting.facts import Facts

KEPT_PER_REGION = 200
EXPECTED = {"excess": ("excess_injuries", -1), "expected": ("expected_injuries", -1), "exceedance": ("exceedance", -1),
            "prevention_index": ("prevention_index", 1)}
RATED = ("mean_rank", "rate")
NO_RATE, NO_EXPECTATION = "无可用人数，不按发生率排序", "近十二个月无可用人数，不能预期"


class Barrier(NamedTuple):
    """A limit that single units meet or not: its title, who is out, and the reason in words, one or of each."""

    title: str
    is_out: np.ndarray
    reason: str | np.ndarray


class Choice(NamedTuple):
    """Arrays over the enterprises of the facts; a rank of 0 = none.

    met      which enterprises meet each criterion of the list and of `also`
    able     who entered and is kept out by nothing of its own, by a full quota at most
    reason   what keeps an enterprise out ('' = nothing)
    score    what the first key of the order stands for
    kept     positions of the rows that are shown
    """

    met: Mapping[Criterion, np.ndarray]
    entered: np.ndarray
    able: np.ndarray
    rank: np.ndarray
    official_rank: np.ndarray
    excess_rank: np.ndarray
    reason: np.ndarray
    score: np.ndarray
    kept: np.ndarray
    comparison: Comparison


class Chooser:
    """The steps of a policy over the facts; `criteria` and `also` = those of the policy that have their sources."""

    def __init__(self, policy: Policy, facts: Facts, criteria: Sequence[Criterion], also: Sequence[Criterion] = ()):
        self.policy, self.rule, self.facts, self.criteria = policy, policy.rule, facts, criteria
        self.met = {criterion: meets(criterion, facts, policy) for criterion in (*criteria, *also)}
        self.size = facts.table.num_rows
        self.entered = enters(self.rule.enter, [self.met[criterion] for criterion in criteria], self.size)
        self.group = facts.region[1]
        self.excess = np.nan_to_num(facts.number("excess_injuries"))

    def choose(self) -> Choice:
        """The lists of all regions."""
        reason = np.where(self._closed, EXCLUDED_TITLES["closed"], "").astype(object)
        for barrier in (self._unordered(self.rule.order), *self._barriers()):
            here = barrier.is_out & (reason == "")
            reason[here] = barrier.reason if isinstance(barrier.reason, str) else barrier.reason[here]
        able = self.entered & (reason == "")
        full = selection.kept_out(self.order, self.group, able, self.rule.places, [quota for _, quota in self._quotas])
        for number, (title, _) in enumerate(self._quotas):
            reason[full == number] = title
        rank = self._ranked(reason == "")
        score, sign = self._key(self.rule.order[0])
        return Choice(self.met, self.entered, able, rank, self.official_rank, self.excess_rank, reason, score * sign,
                      self._kept(rank), self._comparison(rank))

    def _ranked(self, is_able: np.ndarray) -> np.ndarray:
        """Ranks of those who entered, then of the others behind them."""
        first = selection.ranks(self.order, self.group, is_able & self.entered)
        behind = selection.ranks(self.order, self.group, is_able & ~self.entered)
        entered = np.bincount(self.group[first > 0], minlength=int(self.group.max(initial=-1)) + 1)
        return np.where(behind > 0, behind + entered[self.group], first)

    def _kept(self, rank: np.ndarray) -> np.ndarray:
        """The first of each region, and of those who entered and were kept out the first by the same order."""
        most = max(KEPT_PER_REGION, self.rule.last_reserve)
        out = selection.ranks(self.order, self.group, self.entered & (rank == 0))
        return np.flatnonzero(((rank > 0) & (rank <= most)) | ((out > 0) & (out <= most)))

    # Orders.

    @cached_property
    def order(self) -> np.ndarray:
        return self._in_order(self.rule.order)

    def _in_order(self, names: Sequence[str]) -> np.ndarray:
        period = self.rule.period
        more = [-self.facts.number(f"{name}_{period}") for name in ("injuries", "person_years")]
        return selection.in_order([*(self._key(name)[0] for name in names), *more], np.arange(self.size), self.group)

    def _key(self, name: str) -> tuple[np.ndarray, int]:
        """A key of which the smallest comes first, and the sign that makes it the figure that it stands for."""
        period = self.rule.period
        if name in EXPECTED:
            column, sign = EXPECTED[name]
            return sign * self.facts.number(column), sign
        if name == "mean_rank":
            kinds = {criterion.kind for criterion in self.criteria}
            ranked = [measure for kind, measure in RANKED.items() if kind in kinds] or ["rate_pct"]
            return official.mean_rank([self.facts.number(f"{measure}_{period}") for measure in ranked], self.group), 1
        if name == "severe":
            return -grave(self.facts, period), -1
        column = {"injuries": "injuries", "rate": "rate_pct", "pay_ratio": "pay_ratio"}[name]
        return -self.facts.number(f"{column}_{period}"), -1

    def _unordered(self, names: Sequence[str]) -> Barrier:
        """Who cannot stand in an order for want of heads."""
        if any(name in EXPECTED for name in names):
            return Barrier("", ~(self.facts.number("person_years_ahead") > 0), NO_EXPECTATION)
        if any(name in RATED for name in names):
            return Barrier("", ~np.isfinite(self.facts.number(f"rate_pct_{self.rule.period}")), NO_RATE)
        return Barrier("", np.zeros(self.size, bool), "")

    # Limits.

    @cached_property
    def _closed(self) -> np.ndarray:
        is_closed = self.facts.flag("is_cancelled")
        return is_closed if "closed" in self.rule.limits.excludes else np.zeros(self.size, bool)

    def _barriers(self) -> list[Barrier]:
        """The limits that the policy sets to single units, in the order in which they are applied."""
        limits, facts = self.rule.limits, self.facts
        found = [Barrier(EXCLUDED_TITLES[name], facts.flag(column), EXCLUDED_TITLES[name])
                 for name, column in (("projects", "is_project"), ("dispatch", "is_dispatch")) if name in limits.excludes]
        for title, least, column in (
            ("人年", limits.minimum_person_years, f"person_years_{self.rule.period}"),
            ("受训人数", limits.minimum_trainees, "heads_now"),
        ):
            if least is not None:
                found.append(Barrier(title, ~(facts.number(column) >= least), f"{title}不足"))
        return found + ([self._served(limits)] if limits.served_within_years is not None else [])

    def _served(self, limits: Limits) -> Barrier:
        title = served_title(limits)
        said = np.array([f"{title}（{self.facts.served[unit]}）" if unit in self.facts.served else "" for unit in self.facts.ids],
                        object)
        return Barrier(title, said != "", said)

    @cached_property
    def _quotas(self) -> list[tuple[str, selection.Quota]]:
        limits = self.rule.limits
        said = (("本区名额已满", limits.per_district, "district_code"), ("本行业名额已满", limits.per_industry, "division"))
        return [(title, selection.Quota(self.facts.codes(column), most)) for title, most, column in said if most is not None]

    # Other rules, for comparison.

    @cached_property
    def excess_rank(self) -> np.ndarray:
        """Ranks by the pure order of excess."""
        return self.rank_by(("excess",), np.ones(self.size, bool))

    @cached_property
    def official_rank(self) -> np.ndarray:
        """Ranks under the plan's own words alone; 0 where the policy has no such rule."""
        if not self.rule.official_order:
            return np.zeros(self.size, np.int64)
        return self.rank_by(self.rule.official_order, self.entered)

    def rank_by(self, names: Sequence[str], who: np.ndarray) -> np.ndarray:
        """Ranks by an order among those of them who are open and can stand in it."""
        order = self.order if tuple(names) == self.rule.order else self._in_order(names)
        return selection.ranks(order, self.group, who & ~self._closed & ~self._unordered(names).is_out)

    def _comparison(self, rank: np.ndarray) -> Comparison:
        listed = self.entered & self._has_place(rank)
        rules = [self.excess_rank] + ([self.official_rank] if self.rule.official_order else [])
        others = [self._has_place(found) for found in rules]
        by_excess, *official_rule = (
            Other(int(other.sum()), int((other & listed).sum()), float(self.excess[other].sum())) for other in others)
        lists = len(self.facts.region[0])
        return Comparison(lists, lists * self.rule.places, int(listed.sum()), float(self.excess[listed].sum()),
                          tuple(self._steps()), by_excess, official_rule[0] if official_rule else None)

    def _has_place(self, rank: np.ndarray) -> np.ndarray:
        return (rank > 0) & (rank <= self.rule.places)

    def _steps(self) -> list[Step]:
        """What each step from the pure order of excess to the list costs in excess injuries, one after another."""
        by_excess = self.order if self.rule.order == ("excess",) else self._in_order(("excess",))
        able = ~self._closed & ~self._unordered(("excess",)).is_out
        before, steps = self._sum(by_excess, able, []), []

        def step(title: str, order: np.ndarray, quotas: list[selection.Quota]) -> None:
            nonlocal before
            after = self._sum(order, able, quotas)
            steps.append(Step(title, before - after))
            before = after

        if self.rule.enter != "everyone":
            able = able & self.entered
            step("准入条件", by_excess, [])
        if self.rule.order != ("excess",):
            able = self.entered & ~self._closed & ~self._unordered(self.rule.order).is_out
            step("排序", self.order, [])
        for barrier in self._barriers():
            able = able & ~barrier.is_out
            step(barrier.title, self.order, [])
        for number, (title, _) in enumerate(self._quotas, 1):
            step(title.removesuffix("已满"), self.order, [quota for _, quota in self._quotas[:number]])
        return steps

    def _sum(self, order: np.ndarray, able: np.ndarray, quotas: list[selection.Quota]) -> float:
        """The excess injuries of those who get a place."""
        out = selection.kept_out(order, self.group, able, self.rule.places, quotas) >= 0
        return float(self.excess[self._has_place(selection.ranks(order, self.group, able & ~out))].sum())
