"""What every reader makes of a file: grids of text cells, before anyone knows which row is the heading.

Belongs here: the shape that readers share, their limits and their only error. Reading is in the module of each format.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

ROW_NUMBER = "row_number"
ROWS_PER_BATCH = 100_000
# Rows at the top that are looked at for titles, headings and the first data.
HEAD_ROWS = 100
MB = 1 << 20


class UnreadableFileError(Exception):
    """The file cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class Merge:
    """Merged cells: rows and columns from 0, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Grid:
    """One table of a file as it stands: rows from 1 as a person sees them, columns from 0.

    `head` holds the first rows as text. `rows(columns)` yields tables of every row with `row_number` and g<column>; a row
    whose cells do not fit goes to `ragged` with its first cells instead. `heading_row` is given where the format says it.
    """

    name: str
    head: list[list[str]]
    rows: Callable[[Sequence[int]], Iterator[pa.Table]]
    row_count: int | None = None
    merges: Sequence[Merge] = ()
    notes: Sequence[str] = ()
    heading_row: int | None = None
    ragged: list[tuple[int, list[str]]] = field(default_factory=list)


def grid_of(name: str, table: pa.Table, merges: Sequence[Merge] = (), notes: Sequence[str] = ()) -> Grid:
    """A grid over text columns in memory; row 1 is the table's first."""

    def rows(columns: Sequence[int]) -> Iterator[pa.Table]:
        # A sheet that goes on where another ended may be narrower than that one.
        absent = pa.nulls(len(table), pa.string())
        chosen = pa.table({f"g{column}": table[column] if column < table.num_columns else absent for column in columns})
        for start in range(0, len(table), ROWS_PER_BATCH):
            part = chosen.slice(start, ROWS_PER_BATCH)
            numbers = np.arange(start + 1, start + 1 + len(part), dtype=np.int32)
            yield part.append_column(ROW_NUMBER, pa.array(numbers))

    top = [column.to_pylist() for column in table.slice(0, HEAD_ROWS).columns]
    head = [[text or "" for text in row] for row in zip(*top, strict=True)]
    return Grid(name, head, rows, len(table), merges, notes)


class Gathered:
    """Rows of text gathered one by one into Arrow, so that a large table is not held as Python strings."""

    def __init__(self, width_limit: int = 1_000, row_limit: int = 2_000_000, cells_at_once: int = 400_000):
        self.width_limit, self.row_limit, self.cells_at_once = width_limit, row_limit, cells_at_once
        self.waiting: list[list[str]] = []
        self.parts: list[tuple[int, list[pa.Array]]] = []
        self.count = self.cells = 0

    def add(self, cells: list[str]) -> None:
        """One more row. Raises UnreadableFileError when the table is larger than any real one."""
        self.count += 1
        self.cells += len(cells) + 1
        if self.count > self.row_limit or len(cells) > self.width_limit:
            raise UnreadableFileError(f"表格超过 {self.row_limit} 行或 {self.width_limit} 列；请拆分后重新导出")
        self.waiting.append(cells)
        if self.cells >= self.cells_at_once:
            self._pack()

    def _pack(self) -> None:
        width = max(map(len, self.waiting), default=0)
        padded = (row + [""] * (width - len(row)) for row in self.waiting)
        self.parts.append((len(self.waiting), [pa.array(column, pa.string()) for column in zip(*padded, strict=True)]))
        self.waiting, self.cells = [], 0

    def table(self) -> pa.Table:
        """All rows, as wide as the widest."""
        self._pack()
        width = max(len(part) for _, part in self.parts)
        names = [f"g{column}" for column in range(width)]
        tables = [pa.table([*part, *[pa.nulls(rows, pa.string())] * (width - len(part))], names=names)
                  for rows, part in self.parts if rows]
        return pa.concat_tables(tables) if tables else pa.table({})
