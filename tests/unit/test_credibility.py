"""Credibility against Hachemeister's data, and single costs against the formula by hand."""

import numpy as np
import pytest

from pipelines.stats import credibility

# Hachemeister 1975: average bodily injury claim and number of claims, five states, twelve quarters.
AVERAGE = np.array([
    [1738, 1642, 1794, 2051, 2079, 2234, 2032, 2035, 2115, 2262, 2267, 2517],
    [1364, 1408, 1597, 1444, 1342, 1675, 1470, 1448, 1464, 1831, 1612, 1471],
    [1759, 1685, 1479, 1763, 1674, 2103, 1502, 1622, 1828, 2155, 2233, 2059],
    [1223, 1146, 1010, 1257, 1426, 1532, 1953, 1123, 1343, 1243, 1762, 1306],
    [1456, 1499, 1609, 1741, 1482, 1572, 1606, 1735, 1607, 1573, 1613, 1690]], float)
NUMBER = np.array([
    [7861, 9251, 8706, 8575, 7917, 8263, 9456, 8003, 7365, 7832, 7849, 9077],
    [1622, 1742, 1523, 1515, 1622, 1602, 1964, 1515, 1527, 1748, 1654, 1861],
    [1147, 1357, 1329, 1204, 998, 1077, 1277, 1218, 896, 1003, 1108, 1121],
    [407, 396, 348, 341, 315, 328, 352, 331, 287, 384, 321, 342],
    [2902, 3172, 3046, 3068, 2693, 2910, 3275, 2697, 2663, 3017, 3242, 3425]], float)


def test_hachemeister():
    found = credibility.buhlmann_straub(AVERAGE, NUMBER)
    # As published (Dutang, Goulet & Pigeon 2008, actuar, table of the Bühlmann–Straub model for these data).
    assert found.collective == pytest.approx(1683.713, abs=0.001)
    assert found.between == pytest.approx(89639, abs=1) and found.within == pytest.approx(139_120_026, abs=1)
    assert found.factor == pytest.approx([0.9847, 0.9276, 0.8985, 0.7279, 0.9588], abs=1e-4)
    assert found.value == pytest.approx([2055.165, 1523.706, 1793.444, 1442.967, 1603.285], abs=0.001)


def test_quarters_that_were_not_observed_are_left_out():
    holes, weights = AVERAGE.copy(), NUMBER.copy()
    holes[0, 3], weights[2, 5] = np.nan, 0
    found = credibility.buhlmann_straub(holes, weights)
    assert np.isfinite(found.value).all() and found.value[1] == pytest.approx(1523.7, abs=3)


def test_without_differences_between_units_nothing_is_believed_of_one():
    rng = np.random.default_rng(5)
    found = credibility.buhlmann_straub(rng.normal(10, 3, (400, 3)), np.ones((400, 3)))
    assert found.factor.max() < 0.2 and found.value == pytest.approx(10, abs=0.6)


def test_a_unit_without_any_weight_gets_the_collective_value():
    found = credibility.buhlmann_straub(np.array([[1.0, 1.2], [3.0, 2.8], [np.nan, np.nan]]), np.ones((3, 2)))
    assert (found.factor[2], found.value[2]) == (0.0, pytest.approx(found.collective))


def test_costs_of_single_cases():
    values, unit = np.array([10.0, 12.0, 30.0, 28.0, 32.0]), np.array([0, 0, 1, 1, 1])
    found = credibility.from_single_values(values, unit, 3)
    within = ((1 + 1) + (0 + 4 + 4)) / 3
    mean = 112 / 5
    between = (2 * (11 - mean) ** 2 + 3 * (30 - mean) ** 2 - within) / (5 - 13 / 5)
    assert (found.within, found.between) == pytest.approx((within, between))
    assert found.factor == pytest.approx([2 * between / (2 * between + within), 3 * between / (3 * between + within), 0.0])
    assert found.value[2] == pytest.approx(found.collective)


@pytest.mark.parametrize("call", [
    lambda: credibility.buhlmann_straub(np.ones((2, 2)), np.ones((2, 3))),
    lambda: credibility.buhlmann_straub(np.ones((2, 2)), np.zeros((2, 2))),
    lambda: credibility.from_single_values(np.array([]), np.array([], int), 3),
])
def test_what_cannot_be_estimated_is_refused(call):
    with pytest.raises(ValueError):
        call()
