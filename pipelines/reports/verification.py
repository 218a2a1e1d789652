"""What is said in 数据核实清单: one workbook per 经办机构 with every row that could not be used, to be filled in and given back.

Belongs here: which line asks for which column, and the words above the table. What is filled in is read by
ingest/corrections.py, whose headings these are.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import Export
from pipelines.ingest.corrections import CONFIRMED, CONTENT_DIGITS, SHEET, VOID, WHOLE_ROW
from pipelines.ingest.parse import message_of
from pipelines.reports import Field, Row, Sheet, Workbook

NO_AGENCY = "未分经办机构"
MOST_ROWS = 20_000
NOTES = (
    "在“更正值”列填写该单元格应有的内容（按原文件的写法即可），并写明“更正说明”；填好后把本文件放入 data/raw 下最新月份的"
    "文件夹，下次运行时生效。没有填写的行不受影响。",
    f"“列”为“{WHOLE_ROW}”时，更正值写整行的全部单元格，以 | 分隔；该行不应存在的，任何一行填“{VOID}”；"
    f"值本来就对的填“{CONFIRMED}”。",
    "为保护个人信息，本清单不显示原值；请按文件、工作表和行号在原文件中查看。请勿改动其他列与标题。",
)
SETTLED = {"void"}
DOUBTFUL = "存疑"
RULES = {"unusable": "不能识别", "missing": "必填为空", "cells": "格数不符", "future": "晚于截止月", "rounded": "被 Excel 改写"}


class Line(NamedTuple):
    """One cell in question: where it is, what is wrong with it, what helps to find it."""

    batch_month: int
    path: str
    sheet: str
    row_number: int
    kind: str
    column: str
    enterprise_id: str | None
    reference: str | None
    rule: str
    message: str


FIELDS = (
    Field("批次"), Field("文件"), Field("工作表"), Field("行号", is_number=True, is_grouped=False), Field("种类"), Field("列"),
    Field("单位编号"), Field("单位名称"), Field("案件/流水"), Field("规则"), Field("原因"), Field("更正值", is_input=True),
    Field("更正说明", is_input=True), Field("更正日期", is_input=True), Field("文件校验", is_hidden=True),
)


def rejected_lines(rows: Iterable[Mapping]) -> list[Line]:
    """A line for each column that a rejected row (rejected_row) fails on."""
    found = []
    for row in rows:
        for rule in row["rule"].split(","):
            found += [_line(row, column, rule) for column in _columns(EXPORTS[row["kind"]], rule)]
    return found


def doubtful_lines(rows: Iterable[Mapping]) -> list[Line]:
    """A line for each doubt (doubtful_row) about a row that is used."""
    return [
        Line(row["batch_month"], row["path"], row["sheet"] or "", row["row_number"], EXPORTS[row["kind"]].title,
             EXPORTS[row["kind"]][row["column_name"]].title if row["column_name"] else WHOLE_ROW, row["enterprise_id"],
             row["reference"], DOUBTFUL, row["message"])
        for row in rows
    ]


def _columns(export: Export, rule: str) -> list[str]:
    """Titles of the columns that a rule asks about."""
    what, _, name = rule.partition(":")
    if what in SETTLED:
        return []
    if what == "future":
        return [export[column].title for column, _ in export.not_after]
    return [export[name].title if name else WHOLE_ROW]


def _line(row: Mapping, column: str, rule: str) -> Line:
    export, what = EXPORTS[row["kind"]], rule.partition(":")[0]
    message = row["message"] if what == "future" else message_of(export, rule)
    return Line(row["batch_month"], row["path"], row["sheet"] or "", row["row_number"], export.title, column,
                row["enterprise_id"], row["reference"], RULES[what], message)


def workbooks(lines: Iterable[Line], units: Mapping[str, tuple[str | None, str | None]], contents: Mapping[str, str], month: int,
              marks: tuple[str, ...]) -> dict[str, Workbook]:
    """Agency -> its workbook.

    units     enterprise_id -> its agency and name
    contents  path -> SHA-256 of the file, so that a correction is not applied to another file of that name
    """
    by_agency: dict[str, list[Line]] = {}
    for line in sorted(set(lines), key=lambda line: (-line.batch_month, *(text or "" for text in map(str, line[1:])))):
        agency, _ = units.get(line.enterprise_id or "", (None, None))
        by_agency.setdefault(agency or NO_AGENCY, []).append(line)
    return {agency: _workbook(agency, found, units, contents, month, marks) for agency, found in by_agency.items()}


def _workbook(agency: str, lines: list[Line], units: Mapping, contents: Mapping[str, str], month: int,
              marks: tuple[str, ...]) -> Workbook:
    left = f"共 {len(lines):,} 处，本表列出前 {MOST_ROWS:,} 处；更正后其余的会在下次列出。" if len(lines) > MOST_ROWS else (
        f"共 {len(lines):,} 处。")
    rows = tuple(Row(_cells(line, units, contents)) for line in lines[:MOST_ROWS])
    sheet = Sheet(SHEET, f"{SHEET}（{agency}）", (left, *NOTES), FIELDS, rows)
    return Workbook(SHEET, month, marks, f"数据截止 {_month(month)}　{agency}", (sheet,))


def _cells(line: Line, units: Mapping, contents: Mapping[str, str]) -> tuple:
    _, name = units.get(line.enterprise_id or "", (None, None))
    return (_month(line.batch_month), line.path, line.sheet, line.row_number, line.kind, line.column, line.enterprise_id or "",
            name or "", line.reference or "", line.rule, line.message, "", "", "", contents[line.path][:CONTENT_DIGITS])


def _month(month: int) -> str:
    return f"{month // 100}-{month % 100:02d}"
