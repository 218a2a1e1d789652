"""Rows that a page carries and that are no data: headings and titles repeated, totals, footers.

Belongs here: telling such rows from data, strictly: what names its unit, person or document is data, whatever else it says.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import UNSTORED
from pipelines.ingest import headings
from pipelines.ingest.layout import Layout
from pipelines.ingest.texts import whole

HEADING, TITLE, TOTAL, FOOTER = "重复表头", "重复标题", "合计行", "表尾"
FIRST_COLUMNS = 4
SUMS = "(?:合计|小计|总计|累计|共计|汇总)"
TOTALS = re.compile(rf"(?:.{{0,30}}?)({SUMS})(?:[(（][^()（）]{{1,6}}[)）])?[:：]?(?:[\d,.]+)?[户人元笔条家个项]?")
PLAIN_TOTALS = re.compile(rf"(?:本页|本月|本期|本年|当页|当月|全部|全市|分组|单位|年度)?{SUMS}(?:[(（].{{1,6}}[)）])?[:：]?"
                          r"(?:[\d,.]+)?[户人元笔条家个项]?")
FOOTERS = re.compile(
    r"(?:制表|制单|打印|导出|填报|填表|审核|复核|稽核|单位负责|部门负责|负责|经办|报表|统计|查询|数据来源|来源|联系)[^:：]{0,6}[:：].*"
    r"|(?:注|备注|说明|附注)\d*[:：].*|第?\d+页.*|共\d+(?:页|条|行|户|人).*|第?\d+/\d+页|[-—]+\d+/\d+[-—]+|页码[:：]?.*"
    r"|[(（]?以下(?:无正文|空白)[)）]?|-*(?:报表结束|完)-*", re.DOTALL)
# What every such text holds: most rows are told by this alone, all at once.
HINT = r"计|汇总|[^\d\s]\d*[:：]|页|以下|共|结束|完|[-—]\d"
NAMING = {"identifier", "document_no", "uscc", "org_code", "person"}
PLAIN_TEXT = {"text", *UNSTORED}
NAMES_UNIT = re.compile(r"(编号|证号|号码|流水号|信用代码|单位代码|机构代码|(?<![a-z])id)$", re.IGNORECASE)
GROUPS = {"region_code", "pool"}


@cache
def _values_of() -> dict[str, set[tuple[str, str]]]:
    """Normalised heading -> (column, value type) of the columns that accept it."""
    found: dict[str, set[tuple[str, str]]] = {}
    for export in EXPORTS.values():
        for column in export.columns:
            for text in headings.accepted(column):
                found.setdefault(text, set()).add((column.name, column.value))
    return found


@dataclass(frozen=True)
class PageRows:
    """What is known of one sheet's pages; `columns` are those of the grid that are looked at."""

    layout: Layout
    columns: Sequence[int]

    @cached_property
    def known(self) -> dict[int, set[tuple[str, str]]]:
        """Column -> what its heading may mean: columns of kinds and their value types."""
        values = _values_of()
        named = zip(self.layout.columns, self.layout.headings, strict=True)
        return {place: values.get(headings.normalise(heading.rpartition("/")[2]), set())
                or ({("", "identifier")} if NAMES_UNIT.search(heading) else set()) for place, heading in named}

    @cached_property
    def naming(self) -> list[int]:
        """The columns that say whom or what a row is about; without any, those that say which year or region."""
        named = [p for p, said in self.known.items() if any(value in NAMING and name not in GROUPS for name, value in said)]
        return named or [p for p, said in self.known.items() if any(value in NAMING | {"year"} for _, value in said)]

    @cached_property
    def typed(self) -> set[int]:
        """The columns of numbers, dates and codes, where 合计 cannot be a value; a region may be called so."""
        return {place for place, said in self.known.items()
                if said and not any(value in PLAIN_TEXT or name in GROUPS for name, value in said)}

    @cached_property
    def heading_rows(self) -> list[dict[int, str]]:
        rows = [{place: _bare(cell) for place, cell in enumerate(row)} for row in self.layout.rows]
        return [row for row in rows if any(row.values())]

    @cached_property
    def titles(self) -> set[str]:
        return {_bare(cell) for row in self.layout.title_rows for cell in row if cell}

    def looked_at(self) -> list[int]:
        """The columns to read beside those wanted: the first few, and those that name."""
        return sorted({*self.columns, *self.layout.columns[:FIRST_COLUMNS], *self.naming})

    def reason(self, row: dict[int, str]) -> str | None:
        """Why a row is no data, or None; `row` = the cells looked at, by column.

        A total says so in its first or second cell and names nobody, or says it where only a number or a date can stand.
        """
        cells = {place: bare for place, cell in sorted(row.items()) if (bare := _bare(cell))}
        filled = list(cells.items())
        if not filled:
            return None
        if self._is_heading(cells, row):
            return HEADING
        if all(cell in self.titles for cell in cells.values()):
            return TITLE
        place, text = filled[0]
        if FOOTERS.fullmatch(text) and not self._names(cells, place):
            return FOOTER
        if TOTALS.fullmatch(text) and not self._names(cells, place):
            return TOTAL
        for place, text in filled[:2]:
            if PLAIN_TOTALS.fullmatch(text) and (place in self.typed or not self._names(cells, place)):
                return TOTAL
        return None

    def _is_heading(self, cells: dict[int, str], row: dict[int, str]) -> bool:
        if len(cells) < 2 and len(row) > 1:
            return False
        return any(cells == {p: text for p, text in heading.items() if text and p in row} for heading in self.heading_rows)

    def _names(self, cells: dict[int, str], mark: int) -> bool:
        """Whether a cell beside the mark names somebody or something."""
        named = (cells[place] for place in self.naming if place in cells and place != mark)
        return any((cell.isascii() or any(map(str.isdigit, cell))) and not FOOTERS.fullmatch(cell) for cell in named)

    def among(self, table: pa.Table) -> list[tuple[int, str]]:
        """The places of rows in a table of g<column> that are no data, with the reason; only doubtful rows are looked at."""
        columns = {int(name[1:]): table[name] for name in table.column_names if name.startswith("g")}
        texts = {place: whole(pc.fill_null(column, "") if column.null_count else column)
                 for place, column in columns.items() if pa.types.is_string(column.type)}
        if not texts or not len(table):
            return []
        doubtful = sorted({*self._unnamed(texts), *self._mistyped(texts), *self._equal_to_head(texts)})
        rows = ((place, self.reason({column: text[place].as_py() for column, text in texts.items()})) for place in doubtful)
        return [(place, reason) for place, reason in rows if reason]

    def _unnamed(self, texts: dict[int, pa.Array]) -> list[int]:
        """Rows in which nothing plain names anybody and some cell has what totals and footers have."""
        named = pa.repeat(False, len(next(iter(texts.values()))))
        for place in self.naming:
            if place in texts:
                plain = pc.and_(pc.string_is_ascii(texts[place]), pc.greater(pc.binary_length(texts[place]), 0))
                named = pc.or_(named, plain)
        places = pc.indices_nonzero(pc.invert(named))
        hinted: set[int] = set()
        for column in texts.values():
            hinted.update(places.filter(pc.match_substring_regex(column.take(places), HINT)).to_pylist())
        return sorted(hinted)

    def _mistyped(self, texts: dict[int, pa.Array]) -> list[int]:
        """Rows that say a sum where only a number, a date or a code can stand, in one of the first columns."""
        found: list[int] = []
        for place in self.layout.columns[:FIRST_COLUMNS]:
            if place in self.typed and place in texts:
                places = pc.indices_nonzero(pc.invert(pc.string_is_ascii(texts[place])))
                found += places.filter(pc.match_substring_regex(texts[place].take(places), "计|汇总")).to_pylist()
        return found

    def _equal_to_head(self, texts: dict[int, pa.Array]) -> list[int]:
        """Rows with the first cell of a heading row or of a title where that stands in the head."""
        found: list[int] = []
        for row in (*self.layout.rows, *self.layout.title_rows):
            place = next((place for place, text in enumerate(row) if text and place in texts), None)
            if place is not None:
                is_equal = pc.equal(pc.utf8_trim_whitespace(texts[place]), row[place])
                found += pc.indices_nonzero(is_equal).to_pylist()
        return found


def _bare(text: str) -> str:
    return "".join(text.split())
