"""How claims become known with time: the chain ladder.

Belongs here: how a triangle of cumulative counts grows from age to age, how complete each age is, what is still to come, each
with its error. Sources: Mack, T. (1993), Distribution-free calculation of the standard error of chain ladder reserve estimates,
ASTIN Bulletin 23, 213–225; for counts: Lawless, J. F. (1994), Adjustments for reporting delays and the prediction of occurred but
not reported events, Canadian Journal of Statistics 22, 15–31.
"""

from typing import NamedTuple

import numpy as np
from scipy import special


class Development(NamedTuple):
    """How the columns of a triangle grow to the next one; arrays of shape (ages - 1,).

    factor   what is known at the next age ÷ what is known at this one (Mack's f); inf where nothing is known yet
    sigma2   Mack's σ²: the variance of a factor is σ² ÷ earlier
    earlier  what is known at this age, summed over the origins seen at both ages; `later` at the next age
    origins  how many origins are seen at both ages
    """

    factor: np.ndarray
    sigma2: np.ndarray
    earlier: np.ndarray
    later: np.ndarray
    origins: np.ndarray


class Limits(NamedTuple):
    """Estimates with their lower and upper limits, float arrays of one shape."""

    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray


def chain_ladder(cumulative: np.ndarray) -> Development:
    """The development of a triangle, its errors as Mack (1993) estimates them.

    cumulative  counts or amounts, shape (origins, ages), not decreasing along a row; NaN where not seen (both corners may be)
    Raises ValueError for another shape, fewer than two ages, or an age that no origin is seen at together with the next.

    >>> chain_ladder(np.array([[10, 15.0], [20, 27], [30, np.nan]])).factor.tolist()
    [1.4]
    """
    if cumulative.ndim != 2 or cumulative.shape[1] < 2:
        raise ValueError("a triangle needs two dimensions and at least two ages")
    start, end = cumulative[:, :-1], cumulative[:, 1:]
    is_seen = np.isfinite(start) & np.isfinite(end)
    if not is_seen.any(axis=0).all():
        raise ValueError("every two neighbouring ages need an origin that is seen at both")
    earlier, later = (np.where(is_seen, part, 0.0).sum(axis=0) for part in (start, end))
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.where(later > earlier, later / earlier, 1.0)
    return Development(factor, _sigma2(start, end, is_seen, factor), earlier, later, is_seen.sum(axis=0))


def _sigma2(start: np.ndarray, end: np.ndarray, is_seen: np.ndarray, factor: np.ndarray) -> np.ndarray:
    """Mack's σ² of each age; where one origin alone is left, as Mack extrapolates it, 0 where there is nothing to go by."""
    is_used = is_seen & (start > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        squares = np.where(is_used, start * (end / start - factor) ** 2, 0.0).sum(axis=0)
    degrees = is_used.sum(axis=0) - 1
    sigma2 = np.where(degrees > 0, squares / np.maximum(degrees, 1), 0.0)
    for age in np.flatnonzero((degrees <= 0) & (np.arange(len(factor)) >= 2)):
        before, last = sigma2[age - 2], sigma2[age - 1]
        sigma2[age] = min(last**2 / before, before, last) if before > 0 else 0.0
    return sigma2


def of_counts(development: Development) -> Development:
    """The same with errors never below those of counts, where Mack's scatter comes out too small or shows nothing.

    Of the N known at the next age, those that came in between are binomial (Lawless 1994); at least half a case is taken to
    have come.
    """
    later = np.maximum(development.later, 1.0)
    share = np.clip(np.maximum(development.later - development.earlier, 0.5) / later, 0.0, 1.0)
    with np.errstate(divide="ignore"):
        least = share / (1 - share) ** 2
    return development._replace(sigma2=np.where(development.earlier > 0, np.maximum(development.sigma2, least), np.inf))


def completeness(development: Development, confidence: float = 0.95) -> Limits:
    """The share of the last age's total that is known at each age, shape (ages,); 1 at the last.

    Limits: lognormal, by the delta method on the product of the factors (Mack's estimation error), cut at 1; NaN where nothing is
    known.
    """
    share = _to_the_end(1 / development.factor, np.multiply)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.sqrt(_to_the_end(_relative_variance(development) / development.earlier, np.add))
        width = special.ndtri((1 + confidence) / 2) * error
        low, high = share * np.exp(-width), np.minimum(share * np.exp(width), 1.0)
    is_known = share > 0
    return Limits(share, np.where(is_known, low, np.nan), np.where(is_known, high, np.nan))


def expected_total(development: Development, latest: np.ndarray, age: np.ndarray, confidence: float = 0.95) -> Limits:
    """What origins will have come to at the last age, from what is known of each at its age.

    latest  known now, shape (n,); age  integers 0 … ages - 1, the column that each stands at
    Limits: what is still to come is lognormal with Mack's standard error; NaN where nothing is known at that age.
    """
    share = _to_the_end(1 / development.factor, np.multiply)[age]
    with np.errstate(divide="ignore", invalid="ignore"):
        total = latest / share
        to_come, error = total - latest, standard_error(development, latest, age)
        spread = np.sqrt(np.log1p((error / to_come) ** 2))
        width = special.ndtri((1 + confidence) / 2) * spread
        middle = to_come * np.exp(-(spread**2) / 2)
        low, high = latest + middle * np.exp(-width), latest + middle * np.exp(width)
    is_open = to_come > 0
    return Limits(total, np.where(is_open, low, total), np.where(is_open, high, total))


def standard_error(development: Development, latest: np.ndarray, age: np.ndarray) -> np.ndarray:
    """Mack's standard error of the expected total of each origin (process and estimation), arguments as for expected_total."""
    share = _to_the_end(1 / development.factor, np.multiply)
    relative = _relative_variance(development)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimation = _to_the_end(relative / development.earlier, np.add)[age]
        process = _to_the_end(relative / share[:-1], np.add)[age] / (latest / share[age])
        return latest / share[age] * np.sqrt(process + estimation)


def _relative_variance(development: Development) -> np.ndarray:
    with np.errstate(invalid="ignore"):
        return np.where(np.isfinite(development.factor), development.sigma2 / development.factor**2, np.inf)


def _to_the_end(values: np.ndarray, combine: np.ufunc) -> np.ndarray:
    """The sum (or product) of each value and all after it, with the empty one at the end."""
    return np.append(combine.accumulate(values[::-1])[::-1], combine.identity)
