"""The contract check of a table: every rule that its contract states, in one scan.

Belongs here: composing that scan and saying what it found. Samples name keys of the offending rows, never personal values.
"""

from pathlib import Path
from typing import NamedTuple

from pipelines import engine, lazy
from pipelines.contracts.model import Column, Table
from pipelines.ingest.parse import quoted

SAMPLES = 5
# Uniqueness of a stored query is looked at in one unit of sixteen: its rows exist only while it runs.
SAMPLED_SHARE = 16


class Report(NamedTuple):
    """Rows seen, rule -> number of rows that break it (only those that do), and a few of their keys."""

    rows: int
    broken: dict[str, int]
    samples: list[str]

    @property
    def is_fine(self) -> bool:
        return not self.broken


def rules(contract: Table) -> dict[str, str]:
    """Rule name -> SQL condition under which a row breaks it."""
    found: dict[str, str] = {}
    for column in contract.columns:
        found |= {f"{column.name} {rule}": condition for rule, condition in _column_rules(column).items()}
    return found


def _column_rules(column: Column) -> dict[str, str]:
    name, found = column.name, {}
    if not column.nullable:
        found["为空"] = f"{name} IS NULL"
    if column.codes:
        found["不在代码表"] = f"{name} NOT IN ({', '.join(quoted(code) for code in column.codes)})"
    if column.minimum is not None:
        found[f"小于 {column.minimum:g}"] = f"{name} < {column.minimum}"
    if column.maximum is not None:
        found[f"大于 {column.maximum:g}"] = f"{name} > {column.maximum}"
    return found


def check(stored: lazy.Stored, scratch: Path, references: dict[str, lazy.Stored] | None = None) -> Report:
    """Checks a stored table against its contract; `references` = stored tables that its columns point to."""
    contract, stated = stored.contract, rules(stored.contract)
    for column, target in (references or {}).items():
        source = f"SELECT {column} FROM read_parquet({quoted(str(target.path))})"
        stated[f"{column} 在 {target.contract.name} 中找不到"] = f"{column} IS NOT NULL AND {column} NOT IN ({source})"
    source = lazy.stored_text(stored.path) if contract.is_query else f"SELECT * FROM read_parquet({quoted(str(stored.path))})"
    with engine.connect(scratch) as connection:
        counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in stated.values())
        rows, *numbers = connection.sql(f"SELECT {', '.join(filter(None, ['count(*)', counts]))} FROM ({source})").fetchall()[0]
        broken = {rule: number for rule, number in zip(stated, numbers, strict=True) if number}
        repeated = connection.sql(_repeated(contract, source)).fetchall()
        if repeated:
            broken["主键重复"] = len(repeated)
        samples = [" / ".join(map(str, key)) for key in repeated[:SAMPLES]]
        for rule in list(broken)[:SAMPLES]:
            if rule in stated:
                keys = connection.sql(f"SELECT {', '.join(contract.grain)} FROM ({source}) WHERE {stated[rule]} LIMIT {SAMPLES}")
                samples += [f"{rule}：{' / '.join(map(str, key))}" for key in keys.fetchall()]
    return Report(rows, broken, samples)


def _repeated(contract: Table, source: str) -> str:
    """Keys that occur more than once; rows stored as a file are sorted by their key, so neighbours tell."""
    keys = ", ".join(contract.grain)
    if contract.is_query:
        share = f"hash({contract.grain[0]}) % {SAMPLED_SHARE} = 0"
        return f"SELECT {keys} FROM ({source}) WHERE {share} GROUP BY {keys} HAVING count(*) > 1 LIMIT 100"
    same = " AND ".join(f"{name} IS NOT DISTINCT FROM lag({name}) OVER ()" for name in contract.grain)
    return f"SELECT {keys} FROM (SELECT {keys}, {same} AS is_repeated FROM ({source})) WHERE is_repeated LIMIT 100"
