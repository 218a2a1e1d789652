"""The SQL that turns one sheet's text into typed rows, composed from the kind's contract.

Belongs here: values, row rules, identity, the months a row speaks of. Reading files and writing results is receive.py.
"""

from collections.abc import Collection
from functools import cache
from pathlib import Path

from pipelines.contracts import codes
from pipelines.contracts.model import DATE, MONTH, SMALL, TIME, UNSTORED, Column, Export

VALUES_SQL = Path(__file__).parent / "values.sql"
SQL_TYPES = {"string": "VARCHAR", "int64": "BIGINT", "int32": "INTEGER", "int16": "SMALLINT", "double": "DOUBLE",
             "bool": "BOOLEAN", "date32[day]": "DATE", "timestamp[us]": "TIMESTAMP"}
# What cannot be read in a column of these value types rejects the row; elsewhere it is emptied and marked.
DECISIVE = {"identifier", "document_no", "date", "time", "month", "year", "amount", "count"}
# Few distinct texts and a costly parser: each distinct text is read once (see receive.py), into a column read_<name>.
REPEATED = {"clause", "rate"}
# Values that are looked up or taken as they are, not parsed by a macro.
LOOKED_UP = {"person", "code", "flag"}
BLANK = "blank"
WHOLE_ROW_RULES = {"cells": "单元格数与标题行不符", "void": "经核实作废"}


def sql_type(column: Column) -> str:
    """The SQL type of a column, common to DuckDB and Spark."""
    name = str(column.type)
    return SQL_TYPES.get(name) or name.replace("decimal128", "DECIMAL")


@cache
def macros() -> list[str]:
    """The statements of values.sql."""
    return [statement for statement in VALUES_SQL.read_text(encoding="utf-8").split(";\n") if statement.strip()]


def quoted(text: str) -> str:
    """The text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _one_of(cleaned: str, accepted) -> str:
    cases = " ".join(
        f"WHEN {cleaned} IN ({', '.join(map(quoted, dict.fromkeys((code, *texts))))}) THEN {quoted(code)}"
        for code, texts in accepted.items()
    )
    return f"CASE {cases} END"


def _value(column: Column, found: Collection[str]) -> str:
    """The expression of a column's value on its cleaned text."""
    cleaned = f"raw_{column.name}"
    if column.value == "coded":
        return f"coded_{column.name}"
    if column.name not in found:
        return "NULL"
    if column.value == "person":
        return cleaned
    if column.value == "code":
        return _one_of(cleaned, column.codes)
    if column.value == "flag":
        return f"CAST({_one_of(cleaned, codes.YES_NO)} AS BOOLEAN)"
    value = _read(column)
    if column.minimum is None:
        return value
    upper = f" AND {value} <= {column.maximum}" if column.maximum is not None else ""
    return f"CASE WHEN {value} >= {column.minimum}{upper} THEN {value} END"


def _read(column: Column) -> str:
    """The value as it stands, before its range is looked at; parsed once, looked at by value, rule and marks."""
    return f"read_{column.name}"


def _month_of(column: Column) -> str:
    """yyyymm of a date, of a month, of a year's end."""
    if column.type in (DATE, TIME):
        return f"year({column.name}) * 100 + month({column.name})"
    return f"CAST({column.name} AS INTEGER) * 100 + 12" if column.type == SMALL else column.name


def _recorded_month(export: Export) -> str:
    months = []
    for name in export.recorded:
        month = _month_of(export[name])
        if export[name].type == MONTH:
            month = f"{name} + CASE WHEN {name} % 100 = 12 THEN 89 ELSE 1 END"
        months.append(month)
    return f"coalesce({', '.join(months)})" if months else "NULL"


def _event_month(export: Export) -> str:
    months = [f"{_month_of(export[name])} - {grace * 100}" for name, grace in export.not_after]
    return f"greatest({', '.join(months)})" if months else "NULL"


def _identity(export: Export) -> tuple[str, str]:
    """SQL of the row's identity and of whether it is keyless (then its identity is a digest of all its values)."""
    values = ", ".join(f"coalesce(CAST({c.name} AS VARCHAR), '')" for c in export.stored)
    digest = f"md5(concat_ws(chr(31), {values}))"
    if export.linked:
        identity = f"CASE WHEN {export.linked} THEN {export.linked_identity} ELSE {digest} END"
        return identity, f"NOT coalesce({export.linked}, false)"
    if not export.key:
        return digest, "true"
    parts = [f"coalesce({', '.join(export.unit)})" if name in export.unit[:1] else name for name in export.key]
    key = ", ".join(f"coalesce(CAST({part} AS VARCHAR), '')" for part in parts)
    empty = " AND ".join(f"{part} IS NULL" for part in parts)
    return f"CASE WHEN {empty} THEN {digest} ELSE concat_ws('|', {key}) END", empty


