"""上下班交通事故多发路段: the sites of a month with their evidence and what is to be expected of them.

Belongs here: what joins located accidents to stats/hotspots under a policy, and the rows. What is said of a site is describe.py.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.spatial import KDTree

from pipelines import tracking_rules
from pipelines.completeness import Completeness
from pipelines.contracts.commuting import COMMUTING_HOTSPOT
from pipelines.hotspots import describe
from pipelines.hotspots.history import CITY, COLUMNS, History, history
from pipelines.lazy import Computed, Stored
from pipelines.places import points
from pipelines.places.points import Frame, Given
from pipelines.policy import Hotspots
from pipelines.policy import rule_table as policy_table
from pipelines.stats import hotspots
from pipelines.stats.datums import Projection
from pipelines.stats.hotspots import Accidents, Evidence, Forecast, Sites, judgement
from pipelines.workspace import Workspace

LEAST_SPAN = 0.25
"""A year of which less is covered and known by now says nothing of a year's number."""
SAID = ("点位＝事故密度曲面（核宽 25–500 米，其他事故按是否伤人、是否在上下班时段分开为辅，四年减半，再按各处实际起数修正）"
        "上逐个取最多的圆，再逐个移到与其余合计最多处；周边水平＝500 米内除本圈外的一般水平；"
        "证据 A＝没有多发点的城市里出现这样突出的点的概率不高于 5 %，B＝与周边之比高于 1.5 倍的概率不低于 80 %，"
        "C＝与偶然无法区分")


class Tables(NamedTuple):
    """The month's tables that sites stand on."""

    located_accident: Stored
    claim_development: Stored
    landmark: Stored
    enterprise: Stored


def commuting_hotspot(place: Workspace, as_of: int, tables: Tables) -> Computed:
    """The table of a month."""
    rules = place.policy().hotspots
    complete = Completeness.read(tables.claim_development, tracking_rules.load().development)
    located = tables.located_accident.columns(*COLUMNS)
    names = dict(zip(*(column.to_pylist() for column in tables.enterprise.columns("enterprise_id", "enterprise_name").columns),
                     strict=True))
    rows: list[dict] = []
    for population in ("commuting", *(("platform",) if rules.platform else ())):
        for area in _areas(located, rules):
            past = history(located, population, as_of, area, complete)
            if past is not None and len(past.xy) >= judgement.LEAST:
                common = {"as_of_month": as_of, "population": population, "area_code": area}
                rows += [{**common, **row} for row in site_rows(past, rules, names, _marks(tables.landmark))]
    inputs = {**tables._asdict(), "rule": policy_table(place.policy(), place.settings().regions)}
    return Computed(pa.Table.from_pylist(rows, COMMUTING_HOTSPOT.schema), inputs)


def _areas(located: pa.Table, rules: Hotspots) -> list[str]:
    if not rules.by_county:
        return [CITY]
    return sorted(code for code in pc.unique(located.filter(pc.field("is_on_map"))["region_code"]).to_pylist() if code)


class Marks(NamedTuple):
    """Landmarks: names and coordinates as delivered."""

    name: list[str]
    given: Given


def _marks(landmark: Stored) -> Marks:
    table = landmark.columns("landmark_name", "lon", "lat", "datum")
    lon, lat = (table[name].cast(pa.float64()).to_numpy() for name in ("lon", "lat"))
    return Marks(table["landmark_name"].to_pylist(),
                 Given(lon, lat, np.array([name or "" for name in table["datum"].to_pylist()], object)))


class Found(NamedTuple):
    """The sites of an area and what was worked out for them; arrays over sites, counts by year the oldest first.

    site     of each accident the site that holds it, -1 = none; others  accidents of other sources in each disc
    by_year  accidents at each site and year, shape (sites, years)
    """

    sites: Sites
    site: np.ndarray
    evidence: Evidence
    forecast: Forecast
    since: np.ndarray
    by_year: np.ndarray
    others: np.ndarray


def found_sites(past: History, rules: Hotspots) -> Found:
    """Surface, cover, evidence and forecast of a history."""
    claims = Accidents(hotspots.align(past.xy, past.table["year"].to_numpy()).places, past.age)
    beside = [Accidents(hotspots.align(xy, table["year"].to_numpy(), claims.places).places, age)
              for table, xy, age in past.others if len(xy)]
    made = hotspots.surface(claims, beside, _floor(past.table))
    sites = hotspots.sites(made, rules.sites, rules.radius_m)
    found, site = hotspots.evidence(claims.places, sites), hotspots.site_of(claims.places, sites)
    year, years = past.table["year"].to_numpy(), np.array(past.years[::-1])
    span, inside = past.spans[::-1], site >= 0
    by_year = np.zeros((len(sites.mass), len(years)), int)
    np.add.at(by_year, (site[inside], np.searchsorted(years, year[inside])), 1)
    total, known = np.array([(year == one).sum() for one in years]), span >= LEAST_SPAN
    ahead = hotspots.forecast(sites, found, by_year[:, known] / span[known], total[known] / span[known])
    usual = found.background[:, None] * (total / total.sum())
    others = sum((np.bincount(hotspots.site_of(one.places, sites) + 1, minlength=len(sites.mass) + 1)[1:] for one in beside),
                 np.zeros(len(sites.mass), int))
    return Found(sites, site, found, ahead, hotspots.since(by_year, usual, found.ratio), by_year, others)


