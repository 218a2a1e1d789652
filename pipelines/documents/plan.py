"""项目计划表.xlsx: the plan's items, to be edited and read back."""

from pathlib import Path
from typing import NamedTuple

from pipelines.deliveries import Deliveries
from pipelines.documents import remove, write
from pipelines.lazy import Stored
from pipelines.reports import content, plan, xlsx
from pipelines.workspace import Workspace


class Tables(NamedTuple):
    """The tables that 项目计划表 reads."""

    training_demand: Stored
    plan_item: Stored
    plan_budget: Stored
    plan_check: Stored
    plan_choice: Stored
    plan_change: Stored


def plan_workbook(place: Workspace, known: Deliveries, tables: Tables) -> Path | None:
    """Writes 项目计划表.xlsx of the month and returns its working copy; None where the policy has no plan."""
    frames = {name: stored.columns() for name, stored in tables._asdict().items()}
    said = plan.workbook(frames, known.as_of, place.policy(), content.marks(known.is_simulated()))
    name = f"{plan.TITLE}.xlsx"
    if said is None:
        remove(place, known.as_of, name)
        return None
    return write(place, known.as_of, name, tables, lambda path: xlsx.write(said, path))