def _rule(export: Export, found: Collection[str]) -> str:
    """The rules that reject the row, each as rule:column, parted by commas; NULL where there is none."""
    decisive = [c.name for c in export.stored if c.value in DECISIVE and c.name in found]
    broken = {f"unusable:{name}": f"raw_{name} IS NOT NULL AND {_read(export[name])} IS NULL" for name in decisive}
    for group in export.required:
        if not set(group) & set(export.may_lack) and (
                group == export.unit or all(export[name].value in DECISIVE | {"uscc", "grade"} for name in group)):
            given = [name for name in group if name in found]
            empty = " AND ".join(f"{name} IS NULL" for name in group)
            blank = "".join(f" AND raw_{name} IS NULL" for name in given)
            for name in given:
                unread = f"{_read(export[name])} IS NULL OR " if name in decisive else ""
                broken[f"unusable:{name}"] = f"raw_{name} IS NOT NULL AND ({unread}({empty}))"
            broken[f"missing:{group[0]}"] = f"{empty}{blank}"
    blank = " AND ".join(f"raw_{name} IS NULL" for name in found)
    rules = ", ".join(f"CASE WHEN {condition} THEN {quoted(rule)} END" for rule, condition in broken.items())
    return f"CASE WHEN {blank} THEN {quoted(BLANK)} ELSE nullif(concat_ws(',', {rules}), '') END" if rules else (
        f"CASE WHEN {blank} THEN {quoted(BLANK)} END")


def _marks(export: Export, found: Collection[str]) -> str:
    doubtful = [
        f"CASE WHEN raw_{c.name} IS NOT NULL AND {c.name} IS NULL THEN {quoted(c.name)} END"
        for c in export.stored
        if c.name in found and c.value not in {"text", "person"} and (c.value not in DECISIVE or c.minimum is not None)
    ]
    doubtful += [f"CASE WHEN NOT is_valid_{c.name} THEN {quoted(c.name)} END" for c in _persons(export, found)]
    return f"nullif(concat_ws(',', {', '.join(doubtful)}), '')" if doubtful else "CAST(NULL AS VARCHAR)"


def _persons(export: Export, found: Collection[str]) -> list[Column]:
    return [column for column in export.columns if column.value == "person" and column.name in found]


def _completed(export: Export, column: Column, found: Collection[str]) -> str:
    """A column's final expression: sex and year of birth fall back on what the ID number says."""
    for person in _persons(export, found):
        if column.name in ("sex", "birth_year"):
            return f"coalesce({_value(column, found)}, {column.name}_of_{person.name})"
    return _value(column, found)


def parse_query(export: Export, positions: dict[str, int]) -> str:
    """One SELECT over the Arrow table `chunk` (row_number, c0, c1 …): the kind's stored columns, lineage, and `rule`.

    A chunk's person columns hold pseudonyms already (see privacy.py), with is_valid_, sex_of_ and birth_year_of_ beside;
    columns of REPEATED value types have their values in read_ columns, what was coded from texts is in coded_ columns.
    """
    found = {name: position for name, position in positions.items() if export[name].value not in UNSTORED}
    persons = _persons(export, found)
    said = [f"{what}_{p.name}" for p in persons for what in ("is_valid", "sex_of", "birth_year_of")]
    said += [f"read_{name}" for name in found if export[name].value in REPEATED] + [f"coded_{c.name}" for c in export.coded]
    parsed = [name for name in found if export[name].value not in REPEATED | LOOKED_UP]
    cleaned = [
        f"c{position} AS raw_{name}" if export[name].value == "person" else f"CAST(c{position} AS VARCHAR) AS raw_{name}"
        for name, position in found.items()
    ]
    values = [f"CAST({_completed(export, c, found)} AS {sql_type(c)}) AS {c.name}" for c in export.stored]
    read = [f"as_{export[name].value}(raw_{name}) AS read_{name}" for name in parsed]
    identity, is_keyless = _identity(export)
    return f"""
        WITH cleaned AS (SELECT {", ".join(["row_number", *said, *cleaned])} FROM chunk),
             read AS (SELECT {", ".join(["*", *read])} FROM cleaned),
             valued AS (SELECT *, {", ".join(values)} FROM read)
        SELECT {", ".join(c.name for c in export.stored)}, row_number, {identity} AS identity, {is_keyless} AS is_keyless,
               CAST({_recorded_month(export)} AS INTEGER) AS recorded_month,
               CAST({_event_month(export)} AS INTEGER) AS event_month, {_marks(export, found)} AS marks,
               {_rule(export, found)} AS rule
        FROM valued"""


def message_of(export: Export, rules: str) -> str:
    """What a row's rules say to the analyst; it names the columns and never a value."""
    return "；".join(_message(export, rule) for rule in rules.split(","))


def _message(export: Export, rule: str) -> str:
    what, _, name = rule.partition(":")
    if what in WHOLE_ROW_RULES:
        return WHOLE_ROW_RULES[what]
    title = export[name].title
    if what == "missing":
        group = next(group for group in export.required if group[0] == name)
        return f"“{'或'.join(export[n].title for n in group)}”为空"
    return f"“{title}”的值无法识别"
