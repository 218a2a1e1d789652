"""Documents of a month: what goes in is read here, what it says and how it looks is in reports/.

Belongs here: which tables a document reads, where it lies, the note of its recipe beside it.
"""

import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipelines.deliveries import Deliveries
from pipelines.hotspots import drawing
from pipelines.lazy import Stored
from pipelines.places import boundary
from pipelines.reports import content, hotspots, plan, verification, xlsx
from pipelines.workspace import Workspace


class Tables(NamedTuple):
    """The month's tables that the documents read."""

    priority_enterprise: Stored
    outreach_enterprise: Stored
    industry_injury_rate: Stored
    fund_balance: Stored
    source_reconciliation: Stored
    data_quality: Stored
    reference_reconciliation: Stored
    total_reconciliation: Stored
    unit_match: Stored
    group_target: Stored
    injury_pattern: Stored
    silent_enterprise: Stored
    commuting_enterprise: Stored
    list_backtest: Stored
    programme_effect: Stored
    claim_development: Stored
    definition_comparison: Stored
    target_progress: Stored


def suggested_list(place: Workspace, known: Deliveries, tables: Tables) -> Path:
    """Writes 建议名单.xlsx of the month and returns its working copy."""
    frames = {name: stored.columns() for name, stored in tables._asdict().items()}
    said = content.suggested_list(frames, known.as_of, place.policy(), known.is_simulated())
    return _write(place, known.as_of, "建议名单.xlsx", tables, lambda path: xlsx.write(said, path))


class PlanTables(NamedTuple):
    """The tables that 项目计划表 reads."""

    training_demand: Stored
    plan_item: Stored
    plan_budget: Stored
    plan_check: Stored
    plan_choice: Stored
    plan_change: Stored


def plan_workbook(place: Workspace, known: Deliveries, tables: PlanTables) -> Path | None:
    """Writes 项目计划表.xlsx of the month and returns its working copy; None where the policy has no plan."""
    frames = {name: stored.columns() for name, stored in tables._asdict().items()}
    said = plan.workbook(frames, known.as_of, place.policy(), content.marks(known.is_simulated()))
    name = f"{plan.TITLE}.xlsx"
    if said is None:
        for left in (name, f"{name}.json"):
            (place.documents(known.as_of) / left).unlink(missing_ok=True)
        return None
    return _write(place, known.as_of, name, tables, lambda path: xlsx.write(said, path))


class Questions(NamedTuple):
    """The tables that 数据核实清单 reads."""

    rejected_row: Stored
    doubtful_row: Stored
    enterprise: Stored


def verification_lists(place: Workspace, known: Deliveries, tables: Questions) -> list[Path]:
    """Writes 数据核实清单-<经办机构>.xlsx of the month, one for each agency with open questions; returns their working copies."""
    rows = tables.enterprise.columns("enterprise_id", "agency", "enterprise_name").to_pydict().values()
    units = {unit: (agency, name) for unit, agency, name in zip(*rows, strict=True)}
    lines = verification.rejected_lines(tables.rejected_row.columns().to_pylist())
    lines += verification.doubtful_lines(tables.doubtful_row.columns().to_pylist())
    contents = {line["path"]: line["content"] for line in known.lines}
    books = verification.workbooks(lines, units, contents, known.as_of, content.marks(known.is_simulated()))
    folder = place.documents(known.as_of)
    for left in folder.glob(f"{verification.SHEET}-*"):
        left.unlink()
    return [
        _write(place, known.as_of, f"{verification.SHEET}-{file_name(agency)}.xlsx", tables, partial(xlsx.write, book))
        for agency, book in books.items()
    ]


class Sites(NamedTuple):
    """The month's tables that the files about sites read."""

    commuting_hotspot: Stored
    hotspot_neighbour: Stored


def hotspot_files(place: Workspace, known: Deliveries, tables: Sites) -> list[Path]:
    """Writes the workbook, the map and the GeoJSON of the sites; without sites there are none, and older ones are removed."""
    names = (f"{hotspots.TITLE}.xlsx", "事故多发路段地图.html", "事故多发路段.geojson")
    for name in names:
        for left in (name, f"{name}.json"):
            (place.documents(known.as_of) / left).unlink(missing_ok=True)
    frames = {name: stored.columns() for name, stored in tables._asdict().items()}
    marks = content.marks(known.is_simulated())
    book = hotspots.workbook(frames, known.as_of, marks)
    if book is None:
        return []
    sites = frames["commuting_hotspot"].sort_by([(name, "ascending") for name in ("population", "area_code", "rank")]).to_pylist()
    lines = boundary.lines(place.area_file(), "area") + boundary.lines(place.roads_file(), "roads")
    drawn = {names[1]: drawing.page(sites, lines, known.as_of, marks), names[2]: drawing.geojson(sites, marks)}
    writers = {names[0]: partial(xlsx.write, book), **{name: partial(_text, text) for name, text in drawn.items()}}
    return [_write(place, known.as_of, name, tables, writer) for name, writer in writers.items()]


def _text(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")


def file_name(text: str) -> str:
    """The text without what no file system takes in a name."""
    return "".join("_" if letter in '\\/:*?"<>|' or ord(letter) < 32 else letter for letter in text)[:60]


def _write(place: Workspace, month: int, name: str, tables: NamedTuple, write: Callable[[Path], None]) -> Path:
    """Puts a document in place in one step, with the recipes of what it was made from beside it."""
    path = place.documents(month) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{name}.tmp")
    write(temporary)
    recipes = {table: stored.recipe for table, stored in tables._asdict().items()}
    path.with_name(f"{name}.json").write_text(json.dumps({"inputs": recipes}, sort_keys=True), encoding="utf-8")
    os.replace(temporary, path)
    return path
