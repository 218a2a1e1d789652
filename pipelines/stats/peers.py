"""Where a unit stands among its like.

Belongs here: quantiles of a figure over a unit's peers, each peer counting the same, and the share of peers below it. Quantiles
are linear between order statistics (Hyndman & Fan 1996, The American Statistician 50, 361–365, type 7).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

QUARTERS = (0.25, 0.5, 0.75)


class Peers(NamedTuple):
    """Over the units asked for; float arrays with NaN where nobody is compared with.

    level  index of the grouping used, -1 = none has enough peers
    units  number of peers with a known figure, integers, the unit itself not among them
    quarter, median, three_quarters  of the peers' figures; below  share of peers whose figure is smaller, 0–1; NaN without an own
    """

    level: np.ndarray
    units: np.ndarray
    quarter: np.ndarray
    median: np.ndarray
    three_quarters: np.ndarray
    below: np.ndarray


def beside_peers(figures: np.ndarray, groupings: Sequence[np.ndarray], asked: np.ndarray, least: int) -> Peers:
    """Each unit asked for beside the others of the first grouping in which at least `least` others have a figure.

    figures    of all units, shape (units,); NaN = not known
    groupings  a label for every unit, integers, -1 = belongs to none; the narrowest first
    asked      positions of the units asked for
    Raises ValueError unless `least` is positive.

    >>> found = beside_peers(np.array([1.0, 2.0, 3.0, 4.0, 9.0]), [np.array([0, 0, 1, 1, 1]), np.zeros(5, int)], np.array([4]), 3)
    >>> found.level.tolist(), found.units.tolist(), found.median.tolist(), found.below.tolist()
    ([1], [4], [2.5], [1.0])
    """
    if least < 1:
        raise ValueError("least must be positive")
    known = np.isfinite(figures)
    level, units = np.full(len(asked), -1), np.zeros(len(asked), np.int64)
    found = np.full((len(asked), 4), np.nan)
    for row, unit in enumerate(asked.tolist()):
        for number, labels in enumerate(groupings):
            others = known & (labels == labels[unit]) & (labels >= 0)
            others[unit] = False
            if others.sum() >= least:
                level[row], units[row], found[row] = number, others.sum(), _beside(figures[others], float(figures[unit]))
                break
    return Peers(level, units, *found.T)


def _beside(others: np.ndarray, own: float) -> list[float]:
    below = float((others < own).mean()) if np.isfinite(own) else np.nan
    return [*np.quantile(others, QUARTERS).tolist(), below]
