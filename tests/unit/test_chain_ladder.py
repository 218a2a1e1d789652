"""The chain ladder against two published triangles, and what it does with counts that are few."""

import numpy as np
import pytest

from pipelines.stats.chain_ladder import chain_ladder, completeness, expected_total, of_counts, standard_error

# Taylor & Ashe (1983), as in Mack (1993), section 6.
TAYLOR_ASHE = """
357848 1124788 1735330 2218270 2745596 3319994 3466336 3606286 3833515 3901463
352118 1236139 2170033 3353322 3799067 4120063 4647867 4914039 5339085
290507 1292306 2218525 3235179 3985995 4132918 4628910 4909315
310608 1418858 2195047 3757447 4029929 4381982 4588268
443160 1136350 2128333 2897821 3402672 3873311
396132 1333217 2180715 2985752 3691712
440832 1288463 2419861 3483130
359480 1421128 2864498
376686 1363294
344014
"""
# Reinsurance Association of America, as in Mack (1994), Measuring the variability of chain ladder reserve estimates.
RAA = """
5012 8269 10907 11805 13539 16181 18009 18608 18662 18834
106 4285 5396 10666 13782 15599 15496 16169 16704
3410 8992 13873 16141 18735 22214 22863 23466
5655 11555 15766 21266 23425 26083 27067
1092 9565 15836 22169 25955 26180
1513 6445 11702 12935 15852
557 4020 10946 12314
1351 6947 13112
3133 5395
2063
"""


def triangle(text: str) -> np.ndarray:
    rows = [[float(value) for value in line.split()] for line in text.strip().splitlines()]
    size = max(map(len, rows))
    return np.array([row + [np.nan] * (size - len(row)) for row in rows])


def latest(cumulative: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What is known of each origin, and its age."""
    age = np.isfinite(cumulative).sum(axis=1) - 1
    return cumulative[np.arange(len(age)), age], age


def test_taylor_ashe_factors_and_sigma2_as_mack_prints_them():
    found = chain_ladder(triangle(TAYLOR_ASHE))
    assert found.factor.round(3).tolist() == [3.491, 1.747, 1.457, 1.174, 1.104, 1.086, 1.054, 1.077, 1.018]
    assert found.sigma2.round(-1).tolist() == [160280, 37740, 41970, 15180, 13730, 8190, 450, 1150, 450]
    assert found.origins.tolist() == [9, 8, 7, 6, 5, 4, 3, 2, 1]


def test_taylor_ashe_reserves_and_standard_errors_as_mack_prints_them():
    """Mack (1993), table 2: reserves in thousands and their standard errors in per cent."""
    cumulative = triangle(TAYLOR_ASHE)
    found, (known, age) = chain_ladder(cumulative), latest(cumulative)
    reserve = expected_total(found, known, age).estimate - known
    assert (reserve / 1000).round().tolist() == [0, 95, 470, 710, 985, 1419, 2178, 3920, 4279, 4626]
    error = standard_error(found, known, age)[1:] / reserve[1:]
    assert (error * 100).round().tolist() == [80, 26, 19, 27, 29, 26, 22, 23, 29]


def test_raa_factors_reserves_and_standard_errors():
    """As Mack (1994) prints them; the second origin falls from 15599 to 15496, which the chain ladder bears."""
    cumulative = triangle(RAA)
    found, (known, age) = chain_ladder(cumulative), latest(cumulative)
    assert found.factor.round(3).tolist() == [2.999, 1.624, 1.271, 1.172, 1.113, 1.042, 1.033, 1.017, 1.009]
    reserve = expected_total(found, known, age).estimate - known
    assert reserve.round().tolist() == [0, 154, 617, 1636, 2747, 3649, 5435, 10907, 10650, 16339]
    error = standard_error(found, known, age)
    assert error.round().tolist() == [0, 206, 623, 747, 1469, 2002, 2209, 5358, 6333, 24566]
    assert completeness(found).estimate.round(3).tolist() == [0.112, 0.336, 0.546, 0.694, 0.813, 0.905, 0.943, 0.974, 0.991, 1.0]


def test_limits_of_completeness_by_hand():
    """Two ages: 60 of 100 known; σ² of the two origins; exp(±1.96 · sqrt(σ²/f²/earlier))."""
    found = chain_ladder(np.array([[20, 40.0], [40, 60]]))
    sigma2 = 20 * (2 - 100 / 60) ** 2 + 40 * (1.5 - 100 / 60) ** 2
    assert found.sigma2[0] == pytest.approx(sigma2)
    share = completeness(found)
    error = np.sqrt(sigma2 / (100 / 60) ** 2 / 60)
    assert share.low[0] == pytest.approx(0.6 * np.exp(-1.959964 * error))
    assert share.high[0] == pytest.approx(0.6 * np.exp(1.959964 * error))
    assert (share.estimate[1], share.low[1], share.high[1]) == (1, 1, 1)


def test_the_errors_of_counts_are_at_least_binomial():
    """Origins that all grow alike show Mack no scatter; 60 of 100 is binomial all the same: log r varies by (1 − r) / (100 r)."""
    found = of_counts(chain_ladder(np.array([[30, 50.0], [30, 50]])))
    assert found.sigma2[0] / found.factor[0] ** 2 / found.earlier[0] == pytest.approx(0.4 / (100 * 0.6))
    wilder = chain_ladder(np.array([[10, 50.0], [50, 50]]))
    assert of_counts(wilder).sigma2[0] == wilder.sigma2[0]


def test_nothing_more_seen_of_few_is_not_certainty():
    few, many = (completeness(of_counts(chain_ladder(np.array([[n, n], [n, float(n)]])))) for n in (10, 1000))
    assert few.estimate[0] == many.estimate[0] == few.high[0] == 1
    assert few.low[0] < 0.96 < 0.999 < many.low[0] < 1


def test_an_age_at_which_nothing_is_known_says_nothing_of_what_is_to_come():
    found = of_counts(chain_ladder(np.array([[0, 4, 5.0], [0, 3, np.nan], [0, np.nan, np.nan]])))
    share = completeness(found)
    assert share.estimate.tolist() == [0, 0.8, 1] and np.isnan([share.low[0], share.high[0]]).all()
    total = expected_total(found, np.array([0.0, 3.0, 5.0]), np.array([0, 1, 2]))
    assert np.isnan(total.estimate[0]) and total.estimate[1:].tolist() == [3.75, 5]
    assert total.low[1] < 3.75 < total.high[1] and total.low[2] == total.high[2] == 5


def test_origins_seen_only_from_an_age_on_are_used_from_there():
    """The upper corner is missing where records begin in the middle of an origin's life."""
    found = chain_ladder(np.array([[np.nan, 90, 100.0], [40, 80, np.nan], [50, np.nan, np.nan]]))
    assert found.factor.round(3).tolist() == [2.0, 1.111] and found.origins.tolist() == [1, 1]


@pytest.mark.parametrize("bad", [[1.0, 2.0], [[1.0], [2.0]], [[1.0, np.nan], [1.0, np.nan]]])
def test_what_is_no_triangle_is_refused(bad):
    with pytest.raises(ValueError, match="triangle|neighbouring"):
        chain_ladder(np.array(bad))
