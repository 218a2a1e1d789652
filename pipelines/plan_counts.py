"""What the plans' targets count in a year, as it was known in a month and ever after.

Belongs here: the tables of an earlier month built anew from the deliveries (no mart of another month is read), so that a
baseline, once settled, never moves. What becomes of the counts is plan_progress.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import areas, classification, development, engine, periods, rates, standing
from pipelines import policy as policies
from pipelines.contracts import core
from pipelines.contracts.tracking import TIMED_CLAIM
from pipelines.deliveries import Deliveries
from pipelines.lazy import Computed, Input, Query, Stored
from pipelines.listed import listed_enterprise, pairs
from pipelines.periods import Period
from pipelines.plan_targets import CITY, Target
from pipelines.workspace import Workspace

# A baseline is settled once these had come.
NEEDED = ("enterprise", "premium", "claim")
WHOLE_YEAR, NEVER = 12, 999999


class Tables(NamedTuple):
    """The month's own tables that the targets read."""

    enterprise: Stored
    enterprise_year: Stored
    timed_claim: Stored
    designation: Stored
    platform_injury: Stored
    unit_match: Stored
    claim_development: Stored


@dataclass(frozen=True)
class View:
    """The tables as they were known in a month; `known_from` = the first month of full claims (yyyymm)."""

    tree: classification.Classification
    enterprise: Input
    enterprise_year: Input
    timed_claim: Input
    designation: Input
    platform_injury: Input
    known_from: int | None

    def platform(self, place: Workspace, year: int) -> int:
        """The injuries of platform workers in a year."""
        query = Query("marts/platform_year.sql", {"platform_injury": self.platform_injury}, {"year": year})
        return engine.fetch(query, place.core)["injuries"][0].as_py()


class YearCounts(NamedTuple):
    """Target -> counts (sql/marts/target_count.sql); platform injuries; the first month of full claims (yyyymm); known when."""

    by_target: Mapping[str, dict]
    platform: int | None
    known_from: int | None
    known_month: int


@dataclass(frozen=True)
class Views:
    """What the years since one baseline are counted in: the month's own tables, and what an earlier month knew.

    frozen     the deliveries that the baseline stands on: those of its month, or by when units, premiums and claims had all come
    has_lists  whether other departments' lists were among them; without, no year since is counted by lists
    covered    the months of each year with premiums
    """

    place: Workspace
    known: Deliveries
    raw_file: pa.Table
    tables: Tables
    own: View
    frozen: Deliveries
    is_settled: bool
    has_lists: bool
    covered: Mapping[int, int]

    @classmethod
    def of(cls, place: Workspace, known: Deliveries, raw_file: pa.Table, tables: Tables, settled: int) -> "Views":
        """The views of a month on a baseline that is settled by what was known in the month `settled`."""
        by = max(settled, *(known.opening(kind) or NEVER for kind in NEEDED))
        frozen = place.deliveries(raw_file.filter(pc.field("batch_month") <= by), min(settled, known.as_of))
        tree = rates.classification_of(tables.enterprise, place.settings().classification)
        begins = tables.claim_development.columns("known_from_month")["known_from_month"][0].as_py()
        own = View(tree, tables.enterprise, tables.enterprise_year, tables.timed_claim, tables.designation,
                   tables.platform_injury, begins)
        covered = {row["year"]: row["months"] for row in rates.months_by_year(tables.enterprise_year, known.as_of).to_pylist()}
        return cls(place, known, raw_file, tables, own, frozen, by <= known.as_of, frozen.has("designation"), covered)

    def counts(self, year: int, month: int, is_baseline: bool, targets: Sequence[Target]) -> YearCounts:
        """What the targets count in a year, as it was known in a month; of a year without premiums nothing is built anew."""
        view, known = self.own, self.place.deliveries(self.raw_file, month)
        if month < self.known.as_of and self.covered.get(year) == WHOLE_YEAR:
            view = self._frozen() if is_baseline else self._settled(known)
        if not self.has_lists:
            view = replace(view, designation=core.DESIGNATION.schema.empty_table())
        platform = view.platform(self.place, year) if known.has("platform_injury") else None
        return YearCounts(year_counts(self.place, view, year, targets), platform, view.known_from, month)

    def _settled(self, known: Deliveries) -> View:
        """The month's own tables, but the injuries as known then."""
        counted = _counted(self.place, known, self.tables.unit_match)
        return replace(self.own, timed_claim=counted, platform_injury=standing.standing("platform_injury", known))

    def _frozen(self) -> View:
        """Everything as known then: what a baseline stands on."""
        known, scratch = self.frozen, self.place.core
        tree, industry = standing.industry_table(known, self.place.settings().classification, scratch)
        nowhere, alias = areas.SCHEMA.empty_table(), known.of("area_alias")
        listed = standing.standing("enterprise", known, industry=industry, area=nowhere, area_alias_row=alias)
        enterprise = Computed(engine.fetch(listed, scratch))
        match = standing.unit_match(known, enterprise, scratch)
        counted = _counted(self.place, known, match)
        begins = development.counts(known, counted, scratch).known_from
        platform = standing.standing("platform_injury", self.place.deliveries(self.raw_file, known.as_of))
        return View(tree, enterprise, _enterprise_year(known, match), counted,
                    standing.standing("designation", known, unit_match=match), platform, begins and development.yyyymm(begins))


def _counted(place: Workspace, known: Deliveries, match: Stored | Computed) -> Query:
    claim = standing.claim(known, standing.standing("appraisal", known), match)
    return development.timed_claim(known, claim, place.policy())


def _enterprise_year(known: Deliveries, match: Computed) -> Query:
    """Heads as known then; claims and payments are counted elsewhere."""
    month = Query("core/enterprise_month.sql", {"newest_premium": standing.newest_premium(known, match)})
    inputs = {"enterprise_month": month, "claim": core.CLAIM.schema.empty_table(), "payout": core.PAYOUT.schema.empty_table()}
    return Query("core/enterprise_year.sql", inputs, {"as_of": known.as_of})


def year_counts(place: Workspace, view: View, year: int, targets: Iterable[Target]) -> dict[str, dict]:
    """Target -> what it counts in a year (sql/marts/target_count.sql), in a view."""
    span = Period("year", year, year, False, year * 100 + 1, year * 100 + 12, 12, False)
    period = Query("marts/enterprise_period.sql", {
        "enterprise": view.enterprise, "enterprise_year": view.enterprise_year,
        "counted_claim": view.timed_claim, "counted_claim_year_ago": TIMED_CLAIM.schema.empty_table(),
        "payout": core.PAYOUT.schema.empty_table(),
        "period": periods.as_table([span]), "definition": policies.definition_table(place.policy()),
    }, is_shared=True)
    words = sorted({(target.target_id, word) for target in targets for word in target.words})
    inputs = {
        "enterprise_period": period, "enterprise_year": view.enterprise_year, "target_word": pairs("target_id", "word", words),
        "listed_enterprise": listed_enterprise(
            view.enterprise, view.designation, sorted({word for _, word in words} - {CITY}), view.tree.name),
    }
    rows = engine.fetch(Query("marts/target_count.sql", inputs, {"year": year}), place.core).to_pylist()
    return {row["target_id"]: row for row in rows}
