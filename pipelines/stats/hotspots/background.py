"""What a disc would hold were it like its surroundings, and how far places differ from theirs without being hotspots.

Belongs here: the background on a lattice of cells half a radius wide, and its dispersion. Places are judged in judgement.py.
"""

from typing import NamedTuple

import numpy as np
from scipy import ndimage, optimize, sparse, stats

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

    grid     cells of half a radius, whole blocks in either direction; radius  in metres
    cells    flat indices of the active cells, in which accidents can happen
    disc     which active cells lie in the disc around each, shape (cells, cells); whole  the cells of a whole disc
    block    the number of the block that each active cell lies in
    sums     from cells to the sums of those blocks; along, across  from these to what lies around the blocks near active cells
    area     active cells of the disc around each active cell; room  the active part of its surroundings
    corners, parts  the four near blocks between whose middles each active cell lies and their shares, shape (cells, 4)
    own      what a cell of the disc weighs in its surroundings
    Blocks with an active cell are the first of the near blocks. Matrices are sparse: few cells of a prefecture are active.
    Counts, and what is made of them, have a column for each of several runs.
    """

    grid: Grid
    radius: float
    cells: np.ndarray
    disc: sparse.csr_array
    whole: int
    block: np.ndarray
    sums: sparse.csr_array
    along: sparse.csr_array
    across: sparse.csr_array
    area: np.ndarray
    room: np.ndarray
    corners: np.ndarray
    parts: np.ndarray
    own: float

    def counts(self, places: np.ndarray) -> np.ndarray:
        """How many of the places, shape (n, 2), lie in each active cell, shape (cells, 1)."""
        index = self.grid.index(places)
        at = np.minimum(np.searchsorted(self.cells, index), len(self.cells) - 1)
        return np.bincount(at[self.cells[at] == index], minlength=len(self.cells)).astype(np.float32)[:, None]

    def discs(self, counts: np.ndarray) -> np.ndarray:
        """The accidents in the disc around each active cell, shape (cells, runs)."""
        return self.disc @ counts

    def background(self, counts: np.ndarray, discs: np.ndarray, at: np.ndarray, size: float = 1.0) -> np.ndarray:
        """The accidents that discs would hold were they like their surroundings without themselves.

        at  flat indices into the counts; discs  the accidents in the disc of each; size  of the disc beside the lattice's own
        """
        cell, run = np.divmod(at, counts.shape[1])
        blocks = self.sums @ counts
        corners = self.corners.take(cell, axis=0) * counts.shape[1] + run[:, None]
        seen = np.einsum("ij,ij->i", self.around(blocks).ravel().take(corners), self.parts.take(cell, axis=0))
        area, mean = self.area[cell] * size, blocks.sum(axis=0)[run] / len(self.cells)
        return area * density(seen - self.own * discs, self.room[cell] - self.own * area, mean)

    def around(self, blocks: np.ndarray) -> np.ndarray:
        """The mean per cell around the middle of each near block, from the sums of those with an active cell."""
        return self.across @ (self.along @ blocks)


def density(seen: np.ndarray, room: np.ndarray, mean: np.ndarray | float) -> np.ndarray:
    """Accidents per active cell where the surroundings hold `seen` on `room`, drawn a little to the mean of the area."""
    return (np.maximum(seen, 0) + PRIOR * mean) / (np.maximum(room, 0) + PRIOR)


def lattice(places: np.ndarray, radius: float) -> Lattice:
    """The lattice over places in metres, shape (n, 2), for discs of a radius in metres.

    Active are the cells with an accident and the gaps between them into which no disc of WIDTH fits (morphological closing).
    """
    on = grid.around(places, radius / 2, 2 * WIDTH)
    rows, columns = (size + -size % BLOCK for size in on.shape)
    on = on._replace(shape=(rows, columns))
    cells = np.flatnonzero(_closed(on.counts(places) > 0, WIDTH / on.cell))
    steps = _disc(radius / on.cell)
    disc = _linked(cells, cells, on.shape, steps, np.ones(len(steps), np.float32))
    squares = (rows // BLOCK, columns // BLOCK)
    row, column = np.divmod(cells, columns)
    own, block = np.unique(row // BLOCK * squares[1] + column // BLOCK, return_inverse=True)
    sums = sparse.csr_array((np.ones(len(cells), np.float32), (block, np.arange(len(cells)))))
    corners, parts = _drawing(on.shape, cells)
    near = np.concatenate([own, np.setdiff1d(corners, own)])
    along, across = _smoothing(own, near, squares, WIDTH / (BLOCK * on.cell))
    order = np.argsort(near)
    corners = order[np.searchsorted(near, corners, sorter=order)]
    area = disc.sum(axis=1, dtype=float)
    room = ((across @ (along @ sums.sum(axis=1)))[corners] * parts).sum(axis=1)
    spread = WIDTH**2 + (BLOCK * on.cell)**2 / 4
    return Lattice(on, radius, cells, disc, len(steps), block, sums, along, across, area, room, corners, parts,
                   on.cell**2 / (2 * np.pi * spread))


def shapes(on: Lattice, counts: np.ndarray) -> tuple[float, float]:
    """The dispersion of blocks around their background, as the shape of a Gamma of mean 1: of all blocks, and without hotspots.

    counts  shape (cells, 1)
    The first is by moments, 1 / k = Σ((n − b)² − b) / Σ b². The second is the most likely one when blocks beyond CENSORED only
    say so, over BLURRED: the spread of places that are no hotspots, under which chance is simulated. Large is little spread.
    """
    area, seen = on.sums.sum(axis=1, dtype=float), (on.sums @ counts)[:, 0].astype(float)
    room, around = (on.around(blocks)[:len(area)] for blocks in (area, seen))
    usual = area * density(around - on.own * seen, room - on.own * area, counts.sum() / len(on.cells))
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


def _disc(radius: float) -> np.ndarray:
    """The steps (rows, columns) from a cell to those of the disc around it, shape (cells, 2)."""
    reach = grid.half_widths(radius)
    return np.array([(row, column) for row, width in enumerate(reach, -(len(reach) // 2)) for column in range(-width, width + 1)])


def _smoothing(
    blocks: np.ndarray, near: np.ndarray, shape: tuple[int, int], width: float
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Two matrices that one after the other make the means per cell around the near blocks of the sums of `blocks`, by a
    Gaussian of `width` blocks."""
    weights = grid.kernel(width)
    steps = np.arange(len(weights)) - len(weights) // 2
    none = np.zeros_like(steps)
    row, column = np.divmod(blocks, shape[1])
    reached = column[:, None] + steps
    between = np.unique((row[:, None] * shape[1] + reached)[(reached >= 0) & (reached < shape[1])])
    return (_linked(between, blocks, shape, np.column_stack([none, steps]), weights),
            _linked(near, between, shape, np.column_stack([steps, none]), weights / BLOCK**2))


