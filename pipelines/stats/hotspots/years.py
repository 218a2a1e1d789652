"""How many accidents a site will have next year if nothing is done, and since when it has had too many.

Belongs here: counts by year. Sources: the predictive count of a Gamma–Poisson is negative binomial (Clayton & Kaldor 1987); sites
are chosen for their counts, which fall back the year after whatever is done (Hauer 1997, regression to the mean); a change is put
where it is most likely, as Hinkley & Hinkley (1970, Biometrika 57, 477–488) do for binomial counts.
"""

from typing import NamedTuple

import numpy as np
from scipy import stats

from pipelines.stats.hotspots.cover import Sites
from pipelines.stats.hotspots.density import HALF_LIFE
from pipelines.stats.hotspots.judgement import Evidence

YEARLY = 0.01
"""Relative variance of a single year that strikes a whole city: a tenth either way."""
TAIL = 0.05
"""What lies beyond either limit of the 90 % intervals."""


class Forecast(NamedTuple):
    """Arrays over sites.

    expected  accidents in the coming year without any measure, and its 90 % prediction limits, whole numbers
    change    expected over the mean yearly count of the history, less 1: what no measure has earned; NaN without any count
    """

    expected: np.ndarray
    low: np.ndarray
    high: np.ndarray
    change: np.ndarray


def forecast(sites: Sites, found: Evidence, by_year: np.ndarray, total_by_year: np.ndarray) -> Forecast:
    """Accidents of the coming year at each site.

    by_year        accidents at each site and year, the oldest year first, shape (sites, years), each in one site only (site_of)
    total_by_year  located accidents of the whole area, shape (years,); years that lack late claims are to be completed before
    The area's yearly number, a year weighing half after HALF_LIFE years, times the mass of the disc. The limits are those of a
    negative binomial count whose mean is as uncertain as the site's ratio (shape + accidents) and is struck by the year.
    Raises ValueError when shapes differ or there is no year.
    """
    years = len(total_by_year)
    if not years or by_year.shape != (len(sites.mass), years):
        raise ValueError(f"by_year must have the shape ({len(sites.mass)}, {years}) of sites and years, got {by_year.shape}")
    expected = sites.mass * np.average(total_by_year, weights=0.5 ** (np.arange(years)[::-1] / HALF_LIFE))
    spread = 1 / (found.shape + found.accidents) + YEARLY
    low, high = (stats.nbinom.ppf(part, 1 / spread, 1 / (1 + spread * expected)) for part in (TAIL, 1 - TAIL))
    usual = by_year.mean(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where(usual > 0, expected / usual - 1, np.nan)
    return Forecast(expected, low, high, change)


def since(by_year: np.ndarray, background: np.ndarray, ratio: np.ndarray) -> np.ndarray:
    """The index of the year from which each site runs above its background; -1 where no year speaks for it.

    by_year  accidents at each site and year, the oldest first; background  of the same shape; ratio  of each site to it
    The year from which on the counts speak most, all years since taken together, for that ratio and against none; the earlier of
    two alike. Raises ValueError when shapes differ.

    >>> since(np.array([[1, 1, 4, 6, 5]]), np.full((1, 5), 1.2), np.array([3.5])).tolist()
    [2]
    """
    if by_year.shape != background.shape or ratio.shape != by_year.shape[:1]:
        raise ValueError(f"shapes differ: counts {by_year.shape}, background {background.shape}, ratios {ratio.shape}")
    above = np.maximum(ratio, 1.0)[:, None]
    speaks = by_year * np.log(above) - (above - 1) * background
    together = speaks[:, ::-1].cumsum(axis=1)[:, ::-1]
    first = together.argmax(axis=1)
    return np.where(np.take_along_axis(together, first[:, None], axis=1)[:, 0] > 0, first, -1)
