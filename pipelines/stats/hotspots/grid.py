"""Square cells over an area, and what is done to counts on them.

Belongs here: rasters in metres. What they mean is up to the modules beside it.
"""

from typing import NamedTuple

import numpy as np
from scipy import ndimage

MOST_CELLS = 12_000_000
"""Areas that would need more get coarser cells."""
FINE = 4
"""A kernel of twice as many cells or more is applied to coarser cells, of which it has so many at least, and drawn out again."""
TILE, MOST_TILES = 128, 0.4
"""Cells along a tile, and the share of tiles up to which a kernel is applied to those near anything one by one."""
BAND = 32
"""Rows that are summed at once: so few stay in the processor's cache."""


class Grid(NamedTuple):
    """Cells of `cell` metres; `west` and `south` are the edges of the first one, `shape` is (rows, columns), rows going north."""

    west: float
    south: float
    cell: float
    shape: tuple[int, int]

    def index(self, places: np.ndarray) -> np.ndarray:
        """The flat index of each place's cell, places of shape (n, 2); -1 outside."""
        column, row = np.floor((places - (self.west, self.south)) / self.cell).astype(np.int64).T
        inside = (row >= 0) & (row < self.shape[0]) & (column >= 0) & (column < self.shape[1])
        return np.where(inside, row * self.shape[1] + column, -1)

    def counts(self, places: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
        """How many places (or how much weight) each cell holds; places outside are left out."""
        index = self.index(places)
        kept = index >= 0
        values = None if weights is None else weights[kept]
        found = np.zeros(self.shape[0] * self.shape[1], np.float32)  # of which few are touched
        np.add.at(found, index[kept], np.float32(1) if values is None else values.astype(np.float32))
        return found.reshape(self.shape)

    def centre(self, index: np.ndarray) -> np.ndarray:
        """The middle of each cell, shape (n, 2)."""
        row, column = np.divmod(index, self.shape[1])
        return np.column_stack([self.west + (column + 0.5) * self.cell, self.south + (row + 0.5) * self.cell])


def around(places: np.ndarray, cell: float, margin: float) -> Grid:
    """The grid over all places and a margin. Cells grow where more than MOST_CELLS would be needed."""
    low, high = places.min(axis=0) - margin, places.max(axis=0) + margin
    cell = max(cell, float(np.sqrt(np.prod(high - low) / MOST_CELLS)))
    columns, rows = (int(number) for number in np.ceil((high - low) / cell))
    return Grid(float(low[0]), float(low[1]), cell, (rows, columns))


def smoothed(cells: np.ndarray, width: float) -> np.ndarray:
    """Cells under a Gaussian kernel of `width` cells, nothing beyond the edge; mass is kept but for what leaves the grid."""
    weights = kernel(width)
    if np.count_nonzero(cells) * weights.size**2 <= cells.size:
        return _stamped(cells, weights)
    coarse, step = _coarsely(cells, width)
    if step == 1:
        return coarse
    for axis, size in enumerate(cells.shape):
        coarse = _drawn_out(coarse, step, size, axis)
    return coarse


def smoothed_at(cells: np.ndarray, width: float, index: np.ndarray) -> np.ndarray:
    """The same at these cells only, flat indices."""
    row, column = np.divmod(index, cells.shape[1])
    if np.count_nonzero(cells) * len(index) <= cells.size:
        return _summed(cells, kernel(width), row, column)
    coarse, step = _coarsely(cells, width)
    if step == 1:
        return coarse[row, column]
    middles = [(row + 0.5) / step - 0.5, (column + 0.5) / step - 0.5]
    return np.maximum(ndimage.map_coordinates(coarse, middles, order=1, mode="nearest"), 0)


def _occupied(cells: np.ndarray) -> np.ndarray:
    """Rows and columns of the cells that hold anything, shape (n, 2); a search among booleans is the quicker one."""
    return np.column_stack(np.divmod(np.flatnonzero((cells != 0).ravel()), cells.shape[1]))


def kernel(width: float) -> np.ndarray:
    """The weights along a line, cut off at four widths, their sum 1: what scipy's gaussian_filter takes."""
    reach = int(4 * width + 0.5)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width)**2)
    return weights / weights.sum()


