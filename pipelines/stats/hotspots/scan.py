"""How high the highest disc of an area rises by chance alone.

Belongs here: the scan and its simulations. Source: the spatial scan statistic (Kulldorff 1997, Communications in Statistics 26,
1481–1496) for one size of disc, with a negative binomial in place of the Poisson count (over-dispersion in scans: Zhang, Zhang
& Lin 2012, Statistics in Medicine 31, 762–774) and the surroundings estimated anew in every simulation.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from pipelines.stats.hotspots.background import Lattice

LEAST_ACCIDENTS = 5
LEAST_RATIO = 1.5
"""Discs with fewer accidents, or less beyond their background, are no candidates, in the data or in a simulation."""
BATCH, ROUND = 50, 2
"""Simulations of one seed, and how many such before it is asked whether more are needed."""
CELLS = 1_500_000
"""Counts held at once in a thread."""
THREADS = 2


def rises(on: Lattice, counts: np.ndarray, shape: float) -> np.ndarray:
    """How improbable the disc around each active cell is beside its surroundings, shape (cells,); 0 where it is no candidate.

    counts  accidents per active cell, shape (cells, 1); shape  of the Gamma between places (background.shapes)
    """
    found = np.zeros(len(counts))
    at, risen = _candidates(on, counts, shape)
    found[at] = risen
    return found


def _candidates(on: Lattice, counts: np.ndarray, shape: float) -> tuple[np.ndarray, np.ndarray]:
    """Where the candidates lie among the counts, flat, and how high each rises.

    Half the deviance of a negative binomial count n with mean b: n log(n / b) − (n + k) log((n + k) / (b + k)).
    """
    discs = on.discs(counts).ravel()
    at = np.flatnonzero(discs >= LEAST_ACCIDENTS)
    seen = discs[at].astype(float)
    usual = on.background(counts, seen, at)
    is_above = seen > LEAST_RATIO * usual
    at, usual, seen = at[is_above], usual[is_above], seen[is_above]
    return at, seen * np.log(seen / usual) - (seen + shape) * np.log((seen + shape) / (usual + shape))


def highest(on: Lattice, counts: np.ndarray, shape: float, simulations: int, seed: int, seen: float, enough: int) -> np.ndarray:
    """The greatest rise of each simulation of as many accidents without hotspots.

    The places have the density of the surroundings, times a Gamma of that shape for each block. Shape (simulations,), or less: no
    more are made once `enough` of them rise as high as `seen` (sequential Monte Carlo: Besag & Clifford 1991, Biometrika 78,
    301–304). The same seed gives the same numbers with any number of threads.
    """
    discs = on.discs(counts)[:, 0]
    density = on.background(counts, discs, np.arange(len(discs))) / on.area
    starts, accidents = range(0, simulations, BATCH), int(counts.sum())
    seeds = np.random.SeedSequence(seed).spawn(len(starts))

    def batch(start: int, source: np.random.SeedSequence) -> list[float]:
        runs, chance = min(BATCH, simulations - start), np.random.default_rng(source)
        at_once = max(1, min(runs, CELLS // len(density)))
        parts = (_drawn(on, density, accidents, shape, min(at_once, runs - run), chance) for run in range(0, runs, at_once))
        return [risen for part in parts for risen in _highest_of_each(on, part, shape).tolist()]

    found: list[float] = []
    with ThreadPoolExecutor(THREADS) as pool:
        for first in range(0, len(starts), ROUND):
            parts = pool.map(batch, starts[first:first + ROUND], seeds[first:first + ROUND])
            found += [risen for part in parts for risen in part]
            if sum(risen >= seen for risen in found) >= enough:
                break
    return np.array(found)


def _highest_of_each(on: Lattice, counts: np.ndarray, shape: float) -> np.ndarray:
    """The greatest rise of each run, 0 without a candidate."""
    at, risen = _candidates(on, counts, shape)
    found = np.zeros(counts.shape[1])
    np.maximum.at(found, at % len(found), risen)
    return found


def _drawn(on: Lattice, density: np.ndarray, accidents: int, shape: float, runs: int, chance: np.random.Generator) -> np.ndarray:
    """Simulated accidents per active cell, shape (cells, runs)."""
    places = []
    for run in range(runs):
        edges = np.cumsum(density * chance.gamma(shape, 1 / shape, int(on.block.max()) + 1)[on.block])
        ordered = np.cumsum(chance.standard_exponential(accidents + 1))
        places.append(np.searchsorted(edges, ordered[:-1] * (edges[-1] / ordered[-1]), side="right") * runs + run)
    counts = np.zeros(len(density) * runs, np.float32)
    np.add.at(counts, np.concatenate(places), np.float32(1))
    return counts.reshape(-1, runs)
