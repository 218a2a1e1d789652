"""The seam between lists and ranking: who is ranked, region by region, and where the figures go."""

import numpy as np
import pyarrow as pa

from pipelines.targeting.certainty import Certainty, of_regions, unknown
from tests.unit.cities import by_excess, city

UNITS = by_excess(A=4, B=3, C=2, D=1)


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


def test_a_ranking_that_knows_nothing():
    assert np.isnan(np.stack(unknown(city(**UNITS).table, 2, 0))).all()
    none = city()
    assert len(of_regions(none.table, none.region[1], np.zeros(0, bool), 2, by_place).rank_low) == 0
