"""The windows over which rates are taken, as of a month.

Belongs here: which months a period name means and how much of them the data cover.
"""

from typing import NamedTuple

import pyarrow as pa


class Period(NamedTuple):
    """A window of whole months. `years` for exposure by year; `is_to_date` = only up to the cut-off's month of each."""

    period: str
    first_year: int
    last_year: int
    is_to_date: bool
    first_month: int
    last_month: int
    months_covered: int
    is_short: bool


def add_months(month: int, number: int) -> int:
    """The yyyymm that lies `number` months after `month`.

    >>> add_months(202411, 3), add_months(202401, -12)
    (202502, 202301)
    """
    index = month // 100 * 12 + month % 100 - 1 + number
    return index // 12 * 100 + index % 12 + 1


def months_between(first: int, last: int) -> int:
    """How many months from `first` to `last`, both included; 0 when last lies before first."""
    return max(0, (last // 100 - first // 100) * 12 + last % 100 - first % 100 + 1)


def windows(as_of: int, first_covered: int | None = None, last_covered: int | None = None) -> list[Period]:
    """The periods as of a month, cut to the months with premium data; without any premium they stay whole.

    last_year is the newest calendar year complete at the cut-off: 2024 as of 202412, 2023 as of 202411. `year_before`
    serves only to say how a rate has changed.
    """
    year = as_of // 100
    last = year if as_of % 100 == 12 else year - 1
    spans = [
        ("last_year", last, last, False),
        ("year_before", last - 1, last - 1, False),
        ("last_3_years", last - 2, last, False),
        ("last_5_years", last - 4, last, False),
        ("year_to_date", year, year, True),
        ("same_period_last_year", year - 1, year - 1, True),
    ]
    return [window(*span, as_of % 100, first_covered, last_covered) for span in spans]


def window(name: str, first: int, last: int, to_date: bool, cut: int, low: int | None, high: int | None) -> Period:
    """The months of the years `first` to `last` (of each only up to month `cut` when `to_date`), cut to those from `low` to
    `high`; without these limits no month is covered."""
    start, end = first * 100 + 1, last * 100 + (cut if to_date else 12)
    whole = months_between(start, end)
    inside = (max(start, low), min(end, high)) if low and high else (start, end)
    covered = months_between(*inside) if low and high else 0
    if covered:
        start, end = inside
    return Period(name, first, last, to_date, start, end, covered, covered < whole)


def as_table(periods: list[Period]) -> pa.Table:
    """The periods as an Arrow table, one row each."""
    types = {str: pa.string(), int: pa.int64(), bool: pa.bool_()}
    schema = pa.schema([(name, types[kind]) for name, kind in Period.__annotations__.items()])
    return pa.Table.from_pylist([period._asdict() for period in periods], schema)
