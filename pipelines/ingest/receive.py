"""What lies in data/raw, brought into the export cache: one immutable Parquet file per sheet, and a line in raw_file.

Belongs here: walking the batches, what is recorded of each file. A bad file is recorded, never raised. A file that is
corrected by a later batch has a line for each month from which it reads differently (its editions).
"""

import hashlib
import json
import logging
import os
import re
import tempfile
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

import pyarrow as pa

from pipelines import engine
from pipelines.contracts.core import RAW_FILE
from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import corrections, headings, readers
from pipelines.ingest.cache import Cache, ingest_version
from pipelines.ingest.control import ControlError
from pipelines.ingest.corrections import Corrections
from pipelines.ingest.readers import zipped
from pipelines.ingest.store import store

BATCH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")
MARKER = "模拟数据.txt"
SHOWN_ROWS = 5
log = logging.getLogger("yufang.ingest")


def batches(raw: Path) -> dict[int, Path]:
    """Batch month (yyyymm) -> folder, for the folders of data/raw that are named YYYY-MM."""
    folders = [path for path in sorted(raw.iterdir()) if path.is_dir()] if raw.is_dir() else []
    return {int(path.name.replace("-", "")): path for path in folders if BATCH.match(path.name)}


def files_of(folder: Path) -> list[Path]:
    """The files of a batch in a fixed order; hidden files and Office's lock files are no data."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".", "~$")))
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def receive(raw: Path, cache_at: Cache, ignored: Mapping[str, str]) -> pa.Table:
    """Reads what is new in data/raw and returns `raw_file`: one row per file and sheet.

    `ignored` maps a path below data/raw to the reason why it is left out.
    """
    given, control = _corrections(raw, cache_at, ignored)
    lines: list[dict] = []
    for month, folder in batches(raw).items():
        number = 0
        for path in files_of(folder):
            name = path.relative_to(raw).as_posix()
            content = _content(path)
            for_file, found = given.for_file(name, content), []
            for edition in for_file.editions(month):
                found = control.get(name) or _outcomes(path, name, content, cache_at, ignored, for_file.through(edition))
                lines += [{**outcome, "batch_month": month, "edition": edition, "file_number": number + place,
                           "path": "/".join([name, *outcome.get("member", [])])} for place, outcome in enumerate(found)]
            number += len(found)
    pa.default_memory_pool().release_unused()
    amounts = ("amount_accepted", "amount_rejected")
    typed = [{**line, **{a: Decimal(line[a]) for a in amounts if line.get(a)}} for line in lines]
    rows = [{name: line.get(name) for name in RAW_FILE.names} for line in typed]
    return pa.Table.from_pylist(rows, schema=RAW_FILE.schema)


def _content(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _corrections(raw: Path, cache_at: Cache, ignored: Mapping[str, str]) -> tuple[Corrections, dict[str, list[dict]]]:
    """All corrections that lie in data/raw, and the lines of the documents that hold them by path."""
    entries, control = [], {}
    for month, folder in batches(raw).items():
        for path in files_of(folder):
            name = path.relative_to(raw).as_posix()
            if name not in ignored and corrections.is_control(path):
                content = _content(path)
                try:
                    found = corrections.read(path, name, month)
                except ControlError as error:
                    control[name] = [_line("unusable", str(error), content) | {"content": content}]
                    continue
                corrections.record(found, cache_at.corrections(content))
                entries += found
                control[name] = [_line("control", f"已读取更正 {len(found)} 条", content) | {"content": content}]
    return Corrections.of(entries), control


def _outcomes(
    path: Path, name: str, content: str, cache_at: Cache, ignored: Mapping[str, str], given: Corrections
) -> list[dict]:
    """The lines of one file, from the cache where it has been read before."""
    if name in ignored:
        lines = [_line("ignored", "按设置忽略：" + ignored[name], content)]
    elif path.name == MARKER:
        lines = [_line("marker", "本批为模拟数据", content)]
    else:
        read = _read_or_recall(path, name, content, cache_at, given)
        lines = [_unless_ignored(line, name, ignored) if line.get("member") else line for line in read]
    return [{**line, "content": content} for line in lines]


def _unless_ignored(line: dict, name: str, ignored: Mapping[str, str]) -> dict:
    """The line of a file in an archive, which settings may name like any other."""
    reason = ignored.get("/".join([name, *line["member"]]))
    return line if reason is None else {**_line("ignored", "按设置忽略：" + reason, line["digest"]), "member": line["member"]}


def _read_or_recall(path: Path, name: str, content: str, cache_at: Cache, given: Corrections) -> list[dict]:
    """The same bytes under the same name with the same corrections, read by the same version with the same key, are read
    once; failures are tried anew."""
    digest = hashlib.sha256(f"{content} {path.name} {ingest_version()} {given.digest}".encode()).hexdigest()
    record = cache_at.outcome(digest)
    if record.exists():
        outcomes = json.loads(record.read_text(encoding="utf-8"))
        if all(cache_at.rows(o["kind"], o["digest"]).exists() and cache_at.rejected(o["digest"]).exists()
               for o in outcomes if o["status"] == "accepted"):
            return outcomes
    outcomes = _ingest_file(path, name, digest, cache_at, given)
    if any(outcome["status"] != "accepted" for outcome in outcomes):
        return outcomes
    record.parent.mkdir(parents=True, exist_ok=True)
    temporary = record.with_suffix(".tmp")
    temporary.write_text(json.dumps(outcomes, ensure_ascii=False), encoding="utf-8")
    os.replace(temporary, record)
    return outcomes


def _line(status: str, message: str, digest: str, sheet: str = "", kind: str | None = None) -> dict:
    return {"status": status, "message": message, "digest": digest, "sheet": sheet, "kind": kind,
            "rows": 0, "rows_accepted": 0, "rows_rejected": 0, "rows_left_out": 0}


def _ingest_file(path: Path, name: str, digest: str, cache_at: Cache, given: Corrections) -> list[dict]:
    """The lines of a file; of an archive, those of each file in it, read and recognised by its own name."""
    if not zipped.is_archive(path):
        return _ingest_sheets(path, name, digest, cache_at, given)
    found: list[dict] = []
    cache_at.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="unpacked-", dir=cache_at.folder) as scratch:
        try:
            for member in zipped.members(path, Path(scratch)):
                inner, own = f"{name}/{member.name}", hashlib.sha256(f"{digest} {member.name}".encode()).hexdigest()
                lines = _ingest_sheets(member.path, inner, own, cache_at, given.for_member(inner))
                found += [{**line, "member": [member.name]} for line in lines]
        except readers.UnreadableFileError as error:
            found.append(_line("unusable", str(error), digest))
    return found or [_line("unknown", "压缩包是空的", digest)]


def _ingest_sheets(path: Path, name: str, digest: str, cache_at: Cache, given: Corrections) -> list[dict]:
    try:
        found = readers.sheets(path)
    except readers.UnreadableFileError as error:
        known = path.suffix.lower() in readers.ENDINGS
        return [_line("unusable" if known else "unknown", str(error), digest)]
    if not found:
        return [_line("unknown", "文件是空的，没有标题行", digest)]
    return [_ingest_sheet(sheet, name, digest, number, cache_at, given.for_sheet(sheet.name))
            for number, sheet in enumerate(found)]


def _ingest_sheet(sheet: readers.Sheet, name: str, digest: str, number: int, cache_at: Cache, given: Corrections) -> dict:
    recognised = headings.recognise(sheet.headings, Path(name).stem)
    digest = hashlib.sha256(f"{digest} {number} {sheet.name}".encode()).hexdigest()
    # Headings may be data when there is no heading row: only what the product knows is repeated in a message.
    if recognised.kind is None:
        known = _known_headings(sheet.headings)
        found = "、".join(known) if known else "没有一个认识的列名"
        return _line("unknown", f"不认识的数据种类；{len(sheet.headings)} 列中认识的：{found}", digest, sheet.name)
    export = EXPORTS[recognised.kind]
    found = "、".join(export[column].title for column in recognised.positions)
    if recognised.missed:
        message = f"{export.title}缺少必需的列：{'、'.join(recognised.missed)}；找到的列：{found}"
        return _line("unusable", message, digest, sheet.name, export.name)
    try:
        counts = store(sheet, export, recognised.positions, name, digest, cache_at, given)
        message = "；".join(filter(None, [*sheet.notes, f"列：{found}", *_left_out(sheet), counts.pop("coding")]))
        line = _line("accepted", message, digest, sheet.name, export.name)
        return {**line, **counts, "rows_left_out": len(sheet.left_out)}
    except ControlError as error:
        return _line("unusable", f"{export.title}：{error}", digest, sheet.name, export.name)
    except (pa.ArrowInvalid, UnicodeError, OSError, readers.UnreadableFileError, engine.DatabaseError) as error:
        # The error's own text may quote a value of the file.
        message = f"{export.title}读到一半出错（{type(error).__name__}）；请检查文件是否完整并重新导出"
        return _line("unusable", message, digest, sheet.name, export.name)


def _left_out(sheet: readers.Sheet) -> list[str]:
    """How many rows were no data, by reason, and where the first of them are."""
    by_reason: dict[str, list[int]] = {}
    for row, reason in sorted(sheet.left_out):
        by_reason.setdefault(reason, []).append(row)
    said = [f"{reason} {len(rows)} 行（第{'、'.join(map(str, rows[:SHOWN_ROWS]))}{'…' if rows[SHOWN_ROWS:] else ''}行）"
            for reason, rows in by_reason.items()]
    return ["未计入：" + "、".join(said)] if said else []


@cache
def _all_headings() -> frozenset[str]:
    return frozenset(text for export in EXPORTS.values() for column in export.columns for text in headings.accepted(column))


def _known_headings(found: list[str]) -> list[str]:
    return [heading for heading in found if headings.normalise(heading) in _all_headings()][:20]
