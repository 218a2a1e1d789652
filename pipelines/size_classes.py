"""大型、中型、小型、微型 by head count: the thresholds of tables/enterprise_size_2017.csv (国统字〔2017〕213号).

Belongs here: which thresholds an industry has. The standard asks for revenue or assets too; a bureau knows heads, so the class is
an approximation, and industries that are classed by revenue or assets alone have none.
"""

import csv
import functools
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pipelines.classification import TABLES

CLASSES = ("micro", "small", "medium", "large")
HEADS = "从业人员（人）"
EDITIONS = {"gbt4754-2017": "codes_2017", "gbt4754-2011": "codes_2011"}


class Span(NamedTuple):
    """Codes of so many digits from `first` to `last`, and from how many heads on a unit there is small, medium, large."""

    first: str
    last: str
    limits: tuple[int, int, int]

    def holds(self, code: str) -> bool:
        digits = len(self.first)
        return len(code) >= digits and self.first <= code[:digits] <= self.last


@functools.cache
def _spans(tree: str) -> tuple[Span, ...]:
    """The spans of a classification; one that the standard does not know has none."""
    with (TABLES / "enterprise_size_2017.csv").open(encoding="utf-8") as file:
        lines = [line for line in csv.DictReader(file) if line["indicator"] == HEADS and tree in EDITIONS]
    found = []
    for line in lines:
        limits = int(line["small_min"]), int(line["medium_min"]), int(line["large_min"])
        for part in line[EDITIONS[tree]].split(";"):
            first, _, last = part.partition("-")
            found.append(Span(first, last or first, limits))
    return tuple(found)


def size_classes(codes: Sequence[str | None], heads: np.ndarray, tree: str) -> np.ndarray:
    """The class of each unit (texts, None where its industry has no threshold by heads).

    codes  the deepest known code with its section (C33, C3311); heads  as many numbers; tree  the classification's name

    >>> size_classes(["C33", "F511", "E47", None], np.array([19, 19, 900, 9]), "gbt4754-2017").tolist()
    ['micro', 'small', None, None]
    """
    limits = {code: _limits(code, tree) for code in set(codes)}
    return np.array([
        CLASSES[sum(count >= limit for limit in limits[code])] if limits[code] else None
        for code, count in zip(codes, heads, strict=True)
    ], object)


def _limits(code: str | None, tree: str) -> tuple[int, ...]:
    return next((span.limits for span in _spans(tree) if code and span.holds(code[1:])), ())
