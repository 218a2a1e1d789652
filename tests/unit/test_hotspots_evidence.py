"""Evidence, forecasts and years of sites: against formulas worked by hand, and in cities whose truth is known."""

import numpy as np
import pytest
from scipy import ndimage, stats

from pipelines.stats.hotspots import Accidents, Evidence, Sites, background, evidence, forecast, grid, scan, since, site_of
from pipelines.stats.hotspots import sites as cover
from pipelines.stats.hotspots import surface as density

CHANCE = 20240101
SIDE = 9000.0


def even(accidents: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).uniform(0, SIDE, (accidents, 2))


def over_dispersed(accidents: int, shape: float, seed: int) -> np.ndarray:
    """Squares of 300 m differ by a Gamma of that shape."""
    chance = np.random.default_rng(seed)
    rate = chance.gamma(shape, size=900)
    square = chance.choice(900, accidents, p=rate / rate.sum())
    return (np.column_stack(np.divmod(square, 30)) + chance.random((accidents, 2))) * 300


def with_spot(accidents: int, more: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """An even city with a spot where so many accidents are added, and that spot."""
    spot = np.array([4000.0, 5200.0])
    return np.concatenate([even(accidents, seed), spot + np.random.default_rng(seed).normal(0, 40, (more, 2))]), spot


def judged(places: np.ndarray, simulations: int = 99) -> tuple[Sites, Evidence]:
    found = cover(density(Accidents(places, np.linspace(0, 3, len(places)))))
    return found, evidence(places, found, simulations)


def lattice(places: np.ndarray) -> tuple[background.Lattice, np.ndarray]:
    on = background.lattice(places, 150.0)
    return on, on.counts(places)


def test_the_background_of_an_even_city_is_even_up_to_its_edge():
    on, counts = lattice(even(40_000, 1))
    discs = on.discs(counts)[:, 0]
    usual = on.background(counts, discs, np.arange(len(discs)))
    wanted = 40_000 / SIDE**2 * on.grid.cell**2 * on.area
    assert len(on.cells) * on.grid.cell**2 == pytest.approx(SIDE**2, rel=0.05)
    assert np.quantile(usual / wanted, [0.01, 0.99]) == pytest.approx([1, 1], abs=0.2)


def test_a_lattice_sees_what_discs_and_a_filter_of_the_whole_raster_give():
    far = np.random.default_rng(11).normal(0, 400, (300, 2)) + (40_000, -25_000)
    on, counts = lattice(np.concatenate([even(2000, 12), far]))
    assert on.grid.shape[0] % background.BLOCK == 0 and len(on.cells) < 0.2 * np.prod(on.grid.shape)
    raster = np.zeros(on.grid.shape)
    raster.ravel()[on.cells] = counts[:, 0]
    assert raster.sum() == 2300
    assert on.discs(counts)[:, 0].tolist() == grid.disc_sums(raster, grid.half_widths(2.0)).ravel()[on.cells].tolist()
    size, own = background.BLOCK, on.disc.sum(axis=1)
    blocks = raster.reshape(raster.shape[0] // size, size, raster.shape[1] // size, size).sum(axis=(1, 3)) / size**2
    smooth = ndimage.gaussian_filter(blocks, background.WIDTH / (size * on.grid.cell), mode="constant")
    middles = [(at + 0.5) / size - 0.5 for at in np.divmod(on.cells, on.grid.shape[1])]
    around = ndimage.map_coordinates(smooth, middles, order=1, mode="nearest")
    discs = on.discs(counts)[:, 0]
    wanted = own * background.density(around - on.own * discs, on.room - on.own * own, 2300 / len(on.cells))
    twice = np.column_stack([0 * counts, counts])
    assert on.background(twice, discs, 2 * np.arange(len(discs)) + 1) == pytest.approx(wanted, rel=1e-5)


def test_a_place_s_own_accidents_are_not_its_background():
    places, spot = with_spot(8000, 200, 2)
    usual = [judged_at(places[:number], spot).background[0] for number in (8000, 8200)]
    assert usual[0] == pytest.approx(8000 / SIDE**2 * np.pi * 150**2, rel=0.25)
    assert usual[1] == pytest.approx(usual[0], rel=0.15)


def judged_at(places: np.ndarray, spot: np.ndarray) -> Evidence:
    return evidence(places, Sites(spot[None], 150.0, np.array([0.01])), 9)


@pytest.mark.parametrize("shape", [1.5, 4.0])
def test_the_spread_of_places_is_found(shape):
    found = [background.shapes(*lattice(over_dispersed(20_000, shape, seed)))[1] for seed in range(4)]
    assert np.mean(found) == pytest.approx(shape, rel=0.15)
    assert background.shapes(*lattice(even(20_000, 3)))[1] > 15


def test_a_hotspot_does_not_hide_itself_by_the_spread_it_makes():
    places = even(3000, 4)
    spots = np.random.default_rng(5).uniform(1000, 8000, (10, 2))
    chance = np.random.default_rng(6)
    hot = np.concatenate([places, *(spot + chance.normal(0, 30, (25, 2)) for spot in spots)])
    of_all, without = background.shapes(*lattice(hot))
    assert of_all < 4 and background.BLURRED * without > 5 * of_all


def test_the_ratio_is_gamma_poisson():
    places, spot = with_spot(3000, 40, 7)
    found = judged_at(places, spot)
    n, b, k = found.accidents[0], found.background[0], found.shape
    assert n == (np.hypot(*(places - spot).T) <= 150).sum()
    assert found.ratio[0] == pytest.approx((k + n) / (k + b))
    # The same from the rate itself: Gamma(k + n, rate k / b + 1) over b.
    rate = stats.gamma(k + n, scale=1 / (k / b + 1))
    assert found.probability[0] == pytest.approx(rate.sf(1.5 * b))
    assert (found.low[0], found.high[0]) == pytest.approx((rate.ppf(0.05) / b, rate.ppf(0.95) / b))


def test_the_rise_of_a_disc_is_half_the_deviance_of_its_count():
    places, spot = with_spot(3000, 30, 8)
    on, counts = lattice(places)
    risen, discs = scan.rises(on, counts, 3.0), on.discs(counts)[:, 0]
    best = int(risen.argmax())
    n = discs[best]
    b = on.background(counts, discs[[best]], np.array([best]))[0]
    saturated, expected = (stats.nbinom.logpmf(n, 3.0, 3.0 / (3.0 + mean)) for mean in (n, b))
    assert risen[best] == pytest.approx(saturated - expected)
    assert np.hypot(*(on.grid.centre(on.cells[[best]])[0] - spot)) < 150


def test_a_strong_hotspot_is_of_tier_a_wherever_the_rows_stand():
    places, spot = with_spot(1500, 30, 9)
    found, said = judged(places)
    nearest = np.hypot(*(found.places - spot).T).argmin()
    assert nearest == 0 and said.tier[0] == "A" and said.ratio[0] > 3
    assert (said.tier[1:] == "C").all()
    again = evidence(places[::-1], found, 99)
    assert (again.tier == said.tier).all() and (again.by_chance == said.by_chance).all()


def test_cities_without_hotspots_hardly_ever_have_a_site_of_tier_a():
    """Of 24 cities at most 3 (P = 0.03 if one in twenty had one); a Poisson tail of the chosen discs calls nearly all of them."""
    cities = [even(1500, 100 + seed) for seed in range(12)] + [over_dispersed(1500, 3.0, 200 + seed) for seed in range(12)]
    judgements = [judged(places)[1] for places in cities]
    assert sum("A" in said.tier for said in judgements) <= 3
    naive = sum((stats.poisson.sf(said.accidents - 1, said.background) < 0.05).any() for said in judgements)
    assert naive > 20


def test_simulations_are_the_same_with_any_number_of_threads(monkeypatch):
    on, counts = lattice(even(1000, 10))
    first = scan.highest(on, counts, 5.0, 60, CHANCE, np.inf, 4)
    monkeypatch.setattr(scan, "THREADS", 1)
    assert (scan.highest(on, counts, 5.0, 60, CHANCE, np.inf, 4) == first).all() and len(first) == 60


def test_no_more_is_simulated_once_it_is_clear_that_no_site_stands_out():
    on, counts = lattice(even(1000, 10))
    whole = scan.highest(on, counts, 5.0, 400, CHANCE, np.inf, 21)
    usual = float(np.median(whole))
    short = scan.highest(on, counts, 5.0, 400, CHANCE, usual, 21)
    assert len(whole) == 400 and len(short) == 100 and (short == whole[:100]).all()
    # So many rise as high that P is above 0.05 however the others turn out.
    assert (1 + (whole >= usual).sum()) / 401 > 0.05 and (short >= usual).sum() >= 21


def test_evidence_needs_accidents():
    with pytest.raises(ValueError, match="at least 30"):
        judged_at(even(29, 1), np.zeros(2))


def test_a_place_in_two_discs_belongs_to_the_first():
    two = Sites(np.array([[0.0, 0.0], [200.0, 0.0]]), 150.0, np.array([0.2, 0.1]))
    assert site_of(np.array([[100.0, 0.0], [190.0, 0.0], [0.0, 151.0]]), two).tolist() == [0, 1, -1]


def some_evidence(accidents: list[int], shape: float) -> Evidence:
    empty = np.zeros(len(accidents))
    return Evidence(np.array(accidents), empty, empty, empty, empty, empty, empty, np.full(len(accidents), "C"), shape, shape)


def test_a_forecast_is_mass_times_the_weighted_yearly_number():
    at = Sites(np.zeros((2, 2)), 150.0, np.array([0.02, 0.01]))
    found = forecast(at, some_evidence([60, 0], 5.0), np.array([[30, 20, 10], [0, 0, 0]]), np.array([400, 500, 600]))
    weights = 0.5 ** np.array([0.5, 0.25, 0])
    yearly = (weights * [400, 500, 600]).sum() / weights.sum()
    assert found.expected == pytest.approx([0.02 * yearly, 0.01 * yearly])
    assert found.change[0] == pytest.approx(0.02 * yearly / 20 - 1) and np.isnan(found.change[1])


def test_the_limits_of_a_forecast_leave_a_twentieth_beyond_either_and_no_narrower_ones_would():
    """Ratios, shock and count drawn as the formula says."""
    chance = np.random.default_rng(CHANCE)
    at = Sites(np.zeros((3, 2)), 150.0, np.array([0.005, 0.02, 0.08]))
    said = some_evidence([4, 20, 100], 4.0)
    found = forecast(at, said, np.ones((3, 2), int), np.array([500, 500]))
    spread = 1 / (4.0 + said.accidents) + 0.01
    counts = chance.poisson(found.expected * chance.gamma(1 / spread, spread, (50_000, 3)))
    assert ((counts < found.low).mean(axis=0) < 0.053).all() and ((counts > found.high).mean(axis=0) < 0.053).all()
    assert ((counts <= found.low).mean(axis=0) > 0.047).all() and ((counts >= found.high).mean(axis=0) > 0.047).all()


def test_a_forecast_needs_years():
    at = Sites(np.zeros((1, 2)), 150.0, np.array([0.1]))
    with pytest.raises(ValueError, match="shape"):
        forecast(at, some_evidence([1], 1.0), np.ones((1, 3), int), np.array([1, 2]))


@pytest.mark.parametrize(("counts", "first"), [
    ([1, 0, 1, 6, 5, 7], 3), ([5, 6, 5, 7, 6, 5], 0), ([1, 1, 0, 1, 1, 1], -1), ([0, 0, 0, 0, 0, 9], 5), ([6, 7, 1, 6, 7, 6], 0),
    ([6, 7, 6, 1, 0, 1], 0), ([6, 0, 0, 0, 0, 0], -1)])
def test_a_site_is_one_since_the_year_from_which_its_counts_speak_for_it(counts, first):
    assert since(np.array([counts]), np.full((1, 6), 1.5), np.array([3.0])).tolist() == [first]


def test_a_site_no_higher_than_its_background_has_no_year():
    assert since(np.array([[5, 5]]), np.full((1, 2), 5.0), np.array([0.8])).tolist() == [-1]
    with pytest.raises(ValueError, match="shapes"):
        since(np.ones((1, 2)), np.ones((1, 3)), np.ones(1))
