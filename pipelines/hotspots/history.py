"""The located accidents of a month as arrays: whose, when, where, and which years they cover.

Belongs here: reading located_accident for one population. What is found in them is sites.py.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.completeness import Completeness

CITY = "all"
DAYS_A_YEAR = 365.25
YEARS = 6
"""Accidents of at most so many years are looked at, the year to date among them."""
MAIN = {"commuting": ("commuting",), "platform": ("platform_injury",)}
OTHERS = {"commuting": ("off_site", "not_recognised", "platform_injury"), "platform": ("commuting", "off_site", "not_recognised")}
"""Other claims of accidents on the roads, by population: they join the surface as a component of their own."""
WORKING_DAYS = 5
RUSH = ((6, 10), (16, 20))
"""Hours, from and before, at which most people go to and from work on WORKING_DAYS days of the week, from Monday on."""
COLUMNS = ("accident_id", "source", "accident_date", "accident_month", "accident_hour", "year", "region_code", "lon", "lat",
           "datum", "x_m", "y_m", "uncertainty_m", "is_on_map", "claims", "is_injury", "is_severe", "transport", "sex",
           "age_band", "enterprise_id", "place_key", "road_name", "definition")


class History(NamedTuple):
    """The accidents of one population on the map and the other accidents beside them.

    table   the rows of located_accident; xy  metres, shape (n, 2); age  years before the end of the newest month, shape (n,)
    others  tables, metres and ages of the other sets: claims, what the police list by `kinds`
    years   calendar years that are covered whole or in part, the newest first
    spans   part of each of these years that is covered and known by now, shape (years,)
    """

    table: pa.Table
    xy: np.ndarray
    age: np.ndarray
    others: tuple[tuple[pa.Table, np.ndarray, np.ndarray], ...]
    years: tuple[int, ...]
    spans: np.ndarray


def history(located: pa.Table, population: str, as_of: int, area: str, complete: Completeness) -> History | None:
    """The accidents of a population in an area (a county's code, or all); None without any on the map."""
    kept = located.filter(pc.field("is_on_map") & (pc.field("accident_month") <= as_of))
    if area != CITY:
        kept = kept.filter(pc.field("region_code") == area)
    chosen = kept.filter(pc.field("source").isin(MAIN[population]))
    first = _first_year(chosen, as_of)
    if first is None:
        return None
    years = tuple(range(as_of // 100, first - 1, -1))
    spans = np.array([_span(year, as_of, complete) for year in years])
    claims = kept.filter(pc.field("source").isin(OTHERS[population]))
    main, *others = (_placed(rows, first, as_of) for rows in (chosen, claims, *_police(kept, population)))
    return History(*main, tuple(others), years, spans)


def kinds(is_injury: np.ndarray, date: np.ndarray, hour: np.ndarray) -> np.ndarray:
    """How like those of commuters accidents of the police's list are: 0 someone hurt at RUSH, 1 hurt otherwise, 2 nobody hurt.

    is_injury  booleans; date  datetime64[D]; hour  0–23, NaN = not known, which is not RUSH; all of shape (n,)

    >>> monday, sunday = np.datetime64("2024-01-08"), np.datetime64("2024-01-14")
    >>> kinds(np.array([True, True, True, False]), np.array([monday, monday, sunday, monday]), np.array([7, 12, 7, 7])).tolist()
    [0, 1, 1, 2]
    """
    weekday = (date.astype("datetime64[D]").astype(int) + 3) % 7  # 1970 began on a Thursday
    is_rush = np.logical_or.reduce([(hour >= start) & (hour < end) for start, end in RUSH]) & (weekday < WORKING_DAYS)
    return np.where(~is_injury, 2, np.where(is_rush, 0, 1))


def _police(kept: pa.Table, population: str) -> list[pa.Table]:
    """The accidents that the police list, in sets that speak for the population's differently. RUSH says nothing of riders."""
    listed = kept.filter(pc.field("source") == "traffic_accident")
    is_injury = pc.fill_null(listed["is_injury"], True).to_numpy()
    hour = listed["accident_hour"].cast(pa.float64()).to_numpy()
    kind = kinds(is_injury, listed["accident_date"].to_numpy(), hour)
    if population == "platform":
        kind = np.maximum(kind, 1)
    return [listed.filter(pa.array(kind == one)) for one in np.unique(kind)]


def _first_year(chosen: pa.Table, as_of: int) -> int | None:
    years = [year for year in pc.unique(chosen["year"]).to_pylist() if as_of // 100 - YEARS < year <= as_of // 100]
    return min(years, default=None)


def _span(year: int, as_of: int, complete: Completeness) -> float:
    """The part of a year's cases that is known by now."""
    last = min(as_of, year * 100 + 12)
    share = complete.of_months("commuting", year * 100 + 1, last)
    return (1.0 if share is None else share) * (last % 100) / 12


def _placed(rows: pa.Table, first: int, as_of: int) -> tuple[pa.Table, np.ndarray, np.ndarray]:
    rows = rows.filter(pc.field("year") >= first)
    end = np.datetime64(f"{as_of // 100}-{as_of % 100:02d}", "M") + 1
    age = (end.astype("datetime64[D]") - rows["accident_date"].to_numpy().astype("datetime64[D]")).astype(int) / DAYS_A_YEAR
    xy = np.column_stack([rows["x_m"].to_numpy(), rows["y_m"].to_numpy()]).astype(float).reshape(-1, 2)
    return rows, xy, age
