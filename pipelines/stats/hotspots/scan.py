"""How high the highest disc of an area rises by chance alone.

Belongs here: the scan and its simulations. Source: the spatial scan statistic (Kulldorff 1997, Communications in Statistics 26,
1481–1496) for one size of disc, with a negative binomial in place of the Poisson count (over-dispersion in scans: Zhang, Zhang
& Lin 2012, Statistics in Medicine 31, 762–774) and the surroundings estimated anew in every simulation.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from pipelines.stats.hotspots import background
from pipelines.stats.hotspots.background import Lattice

LEAST_ACCIDENTS = 5
LEAST_RATIO = 1.5
"""Discs with fewer accidents, or less beyond their background, are no candidates, in the data or in a simulation."""
BATCH, ROUND = 50, 2
"""Simulations made in one go, and how many such before it is asked whether more are needed."""
THREADS = 2


def rises(on: Lattice, counts: np.ndarray, shape: float) -> np.ndarray:
    """How improbable the disc around each active cell is beside its surroundings; 0 where it is no candidate.

    counts  accidents per cell, of the lattice's shape; shape  of the Gamma between places (background.shapes)
    Half the deviance of a negative binomial count n with mean b: n log(n / b) − (n + k) log((n + k) / (b + k)).
    """
    discs = on.discs(counts)
    able = np.flatnonzero(discs >= LEAST_ACCIDENTS)
    usual = on.background(counts, discs[able], able)
    is_above = discs[able] > LEAST_RATIO * usual
    able, usual = able[is_above], usual[is_above]
    seen, risen = discs[able], np.zeros(len(discs))
    risen[able] = seen * np.log(seen / usual) - (seen + shape) * np.log((seen + shape) / (usual + shape))
    return risen


def highest(on: Lattice, counts: np.ndarray, shape: float, simulations: int, seed: int, seen: float, enough: int) -> np.ndarray:
    """The greatest rise of each simulation of as many accidents without hotspots.

    The places have the density of the surroundings, times a Gamma of that shape for each block. Shape (simulations,), or less: no
    more are made once `enough` of them rise as high as `seen` (sequential Monte Carlo: Besag & Clifford 1991, Biometrika 78,
    301–304). The same seed gives the same numbers with any number of threads.
    """
    discs = on.discs(counts)
    density = on.background(counts, discs, np.arange(len(discs))) / on.area
    block = _block_of(on)
    starts = range(0, simulations, BATCH)
    seeds = np.random.SeedSequence(seed).spawn(len(starts))

    def batch(start: int, source: np.random.SeedSequence) -> list[float]:
        chance = np.random.default_rng(source)
        return [_one(on, density, block, int(counts.sum()), shape, chance) for _ in range(start, min(start + BATCH, simulations))]

    found: list[float] = []
    with ThreadPoolExecutor(THREADS) as pool:
        for first in range(0, len(starts), ROUND):
            parts = pool.map(batch, starts[first:first + ROUND], seeds[first:first + ROUND])
            found += [risen for part in parts for risen in part]
            if sum(risen >= seen for risen in found) >= enough:
                break
    return np.array(found)


def _block_of(on: Lattice) -> np.ndarray:
    """The number of the block that each active cell lies in."""
    row, column = np.divmod(on.cells, on.grid.shape[1])
    return np.unique(row // background.BLOCK * on.grid.shape[1] + column // background.BLOCK, return_inverse=True)[1]


def _one(on: Lattice, density: np.ndarray, block: np.ndarray, accidents: int, shape: float, chance: np.random.Generator) -> float:
    """The greatest rise of one simulated area."""
    edges = np.cumsum(density * chance.gamma(shape, 1 / shape, int(block.max()) + 1)[block])
    ordered = np.cumsum(chance.standard_exponential(accidents + 1))
    drawn = on.cells[np.searchsorted(edges, ordered[:-1] * (edges[-1] / ordered[-1]), side="right")]
    counts = np.bincount(drawn, minlength=on.active.size).reshape(on.active.shape).astype(np.int32)
    return float(rises(on, counts, shape).max())
