"""The definitions of the injury rate that cities and standards use (tables/rate_definitions.csv), read strictly.

Belongs here: what a definition may say, in which words it is said, how it enters SQL. How it is computed is in comparison.py.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import pyarrow as pa

from pipelines.contracts.codes import CLAUSE_GROUP
from pipelines.policy import Policy
from pipelines.policy.model import UNKNOWN_CLAUSE
from pipelines.policy.words import DATE_TITLES

FILE = Path(__file__).parent / "tables" / "rate_definitions.csv"
POLICY = "policy"
EVERY_CLAUSE = (*CLAUSE_GROUP, UNKNOWN_CLAUSE)
STATUS = {
    "counted": ("recognised", "deemed"), "recognised": ("recognised",),
    "with_pending": ("recognised", "deemed", "pending", "suspended"), "reported_production": ("reported_production",),
    "reported": ("reported_production", "reported_other"),
}
# Each switch with its values and how they are said.
SWITCHES: Mapping[str, Mapping[str, str]] = {
    "kind": {"claim": "", "incident": ""},
    "date": {name: f"按{title}" for name, title in DATE_TITLES.items()},
    "status": {"counted": "认定及视同工伤", "recognised": "认定工伤（不含视同）", "with_pending": "认定、视同、待认定及中止",
               "reported_production": "申报的生产经营性事故", "reported": "申报的事故"},
    "unit": {"persons": "人数", "cases": "件数"},
    "outcome": {"any": "", "death": "死亡", "serious": "重伤", "severe": "1–4级伤残"},
    "projects": {"yes": "含建设项目", "no": "不含建设项目"},
    "old_injuries": {"yes": "含老工伤", "no": "不含老工伤"},
    "denominator": {"mean": "各月缴费人数的平均", "begin_end": "年初（上年12月）与年末缴费人数的平均",
                    "year_end": "12月缴费人数"},
    "per": {"100": "", "1000": "", "10000": "", "100000": ""},
}


class DefinitionError(Exception):
    """The table of definitions cannot be used; the message names line, column and what may stand there."""


@dataclass(frozen=True)
class RateDefinition:
    """One definition: the columns of the table, with lists parted by |. `official_*` name figures of the yearly report."""

    definition_id: str
    title: str
    city: str
    kind: str
    date: str
    status: str
    unit: str
    clauses: tuple[str, ...]
    outcome: str
    projects: str
    old_injuries: str
    denominator: str
    per: str
    official_numerator: tuple[str, ...]
    official_denominator: tuple[str, ...]
    official_rate: tuple[str, ...]
    source: str

    @property
    def said(self) -> str:
        """The definition in words."""
        names = ("status", "date", "unit", "outcome")
        switches = [SWITCHES[name][getattr(self, name)] for name in names]
        if self.kind == "claim":
            switches += [self._scope, *(SWITCHES[name][getattr(self, name)] for name in ("projects", "old_injuries"))]
        return f"分子：{'，'.join(filter(None, switches))}；分母：{SWITCHES['denominator'][self.denominator]}"

    @property
    def _scope(self) -> str:
        left_out = [clause for clause in EVERY_CLAUSE if clause not in self.clauses]
        if not left_out:
            return "全部情形"
        is_short = len(left_out) < len(self.clauses)
        names = "、".join(left_out if is_short else self.clauses).replace(UNKNOWN_CLAUSE, "情形不明的")
        return f"{'不含' if is_short else '仅'}{names}"


COLUMNS = tuple(field.name for field in fields(RateDefinition))
LISTS = ("clauses", "official_numerator", "official_denominator", "official_rate")


def load(path: Path = FILE) -> list[RateDefinition]:
    """The definitions of a table. Raises DefinitionError."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise DefinitionError(f"{path.name} 的列应为 {','.join(COLUMNS)}")
        found = [_definition(row, f"{path.name} 第 {number} 行") for number, row in enumerate(reader, 2)]
    names = [definition.definition_id for definition in found]
    repeated = sorted({name for name in names if names.count(name) > 1 or name == POLICY})
    if repeated:
        raise DefinitionError(f"{path.name}：代码 {'、'.join(repeated)} 重复或为保留的 {POLICY}")
    return found


def _definition(row: Mapping[str, str], place: str) -> RateDefinition:
    if None in row or None in row.values():
        raise DefinitionError(f"{place}：列数不对")
    for name in ("definition_id", "title", "source"):
        if not row[name].strip():
            raise DefinitionError(f"{place}：{name} 为空")
    for name, allowed in SWITCHES.items():
        if row[name] not in allowed:
            raise DefinitionError(f"{place}：{name} = {row[name]!r} 不认识；只能是 {'、'.join(allowed)}")
    if (row["kind"] == "incident") != row["status"].startswith("reported"):
        raise DefinitionError(f"{place}：kind = {row['kind']!r} 与 status = {row['status']!r} 不能并用")
    if row["kind"] == "incident" and (row["clauses"], row["outcome"], row["unit"], row["date"] == "decision") != (
            "all", "any", "cases", False):
        raise DefinitionError(f"{place}：申报没有情形、伤害结果、人员和认定日期，只能是 all、any、cases")
    lists = {name: tuple(part for part in row[name].split("|") if part) for name in LISTS}
    if row["clauses"] == "all":
        lists["clauses"] = EVERY_CLAUSE
    unknown = [clause for clause in lists["clauses"] if clause not in EVERY_CLAUSE]
    if unknown or not lists["clauses"]:
        raise DefinitionError(f"{place}：clauses = {row['clauses']!r} 不认识；只能是 all 或以 | 分隔的 {'、'.join(EVERY_CLAUSE)}")
    return RateDefinition(**{**row, **lists})


def of_policy(policy: Policy) -> RateDefinition:
    """The policy's own definition."""
    rate = policy.rate
    yes = {True: "yes", False: "no"}
    return RateDefinition(
        POLICY, "所用政策的工伤发生率", policy.title, "claim", rate.date, "counted", "cases", rate.clauses, "any",
        yes[rate.counts_projects], yes[rate.counts_old_injuries], "mean", "100", (), ("insured_persons",), (), policy.source)


def as_tables(definitions: list[RateDefinition]) -> dict[str, pa.Table]:
    """The definitions as the tables that SQL joins: rate_definition, rate_status, rate_clause."""
    rows = [{"definition_id": d.definition_id, "kind": d.kind, "date_basis": d.date, "outcome": d.outcome,
             "counts_projects": d.projects == "yes", "counts_old_injuries": d.old_injuries == "yes"} for d in definitions]
    status = [{"definition_id": d.definition_id, "status": status} for d in definitions for status in STATUS[d.status]]
    clause = [{"definition_id": d.definition_id, "clause": clause} for d in definitions for clause in d.clauses]
    return {"rate_definition": pa.Table.from_pylist(rows), "rate_status": pa.Table.from_pylist(status),
            "rate_clause": pa.Table.from_pylist(clause)}
