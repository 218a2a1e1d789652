"""数据核实清单: what an agency has to look at again."""

from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipelines.deliveries import Deliveries
from pipelines.documents import file_name, write
from pipelines.lazy import Stored
from pipelines.reports import content, verification, xlsx
from pipelines.workspace import Workspace


class Tables(NamedTuple):
    """The tables that 数据核实清单 reads."""

    rejected_row: Stored
    doubtful_row: Stored
    enterprise: Stored


def verification_lists(place: Workspace, known: Deliveries, tables: Tables) -> list[Path]:
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
        write(place, known.as_of, f"{verification.SHEET}-{file_name(agency)}.xlsx", tables, partial(xlsx.write, book))
        for agency, book in books.items()
    ]
