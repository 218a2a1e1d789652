"""The arithmetic of the official rules on a handful of enterprises."""

import numpy as np
import pytest

from pipelines.stats import official

NAN = np.nan
ONE = np.zeros(4, int)


def test_a_pooled_ratio_divides_sums_and_not_means():
    ratio = official.pooled_ratio(np.array([1.0, 9.0, 4.0]), np.array([100.0, 100.0, 10.0]), np.array([0, 0, 1]))
    assert ratio == pytest.approx([0.05, 0.05, 0.4])


def test_a_pooled_ratio_leaves_out_pairs_with_an_unknown():
    ratio = official.pooled_ratio(np.array([1.0, NAN, 5.0]), np.array([10.0, 10.0, NAN]), np.zeros(3, int))
    assert ratio == pytest.approx([0.1, 0.1, 0.1])


def test_a_pooled_ratio_without_a_positive_denominator_is_unknown():
    assert np.isnan(official.pooled_ratio(np.array([1.0, 1.0]), np.array([0.0, -3.0]), np.array([0, 1]))).all()
    assert len(official.pooled_ratio(np.array([]), np.array([]), np.array([], int))) == 0


def test_above_means_known_and_strictly_above():
    assert official.above(np.array([4.0, 4.0001, NAN, np.inf]), 4.0).tolist() == [False, True, False, False]
    assert official.above(np.array([5.0, 5.0]), np.array([NAN, 4.0])).tolist() == [False, True]


def test_mean_rank_with_ties_and_unknowns():
    rate, ratio = np.array([3.0, 1.0, 3.0, NAN]), np.array([10.0, 30.0, 20.0, 40.0])
    # ranks by rate 1 3 1 4, by ratio 4 2 3 1
    assert official.mean_rank([rate, ratio], ONE).tolist() == [2.5, 2.5, 2.0, 2.5]


def test_ranks_are_taken_within_a_group():
    assert official.mean_rank([np.array([1.0, 2.0, 3.0, 4.0])], np.array([0, 1, 0, 1])).tolist() == [2, 2, 1, 1]
    assert official.mean_rank([np.array([])], np.array([], int)).tolist() == []


def test_the_top_share_counts_those_known_and_takes_ties():
    heads = np.array([50.0, 40, 40, 30, 20, 10, 5, 4, 3, 2, NAN, NAN])
    one = np.zeros(12, int)
    assert official.among_top(heads, 10, one).tolist() == [True] + [False] * 11
    assert official.among_top(heads, 20, one).tolist() == [True, True, True] + [False] * 9
    assert official.among_top(heads, 100, one).tolist() == [True] * 10 + [False] * 2


def test_the_top_share_is_taken_within_a_group_and_never_holds_a_zero():
    injuries, group = np.array([3.0, 0, 0, 1, 0]), np.array([0, 0, 0, 1, 1])
    assert official.among_top(injuries, 100, group).tolist() == [True, False, False, True, False]
    assert official.among_top(np.array([]), 10, np.array([], int)).tolist() == []
