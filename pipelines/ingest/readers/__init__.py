"""Files as received -> sheets of plain text in Arrow batches; one reader per format.

Belongs here: which reader a file gets, and sheets made of grids. A reader knows nothing of kinds or values; of the columns
that nobody asked for only the first few are looked at, to tell totals and footers from data, and never handed on.
Raises UnreadableFileError with what to do, and nothing else.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ingest import layout
from pipelines.ingest.grid import ROW_NUMBER, ROWS_PER_BATCH, Grid, UnreadableFileError
from pipelines.ingest.layout import Layout
from pipelines.ingest.page_rows import PageRows
from pipelines.ingest.readers import content
from pipelines.ingest.units import unit_of_titles

__all__ = ["ENDINGS", "ROWS_PER_BATCH", "ROW_NUMBER", "Sheet", "UnreadableFileError", "sheets"]

ENDINGS = content.ENDINGS
SAMPLE_ROWS = 50
# Where the formats of old and of today end, so that a table goes on in the next sheet.
FULL_SHEETS = (65_535, 65_536, 1_048_575, 1_048_576)


@dataclass
class Sheet:
    """One table of a file: its headings and, on demand, some of its columns as text.

    `headings` has one text per column, the parts of two- and three-row headings joined with "/". `batches(positions)` yields
    tables with `row_number` (as a person counts the rows) and columns c<position>; on the way `broken_rows` gets the numbers
    of rows with too few or too many cells, `left_out` those that are no data, with the reason. `sample` holds the first
    data rows for recognition and is never written anywhere; `notes` are remarks in Chinese; `unit` is the unit of money that
    the titles state for the whole sheet. Where one row of the sheet gives several (see wide.py), `rows_apart` lies between
    their numbers: the remainder is the number that a person counts.
    """

    name: str
    headings: list[str]
    batches: Callable[[Sequence[int]], Iterator[pa.Table]]
    broken_rows: list[int] = field(default_factory=list)
    left_out: list[tuple[int, str]] = field(default_factory=list)
    sample: list[list[str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows_apart: int = 0
    unit: str = ""


def sheets(path: Path) -> list[Sheet]:
    """The sheets of a file that is no archive, by its content and then its ending. Raises UnreadableFileError."""
    with _only_our_error():
        grids = content.reader_of(path)(path)
        found = [(grid, layout.find(grid.head, grid.merges, grid.heading_row)) for grid in grids if _holds_anything(grid)]
        for number, ((before, above), (grid, own)) in enumerate(pairwise(found), 1):
            above = found[number - 1][1]
            if _follows(before, grid) and own.known < 2 and (goes_on := layout.continued(grid.head, above)):
                found[number] = (grid, goes_on)
        return [_sheet(grid, shape) for grid, shape in found]


@contextmanager
def _only_our_error():
    """Whatever a library raises over a file becomes UnreadableFileError; a panic in native code is no Exception."""
    try:
        yield
    except (UnreadableFileError, KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        message = f"文件无法打开（{type(error).__name__}）；请检查是否完整、是否加密，并重新导出"
        raise UnreadableFileError(message) from None


def _holds_anything(grid: Grid) -> bool:
    return any(cell.strip() for row in grid.head for cell in row)


def _follows(before: Grid, grid: Grid) -> bool:
    """Whether a sheet may go on where the one before it ended: that one is full, or the names count on."""
    if before.row_count in FULL_SHEETS:
        return True
    stem = before.name.rstrip("0123456789()（）_- ") or before.name
    return bool(before.name) and grid.name.startswith(stem) and grid.name[len(stem) :].strip("()（）_- ").isdigit()


def _sheet(grid: Grid, shape: Layout) -> Sheet:
    notes = [*shape.notes(), *grid.notes]
    if shape.last < 0:
        notes.append("没有标题行，接上一张表")
    page = PageRows(shape, [])
    below = [row for row in grid.head[shape.last + 1 :] if any(row) and not page.reason(dict(enumerate(row)))]
    sample = [[row[place] if place < len(row) else "" for place in shape.columns] for row in below[:SAMPLE_ROWS]]
    unit = unit_of_titles(shape.title_rows)
    sheet = Sheet(grid.name, shape.headings, lambda positions: iter(()), sample=sample, notes=notes, unit=unit)
    sheet.batches = lambda positions: _batches(sheet, grid, shape, positions)
    return sheet


def _batches(sheet: Sheet, grid: Grid, shape: Layout, positions: Sequence[int]) -> Iterator[pa.Table]:
    places = {position: shape.columns[position] for position in positions}
    page = PageRows(shape, sorted(places.values()))
    sheet.broken_rows.clear()
    sheet.left_out.clear()
    with _only_our_error():
        for table in grid.rows(page.looked_at()):
            table = table.slice(int(np.searchsorted(table[ROW_NUMBER].to_numpy(), shape.last + 1, side="right")))
            table = _without_page_rows(_unarmoured(table), page, sheet.left_out)
            _sort_out(grid, shape, page, sheet)
            if len(table):
                names = {f"g{place}": f"c{position}" for position, place in places.items()}
                yield table.select([*names, ROW_NUMBER]).rename_columns([*names.values(), ROW_NUMBER])
        _sort_out(grid, shape, page, sheet)
        sheet.left_out.sort()


def _without_page_rows(table: pa.Table, page: PageRows, left_out: list[tuple[int, str]]) -> pa.Table:
    found = page.among(table)
    if not found:
        return table
    numbers = table[ROW_NUMBER].take([place for place, _ in found]).to_pylist()
    left_out += [(number, reason) for number, (_, reason) in zip(numbers, found, strict=True)]
    return table.filter(pc.invert(pc.is_in(table[ROW_NUMBER], pa.array(numbers, pa.int32()))))


def _sort_out(grid: Grid, shape: Layout, page: PageRows, sheet: Sheet) -> None:
    """Rows whose cells do not fit, below the heading: those that are no data apart from those that are broken."""
    for number, cells in grid.ragged:
        if number > shape.last + 1:
            reason = page.reason(dict(enumerate(cells)))
            sheet.left_out += [(number, reason)] if reason else []
            sheet.broken_rows += [] if reason else [number]
    grid.ragged.clear()


def _unarmoured(table: pa.Table) -> pa.Table:
    """Text without the armour that keeps a spreadsheet from taking it for a number: ="00123"."""
    for index, name in enumerate(table.column_names):
        column = table[name]
        if pa.types.is_string(column.type) and pc.any(pc.starts_with(column, '="')).as_py():
            plain = pc.replace_substring_regex(column, r'(?s)^="(.*)"$', r"\1")
            table = table.set_column(index, name, plain)
    return table
