"""What is over-represented: against published examples, exact counting and scipy's own tests."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from scipy import integrate, stats
from scipy.stats import contingency

from pipelines.stats import enrichment

# Benjamini & Hochberg (1995), section 3.2: fifteen hypotheses of a trial of thrombolysis.
PUBLISHED = np.array([0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528,
                      0.7590, 1.0000])


def test_the_published_example_rejects_four_hypotheses_where_bonferroni_rejects_three():
    assert (enrichment.benjamini_hochberg(PUBLISHED) <= 0.05).sum() == 4
    assert (PUBLISHED * len(PUBLISHED) <= 0.05).sum() == 3


def test_corrected_probabilities_by_hand():
    # The smallest of p × 15 / rank over all ranks from its own up: 0.0095 × 15 / 4; 0.0344 × 15 / 8 for the sixth to the eighth.
    corrected = enrichment.benjamini_hochberg(PUBLISHED[::-1])[::-1]
    assert corrected[3] == pytest.approx(0.0095 * 15 / 4)
    assert corrected[5] == pytest.approx(0.0298 * 15 / 7) and corrected[7] == pytest.approx(0.0344 * 15 / 8)
    assert corrected[14] == 1


def test_what_was_not_looked_at_is_not_counted():
    some = np.array([0.01, np.nan, 0.02])
    assert enrichment.benjamini_hochberg(some)[[0, 2]].tolist() == pytest.approx([0.02, 0.02])
    assert np.isnan(enrichment.benjamini_hochberg(np.array([np.nan]))).all()
    assert enrichment.benjamini_hochberg(np.array([])).size == 0


def test_fishers_lady_tasting_tea():
    assert enrichment.beside_rest([4], [4], [4], [8]).tail.tolist() == pytest.approx([1 / 70])
    assert enrichment.beside_rest([3], [4], [4], [8]).tail.tolist() == pytest.approx([17 / 70])


@pytest.mark.parametrize(("hits", "cases", "all_hits", "whole"), [(8, 20, 28, 120), (5, 60, 9, 400), (119, 127, 856, 1094)])
def test_the_tail_is_that_of_exact_counting_and_of_scipy(hits, cases, all_hits, whole):
    ways = sum(comb(all_hits, k) * comb(whole - all_hits, cases - k) for k in range(hits, min(cases, all_hits) + 1))
    found = enrichment.beside_rest([hits], [cases], [all_hits], [whole])
    assert found.tail[0] == pytest.approx(float(Fraction(ways, comb(whole, cases))), rel=1e-9)
    assert found.tail[0] == pytest.approx(stats.hypergeom.sf(hits - 1, whole, all_hits, cases), rel=1e-12)


def test_ratio_and_limits_are_those_of_a_relative_risk():
    # Physicians' Health Study: 189 of 11,034 on placebo and 104 of 11,037 on aspirin had a heart attack.
    found = enrichment.beside_rest([189], [11034], [293], [22071])
    risk = contingency.relative_risk(189, 11034, 104, 11037)
    assert found.ratio[0] == pytest.approx(risk.relative_risk) == pytest.approx(1.82, abs=0.005)
    assert (found.low[0], found.high[0]) == pytest.approx(tuple(risk.confidence_interval(0.95)))
    assert found.expected[0] == pytest.approx(11034 * 104 / 11037)


def test_without_a_rest_or_hits_in_it_there_is_no_ratio():
    found = enrichment.beside_rest([5, 3, 0], [5, 5, 4], [5, 3, 2], [5, 9, 8])
    assert np.isnan(found.expected[0]) and np.isnan(found.tail[0]) and np.isnan(found.ratio[:2]).all()
    assert found.expected[1] == 0 and found.tail[1] == pytest.approx(comb(5, 3) / comb(9, 3))
    assert found.ratio[2] == 0 and np.isnan(found.low[2]) and found.tail[2] == 1


@pytest.mark.parametrize("wrong", [([6], [5], [9], [20]), ([5], [6], [4], [20]), ([1], [3], [19], [20])])
def test_a_part_larger_than_its_whole_is_refused(wrong):
    with pytest.raises(ValueError, match="larger than its whole"):
        enrichment.beside_rest(*wrong)


@pytest.mark.parametrize(("hits", "cases", "share"), [(0, 10, 0.1), (5, 10, 0.1), (10, 10, 0.25), (228, 1076, 1 / 12)])
def test_beside_an_even_spread_tail_and_limits_are_scipys(hits, cases, share):
    found = enrichment.beside_even([hits], [cases], [share])
    exact = stats.binomtest(hits, cases, share, alternative="greater").pvalue
    limits = stats.binomtest(hits, cases).proportion_ci(0.95, "exact")
    assert found.tail[0] == pytest.approx(exact, rel=1e-9, abs=1e-300)
    assert (found.low[0] * share, found.high[0] * share) == pytest.approx((limits.low, limits.high))
    assert found.ratio[0] == pytest.approx(hits / (cases * share))


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_share_must_leave_room(share):
    with pytest.raises(ValueError, match="between 0 and 1"):
        enrichment.beside_even([1], [2], [share])


@pytest.mark.parametrize(("observed", "expected", "variance"), [(0, 2.0, 0.4), (3, 0.7, 1.2), (9, 2.5, 0.3), (40, 5.0, 0.9)])
def test_beside_the_norm_counts_are_poisson_of_gamma_ratios(observed, expected, variance):
    """The tail integrated over the ratios, not by the negative binomial."""
    ratio = stats.gamma(1 / variance, scale=variance)
    mixed = integrate.quad(lambda x: stats.poisson.sf(observed - 1, expected * x) * ratio.pdf(x), 0, np.inf, limit=200)[0]
    found = enrichment.beside_norm(np.array([observed]), np.array([expected]), variance)
    assert found[0] == pytest.approx(mixed, rel=1e-6)


def test_beside_no_norm_nothing_is_said_and_units_must_differ():
    assert np.isnan(enrichment.beside_norm(np.array([1]), np.array([0.0]), 0.5)).all()
    with pytest.raises(ValueError, match="must be positive"):
        enrichment.beside_norm(np.array([1]), np.array([1.0]), 0.0)
