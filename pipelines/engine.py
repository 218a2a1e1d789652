"""Runs a Query: DuckDB in memory over Parquet, or Spark where asked.

Belongs here: connections, rendering a query with its inputs, writing tables, recipe digests in footers. The only module
that imports duckdb (and pyspark, inside the function that needs it). Does not belong here: what any query says.
"""

import hashlib
import json
import os
import re
from collections.abc import Collection, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.contracts.model import RATIO, Column, Export, Table
from pipelines.ingest.parse import quoted, sql_type

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

SQL = Path(__file__).parent / "sql"
MEMORY_SHARE = 0.4
FILE_BITS, ROW_BITS, MONTH_BITS = 14, 27, 11


DatabaseError = duckdb.Error


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
    """All export rows of a kind (of one, or only the lineage of several) that may be known at a month."""

    kinds: tuple[Export, ...]
    files: tuple[tuple[Export, DeliveredFile], ...]
    is_lineage_only: bool = False

    @property
    def recipe(self) -> str:
        said = [(kind.name, f.digest, f.batch_month, f.file_number, f.is_opening, f.is_newest_batch) for kind, f in self.files]
        return _digest([kind.name for kind in self.kinds], said)


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
        return _digest(self.text, inputs, sorted(self.values.items()), sorted(self.constants.items()))


@dataclass(frozen=True)
class Computed:
    """A small Arrow table made by Python, with the stored tables that it was made from."""

    table: pa.Table
    inputs: Mapping[str, "Input"] = field(default_factory=dict)

    @property
    def recipe(self) -> str:
        inputs = sorted((name, recipe_of(item)) for name, item in self.inputs.items())
        return _digest(recipe_of(self.table), inputs)


Input = Stored | Delivered | Query | Computed | pa.Table


def _digest(*said) -> str:
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, default=str).encode()).hexdigest()


def recipe_of(item: Input) -> str:
    """The recipe digest of an input; an Arrow table is its own recipe (it holds no pseudonym)."""
    if not isinstance(item, pa.Table):
        return item.recipe
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, item.schema) as writer:
        writer.write_table(item.combine_chunks())
    return hashlib.sha256(sink.getvalue()).hexdigest()


@cache
def _database(scratch: Path) -> duckdb.DuckDBPyConnection:
    """One database in memory per process and data folder: opening one costs more than most queries."""
    memory = int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * MEMORY_SHARE)
    config = {"memory_limit": f"{memory}B", "temp_directory": str(scratch / "spill"),
              "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
              "allocator_background_threads": "true"}
    if os.environ.get("YUFANG_THREADS"):
        config["threads"] = os.environ["YUFANG_THREADS"]
    return duckdb.connect(config=config)


@contextmanager
def connect(scratch: Path):
    """A DuckDB connection in memory: bounded (40 % of RAM), spilling to `scratch`, unable to fetch extensions.

    What is registered or created as temporary lives as long as the connection.
    """
    connection = _database(scratch).cursor()
    try:
        yield connection
    finally:
        connection.close()


# --- rendering ---------------------------------------------------------------------------------------------------------


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
    out.tables[name] = item.table if isinstance(item, Computed) else item
    return f"SELECT * FROM {name}"


def _scan(path: Path) -> str:
    return f"read_parquet({quoted(str(path))})"


