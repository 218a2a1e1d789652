"""What lies in data/raw, brought into the export cache: one immutable Parquet file per sheet, and a line in raw_file.

Belongs here: walking the batches, the cache, what is recorded of each file. A bad file is recorded, never raised.
"""

import hashlib
import json
import logging
import os
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines import engine
from pipelines.contracts.core import RAW_FILE
from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import Column, Export
from pipelines.ingest import headings, parse, privacy, readers

BATCH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")
MARKER = "模拟数据.txt"
REJECTED_SCHEMA = pa.schema({"row_number": pa.int32(), "rule": pa.string(), "message": pa.string()})
EMPTY = pa.array(["", "/", "-", "--", "—", "NULL", "null", "None", "nan", "NaN", "#N/A"])
PROGRESS_ROWS = 1_000_000
log = logging.getLogger("yufang.ingest")


class Cache(NamedTuple):
    """Where export rows are kept: data/core/export, one folder per pseudonym key."""

    folder: Path
    key: bytes

    @property
    def root(self) -> Path:
        return self.folder / "export" / privacy.fingerprint(self.key)

    def rows(self, kind: str, digest: str) -> Path:
        return self.root / kind / f"{digest}.parquet"

    def rejected(self, digest: str) -> Path:
        return self.root / "rejected_row" / f"{digest}.parquet"

    def outcome(self, digest: str) -> Path:
        return self.root / "outcome" / f"{digest}.json"


