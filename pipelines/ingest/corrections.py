"""What the analyst corrects: entries of 数据核实清单 workbooks and of 更正 TOML files that lie in data/raw.

Belongs here: reading entries, checking what they ask for, which of them hold for a file. Applying them is correct.py.
"""

import datetime
import hashlib
import os
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import Export
from pipelines.ingest import control
from pipelines.ingest.control import ControlError

SHEET = "数据核实清单"
NEEDED = ("文件", "工作表", "行号", "种类", "列", "更正值")
WHOLE_ROW, VOID, CONFIRMED = "整行", "作废", "属实"
DEFAULT_REASON = "经办机构核实"
CONTENT_DIGITS = 12
TOML_KEYS = {"file", "sheet", "kind", "column", "rows", "where", "value", "reason", "date", "expected"}
RECORDED = pa.schema({
    "entry": pa.int32(), "target_path": pa.string(), "target_sheet": pa.string(), "kind": pa.string(),
    "column_title": pa.string(), "target_row": pa.int32(), "action": pa.string(), "rule": pa.string(),
    "reason": pa.string(), "corrected_on": pa.date32(), "expected": pa.int64(), "target_content": pa.string(),
})
KINDS = {export.title: export.name for export in EXPORTS.values()} | {name: name for name in EXPORTS}


@dataclass(frozen=True)
class Correction:
    """One entry.

    batch_month, source, entry  the folder, the document and its row (or number of the TOML entry)
    file, sheet, content        the file corrected (below data/raw), its sheet, the first digits of the SHA-256 that it had
    column                      a column of the kind by name, or 整行 for the row as a whole
    value                       the text that the cell should have held; 属实 = it is right as it is; for 整行: 作废, or the
                                row's cells parted by | or tabs
    rows, where                 the rows' numbers, or column -> text that the rows must hold
    expected                    how many rows it must meet
    """

    batch_month: int
    source: str
    entry: int
    file: str
    sheet: str
    kind: str
    column: str
    value: str
    rows: tuple[int, ...]
    where: tuple[tuple[str, str], ...]
    reason: str
    corrected_on: datetime.date | None
    expected: int
    rule: str = ""
    content: str = ""

    @property
    def action(self) -> str:
        """cell, row (typed anew), void or confirmed."""
        if self.value == CONFIRMED:
            return "confirmed"
        return "cell" if self.column != WHOLE_ROW else "void" if self.value == VOID else "row"

    def fits(self, content: str) -> bool:
        """Whether the file still holds what was corrected."""
        return content.startswith(self.content)


def read(path: Path, name: str, batch_month: int) -> list[Correction]:
    """The entries of a document that are filled in. Raises ControlError naming the first row that cannot be."""
    return _toml(path, name, batch_month) if path.suffix.lower() == ".toml" else _workbook(path, name, batch_month)


def _workbook(path: Path, name: str, batch_month: int) -> list[Correction]:
    filled = [entry for entry in control.entries(path, SHEET, NEEDED) if entry.cells["更正值"]]
    return [_of_row(entry.cells, f"第 {entry.row_number} 行", (batch_month, name, entry.row_number)) for entry in filled]


def _of_row(cells: Mapping[str, str], where: str, source: tuple[int, str, int]) -> Correction:
    export = _kind(cells["种类"], where)
    try:
        number = int(float(cells["行号"]))
        text = cells.get("更正日期", "").replace("/", "-")[:10]
        corrected_on = datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise ControlError(f"{where}：行号须为整数，更正日期须写成 2025-01-31") from None
    column = _column(export, cells["列"], where, cells["更正值"])
    return Correction(*source, file=cells["文件"], sheet=cells["工作表"], kind=export.name, column=column,
                      value=cells["更正值"], rows=(number,), where=(),
                      reason=cells.get("更正说明") or DEFAULT_REASON, corrected_on=corrected_on, expected=1,
                      rule=cells.get("规则", ""), content=cells.get("文件校验", ""))


def _toml(path: Path, name: str, batch_month: int) -> list[Correction]:
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise ControlError("不是有效的 TOML；请检查引号与括号") from None
    entries = said.pop("correction", None)
    if said or not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ControlError("data/raw 中的 TOML 只能由 [[correction]] 组成")
    return [_of_toml(entry, f"第 {number} 项", (batch_month, name, number)) for number, entry in enumerate(entries, 1)]


