"""The words in which a Word document is described: headings, paragraphs, tables, pictures, attachments; docx.py draws it.

Belongs here: what can be said about a document of text. Does not belong here: any particular one, and how it looks.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.reports import Field, Row

OFFICIAL, COMPACT = "official", "compact"
LEVELS = 4
DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Heading:
    """A heading of level 1–4 (一、（一）1.（1）); with `text` it stands at the head of that paragraph, parted by `mark`."""

    title: str
    level: int = 1
    text: str = ""
    is_numbered: bool = True
    mark: str = "。"


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. `lead` is its first words, set apart; `kind` is body, note (small), centre or item (no indent)."""

    text: str
    lead: str = ""
    kind: str = "body"


@dataclass(frozen=True)
class Table:
    """A table; its heading is repeated on every page, no row is split. One that `is_wide` gets a landscape page.

    widths  shares of the width for the columns, in any unit; () = by what stands in them
    """

    fields: tuple[Field, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    is_wide: bool = False
    widths: tuple[float, ...] = ()


@dataclass(frozen=True)
class Picture:
    """PNG images beside each other, each `width_mm` wide, with one caption below; `description` is for who cannot see them."""

    images: tuple[bytes, ...]
    caption: str
    width_mm: float = 150
    description: str = ""


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


@dataclass(frozen=True)
class Title:
    """A title within a document, as of a plan behind the notice that issues it; headings are numbered anew."""

    text: str
    subtitle: str = ""


@dataclass(frozen=True)
class Signature:
    """Who issues the document, and when; both may be placeholders."""

    bodies: tuple[str, ...]
    date: str


Part = Heading | Paragraph | Table | Picture | PageBreak | Title | Signature


@dataclass(frozen=True)
class Attachment:
    """附件 n: on a new page, with a title of its own; headings are numbered anew. One that `is_wide` is landscape as a whole."""

    title: str
    parts: tuple[Part, ...]
    is_wide: bool = False


@dataclass(frozen=True)
class Document:
    """A document as of `month` (yyyymm); `marks` stand on every page.

    form       OFFICIAL: GB/T 9704-2012; COMPACT: small type and margins, for papers that are worked with
    number     the document's number, in official form above the title: a placeholder, never made up
    subtitle   under the title; recipient  to whom it is addressed
    closing    small notes at the end, before the attachments
    """

    title: str
    month: int
    marks: tuple[str, ...]
    parts: tuple[Part, ...]
    subtitle: str = ""
    number: str = ""
    recipient: str = ""
    signature: Signature | None = None
    closing: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    form: str = OFFICIAL


def numeral(number: int) -> str:
    """A number from 1 to 99 in Chinese.

    >>> numeral(3), numeral(10), numeral(21)
    ('三', '十', '二十一')
    """
    tens, ones = divmod(number, 10)
    return ("" if not tens else "十" if tens == 1 else DIGITS[tens] + "十") + (DIGITS[ones] if ones or not tens else "")


def label(level: int, number: int) -> str:
    """What stands before the heading.

    >>> label(1, 2), label(2, 2), label(3, 2), label(4, 2)
    ('二、', '（二）', '2.', '（2）')
    """
    return {1: f"{numeral(number)}、", 2: f"（{numeral(number)}）", 3: f"{number}.", 4: f"（{number}）"}[level]


def labelled(parts: Sequence[Part]) -> Iterator[tuple[str, Part]]:
    """Each part with what stands before it; the numbers of a level begin anew under each heading above it."""
    counts = [0] * (LEVELS + 1)
    for part in parts:
        if isinstance(part, Title):
            counts = [0] * (LEVELS + 1)
        if isinstance(part, Heading) and part.is_numbered:
            counts[part.level] += 1
            counts[part.level + 1:] = [0] * (LEVELS - part.level)
            yield label(part.level, counts[part.level]), part
        else:
            yield "", part
