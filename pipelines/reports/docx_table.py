"""Tables and runs of a Word document as XML: built as text, since the library looks at a whole table for each cell.

Belongs here: cells, rows, widths, what is set apart within a text. Which parts a document has is docx.py.
"""

import re
from xml.sax.saxutils import escape

from pipelines.reports import Field, Row, Value
from pipelines.reports.docx_look import ALERT_COLOUR, TWIPS_PER_POINT, Look, twips, width_mm
from pipelines.reports.printed import EMPTY, breadth, heading_text, printed
from pipelines.reports.text import Table

PLACEHOLDER = re.compile(r"(【待填[^】]*】)")
# What XML cannot hold, and tabulators, which would move what follows.
UNFIT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# Breadths in half-width characters: a column at least; a heading up to which it is not broken; texts up to SHORT are centred.
NARROWEST, HEADING, SHORT, PADDING, LONGEST = 5, 10, 10, 2, 140
SHADES = {"listed": "FFF2CC", "reserve": "EAF3E3", "total": "E7ECF4", "group": "F2F2F2"}
BOLD = ("total", "group")
HEADING_SHADE, CELL_MARGIN = "DCE6F1", 60


def clean(text: str) -> str:
    """The text without control characters.

    >>> clean("甲\\x07\\t厂")
    '甲厂'
    """
    return UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def runs(text: str, style: str = "", is_bold: bool = False, colour: str = "") -> str:
    """The text as runs; what is to be filled in is marked in yellow, a line feed becomes a line break."""
    return "".join(_run(part, style, is_bold, colour, PLACEHOLDER.fullmatch(part) is not None)
                   for part in PLACEHOLDER.split(clean(text)) if part)


def _run(text: str, style: str, is_bold: bool, colour: str, is_open: bool) -> str:
    look = "".join((f'<w:rStyle w:val="{style}"/>' if style else "", '<w:rFonts w:hint="eastAsia"/>',
                    "<w:b/><w:bCs/>" if is_bold else "", f'<w:color w:val="{colour}"/>' if colour else "",
                    '<w:highlight w:val="yellow"/>' if is_open else ""))
    lines = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r><w:rPr>{look}</w:rPr>{lines}</w:r>"


def paragraph(style: str, content: str, align: str = "") -> str:
    """A paragraph in a style."""
    place = f'<w:jc w:val="{align}"/>' if align else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{place}</w:pPr>{content}</w:p>'


def table(said: Table, look: Look, is_wide: bool) -> str:
    """The table as w:tbl on an upright or a landscape page: fixed widths, its heading on every page, no row over two pages."""
    whole = twips(width_mm(look, is_wide))
    widths = _widths(said, whole, look.table)
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="404040"/>'
                    for side in ("top", "left", "bottom", "right", "insideH", "insideV"))
    margins = "".join(f'<w:{side} w:w="{CELL_MARGIN}" w:type="dxa"/>' for side in ("left", "right"))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    aligned = [_align(field, [row.values[number] for row in said.rows if row.tone != "group"])
               for number, field in enumerate(said.fields)]
    rows = "".join(_row(said.fields, row, widths, aligned) for row in said.rows)
    return (f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
            f'<w:tblBorders>{lines}</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar></w:tblPr>'
            f'<w:tblGrid>{grid}</w:tblGrid>'
            f"{_heading(said.fields, widths)}{rows}</w:tbl>")


def _heading(fields: tuple[Field, ...], widths: list[int]) -> str:
    cells = "".join(_cell(runs(heading_text(field), is_bold=True), width, "center", HEADING_SHADE)
                    for field, width in zip(fields, widths, strict=True))
    return f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{cells}</w:tr>"


def _row(fields: tuple[Field, ...], row: Row, widths: list[int], aligned: list[str]) -> str:
    """A row; one of a group that only its first cell names goes over the whole breadth."""
    shade, is_bold = SHADES.get(row.tone, ""), row.tone in BOLD
    if row.tone == "group" and not any(value not in (None, "") for value in row.values[1:]):
        text = runs(printed(fields[0], row.values[0]), is_bold=True)
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(text, sum(widths), 'left', shade, len(widths))}</w:tr>"
    cells = []
    for field, value, width, align in zip(fields, row.values, widths, aligned, strict=True):
        is_alert = row.tone == "alert" or bool(field.alert and value == field.alert)
        text = runs(printed(field, value) or EMPTY, is_bold=is_bold, colour=ALERT_COLOUR if is_alert else "")
        cells.append(_cell(text, width, align, shade))
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def _align(field: Field, values: list[Value]) -> str:
    """Of a whole column: numbers to the right, texts in the middle where all are short."""
    if field.is_number and not any(isinstance(value, str) for value in values):
        return "right"
    return "center" if all(breadth(printed(field, value)) <= SHORT for value in values) else "left"


def _cell(content: str, width: int, align: str, shade: str, columns: int = 1) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    return (f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{fill}<w:vAlign w:val="center"/></w:tcPr>'
            f'{paragraph("TableText", content, align)}</w:tc>')


def _widths(said: Table, whole: int, size: float) -> list[int]:
    """Widths of the columns in twips, together the whole breadth: numbers never broken, the rest shared by what texts need."""
    if said.widths:
        return _shared(list(said.widths), whole)
    letter = size * TWIPS_PER_POINT / 2
    rows = [row.values for row in said.rows if row.tone != "group"]
    needs = [_needs(field, [values[number] for values in rows]) for number, field in enumerate(said.fields)]
    least = [(need[0] + 1) * letter + 2 * CELL_MARGIN for need in needs]
    wanted = [max(need[1] - need[0], 0) for need in needs]
    if sum(least) >= whole or not any(wanted):
        return _shared(least, whole)
    rest = whole - sum(least)
    return _shared([low + rest * more / sum(wanted) for low, more in zip(least, wanted, strict=True)], whole)


def _needs(field: Field, values: list[Value]) -> tuple[float, float]:
    """The breadth that a column must have, and the one that it would like."""
    head = max(breadth(part) for part in heading_text(field).split("\n"))
    broad = [max(map(breadth, printed(field, value).split("\n"))) for value in values] or [0]
    if field.is_number:
        return max(NARROWEST, min(head, HEADING), max(broad)), max(head, max(broad))
    usual = sorted(broad)[len(broad) * 3 // 4]
    return max(NARROWEST, min(head, HEADING), min(max(broad), SHORT)), max(head, min(LONGEST, usual)) ** 0.75 * PADDING


def _shared(shares: list[float], whole: int) -> list[int]:
    """Whole twips in these proportions, with exactly that sum."""
    ends = [round(whole * sum(shares[:number]) / sum(shares)) for number in range(len(shares) + 1)]
    return [after - before for before, after in zip(ends, ends[1:], strict=False)]
