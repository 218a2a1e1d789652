"""Dispersion, posteriors, predictions and ranks: against closed forms, published examples and simulations with known truth."""

import numpy as np
import pytest
from scipy import stats

from pipelines.stats import dispersion, posterior, ranking

NOW = np.array([0.0])


def simulated(units: int, lasting: float, shock: float, years: int = 2, mean: float = 3.0, seed: int = 1):
    """Expected injuries, counts and true ratios of a Gamma–Poisson city."""
    rng = np.random.default_rng(seed)
    truth = rng.gamma(1 / lasting, lasting, units)
    expected = rng.lognormal(np.log(mean), 0.7, (units, years))
    yearly = rng.gamma(1 / shock, shock, (units, years)) if shock else 1.0
    return expected, rng.poisson(expected * truth[:, None] * yearly), truth


@pytest.mark.parametrize(("lasting", "shock"), [(0.5, 0.15), (0.3, 0.0), (1.0, 0.1)])
def test_dispersion_is_found(lasting, shock):
    expected, injuries, _ = simulated(60_000, lasting, shock)
    found = dispersion.estimate(expected, injuries, np.zeros(len(expected), int))
    assert found.lasting[0] == pytest.approx(lasting, rel=0.08)
    assert found.shock == pytest.approx(shock, abs=0.04)


def test_with_one_year_three_quarters_of_the_dispersion_last():
    expected, injuries, _ = simulated(60_000, 0.6, 0.0, years=1)
    found = dispersion.estimate(expected, injuries, np.zeros(len(expected), int))
    assert found.lasting[0] == pytest.approx(0.75 * found.total)


def test_groups_differ_in_spread_and_a_small_one_follows_all():
    calm, wild = simulated(40_000, 0.2, 0.0, seed=2), simulated(40_000, 1.0, 0.0, seed=3)
    expected, injuries = (np.concatenate([calm[n], wild[n]]) for n in (0, 1))
    group = np.repeat([0, 1], 40_000)
    group[:3] = 2
    found = dispersion.estimate(expected, injuries, group)
    assert found.lasting[0] < 0.3 < 0.8 < found.lasting[1]
    assert found.lasting[2] == pytest.approx(found.lasting[:2].mean(), rel=0.2)


def test_no_dispersion_is_no_less_than_the_least():
    expected, injuries = np.full((1000, 2), 2.0), np.full((1000, 2), 2)
    found = dispersion.estimate(expected, injuries, np.zeros(1000, int))
    assert found.lasting[0] == dispersion.LEAST and found.shock == 0.0


def test_the_pump_failures_of_gaver_and_o_muircheartaigh():
    # George, Makov & Smith 1993, example "pumps" of the BUGS manual: with the posterior means of its prior, 0.6951 and 0.9189,
    # the failure rates that the manual prints, to three digits.
    time = np.array([94.320, 15.720, 62.880, 125.760, 5.240, 31.440, 1.048, 1.048, 2.096, 10.480])
    failures = np.array([5, 1, 5, 14, 3, 19, 1, 1, 4, 22])
    norm = 0.6951 / 0.9189
    known = posterior.posterior((time * norm)[:, None], failures[:, None], np.full(10, 1 / 0.6951), 0.0, NOW)
    assert (known.mean * norm)[[0, 1, 3, 9]] == pytest.approx([0.0598, 0.102, 0.116, 1.99], rel=0.01)


def test_quantiles_and_exceedance_are_those_of_the_gamma_distribution():
    known = posterior.posterior(np.array([[2.0]]), np.array([[5]]), np.array([0.5]), 0.0, NOW)
    gamma = stats.gamma(known.shape, scale=1 / known.rate)
    assert known.quantile(0.1) == pytest.approx(gamma.ppf(0.1)) and known.above(1.5) == pytest.approx(gamma.sf(1.5))


def test_older_years_and_shocked_years_count_less():
    expected, injuries = np.array([[2.0, 2.0]]), np.array([[0, 6]])
    age = np.array([0.0, 1.0])
    newer = posterior.posterior(expected, injuries[:, ::-1], np.array([0.5]), 0.0, age).mean
    older = posterior.posterior(expected, injuries, np.array([0.5]), 0.0, age).mean
    shocked = posterior.posterior(expected, injuries[:, ::-1], np.array([0.5]), 5.0, age).mean
    assert newer > older > 1 and 1 < shocked < newer


