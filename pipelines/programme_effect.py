"""项目成效: what happened to the units of issued lists, beside what had been expected of them when the lists were made.

Belongs here: windows, counts and the frozen expectations that are compared. The statistics are stats/effect.py.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines import engine, issue, rates
from pipelines.contracts.evaluation import PROGRAMME_EFFECT
from pipelines.deliveries import Deliveries
from pipelines.development import counted_claim
from pipelines.lazy import Computed, Query, Stored
from pipelines.periods import add_months, months_between
from pipelines.stats import effect
from pipelines.workspace import Workspace

MOST_MONTHS = 12
FROZEN = ("enterprise_id", "expected_injuries", "expected_spread", "person_years_ahead")


class Tables(NamedTuple):
    """The month's tables that effects are worked from."""

    enterprise: Stored
    enterprise_month: Stored
    claim: Stored
    decision: Stored
    programme: Stored


class Window(NamedTuple):
    """Months after a list and as many before it."""

    first: int
    last: int
    before_first: int
    before_last: int

    @property
    def months(self) -> int:
        return months_between(self.first, self.last)


class Counts(NamedTuple):
    """Arrays over the units of a frozen list, before and after it; expected = without programme, in the exposure after it."""

    ids: np.ndarray
    injuries_before: np.ndarray
    injuries_after: np.ndarray
    years_before: np.ndarray
    years_after: np.ndarray
    expected: np.ndarray
    spread: np.ndarray


