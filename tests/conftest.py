"""Fixtures that every kind of test shares: a bureau that delivers a few lines of CSV, and a simulated city.

A `bureau` builds its months by calling the assets' own functions in order, then the contract checks: the same code as a
Dagster run at a tenth of its time. `bureau.run` is the real job, in one process, as `make run` does it.
"""

import functools
import hashlib
import inspect
import logging
import os
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pyarrow.parquet as pq
import pytest

from pipelines import checks, engine, lazy, policy, settings, simulate
from pipelines.contracts.catalogue import CONTRACTS
from pipelines.workspace import Workspace, folder_name, month_number

SIMULATED_MONTH = "2025-09"
# Documents that take seconds and that nothing stands on: a bureau writes them where a test asks for them.
PAPERS = {"analysis_board", "enterprise_dossier", "plan_draft", "public_workbook", "special_report"}


@pytest.fixture(scope="session", autouse=True)
def _environment():
    """A key of the tests' own: the user's configuration folder is never touched."""
    kept = dict(os.environ)
    os.environ["YUFANG_KEY"] = "test-key"
    os.environ["YUFANG_ACCEPT_CHANGED"] = "0"
    os.environ["YUFANG_THREADS"] = "1"  # a few rows are quicker on one
    yield
    os.environ.clear()
    os.environ.update(kept)


@functools.cache
def assets_in_order(until: str) -> list[tuple[str, Callable]]:
    """Name and function of an asset and of all that it stands on, sources first."""
    import dagster as dg

    from assets.definitions import defs

    graph = defs.resolve_asset_graph()
    wanted = dg.AssetSelection.assets(until).upstream().resolve(graph)
    functions = {key.path[-1]: defs.get_assets_def(key).op.compute_fn for key in graph.toposorted_asset_keys if key in wanted}
    return [(name, getattr(function, "decorated_fn")) for name, function in functions.items()]  # noqa: B009


def digests(folder: Path) -> dict[str, str]:
    """Every file below a folder (links followed) with the SHA-256 of its bytes."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def assert_reconciled(row: Mapping) -> None:
    """Received = accepted + rejected + superseded + not yet known, in rows and in yuan."""
    parts = ("accepted", "rejected", "superseded", "later")
    assert row["rows_received"] == sum(row[f"rows_{part}"] for part in parts), row
    if row["amount_received"] is not None:
        assert row["amount_received"] == sum(row[f"amount_{part}"] for part in parts), row


class Bureau:
    """One bureau: the exports that it delivers (raw) and what the product makes of them (data)."""

    def __init__(self, raw: Path, data: Path):
        self.place = Workspace(raw, data)

    def deliver(self, batch: str, **files: str) -> None:
        """Puts CSV files into data/raw/<batch>; a file's name is its keyword, mostly the kind's Chinese name."""
        folder = self.place.raw / batch
        folder.mkdir(parents=True, exist_ok=True)
        for name, lines in files.items():
            text = "\n".join(line.strip() for line in textwrap.dedent(lines).strip().splitlines())
            (folder / f"{name}.csv").write_text(text + "\n", encoding="utf-8")

    @staticmethod
    def premiums(first: int, last: int, yuan: int = 100, **heads: int) -> str:
        """A premium file: every month of the years first to last, `yuan` paid in each, for units and their heads."""
        months = [f"{year}{month:02d}" for year in range(first, last + 1) for month in range(1, 13)]
        lines = [f"{unit},{month},{number},{yuan}" for unit, number in heads.items() for month in months]
        return "\n".join(["单位编号,费款所属期,缴费人数,实缴金额", *lines])

    @staticmethod
    def claims(**injuries: str) -> str:
        """A claim file: for each unit the days of its accidents, decided on the same day; numbers are T-<unit>-<n>."""
        lines = [
            f"T-{unit}-{number},{unit},{day},认定工伤,{day},第十四条第（一）项"
            for unit, days in injuries.items() for number, day in enumerate(days.split(), 1)
        ]
        return "\n".join(["认定书编号,单位编号,事故时间,认定结论,认定日期,认定依据", *lines])

    def settle(self, **said) -> None:
        """Writes settings.toml with what is said and the defaults for the rest."""
        made = replace(self.place.settings(), **said)
        settings.save(settings.checked(made), self.place.settings_file, policy.names())

    def build(self, *months: str, until: str = "published_month", with_papers: bool = False) -> None:
        """Builds, checks and publishes months (or stops at the asset `until`), raising what went wrong."""
        for month in months:
            for name, function in assets_in_order(until):
                if with_papers or name == until or name not in PAPERS:
                    self._make(name, function, month_number(month))

    def make(self, name: str, month: str) -> None:
        """One asset alone, from whatever its sources are."""
        self._make(*assets_in_order(name)[-1], month_number(month))

    def _make(self, name: str, function: Callable, month: int) -> None:
        from assets.wiring import WorkspaceResource

        context = SimpleNamespace(partition_key=folder_name(month), add_output_metadata=lambda metadata: None)
        given: dict[str, object] = {"context": context}
        for parameter in list(inspect.signature(function).parameters)[1:]:
            given[parameter] = self.stored(parameter, month) if parameter in CONTRACTS else None
        if "workspace" in given:
            given["workspace"] = WorkspaceResource(raw=str(self.place.raw), data=str(self.place.data))
        made = function(**given)
        if name in CONTRACTS:
            self._keep(self.stored(name, month), made, month)

    def _keep(self, stored: lazy.Stored, made, month: int) -> None:
        if stored.contract.is_query:
            engine.write_stored_query(made, stored.contract, stored.path)
        else:
            engine.write(made, stored.contract, stored.path, self.place.core)
        references = {column: self.stored(table, month) for column, table in stored.contract.references.items()}
        report = checks.check(stored, self.place.core, references)
        assert report.is_fine, f"{stored.contract.name}: {report.broken} {report.samples}"
        if stored.contract.name == "source_reconciliation":
            for row in stored.columns().to_pylist():
                assert_reconciled(row)

    def run(self, *months: str, accept_changed: bool = False, is_kept: bool = False) -> bool:
        """The real job for these months, in this process; only with `is_kept` does Dagster's record stay, in data/.dagster."""
        import dagster as dg

        from assets import launch

        with pytest.MonkeyPatch.context() as patch:
            if not is_kept:
                patch.setattr(dg.DagsterInstance, "get", staticmethod(dg.DagsterInstance.ephemeral))
            for name in ("DAGSTER_HOME", "YUFANG_DAGSTER", "YUFANG_RAW", "YUFANG_DATA", "YUFANG_ACCEPT_CHANGED"):
                patch.setenv(name, "")
            launch.set_environment(self.place, accept_changed)
            return launch.run_months([month_number(month) for month in months])

    def stored(self, name: str, month: int) -> lazy.Stored:
        return self.place.stored(name, 0 if name == "raw_file" else month)

    def core(self, name: str, month: str) -> list[dict]:
        """The rows of a core table (or of any working copy) of a month."""
        stored = self.stored(name, month_number(month))
        if not stored.contract.is_query:
            return stored.columns().to_pylist()
        with engine.connect(self.place.core) as connection:
            return connection.sql(lazy.stored_text(stored.path)).to_arrow_table().to_pylist()

    def mart(self, name: str, month: str, **where) -> list[dict]:
        """The rows of a mart in which the named columns have the given values: as published, else the working copy."""
        path = self.published(month) / f"{name}.parquet"
        rows = pq.read_table(path).to_pylist() if path.exists() else self.core(name, month)
        return [row for row in rows if all(row[column] == value for column, value in where.items())]

    def one(self, name: str, month: str, **where) -> dict:
        """The one row of a mart that is meant."""
        rows = self.mart(name, month, **where)
        assert len(rows) == 1, f"{len(rows)} rows of {name} where {where}"
        return rows[0]

    def published(self, month: str) -> Path:
        return self.place.marts / f"month={month}"

    def bytes_of(self, month: str) -> Mapping[str, str]:
        """The published files of a month with their digests."""
        return digests(self.published(month).resolve())


