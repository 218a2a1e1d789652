"""Where units stand in a list by their excess, and how sure that is.

Belongs here: expected ranks and probabilities of belonging from the marginal tail curve; intervals of ranks by drawing.
Source: Lin, Louis, Paddock & Ridgeway 2006 (optimal ranking of uncertain quantities, with the marginal exceedance curve).
"""

from typing import NamedTuple

import numpy as np
from scipy import special

from pipelines.stats.posterior import Posterior

GRID = 64
LEVELS = (np.arange(20) + 0.5) / 20
DRAWS, AT_ONCE = 1000, 50
DRAWN = 1000
"""Units among which ranks are drawn; those beyond are far below the first 500."""
SHOWN = 500
FAR = 8.0
"""Standard deviations above its mean that a unit is not expected to reach."""


class Ranks(NamedTuple):
    """Over the units given, float arrays; NaN in the limits of those that are not among the first 500.

    expected     expected rank, 1 = largest excess
    probability  that the unit's true excess is among the `places` largest
    low, high    80 % limits of its rank
    """

    expected: np.ndarray
    probability: np.ndarray
    low: np.ndarray
    high: np.ndarray


def rank(ahead: np.ndarray, known: Posterior, places: int, seed: int, first: int = SHOWN) -> Ranks:
    """Ranks of the excess ahead × (ratio − 1) among the units of one list.

    ahead   injuries that the norm expects in the coming year, shape (units,)
    known   posterior of each unit's ratio
    places  of the list; seed  of the draws for the limits; first  how many of the largest get limits
    The work is O(units) beside a curve for those that may reach the excess of the first: units too small to get
    there are counted as never there.
    """
    excess = ahead * (known.mean - 1)
    order = np.argsort(-excess, kind="stable")
    shown = order[:first]
    at = _excesses(ahead[shown], _of(known, shown))
    grid = np.quantile(at, np.linspace(0, 1, GRID)) if at.size else np.zeros(1)
    curve = tail_curve(ahead, known, grid)
    expected, probability = np.full(len(ahead), np.nan), np.zeros(len(ahead))
    expected[shown] = 1 + np.maximum(np.interp(at, grid, curve) - (1 - LEVELS), 0).mean(axis=1)
    bound = np.interp(-places, -curve, grid)
    probability[shown] = _above(ahead[shown], _of(known, shown), bound)
    low, high = np.full(len(ahead), np.nan), np.full(len(ahead), np.nan)
    drawn = order[:DRAWN]
    low[shown], high[shown] = _limits(ahead[drawn], _of(known, drawn), seed, len(shown))
    return Ranks(expected, probability, low, high)


def tail_curve(ahead: np.ndarray, known: Posterior, grid: np.ndarray) -> np.ndarray:
    """How many units are expected to lie above each excess of the grid, which is in rising order."""
    top = ahead * (known.mean - 1 + FAR * np.sqrt(known.shape) / known.rate)
    able = np.flatnonzero(top > grid[0])
    able = able[np.argsort(-top[able], kind="stable")]
    reach = np.searchsorted(-top[able], -grid)
    ahead, known = ahead[able], _of(known, able)
    curve = [_above(ahead[:number], _of(known, slice(number)), value).sum() for value, number in zip(grid, reach, strict=True)]
    return np.array(curve)


def _of(known: Posterior, places: np.ndarray | slice) -> Posterior:
    return Posterior(known.shape[places], known.rate[places])


def _above(ahead: np.ndarray, known: Posterior, excess: np.ndarray | float) -> np.ndarray:
    """P(ahead × (ratio − 1) > excess)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(ahead > 0, 1 + excess / ahead, np.where(np.asarray(excess) < 0, 0.0, np.inf))
    return special.gammaincc(known.shape, np.maximum(ratio, 0) * known.rate)


def _excesses(ahead: np.ndarray, known: Posterior) -> np.ndarray:
    """Excesses in the middle of twenty equally likely parts of each unit's posterior, shape (units, 20)."""
    return ahead[:, None] * (special.gammaincinv(known.shape[:, None], LEVELS) / known.rate[:, None] - 1)


def _limits(ahead: np.ndarray, known: Posterior, seed: int, shown: int) -> tuple[np.ndarray, np.ndarray]:
    """80 % limits of the ranks of the first `shown`, by draws among all given."""
    rng = np.random.default_rng(seed)
    ranks = np.empty((DRAWS, shown), np.int32)
    standing = np.arange(1, len(ahead) + 1, dtype=np.int32)[None, :]
    for first in range(0, DRAWS, AT_ONCE):
        excess = ahead * (rng.standard_gamma(known.shape, (AT_ONCE, len(ahead))) / known.rate - 1)
        place = np.empty(excess.shape, np.int32)
        np.put_along_axis(place, np.argsort(-excess, axis=1), standing, axis=1)
        ranks[first:first + AT_ONCE] = place[:, :shown]
    low, high = np.quantile(ranks, [0.1, 0.9], axis=0, method="nearest")
    return low.astype(float), high.astype(float)
