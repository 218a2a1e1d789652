"""Delimited text (.csv, .txt, .tsv, and .xls that is text) as a grid, read in blocks whatever its size.

Belongs here: delimiter, width, cells. Encodings and quotes are text.py and quotes.py.
"""

import csv
import io
import itertools
import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv

from pipelines.ingest import layout
from pipelines.ingest.grid import HEAD_ROWS, MB, ROW_NUMBER, Grid
from pipelines.ingest.readers.quotes import cell_count, is_whole_line, mended
from pipelines.ingest.readers.text import (
    FULL_WIDTH,
    STAND_IN,
    Dialect,
    clean_blocks,
    clean_text,
    decoded,
    encoding_of,
    text_of,
)
from pipelines.ingest.texts import Texts, bytes_of, whole

DELIMITERS = ",\t;|^"
# Of a row whose cells do not fit, as much as tells a footer from data.
KEPT_CELLS, KEPT_TEXT = 60, 60
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b]")


def read_delimited(path: Path) -> list[Grid]:
    """The one table of a text file; none when it is empty."""
    encoding = encoding_of(path)
    text, is_whole = _beginning(path, encoding)
    dialect = Dialect(encoding, ",", "\r" in text and "\n" not in text, 1)
    lines = clean_text(text, dialect).split("\n")
    lines = (lines if is_whole or len(lines) == 1 else lines[:-1])[: HEAD_ROWS * 2]
    if not any(line.strip() for line in lines):
        return []
    dialect = dialect._replace(delimiter=_delimiter([line for line in lines if line.strip()]))
    dialect = dialect._replace(width=_likely_width(lines, dialect))
    dialect = dialect._replace(width=_width(_head("\n".join(lines), dialect)))
    # Quotes can be told only once the width is known.
    head = [row[: dialect.width] for row in _head("\n".join(lines), dialect)]
    grid = Grid("", head, lambda columns: iter(()))
    grid.rows = _rows(path, dialect, grid.ragged)
    return [grid]


def _beginning(path: Path, encoding: str) -> tuple[str, bool]:
    """About a megabyte of text, and whether it is all there is."""
    parts: list[str] = []
    for block in decoded(path, encoding):
        parts.append(block)
        if sum(map(len, parts)) > MB:
            return "".join(parts), False
    return "".join(parts), True


def looks_delimited(path: Path) -> bool:
    """Whether a file whose ending says otherwise is text in columns."""
    text = next(decoded(path, encoding_of(path)), "")[:100_000].replace("\0", "")
    lines = [line for line in text.splitlines() if line.strip()][:50]
    if not lines or CONTROL.search(text) or text.count("\ufffd") * 20 > len(text):
        return False
    return _delimiter(lines) in "\n".join(lines)


def _delimiter(lines: Sequence[str]) -> str:
    """What separates the cells of most lines; a full-width comma only where nothing else does."""
    bare = [re.sub(r'"[^"]*"', "", line) for line in lines]
    counts = {mark: [line.count(mark) for line in bare] for mark in DELIMITERS + FULL_WIDTH}
    for judge in (statistics.median, max):
        for marks in (DELIMITERS, FULL_WIDTH):
            best = max(marks, key=lambda mark: judge(counts[mark]))
            if judge(counts[best]) >= 1:
                return STAND_IN if best == FULL_WIDTH else best
    return ","


def _head(text: str, dialect: Dialect) -> list[list[str]]:
    if dialect.delimiter == STAND_IN:
        text = text.replace(FULL_WIDTH, STAND_IN)
    data = mended(text.encode("utf-8", "replace"), dialect.delimiter, dialect.width, is_last=True)[0]
    rows = csv.reader(io.StringIO(data.decode("utf-8"), newline=""), delimiter=dialect.delimiter)
    return list(itertools.islice(rows, HEAD_ROWS))


def _likely_width(lines: list[str], dialect: Dialect) -> int:
    """The number of cells of most lines whose quotes are in order; of two, the larger."""
    cleaned = (clean_text(line.rstrip("\r"), dialect).encode("utf-8", "replace") for line in lines if line.strip())
    counts = Counter(cell_count(line, dialect.delimiter) for line in cleaned if is_whole_line(line, dialect.delimiter))
    return max(counts, key=lambda width: (counts[width], width), default=1)


