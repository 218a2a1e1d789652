"""One file of data/raw into the export cache, and the lines of raw_file that say what came of it.

Belongs here: what is recorded of a file, an archive, a sheet; recalling what has been read before. A bad file is recorded,
never raised.
"""

import hashlib
import json
import os
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pipelines import engine
from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import meeting, readers, recognition, wide
from pipelines.ingest.cache import Cache, ingest_version
from pipelines.ingest.confirmations import Confirmations
from pipelines.ingest.control import ControlError
from pipelines.ingest.corrections import Corrections
from pipelines.ingest.findings import Confirmed, Recognised
from pipelines.ingest.readers import zipped
from pipelines.ingest.store import store

SHOWN_ROWS = 5


class Given(NamedTuple):
    """What documents in data/raw say about the exports beside them."""

    corrections: Corrections
    confirmed: Confirmations


def lines_of(path: Path, name: str, content: str, cache_at: Cache, given: Given) -> list[dict]:
    """The same bytes under the same name with the same corrections, read by the same version with the same key, are read
    once; failures are tried anew, and so is a file with a layout of which something else has been confirmed since."""
    digest = hashlib.sha256(f"{content} {path.name} {ingest_version()} {given.corrections.digest}".encode()).hexdigest()
    record = cache_at.outcome(digest)
    if record.exists():
        outcomes = json.loads(record.read_text(encoding="utf-8"))
        if all(cache_at.rows(o["kind"], o["digest"]).exists() and cache_at.rejected(o["digest"]).exists()
               and given.confirmed.digest(o["layout"]) == o["confirmed"] for o in outcomes if o["status"] == "accepted"):
            return outcomes
    outcomes = _ingest_file(path, name, digest, cache_at, given)
    if any(outcome["status"] != "accepted" for outcome in outcomes):
        return outcomes
    record.parent.mkdir(parents=True, exist_ok=True)
    temporary = record.with_suffix(".tmp")
    temporary.write_text(json.dumps(outcomes, ensure_ascii=False), encoding="utf-8")
    os.replace(temporary, record)
    return outcomes


def one_line(status: str, message: str, digest: str, sheet: str = "", kind: str | None = None) -> dict:
    """A line of raw_file without rows."""
    return {"status": status, "message": message, "digest": digest, "sheet": sheet, "kind": kind,
            "rows": 0, "rows_accepted": 0, "rows_rejected": 0, "rows_left_out": 0}


def _ingest_file(path: Path, name: str, digest: str, cache_at: Cache, given: Given) -> list[dict]:
    """The lines of a file; of an archive, those of each file in it, read and recognised by its own name."""
    if not zipped.is_archive(path):
        return _ingest_sheets(path, name, digest, cache_at, given)
    found: list[dict] = []
    cache_at.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="unpacked-", dir=cache_at.folder) as scratch:
        try:
            for member in zipped.members(path, Path(scratch)):
                inner, own = f"{name}/{member.name}", hashlib.sha256(f"{digest} {member.name}".encode()).hexdigest()
                here = Given(given.corrections.for_member(inner), given.confirmed)
                found += [{**line, "member": [member.name]} for line in _ingest_sheets(member.path, inner, own, cache_at, here)]
        except readers.UnreadableFileError as error:
            found.append(one_line("unusable", str(error), digest))
    return found or [one_line("unknown", "压缩包是空的", digest)]


def _ingest_sheets(path: Path, name: str, digest: str, cache_at: Cache, given: Given) -> list[dict]:
    try:
        found = readers.sheets(path)
    except readers.UnreadableFileError as error:
        known = path.suffix.lower() in readers.ENDINGS
        return [one_line("unusable" if known else "unknown", str(error), digest)]
    if not found:
        return [one_line("unknown", "文件是空的，没有标题行", digest)]
    return [_ingest_sheet(sheet, name, f"{digest} {number}", cache_at, given) for number, sheet in enumerate(found)]


def _ingest_sheet(sheet: readers.Sheet, name: str, digest: str, cache_at: Cache, given: Given) -> dict:
    sheet = wide.lengthened(sheet)
    layout = recognition.layout_of(sheet.headings)
    said: dict = {"layout": layout, "confirmed": given.confirmed.digest(layout)}
    digest = hashlib.sha256(f"{digest} {sheet.name}{said['confirmed']}".encode()).hexdigest()
    confirmed = given.confirmed.layouts.get(layout, Confirmed())
    if confirmed.kind == "":
        return one_line("ignored", "按列名确认忽略", digest, sheet.name)
    recognised = recognition.recognise(sheet.headings, f"{Path(name).stem} {sheet.name}", sheet.sample, confirmed)
    said["asked"] = [asdict(asked) for asked in recognised.asked]
    return said | _store_sheet(sheet, recognised, name, digest, cache_at, given.corrections.for_sheet(sheet.name))


def _store_sheet(
    sheet: readers.Sheet, recognised: Recognised, name: str, digest: str, cache_at: Cache, given: Corrections
) -> dict:
    found = recognition.said(recognised, sheet.headings)
    # Headings may be data when there is no heading row: only what the product knows is repeated in a message.
    if recognised.kind is None:
        known = "、".join(recognition.known(sheet.headings)[:20]) or "没有一个认识的列名"
        return one_line("unknown", f"不认识的数据种类；{len(sheet.headings)} 列中认识的：{known}{found}", digest, sheet.name)
    export = EXPORTS[recognised.kind]
    if recognised.missed:
        message = f"{export.title}缺少必需的列：{'、'.join(recognised.missed)}；找到的列：{found}"
        return one_line("unusable", message, digest, sheet.name, export.name)
    try:
        counts = store(meeting.filled(sheet, recognised.positions), export, recognised.positions, name, digest, cache_at, given)
        parts = [*sheet.notes, f"列：{found}", *_left_out(sheet), *counts.pop("repairs"), counts.pop("coding")]
        line = one_line("accepted", "；".join(filter(None, parts)), digest, sheet.name, export.name)
        return {**line, **counts, "rows_left_out": len(sheet.left_out)}
    except ControlError as error:
        return one_line("unusable", f"{export.title}：{error}", digest, sheet.name, export.name)
    except (pa.ArrowInvalid, UnicodeError, OSError, readers.UnreadableFileError, engine.DatabaseError) as error:
        # The error's own text may quote a value of the file.
        message = f"{export.title}读到一半出错（{type(error).__name__}）；请检查文件是否完整并重新导出"
        return one_line("unusable", message, digest, sheet.name, export.name)


def _left_out(sheet: readers.Sheet) -> list[str]:
    """How many rows were no data, by reason, and where the first of them are."""
    by_reason: dict[str, list[int]] = {}
    for row, reason in sorted(sheet.left_out):
        by_reason.setdefault(reason, []).append(row)
    said = [f"{reason} {len(rows)} 行（第{'、'.join(map(str, rows[:SHOWN_ROWS]))}{'…' if rows[SHOWN_ROWS:] else ''}行）"
            for reason, rows in by_reason.items()]
    return ["未计入：" + "、".join(said)] if said else []
