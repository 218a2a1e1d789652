"""How improbable it is that a unit has so few injuries, or that so few of its accident notices became claims.

Belongs here: lower tails. They say that something is to be looked at, never why. Sources: the negative binomial is the Poisson of
Clayton & Kaldor (1987) with its Gamma integrated out; notices: funnel limits with over-dispersion told from winsorised z-scores,
Spiegelhalter (2005), Statistics in Medicine 24, 1185–1202.
"""

import numpy as np
from scipy import stats

WINSORISED = 0.1
"""The part of units at either end whose deviation is drawn in before over-dispersion is told from all."""
LEFT = 0.6786
"""The mean square of normal scores after that."""


def fewer_injuries(reported: np.ndarray, expected: np.ndarray, lasting: np.ndarray, shock: float) -> np.ndarray:
    """The probability of as few injuries or fewer; NaN without anything expected.

    reported  injuries of each unit, integers
    expected  by the norm, shape (units, years)
    lasting   variance of true ratios to the norm, shape (units,); shock  variance of what strikes single years
    The count is negative binomial with mean M = Σ m and variance M + lasting M² + shock (1 + lasting) Σ m², m being the expected
    injuries of a year. A wide spread makes it hard to be conspicuous: with a variance of 1, one unit in 21 of 20 expected
    injuries has none.

    >>> fewer_injuries(np.array([0]), np.array([[12.0, 8.0]]), np.array([1.0]), 0.0).round(4).tolist()
    [0.0476]
    """
    mean = expected.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = lasting + shock * (1 + lasting) * (expected**2).sum(axis=1) / mean**2
        mixed = stats.nbinom.cdf(reported, 1 / spread, 1 / (1 + spread * mean))
    return np.where(mean > 0, np.where(spread > 0, mixed, stats.poisson.cdf(reported, mean)), np.nan)


def over_dispersion(claimed: np.ndarray, notices: np.ndarray, share: float) -> float:
    """How many times the binomial variance the units' claimed notices vary around the city's share; at least 1.

    claimed, notices  integers over units, notices positive; share  between 0 and 1
    The mean square of the z-scores, the extreme tenth at either end drawn in so that the silent do not hide themselves, over what
    it is for normal scores.
    """
    if len(notices) == 0 or not 0 < share < 1:
        return 1.0
    score = (claimed - notices * share) / np.sqrt(notices * share * (1 - share))
    low, high = np.quantile(score, [WINSORISED, 1 - WINSORISED])
    return max(1.0, float((np.clip(score, low, high) ** 2).mean() / LEFT))


def fewer_claims(claimed: np.ndarray, notices: np.ndarray, share: float, dispersion: float = 1.0) -> np.ndarray:
    """The probability that so few or fewer of a unit's notices became claims.

    claimed, notices  integers over units; share  of the city's notices that became claims, between 0 and 1
    dispersion        times the binomial variance, at least 1; then the count is beta-binomial with that variance

    >>> fewer_claims(np.array([1]), np.array([3]), 0.5).round(3).tolist()
    [0.5]
    """
    if not 0 < share < 1 or dispersion < 1:
        raise ValueError("the share must lie between 0 and 1, the dispersion be at least 1")
    plain = stats.binom.cdf(claimed, notices, share)
    within = np.minimum((dispersion - 1) / np.maximum(notices - 1, 1), 0.99)
    if not (within > 0).any():
        return plain
    strength = 1 / np.maximum(within, 1e-9) - 1
    return np.where(within > 0, stats.betabinom.cdf(claimed, notices, share * strength, (1 - share) * strength), plain)


def either(*tails: np.ndarray) -> np.ndarray:
    """The smaller of several probabilities, times the number of those that are known (Bonferroni); NaN where none is.

    >>> either(np.array([0.01, np.nan]), np.array([0.4, 0.3])).tolist()
    [0.02, 0.3]
    """
    together = np.stack(tails)
    known = np.isfinite(together)
    smallest = np.where(known, together, 1.0).min(axis=0)
    return np.where(known.any(axis=0), np.minimum(smallest * known.sum(axis=0), 1.0), np.nan)
