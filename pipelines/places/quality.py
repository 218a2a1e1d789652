"""定位情况 and 坐标堆积点: how well the places of accidents are known, and the points on which a geocoder has piled them up.

Belongs here: counting what located_accident holds, and what is said of it in words.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from pipelines.contracts.commuting import PILE_UP, PLACE_QUALITY
from pipelines.lazy import Computed, Stored
from pipelines.stats.pile_ups import AROUND, LEAST_REPORTS

UNKNOWN, NAMES_SHOWN = "unknown", 5
PILED_SAID = (
    f"同一坐标上至少 {LEAST_REPORTS} 件，且 {AROUND:g} 米内 80 % 以上恰在这一点，或写到至少四条不同的道路且不同的占 40 % 以上；"
    "八成以上写的是同一路口的不算")


def place_quality(as_of: int, accidents: Stored) -> Computed:
    """The table of a month."""
    names = ("source", "region_code", "located_by", "off_map_reason", "claims", "uncertainty_m", "definition")
    rows = [{**row, "as_of_month": as_of} for row in quality_rows(accidents.columns(*names).to_pylist())]
    return Computed(pa.Table.from_pylist(rows, PLACE_QUALITY.schema), {"located_accident": accidents})


def quality_rows(accidents: Sequence[Mapping]) -> list[dict]:
    """One row per source, region and outcome, from rows of located_accident."""
    groups: dict[tuple[str, str, str], list[Mapping]] = defaultdict(list)
    for row in accidents:
        outcome = row["off_map_reason"] or row["located_by"]
        groups[row["source"], row["region_code"] or UNKNOWN, outcome].append(row)
    whole = Counter[tuple[str, str]]()
    for (source, region, _), rows in groups.items():
        whole[source, region] += len(rows)
    return [_quality(key, rows, whole[key[:2]]) for key, rows in sorted(groups.items())]


def _quality(key: tuple[str, str, str], rows: list[Mapping], whole: int) -> dict:
    source, region, outcome = key
    known = [row["uncertainty_m"] for row in rows if row["uncertainty_m"] is not None and not row["off_map_reason"]]
    return {"source": source, "region_code": region, "outcome": outcome, "is_on_map": not rows[0]["off_map_reason"],
            "accidents": len(rows), "claims": sum(row["claims"] for row in rows), "share_pct": 100 * len(rows) / whole,
            "median_uncertainty_m": float(np.median(known)) if known else None, "definition": rows[0]["definition"]}


def pile_up(as_of: int, accidents: Stored) -> Computed:
    """The table of a month."""
    names = ("off_map_reason", "region_code", "lon", "lat", "datum", "x_m", "y_m", "claims", "road_name")
    rows = pile_up_rows(accidents.columns(*names).to_pylist())
    made = [{**row, "as_of_month": as_of, "definition": PILED_SAID} for row in rows]
    return Computed(pa.Table.from_pylist(made, PILE_UP.schema), {"located_accident": accidents})


def pile_up_rows(accidents: Sequence[Mapping]) -> list[dict]:
    """One row per piled-up point, the most accidents first, from rows of located_accident."""
    points: dict[tuple[float, float], list[Mapping]] = defaultdict(list)
    for row in accidents:
        if row["off_map_reason"] == "pile_up":
            points[row["x_m"], row["y_m"]].append(row)
    order = sorted(points, key=lambda point: (-len(points[point]), point))
    return [{"number": number, **_point(points[point])} for number, point in enumerate(order, 1)]


def _point(rows: list[Mapping]) -> dict:
    roads = Counter(row["road_name"] for row in rows if row["road_name"])
    first = sorted(roads, key=lambda name: (-roads[name], name))[:NAMES_SHOWN]
    region = Counter(row["region_code"] for row in rows if row["region_code"])
    return {**{name: rows[0][name] for name in ("lon", "lat", "datum")},
            "region_code": min(region, key=lambda code: (-region[code], code)) if region else None, "accidents": len(rows),
            "claims": sum(row["claims"] for row in rows), "roads": len(roads), "road_names": "、".join(first) or None}
