"""The sheets 引用对账, 单位对应, 合计对账: what refers to what and is found; what was stated beside what the rows add up to.

Belongs here: choosing and wording; every figure was computed in the core tables. How it looks is in xlsx.py.
"""

from collections.abc import Mapping

import pyarrow as pa

from pipelines.contracts import exports, records
from pipelines.contracts.model import Column
from pipelines.reports import Field, Row, Sheet, Value

REFERENCES, TOTALS, UNITS = records.REFERENCE_RECONCILIATION, records.TOTAL_RECONCILIATION, records.UNIT_MATCH
COUNTS = ("rows_referring", "rows_matched", "rows_unmatched", "rows_unnamed", "matched_pct", "amount_referring",
          "amount_unmatched")
FIGURES = ("figure_stated", "figure_computed", "figure_difference", "difference_pct")
FOUND = ("said", "rows", "enterprise_id", "confidence", "candidate_id", "candidate_name")
WATCHED_PCT, MOST_UNITS = 1, 1000


def sheets(tables: Mapping[str, pa.Table]) -> list[Sheet]:
    """引用对账, 单位对应 and 合计对账, each where it has rows."""
    return [*_references(tables[REFERENCES.name].to_pylist()), *_units(tables[UNITS.name].to_pylist()),
            *_totals(tables[TOTALS.name].to_pylist())]


def _fields(table, names: tuple[str, ...]) -> tuple[Field, ...]:
    return tuple(Field.of(table[name]) for name in names)


def _title(column: Column, code: str) -> str:
    return (column.codes or {})[code][0]


def _references(rows: list[dict]) -> list[Sheet]:
    order = {kind: number for number, kind in enumerate(exports.EXPORTS)}
    rows.sort(key=lambda row: (order[row["kind"]], row["reference"]))
    made = tuple(
        Row((exports.EXPORTS[row["kind"]].title, _title(REFERENCES["reference"], row["reference"]),
             *(row[name] for name in COUNTS)), "alert" if row["rows_unmatched"] else "plain")
        for row in rows)
    fields = Field(REFERENCES["kind"].title), Field(REFERENCES["reference"].title), *_fields(REFERENCES, COUNTS)
    notes = ("各种数据所引用的单位、案件、项目，能否在参保单位、工伤认定、项目台账中找到；红 = 有未对上的。",
             "没有单位编号的按统一社会信用代码、组织机构代码、单位名称（全市唯一才用）找，见“单位对应”表；"
             "名称只是相近的不采用，列为待核实。缴费按单位×年度计；老工伤的支付常常没有认定。")
    return [Sheet("引用对账", REFERENCES.title, notes, fields, made)] if made else []


def _units(rows: list[dict]) -> list[Sheet]:
    """What was called otherwise than by a known number: first what fits no unit, by how many rows it has."""
    rows.sort(key=lambda row: (row["enterprise_id"] is not None, -row["rows"], row["said"], row["kind"]))
    made = tuple(
        Row((exports.EXPORTS[row["kind"]].title, _title(UNITS["said_by"], row["said_by"]), *(row[name] for name in FOUND),
             "是" if row["is_ambiguous"] else "否"), "plain" if row["enterprise_id"] else "alert")
        for row in rows[:MOST_UNITS])
    kind, said_by, is_ambiguous = (Field(UNITS[name].title) for name in ("kind", "said_by", "is_ambiguous"))
    fields = (kind, said_by, *_fields(UNITS, FOUND), is_ambiguous)
    notes = ("不在参保单位中的编号，和代替编号的代码、名称，对到了哪个单位；红 = 没有对上，行数多的在前。",
             f"{UNITS['confidence'].title}：{UNITS['confidence'].description}。",
             f"共 {len(rows):,} 种" + (f"，列出 {MOST_UNITS:,} 种。" if len(rows) > MOST_UNITS else "。")
             + f"{UNITS['is_ambiguous'].title}：{UNITS['is_ambiguous'].description}。")
    return [Sheet("单位对应", UNITS.title, notes, fields, made)] if made else []


def _totals(rows: list[dict]) -> list[Sheet]:
    rows.sort(key=lambda row: (row["kind"], row["indicator"], row["definition"], row["year"]))
    made = tuple(Row(_total(row), "alert" if abs(row["difference_pct"] or 0) > WATCHED_PCT else "plain") for row in rows)
    kind, indicator, definition, is_whole = (Field(TOTALS[n].title) for n in ("kind", "indicator", "definition", "is_whole_year"))
    fields = (kind, Field.of(TOTALS["year"]), indicator, definition, Field("明细算的是"), *_fields(TOTALS, FIGURES), is_whole)
    notes = (f"基金报表和年报所报的数，与逐行明细相加的数；红 = 相差超过 {WATCHED_PCT} %。相差 = 明细合计减报表数。",
             "征缴收入按到账年度，待遇支出按支付年度，工伤和死亡按认定日期；参保人数为各月平均。")
    return [Sheet("合计对账", TOTALS.title, notes, fields, made)] if made else []


def _total(row: dict) -> tuple[Value, ...]:
    return (exports.EXPORTS[row["kind"]].title, row["year"], row["indicator"], row["definition"] or None,
            _title(TOTALS["indicator_code"], row["indicator_code"]), *(row[name] for name in FIGURES),
            "是" if row["is_whole_year"] else "否")