def programme_effect(place: Workspace, known: Deliveries, tables: Tables) -> Computed:
    """The rows of every list that was issued before the month."""
    rows: list[dict] = []
    for one in issue.issued_before(place, known.as_of):
        window = window_of(one.month, known.as_of)
        counts = _counts(place, tables, place.data / "issued" / one.name, window)
        served = _served(tables.decision.columns().to_pylist(), one, add_months(one.month, 1) // 100)
        common = {"as_of_month": known.as_of, "list_month": one.month, "list_version": one.name, "first_month": window.first,
                  "last_month": window.last, "months_after": window.months, "definition": _definition(place, known)}
        rows += [{**common, **row} for row in _rows(place, tables, counts, served, add_months(one.month, 1) // 100)]
    made = [{name: row[name] for name in PROGRAMME_EFFECT.names} for row in rows]
    inputs = {**tables._asdict(), "issued_list": issue.issued_table(place, known.as_of)}
    return Computed(pa.Table.from_pylist(made, schema=PROGRAMME_EFFECT.schema), inputs)


def window_of(list_month: int, as_of: int) -> Window:
    """The months after a list, at most twelve, and as many up to it.

    >>> window_of(202412, 202503)
    Window(first=202501, last=202503, before_first=202410, before_last=202412)
    """
    first, last = add_months(list_month, 1), min(as_of, add_months(list_month, MOST_MONTHS))
    return Window(first, last, add_months(list_month, 1 - months_between(first, last)), list_month)


def _definition(place: Workspace, known: Deliveries) -> str:
    return f"{rates.definition_of(place.policy(), known)}；成效＝之后工伤÷没有项目时的预期−1，预期在存档时冻结"


def _served(decisions: list[dict], one: issue.IssuedList, year: int) -> set[str]:
    """Who got a programme: whom the meeting chose for the year, else whom the list named."""
    chosen = {row["enterprise_id"]: row["is_selected"] for row in decisions if row["year"] == year and row["is_latest"]}
    return {unit for unit, is_selected in chosen.items() if is_selected} if chosen else set(one.listed)


def _counts(place: Workspace, tables: Tables, folder: Path, window: Window) -> Counts:
    frozen = pq.read_table(folder / "enterprise_outlook.parquet", columns=list(FROZEN)).sort_by("enterprise_id")
    ids = frozen["enterprise_id"].combine_chunks()
    before, after = (_window(place, tables, ids, *span) for span in (window[2:], window[:2]))
    expected, spread, ahead = (frozen[name].to_numpy() for name in FROZEN[1:])
    rate = np.divide(expected, ahead, out=np.zeros(len(ahead)), where=ahead > 0)
    return Counts(np.array(ids.to_pylist(), object), before[0], after[0], before[1], after[1], rate * after[1], spread)


def _window(place: Workspace, tables: Tables, ids: pa.Array, first: int, last: int) -> tuple[np.ndarray, np.ndarray]:
    """Injuries and person-years of the units in a window."""
    inputs = {"enterprise_month": tables.enterprise_month, "counted_claim": counted_claim(tables.claim, place.policy())}
    found = engine.fetch(Query("marts/window_count.sql", inputs, {"first_month": first, "last_month": last}), place.core)
    at = pc.fill_null(pc.index_in(ids, found["enterprise_id"].combine_chunks()), -1).to_numpy(zero_copy_only=False)
    columns = (pc.cast(found[name], pa.float64()).to_numpy() for name in ("injuries", "person_months"))
    injuries, months = (np.append(column, 0.0)[at] for column in columns)
    return injuries, months / 12


def _rows(place: Workspace, tables: Tables, counts: Counts, served: set[str], year: int) -> Iterator[dict]:
    is_served = np.isin(counts.ids.astype(str), np.array(sorted(served), str))
    others = counts.expected[~is_served].sum()
    drift = float(counts.injuries_after[~is_served].sum() / others) if others > 0 else 1.0
    target = place.policy().rate_change_target_pct
    names = dict(zip(*(column.to_pylist() for column in tables.enterprise.columns("enterprise_id", "enterprise_name").columns),
                     strict=True))
    programmes = _programmes(tables.programme.columns().to_pylist(), year)
    yield _row("list", "all", None, is_served, counts, drift, target)
    for key, (title, units) in programmes.items():
        chosen = is_served & np.isin(counts.ids.astype(str), np.array(sorted(units), str))
        if chosen.any():
            yield _row("programme", key, title, chosen, counts, drift, target)
    for position in np.flatnonzero(is_served).tolist():
        unit = str(counts.ids[position])
        yield _row("enterprise", unit, names.get(unit), np.arange(len(is_served)) == position, counts, drift, target)


def _programmes(rows: list[dict], year: int) -> Mapping[str, tuple[str | None, set[str]]]:
    found: dict[str, tuple[str | None, set[str]]] = {}
    for row in sorted(rows, key=lambda row: row["programme_id"]):
        if row["year"] == year and row["enterprise_id"]:
            found.setdefault(row["programme_id"], (row["programme_name"], set()))[1].add(row["enterprise_id"])
    return found


def _row(scope: str, subject: str, name: str | None, chosen: np.ndarray, counts: Counts, drift: float,
         target: float | None) -> dict:
    before, after = int(counts.injuries_before[chosen].sum()), int(counts.injuries_after[chosen].sum())
    years_before, years_after = float(counts.years_before[chosen].sum()), float(counts.years_after[chosen].sum())
    expected, variance = effect.together(counts.expected[chosen] * drift, counts.spread[chosen] ** 2)
    found = effect.effect(after, expected, variance)
    change = (after / years_after) / (before / years_before) - 1 if before and years_before and years_after else None
    chance = None
    if target is not None and before and years_before:
        most = np.floor((1 + target / 100) * before / years_before * years_after + 1e-9)
        chance = effect.chance_of_at_most(most, expected, variance)
    return {
        "scope": scope, "subject": subject, "subject_name": name, "enterprises": int(chosen.sum()), "injuries_before": before,
        "injuries_after": after, "person_years_before": years_before, "person_years_after": years_after,
        "rate_change_pct": None if change is None else change * 100, "expected_injuries": expected, "drift": drift,
        "effect_pct": _pct(found.ratio), "effect_low_pct": _pct(found.low), "effect_high_pct": _pct(found.high),
        "is_clear": None if np.isnan(found.ratio) else bool(found.high < 1 or found.low > 1),
        "target_pct": target, "chance_without_effect": chance,
    }


def _pct(ratio: float) -> float | None:
    return (ratio - 1) * 100 if np.isfinite(ratio) else None
