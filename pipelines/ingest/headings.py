"""Which kind of export a sheet is, and which of its columns is which: from the headings alone.

Belongs here: recognition. The accepted headings themselves are declared in contracts/exports.py and, for the fields of
the national standard and their aliases, in tables/field_aliases.csv.
"""

import csv
import functools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import Column, Export

ALIASES = Path(__file__).parent.parent / "tables" / "field_aliases.csv"
UNIT_SUFFIX = re.compile(r"\((元|人|个|小数|%|yyyymm|yyyymmdd)\)$")


@dataclass(frozen=True)
class Recognised:
    """A sheet's kind (None = unknown), the position of each column found, and the titles of required ones missed."""

    kind: str | None
    positions: dict[str, int]
    missed: tuple[str, ...] = ()


def normalise(heading: str) -> str:
    """A heading without what varies by vendor: width, spaces, case, a unit in brackets.

    >>> normalise(" 实缴金额（元） ")
    '实缴金额'
    """
    text = "".join(unicodedata.normalize("NFKC", heading).split()).strip("'*").lower()
    return UNIT_SUFFIX.sub("", text)


@functools.cache
def standard_aliases() -> dict[str, tuple[str, ...]]:
    """Canonical field -> normalised standard codes and aliases; remarks in brackets are left out."""
    with ALIASES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        row["canonical"]: tuple(
            normalise(re.sub(r"[(（].*?[)）]", "", alias))
            for alias in [*re.split(r"[ /]+|\.\.", row["standard_code"]), *row["chinese_aliases"].split("|")]
            if alias
        )
        for row in rows
    }


def accepted(column: Column) -> tuple[str, ...]:
    """The normalised headings under which a column may arrive, the likeliest first."""
    own = tuple(normalise(heading) for heading in (column.title, *column.headings))
    return own + standard_aliases().get(column.field, ())


def positions_in(export: Export, headings: Sequence[str]) -> dict[str, int]:
    """Column name -> index into `headings`, for the columns of this kind that are there."""
    index = {normalise(heading): number for number, heading in reversed(list(enumerate(headings)))}
    found = {column.name: next((index[h] for h in accepted(column) if h in index), None) for column in export.columns}
    return {name: position for name, position in found.items() if position is not None}


def missed_in(export: Export, positions: dict[str, int]) -> tuple[str, ...]:
    """The titles of the required groups of which no column is there."""
    groups = [group for group in export.required if not any(name in positions for name in group)]
    return tuple("或".join(export[name].title for name in group) for group in groups)


def recognise(headings: Sequence[str], file_name: str = "") -> Recognised:
    """The kind of a sheet: of the kinds whose required columns are all there, the one with the most columns found.

    A kind that fits only in part counts as recognised (with the titles missed) when the file name says it or most of
    its required columns are there, and when no whole kind has as many columns or is named: premiums without heads are not
    a list of enterprises, though the unit's number is all that such a list requires. Nor does one column alone make a list
    of enterprises unless the file name says so. What fits nothing is of unknown kind.
    """
    tried = [(export, positions_in(export, headings)) for export in EXPORTS.values()]
    ranked = sorted(
        ((not missed_in(export, found), export.title in file_name, len(found), export, found) for export, found in tried),
        key=lambda item: item[:3],
        reverse=True,
    )
    whole = [item for item in ranked if item[0] and (item[2] > 1 or item[1])]
    named = [(e, f) for complete, in_name, n, e, f in ranked if not complete and in_name and n >= 2]
    near = [(e, f) for complete, _, n, e, f in ranked if not complete and n >= 3 and len(missed_in(e, f)) == 1]
    for export, found in (named or near)[:1]:
        if not whole or (not whole[0][1] and len(found) > whole[0][2]):
            return Recognised(export.name, found, missed_in(export, found))
    if whole and (len(whole) == 1 or whole[0][:3] > whole[1][:3]):
        return Recognised(whole[0][3].name, whole[0][4])
    return Recognised(None, {})
