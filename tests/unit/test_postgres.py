"""A fetch from a real PostgreSQL: types, text, order, what is refused, and that nothing of a password or value is ever said."""

import datetime
import logging
import threading
import time
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from assets import fetching
from pipelines.ingest.sources import config, postgres
from pipelines.ingest.sources.model import SourceError
from pipelines.workspace import Workspace
from tests import server as servers

pytestmark = pytest.mark.postgres
MOMENT = datetime.datetime(2025, 2, 5, 18, tzinfo=datetime.UTC)
COLUMNS = '{ id = "支付流水号", benefit = "待遇项目", yuan = "支付金额", paid = "支付日期" }'
TABLE = f'mode = "increment"\ntable = "pay"\ndate_column = "paid"\ncolumns = {COLUMNS}\n'


class Clerk:
    """A schema of its own on the server, and the command `fetch` on it."""

    def __init__(self, folder, server: servers.Server):
        self.place, self.server, self.database = Workspace(folder / "raw", folder / "data"), server, "postgres"
        self.place.data.mkdir()

    def sql(self, *lines: str) -> None:
        self.server.sql("SET search_path TO work", *lines, database=self.database)

    def say(self, statement: str, kind: str = "payout", **source: object) -> None:
        place = self.server.source(**{"database": self.database, "schema": "work", **source})
        said = f'["库"]\n{place}["库".fetch.{kind}]\n{statement}'
        (self.place.data / "sources.toml").write_text(said, encoding="utf-8")

    def fetch(self, month: str = "2025-01", is_again: bool = True) -> int:
        return fetching.fetch(self.place, month, None, None, is_again, lambda: MOMENT)

    def table(self, kind: str = "待遇支付", month: str = "2025-01") -> pa.Table:
        return pq.read_table(self.place.raw / month / f"库.{kind}.parquet")

    def session(self):
        """The read-only session of the source that was said last."""
        return postgres.opened(config.load(self.place.data / "sources.toml")[0], servers.PASSWORD)


@pytest.fixture
def clerk(tmp_path, postgres_server) -> Clerk:
    made = Clerk(tmp_path, postgres_server)
    made.sql("DROP SCHEMA IF EXISTS work CASCADE", "CREATE SCHEMA work", "GRANT USAGE ON SCHEMA work TO reader",
             "CREATE TABLE pay (id int, benefit text, yuan numeric(12,2), paid date)",
             "INSERT INTO pay VALUES (3, '丧葬补助金', 0.10, '2025-01-31'), (1, NULL, -5, '2025-01-01'),"
             " (2, '早', 1, '2024-12-31'), (4, '晚', 1, '2025-02-01')")
    made.say(TABLE)
    return made


def test_a_month_is_fetched_with_the_servers_types(clerk):
    assert clerk.fetch() == 0
    table = clerk.table()
    assert table.schema.types == [pa.int64(), pa.string(), pa.decimal128(12, 2), pa.date32()]
    assert table.to_pylist() == [
        {"支付流水号": 1, "待遇项目": None, "支付金额": Decimal("-5.00"), "支付日期": datetime.date(2025, 1, 1)},
        {"支付流水号": 3, "待遇项目": "丧葬补助金", "支付金额": Decimal("0.10"), "支付日期": datetime.date(2025, 1, 31)},
    ]