def _stamped(cells: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Every occupied cell's kernel added up: quicker where few cells are occupied."""
    reach, stamp = weights.size // 2, np.outer(weights, weights).astype(cells.dtype)
    found = np.zeros([size + 2 * reach for size in cells.shape], cells.dtype)
    for row, column in _occupied(cells).tolist():
        found[row:row + weights.size, column:column + weights.size] += cells[row, column] * stamp
    return found[reach:reach + cells.shape[0], reach:reach + cells.shape[1]]


def _summed(cells: np.ndarray, weights: np.ndarray, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """The same at the cells (row, column) only."""
    reach, found = weights.size // 2, np.zeros(len(row))
    half = np.append(weights[reach:], 0.0)
    for one in _occupied(cells):
        down, across = (np.minimum(np.abs(at - of), reach + 1) for at, of in zip((row, column), one, strict=True))
        found += cells[tuple(one)] * half[down] * half[across]
    return found


def _drawn_out(squares: np.ndarray, step: int, size: int, axis: int) -> np.ndarray:
    """Values at the middles of squares, linear between them along an axis: `step` cells a square, `size` cells in all."""
    at = np.clip((np.arange(size) + 0.5) / step - 0.5, 0, squares.shape[axis] - 1)
    below = np.minimum(at.astype(int), max(squares.shape[axis] - 2, 0))
    share = (at - below).astype(squares.dtype)[:, None] if axis == 0 else (at - below).astype(squares.dtype)
    low, high = (squares.take(np.minimum(below + more, squares.shape[axis] - 1), axis) for more in (0, 1))
    high -= low
    high *= share
    low += high
    return low


def _coarsely(cells: np.ndarray, width: float) -> tuple[np.ndarray, int]:
    """The smoothed values of squares of step × step cells, and that step."""
    step = max(int(width // FINE), 1)
    if step == 1:
        return _filtered(cells, width), 1
    wide = np.pad(cells, ((0, -cells.shape[0] % step), (0, -cells.shape[1] % step)))
    coarse = wide.reshape(wide.shape[0] // step, step, wide.shape[1] // step, step).sum(axis=(1, 3)) / step**2
    # Squares, and drawing out between them, widen the kernel by a twelfth and a sixth of a squared square.
    return _filtered(coarse, float(np.sqrt((width / step)**2 - 0.25))), step


def _filtered(cells: np.ndarray, width: float) -> np.ndarray:
    """scipy's gaussian_filter, tile by tile where most of the area lies far from anything, as in a prefecture."""
    starts = [np.arange(0, size, TILE) for size in cells.shape]
    held = np.logical_or.reduceat(np.logical_or.reduceat(cells != 0, starts[0], axis=0), starts[1], axis=1)
    near, reach = ndimage.binary_dilation(held, np.ones((3, 3))), kernel(width).size // 2
    if reach > TILE or near.mean() > MOST_TILES:
        return ndimage.gaussian_filter(cells, width, mode="constant")
    found = np.zeros_like(cells)
    for tile in np.argwhere(near) * TILE:
        first = np.maximum(tile - reach, 0)
        around = cells[tuple(slice(start, at + TILE + reach) for start, at in zip(first, tile, strict=True))]
        inside = tuple(slice(skip, skip + TILE) for skip in tile - first)
        made = ndimage.gaussian_filter(around, width, mode="constant")[inside]
        found[tile[0]:tile[0] + TILE, tile[1]:tile[1] + TILE] = made
    return found


def half_widths(radius: float) -> np.ndarray:
    """Of a disc of `radius` cells, how many cells each row reaches to either side of the middle.

    >>> half_widths(2.0).tolist()
    [0, 1, 2, 1, 0]
    """
    rows = np.arange(-int(radius), int(radius) + 1)
    return np.floor(np.sqrt(radius**2 - rows**2) + 1e-9).astype(int)


def disc_sums(cells: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """The sum over the disc around each cell, `reach` from half_widths; nothing beyond the edge."""
    half = len(reach) // 2
    rows, columns = cells.shape
    kind = cells.dtype if np.issubdtype(cells.dtype, np.integer) else float
    along = np.zeros((rows + 2 * half, columns + 2 * half + 1), kind)
    np.cumsum(cells, axis=1, dtype=kind, out=along[half:half + rows, half + 1:half + 1 + columns])
    along[:, half + 1 + columns:] = along[:, half + columns, None]
    total = np.zeros(cells.shape, kind)
    for first in range(0, rows, BAND):
        band = total[first:first + BAND]
        for row, width in enumerate(reach, first):
            line = along[row:row + len(band)]
            band += line[:, half + width + 1:half + width + 1 + columns]
            band -= line[:, half - width:half - width + columns]
    return total