@cache
def ingest_version() -> str:
    """A digest of everything that decides how a file is read."""
    package = Path(__file__).parent
    sources = [*sorted(package.glob("*.py")), package / "values.sql", headings.ALIASES]
    contracts = package.parent / "contracts"
    sources += [contracts / name for name in ("model.py", "codes.py", "exports.py")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()


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
    lines: list[dict] = []
    for month, folder in batches(raw).items():
        number = 0
        for path in files_of(folder):
            name = path.relative_to(raw).as_posix()
            for outcome in _outcomes(path, name, cache_at, ignored):
                lines.append({**outcome, "batch_month": month, "file_number": number, "path": name})
                number += 1
    pa.default_memory_pool().release_unused()
    blank = dict.fromkeys(RAW_FILE.names)
    amounts = ("amount_accepted", "amount_rejected")
    rows = [{**blank, **line, **{a: Decimal(line[a]) for a in amounts if line.get(a)}} for line in lines]
    return pa.Table.from_pylist(rows, schema=RAW_FILE.schema)


def _outcomes(path: Path, name: str, cache_at: Cache, ignored: Mapping[str, str]) -> list[dict]:
    """The lines of one file, from the cache where it has been read before."""
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    if name in ignored:
        lines = [_line("ignored", "按设置忽略：" + ignored[name], content)]
    elif path.name == MARKER:
        lines = [_line("marker", "本批为模拟数据", content)]
    else:
        lines = _read_or_recall(path, name, content, cache_at)
    return [{**line, "content": content} for line in lines]


def _read_or_recall(path: Path, name: str, content: str, cache_at: Cache) -> list[dict]:
    """The same bytes under the same name, read by the same version with the same key, are read once."""
    digest = hashlib.sha256(f"{content} {path.name} {ingest_version()}".encode()).hexdigest()
    record = cache_at.outcome(digest)
    if record.exists():
        outcomes = json.loads(record.read_text(encoding="utf-8"))
        if all(cache_at.rows(o["kind"], o["digest"]).exists() for o in outcomes if o["status"] == "accepted"):
            return outcomes
    outcomes = _ingest_file(path, name, digest, cache_at)
    record.parent.mkdir(parents=True, exist_ok=True)
    temporary = record.with_suffix(".tmp")
    temporary.write_text(json.dumps(outcomes, ensure_ascii=False), encoding="utf-8")
    os.replace(temporary, record)
    return outcomes


def _line(status: str, message: str, digest: str, sheet: str = "", kind: str | None = None) -> dict:
    return {"status": status, "message": message, "digest": digest, "sheet": sheet, "kind": kind,
            "rows": 0, "rows_accepted": 0, "rows_rejected": 0}


def _ingest_file(path: Path, name: str, digest: str, cache_at: Cache) -> list[dict]:
    try:
        found = readers.sheets(path)
    except readers.UnreadableFileError as error:
        known = path.suffix.lower() in readers.READERS
        return [_line("unusable" if known else "unknown", str(error), digest)]
    if not found:
        return [_line("unknown", "文件是空的，没有标题行", digest)]
    return [_ingest_sheet(sheet, path, name, digest, number, cache_at) for number, sheet in enumerate(found)]


def _ingest_sheet(sheet: readers.Sheet, path: Path, name: str, digest: str, number: int, cache_at: Cache) -> dict:
    recognised = headings.recognise(sheet.headings, path.stem)
    digest = hashlib.sha256(f"{digest} {number} {sheet.name}".encode()).hexdigest()
    # Headings may be data when there is no heading row: only what the product knows is repeated in a message.
    if recognised.kind is None:
        known = _known_headings(sheet.headings)
        found = "、".join(known) if known else "没有一个认识的列名"
        return _line("unknown", f"不认识的数据种类；{len(sheet.headings)} 列中认识的：{found}", digest, sheet.name)
    export = EXPORTS[recognised.kind]
    if recognised.missed:
        found = "、".join(export[column].title for column in recognised.positions)
        message = f"{export.title}缺少必需的列：{'、'.join(recognised.missed)}；找到的列：{found}"
        return _line("unusable", message, digest, sheet.name, export.name)
    try:
        return _store(sheet, export, recognised.positions, name, digest, cache_at)
    except (pa.ArrowInvalid, UnicodeError, OSError, readers.UnreadableFileError) as error:
        message = f"{export.title}读到一半出错（{type(error).__name__}）；请检查文件是否完整并重新导出"
        return _line("unusable", message, digest, sheet.name, export.name)


@cache
def _all_headings() -> frozenset[str]:
    return frozenset(text for export in EXPORTS.values() for column in export.columns for text in headings.accepted(column))


def _known_headings(found: list[str]) -> list[str]:
    return [heading for heading in found if headings.normalise(heading) in _all_headings()][:20]


def _store(sheet: readers.Sheet, export: Export, positions: dict[str, int], name: str, digest: str, at: Cache) -> dict:
    """Writes the sheet's accepted rows and rejected rows to the cache; returns its line of raw_file."""
    target, rejects = at.rows(export.name, digest), at.rejected(digest)
    for path in (target, rejects):
        path.parent.mkdir(parents=True, exist_ok=True)
    tally = _Tally(export, name)
    temporary, parsed = target.with_suffix(".tmp"), _parsed(sheet, export, positions, at)
    first = tally.accept(next(parsed))
    with pq.ParquetWriter(temporary, first.schema, compression="snappy") as writer:
        writer.write_table(first)
        for table in parsed:
            writer.write_table(tally.accept(table))
    tally.refuse(pa.table({"row_number": sheet.broken_rows, "rule": ["cells"] * len(sheet.broken_rows)}))
    pq.write_table(tally.rejected(), rejects)
    engine.replace_durably(temporary, target)
    found = "、".join(export[column].title for column in positions)
    line = _line("accepted", f"列：{found}", digest, sheet.name, export.name)
    return {**line, **tally.counts(), **(_months(target, export, at) if export.apart else {})}


def _months(path: Path, export: Export, at: Cache) -> dict:
    """The months of a file's keyed rows, and those in which a key may occur twice (equal hashes count as twice)."""
    query = f"""SELECT {export.apart} AS month, count(*) > count(DISTINCT hash(enterprise_id)) AS is_repeated
                FROM read_parquet({parse.quoted(str(path))}) WHERE NOT is_keyless GROUP BY 1 ORDER BY 1"""
    with engine.connect(at.folder) as connection:
        rows = connection.sql(query).fetchall()
    return {"months": ",".join(str(month) for month, _ in rows),
            "repeated_months": ",".join(str(month) for month, is_repeated in rows if is_repeated)}


class _Tally:
    """Counts and sums of a sheet as its chunks go by; keeps the rejected rows' numbers and rules."""

    def __init__(self, export: Export, name: str):
        self.export, self.name = export, name
        self.rows_accepted = self.rows_rejected = 0
        self.amounts = {"amount_accepted": Decimal(0), "amount_rejected": Decimal(0)}
        self.rules: list[tuple[int, str]] = []

    def accept(self, table: pa.Table) -> pa.Table:
        """The accepted rows of a parsed chunk; blank rows are no rows."""
        fine = table.filter(pc.is_null(table["rule"])).drop_columns(["rule"])
        refused = table.filter(pc.fill_null(pc.not_equal(table["rule"], parse.BLANK), False))
        self.refuse(refused)
        if self.export.sums:
            self.amounts["amount_accepted"] += pc.sum(fine[self.export.sums]).as_py() or 0
            self.amounts["amount_rejected"] += pc.sum(refused[self.export.sums]).as_py() or 0
        before, self.rows_accepted = self.rows_accepted, self.rows_accepted + len(fine)
        if self.rows_accepted // PROGRESS_ROWS > before // PROGRESS_ROWS:
            log.info("%s：已读 %s 行", self.name, f"{self.rows_accepted:,}")
        return fine

    def refuse(self, rows: pa.Table) -> None:
        self.rules += zip(rows["row_number"].to_pylist(), rows["rule"].to_pylist(), strict=True)
        self.rows_rejected += len(rows)

    def rejected(self) -> pa.Table:
        """The rejected rows with a message in Chinese each; never a value."""
        rows = [(number, rule, parse.message_of(self.export, rule)) for number, rule in sorted(self.rules)]
        columns = list(zip(*rows, strict=True)) or [[], [], []]
        return pa.table([pa.array(c, f.type) for c, f in zip(columns, REJECTED_SCHEMA, strict=True)], REJECTED_SCHEMA)

    def counts(self) -> dict:
        rows = {"rows_accepted": self.rows_accepted, "rows_rejected": self.rows_rejected}
        amounts = {what: str(amount) for what, amount in self.amounts.items()} if self.export.sums else {}
        return {"rows": sum(rows.values()), **rows, **amounts}


def _parsed(sheet: readers.Sheet, export: Export, positions: dict[str, int], at: Cache) -> Iterator[pa.Table]:
    """The sheet's rows with their values, chunk by chunk; an empty sheet gives one empty chunk."""
    kept = {name: position for name, position in positions.items() if export[name].value != "dropped"}
    order = sorted(set(kept.values()))
    query = parse.parse_query(export, kept)
    empty = pa.table({readers.ROW_NUMBER: pa.array([], pa.int32()), **{f"c{p}": pa.array([], pa.string()) for p in order}})
    with engine.connect(at.folder) as connection:
        for macro in parse.macros():
            connection.execute(macro)
        for chunk in _chunks(sheet.batches(order), empty):
            chunk = _cleaned(chunk)
            for name in [name for name in kept if export[name].value == "person"]:
                chunk = _without_persons(chunk, name, f"c{kept[name]}", at.key)
            for name in [name for name in kept if export[name].value in parse.REPEATED]:
                chunk = _read_once(chunk, export[name], f"c{kept[name]}", connection)
            connection.register("chunk", chunk)
            yield connection.sql(query).to_arrow_table()


def _chunks(tables: Iterator[pa.Table], empty: pa.Table) -> Iterator[pa.Table]:
    """Tables of about half a million rows, so that every core has work; at least one."""
    waiting, count, any_given = [], 0, False
    for table in tables:
        waiting, count = [*waiting, table], count + len(table)
        if count >= readers.ROWS_PER_BATCH:
            yield pa.concat_tables(waiting)
            waiting, count, any_given = [], 0, True
    if waiting or not any_given:
        yield pa.concat_tables(waiting) if waiting else empty


def _read_once(chunk: pa.Table, column: Column, place: str, connection) -> pa.Table:
    """The chunk with `read_<name>`: the values of a column whose few distinct texts are parsed once each."""
    encoded = pc.cast(chunk[place], pa.string()).combine_chunks().dictionary_encode()
    connection.register("distinct_text", pa.table({"x": encoded.dictionary}))
    read = connection.sql(f"SELECT as_{column.value}(x) AS x FROM distinct_text").to_arrow_table()["x"]
    return chunk.append_column(f"read_{column.name}", read.combine_chunks().take(encoded.indices))


def _cleaned(chunk: pa.Table) -> pa.Table:
    """Text without the spaces around it (U+3000 and U+00A0 too); what stands for nothing becomes null."""
    for index, column in enumerate(chunk.columns):
        if pa.types.is_string(column.type):
            text = pc.utf8_trim_whitespace(column)
            text = pc.if_else(pc.is_in(text, EMPTY), None, text)
            chunk = chunk.set_column(index, chunk.schema.names[index], text)
    return chunk


def _without_persons(chunk: pa.Table, name: str, column: str, key: bytes) -> pa.Table:
    """The chunk with an ID column replaced by pseudonyms and what the numbers say beside it."""
    persons = privacy.replace_persons(pc.cast(chunk[column], pa.string()).combine_chunks(), key)
    chunk = chunk.set_column(chunk.schema.get_field_index(column), column, persons.key)
    for said, values in (("sex_of", persons.sex), ("birth_year_of", persons.birth_year), ("is_valid", persons.is_valid)):
        chunk = chunk.append_column(f"{said}_{name}", values)
    return chunk
