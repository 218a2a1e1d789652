"""How sure a unit's place on its list is: expected rank, its limits, the probability of belonging.

Belongs here: what the lists ask of a ranking, region by region. The ranking itself is statistics.
"""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.stats import ranking
from pipelines.stats.posterior import Posterior

THREADS = 2
"""Regions that are ranked side by side; each has its own seed."""


class Certainty(NamedTuple):
    """Over the units given, float arrays; NaN where it is not worked.

    expected_rank, rank_low, rank_high  expected rank by true excess, and its 80 % limits
    listed_probability                  that the unit's true excess is among the `places` largest of those given
    """

    expected_rank: np.ndarray
    rank_low: np.ndarray
    rank_high: np.ndarray
    listed_probability: np.ndarray


class Ranking(Protocol):
    """Ranks the units of one list region that may be listed.

    units  their rows of candidate.sql, with the columns of enterprise_outlook; places  of the list; seed  the same in every run
    """

    def __call__(self, units: pa.Table, places: int, seed: int) -> Certainty: ...


def by_excess(units: pa.Table, places: int, seed: int) -> Certainty:
    """Ranks by the excess that the units' posteriors leave open (stats/ranking.py); units without exposure have none."""
    ahead, ratio, shape = (_numbers(units, name) for name in ("norm_injuries", "posterior_ratio", "posterior_shape"))
    has = np.flatnonzero((ahead > 0) & (ratio > 0))
    found = Certainty(*(np.full(units.num_rows, np.nan) for _ in Certainty._fields))
    if len(has):
        ranks = ranking.rank(ahead[has], Posterior(shape[has], shape[has] / ratio[has]), places, seed)
        for values, part in zip(found, (ranks.expected, ranks.low, ranks.high, ranks.probability), strict=True):
            values[has] = part
    return found


def _numbers(units: pa.Table, name: str) -> np.ndarray:
    return np.nan_to_num(pc.cast(units[name], pa.float64()).to_numpy(zero_copy_only=False))


def of_regions(table: pa.Table, group: np.ndarray, is_able: np.ndarray, places: int, ranking: Ranking) -> Certainty:
    """The certainty of every unit's place within its list region; NaN for those that may not be listed.

    table  candidate.sql; group  index of each unit's list region; is_able  who entered and is kept out by nothing of its own
    """
    whole = Certainty(*(np.full(len(group), np.nan) for _ in Certainty._fields))
    members = [np.flatnonzero((group == region) & is_able) for region in range(int(group.max(initial=-1)) + 1)]

    def ranked(region: int) -> Certainty:
        return ranking(table.take(pa.array(members[region])), places, region)

    with ThreadPoolExecutor(THREADS) as pool:
        for there, found in zip(members, pool.map(ranked, range(len(members))), strict=True):
            for values, part in zip(whole, found, strict=True):
                values[there] = part
    return whole