def _linked(
    to: np.ndarray, source: np.ndarray, shape: tuple[int, int], steps: np.ndarray, weights: np.ndarray
) -> sparse.csr_array:
    """The matrix that gives each cell `to` the weighted sum of the cells `source` that lie at these steps from it."""
    number = np.full(shape[0] * shape[1], -1, np.int32)
    number[source] = np.arange(len(source))
    row, column = np.divmod(to, shape[1])
    found = np.full((len(to), len(steps)), -1, np.int32)
    for place, (down, across) in enumerate(steps):
        inside = (row + down >= 0) & (row + down < shape[0]) & (column + across >= 0) & (column + across < shape[1])
        found[inside, place] = number[to[inside] + down * shape[1] + across]
    linked = found >= 0
    ends = np.concatenate([[0], np.cumsum(linked.sum(axis=1))]).astype(np.int32)
    return sparse.csr_array((np.broadcast_to(weights, found.shape)[linked], found[linked], ends), shape=(len(to), len(source)))


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
    return np.column_stack(corners), np.column_stack(parts)


def _closed(occupied: np.ndarray, reach: float) -> np.ndarray:
    """Cells and the gaps between them that a disc of `reach` cells, free of them, cannot touch."""
    grown = np.asarray(ndimage.distance_transform_edt(~occupied)) <= reach
    return (np.asarray(ndimage.distance_transform_edt(grown)) > reach) | occupied
