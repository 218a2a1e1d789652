"""What is over-represented among the cases of a group, beside the rest, an even spread or its norm.

Belongs here: shares compared, exact tail probabilities, correction for looking at many. Sources: hypergeometric tail (Fisher's
exact test, one-sided); interval of a ratio of two shares: Katz, Baptista, Azen & Pike (1978), Biometrics 34, 469–474; of one
share: Clopper & Pearson (1934), Biometrika 26, 404–413; Poisson of Gamma ratios: Clayton & Kaldor (1987), Biometrics 43, 671–681;
false discovery rate: Benjamini & Hochberg (1995), JRSS B 57, 289–300.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

TAIL = 0.025
"""What lies beyond either limit of the 95 % intervals."""


class Enrichment(NamedTuple):
    """Float arrays of one shape; NaN where there is nothing to compare with.

    expected  cases that the comparison would give
    ratio     observed over expected, with its 95 % limits `low` and `high`
    tail      probability of as many cases or more by chance
    """

    expected: np.ndarray
    ratio: np.ndarray
    low: np.ndarray
    high: np.ndarray
    tail: np.ndarray


def beside_rest(hits: ArrayLike, cases: ArrayLike, all_hits: ArrayLike, all_cases: ArrayLike) -> Enrichment:
    """Groups beside the rest of the cases that they are part of.

    hits      cases of each group that have the value, integers
    cases     cases of each group; all_hits, all_cases  the same of the whole, the group among them
    Expected is the rest's share times the group's cases; the tail is hypergeometric, given all four margins. Without a rest, or
    where the rest has no hit, there is no ratio. Raises ValueError when a part is larger than its whole.

    >>> found = beside_rest(np.array([8]), np.array([20]), np.array([28]), np.array([120]))
    >>> found.expected.tolist(), found.ratio.tolist(), found.low.round(2).tolist(), found.high.round(2).tolist()
    ([4.0], [2.0], [1.03], [3.89])
    """
    hits, cases, all_hits, all_cases = (np.asarray(part, np.int64) for part in (hits, cases, all_hits, all_cases))
    others, other_hits = all_cases - cases, all_hits - hits
    if (hits < 0).any() or (hits > cases).any() or (other_hits < 0).any() or (other_hits > others).any():
        raise ValueError("a part is larger than its whole")
    has_rest, has_hits = (others > 0) & (cases > 0), (hits > 0) & (other_hits > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.where(has_rest, cases * other_hits / others, np.nan)
        ratio = np.where(has_rest & (other_hits > 0), hits / expected, np.nan)
        spread = np.sqrt(1 / hits - 1 / cases + 1 / other_hits - 1 / others)
        factor = np.where(has_rest & has_hits, np.exp(stats.norm.isf(TAIL) * spread), np.nan)
    tail = np.where(has_rest, stats.hypergeom.sf(hits - 1, all_cases, all_hits, cases), np.nan)
    return Enrichment(expected, ratio, ratio / factor, ratio * factor, tail)


def beside_even(hits: ArrayLike, cases: ArrayLike, share: ArrayLike) -> Enrichment:
    """Counts beside what an even spread over the exposure would give.

    hits   cases in each part; cases  all cases; share  the part's share of the exposure, between 0 and 1
    The tail is binomial, the limits are exact. Raises ValueError for shares outside (0, 1).
    """
    hits, cases, share = np.asarray(hits, np.int64), np.asarray(cases, np.int64), np.asarray(share, float)
    if (share <= 0).any() or (share >= 1).any():
        raise ValueError("shares of the exposure must lie between 0 and 1")
    low = np.where(hits > 0, special.betaincinv(np.maximum(hits, 1), cases - hits + 1, TAIL), 0.0)
    high = np.where(hits < cases, special.betaincinv(hits + 1, np.maximum(cases - hits, 1), 1 - TAIL), 1.0)
    expected = cases * share
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(cases > 0, hits / expected, np.nan)
    return Enrichment(expected, ratio, low / share, high / share, stats.binom.sf(hits - 1, cases, share))


def beside_norm(observed: np.ndarray, expected: np.ndarray, variance: float) -> np.ndarray:
    """The probability of as many cases or more among units of the same norm; NaN without anything expected.

    observed  integers over units; expected  by the norm, floats
    variance  of the units' true ratios to the norm, by which the count is a negative binomial
    Raises ValueError when the variance is not positive.

    >>> beside_norm(np.array([2]), np.array([1.0]), 1.0).tolist()    # half of them have one or more, half of these two
    [0.25]
    """
    if variance <= 0:
        raise ValueError("the variance between units must be positive")
    return np.where(expected > 0, stats.nbinom.sf(observed - 1, 1 / variance, 1 / (1 + variance * expected)), np.nan)


def benjamini_hochberg(tail: np.ndarray) -> np.ndarray:
    """The smallest false discovery rate at which each probability would be counted as found; NaN stays NaN and is not counted.

    >>> benjamini_hochberg(np.array([0.01, 0.04, np.nan, 0.03])).round(3).tolist()
    [0.03, 0.04, nan, 0.04]
    """
    tail = np.asarray(tail, float)
    corrected = np.full(tail.shape, np.nan)
    known = np.isfinite(tail)
    if known.any():
        corrected[known] = stats.false_discovery_control(tail[known], method="bh")
    return corrected
