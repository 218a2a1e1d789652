"""The SQL that turns one sheet's text into typed rows, composed from the kind's contract.

Belongs here: values, row rules, identity, the months a row speaks of. Reading files and writing results is receive.py.
"""

from collections.abc import Collection, Mapping
from decimal import Decimal
from pathlib import Path

from pipelines.contracts.model import DATE, MONTH, SMALL, TIME, Column, Export

VALUES_SQL = Path(__file__).parent / "values.sql"
SQL_TYPES = {"string": "VARCHAR", "int64": "BIGINT", "int32": "INTEGER", "int16": "SMALLINT", "double": "DOUBLE",
             "bool": "BOOLEAN", "date32[day]": "DATE", "timestamp[us]": "TIMESTAMP"}
# What cannot be read in a column of these value types rejects the row; elsewhere it is emptied and marked.
DECISIVE = {"identifier", "document_no", "date", "time", "month", "year", "amount", "count"}
# Read by terms.py and units.py, all others by a macro.
WORDED = {"clause", "code", "flag", "grade", "risk_class", "rate"}
# A value that is there and in doubt all the same has a column doubt_<name>.
DOUBTED = {"clause"}
# The letters and the most of them of which a column's texts are plain numbers or codes, and how these are read: the macros
# would cost more than all else. Eleven digits may be somebody's telephone.
PLAIN = {"amount": (b"0123456789.-", 10, "try_cast(x AS DECIMAL(18, 2))"),
         "count": (b"0123456789", 10, "try_cast(x AS BIGINT)"),
         "identifier": (b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_", 17, "x")}
# A credit code holds an organisation code, and either may stand in the other's column.
CODES = {"uscc": "org_code", "org_code": "uscc"}
# By what a bare amount and one with its own unit are multiplied where the heading says nothing (see units.py).
AS_IS = (Decimal(1), Decimal(1))
ROUNDABLE = {"identifier", "document_no", "uscc"}
BLANK = "blank"
WHOLE_ROW_RULES = {"cells": "单元格数与标题行不符", "void": "经核实作废"}


def sql_type(column: Column) -> str:
    """The SQL type of a column, common to DuckDB and Spark."""
    name = str(column.type)
    return SQL_TYPES.get(name) or name.replace("decimal128", "DECIMAL")


def macros() -> list[str]:
    """The statements of values.sql."""
    return [statement for statement in VALUES_SQL.read_text(encoding="utf-8").split(";\n") if statement.strip()]


def quoted(text: str) -> str:
    """The text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


def _value(column: Column, found: Collection[str]) -> str:
    """The expression of a column's value on its cleaned text."""
    if column.value == "coded":
        return f"coded_{column.name}"
    if column.name not in found:
        return "NULL"
    if column.value == "person":
        return f"raw_{column.name}"
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


def _is_decisive(export: Export, column: Column) -> bool:
    return column.value in DECISIVE or column.name in export.decisive


def _is_sure(export: Export, column: Column) -> bool:
    """Whether a required column without a value rejects its row."""
    return _is_decisive(export, column) or column.value in {"uscc", "grade"}


def _rule(export: Export, found: Collection[str]) -> str:
    """The rules that reject the row, each as rule:column, parted by commas; NULL where there is none."""
    decisive = [c.name for c in export.stored if _is_decisive(export, c) and c.name in found]
    broken = {f"unusable:{name}": f"raw_{name} IS NOT NULL AND {_read(export[name])} IS NULL" for name in decisive}
    for group in export.required:
        if not set(group) & set(export.may_lack) and (
                group == export.unit or all(_is_sure(export, export[name]) for name in group)):
            given = [name for name in group if name in found]
            empty = " AND ".join(f"{name} IS NULL" for name in group)
            blank = "".join(f" AND raw_{name} IS NULL" for name in given)
            for name in given:
                unread = f"{_read(export[name])} IS NULL OR " if name in decisive else ""
                broken[f"unusable:{name}"] = f"raw_{name} IS NOT NULL AND ({unread}({empty}))"
            broken[f"missing:{group[0]}"] = f"{empty}{blank}"
    blank = " AND ".join(f"raw_{name} IS NULL" for name in found)
    rules = ", ".join(f"CASE WHEN {condition} THEN {_cause(export, rule)} END" for rule, condition in broken.items())
    return f"CASE WHEN {blank} THEN {quoted(BLANK)} ELSE nullif(concat_ws(',', {rules}), '') END" if rules else (
        f"CASE WHEN {blank} THEN {quoted(BLANK)} END")


def _cause(export: Export, rule: str) -> str:
    """The rule as SQL; where Excel may have spoilt a number it says so instead."""
    what, _, name = rule.partition(":")
    if what == "unusable" and export[name].value in ROUNDABLE:
        return f"CASE WHEN is_rounded(raw_{name}) THEN {quoted(f'rounded:{name}')} ELSE {quoted(rule)} END"
    return quoted(rule)


def _marks(export: Export, found: Collection[str]) -> str:
    doubtful = [
        f"CASE WHEN {_in_doubt(export, c)} THEN {quoted(c.name)} END"
        for c in export.stored
        if c.name in found and c.value not in {"text", "person"} and (not _is_decisive(export, c) or c.minimum is not None)
    ]
    doubtful += [f"CASE WHEN NOT is_valid_{c.name} THEN {quoted(c.name)} END" for c in _persons(export, found)]
    return f"nullif(concat_ws(',', {', '.join(doubtful)}), '')" if doubtful else "CAST(NULL AS VARCHAR)"


def _in_doubt(export: Export, column: Column) -> str:
    name = column.name
    unread = f"raw_{name} IS NOT NULL AND {name} IS NULL"
    if column.value in DOUBTED:
        return f"({unread}) OR doubt_{name}"
    # An organisation code in the place of a credit code is one that is known.
    return f"{unread} AND org_code IS NULL" if name == "uscc" and "org_code" in export.names else unread


def _persons(export: Export, found: Collection[str]) -> list[Column]:
    return [column for column in export.columns if column.value == "person" and column.name in found]


def _completed(export: Export, column: Column, found: Collection[str]) -> str:
    """A column's final expression: sex and year of birth fall back on what the ID number says, a credit code and the
    organisation code within it on each other's column."""
    value = _value(column, found)
    for person in _persons(export, found):
        if column.name in ("sex", "birth_year"):
            return f"coalesce({value}, {column.name}_of_{person.name})"
    other = CODES.get(column.name)
    return f"coalesce({value}, {column.name}_in_{other})" if other in found else value


def expression_of(column: Column, factor: tuple[Decimal, Decimal] = AS_IS, is_plain: bool = False) -> str:
    """The SQL that reads a cleaned text `x` of a column that no Python reads.

    `factor`: see units.py. `is_plain`: the texts are all plain (PLAIN).
    """
    if is_plain and factor == AS_IS:
        return PLAIN[column.value][2]
    if column.value == "amount" and factor != AS_IS:
        bare, own = (f"CAST('{f:f}' AS DECIMAL(13, 4))" for f in factor)
        return f"amount_in(x, {bare}, {own})"
    return "x" if column.value == "text" else f"as_{column.value}(x)"


def parse_query(export: Export, positions: Mapping[str, int]) -> str:
    """One SELECT over the Arrow table `chunk` (row_number, c0, c1 …): the kind's stored columns, lineage, and `rule`.

    `positions` has the columns that are kept. A chunk's person columns hold pseudonyms already (see privacy.py), with
    is_valid_, sex_of_ and birth_year_of_ beside; all others have their values in read_ columns, what is doubtful of them in
    doubt_ columns, and the codes in each other's column in org_code_in_uscc and uscc_in_org_code (see reading.py). What was
    coded from texts is in coded_ columns.
    """
    found = positions
    said = [f"{what}_{p.name}" for p in _persons(export, found) for what in ("is_valid", "sex_of", "birth_year_of")]
    said += [f"read_{name}" for name in found if export[name].value != "person"]
    said += [f"doubt_{name}" for name in found if export[name].value in DOUBTED] + [f"coded_{c.name}" for c in export.coded]
    said += [f"{code}_in_{other}" for code, other in CODES.items() if other in found]
    given = [f"c{position} AS raw_{name}" for name, position in positions.items()]
    values = [f"CAST({_completed(export, c, found)} AS {sql_type(c)}) AS {c.name}" for c in export.stored]
    identity, is_keyless = _identity(export)
    return f"""
        WITH given AS (SELECT {", ".join(["row_number", *said, *given])} FROM chunk),
             valued AS (SELECT *, {", ".join(values)} FROM given)
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
        return f"“{'或'.join(export[n].title for n in group)}”为空" + _choice(export[name])
    if what == "rounded":
        return f"“{title}”被 Excel 改写（科学计数法或末几位变成 0），原号码已丢失；请以文本格式重新导出，或填写更正值"
    return f"“{title}”的值无法识别" + _choice(export[name])


def _choice(column: Column) -> str:
    """What may stand in a column that can be answered in two ways."""
    return "，请填“是”或“否”" if column.value == "flag" else ""
