"""The surface and its cover: kernels against their formula, weights against a known mixture, discs against all discs."""

import numpy as np
import pytest
from scipy import ndimage, stats

from pipelines.stats.hotspots import Accidents, Surface, cover, density, grid, local, sites, surface
from pipelines.stats.hotspots.grid import Grid
from pipelines.stats.hotspots.local import Ratio

CHANCE = 20240101


def spread(accidents: int, side: float = 4000.0) -> np.ndarray:
    return np.random.default_rng(CHANCE).uniform(0, side, (accidents, 2))


def evenly(places: np.ndarray) -> Accidents:
    return Accidents(places, np.linspace(0, 3, len(places), endpoint=False))


def recurring(spots: int = 60, times: int = 10, scatter: float = 5.0) -> np.ndarray:
    """Accidents that come back to the same spots over the years."""
    chance = np.random.default_rng(CHANCE)
    return np.tile(chance.uniform(0, 6000, (spots, 2)), (times, 1)) + chance.normal(0, scatter, (spots * times, 2))


def flat(mass: np.ndarray, cell: float = 50.0) -> Surface:
    return Surface(Grid(0.0, 0.0, cell, mass.shape), mass.astype(np.float32), np.array([50.0]), np.ones((1, 1)), 0.0, 0.0,
                   Ratio(50.0, np.inf))


@pytest.mark.parametrize("width", [1.0, 3.0, 8.0, 30.0])
def test_a_kernel_is_the_normal_density_whether_drawn_out_or_not(width, monkeypatch):
    monkeypatch.setattr(np, "count_nonzero", np.size)  # as if every cell were occupied
    cells = np.zeros((301, 301), np.float32)
    cells[150, 150] = 1
    found = grid.smoothed(cells, width)
    distance = np.arange(301) - 150
    wanted = np.outer(stats.norm.pdf(distance, scale=width), stats.norm.pdf(distance, scale=width))
    assert found.sum() == pytest.approx(1, abs=0.01)
    assert np.abs(found - wanted).max() < 0.12 * wanted.max()


@pytest.mark.parametrize("width", [2.0, 6.5])
def test_few_occupied_cells_are_summed_to_what_the_filter_gives(width):
    cells = np.zeros((60, 90), np.float32)
    cells[[0, 3, 30, 59], [0, 80, 41, 89]] = [1, 2, 0.5, 3]
    filtered = ndimage.gaussian_filter(cells, width, mode="constant")
    index = np.arange(0, cells.size, 97)
    row, column = np.divmod(index, 90)
    found = grid._summed(cells, grid.kernel(width), row, column)
    assert grid._stamped(cells, grid.kernel(width)) == pytest.approx(filtered, abs=1e-6)
    assert found == pytest.approx(filtered.ravel()[index], abs=1e-6)


def test_a_disc_sum_is_the_sum_over_cells_within_the_radius():
    cells = np.random.default_rng(CHANCE).poisson(1.0, (23, 31)).astype(np.float32)
    found = grid.disc_sums(cells, grid.half_widths(4.3))
    row, column = np.indices(cells.shape)
    for middle in ((0, 0), (11, 15), (22, 3)):
        inside = (row - middle[0])**2 + (column - middle[1])**2 <= 4.3**2
        assert found[middle] == pytest.approx(cells[inside].sum())


def test_weights_of_a_known_mixture_are_found():
    chance = np.random.default_rng(CHANCE)
    from_first = chance.random(20_000) < 0.3
    value = np.where(from_first, chance.normal(0, 1, 20_000), chance.normal(3, 1, 20_000))
    densities = np.column_stack([stats.norm.pdf(value, 0), stats.norm.pdf(value, 3), np.zeros(20_000)])
    weights, _ = density.mixture(densities, np.ones(20_000))
    assert weights == pytest.approx([0.3, 0.7, 0.0], abs=0.01)


def test_what_recurs_at_the_same_spots_gives_weight_to_the_narrowest_kernel_and_chance_to_none():
    assert surface(evenly(recurring())).weights[0, 0] > 0.7
    smooth = np.random.default_rng(CHANCE).normal(0, 2000, (1800, 2))  # no edge, which narrow kernels would follow
    by_chance = surface(evenly(smooth))
    assert by_chance.weights[0, :3].sum() < 0.1 and by_chance.even + by_chance.weights[0, 3:].sum() > 0.9


def test_what_struck_once_is_no_recurrence():
    """The same spots, each within one fifth of the history: no other fifth knows of them."""
    chance = np.random.default_rng(CHANCE)
    once = np.repeat(chance.uniform(0, 6000, (60, 2)), 10, axis=0) + chance.normal(0, 5, (600, 2))
    assert surface(evenly(once)).weights[0, 0] < 0.1


def test_weights_follow_the_newest_year_where_it_has_enough():
    """What recurred until a year ago and does no more gives the narrow kernels no weight."""
    old, new = recurring(), spread(300)
    ago = np.concatenate([np.linspace(1, 3, len(old)), np.linspace(0, 0.99, len(new))])
    both = Accidents(np.concatenate([old, new]), ago)
    assert surface(both).weights[0, 0] < 0.1
    few = slice(0, len(old) + density.LEAST - 1)
    assert surface(Accidents(both.places[few], ago[few])).weights[0, 0] > 0.7


