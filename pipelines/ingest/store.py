"""One recognised sheet into the cache: its rows with their values, those rejected with their rule, the counts of both.

Belongs here: the way of a sheet's chunks from text to Parquet. What becomes of a chunk's texts is
reading.py, what they mean parse.py and values.sql.
"""

import logging
from collections.abc import Generator, Iterator
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines import engine
from pipelines.contracts.model import Export
from pipelines.ingest import parse, readers
from pipelines.ingest.ahead import ahead
from pipelines.ingest.cache import REJECTED_SCHEMA, Cache
from pipelines.ingest.correct import Correcting
from pipelines.ingest.corrections import Corrections
from pipelines.ingest.narratives import columns_read
from pipelines.ingest.reading import Reading

# Values that hardly repeat gain nothing from a dictionary in the cache's files, and it costs as much as all else.
HARDLY_REPEATED = {"document_no", "amount", "person"}
# The numbers by which a person finds a row again.
FOUND_BY = ("recognition_no", "recognition_id", "payment_id", "incident_id", "programme_id", "project_id", "event_id",
            "accident_id")
PROGRESS_ROWS = 1_000_000
# Months are counted from 1900 on, in twelve bits.
FIRST_MONTH, UNNAMED = 1900 * 12, 1 << 12
log = logging.getLogger("yufang.ingest")


def store(sheet: readers.Sheet, export: Export, positions: dict[str, int], name: str, digest: str, at: Cache,
          corrections: Corrections) -> dict:
    """Writes the sheet's accepted rows and rejected rows, as corrected, to the cache; returns its counts for raw_file, and
    how much was coded (`coding`).

    Raises UnreadableFileError, pyarrow.ArrowInvalid, UnicodeError, OSError or engine.DatabaseError when it breaks off, and
    ControlError when a correction does not meet the rows that it names.
    """
    target, rejects = at.rows(export.name, digest), at.rejected(digest)
    for path in (target, rejects):
        path.parent.mkdir(parents=True, exist_ok=True)
    tally = _Tally(export, name, sheet.rows_apart)
    correcting = Correcting(sheet, columns_read(export, positions), corrections.entries)
    reading = Reading(sheet, export, correcting.positions, at)
    temporary = target.with_suffix(".tmp")
    with ahead(_parsed(correcting, reading, at)) as parsed:
        first = tally.accept(next(parsed))
        with _writer(temporary, export, first.schema) as writer:
            writer.write_table(first)
            for table in parsed:
                writer.write_table(tally.accept(table))
    correcting.finish()
    for rule, rows in (("cells", sheet.broken_rows), ("void", correcting.voided)):
        tally.refuse(pa.table({"row_number": pa.array(rows, pa.int32()), "rule": [rule] * len(rows)}))
    pq.write_table(tally.rejected(), rejects)
    engine.replace_durably(temporary, target)
    months = _months(target, export, at) if export.apart else {}
    return {**tally.counts(), **months, "repairs": reading.said(), "coding": reading.coder.said()}


def _writer(path: Path, export: Export, schema: pa.Schema) -> pq.ParquetWriter:
    repeated = [column.name for column in export.stored if column.value not in HARDLY_REPEATED]
    # The stubs know only a flag here; pyarrow takes the columns' names as well.
    options: dict = {"compression": "snappy", "use_dictionary": repeated, "store_decimal_as_integer": True}
    return pq.ParquetWriter(path, schema, **options)


def _months(path: Path, export: Export, at: Cache) -> dict:
    """The months of a file's keyed rows, and those in which a key may occur twice: two equal hashes, a unit without number.

    A row is one number: its unit's hash but for the last bits, a bit for a unit without number, the month. Sorted, equal ones
    lie side by side; to count distinct ones takes four times as long, and most of the memory of a large file.
    """
    query = f"""SELECT hash(enterprise_id) AS unit, CAST({export.apart} // 100 * 12 + {export.apart} % 100 - {FIRST_MONTH}
                       + CASE WHEN enterprise_id IS NULL THEN {UNNAMED} ELSE 0 END AS UBIGINT) AS month
                FROM read_parquet({parse.quoted(str(path))}) WHERE NOT is_keyless"""
    with engine.connect(at.folder) as connection:
        found = connection.sql(query).to_arrow_table()
    rows = np.sort((found["unit"].to_numpy() & ~np.uint64(2 * UNNAMED - 1)) | found["month"].to_numpy())
    is_repeated = (rows & np.uint64(UNNAMED)) > 0
    is_repeated[1:] |= rows[1:] == rows[:-1]
    return {"premium_months": _months_said(rows), "repeated_months": _months_said(rows[is_repeated])}


