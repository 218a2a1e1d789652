"""Windows as of a month: which months a period means, and how much of them the data cover."""

import pytest

from pipelines import periods
from pipelines.contracts import codes


def spans(as_of: int, first: int | None = 199001, last: int | None = 203012) -> dict[str, tuple[int, int, int, bool]]:
    """period -> first month, last month, months covered, short; with data of every month unless said otherwise."""
    return {w.period: (w.first_month, w.last_month, w.months_covered, w.is_short) for w in periods.windows(as_of, first, last)}


def test_december_completes_its_year():
    assert spans(202412) == {
        "last_year": (202401, 202412, 12, False), "year_before": (202301, 202312, 12, False),
        "last_3_years": (202201, 202412, 36, False), "last_5_years": (202001, 202412, 60, False),
        "year_to_date": (202401, 202412, 12, False), "same_period_last_year": (202301, 202312, 12, False),
    }


def test_november_does_not():
    assert spans(202411) == {
        "last_year": (202301, 202312, 12, False), "year_before": (202201, 202212, 12, False),
        "last_3_years": (202101, 202312, 36, False), "last_5_years": (201901, 202312, 60, False),
        "year_to_date": (202401, 202411, 11, False), "same_period_last_year": (202301, 202311, 11, False),
    }


def test_january_is_one_month():
    assert spans(202501)["year_to_date"] == (202501, 202501, 1, False)
    assert spans(202501)["last_year"] == (202401, 202412, 12, False)


def test_a_window_is_cut_to_the_months_with_data_and_flagged():
    found = spans(202412, 202306, 202412)
    assert found["last_3_years"] == (202306, 202412, 19, True)
    assert found["last_year"] == (202401, 202412, 12, False)
    assert found["year_before"] == (202306, 202312, 7, True)


def test_a_window_without_any_data_keeps_its_months_and_covers_none():
    assert spans(202412, 202401, 202412)["year_before"] == (202301, 202312, 0, True)


def test_without_any_premium_windows_stay_whole_and_cover_nothing():
    assert spans(202412, None, None)["last_3_years"] == (202201, 202412, 0, True)


def test_data_that_end_before_the_cut_off():
    assert spans(202412, 202001, 202410)["last_year"] == (202401, 202410, 10, True)


def test_only_the_windows_to_date_stop_within_a_year():
    assert [w.period for w in periods.windows(202411) if w.is_to_date] == ["year_to_date", "same_period_last_year"]


def test_the_published_periods_are_those_of_the_contract():
    assert {w.period for w in periods.windows(202412)} - {"year_before"} == set(codes.PERIOD)


@pytest.mark.parametrize(("month", "number", "result"), [
    (202412, 1, 202501), (202501, -1, 202412), (202406, 0, 202406), (202406, -18, 202212), (202406, 30, 202612),
])
def test_adding_months(month, number, result):
    assert periods.add_months(month, number) == result


def test_months_between_count_both_ends():
    assert periods.months_between(202411, 202502) == 4
    assert periods.months_between(202502, 202411) == 0


def test_as_a_table():
    table = periods.as_table(periods.windows(202412))
    assert table.column_names == list(periods.Period._fields) and table.num_rows == 6
