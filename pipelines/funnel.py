"""The funnel of a city: the rate of every unit against its person-years, with what chance alone would give.

Belongs here: which units are shown one by one, which only as counts of a cell. How it is drawn is in reports/board.
"""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.stats import funnel

CONFIDENCES = (0.95, 0.998)
MOST_UNITS, MOST_BEYOND = 3000, 400
"""Cities of more units show those beyond the outer limit, at most so many, and the wanted one by one, the others as counts."""
COLUMNS, ROWS = 72, 48
LEAST_PERSON_YEARS, TOP_RATES = 1.0, 10.0
"""Units below are drawn there; rates above so many times the city's are drawn at the upper edge."""


class Unit(NamedTuple):
    """One unit of the funnel."""

    enterprise_id: str
    name: str
    person_years: float
    injuries: int
    rate_pct: float


class Limit(NamedTuple):
    """One limit: rates against rising person-years."""

    confidence: float
    person_years: tuple[float, ...]
    rate_pct: tuple[float, ...]


class Funnel(NamedTuple):
    """What the funnel shows; empty without units or without a rate of the city.

    cells     middle of a cell (person-years, rate) and the units in it that are not shown one by one
    top_pct   the highest rate that is drawn to scale
    above, below  units whose rate lies beyond the outer limits
    """

    period: str
    rate_pct: float | None
    units: tuple[Unit, ...] = ()
    cells: tuple[tuple[float, float, int], ...] = ()
    limits: tuple[Limit, ...] = ()
    top_pct: float = 0.0
    enterprises: int = 0
    above: int = 0
    below: int = 0


def of_city(risk: pa.Table, period: str, rate_pct: float | None, wanted: Collection[str]) -> Funnel:
    """The funnel of a period from enterprise_risk; units in `wanted` are always shown one by one."""
    rows = risk.filter((pc.field("period") == period) & (pc.field("person_years") > 0) & pc.field("rate_pct").is_valid())
    if not rate_pct or not rows.num_rows:
        return Funnel(period, rate_pct)
    years, rates = (rows[name].to_numpy() for name in ("person_years", "rate_pct"))
    beyond = funnel.beyond(rate_pct / 100, rows["injuries"].to_numpy(), years, CONFIDENCES[-1])
    is_shown = np.ones(len(years), dtype=bool)
    if len(years) > MOST_UNITS:
        is_wanted = pc.is_in(rows["enterprise_id"], value_set=pa.array(sorted(wanted), pa.string()))
        is_shown = is_wanted.to_numpy() | _most(beyond > 0, rows, rate_pct)
    top = TOP_RATES * rate_pct
    shown = rows.filter(pa.array(is_shown)).sort_by("enterprise_id").to_pylist()
    units = tuple(Unit(row["enterprise_id"], row["enterprise_name"] or row["enterprise_id"], row["person_years"], row["injuries"],
                       row["rate_pct"]) for row in shown)
    return Funnel(period, rate_pct, units, _cells(years[~is_shown], rates[~is_shown], years.max(), top),
                  _limits(rate_pct, years.max()), top, len(years), int((beyond > 0).sum()), int((beyond < 0).sum()))


def _most(is_above: np.ndarray, rows: pa.Table, rate_pct: float) -> np.ndarray:
    """Of the units above the outer limit those with most injuries more than the city's rate gives."""
    more = rows["injuries"].to_numpy() - rows["person_years"].to_numpy() * rate_pct / 100
    order = np.lexsort((rows["enterprise_id"].to_numpy(zero_copy_only=False), np.where(is_above, -more, np.inf)))
    kept = np.zeros(len(more), dtype=bool)
    kept[order[:MOST_BEYOND]] = True
    return kept & is_above


def _cells(years: np.ndarray, rates: np.ndarray, most: float, top: float) -> tuple[tuple[float, float, int], ...]:
    edges = np.linspace(np.log10(LEAST_PERSON_YEARS), np.log10(max(most, 10 * LEAST_PERSON_YEARS)), COLUMNS + 1)
    rows = np.concatenate([[0.0], np.linspace(1e-9, top, ROWS)])  # units without an injury have a row of their own
    found = funnel.gathered(np.log10(np.maximum(years, LEAST_PERSON_YEARS)), rates, edges, rows)
    at = np.round(10 ** found.x, 2).tolist(), np.round(found.y, 4).tolist(), found.count.tolist()
    return tuple(zip(*at, strict=True))


def _limits(rate_pct: float, most: float) -> tuple[Limit, ...]:
    """The lower and the upper limit of each confidence."""
    pairs = [(confidence, funnel.control_limits(rate_pct / 100, max(most, 10 * LEAST_PERSON_YEARS), confidence))
             for confidence in CONFIDENCES]
    return tuple(Limit(confidence, tuple(np.round(curve.exposure, 2).tolist()), tuple(np.round(100 * curve.rate, 4).tolist()))
                 for confidence, pair in pairs for curve in pair)
