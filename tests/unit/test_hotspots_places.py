"""Places that are not what they say: shifted coordinates."""

import numpy as np
import pytest

from pipelines.stats.hotspots import align
from pipelines.stats.hotspots.alignment import offset

CHANCE = 20240101


def accidents(spots: np.ndarray, number: int, seed: int, scatter: float = 3.0) -> np.ndarray:
    chance = np.random.default_rng(seed)
    return spots[chance.integers(0, len(spots), number)] + chance.normal(0, scatter, (number, 2))


SPOTS = np.random.default_rng(CHANCE).uniform(0, 8000, (300, 2))


def test_years_before_a_change_of_datum_are_moved_onto_those_after():
    years = np.repeat([2013, 2014, 2015], 400)
    places = np.concatenate([accidents(SPOTS, 400, seed) for seed in (1, 2, 3)])
    moved = places.copy()
    moved[years == 2013] -= (93.8, 204.2)
    found = align(moved, years)
    assert list(found.shifts) == [2013] and found.shifts[2013] == pytest.approx((93.8, 204.2), abs=2)
    assert np.abs(found.places - places).max() < 2


def test_places_that_agree_stay_as_they_are():
    years = np.repeat([1, 2], 500)
    places = np.concatenate([accidents(SPOTS, 500, 4), accidents(SPOTS, 500, 5)])
    found = align(places, years)
    assert found.shifts == {} and (found.places == places).all()


def test_places_without_anything_in_common_are_not_moved():
    for seed in range(20):
        chance = np.random.default_rng(seed)
        assert not offset(chance.uniform(0, 6000, (400, 2)), chance.uniform(0, 6000, (400, 2))).any()


def test_two_piles_are_no_shift():
    """Half of either year on one point each, 300 m apart: one pair of distinct points, not a thousand."""
    chance = np.random.default_rng(CHANCE)
    first, second = chance.uniform(0, 6000, (200, 2)), chance.uniform(0, 6000, (200, 2))
    first[:100], second[:100] = (3000, 3000), (3300, 3000)
    assert not offset(first, second).any()


def test_another_source_is_brought_to_the_first():
    claims, police = accidents(SPOTS, 400, 6), accidents(SPOTS, 900, 7) + (120.0, -60.0)
    found = align(police, np.full(900, 2024), claims)
    assert found.shifts[2024] == pytest.approx((-120, 60), abs=2)


def test_few_places_are_never_moved():
    assert not offset(SPOTS[:20], SPOTS[:20] + 100).any()
