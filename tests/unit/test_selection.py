"""Order, ranks and quotas on a handful of units."""

import numpy as np
import pytest

from pipelines.stats.selection import Quota, in_order, kept_out, ranks

NAN = np.nan
IDS = np.array(["a", "b", "c", "d"])
ONE, ALL = np.zeros(4, int), np.ones(4, bool)


def ranked(keys, ids=IDS, group=ONE, is_ranked=ALL) -> list[int]:
    return ranks(in_order([np.array(key, float) for key in keys], ids, group), group, is_ranked).tolist()


def test_the_weightiest_key_decides_then_the_next_then_the_id():
    assert ranked([[1, 1, 0, 1], [2, 1, 9, 1]], ids=IDS[::-1].copy()) == [4, 3, 1, 2]


def test_an_unknown_key_comes_last_and_the_unranked_have_no_rank():
    assert ranked([[NAN, 2, 1, 0]], is_ranked=np.array([True, True, True, False])) == [3, 2, 1, 0]


def test_every_group_has_a_list_of_its_own():
    assert ranked([[4, 3, 2, 1]], group=np.array([1, 0, 1, 0])) == [2, 2, 1, 1]


def test_a_group_without_anyone_ranked_and_no_one_at_all():
    assert ranked([[0, 1, 2, 3]], group=np.array([0, 1, 2, 2]), is_ranked=np.array([True, False, True, True])) == [1, 0, 1, 2]
    none = np.array([], int)
    assert ranked([none], ids=none, group=none, is_ranked=none.astype(bool)) == []


ORDER = np.arange(6)
SIX = np.zeros(6, int)


def out(places: int, *quotas: Quota, group=SIX, able=None) -> list[int]:
    return kept_out(ORDER, group, np.ones(6, bool) if able is None else able, places, quotas).tolist()


def test_a_quota_keeps_out_whoever_comes_after_it_is_full_and_the_next_of_another_kind_moves_up():
    districts = np.array([0, 0, 0, 1, 1, 1])
    assert out(3, Quota(districts, 2)) == [-1, -1, 0, -1, -1, -1]
    assert out(3, Quota(districts, 1)) == [-1, 0, 0, -1, 0, 0]


def test_behind_the_last_place_nobody_is_looked_at():
    assert out(2, Quota(np.zeros(6, int), 2)) == [-1] * 6


def test_of_two_quotas_the_first_that_is_full_is_named():
    districts, divisions = np.array([0, 0, 1, 2, 3, 4]), np.array([9, 9, 9, 8, 8, 8])
    assert out(6, Quota(districts, 1), Quota(divisions, 2)) == [-1, 0, -1, -1, -1, 1]


def test_units_of_no_kind_are_under_no_quota_and_those_who_are_not_able_take_none():
    unknown = np.full(6, -1)
    assert out(6, Quota(unknown, 1)) == [-1] * 6
    able = np.array([False, True, True, True, True, True])
    assert out(6, Quota(np.zeros(6, int), 1), able=able) == [-1, -1, 0, 0, 0, 0]


def test_each_group_has_quotas_of_its_own():
    assert out(6, Quota(np.zeros(6, int), 1), group=np.array([0, 0, 0, 1, 1, 1])) == [-1, 0, 0, -1, 0, 0]


@pytest.mark.parametrize("quotas", [(), (Quota(np.zeros(0, int), 1),)])
def test_nobody_at_all(quotas):
    none = np.array([], int)
    assert kept_out(none, none, none.astype(bool), 3, quotas).tolist() == []
