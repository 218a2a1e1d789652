"""Lazy tables: what an asset returns and receives in place of rows, and the one SQL text that it amounts to.

Belongs here: Query, Computed, Stored, Delivered, their recipes, rendering a query with its inputs, what a stored table says
of itself. Running is engine.py.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.contracts.model import Export, Table
from pipelines.ingest.parse import quoted, sql_type

SQL = Path(__file__).parent / "sql"
FILE_BITS, ROW_BITS, MONTH_BITS = 14, 27, 11


class EngineError(Exception):
    """A query cannot be run or a table cannot be read; the message names it."""


@dataclass(frozen=True)
class Stored:
    """A table of the month on disk: Parquet, or the text of a stored query (enterprise_month)."""

    path: Path
    contract: Table

    @property
    def recipe(self) -> str:
        return footer(self.path)["recipe"]

    def columns(self, *names: str) -> pa.Table:
        """The named columns (all without names), read into memory."""
        return pq.read_table(self.path, columns=list(names) or None, memory_map=True)


@dataclass(frozen=True)
class DeliveredFile:
    """One export file of a kind as it lies in the cache, and its place in time."""

    path: Path
    digest: str
    batch_month: int
    file_number: int
    is_opening: bool
    is_newest_batch: bool


@dataclass(frozen=True)
class Delivered:
    """All export rows of a kind (of one, or only the lineage of several) that may be known at a month.

    With `has_gaps` the lineage has beside it what most kinds share: the numbers of unit and case, `gaps`, the sum of 2^n over
    the row's empty columns, n being the column's place among the stored ones, and `months_late` of kinds that are `settled`.
    """

    kinds: tuple[Export, ...]
    files: tuple[tuple[Export, DeliveredFile], ...]
    is_lineage_only: bool = False
    has_gaps: bool = False

    @property
    def recipe(self) -> str:
        said = [(kind.name, f.digest, f.batch_month, f.file_number, f.is_opening, f.is_newest_batch) for kind, f in self.files]
        return digest_of([kind.name for kind in self.kinds], said, self.has_gaps)


@dataclass(frozen=True)
class Query:
    """One SQL file with its inputs by table name and its parameters.

    constants  columns that say the same in every row; they are added after sorting, which would copy them row by row
    is_shared  worked once when nested, however often it is read
    """

    file: str
    inputs: Mapping[str, "Input"] = field(default_factory=dict)
    values: Mapping[str, int] = field(default_factory=dict)
    constants: Mapping[str, int | str] = field(default_factory=dict)
    is_shared: bool = False

    @property
    def text(self) -> str:
        return (SQL / self.file).read_text(encoding="utf-8")

    @property
    def recipe(self) -> str:
        inputs = sorted((name, recipe_of(item)) for name, item in self.inputs.items())
        return digest_of(self.text, inputs, sorted(self.values.items()), sorted(self.constants.items()))


@dataclass(frozen=True)
class Computed:
    """A small Arrow table made by Python, with the stored tables that it was made from.

    constants  further columns that say the same in every row; in the table, long texts would be copied and digested row by row
    """

    table: pa.Table
    inputs: Mapping[str, "Input"] = field(default_factory=dict)
    constants: Mapping[str, int | str] = field(default_factory=dict)

    def columns(self, *names: str) -> pa.Table:
        """The named columns (all without names), as Stored gives them.

        >>> Computed(pa.table({"unit": ["A", "B"]}), constants={"month": 202412}).columns("month", "unit").to_pylist()[1]
        {'month': 202412, 'unit': 'B'}
        """
        whole = self.table
        for name, value in self.constants.items():
            whole = whole.append_column(name, pa.repeat(value, len(whole)))
        return whole.select(list(names) or whole.column_names)

    @property
    def recipe(self) -> str:
        inputs = sorted((name, recipe_of(item)) for name, item in self.inputs.items())
        return digest_of(recipe_of(self.table), inputs, sorted(self.constants.items()))


Input = Stored | Delivered | Query | Computed | pa.Table


def recipes_of(item: Query | Computed) -> dict[str, str]:
    """The recipes of what a table is made from, by name: its inputs, and the stored tables that nested queries read."""
    nested = (_read(source) for source in item.inputs.values() if isinstance(source, Query))
    read = {name: table.recipe for tables in nested for name, table in tables}
    return read | {name: recipe_of(source) for name, source in item.inputs.items()}


def _read(query: Query) -> Iterator[tuple[str, Stored]]:
    for name, source in query.inputs.items():
        if isinstance(source, Stored):
            yield name, source
        elif isinstance(source, Query):
            yield from _read(source)


def digest_of(*said) -> str:
    """A digest of what is said, in any nesting of lists, texts and numbers."""
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, default=str).encode()).hexdigest()


def recipe_of(item: Input) -> str:
    """The recipe digest of an input; an Arrow table is its own recipe (it holds no pseudonym)."""
    if not isinstance(item, pa.Table):
        return item.recipe
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, item.schema) as writer:
        writer.write_table(item.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


@dataclass
class Rendered:
    """SQL text whose inputs are common table expressions, the Arrow tables and the parameters that it needs."""

    text: str
    tables: dict[str, pa.Table] = field(default_factory=dict)
    values: dict[str, int] = field(default_factory=dict)


def render(query: Query) -> Rendered:
    """The whole text of a query. Nested queries become expressions of their own, their parameters renamed apart."""
    out = Rendered("")
    out.text = _render(query, out)
    return out


def _render(query: Query, out: Rendered) -> str:
    suffix = f"_{len(out.values)}" if out.values else ""
    text = query.text.rstrip().rstrip(";")
    for name, value in query.values.items():
        text, used = re.subn(rf"\${name}\b", f"${name}{suffix}", text)
        if not used:
            raise EngineError(f"{query.file} does not use its parameter ${name}")
        out.values[name + suffix] = value
    parts = [
        f"{name} AS {_materialized(item)} ({_source(item, out)})"
        for name, item in query.inputs.items()
    ]
    return f"WITH {', '.join(parts)} SELECT * FROM ({text}) AS result" if parts else text


def _materialized(item: Input) -> str:
    return "MATERIALIZED" if isinstance(item, Query) and item.is_shared else "NOT MATERIALIZED"


def _source(item: Input, out: Rendered) -> str:
    if isinstance(item, Query):
        return _render(item, out)
    if isinstance(item, Delivered):
        return _delivered(item)
    if isinstance(item, Stored):
        if item.path.suffix == ".sql":
            return stored_text(item.path)
        return f"SELECT * FROM {_scan(item.path)}"
    name = f"arrow_{len(out.tables)}"
    out.tables[name] = item.columns() if isinstance(item, Computed) else item
    return f"SELECT * FROM {name}"


def _scan(path: Path) -> str:
    return f"read_parquet({quoted(str(path))})"


def month_index(month: int) -> int:
    """Months since January 1990, at least 0, for sequences that fit 63 bits."""
    return max(0, (month // 100 - 1990) * 12 + month % 100)


def _delivered(item: Delivered) -> str:
    """Every row with its batch, file, known_month, `said_unit` (what names its unit) and `sequence`: the newest (known_month,
    batch, file, row) is largest.
    """
    if not item.files:
        return _no_rows(item)
    return " UNION ALL ".join(_one_file(kind, file, item) for kind, file in item.files)


LINEAGE_TYPES = {
    "kind": "VARCHAR", "amount": "DECIMAL(18, 2)", "row_number": "INTEGER", "identity": "VARCHAR", "is_keyless": "BOOLEAN",
    "recorded_month": "INTEGER", "event_month": "INTEGER", "marks": "VARCHAR", "said_unit": "VARCHAR", "batch_month": "INTEGER",
    "file_number": "INTEGER", "known_month": "INTEGER", "sequence": "BIGINT", "is_future": "BOOLEAN",
    "is_newest_batch": "BOOLEAN",
}
SHARED_TYPES = {"enterprise_id": "VARCHAR", "recognition_no": "VARCHAR", "gaps": "BIGINT", "months_late": "INTEGER"}


def _no_rows(item: Delivered) -> str:
    own = {} if item.is_lineage_only else {c.name: sql_type(c) for c in item.kinds[0].stored}
    shared = SHARED_TYPES if item.has_gaps else {}
    columns = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in {**own, **shared, **LINEAGE_TYPES}.items())
    return f"SELECT {columns} WHERE 1 = 0"


def _with_gaps(kind: Export) -> list[str]:
    """The columns of SHARED_TYPES for a kind."""
    numbers = [name if name in kind.names else f"CAST(NULL AS VARCHAR) AS {name}" for name in ("enterprise_id", "recognition_no")]
    gaps = [f"CASE WHEN {column.name} IS NULL THEN {1 << place} ELSE 0 END" for place, column in enumerate(kind.stored)]
    late = "NULL"
    if kind.settled:
        month, day = kind.settled
        late = f"year({day}) * 12 + month({day}) - ({month} // 100 * 12 + {month} % 100)"
    return [*numbers, f"{' + '.join(['CAST(0 AS BIGINT)', *gaps])} AS gaps", f"CAST({late} AS INTEGER) AS months_late"]


def _one_file(kind: Export, file: DeliveredFile, item: Delivered) -> str:
    own = [] if item.is_lineage_only else [c.name for c in kind.stored]
    own += _with_gaps(kind) if item.has_gaps else []
    columns = ", ".join([*own, f"{quoted(kind.name)} AS kind", f"{kind.sums or 'CAST(NULL AS DECIMAL(18, 2))'} AS amount"])
    known = str(file.batch_month)
    if file.is_opening:
        known = f"least(coalesce(recorded_month, {known}), {known})" if kind.recorded else "0"
    said = f"coalesce({', '.join(kind.unit)})" if kind.unit else "CAST(NULL AS VARCHAR)"
    index = f"greatest(0, (({known}) // 100 - 1990) * 12 + ({known}) % 100)"
    place = (month_index(file.batch_month) << FILE_BITS | file.file_number) << ROW_BITS
    sequence = f"CAST({index} AS BIGINT) * {1 << MONTH_BITS + FILE_BITS + ROW_BITS} + {place} + row_number"
    return (f"SELECT {columns}, row_number, identity, is_keyless, recorded_month, event_month, marks, {said} AS said_unit, "
            f"{file.batch_month} AS batch_month, {file.file_number} AS file_number, {known} AS known_month, "
            f"{sequence} AS sequence, coalesce(event_month > {file.batch_month}, false) AS is_future, "
            f"{str(file.is_newest_batch).lower()} AS is_newest_batch "
            f"FROM {_scan(file.path)}")


def stored_text(path: Path) -> str:
    """The SQL of a stored query without its head."""
    return path.read_text(encoding="utf-8").split("\n", 1)[1]


def footer(path: Path) -> dict:
    """What a table says of itself: recipe, inputs (name -> recipe), contract. Raises EngineError when it says nothing."""
    if path.suffix == ".sql":
        return json.loads(path.read_text(encoding="utf-8").split("\n", 1)[0].removeprefix("-- "))
    said = {key.decode(): value.decode() for key, value in (pq.read_metadata(path).metadata or {}).items()}
    if "recipe" not in said:
        raise EngineError(f"{path} has no recipe in its footer; delete it and run again")
    return {**said, "inputs": json.loads(said["inputs"])}
