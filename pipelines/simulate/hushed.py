"""Enterprises that keep injuries to themselves: no application is ever made for most of theirs, and few notices are given.

Nobody is silent unless a share is asked for; who is silent is in the truth alone.
"""
import numpy as np

from pipelines.simulate.draws import Array, stream
from pipelines.simulate.injuries import Injuries
from pipelines.simulate.population import DIRECT, Population, Scale

LEAST_EXPECTED = 8.0
"""Expected injuries over the history of an enterprise that may be silent; of fewer nobody could tell."""
WITHHELD = 0.9
NOTIFIED = 0.4
"""Share of a silent enterprise's injuries that are withheld; share of these of which there is a notice all the same."""


def silent_enterprises(people: Population, scale: Scale) -> Array:
    """Which enterprises are silent, shape (n,): the city's share of the founders that expect enough injuries, at least one."""
    years = (scale.opening - scale.first + 1) / 12
    able = np.flatnonzero((people.joined == scale.first) & (people.kind == DIRECT)
                          & (people.rate * people.size * years >= LEAST_EXPECTED))
    count = max(1, round(scale.silent * len(able))) if scale.silent else 0
    result = np.zeros(len(people.size), bool)
    result[stream(scale.seed, "silent").permutation(able)[:count]] = True
    return result


def withheld(silent: Array, events: Injuries, scale: Scale) -> Array:
    """Which injuries never become a claim, shape of the injuries: most of those at silent workplaces."""
    result = np.zeros(len(events.month), bool)
    for month in np.unique(events.month):
        here = slice(*np.searchsorted(events.month, [month, month + 1]))
        result[here] = stream(scale.seed, "withheld", int(month)).random(here.stop - here.start) < WITHHELD
    return result & silent[events.host]
