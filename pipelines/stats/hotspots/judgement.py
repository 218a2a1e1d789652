"""How sure it is that a site has more accidents than its surroundings would give.

Belongs here: judgement of discs that were chosen by looking. Sources: Gamma–Poisson ratio (Clayton & Kaldor 1987, Biometrics 43,
671–681); probability of the highest disc by Monte Carlo (Dwass 1957, Annals of Mathematical Statistics 28, 181–187), so that
choosing is paid for.
"""

from typing import NamedTuple

import numpy as np
from scipy import stats
from scipy.spatial import KDTree

from pipelines.stats.hotspots import background, scan
from pipelines.stats.hotspots.cover import Sites

SIMULATIONS, SEED = 999, 20240101
RATIO = 1.5
"""The ratio to the background that makes a place a hotspot."""
TIER_A, TIER_B = 0.05, 0.80
"""A: as high a rise anywhere is at most so probable by chance. B: the ratio is above RATIO with at least this probability."""
LEAST = 30
"""Accidents below which no place is told from chance."""


class Evidence(NamedTuple):
    """Arrays over sites.

    accidents   in the disc, of the whole history; overlapping discs share them
    background  what the disc would hold were it like its surroundings
    ratio       accidents over background, drawn to 1 by how far places differ, with 90 % limits `low` and `high`
    probability  that the ratio is above RATIO
    by_chance   probability that anywhere in an area without hotspots a disc rises as high
    tier        'A', 'B' or 'C'
    shape       of the ratios of all places; shape_without  the same without hotspots, numbers
    """

    accidents: np.ndarray
    background: np.ndarray
    ratio: np.ndarray
    low: np.ndarray
    high: np.ndarray
    probability: np.ndarray
    by_chance: np.ndarray
    tier: np.ndarray
    shape: float
    shape_without: float


def evidence(places: np.ndarray, sites: Sites, simulations: int = SIMULATIONS, seed: int = SEED) -> Evidence:
    """What speaks for each site.

    places  of the claims' accidents in metres, shape (n, 2), each accident once and of equal weight
    Raises ValueError below LEAST accidents.
    """
    if len(places) < LEAST:
        raise ValueError(f"needs at least {LEAST} located accidents to tell a place from chance, got {len(places)}")
    on = background.lattice(places, sites.radius)
    counts = on.counts(places)
    shape, shape_without = background.shapes(on, counts)
    middles = KDTree(on.grid.centre(on.cells))
    accidents, usual = _discs(places, sites, on, middles, counts)
    posterior = stats.gamma(shape + accidents, scale=1 / (shape + usual))
    risen = _highest_near(sites, on, middles, scan.rises(on, counts, shape_without))
    # Once so many simulations rise as high as the highest site, no site can be of tier A any more.
    enough = int(TIER_A * (1 + simulations)) + 1
    highest = scan.highest(on, counts, shape_without, simulations, seed, risen.max(initial=0.0), enough)
    by_chance = (1 + (highest[None] >= risen[:, None]).sum(axis=1)) / (1 + len(highest))
    probability = posterior.sf(RATIO)
    tier = np.where(by_chance <= TIER_A, "A", np.where(probability >= TIER_B, "B", "C"))
    low, high = posterior.interval(0.9)
    return Evidence(accidents, usual, posterior.mean(), low, high, probability, by_chance, tier, shape, shape_without)


def site_of(places: np.ndarray, sites: Sites) -> np.ndarray:
    """The first site whose disc holds each place, -1 where none does; places of shape (n, 2)."""
    found = np.full(len(places), -1)
    for number in range(len(sites.places))[::-1]:
        found[_in_disc(places, sites, number)] = number
    return found


def _in_disc(places: np.ndarray, sites: Sites, number: int) -> np.ndarray:
    return ((places - sites.places[number])**2).sum(axis=1) <= sites.radius**2


def _discs(
    places: np.ndarray, sites: Sites, on: background.Lattice, middles: KDTree, counts: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The accidents in each disc and their background, of the lattice's cell that is nearest and active."""
    accidents = np.array([_in_disc(places, sites, number).sum() for number in range(len(sites.places))], int)
    nearest = np.asarray(middles.query(sites.places)[1])
    size = np.pi * sites.radius**2 / (on.grid.cell**2 * on.whole)
    return accidents, on.background(counts, accidents, nearest, size)


def _highest_near(sites: Sites, on: background.Lattice, middles: KDTree, risen: np.ndarray) -> np.ndarray:
    """The greatest rise among the lattice's discs whose middles are within a cell of each site; 0 without any."""
    return np.array([risen[near].max(initial=0.0) for near in middles.query_ball_point(sites.places, on.grid.cell)])