def _floor(table: pa.Table) -> float:
    """The geocoding error where it is known of most accidents: no kernel is narrower."""
    error = table["uncertainty_m"].cast(pa.float64()).to_numpy(zero_copy_only=False)
    return float(np.median(error)) / 2 if len(error) and np.isfinite(error).mean() > 0.5 else 0.0


def site_rows(past: History, rules: Hotspots, unit_names: dict[str, str], marks: Marks) -> Iterator[dict]:
    """The rows of an area in the order of the sites."""
    found = found_sites(past, rules)
    count, datum = len(found.sites.mass), past.table["datum"][0].as_py()
    lon, lat = _degrees(past, found.sites.places)
    words = {
        "site_name": describe.names(past.table, found.site, count, _near(lon, lat, datum, marks)),
        "usual_hours": describe.hours(past.table, found.site, count),
        "usual_transports": describe.transports(past.table, found.site, count),
        "over_represented": describe.over_represented(past.table, found.site, count, unit_names),
    }
    claims, severe = (_sums(found.site, past.table[name].cast(pa.int64()).to_numpy(), count) for name in ("claims", "is_severe"))
    years = f"{past.years[-1]}–{past.years[0]}"
    for number in range(count):
        row = {
            "rank": number + 1, "lon": lon[number], "lat": lat[number], "datum": datum,
            "x_m": found.sites.places[number, 0], "y_m": found.sites.places[number, 1], "radius_m": found.sites.radius,
            "accidents": found.by_year[number].sum(), "accidents_last_year": found.by_year[number, -1],
            "claims": claims[number], "severe": severe[number], "other_accidents": found.others[number],
            **_judged(found, number, past), **{name: said[number] for name, said in words.items()},
            "definition": _definition(past),
        }
        yield {**row, "evidence": _evidence(row, years, int(found.evidence.accidents[number]))}


def _judged(found: Found, number: int, past: History) -> dict:
    of, ahead, first = found.evidence, found.forecast, int(found.since[number])
    return {
        "tier": of.tier[number], "background": of.background[number], "ratio": of.ratio[number],
        "above_probability": of.probability[number], "scan_probability": of.by_chance[number],
        "forecast": ahead.expected[number], "forecast_low": ahead.low[number], "forecast_high": ahead.high[number],
        "change_expected_pct": 100 * ahead.change[number] if np.isfinite(ahead.change[number]) else None,
        "since_year": past.years[::-1][first] if first >= 0 else None,
    }


def _sums(site: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    return np.bincount(site + 1, values, count + 1)[1:].astype(int)


def _degrees(past: History, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitudes and latitudes of places in metres, from the nearest accident's own."""
    if past.table["datum"][0].as_py() == points.LOCAL:
        return places[:, 0], places[:, 1]
    near = KDTree(past.xy).query(places)[1]
    lon, lat = (past.table[name].cast(pa.float64()).to_numpy()[near] for name in ("lon", "lat"))
    moved = places - past.xy[near]
    pairs = [Projection(*at).degrees(*by) for at, by in zip(zip(lon, lat, strict=True), moved, strict=True)]
    return np.array([float(one) for one, _ in pairs]), np.array([float(two) for _, two in pairs])


def _near(lon: np.ndarray, lat: np.ndarray, datum: str, marks: Marks) -> list[str]:
    """The name of the landmark nearest to each site, '' without any."""
    centre = None if datum == points.LOCAL or not len(lon) else Projection(float(lon[0]), float(lat[0]))
    frame = Frame(datum, datum, centre, "")
    mark, site = points.brought(marks.given, frame), points.placed(lon, lat, frame)
    known = np.flatnonzero(np.isfinite(mark.x))
    if not len(known):
        return [""] * len(lon)
    near = KDTree(np.column_stack([mark.x, mark.y])[known]).query(np.column_stack([site.x, site.y]))[1]
    return [marks.name[at] for at in known[near]]


def _definition(past: History) -> str:
    return f"{SAID}；{past.years[-1]}–{past.years[0]} 年在图上的 {len(past.xy):,} 起事故，每起一次；定位见“定位情况”"


def _evidence(row: dict, years: str, held: int) -> str:
    change = row["change_expected_pct"]
    fall = f"，不采取措施本会比以往年均{'低' if change < 0 else '高'} {abs(change):.0f} %" if change is not None else ""
    return (f"{years} 年圈内事故 {held} 起（其中 {years[-4:]} 年已知 {row['accidents_last_year']} 起），"
            f"按周边水平应有 {row['background']:.1f} 起，收缩后为其 {row['ratio']:.1f} 倍，"
            f"高于 1.5 倍的概率 {100 * row['above_probability']:.0f} %，"
            f"没有多发点的城市里出现这样突出的点的概率 {100 * row['scan_probability']:.1f} %；"
            f"来年预计 {row['forecast']:.1f} 起（90 % 区间 {row['forecast_low']:.0f}–{row['forecast_high']:.0f}）{fall}。")
