"""Funnel plots: how far rates of different exposure scatter by chance alone, and many points drawn as few.

Source: Spiegelhalter, D. J. (2005), Funnel plots for comparing institutional performance, Statistics in Medicine 24, 1185–1202,
with exact limits: a unit lies beyond them where Garwood's interval of its own count (poisson.py) leaves out the common rate.
"""

from typing import NamedTuple

import numpy as np
from scipy import special

POINTS, FEWEST = 120, 0.05
"""Points of a curve, and the smallest count above 0 that it goes through; counts are continuous there."""


class Curve(NamedTuple):
    """A limit as a curve: rising exposures and the rate at each, shape (points,)."""

    exposure: np.ndarray
    rate: np.ndarray


class ControlLimits(NamedTuple):
    """The curves below and above which a rate is beyond chance; the lower one begins where a count of 0 is."""

    low: Curve
    high: Curve


class Cells(NamedTuple):
    """Cells of a grid that hold points: their middles and how many each holds; shape (cells,), ordered by column, then row."""

    x: np.ndarray
    y: np.ndarray
    count: np.ndarray


def control_limits(rate: float, most_exposure: float, confidence: float) -> ControlLimits:
    """The limits between which rates lie by chance where the true rate of every unit is `rate` (Poisson counts).

    rate           injuries per unit of exposure, above 0
    most_exposure  up to which the curves go, above 0
    confidence     of both limits together, between 0 and 1
    A count k is at the upper limit at the exposure where k or more have half the remaining probability, at the lower one where k
    or fewer have it. Raises ValueError where rate, exposure or confidence are impossible.

    >>> high = control_limits(0.01, 2000, 0.95).high
    >>> round(float(np.interp(479.5, high.exposure, high.rate)), 3)  # Garwood: 10 injuries have 4.795 as lower limit
    0.021
    """
    _refuse_impossible(rate, most_exposure, confidence)
    tail, most = (1 - confidence) / 2, rate * most_exposure
    counts = np.concatenate([[0.0], np.geomspace(FEWEST, special.gammaincinv(most + 1, 1 - tail) + 1, POINTS)])
    low, high = special.gammaincinv(counts + 1, 1 - tail), special.gammaincinv(np.maximum(counts, FEWEST), tail)
    kept_low, kept_high = low <= most, (high <= most) & (counts > 0) & (high > 0)
    return ControlLimits(*(Curve(means[kept] / rate, counts[kept] * rate / means[kept])
                           for means, kept in ((low, kept_low), (high, kept_high))))


def beyond(rate: float, counts: np.ndarray, exposure: np.ndarray, confidence: float) -> np.ndarray:
    """1 for units above the limits, −1 below, 0 between them; integers of the counts' shape.

    counts    observed, integers >= 0; exposure  of the same shape, above 0; rate, confidence  as in control_limits
    Raises ValueError where rate, exposure or confidence are impossible.
    """
    _refuse_impossible(rate, exposure, confidence)
    mean, tail = rate * np.asarray(exposure, dtype=float), (1 - confidence) / 2
    is_above = (counts > 0) & (special.gammainc(np.maximum(counts, 1), mean) < tail)
    return is_above.astype(int) - (special.gammaincc(np.asarray(counts) + 1, mean) < tail).astype(int)


def _refuse_impossible(rate: float, exposure, confidence: float) -> None:
    if not (rate > 0 and np.all(np.asarray(exposure) > 0) and 0 < confidence < 1):
        raise ValueError("rate and exposure must be positive, confidence between 0 and 1")


def gathered(x: np.ndarray, y: np.ndarray, x_edges: np.ndarray, y_edges: np.ndarray) -> Cells:
    """Counts points by the cells of a grid; points beyond the edges belong to the outermost cells.

    x, y              shape (points,)
    x_edges, y_edges  rising, at least two each; raises ValueError for fewer
    """
    if len(x_edges) < 2 or len(y_edges) < 2:
        raise ValueError("a grid has at least two edges each way")
    column = np.clip(np.searchsorted(x_edges, x, side="right") - 1, 0, len(x_edges) - 2)
    row = np.clip(np.searchsorted(y_edges, y, side="right") - 1, 0, len(y_edges) - 2)
    cell, count = np.unique(column * (len(y_edges) - 1) + row, return_counts=True)
    middles_x, middles_y = (x_edges[:-1] + x_edges[1:]) / 2, (y_edges[:-1] + y_edges[1:]) / 2
    return Cells(middles_x[cell // (len(y_edges) - 1)], middles_y[cell % (len(y_edges) - 1)], count)
