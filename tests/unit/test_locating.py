"""Places of keys, places between house numbers, reports of one accident, pile-ups, what lies outside: on points by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.stats import events, extent, locating
from pipelines.stats.pile_ups import pile_ups

NAN = float("nan")


def test_a_key_lies_at_the_medians_of_its_points():
    x, y = np.array([0.0, 10, 1000, 4, NAN]), np.array([0.0, 2, 1000, 4, 7])
    found = locating.key_places(np.array([0, 0, 0, 0, 0]), x, y, 1)
    assert (found.x[0], found.y[0], found.points[0]) == (7, 3, 4)
    assert found.spread[0] == pytest.approx(np.hypot(993, 997))  # nine tenths of four points are all four


def test_nine_of_ten_points_say_the_spread():
    x = np.arange(10.0)
    assert locating.key_places(np.zeros(10, int), x, np.zeros(10), 1).spread[0] == 4.5
    x[9] = 1e6
    assert locating.key_places(np.zeros(10, int), x, np.zeros(10), 1).spread[0] == 4.5


KEYED = st.lists(st.tuples(st.integers(-1, 5), st.integers(-1000, 1000), st.integers(-1000, 1000)), max_size=60)


@given(KEYED, st.randoms())
def test_the_order_of_points_changes_no_place_and_numpy_agrees(rows, random):
    found = []
    for part in (rows, random.sample(rows, len(rows))):
        code, x, y = np.array(part, float).reshape(-1, 3).T
        found.append(locating.key_places(code.astype(int), x, y, 6))
    one, other = found
    for a, b in zip(one, other, strict=True):
        assert np.array_equal(a, b, equal_nan=True)
    for code in range(6):
        own = [x for key, x, _ in rows if key == code]
        assert one.points[code] == len(own) and (not own or one.x[code] == np.median(own))


def test_between_two_numbers_in_proportion_and_beside_one_alone():
    road, number = np.array([0, 0, 0, 1]), np.array([10.0, 20, 100, 14])
    x, y = np.array([0.0, 100, 900, 5000]), np.array([0.0, 10, 90, 5000])
    found = locating.along(road, number, x, y, np.array([0, 0, 0, 1, 2, -1]), np.array([12.0, 20, 60, 20, 12, 12]), 20, 20)
    assert found.x[:2].tolist() == [20, 100] and found.y[0] == 2 and found.gap[0] == pytest.approx(np.hypot(100, 10))
    assert np.isnan(found.x[2])  # forty away from either
    assert (found.x[3], found.gap[3]) == (5000, 0) and np.isnan(found.x[4:]).all()


def test_the_only_neighbour_must_be_nearer_than_two():
    known = (np.array([0, 0]), np.array([0.0, 1000]), np.array([0.0, 900]), np.zeros(2))
    found = locating.along(*known, np.zeros(3, int), np.array([400.0, 1300, 1301]), 1000, 300)
    assert found.x[:2].tolist() == [360, 900] and np.isnan(found.x[2])


def test_numbers_of_a_neighbouring_road_are_never_used():
    known = (np.array([0, 2]), np.array([399.0, 1]), np.zeros(2), np.zeros(2))
    found = locating.along(*known, np.array([1, 1]), np.array([398.0, 2]), 20, 20)
    assert np.isnan(found.x).all()
    nobody = locating.along(np.array([-1]), np.array([5.0]), np.zeros(1), np.zeros(1), np.array([0]), np.array([5.0]), 20, 20)
    assert np.isnan(nobody.x).all()


def reports(*rows: tuple[int, int, float, int]) -> events.Reports:
    """Day, minute, x, key; y is 0."""
    day, minute, x, key = np.array(rows, float).T
    area = np.full(len(day), -1)
    return events.Reports(day.astype(int), minute.astype(int), x, np.where(np.isnan(x), NAN, 0.0), key.astype(int), area)


@pytest.mark.parametrize(("one", "other", "is_same"), [
    ((0, 480, 0.0, -1), (0, 510, 50.0, -1), True), ((0, 480, 0.0, -1), (0, 511, 0.0, -1), False),
    ((0, 480, 0.0, -1), (0, 480, 50.1, -1), False), ((0, 1435, 0.0, -1), (1, 3, 0.0, -1), True),
    ((0, 480, 0.0, -1), (1, 480, 0.0, -1), False), ((0, 480, NAN, 3), (0, 500, NAN, 3), True),
    ((0, 480, NAN, 3), (0, 500, NAN, 4), False), ((0, 480, NAN, 3), (0, 500, 0.0, 3), True),
    ((0, 1435, NAN, 3), (1, 3, NAN, 3), True), ((0, -1, 0.0, -1), (0, 900, 20.0, -1), True),
    ((0, -1, 0.0, -1), (1, 5, 0.0, -1), False), ((0, -1, NAN, 3), (0, 900, NAN, 3), True),
    ((0, -1, NAN, 3), (0, -1, 9.0, 3), True),
    ((0, 480, NAN, -1), (0, 480, NAN, -1), False), ((0, 480, 0.0, 3), (0, 480, 999.0, 3), True),
    ((0, 480, 0.0, 3), (0, 480, 1001.0, 3), False),
])
def test_same_time_and_same_place(one, other, is_same):
    assert events.pairs(reports(one, other)).tolist() == ([[0, 1]] if is_same else [])


def test_a_key_links_all_of_its_day_to_one_without_a_time():
    found = events.pairs(reports((0, 480, NAN, 1), (0, 900, NAN, 1), (0, -1, NAN, 1), (1, 480, NAN, 1)))
    assert found.tolist() == [[0, 2], [1, 2]]


def test_crossings_of_one_name_in_two_counties_are_two():
    same = reports((0, 480, NAN, 1), (0, 480, NAN, 1))
    assert events.pairs(same._replace(area=np.array([4, 5]))).tolist() == []
    assert events.pairs(same._replace(area=np.array([4, -1]))).tolist() == [[0, 1]]


def test_links_make_groups_and_a_report_without_a_time_joins_one():
    both = np.array([[0, 1], [1, 2], [3, 4], [3, 5], [4, 5]])
    assert events.groups(both, np.array([1, 20, 45, 60, 700, -1])).tolist() == [0, 0, 0, 3, 3, 3]
    assert events.groups(both[3:], np.array([1, 20, 45, 60, 700, -1])).tolist() == [0, 1, 2, 3, 4, 3]
    assert events.groups(np.empty((0, 2), int), np.array([], int)).tolist() == []


def test_pairing_takes_everyone_at_most_once_the_cheapest_first():
    both = np.array([[0, 10], [0, 11], [1, 10], [2, 10]])
    assert events.paired(both, np.array([2.0, 5, 1, 1])).tolist() == [False, True, True, False]


AT_ONE = (np.zeros(8), np.zeros(8))


def test_a_point_alone_with_five_is_a_pile_up_and_four_are_not():
    nobody = np.full(8, -1)
    assert pile_ups(*AT_ONE, nobody).all()
    x = np.array([0.0, 0, 0, 0, 500, 900, 1300, 1700])
    assert not pile_ups(x, np.zeros(8), nobody).any()


def test_a_crossing_that_is_not_exact_is_no_pile_up():
    x = np.array([0.0] * 8 + [30.0, -40, 50])
    assert not pile_ups(x, np.zeros(11), np.zeros(11, int)).any()  # 8 of 11 are fewer than four fifths
    x[8] = 0
    assert pile_ups(x, np.zeros(11), np.zeros(11, int)).tolist() == [True] * 9 + [False] * 2


def test_many_roads_at_one_point_are_a_pile_up_wherever_others_lie():
    around, roads = [20.0, 30, 40, 50, 60], [0, 1, 2, 3, 3, 3, 3, 3, 3, 3]
    found = pile_ups(np.array([0.0] * 10 + around), np.zeros(15), np.array(roads + [9] * 5))
    assert found.tolist() == [True] * 10 + [False] * 5  # four roads of ten
    assert not pile_ups(np.array([0.0] * 11 + around), np.zeros(16), np.array(roads + [3] + [9] * 5)).any()
    assert not pile_ups(np.array([0.0] * 7 + around), np.zeros(12), np.array([0, 1, 2, 2, 2, 2, 2] + [9] * 5)).any()  # three
    assert pile_ups(np.array([]), np.array([]), np.array([], int)).tolist() == []


def test_three_times_the_radius_of_nine_tenths_is_outside():
    rng = np.random.default_rng(0)
    x, y = rng.normal(100, 10, (2, 1000))
    middle_x, middle_y, reach = extent.robust_reach(x, y)
    assert (middle_x, middle_y) == pytest.approx((100, 100), abs=1.5)
    assert reach == pytest.approx(3 * 10 * np.sqrt(2 * np.log(10)), rel=0.06)  # the 90 % radius of a round normal distribution
    strays = np.concatenate([x, np.full(80, 1e6)]), np.concatenate([y, np.zeros(80)])
    assert extent.robust_reach(*strays)[2] < 2 * reach
    assert extent.robust_reach(x[:19], y[:19])[2] == np.inf == extent.robust_reach(np.array([]), np.array([]))[2]


def test_a_hole_and_a_second_part_of_an_area():
    def square(low: float, high: float) -> np.ndarray:
        return np.array([[low, low], [high, low], [high, high], [low, high], [low, low]])

    at = np.array([0.5, 2, 3.5, 7.5, 12])
    assert extent.is_inside(at, at, [square(0, 4), square(1, 3), square(7, 8)]).tolist() == [True, False, True, True, False]
