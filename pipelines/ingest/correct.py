"""Corrections applied to one sheet while it is read: cells replaced, rows typed anew, rows withdrawn.

Belongs here: what an entry does to a sheet's text. It works before any value is parsed, so a corrected cell is read by the
same rules as any other. Which entries there are is corrections.py.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ingest.control import ControlError
from pipelines.ingest.corrections import CONFIRMED, VOID, WHOLE_ROW, Correction
from pipelines.ingest.readers import ROW_NUMBER, Sheet

CELLS = re.compile(r"[|\t]")


class Correcting:
    """A sheet as its corrections make it.

    positions  column name -> position, those added that only corrections fill (they lie behind the sheet's own)
    voided     rows that are withdrawn; known when all batches have been read, as is what `finish` looks at
    """

    def __init__(self, sheet: Sheet, positions: Mapping[str, int], entries: Sequence[Correction]):
        self.sheet, self.entries = sheet, entries
        self.width = len(sheet.headings)
        added = dict.fromkeys(c for entry in entries for c in _columns(entry) if c != WHOLE_ROW and c not in positions)
        self.positions = {**positions, **{name: self.width + number for number, name in enumerate(added)}}
        self.met = [0] * len(entries)
        self.voided: list[int] = []
        self.retyped: dict[int, list[str]] = {}

    def batches(self) -> Iterator[pa.Table]:
        """The sheet's rows at all positions, corrected; rows typed anew come last."""
        order = sorted(set(self.positions.values()))
        given = [position for position in order if position < self.width]
        if not self.entries:
            yield from self.sheet.batches(given)
            return
        for table in self.sheet.batches(given):
            yield self._corrected(_as_text(table, order))
        self._mend_broken()
        if self.retyped:
            columns = {f"c{p}": [cells[p] if p < self.width else None for cells in self.retyped.values()] for p in order}
            yield pa.table({ROW_NUMBER: pa.array(list(self.retyped), pa.int32()),
                            **{name: pa.array(texts, pa.string()) for name, texts in columns.items()}})

    def finish(self) -> None:
        """Raises ControlError when an entry met another number of rows than it expects."""
        for entry, met in zip(self.entries, self.met, strict=True):
            if met != entry.expected:
                raise ControlError(f"更正 {entry.source} 第 {entry.entry} 条应有 {entry.expected} 行，实有 {met} 行；"
                                   "请核对文件、工作表、行号或条件")

    def _corrected(self, table: pa.Table) -> pa.Table:
        numbers, keep = self._rows(table), np.ones(len(table), bool)
        for index, entry in enumerate(self.entries):
            hit = self._hits(table, numbers, entry)
            self.met[index] += len(np.unique(numbers[hit]))
            if not hit.any() or entry.value == CONFIRMED:
                continue
            if entry.column != WHOLE_ROW:
                table = _with(table, f"c{self.positions[entry.column]}", hit, entry.value)
                continue
            keep &= ~hit
            self._replace(entry, np.unique(numbers[hit]).tolist())
        return table if keep.all() else table.filter(pa.array(keep))

    def _rows(self, table: pa.Table) -> np.ndarray:
        """The rows' numbers as a person counts them."""
        numbers = table[ROW_NUMBER].to_numpy()
        return numbers % self.sheet.rows_apart if self.sheet.rows_apart else numbers

    def _hits(self, table: pa.Table, numbers: np.ndarray, entry: Correction) -> np.ndarray:
        if entry.rows:
            return np.isin(numbers, entry.rows)
        hit = np.ones(len(table), bool)
        for name, text in entry.where:
            cells = pc.utf8_trim_whitespace(pc.cast(table[f"c{self.positions[name]}"], pa.string()))
            hit &= pc.fill_null(pc.equal(cells, text), False).to_numpy()
        return hit

    def _replace(self, entry: Correction, rows: list[int]) -> None:
        """What an entry of 整行 does to rows."""
        if entry.value == VOID:
            self.voided += rows
        elif entry.value != CONFIRMED:
            self.retyped |= dict.fromkeys(rows, self._cells(entry))

    def _mend_broken(self) -> None:
        """Rows with too few or too many cells that are withdrawn or typed anew are no longer broken."""
        broken = set(self.sheet.broken_rows)
        for index, entry in enumerate(self.entries):
            if entry.column == WHOLE_ROW:
                rows = [row for row in entry.rows if row in broken]
                self.met[index] += len(rows)
                self._replace(entry, rows)
        gone = {*self.retyped, *self.voided}
        self.sheet.broken_rows[:] = [row for row in self.sheet.broken_rows if row not in gone]

    def _cells(self, entry: Correction) -> list[str]:
        cells = CELLS.split(entry.value)
        if len(cells) != self.width:
            raise ControlError(f"更正 {entry.source} 第 {entry.entry} 条：整行应有 {self.width} 个单元格（以 | 分隔），"
                               f"实有 {len(cells)} 个；整行作废请填“{VOID}”")
        return cells


def _columns(entry: Correction) -> list[str]:
    return [entry.column, *(name for name, _ in entry.where)]


def _as_text(table: pa.Table, order: Sequence[int]) -> pa.Table:
    """The columns of these positions as text, empty where the sheet has none."""
    names = [f"c{position}" for position in order]
    cells = [table[n] if n in table.column_names else pa.nulls(len(table), pa.string()) for n in names]
    return pa.table([table[ROW_NUMBER], *(pc.cast(column, pa.string()) for column in cells)], [ROW_NUMBER, *names])


def _with(table: pa.Table, column: str, hit: np.ndarray, text: str) -> pa.Table:
    """The table with a text in the cells that are hit."""
    cells = pc.if_else(pa.array(hit), text, table[column])
    return table.set_column(table.schema.get_field_index(column), column, cells)
