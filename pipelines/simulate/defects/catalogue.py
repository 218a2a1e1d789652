"""The catalogue of defects: what can be wrong with a delivery, how often, and what the product is to make of it.

The list itself is `pipelines/tables/defects.csv`. Levels: `cell`, `empty` (cells without a value) and `row` rates are shares
of the cells and rows that can have the defect; `heading`, `column`, `layout` and `format` rates are shares of files.
Outcomes: `repaired` (read right without a word), `superseded` (the row counts once), `asked` (in 列名确认), `rejected` and
`doubtful` (in 数据核实清单, with the clean value to be filled in).
"""
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from pipelines.simulate.calibration import table
from pipelines.simulate.draws import Array

OUTCOMES = ("repaired", "superseded", "asked", "rejected", "doubtful")
GOLDEN = 0.6180339887498949
MOST = 0.95
"""Even at many times the stated rates this share at most is hit."""


@dataclass(frozen=True)
class Defect:
    """One defect; `targets` are the value types or kinds that can have it, or `any`."""

    name: str
    level: str
    targets: tuple[str, ...]
    rate: float
    outcome: str
    title: str

    def meets(self, *what: str) -> bool:
        """Whether one of these value types or kinds can have it."""
        return "any" in self.targets or any(one in self.targets for one in what)


@cache
def catalogue() -> dict[str, Defect]:
    """Every defect by name, in the order of the table."""
    rows = table("defects").to_dict("records")
    return {row["defect"]: Defect(row["defect"], row["level"], tuple(row["target"].split("|")), float(row["rate"]),
                                  row["outcome"], row["title"]) for row in rows}


def of_level(level: str, *what: str) -> list[Defect]:
    """The defects of a level that these value types or kinds can have."""
    return [defect for defect in catalogue().values() if defect.level == level and (not what or defect.meets(*what))]


@dataclass
class Tally:
    """How often each defect could have occurred and did; `rate` multiplies every stated rate."""

    rate: float = 1.0
    chances: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)

    def rate_of(self, defect: Defect) -> float:
        """The rate at which a defect is written."""
        return min(defect.rate * self.rate, MOST)

    def edges(self, defects: Sequence[Defect]) -> Array:
        """Where each of some defects, of which a thing can have one, ends in [0, 1); shape (defects,)."""
        edges = np.cumsum([0.0, *(self.rate_of(defect) for defect in defects)])[1:]
        return edges * min(1.0, MOST / edges[-1]) if len(edges) else edges


def spread(number: int, step: int) -> float:
    """A value in [0, 1) for the number-th file: over any run of files the values lie evenly, so that a few suffice.

    >>> [round(spread(number, 1), 2) for number in range(4)]
    [0.0, 0.62, 0.24, 0.85]
    """
    return number * (GOLDEN + step * (step - 1) * 0.0717734625) % 1
