"""What lies in data/raw, brought into the export cache: one immutable Parquet file per sheet, and a line in raw_file.

Belongs here: walking the batches, what documents beside the exports say of them. How one file becomes its lines is intake.py.
A file that is corrected by a later batch has a line for each month from which it reads differently (its editions).
"""

import hashlib
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pyarrow as pa

from pipelines.contracts.core import RAW_FILE
from pipelines.ingest import confirmations, control, corrections, plan_edits, questions
from pipelines.ingest.cache import Cache
from pipelines.ingest.confirmations import Answer, Confirmations
from pipelines.ingest.control import ControlError
from pipelines.ingest.corrections import Correction, Corrections
from pipelines.ingest.findings import Asked
from pipelines.ingest.intake import Given, lines_of, one_line
from pipelines.ingest.questions import Question

BATCH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")
MARKER = "模拟数据.txt"
# Sheet -> the module that reads a workbook with it, which says something of the exports beside it.
DOCUMENTS = {confirmations.NAME: confirmations, plan_edits.SHEET: plan_edits, corrections.SHEET: corrections}


def batches(raw: Path) -> dict[int, Path]:
    """Batch month (yyyymm) -> folder, for the folders of data/raw that are named YYYY-MM."""
    folders = [path for path in sorted(raw.iterdir()) if path.is_dir()] if raw.is_dir() else []
    return {int(path.name.replace("-", "")): path for path in folders if BATCH.match(path.name)}


def files_of(folder: Path) -> list[Path]:
    """The files of a batch in a fixed order; hidden files and Office's lock files are no data."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.name.startswith((".", "~$")))
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def receive(raw: Path, cache_at: Cache, ignored: Mapping[str, str], to_check: Path | None = None) -> pa.Table:
    """Reads what is new in data/raw and returns `raw_file`: one row per file and sheet.

    `ignored` maps a path below data/raw to the reason why it is left out. What is not sure of headings is asked for in
    the folder `to_check`; what has been confirmed of it in any batch holds for all batches.
    """
    given, documents = _documents(raw, cache_at, ignored)
    lines: list[dict] = []
    for month, folder in batches(raw).items():
        number = 0
        for path in files_of(folder):
            name = path.relative_to(raw).as_posix()
            content = _content(path)
            for_file, found = given.corrections.for_file(name, content), []
            for edition in for_file.editions(month):
                here = Given(for_file.through(edition), given.confirmed)
                found = documents.get(name) or _outcomes(path, name, content, cache_at, ignored, here)
                lines += [{**outcome, "batch_month": month, "edition": edition, "file_number": number + place,
                           "path": "/".join([name, *outcome.get("member", [])])} for place, outcome in enumerate(found)]
            number += len(found)
    pa.default_memory_pool().release_unused()
    if to_check:
        questions.write(to_check, [question for line in lines for question in _questions(line)])
    amounts = ("amount_accepted", "amount_rejected")
    typed = [{**line, **{a: Decimal(line[a]) for a in amounts if line.get(a)}} for line in lines]
    rows = [{name: line.get(name) for name in RAW_FILE.names} for line in typed]
    return pa.Table.from_pylist(rows, schema=RAW_FILE.schema)


def _content(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _questions(line: dict) -> list[Question]:
    place = (line.get("layout", ""), line["path"], line["sheet"], line["kind"])
    return [Question(*place, Asked.of(said)) for said in line.get("asked", ())]


def _documents(raw: Path, cache_at: Cache, ignored: Mapping[str, str]) -> tuple[Given, dict[str, list[dict]]]:
    """All corrections and confirmations that lie in data/raw, and the lines of the documents that hold them by path."""
    entries, answers, lines = [], [], {}
    for month, folder in batches(raw).items():
        for path in files_of(folder):
            name = path.relative_to(raw).as_posix()
            if name in ignored or not (kind := kind_of_document(path)):
                continue
            content = _content(path)
            try:
                said = _document(kind, path, name, month, content, cache_at, entries, answers)
                lines[name] = [one_line("control", said, content) | {"content": content}]
            except ControlError as error:
                lines[name] = [one_line("unusable", str(error), content) | {"content": content}]
    return Given(Corrections.of(entries), Confirmations.of(answers)), lines


def kind_of_document(path: Path) -> ModuleType | None:
    """The module that reads a file which says something of exports; None for an export."""
    if path.suffix.lower() == ".toml":
        return corrections
    sheets = control.sheet_names(path)
    return next((kind for sheet, kind in DOCUMENTS.items() if sheet in sheets), None)


def _document(kind: ModuleType, path: Path, name: str, month: int, content: str, cache_at: Cache, entries: list[Correction],
              answers: list[Answer]) -> str:
    """Adds what a document says to the corrections or answers, or keeps what it changes of the plan; returns what was read."""
    if kind is confirmations:
        answers += (found := confirmations.read(path))
        return f"已读取列名确认 {len(found)} 条"
    if kind is plan_edits:
        plan_edits.record(found := plan_edits.read(path), cache_at.plan_edits(content))
        return f"已读取项目计划表的修改 {len(found)} 处"
    entries += (found := corrections.read(path, name, month))
    corrections.record(found, cache_at.corrections(content))
    return f"已读取更正 {len(found)} 条"


def _outcomes(path: Path, name: str, content: str, cache_at: Cache, ignored: Mapping[str, str], given: Given) -> list[dict]:
    """The lines of one file, from the cache where it has been read before."""
    if name in ignored:
        lines = [one_line("ignored", "按设置忽略：" + ignored[name], content)]
    elif path.name == MARKER:
        lines = [one_line("marker", "本批为模拟数据", content)]
    else:
        read = lines_of(path, name, content, cache_at, given)
        lines = [_unless_ignored(line, name, ignored) if line.get("member") else line for line in read]
    return [{**line, "content": content} for line in lines]


def _unless_ignored(line: dict, name: str, ignored: Mapping[str, str]) -> dict:
    """The line of a file in an archive, which settings may name like any other."""
    reason = ignored.get("/".join([name, *line["member"]]))
    return line if reason is None else {**one_line("ignored", "按设置忽略：" + reason, line["digest"]), "member": line["member"]}