@pytest.fixture
def bureau(tmp_path) -> Bureau:
    """A bureau that has not delivered anything yet."""
    return Bureau(tmp_path / "raw", tmp_path / "data")


@pytest.fixture(scope="session")
def new_bureau(tmp_path_factory, _environment) -> Callable[[], Bureau]:
    """Makes bureaus for fixtures that several tests share."""
    def make() -> Bureau:
        folder = tmp_path_factory.mktemp("bureau")
        return Bureau(folder / "raw", folder / "data")

    return make


@pytest.fixture
def another_bureau(tmp_path) -> Callable[[str], Bureau]:
    """Makes further bureaus, or further data folders over the same exports: another_bureau("b", raw=bureau.place.raw)."""
    return lambda name, raw=None: Bureau(raw or tmp_path / name / "raw", tmp_path / name / "data")


@pytest.fixture(scope="session")
def simulated_raw(tmp_path_factory) -> Path:
    """The exports of a simulated city of 300 enterprises: the opening delivery 2025-09 and two months after it."""
    folder = tmp_path_factory.mktemp("city")
    simulate.write_city(folder / "raw", folder / "truth", enterprises=300, staff_per_enterprise=30, later=2)
    return folder / "raw"


@pytest.fixture(scope="session")
def simulated_city(simulated_raw, tmp_path_factory, _environment) -> Bureau:
    """The simulated city with its opening month published by the real job; tests only read it."""
    logging.getLogger("yufang").setLevel(logging.WARNING)
    city = Bureau(simulated_raw, tmp_path_factory.mktemp("published"))
    assert city.run(SIMULATED_MONTH)
    return city


@pytest.fixture(scope="session")
def postgres_server(_environment):
    """A real PostgreSQL server, for tests marked `postgres`; its readers' password is in YUFANG_TEST_DB."""
    from tests import server

    with server.started() as running:
        os.environ["YUFANG_TEST_DB"] = server.PASSWORD
        yield running
