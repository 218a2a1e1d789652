"""Garwood's limits against published tables."""

import numpy as np
import pytest

from pipelines.stats.poisson import garwood

# Count -> 95 % limits of a Poisson mean, as printed in standard tables (Garwood 1936; Ulm 1990).
PUBLISHED = {
    0: (0.0, 3.689), 1: (0.0253, 5.572), 2: (0.2422, 7.225), 3: (0.6187, 8.767), 4: (1.0899, 10.242), 5: (1.6235, 11.668),
    10: (4.795, 18.390), 20: (12.217, 30.888), 50: (37.111, 65.919), 100: (81.364, 121.627),
}


def test_published_limits():
    low, high = garwood(np.array(list(PUBLISHED)))
    assert low == pytest.approx([limits[0] for limits in PUBLISHED.values()], abs=6e-4)
    assert high == pytest.approx([limits[1] for limits in PUBLISHED.values()], abs=6e-4)


def test_ninety_percent_limits():
    low, high = garwood(np.array([0, 1, 10]), 0.90)
    assert low == pytest.approx([0, 0.0513, 5.425], abs=6e-4)
    assert high == pytest.approx([2.996, 4.744, 16.962], abs=6e-4)


def test_the_shape_of_the_counts_is_kept():
    assert garwood(np.array([[0, 1], [5, 5]])).low.shape == (2, 2)
    assert garwood(np.array([], dtype=int)).high.shape == (0,)
    assert garwood(np.array(3)).low.shape == ()


@pytest.mark.parametrize("confidence", [0, 1, -0.5, 95])
def test_an_impossible_confidence_is_refused(confidence):
    with pytest.raises(ValueError, match="confidence"):
        garwood(np.array([1]), confidence)


def test_negative_counts_are_refused():
    with pytest.raises(ValueError, match="negative"):
        garwood(np.array([3, -1]))
