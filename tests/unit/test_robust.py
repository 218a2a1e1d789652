"""Medians and ceilings that a few wild values do not move."""

import numpy as np
import pytest

from pipelines.stats.robust import log_ceiling, weighted_median


@pytest.mark.parametrize(("values", "counts", "median"), [
    ([1, 2, 3], [1, 1, 1], 2), ([1, 2, 3, 4], [1, 1, 1, 1], 2), ([5], [9], 5), ([9, 1], [1, 100], 1), ([1, 2], [2, 2], 1),
])
def test_median_of_counted_values(values, counts, median):
    assert weighted_median(np.array(values), np.array(counts)) == median


def test_it_is_the_median_of_the_values_spelled_out():
    rng = np.random.default_rng(7)
    values, counts = rng.integers(1, 1000, 50), rng.integers(1, 9, 50)
    spelled = np.sort(np.repeat(values, counts))
    assert weighted_median(values, counts) == spelled[(len(spelled) - 1) // 2]


def test_a_log_normal_sample_exceeds_its_ceiling_as_often_as_a_normal_one_its_spreads():
    sizes = np.exp(np.random.default_rng(1).normal(2, 1.2, 200_000))
    ceiling = log_ceiling(sizes, np.ones(len(sizes), int), spreads=3.09, least_spread=0)
    assert (sizes > ceiling).mean() == pytest.approx(0.001, rel=0.25)


def test_wild_values_hardly_move_it_and_equal_values_leave_room():
    usual = log_ceiling(np.array([2, 3, 5, 8]), np.array([50, 80, 60, 40]), 5, 0.7)
    assert log_ceiling(np.array([2, 3, 5, 8, 90_000]), np.array([50, 80, 60, 40, 3]), 5, 0.7) == pytest.approx(usual)
    assert log_ceiling(np.array([4]), np.array([100]), 5, 0.7) == pytest.approx(4 * np.exp(3.5))
