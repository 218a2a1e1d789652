"""Two rates and shares against published examples and against draws."""

import numpy as np
import pytest

from pipelines.stats.rate_ratio import probability_at_most, ratio_limits, share_limits


def test_the_ratio_of_rates_of_the_worked_example_of_r():
    """R's help page of poisson.test: 11 cases in 800 against 6 + 8 + 7 in 1083 + 1050 + 878; 95 % from 0.8584264 to 4.2772659."""
    assert ratio_limits(11, 800, 6 + 8 + 7, 1083 + 1050 + 878) == pytest.approx((0.8584264, 4.2772659), abs=1e-6)


def test_a_share_as_clopper_and_pearson_tabulate_it():
    """10 of 10, and 0 of 10: 0.6915 and 0.3085; the mirror of each other."""
    assert share_limits(10, 10) == pytest.approx((0.6915, 1), abs=1e-4)
    assert share_limits(0, 10) == pytest.approx((0, 0.3085), abs=1e-4)


def test_nothing_counted_leaves_an_open_interval():
    assert share_limits(0, 0) == (0, 1)
    assert ratio_limits(0, 100, 5, 100)[0] == 0 and ratio_limits(5, 100, 0, 100)[1] == np.inf
    with pytest.raises(ValueError, match="share"):
        share_limits(3, 2)


@pytest.mark.parametrize(("count", "base_count", "ratio"), [(40, 60, 0.8), (3, 2, 0.8), (0, 1, 0.9)])
def test_the_probability_is_that_of_drawn_rates(count, base_count, ratio):
    draws = np.random.default_rng(7).standard_gamma([count + 0.5, base_count + 0.5], (400_000, 2)) / [900.0, 1000.0]
    share = (draws[:, 0] <= ratio * draws[:, 1]).mean()
    assert probability_at_most(ratio, count, 900.0, base_count, 1000.0) == pytest.approx(share, abs=0.004)
