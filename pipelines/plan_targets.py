"""The targets of the national plans and what breaks their series (tables/plan_targets.csv, series_breaks.csv), read strictly.

Belongs here: what a target may say, which are in force in a month, the path to them. How they are measured: plan_progress.py.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from pipelines import policy
from pipelines.contracts.codes import GROUP
from pipelines.contracts.tracking import MEASURE

TABLES = Path(__file__).parent / "tables"
TARGETS, BREAKS = TABLES / "plan_targets.csv", TABLES / "series_breaks.csv"
CITY = "*"


class TargetError(Exception):
    """A table of targets cannot be used; the message names line, column and what may stand there."""


@dataclass(frozen=True)
class Target:
    """One target, in force from `effective_from` to `effective_to` (yyyymm).

    change_pct  from the baseline year to the last year; None = none in numbers
    measure     rate of the units under `words` (* = the whole city), share of a clause group in all injuries, count of injuries
                of platform workers
    """

    target_id: str
    plan: str
    title: str
    effective_from: int
    effective_to: int
    baseline_year: int
    last_year: int
    change_pct: float | None
    measure: str
    words: tuple[str, ...]
    clause_group: str
    note: str
    source: str

    def required(self, year: int, path: str) -> float | None:
        """What the figure of a year should be, as a part of the baseline's: the same share (geometric) or amount (linear) a year.

        >>> targets()[1].required(2025, "linear")
        0.8
        """
        if self.change_pct is None:
            return None
        passed = (year - self.baseline_year) / (self.last_year - self.baseline_year)
        end = 1 + self.change_pct / 100
        return end**passed if path == "geometric" else 1 + (end - 1) * passed


@dataclass(frozen=True)
class Break:
    """From `month` on a series is not what it was, for the measures named."""

    month: int
    title: str
    measures: tuple[str, ...]


def targets(path: Path = TARGETS) -> list[Target]:
    """The targets of a table. Raises TargetError."""
    names = tuple(field.name for field in fields(Target))
    found = [_target(row, place) for row, place in _lines(path, names)]
    ids = [target.target_id for target in found]
    if len(set(ids)) < len(ids):
        raise TargetError(f"{path.name}：目标代码重复")
    return found


def breaks(path: Path = BREAKS) -> list[Break]:
    """What breaks series, oldest first. Raises TargetError."""
    found = []
    for row, place in _lines(path, ("month", "title", "measures", "source")):
        measures = tuple(row["measures"].split("|"))
        _each_of(place, "measures", measures, MEASURE)
        found.append(Break(_number(place, "month", row["month"]), row["title"], measures))
    return sorted(found, key=lambda found: (found.month, found.title))


def in_force(found: Iterable[Target], as_of: int) -> list[Target]:
    """The targets that a month reports on."""
    return [target for target in found if target.effective_from <= as_of <= target.effective_to]


def _lines(path: Path, names: tuple[str, ...]) -> list[tuple[dict[str, str], str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != names:
            raise TargetError(f"{path.name} 的列应为 {','.join(names)}")
        lines = [(row, f"{path.name} 第 {number} 行") for number, row in enumerate(reader, 2)]
    for row, place in lines:
        if None in row or None in row.values():
            raise TargetError(f"{place}：列数不对")
    return lines


def _target(row: Mapping[str, str], place: str) -> Target:
    words = tuple(word for word in row["words"].split("|") if word)
    _each_of(place, "measure", (row["measure"],), MEASURE)
    _each_of(place, "words", words, (CITY, *policy.plan_words()))
    _each_of(place, "clause_group", (row["clause_group"],) if row["clause_group"] else (), GROUP)
    needs = {"rate": (bool(words), False), "share": (words == (CITY,), True), "count": (not words, False)}[row["measure"]]
    if needs != (True, bool(row["clause_group"])):
        raise TargetError(f"{place}：发生率要有行业词，比例要有情形且行业为 {CITY}，件数二者皆无")
    numbers = {name: _number(place, name, row[name]) for name in ("effective_from", "effective_to", "baseline_year", "last_year")}
    if not numbers["baseline_year"] < numbers["last_year"] or numbers["effective_from"] > numbers["effective_to"]:
        raise TargetError(f"{place}：基期年应早于末年，effective_from 不晚于 effective_to")
    change = float(_number(place, "change_pct", row["change_pct"])) if row["change_pct"] else None
    return Target(**{**row, **numbers, "change_pct": change, "words": words})


def _number(place: str, name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise TargetError(f"{place}：{name} = {text!r} 应为整数") from None


def _each_of(place: str, name: str, values: Iterable[str], allowed: Iterable[str]) -> None:
    unknown = [value for value in values if value not in allowed]
    if unknown:
        raise TargetError(f"{place}：{name} = {'、'.join(unknown)} 不认识；只能是 {'、'.join(allowed)}")
