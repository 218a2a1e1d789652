"""Whatever bytes arrive, only the product's own errors come out, within ten seconds, and without personal numbers in them.

A few hundred mutations of valid inputs; tests/fuzz/run.py tries millions.
"""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

# Read in a process of its own each time: too slow for many.
APART = {"xls", "et", "xlsb"}
CHANGE = st.tuples(st.floats(0, 1), st.floats(0, 0.2), st.binary(max_size=40))


def mutated(seed: bytes, changes: list[tuple[float, float, bytes]]) -> bytes:
    """The seed with some stretches replaced."""
    for place, length, data in changes:
        begin = int(place * len(seed))
        seed = seed[:begin] + data + seed[begin + int(length * len(seed)):]
    return seed


@pytest.mark.parametrize("name", sorted(set(TARGETS) - APART))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_nothing_but_its_own_errors(name, data):
    target, seeds = TARGETS[name]
    target(mutated(data.draw(st.sampled_from(seeds)), data.draw(st.lists(CHANGE, max_size=4))))


@pytest.mark.parametrize("name", TARGETS)
def test_the_inputs_from_which_mutations_start(name):
    target, seeds = TARGETS[name]
    for seed in seeds:
        target(seed)
