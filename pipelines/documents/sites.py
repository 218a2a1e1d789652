"""事故多发路段: the workbook for the spot, the map, the GeoJSON."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

from pipelines.deliveries import Deliveries
from pipelines.documents import remove, write, write_text
from pipelines.hotspots import geojson
from pipelines.lazy import Stored
from pipelines.places import boundary
from pipelines.places.points import LOCAL
from pipelines.reports import content, hotspots, xlsx
from pipelines.reports.board import html
from pipelines.reports.board.sites import Line, map_page
from pipelines.stats.datums import Projection
from pipelines.workspace import Workspace

BOOK, MAP, POINTS = f"{hotspots.TITLE}.xlsx", "事故多发路段地图.html", "事故多发路段.geojson"


class Tables(NamedTuple):
    """The tables that the files about sites read."""

    commuting_hotspot: Stored
    hotspot_neighbour: Stored


def hotspot_files(place: Workspace, known: Deliveries, tables: Tables) -> list[Path]:
    """Writes the workbook, the map and the GeoJSON of the sites; without sites there are none, and older ones are removed."""
    frames = {name: stored.columns() for name, stored in tables._asdict().items()}
    month, marks = known.as_of, content.marks(known.is_simulated())
    book = hotspots.workbook(frames, month, marks)
    if book is None:
        for name in (BOOK, MAP, POINTS):
            remove(place, month, name)
        return []
    sites = hotspots.in_order(frames["commuting_hotspot"].to_pylist())
    page = html.page(map_page(sites, lines_below(place, sites), month, marks))
    return [write(place, month, BOOK, tables, partial(xlsx.write, book)),
            write_text(place, month, MAP, tables, page),
            write_text(place, month, POINTS, tables, geojson.geojson(sites, marks))]


def lines_below(place: Workspace, sites: Sequence[Mapping]) -> list[Line]:
    """The user's lines (boundary, roads) as metres east and north in the frame of the sites; none without sites.

    They are in degrees, or in local metres where the sites have such. Raises BoundaryError for a file that cannot be used.
    """
    lines = boundary.lines(place.area_file(), "area") + boundary.lines(place.roads_file(), "roads")
    return [placed(line, sites[0]) for line in lines] if sites else []


def placed(line: np.ndarray, site: Mapping) -> Line:
    """A line, shape (n, 2), as metres east and north in the frame of `site`, to a decimetre."""
    if site["datum"] == LOCAL:
        x, y = line[:, 0] - site["lon"], line[:, 1] - site["lat"]
    else:
        x, y = Projection(site["lon"], site["lat"]).metres(line[:, 0], line[:, 1])
    return np.round(x + site["x_m"], 1).tolist(), np.round(y + site["y_m"], 1).tolist()
