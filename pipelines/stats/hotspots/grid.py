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
        return np.bincount(index[kept], values, self.shape[0] * self.shape[1]).reshape(self.shape).astype(np.float32)

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
    step = int(width // FINE)
    if step < 2:
        return ndimage.gaussian_filter(cells, width, mode="constant")
    rows, columns = cells.shape
    wide = np.pad(cells, ((0, -rows % step), (0, -columns % step)))
    coarse = wide.reshape(wide.shape[0] // step, step, wide.shape[1] // step, step).sum(axis=(1, 3)) / step**2
    # Coarse cells and drawing out widen the kernel by a twelfth and a sixth of a squared cell.
    narrowed = ndimage.gaussian_filter(coarse, np.sqrt((width / step)**2 - 0.25), mode="constant")
    drawn = np.asarray(ndimage.zoom(narrowed, step, order=1, mode="nearest", grid_mode=True))
    return np.maximum(drawn[:rows, :columns], 0)


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
    along = np.zeros((rows + 2 * half, columns + 2 * half + 1))
    np.cumsum(np.pad(cells, half), axis=1, dtype=float, out=along[:, 1:])
    total = np.zeros(cells.shape)
    for row, width in enumerate(reach):
        line = along[row:row + rows]
        total += line[:, half + width + 1:half + width + 1 + columns]
        total -= line[:, half - width:half - width + columns]
    return total
