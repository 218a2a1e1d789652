"""Setting up a run: the environment that Dagster reads, the data folder, the months.

Belongs here: what must be so before dagster is imported, and running the month job in one process.
"""

import logging
import os
import sqlite3
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from pipelines import policy, publish, settings, simulate
from pipelines.ingest.receive import batches, files_of
from pipelines.workspace import Workspace, folder_name, month_number

ROOT = Path(__file__).parent.parent
log = logging.getLogger("yufang")


def workspace(raw: str | None, out: str | None) -> Workspace:
    """The folders that the command line names, by default data/raw and data beside the code."""
    data = Path(out).resolve() if out else ROOT / "data"
    return Workspace(Path(raw).resolve() if raw else ROOT / "data" / "raw", data)


def set_environment(place: Workspace, accept_changed: bool) -> None:
    """What dagster.yaml and the definitions read; to be called before dagster is imported."""
    own = ROOT / ".dagster" if place.data == ROOT / "data" else place.data / ".dagster"
    own.mkdir(parents=True, exist_ok=True)
    place.core.mkdir(parents=True, exist_ok=True)
    os.environ |= {
        "DAGSTER_HOME": str(ROOT), "YUFANG_DAGSTER": str(own), "YUFANG_RAW": str(place.raw), "YUFANG_DATA": str(place.data),
        "YUFANG_ACCEPT_CHANGED": "1" if accept_changed else "0", "DAGSTER_DISABLE_TELEMETRY": "yes",
    }
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))


def prepare_settings(place: Workspace, policy_name: str | None, regions: str | None, norms: str | None = None) -> list[str]:
    """Writes settings.toml on the first run and with what the command line changes; returns what is to be said of it."""
    before = place.settings()
    after = settings.with_overrides(before, policy_name, regions, norms)
    policy.load(after.policy)
    if after == before and place.settings_file.exists():
        return []
    said = []
    if place.settings_file.exists():
        changes = [(name, getattr(before, name), getattr(after, name)) for name in ("policy", "regions", "norms")]
        changed = [change for change in changes if change[1] != change[2]]
        said = [f"设置 {name} 由 {old} 改为 {new}；其他月份仍按原设置，需要时请重新生成" for name, old, new in changed]
    settings.save(after, place.settings_file, policy.names())
    return said


def simulate_if_empty(place: Workspace) -> bool:
    """Writes a simulated city where data/raw holds no file at all."""
    if any(files_of(folder) for folder in batches(place.raw).values()):
        return False
    if place.raw.is_dir() and any(path.name not in (".gitkeep", "README.md") for path in place.raw.iterdir()):
        return False
    log.info("data/raw 是空的：写入一座模拟城市（5,000 家单位，36 个月）……")
    simulate.write_city(place.raw, place.data / "simulated_truth")
    return True


def months_to_run(place: Workspace, asked: str | None) -> list[int]:
    """The asked months (2024-12, or several with commas, or `published`), else the newest folder of data/raw."""
    folders = [month for month, folder in batches(place.raw).items() if files_of(folder)]
    if not folders:
        raise SystemExit(f"{place.raw} 中没有形如 YYYY-MM 且含文件的文件夹")
    if asked == "published":
        return sorted(publish.manifests(place))
    return sorted({month_number(name) for name in asked.split(",")}) if asked else [max(folders)]


@contextmanager
def _kept_connections() -> Iterator[None]:
    """While months run, one engine and its open connections for each of Dagster's SQLite files.

    Dagster makes both anew for each of a run's thousand events: every statement is compiled again, every close is a checkpoint.
    SQLite flushes at checkpoints, not at each commit: in WAL mode a power cut then costs the last lines of the UI's history and
    corrupts nothing.
    """
    import sqlalchemy
    from dagster._core.storage.event_log.sqlite import sqlite_event_log
    from dagster._core.storage.runs.sqlite import sqlite_run_storage

    makers = {module: module.create_engine for module in (sqlite_event_log, sqlite_run_storage)}
    kept: dict[str, sqlalchemy.Engine] = {}

    def engine(url: str, poolclass: type[sqlalchemy.Pool], **options) -> sqlalchemy.Engine:
        if url not in kept:
            kept[url] = sqlalchemy.create_engine(url, **options)
            sqlalchemy.event.listen(kept[url], "connect", _flush_seldom)
            setattr(kept[url], "dispose", _stay_open)  # noqa: B010
        return kept[url]

    try:
        for module in makers:
            setattr(module, "create_engine", engine)  # noqa: B010
        yield
    finally:
        for module, make in makers.items():
            setattr(module, "create_engine", make)  # noqa: B010
        for one in kept.values():
            sqlalchemy.Engine.dispose(one)


def _flush_seldom(connection: sqlite3.Connection, _record) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")


def _stay_open() -> None:
    """Dagster disposes of an engine after each statement."""


def run_months(months: Iterable[int]) -> bool:
    """Runs the month job for each month in this process; False when one failed. Every figure is in the Dagster UI after."""
    import dagster as dg

    warnings.filterwarnings("ignore", category=dg.PreviewWarning)
    from assets.definitions import defs
    from assets.wiring import MONTH_PARTITIONS

    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with _kept_connections(), dg.DagsterInstance.get() as instance:
        job = defs.resolve_job_def("month")
        months = list(months)
        instance.add_dynamic_partitions(MONTH_PARTITIONS, [folder_name(month) for month in months])
        # Dagster asks its database twice for every input of every table whether the month is one.
        setattr(instance, "has_dynamic_partition", cache(instance.has_dynamic_partition))  # noqa: B010
        for month in months:
            result = job.execute_in_process(
                run_config=quiet, partition_key=folder_name(month), instance=instance, raise_on_error=False
            )
            if not result.success:
                _say_failures(result, month)
                return False
    return True


def _say_failures(result, month: int) -> None:
    print(f"\n{folder_name(month)} 没有发布；此前发布的月份不受影响。", file=sys.stderr)
    for event in result.all_events:
        if event.is_step_failure:
            error = event.step_failure_data.error
            cause = error.cause if error and error.cause else error
            print(f"  {event.step_key}：{(cause.message if cause else '').strip()}", file=sys.stderr)
        elif event.event_type_value == "ASSET_CHECK_EVALUATION" and not event.asset_check_evaluation_data.passed:
            found = event.asset_check_evaluation_data
            said = {name: value.value for name, value in found.metadata.items()}
            print(f"  {found.asset_key.path[-1]} 不符合其契约：{said.get('不符')}；样例 {said.get('样例')}", file=sys.stderr)


def register_months(place: Workspace) -> None:
    """Adds a partition for every folder of data/raw, so that the UI offers them."""
    import dagster as dg

    from assets.wiring import MONTH_PARTITIONS

    with dg.DagsterInstance.get() as instance:
        instance.add_dynamic_partitions(MONTH_PARTITIONS, [folder_name(month) for month in batches(place.raw)])
