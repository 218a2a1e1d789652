"""Where accidents are to be expected: a density made of kernels of several widths, on the claims and on other accidents.

Belongs here: the density and its weights. Source: a finite mixture whose components are kernel estimates and whose weights are
fitted by EM to points held out (Dempster, Laird & Rubin 1977, JRSS B 39, 1–38; held-out likelihood of kernels: Habbema, Hermans &
van den Broek 1974; stacked density estimates: Smyth & Wolpert 1999, Machine Learning 36, 59–83).
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from pipelines.stats.hotspots import grid, local
from pipelines.stats.hotspots.grid import Grid

KERNELS = (25.0, 50.0, 100.0, 200.0, 500.0)
"""Widths (standard deviations) in metres."""
HALF_LIFE = 4.0
"""Years after which an accident weighs half."""
NEWEST = 1.0
"""Years: the weights are fitted to claims that are younger, which are most like those to come."""
FOLDS = 5
ROUNDS = 200
FIT_CELL, CELL = 25.0, 12.5
"""Metres: cells on which the weights are fitted, and of the surface."""
MARGIN = 1000.0
THREADS = 2
"""Kernels that are applied side by side."""
LEAST_WEIGHT = 1e-4
"""A kernel that weighs less on every source is left out of the surface."""
LEAST = 10
"""Claims below which there is no surface; accidents of another source below which it is no component."""


class Accidents(NamedTuple):
    """Accidents of one source.

    places     metres, shape (n, 2); years_ago  before the end of the history, not negative, shape (n,)
    """

    places: np.ndarray
    years_ago: np.ndarray


class Mixture(NamedTuple):
    """Widths in metres, the weights of shape (sources, kernels), the claims first, and the weight of an even spread."""

    kernels: np.ndarray
    weights: np.ndarray
    even: float


class Surface(NamedTuple):
    """Where the next claim is to be expected.

    grid      the cells; mass  the probability of each cell, summing to 1, shape grid.shape
    kernels   the widths in metres; weights  shape (sources, kernels), the claims first; even  the weight of an even spread
    log_held_out  mean log density, per square metre, of claims under the mixture of the other folds
    ratio     how places differ from the mixture, to which `mass` is drawn
    """

    grid: Grid
    mass: np.ndarray
    kernels: np.ndarray
    weights: np.ndarray
    even: float
    log_held_out: float
    ratio: local.Ratio


def surface(claims: Accidents, others: Sequence[Accidents] = (), floor: float = 0.0) -> Surface:
    """The density of claims over the area, from the claims and from other accidents.

    claims  one row an accident, not a claim; others  further sources, each with the same kernels
    floor   no kernel and no window narrower than this, in metres: the geocoding error where it is known
    An accident weighs half after HALF_LIFE years. Weights of the components are those under which the claims of the newest year
    (all claims, where it has fewer than LEAST) are most likely when their fifth of the history is left out of the claims' own
    kernels; fifths are consecutive in time, so that what recurs counts and what struck once does not. Then places are drawn to
    what they hold themselves, as far as that is to be believed (local.py).
    Raises ValueError below LEAST claims and for places or times that are no numbers.
    """
    for source in (claims, *others):
        _check(source)
    if len(claims.places) < LEAST:
        raise ValueError(f"a surface needs at least {LEAST} located claims, got {len(claims.places)}")
    kernels = np.unique(np.maximum(KERNELS, floor))
    coarse, fine = (grid.around(claims.places, cell, MARGIN) for cell in (FIT_CELL, CELL))
    columns = [_held_out(claims, coarse, kernels),
               *(_seen_from(claims, source, coarse, kernels) for source in others),
               _even(claims, coarse).ravel()[coarse.index(claims.places), None] / coarse.cell**2]
    fitted, log_held_out = mixture(np.hstack(columns), _weights(claims) * _newest(claims))
    mixed = Mixture(kernels, fitted[:-1].reshape(-1, len(kernels)), float(fitted[-1]))
    middling = grid.around(claims.places, local.CELL, MARGIN)
    ratio = local.ratio(middling, _parts(claims, others, middling, mixed), floor)
    mass = local.drawn(fine, _mass((claims, *others), fine, mixed), fine.counts(claims.places, _weights(claims)), ratio)
    return Surface(fine, mass, *mixed, log_held_out, ratio)


def mixture(densities: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, float]:
    """The weights of components under which points are most likely, and the mean log density under them.

    densities  of each point under each component, shape (points, components), not negative; points without any are left out
    weights    of the points, shape (points,)
    Raises ValueError when no component knows any point.

    >>> mixture(np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]), np.ones(3))[0].round(2).tolist()
    [0.67, 0.33]
    """
    known = (densities.sum(axis=1) > 0) & (weights > 0)
    if not known.any():
        raise ValueError("no component has any density where the points are")
    densities, share = densities[known], weights[known] / weights[known].sum()
    mixed = np.full(densities.shape[1], 1 / densities.shape[1])
    for _ in range(ROUNDS):
        mixed = mixed * (densities.T @ (share / (densities @ mixed)))
    return mixed, float(share @ np.log(densities @ mixed))


def folds(accidents: Accidents) -> np.ndarray:
    """The fifth of the history that each accident belongs to, 0 … FOLDS - 1, the newest first; whatever the order of the rows."""
    order = np.lexsort((accidents.places[:, 1], accidents.places[:, 0], accidents.years_ago))
    fold = np.empty(len(order), int)
    fold[order] = np.arange(len(order)) * FOLDS // len(order)
    return fold


def _check(source: Accidents) -> None:
    if source.places.shape != (len(source.years_ago), 2):
        raise ValueError(f"places must have the shape ({len(source.years_ago)}, 2) of their times, got {source.places.shape}")
    if not np.isfinite(source.places).all() or not (source.years_ago >= 0).all():
        raise ValueError("places must be finite metres and years_ago not negative; leave out accidents without a place or a time")


def _weights(source: Accidents) -> np.ndarray:
    return 0.5 ** (source.years_ago / HALF_LIFE)


def _newest(claims: Accidents) -> np.ndarray:
    """Whether each claim is one that the weights are fitted to."""
    young = claims.years_ago < NEWEST
    return young if young.sum() >= LEAST else np.ones(len(young), bool)


def _held_out(claims: Accidents, cells: Grid, kernels: np.ndarray) -> np.ndarray:
    """The density per square metre of each claim under each kernel on the claims of the other folds."""
    weight, fold, index = _weights(claims), folds(claims), cells.index(claims.places)
    counts = [cells.counts(claims.places[fold == number], weight[fold == number]) for number in range(FOLDS)]
    total = cells.counts(claims.places, weight)

    def under(kernel: float) -> np.ndarray:
        found = grid.smoothed_at(total, kernel / cells.cell, index)
        for number, own in enumerate(counts):
            left = fold == number
            rest = found[left] - grid.smoothed_at(own, kernel / cells.cell, index[left])
            found[left] = np.maximum(rest, 0) / weight[~left].sum()
        return found / cells.cell**2

    with ThreadPoolExecutor(THREADS) as pool:
        return np.column_stack(list(pool.map(under, kernels)))


def _seen_from(claims: Accidents, source: Accidents, cells: Grid, kernels: np.ndarray) -> np.ndarray:
    """The density per square metre of each claim under each kernel on another source; zero where that has too few accidents."""
    shares, index = cells.counts(source.places, _shares(source, cells)), cells.index(claims.places)
    columns = [grid.smoothed_at(shares, kernel / cells.cell, index) for kernel in kernels]
    return np.column_stack(columns) / cells.cell**2


def _shares(source: Accidents, cells: Grid) -> np.ndarray:
    """What each accident weighs among its source's on the grid; nothing where the source has hardly an accident there."""
    weights = _weights(source) * (cells.index(source.places) >= 0)
    return weights / weights.sum() if np.count_nonzero(weights) >= LEAST else 0 * weights


