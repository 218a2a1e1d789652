"""What an expert looks at and asks on a visit: the maintained tables hazards.csv and visit_questions.csv, read strictly.

Belongs here: reading the tables, choosing what fits a unit's causes and industry. How it is printed is reports/dossier.py.
"""

import csv
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from pipelines.classification import TABLES
from pipelines.contracts.codes import CAUSE

HAZARDS, QUESTIONS = TABLES / "hazards.csv", TABLES / "visit_questions.csv"
ANY = "*"
SECTIONS = "ABCDEFGHIJKLMNOPQRST"
LEAST_OF_ANY_CAUSE = 2
"""Causes that are further down get at least so many items while there is room."""


class HazardError(Exception):
    """A table of hazards cannot be used; the message names line, column and what may stand there."""


class Hazard(NamedTuple):
    """One thing to look at and what to do about it; `industries` = section letters, () = all; `basis` = standards, by name."""

    cause: str
    industries: tuple[str, ...]
    check: str
    measure: str
    basis: str


@cache
def hazards(path: Path = HAZARDS) -> tuple[Hazard, ...]:
    """The items of a table. Raises HazardError."""
    found = []
    for row, place in _lines(path, Hazard._fields):
        sections = () if row["industries"] == ANY else tuple(row["industries"].split("|"))
        if any(section not in SECTIONS or not section for section in sections):
            raise HazardError(f"{place}：industries = {row['industries']!r} 应为 {ANY} 或以 | 分隔的行业门类字母")
        found.append(Hazard(row["cause"], sections, row["check"], row["measure"], row["basis"]))
    return tuple(found)


@cache
def questions(path: Path = QUESTIONS) -> tuple[tuple[str, str], ...]:
    """Cause (* = whatever the cause) and question. Raises HazardError."""
    return tuple((row["cause"], row["question"]) for row, _ in _lines(path, ("cause", "question")))


def _lines(path: Path, names: tuple[str, ...]) -> Iterable[tuple[dict[str, str], str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != names:
            raise HazardError(f"{path.name} 的列应为 {','.join(names)}")
        for number, row in enumerate(reader, 2):
            place = f"{path.name} 第 {number} 行"
            if None in row or None in row.values() or not all(row.values()):
                raise HazardError(f"{place}：列数不对，或有空的格子")
            if row["cause"] not in (*CAUSE, ANY) or (row["cause"] == ANY and "check" in names):
                raise HazardError(f"{place}：cause = {row['cause']!r} 不认识；只能是 {'、'.join(CAUSE)}")
            yield row, place


def fitting(causes: Sequence[str], section: str, most: int, table: Sequence[Hazard]) -> list[Hazard]:
    """The items for these causes, the most important cause first, `most` in all: those of the industry before those of all.

    The first causes get more: half of what is left each, at least LEAST_OF_ANY_CAUSE.
    """
    chosen: list[Hazard] = []
    for cause in dict.fromkeys(causes):
        room = most - len(chosen)
        items = [item for item in table if item.cause == cause and (not item.industries or section in item.industries)]
        items.sort(key=lambda item: not item.industries)
        chosen += items[:min(room, max(LEAST_OF_ANY_CAUSE, (room + 1) // 2))]
    return chosen


def asked(causes: Sequence[str], most: int, table: Sequence[tuple[str, str]]) -> list[str]:
    """The questions for these causes, then the general ones, `most` in all."""
    said = dict(reversed([(cause, question) for cause, question in table if cause != ANY]))
    own = [said[cause] for cause in dict.fromkeys(causes) if cause in said]
    general = [question for cause, question in table if cause == ANY]
    return [*own[:max(0, most - 2)], *general][:most]
