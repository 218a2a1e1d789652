"""Which kind of export a sheet is, and which of its columns is which: from headings, names of files and the first values.

Belongs here: the choice of the kind, and what is recognised in the end. The accepted headings are declared in
contracts/exports.py, tables/field_aliases.csv and tables/heading_words.csv (read by headings.py); which column a heading
is within a kind is matching.py.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import Export
from pipelines.ingest import matching
from pipelines.ingest.content import Values
from pipelines.ingest.findings import ALL, Asked, Confirmed, Match, Recognised, is_data, shown
from pipelines.ingest.headings import known_headings, missed_in, normalise, plain
from pipelines.ingest.matching import ALIAS

SEVERAL = 6
"""Of so many kinds, those with the most exact headings, the others are looked for by likeness as well."""
SHOWN = 10
ROSTER = {"enterprise_id", "enterprise_name", "uscc", "org_code"}


class _Tried(NamedTuple):
    """A kind and what the sheet has of it; ordered by whether it is whole and named, and by the number of columns."""

    is_whole: bool
    is_named: bool
    columns: int
    export: Export
    found: Match

    @property
    def order(self) -> tuple:
        return self[:3]

    @property
    def missed(self) -> tuple[str, ...]:
        return missed_in(self.export, self.found.positions)

    @property
    def reach(self) -> int:
        """The columns found, and the required ones that are asked for."""
        return self.columns + len(self.missed) - len(missed_in(self.export, self.found.likely))

    def recognised(self) -> Recognised:
        return Recognised(self.export.name, self.found.positions, self.missed, self.found.confidence, self.found.asked)


def known(headings: Sequence[str]) -> list[str]:
    """The headings that some kind has; only these are repeated in a message about a sheet of unknown kind."""
    return [heading for heading in headings if normalise(heading) in known_headings()]


def layout_of(headings: Sequence[str]) -> str:
    """A short digest of a vendor's layout: the headings with their units in their order, but for what may be data.

    >>> layout_of([" 实缴金额（元）"]) == layout_of(["实缴金额(元)"]) != layout_of(["实缴金额(万元)"])
    True
    """
    said = "\n".join("?" if is_data(heading) else plain(heading) for heading in headings)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def said(recognised: Recognised, headings: Sequence[str]) -> str:
    """What raw_file says of the columns: those found, those by likeness with their confidence, those that are asked for."""
    if recognised.kind is None:
        return "；请在“列名确认.xlsx”中确认种类" if recognised.asked else ""
    export, sure = EXPORTS[recognised.kind], recognised.confidence
    text = "、".join(export[column].title for column in recognised.positions)
    likely = [f"{shown(headings[place]) or f'第{place + 1}列'}→{export[column].title}（把握 {sure[column]:.2f}）"
              for column, place in recognised.positions.items() if sure.get(column, 1) < ALIAS]
    unsure = [asked.heading or f"第{asked.position + 1}列" for asked in recognised.asked]
    text += f"；按相近列名识别：{'、'.join(likely)}" if likely else ""
    more = f" 等 {len(unsure)} 列" if len(unsure) > SHOWN else ""
    return text + (f"；待在“列名确认.xlsx”中确认：{'、'.join(unsure[:SHOWN])}{more}" if unsure else "")


def positions_in(export: Export, headings: Sequence[str]) -> dict[str, int]:
    """Column name -> index into `headings`, for the columns of this kind that are there by a declared heading."""
    found = matching.exact(export.name, headings).positions
    return {column.name: found[column.name] for column in export.columns if column.name in found}


def recognise(headings: Sequence[str], file_name: str = "", sample: Sequence[Sequence[str]] = (),
              confirmed: Confirmed | None = None) -> Recognised:
    """The kind of a sheet and its columns.

    `sample` holds the first rows as text; `confirmed` what an analyst has said of this layout, which stands. Of the kinds
    whose required columns are all there it is the one with the most columns found. A kind that fits only in part counts
    as recognised (with the titles missed) when the file name says it or most of its required columns are there, and when
    no whole kind has as many columns or is named: premiums without heads are not a list of enterprises, though the
    unit's number is all that such a list requires. Nor do a number and a name alone make a list of enterprises unless the
    file name says so. What fits two kinds alike is asked for; what fits nothing is of unknown kind.
    """
    confirmed = confirmed or Confirmed()
    if confirmed.kind == "":
        return Recognised(None, {})
    values = [Values.of(row[p] for row in sample if p < len(row)) for p in range(len(headings))]
    if confirmed.kind:
        return _tried(confirmed.kind, headings, file_name, values, confirmed).recognised()
    return _chosen([_tried(kind, headings, file_name, values, confirmed) for kind in _likely(headings, file_name)])


def _likely(headings: Sequence[str], file_name: str) -> list[str]:
    """The kinds to look at closely: those that declare every heading or are named, else those that declare the most."""
    exactly = {kind: len(matching.exact(kind, headings).positions) for kind in EXPORTS}
    if max(exactly.values()) in (0, len(headings)):
        return [kind for kind in EXPORTS if exactly[kind] == max(exactly.values()) or EXPORTS[kind].title in file_name]
    most = sorted(EXPORTS, key=lambda kind: (EXPORTS[kind].title in file_name, exactly[kind]), reverse=True)[:SEVERAL]
    return [kind for kind in EXPORTS if kind in most]


def _tried(kind: str, headings: Sequence[str], file_name: str, values: list[Values], confirmed: Confirmed) -> _Tried:
    export, found = EXPORTS[kind], matching.match(kind, headings, values, confirmed)
    return _Tried(not missed_in(export, found.positions), export.title in file_name, len(found.positions), export, found)


def _chosen(tried: list[_Tried]) -> Recognised:
    ranked = sorted(tried, key=lambda one: one.order, reverse=True)
    whole = [one for one in ranked if one.is_whole and (one.columns > 1 or one.is_named)]
    named = [one for one in ranked if not one.is_whole and one.is_named and one.columns >= 2]
    near = [one for one in ranked if not one.is_whole and one.reach >= 3 and one.columns >= 2
            and (len(one.missed) == 1 or not missed_in(one.export, one.found.likely))]
    for one in (named or near)[:1]:
        if not whole or (not whole[0].is_named and one.reach > whole[0].columns):
            rivals = [other for other in (named or near) if other.order == one.order and len(other.missed) == len(one.missed)]
            return one.recognised() if len(rivals) == 1 else _which(rivals)
    if not whole:
        return Recognised(None, {})
    best = [one for one in whole if one.order == whole[0].order]
    is_roster = best[0].export.name == "enterprise" and not best[0].is_named and set(best[0].found.positions) <= ROSTER
    return best[0].recognised() if len(best) == 1 and not is_roster else _which(best)


def _which(kinds: list[_Tried]) -> Recognised:
    """No kind, but the question which one it is."""
    if all(one.columns < 2 for one in kinds):
        return Recognised(None, {})
    likely = tuple((one.export.name, round(1 / (len(kinds) + 1), 2)) for one in kinds)
    why = "几个种类都符合" if len(kinds) > 1 else "只有单位的编号、名称，看不出是什么名单"
    return Recognised(None, {}, asked=(Asked(ALL, "", likely, why),))
