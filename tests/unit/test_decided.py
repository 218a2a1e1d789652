"""The decided list: which list decisions are set beside, how they differ from it, what is to be looked at."""

import pytest

from pipelines.decided import Suggested, base_of
from pipelines.decision_checks import remarks
from pipelines.suggested import Place, place_of, said, suggestion_of, version_of

OLD = Suggested("2024-11.aaaaaaaa", True, {})
ISSUED = Suggested("2024-12.bbbbbbbb", True, {})
OWN = Suggested("2025-01.cccccccc", False, {})


def word(version: str | None) -> dict:
    return {"listed_as": said(Place(version, "listed", 1, "000000")) if version else None}


@pytest.mark.parametrize(("lists", "words", "can_compare", "expected"), [
    ([OWN], [], False, OWN),  # nothing decided: the month's own list
    ([ISSUED, OWN], [], True, ISSUED),  # what was issued is what was put before the meeting
    ([OLD, ISSUED, OWN], [word(None)], True, ISSUED),
    ([OLD, ISSUED, OWN], [word(OLD.version)], True, OLD),  # the workbook says which
    ([OWN], [word(OWN.version)], False, OWN),
    ([OWN], [word("2024-12.dddddddd")], True, OWN),
    # A list that leaves out whom it has served does not say what had been suggested.
    ([OWN], [word("2024-12.dddddddd")], False, None), ([OWN], [word(None)], False, None), ([], [word(None)], True, None),
])
def test_the_list_that_decisions_are_set_beside(lists, words, can_compare, expected):
    assert base_of(lists, words, can_compare) is expected


def test_a_place_goes_through_its_text_and_anything_else_is_none():
    for place in (Place("2024-12.1a2b3c4d", "excluded", None, "某局/二科"), Place("2024-12.1a2b3c4d", "listed", 12, "430702")):
        assert place_of(said(place)) == place
    assert [place_of(text) for text in (None, "", "名单", "a/b/c", "a/b/x/d")] == [None] * 5


def row(unit: str, rank: int | None, **more) -> dict:
    return {"region_code": "000000", "enterprise_id": unit, "rank": rank, "is_listed": False, "is_reserve": False,
            "excluded_reason": None, **more}


def test_a_version_is_told_by_who_stands_where_whatever_the_order():
    rows = [row("A", 1, is_listed=True), row("B", 2)]
    assert version_of(202412, rows) == version_of(202412, rows[::-1]) != version_of(202501, rows)
    assert version_of(202412, rows) != version_of(202412, [row("A", 2, is_listed=True), row("B", 1)])


def test_what_a_row_of_the_list_suggests():
    rows = [row("A", 1, is_listed=True), row("B", 2, is_reserve=True), row("C", 3), row("D", None, excluded_reason="已注销")]
    assert [suggestion_of(one) for one in rows] == ["listed", "reserve", "reference", "excluded"]


def decided(**more) -> dict:
    return {"is_decided": True, "difference": "none", "is_known": True, "enterprise_id": "A", "list_version": None,
            "is_issued": False, **more}


@pytest.mark.parametrize(("rows", "expected"), [
    ([decided()], []), ([decided(is_decided=False, difference="undecided")], []),  # nothing decided, nothing to say
    ([decided(), decided(is_decided=False, difference="undecided")], ["名单内还有 1 家没有审定，请补填"]),
    ([decided(is_known=False, enterprise_id="Z")], ["参保单位中没有 Z，请核对单位编号"]),
    ([decided(list_version="2024-12.a", is_issued=True)], []),
    ([decided(list_version="2024-12.a")], ["审定依据的名单 2024-12.a 没有存档（make issue），或不是存档的那一份，请核对"]),
])
def test_what_is_to_be_looked_at(rows, expected):
    assert remarks(rows) == expected
