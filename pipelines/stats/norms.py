"""The norm: injuries per person-year of the typical unit of an industry and size.

Belongs here: multiplicative norms over a tree of industries and bands of size, with damping of giants and credibility for
small cells. How a unit differs from its norm is dispersion.py and posterior.py.

Source of the method: iterative proportional fitting of a multiplicative tariff with credibility for each relativity (Bailey
1963; Bühlmann & Gisler 2005, chapter 4); weights and constants were chosen on a real panel (docs/methods.md).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

SIZE_EDGES = np.array([20.0, 50.0, 100.0, 250.0, 1000.0])
"""Lower limits of the bands of size but the first, in persons."""
MOST_PERSON_YEARS = 60.0
"""A row weighs at most what so many person-years at the mean rate expect, so that no giant sets its own norm."""
INDUSTRY_CREDIBILITY = 12.0
SIZE_CREDIBILITY = 6.0
"""Expected injuries at which a factor stands halfway between 1 and what was observed."""
GIVEN_WEIGHT = 4.0
"""Own injuries that one injury behind a given norm holds against: what holds elsewhere too is the norm, what is only so here
is the excess to be found. Chosen on a real panel; 2 to 8 do about as well."""
GIVEN_SIZE_WEIGHT = 1 / 60
"""The same for the factor of a band of size, per injury behind all norms given."""
ROUNDS = 6


class Given(NamedTuple):
    """Norms to begin with, of a province or another city.

    rates   per person-year, of the shape of the person-years
    weight  per level of the industry tree, the expected injuries behind each key's norm, indexed by that level's keys
    whole   the expected injuries behind all of them
    """

    rates: np.ndarray
    weight: tuple[np.ndarray, ...]
    whole: float


class Norms(NamedTuple):
    """What was fitted.

    expected      injuries expected by the norm, shape (units, years); 0 without exposure
    base          the common factor, per person-year (or of the norms given)
    industry      one array of factors per level, indexed by that level's keys
    size          factors of the bands of size
    information   per level, the weighted expected injuries behind each factor
    """

    expected: np.ndarray
    base: float
    industry: tuple[np.ndarray, ...]
    size: np.ndarray
    information: tuple[np.ndarray, ...]

    def rate(self, keys: Sequence[np.ndarray], band: np.ndarray, start: np.ndarray | None = None) -> np.ndarray:
        """The norm per person-year of units with these keys and bands, both of shape (units,); `start` = their given rates."""
        rates = self.base * _of(self.size, band) * (1.0 if start is None else start)
        for factors, key in zip(self.industry, keys, strict=True):
            rates = rates * _of(factors, key)
        return rates


def size_bands(persons: np.ndarray) -> np.ndarray:
    """The band of size of each number of persons, integers 0 … 5.

    >>> size_bands(np.array([19.0, 20.0, 999.0, 1000.0])).tolist()
    [0, 1, 4, 5]
    """
    return np.searchsorted(SIZE_EDGES, persons, side="right")


def fit(person_years: np.ndarray, injuries: np.ndarray, keys: Sequence[np.ndarray], bands: np.ndarray,
        given: Given | None = None) -> Norms:
    """Norms by industry and size from all units and years together.

    person_years  shape (units, years); rows without a positive finite exposure are left out
    injuries      counts, same shape
    keys          per level of the industry tree, the outermost first, integers of shape (units,), -1 = not known at that level
    bands         integers of person_years' shape (size_bands)
    given         norms to begin with, which what was observed has to outweigh; without, the mean rate
    Raises ValueError when shapes differ or no row has exposure.
    """
    if injuries.shape != person_years.shape or bands.shape != person_years.shape:
        raise ValueError("person_years, injuries and bands must have the same shape")
    used = np.flatnonzero(np.isfinite(person_years.ravel()) & (person_years.ravel() > 0))
    if not used.size:
        raise ValueError("no row has exposure")
    unit = used // person_years.shape[1]
    exposure, observed = person_years.ravel()[used], injuries.ravel()[used].astype(float)
    mean = max(observed.sum(), 0.5) / exposure.sum()
    places = [key[unit] for key in keys] + [bands.ravel()[used]]
    rates = np.full(len(used), mean) if given is None else given.rates.ravel()[used]
    expected, base, factors, weight = _fitted(exposure * rates, observed, places, _credibility(keys, given), mean)
    information = [_sums(place, weight * expected, len(factor)) for place, factor in zip(places, factors, strict=True)]
    full = np.zeros(person_years.size)
    full[used] = expected
    first = base * (mean if given is None else 1.0)
    return Norms(full.reshape(person_years.shape), first, tuple(factors[:-1]), factors[-1], tuple(information[:-1]))


def _credibility(keys: Sequence[np.ndarray], given: Given | None) -> list[np.ndarray]:
    """Of each factor of each level and of the bands of size: the expected injuries at which it stands halfway."""
    sizes = [int(key.max(initial=-1)) + 1 for key in keys]
    behind = [np.zeros(size) for size in sizes] if given is None else given.weight
    industry = [INDUSTRY_CREDIBILITY + GIVEN_WEIGHT * weight for weight in behind]
    size = SIZE_CREDIBILITY + GIVEN_SIZE_WEIGHT * (given.whole if given else 0.0)
    return [*industry, np.full(len(SIZE_EDGES) + 1, size)]


def _fitted(expected: np.ndarray, observed: np.ndarray, places: list[np.ndarray], credibility: list[np.ndarray], mean: float):
    """Expected injuries after all rounds, the common factor, the factors of each place and the last weights."""
    base, weight = 1.0, np.ones(len(observed))
    factors = [np.ones(len(halfway)) for halfway in credibility]
    for _ in range(ROUNDS):
        weight = 1 / (1 + expected / (mean * MOST_PERSON_YEARS))
        change = max((weight * observed).sum(), 0.5) / (weight * expected).sum()
        base, expected = base * change, expected * change
        for number, (place, halfway) in enumerate(zip(places, credibility, strict=True)):
            plain = expected / _of(factors[number], place)
            seen, wanted = (_sums(place, weight * values, len(halfway)) for values in (observed, plain))
            factors[number] = (seen + halfway) / (wanted + halfway)
            expected = plain * _of(factors[number], place)
    return expected, base, factors, weight


def _of(factors: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Each row's factor; 1 where the place is not known."""
    return np.append(factors, 1.0)[place]


def _sums(place: np.ndarray, values: np.ndarray, size: int) -> np.ndarray:
    known = place >= 0
    return np.bincount(place[known], values[known], size)