def _even(claims: Accidents, cells: Grid) -> np.ndarray:
    """The same probability for each cell of the active area: what the widest kernel reaches from any claim."""
    active = grid.smoothed(cells.counts(claims.places), KERNELS[-1] / cells.cell) > 0
    return active / np.float32(active.sum())


def _parts(claims: Accidents, others: Sequence[Accidents], cells: Grid, mixed: Mixture) -> Iterator[local.Held]:
    """Each fifth of the history as far as it is of the newest year, beside the mixture and the claims without it."""
    weight, fold, newest, index = _weights(claims), folds(claims), _newest(claims), cells.index(claims.places)
    for number in np.unique(fold[newest]):
        left, rest = newest & (fold == number), fold != number
        without = Accidents(claims.places[rest], claims.years_ago[rest])
        yield local.Held(_mass((without, *others), cells, mixed), cells.counts(without.places, weight[rest]), index[left],
                         weight[left])


def _mass(sources: Sequence[Accidents], cells: Grid, mixed: Mixture) -> np.ndarray:
    """The probability of each cell under the mixture."""
    places, shares = np.concatenate([source.places for source in sources]), [_shares(source, cells) for source in sources]
    mass = mixed.even * _even(sources[0], cells)

    def under(column: int) -> np.ndarray:
        together = [weight * share for weight, share in zip(mixed.weights[:, column], shares, strict=True)]
        return grid.smoothed(cells.counts(places, np.concatenate(together)), mixed.kernels[column] / cells.cell)

    with ThreadPoolExecutor(THREADS) as pool:
        for part in pool.map(under, np.flatnonzero(mixed.weights.max(axis=0) > LEAST_WEIGHT)):
            mass += part
    return mass / mass.sum(dtype=float)
