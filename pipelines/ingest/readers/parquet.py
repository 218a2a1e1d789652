"""Parquet as a grid: its schema is row 1.

Belongs here: typed columns as other formats would give them.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.ingest import grid as shared
from pipelines.ingest import origin
from pipelines.ingest.grid import ROW_NUMBER, Grid, UnreadableFileError

MOST_ROWS = 200_000_000
MOST_COLUMNS = 2_000


def read_parquet(path: Path) -> list[Grid]:
    """The one table of a Parquet file. Raises UnreadableFileError when it says to be larger than any real one."""
    file = pq.ParquetFile(path, memory_map=True)
    headings, count = file.schema_arrow.names, file.metadata.num_rows
    if count > MOST_ROWS or len(headings) > MOST_COLUMNS:
        raise UnreadableFileError(f"表格超过 {MOST_ROWS} 行或 {MOST_COLUMNS} 列；请拆分后重新导出")

    def rows(columns: Sequence[int]) -> Iterator[pa.Table]:
        first, chosen = 2, [headings[column] for column in columns]
        for part in pq.ParquetFile(path, memory_map=True).iter_batches(shared.ROWS_PER_BATCH, columns=chosen):
            table = pa.Table.from_batches([part]).select(chosen).rename_columns([f"g{column}" for column in columns])
            numbers = pa.array(np.arange(first, first + len(table), dtype=np.int32))
            first += len(table)
            yield _as_text(table).append_column(ROW_NUMBER, numbers)

    return [Grid("", [headings, *_first_rows(file)], rows, count + 1, notes=origin.notes(file.metadata.metadata), heading_row=0)]


def _first_rows(file: pq.ParquetFile) -> list[list[str]]:
    part = next(file.iter_batches(shared.HEAD_ROWS), None)
    if part is None:
        return []
    columns = [pc.cast(column, pa.string()).to_pylist() for column in _as_text(pa.Table.from_batches([part])).columns]
    return [[text or "" for text in row] for row in zip(*columns, strict=True)]


def _as_text(table: pa.Table) -> pa.Table:
    for index, column in enumerate(table.columns):
        table = table.set_column(index, table.schema.names[index], _plain(column))
    return table


def _plain(column: pa.ChunkedArray) -> pa.ChunkedArray | pa.Array:
    """A column as other formats would give it: plain text, floats without a needless .0, times as the clock on site showed.

    Nested and binary columns are no values that an export may hold; they read as empty.
    """
    kind, of = column.type, pa.types
    if of.is_nested(kind) or of.is_binary(kind) or of.is_large_binary(kind) or of.is_fixed_size_binary(kind):
        return pa.nulls(len(column), pa.string())
    if of.is_large_string(kind) or of.is_string_view(kind) or of.is_dictionary(kind):
        return pc.cast(column, pa.string())
    if of.is_timestamp(kind) and kind.tz:
        return pc.local_timestamp(column)
    if of.is_floating(kind):
        whole = pc.and_(pc.equal(column, pc.trunc(column)), pc.less(pc.abs(column), 2.0**53))
        digits = pc.cast(pc.cast(pc.if_else(whole, column, None), pa.int64()), pa.string())
        return pc.coalesce(digits, pc.cast(column, pa.string()))
    return column
