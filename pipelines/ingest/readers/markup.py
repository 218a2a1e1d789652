"""Tables written as markup under the name of a workbook: HTML, and the XML of Excel 2003.

Belongs here: elements to rows, spans, text. The text stays text: nothing is taken for a number or a date.
"""

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from pipelines.ingest.grid import HEAD_ROWS, MB, Gathered, Grid, Merge, UnreadableFileError, grid_of
from pipelines.ingest.readers.text import READ_BYTES, encoding_of

DECLARED = re.compile(rb"(?:charset|encoding)\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
SPREADSHEET = "{urn:schemas-microsoft-com:office:spreadsheet}"
EXACT_NUMBER = ("x:num", "num")
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
SPACES = re.compile(r"[ \t\r\n]+")
LARGEST_SPAN = 1_000
MOST_TABLES = 1_000
LINE_BREAK = "\u2028"


def is_html(head: bytes) -> bool:
    """Whether a file that begins so is HTML with a table or a page."""
    text = _plain(head)
    return text.startswith("<") and any(mark in text for mark in ("<html", "<table", "<!doctype html", "<body"))


def is_spreadsheet_xml(head: bytes) -> bool:
    """Whether a file that begins so is a workbook of Excel 2003 as XML."""
    text = _plain(head)
    return text.startswith("<?xml") and "urn:schemas-microsoft-com:office:spreadsheet" in text


def _plain(head: bytes) -> str:
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16")):
        if head.startswith(mark):
            return head.decode(encoding, "replace").lower().lstrip()
    return head.removeprefix(codecs.BOM_UTF8).decode("latin-1").lower().lstrip()


def read_html(path: Path) -> list[Grid]:
    """Every table of a page that has more than one column. Raises UnreadableFileError."""
    parser = etree.HTMLPullParser(events=("start", "end"), encoding="utf-8", no_network=True, huge_tree=False)
    tables = _Tables(_html_text, _html_span)
    for block in _utf8(path):
        parser.feed(block)
        for event, element in parser.read_events():
            tables.see(event, element, element.tag)
    parser.close()
    for event, element in parser.read_events():
        tables.see(event, element, element.tag)
    grids = tables.grids()
    wide = [grid for grid in grids if max(map(len, grid.head), default=0) > 1]
    if not grids:
        raise UnreadableFileError("网页里没有表格；请另存为 .xlsx 或 .csv")
    return wide or grids[:1]


def read_spreadsheet_xml(path: Path) -> list[Grid]:
    """The sheets of an XML workbook of Excel 2003. Raises UnreadableFileError or lxml's own errors."""
    tables = _Tables(_xml_text, _xml_span)
    names = []
    events = etree.iterparse(str(path), events=("start", "end"), resolve_entities=False, no_network=True, huge_tree=False)
    for event, element in events:
        tag = element.tag.removeprefix(SPREADSHEET) if isinstance(element.tag, str) else ""
        if tag == "Worksheet" and event == "start":
            names.append(element.get(SPREADSHEET + "Name", ""))
        tables.see(event, element, {"Table": "table", "Row": "tr", "Cell": "td"}.get(tag, ""), names[-1] if names else "")
    return tables.grids()


def _utf8(path: Path) -> Iterator[bytes]:
    """The page in UTF-8, from the encoding it declares if that decodes its beginning, else from the one it seems to have."""
    with path.open("rb") as file:
        head = file.read(MB)
        declared = DECLARED.search(head[:4096])
        name = declared[1].decode("ascii", "replace").lower() if declared else ""
        name = "gb18030" if name in ("gb2312", "gbk") else name
        decoder = codecs.getincrementaldecoder(name if _is_right(name, head) else encoding_of(path))("replace")
        file.seek(0)
        while block := file.read(READ_BYTES):
            yield decoder.decode(block).encode("utf-8", "replace")


def _is_right(name: str, head: bytes) -> bool:
    """Whether the encoding that a page declares is one and its beginning is written in it."""
    if not name or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return False
    try:
        codecs.getincrementaldecoder(name)().decode(head)
    except (LookupError, UnicodeError):
        return False
    return True


class _Tables:
    """Rows gathered as elements go by; what has been read is let go at once."""

    def __init__(self, text_of: Callable[[etree._Element], str], span_of: Callable[[etree._Element], tuple[int, int, int]]):
        self.text_of, self.span_of = text_of, span_of
        self.open: list[_Table] = []
        self.done: list[_Table] = []

    def see(self, event: str, element: etree._Element, tag: str, name: str = "") -> None:
        """Takes the start or end of an element: table, tr, td or th; tables may lie in cells of others."""
        if tag == "table" and event == "start":
            self.open.append(_Table(name))
            self.done.append(self.open[-1])
            if len(self.done) > MOST_TABLES:
                raise UnreadableFileError(f"一个文件超过 {MOST_TABLES} 张表；请拆分后重新导出")
        elif not self.open:
            return
        elif tag == "table":
            self.open.pop()
            element.clear()
        elif tag in ("td", "th") and event == "end":
            self.open[-1].cell(self.text_of(element), *self.span_of(element))
            element.clear()
        elif tag == "tr":
            self.open[-1].row(self.span_of(element)[0] if event == "start" else 0, event == "end")
            if event == "end":
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]

    def grids(self) -> list[Grid]:
        """The tables that hold any row."""
        many = len(self.done) > 1
        return [table.grid(f"表{number}" if many else "") for number, table in enumerate(self.done, 1) if table.rows.count]


