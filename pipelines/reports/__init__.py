"""Documents for people, and the words in which a workbook is described: content.py says it, xlsx.py draws it.

Belongs here: what can be said about a workbook. Does not belong here: any particular one, and anything that reads or
writes a file.
"""

from dataclasses import dataclass
from decimal import Decimal

from pipelines.contracts.model import COUNT, FLAG, RATIO, TEXT, YUAN, Column

MOST_DECIMALS = 2
Value = str | int | float | Decimal | None


@dataclass(frozen=True)
class Field:
    """One column of a sheet.

    decimals    of a number; None = whole
    is_grouped  whether thousands are set apart (a year is not)
    alert       the value that stands out
    is_input    to be filled in by a person
    is_hidden   there for the program that reads the workbook back
    choices     what may be filled in, offered as a list
    """

    title: str
    unit: str = ""
    is_number: bool = False
    decimals: int | None = None
    is_grouped: bool = True
    alert: str = ""
    is_input: bool = False
    is_hidden: bool = False
    choices: tuple[str, ...] = ()

    @classmethod
    def of(cls, column: Column, alert: str = "") -> "Field":
        """The column as its contract declares it; on paper no more than two decimals."""
        is_number = column.type not in (TEXT, FLAG) and column.codes is None and column.unit != "yyyymm"
        decimals = None if column.decimals is None else min(column.decimals, MOST_DECIMALS)
        unit = column.unit if is_number and column.unit != "名" else ""
        return cls(column.title, unit, is_number, decimals, column.type in (COUNT, RATIO, YUAN), alert)


@dataclass(frozen=True)
class Row:
    """One row; `tone` says what it is: listed, reserve, reference, total, group, alert or plain."""

    values: tuple[Value, ...]
    tone: str = "plain"


@dataclass(frozen=True)
class Chart:
    """A bar for every row of its sheet, by the positions of the columns with the names and with the values."""

    title: str
    names: int
    values: int


@dataclass(frozen=True)
class Sheet:
    """One sheet: title, notes, table. One that `is_text` is read from the top: neither frozen nor filtered."""

    name: str
    title: str
    notes: tuple[str, ...]
    fields: tuple[Field, ...]
    rows: tuple[Row, ...]
    chart: Chart | None = None
    is_text: bool = False


@dataclass(frozen=True)
class Workbook:
    """A document as of `month` (yyyymm); `marks` stand on every sheet and page, `subtitle` under every title."""

    title: str
    month: int
    marks: tuple[str, ...]
    subtitle: str
    sheets: tuple[Sheet, ...]
