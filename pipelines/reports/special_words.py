"""What the chapters of the special report share: tables from marts, a few ways of saying numbers.

Belongs here: wording without any figure of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipelines.contracts.model import Column
from pipelines.reports import Field, Row, Value
from pipelines.reports.cells import cells
from pipelines.reports.text import Table

DRAFT = "系统生成初稿"
FEW = 5
"""Counts below it are called few, and nothing is concluded from them."""
Tables = Mapping[str, list[dict]]


def table(
    caption: str, columns: Sequence[Column], rows: Sequence[Mapping], widths: tuple[float, ...] = (),
    titles: Mapping[str, str] | None = None,
) -> Table:
    """Columns of a mart as they are; `titles` = other headings, by column."""
    fields = tuple(replace(Field.of(column), title=(titles or {}).get(column.name, column.title)) for column in columns)
    return Table(fields, tuple(Row(cells(columns, row)) for row in rows), caption, widths=widths)


def number(title: str, unit: str = "", decimals: int | None = None) -> Field:
    """A column of numbers that no mart has in this form."""
    return Field(title, unit, True, decimals)


def between(low: float | None, high: float | None, decimals: int = 2) -> Value:
    """An interval in one cell."""
    return None if low is None or high is None else f"{low:.{decimals}f}–{high:.{decimals}f}"


def ten_thousand(yuan: Decimal | None) -> Decimal | None:
    """Yuan in units of ten thousand, as reports show money."""
    return None if yuan is None else yuan / 10000


def pct(now: float, before: float) -> str:
    """How much a figure has changed, with its sign."""
    return f"{100 * (now / before - 1):+.1f}%" if before else "—"


def joined(names: Sequence[str], most: int) -> str:
    """The first names and how many follow."""
    if not names:
        return "没有可以确定的"
    rest = f"等 {len(names)} 个" if len(names) > most else ""
    return "、".join(names[:most]) + rest
