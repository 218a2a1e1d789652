"""Exact intervals for counts.

Source: Garwood, F. (1936), Fiducial limits for the Poisson distribution, Biometrika 28, 437–442.
"""

from typing import NamedTuple

import numpy as np
from scipy import special


class Limits(NamedTuple):
    """Lower and upper limits of the expected count, float arrays of the counts' shape."""

    low: np.ndarray
    high: np.ndarray


def garwood(counts: np.ndarray, confidence: float = 0.95) -> Limits:
    """Exact two-sided limits of a Poisson mean.

    counts      observed counts, integers >= 0, any shape; each distinct count is inverted once
    confidence  of the interval, between 0 and 1
    The chi-square quantile with 2k degrees of freedom is twice the inverse of the regularised gamma function of k.
    Raises ValueError for negative counts or an impossible confidence.

    >>> low, high = garwood(np.array([0, 10]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.0, 4.795], [3.689, 18.39])
    """
    if not 0 < confidence < 1:
        raise ValueError("confidence must lie between 0 and 1")
    distinct, place = np.unique(np.asarray(counts, dtype=np.int64), return_inverse=True)
    if distinct.size and distinct[0] < 0:
        raise ValueError("counts must not be negative")
    tail = (1 - confidence) / 2
    low = np.where(distinct > 0, special.gammaincinv(np.maximum(distinct, 1), tail), 0.0)
    high = special.gammaincinv(distinct + 1, 1 - tail)
    return Limits(low[place].reshape(np.shape(counts)), high[place].reshape(np.shape(counts)))
