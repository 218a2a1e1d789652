"""大型、中型、小型、微型 by heads: the thresholds of 国统字〔2017〕213号 at their edges."""

import numpy as np
import pytest

from pipelines.size_classes import size_classes


@pytest.mark.parametrize(("code", "edges"), [
    ("C33", (20, 300, 1000)), ("D44", (20, 300, 1000)), ("B06", (20, 300, 1000)), ("F5110", (5, 20, 200)),
    ("F52", (10, 50, 300)), ("G54", (20, 300, 1000)), ("G58", (20, 300, 1000)), ("G591", (20, 300, 1000)),
    ("G5990", (20, 100, 200)), ("G60", (20, 300, 1000)),
    ("H61", (10, 100, 300)), ("I63", (10, 100, 2000)), ("I65", (10, 100, 300)), ("K702", (100, 300, 1000)),
    ("K7030", (10, 100, 300)),
    ("L72", (10, 100, 300)), ("O80", (10, 100, 300)), ("R90", (10, 100, 300))])
def test_classes_change_at_their_thresholds(code, edges):
    heads = np.array([n for edge in edges for n in (edge - 1, edge)])
    found = size_classes([code] * 6, heads, "gbt4754-2017").tolist()
    assert found == ["micro", "small", "small", "medium", "medium", "large"]


@pytest.mark.parametrize("code", ["A01", "E47", "G53", "G59", "J66", "K70", "K701", "P83", "Q84", "S91", None])
def test_what_is_not_classed_by_heads_or_cannot_be_told_has_no_class(code):
    assert size_classes([code], np.array([500]), "gbt4754-2017").tolist() == [None]


def test_the_edition_of_2011_numbers_its_divisions_differently():
    heads = np.array([150])
    assert size_classes(["G59"], heads, "gbt4754-2011").tolist() == ["medium"]  # 仓储业
    assert size_classes(["P82"], heads, "gbt4754-2011").tolist() == [None]      # 教育; in 2017 其他服务业
    assert size_classes(["O82"], heads, "gbt4754-2017").tolist() == ["medium"]


def test_a_classification_that_the_standard_does_not_know_has_no_classes():
    assert size_classes(["331"], np.array([50]), "naics").tolist() == [None]
