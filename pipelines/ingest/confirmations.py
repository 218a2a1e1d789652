"""列名确认.xlsx: what is not sure of headings is asked there; filled in and dropped into data/raw, it is read back.

Belongs here: the workbook, read, and what follows from it for a layout. The workbook written is questions.py. A layout is
a vendor's headings in their order: what is said once holds for every sheet with these headings, in every batch.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import control
from pipelines.ingest.control import ControlError
from pipelines.ingest.findings import ALL, Confirmed

NAME = "列名确认"
IGNORED = "忽略"
COLUMNS = ("版式", "文件", "工作表", "种类", "列序", "原列名", "建议字段", "把握", "理由", "确认为", "备注")
NEEDED = ("版式", "种类", "列序", "确认为")
SHOWN = 5
KINDS = {title: name for name, export in EXPORTS.items() for title in (name, export.title)}


@dataclass(frozen=True)
class Answer:
    """One row of a workbook that was filled in; `column` is a column's name, or a kind's where the position is ALL."""

    row: int
    layout: str
    kind: str
    position: int
    column: str


@dataclass(frozen=True)
class Confirmations:
    """What analysts have confirmed, by layout."""

    layouts: Mapping[str, Confirmed] = field(default_factory=dict)

    @classmethod
    def of(cls, answers: Iterable[Answer]) -> "Confirmations":
        """From answers in the order in which they were given: of several on one thing the last counts."""
        layouts: dict[str, Confirmed] = {}
        for answer in answers:
            layouts[answer.layout] = _with(layouts.get(answer.layout, Confirmed()), answer)
        return cls(layouts)

    def digest(self, layout: str) -> str:
        """What decides that a sheet of the layout is read anew; "" while nothing is confirmed."""
        said = self.layouts.get(layout)
        if said is None:
            return ""
        return hashlib.sha256(repr((said.kind, sorted(said.columns.items()))).encode()).hexdigest()[:16]


def _with(said: Confirmed, answer: Answer) -> Confirmed:
    """What was said and the answer, which stands; answers for another kind are void with it."""
    kind = answer.column if answer.position == ALL else answer.kind
    columns = dict(said.columns) if said.kind in (None, kind) else {}
    if answer.position != ALL:
        columns = {p: c for p, c in columns.items() if c != answer.column or not c} | {answer.position: answer.column}
    return Confirmed(kind, columns)


def read(path: Path) -> list[Answer]:
    """The rows of a workbook that are filled in.

    Raises ControlError with the rows that are wrong and what may stand there; then nothing of the workbook is used: half of
    it applied would be neither the old state nor the new.
    """
    answers, wrong = [], []
    first: dict[tuple, int] = {}
    for entry in control.entries(path, NAME, NEEDED):
        if not entry.cells["确认为"]:
            continue
        try:
            answer = _answer(entry.row_number, entry.cells)
            key = (answer.layout, answer.position == ALL, answer.column or answer.row)
            if first.setdefault(key, answer.row) != answer.row:
                raise ControlError(f"与第 {first[key]} 行确认为同一字段；一个版式中一个字段只能有一列")
            answers.append(answer)
        except ControlError as error:
            wrong.append(f"第 {entry.row_number} 行{error}")
    if wrong:
        more = f"；另有 {len(wrong) - SHOWN} 行" if len(wrong) > SHOWN else ""
        raise ControlError(f"{NAME}有填错的行，整份未采用：{'；'.join(wrong[:SHOWN])}{more}。请改正后重新放入")
    return answers


def _answer(number: int, cells: Mapping[str, str]) -> Answer:
    """One filled row. Raises ControlError with what is allowed; the entry itself is not repeated."""
    layout, said = cells["版式"].lower(), cells["确认为"]
    if len(layout) != 12 or not layout.isalnum():
        raise ControlError("的“版式”被改动；请保持原样")
    if not cells["列序"]:
        if said != IGNORED and said not in KINDS:
            raise ControlError(f"“确认为”不是种类；可填：{'、'.join(export.title for export in EXPORTS.values())}、{IGNORED}")
        return Answer(number, layout, "", ALL, KINDS.get(said, ""))
    kind, place = KINDS.get(cells["种类"]), cells["列序"].removesuffix(".0")
    if kind is None or not place.isdigit() or not 1 <= int(place) <= 16384:
        raise ControlError("的“种类”或“列序”被改动；请保持原样")
    fields = {title: column.name for column in EXPORTS[kind].columns for title in (column.name, column.title)}
    if said != IGNORED and said not in fields:
        allowed = "、".join(column.title for column in EXPORTS[kind].columns)
        raise ControlError(f"“确认为”不是{EXPORTS[kind].title}的字段；可填：{allowed}、{IGNORED}")
    return Answer(number, layout, kind, int(place) - 1, fields.get(said, ""))
