"""The choice within a budget, beside every choice there is on small cases."""

import itertools

import numpy as np
import pytest

from pipelines.stats.allocation import Problem, allocate, constraint_costs
from pipelines.stats.selection import Quota


def random_problem(seed: int) -> Problem:
    rng = np.random.default_rng(seed)
    units, programmes, whole = 5, int(rng.integers(1, 3)), int(rng.integers(0, 3))
    gain = np.round(rng.random((units, programmes)), 4)
    gain[rng.random(gain.shape) < 0.2] = np.nan
    quotas = [Quota(rng.integers(-1, 2, units), int(rng.integers(1, 3)))] if seed % 2 else []
    cost, places = np.round(rng.random(programmes) * 10, 2), rng.integers(1, 4, programmes)
    whole_gain, whole_cost = np.round(rng.random(whole), 4), np.round(rng.random(whole) * 20, 2)
    return Problem(gain, cost, places, whole_gain, whole_cost, float(np.round(rng.random() * 40, 2)), quotas)


def fits(problem: Problem, places: tuple[int, ...], runs: tuple[bool, ...]) -> bool:
    taken = np.array(places)
    cost = sum(problem.cost[p] for p in places if p >= 0) + sum(problem.whole_cost[np.array(runs, bool)])
    is_possible = all(p < 0 or np.isfinite(problem.gain[unit, p]) for unit, p in enumerate(places))
    in_places = all((taken == p).sum() <= most for p, most in enumerate(problem.places))
    in_quotas = all(
        ((q.kind == kind) & (taken >= 0)).sum() <= q.most for q in problem.quotas for kind in set(q.kind[q.kind >= 0]))
    return bool(is_possible and in_places and in_quotas and cost <= problem.budget + 1e-9)


def best_by_hand(problem: Problem) -> float:
    """The most that any choice removes: all of them are tried."""
    most = 0.0
    for places in itertools.product(range(-1, len(problem.cost)), repeat=len(problem.gain)):
        for runs in itertools.product((False, True), repeat=len(problem.whole_gain)):
            if fits(problem, places, runs):
                removed = sum(problem.gain[unit, p] for unit, p in enumerate(places) if p >= 0)
                most = max(most, removed + sum(problem.whole_gain[np.array(runs, bool)]))
    return most


@pytest.mark.parametrize("seed", range(24))
def test_no_choice_removes_more_and_the_choice_keeps_to_every_limit(seed):
    problem = random_problem(seed)
    found = allocate(problem)
    assert fits(problem, tuple(found.programme.tolist()), tuple(found.runs.tolist()))
    assert found.removed == pytest.approx(best_by_hand(problem), abs=1e-9)
    assert found.spent <= problem.budget + 1e-9


def test_of_equal_choices_the_earlier_units_are_taken_and_what_removes_nothing_never():
    problem = Problem(np.full((6, 1), 0.25), np.array([1.0]), np.array([2]), np.array([0.0]), np.array([0.0]))
    found = allocate(problem)
    assert found.programme.tolist() == [0, 0, -1, -1, -1, -1] and found.runs.tolist() == [False]
    again = allocate(problem)
    assert again.programme.tolist() == found.programme.tolist()


def test_what_each_limit_costs_is_what_is_gained_without_it():
    problem = Problem(np.array([[0.9], [0.8], [0.7], [0.1]]), np.array([10.0]), np.array([2]), np.zeros(0), np.zeros(0), 100.0,
                      [Quota(np.array([0, 0, 0, 1]), 1)])
    found = allocate(problem)
    assert found.programme.tolist() == [0, -1, -1, 0] and found.removed == pytest.approx(1.0)
    costs = constraint_costs(problem, found)
    assert costs == pytest.approx({"budget": 0.0, "places": 0.0, "quota 0": 0.7})


def test_a_budget_of_nothing_leaves_what_is_free():
    problem = Problem(np.array([[0.5]]), np.array([0.01]), np.array([1]), np.array([0.3, 0.4]), np.array([0.0, 1.0]), 0.0)
    found = allocate(problem)
    assert (found.programme.tolist(), found.runs.tolist(), found.removed, found.spent) == ([-1], [True, False], 0.3, 0.0)
    nothing = Problem(np.full((2, 1), np.nan), np.array([1.0]), np.array([1]), np.zeros(0), np.zeros(0))
    assert allocate(nothing).programme.tolist() == [-1, -1]


def test_negative_costs_and_budgets_are_refused():
    fine = Problem(np.array([[0.5]]), np.array([1.0]), np.array([1]), np.zeros(0), np.zeros(0), 1.0)
    for name, value in (("budget", -1.0), ("cost", np.array([-1.0])), ("whole_cost", np.array([-1.0]))):
        wrong = {**vars(fine), name: value, "whole_gain": np.zeros(1) if name == "whole_cost" else np.zeros(0)}
        with pytest.raises(ValueError, match="not be negative"):
            allocate(Problem(**wrong))


def test_thousands_of_units_beside_a_budget_that_does_not_bind():
    rng = np.random.default_rng(1)
    gain = np.round(rng.gamma(0.3, 20, (7000, 1)), 4)
    problem = Problem(gain, np.array([1.0]), np.array([22]), np.array([5.0]), np.array([2.0]), 30.0)
    found = allocate(problem)
    assert set(np.flatnonzero(found.programme == 0)) == set(np.argsort(-gain[:, 0], kind="stable")[:22])
    assert found.spent == 24.0
    short = allocate(Problem(gain, np.array([1.0]), np.array([22]), np.array([5.0]), np.array([2.5]), 21.5))
    assert int((short.programme == 0).sum()) == 21 and not short.runs[0]
