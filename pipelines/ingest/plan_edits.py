"""项目计划表: the plan as the product drafted it, edited by an analyst and dropped into data/raw, read back.

Belongs here: which cells were changed and to what. Each row carries the values that the product had written (原稿, hidden), so
that a cell counts as edited only where a person changed it, however the data have moved since. What becomes of edits is
planning/edits.py.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.contracts.model import COUNT, RATIO, YUAN, Column
from pipelines.contracts.plan import EDITABLE, KIND, PLAN_ITEM
from pipelines.ingest import control
from pipelines.ingest.control import ControlError

SHEET = "项目计划表"
ACTION, CANCEL, REASON, DRAFT, ID, YEAR, POLICY = "操作", "取消", "变更理由", "原稿", "项目标识", "计划年度", "政策"
COLUMNS = tuple(PLAN_ITEM[name] for name in EDITABLE)
NEEDED = (ACTION, REASON, DRAFT, ID, YEAR, POLICY, *(column.title for column in COLUMNS))
SURE = ("kind", "name", "content")
CANCELLED, ADDED, ROWS = "cancelled", "added", "rows"
SHOWN, MOST = 5, 10**12
MONTH = re.compile(r"(20\d\d)\s*[-/.年]\s*(1[0-2]|0?[1-9])(?:\s*月|[-/.].*)?")
SCHEMA = pa.schema({
    "entry": pa.int32(), "plan_year": pa.int32(), "policy": pa.string(), "programme_id": pa.string(), "column_name": pa.string(),
    "value": pa.string(), "reason": pa.string()})


@dataclass(frozen=True)
class Edit:
    """One changed cell of a programme: its column and what stands there now; `cancelled` and `added` are about it as a whole."""

    entry: int
    plan_year: int
    policy: str
    programme_id: str
    column_name: str
    value: str
    reason: str


def read(path: Path) -> list[Edit]:
    """What was changed. Raises ControlError with the rows that are wrong and what may stand there; then nothing of it is used."""
    rows = [row for row in control.entries(path, SHEET, NEEDED) if any(row.cells[title] for title in NEEDED)]
    place = _place(row.cells for row in rows)
    edits: list[Edit] = []
    wrong: list[str] = []
    for row in rows:
        try:
            edits += _of_row(row.row_number, row.cells, place)
        except ControlError as error:
            wrong.append(f"第 {row.row_number} 行{error}")
    wrong += [] if wrong else _vanished([row.cells for row in rows])
    if wrong:
        more = f"；另有 {len(wrong) - SHOWN} 行" if len(wrong) > SHOWN else ""
        raise ControlError(f"{SHEET}有填错的行，整份未采用：{'；'.join(wrong[:SHOWN])}{more}。请改正后重新放入")
    return edits


def _place(rows: Iterable[Mapping[str, str]]) -> tuple[int, str]:
    """The year and policy of the plan, of the first row that the product wrote."""
    for cells in rows:
        year = cells[YEAR].removesuffix(".0")
        if year.isdigit() and cells[POLICY]:
            return int(year), cells[POLICY]
    raise ControlError(f"{SHEET}没有一行带有“{YEAR}”和“{POLICY}”（隐藏的列）；请在产品写出的文件上修改")


def _vanished(rows: list[Mapping[str, str]]) -> list[str]:
    """What is wrong where a row that the product wrote is not there any more."""
    here = {cells[ID] for cells in rows}
    wrote = {name for cells in rows if cells[ID] for name in _draft(cells[DRAFT]).get(ROWS, ())}
    gone = "、".join(sorted(wrote - here))
    return [f"项目 {gone} 的行不见了；不要的项目请保留该行，在“{ACTION}”填“{CANCEL}”"] if gone else []


def _of_row(number: int, cells: Mapping[str, str], place: tuple[int, str]) -> list[Edit]:
    """The edits of one row. Raises ControlError that continues "第 n 行"."""
    if cells[ACTION] not in ("", CANCEL):
        raise ControlError(f"的“{ACTION}”只能空着或填“{CANCEL}”")
    is_new = not cells[ID]
    draft = {} if is_new else _draft(cells[DRAFT])
    now = {column.name: value_of(column, cells[column.title]) for column in COLUMNS}
    changed = {name: value for name, value in now.items() if value != draft.get(name, "")}
    if cells[ACTION] != draft.get(CANCELLED, ""):
        changed = {CANCELLED: cells[ACTION]}
    elif is_new:
        changed = {ADDED: "", **changed}
    lacking = [PLAN_ITEM[name].title for name in SURE if not now[name]]
    if lacking:
        raise ControlError(f"缺少{'、'.join(lacking)}")
    if now["starts_month"] and now["ends_month"] and now["starts_month"] > now["ends_month"]:
        raise ControlError(f"的{PLAN_ITEM['starts_month'].title}晚于{PLAN_ITEM['ends_month'].title}")
    if changed and not cells[REASON]:
        titles = [PLAN_ITEM[name].title for name in changed if name in PLAN_ITEM.names]
        raise ControlError(f"改了{'、'.join(titles) or '项目'}而没有写“{REASON}”")
    name = cells[ID] or f"added-{hashlib.sha256(now['name'].encode()).hexdigest()[:8]}"
    return [Edit(number, *place, name, column, value, cells[REASON]) for column, value in changed.items()]


def _draft(text: str) -> dict:
    """What the product had written into a row, and under ROWS which programmes it had written. Raises ControlError."""
    try:
        return dict(json.loads(text))
    except ValueError:
        raise ControlError(f"的“{DRAFT}”（隐藏的列）被改动；请在产品写出的文件上修改") from None


def value_of(column: Column, said: str) -> str:
    """A cell in one spelling: numbers without commas, months as 202503, kinds as their code; "" = empty. Raises ControlError."""
    text = said.strip()
    if text in ("", "—"):
        return ""
    if column.name == "kind":
        codes = {title: code for code, (title,) in KIND.items()}
        if text not in codes and text not in KIND:
            raise ControlError(f"的“{column.title}”只能是 {'、'.join(codes)}")
        return codes.get(text, text)
    if column.unit == "yyyymm":
        return _month(column, text)
    return _number(column, text) if column.type in (COUNT, RATIO, YUAN) else text


def _month(column: Column, text: str) -> str:
    found = MONTH.fullmatch(text)
    if found is None:
        raise ControlError(f"的“{column.title}”须写成 2025-03")
    return f"{found[1]}{int(found[2]):02d}"


def _number(column: Column, text: str) -> str:
    try:
        number = Decimal(text.replace(",", "").replace("，", "").removesuffix("元")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    except InvalidOperation:
        number = Decimal(-1)
    if not 0 <= number <= MOST or (column.type == COUNT and number % 1):
        whole = "不小于 0 的整数" if column.type == COUNT else "不小于 0 的数"
        raise ControlError(f"的“{column.title}”须为{whole}{'，以元为单位' if column.type == YUAN else ''}")
    return f"{number:f}".rstrip("0").rstrip(".")


def record(edits: Iterable[Edit], path: Path) -> None:
    """Keeps the edits of a document beside the export cache."""
    rows = [asdict(edit) for edit in edits]
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    pq.write_table(pa.Table.from_pylist(rows, schema=SCHEMA), temporary)
    os.replace(temporary, path)