@pytest.mark.parametrize(("written", "type", "value"), [
    ("0.0050::numeric(9,6)", pa.decimal128(9, 6), Decimal("0.005000")), ("1.50::numeric", pa.string(), "1.50"),
    ("430702199001011234567::numeric(21)", pa.decimal128(21, 0), Decimal(430702199001011234567)),
    ("430702199001011234::int8", pa.int64(), 430702199001011234), ("7::int2", pa.int64(), 7), ("1.1::float4", pa.float64(), 1.1),
    ("true", pa.bool_(), True), ("false", pa.bool_(), False), ("'龥𠮷 '::char(4)", pa.string(), "龥𠮷  "),
    ("'2025-01-31 23:30'::timestamp", pa.timestamp("us"), datetime.datetime(2025, 1, 31, 23, 30)),
    ("'2025-01-31 20:00+00'::timestamptz", pa.timestamp("us"), datetime.datetime(2025, 2, 1, 4, 0)),
    ("'9999-12-31'::date", pa.date32(), datetime.date(9999, 12, 31)), ("ARRAY['a','b']", pa.string(), "{a,b}"),
    ("'{\"a\": 1}'::jsonb", pa.string(), '{"a": 1}'), ("'08:30'::time", pa.string(), "08:30:00"),
    ("NULL::date", pa.date32(), None),
    ("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", pa.string(), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    ("1.5::share", pa.decimal128(6, 4), Decimal("1.5000")), ("'轻伤'::severity", pa.string(), "轻伤"),
    ("'10.0.0.1'::inet", pa.string(), "10.0.0.1"), ("NULL", pa.string(), None), ("'50%'", pa.string(), "50%"),
])
def test_every_type_arrives_exactly(clerk, written, type, value):
    """A domain as what it stands on; what nobody knows here (an enum as much as a vendor's own type) as the server's text."""
    clerk.sql("CREATE DOMAIN share AS numeric(6,4)", "CREATE TYPE severity AS ENUM ('轻伤', '重伤')")
    clerk.say(f"mode = 'snapshot'\nquery = '''SELECT 1 AS 支付金额, '2025-01' AS 待遇年月, {written} AS 待遇项目'''\n")
    assert clerk.fetch() == 0
    column = clerk.table()["待遇项目"]
    assert (column.type, column.to_pylist()) == (type, [value])


def test_what_has_no_place_in_its_type_is_refused_until_taken_as_text(clerk, capsys):
    query = "mode = 'snapshot'\nquery = '''SELECT '丧葬' AS 待遇项目, 1 AS 支付金额, 'infinity'::date AS 支付日期'''\n"
    clerk.say(query)
    assert clerk.fetch() == 1
    said = capsys.readouterr().err
    assert "列 支付日期 有值不合其类型" in said and "Failed to parse" not in said
    clerk.say(query + "text = true\n")
    assert clerk.fetch() == 0
    assert clerk.table()["支付日期"].to_pylist() == ["infinity"]


def test_binary_columns_and_columns_that_the_kind_does_not_know_stay_where_they_are(clerk):
    clerk.say("mode = 'snapshot'\nquery = '''SELECT benefit AS 待遇项目, yuan AS 支付金额, paid AS 支付日期, 'x' AS salary,"
              " '\\x00ff'::bytea AS 支付类型 FROM pay'''\n")
    assert clerk.fetch() == 0
    assert clerk.table().column_names == ["待遇项目", "支付金额", "支付日期"]


@pytest.mark.parametrize(("type", "format", "inside"), [
    ("timestamptz", "date", "2025-01-31 15:59+00"), ("timestamp", "date", "2025-01-31 23:59"),
    ("text", "text-yyyymm", "20250131"),
    ("char(6)", "text-yyyymm", "202501"), ("text", "text-yyyy-mm", "2025-01-31 08:00"), ("int", "number-yyyymm", "202501"),
    ("numeric(8)", "number-yyyymmdd", "20250131"),
])
def test_the_month_is_found_however_the_column_writes_it(clerk, type, format, inside):
    outside = {"timestamptz": ("2024-12-31 15:59+00", "2025-01-31 16:00+00"), "int": ("202412", "202502")}.get(
        type, (inside.replace("2025", "2024"), inside.replace("01", "02", 1).replace("31", "03")))
    clerk.sql(f"CREATE TABLE t (id int, at {type})",
              "INSERT INTO t VALUES " + ", ".join(f"({n}, '{at}')" for n, at in enumerate([inside, *outside])))
    clerk.say(f'mode = "increment"\ntable = "work.t"\ndate_column = "at"\ndate_format = "{format}"\n'
              'columns = { id = "申报编号", at = "事故时间" }\n'.replace("}", ', "是否" = "是否生产经营性" }'), "incident")
    clerk.sql('ALTER TABLE t ADD COLUMN "是否" boolean')
    assert clerk.fetch() == 0
    assert clerk.table("工伤事故申报")["申报编号"].to_pylist() == [0]


@pytest.mark.parametrize("name", ['a"; DROP TABLE pay; --', "单位 编号", "SELECT", "$1", "%s", ":month_first", "Ａ'b"])
def test_a_columns_name_is_a_name_whatever_stands_in_it(clerk, name):
    there = name.replace('"', '""')
    clerk.sql(f'ALTER TABLE pay RENAME COLUMN id TO "{there}"')
    clerk.say(TABLE.replace("{ id", "{ '" + name + "'" if "'" not in name else '{ "' + name + '"'))
    assert clerk.fetch() == 0
    assert clerk.table()["支付流水号"].to_pylist() == [1, 3]


def test_a_query_may_bind_the_month_order_its_rows_and_say_percent(clerk):
    clerk.say("""mode = "increment"
query = '''SELECT id AS "流水号", benefit AS "待遇项目", yuan AS 支付金额, paid::date AS 支付日期 FROM pay -- :no
WHERE paid >= :month_first AND paid < :month_next AND coalesce(benefit, '') NOT LIKE '早%' ORDER BY id DESC;'''
""")
    assert clerk.fetch() == 0
    assert clerk.table()["支付流水号"].to_pylist() == [3, 1]


def test_the_schema_is_where_tables_are_looked_for(clerk):
    clerk.say(TABLE, schema="public")
    assert clerk.fetch() == 1
    clerk.say(TABLE.replace('"pay"', '"work.pay"'), schema="")
    assert clerk.fetch() == 0


def test_an_old_database_that_does_not_know_its_encoding(clerk, postgres_server):
    postgres_server.sql("CREATE DATABASE old ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C'")
    clerk.database = "old"
    clerk.sql("CREATE SCHEMA work", "GRANT USAGE ON SCHEMA work TO reader",
              "SET client_encoding = 'SQL_ASCII'", "CREATE TABLE pay (id int, benefit text, yuan int, paid date)",
              "INSERT INTO pay VALUES (1, convert_from('\\xc9a5d4e1'::bytea, 'SQL_ASCII'), 1, '2025-01-01')",
              "GRANT SELECT ON pay TO reader")
    clerk.say(TABLE)
    assert clerk.fetch() == 1
    clerk.say(TABLE, encoding="GB18030")
    assert clerk.fetch() == 0
    assert clerk.table()["待遇项目"].to_pylist() == ["丧葬"]


WRITES = ("INSERT INTO pay VALUES (9)", "WITH x AS (INSERT INTO pay VALUES (9) RETURNING id) SELECT * FROM x", "SELECT spoil()",
          "SELECT nextval('numbers')", "SELECT 1 INTO taken", "CREATE TEMP TABLE mine (a int); DROP TABLE pay",
          "SELECT set_config('transaction_read_only', 'off', true)", "SET TRANSACTION READ WRITE")


@pytest.mark.parametrize("write", WRITES)
def test_the_transaction_refuses_every_write_by_itself(clerk, write):
    """Past the check of the text, as somebody with all rights."""
    clerk.sql("CREATE SEQUENCE numbers",
              "CREATE FUNCTION spoil() RETURNS int LANGUAGE sql AS 'INSERT INTO pay VALUES (9) RETURNING id'")
    clerk.say(TABLE, user="owner")
    with pytest.raises(SourceError):
        with clerk.session() as session:
            session.names(write, {})
    clerk.say(TABLE.replace("increment", "snapshot").replace('date_column = "paid"\n', ""), user="owner")
    clerk.fetch()
    assert clerk.table()["支付流水号"].to_pylist() == [1, 2, 3, 4]


def test_a_function_that_writes_is_refused_with_its_reason(clerk, capsys):
    clerk.sql("CREATE FUNCTION spoil() RETURNS int LANGUAGE sql AS 'INSERT INTO pay VALUES (9) RETURNING id'")
    clerk.say("mode = 'snapshot'\nquery = 'SELECT benefit AS 待遇项目, yuan AS 支付金额, paid AS 支付日期,"
              " spoil() AS 支付流水号 FROM pay'\n", user="owner")
    assert clerk.fetch() == 1
    assert "[fetch.payout] 语句要写入数据；取数只读，已被数据库拒绝" in capsys.readouterr().err


def test_all_statements_of_a_source_see_the_same_moment(clerk):
    with clerk.session() as session:
        before = next(session.rows("SELECT count(*) FROM pay", {}, True).batches).to_pydict()
        clerk.sql("INSERT INTO pay VALUES (7, 'x', 1, '2025-01-02')")
        assert next(session.rows("SELECT count(*) FROM pay", {}, True).batches).to_pydict() == before


@pytest.mark.parametrize(("said", "message"), [
    ({"password": "hunter2"}, "用户名或密码不对"), ({"user": "nobody_here"}, "用户名或密码不对"),
    ({"database": "no_such"}, "没有这个数据库"), ({"port": 1}, "连接不上"), ({"host": "host.invalid"}, "连接不上"),
    ({"sslmode": "require"}, "加密连接没有建立"),
])
def test_why_there_is_no_connection(clerk, monkeypatch, capsys, caplog, said, message):
    monkeypatch.setenv("YUFANG_TEST_DB", said.pop("password", servers.PASSWORD))
    clerk.say(TABLE, **said)
    with caplog.at_level(logging.DEBUG):
        assert clerk.fetch() == 1
    told = capsys.readouterr().err
    assert f"库 没有取数：{message}" in told
    for secret in ("hunter2", servers.PASSWORD, "FATAL"):
        assert secret not in told + caplog.text
    assert not clerk.place.raw.exists() or not list(clerk.place.raw.rglob("*"))


@pytest.mark.parametrize(("statement", "message"), [
    (TABLE.replace('"pay"', '"gone"'), "没有所写的表"), (TABLE.replace("{ id", "{ nr"), "没有所写的列"),
    (TABLE + 'date_format = "number-yyyymm"\n', "运算或排序不适合列的类型"),
    ("mode = 'snapshot'\nquery = \"SELECT '430702199001011234'::int AS 支付金额, 1 AS 待遇项目, paid AS 支付日期 FROM pay\"\n",
     "语句不能执行（SQLSTATE 22003）"),
])
def test_why_a_statement_fails_without_its_values(clerk, statement, message, capsys):
    clerk.say(statement)
    assert clerk.fetch() == 1
    told = capsys.readouterr()
    assert f"[fetch.payout] {message}" in told.err
    assert "430702" not in told.out + told.err


def test_a_table_without_rights_and_a_statement_that_takes_too_long(clerk, capsys):
    clerk.sql("REVOKE ALL ON pay FROM reader")
    assert clerk.fetch() == 1
    assert "没有读取所需表的权限" in capsys.readouterr().err
    clerk.say("mode = 'snapshot'\nquery = 'SELECT pg_sleep(9)::text AS 待遇项目, 1 AS 支付金额, 2 AS 支付日期 ORDER BY 1'\n",
              timeout_s=1)
    assert clerk.fetch() == 1
    assert "超过了 timeout_s" in capsys.readouterr().err


def test_a_connection_that_breaks_half_way_leaves_nothing(clerk, capsys, caplog, monkeypatch):
    clerk.sql("INSERT INTO pay SELECT n, 'x', 1, '2025-01-05' FROM generate_series(1, 50000) n")
    true_type = postgres._typed

    def cut(*given):
        clerk.server.end_sessions()
        return true_type(*given)

    monkeypatch.setattr(postgres, "_typed", cut)
    assert clerk.fetch() == 1
    assert "[fetch.payout] 连接中断；检查网络后再运行" in capsys.readouterr().err
    assert servers.PASSWORD not in caplog.text
    assert not (clerk.place.raw / "2025-01").exists()
    monkeypatch.undo()
    assert clerk.fetch() == 0
    assert len(clerk.table()) == 50002


def test_a_fetch_that_is_killed_leaves_a_hidden_file_that_the_next_one_replaces(clerk):
    folder = clerk.place.raw / "2025-01"
    folder.mkdir(parents=True)
    (folder / ".库.待遇支付.parquet.tmp").write_bytes(b"half")
    assert clerk.fetch() == 0
    assert [path.name for path in folder.iterdir()] == ["库.待遇支付.parquet"]


def test_a_fetch_waits_for_no_writer(clerk):
    """An open transaction that has changed rows neither blocks the fetch nor shows in it."""
    held, done = threading.Event(), threading.Event()

    def write():
        import psycopg
        with psycopg.connect(host="127.0.0.1", port=clerk.server.port, user="owner", password=servers.PASSWORD,
                             dbname=clerk.database) as connection:
            connection.execute("UPDATE work.pay SET yuan = 99")
            held.set()
            done.wait(10)

    writer = threading.Thread(target=write)
    writer.start()
    assert held.wait(10)
    started = time.monotonic()
    assert clerk.fetch() == 0
    done.set()
    writer.join()
    assert time.monotonic() - started < 5
    assert Decimal(99) not in clerk.table()["支付金额"].to_pylist()
