"""Seeded streams, months as numbers, and the few ways to turn uniform draws into values.

A month is counted from 1970-01 (the integer behind `datetime64[M]`), so months add and compare as numbers. Nothing
here knows the field.
"""
import zlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray
NEVER = 10**6
"""A month number later than every month: the month of a date that does not exist."""


def stream(seed: int, part: str, *keys: int) -> np.random.Generator:
    """The random stream of one part of the city, say one month of accidents; parts do not disturb each other."""
    return np.random.default_rng([seed, zlib.crc32(part.encode()), *keys])


def month_number(yyyymm: int) -> int:
    """Months since 1970-01: `month_number(202509)` is 668. Raises ValueError when there is no such month."""
    year, month = divmod(yyyymm, 100)
    if not (1970 <= year <= 9999 and 1 <= month <= 12):
        raise ValueError(f"not a month (yyyymm): {yyyymm}")
    return (year - 1970) * 12 + month - 1


def yyyymm(month: ArrayLike) -> Array:
    """The month number(s) as yyyymm: `yyyymm(668)` is 202509."""
    month = np.asarray(month)
    return (1970 + month // 12) * 100 + month % 12 + 1


def year_of(month: ArrayLike) -> Array:
    """The calendar year of month number(s)."""
    return 1970 + np.asarray(month) // 12


def month_of(date: Array) -> Array:
    """The month number of each date; NEVER where there is no date."""
    months = date.astype("datetime64[M]").astype(np.int64)
    return np.where(np.isnat(date), NEVER, months)


def day_in(month: ArrayLike, u: ArrayLike) -> Array:
    """A date in each month; `u` in [0, 1) says how far into it."""
    first = np.asarray(month).astype("datetime64[M]")
    length = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(np.int64)
    return first.astype("datetime64[D]") + (np.asarray(u) * length).astype(np.int64)


def days(count: ArrayLike) -> Array:
    """Whole days as a time span."""
    return np.asarray(count).astype(np.int64).astype("timedelta64[D]")


def pick(values: Sequence | Array, u: ArrayLike, weights: ArrayLike | None = None) -> Array:
    """One of `values` for each uniform draw, with these weights or else all alike."""
    values = np.asarray(values)
    return values[choose(np.ones(len(values)) if weights is None else weights, u)]


def choose(weights: ArrayLike, u: ArrayLike) -> Array:
    """The index drawn by each `u` from the weights: shape (k,), or (n, k) for weights that differ by row."""
    weights = np.asarray(weights, float)
    edges = np.cumsum(weights, axis=-1)
    u = np.asarray(u)
    if weights.ndim == 1:
        return np.minimum(np.searchsorted(edges / edges[-1], u, side="right"), len(weights) - 1)
    index = (u[:, None] >= edges / edges[:, -1:]).sum(axis=1)
    return np.minimum(index, weights.shape[1] - 1)


def take_words(values: Sequence[str], u: ArrayLike, weights: ArrayLike | None = None) -> Array:
    """Like `pick`, for texts: an object array, so that texts can be joined with +."""
    return pick(np.array(values, object), u, weights)


def join(*parts: ArrayLike) -> Array:
    """Texts joined row by row; numbers and dates become text, a single text is repeated."""
    size = max((np.size(part) for part in parts if np.ndim(part)), default=1)
    columns = [[str(part)] * size if np.ndim(part) == 0 else np.asarray(part).astype(str).tolist() for part in parts]
    return as_texts(map("".join, zip(*columns, strict=True)))


def as_texts(values: Iterable[str]) -> Array:
    """Texts as an object array of shape (n,)."""
    result = list(values)
    array = np.empty(len(result), object)
    array[:] = result
    return array
