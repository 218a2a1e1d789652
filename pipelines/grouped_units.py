"""Groups of units (industries, streets, parks) beside the common level: what was expected and observed, the group's own ratio.

Belongs here: the arithmetic of a group. Which kinds of groups there are and what is said of them is group_targets.py.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.stats import shrinkage

SMALL_BANDS = ("under_20", "20_49")
SMALL = 50
TAIL = 0.1
"""What lies beyond either limit of a ratio's interval."""
# A zone that is named by its kind alone is another one in every county.
KIND_ALONE = re.compile(
    "(经济技术|高新技术产业|高新技术|高新|经开|综合保税|工业|产业|科技|物流|创业|软件)?(开发区|保税区|集聚区|园区|园|区)")


class Units(NamedTuple):
    """The units of target_unit.sql that are open and have heads, by number; arrays over units."""

    table: pa.Table
    injuries: np.ndarray
    person_years: np.ndarray
    ahead: np.ndarray
    norm_injuries: np.ndarray
    norm_ahead: np.ndarray
    excess: np.ndarray
    is_small: np.ndarray

    def text(self, name: str) -> np.ndarray:
        """A column of texts, None where unknown."""
        return self.table[name].to_numpy(zero_copy_only=False)

    def taken(self, rows: np.ndarray) -> "Units":
        """Some of the units, by their places or a mask."""
        places = np.arange(self.table.num_rows)[rows]
        return Units(self.table.take(pa.array(places, pa.int64())), *(column[rows] for column in self[1:]))


def units(table: pa.Table) -> Units:
    """Reads target_unit.sql. Small = under 50 heads now and on average before."""
    table = table.filter(pc.and_(pc.greater(table["person_years_ahead"], 0), pc.invert(table["is_cancelled"])))
    table = table.sort_by("enterprise_id")
    used, years, ahead, norm, norm_ahead, excess = (
        pc.cast(table[name], pa.float64()).to_numpy(zero_copy_only=False) for name in (
            "person_years_used", "years_used", "person_years_ahead", "norm_pct", "norm_injuries", "excess_injuries"))
    band = table["size_band"].to_numpy(zero_copy_only=False)
    is_small = np.isin(band.astype(str), SMALL_BANDS) & (used < SMALL * years)
    injuries = table["injuries_used"].to_numpy().astype(np.int64)
    return Units(table, injuries, used, ahead, used * norm / 100, norm_ahead, excess, is_small)


class Level(NamedTuple):
    """What the common level gives each unit: injuries over the years used and in the coming year."""

    used: np.ndarray
    ahead: np.ndarray


def level_of_size(found: Units) -> Level:
    """The common level of all given units of the same size band, whatever their industry."""
    _, band = np.unique(found.text("size_band").astype(str), return_inverse=True)
    rate = np.bincount(band, found.injuries) / np.bincount(band, found.person_years)
    return Level(found.person_years * rate[band], found.ahead * rate[band])


def level_of_norm(found: Units) -> Level:
    """The norm of industry and size, scaled so that all given units together have what is observed."""
    whole = found.norm_injuries.sum()
    scale = found.injuries.sum() / whole if whole > 0 else 1.0
    return Level(found.norm_injuries * scale, found.norm_ahead * scale)


class Groups(NamedTuple):
    """Arrays over the groups that hold enough units, and how many groups were left out."""

    key: np.ndarray
    units: np.ndarray
    person_years: np.ndarray
    observed_cases: np.ndarray
    expected_cases: np.ndarray
    ratio: np.ndarray
    ratio_low: np.ndarray
    ratio_high: np.ndarray
    excess_injuries: np.ndarray
    summed_excess_injuries: np.ndarray
    left_out: int


def groups(found: Units, key: np.ndarray, level: Level, least_units: int) -> Groups:
    """The groups by `key` (None = in none) beside the common level, each ratio drawn to 1 by how little is known of it.

    Excess = (ratio − 1) × what the common level gives in the coming year. Left-out groups still take part in the variance.
    """
    has_key = np.array([one is not None for one in key], bool)
    names, index = np.unique(key[has_key].astype(str), return_inverse=True)

    def summed(values: np.ndarray) -> np.ndarray:
        return np.bincount(index, values[has_key], len(names))

    number, observed, expected = np.bincount(index, minlength=len(names)), summed(found.injuries), summed(level.used)
    known = shrinkage.shrink(observed, expected, shrinkage.between(observed.astype(np.int64), expected))
    kept = number >= least_units
    columns = (names.astype(object), number, summed(found.person_years), observed.astype(np.int64), expected, known.mean,
               known.quantile(TAIL), known.quantile(1 - TAIL), (known.mean - 1) * summed(level.ahead), summed(found.excess))
    return Groups(*(column[kept] for column in columns), left_out=int((~kept).sum()))


def street_keys(found: Units) -> np.ndarray:
    """County and street of each unit, None where no street is known."""
    return _keys(found.text("region_code"), found.text("street"), lambda region, street: region)


def park_keys(found: Units) -> np.ndarray:
    """City (or county, for a park that is named by its kind alone) and park of each unit, None where it lies in none."""
    return _keys(found.text("region_code"), found.text("park"),
                 lambda region, park: region if KIND_ALONE.fullmatch(park) else region[:4])


def _keys(regions: Iterable[str | None], names: Iterable[str | None], place) -> np.ndarray:
    made = [f"{place(region or '', name)} {name}".strip() if name else None for region, name in zip(regions, names, strict=True)]
    return np.array(made, object)
