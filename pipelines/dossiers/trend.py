"""建档单位历年: the years of each unit that gets a dossier, with exact intervals beside the norm of its like.

Belongs here: who has a dossier, and the rows of enterprise_trend.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import engine, outlook, rates
from pipelines.contracts.dossiers import ENTERPRISE_TREND
from pipelines.deliveries import Deliveries
from pipelines.lazy import Computed, Query, Stored
from pipelines.periods import Period
from pipelines.served import list_year
from pipelines.stats.poisson import garwood
from pipelines.workspace import Workspace


class Sources(NamedTuple):
    """The tables of a month that dossiers stand on."""

    decided_enterprise: Stored
    enterprise: Stored
    enterprise_year: Stored
    enterprise_history: Stored
    enterprise_outlook: Stored


def selected(decided: Stored, as_of: int) -> pa.Table:
    """The units selected for the list's year, by number: the listed where nothing is decided."""
    rows = decided.columns("year", "enterprise_id", "is_selected")
    chosen = rows.filter(pc.and_(rows["is_selected"], pc.equal(rows["year"], list_year(as_of))))
    return chosen.select(["enterprise_id"]).sort_by("enterprise_id")


def wanted(place: Workspace, decided: Stored, as_of: int) -> pa.Table:
    """The units that get a dossier, by number: those selected, none where these are more than the settings' `dossiers`.

    A province's lists name a thousand units; whoever visits them has the dossiers of a city made.
    """
    chosen = selected(decided, as_of)
    return chosen if len(chosen) <= place.settings().dossiers else chosen.slice(0, 0)


def spans_of(sources: Sources, as_of: int) -> list[Period]:
    """The years that a dossier shows, the newest first: those that expectations stand on."""
    return outlook.used(outlook.years(as_of, *rates.months_covered(sources.enterprise_year)))


def units_of(place: Workspace, sources: Sources, as_of: int) -> list[dict]:
    """dossier_unit.sql: the units with their years side by side."""
    inputs = {"wanted": wanted(place, sources.decided_enterprise, as_of), "enterprise": sources.enterprise,
              "enterprise_history": sources.enterprise_history, "enterprise_outlook": sources.enterprise_outlook}
    return engine.fetch(Query("marts/dossier_unit.sql", inputs), place.core).to_pylist()


def enterprise_trend(place: Workspace, known: Deliveries, sources: Sources) -> Computed:
    """The table of a month."""
    common = {"as_of_month": known.as_of, "definition": rates.definition_of(place.policy(), known)}
    spans = spans_of(sources, known.as_of)
    rows = [row for unit in units_of(place, sources, known.as_of) for row in years_of(unit, spans, known.has("payout"))]
    counts = np.array([row["injuries"] for row in rows], np.int64)
    for row, low, high in zip(rows, *garwood(counts), strict=True):
        row |= {**common, **_rates(row, low, high)}
    made = [{name: row[name] for name in ENTERPRISE_TREND.names} for row in rows]
    return Computed(pa.Table.from_pylist(made, ENTERPRISE_TREND.schema), sources._asdict())


def years_of(unit: Mapping, spans: list[Period], has_payouts: bool) -> Iterator[dict]:
    """A unit's years in which it had heads, an injury or money, from a row of dossier_unit.sql."""
    for span in spans:
        months, injuries, premium, payout = (
            unit[f"{name}_{span.period.removeprefix('year_')}"]
            for name in ("person_months", "injuries", "premium_yuan", "payout_yuan"))
        if months or injuries or premium or payout:
            yield {"enterprise_id": unit["enterprise_id"], "year": span.last_year, "is_to_date": span.is_to_date,
                   "person_months": months, "injuries": injuries, "norm_pct": unit["norm_pct"], "premium_yuan": premium,
                   "payout_yuan": payout if has_payouts else None}


def _rates(row: Mapping, low: float, high: float) -> dict:
    per_year = 1200 / row["person_months"] if row["person_months"] else None
    premium, payout = float(row["premium_yuan"] or 0), row["payout_yuan"]
    return {
        "person_years": row["person_months"] / 12 if row["person_months"] else None,
        "rate_pct": row["injuries"] * per_year if per_year else None, "rate_low_pct": low * per_year if per_year else None,
        "rate_high_pct": high * per_year if per_year else None,
        "pay_ratio": None if payout is None or premium <= 0 else float(payout) * 100 / premium,
    }