def _months_said(rows: np.ndarray) -> str:
    numbers = np.unique(rows & np.uint64(UNNAMED - 1)) + np.uint64(FIRST_MONTH - 1)
    return ",".join(str(number // 12 * 100 + number % 12 + 1) for number in numbers.tolist())


class _Tally:
    """Counts and sums of a sheet as its chunks go by; keeps the rejected rows' numbers and rules."""

    def __init__(self, export: Export, name: str, rows_apart: int = 0):
        self.export, self.name, self.rows_apart = export, name, rows_apart
        self.rows_accepted = self.rows_rejected = 0
        self.amounts = {"amount_accepted": Decimal(0), "amount_rejected": Decimal(0)}
        self.rules: list[tuple[int, str, str | None, str | None]] = []

    def accept(self, table: pa.Table) -> pa.Table:
        """The accepted rows of a parsed chunk; blank rows are no rows."""
        rule = table["rule"]
        fine = (table.filter(pc.is_null(rule)) if rule.null_count < len(table) else table).drop_columns(["rule"])
        refused = table.filter(pc.fill_null(pc.not_equal(rule, parse.BLANK), False))
        self.refuse(refused)
        if self.export.sums:
            self.amounts["amount_accepted"] += pc.sum(fine[self.export.sums]).as_py() or 0
            self.amounts["amount_rejected"] += pc.sum(refused[self.export.sums]).as_py() or 0
        before, self.rows_accepted = self.rows_accepted, self.rows_accepted + len(fine)
        if self.rows_accepted // PROGRESS_ROWS > before // PROGRESS_ROWS:
            log.info("%s：已读 %s 行", self.name, f"{self.rows_accepted:,}")
        return fine

    def refuse(self, rows: pa.Table) -> None:
        names = ("enterprise_id", *FOUND_BY)
        known = {name: rows[name].to_pylist() if name in rows.column_names else [None] * len(rows) for name in names}
        units, *said = known.values()
        cases = [next((text for text in texts if text), None) for texts in zip(*said, strict=True)]
        self.rules += zip(rows["row_number"].to_pylist(), rows["rule"].to_pylist(), units, cases, strict=True)
        self.rows_rejected += len(rows)

    def rejected(self) -> pa.Table:
        """The rejected rows with what finds them again and a message in Chinese each; never a value that is at fault.

        Rows that one row of the sheet gave are told together, under its number.
        """
        told: dict[int, tuple[dict[str, None], str | None, str | None]] = {}
        for number, rule, unit, case in sorted(self.rules, key=lambda said: said[:2]):
            place = number % self.rows_apart if self.rows_apart else number
            rules, *_ = told.setdefault(place, ({}, unit, case))
            rules.update(dict.fromkeys(rule.split(",")))
        rows = [(number, rule := ",".join(rules), parse.message_of(self.export, rule), unit, case)
                for number, (rules, unit, case) in sorted(told.items(), key=lambda item: item[0])]
        columns = list(zip(*rows, strict=True)) or [[] for _ in REJECTED_SCHEMA]
        return pa.table([pa.array(c, f.type) for c, f in zip(columns, REJECTED_SCHEMA, strict=True)], REJECTED_SCHEMA)

    def counts(self) -> dict:
        rows = {"rows_accepted": self.rows_accepted, "rows_rejected": self.rows_rejected}
        amounts = {what: str(amount) for what, amount in self.amounts.items()} if self.export.sums else {}
        return {"rows": sum(rows.values()), **rows, **amounts}


def _parsed(sheet: Correcting, reading: Reading, at: Cache) -> Generator[pa.Table]:
    """The sheet's rows with their values, chunk by chunk; an empty sheet gives one empty chunk."""
    order = sorted(set(sheet.positions.values()))
    empty = pa.table({readers.ROW_NUMBER: pa.array([], pa.int32()), **{f"c{p}": pa.array([], pa.string()) for p in order}})
    with ahead(_chunks(sheet.batches(), empty)) as chunks, engine.connect(at.folder) as connection:
        for chunk in chunks:
            yield reading.values(chunk, connection)


def _chunks(tables: Iterator[pa.Table], empty: pa.Table) -> Generator[pa.Table]:
    """Tables of ROWS_PER_BATCH rows and more, since a query costs as much over a few; at least one."""
    waiting, count, any_given = [], 0, False
    for table in tables:
        waiting, count = [*waiting, table], count + len(table)
        if count >= readers.ROWS_PER_BATCH:
            yield pa.concat_tables(waiting)
            waiting, count, any_given = [], 0, True
    if waiting or not any_given:
        yield pa.concat_tables(waiting) if waiting else empty
