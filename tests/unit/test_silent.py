"""Which units are listed as improbably silent, and in which words."""

import numpy as np

from pipelines.silent import Known, definition, silent_rows


def known(expected, reported, notices, claimed, lasting=0.3, shock=0.1) -> Known:
    """Units with so many expected injuries in each of three years."""
    size = len(expected)
    yearly = np.repeat(np.array(expected, float)[:, None] / 3, 3, axis=1)
    return Known(np.array([f"{n:04d}" for n in range(size)], object), np.full(size, 900.0), yearly, np.array(reported),
                 np.full(size, lasting), shock, np.array(notices), np.array(claimed))


USUAL = 40
"""Units that report what is expected and whose notices mostly become claims."""


def city(expected: float, reported: int, notices: int, claimed: int, **more) -> list[dict]:
    """The rows of a city of usual units with one of another kind in front."""
    return silent_rows(known([expected, *[20.0] * USUAL], [reported, *[20] * USUAL], [notices, *[10] * USUAL],
                             [claimed, *[9 + n % 2 for n in range(USUAL)]], **more))


def test_hardly_any_injuries_for_its_norm():
    [row] = city(60.0, 1, 0, 0)
    assert (row["enterprise_id"], row["expected_cases"], row["reported_cases"], row["years_used"]) == ("0000", 60.0, 1, 3)
    assert row["norm_probability"] < 0.001 and row["notice_probability"] is None
    assert "一般应有工伤 60.0 人次，已认定 1 人次" in row["evidence"] and "事故申报" not in row["evidence"].split("。")[0]
    assert "待核实" in row["evidence"] and "请先核对数据" in row["evidence"]


def test_notices_without_claims():
    [row] = city(3.0, 0, 8, 1)
    assert row["norm_probability"] is None  # too little expected
    assert row["notice_probability"] < 1e-4 and row["notices_expected"] > 7
    assert "事故申报 8 起，申请认定 1 起" in row["evidence"]


def test_where_units_differ_widely_few_injuries_say_little():
    """With a variance of 1.2 even none of 60 expected is no rarity among forty units."""
    assert city(60.0, 0, 0, 0, lasting=1.2) == []


def test_what_is_looked_at_and_usual_is_not_listed():
    assert city(20.0, 16, 10, 9) == []
    assert city(4.9, 0, 2, 0) == []  # below both minima


def test_two_notices_are_too_few_to_tell():
    """Where all but one of four hundred are claimed, two that are not would be conspicuous."""
    found = [silent_rows(known([3.0, *[3.0] * USUAL], [3] * (USUAL + 1), [notices, *[10] * USUAL], [0, 9, *[10] * (USUAL - 1)]))
             for notices in (2, 3)]
    assert [[row["enterprise_id"] for row in rows] for rows in found] == [[], ["0000"]]


def test_without_any_notice_only_the_norm_counts():
    rows = silent_rows(known([60.0, 20.0, 20.0], [0, 20, 19], [0, 0, 0], [0, 0, 0]))
    assert [row["enterprise_id"] for row in rows] == ["0000"] and rows[0]["notice_probability"] is None
    assert silent_rows(known([], [], [], [])) == []


def test_where_every_notice_is_claimed_nothing_is_to_be_told_from_them():
    rows = silent_rows(known([20.0] * 5, [18] * 5, [9] * 5, [9] * 5))
    assert rows == []


def test_the_definition_says_what_was_looked_at():
    assert "没有事故申报，只按基准" in definition(False, "口径")
    said = definition(True, "口径")
    assert said.startswith("口径；") and "至少 3 起" in said and "不得外传" in said
