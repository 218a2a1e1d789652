"""Files as received -> sheets of plain text in Arrow batches; one reader per format.

Belongs here: formats and encodings. A reader knows nothing of kinds, columns or values, and reads only the columns that
it is asked for, so that names and narratives stay in the file. Raises UnreadableFileError with what to do.
"""

import codecs
import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import fastexcel
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from pipelines.ingest import origin

ROW_NUMBER = "row_number"
BLOCK_BYTES = 8 << 20
ROWS_PER_BATCH = 200_000
HEAD_ROWS = 20


class UnreadableFileError(Exception):
    """The file cannot be read; the message says why and what to do."""


@dataclass
class Sheet:
    """One table of a file: its headings and, on demand, some of its columns as text.

    `batches(positions)` yields tables with `row_number` (heading row = 1) and columns c0, c1, … for those positions;
    numbers of rows that have too few or too many cells are added to `broken_rows` on the way. `notes` are remarks for raw_file.
    """

    name: str
    headings: list[str]
    batches: Callable[[Sequence[int]], Iterator[pa.Table]]
    broken_rows: list[int] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def sheets(path: Path) -> list[Sheet]:
    """The sheets of a file, by its ending: .csv, .txt, .tsv, .xlsx, .parquet. Raises UnreadableFileError."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise UnreadableFileError(f"不认识的文件格式 {path.suffix or path.name}；请另存为 .xlsx 或 .csv")
    try:
        return reader(path)
    except UnreadableFileError:
        raise
    except Exception as error:
        raise UnreadableFileError(f"文件无法打开（{type(error).__name__}）；请检查是否完整、是否加密，并重新导出") from None


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(1 << 20)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8-sig"


def _heading_line(path: Path, encoding: str) -> tuple[str, str, bool]:
    """The first line, what separates its cells, and whether anything follows it."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        line, rest = file.readline(1 << 20), file.read(1)
    delimiter = max(",\t;|", key=line.count)
    return line.rstrip("\r\n"), delimiter, bool(rest)


def _text_stream(path: Path, encoding: str) -> pa.NativeFile:
    """The file as UTF-8; undecodable bytes become U+FFFD and so a doubtful value, not a lost file."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    return pa.TransformInputStream(pa.OSFile(str(path)), lambda block: decoder.decode(bytes(block)).encode("utf-8"))


def _csv_batches(path: Path, encoding: str, delimiter: str, width: int, broken: list[int]):
    names = [f"c{position}" for position in range(width)]

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        broken.append(row.number)
        return "skip"

    def batches(positions: Sequence[int]) -> Iterator[pa.Table]:
        broken.clear()
        wanted = [names[position] for position in positions]
        reader = pyarrow.csv.open_csv(
            _text_stream(path, encoding),
            # Only without threads does a broken row say its number; only with empty lines kept do numbers stay true.
            read_options=pyarrow.csv.ReadOptions(column_names=names, skip_rows=1, block_size=BLOCK_BYTES, use_threads=False),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=skip
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.string()), include_columns=wanted, strings_can_be_null=False
            ),
        )
        return _numbered((pa.Table.from_batches([batch]) for batch in reader), broken)

    return batches


def _numbered(tables: Iterator[pa.Table], broken: list[int], first: int = 2) -> Iterator[pa.Table]:
    """Adds the row's number in the file, leaving out the numbers of rows that were skipped as broken."""
    for table in tables:
        numbers = np.arange(first, first + len(table) + len(broken), dtype=np.int32)
        numbers = numbers[~np.isin(numbers, broken)][: len(table)]
        first = int(numbers[-1]) + 1 if len(numbers) else first
        yield table.append_column(ROW_NUMBER, pa.array(numbers))


def _read_csv(path: Path) -> list[Sheet]:
    encoding = _encoding(path)
    line, delimiter, has_rows = _heading_line(path, encoding)
    headings = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    if not headings:
        return []
    sheet = Sheet("", headings, lambda positions: iter(()))
    if has_rows:
        sheet.batches = _csv_batches(path, encoding, delimiter, len(headings), sheet.broken_rows)
    return [sheet]


def _read_xlsx(path: Path) -> list[Sheet]:
    book = fastexcel.read_excel(str(path))
    found = []
    for name in book.sheet_names:
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, n_rows=HEAD_ROWS, dtypes="string")
        rows = [list(row.values()) for row in sheet.to_arrow().to_pylist()]
        place = next((number for number, row in enumerate(rows) if any(row)), None)
        if place is not None:
            columns = [column.absolute_index for column in sheet.available_columns()]
            found.append(Sheet(name, [text or "" for text in rows[place]], _xlsx_batches(path, name, place + 1, columns)))
    return found


def _xlsx_batches(path: Path, name: str, first_row: int, columns: list[int]):
    """The rows below the heading row; `columns` = where the sheet's columns lie, which need not begin at A."""

    def batches(positions: Sequence[int]) -> Iterator[pa.Table]:
        wanted = sorted(positions)
        try:
            book = fastexcel.read_excel(str(path))
            sheet = book.load_sheet(
                name, header_row=None, skip_rows=first_row, dtypes="string", use_columns=[columns[p] for p in wanted]
            )
        except fastexcel.FastExcelError as error:
            raise UnreadableFileError(f"读到一半出错（{type(error).__name__}）；请检查文件是否完整并重新导出") from None
        table = pa.table(sheet.to_arrow()).rename_columns([f"c{position}" for position in wanted])
        return _numbered(iter([table] if len(table) else []), [], first_row + 1)

    return batches


def _read_parquet(path: Path) -> list[Sheet]:
    metadata, headings = pq.read_metadata(path).metadata, pq.read_schema(path).names

    def batches(positions: Sequence[int]) -> Iterator[pa.Table]:
        file = pq.ParquetFile(path, memory_map=True)
        columns = [headings[position] for position in positions]
        parts = file.iter_batches(ROWS_PER_BATCH, columns=columns)
        names = [f"c{position}" for position in positions]
        return _numbered((_as_text(pa.Table.from_batches([part]).select(columns).rename_columns(names)) for part in parts), [])

    return [Sheet("", headings, batches, notes=origin.notes(metadata))]


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


READERS = {
    ".csv": _read_csv,
    ".txt": _read_csv,
    ".tsv": _read_csv,
    ".xlsx": _read_xlsx,
    ".parquet": _read_parquet,
}
