"""How a table is laid out: which rows at the top are titles, which one, two or three are its headings, which columns count.

Belongs here: the shape of the head. Rows further down that are no data are page_rows.py; what a heading means is headings.py.
"""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import headings
from pipelines.ingest.grid import Merge

Rows = Sequence[Sequence[str]]
LONGEST_HEADING = 40
HEADING_ROWS = 3
VALUE = re.compile(r"[\d\s.,:/\-+年月日度时分秒%‰￥¥()（）]+[元人个]?|.*\d{6}.*", re.DOTALL)
CODE = re.compile(r"[A-Za-z_]{1,20}\d{0,5}")
ORDINALS = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True)
class Layout:
    """Rows from 0: `first` to `last` are the heading (with a row of column numbers, if there is one), those above titles.

    `headings` has one flattened text per column kept, `columns` says where each of them lies; `rows` are the heading rows
    as they stand, to be known again further down, `known` is how many of the headings the product has heard of.
    """

    first: int
    last: int
    headings: list[str]
    columns: list[int]
    title_rows: list[list[str]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    known: int = 0

    def notes(self) -> list[str]:
        """What is unusual about it, in Chinese."""
        if self.last <= 0:
            return []
        rows = f"第{self.first + 1}–{self.last + 1}行" if self.last > self.first else f"第{self.first + 1}行"
        return [f"{rows}为表头"]


@functools.cache
def known_headings() -> frozenset[str]:
    """Every heading that some kind accepts, normalised."""
    return frozenset(text for export in EXPORTS.values() for column in export.columns for text in headings.accepted(column))


def is_known(text: str) -> bool:
    """Whether a cell is a heading that the product has heard of."""
    return bool(text) and headings.normalise(text) in known_headings()


def looks_like_heading(text: str) -> bool:
    """Whether a cell may be a heading, known or not: short text that is no number, no date and no remark with a colon."""
    if is_known(text) or CODE.fullmatch(text):
        return True
    return len(text) <= LONGEST_HEADING and not VALUE.fullmatch(text) and not re.search("[:：]", text)


def find(head: Rows, merges: Sequence[Merge] = (), heading_row: int | None = None) -> Layout:
    """The layout of a table from its first rows; `heading_row` where the format says it.

    >>> find([["缴费明细"], ["单位编号", "缴费", ""], ["", "人数", "金额"], ["1", "2", "3"]]).headings
    ['单位编号', '缴费/人数', '缴费/金额']
    """
    width = max(map(len, head), default=0)
    rows = [[cell.strip() for cell in row] + [""] * (width - len(row)) for row in head]
    base = _base_row(rows) if heading_row is None else heading_row
    first = last = base
    if heading_row is None and rows:
        while last - first < HEADING_ROWS - 1 and _goes_up(rows, first, merges):
            first -= 1
        while last - first < HEADING_ROWS - 1 and _goes_down(rows, first, last, merges):
            last += 1
    return _layout(rows, first, last, merges)


def continued(head: Rows, previous: Layout) -> Layout | None:
    """The layout of a sheet that goes on without a heading where `previous` ended, or None.

    It is as wide, its first row holds values and nothing that is known as a heading.
    """
    first = next((row for row in head if any(cell.strip() for cell in row)), [])
    cells = [cell.strip() for cell in first]
    width = max((place + 1 for row in head for place, cell in enumerate(row) if cell.strip()), default=0)
    if previous.known < 2 or any(map(is_known, cells)) or not any(VALUE.fullmatch(cell) for cell in cells if cell):
        return None
    if not 0 <= max(previous.columns) + 1 - width <= max(1, len(previous.columns) // 4):
        return None
    return Layout(-1, -1, previous.headings, previous.columns, previous.title_rows, previous.rows, previous.known)


def _base_row(rows: list[list[str]]) -> int:
    """The row that is surely heading: the first with two known headings, else the first that is wide and all text."""
    filled = [[cell for cell in row if cell] for row in rows]
    known = [sum(map(is_known, row)) for row in filled]
    if max(known, default=0) >= 2:
        return next(number for number, count in enumerate(known) if count >= 2)
    enough = max(2, max(map(len, filled), default=0) / 2)
    for number, row in enumerate(filled):
        if len(row) >= enough and all(map(looks_like_heading, row)):
            return number
    return next((number for number, row in enumerate(filled) if row), 0)


def _goes_up(rows: list[list[str]], top: int, merges: Sequence[Merge]) -> bool:
    """Whether the row above is an upper part of the heading: groups, beside headings that reach down into this row.

    Groups alone tell apart only what has one name twice; otherwise a row of two titles would be taken for groups.
    """
    above = rows[top - 1] if top else []
    filled = [place for place, cell in enumerate(above) if cell]
    if len(filled) < 2 and not any(m.top == top - 1 and m.bottom >= top for m in merges):
        return False
    if not all(looks_like_heading(above[place]) for place in filled):
        return False
    below = [cell for cell in rows[top] if cell]
    reaches_down = any(not rows[top][place] for place in filled)
    return reaches_down or _hangs(rows, top) or len(set(below)) < len(below) or any(is_known(above[place]) for place in filled)


def _hangs(rows: list[list[str]], top: int) -> bool:
    """Whether a heading two rows up reaches down past the row of groups between them, as in headings of three rows."""
    higher = rows[top - 2] if top > 1 else []
    return any(cell and looks_like_heading(cell) and not rows[top - 1][place] and not rows[top][place]
               for place, cell in enumerate(higher))


def _goes_down(rows: list[list[str]], first: int, last: int, merges: Sequence[Merge]) -> bool:
    """Whether the row below names the columns under groups: it has text only where the heading is still open."""
    below = rows[last + 1] if last + 1 < len(rows) else []
    filled = [place for place, cell in enumerate(below) if cell]
    if not filled or not all(looks_like_heading(below[place]) for place in filled):
        return False
    if not all(_is_open(rows, first, last, place, merges) for place in filled):
        return False
    return any(not rows[last][place] for place in filled)


def _is_open(rows: list[list[str]], first: int, last: int, place: int, merges: Sequence[Merge]) -> bool:
    """Whether a column's heading may have a further part: it has none yet, or one that spans the next column."""
    lowest = next((row for row in range(last, first - 1, -1) if rows[row][place]), None)
    if lowest is None:
        return True
    for merge in merges:
        if (merge.top, merge.left) == (lowest, place):
            return merge.right > place and merge.bottom <= last
    return place + 1 < len(rows[lowest]) and not rows[lowest][place + 1]


def _layout(rows: list[list[str]], first: int, last: int, merges: Sequence[Merge]) -> Layout:
    width = max(map(len, rows), default=0)
    block = rows[first : last + 1]
    texts = _flattened(block, [m for m in merges if first <= m.top <= last], first)
    if _is_numbering(rows, last + 1):
        last += 1
    data = rows[last + 1 :]
    columns = [place for place in range(width) if texts[place] or any(row[place] for row in data)]
    known = sum(is_known(text.rpartition("/")[2]) for text in texts)
    return Layout(first, last, [texts[place] for place in columns], columns, rows[:first], rows[first : last + 1], known)


def _flattened(block: list[list[str]], merges: Sequence[Merge], first: int) -> list[str]:
    """One text per column: its parts from the top down, those of groups repeated over their columns."""
    filled = [list(row) for row in block]
    for merge in merges:
        row = filled[merge.top - first]
        row[merge.left : merge.right + 1] = [row[merge.left]] * len(row[merge.left : merge.right + 1])
    for number, row in enumerate(filled[:-1]):
        group = ""
        for place, cell in enumerate(block[number]):
            has_parts = any(lower[place] for lower in block[number + 1 :])
            if cell or not has_parts:
                group = cell if has_parts else ""
            elif group and not row[place]:
                row[place] = group
    columns = [[row[place] for row in filled] for place in range(len(block[0]) if block else 0)]
    return ["/".join(dict.fromkeys("".join(part.split()) for part in column if part)) for column in columns]


def _is_numbering(rows: list[list[str]], number: int) -> bool:
    """Whether a row only numbers the columns: 1 2 3 4 5, or 甲 乙 1 2 3, as statistical forms do."""
    cells = [cell for cell in rows[number] if cell] if number < len(rows) else []
    if cells and cells[0] in ("栏次", "列次"):
        return True
    letters = sum(1 for cell, ordinal in zip(cells, ORDINALS, strict=False) if cell == ordinal)
    numbers = [str(n) for n in range(1, len(cells) - letters + 1)]
    return len(cells) >= 5 and cells[letters:] == numbers
