"""The headings that are known: what the contracts accept, the standard's codes and aliases, the words that vendors use.

Belongs here: the declared texts, normalised and kept. How a heading that is none of them is compared is fuzzy.py.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import Column, Export

TABLES = Path(__file__).parent.parent / "tables"
ALIASES = TABLES / "field_aliases.csv"
WORDS = TABLES / "heading_words.csv"
UNIT_SUFFIX = re.compile(r"[(\[/:](单位:?)?(亿元|百万元|万元|千元|百元|元|人|个|小数|%|‰|yyyymm|yyyymmdd)[)\]]?$|(亿|万|千)元$")


def normalise(heading: str) -> str:
    """A heading without what varies by vendor: width, spaces, case, a unit in brackets.

    >>> normalise(" 实缴金额（元） ")
    '实缴金额'
    """
    return UNIT_SUFFIX.sub("", plain(heading))


def plain(heading: str) -> str:
    """A heading without what varies by width, spaces and case; its unit stays.

    >>> plain(" 实缴金额（万元） ")
    '实缴金额(万元)'
    """
    return "".join(unicodedata.normalize("NFKC", heading).split()).strip("'*").lower()


@cache
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


@cache
def words() -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Role -> (word, meaning) of tables/heading_words.csv.

    same       means the same as its meaning           typo       a slip of the pen for its meaning
    neutral    adds nothing                            generic    says too little alone
    qualifier  makes another thing of what follows     other      a heading that is none of our columns
    alias      a heading of its meaning, kind.column   word       is taken as one when a heading is cut into words
    """
    with WORDS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    roles = {row["role"]: None for row in rows}
    return {role: tuple((row["word"], row["meaning"]) for row in rows if row["role"] == role) for role in roles}


def accepted(column: Column) -> tuple[str, ...]:
    """The normalised headings under which a column may arrive, the likeliest first."""
    own = tuple(normalise(heading) for heading in (column.title, *column.headings))
    return own + standard_aliases().get(column.field, ())


@cache
def index_of(kind: str) -> Mapping[str, tuple[str, int]]:
    """Normalised heading -> column of the kind, and the heading's place among those of its column (0 = its title)."""
    return {
        heading: (column.name, rank) for column in EXPORTS[kind].columns
        for rank, heading in reversed(list(enumerate(accepted(column))))
    }


@cache
def vendor_words(kind: str) -> Mapping[str, str]:
    """Normalised heading -> column, for the headings that only the table of words knows."""
    said = ((word, *meaning.split(".")) for word, meaning in words()["alias"])
    return {normalise(word): column for word, of, column in said if of == kind and column in EXPORTS[of].names}


@cache
def foreign(kind: str) -> frozenset[str]:
    """Headings known to be none of the kind's columns: the table's others, and the standard's fields that no kind has."""
    used = {column.field for export in EXPORTS.values() for column in export.columns}
    known = {alias for field, aliases in standard_aliases().items() if field not in used for alias in aliases}
    known |= {normalise(word) for word, _ in words()["other"]}
    return frozenset(known - set(index_of(kind)) - set(vendor_words(kind)))


@cache
def known_headings() -> frozenset[str]:
    """Every heading of every kind's columns."""
    return frozenset(heading for kind in EXPORTS for heading in index_of(kind))


@cache
def known_words() -> frozenset[str]:
    """Every heading and word that is known, of whatever meaning."""
    said = {alias for aliases in standard_aliases().values() for alias in aliases}
    return known_headings() | said | {normalise(word) for listed in words().values() for word, _ in listed}


def missed_in(export: Export, positions: Mapping[str, int]) -> tuple[str, ...]:
    """The titles of the required groups of which no column is there."""
    groups = [group for group in export.required if not any(name in positions for name in group)]
    return tuple("或".join(export[name].title for name in group) for group in groups)
