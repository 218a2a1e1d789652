"""Made-up accidents for hotspots.py: cities without hotspots of several kinds, and cities with planted ones.

Belongs here: places in metres, nothing else. Every kind is unkind to a test in its own way: an uneven density with steep
centres, an edge where no accident can happen, places that differ without being hotspots, accidents on streets only.
"""

from typing import NamedTuple

import numpy as np

SIDE = 15_000.0
BLOCK = 300.0
KINDS = ("even", "uneven", "coast", "over-dispersed", "squares", "streets")
STRENGTHS = (2, 3, 5, 8)
SCATTER, APART = 40.0, 900.0


class Planted(NamedTuple):
    """places  of all accidents; spots  middles of the hotspots; strength  their ratio to the usual there.

    usual   accidents in a disc of 150 m before planting
    """

    places: np.ndarray
    spots: np.ndarray
    strength: np.ndarray
    usual: np.ndarray


def city(kind: str, accidents: int, chance: np.random.Generator) -> np.ndarray:
    """Places of accidents in a city without hotspots, shape (accidents, 2)."""
    if kind == "even":
        return chance.uniform(0, SIDE, (accidents, 2))
    if kind == "coast":
        places = _uneven(6 * accidents, chance)
        is_land = places[:, 0] + 0.3 * places[:, 1] > 0.35 * SIDE
        is_lake = ((places - 0.6 * SIDE)**2).sum(axis=1) < 1500**2
        return places[is_land & ~is_lake][:accidents]
    if kind in ("over-dispersed", "squares"):
        wanted = 12 * accidents
        places = _uneven(wanted, chance) if kind == "over-dispersed" else chance.uniform(0, SIDE, (wanted, 2))
        shape = chance.uniform(1.5, 6)
        row, column = ((places + chance.uniform(0, BLOCK, 2)) / BLOCK).astype(int).T
        weight = chance.gamma(shape, size=(int(SIDE / BLOCK) + 2,) * 2)[row, column]
        return places[chance.choice(len(places), accidents, replace=False, p=weight / weight.sum())]
    places = _uneven(accidents, chance)
    return _on_streets(places, chance) if kind == "streets" else places


def planted(accidents: int, chance: np.random.Generator) -> Planted:
    """An uneven city with two hotspots of each strength in its denser half, far from one another."""
    places = _uneven(accidents, chance)
    spots: list[np.ndarray] = []
    for spot in places[chance.permutation(accidents)]:
        crowd = (((places - spot)**2).sum(axis=1) < 500**2).sum()
        if len(spots) < 2 * len(STRENGTHS) and crowd * SIDE**2 > accidents * np.pi * 500**2 and _is_far(spot, spots):
            spots.append(spot)
    strength = np.tile(STRENGTHS, 2)[:len(spots)]
    usual = np.array([(((places - spot)**2).sum(axis=1) < 500**2).sum() * (150 / 500)**2 for spot in spots])
    more = [spot + chance.normal(0, SCATTER, (chance.poisson((ratio - 1) * number), 2))
            for spot, ratio, number in zip(spots, strength, usual, strict=True)]
    return Planted(chance.permutation(np.concatenate([places, *more])), np.array(spots), strength, usual)


def _is_far(spot: np.ndarray, spots: list[np.ndarray]) -> bool:
    return all(((spot - other)**2).sum() > APART**2 for other in spots)


def _uneven(accidents: int, chance: np.random.Generator) -> np.ndarray:
    """Several centres of different widths above an even spread."""
    centres = int(chance.integers(3, 8))
    middle, width = chance.uniform(0.15, 0.85, (centres, 2)) * SIDE, chance.uniform(800, 4000, centres)
    share, found = chance.dirichlet(np.ones(centres)), np.empty((0, 2))
    while len(found) < accidents:
        which = chance.choice(centres, accidents, p=share)
        places = middle[which] + chance.normal(size=(accidents, 2)) * width[which, None]
        places = np.where(chance.random((accidents, 1)) < 0.2, chance.uniform(0, SIDE, (accidents, 2)), places)
        found = np.concatenate([found, places[((places > 0) & (places < SIDE)).all(axis=1)]])
    return found[:accidents]


def _on_streets(places: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    """Each place moved to the nearest of fifty streets that run north or east."""
    streets, moved = np.sort(chance.uniform(0, SIDE, 50)), places.copy()
    along = chance.integers(0, 2, len(places))
    for axis in (0, 1):
        rows = along == axis
        nearest = np.abs(streets[None] - places[rows, axis][:, None]).argmin(axis=1)
        moved[rows, axis] = streets[nearest] + chance.normal(0, 8, int(rows.sum()))
    return moved
