"""data/to_check/列名确认.xlsx as it is written: what is not sure of the headings, for an analyst to fill in.

Belongs here: the questions of a run and how the workbook looks. It repeats headings and never a value. Reading it back
is confirmations.py.
"""

import datetime
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from pipelines.contracts.exports import EXPORTS
from pipelines.ingest.confirmations import COLUMNS, IGNORED, NAME
from pipelines.ingest.findings import ALL, Asked

FILE = f"{NAME}.xlsx"
CHOICES = "可选字段"
HIDDEN = "（第 {} 列；列名可能是数据，不显示）"
WIDTHS = (14, 36, 14, 14, 6, 24, 20, 8, 46, 20, 24)
CREATED = datetime.datetime(2024, 1, 1)
OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
           "default_format_properties": {"font_name": "微软雅黑", "font_size": 10}}
NOTES = (
    "怎样填写",
    "1. 在“确认为”一栏选字段；这一列不用的选“忽略”；不知道的留空，下次还会问。其他各栏请不要改动。",
    "2. 列序为空的行问的是整张表的种类，选种类或“忽略”。",
    "3. 填好后另存为 .xlsx，放进 data/raw 下任一月份的文件夹（如收到它的那个月），再运行一次。工作表的名称“列名确认”不要改。",
    "4. 填过的对同一版式（同样的列名、同样的次序）的所有文件有效，以后不再问；改主意时再填一份，以较新月份的为准。",
    "5. 这里只有列名，没有数据。把握是程序的估计：0.90 以上的直接采用，不在此列。",
)


# Kind (None = the kinds themselves) -> the column of its choices and their number.
Choices = Mapping[str | None, tuple[int, int]]


class Question(NamedTuple):
    """Something asked of a sheet: where it stands, the kind (None = it is asked for), and what is asked."""

    layout: str
    path: str
    sheet: str
    kind: str | None
    asked: Asked


def write(folder: Path, questions: Sequence[Question]) -> None:
    """Writes the workbook with what is open, each layout once; without questions there is none. Same questions, same bytes."""
    path = folder / FILE
    if not questions:
        path.unlink(missing_ok=True)
        return
    rows = _once(questions)
    folder.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    with xlsxwriter.Workbook(str(temporary), dict(OPTIONS)) as book:
        book.set_properties({"title": NAME, "created": CREATED})
        look = {name: book.add_format(said) for name, said in LOOKS.items()}
        page = book.add_worksheet(NAME)
        columns = _choices(book.add_worksheet(CHOICES))
        _table(page, rows, columns, look)
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 110)
        for number, note in enumerate(NOTES):
            notes.write_string(number, 0, note)
    os.replace(temporary, path)


LINES = {"border": 1, "border_color": "#BFBFBF", "valign": "vcenter", "text_wrap": True}
LOOKS = {
    "heading": {**LINES, "bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "align": "center"},
    "plain": {**LINES, "num_format": "@"},
    "number": {**LINES, "num_format": "0.00"},
    "place": LINES,
    "answer": {**LINES, "num_format": "@", "bg_color": "#FFF2CC"},
    "needed": {**LINES, "num_format": "@", "font_color": "#C00000"},
}


def _once(questions: Sequence[Question]) -> list[tuple[Question, int]]:
    """Each question of a layout once, with the number of sheets that ask it; what is needed first."""
    first: dict[tuple, Question] = {}
    sheets: dict[tuple, set[tuple[str, str]]] = {}
    for question in questions:
        key = (question.layout, question.kind, question.asked.position)
        first.setdefault(key, question)
        sheets.setdefault(key, set()).add((question.path, question.sheet))
    needed = {q.layout for q in first.values() if q.asked.is_needed}
    order = sorted(first, key=lambda key: (key[0] not in needed, first[key].path, first[key].sheet, key[0], key[2]))
    return [(first[key], len(sheets[key])) for key in order]


def _choices(page: Worksheet) -> Choices:
    """Writes what may be chosen, one column for each kind and one for the kinds; returns column and number of entries."""
    lists = {None: [export.title for export in EXPORTS.values()]}
    lists |= {kind: [column.title for column in export.columns] for kind, export in EXPORTS.items()}
    for place, (kind, entries) in enumerate(lists.items()):
        page.set_column(place, place, 18)
        for row, text in enumerate(["种类" if kind is None else EXPORTS[kind].title, *entries, IGNORED]):
            page.write_string(row, place, text)
    return {kind: (place, len(entries) + 1) for place, (kind, entries) in enumerate(lists.items())}


def _table(page: Worksheet, rows: list[tuple[Question, int]], choices: Choices, look: Mapping[str, Format]) -> None:
    for place, (heading, width) in enumerate(zip(COLUMNS, WIDTHS, strict=True)):
        page.set_column(place, place, width)
        page.write_string(0, place, heading, look["heading"])
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
    page.ignore_errors({"number_stored_as_text": f"A1:K{len(rows) + 1}"})
    answer = COLUMNS.index("确认为")
    for number, (question, sheets) in enumerate(rows, 1):
        for place, cell in enumerate(_cells(question, sheets)):
            name = COLUMNS[place]
            said = "answer" if place == answer else "needed" if name == "理由" and question.asked.is_needed else "plain"
            if isinstance(cell, str) and cell:
                page.write_string(number, place, cell, look[said])
            elif isinstance(cell, str):
                page.write_blank(number, place, None, look[said])
            else:
                page.write_number(number, place, cell, look["number" if name == "把握" else "place"])
        column, entries = choices[question.kind if question.asked.position != ALL else None]
        letter = xl_col_to_name(column)
        page.data_validation(number, answer, number, answer, {
            "validate": "list", "source": f"='{CHOICES}'!${letter}$2:${letter}${entries + 1}",
            "error_title": NAME, "error_message": "请从列表中选择"})


def _cells(question: Question, sheets: int) -> tuple[str | float, ...]:
    """A question as a row; what is not known is an empty text."""
    asked, is_kind = question.asked, question.asked.position == ALL
    kind = EXPORTS.get(question.kind or "")
    titles = [(kind[name].title if kind else EXPORTS[name].title, sure) for name, sure in asked.candidates]
    why = asked.why + "".join(f"；或 {title}（{sure:.2f}）" for title, sure in titles[1:])
    heading = "（整张表的种类）" if is_kind else asked.heading or HIDDEN.format(xl_col_to_name(asked.position))
    path = question.path if sheets == 1 else f"{question.path} 等 {sheets} 张表"
    return (question.layout, path, question.sheet, kind.title if kind else "",
            "" if is_kind else asked.position + 1, heading,
            titles[0][0] if titles else "", titles[0][1] if titles else "", ("必需：" if asked.is_needed else "") + why, "", "")