def test_the_posterior_is_calibrated_by_decile():
    expected, injuries, truth = simulated(40_000, 0.5, 0.0)
    known = posterior.posterior(expected, injuries, np.full(40_000, 0.5), 0.0, np.zeros(2))
    for part in np.array_split(np.argsort(known.mean), 10):
        assert truth[part].mean() == pytest.approx(known.mean[part].mean(), rel=0.04)
    for part in np.array_split(np.argsort(known.above(1.5)), 10):
        assert (truth[part] > 1.5).mean() == pytest.approx(known.above(1.5)[part].mean(), abs=0.02)


def test_predictions_cover_what_comes():
    expected, injuries, truth = simulated(40_000, 0.5, 0.15)
    known = posterior.posterior(expected, injuries, np.full(40_000, 0.5), 0.15, np.zeros(2))
    rng = np.random.default_rng(9)
    comes = rng.poisson(expected[:, 0] * truth * rng.gamma(1 / 0.15, 0.15, 40_000))
    limits = posterior.predict(expected[:, 0], known, 0.15)
    assert 0.80 <= ((comes >= limits.low) & (comes <= limits.high)).mean() <= 0.95
    assert posterior.predict(np.zeros(1), posterior.Posterior(np.ones(1), np.ones(1)), 0.1).high.tolist() == [0]


def test_limits_of_small_counts_begin_at_nothing_and_hold_no_more_than_they_must():
    """Poisson of 0.2, 0.5 and 40: P(0) = 0.82; P(0) = 0.61, P(≤ 1) = 0.91; the normal's 1.28 standard deviations either way."""
    sure = posterior.Posterior(np.full(3, 1e9), np.full(3, 1e9))
    limits = posterior.predict(np.array([0.2, 0.5, 40.0]), sure, 0.0)
    assert limits.low.tolist() == [0, 0, 32] and limits.high.tolist() == [0, 1, 48]


def test_ranks_are_sure_where_units_lie_far_apart():
    known = posterior.Posterior(np.full(4, 1e6), np.full(4, 1e6) / np.array([3.0, 2.0, 1.5, 0.5]))
    ranks = ranking.rank(np.full(4, 10.0), known, places=2, seed=1)
    assert ranks.expected == pytest.approx([1, 2, 3, 4], abs=0.05)
    assert ranks.probability == pytest.approx([1, 1, 0, 0], abs=0.01)
    assert (ranks.low.tolist(), ranks.high.tolist()) == ([1, 2, 3, 4], [1, 2, 3, 4])


def test_equal_units_share_the_places_and_the_ranks():
    known = posterior.Posterior(np.full(100, 2.0), np.full(100, 2.0))
    ranks = ranking.rank(np.full(100, 5.0), known, places=20, seed=1)
    assert ranks.expected == pytest.approx(50.5, abs=2.0)
    assert ranks.probability == pytest.approx(0.2, abs=0.02)


def test_rank_intervals_cover_true_ranks_and_probabilities_are_kept():
    expected, injuries, truth = simulated(3000, 0.5, 0.0, mean=5.0)
    known = posterior.posterior(expected, injuries, np.full(3000, 0.5), 0.0, np.zeros(2))
    ahead = expected[:, 0]
    ranks = ranking.rank(ahead, known, places=50, seed=7)
    true_rank = np.argsort(np.argsort(-ahead * (truth - 1))) + 1
    shown = np.isfinite(ranks.low)
    assert shown.sum() == ranking.SHOWN
    covered = (true_rank >= ranks.low) & (true_rank <= ranks.high)
    assert covered[shown][np.argsort(-ranks.probability[shown])][:200].mean() == pytest.approx(0.8, abs=0.08)
    sure = ranks.probability > 0.5
    assert (true_rank[sure] <= 50).mean() == pytest.approx(ranks.probability[sure].mean(), abs=0.12)


def test_units_that_cannot_reach_the_top_change_nothing():
    known = posterior.Posterior(np.array([40.0, 30.0, 20.0]), np.array([10.0, 10.0, 10.0]))
    alone = ranking.rank(np.array([20.0, 20.0, 20.0]), known, places=2, seed=1)
    crowd = posterior.Posterior(np.append(known.shape, np.full(5000, 2.0)), np.append(known.rate, np.full(5000, 2.0)))
    among = ranking.rank(np.append(np.full(3, 20.0), np.full(5000, 0.001)), crowd, places=2, seed=1, first=3)
    assert among.expected[:3] == pytest.approx(alone.expected, abs=0.1)
    assert among.probability[:3] == pytest.approx(alone.probability, abs=0.02)
