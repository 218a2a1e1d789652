"""Medians and ceilings that a few wild values do not move.

Belongs here: robust location and spread of counted values. Source: Hampel, F. R. (1974), The influence curve and its role in
robust estimation, JASA 69, 383–393 (median absolute deviation); 1.4826 makes it the standard deviation of a normal sample.
"""

import numpy as np

NORMAL = 1.4826


def weighted_median(values: np.ndarray, counts: np.ndarray) -> float:
    """The lower median of values that occur `counts` times each; both 1-d, not empty.

    >>> weighted_median(np.array([3, 1, 2]), np.array([1, 1, 1]))
    2.0
    >>> weighted_median(np.array([1, 9]), np.array([5, 4]))
    1.0
    """
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(counts[order])
    return float(values[order][np.searchsorted(reached * 2, reached[-1])])


def log_ceiling(values: np.ndarray, counts: np.ndarray, spreads: float, least_spread: float) -> float:
    """What hardly any of such positive values exceeds: exp(median + spreads × max(1.4826 × MAD, least_spread)) of their logs.

    values   positive, 1-d; counts says how often each occurs
    spreads  how many spreads above the median; 3.09 would be the 99.9th percentile of a log-normal sample

    >>> round(log_ceiling(np.array([2, 3, 4, 5000]), np.array([30, 40, 30, 1]), 5, 0.5))
    37
    """
    logs = np.log(np.asarray(values, float))
    middle = weighted_median(logs, counts)
    spread = NORMAL * weighted_median(np.abs(logs - middle), counts)
    return float(np.exp(middle + spreads * max(spread, least_spread)))
