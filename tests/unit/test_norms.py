"""Norms of typical units: known rates come back, giants do not set them, small cells are drawn to their parents."""

import numpy as np
import pytest

from pipelines.stats import norms

ONE_BAND = np.zeros((400, 1), int)


def city(rates: list[float], units: int = 200, years: float = 50.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Person-years, injuries exactly as expected, and the industry of each unit."""
    key = np.repeat(np.arange(len(rates)), units)
    exposure = np.full((len(key), 1), years)
    return exposure, exposure * np.array(rates)[key][:, None], key


def test_two_industries_get_their_own_rates():
    exposure, injuries, key = city([0.01, 0.04], units=4000)
    fitted = norms.fit(exposure, injuries, [key], norms.size_bands(exposure))
    assert fitted.expected[[0, -1], 0] == pytest.approx([0.5, 2.0], rel=0.02)
    assert fitted.rate([key], norms.size_bands(exposure[:, 0]))[[0, -1]] == pytest.approx([0.01, 0.04], rel=0.02)


def test_the_norms_add_up_to_what_was_observed():
    rng = np.random.default_rng(3)
    exposure = rng.lognormal(3, 1, (500, 2))
    key = rng.integers(0, 6, 500)
    injuries = rng.poisson(exposure * np.array([0.01, 0.02, 0.03, 0.04, 0.05, 0.06])[key][:, None])
    fitted = norms.fit(exposure, injuries, [key], norms.size_bands(exposure))
    assert fitted.expected.sum() == pytest.approx(injuries.sum(), rel=0.05)


def test_a_giant_does_not_set_the_norm_of_its_industry():
    exposure, injuries, key = city([0.02])
    exposure[0], injuries[0] = 20000.0, 4000.0          # a rate of 20 % with twice the exposure of all others together
    bands = np.zeros_like(exposure, dtype=int)
    fitted = norms.fit(exposure, injuries, [key], bands)
    pooled = injuries.sum() / exposure.sum()
    assert fitted.rate([key], bands[:, 0])[5] < 0.03 < pooled


def test_an_industry_with_little_exposure_stays_near_its_parent():
    exposure, injuries, _ = city([0.02])
    division = np.zeros(len(exposure), int)
    group = np.where(np.arange(len(exposure)) == 7, 1, 0)
    injuries[7] = 5.0                                   # five where one was expected
    fitted = norms.fit(exposure, injuries, [division, group], norms.size_bands(exposure))
    assert 1.0 < fitted.industry[1][1] < 1.5
    assert fitted.information[1][1] == pytest.approx(1.0, rel=0.5)


def test_a_unit_of_unknown_industry_gets_the_rate_of_all():
    exposure, injuries, key = city([0.01, 0.04])
    fitted = norms.fit(exposure, injuries, [np.where(key == 1, -1, key)], norms.size_bands(exposure))
    assert fitted.rate([np.array([-1])], np.array([2])) == pytest.approx(fitted.base * fitted.size[2])


def given(rates: np.ndarray, weight: float) -> norms.Given:
    return norms.Given(rates, (np.full(2, weight),), 2 * weight)


def test_given_norms_are_where_it_begins():
    exposure, injuries, key = city([0.01, 0.04], units=2, years=5.0)
    start = given(np.array([0.01, 0.04])[key][:, None], 0.0)
    with_start = norms.fit(exposure, np.round(injuries), [key], norms.size_bands(exposure), start)
    without = norms.fit(exposure, np.round(injuries), [key], norms.size_bands(exposure))
    ratio = [fitted.expected[-1, 0] / fitted.expected[0, 0] for fitted in (with_start, without)]
    assert ratio[0] > 3 > 1.5 > ratio[1]                # four units know little of a ratio of four


def test_given_norms_hold_by_the_injuries_behind_them():
    """Both industries are given the mean rate and differ by four: 100 units of each, 50 and 200 injuries."""
    exposure, injuries, key = city([0.01, 0.04], units=100)
    bands = np.zeros_like(exposure, dtype=int)

    def ratio(weight: float) -> float:
        fitted = norms.fit(exposure, injuries, [key], bands, given(np.full_like(exposure, 0.025), weight))
        return fitted.expected[-1, 0] / fitted.expected[0, 0]

    held = [ratio(weight) for weight in (0.0, 100.0, 10_000.0)]
    assert 3 < held[0] < 4 and 1.1 < held[1] < 1.5 and 1.0 < held[2] < 1.02
    without = norms.fit(exposure, injuries, [key], bands).expected
    assert held[0] == pytest.approx(without[-1, 0] / without[0, 0])


def test_rows_without_exposure_count_for_nothing():
    exposure, injuries, key = city([0.02])
    holes = exposure.copy()
    holes[::2] = [[np.nan]]
    fitted = norms.fit(holes, injuries, [key], norms.size_bands(exposure))
    assert (fitted.expected[::2] == 0).all() and fitted.expected[1, 0] == pytest.approx(1.0, rel=0.02)


@pytest.mark.parametrize(("exposure", "injuries", "message"), [
    (np.zeros((3, 1)), np.zeros((3, 1)), "no row has exposure"),
    (np.ones((3, 1)), np.ones((3, 2)), "same shape"),
])
def test_what_cannot_be_fitted_is_refused(exposure, injuries, message):
    with pytest.raises(ValueError, match=message):
        norms.fit(exposure, injuries, [np.zeros(3, int)], np.zeros((3, 1), int))