def _width(head: list[list[str]]) -> int:
    """The number of cells of a proper row: of the heading, or of most rows when what they have more is empty."""
    found = layout.find(head)
    headings = max((len(row) for row in head[found.first : found.last + 1]), default=1)
    below = [row for row in head[found.last + 1 :] if any(row)]
    width, times = Counter(map(len, below)).most_common(1)[0] if below else (headings, 0)
    titled = max((column + 1 for column, title in zip(found.columns, found.headings, strict=True) if title), default=1)
    is_spare = all(not any(row[headings:]) for row in below)
    if width >= titled and times * 5 >= len(below) * 3 and (is_spare or len(below) >= 5):
        return width
    return headings


def _rows(path: Path, dialect: Dialect, ragged: list[tuple[int, list[str]]]):
    names = [f"g{column}" for column in range(dialect.width)]

    def rows(columns: Sequence[int]) -> Iterator[pa.Table]:
        ragged.clear()
        wanted = [names[column] for column in columns if column < dialect.width]
        before = 0
        for data in clean_blocks(path, dialect):
            table, skipped = _cells(data, dialect, names, wanted)
            ragged.extend((before + number, _first_cells(text, dialect.delimiter)) for number, text in skipped)
            numbers = np.delete(np.arange(1, len(table) + len(skipped) + 1), [number - 1 for number, _ in skipped])
            yield table.append_column(ROW_NUMBER, pa.array(before + numbers, pa.int32()))
            before += len(table) + len(skipped)

    return rows


def _cells(data: bytes, dialect: Dialect, names: list[str], wanted: list[str]) -> tuple[pa.Table, list[tuple[int, str]]]:
    """The wanted columns of some lines as text, and the rows whose cells do not fit: number from 1, text.

    Lines that are in order are parted as they stand, others as UTF-8.
    """
    skipped: list[tuple[int, str]] = []

    def skip(row: pyarrow.csv.InvalidRow) -> str:
        skipped.append((row.number, row.text))
        return "skip"

    if dialect.is_transparent:
        with suppress(pa.ArrowInvalid):
            if dialect.encoding != "gb18030":
                return _parted(data, dialect, names, dict.fromkeys(wanted, pa.string())), []
            cells = _parted(data, dialect, names, dict.fromkeys(wanted, pa.binary()))
            return pa.table({name: _decoded(whole(cells[name])) for name in wanted}), []
        data = text_of(data, dialect.encoding).encode()
    return _parted(data, dialect, names, dict.fromkeys(wanted, pa.string()), skip), skipped


def _parted(data: bytes, dialect: Dialect, names: list[str], types: dict[str, pa.DataType], skip=None) -> pa.Table:
    """The columns of these types; raises pyarrow.ArrowInvalid over a row whose cells do not fit where nothing skips it."""
    return pyarrow.csv.read_csv(
        pa.BufferReader(data),
        # Only without threads does a broken row say its number; only with empty lines kept do numbers stay true.
        read_options=pyarrow.csv.ReadOptions(column_names=names, block_size=len(data), use_threads=False),
        parse_options=pyarrow.csv.ParseOptions(delimiter=dialect.delimiter, newlines_in_values=b'"' in data,
                                               ignore_empty_lines=False, invalid_row_handler=skip),
        convert_options=pyarrow.csv.ConvertOptions(column_types=types, include_columns=list(types), strings_can_be_null=False),
    )


def _decoded(cells: pa.Array) -> pa.Array:
    """Cells in GB18030 as text, each distinct one decoded once; undecodable bytes become U+FFFD."""
    if not (bytes_of(cells) > 127).any():
        return cells.view(pa.string())
    texts = Texts.of(cells)
    made = text_of(b"\0".join(texts.distinct.to_pylist()), "gb18030").split("\0")
    return texts.rows(pa.array(made, pa.string()))


def _first_cells(text: str, delimiter: str) -> list[str]:
    return [cell.strip().strip('"')[:KEPT_TEXT] for cell in text.split(delimiter, KEPT_CELLS)[:KEPT_CELLS]]
