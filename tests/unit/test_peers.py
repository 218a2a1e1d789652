"""Units among their like: which grouping is used, quantiles, shares; against numpy on what remains by hand."""

import numpy as np
import pytest

from pipelines.stats.peers import beside_peers

FIGURES = np.array([1.0, 2.0, 3.0, 4.0, 10.0, np.nan, 7.0])
NARROW = np.array([0, 0, 0, 1, 1, 1, -1])
WIDE = np.array([0, 0, 0, 0, 0, 0, 0])


def test_the_narrowest_grouping_with_enough_others_is_used():
    found = beside_peers(FIGURES, [NARROW, WIDE], np.array([0, 3]), least=2)
    assert found.level.tolist() == [0, 1] and found.units.tolist() == [2, 5]
    assert found.median.tolist() == [2.5, np.median([1, 2, 3, 10, 7])]
    assert found.quarter[1] == np.quantile([1, 2, 3, 10, 7], 0.25)
    assert found.three_quarters[1] == np.quantile([1, 2, 3, 10, 7], 0.75)


def test_the_unit_itself_and_unknown_figures_are_no_peers():
    found = beside_peers(FIGURES, [WIDE], np.array([4]), least=1)
    assert found.units.tolist() == [5] and found.below.tolist() == [1.0]


def test_equal_figures_are_not_below():
    found = beside_peers(np.array([2.0, 2.0, 1.0, 3.0]), [np.zeros(4, int)], np.array([0]), least=1)
    assert found.below.tolist() == [pytest.approx(1 / 3)]


def test_an_unknown_own_figure_has_peers_and_no_share():
    found = beside_peers(FIGURES, [WIDE], np.array([5]), least=1)
    assert found.units.tolist() == [6] and np.isnan(found.below[0]) and found.median[0] == 3.5


def test_without_enough_others_nothing_is_said():
    found = beside_peers(FIGURES, [NARROW], np.array([0, 6]), least=3)
    assert found.level.tolist() == [-1, -1] and found.units.tolist() == [0, 0] and np.isnan(found.median).all()


def test_least_must_be_positive():
    with pytest.raises(ValueError, match="positive"):
        beside_peers(FIGURES, [WIDE], np.array([0]), least=0)
