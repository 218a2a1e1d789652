"""The city's average wage and the wages that contributions and benefits are counted on, all in yuan a month."""
import numpy as np
from numpy.typing import ArrayLike

from pipelines.simulate.draws import Array, year_of

AVERAGE_2025 = 7694.0
"""Wage base of Hunan's 2025 benefit calculator (FACTS section 5)."""
GROWTH = 1.04
CONTRIBUTION_SHARE = 0.70
"""Declared contribution wages lie well below the statistical average."""
SPREAD = 0.22


def average_wage(year: ArrayLike) -> Array:
    """The pool's average monthly wage of a year."""
    return AVERAGE_2025 * GROWTH ** (np.asarray(year) - 2025.0)


def contribution_wage(factor: Array, month: ArrayLike) -> Array:
    """Mean contribution wage of enterprises with these wage factors; the base is reset every July."""
    year = year_of(np.asarray(month) - 6)
    average = average_wage(year)
    return np.clip(average * CONTRIBUTION_SHARE * factor, 0.6 * average, 3 * average)


def own_wage(factor: Array, year: Array, normal: Array) -> Array:
    """本人工资 of injured persons: within 60 to 300 % of the average wage."""
    average = average_wage(year)
    return np.clip(average * CONTRIBUTION_SHARE * factor * np.exp(SPREAD * normal), 0.6 * average, 3 * average)
