"""How the rows of a delivery are picked and written as text: which are due, dates, empty cells.

Nothing here knows a kind; the kinds' rows are in `exports`, `notices`, `prevention` and `surroundings`.
"""
import numpy as np

from pipelines.simulate.draws import Array, as_texts
from pipelines.simulate.population import Scale

Columns = dict[str, Array]
"""The columns of one export by heading, all of one length."""


def is_due(scale: Scale, month: int, known: Array) -> Array:
    """Which rows a delivery holds: what became known in its month, or by it in the opening delivery."""
    return known <= month if month == scale.opening else known == month


def due_rows(scale: Scale, month: int, known: Array) -> Array:
    """The indices of the rows that are due."""
    return np.flatnonzero(is_due(scale, month, known))


def date_texts(date: Array) -> Array:
    """Dates as text, empty where there is none."""
    return texts(date, ~np.isnat(date))


def time_texts(time: Array) -> Array:
    """Times to the minute as `2025-01-31 08:30`."""
    return as_texts(text.replace("T", " ") for text in np.asarray(time, "datetime64[m]").astype(str).tolist())


def texts(values: Array, is_given: Array) -> Array:
    """Values as text, empty where not given; each distinct value is written once."""
    distinct, inverse = np.unique(values, return_inverse=True)
    return np.where(is_given, distinct.astype(str).astype(object)[inverse], "")


def or_none(values: Array, is_given: Array) -> Array:
    """Numbers as they are, None where not given."""
    result = values.astype(object)
    result[~is_given] = None
    return result


def taken(columns: Columns, rows: Array) -> Columns:
    """The same columns with some of the rows."""
    return {heading: values[rows] for heading, values in columns.items()}
