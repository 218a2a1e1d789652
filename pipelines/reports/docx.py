"""How a document of text is drawn: pages, headings, tables, pictures and attachments with python-docx.

Belongs here: the order of things on pages. Sizes and fonts are docx_look.py, tables docx_table.py, the file docx_package.py; what
a document says is no matter of this module.
"""

import io
from collections.abc import Sequence
from pathlib import Path

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from pipelines.reports.docx_look import A4_MM, LOOKS, width_mm
from pipelines.reports.docx_package import opened, save
from pipelines.reports.docx_table import paragraph, runs, table
from pipelines.reports.text import (
    Attachment,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Part,
    Picture,
    Signature,
    Table,
    Title,
    labelled,
)

STYLES = {"body": "Body", "note": "Note", "centre": "Centre", "item": "Item"}
BREAK = '<w:r><w:br w:type="page"/></w:r>'
BETWEEN_MM = 4
MOST_BELOW = 4


def write(said: Document, path: Path) -> None:
    """Writes the document; the same content gives the same bytes. The path may have any suffix."""
    save(Drawing(said).drawn(), path)


class Drawing:
    """One document being drawn, from top to bottom."""

    def __init__(self, said: Document):
        self.said, self.look = said, LOOKS[said.form]
        self.page = opened(said, self.look)
        self.is_wide, self.is_fresh = False, True

    def drawn(self):
        """The whole document."""
        self._set_up(self.page.sections[0], False)
        self._marks()
        self._head()
        self._parts(self.said.parts)
        self._end()
        for number, attachment in enumerate(self.said.attachments, 1):
            self._attachment(attachment, number if len(self.said.attachments) > 1 else 0)
        return self.page

    def _add(self, xml: str) -> None:
        body = self.page.element.body
        body.insert(len(body) - 1, parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1)))
        self.is_fresh = False

    def _line(self, style: str, text: str, lead: str = "", lead_style: str = "Lead") -> None:
        self._add(paragraph(style, (runs(lead, lead_style) if lead else "") + runs(text)))

    def _set_up(self, section, is_wide: bool) -> None:
        """Paper, margins, places of header and footer."""
        margins = self.look.wide_margins if is_wide else self.look.margins
        section.orientation = WD_ORIENT.LANDSCAPE if is_wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (Mm(side) for side in (A4_MM[::-1] if is_wide else A4_MM))
        section.top_margin, section.right_margin, section.bottom_margin, section.left_margin = map(Mm, margins)
        section.header_distance = Mm(self.look.header)
        section.footer_distance = Mm(self.look.wide_footer if is_wide else self.look.footer)

    def _marks(self) -> None:
        """The marks on top and the page's number at the outer edge below, on odd and even pages."""
        section, marks = self.page.sections[0], runs("　·　".join(self.said.marks))
        number = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        for place, style, content in (
            (section.header, "Header", marks), (section.even_page_header, "Header", marks),
            (section.footer, "Footer", runs("— ") + number + runs(" —")),
            (section.even_page_footer, "FooterEven", runs("— ") + number + runs(" —")),
        ):
            place.is_linked_to_previous = False
            for left in list(place._element):
                place._element.remove(left)
            place._element.append(parse_xml(paragraph(style, content).replace(">", f" {nsdecls('w')}>", 1)))

    def _head(self) -> None:
        for style, text in (("Number", self.said.number), ("Title", self.said.title), ("Subtitle", self.said.subtitle),
                            ("Recipient", self.said.recipient)):
            if text:
                self._line(style, text)

    def _parts(self, parts: Sequence[Part], is_wide: bool = False) -> None:
        for before, part in labelled(parts):
            self._turn(is_wide or (isinstance(part, Table) and part.is_wide))
            self._part(before, part)

    def _turn(self, is_wide: bool) -> None:
        """A new page of the other orientation, where it has to be."""
        if is_wide != self.is_wide:
            self._set_up(self.page.add_section(WD_SECTION.NEW_PAGE), is_wide)
            self.is_wide, self.is_fresh = is_wide, True

    def _part(self, before: str, part: Part) -> None:
        match part:
            case Heading(text=""):
                self._line(f"Heading{part.level}", before + part.title)
            case Heading():
                self._line("Body", part.text, f"{before}{part.title}{part.mark}", f"Lead{part.level}")
            case Paragraph():
                self._line(STYLES[part.kind], part.text, part.lead)
            case Table():
                self._table(part)
            case Picture():
                self._picture(part)
            case PageBreak():
                self._break()
            case Title():
                self._line("Title", part.text)
                if part.subtitle:
                    self._line("Subtitle", part.subtitle)
            case Signature():
                self._signature(part)

    def _table(self, part: Table) -> None:
        if part.caption:
            self._line("Caption", part.caption)
        self._add(table(part, self.look, self.is_wide))
        self._add(paragraph("Gap", ""))

    def _picture(self, part: Picture) -> None:
        """Images side by side, never broader than the page, with their caption."""
        room = (width_mm(self.look, self.is_wide) - BETWEEN_MM * (len(part.images) - 1)) / len(part.images)
        figure = self.page.add_paragraph(style="图")
        for number, image in enumerate(part.images):
            if number:
                figure.add_run(" ")
            shape = figure.add_run().add_picture(io.BytesIO(image), width=Mm(min(part.width_mm, room)))
            shape._inline.docPr.set("descr", part.description or part.caption)
        self.is_fresh = False
        if part.caption:
            self._line("FigureTitle", part.caption)

    def _break(self) -> None:
        if not self.is_fresh:
            self._add(paragraph("Gap", BREAK))
        self.is_fresh = True

    def _end(self) -> None:
        """The list of attachments, who signs and when, small notes."""
        titles = [attachment.title for attachment in self.said.attachments]
        if titles:
            self._turn(False)
            self._add(paragraph("Item", ""))
        for number, title in enumerate(titles, 1):
            numbered = f"{number}.{title}" if len(titles) > 1 else title
            self._line("Body", ("附件：" if number == 1 else "　　　") + numbered)
        if self.said.signature:
            self._signature(self.said.signature)
        for note in self.said.closing:
            self._line("Note", note)

    def _signature(self, said: Signature) -> None:
        self._turn(False)
        self._add(paragraph("Item", ""))
        beside = 2 if len(said.bodies) > MOST_BELOW else 1
        lines = ["　　".join(said.bodies[number:number + beside]) for number in range(0, len(said.bodies), beside)]
        for text in (*lines, said.date):
            self._line("Signature", text)

    def _attachment(self, said: Attachment, number: int) -> None:
        if said.is_wide != self.is_wide:
            self._turn(said.is_wide)
        else:
            self._break()
        self._line("Attachment", f"附件{number or ''}")
        self._line("Title", said.title)
        self._parts(said.parts, said.is_wide)
