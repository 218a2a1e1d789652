"""Where a unit stood on a suggested list, in one text that a workbook can carry: version/suggestion/rank/region.

Belongs here: what tells one list from another, and what a list says of a unit. What the meeting made of it is decided.py.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import NamedTuple

COLUMNS = ("region_code", "enterprise_id", "rank", "is_listed", "is_reserve", "excluded_reason")
VERSION_DIGITS = 8


class Place(NamedTuple):
    """The list's version, what the unit was there (contracts/lists.SUGGESTION), its rank, the list's region."""

    version: str
    suggestion: str
    rank: int | None
    region: str


def version_of(month: int, rows: Iterable[Mapping]) -> str:
    """What tells one list from another: its month, and a digest of who stands where (COLUMNS of priority_enterprise).

    >>> version_of(202412, [])
    '2024-12.4f53cda1'
    """
    said = sorted(json.dumps([row[name] for name in COLUMNS], ensure_ascii=False) for row in rows)
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
    return f"{month // 100}-{month % 100:02d}.{digest[:VERSION_DIGITS]}"


def suggestion_of(row: Mapping) -> str:
    """What a row of priority_enterprise suggests (contracts/lists.SUGGESTION)."""
    if row["excluded_reason"] is not None or row["rank"] is None:
        return "excluded"
    return "listed" if row["is_listed"] else "reserve" if row["is_reserve"] else "reference"


def said(place: Place) -> str:
    """A place in one text."""
    return "/".join([place.version, place.suggestion, str(place.rank or ""), place.region])


def place_of(text: str | None) -> Place | None:
    """What such a text says; None where there is none or it was changed.

    >>> place_of(said(Place("2024-12.1a2b3c4d", "listed", 3, "000000")))
    Place(version='2024-12.1a2b3c4d', suggestion='listed', rank=3, region='000000')
    """
    parts = (text or "").split("/", 3)
    if len(parts) < 4 or not (parts[2] == "" or parts[2].isdigit()):
        return None
    return Place(parts[0], parts[1], int(parts[2]) if parts[2] else None, parts[3])
