"""What is known of a unit's own risk: the Gamma–Poisson posterior of its ratio to the norm, and what it predicts.

Source: Clayton & Kaldor 1987 (Poisson–Gamma); Mahler 1990 (older years count less, since risks shift); Bühlmann & Gisler 2005.
"""

from typing import NamedTuple

import numpy as np
from scipy import special, stats

RECENCY = 0.6
"""What a year counts beside the one after it; chosen on a real panel, where risks shift by about a tenth a year."""


class Posterior(NamedTuple):
    """Gamma distributions of the ratio of true risk to norm: shape and rate, float arrays over units; mean = shape / rate."""

    shape: np.ndarray
    rate: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        return self.shape / self.rate

    def quantile(self, probability: float) -> np.ndarray:
        """The ratio below which the unit's ratio lies with that probability."""
        return special.gammaincinv(self.shape, probability) / self.rate

    def above(self, ratio: np.ndarray | float) -> np.ndarray:
        """The probability that the ratio lies above `ratio` (the exceedance)."""
        return special.gammaincc(self.shape, np.maximum(ratio, 0.0) * self.rate)


class Prediction(NamedTuple):
    """Limits of a future count, integer arrays over units."""

    low: np.ndarray
    high: np.ndarray


def posterior(expected: np.ndarray, injuries: np.ndarray, lasting: np.ndarray, shock: float, age: np.ndarray,
              recency: float = RECENCY) -> Posterior:
    """The posterior of each unit's ratio to its norm.

    expected  injuries by the norm, shape (units, years); 0 = no exposure
    injuries  same shape
    lasting   variance of true ratios, shape (units,), positive
    shock     variance of a single year's shock; a year of m expected injuries then counts as m / (1 + shock m)
    age       years since each column's year, shape (years,), the newest 0
    recency   weight of a year beside the one after it, between 0 and 1

    >>> one = posterior(np.array([[1.0]]), np.array([[3]]), np.array([0.5]), 0.0, np.array([0.0]))
    >>> one.mean.round(3).tolist()          # (1/0.5 + 3) / (1/0.5 + 1)
    [1.667]
    """
    weight = recency**age / (1 + shock * expected)
    shape = 1 / lasting + (weight * injuries * (expected > 0)).sum(axis=1)
    return Posterior(shape, 1 / lasting + (weight * expected).sum(axis=1))


def spread(known: Posterior, shock: float) -> np.ndarray:
    """Relative variance of what is expected of a single year: of the ratio and of that year's shock, shape (units,)."""
    return 1 / known.shape + shock + shock / known.shape


def predict(ahead: np.ndarray, known: Posterior, shock: float, probability: float = 0.8) -> Prediction:
    """Limits that hold the coming year's counts with the probability at least.

    ahead  injuries that the norm expects in the coming year, shape (units,)
    The count is Poisson of ahead × ratio × a year's shock; its negative binomial has the same mean and variance. At most half of
    the rest lies below; what is not used there, since no count is below 0, is cut off above: small counts have limits from 0.
    """
    mean = ahead * known.mean
    relative = np.maximum(spread(known, shock), 1e-9)
    share = 1 / (1 + relative * mean)
    low = stats.nbinom.ppf((1 - probability) / 2, 1 / relative, share)
    below = stats.nbinom.cdf(low - 1, 1 / relative, share)
    high = stats.nbinom.ppf(below + probability, 1 / relative, share)
    return Prediction(np.nan_to_num(low).astype(np.int64), np.nan_to_num(high).astype(np.int64))
