"""Cell suppression: which counts of additive tables are kept back so that none of the small ones can be worked out.

Belongs here: the choice of cells, on counts and the sums that hold between them. Which counts are small, and what is published
of them, is decided by the caller.

Source: Kelly, Golden & Assad (1992, "Cell suppression: disclosure protection for sensitive tabular data", Networks 22, 397–417)
for choosing complements one linear programme after another; Fischetti & Salazar-González (2000, "Models and algorithms for
optimizing cell suppression in tabular data with linear constraints", JASA 95, 916–928) for what an attacker may do. Solved by
HiGHS.
"""

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, hstack


class UnprotectedError(Exception):
    """A count cannot be protected: it follows from numbers with infinite costs. The message has its position."""


def suppressed(counts: np.ndarray, sums: csr_array, small: np.ndarray, costs: np.ndarray, least: int,
               hidden: np.ndarray | None = None) -> np.ndarray:
    """Which cells to keep back so that each small count may as well be 0 or `least` and more, and none kept back is certain.

    counts  whole numbers over cells, not negative; sums  equations × cells, with sums @ counts = 0
    small   booleans over cells: what must not be found out
    costs   over cells, of keeping one back; 0 = it is never published, and may be found out unless it is small
    hidden  what is kept back already
    Returns booleans over cells. Raises UnprotectedError.
    """
    choice = _Choice(counts, sums, costs, small | (costs == 0) | (False if hidden is None else hidden))
    for place in np.flatnonzero(small).tolist():
        # `least` at the least, so that the count is not certain to be small; down to nothing.
        choice.let_differ(place, max(least - int(counts[place]), 1))
        choice.let_differ(place, -int(counts[place]))
    while len(uncertain := np.flatnonzero(choice.hidden & (costs > 0) & (choice.up < 1) & (choice.down > -1))):
        choice.let_differ(int(uncertain[0]), 1)
    return choice.hidden


class _Choice:
    """What is kept back so far; by how much each cell may be more (up) or less (down) than it is, for all that others can tell.

    Whatever is kept back later, what may differ by now may differ then.
    """

    def __init__(self, counts: np.ndarray, sums: csr_array, costs: np.ndarray, hidden: np.ndarray):
        self.counts, self.costs, self.hidden = counts, costs, hidden
        self.both, self.zeros = hstack([sums, -sums], format="csr"), np.zeros(len(sums @ counts))
        self.up, self.down = np.zeros(len(counts)), np.zeros(len(counts))

    def let_differ(self, place: int, change: int) -> None:
        """Keeps back the cheapest cells by which cell `place` could as well be `change` more (less, where negative).

        They are those in which another table that fits all sums differs: more without bound, less down to nothing.
        """
        if self.down[place] <= change <= self.up[place]:
            return
        price = np.where(self.hidden, 0.0, self.costs)
        is_fixed = ~np.isfinite(price)
        most = np.concatenate([np.where(is_fixed, 0.0, np.inf), np.where(is_fixed, 0.0, self.counts.astype(float))])
        bounds = np.column_stack([np.zeros(len(most)), most])
        bounds[place], bounds[len(price) + place] = max(change, 0), max(-change, 0)
        price = np.where(is_fixed, 0.0, price)
        found = linprog(np.concatenate([price, price]), A_eq=self.both, b_eq=self.zeros, bounds=bounds, method="highs")
        if not found.success:
            raise UnprotectedError(place)
        more, less = np.split(np.asarray(found.x), 2)
        moved = np.round(more - less, 6)
        self.hidden = self.hidden | (moved != 0)
        self.up, self.down = np.maximum(self.up, moved), np.minimum(self.down, moved)