def _of_toml(said: dict, where: str, source: tuple[int, str, int]) -> Correction:
    unknown = set(said) - TOML_KEYS
    missed = {"file", "kind", "column", "value", "reason", "date", "expected"} - set(said)
    if unknown or missed or ("rows" in said) == ("where" in said):
        raise ControlError(f"{where}：须有 file、kind、column、value、reason、date、expected，以及 rows 或 where 之一；"
                           f"缺 {'、'.join(sorted(missed)) or '无'}，多 {'、'.join(sorted(unknown)) or '无'}")
    export, rows, texts = _kind(said["kind"], where), said.get("rows", []), said.get("where", {})
    is_fine = (isinstance(rows, list) and all(type(row) is int for row in rows) and isinstance(texts, dict)
               and type(said["date"]) is datetime.date and type(said["expected"]) is int
               and all(isinstance(said[key], str) for key in ("file", "column", "value", "reason")))
    if not is_fine or not said["reason"].strip():
        raise ControlError(f"{where}：rows 为行号的列表，where 为“列 = 文字”，date 写成 2025-01-31，"
                           "expected 为整数，reason 不能为空")
    sought = tuple(sorted((_column(export, title, where), str(text)) for title, text in texts.items()))
    column = _column(export, said["column"], where, said["value"])
    return Correction(*source, file=said["file"], sheet=str(said.get("sheet", "")), kind=export.name, column=column,
                      value=said["value"], rows=tuple(rows), where=sought,
                      reason=said["reason"], corrected_on=said["date"], expected=said["expected"])


def _kind(text: object, where: str) -> Export:
    if text not in KINDS:
        raise ControlError(f"{where}：种类不认识；可填：{'、'.join(export.title for export in EXPORTS.values())}")
    return EXPORTS[KINDS[str(text)]]


def _column(export: Export, title: str, where: str, value: str = "") -> str:
    """The name of a column that may be corrected; 作废 is of the whole row. Raises ControlError."""
    if WHOLE_ROW == title or VOID == value:
        return WHOLE_ROW
    known = {column.title: column.name for column in export.stored}
    if title not in known:
        raise ControlError(f"{where}：{export.title}没有这一列；可填：{WHOLE_ROW}、{'、'.join(known)}")
    return known[title]


def record(entries: Iterable[Correction], path: Path) -> None:
    """Writes what a document's entries ask for, without the values, which may be personal."""
    rows = [
        {"entry": e.entry, "target_path": e.file, "target_sheet": e.sheet, "kind": e.kind,
         "column_title": e.column if e.column == WHOLE_ROW else EXPORTS[e.kind][e.column].title,
         "target_row": e.rows[0] if len(e.rows) == 1 else None, "action": e.action, "rule": e.rule, "reason": e.reason,
         "corrected_on": e.corrected_on, "expected": e.expected, "target_content": e.content}
        for e in entries
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    pq.write_table(pa.Table.from_pylist(rows, schema=RECORDED), temporary)
    os.replace(temporary, path)


@dataclass(frozen=True)
class Corrections:
    """All entries that lie in data/raw, in the order in which they hold: a later one overrides an earlier one."""

    entries: tuple[Correction, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[Correction]) -> "Corrections":
        return cls(tuple(sorted(entries, key=lambda entry: (entry.batch_month, entry.source, entry.entry))))

    def for_file(self, name: str, content: str) -> "Corrections":
        """Those of one file, or of the files in an archive, that still holds what was corrected."""
        meant = (entry for entry in self.entries if entry.file == name or entry.file.startswith(f"{name}/"))
        return Corrections(tuple(entry for entry in meant if entry.fits(content)))

    def for_member(self, name: str) -> "Corrections":
        """Those of one file in an archive, by its path through the archive."""
        return Corrections(tuple(entry for entry in self.entries if entry.file == name))

    def for_sheet(self, sheet: str) -> "Corrections":
        return Corrections(tuple(entry for entry in self.entries if entry.sheet == sheet))

    def through(self, month: int) -> "Corrections":
        """Those that had been delivered by a month."""
        return Corrections(tuple(entry for entry in self.entries if entry.batch_month <= month))

    def editions(self, batch_month: int) -> list[int]:
        """The months from which a file of a batch reads differently, first the batch's own."""
        return sorted({batch_month, *(entry.batch_month for entry in self.entries if entry.batch_month > batch_month)})

    @property
    def digest(self) -> str:
        return hashlib.sha256(repr(self.entries).encode()).hexdigest() if self.entries else ""
