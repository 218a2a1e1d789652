"""What is said in 项目计划表.xlsx: the plan to be edited and given back, its budget, demand, checks, best choice and changes.

Belongs here: choosing and wording; every figure was computed in the marts. The sheet 项目计划表 is read back by
ingest/plan_edits.py, whose headings these are.
"""

import json
from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from pipelines.contracts import plan
from pipelines.contracts.model import TEXT, YUAN, Column
from pipelines.contracts.plan import EDITABLE, PLAN_BUDGET, PLAN_CHANGE, PLAN_CHECK, PLAN_CHOICE, PLAN_ITEM, TRAINING_DEMAND
from pipelines.contracts.shared import WHOLE_AREA
from pipelines.ingest.plan_edits import ACTION, CANCEL, CANCELLED, DRAFT, ID, POLICY, REASON, ROWS, SHEET, YEAR
from pipelines.policy import Policy
from pipelines.reports import Field, Row, Sheet, Value, Workbook
from pipelines.reports.cells import cells, month_text, shown

TITLE = SHEET
NOTES = (
    f"白底各列由系统写出，黄底各列可以修改：改了的行写明“{REASON}”，不要的项目在“{ACTION}”填“{CANCEL}”，新增的项目写在表下的空行。"
    "填好后把本文件放入 data/raw 下最新月份的文件夹，下次运行时生效，以后各月都按修改后的计划；没有改动的单元格仍随数据更新。",
    "月份写成 2025-03，金额以元为单位。请勿改动标题、隐藏的列和工作表的名称。空着的是方案和数据都没有给出的，不是 0。")
OVERVIEW = ("item_no", "action", "name", "content", "quantity", "unit", "scale", "schedule", "form", "persons", "budget_yuan",
            "lead")
DETAILS = ("item_no", "name", "audience", "enterprises", "proposed", "outputs", "hours", "persons_low", "persons_high",
           "unit_cost_yuan", "head_cost_yuan", "prepayment_yuan", "unpayable", "section")
BASES = ("quantity_basis", "persons_basis", "budget_basis", "state", "edited")
HIDDEN, EMPTY_ROWS = (ID, YEAR, POLICY, DRAFT), 5
TONES = {"edited": "listed", "added": "reserve", "cancelled": "reference", "drafted": "plain"}
LINES = {"ceiling": "group", "kind": "reserve", "total": "total", "fitting": "total", "programme": "plain"}
CHOICES = {"total": "total", "programme": "group", "enterprise": "plain", "constraint": "reference"}
VERDICTS = {"bad": "alert", "watch": "plain", "good": "reference"}


def workbook(tables: Mapping[str, pa.Table], month: int, policy: Policy, marks: tuple[str, ...]) -> Workbook | None:
    """The workbook of a month from the marts of the plan by name; None where the policy has no plan."""
    rows = {table.name: tables[table.name].to_pylist() for table in plan.PLAN}
    items = sorted(rows[PLAN_ITEM.name], key=lambda row: row["item_no"])
    if not items:
        return None
    live = [row for row in items if row["state"] != CANCELLED]
    sheets = [_items(items, policy), _plain("项目一览", OVERVIEW, live), _plain("项目说明", DETAILS, live),
              *budget(rows[PLAN_BUDGET.name]), *_demand(rows[TRAINING_DEMAND.name]),
              *_checks(rows[PLAN_CHECK.name]), *_choice(rows[PLAN_CHOICE.name]), *_changes(rows[PLAN_CHANGE.name])]
    subtitle = f"{items[0]['plan_year']} 年度　数据截止 {month_text(month)}　政策：{policy.title}"
    return Workbook(TITLE, month, marks, subtitle, tuple(sheets))


def _items(items: list[dict], policy: Policy) -> Sheet:
    """The plan; beside each row, hidden, what was written there and for which plan."""
    first = (Field.of(PLAN_ITEM["item_no"]), Field(ACTION, is_input=True))
    fields = (*first, *(_input(_field(PLAN_ITEM[name], items)) for name in EDITABLE), Field(REASON, is_input=True),
              *(Field.of(PLAN_ITEM[name]) for name in BASES), *(Field(title, is_hidden=True) for title in HIDDEN))
    names = [row["programme_id"] for row in items]
    made = [Row(_item(row, policy, names), TONES[row["state"]]) for row in items]
    made += [Row((None, *[""] * (len(fields) - 1)))] * EMPTY_ROWS
    title, notes = f"{items[0]['plan_year']} 年{PLAN_ITEM.title}", (*NOTES, items[0]["definition"] + "。")
    return Sheet(SHEET, title, notes, fields, tuple(made))


def _plain(name: str, shown_names: tuple[str, ...], items: list[dict]) -> Sheet:
    """Some columns of the items that were not cancelled, to be read and printed."""
    columns = [PLAN_ITEM[column] for column in shown_names]
    return Sheet(name, f"{PLAN_ITEM.title}：{name}", (), tuple(_field(column, items) for column in columns),
                 tuple(Row(cells(columns, row), TONES[row["state"]]) for row in items))


def _field(column: Column, rows: list[dict], alert: str = "") -> Field:
    """A column of a sheet; quantities have no decimals where all of them are whole."""
    said = Field.of(column, alert)
    is_whole = column.name == "quantity" and all(row[column.name] is None or row[column.name] % 1 == 0 for row in rows)
    return replace(said, decimals=None) if is_whole else said


def _input(said: Field) -> Field:
    """A column to be changed, under its plain title, by which it is read back."""
    return Field(said.title, "", said.is_number, said.decimals, said.is_grouped, is_input=True)


