"""Issued lists: what was put before the joint meeting, kept for good.

Belongs here: the append-only archive data/issued. Effects and change tables read it, never a mart of another month.
"""

import os
import shutil
from pathlib import Path

from pipelines.workspace import Workspace, folder_name

KEPT = ("priority_enterprise.parquet", "outreach_enterprise.parquet", "enterprise_risk.parquet", "manifest.json")


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
    os.rename(temporary, target)
    return target
