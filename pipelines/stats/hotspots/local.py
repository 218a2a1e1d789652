"""Whether places hold more or less than a mixture says, and the mixture drawn there by as much as that is to be believed.

A mixture draws every place in by the same share, so that it puts a place that alone holds a large part of all accidents far too
low. Here the accidents around each point, under a Gaussian window, are set beside those that the mixture expects there: their
ratio is Gamma–Poisson with mean 1 (Clayton & Kaldor 1987, Biometrics 43, 671–681). Width of the window and shape of the ratios
are those under which accidents held out are most likely.
"""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from pipelines.stats.hotspots import grid
from pipelines.stats.hotspots.grid import Grid

WIDTHS = (50.0, 100.0, 200.0)
"""Of the windows, standard deviations in metres."""
SHAPES = (2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
"""Of the ratios: accidents that the mixture's word is worth in a window."""
CELL = 50.0
"""Metres: cells on which width and shape are chosen."""
LEAST = 1e-30
"""Probability that a cell is taken to have at least."""


class Ratio(NamedTuple):
    """How places differ from a mixture: width of the window in metres, shape of their ratios (inf = they do not)."""

    width: float
    shape: float


class Held(NamedTuple):
    """A part of the accidents and what the others say of it.

    mass    of each cell by the mixture of the others; counts  the others' weight in each cell, both of the grid's shape
    index   flat indices of the cells of the part's accidents; weights  of these accidents, shape (n,)
    """

    mass: np.ndarray
    counts: np.ndarray
    index: np.ndarray
    weights: np.ndarray


def ratio(cells: Grid, parts: Iterable[Held], floor: float = 0.0) -> Ratio:
    """The width and shape under which the accidents of all parts are most likely; a mixture that cannot be improved stays.

    floor  no window narrower than this, in metres
    """
    widths = np.unique(np.maximum(WIDTHS, floor)).tolist()
    choices = [Ratio(widths[0], np.inf), *(Ratio(width, shape) for width in widths for shape in SHAPES)]
    likely = np.zeros(len(choices))
    for part in parts:
        mass, active = part.mass.ravel(), np.flatnonzero(part.mass)
        likely[0] += _log_likelihood(part, mass[part.index], 1.0)
        for at, width in enumerate(widths):
            around = _around(cells, part.mass, part.counts, width)
            everywhere, there = ((mass[index], *(values.ravel()[index] for values in around)) for index in (active, part.index))
            for number, shape in enumerate(SHAPES, 1 + at * len(SHAPES)):
                likely[number] += _log_likelihood(part, _drawn(there, shape), float(_drawn(everywhere, shape).sum()))
    return choices[int(likely.argmax())]


def drawn(cells: Grid, mass: np.ndarray, counts: np.ndarray, by: Ratio) -> np.ndarray:
    """The mass of each cell once places are drawn to what they hold, summing to 1; counts are the weight in each cell."""
    if not np.isfinite(by.shape):
        return mass
    active = np.flatnonzero(mass)
    around = [values.ravel()[active] for values in _around(cells, mass, counts, by.width)]
    there = _drawn((mass.ravel()[active], *around), by.shape)
    made = np.zeros(mass.size, mass.dtype)
    made[active] = there / there.sum(dtype=float)
    return made.reshape(mass.shape)


def _around(cells: Grid, mass: np.ndarray, counts: np.ndarray, width: float) -> tuple[np.ndarray, np.ndarray]:
    """Accidents around each cell under a window whose middle weighs 1, and those expected there."""
    steps = width / cells.cell
    with ThreadPoolExecutor(2) as pool:
        seen, expected = pool.map(grid.smoothed, (counts, mass), (steps, steps))
    middle = 2 * np.pi * steps**2
    seen *= np.float32(middle)
    expected *= np.float32(middle * counts.sum(dtype=float))
    return seen, expected


def _drawn(of: tuple[np.ndarray, ...], shape: float) -> np.ndarray:
    """Mass × (shape + seen) / (shape + expected) of cells of which these three are given."""
    mass, seen, expected = of
    return mass * ((np.float32(shape) + seen) / (np.float32(shape) + expected))


def _log_likelihood(part: Held, mass: np.ndarray, total: float) -> float:
    return float(part.weights @ np.log(np.maximum(mass / total, LEAST)))
