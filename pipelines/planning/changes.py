"""plan_change (变更后项目一览): what differs between the plan of a month and the one that was issued before it.

Belongs here: the comparison. The archive of what was issued is issue.py.
"""

from collections.abc import Iterable, Iterator, Mapping

from pipelines import issue
from pipelines.contracts.model import YUAN, Column
from pipelines.contracts.plan import EDITABLE, PLAN_CHANGE, PLAN_ITEM
from pipelines.ingest.plan_edits import CANCELLED
from pipelines.lazy import Computed, Stored
from pipelines.planning.shared import common, made
from pipelines.workspace import Workspace


def plan_change(place: Workspace, as_of: int, plan_item: Stored) -> Computed:
    """The mart of a month, beside the newest plan of the same year and policy issued of a month before; empty without one."""
    same, archive = common(as_of), issue.issued_plans(place, as_of)
    now = plan_item.columns().to_pylist()
    issued = [one for one in archive.to_pylist() if one["plan_year"] == same["plan_year"]]
    before = issue.issued_plan(place, issued[-1]["version"]) if issued else []
    if not {row["programme_id"] for row in before} & {row["programme_id"] for row in now}:
        before = []  # another policy's plan
    rows = [{**same, "issued_version": issued[-1]["version"], **row} for row in compared(before, now)] if before else []
    return Computed(made(rows, PLAN_CHANGE), {"plan_item": plan_item, "issued_plan": archive})


def compared(before: Iterable[Mapping], now: Iterable[Mapping]) -> Iterator[dict]:
    """A row for each programme that came or went, and for each column of another value."""
    old = {row["programme_id"]: row for row in before if row["state"] != CANCELLED}
    new = {row["programme_id"]: row for row in now}
    for name, row in new.items():
        is_live = row["state"] != CANCELLED
        if is_live and name not in old:
            yield _whole(row, "added")
        elif is_live:
            yield from _columns(old[name], row)
        elif name in old:
            yield _whole(row, "removed")
    yield from (_whole({**row, "edit_reason": None}, "removed") for name, row in old.items() if name not in new)


def _whole(row: Mapping, change: str) -> dict:
    return {**_named(row), "change": change, "column_name": "", "column_title": "整个项目",
            "before": row["name"] if change == "removed" else None, "after": row["name"] if change == "added" else None}


def _named(row: Mapping) -> dict:
    return {name: row[name] for name in ("programme_id", "name", "edit_reason")}


def _columns(old: Mapping, new: Mapping) -> Iterator[dict]:
    for name in EDITABLE:
        before, after = (text_of(PLAN_ITEM[name], row[name]) for row in (old, new))
        if before != after:
            yield {**_named(new), "change": "changed", "column_name": name, "column_title": PLAN_ITEM[name].title,
                   "before": before, "after": after}


def text_of(column: Column, value) -> str | None:
    """A value as people read it: coded ones in Chinese, months as 2025-03, money with two decimals."""
    if value is None:
        return None
    if column.codes is not None:
        return column.codes[value][0]
    if column.unit == "yyyymm":
        return f"{value // 100}-{value % 100:02d}"
    if column.type == YUAN:
        return f"{value:,.2f}"
    return value if isinstance(value, str) else f"{value:,.10g}"
