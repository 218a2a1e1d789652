"""Places drawn from a mixture to what they hold: the formula, what is chosen, a place that alone holds much."""

import numpy as np
import pytest

from pipelines.stats.hotspots import Accidents, grid, local, sites, surface
from pipelines.stats.hotspots.grid import Grid
from pipelines.stats.hotspots.local import Held, Ratio

CHANCE = 20240101
CELLS = Grid(0.0, 0.0, 50.0, (80, 80))


def parts(risk: np.ndarray, each: int) -> list[Held]:
    """Two parts of so many accidents with that risk in each cell, beside a mixture that knows no differences."""
    chance, even = np.random.default_rng(CHANCE), np.full(risk.shape, 1 / risk.size, np.float32)
    return [Held(even, chance.poisson(4 * each * risk / risk.sum()).astype(np.float32),
                 chance.choice(risk.size, each, p=risk.ravel() / risk.sum()), np.ones(each)) for _ in range(2)]


def test_places_are_drawn_to_the_gamma_poisson_mean():
    counts, mass = np.zeros(CELLS.shape, np.float32), np.full(CELLS.shape, 1 / 6400, np.float32)
    counts[40, 40] = 30
    found = local.drawn(CELLS, mass, counts, Ratio(100.0, 8.0))
    distance = np.hypot(*(np.indices(CELLS.shape) - 40)) * 50
    seen = 30 * np.exp(-0.5 * (distance / 100)**2)
    expected = 30 / 6400 * 2 * np.pi * 2**2
    wanted = (8 + seen) / (8 + expected)
    inside = np.s_[20:60, 20:60]
    assert found.sum(dtype=float) == pytest.approx(1)
    assert (found / found[20, 20])[inside] == pytest.approx((wanted / wanted[20, 20])[inside], rel=0.02)


def test_places_that_differ_are_drawn_and_those_that_do_not_stay():
    blocks = np.random.default_rng(CHANCE).gamma(2, 0.5, (10, 10)).repeat(8, axis=0).repeat(8, axis=1)
    different, alike = local.ratio(CELLS, parts(blocks, 3000)), local.ratio(CELLS, parts(np.ones(CELLS.shape), 3000))
    assert different.shape <= 8 < 64 <= alike.shape


def test_a_mixture_that_cannot_be_improved_is_left_as_it_is():
    mass = np.random.default_rng(CHANCE).random(CELLS.shape)
    assert local.drawn(CELLS, mass, np.ones(CELLS.shape), Ratio(50.0, np.inf)) is mass


def test_no_window_is_narrower_than_the_geocoding_error():
    blocks = np.random.default_rng(CHANCE).gamma(2, 0.5, (80, 80))
    assert local.ratio(CELLS, parts(blocks, 3000), floor=80.0).width in (80, 100, 200)


@pytest.mark.parametrize(("accidents", "part", "least"), [(1000, 0.125, 0.5), (5000, 0.125, 0.75), (5000, 0.03, 0.4)])
def test_a_place_that_alone_holds_much_is_foretold_as_much(accidents, part, least):
    chance = np.random.default_rng(CHANCE)
    places = chance.uniform(0, 6000, (accidents, 2))
    held = int(accidents * part)
    places[:held] = 3000 + chance.normal(0, 30, (held, 2))
    made = surface(Accidents(places, chance.uniform(0, 3, accidents)))
    first = sites(made, 1)
    assert np.hypot(*(first.places[0] - 3000)) < 100
    assert least * part < first.mass[0] < 1.2 * part
    assert made.mass.sum(dtype=float) == pytest.approx(1, abs=1e-4) and made.grid == grid.around(places, 12.5, 1000.0)
