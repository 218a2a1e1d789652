"""分析看板: the words in which the page for the meeting is described. The modules beside say it; charts.py and html.py draw it.

Belongs here: what can be said about a board. Does not belong here: any particular figure, and how anything looks.
"""

from dataclasses import dataclass
from typing import NamedTuple

from pipelines.reports import Sheet, Value


class Card(NamedTuple):
    """A key figure as it is read: the number, its unit, what stands beside it. An unknown one has no number and says why."""

    title: str
    number: str
    unit: str
    notes: tuple[str, ...]


class Series(NamedTuple):
    """Bars of one colour, one for each label of their chart (None = none); `tone` is named in charts.py."""

    title: str
    values: tuple[float | None, ...]
    tone: str


@dataclass(frozen=True)
class Bars:
    """Bars beside or, where `is_stacked`, on one another; lying ones have their labels at the left, the first on top."""

    name: str
    title: str
    axis: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    is_lying: bool = False
    is_stacked: bool = False


class Interval(NamedTuple):
    """A figure with its limits on a line of its own; `goal` is a second mark beside it."""

    label: str
    value: float
    low: float
    high: float
    tone: str
    hover: tuple[str, ...]
    goal: float | None = None


@dataclass(frozen=True)
class Intervals:
    """Figures with limits below one another, the first on top, and a line across all of them.

    tones  tone and title of what the rows are told apart by; goal_title  of the second marks; top  where the axis ends
    """

    name: str
    title: str
    axis: str
    rows: tuple[Interval, ...]
    tones: tuple[tuple[str, str], ...]
    line: float | None = None
    line_title: str = ""
    goal_title: str = ""
    top: float | None = None


class Point(NamedTuple):
    """A point, what is said of it on pointing (the first line stands out), and how large it is drawn."""

    x: float
    y: float
    hover: tuple[str, ...]
    size: float = 0.0
    label: str = ""


class Group(NamedTuple):
    """Points of one kind."""

    title: str
    tone: str
    points: tuple[Point, ...]


class Curve(NamedTuple):
    """A line through points; None parts it."""

    title: str
    tone: str
    x: tuple[float | None, ...]
    y: tuple[float | None, ...]


@dataclass(frozen=True)
class Scatter:
    """Points and curves. A map has axes of one scale, and the `size` of its points is a radius in their unit."""

    name: str
    title: str
    x_axis: str
    y_axis: str
    groups: tuple[Group, ...]
    curves: tuple[Curve, ...] = ()
    top: float | None = None
    is_map: bool = False


Chart = Bars | Intervals | Scatter


class Listed(NamedTuple):
    """A column of the list. `place`: row = in every row; more = when a row is opened."""

    title: str
    unit: str
    decimals: int | None
    is_number: bool
    place: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Listing:
    """The list to search in: columns of equal length, the names of those that can be chosen by, the states seen first."""

    columns: tuple[Listed, ...]
    chosen_by: tuple[str, ...]
    state: str
    first: tuple[str, ...]
    rows: int


@dataclass(frozen=True)
class Section:
    """One part of the board: what is said, key figures, charts, the list, tables. `name` is its address in the page.

    missing  what is not there and why, where there is nothing to draw
    """

    name: str
    title: str
    says: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    charts: tuple[Chart, ...] = ()
    listing: Listing | None = None
    sheets: tuple[Sheet, ...] = ()
    missing: str = ""


@dataclass(frozen=True)
class Board:
    """The board as of `month` (yyyymm); `marks` stand on the screen and on every printed page."""

    title: str
    month: int
    marks: tuple[str, ...]
    subtitle: str
    sections: tuple[Section, ...]
