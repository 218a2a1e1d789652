"""PostgreSQL and what speaks like it (KingbaseES, openGauss): one read-only snapshot through psycopg.

Belongs here: the connection, its guards, types by OID, and what its errors mean. Every value travels as the text that the server
writes and becomes a typed column at once; an unknown type stays text. Nothing is assumed of the server's version.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ingest.sources import statements
from pipelines.ingest.sources.model import TIME_ZONE, Rows, Source, SourceError

if TYPE_CHECKING:
    import psycopg

ROWS_PER_BATCH = 10_000
BINARY, NUMERIC = 17, 1700
ZONED = pa.timestamp("us", TIME_ZONE)
TYPES = {16: pa.bool_(), 20: pa.int64(), 21: pa.int64(), 23: pa.int64(), 700: pa.float64(), 701: pa.float64(),
         1082: pa.date32(), 1114: pa.timestamp("us"), 1184: ZONED}
SETTINGS = {"TimeZone": TIME_ZONE, "DateStyle": "ISO, YMD", "extra_float_digits": "3"}
REFUSALS = (
    (r"authentication method|SASL|sha256", "数据库用的口令验证方式不被支持；openGauss 请见运行手册（password_encryption_type）"),
    (r"password|认证失败|鉴权|Invalid username", "用户名或密码不对"),
    (r"pg_hba|no encryption", "服务器不允许从本机以此用户、此 sslmode 连接（pg_hba.conf）"),
    (r"SSL|certificate", "加密连接没有建立；检查 sslmode 与证书"),
    (r"database .* does not exist|数据库.*不存在", "没有这个数据库"),
    (r"role .* does not exist", "用户名或密码不对"),
    (r"too many|remaining connection", "服务器的连接已满，稍后再试"),
    (r"", "连接不上；检查 host、port、网络和防火墙"),
)
STATES = {
    "25006": "语句要写入数据；取数只读，已被数据库拒绝",
    "42501": "用户没有读取所需表的权限",
    "42P01": "没有所写的表；检查表名、schema 和大小写",
    "42703": "没有所写的列；检查列名和大小写",
    "42883": "运算或排序不适合列的类型；检查 date_format 与 order",
    "57014": "超过了 timeout_s，语句被取消",
    "3F000": "没有所写的 schema",
    "22021": "有字符不能转成 UTF-8；检查 encoding",
    "22P05": "有字符不能转成 UTF-8；检查 encoding",
}


@contextmanager
def opened(source: Source, password: str | None) -> Iterator["Postgres"]:
    """A read-only, repeatable-read transaction on the source. Raises SourceError; the driver's words stay behind."""
    import psycopg

    with _connected(source, password) as connection:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.prepare_threshold = None
        yield _settled(connection, source)
        with _told():
            connection.rollback()


@contextmanager
def _told() -> Iterator[None]:
    """Turns the driver's errors into ours."""
    import psycopg

    try:
        yield
    except (psycopg.Error, UnicodeError) as error:
        raise SourceError(_meaning(error)) from None


def _connected(source: Source, password: str | None) -> "psycopg.Connection":
    import psycopg

    said = {"host": source.host, "port": source.port, "dbname": source.database, "user": source.user, "password": password,
            "sslmode": source.sslmode, "client_encoding": source.encoding or "UTF8"}
    try:
        # The driver's signature lists its own arguments only; the rest are libpq's.
        options: dict = {"connect_timeout": "10", **source.options, **{key: value for key, value in said.items() if value}}
        return psycopg.connect("", **options)
    except (psycopg.Error, UnicodeError) as error:
        words = str(error)
        meaning = next(meaning for pattern, meaning in REFUSALS if re.search(pattern, words, re.IGNORECASE))
        raise SourceError(meaning) from None


def _settled(connection: "psycopg.Connection", source: Source) -> "Postgres":
    """The session with its settings made; the server confirms that nothing can be written."""
    settings = {**SETTINGS, "statement_timeout": str(source.timeout_s * 1000)}
    if source.schema:
        settings["search_path"] = source.schema
    with _told():
        for name, value in settings.items():
            connection.execute("SELECT set_config(%s, %s, true)", (name, value))
        [(is_read_only, server)] = connection.execute("SELECT current_setting('transaction_read_only'), version()").fetchall()
    if is_read_only != "on":
        raise SourceError("数据库没有接受只读事务，不取数")
    return Postgres(connection, str(server)[:80])


def _meaning(error: Exception) -> str:
    state = getattr(error, "sqlstate", None)
    if isinstance(error, UnicodeError):
        return STATES["22P05"]
    if state is None or state[:2] in ("08", "57") and state != "57014":
        return "连接中断；检查网络后再运行"
    return STATES.get(state, f"语句不能执行（SQLSTATE {state}）；请在数据库中试一试这条语句")


class Postgres:
    """The Session of a PostgreSQL-like database."""

    def __init__(self, connection: "psycopg.Connection", server: str):
        self.connection, self.server = connection, server
        _leave_as_text(connection)

    def names(self, query: str, parameters: Mapping[str, object]) -> list[str]:
        """The columns of a query, but for binary ones."""
        import psycopg

        cursor = psycopg.RawCursor(self.connection)
        with _told():
            cursor.execute(statements.numbered(query).encode(), list(parameters.values()))
        return [column.name for column in cursor.description or () if column.type_code != BINARY]

    def rows(self, query: str, parameters: Mapping[str, object], is_text: bool) -> Rows:
        """The rows of a query through a cursor on the server, so that memory holds one batch."""
        import psycopg

        cursor = psycopg.RawServerCursor(self.connection, "yufang")
        with _told():
            cursor.execute(statements.numbered(query).encode(), list(parameters.values()))
        columns = cursor.description or []
        names = [column.name for column in columns]
        types = [pa.string() if is_text else _type(column) for column in columns]
        return Rows(names, [pa.timestamp("us") if type == ZONED else type for type in types], _batches(cursor, names, types))


def _leave_as_text(connection: "psycopg.Connection") -> None:
    """Lets every value through as the server wrote it: exact, quick, and the same for types that nobody knows here."""
    from psycopg.types.string import TextLoader

    for info in connection.adapters.types:
        for oid in filter(None, (info.oid, info.array_oid)):
            connection.adapters.register_loader(oid, TextLoader)


def _type(column: "psycopg.Column") -> pa.DataType:
    digits, scale = column.precision, column.scale
    if column.type_code == NUMERIC and digits is not None and scale is not None and 0 < digits <= 38 and 0 <= scale <= digits:
        return pa.decimal128(digits, scale)
    return TYPES.get(column.type_code, pa.string())


def _batches(cursor, names: Sequence[str], types: Sequence[pa.DataType]) -> Iterator[pa.Table]:
    with _told(), cursor:
        while rows := cursor.fetchmany(ROWS_PER_BATCH):
            columns = [pa.array(values, pa.string()) for values in zip(*rows, strict=True)]
            yield pa.table([_typed(*item) for item in zip(columns, types, names, strict=True)], names=list(names))


def _typed(column: pa.Array, type: pa.DataType, name: str) -> pa.Array:
    """The column in its type; Arrow's own message would quote the value that it cannot read."""
    try:
        if pa.types.is_boolean(type):
            return pc.equal(column, "t")
        if type == ZONED:
            return pc.local_timestamp(pc.cast(column, pa.timestamp("us", "UTC")).cast(ZONED))
        return pc.cast(column, type)
    except pa.ArrowInvalid:
        raise SourceError(f"列 {name} 有值不合其类型（如 infinity、NaN）；请写 text = true，或在 query 中转成文字") from None
