"""Which units a programme has reached before, and by what: decisions of the joint meeting, the ledger, issued lists.

Belongs here: "not the same enterprise twice". What a list does with it is targeting/choice.py.
"""

from collections.abc import Iterable, Mapping

from pipelines.issue import IssuedList
from pipelines.periods import windows


def list_year(as_of: int) -> int:
    """The year that a list is for: the one after 上年度.

    >>> list_year(202411), list_year(202412), list_year(202501)
    (2024, 2025, 2025)
    """
    return windows(as_of)[0].last_year + 1


def served(
    as_of: int, years: int, decisions: Iterable[Mapping], programmes: Iterable[Mapping], lists: Iterable[IssuedList]
) -> dict[str, str]:
    """enterprise_id -> when and by what it was served in the list's year or in the `years` before it, the newest first.

    decisions   rows of `decision`; programmes  rows of `programme`; lists  what was issued before
    An issued list counts for the year that it was for: as decided where any decision of that year is known, else as listed.
    """
    first, last = list_year(as_of) - years, list_year(as_of)
    said: dict[str, dict[int, list[str]]] = {}

    def add(unit: str | None, year: int | None, what: str) -> None:
        if unit and year and first <= year <= last and what not in (kept := said.setdefault(unit, {}).setdefault(year, [])):
            kept.append(what)

    newest = [row for row in decisions if row["is_latest"]]
    decided = {row["year"] for row in newest}
    for row in newest:
        if row["is_selected"]:
            add(row["enterprise_id"], row["year"], "联席会议审定")
    for one in lists:
        if list_year(one.month) not in decided:
            for unit in one.listed:
                add(unit, list_year(one.month), f"名单 {one.name}")
    for row in programmes:
        add(row["enterprise_id"], row["year"], f"项目 {row['programme_id']}")
    return {unit: "；".join(f"{year}年{'、'.join(sorted(by_year[year]))}" for year in sorted(by_year, reverse=True))
            for unit, by_year in said.items()}
