"""What a disc would hold were it like its surroundings, and how far places differ from theirs without being hotspots.

Belongs here: the background on a lattice of cells half a radius wide, and its dispersion. Places are judged in judgement.py.
"""

from typing import NamedTuple

import numpy as np
from scipy import ndimage, optimize, stats

from pipelines.stats.hotspots import grid
from pipelines.stats.hotspots.grid import Grid

WIDTH = 500.0
"""Metres: the standard deviation of the kernel that gives the surroundings, and how far gaps in the active area are closed."""
BLOCK = 4
"""Cells along a block, whose area is about a disc's. Surroundings are smoothed over blocks and drawn out between them."""
PRIOR = 0.05
"""What the mean density of the whole area weighs beside the surroundings, which weigh at most 1."""
CENSORED = 1.5
"""A block beyond so many times its background, and one more, says only that it is beyond: hotspots do not hide themselves."""
LEAST_SHAPE, MOST_SHAPE = 0.1, 1000.0
BLURRED = 4.0
"""How much milder the spread of places seems that do not keep to blocks: of squares as large, laid anywhere, four times."""


class Lattice(NamedTuple):
    """Cells in which accidents are counted, and what discs of one radius see of them.

    grid    cells of half a radius, whole blocks in either direction
    radius  in metres; reach  the disc in cells, as grid.half_widths gives it
    active  whether accidents can happen in a cell; cells  flat indices of the active ones
    area    active cells of the disc around each active cell; room  the active part of its surroundings
    corners, parts  the four blocks between whose middles each active cell lies and their shares, shape (4, active cells)
    own     what a cell of the disc weighs in its surroundings
    """

    grid: Grid
    radius: float
    reach: np.ndarray
    active: np.ndarray
    cells: np.ndarray
    area: np.ndarray
    room: np.ndarray
    corners: np.ndarray
    parts: np.ndarray
    own: float

    def discs(self, counts: np.ndarray) -> np.ndarray:
        """The accidents in the disc around each active cell; counts of grid.shape."""
        return grid.disc_sums(counts, self.reach).ravel()[self.cells]

    def background(self, counts: np.ndarray, discs: np.ndarray, at: np.ndarray, size: float = 1.0) -> np.ndarray:
        """The accidents that discs would hold were they like their surroundings without themselves.

        discs  the accidents in each; at  the numbers of their active cells; size  of the disc beside the lattice's own
        """
        around = _drawn(_smoothed_blocks(counts, self.grid.cell), self.corners[:, at], self.parts[:, at])
        area = self.area[at] * size
        return area * density(around - self.own * discs, self.room[at] - self.own * area, counts.sum() / len(self.cells))


def density(seen: np.ndarray, room: np.ndarray, mean: float) -> np.ndarray:
    """Accidents per active cell where the surroundings hold `seen` on `room`, drawn a little to the mean of the area."""
    return (np.maximum(seen, 0) + PRIOR * mean) / (np.maximum(room, 0) + PRIOR)


def lattice(places: np.ndarray, radius: float) -> Lattice:
    """The lattice over places in metres, shape (n, 2), for discs of a radius in metres.

    Active are the cells with an accident and the gaps between them into which no disc of WIDTH fits (morphological closing).
    """
    cells = grid.around(places, radius / 2, 2 * WIDTH)
    rows, columns = (size + -size % BLOCK for size in cells.shape)
    cells = cells._replace(shape=(rows, columns))
    reach = grid.half_widths(radius / cells.cell)
    active = _closed(cells.counts(places) > 0, WIDTH / cells.cell)
    index = np.flatnonzero(active)
    corners, parts = _drawing(cells.shape, index)
    spread = WIDTH**2 + (BLOCK * cells.cell)**2 / 4
    return Lattice(cells, radius, reach, active, index, grid.disc_sums(active.astype(float), reach).ravel()[index],
                   _drawn(_smoothed_blocks(active, cells.cell), corners, parts), corners, parts,
                   cells.cell**2 / (2 * np.pi * spread))


