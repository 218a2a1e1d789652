"""审定名单: what the joint meeting has decided of each year's list, beside the list that was put before it.

Belongs here: which list a decision is set beside, and who has no decision yet. Who was served before is served.py.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

import pyarrow as pa

from pipelines import engine, issue, rates
from pipelines.contracts.lists import DECIDED_ENTERPRISE
from pipelines.deliveries import Deliveries
from pipelines.lazy import Computed, Query, Stored
from pipelines.served import list_year
from pipelines.suggested import COLUMNS, Place, place_of, suggestion_of, version_of
from pipelines.workspace import Workspace

DEFINITION = ("联席会议对一家单位最后一次审定为准；该年度没有任何审定的，为建议名单中入选的单位；"
              "名单状态和名次取自审定表，审定表没有写的取自存档的名单")


class Tables(NamedTuple):
    """The month's tables that the decided list is made from."""

    enterprise: Stored
    priority_enterprise: Stored
    decision: Stored


class Suggested(NamedTuple):
    """One list as it was suggested: its version, whether it is archived, the place of each of its units."""

    version: str
    is_issued: bool
    places: Mapping[str, Place]


def decided_enterprise(place: Workspace, known: Deliveries, tables: Tables) -> Computed:
    """The mart of a month: a row for each unit with a decision, and for each that a list of such a year named without one."""
    decisions = [row for row in tables.decision.columns().to_pylist()
                 if row["is_latest"] and row["is_selected"] is not None and row["enterprise_id"]]
    lists = _lists(place, known.as_of, tables.priority_enterprise)
    rows = []
    for year in sorted({list_year(known.as_of), *(row["year"] for row in decisions)}):
        said = {row["enterprise_id"]: row for row in decisions if row["year"] == year}
        rows += _year(said, base_of(lists.get(year, []), said.values(), _can_compare(place)), lists.get(year, []), year)
    common = {"as_of_month": known.as_of, "definition": DEFINITION}
    named = _named(place, tables.enterprise, {row["enterprise_id"] for row in rows})
    made = [{**common, **row, **named(row["enterprise_id"])} for row in rows]
    table = pa.Table.from_pylist([{name: row[name] for name in DECIDED_ENTERPRISE.names} for row in made],
                                 schema=DECIDED_ENTERPRISE.schema)
    return Computed(table, {**tables._asdict(), "issued_list": issue.issued_table(place, known.as_of)})


def _lists(place: Workspace, as_of: int, current: Stored) -> dict[int, list[Suggested]]:
    """The lists of each year: those issued before the month, the oldest first, and the month's own as the last one."""
    found: dict[int, list[Suggested]] = {}
    for one in issue.issued_before(place, as_of):
        stored = Stored(place.data / "issued" / one.name / issue.LIST, current.contract)
        found.setdefault(list_year(one.month), []).append(_suggested(stored, one.month, is_issued=True))
    found.setdefault(list_year(as_of), []).append(_suggested(current, as_of, is_issued=False))
    return found


def _suggested(stored: Stored, month: int, is_issued: bool) -> Suggested:
    rows = stored.columns(*COLUMNS).to_pylist()
    version = version_of(month, rows)
    return Suggested(version, is_issued, {
        row["enterprise_id"]: Place(version, suggestion_of(row), row["rank"], row["region_code"]) for row in rows})


def _can_compare(place: Workspace) -> bool:
    """Whether a list made after a decision says what was suggested before it: one that leaves out the served does not."""
    return place.policy().rule.limits.served_within_years is None


def base_of(lists: list[Suggested], said: Collection[Mapping], can_compare: bool) -> Suggested | None:
    """The list that a year's decisions are set beside; None where nobody can tell.

    It is the one that they name, else the newest one issued, else the month's own where nothing was decided or `can_compare`.
    """
    found = [item for row in said if (item := place_of(row["listed_as"]))]
    named = {item.version for item in found}
    issued = [one for one in lists if one.is_issued]
    own = [one for one in lists if not one.is_issued and (can_compare or not said)]
    return next((one for one in (*[one for one in reversed(lists) if one.version in named], *reversed(issued), *own)), None)


def _year(said: Mapping[str, Mapping], base: Suggested | None, lists: list[Suggested], year: int) -> Iterator[dict]:
    issued = {one.version for one in lists if one.is_issued}
    listed = [unit for unit, item in base.places.items() if item.suggestion == "listed"] if base else []
    for unit in sorted({*said, *listed}):
        row, item = said.get(unit), _place(said.get(unit), unit, base)
        answer = row["is_selected"] if row else None
        yield {
            "year": year, "enterprise_id": unit, "region_code": item.region or None, "is_decided": row is not None,
            "is_selected": not said if answer is None else answer, "reason": row["reason"] if row else None,
            "suggestion": item.suggestion, "rank": item.rank,
            "list_version": item.version or None, "is_issued": item.version in issued,
            "difference": difference(item.suggestion, answer, bool(said))}


def _place(row: Mapping | None, unit: str, base: Suggested | None) -> Place:
    """Where a unit stood: as its row of the workbook says, else on the list that the year is set beside."""
    said = place_of(row["listed_as"]) if row else None
    if said:
        return said
    if base is None:
        return Place("", "unknown", None, "")
    return base.places.get(unit, Place(base.version, "absent", None, ""))


def difference(suggestion: str, is_selected: bool | None, is_year_decided: bool) -> str:
    """How a decision differs from what was suggested (contracts/lists.DIFFERENCE).

    >>> difference("listed", False, True), difference("reserve", True, True), difference("listed", None, False)
    ('removed', 'added', 'none')
    """
    if suggestion == "unknown":
        return "unknown"
    if is_selected is None:
        return "undecided" if is_year_decided else "none"
    if is_selected == (suggestion == "listed"):
        return "none"
    return "added" if is_selected else "removed"


def _named(place: Workspace, enterprise: Stored, units: set[str]) -> Callable[[str], dict]:
    """A function from a unit to its name and industry, and whether the list of units has it."""
    tree = rates.classification_of(enterprise, place.settings().classification)
    wanted = pa.table({"enterprise_id": pa.array(sorted(units), pa.string())})
    found = {row["enterprise_id"]: row for row in engine.fetch(
        Query("marts/unit_name.sql", {"wanted": wanted, "enterprise": enterprise}), place.core).to_pylist()}

    def named(unit: str) -> dict:
        who = found.get(unit, {})
        return {"enterprise_name": who.get("enterprise_name"), "industry_code": who.get("industry_code"),
                "industry_name": tree.names.get(who.get("industry_named") or ""), "is_known": unit in found}

    return named