def test_the_surface_is_a_probability_and_does_not_depend_on_the_order_of_rows():
    claims, others = evenly(recurring()), evenly(spread(300))
    order = np.random.default_rng(CHANCE).permutation(len(claims.places))
    first, second = (surface(of, [others]) for of in (claims, Accidents(claims.places[order], claims.years_ago[order])))
    assert first.mass.min() >= 0 and first.mass.sum(dtype=float) == pytest.approx(1, abs=1e-4)
    assert first.weights.sum() + first.even == pytest.approx(1)
    assert np.allclose(first.mass, second.mass, atol=1e-9)


def test_other_accidents_at_the_same_spots_help_and_those_elsewhere_do_not():
    places = recurring(times=4)
    claims, alike = evenly(places), evenly(recurring(times=8))
    alone, helped = surface(claims), surface(claims, [alike])
    assert helped.weights[1].sum() > 0.3 and helped.log_held_out > alone.log_held_out
    assert surface(claims, [evenly(spread(400, 6000.0))]).weights[1].sum() < 0.3


def test_the_geocoding_error_is_a_floor_of_the_kernels():
    assert surface(evenly(recurring()), floor=80.0).kernels.tolist() == [80, 100, 200, 500]


def test_an_accident_weighs_half_after_four_years(monkeypatch):
    monkeypatch.setattr(local, "SHAPES", ())  # the mixture as it is
    recent, old = np.array([[1000.0, 1000.0]]), np.array([[3000.0, 3000.0]])
    places = np.concatenate([np.tile(recent, (100, 1)), np.tile(old, (100, 1))])
    found = surface(Accidents(places, np.tile(np.repeat([0.0, density.HALF_LIFE], 100), 1)), floor=500.0)
    at = found.mass.ravel()[found.grid.index(np.concatenate([recent, old]))]
    assert at[0] / at[1] == pytest.approx(2, rel=0.05)


@pytest.mark.parametrize(("places", "ago", "said"), [
    (spread(9), np.zeros(9), "at least 10"), (spread(20), np.zeros(19), "shape"), (spread(20), -np.ones(20), "negative"),
    (np.full((20, 2), np.nan), np.zeros(20), "finite")])
def test_a_surface_says_what_it_cannot_use(places, ago, said):
    with pytest.raises(ValueError, match=said):
        surface(Accidents(places, ago))


def test_no_disc_holds_more_than_the_first_and_none_counts_twice():
    mass = np.random.default_rng(CHANCE).gamma(0.1, size=(60, 50))
    mass /= mass.sum()
    found = sites(flat(mass), 12, 200.0)
    reach = grid.half_widths(4.0)
    assert found.mass[0] == pytest.approx(grid.disc_sums(mass, reach).max(), rel=1e-5)
    assert (np.diff(found.mass) <= 1e-9).all()
    row, column = np.indices(mass.shape)
    held = np.zeros(mass.shape, bool)
    for place in found.places:
        held |= (row + 0.5 - place[1] / 50)**2 + (column + 0.5 - place[0] / 50)**2 <= 16 + 1e-9
    assert found.mass.sum() == pytest.approx(mass[held].sum(), rel=1e-5)


def without(mass: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The mass outside discs of three cells."""
    left, (row, column) = mass.copy(), np.indices(mass.shape)
    for x, y in places:
        left[(row + 0.5 - y / 50)**2 + (column + 0.5 - x / 50)**2 <= 9 + 1e-9] = 0
    return left


def test_a_disc_holds_what_no_earlier_one_does():
    mass = np.random.default_rng(CHANCE + 1).gamma(0.2, size=(40, 40))
    found = sites(flat(mass), 8, 150.0)
    left = [without(mass, found.places[:number]).sum() for number in range(9)]
    assert found.mass == pytest.approx(-np.diff(left), rel=1e-4)


def crowded(seed: int) -> np.ndarray:
    """Mass in which twenty discs get in each other's way."""
    return ndimage.gaussian_filter(np.random.default_rng(seed).gamma(0.2, size=(40, 40)), 2.0)


@pytest.mark.parametrize("seed", range(5))
def test_no_disc_alone_could_hold_more_elsewhere(seed):
    mass = crowded(seed)
    found, reach = sites(flat(mass), 20, 150.0), grid.half_widths(3.0)
    whole = mass.sum() - without(mass, found.places).sum()
    for number in range(20):
        others = np.delete(found.places, number, axis=0)
        best = mass.sum() - without(mass, others).sum() + grid.disc_sums(without(mass, others), reach).max()
        assert best == pytest.approx(whole, rel=1e-4)


def test_discs_that_move_hold_more_than_those_chosen_one_by_one(monkeypatch):
    masses = [crowded(seed) for seed in range(5)]
    moved = [sites(flat(mass), 20, 150.0).mass.sum() for mass in masses]
    monkeypatch.setattr(cover, "PASSES", 0)
    greedy = [sites(flat(mass), 20, 150.0).mass.sum() for mass in masses]
    assert (np.array(moved) >= np.array(greedy) * (1 - 1e-6)).all() and sum(moved) > 1.005 * sum(greedy)


def test_there_are_no_sites_where_nothing_is_left():
    mass = np.zeros((30, 30))
    mass[10, 10] = 1
    assert len(sites(flat(mass), 5, 150.0).places) == 1
    with pytest.raises(ValueError, match="radius"):
        sites(flat(mass), 5, 20.0)


@pytest.mark.parametrize("shape", [(700, 900), (1200, 130)])
def test_tiles_near_anything_give_what_the_whole_filter_gives(shape):
    cells = np.zeros(shape, np.float32)
    cells[3:40, 100:128] = 1
    cells[shape[0] - 1, shape[1] - 1] = 5
    assert np.allclose(grid._filtered(cells, 6.0), ndimage.gaussian_filter(cells, 6.0, mode="constant"), atol=1e-7)
