"""Tables and runs of a Word document as XML: built as text, since the library looks at a whole table for each cell.

Belongs here: cells, rows, widths, what is set apart within a text. Which parts a document has is docx.py.
"""

import re
from xml.sax.saxutils import escape

from pipelines.reports import Field, Row, Value
from pipelines.reports.docx_look import ALERT_COLOUR, TWIPS_PER_POINT, Look, twips, width_mm
from pipelines.reports.printed import EMPTY, breadth, heading_text, printed
from pipelines.reports.text import Table

PLACEHOLDER = re.compile(r"(【(?:待填|核对)[^】]*】)")
# What XML cannot hold, and tabulators, which would move what follows.
UNFIT = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
# In ems: a column at least; headings and texts up to which they are not broken; the longest text that makes its column broader.
NARROWEST, HEADING, WORDS, LONGEST = 2.2, 4.2, 4.2, 100
# In half-width characters: texts up to it are centred.
SHORT = 10
SHADES = {"listed": "FFF2CC", "reserve": "EAF3E3", "total": "E7ECF4", "group": "F2F2F2"}
BOLD = ("total", "group")
HEADING_SHADE = "DCE6F1"
CELL_MARGINS = {"top": 25, "left": 60, "bottom": 25, "right": 60}
LATIN_EMS = 0.64


def clean(text: str) -> str:
    """The text without control characters.

    >>> clean("甲\\x07\\t厂")
    '甲厂'
    """
    return UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def runs(text: str, style: str = "", is_bold: bool = False, colour: str = "") -> str:
    """The text as runs; what is to be filled in or looked at is marked in yellow, a line feed becomes a line break."""
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
    margins = "".join(f'<w:{side} w:w="{width}" w:type="dxa"/>' for side, width in CELL_MARGINS.items())
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    aligned = [_align(field, [row.values[number] for row in said.rows]) for number, field in enumerate(said.fields)]
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
    if _is_across(row):
        text = runs(printed(fields[0], row.values[0]), is_bold=True)
        return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cell(text, sum(widths), 'left', shade, len(widths))}</w:tr>"
    cells = []
    for field, value, width, align in zip(fields, row.values, widths, aligned, strict=True):
        is_alert = row.tone == "alert" or bool(field.alert and value == field.alert)
        text = runs(printed(field, value) or EMPTY, is_bold=is_bold, colour=ALERT_COLOUR if is_alert else "")
        cells.append(_cell(text, width, align, shade))
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def _is_across(row: Row) -> bool:
    return row.tone == "group" and all(value in (None, "") for value in row.values[1:])


def _align(field: Field, values: list[Value]) -> str:
    """Numbers to the right, columns of short texts in the middle, all others to the left."""
    if field.is_number:
        return "right"
    return "center" if max((breadth(printed(field, value)) for value in values), default=0) <= SHORT else "left"


def _cell(content: str, width: int, align: str, shade: str, columns: int = 1) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    return (f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{fill}<w:vAlign w:val="center"/></w:tcPr>'
            f'{paragraph("TableText", content, align)}</w:tc>')


def _widths(said: Table, whole: int, size: float) -> list[int]:
    """Widths of the columns in twips, together the whole breadth: numbers never broken, the rest shared by what texts need."""
    if said.widths:
        return _shared(list(said.widths), whole)
    letter = size * TWIPS_PER_POINT
    rows = [row.values for row in said.rows if not _is_across(row)]
    needs = [_needs(field, [values[number] for values in rows]) for number, field in enumerate(said.fields)]
    margins = CELL_MARGINS["left"] + CELL_MARGINS["right"]
    least = [need[0] * letter + margins for need in needs]
    wanted = [max(need[1] - need[0], 0) * letter for need in needs]
    rest = whole - sum(least)
    share = max(0, min(1, rest / sum(wanted))) if any(wanted) else 0
    return _shared([low + share * more for low, more in zip(least, wanted, strict=True)], whole)


def _needs(field: Field, values: list[Value]) -> tuple[float, float]:
    """The breadth in ems that a column must have, and the one that it would like."""
    head = max(map(_ems, heading_text(field).split("\n")))
    broad = [max(map(_ems, printed(field, value).split("\n"))) for value in values] or [0]
    if field.is_number:
        return max(NARROWEST, min(head, HEADING), max(broad)), min(max(head, max(broad)), 2 * WORDS)
    usual = max(sorted(broad)[len(broad) * 3 // 4], max(broad) / 3)
    return max(NARROWEST, min(head, HEADING), min(max(broad), WORDS)), max(head, min(LONGEST, usual))


def _ems(text: str) -> float:
    """The breadth of a text in ems, with room for programs that take a broader font for figures and Latin letters."""
    return sum(1 if breadth(letter) > 1 else LATIN_EMS for letter in text)


def _shared(shares: list[float], whole: int) -> list[int]:
    """Whole twips in these proportions, with exactly that sum."""
    ends = [round(whole * sum(shares[:number]) / sum(shares)) for number in range(len(shares) + 1)]
    return [after - before for before, after in zip(ends, ends[1:], strict=False)]
