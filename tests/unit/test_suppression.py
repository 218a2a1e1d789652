"""Cell suppression: small tables worked by hand, and random ones attacked by enumeration and by linear programmes."""

import itertools
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array

from pipelines.stats.suppression import UnprotectedError, suppressed

LEAST = 3


class Bounds(NamedTuple):
    """The least and the most that an attacker finds for each cell."""

    low: np.ndarray
    high: np.ndarray


def attack(counts: np.ndarray, sums: csr_array, hidden: np.ndarray) -> Bounds:
    """What follows for the hidden cells from the others and the sums, those published bounded to what they are."""
    low, high = counts.astype(float), counts.astype(float)
    bounds = [(0, None) if is_hidden else (count, count) for count, is_hidden in zip(counts, hidden, strict=True)]
    for place in np.flatnonzero(hidden):
        for sign, end in ((1, low), (-1, high)):
            found = linprog(sign * np.eye(len(counts))[place], A_eq=sums, b_eq=np.zeros(len(sums @ counts)), bounds=bounds)
            end[place] = np.inf if found.status == 3 else sign * found.fun
    return Bounds(np.ceil(low - 1e-6), np.floor(high + 1e-6))


def sums_of(*parts: tuple[int, ...], cells: int) -> csr_array:
    """Equations "the first cell is the sum of the others"."""
    rows = np.zeros((len(parts), cells))
    for number, (whole, *others) in enumerate(parts):
        rows[number, whole] = 1
        rows[number, others] = -1
    return csr_array(rows)


def test_one_small_cell_takes_another_with_it():
    # 20 = 2 + 8 + 10: with 2 alone kept back it is 20 - 18.
    counts, sums = np.array([20, 2, 8, 10]), sums_of((0, 1, 2, 3), cells=4)
    alone = np.array([False, True, False, False])
    assert (attack(counts, sums, alone).low[1], attack(counts, sums, alone).high[1]) == (2, 2)
    hidden = suppressed(counts, sums, alone, np.array([100.0, 1, 2, 3]), LEAST)
    assert hidden.tolist() == [False, True, True, False]
    found = attack(counts, sums, hidden)
    assert (found.low[1], found.high[1], found.low[2], found.high[2]) == (0, 10, 0, 10)


def test_two_small_cells_whose_sum_is_small_take_a_third():
    # 21 = 1 + 1 + 9 + 10: 1 + 1 alone would be certain to be under 3.
    counts, sums = np.array([21, 1, 1, 9, 10]), sums_of((0, 1, 2, 3, 4), cells=5)
    small = np.array([False, True, True, False, False])
    hidden = suppressed(counts, sums, small, np.array([100.0, 1, 1, 2, 3]), LEAST)
    assert hidden.tolist() == [False, True, True, True, False]


def test_the_complement_goes_on_through_the_levels():
    # 30 = A + B, A = 12 = 2 + 10, B = 18 = 8 + 10, and the two levels are published: one more in A's own level.
    counts = np.array([30, 12, 18, 2, 10, 8, 10])
    sums = sums_of((0, 1, 2), (1, 3, 4), (2, 5, 6), cells=7)
    hidden = suppressed(counts, sums, counts == 2, 1.0 + counts, LEAST)
    assert hidden.tolist() == [False, False, False, True, True, False, False]


def test_an_only_child_takes_its_parent_and_that_another_parent():
    # A = 2 has one part, which is 2; keeping both back is undone by 30 - B.
    counts = np.array([30, 2, 28, 2, 28])
    sums = sums_of((0, 1, 2), (1, 3), (2, 4), cells=5)
    hidden = suppressed(counts, sums, counts == 2, np.array([1000.0, 1, 1, 1, 1]), LEAST)
    assert hidden.tolist() == [False, True, True, True, True]


def test_what_is_never_published_and_not_small_may_be_found_out():
    # 10 in the longer period, 4 in the shorter: everybody may know the 6 of the rest.
    counts, sums = np.array([10, 4, 6]), sums_of((0, 1, 2), cells=3)
    assert suppressed(counts, sums, np.zeros(3, bool), np.array([1.0, 1, 0]), LEAST).tolist() == [False, False, True]
    # But where the rest is 2, one of the two periods is kept back.
    small = np.array([False, False, True])
    assert suppressed(np.array([6, 4, 2]), sums, small, np.array([9.0, 1, 0]), LEAST).tolist() == [False, True, True]


def test_what_follows_from_numbers_that_stay_is_refused():
    counts, sums = np.array([2, 2]), sums_of((0, 1), cells=2)
    with pytest.raises(UnprotectedError):
        suppressed(counts, sums, np.array([False, True]), np.array([np.inf, 1.0]), LEAST)


@st.composite
def tables(draw):
    """A period within another, of a total over sections over divisions; the rest of the longer one is never published."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=3))
    leaves = sum(sizes)
    counts: list[int] = []
    parts: list[tuple[int, ...]] = []
    starts = []
    inner = draw(st.lists(st.integers(0, 6), min_size=leaves, max_size=leaves))
    rest = draw(st.lists(st.integers(0, 6), min_size=leaves, max_size=leaves))
    for values in (inner, rest, [a + b for a, b in zip(inner, rest, strict=True)]):
        start = len(counts)
        starts.append(start)
        sections = [sum(values[sum(sizes[:n]):sum(sizes[:n + 1])]) for n in range(len(sizes))]
        counts += [sum(sections), *sections, *values]
        parts.append((start, *range(start + 1, start + 1 + len(sizes))))
        for n in range(len(sizes)):
            first = start + 1 + len(sizes) + sum(sizes[:n])
            parts.append((start + 1 + n, *range(first, first + sizes[n])))
    width = 1 + len(sizes) + leaves
    parts += [(starts[2] + n, starts[0] + n, starts[1] + n) for n in range(width)]
    hidden = np.zeros(len(counts), bool)
    hidden[starts[1]:starts[1] + width] = True
    return np.array(counts), sums_of(*parts, cells=len(counts)), hidden


@settings(max_examples=60, deadline=None)
@given(tables())
def test_no_small_count_of_a_random_table_can_be_worked_out(table):
    counts, sums, never = table
    small = (counts > 0) & (counts < LEAST)
    hidden = suppressed(counts, sums, small, np.where(never, 0.0, 1.0 + counts), LEAST)
    assert (hidden >= small).all() and (hidden >= never).all()
    found = attack(counts, sums, hidden)
    assert (found.low[hidden & ~never] < found.high[hidden & ~never]).all()
    assert (found.low[small] == 0).all() and (found.high[small] >= LEAST).all()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=3, max_size=5))
def test_whoever_tries_every_table_of_whole_numbers_learns_no_more(values):
    counts = np.array([sum(values), *values])
    sums = sums_of(tuple(range(len(counts))), cells=len(counts))
    small = (counts > 0) & (counts < LEAST)
    hidden = suppressed(counts, sums, small, 1.0 + counts, LEAST)
    if hidden[0]:
        return  # without the total nothing bounds the rest
    kept = np.flatnonzero(hidden)
    fits = [guess for guess in itertools.product(range(counts[0] + 1), repeat=len(kept))
            if sum(guess) == counts[0] - counts[1:][~hidden[1:]].sum()]
    for number, place in enumerate(kept):
        possible = {guess[number] for guess in fits}
        assert len(possible) > 1
        assert not small[place] or (min(possible) == 0 and max(possible) >= LEAST)
