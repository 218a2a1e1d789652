"""The seam between lists and ranking: who is ranked, region by region, and where the figures go."""

from typing import Any

import numpy as np
import pyarrow as pa

from pipelines.targeting.certainty import Certainty, by_excess, of_regions
from tests.unit import cities
from tests.unit.cities import city

UNITS = cities.by_excess(A=4, B=3, C=2, D=1)


def by_place(units: pa.Table, places: int, seed: int) -> Certainty:
    """Says of each unit where it stands in what was given, and how much was given."""
    order = np.arange(units.num_rows) + 1.0
    return Certainty(order, order * 10, order * 100, np.full(units.num_rows, places + seed / 10))


def test_each_region_is_ranked_alone_among_those_who_may_be_listed():
    facts = city(**{unit: {**said, "region_code": region} for (unit, said), region in zip(UNITS.items(), "1212", strict=True)})
    able = np.array([False, True, True, True])
    found = of_regions(facts.table, facts.region[1], able, 2, by_place)
    assert np.array_equal(found.expected_rank, [np.nan, 1, 1, 2], equal_nan=True)
    assert np.array_equal(found.rank_high, [np.nan, 100, 100, 200], equal_nan=True)
    assert np.array_equal(found.listed_probability, [np.nan, 2.1, 2.0, 2.1], equal_nan=True)


def test_what_the_posteriors_leave_open_is_said_and_a_unit_without_exposure_has_no_rank():
    """Excesses of 20, 10 and −5 known within a thirtieth of each ratio: the first is the first as good as surely."""
    sure = {"norm_injuries": 10.0, "posterior_shape": 900.0}
    ratios = {"A": 3.0, "B": 2.0, "C": 0.5}
    units: dict[str, Any] = {unit: {**sure, "posterior_ratio": ratio} for unit, ratio in ratios.items()}
    found = by_excess(city(**units, D={"norm_injuries": 0.0}).table, 1, 0)
    assert np.allclose(found.listed_probability[:3], [1, 0, 0], atol=0.01)
    assert np.allclose(found.expected_rank[:3], [1, 2, 3], atol=0.05)
    assert found.rank_low[:3].tolist() == found.rank_high[:3].tolist() == [1, 2, 3]
    assert all(np.isnan(values[3]) for values in found)


def test_a_region_without_units():
    none = city()
    assert len(of_regions(none.table, none.region[1], np.zeros(0, bool), 2, by_place).rank_low) == 0
