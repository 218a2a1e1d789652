"""联席会议审定表.xlsx: the candidates of every list, to be decided on by the joint meeting and read back."""

from pathlib import Path
from typing import NamedTuple

from pipelines.deliveries import Deliveries
from pipelines.documents import write
from pipelines.lazy import Stored
from pipelines.reports import content, decisions, xlsx
from pipelines.served import list_year
from pipelines.suggested import COLUMNS, version_of
from pipelines.workspace import Workspace

MARKS = ("联席会议", "系统生成初稿")


class Tables(NamedTuple):
    """The tables that 联席会议审定表 reads."""

    priority_enterprise: Stored
    decided_enterprise: Stored


def decision_form(place: Workspace, known: Deliveries, tables: Tables) -> Path:
    """Writes 联席会议审定表.xlsx of the month and returns its working copy."""
    frames = {name: stored.columns() for name, stored in tables._asdict().items()}
    version = version_of(known.as_of, tables.priority_enterprise.columns(*COLUMNS).to_pylist())
    put = decisions.Put(list_year(known.as_of), known.as_of, version)
    said = decisions.workbook(frames, put, place.policy(), content.marks(known.is_simulated(), *MARKS))
    return write(place, known.as_of, f"{decisions.TITLE}.xlsx", tables, lambda path: xlsx.write(said, path))
