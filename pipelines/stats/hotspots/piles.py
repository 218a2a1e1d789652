"""Points on which a geocoder has piled up claims that did not happen there.

Belongs here: the centre of a district or street that stands for places it could not find. Piled-up claims leave the map; they
stay in every count.
"""

import numpy as np
from scipy.spatial import cKDTree

LEAST_CLAIMS = 5
NEAR, ALONE = 100.0, 0.8
"""A point is a pile when it holds so large a part of all claims within so many metres, itself among them …"""
LEAST_ROADS, DIFFERENT = 4, 0.4
"""… or when its claims name at least so many roads, and so many per claim that names one."""
EXACT = 0.1
"""Metres within which places are the same point."""


def pile_ups(x: np.ndarray, y: np.ndarray, road: np.ndarray) -> np.ndarray:
    """Whether each claim lies on a pile-up.

    x, y  metres, shape (claims,); road  integer codes of the road that the claim's text names, -1 where it names none
    Claims whose place is no number lie on none. Raises ValueError when shapes differ.

    >>> x = np.array([0.0] * 8 + [50.0, 5000.0])
    >>> pile_ups(x, np.zeros(10), np.full(10, -1)).tolist() == [True] * 8 + [False, False]
    True
    """
    if not x.shape == y.shape == road.shape:
        raise ValueError(f"shapes differ: x {x.shape}, y {y.shape}, road {road.shape}")
    piled = np.isfinite(x) & np.isfinite(y)
    if not piled.any():
        return piled
    places = np.column_stack([x, y])[piled]
    spots, spot = np.unique(np.rint(places / EXACT), axis=0, return_inverse=True)
    claims = np.bincount(spot)
    tree = cKDTree(places)
    heavy = np.flatnonzero(claims >= LEAST_CLAIMS)
    is_pile = np.zeros(len(spots), bool)
    around = tree.query_ball_point(spots[heavy] * EXACT, NEAR, return_length=True)
    is_pile[heavy] = (claims[heavy] >= ALONE * around) | _names_many_roads(spot, road[piled], len(spots))[heavy]
    piled[piled] = is_pile[spot]
    return piled


def _names_many_roads(spot: np.ndarray, road: np.ndarray, spots: int) -> np.ndarray:
    """Whether the claims on each spot name many different roads."""
    named = road >= 0
    pairs = np.unique(np.column_stack([spot[named], road[named]]), axis=0)
    roads, naming = np.bincount(pairs[:, 0], minlength=spots), np.bincount(spot[named], minlength=spots)
    return (roads >= LEAST_ROADS) & (roads >= DIFFERENT * naming)
