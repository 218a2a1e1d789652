"""What recognition is told and what it says: confirmed layouts, columns found, questions; and which headings may be repeated.

Belongs here: the vocabulary that recognition.py, matching.py and the workbook of questions share.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from pipelines.ingest.content import DATE
from pipelines.ingest.headings import known_words, normalise
from pipelines.ingest.privacy import is_citizen_id
from pipelines.ingest.spellings import initials, undecorated

LONGEST = 40
CODE = re.compile(r"(^|[^a-z])[a-z]{3}\d{3}([^\d]|$)")
ALL = -1
"""The position that stands for the sheet's kind itself."""


@dataclass(frozen=True)
class Asked:
    """A heading that nothing sure can be said of: its candidates with confidence, the surest first, and why it is asked.

    `position` is ALL when it is the kind of the sheet that is asked for; then the candidates are kinds.
    """

    position: int
    heading: str
    candidates: tuple[tuple[str, float], ...]
    why: str
    is_needed: bool = False

    @classmethod
    def of(cls, kept: Mapping) -> "Asked":
        """As it was before it was kept as JSON."""
        return cls(**{**kept, "candidates": tuple((name, sure) for name, sure in kept["candidates"])})


@dataclass(frozen=True)
class Confirmed:
    """What an analyst has said of a layout: its kind (None = nothing, "" = no data) and column by position ("" = none)."""

    kind: str | None = None
    columns: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """The columns of one kind that a sheet has."""

    positions: dict[str, int]
    confidence: dict[str, float]
    asked: tuple[Asked, ...] = ()

    @property
    def likely(self) -> dict[str, int]:
        """The columns found, and those that are candidates of what is asked."""
        return {column: asked.position for asked in self.asked for column, _ in asked.candidates} | self.positions


@dataclass(frozen=True)
class Recognised:
    """A sheet's kind (None = unknown), the position of each column found, and the titles of required ones missed.

    `confidence` is that of each column found (1 = its title, 0.99 = a declared alias); `asked` is what is not sure.
    """

    kind: str | None
    positions: dict[str, int]
    missed: tuple[str, ...] = ()
    confidence: dict[str, float] = field(default_factory=dict)
    asked: tuple[Asked, ...] = ()


def is_data(heading: str) -> bool:
    """Whether a heading can only be data: six digits or more, a citizen ID, a date, a long text."""
    text = " ".join(heading.split())
    return len(text) > LONGEST or len(re.sub(r"\D", "", text)) >= 6 or is_citizen_id(text) or bool(DATE.match(text))


def shown(heading: str) -> str:
    """A heading as it may be repeated to people: "" unless it is made of the words of known headings, or is a code.

    Where a sheet has no heading row, the first row of data stands in its place, with somebody's name.

    >>> shown("工伤认定日期*"), shown("AAB001"), shown("430702199001011234"), shown("欧阳某某")
    ('工伤认定日期*', 'AAB001', '', '')
    """
    text, plain = " ".join(heading.split()), undecorated(normalise(heading))
    if is_data(heading):
        return ""
    if text.isascii():
        return text if CODE.search(plain) or plain in _spelled() else ""
    pairs = {place for place in range(len(plain) - 1) if plain[place:place + 2] in _pairs()}
    letters = [place for place, letter in enumerate(plain) if "\u4e00" <= letter <= "\u9fff"]
    told = sum(1 for place in letters if place in pairs or place - 1 in pairs)
    return text if letters and told * 2 >= len(letters) else ""


@cache
def _spelled() -> frozenset[str]:
    """Known headings in Latin letters, and the pinyin initials of the others."""
    return known_words() | {initials(text) for text in known_words()}


@cache
def _pairs() -> frozenset[str]:
    """Every two characters that stand together in a known heading."""
    return frozenset(text[place:place + 2] for text in known_words() for place in range(len(text) - 1))
