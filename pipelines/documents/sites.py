"""事故多发路段: the workbook for the spot, the map, the GeoJSON."""

from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipelines.deliveries import Deliveries
from pipelines.documents import remove, write
from pipelines.hotspots import drawing
from pipelines.lazy import Stored
from pipelines.places import boundary
from pipelines.reports import content, hotspots, xlsx
from pipelines.workspace import Workspace


class Tables(NamedTuple):
    """The tables that the files about sites read."""

    commuting_hotspot: Stored
    hotspot_neighbour: Stored


def hotspot_files(place: Workspace, known: Deliveries, tables: Tables) -> list[Path]:
    """Writes the workbook, the map and the GeoJSON of the sites; without sites there are none, and older ones are removed."""
    names = (f"{hotspots.TITLE}.xlsx", "事故多发路段地图.html", "事故多发路段.geojson")
    for name in names:
        remove(place, known.as_of, name)
    frames = {name: stored.columns() for name, stored in tables._asdict().items()}
    marks = content.marks(known.is_simulated())
    book = hotspots.workbook(frames, known.as_of, marks)
    if book is None:
        return []
    sites = frames["commuting_hotspot"].sort_by([(name, "ascending") for name in ("population", "area_code", "rank")]).to_pylist()
    lines = boundary.lines(place.area_file(), "area") + boundary.lines(place.roads_file(), "roads")
    drawn = {names[1]: drawing.page(sites, lines, known.as_of, marks), names[2]: drawing.geojson(sites, marks)}
    writers = {names[0]: partial(xlsx.write, book), **{name: partial(_text, text) for name, text in drawn.items()}}
    return [write(place, known.as_of, name, tables, writer) for name, writer in writers.items()]


def _text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")
