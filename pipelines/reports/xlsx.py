"""How a workbook looks: fonts, colours, widths, frozen rows, page set-up; drawn with xlsxwriter.

Belongs here: everything about appearance. Does not belong here: what a sheet says (content.py).
"""

import calendar
import copy
import datetime
import math
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipelines.reports import Field, Row, Sheet, Value, Workbook
from pipelines.reports.printed import EMPTY, breadth, heading_text, printed

OPTIONS = {
    "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "default_format_properties": {"font_name": "微软雅黑", "font_size": 10},
}
A4, LINE = 9, 16.5
# In half-width characters: a column at least, one to be filled in, texts up to which none is wrapped, a column at most; the
# table at least; texts up to SHORT are centred.
NARROWEST, ROOM, UNWRAPPED, WIDEST, TABLE, SHORT = 7, 18, 22, 72, 60, 10
LINES = {"border": 1, "border_color": "#BFBFBF", "valign": "vcenter"}
HEADING = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "align": "center", "text_wrap": True}
TONES = {
    "listed": {"bg_color": "#FFE699"}, "reserve": {"bg_color": "#EAF3E3"}, "reference": {"font_color": "#7F7F7F"},
    "total": {"bg_color": "#D9E2F0", "bold": True}, "group": {"bg_color": "#F2F2F2", "bold": True},
    "alert": {"font_color": "#C00000"}, "plain": {},
}
INPUT = {"bg_color": "#FFFBE6", "locked": False}
BARS = {"total": "#7F7F7F", "alert": "#C0504D"}
BAR = "#5B8DB8"


def write(workbook: Workbook, path: Path) -> None:
    """Writes the workbook; the same content gives the same bytes. The path may have any suffix."""
    year, month = divmod(workbook.month, 100)
    with xlsxwriter.Workbook(str(path), copy.deepcopy(OPTIONS)) as book:  # it writes into its options
        book.set_properties({
            "title": workbook.title, "subject": workbook.subtitle, "keywords": "，".join(workbook.marks),
            "created": datetime.datetime(year, month, calendar.monthrange(year, month)[1]),
        })
        for sheet in workbook.sheets:
            Drawing(book, workbook, sheet).draw()


