"""Databases that SQLAlchemy reaches with a driver that the bureau installs: MySQL, Oracle, SQL Server, 达梦, SQLite.

Belongs here: the connection and its guards. Drivers say too little of their types, so every value becomes text, exactly; what
cannot (a large object, a nested value) is an error that names the column.
"""

import datetime
import decimal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pyarrow as pa

from pipelines.ingest.sources import statements
from pipelines.ingest.sources.model import TIME_ZONE, Rows, Source, SourceError

if TYPE_CHECKING:
    import sqlalchemy

ROWS_PER_BATCH = 10_000
# The first statement of the transaction. SQL Server has no such thing: there only the user's rights guard.
GUARDS = {"mysql": "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", "oracle": "SET TRANSACTION READ ONLY",
          "dm": "SET TRANSACTION READ ONLY", "sqlite": "PRAGMA query_only = ON"}
GUARDS["mariadb"] = GUARDS["mysql"]
PLAIN = (str, int, decimal.Decimal, datetime.date, datetime.time)


@contextmanager
def opened(source: Source, password: str | None) -> Iterator["Alchemy"]:
    """A read-only transaction on the source. Raises SourceError; the driver's words stay behind."""
    import sqlalchemy

    try:
        engine = sqlalchemy.create_engine(_url(source, password), hide_parameters=True, poolclass=sqlalchemy.NullPool)
    except (ImportError, sqlalchemy.exc.SQLAlchemyError):
        raise SourceError(f"没有安装 {source.driver} 的驱动，或不认识它；请安装到 .venv 中") from None
    try:
        connection = engine.connect()
    except Exception:
        raise SourceError("连接不上；检查 host、port、database、用户名和密码") from None
    # Without a pool the rollback closes the connection, so that no guard outlives it.
    with connection:
        guard = GUARDS.get(source.driver.partition("+")[0])
        if guard:
            with _told():
                connection.exec_driver_sql(guard)
        yield Alchemy(connection, statements.dialect_of(source))
        connection.rollback()


@contextmanager
def _told() -> Iterator[None]:
    """Turns the driver's errors into ours."""
    import sqlalchemy

    try:
        yield
    except sqlalchemy.exc.SQLAlchemyError as error:
        cause = type(getattr(error, "orig", None) or error).__name__
        raise SourceError(f"语句不能执行，或连接中断（{cause}）；请在数据库中试一试这条语句") from None


def _url(source: Source, password: str | None) -> "sqlalchemy.URL":
    import sqlalchemy

    return sqlalchemy.URL.create(source.driver, source.user or None, password, source.host or None, source.port or None,
                                 source.database, dict(source.options))


class Alchemy:
    """The Session of a database behind SQLAlchemy."""

    def __init__(self, connection: "sqlalchemy.Connection", dialect: str):
        self.connection, self.dialect = connection, dialect
        version = ".".join(map(str, connection.dialect.server_version_info or ()))
        self.server = f"{connection.dialect.name} {version}".strip()

    def names(self, query: str, parameters: Mapping[str, object]) -> list[str]:
        """The columns of a query as the driver names them."""
        with self._executed(query, parameters) as result:
            return _names(result)

    def rows(self, query: str, parameters: Mapping[str, object], is_text: bool) -> Rows:
        """The rows of a query, every value as text."""
        result = self._executed(query, parameters)
        names = _names(result)
        return Rows(names, [pa.string()] * len(names), _batches(result, names))

    def _executed(self, query: str, parameters: Mapping[str, object]):
        import sqlalchemy

        text = sqlalchemy.text(statements.named(query, self.dialect))
        with _told():
            return self.connection.execution_options(stream_results=True).execute(text, dict(parameters))


def _names(result: "sqlalchemy.CursorResult") -> list[str]:
    return [column[0] for column in (result.cursor.description if result.cursor else None) or ()]


def _batches(result, names: Sequence[str]) -> Iterator[pa.Table]:
    with _told():
        while rows := result.fetchmany(ROWS_PER_BATCH):
            columns = [pa.array([written(value, name) for value in values], pa.string())
                       for name, values in zip(names, zip(*rows, strict=True), strict=True)]
            yield pa.table(columns, names=list(names))


def written(value: object, name: str) -> str | None:
    """A driver's value as text: whole floats without .0, times as the clock on site showed; bytes are no value.

    >>> written(100.0, "a"), written(datetime.datetime(2025, 1, 31, 8), "a"), written(decimal.Decimal("1E+2"), "a")
    ('100', '2025-01-31 08:00:00', '100')
    """
    if value is None or isinstance(value, bytes | bytearray | memoryview):
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, datetime.datetime):
        local = value.astimezone(ZoneInfo(TIME_ZONE)).replace(tzinfo=None) if value.tzinfo else value
        return local.isoformat(" ")
    if isinstance(value, decimal.Decimal):
        return f"{value:f}"
    if isinstance(value, PLAIN):
        return str(value)
    raise SourceError(f"列 {name} 的类型 {type(value).__name__} 取不出；请在 query 中转成文字")
