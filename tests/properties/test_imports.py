"""The rules of DESIGN.md, "Dependencies run one way", held by reading the sources; and every worked example runs."""

import ast
import doctest
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent.parent
FOLDERS = ("pipelines", "assets", "tests", "benchmarks")
STANDARD = set(sys.stdlib_module_names)
CLOCKS = {"now", "today", "utcnow"}
READERS = {"open", "read_text", "read_bytes", "environ", "getenv", "connect", "glob", "rglob", "read_parquet", "iterdir"}


class Source(NamedTuple):
    """A module: its dotted name and its tree."""

    name: str
    tree: ast.Module

    def is_in(self, *packages: str) -> bool:
        return any(self.name == package or self.name.startswith(package + ".") for package in packages)


def sources() -> list[Source]:
    paths = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    named = ((".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path) for path in paths)
    return [Source(name, ast.parse(path.read_text(encoding="utf-8"))) for name, path in named]


SOURCES = sources()
PRODUCT = [source for source in SOURCES if source.is_in("pipelines", "assets")]


def outside_functions(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run when a module is imported, but for the heads of functions."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        yield node
        yield from outside_functions(node)


def imported(nodes: Iterator[ast.AST]) -> set[str]:
    """The dotted names that import statements name: pipelines.rates for `from pipelines import rates` too."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, "relative import"
            modules = {f"{node.module}.{alias.name}" for alias in node.names} & NAMES
            found |= modules or {node.module or ""}
    return found


NAMES = {source.name for source in SOURCES}
IMPORTS = {source.name: imported(ast.walk(source.tree)) for source in SOURCES}
AT_IMPORT = {source.name: imported(outside_functions(source.tree)) for source in SOURCES}


def offenders(package: str, *allowed: str) -> dict[str, list[str]]:
    """module -> what it imports beyond the standard library, its own package and what is allowed."""
    fine = (package, *allowed)
    found = {
        source.name: sorted(name for name in IMPORTS[source.name] if name.split(".")[0] not in STANDARD
                            and not any(name == ok or name.startswith(ok + ".") for ok in fine))
        for source in SOURCES if source.is_in(package)
    }
    return {name: beyond for name, beyond in found.items() if beyond}


def importers(library: str, names: dict[str, set[str]] = IMPORTS) -> set[str]:
    """The modules of the product that import a library."""
    product = {source.name for source in PRODUCT}
    return {name for name in product if any(i == library or i.startswith(library + ".") for i in names[name])}


def test_there_is_something_to_look_at():
    assert {"pipelines.engine", "pipelines.contracts.model", "assets.wiring", "tests.conftest"} <= NAMES
    assert "pipelines.contracts.model" in IMPORTS["pipelines.engine"]


def test_contracts_import_the_standard_library_and_pyarrow():
    assert offenders("pipelines.contracts", "pyarrow") == {}


def test_statistics_know_arrays_only():
    assert offenders("pipelines.stats", "numpy", "scipy", "sklearn") == {}


def test_only_assets_know_dagster_and_pipelines_never_know_assets():
    assert all(name.startswith("assets") for name in importers("dagster"))
    assert all(name.startswith("assets") for name in importers("assets"))


def test_only_the_engine_knows_duckdb_and_spark_waits_for_who_asks():
    assert importers("duckdb") == {"pipelines.engine"}
    assert importers("pyspark") <= {"pipelines.engine", "pipelines.spark"}
    assert importers("pyspark", AT_IMPORT) == set()


def test_drivers_of_databases_wait_for_a_fetch():
    assert importers("psycopg") == {"pipelines.ingest.sources.postgres"}
    assert importers("sqlalchemy") == {"pipelines.ingest.sources.alchemy", "assets.launch"}
    assert importers("psycopg", AT_IMPORT) == importers("sqlalchemy", AT_IMPORT) == set()
    sources = "pipelines.ingest.sources"
    assert {name for name in importers(sources) if not name.startswith(sources)} == {"assets.fetching", "assets.__main__"}


def test_reports_compute_no_statistic():
    for library in ("numpy", "scipy", "sklearn", "pipelines.stats"):
        assert not [name for name in importers(library) if name.startswith("pipelines.reports")], library


def test_dependencies_do_not_run_in_circles():
    """Each module can be sorted after those that it imports when it is loaded."""
    waiting = {s.name: {i for i in AT_IMPORT[s.name] & NAMES if i != s.name} for s in PRODUCT}
    while waiting:
        free = {name for name, needed in waiting.items() if not needed & set(waiting)}
        assert free, f"in circles: {sorted(waiting)}"
        waiting = {name: needed for name, needed in waiting.items() if name not in free}


def test_annotations_stay_what_they_are():
    """`from __future__ import annotations` breaks Dagster's context types."""
    assert [name for name, names in IMPORTS.items() if "__future__" in names] == []


def test_no_clock_and_no_unseeded_chance_where_data_are_made():
    for source in (source for source in SOURCES if source.is_in("pipelines")):
        for node in ast.walk(source.tree):
            called = node.func if isinstance(node, ast.Call) else None
            name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
            assert name not in CLOCKS, f"{source.name}:{getattr(node, 'lineno', 0)}"
            unseeded = name == "default_rng" and isinstance(node, ast.Call) and not node.args and not node.keywords
            assert not unseeded, f"{source.name}:{getattr(node, 'lineno', 0)}"
        assert not IMPORTS[source.name] & {"random", "uuid"}, source.name


def test_nothing_is_read_at_import():
    for source in (source for source in PRODUCT if source.name != "assets.__main__"):
        for node in outside_functions(source.tree):
            name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
            assert name not in READERS, f"{source.name}:{getattr(node, 'lineno', 0)} {name}"


def is_described(node: ast.AST) -> bool:
    """Whether an asset, sensor or schedule has its description from its contract or its decorator."""
    decorators = [ast.unparse(decorator) for decorator in getattr(node, "decorator_list", [])]
    return any("table_asset(" in text or "description=" in text for text in decorators)


def test_everything_public_is_documented():
    bare = []
    for source in PRODUCT:
        for node in [source.tree, *source.tree.body]:
            if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and not ast.get_docstring(node):
                name = getattr(node, "name", "")
                if not name.startswith("_") and not is_described(node):
                    bare.append(f"{source.name} {name}".strip())
    assert bare == []


EXAMPLES = [source.name for source in SOURCES if source.is_in("pipelines") and ">>>" in ast.unparse(source.tree)]


@pytest.mark.parametrize("name", EXAMPLES)
def test_worked_examples_run(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted and not result.failed


def test_there_are_worked_examples():
    assert "pipelines.stats.poisson" in EXAMPLES
