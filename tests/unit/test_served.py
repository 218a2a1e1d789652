"""Not the same enterprise twice: decisions, the ledger and issued lists, and which of them counts for which year."""

import pytest

from pipelines.issue import IssuedList
from pipelines.served import served


def decided(year: int, unit: str | None, is_selected: bool | None = True, is_latest: bool = True) -> dict:
    return {"year": year, "enterprise_id": unit, "is_selected": is_selected, "is_latest": is_latest}


def programme(year: int | None, unit: str | None, number: str = "P1") -> dict:
    return {"year": year, "enterprise_id": unit, "programme_id": number}


LIST_2024 = IssuedList(202402, "2024-02.abc", ("A", "B"))


@pytest.mark.parametrize(("as_of", "years", "expected"), [
    (202502, 0, {}), (202502, 1, {"A": "2024年联席会议审定"}), (202411, 0, {"A": "2024年联席会议审定"}),
    (202412, 0, {}), (202412, 1, {"A": "2024年联席会议审定"}), (202602, 1, {}), (202602, 2, {"A": "2024年联席会议审定"}),
])
def test_the_years_are_counted_back_from_the_one_that_the_list_is_for(as_of, years, expected):
    """A list as of December 2024 is for 2025, as one of February 2025 is."""
    assert served(as_of, years, [decided(2024, "A")], [], []) == expected


def test_only_the_newest_word_of_the_meeting_counts_and_only_a_yes():
    rows = [decided(2024, "A", False), decided(2024, "A", True, is_latest=False), decided(2024, "B", None), decided(2024, "C")]
    assert served(202411, 0, rows, [], []) == {"C": "2024年联席会议审定"}


def test_an_issued_list_counts_as_listed_where_nothing_of_its_year_was_decided():
    assert served(202502, 1, [], [], [LIST_2024]) == {"A": "2024年名单 2024-02.abc", "B": "2024年名单 2024-02.abc"}
    assert served(202502, 1, [decided(2023, "Z")], [], [LIST_2024]) == {"A": "2024年名单 2024-02.abc",
                                                                       "B": "2024年名单 2024-02.abc"}


def test_an_issued_list_counts_as_decided_where_the_meeting_spoke():
    assert served(202502, 1, [decided(2024, "A"), decided(2024, "B", False)], [], [LIST_2024]) == {"A": "2024年联席会议审定"}


def test_a_list_of_december_is_for_the_year_after():
    december = IssuedList(202412, "2024-12.def", ("A",))
    assert served(202502, 0, [], [], [december]) == {"A": "2025年名单 2024-12.def"}
    assert served(202502, 0, [decided(2024, "Z")], [], [december]) == {"A": "2025年名单 2024-12.def"}
    assert served(202502, 0, [decided(2025, "Z")], [], [december]) == {"Z": "2025年联席会议审定"}


def test_programmes_of_the_ledger_count_and_all_reasons_are_named_the_newest_year_first():
    rows = [programme(2023, "A"), *[programme(2024, "A", "P2")] * 2, programme(None, "B"), programme(2024, None)]
    assert served(202411, 1, [decided(2024, "A")], rows, []) == {"A": "2024年联席会议审定、项目 P2；2023年项目 P1"}
