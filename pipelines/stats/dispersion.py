"""How far units differ from their norm, lastingly and from year to year.

Belongs here: moment estimates of the variance of true risks. Source: method of moments for Poisson mixtures (Clayton & Kaldor
1987), with the covariance of successive years for what lasts (Mahler 1990).
"""

from typing import NamedTuple

import numpy as np

LEAST = 0.05
HALF_WEIGHT = 5.0
"""Expected injuries at which a row's weight is halved, so that giants do not decide."""
GROUP_CREDIBILITY = 300.0
"""Weighted squares of expected injuries at which a group's own estimate has half the say."""
LASTING_SHARE = 0.75
"""What part of all dispersion is taken to last when there is only one year."""


class Dispersion(NamedTuple):
    """Variances of the ratio of a unit's true risk to its norm.

    lasting  by group, float array: what a unit keeps from one year to the next
    shock    what strikes a unit in single years, beyond chance
    total    both together
    """

    lasting: np.ndarray
    shock: float
    total: float


def estimate(expected: np.ndarray, injuries: np.ndarray, group: np.ndarray) -> Dispersion:
    """Dispersion from counts of several years.

    expected  by the norm, shape (units, years), the newest year first; 0 = no exposure
    injuries  same shape
    group     integers 0 … G-1 of shape (units,), by which units may differ in spread (sections of industry)
    A group's estimate is drawn to that of all; none is below 0.05. With one year only, three quarters of the dispersion count
    as lasting.
    """
    size = int(group.max(initial=-1)) + 1
    beyond = injuries - expected
    weight = 1 / (1 + expected / HALF_WEIGHT)
    total = _ratio((weight**2 * (beyond**2 - injuries) * (expected > 0)).sum(), (weight**2 * expected**2).sum())
    together, squares = np.zeros(len(group)), np.zeros(len(group))
    for newer, older in zip(range(expected.shape[1] - 1), range(1, expected.shape[1]), strict=True):
        both = weight[:, newer] * weight[:, older] * (expected[:, newer] > 0) * (expected[:, older] > 0)
        together += both * beyond[:, newer] * beyond[:, older]
        squares += both * expected[:, newer] * expected[:, older]
    pooled = _ratio(together.sum(), squares.sum()) if squares.any() else LASTING_SHARE * total
    pooled = max(pooled, LEAST)
    own = np.bincount(group, together, size) + GROUP_CREDIBILITY * pooled
    lasting = np.maximum(own / (np.bincount(group, squares, size) + GROUP_CREDIBILITY), LEAST)
    return Dispersion(lasting, max(0.0, (total - pooled) / (1 + pooled)), max(total, 0.0))


def _ratio(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator > 0 else 0.0
