"""Heading variants and what recognition makes of them: used by the test and by benchmarks/headings.py.

Belongs here: the table of variants (heading_variants.csv: group, kind, column, heading; no column = a trap, which must
not be taken for any column) and the sheets in which a variant stands.
"""

import csv
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from pipelines.contracts.exports import EXPORTS
from pipelines.ingest.recognition import recognise

TABLE = Path(__file__).parent / "heading_variants.csv"


class Variant(NamedTuple):
    """A heading as some vendor writes it, and the column that it means ('' = none of the kind's)."""

    group: str
    kind: str
    column: str
    heading: str


def variants() -> list[Variant]:
    """The rows of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Variant(**row) for row in csv.DictReader(file)]


def sheets_with(variant: Variant) -> list[list[str]]:
    """Sheets with the variant as their first heading: one with all other columns of the kind, one with the required only.

    Without the others more columns are still to be had, so that more can go wrong; for a trap every required column is
    once to be had as well.
    """
    export = EXPORTS[variant.kind]
    others = [column.title for column in export.columns if column.name != variant.column]
    required = {group[0] for group in export.required}
    few = [column.title for column in export.columns if column.name in required and column.name != variant.column]
    lures = [] if variant.column else [[variant.heading, *(t for t in others if t != title)] for title in few]
    return [[variant.heading, *others], [variant.heading, *few], *lures]


def outcome(variant: Variant, headings: list[str]) -> str:
    """right, asked, ignored or wrong: what became of the sheet's first heading."""
    found = recognise(headings, EXPORTS[variant.kind].title)
    named = [column for column, position in found.positions.items() if position == 0]
    if found.kind not in (variant.kind, None) or (named and named != [variant.column]):
        return "wrong"
    if named or not variant.column:
        return "right"
    return "asked" if any(asked.position == 0 for asked in found.asked) else "ignored"


def outcomes() -> Counter[tuple[str, str]]:
    """(group, outcome) -> number, over all variants and both sheets of each."""
    return Counter((variant.group, outcome(variant, headings)) for variant in variants() for headings in sheets_with(variant))
