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


IDS = np.array(["a", "b", "c", "d"])
ALL = np.ones(4, bool)


def test_those_who_entered_come_first_whatever_their_keys():
    entered = np.array([False, True, False, True])
    assert official.order_list(entered, [np.array([1.0, 4.0, 2.0, 3.0])], IDS, ONE, ALL).tolist() == [3, 2, 4, 1]


def test_the_weightiest_key_decides_then_the_next_then_the_id():
    keys = [np.array([1.0, 1.0, 0.0, 1.0]), np.array([2.0, 1.0, 9.0, 1.0])]
    assert official.order_list(ALL, keys, IDS[::-1].copy(), ONE, ALL).tolist() == [4, 3, 1, 2]


def test_an_unknown_key_comes_last_and_the_unranked_have_no_rank():
    keys = [np.array([NAN, 2.0, 1.0, 0.0])]
    assert official.order_list(ALL, keys, IDS, ONE, np.array([True, True, True, False])).tolist() == [3, 2, 1, 0]


def test_every_group_has_a_list_of_its_own():
    ranks = official.order_list(ALL, [np.array([4.0, 3.0, 2.0, 1.0])], IDS, np.array([1, 0, 1, 0]), ALL)
    assert ranks.tolist() == [2, 2, 1, 1]


def test_a_group_without_anyone_ranked_and_no_one_at_all():
    ranks = official.order_list(ALL, [np.arange(4.0)], IDS, np.array([0, 1, 2, 2]), np.array([True, False, True, True]))
    assert ranks.tolist() == [1, 0, 1, 2]
    none = np.array([], int)
    assert official.order_list(none.astype(bool), [none.astype(float)], none, none, none.astype(bool)).tolist() == []
