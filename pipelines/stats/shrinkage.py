"""Ratios of groups to what is expected of them, drawn to 1 by how little is known of each.

Belongs here: the Gamma–Poisson of groups as a whole (industries, streets, parks). That of single units is posterior.py.
Source: Clayton & Kaldor (1987), Biometrics 43, 671–681; the variance between groups is the one of greatest likelihood.
"""

import numpy as np
from scipy import optimize, stats

from pipelines.stats.posterior import Posterior

LEAST, MOST = 0.005, 20.0
"""Limits of the variance between groups; at the lower one a group's ratio stays within a few percent of 1."""


def between(observed: np.ndarray, expected: np.ndarray) -> float:
    """The variance of true ratios between groups under which the counts are most likely; their mean ratio is taken as 1.

    observed  integers over groups; expected  floats, groups without any are left out
    """
    known = expected > 0
    observed, expected = observed[known], expected[known]
    if len(observed) < 2:
        return LEAST

    def unlikely(log_variance: float) -> float:
        variance = np.exp(log_variance)
        return -stats.nbinom.logpmf(observed, 1 / variance, 1 / (1 + variance * expected)).sum()

    found = optimize.minimize_scalar(unlikely, bounds=(np.log(LEAST), np.log(MOST)), method="bounded")
    return float(np.exp(found.x))


def shrink(observed: np.ndarray, expected: np.ndarray, variance: float) -> Posterior:
    """Each group's ratio given the variance between groups.

    observed  integers over groups; expected  floats, not negative
    Raises ValueError when the variance is not positive.

    >>> shrink(np.array([4, 40]), np.array([1.0, 10.0]), 0.5).mean.round(2).tolist()    # four times the expected, both
    [2.0, 3.5]
    """
    if variance <= 0:
        raise ValueError("the variance between groups must be positive")
    return Posterior(1 / variance + observed, 1 / variance + expected)
