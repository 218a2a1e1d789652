"""Which unit is meant where an export says something else than its number: a credit code, an organisation code, a name.

Belongs here: the matching of texts to the list of units. Nothing is guessed: what fits no unit, or by number or name more than
one, stays as it was said; a name that is merely similar is only named as a candidate.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import pyarrow as pa

from pipelines.contracts.records import UNIT_MATCH

CREDIT_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
ORG_CODE = re.compile(r"[0-9A-Z]{8}-?[0-9X]")
NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z ./_-]*")
CONFIDENCE = {"uscc": 1.0, "org_code": 0.98, "number": 0.97, "name": 0.95}
# Of these, one legal entity may have several numbers: the smallest stands for it.
OF_ONE_OWNER = {"uscc", "org_code"}
SIMILAR_FROM = 90
# Comparing names costs about 50 ns a pair: no more than a second of it, for the names with most rows.
MOST_PAIRS = 20_000_000


class Units(NamedTuple):
    """The list of units: number, credit code and name of each."""

    numbers: list[str]
    credit_codes: list[str | None]
    names: list[str | None]


class Match(NamedTuple):
    """What a text stands for: by what it was found, the units that it fits, how surely."""

    said_by: str
    found: tuple[str, ...] = ()
    candidate: str | None = None
    candidate_name: str | None = None
    similarity: float | None = None

    @property
    def unit(self) -> str | None:
        is_sure = len(self.found) == 1 or (self.said_by in OF_ONE_OWNER and self.found)
        return self.found[0] if is_sure else None

    @property
    def confidence(self) -> float | None:
        return CONFIDENCE[self.said_by] if self.unit else self.similarity


def plain_name(name: str) -> str:
    """A unit's name without what varies in writing: width, spaces, brackets, 有限责任公司 for 有限公司.

    >>> plain_name("常德市（武陵）机械　有限责任公司")
    '常德市武陵机械有限公司'
    """
    text = re.sub(r"[\s()〔〕\[\]·.,，。、-]", "", unicodedata.normalize("NFKC", name)).upper()
    return text.replace("有限责任公司", "有限公司")


def plain_number(number: str) -> str:
    """A unit's number without what Excel and vendors do to it: width, case, separators, leading zeros, a decimal part.

    >>> plain_number("００4307-001.0"), plain_number(" 4307001")
    ('4307001', '4307001')
    """
    text = re.sub(r"\.0+$", "", unicodedata.normalize("NFKC", number).strip())
    return re.sub(r"[\s./_-]", "", text).upper().lstrip("0")


def forms(said: str) -> list[tuple[str, str]]:
    """What a text may be, the likeliest first: pairs of kind (uscc, org_code, number, name) and its plain form.

    >>> forms("91430700MA4L16JQ9C")
    [('uscc', '91430700MA4L16JQ9C'), ('org_code', 'MA4L16JQ9')]
    """
    text = unicodedata.normalize("NFKC", said).strip().upper()
    if CREDIT_CODE.fullmatch(text):
        return [("uscc", text), ("org_code", text[8:17])]
    if NUMBER.fullmatch(text):
        organisation = [("org_code", text.replace("-", ""))] if ORG_CODE.fullmatch(text) else []
        return [*organisation, ("number", plain_number(text))]
    return [("name", plain_name(text))]


def match(said: pa.Table, units: Units) -> pa.Table:
    """The table unit_match for texts (kind, said, rows) that are no number of a unit; empty without any list of units."""
    texts = sorted(set(said["said"].to_pylist())) if units.numbers else []
    found = _exact(texts, units)
    rows: dict[str, int] = {}
    for text, number in zip(said["said"].to_pylist(), said["rows"].to_pylist(), strict=True):
        rows[text] = rows.get(text, 0) + number
    unknown = sorted((t for t in texts if found[t].said_by == "name" and not found[t].found), key=lambda t: (-rows[t], t))
    found |= _similar(unknown, units)
    lines = [_line(line, found[line["said"]]) for line in said.to_pylist() if line["said"] in found]
    return pa.Table.from_pylist(lines, schema=UNIT_MATCH.schema)


def _line(line: dict, found: Match) -> dict:
    return {**line, "said_by": found.said_by, "enterprise_id": found.unit, "candidate_id": found.candidate,
            "candidate_name": found.candidate_name, "confidence": found.confidence, "is_ambiguous": len(found.found) > 1}


def _exact(texts: list[str], units: Units) -> dict[str, Match]:
    """What each text stands for by one of its forms; the last form where it fits none."""
    wanted = {text: forms(text) for text in texts}
    pairs_of_all = {pair for pairs in wanted.values() for pair in pairs}
    index = {kind: _index(kind, {key for k, key in pairs_of_all if k == kind}, units) for kind in CONFIDENCE}
    matches = {}
    for text, pairs in wanted.items():
        tried = [Match(kind, tuple(index[kind].get(key, ()))) for kind, key in pairs]
        matches[text] = next((one for one in tried if one.found), tried[-1])
    return matches


def _index(kind: str, keys: set[str], units: Units) -> dict[str, list[str]]:
    """Plain form -> the numbers of the units that have it, smallest first; only for the forms that are asked for."""
    found: dict[str, list[str]] = {}
    for number, key in _keys(kind, units) if keys else ():
        if key in keys and key:
            found.setdefault(key, []).append(number)
    return {key: sorted(numbers) for key, numbers in found.items()}


def _keys(kind: str, units: Units) -> Iterator[tuple[str, str]]:
    """The number of every unit with one plain form of it."""
    plain: dict[str, tuple[Iterable[str | None], Callable[[str], str]]] = {
        "uscc": (units.credit_codes, str.upper), "org_code": (units.credit_codes, lambda code: code[8:17].upper()),
        "number": (units.numbers, plain_number), "name": (units.names, plain_name),
    }
    values, form = plain[kind]
    return ((number, form(value)) for number, value in zip(units.numbers, values, strict=True) if value)


def _similar(texts: list[str], units: Units) -> dict[str, Match]:
    """For names that fit no unit: the most similar name's unit as a candidate, where there is one."""
    from rapidfuzz import fuzz, process

    texts = texts[:MOST_PAIRS // max(len(units.numbers), 1)]
    listed = sorted((number, name) for number, name in zip(units.numbers, units.names, strict=True) if name) if texts else []
    plain = [plain_name(name) for _, name in listed]
    found: dict[str, Match] = {}
    for text in texts:
        best = process.extractOne(plain_name(text), plain, scorer=fuzz.ratio, score_cutoff=SIMILAR_FROM)
        if best:
            found[text] = Match("name", (), *listed[best[2]], round(best[1] / 100, 4))
    return found
