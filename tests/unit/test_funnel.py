"""The funnel: limits against Garwood's printed ones and by counting, who lies beyond, which units are shown one by one."""

import numpy as np
import pyarrow as pa
import pytest
from scipy import stats

from pipelines import funnel
from pipelines.stats import poisson
from pipelines.stats.funnel import beyond, control_limits, gathered

# Count -> 95 % limits of a Poisson mean, as printed in standard tables (Garwood 1936; Ulm 1990).
PUBLISHED = {1: (0.0253, 5.572), 5: (1.6235, 11.668), 10: (4.795, 18.390), 50: (37.111, 65.919)}


@pytest.mark.parametrize("count", PUBLISHED)
def test_a_unit_on_the_curve_has_the_common_rate_as_a_published_limit(count):
    rate, (low, high) = 0.02, PUBLISHED[count]
    limits = control_limits(rate, 10_000, 0.95)
    for curve, mean in ((limits.high, low), (limits.low, high)):
        drawn = np.interp(np.log(mean / rate), np.log(curve.exposure), curve.rate)
        assert drawn == pytest.approx(count / (mean / rate), rel=0.01)


def test_the_curves_narrow_and_stay_on_their_sides():
    low, high = control_limits(0.004, 20_000, 0.998)
    assert (np.diff(high.rate) < 0).all() and (high.rate > 0.004).all() and high.exposure[-1] <= 20_000
    assert (np.diff(low.rate) > 0).all() and (low.rate < 0.004).all() and low.rate[0] == 0


def test_beyond_is_told_by_the_tail_and_agrees_with_the_interval():
    rng = np.random.default_rng(5)
    exposure, counts = rng.uniform(5, 4000, 3000), rng.poisson(rng.uniform(0, 40, 3000))
    found = beyond(0.01, counts, exposure, 0.95)
    mean = 0.01 * exposure
    above, below = stats.poisson.sf(counts - 1, mean) < 0.025, stats.poisson.cdf(counts, mean) < 0.025
    assert found.tolist() == (above.astype(int) - below.astype(int)).tolist() and {-1, 0, 1} == set(found.tolist())
    low, high = poisson.garwood(counts)
    assert ((low > mean) == (found == 1)).all() and ((high < mean) == (found == -1)).all()


def test_about_one_in_five_hundred_lies_beyond_by_chance():
    rng = np.random.default_rng(1)
    exposure = rng.uniform(2000, 20_000, 50_000)
    share = (beyond(0.01, rng.poisson(0.01 * exposure), exposure, 0.998) != 0).mean()
    assert 0.001 < share <= 0.0023


@pytest.mark.parametrize("impossible", [(0.0, 10.0, 0.95), (0.1, 0.0, 0.95), (0.1, 10.0, 1.0)])
def test_impossible_limits_are_refused(impossible):
    with pytest.raises(ValueError, match="must be positive"):
        control_limits(*impossible)


def test_points_are_counted_by_cells():
    cells = gathered(np.array([0.5, 0.6, 1.5, 9.0]), np.array([0.1, 0.2, 0.1, -3.0]), np.array([0, 1, 2]), np.array([0, 0.5, 1]))
    assert list(zip(*(part.tolist() for part in cells), strict=True)) == [(0.5, 0.25, 2), (1.5, 0.25, 2)]
    with pytest.raises(ValueError, match="two edges"):
        gathered(np.zeros(1), np.zeros(1), np.zeros(1), np.zeros(2))


def risk(*rows: tuple) -> pa.Table:
    names = ("enterprise_id", "enterprise_name", "period", "injuries", "person_years", "rate_pct")
    return pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows])


ROWS = risk(("A", "甲厂", "last_year", 20, 100.0, 20.0), ("B", None, "last_year", 1, 100.0, 1.0),
            ("C", "丙厂", "last_year", 0, 0.5, 0.0), ("D", "丁厂", "last_year", 3, None, None),
            ("A", "甲厂", "last_3_years", 1, 9.0, 11.1))


def test_every_unit_of_a_small_city_is_shown():
    found = funnel.of_city(ROWS, "last_year", 1.0, ())
    assert [(unit.enterprise_id, unit.name) for unit in found.units] == [("A", "甲厂"), ("B", "B"), ("C", "丙厂")]
    assert (found.enterprises, found.above, found.below, found.top_pct, found.cells) == (3, 1, 0, 10.0, ())
    assert [limit.confidence for limit in found.limits] == [0.95, 0.95, 0.998, 0.998]


@pytest.mark.parametrize("rate", [None, 0.0])
def test_without_a_rate_there_is_no_funnel(rate):
    assert funnel.of_city(ROWS, "last_year", rate, ()).enterprises == 0
    assert funnel.of_city(ROWS.slice(0, 0), "last_year", 1.0, ()).units == ()


def test_a_large_city_shows_the_wanted_and_those_beyond_and_counts_the_rest(monkeypatch):
    monkeypatch.setattr(funnel, "MOST_UNITS", 3)
    many = risk(*((f"U{n}", "厂", "last_year", 0, 50.0 + n, 0.0) for n in range(20)), ("A", "甲厂", "last_year", 20, 100.0, 20.0),
                ("B", "乙厂", "last_year", 9, 90.0, 10.0))
    found = funnel.of_city(many, "last_year", 1.0, {"U7"})
    assert {unit.enterprise_id for unit in found.units} == {"A", "B", "U7"}
    assert sum(count for _, _, count in found.cells) == 19 and {y for _, y, _ in found.cells} == {0.0}
    monkeypatch.setattr(funnel, "MOST_BEYOND", 1)
    assert {unit.enterprise_id for unit in funnel.of_city(many, "last_year", 1.0, ()).units} == {"A"}
