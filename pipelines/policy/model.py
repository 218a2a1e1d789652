"""The model of a policy: what a city plan may say about who is listed, and the words that stand for it in a file.

Belongs here: dataclasses and the closed lists of what may be said. Reading is reading.py, saying it in Chinese words.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipelines.contracts.codes import CLAUSE_GROUP
from pipelines.policy.programmes import Plan

ENTER = ("everyone", "all", "any")
PERIODS = ("last_year", "last_3_years", "last_5_years")
ORDERS = ("excess", "expected", "mean_rank", "injuries", "rate", "pay_ratio", "prevention_index", "exceedance", "severe")
EXCLUDES = ("closed", "projects", "dispatch")
DATES = ("accident", "decision", "report")
PREMIUMS = ("collected", "due_period")
UNKNOWN_CLAUSE = "unknown"
CLAUSES = (*CLAUSE_GROUP, UNKNOWN_CLAUSE)
DISEASE_CLAUSE = "14-4"
USUAL_THRESHOLD_PCT, USUAL_RESERVE = 4.0, 2.0
# kind of criterion -> the keys that it takes beside kind and title; of at_least and top_pct it takes one.
CRITERIA: Mapping[str, tuple[str, ...]] = {
    "rate_above_region": ("period",), "pay_ratio_above_region": ("period",), "rate_above_threshold": ("period",),
    "death_or_severe": ("period",), "premium_rate_raised": (), "listed_industry": ("words",),
    "many_staff": ("at_least", "top_pct"), "many_injuries": ("period", "at_least", "top_pct", "heads_below"),
    "many_occupational_disease": ("period", "at_least", "top_pct"),
}
# The criteria whose measures mean_rank ranks, and the measure of each.
RANKED = {"rate_above_region": "rate_pct", "pay_ratio_above_region": "pay_ratio"}


@dataclass(frozen=True)
class Rate:
    """The definition of the injury rate (the switches of DESIGN's `definition`)."""

    clauses: tuple[str, ...]
    date: str
    counts_projects: bool
    counts_old_injuries: bool
    threshold_pct: float = USUAL_THRESHOLD_PCT


@dataclass(frozen=True)
class Criterion:
    """One criterion of a plan.

    words        of a listed_industry: the plan's words for industries and lists
    at_least     of a many_…: as many or more
    top_pct      of a many_…: among that share, in percent, of the list region's units
    heads_below  only units of fewer heads
    """

    kind: str
    title: str
    period: str = "last_year"
    words: tuple[str, ...] = ()
    at_least: float | None = None
    top_pct: float | None = None
    heads_below: int | None = None

    @property
    def said(self) -> tuple:
        """What it asks for, whatever it is called."""
        return self.kind, self.period, frozenset(self.words), self.at_least, self.top_pct, self.heads_below


@dataclass(frozen=True)
class Limits:
    """What a list must keep to beside entry and order; None = no such limit.

    per_district, per_industry  most places per 6-digit region code, per division
    minimum_person_years        in the list's period
    minimum_trainees            heads as of now
    served_within_years         0 = not twice in the list's year; n = nor in the n years before it
    reserve                     the reserve reaches to that many times the places
    """

    per_district: int | None = None
    per_industry: int | None = None
    minimum_person_years: float | None = None
    minimum_trainees: int | None = None
    served_within_years: int | None = None
    excludes: tuple[str, ...] = ("closed",)
    reserve: float = USUAL_RESERVE


@dataclass(frozen=True)
class ListRule:
    """Who may enter the list (everyone, who meets all or any of the criteria), in which order, within which limits.

    official_order  the order of the plan's own words, for comparison
    also            criteria that are named in the evidence, though nobody needs them to enter
    """

    places: int
    enter: str
    order: tuple[str, ...]
    official_order: tuple[str, ...]
    period: str
    criteria: tuple[Criterion, ...] = ()
    also: tuple[Criterion, ...] = ()
    limits: Limits = field(default_factory=Limits)

    @property
    def last_reserve(self) -> int:
        """The last rank of the reserve."""
        return int(self.places * self.limits.reserve + 1e-9)


@dataclass(frozen=True)
class Outreach:
    """Who is addressed by publicity and training (宣传培训重点)."""

    enter: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Groups:
    """What a plan sets of groups (重点群体).

    least_units        a group of fewer units is left out
    heads_top_pct      进企业 looks among that share, in percent, of the city's units, those with most heads
    least_trainees     heads that a unit of 中小微企业 has to have, so that a course is worth while (湖南 2022: 1,000 of 20 units)
    enterprises        units kept of 进企业 and of occupational diseases; small_enterprises  of 中小微企业
    """

    least_units: int = 3
    heads_top_pct: float = 10.0
    least_trainees: int = 50
    enterprises: int = 50
    small_enterprises: int = 200


@dataclass(frozen=True)
class Hotspots:
    """How many sites of commuting accidents a plan names, and how large each is.

    sites         of the city, or of every county where `by_county`
    radius_m      of a site
    platform      whether accidents of platform workers get sites of their own
    """

    sites: int = 20
    radius_m: float = 150.0
    by_county: bool = False
    platform: bool = False


@dataclass(frozen=True)
class Tier:
    """A floating tier in percent of the base rate, for pay ratios up to a limit in percent (None = all above)."""

    tier_pct: float
    up_to_pct: float | None


@dataclass(frozen=True)
class Floating:
    """The local rule by which premium rates float with the pay ratio of the last years.

    without_injury  tiers of units without any injury in these years; empty = the same tiers
    """

    years: int
    tiers: tuple[Tier, ...]
    without_injury: tuple[Tier, ...] = ()


@dataclass(frozen=True)
class Policy:
    """A city plan's rules."""

    name: str
    title: str
    source: str
    rate: Rate
    premium: str
    cap_pct: float
    rule: ListRule
    outreach: Outreach | None
    digest: str
    floating: Floating | None = None
    rate_change_target_pct: float | None = None
    groups: Groups = field(default_factory=Groups)
    hotspots: Hotspots = field(default_factory=Hotspots)
    plan: Plan | None = None
