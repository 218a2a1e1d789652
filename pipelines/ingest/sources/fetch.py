"""A month's fetch: each statement becomes one Parquet file in data/raw/YYYY-MM, all of a source or none.

Belongs here: which files are written, their columns, footer, rights and the moment they appear. A file that is there is never
touched without being asked to: published months stand on it.
"""

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import engine
from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import headings, origin
from pipelines.ingest.sources import alchemy, config, postgres, statements
from pipelines.ingest.sources.model import Rows, Session, Source, SourceError, Statement
from pipelines.ingest.sources.passwords import password_of
from pipelines.ingest.sources.statements import Window


@dataclass(frozen=True)
class Order:
    """What is to be fetched where; `clock` gives the time in UTC, `is_again` replaces files that are there."""

    raw: Path
    window: Window
    clock: Callable[[], datetime]
    is_again: bool = False

    @property
    def folder(self) -> Path:
        return self.raw / f"{self.window.last // 100}-{self.window.last % 100:02d}"

    def path(self, source: Source, statement: Statement) -> Path:
        """The file of a statement; the kind's title in its name helps to recognise it."""
        return self.folder / f"{source.name}.{EXPORTS[statement.kind].title}.parquet"


class Outcome(NamedTuple):
    """What became of one source, in a line or more."""

    is_fine: bool
    message: str


def fetch(sources: Sequence[Source], order: Order, delivery: Mapping[str, str]) -> Iterator[Outcome]:
    """Fetches source after source; one that fails leaves nothing behind and does not keep the others.

    `delivery` is what settings.toml says: a kind that counts as full dumps must not be fetched as increments.
    """
    for source in sources:
        try:
            yield Outcome(True, "\n".join(_fetch(source, order, delivery)))
        except SourceError as error:
            yield Outcome(False, f"{source.name} 没有取数：{error}")
        except OSError as error:
            yield Outcome(False, f"{source.name} 没有取数：写文件出错（{type(error).__name__}）；检查磁盘空间和权限")


def _fetch(source: Source, order: Order, delivery: Mapping[str, str]) -> list[str]:
    said = [remark for statement in source.fetch for remark in _delivered(source, statement, delivery)]
    with _folder(order.folder) as folder:
        wanted = [statement for statement in source.fetch if order.is_again or not order.path(source, statement).exists()]
        written = _all_written(source, wanted, order) if wanted else []
        for temporary, path, _ in written:
            engine.replace_durably(temporary, path)
        os.fsync(folder)
    kept = [EXPORTS[statement.kind].title for statement in source.fetch if statement not in wanted]
    said += [f"{source.name} {title}：已有，没有再取（要替换，加 --again）" for title in kept]
    return said + [f"{source.name} {path.stem.split('.')[-1]}：{rows:,} 行 → {path}" for _, path, rows in written]


def _delivered(source: Source, statement: Statement, delivery: Mapping[str, str]) -> list[str]:
    """Remarks on whether a statement brings what the settings take it for."""
    export = EXPORTS[statement.kind]
    expected = delivery.get(statement.kind, export.delivery)
    if statement.mode == expected:
        return []
    if expected == "snapshot":
        raise SourceError(
            f"设置中{export.title}每次是全量（snapshot），sources.toml 却只取当月（increment）：其余的行会被当作已删除；请改一致"
        )
    advice = f'在 settings.toml 的 [delivery] 中写 {statement.kind} = "snapshot"'
    return [f"{source.name} {export.title}：取的是全量；要让不在其中的旧行作废，{advice}"]


@contextlib.contextmanager
def _folder(path: Path) -> Iterator[int]:
    """The month's folder, made if need be and held against a second fetch; an empty one does not stay."""
    is_new = not path.exists()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        raise SourceError(f"{path} 不能写入；取数的用户要有 data/raw 的写权限") from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield handle
    except BlockingIOError:
        raise SourceError(f"另一次取数正在写 {path}；等它结束再运行") from None
    finally:
        os.close(handle)
        if is_new:
            with contextlib.suppress(OSError):
                path.rmdir()


