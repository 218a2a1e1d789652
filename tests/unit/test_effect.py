"""Effects of programmes: exact limits without uncertainty, wider ones with it, and coverage where the truth is known."""

import numpy as np
import pytest
from scipy import stats

from pipelines.stats import effect, poisson, posterior


def test_without_uncertainty_the_limits_are_garwood_s():
    found = effect.effect(10, 20.0, 0.0)
    low, high = poisson.garwood(np.array([10]))
    assert (found.ratio, found.low, found.high) == pytest.approx((0.5, low[0] / 20, high[0] / 20), rel=1e-6)


def test_uncertainty_of_what_was_expected_widens_the_interval():
    sure, unsure = effect.effect(10, 20.0, 0.0), effect.effect(10, 20.0, 0.2)
    assert unsure.low < sure.low < sure.high < unsure.high


def test_no_injury_after():
    found = effect.effect(0, 5.0, 0.1)
    assert (found.ratio, found.low) == (0.0, 0.0) and effect.chance_of_at_most(0, found.high * 5, 0.1) == pytest.approx(0.025)


def test_where_nothing_was_expected_nothing_is_said():
    assert np.isnan(effect.effect(3, 0.0, 0.1)).all()
    with pytest.raises(ValueError, match="negative"):
        effect.effect(-1, 3.0, 0.1)


def test_the_chance_of_a_count_is_that_of_its_mixture():
    rng = np.random.default_rng(4)
    counts = rng.poisson(8.0 * rng.gamma(1 / 0.3, 0.3, 200_000))
    assert effect.chance_of_at_most(6, 8.0, 0.3) == pytest.approx((counts <= 6).mean(), abs=0.004)
    assert effect.chance_of_at_most(6, 8.0, 0.0) == pytest.approx(stats.poisson.cdf(6, 8.0))


def listed_year(seed: int, change: float) -> effect.Effect:
    """A list of the 22 largest excesses in a city with known risks, and the effect that is measured a year later."""
    rng = np.random.default_rng(seed)
    truth = rng.gamma(2.0, 0.5, 4000)
    expected = rng.lognormal(0.3, 1.0, (4000, 2))
    before = rng.poisson(expected * truth[:, None])
    known = posterior.posterior(expected, before, np.full(4000, 0.5), 0.0, np.zeros(2))
    chosen = np.argsort(-expected[:, 0] * (known.mean - 1))[:22]
    after = rng.poisson((expected[:, 0] * truth * change)[chosen].sum())
    return effect.effect(int(after), *effect.together((expected[:, 0] * known.mean)[chosen], 1 / known.shape[chosen]))


def test_a_programme_without_effect_is_found_to_have_none_in_95_of_100():
    found = [listed_year(seed, 1.0) for seed in range(200)]
    covered = np.mean([one.low <= 1 <= one.high for one in found])
    assert 0.91 <= covered <= 0.99                      # 95 % of 200, within two standard errors and a half
    assert np.mean([one.ratio for one in found]) == pytest.approx(1.0, abs=0.02)


def test_a_programme_that_takes_away_three_tenths_is_recovered():
    found = [listed_year(seed, 0.7) for seed in range(200)]
    assert 0.91 <= np.mean([one.low <= 0.7 <= one.high for one in found]) <= 0.99
    assert np.mean([one.ratio for one in found]) == pytest.approx(0.7, abs=0.02)
