"""公开版.xlsx: what may be made public of a month."""

from pathlib import Path
from typing import NamedTuple

from pipelines.deliveries import Deliveries
from pipelines.documents import write
from pipelines.lazy import Stored
from pipelines.reports import content, public, xlsx
from pipelines.workspace import Workspace


class Tables(NamedTuple):
    """The tables that 公开版 reads."""

    public_figure: Stored
    fund_balance: Stored
    target_progress: Stored


def public_workbook(place: Workspace, known: Deliveries, tables: Tables) -> Path:
    """Writes 公开版.xlsx of the month and returns its working copy."""
    frames = {name: stored.columns() for name, stored in tables._asdict().items()}
    said = public.workbook(frames, known.as_of, place.policy(), content.marks(known.is_simulated(), *public.MARKS))
    return write(place, known.as_of, f"{public.TITLE}.xlsx", tables, lambda path: xlsx.write(said, path))