def _all_written(source: Source, wanted: Sequence[Statement], order: Order) -> list[tuple[Path, Path, int]]:
    """Every statement's rows in a hidden file beside its place: temporary, place, number of rows."""
    made: list[Path] = []
    try:
        open_session = postgres.opened if source.is_postgres else alchemy.opened
        with open_session(source, password_of(source)) as session:
            moment, written = order.clock(), []
            for statement in wanted:
                path = order.path(source, statement)
                made.append(path.with_name(f".{path.name}.tmp"))
                with _named(statement):
                    written.append((made[-1], path, _write(source, statement, session, order.window, moment, made[-1])))
        return written
    except BaseException as error:
        for temporary in made:
            temporary.unlink(missing_ok=True)
        if isinstance(error, SourceError) or not isinstance(error, Exception):
            raise
        # Whatever else went wrong may quote a value or the connection.
        raise SourceError(f"取数中断（{type(error).__name__}）；检查磁盘空间与网络后再运行") from None


@contextlib.contextmanager
def _named(statement: Statement) -> Iterator[None]:
    """Adds to an error which kind it befell."""
    try:
        yield
    except SourceError as error:
        raise SourceError(f"[fetch.{statement.kind}] {error}") from None


def _write(source: Source, statement: Statement, session: Session, window: Window, moment: datetime, path: Path) -> int:
    """Streams one statement into a file that only its owner may read; returns the number of rows."""
    query, values, titles = _prepared(source, statement, session, window)
    rows = session.rows(query, values, statement.text)
    kept = [(place, titles[name]) for place, name in enumerate(rows.names) if name in titles]
    schema = pa.schema([pa.field(title, rows.types[place]) for place, title in kept])
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        with pq.ParquetWriter(file, schema, compression="zstd") as writer:
            count = _stream(rows, [place for place, _ in kept], schema, writer)
            said = origin.Origin(source.name, statement.kind, query, {name: str(value) for name, value in values.items()},
                                 moment.isoformat(timespec="seconds"), session.server, count)
            writer.add_key_value_metadata(origin.footer(said))
    return count


def _stream(rows: Rows, places: Sequence[int], schema: pa.Schema, writer: pq.ParquetWriter) -> int:
    count = 0
    for batch in rows.batches:
        writer.write_table(pa.table([batch.column(place) for place in places], schema=schema))
        count += len(batch)
    return count


def _prepared(
    source: Source, statement: Statement, session: Session, window: Window
) -> tuple[str, dict[str, object], dict[str, str]]:
    """The query in a fixed order, its parameters, and the title of each database column that is kept."""
    dialect, values = statements.dialect_of(source), statements.parameters(window, statement.date_format)
    if statement.table:
        query = statements.of_table(statement, dialect)
        return query, statements.bound(values, query, dialect), dict(statement.columns)
    values = statements.bound(values, statement.query, dialect)
    titles = _titles(statement, session.names(statements.probe(statement.query), values))
    if statements.has_order(statement.query, dialect) and not statement.order:
        return statement.query, values, titles
    return statements.in_order(statement.query, list(titles), statement.order, dialect), values, titles


def _titles(statement: Statement, names: Sequence[str]) -> dict[str, str]:
    """Result column -> title, for those that `columns` or the kind knows. Raises SourceError when it is not a whole export."""
    export, where = EXPORTS[statement.kind], "query"
    absent = next((name for name in statement.columns if name not in names), None)
    if absent is not None:
        raise SourceError(f"query 的结果中没有 columns 所写的列 {absent}")
    known = config.known_titles(export)
    found = {name: statement.columns.get(name) or known.get(headings.normalise(name)) for name in names}
    titles = {name: title for name, title in found.items() if title}
    if len(set(titles.values())) < len([name for name in names if name in titles]):
        raise SourceError("query 的结果中有两列是同一个标题；请只留一列，或在 columns 中写明")
    config.check_required(where, export, titles.values())
    return titles
