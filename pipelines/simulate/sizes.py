"""Insured staff per enterprise, in the bands of `calib_enterprise_size` and with the mean that was asked for.

The published bands imply a mean of about 31. For another mean the share of units in a band is tilted by its mean
size to a power, so the shape inside a band stays as published.
"""
import re
from functools import cache

import numpy as np

from pipelines.simulate import calibration
from pipelines.simulate.draws import Array, choose

PUBLISHED_MEAN = 31.3
LARGEST = 8000


@cache
def bands() -> tuple[Array, Array, Array, Array]:
    """Lower and upper bound (upper excluded), unit share and mean size of each band, all of shape (6,)."""
    name = "calib_enterprise_size"
    low = np.array([int(re.split(r"[-+]", band)[0]) for band in calibration.texts(name, "insured_band")])
    high = np.append(low[1:], LARGEST)
    share = calibration.numbers(name, "share_of_units_pct") / 100
    mean = PUBLISHED_MEAN * calibration.numbers(name, "share_of_insured_pct") / 100 / share
    return low, high, share, mean


def band_weights(mean_staff: float) -> Array:
    """The share of units in each band that makes the mean size `mean_staff`; raises ValueError out of reach."""
    _, _, share, mean = bands()
    if not mean[0] < mean_staff < mean[-1]:
        raise ValueError(f"staff_per_enterprise must lie between {mean[0]:.1f} and {mean[-1]:.0f}: {mean_staff}")
    low, high, weights = -8.0, 8.0, share
    for _ in range(60):
        power = (low + high) / 2
        weights = share * mean**power
        low, high = (power, high) if weights @ mean / weights.sum() < mean_staff else (low, power)
    return weights / weights.sum()


def quota_sizes(count: int, mean_staff: float) -> Array:
    """Ascending sizes that fill the bands exactly and each band evenly, so that small cities keep the mean."""
    weights = band_weights(mean_staff)
    edges = np.round(np.cumsum(weights) * count).astype(int)
    quota = np.diff(np.concatenate([[0], edges]))
    return np.concatenate([_quantiles(band, (np.arange(size) + 0.5) / max(size, 1))
                           for band, size in enumerate(quota)])


def draw_sizes(weights: Array, u_band: Array, u_size: Array, largest: int) -> Array:
    """Sizes for uniform draws, none above `largest`."""
    band = choose(weights, u_band)
    size = np.zeros(len(u_band), np.int64)
    for index in range(len(weights)):
        size[band == index] = _quantiles(index, u_size[band == index])
    return np.minimum(size, largest)


def _quantiles(band: int, u: Array) -> Array:
    """Whole sizes at the quantiles `u` of the truncated Pareto law with the band's published mean."""
    low, high, _, mean = bands()
    power = _power(int(low[band]), int(high[band]), float(mean[band]))
    return np.floor(_pareto(int(low[band]), int(high[band]), power, u)).astype(np.int64)


@cache
def _power(low: int, high: int, mean: float) -> float:
    grid = (np.arange(1000) + 0.5) / 1000
    steep, flat = 12.0, -12.0
    for _ in range(50):
        power = (steep + flat) / 2
        is_small = np.floor(_pareto(low, high, power, grid)).mean() < mean
        steep, flat = (power, flat) if is_small else (steep, power)
    return (steep + flat) / 2


def _pareto(low: int, high: int, power: float, u: Array) -> Array:
    exponent = 1 - power if abs(1 - power) > 1e-9 else 1e-9
    return (low**exponent + u * (float(high) ** exponent - low**exponent)) ** (1 / exponent)
