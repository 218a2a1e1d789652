"""Two rates compared, and shares: exact intervals, and how likely a rate has come down to a goal.

Sources: Clopper & Pearson (1934), The use of confidence or fiducial limits illustrated in the case of the binomial, Biometrika
26, 404–413; Przyborowski & Wilenski (1940), Homogeneity of results in testing samples from Poisson series, Biometrika 31, 313–323
(given their sum, one of two Poisson counts is binomial); Jeffreys' prior for a Poisson rate.
"""

from typing import NamedTuple

import numpy as np
from scipy import special


class Interval(NamedTuple):
    """Lower and upper limits."""

    low: float
    high: float


def share_limits(count: int, total: int, confidence: float = 0.95) -> Interval:
    """Exact (Clopper–Pearson) limits of a share, of `count` in `total`; 0 and 1 where total is 0.

    Raises ValueError unless 0 <= count <= total.

    >>> [round(limit, 4) for limit in share_limits(15, 56)]
    [0.1583, 0.403]
    """
    if not 0 <= count <= total:
        raise ValueError("a share needs 0 <= count <= total")
    tail = (1 - confidence) / 2
    low = special.betaincinv(count, total - count + 1, tail) if count else 0.0
    high = special.betaincinv(count + 1, total - count, 1 - tail) if count < total else 1.0
    return Interval(float(low), float(high))


def ratio_limits(count: int, exposure: float, base_count: int, base_exposure: float, confidence: float = 0.95) -> Interval:
    """Exact limits of the ratio of two Poisson rates, count/exposure over base_count/base_exposure; exposures above 0.

    >>> [round(limit, 4) for limit in ratio_limits(11, 800, 21, 3011)]
    [0.8584, 4.2773]
    """
    share = share_limits(count, count + base_count, confidence)
    scale = base_exposure / exposure
    with np.errstate(divide="ignore"):
        low, high = (float(np.divide(limit, 1 - limit)) * scale for limit in share)
    return Interval(low, high)


def probability_at_most(ratio: float, count: int, exposure: float, base_count: int, base_exposure: float) -> float:
    """The probability that the underlying rate is at most `ratio` times the base's, each with Jeffreys' prior.

    Given their counts the expected counts are Gamma(count + 1/2), and the share of one in the sum of both is Beta.

    >>> round(probability_at_most(1.0, 20, 100.0, 20, 100.0), 9)
    0.5
    """
    odds = ratio * exposure / base_exposure
    return float(special.betainc(count + 0.5, base_count + 0.5, odds / (1 + odds)))
