"""Pages as text files: separated values in several encodings, HTML under the name of a workbook, and zips of them.

Equal pages give equal bytes: nothing in a file tells when or where it was written.
"""
import html
import io
import zipfile
from collections.abc import Sequence

from pipelines.simulate.defects.cells import Cell
from pipelines.simulate.defects.drafts import Raw, shown
from pipelines.simulate.defects.pages import Page

LONG_AGO = (2025, 1, 1, 0, 0, 0)


def separated(page: Page, delimiter: str, encoding: str) -> bytes:
    """Rows with CRLF; a cell is quoted where the separator or a quote stands in it."""
    lines = (delimiter.join(_quoted(cell, delimiter) for cell in row) for row in page.grid)
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def _quoted(cell: Cell, delimiter: str) -> str:
    text = shown(cell)
    if isinstance(cell, Raw) or not any(sign in text for sign in (delimiter, '"', "\n")):
        return text
    return '"' + text.replace('"', '""') + '"'


def web_page(page: Page, encoding: str) -> bytes:
    """One HTML table as office systems write it for Excel, with merged headings and hidden rows."""
    covered = {(row, column) for top, left, bottom, right in page.merged
               for row in range(top, bottom + 1) for column in range(left, right + 1)}
    spans = {(top, left): f' rowspan="{bottom - top + 1}" colspan="{right - left + 1}"'
             for top, left, bottom, right in page.merged}
    rows = []
    for number, row in enumerate(page.grid):
        cells = (f"<td{spans.get((number, column), '')} x:str>{html.escape(shown(cell))}</td>"
                 for column, cell in enumerate(row) if (number, column) not in covered or (number, column) in spans)
        style = ' style="display:none"' if number in page.hidden_rows else ""
        rows.append(f"<tr{style}>{''.join(cells)}</tr>")
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={encoding}">'
    space = 'xmlns:x="urn:schemas-microsoft-com:office:excel"'
    body = "\n".join(rows)
    return f'<html {space}><head>{head}</head><body><table border="1">\n{body}\n</table></body></html>\n'.encode(encoding)


class _GbkName(zipfile.ZipInfo):
    """A member whose name is written in GBK without the flag for UTF-8, as Chinese Windows does."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the name that zipfile calls
        return self.filename.encode("gbk"), self.flag_bits


def zipped(members: Sequence[tuple[str, bytes]], is_gbk: bool) -> bytes:
    """A zip of files with a fixed date."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            info = (_GbkName if is_gbk else zipfile.ZipInfo)(name, LONG_AGO)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return target.getvalue()
