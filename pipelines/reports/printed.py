"""How a cell is printed and how broad it is: what workbooks and Word documents share.

Belongs here: text of headings and values. Fonts, colours and widths are xlsx.py and the docx modules.
"""

import unicodedata

from pipelines.reports import Field, Value

EMPTY = "—"


def heading_text(field: Field) -> str:
    """Title and unit, each bracket on a line of its own; a unit that the title already says is left out."""
    title = field.title.replace("（", "\n（")
    return title if not field.unit or title.startswith(field.unit) else f"{title}\n{field.unit}"


def printed(field: Field, value: Value) -> str:
    """A value as it is seen.

    >>> printed(Field("费用", "元", True, 2), 1234.5), printed(Field("年度", is_number=True, is_grouped=False), 2024)
    ('1,234.50', '2024')
    """
    if value is None:
        return EMPTY
    if isinstance(value, str):
        return value
    return f"{value:{',' if field.is_grouped else ''}.{field.decimals or 0}f}"


class _Breadths(dict[str, int]):
    """The breadths of the letters met so far."""

    def __missing__(self, letter: str) -> int:
        self[letter] = 2 if letter == EMPTY or unicodedata.east_asian_width(letter) in "WF" else 1
        return self[letter]


BREADTHS = _Breadths()


def breadth(text: str) -> int:
    """The breadth of a text in half-width characters; a Chinese one takes two."""
    return len(text) if text.isascii() else sum(map(BREADTHS.__getitem__, text))