def shapes(on: Lattice, counts: np.ndarray) -> tuple[float, float]:
    """The dispersion of blocks around their background, as the shape of a Gamma of mean 1: of all blocks, and without hotspots.

    The first is by moments, 1 / k = Σ((n − b)² − b) / Σ b². The second is the most likely one when blocks beyond CENSORED only
    say so, over BLURRED: the spread of places that are no hotspots, under which chance is simulated. Large is little spread.
    """
    seen, area = _blocks(counts), _blocks(on.active)
    room, around = (_smoothed_blocks(cells, on.grid.cell) for cells in (on.active, counts))
    used = area > 0
    seen, area = seen[used], area[used]
    usual = area * density(around[used] - on.own * seen, room[used] - on.own * area, counts.sum() / len(on.cells))
    excess = ((seen - usual)**2 - usual).sum() / (usual**2).sum()
    return float(np.clip(1 / max(excess, 1e-9), LEAST_SHAPE, MOST_SHAPE)), _censored_shape(seen, usual) / BLURRED


def _censored_shape(seen: np.ndarray, usual: np.ndarray) -> float:
    """The most likely shape of negative binomial counts with these means; counts beyond the limit only say so."""
    limit = np.ceil(CENSORED * usual + 1)
    below = seen < limit

    def unlikely(log_shape: float) -> float:
        shape = np.exp(log_shape)
        chance = shape / (shape + usual)
        known = stats.nbinom.logpmf(seen[below], shape, chance[below]).sum()
        return -(known + stats.nbinom.logsf(limit[~below] - 1, shape, chance[~below]).sum())

    bounds = (np.log(LEAST_SHAPE), np.log(MOST_SHAPE))
    return float(np.exp(optimize.minimize_scalar(unlikely, bounds=bounds, method="bounded", options={"xatol": 1e-3}).x))


def _blocks(cells: np.ndarray) -> np.ndarray:
    """The sums over blocks."""
    lines = np.add.reduce(cells.reshape(-1, BLOCK, cells.shape[1]), axis=1, dtype=float)
    return np.add.reduce([lines[:, column::BLOCK] for column in range(BLOCK)])


def _smoothed_blocks(cells: np.ndarray, cell: float) -> np.ndarray:
    """The mean per cell around the middle of each block."""
    return ndimage.gaussian_filter(_blocks(cells), WIDTH / (BLOCK * cell), mode="constant") / BLOCK**2


def _drawing(shape: tuple[int, int], index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The four blocks around each of these cells and their shares when values at the middles of blocks are drawn out linearly."""
    lines = [(at + 0.5) / BLOCK - 0.5 for at in np.divmod(index, shape[1])]
    sizes = [size // BLOCK for size in shape]
    corners, parts = [], []
    for steps in ((0, 0), (0, 1), (1, 0), (1, 1)):
        row, column = (np.clip(np.floor(line).astype(int) + step, 0, size - 1)
                       for line, step, size in zip(lines, steps, sizes, strict=True))
        shares = [line % 1 if step else 1 - line % 1 for line, step in zip(lines, steps, strict=True)]
        corners.append(row * sizes[1] + column)
        parts.append(shares[0] * shares[1])
    return np.array(corners), np.array(parts)


def _drawn(blocks: np.ndarray, corners: np.ndarray, parts: np.ndarray) -> np.ndarray:
    return (blocks.ravel()[corners] * parts).sum(axis=0)


def _closed(occupied: np.ndarray, reach: float) -> np.ndarray:
    """Cells and the gaps between them that a disc of `reach` cells, free of them, cannot touch."""
    grown = np.asarray(ndimage.distance_transform_edt(~occupied)) <= reach
    return (np.asarray(ndimage.distance_transform_edt(grown)) > reach) | occupied