def _item(row: Mapping, policy: Policy, names: list[str]) -> tuple[Value, ...]:
    action = CANCEL if row["state"] == CANCELLED else ""
    draft = {CANCELLED: action, **{name: _written(PLAN_ITEM[name], row[name]) for name in EDITABLE}}
    values = [_filled(PLAN_ITEM[name], row[name]) for name in EDITABLE]
    beside = cells([PLAN_ITEM[name] for name in BASES], row)
    said = json.dumps({ROWS: names, **{name: text for name, text in draft.items() if text}}, ensure_ascii=False, sort_keys=True)
    return (row["item_no"], action, *values, row["edit_reason"] or "", *beside, row["programme_id"], str(row["plan_year"]),
            policy.name, said)


def _filled(column: Column, value) -> Value:
    """A value to be changed; an unknown one is an empty cell."""
    said = shown(column, value)
    return "" if said is None else said


def _written(column: Column, value) -> str:
    """The same in the spelling in which plan_edits reads a cell."""
    if value is None:
        return ""
    if column.type == TEXT:
        return value.strip()
    if column.type == YUAN or isinstance(value, float):
        return f"{value:.2f}".rstrip("0").rstrip(".")
    return str(value)


def budget(rows: list[dict]) -> list[Sheet]:
    """经费预算 from the rows of plan_budget, where there are any."""
    names = ("line", "title", "quantity", "unit", "persons", "unit_cost_yuan", "head_cost_yuan", "amount_yuan", "share_pct",
             "budget_basis", "limit_yuan", "over_yuan", "cumulated_yuan", "is_fitting", "reason")
    columns = [PLAN_BUDGET[name] for name in names]
    rows.sort(key=lambda row: row["line_no"])
    fields = tuple(_field(c, rows, "否" if c.name == "is_fitting" else "") for c in columns)
    made = tuple(Row(cells(columns, row), "alert" if _is_over(row) else LINES[row["line"]]) for row in rows)
    notes = [row["reason"] for row in rows if row["line"] in ("total", "fitting") and row["reason"]]
    return [Sheet("经费预算", PLAN_BUDGET.title, (*notes, rows[0]["definition"] + "。"), fields, made)] if rows else []


def _is_over(row: Mapping) -> bool:
    return row["over_yuan"] is not None and row["over_yuan"] > 0


def _demand(rows: list[dict]) -> list[Sheet]:
    names = ("region_code", "role", "enterprises", "enterprises_counted", "persons", "trained", "trained_from", "trained_pct",
             "target_pct", "target", "gap", "hours_least", "hours_most", "hours_needed", "reason")
    columns = [TRAINING_DEMAND[name] for name in names]
    order = [*(TRAINING_DEMAND["role"].codes or ())]
    made: list[Row] = []
    for programme in dict.fromkeys(row["programme_name"] for row in rows):
        own = [row for row in rows if row["programme_name"] == programme]
        own.sort(key=lambda row: (row["region_code"] != WHOLE_AREA, row["region_code"], order.index(row["role"])))
        made.append(Row((programme, *[""] * (len(columns) - 1)), "group"))
        made += [Row(cells(columns, row), "total" if row["region_code"] == WHOLE_AREA else "plain") for row in own]
    notes = (f"{rows[0]['definition']}。",) if rows else ()
    return [Sheet("培训需求", TRAINING_DEMAND.title, notes, tuple(map(Field.of, columns)), tuple(made))] if rows else []


def _checks(rows: list[dict]) -> list[Sheet]:
    names = ("check_title", "subject_title", "verdict", "message", "figure_expected", "figure_found")
    columns = [PLAN_CHECK[name] for name in names]
    order = list(VERDICTS)
    rows.sort(key=lambda row: (order.index(row["verdict"]), row["check_title"], row["subject"]))
    made = tuple(Row(cells(columns, row), VERDICTS[row["verdict"]]) for row in rows)
    said = f"不符 {sum(row['verdict'] == 'bad' for row in rows)} 处，留意 {sum(row['verdict'] == 'watch' for row in rows)} 处。"
    note = "“原文的……”说的是政策所取的方案自己的矛盾，起草时不要照抄；其余说的是本计划。"
    return [Sheet("计划核对", PLAN_CHECK.title, (said, note), tuple(map(Field.of, columns)), made)] if rows else []


def _choice(rows: list[dict]) -> list[Sheet]:
    names = ("choice", "title", "region_code", "industry_name", "rank", "is_chosen", "cost_yuan", "removed_injuries", "reason")
    columns = [PLAN_CHOICE[name] for name in names]
    order = list(CHOICES)
    rows.sort(key=lambda row: (order.index(row["choice"]), not row["is_chosen"], row["rank"] or 0, row["subject"]))
    made = tuple(Row(cells(columns, row), CHOICES[row["choice"]]) for row in rows)
    notes = (f"{rows[0]['definition']}。", "这是计划之外的建议，不改动计划。") if rows else ()
    return [Sheet("最优组合", PLAN_CHOICE.title, notes, tuple(map(Field.of, columns)), made)] if rows else []


def _changes(rows: list[dict]) -> list[Sheet]:
    columns = [PLAN_CHANGE[name] for name in ("name", "change", "column_title", "before", "after", "edit_reason")]
    rows.sort(key=lambda row: (row["programme_id"], row["column_name"]))
    notes = (f"与存档的计划（{rows[0]['issued_version']}）相比。",) if rows else ()
    made = tuple(Row(cells(columns, row)) for row in rows)
    return [Sheet("变更一览", PLAN_CHANGE.title, notes, tuple(map(Field.of, columns)), made)] if rows else []
