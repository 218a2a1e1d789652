"""Credibility: how much of a unit's own mean is believed beside the mean of all.

Source: Bühlmann & Straub 1970, with the unbiased estimators of Bühlmann & Gisler 2005, chapter 4.
"""

from typing import NamedTuple

import numpy as np


class Credibility(NamedTuple):
    """What was estimated.

    factor   credibility of each unit, 0 … 1, shape (units,)
    value    each unit's credible value: factor × own mean + (1 − factor) × collective
    collective, within, between  mean of all, variance within units (for weight 1), variance between units
    """

    factor: np.ndarray
    value: np.ndarray
    collective: float
    within: float
    between: float


def buhlmann_straub(values: np.ndarray, weights: np.ndarray) -> Credibility:
    """Credible values of units from what was observed in several years.

    values, weights  shape (units, years); where the weight is 0 or NaN nothing was observed
    Units without any weight get the collective value and factor 0. Raises ValueError when shapes differ or nothing was observed.
    """
    if values.shape != weights.shape:
        raise ValueError("values and weights must have the same shape")
    weight = np.where(np.isfinite(values) & np.isfinite(weights), weights, 0.0)
    if not (weight > 0).any():
        raise ValueError("nothing was observed")
    filled = np.where(weight > 0, values, 0.0)
    of_unit = weight.sum(axis=1)
    own = _divided((weight * filled).sum(axis=1), of_unit)
    years = (weight > 0).sum(axis=1)
    within = _share((weight * (filled - own[:, None]) ** 2).sum(), np.maximum(years - 1, 0).sum())
    return _credible(own, of_unit, within)


def from_single_values(values: np.ndarray, unit: np.ndarray, units: int) -> Credibility:
    """Credible means of units from single observations (the costs of cases).

    values  shape (cases,); unit  integers 0 … units-1 of the same shape
    Raises ValueError when there is no case.
    """
    if not len(values):
        raise ValueError("nothing was observed")
    count = np.bincount(unit, minlength=units).astype(float)
    own = _divided(np.bincount(unit, values, units), count)
    within = _share(((values - own[unit]) ** 2).sum(), np.maximum(count - 1, 0).sum())
    return _credible(own, count, within)


def _credible(own: np.ndarray, weight: np.ndarray, within: float) -> Credibility:
    total, seen = weight.sum(), (weight > 0).sum()
    mean = (weight * own).sum() / total
    scale = total - (weight**2).sum() / total
    between = max(0.0, _share((weight * (own - mean) ** 2).sum() - (seen - 1) * within, scale))
    factor = _divided(weight * between, weight * between + within)
    collective = (factor * own).sum() / factor.sum() if factor.sum() > 0 else mean
    return Credibility(factor, factor * own + (1 - factor) * collective, float(collective), within, between)


def _divided(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    return np.divide(top, bottom, out=np.zeros(len(top)), where=bottom > 0)


def _share(top: float, bottom: float) -> float:
    return float(top / bottom) if bottom > 0 else 0.0
