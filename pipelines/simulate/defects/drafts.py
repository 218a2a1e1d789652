"""A file in the making: the right values, the cells as they will be written, and a mark for each thing that is wrong.

Nothing here knows formats or layouts; rows are counted from 0 and get their place in a sheet in `pages`.
"""
import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import Column, Export
from pipelines.simulate.calibration import table
from pipelines.simulate.columns import Columns
from pipelines.simulate.defects.cells import Cell

HEADING = -1
"""The row of a mark that is about a column as a whole."""
WIDE_GROUP = ("支付日期", "认定书编号", "单位编号", "支付类型", "待遇年月")
NAMED_KINDS = ("premium", "payout", "incident", "key_staff", "training_record", "programme")
"""Kinds in which a unit may be told by its name alone."""


class Mark(NamedTuple):
    """One thing that is wrong: `row` counts from 0 in the file (HEADING = the column), an empty `column` is the whole row."""

    row: int
    column: str
    defect: str
    clean: str
    written: str


class Raw(str):
    """A text that is written into a text file without quotes, whatever is in it."""


@dataclass
class Draft:
    """One file's rows by column; `types` holds each column's value type, `broken` the rows that will not have all cells."""

    kind: str
    clean: dict[str, list[str]]
    cells: dict[str, list[Cell]]
    types: dict[str, str]
    headings: dict[str, str]
    marks: list[Mark] = field(default_factory=list)
    twins: set[int] = field(default_factory=set)
    broken: dict[int, float] = field(default_factory=dict)

    @property
    def export(self) -> Export | None:
        """The kind's contract, where there is one."""
        return exports().get(self.kind)

    @property
    def name(self) -> str:
        """The kind's code name."""
        return self.export.name if self.export else ""

    def __len__(self) -> int:
        return len(next(iter(self.clean.values())))

    def column(self, title: str) -> Column | None:
        """The contract's column of a title."""
        return next((column for column in self.export.columns if column.title == title), None) if self.export else None

    def write(self, row: int, title: str, defect: str, cell: Cell) -> None:
        """Puts a wrong cell in place of the right one and marks it."""
        self.cells[title][row] = cell
        self.marks.append(Mark(row, title, defect, self.clean[title][row], shown(cell)))

    def rename(self, title: str, defect: str, heading: str) -> None:
        """Writes another heading over a column and marks it."""
        self.headings[title] = heading
        self.marks.append(Mark(HEADING, title, defect, title, heading))


@cache
def exports() -> dict[str, Export]:
    """The contracts by the kind's Chinese name."""
    return {export.title: export for export in EXPORTS.values()}


def shown(cell: Cell) -> str:
    """A cell as a reader of text sees it."""
    if isinstance(cell, dt.date):
        return f"{cell} 00:00:00"
    return as_text(cell)


def as_text(value: object) -> str:
    """A value of a simulated column as an export writes it; nothing for None."""
    if value is None:
        return ""
    return format(value, ".15g") if isinstance(value, float) else str(value)


def draft_of(kind: str, columns: Columns) -> Draft:
    """A file without any defect."""
    values = {title: column.tolist() for title, column in columns.items()}
    clean = {title: [as_text(value) for value in column] for title, column in values.items()}
    cells: dict[str, list[Cell]] = {title: [value if value != "" else None for value in column]
                                    for title, column in values.items()}
    draft = Draft(kind, clean, cells, {}, {title: title for title in clean})
    for title in clean:
        column = draft.column(title)
        draft.types[title] = column.value if column else ""
    return draft


@cache
def benefits() -> tuple[str, ...]:
    """The benefits that wide exports have a column for."""
    [row] = [row for row in table("field_aliases").to_dict("records") if row["canonical"] == "wide_benefit_cols"]
    return tuple(row["chinese_aliases"].split("|"))


def is_wide_able(columns: Columns) -> bool:
    """Whether every benefit of a payout file has a column of its own in wide exports."""
    return set(columns["待遇项目"].tolist()) <= set(benefits())


def widened(columns: Columns) -> Draft:
    """A payout file with one column per benefit: payments of one day to one person stand in one row.

    The row bears the number of its first payment.
    """
    long = draft_of("待遇支付", columns)
    kept = [title for title in long.clean if title not in ("待遇项目", "支付金额")]
    names = [name for name in benefits() if name in set(long.clean["待遇项目"])]
    by = [long.clean[title] for title in WIDE_GROUP if title in long.clean]
    groups: list[dict[str, int]] = []
    before: tuple = ()
    for row, key in enumerate(zip(*by, strict=True)):
        benefit = long.clean["待遇项目"][row]
        if key != before or benefit in groups[-1]:
            groups.append({})
        groups[-1][benefit], before = row, key
    first = [min(group.values()) for group in groups]
    clean = {title: [long.clean[title][row] for row in first] for title in kept}
    amount = long.clean["支付金额"]
    clean |= {name: [amount[group[name]] if name in group else "" for group in groups] for name in names}
    cells: dict[str, list[Cell]] = {title: [text or None for text in clean[title]] for title in kept}
    cells |= {name: [float(text) if text else None for text in clean[name]] for name in names}
    types = {**{title: long.types[title] for title in kept}, **dict.fromkeys(names, "amount")}
    draft = Draft("待遇支付", clean, cells, types, {title: title for title in clean})
    draft.marks += [Mark(HEADING, name, "wide_benefits", "支付金额", name) for name in names]
    return draft


def in_ten_thousands(draft: Draft) -> None:
    """All amounts of a file in 万元, and its headings say so."""
    for title in [title for title, kind in draft.types.items() if kind == "amount"]:
        draft.cells[title] = [float(Decimal(text) / 10000) if text else None for text in draft.clean[title]]
        draft.rename(title, "ten_thousand_heading", f"{title}（万元）")
        draft.types[title] = ""


def in_percent(draft: Draft, title: str, sign: str) -> None:
    """The rates of a file as bare numbers under a heading with % or ‰."""
    factor = 10 if sign == "‰" else 1
    draft.cells[title] = [float(Decimal(text.rstrip("%")) * factor) if text else None for text in draft.clean[title]]
    draft.rename(title, "rate_heading", f"{title}({sign})")
    draft.types[title] = ""


def by_name(draft: Draft, names: dict[str, str]) -> None:
    """The units of a file by their names in place of their numbers."""
    draft.cells["单位编号"] = [names.get(number, "") or None for number in draft.clean["单位编号"]]
    draft.rename("单位编号", "unit_by_name", "单位名称")
    draft.types["单位编号"] = ""