class _Table:
    """One table: cells laid out over spans."""

    def __init__(self, name: str):
        self.name, self.rows = name, Gathered()
        self.cells: dict[int, str] = {}
        self.place = 0
        self.covered: dict[int, int] = {}
        self.merges: list[Merge] = []

    def row(self, index: int, is_end: bool) -> None:
        """Begins a row, at `index` from 1 if given, or ends it."""
        if not is_end:
            if index - 1 > self.rows.count + 100_000:
                raise UnreadableFileError("表格的行号跳跃过大，可能损坏；请重新导出")
            while self.rows.count < index - 1:
                self.rows.add([])
                self._uncover()
            self.cells, self.place = {}, 0
            return
        self.rows.add([self.cells.get(place, "") for place in range(max(self.cells, default=-1) + 1)])
        self.cells = {}
        self._uncover()

    def _uncover(self) -> None:
        self.covered = {place: left - 1 for place, left in self.covered.items() if left > 1}

    def cell(self, text: str, index: int, down: int, across: int) -> None:
        """The next cell, or that at `index` from 1; its text stands in the first of the columns and rows that it spans."""
        self.place = index - 1 if index else self.place
        while self.place in self.covered:
            self.place += 1
        if self.place + across > self.rows.width_limit:
            raise UnreadableFileError(f"表格超过 {self.rows.width_limit} 列；请拆分后重新导出")
        if text:
            self.cells[self.place] = text
        number = self.rows.count
        if (down > 1 or across > 1) and number < HEAD_ROWS:
            self.merges.append(Merge(number, self.place, number + down - 1, self.place + across - 1))
        # The row in which a span begins counts too: it is taken off at that row's end.
        if down > 1:
            self.covered |= dict.fromkeys(range(self.place, self.place + across), down)
        self.place += across

    def grid(self, name: str) -> Grid:
        return grid_of(self.name or name, self.rows.table(), self.merges)


def _html_text(cell: etree._Element) -> str:
    for line_break in cell.iter("br") if len(cell) else ():
        line_break.tail = LINE_BREAK + (line_break.tail or "")
    text = SPACES.sub(" ", "".join(cell.itertext()) if len(cell) else cell.text or "")
    text = "\n".join(line.strip() for line in text.split(LINE_BREAK)).strip()
    exact = next((cell.get(name) for name in EXACT_NUMBER if cell.get(name)), None)
    # Excel shows a long number rounded and keeps the whole of it beside.
    return exact if exact and SCIENTIFIC.fullmatch(text) else text


def _html_span(element: etree._Element) -> tuple[int, int, int]:
    return 0, _number(element.get("rowspan"), 1), _number(element.get("colspan"), 1)


def _xml_text(cell: etree._Element) -> str:
    return "".join("".join(data.itertext()) for data in cell.iterfind(f"{SPREADSHEET}Data"))


def _xml_span(element: etree._Element) -> tuple[int, int, int]:
    index, down, across = (_number(element.get(SPREADSHEET + name), 0) for name in ("Index", "MergeDown", "MergeAcross"))
    return index, down + 1, across + 1


def _number(text: str | None, default: int) -> int:
    """A span as written, at least the default; nonsense is the default, what is too large the largest that there is."""
    if not text or not text.strip().isascii() or not text.strip().isdigit():
        return default
    return min(max(int(text.strip()[:9]), default), 10_000_000 if default == 0 else LARGEST_SPAN)
