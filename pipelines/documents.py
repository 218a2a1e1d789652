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
from pipelines.lazy import Stored
from pipelines.reports import content, verification, xlsx
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
