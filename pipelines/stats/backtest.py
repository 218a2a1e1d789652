"""What a list made with last year's knowledge would have caught of this year's injuries.

Belongs here: scoring an order of units against what happened. Which orders there are is decided by the caller.
Source of the yardstick: injuries above the norm of the outcome year, since only these can be prevented (docs/methods.md).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

SMALL = 20.0


class Caught(NamedTuple):
    """What a rule's lists hold, summed over regions.

    places      places that were filled
    injuries    injuries of those listed
    excess      of these, injuries above the norm of the outcome year
    predicted   injuries that the model had expected of those listed
    small       places of units with fewer than 20 person-years
    """

    places: int
    injuries: float
    excess: float
    predicted: float
    small: int


def best(scores: Sequence[np.ndarray], region: np.ndarray, eligible: np.ndarray, places: int | np.ndarray) -> np.ndarray:
    """The units on each region's list: the first `places` by the scores (largest first, weightiest score first).

    scores    floats over units; NaN = never listed
    region    integers 0 … R-1 over units; eligible  booleans
    places    of every region, or integers over the regions
    Returns indices, region by region; units that share all scores come in their given order.
    """
    fine = eligible & np.isfinite(scores[0])
    order = np.lexsort((*(-np.nan_to_num(score, nan=-np.inf) for score in reversed(scores)), region))
    order = order[fine[order]]
    sizes = np.bincount(region[order], minlength=int(region.max(initial=-1)) + 1)
    place = np.arange(len(order)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return order[place < np.broadcast_to(places, len(sizes))[region[order]]]


def caught(listed: np.ndarray, injuries: np.ndarray, excess: np.ndarray, predicted: np.ndarray, size: np.ndarray) -> Caught:
    """What happened to those listed.

    listed  indices; injuries, excess  of the outcome year; predicted  before it; size  person-years when listed
    """
    return Caught(len(listed), float(injuries[listed].sum()), float(excess[listed].sum()), float(predicted[listed].sum()),
                  int((size[listed] < SMALL).sum()))
