"""Lower tails of injuries and of claimed notices: against numerical integration, scipy, and units that are known to be silent."""

import numpy as np
import pytest
from scipy import integrate, stats

from pipelines.stats import enrichment, silence


def mixed(reported: int, expected: float, variance: float) -> float:
    """P(N <= reported) of a Poisson whose ratio to the norm is Gamma with mean 1: integrated, not by the negative binomial."""
    ratio = stats.gamma(1 / variance, scale=variance)
    return integrate.quad(lambda x: stats.poisson.cdf(reported, expected * x) * ratio.pdf(x), 0, np.inf, limit=200)[0]


@pytest.mark.parametrize(("reported", "expected", "variance"), [(0, 20.0, 0.9), (3, 12.5, 0.3), (40, 38.0, 0.5), (1, 5.0, 0.05)])
def test_injuries_are_a_poisson_of_gamma_ratios(reported, expected, variance):
    found = silence.fewer_injuries(np.array([reported]), np.array([[expected]]), np.array([variance]), 0.0)
    assert found[0] == pytest.approx(mixed(reported, expected, variance), rel=1e-6)


def test_a_yearly_shock_counts_the_less_the_more_years_there_are():
    expected = np.array([[30.0, 0.0, 0.0], [10.0, 10.0, 10.0]])
    one, three = silence.fewer_injuries(np.array([8, 8]), expected, np.full(2, 0.2), 0.3)
    # One year: 0.2 + 0.3 × 1.2; three alike: a third of the shock.
    assert one == pytest.approx(mixed(8, 30.0, 0.56), rel=1e-6)
    assert three == pytest.approx(mixed(8, 30.0, 0.32), rel=1e-6)


def test_without_spread_the_count_is_poisson_and_without_expectation_nothing_is_said():
    found = silence.fewer_injuries(np.array([2, 0]), np.array([[7.0], [0.0]]), np.zeros(2), 0.0)
    assert found[0] == pytest.approx(stats.poisson.cdf(2, 7)) and np.isnan(found[1])


def test_notices_are_binomial_or_beta_binomial_with_that_variance():
    assert silence.fewer_claims(np.array([3]), np.array([9]), 0.9)[0] == pytest.approx(stats.binom.cdf(3, 9, 0.9))
    within = (2.5 - 1) / (12 - 1)
    a, b = 0.8 * (1 / within - 1), 0.2 * (1 / within - 1)
    assert stats.betabinom.var(12, a, b) == pytest.approx(2.5 * 12 * 0.8 * 0.2)
    assert silence.fewer_claims(np.array([6]), np.array([12]), 0.8, 2.5)[0] == pytest.approx(stats.betabinom.cdf(6, 12, a, b))
    assert silence.fewer_claims(np.array([0]), np.array([1]), 0.8, 2.5)[0] == pytest.approx(0.2)


@pytest.mark.parametrize(("share", "dispersion"), [(0.0, 1.0), (1.0, 1.0), (0.5, 0.9)])
def test_impossible_shares_and_dispersions_are_refused(share, dispersion):
    with pytest.raises(ValueError, match="must lie between"):
        silence.fewer_claims(np.array([1]), np.array([2]), share, dispersion)


def test_over_dispersion_is_told_from_most_units():
    rng = np.random.default_rng(1)
    notices = np.full(4000, 40)
    plain = rng.binomial(notices, 0.7)
    assert silence.over_dispersion(plain, notices, 0.7) == pytest.approx(1, abs=0.1)
    varied = rng.binomial(notices, rng.beta(14, 6, 4000))  # correlation 1 / 21 within a unit: 1 + 39 / 21 times the variance
    assert silence.over_dispersion(varied, notices, 0.7) == pytest.approx(1 + 39 / 21, rel=0.1)
    with_silent = np.where(np.arange(4000) < 120, 0, plain)
    assert silence.over_dispersion(with_silent, notices, 0.7) < 1.25
    assert silence.over_dispersion(np.array([]), np.array([]), 0.7) == silence.over_dispersion(plain, notices, 1.0) == 1


def test_silent_units_are_found_among_units_that_differ_and_hardly_anyone_else():
    """Twenty cities of 400 units whose share of claimed notices differs (Beta 18, 2); 3 % claim a quarter of theirs."""
    rng, right, wrong, planted, plainly_wrong = np.random.default_rng(7), 0, 0, 0, 0
    for _ in range(20):
        notices, is_silent = rng.integers(5, 40, 400), rng.random(400) < 0.03
        claimed = rng.binomial(notices, np.where(is_silent, 0.25, rng.beta(18, 2, 400)))
        share = claimed.sum() / notices.sum()
        dispersion = silence.over_dispersion(claimed, notices, share)
        found, plainly = (enrichment.benjamini_hochberg(silence.fewer_claims(claimed, notices, share, one)) <= 0.1
                          for one in (dispersion, 1.0))
        right, wrong, planted = right + (found & is_silent).sum(), wrong + (found & ~is_silent).sum(), planted + is_silent.sum()
        plainly_wrong += (plainly & ~is_silent).sum()
    assert right / planted > 0.8 and wrong / (right + wrong) < 0.1
    assert plainly_wrong > 100  # the binomial alone would name them


def test_the_smaller_of_two_probabilities_counts_for_both():
    found = silence.either(np.array([0.001, np.nan, 0.9, np.nan]), np.array([0.3, 0.04, 0.8, np.nan]))
    assert found[:3].tolist() == pytest.approx([0.002, 0.04, 1.0]) and np.isnan(found[3])
