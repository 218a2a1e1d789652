"""A file's rows laid out as a sheet: titles, headings in one to three rows, page totals, footers, hidden and empty parts.

Here a row gets its place: `numbers` holds the 1-based row of the sheet for each row of the draft.
"""
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.simulate.defects.cells import Cell
from pipelines.simulate.defects.drafts import Draft

PAGE_ROWS = 40
EMPTY_AFTER = 2
GROUPS = ("基本信息", "业务信息", "其他信息")
OVER_ALL = "工伤保险业务数据"
MERGED = ("headings_2", "headings_3")
BOOK_LAYOUTS = {"headings_2", "headings_3", "hidden_row", "hidden_column"}
"""Layouts that only workbooks and HTML can show."""


@dataclass
class Page:
    """One sheet: its cells row by row, merged ranges (first row, first column, last row, last column; from 0), hidden parts."""

    name: str
    grid: list[list[Cell]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    numbers: dict[int, int] = field(default_factory=dict)
    heading_row: int = 0


def laid_out(draft: Draft, rows: range, name: str, layouts: frozenset[str], month: str, has_headings: bool = True) -> Page:
    """The page of some of a draft's rows; a page without headings continues the one before it."""
    page = Page(name)
    titles: list[str | None] = [*draft.clean]
    if "empty_column" in layouts:
        titles.insert(min(EMPTY_AFTER, len(titles)), None)
    if "title_rows" in layouts:
        page.grid += [[f"{draft.kind}明细表"], [f"统计期间：{month}"]]
    if has_headings:
        _put_headings(page, draft, titles, layouts)
    for start in range(rows.start, rows.stop, PAGE_ROWS):
        block = range(start, min(start + PAGE_ROWS, rows.stop))
        if start > rows.start and "headings_repeated" in layouts:
            _put_headings(page, draft, titles, layouts)
        for row in block:
            page.numbers[row] = len(page.grid) + 1
            page.grid.append(_cells(draft, titles, row))
        if "page_totals" in layouts:
            page.grid.append(_totals(draft, titles, block, "小计"))
        if start == rows.start and "empty_row" in layouts:
            page.grid.append([None] * len(titles))
    if "total_row" in layouts:
        page.grid.append(_totals(draft, titles, rows, "合计"))
    if "footer" in layouts:
        page.grid.append(["制表人：测试员", None, f"打印时间：{month}-28 10:21:05"][: max(len(titles), 1)])
    _hide(page, titles, rows, layouts)
    return page


def _put_headings(page: Page, draft: Draft, titles: list[str | None], layouts: frozenset[str]) -> None:
    """The headings, under one or two rows of groups where the layout says so; the first column stands alone."""
    lowest: list[Cell] = [draft.headings[title] if title else None for title in titles]
    levels = next((number for number, name in ((3, "headings_3"), (2, "headings_2")) if name in layouts), 1)
    top, width = len(page.grid), len(titles)
    rows: list[list[Cell]] = [*([None] * width for _ in range(levels - 1)), lowest]
    if levels > 1 and width > 3:
        edges = [1, 1 + (width - 1) // 3, 1 + 2 * (width - 1) // 3, width]
        for group, first, last in zip(GROUPS, edges, edges[1:], strict=False):
            rows[levels - 2][first] = group
            if last - first > 1:
                page.merged.append((top + levels - 2, first, top + levels - 2, last - 1))
        if levels == 3:
            rows[0][1] = OVER_ALL
            page.merged.append((top, 1, top, width - 1))
        rows[0][0], rows[levels - 1][0] = lowest[0], None
        page.merged.append((top, 0, top + levels - 1, 0))
    page.grid += rows
    page.heading_row = page.heading_row or len(page.grid)


def _cells(draft: Draft, titles: list[str | None], row: int) -> list[Cell]:
    cells = [draft.cells[title][row] if title else None for title in titles]
    if row in draft.broken:
        return cells[:2] if draft.broken[row] < 0.5 else [*cells, "多余"]
    return cells


def _totals(draft: Draft, titles: list[str | None], rows: range, word: str) -> list[Cell]:
    """A row that begins with 合计 or 小计 and sums the amounts of the rows above it."""
    cells: list[Cell] = []
    for title in titles:
        is_amount = title is not None and draft.types[title] == "amount"
        texts = [draft.clean[title][row] for row in rows] if title and is_amount else []
        cells.append(float(sum(Decimal(text) for text in texts if text)) if is_amount else None)
    cells[0] = word
    return cells


def _hide(page: Page, titles: list[str | None], rows: range, layouts: frozenset[str]) -> None:
    if "hidden_row" in layouts:
        page.hidden_rows = {page.numbers[row] - 1 for row in rows[3:20:4]}
    if "hidden_column" in layouts and len(titles) > 2:
        page.hidden_columns = {len(titles) - 2}
