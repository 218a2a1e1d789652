"""Runs a Query: DuckDB in memory over Parquet, or Spark where asked.

Belongs here: connections, fetching, writing tables with their recipes. The only module that imports duckdb (and pyspark, inside
the function that needs it). What a query is and how it is rendered is lazy.py.
"""

import json
import os
import re
from collections.abc import Collection
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from pipelines.arrow import spare_pandas
from pipelines.contracts.model import RATIO, Column, Table
from pipelines.ingest.parse import macros, quoted, sql_type
from pipelines.lazy import Computed, Query, Rendered, digest_of, footer, recipes_of, render

if TYPE_CHECKING:
    from pyspark.sql import SparkSession  # pyright: ignore[reportMissingImports]

MEMORY_SHARE = 0.4
# More makes a province no faster by much, and an office machine has other work.
MEMORY_MOST = 1_200_000_000
DatabaseError = duckdb.Error
spare_pandas()


@cache
def _database(scratch: Path) -> duckdb.DuckDBPyConnection:
    """One database in memory per process and data folder, with the macros of ingest: opening one costs more than most queries."""
    memory = min(int(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") * MEMORY_SHARE), MEMORY_MOST)
    config: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": f"{memory}B", "temp_directory": str(scratch / "spill"),
        "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
        "allocator_background_threads": "true",
    }
    if os.environ.get("YUFANG_THREADS"):
        config["threads"] = os.environ["YUFANG_THREADS"]
    database = duckdb.connect(config=config)
    for macro in macros():
        database.execute(macro)
    return database


@contextmanager
def connect(scratch: Path):
    """A DuckDB connection in memory: bounded (40 % of RAM, at most 1.2 GB), spilling to `scratch`, unable to fetch extensions.

    What is registered or created as temporary lives as long as the connection.
    """
    connection = _database(scratch).cursor()
    try:
        yield connection
    except (duckdb.InternalException, duckdb.FatalException):
        _database.cache_clear()  # an internal error leaves the whole database unusable; the next query gets another
        raise
    finally:
        connection.close()


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
    recipe = digest_of(item.recipe, contract.fingerprint, duckdb.__version__)
    if path.exists() and footer(path).get("recipe") == recipe:
        return False
    inputs = json.dumps(recipes_of(item), sort_keys=True)
    rendered = render(item) if isinstance(item, Query) else Rendered("SELECT * FROM made", {"made": item.table})
    temporary = path.with_suffix(".tmp")
    path.parent.mkdir(parents=True, exist_ok=True)
    with connect(scratch) as connection:
        _register(connection, rendered)
        connection.execute(
            f"COPY (SELECT {cast_list(contract, item.constants)} "
            f"FROM (SELECT * FROM ({rendered.text}) AS made ORDER BY {_order(contract)}) AS sorted) "
            f"TO {quoted(str(temporary))} (FORMAT parquet, COMPRESSION zstd, "
            f"KV_METADATA {{recipe: {quoted(recipe)}, inputs: {quoted(inputs)}, contract: {quoted(contract.name)}}})",
            {**rendered.values, **item.constants} or None,
        )
    replace_durably(temporary, path)
    return True


def _order(contract: Table) -> str:
    return ", ".join(f"{name} NULLS FIRST" for name in contract.grain)


def write_stored_query(item: Query, contract: Table, path: Path) -> bool:
    """Writes the text of a query in place of its rows; readers inline it. False = unchanged."""
    recipe = digest_of(item.recipe, contract.fingerprint, duckdb.__version__)
    if path.exists() and footer(path).get("recipe") == recipe:
        return False
    rendered = render(item)
    for name, table in rendered.tables.items():
        rendered.text = re.sub(rf"\bSELECT \* FROM {name}\b", _spelled_out(table), rendered.text)
    text = re.sub(r"\$(\w+)", lambda match: str(int(rendered.values[match[1]])), rendered.text)
    head = json.dumps({"recipe": recipe, "inputs": recipes_of(item), "contract": contract.name}, sort_keys=True)
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


def replace_durably(temporary: Path, path: Path) -> None:
    """Flushes the new file to disk and puts it in the old one's place in one step."""
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    os.replace(temporary, path)
