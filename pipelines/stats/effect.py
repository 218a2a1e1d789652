"""Whether a programme has helped: injuries after it beside those expected without it.

Source of the method: empirical Bayes before–after evaluation (Hauer 1997): units are chosen because they had many injuries, so
the count before says more than is to be expected; the posterior mean, frozen when the list was made, does not.
"""

from typing import NamedTuple

import numpy as np
from scipy import optimize, stats

MOST = 1e6


class Effect(NamedTuple):
    """The ratio of injuries after to those expected without a programme, and its limits; NaN where nothing was expected."""

    ratio: float
    low: float
    high: float


def effect(after: int, expected: float, relative_variance: float, confidence: float = 0.95) -> Effect:
    """The ratio after / expected with exact limits of a negative binomial count.

    after              injuries counted after the programme began, >= 0
    expected           injuries expected without it in the same exposure, > 0
    relative_variance  variance of the true expectation over its square: what was uncertain when it was frozen, and the shock of
                       a single year
    The limits are those ratios under which as many (few) injuries as counted have half the error probability.
    Raises ValueError for a negative count.
    """
    if after < 0:
        raise ValueError("after must not be negative")
    if not expected > 0:
        return Effect(np.nan, np.nan, np.nan)
    tail = (1 - confidence) / 2
    low = _solve(lambda ratio: _above(after, ratio * expected, relative_variance) - tail) if after else 0.0
    high = _solve(lambda ratio: tail - chance_of_at_most(after, ratio * expected, relative_variance))
    return Effect(after / expected, low, high)


def chance_of_at_most(count: float, mean: float, relative_variance: float) -> float:
    """P(N <= count) of a count with that mean, whose expectation has that relative variance (negative binomial)."""
    if relative_variance <= 1e-9:
        return float(stats.poisson.cdf(count, mean))
    return float(stats.nbinom.cdf(count, 1 / relative_variance, 1 / (1 + relative_variance * mean)))


def _above(count: int, mean: float, relative_variance: float) -> float:
    return 1 - chance_of_at_most(count - 1, mean, relative_variance)


def _solve(rising) -> float:
    """The ratio at which a rising function is zero."""
    if rising(MOST) < 0:
        return np.inf
    return optimize.root_scalar(rising, bracket=(1e-9, MOST), xtol=1e-9).root


def together(means: np.ndarray, relative_variances: np.ndarray) -> tuple[float, float]:
    """Mean and relative variance of the sum of independent expectations."""
    total = float(np.sum(means))
    return total, float(np.sum(means**2 * relative_variances)) / total**2 if total > 0 else 0.0
