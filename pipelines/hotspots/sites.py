"""上下班交通事故多发路段: the sites of a month with their evidence and what is to be expected of them.

Belongs here: what joins located accidents to stats/hotspots under a policy, and the rows. What is said of a site is describe.py.
"""

from collections.abc import Iterator, Mapping
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
from pipelines.policy import Hotspots
from pipelines.policy import rule_table as policy_table
from pipelines.workspace import Workspace


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
            if past is not None and len(past.xy) >= LEAST:
                common = {"as_of_month": as_of, "population": population, "area_code": area}
                rows += [{**common, **row} for row in site_rows(past, rules, names)]
    inputs = {**tables._asdict(), "rule": policy_table(place.policy(), place.settings().regions)}
    return Computed(pa.Table.from_pylist(rows, COMMUTING_HOTSPOT.schema), inputs)


def _areas(located: pa.Table, rules: Hotspots) -> list[str]:
    if not rules.by_county:
        return [CITY]
    return sorted(code for code in pc.unique(located.filter(pc.field("is_on_map"))["region_code"]).to_pylist() if code)
