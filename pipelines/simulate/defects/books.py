"""Pages as workbooks: .xlsx, .xls (BIFF8, also under the name .et) and .xlsb (BIFF12)."""
import datetime as dt
import io
import struct
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
import xlwt

from pipelines.simulate.defects.cells import Cell
from pipelines.simulate.defects.pages import Page
from pipelines.simulate.defects.texts import zipped
from pipelines.simulate.files import CREATED

XLSB_TYPES = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="bin" \
ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>{}</Types>"""
XLSB_SHEET_TYPE = '<Override PartName="/xl/worksheets/sheet{}.bin" ContentType="application/vnd.ms-excel.worksheet"/>'
XLSB_LINKS = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>"""
XLSB_LINK = ('<Relationship Id="rId{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
             'Target="{}"/>')
BOOK_BEGIN, BOOK_END, SHEETS_BEGIN, SHEETS_END, SHEET = 131, 132, 143, 144, 156
SHEET_BEGIN, SHEET_END, SIZE, DATA_BEGIN, DATA_END, ROW, REAL, TEXT = 129, 130, 148, 145, 146, 0, 5, 6


def write_xlsx(path: Path, pages: Sequence[Page]) -> None:
    """One sheet per page; texts as text, numbers as numbers, dates as dates, merged and hidden parts as such."""
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_urls": False,
                                         "strings_to_formulas": False}) as book:
        book.set_properties({"created": CREATED, "author": "yufang"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for page in pages:
            sheet = book.add_worksheet(page.name)
            for number, row in enumerate(page.grid):
                for column, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(number, column, dt.datetime.combine(cell, dt.time()), day)
                    elif isinstance(cell, str):
                        sheet.write_string(number, column, cell)
                    elif cell is not None:
                        sheet.write_number(number, column, cell)
            for top, left, bottom, right in page.merged:
                sheet.merge_range(top, left, bottom, right, str(page.grid[top][left] or ""))
            for number in sorted(page.hidden_rows):
                sheet.set_row(number, None, None, {"hidden": True})
            for column in sorted(page.hidden_columns):
                sheet.set_column(column, column, None, None, {"hidden": True})


def write_xls(path: Path, pages: Sequence[Page]) -> None:
    """The same as BIFF8; a sheet holds at most 65,536 rows."""
    book, day = xlwt.Workbook(encoding="utf-8"), xlwt.easyxf(num_format_str="YYYY-MM-DD")
    plain = xlwt.easyxf()
    for page in pages:
        sheet = book.add_sheet(page.name)
        covered = {(row, column) for top, left, bottom, right in page.merged
                   for row in range(top, bottom + 1) for column in range(left, right + 1)}
        for number, row in enumerate(page.grid):
            for column, cell in enumerate(row):
                if cell is not None and (number, column) not in covered:
                    is_day = isinstance(cell, dt.date)
                    sheet.write(number, column, str(cell) if isinstance(cell, str) else cell, day if is_day else plain)
        for top, left, bottom, right in page.merged:
            sheet.write_merge(top, bottom, left, right, str(page.grid[top][left] or ""))
        for number in page.hidden_rows:
            sheet.row(number).hidden = True
        for column in page.hidden_columns:
            sheet.col(column).hidden = True
    book.save(str(path))


def write_xlsb(path: Path, pages: Sequence[Page]) -> None:
    """The least that a binary workbook consists of: no styles, no shared strings, nothing merged or hidden."""
    numbers = range(1, len(pages) + 1)
    links = "".join(XLSB_LINK.format(n, "worksheet", f"worksheets/sheet{n}.bin") for n in numbers)
    bundle = b"".join(_record(SHEET, struct.pack("<II", 0, n) + _wide(f"rId{n}") + _wide(page.name))
                      for n, page in zip(numbers, pages, strict=True))
    book = _record(BOOK_BEGIN) + _record(SHEETS_BEGIN) + bundle + _record(SHEETS_END) + _record(BOOK_END)
    members = [("[Content_Types].xml", XLSB_TYPES.format("".join(XLSB_SHEET_TYPE.format(n) for n in numbers)).encode()),
               ("_rels/.rels", XLSB_LINKS.format(XLSB_LINK.format(1, "officeDocument", "xl/workbook.bin")).encode()),
               ("xl/workbook.bin", book), ("xl/_rels/workbook.bin.rels", XLSB_LINKS.format(links).encode())]
    members += [(f"xl/worksheets/sheet{n}.bin", _sheet(page)) for n, page in zip(numbers, pages, strict=True)]
    path.write_bytes(zipped(members, is_gbk=False))


def _sheet(page: Page) -> bytes:
    width = max((len(row) for row in page.grid), default=1)
    out = io.BytesIO()
    out.write(_record(SHEET_BEGIN) + _record(SIZE, struct.pack("<IIII", 0, max(len(page.grid) - 1, 0), 0, width - 1)))
    out.write(_record(DATA_BEGIN))
    for number, row in enumerate(page.grid):
        out.write(_record(ROW, struct.pack("<IIHHBI", number, 0, 300, 0, 0, 0)))
        for column, cell in enumerate(row):
            if cell is not None:
                out.write(_cell(column, cell))
    out.write(_record(DATA_END) + _record(SHEET_END))
    return out.getvalue()


def _cell(column: int, cell: Cell) -> bytes:
    place = struct.pack("<II", column, 0)
    if isinstance(cell, int | float):
        return _record(REAL, place + struct.pack("<d", cell))
    return _record(TEXT, place + _wide(str(cell)))


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(number: int, content: bytes = b"") -> bytes:
    """A record of BIFF12: its number and length in groups of seven bits, the lowest first (MS-XLSB 2.1.4)."""
    kind = bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])
    size, left = b"", len(content)
    while left > 127:
        size, left = size + bytes([left & 127 | 128]), left >> 7
    return kind + size + bytes([left]) + content