class Drawing:
    """One sheet being drawn; formats are shared by the look that they give."""

    def __init__(self, book: xlsxwriter.Workbook, workbook: Workbook, sheet: Sheet):
        self.book, self.workbook, self.sheet = book, workbook, sheet
        self.page: Worksheet = book.add_worksheet(sheet.name)
        self.looks: dict[tuple, Format] = {}
        self.cell_looks: dict[tuple, Format] = {}
        self.breadths = [_breadths(sheet, number) for number in range(len(sheet.fields))]
        self.widths = _widths(sheet.fields, self.breadths)
        self.marks = "　".join(f"【{mark}】" for mark in workbook.marks)
        self.top = 2 + len(sheet.notes)

    def draw(self) -> None:
        self._head()
        self._table()
        self._set_up()
        if self.sheet.chart:
            self._chart()

    def _look(self, **said) -> Format:
        key = tuple(sorted(said.items()))
        if key not in self.looks:
            self.looks[key] = self.book.add_format(said)
        return self.looks[key]

    def _head(self) -> None:
        """Title, marks with the subtitle, notes: each in one cell over the whole width."""
        self._across(0, self.sheet.title, 1, LINE * 1.7, bold=True, font_size=16)
        is_warned = len(self.workbook.marks) > 1
        colours = {"font_color": "#C00000", "bg_color": "#FDE9E7"} if is_warned else {"font_color": "#404040"}
        self._across(1, f"{self.marks}　{self.workbook.subtitle}", 1, LINE * 1.3, bold=True, font_size=11, **colours)
        for number, note in enumerate(self.sheet.notes):
            self._across(2 + number, note, _lines(note, sum(self.widths)), LINE, font_color="#595959")

    def _across(self, row: int, text: str, lines: int, height: float, **said) -> None:
        look = self._look(text_wrap=True, valign="vcenter", **said)
        self.page.merge_range(row, 0, row, max(len(self.widths) - 1, 1), "", look)
        self.page.write_string(row, 0, text, look)
        self.page.set_row(row, height * lines + 2)

    def _table(self) -> None:
        look = self._look(**HEADING, **LINES)
        headings = [heading_text(field) for field in self.sheet.fields]
        for column, (heading, width) in enumerate(zip(headings, self.widths, strict=True)):
            self.page.set_column(column, column, width, None, {"hidden": self.sheet.fields[column].is_hidden})
            self.page.write_string(self.top, column, heading, look)
        lines = max(_lines(heading, width) for heading, width in zip(headings, self.widths, strict=True))
        self.page.set_row(self.top, LINE * lines + 4)
        for number, row in enumerate(self.sheet.rows):
            self._row(self.top + 1 + number, row)
        for column, field in enumerate(self.sheet.fields):
            if field.choices and self.sheet.rows:
                self._offer(column, field)

    def _offer(self, column: int, field: Field) -> None:
        """A list to choose from in the cells of a column; anything else is refused with what may stand there."""
        said = "、".join(field.choices)
        self.page.data_validation(self.top + 1, column, self.top + len(self.sheet.rows), column, {
            "validate": "list", "source": list(field.choices), "error_title": field.title,
            "error_message": f"只能填 {said}，或空着。"})

    def _row(self, place: int, row: Row) -> None:
        lines = 1
        for column, (field, value) in enumerate(zip(self.sheet.fields, row.values, strict=True)):
            self._cell(place, column, field, value, row.tone)
            if isinstance(value, str):
                lines = max(lines, _lines(value, self.widths[column]))
        self.page.set_row(place, LINE * lines + 2)

    def _cell(self, row: int, column: int, field: Field, value: Value, tone: str) -> None:
        is_alert = bool(field.alert) and value == field.alert
        if value is None:
            self.page.write_string(row, column, EMPTY, self._cell_look(column, "none", tone, is_alert))
        elif field.is_number and not isinstance(value, str):
            self.page.write_number(row, column, float(value), self._cell_look(column, "number", tone, is_alert))
        else:
            text = str(value)
            shown = "text" if len(text) < 255 else "long"  # beyond 255 characters the text format shows ####
            self.page.write_string(row, column, text, self._cell_look(column, shown, tone, is_alert))

    def _cell_look(self, column: int, shown: str, tone: str, is_alert: bool) -> Format:
        """How a cell looks that shows a number, a text, a long text or none."""
        key = (column, shown, tone, is_alert)
        if key in self.cell_looks:
            return self.cell_looks[key]
        field = self.sheet.fields[column]
        said = {**LINES, **TONES[tone], **(INPUT if field.is_input else {})}
        said |= {"font_color": "#C00000", "bold": True} if is_alert else {}
        if shown == "none":
            said |= {"align": "right" if field.is_number else "center"}
        elif shown == "number":
            said |= {"num_format": _number_format(field)}
        else:
            said |= {"align": "center"} if self.breadths[column][-1] <= SHORT else {"align": "left", "indent": 1}
            said |= {"text_wrap": True} | ({"num_format": "@"} if shown == "text" else {})
        self.cell_looks[key] = self._look(**said)
        return self.cell_looks[key]

    def _set_up(self) -> None:
        """Page, print and screen: A4 landscape, one page wide, headings repeated, marks on each; a form is one upright page."""
        page, bottom, right = self.page, self.top + len(self.sheet.rows), len(self.sheet.fields) - 1
        page.set_paper(A4)
        if self.sheet.is_form:
            page.fit_to_pages(1, 1)
        else:
            page.set_landscape()
            page.fit_to_pages(1, 0)
        page.set_margins(left=0.4, right=0.4, top=0.75, bottom=0.6)
        page.hide_gridlines(2)
        page.set_header(f"&L&B{_escaped(self.marks)}&R{_escaped(self.sheet.title)}")
        page.set_footer(f"&L{_escaped(self.workbook.title)}&R第 &P 页　共 &N 页")
        page.ignore_errors({"number_stored_as_text": f"A1:XFD{bottom + 1}"})
        if not self.sheet.is_text:
            page.freeze_panes(self.top + 1, 0)
            page.repeat_rows(self.top)
            if not self.sheet.chart:
                page.autofilter(self.top, 0, bottom, right)

    def _chart(self) -> None:
        """Horizontal bars beside the table, the first row on top."""
        said, sheet = self.sheet.chart, self.sheet
        first, last = self.top + 1, self.top + len(sheet.rows)
        assert said is not None
        chart = self.book.add_chart({"type": "bar"})
        assert chart is not None
        chart.add_series({
            "name": said.title, "categories": [sheet.name, first, said.names, last, said.names],
            "values": [sheet.name, first, said.values, last, said.values], "gap": 45, "fill": {"color": BAR},
            "points": [{"fill": {"color": BARS.get(row.tone, BAR)}} for row in sheet.rows],
            "data_labels": {"value": True, "num_format": _number_format(sheet.fields[said.values])},
        })
        chart.set_title({"name": f"{self.marks}{said.title}", "name_font": {"size": 12}, "overlay": False})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        grid = {"visible": True, "line": {"color": "#D9D9D9"}}
        chart.set_x_axis({"major_gridlines": grid, "min": 0, "num_format": "0.0"})
        chart.set_size({"width": 760, "height": 80 + 30 * len(sheet.rows)})
        self.page.insert_chart(self.top, len(sheet.fields) + 1, chart, {"description": said.title})


def _number_format(field: Field) -> str:
    whole = "#,##0" if field.is_grouped else "0"
    return f"{whole}.{'0' * field.decimals}" if field.decimals else whole


def _escaped(text: str) -> str:
    return text.replace("&", "&&")


def _lines(text: str, width: float) -> int:
    """How many lines a wrapped text takes in a column of that width."""
    if 2 * len(text) <= width - 2 and "\n" not in text:
        return 1  # most texts, however broad their letters
    return sum(max(1, math.ceil(breadth(part) / max(width - 2, 1))) for part in text.split("\n"))


def _breadths(sheet: Sheet, number: int) -> list[int]:
    """The breadths of a column's cells, the smallest first."""
    return sorted(breadth(printed(sheet.fields[number], row.values[number])) for row in sheet.rows) or [0]


def _widths(fields: tuple[Field, ...], breadths: list[list[int]]) -> list[float]:
    """A width for every column: numbers never cut, a text of usual length in about two lines."""
    widths: list[float] = []
    for field, broad in zip(fields, breadths, strict=True):
        heading = max(breadth(part) for part in heading_text(field).split("\n"))
        usual = broad[len(broad) // 2]
        limit = broad[-1] + 3 if field.is_number else min(WIDEST, max(UNWRAPPED, usual / 2 + 5))
        widths.append(field.width or max(ROOM if field.is_input else NARROWEST, heading + 2, min(limit, broad[-1] + 3)))
    missing = TABLE - sum(widths)
    return [width + max(0, missing) / len(widths) for width in widths]
