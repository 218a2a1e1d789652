"""The discs that hold most of a surface.

Belongs here: greedy maximum cover, whose mass is at least 1 − 1/e of the best (Nemhauser, Wolsey & Fisher 1978, Mathematical
Programming 14, 265–294). How sure a disc is, is judgement.py.
"""

from typing import NamedTuple

import numpy as np

from pipelines.stats.hotspots import grid
from pipelines.stats.hotspots.density import Surface

LEAST_MASS = 1e-9
"""A disc that holds no more is none."""


class Sites(NamedTuple):
    """Discs in the order in which they were chosen.

    places  their middles in metres, shape (sites, 2); radius  in metres
    mass    the probability of each disc, without what an earlier one holds
    """

    places: np.ndarray
    radius: float
    mass: np.ndarray


def sites(surface: Surface, number: int = 20, radius: float = 150.0) -> Sites:
    """The discs of a radius that hold most of the surface, one after another, each place counted once.

    number  how many at most; fewer where nothing is left
    Ties go to the south, then to the west. Raises ValueError for no site or a radius below the width of a cell.
    """
    if number < 1 or not radius >= surface.grid.cell:
        raise ValueError(f"needs a number of sites and a radius of at least {surface.grid.cell:g} m, got {number} and {radius}")
    reach = grid.half_widths(radius / surface.grid.cell)
    left = np.pad(surface.mass, 4 * (len(reach) // 2))
    held = grid.disc_sums(surface.mass, reach).astype(np.float32)
    chosen, mass = [], []
    while len(chosen) < number:
        best = int(held.argmax())
        row, column = divmod(best, held.shape[1])
        if held[row, column] <= LEAST_MASS:
            break
        chosen.append(best)
        mass.append(float(held[row, column]))
        _take(left, held, reach, row, column)
    return Sites(surface.grid.centre(np.array(chosen, int)), radius, np.array(mass))


def _take(left: np.ndarray, held: np.ndarray, reach: np.ndarray, row: int, column: int) -> None:
    """Empties the disc of a cell and sums those that overlap it anew, in place; `left` is wider than `held` by four radii."""
    half = len(reach) // 2
    for line, width in zip(range(row + 3 * half, row + 5 * half + 1), reach, strict=True):
        left[line, column + 4 * half - width:column + 4 * half + width + 1] = 0
    anew = grid.disc_sums(left[row:row + 8 * half + 1, column:column + 8 * half + 1], reach)
    rows, columns = (np.arange(max(at - 2 * half, 0), min(at + 2 * half + 1, size))
                     for at, size in zip((row, column), held.shape, strict=True))
    held[np.ix_(rows, columns)] = anew[np.ix_(rows - row + 4 * half, columns - column + 4 * half)]
