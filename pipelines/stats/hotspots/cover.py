"""The discs that hold most of a surface.

Belongs here: maximum cover, greedily, whose mass is at least 1 − 1/e of the best (Nemhauser, Wolsey & Fisher 1978, Mathematical
Programming 14, 265–294), then by moving one disc at a time to where it holds most beside the others (interchange: Teitz & Bart
1968, Operations Research 16, 955–961). How sure a disc is, is judgement.py.
"""

from typing import NamedTuple

import numpy as np

from pipelines.stats.hotspots import grid
from pipelines.stats.hotspots.density import Surface

LEAST_MASS = 1e-9
"""A disc that holds no more is none."""
LEAST_GAIN = 1e-6
"""A disc that holds no more than this elsewhere, in parts of what it holds, stays."""
PASSES = 5
"""How often every disc may move."""


class Sites(NamedTuple):
    """Discs, the one that holds most first.

    places  their middles in metres, shape (sites, 2); radius  in metres
    mass    the probability of each disc, without what an earlier one holds
    """

    places: np.ndarray
    radius: float
    mass: np.ndarray


def sites(surface: Surface, number: int = 20, radius: float = 150.0) -> Sites:
    """The discs of a radius that together hold most of the surface, each place counted once.

    number  how many at most; fewer where nothing is left
    Ties go to the south, then to the west. Raises ValueError for no site or a radius below the width of a cell.
    """
    if number < 1 or not radius >= surface.grid.cell:
        raise ValueError(f"needs a number of sites and a radius of at least {surface.grid.cell:g} m, got {number} and {radius}")
    cover = _Cover(surface.mass, grid.half_widths(radius / surface.grid.cell))
    chosen: list[int] = []
    while len(chosen) < number and cover.held.flat[best := cover.best()] > LEAST_MASS:
        chosen.append(cover.put(best))
    for _ in range(PASSES):
        if not _moved(cover, chosen):
            break
    places, mass = _in_order(cover, chosen)
    return Sites(surface.grid.centre(np.array(places, int)), radius, np.array(mass))


def _moved(cover: "_Cover", chosen: list[int]) -> bool:
    """Moves each disc, in place, to where it holds most beside the others; whether any did."""
    before = list(chosen)
    for number, place in enumerate(before):
        cover.lift(place)
        best = cover.best()
        is_more = cover.held.flat[best] > cover.held.flat[place] * (1 + LEAST_GAIN)
        chosen[number] = cover.put(best if is_more else place)
    return chosen != before


def _in_order(cover: "_Cover", chosen: list[int]) -> tuple[list[int], list[float]]:
    """The discs again, each time the one that holds most beside those before it, and what it holds."""
    for place in chosen:
        cover.lift(place)
    left, places, mass = list(chosen), [], []
    while left:
        held = cover.held.flat[left]
        mass.append(float(held.max()))
        places.append(cover.put(left.pop(int(held.argmax()))))
    return places, mass


class _Cover:
    """What no disc holds as yet: around each cell (`held`, the shape of `mass`) while discs are put and lifted.

    Of `mass` and of the `times` that a cell is held there are four radii more at every edge.
    """

    def __init__(self, mass: np.ndarray, reach: np.ndarray) -> None:
        self.reach, self.half = reach, len(reach) // 2
        self.mass = np.pad(mass, 4 * self.half)
        self.times = np.zeros(self.mass.shape, np.int16)
        self.held = grid.disc_sums(mass, reach).astype(np.float32)
        self.most = self.held.max(axis=1)

    def best(self) -> int:
        """The flat index of the cell around which most is left."""
        row = int(self.most.argmax())
        return row * self.held.shape[1] + int(self.held[row].argmax())

    def put(self, place: int) -> int:
        self._change(place, 1)
        return place

    def lift(self, place: int) -> None:
        self._change(place, -1)

    def _change(self, place: int, by: int) -> None:
        """Counts the disc of a cell once more or less, and sums those that overlap it anew."""
        half, (row, column) = self.half, divmod(place, self.held.shape[1])
        for line, width in zip(range(row + 3 * half, row + 5 * half + 1), self.reach, strict=True):
            self.times[line, column + 4 * half - width:column + 4 * half + width + 1] += by
        near = slice(row, row + 8 * half + 1), slice(column, column + 8 * half + 1)
        anew = grid.disc_sums(np.where(self.times[near] > 0, 0, self.mass[near]), self.reach)
        rows, columns = (np.arange(max(at - 2 * half, 0), min(at + 2 * half + 1, size))
                         for at, size in zip((row, column), self.held.shape, strict=True))
        self.held[np.ix_(rows, columns)] = anew[np.ix_(rows - row + 4 * half, columns - column + 4 * half)]
        self.most[rows] = self.held[rows].max(axis=1)
