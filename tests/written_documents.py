"""Reading Word documents back: paragraphs, the tables of an attachment, as a person finds them."""

import re
from pathlib import Path
from typing import Any, NamedTuple

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

ATTACHMENT = re.compile(r"附件\d*")


class Read(NamedTuple):
    """A document: the paragraphs of its text in order; of each attachment paragraphs and tables."""

    text: list[str]
    attachments: list[tuple[list[str], list[list[list[str]]]]]
    page: Any

    def rows(self, number: int) -> list[list[str]]:
        """The cells of an attachment's tables, headings first."""
        return [row for table in self.attachments[number - 1][1] for row in table]

    def column(self, number: int, title: str) -> list[str]:
        """The cells below a heading of an attachment's first table."""
        first, *rest = self.attachments[number - 1][1][0]
        place = [plain(cell) for cell in first].index(title)
        return [row[place] for row in rest if len(row) == len(first)]


def plain(heading: str) -> str:
    """A heading without its unit and line breaks."""
    return heading.partition("\n")[0]


def read(path: Path) -> Read:
    """The document as it is written."""
    page = Document(str(path))
    text: list[str] = []
    attachments: list[tuple[list[str], list]] = []
    for part in page.iter_inner_content():
        if isinstance(part, Paragraph):
            if ATTACHMENT.fullmatch(part.text):
                attachments.append(([], []))
            elif part.text.strip():
                (attachments[-1][0] if attachments else text).append(part.text)
        elif isinstance(part, Table) and attachments:
            attachments[-1][1].append(cells(part))
    return Read(text, attachments, page)


def cells(table: Table) -> list[list[str]]:
    """The texts of the cells, a merged one once."""
    found = []
    for row in table._tbl.tr_lst:
        found.append(["\n".join(Paragraph(p, None).text for p in cell.p_lst) for cell in row.tc_lst])  # type: ignore[arg-type]
    return found