def month_index(month: int) -> int:
    """Months since January 1990, at least 0, for sequences that fit 63 bits."""
    return max(0, (month // 100 - 1990) * 12 + month % 100)


def _delivered(item: Delivered) -> str:
    """Every row with its batch, file, known_month and `sequence`: the newest (known_month, batch, file, row) is largest."""
    if not item.files:
        return _no_rows(item)
    return " UNION ALL ".join(_one_file(kind, file, item) for kind, file in item.files)


LINEAGE_TYPES = {"kind": "VARCHAR", "amount": "DECIMAL(18, 2)", "row_number": "INTEGER", "identity": "VARCHAR", "is_keyless": "BOOLEAN", "recorded_month": "INTEGER",
                 "event_month": "INTEGER", "marks": "VARCHAR", "batch_month": "INTEGER", "file_number": "INTEGER",
                 "known_month": "INTEGER", "sequence": "BIGINT", "is_future": "BOOLEAN", "is_newest_batch": "BOOLEAN"}


def _no_rows(item: Delivered) -> str:
    own = {} if item.is_lineage_only else {c.name: sql_type(c) for c in item.kinds[0].stored}
    columns = ", ".join(f"CAST(NULL AS {kind}) AS {name}" for name, kind in {**own, **LINEAGE_TYPES}.items())
    return f"SELECT {columns} WHERE 1 = 0"


def _one_file(kind: Export, file: DeliveredFile, item: Delivered) -> str:
    own = [] if item.is_lineage_only else [c.name for c in kind.stored]
    columns = ", ".join([*own, f"{quoted(kind.name)} AS kind", f"{kind.sums or 'CAST(NULL AS DECIMAL(18, 2))'} AS amount"])
    known = str(file.batch_month)
    if file.is_opening:
        known = f"least(coalesce(recorded_month, {known}), {known})" if kind.recorded else "0"
    index = f"greatest(0, (({known}) // 100 - 1990) * 12 + ({known}) % 100)"
    place = (month_index(file.batch_month) << FILE_BITS | file.file_number) << ROW_BITS
    sequence = f"CAST({index} AS BIGINT) * {1 << MONTH_BITS + FILE_BITS + ROW_BITS} + {place} + row_number"
    return (f"SELECT {columns}, row_number, identity, is_keyless, recorded_month, event_month, marks, "
            f"{file.batch_month} AS batch_month, {file.file_number} AS file_number, {known} AS known_month, "
            f"{sequence} AS sequence, coalesce(event_month > {file.batch_month}, false) AS is_future, "
            f"{str(file.is_newest_batch).lower()} AS is_newest_batch "
            f"FROM {_scan(file.path)}")


# --- running -----------------------------------------------------------------------------------------------------------


def fetch(query: Query, scratch: Path) -> pa.Table:
    """A small result in memory."""
    rendered = render(query)
    with connect(scratch) as connection:
        _register(connection, rendered)
        return connection.sql(rendered.text, params=rendered.values or None).to_arrow_table()


def fetch_spark(query: Query, session: "SparkSession") -> pa.Table:
    """The same result worked by Spark, whose workers must reach the same files; needs the extra `spark`."""
    rendered = render(query)
    try:
        for name, table in rendered.tables.items():
            session.createDataFrame(table).createOrReplaceTempView(name)
        return session.sql(spark_text(rendered.text), args=rendered.values).toArrow()
    finally:
        for name in rendered.tables:
            session.catalog.dropTempView(name)


def spark_text(text: str) -> str:
    """DuckDB's SQL in Spark's words. Raises sqlglot's UnsupportedError where Spark has none."""
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(text, read="duckdb")
    for expression in tree.find_all(exp.CTE):
        expression.set("materialized", None)
    for place in list(tree.find_all(exp.Table)):
        if isinstance(place.this, exp.ReadParquet):
            place.replace(exp.table_(place.this.expressions[0].this, db="parquet", quoted=True))
    generator = sqlglot.Dialect.get_or_raise("spark").generator(unsupported_level=sqlglot.ErrorLevel.RAISE)
    # Left to itself it moves nested expressions to the top, for older Spark, where their names collide.
    generator.EXPRESSIONS_WITHOUT_NESTED_CTES = set()
    return generator.generate(tree)


def _register(connection: duckdb.DuckDBPyConnection, rendered: Rendered) -> None:
    for name, table in rendered.tables.items():
        connection.register(name, table)


def cast_list(contract: Table, constants: Collection[str] = ()) -> str:
    """The contract's columns in order, cast to their types, DOUBLEs rounded to the column's decimals."""
    return ", ".join(f"CAST({_value(c, constants)} AS {sql_type(c)}) AS {c.name}" for c in contract.columns)


def _value(column: Column, constants: Collection[str]) -> str:
    if column.name in constants:
        return f"${column.name}"
    is_rounded = column.type == RATIO and column.decimals is not None
    return f"round({column.name}, {column.decimals})" if is_rounded else column.name


def write(item: Query | Computed, contract: Table, path: Path, scratch: Path) -> bool:
    """Writes a table as Parquet sorted by its grain, whole or not at all; False = the file already has this recipe."""
    recipe = _digest(item.recipe, contract.fingerprint, duckdb.__version__)
    if path.exists() and footer(path).get("recipe") == recipe:
        return False
    inputs = json.dumps({name: recipe_of(source) for name, source in item.inputs.items()}, sort_keys=True)
    rendered = render(item) if isinstance(item, Query) else Rendered("SELECT * FROM made", {"made": item.table})
    constants = item.constants if isinstance(item, Query) else {}
    temporary = path.with_suffix(".tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    with connect(scratch) as connection:
        _register(connection, rendered)
        connection.execute(
            f"COPY (SELECT {cast_list(contract, constants)} "
            f"FROM (SELECT * FROM ({rendered.text}) AS made ORDER BY {_order(contract)}) AS sorted) "
            f"TO {quoted(str(temporary))} (FORMAT parquet, COMPRESSION zstd, "
            f"KV_METADATA {{recipe: {quoted(recipe)}, inputs: {quoted(inputs)}, contract: {quoted(contract.name)}}})",
            {**rendered.values, **constants} or None,
        )
    replace_durably(temporary, path)
    return True


def _order(contract: Table) -> str:
    return ", ".join(f"{name} NULLS FIRST" for name in contract.grain)


def write_stored_query(item: Query, contract: Table, path: Path) -> bool:
    """Writes the text of a query in place of its rows; readers inline it. False = unchanged."""
    recipe = _digest(item.recipe, contract.fingerprint, duckdb.__version__)
    if path.exists() and footer(path).get("recipe") == recipe:
        return False
    rendered = render(item)
    for name, table in rendered.tables.items():
        rendered.text = re.sub(rf"\bSELECT \* FROM {name}\b", _spelled_out(table), rendered.text)
    text = re.sub(r"\$(\w+)", lambda match: str(int(rendered.values[match[1]])), rendered.text)
    inputs = {name: recipe_of(source) for name, source in item.inputs.items()}
    head = json.dumps({"recipe": recipe, "inputs": inputs, "contract": contract.name}, sort_keys=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(".tmp")
    temporary.write_text(f"-- {head}\nSELECT {cast_list(contract)} FROM ({text}) AS made\n", encoding="utf-8")
    replace_durably(temporary, path)
    return True


def _spelled_out(table: pa.Table) -> str:
    """A table of whole numbers as SQL, for stored queries, which hold nothing in memory."""
    columns = ", ".join(table.column_names)
    rows = ", ".join(f"({', '.join(str(int(value)) for value in row.values())})" for row in table.to_pylist())
    if rows:
        return f"SELECT * FROM (VALUES {rows}) AS spelled({columns})"
    return f"SELECT {', '.join(f'CAST(NULL AS INTEGER) AS {name}' for name in table.column_names)} WHERE 1 = 0"


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


def replace_durably(temporary: Path, path: Path) -> None:
    """Flushes the new file to disk and puts it in the old one's place in one step."""
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(temporary, path)
