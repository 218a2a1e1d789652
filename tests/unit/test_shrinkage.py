"""Ratios of groups: the variance between them, and how far little knowledge draws a ratio to 1."""

import numpy as np
import pytest
from scipy import integrate, stats

from pipelines.stats import shrinkage


def drawn(variance: float, size: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    expected = rng.uniform(0.5, 40, size)
    ratio = rng.gamma(1 / variance, variance, size) if variance else np.ones(size)
    return rng.poisson(expected * ratio), expected


@pytest.mark.parametrize("variance", [0.05, 0.3, 1.2])
def test_a_known_variance_is_found_again(variance):
    assert shrinkage.between(*drawn(variance, 3000)) == pytest.approx(variance, rel=0.15)


def test_groups_that_do_not_differ_have_the_least_variance():
    assert shrinkage.between(*drawn(0, 60)) == pytest.approx(shrinkage.LEAST, rel=0.01)
    assert shrinkage.between(np.array([9]), np.array([1.0])) == shrinkage.LEAST
    assert shrinkage.between(np.array([], int), np.array([])) == shrinkage.LEAST


def test_the_variance_is_the_most_likely_one():
    observed, expected = drawn(0.4, 50)
    grid = np.geomspace(shrinkage.LEAST, shrinkage.MOST, 4000)
    likelihood = [stats.nbinom.logpmf(observed, 1 / v, 1 / (1 + v * expected)).sum() for v in grid]
    assert shrinkage.between(observed, expected) == pytest.approx(grid[np.argmax(likelihood)], rel=0.01)


def test_the_posterior_is_that_of_bayes():
    """The mean and the 80 % limits by integrating likelihood × prior."""
    found, prior = shrinkage.shrink(np.array([9]), np.array([4.0]), 0.3), stats.gamma(1 / 0.3, scale=0.3)

    def weight(ratio: float) -> float:
        return stats.poisson.pmf(9, 4 * ratio) * prior.pdf(ratio)

    whole = integrate.quad(weight, 0, 20)[0]
    assert found.mean[0] == pytest.approx(integrate.quad(lambda x: x * weight(x), 0, 20)[0] / whole)
    below = [integrate.quad(weight, 0, found.quantile(p)[0])[0] / whole for p in (0.1, 0.9)]
    assert below == pytest.approx([0.1, 0.9])


def test_three_small_units_by_chance_stay_behind_a_large_group_that_is_a_little_above():
    observed, expected = drawn(0.1, 200)
    observed, expected = np.append(observed, [3, 130]), np.append(expected, [0.4, 100.0])
    known = shrinkage.shrink(observed, expected, shrinkage.between(observed, expected))
    excess = (known.mean - 1) * expected
    assert observed[-2] / expected[-2] > 7 and known.mean[-2] < 1.4
    assert excess[-2] < 0.2 and excess[-1] > 20


def test_a_variance_must_be_positive():
    with pytest.raises(ValueError, match="must be positive"):
        shrinkage.shrink(np.array([1]), np.array([1.0]), 0.0)
