"""Issued lists: what was put before the joint meeting, kept for good.

Belongs here: the append-only archive data/issued. Effects, change tables and "not the same enterprise twice" read it, never a
mart of another month.
"""

import hashlib
import os
import shutil
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.workspace import Workspace, folder_name, month_number

LIST, PLAN, NUMBER = "priority_enterprise.parquet", "plan_item.parquet", "number.txt"
KEPT = (LIST, PLAN, "outreach_enterprise.parquet", "enterprise_risk.parquet", "enterprise_outlook.parquet", "manifest.json")


class IssueError(Exception):
    """The month cannot be issued; the message says why."""


def issue(place: Workspace, month: int) -> Path:
    """Copies a published month's lists and what they expect to data/issued/<month>.<version>; never overwrites.

    Raises IssueError when the month is not published or this very list has been issued before.
    """
    link = place.marts / f"month={folder_name(month)}"
    if not link.exists():
        raise IssueError(f"{folder_name(month)} 还没有发布；请先运行 make run MONTH={folder_name(month)}")
    published = link.resolve()
    target = place.data / "issued" / published.name
    if target.exists():
        raise IssueError(f"{folder_name(month)} 的这份名单已经存档：{target}")
    temporary = target.with_name(f".{target.name}.tmp")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    for name in KEPT:
        shutil.copyfile(published / name, temporary / name)
    shutil.copytree(published / "documents", temporary / "documents")
    (temporary / NUMBER).write_text(str(1 + sum(1 for _ in target.parent.glob("[0-9]*"))), encoding="utf-8")
    os.rename(temporary, target)
    return target


class IssuedList(NamedTuple):
    """One issued list: its month (yyyymm), its folder's name, and the units that had a place."""

    month: int
    name: str
    listed: tuple[str, ...]


def _before(place: Workspace, month: int, kept: str = LIST) -> list[tuple[int, Path]]:
    """Month and file of what was issued of months before this one: a list never looks at itself, nor at later ones."""
    found = [(month_number(path.parent.name.partition(".")[0]), path) for path in (place.data / "issued").glob(f"[0-9]*/{kept}")]
    return sorted((one for one in found if one[0] < month), key=lambda one: (one[0], _number(one[1].parent), one[1]))


def _number(folder: Path) -> int:
    """Which one it was to be issued; of the same month the later one stands. 0 for archives of earlier releases."""
    said = folder / NUMBER
    return int(said.read_text(encoding="utf-8")) if said.exists() else 0


def issued_before(place: Workspace, month: int) -> list[IssuedList]:
    """The lists issued of months before this one, the oldest first."""
    found = []
    for issued, path in _before(place, month):
        rows = pq.read_table(path, columns=["enterprise_id", "is_listed"]).to_pylist()
        found.append(IssuedList(issued, path.parent.name, tuple(sorted({r["enterprise_id"] for r in rows if r["is_listed"]}))))
    return found


def issued_table(place: Workspace, month: int) -> pa.Table:
    """What a list that asks who was served before stands on: the name and the digest of every list issued before."""
    names, digests = [], []
    for _, path in _before(place, month):
        names.append(path.parent.name)
        digests.append(hashlib.sha256(path.read_bytes()).hexdigest())
    return pa.table({"list": pa.array(names, pa.string()), "digest": pa.array(digests, pa.string())})


def issued_plans(place: Workspace, month: int) -> pa.Table:
    """The plans issued of months before this one, the oldest first: folder's name, the plan's year, the file's digest."""
    rows = []
    for _, path in _before(place, month, PLAN):
        years = pq.read_table(path, columns=["plan_year"])["plan_year"].unique().to_pylist()
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        rows += [{"version": path.parent.name, "plan_year": year, "digest": digest} for year in years]
    return pa.Table.from_pylist(
        rows, schema=pa.schema({"version": pa.string(), "plan_year": pa.int32(), "digest": pa.string()}))


def issued_plan(place: Workspace, version: str) -> list[dict]:
    """The rows of plan_item as they were issued."""
    return pq.read_table(place.data / "issued" / version / PLAN).to_pylist()
