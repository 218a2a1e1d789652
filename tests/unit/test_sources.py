"""sources.toml, the SQL made of it, passwords, and a fetch from SQLite: nothing here needs a server."""

import datetime
import json
import sqlite3
import stat
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from assets import fetching
from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import origin, recognition
from pipelines.ingest.sources import alchemy, config, fetch, statements
from pipelines.ingest.sources.model import Source, SourceError, Statement
from pipelines.ingest.sources.passwords import password_of
from pipelines.ingest.sources.statements import Window
from pipelines.workspace import Workspace

MOMENT = datetime.datetime(2025, 2, 5, 18, tzinfo=datetime.UTC)
PAYOUT = '''
["库".fetch.payout]
mode = "increment"
table = "pay"
date_column = "on"
columns = { id = "支付流水号", what = "待遇项目", yuan = "支付金额", "on" = "支付日期" }
'''
SOURCE = '["库"]\ndriver = "sqlite"\ndatabase = "x"\n'
POSTGRES = '["库"]\ndriver = "postgresql"\nhost = "h"\ndatabase = "x"\n'
QUERY = '\n["库".fetch.fund]\nmode = "snapshot"\nquery = """{}"""\n'


def loaded(tmp_path, text: str) -> tuple[Source, ...]:
    path = tmp_path / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return config.load(path)


def test_a_source_says_where_as_whom_and_what(tmp_path):
    [source] = loaded(tmp_path, POSTGRES + 'user = "u"\nport = 54321\npassword_env = "P"\n' + PAYOUT)
    assert (source.name, source.is_postgres, source.port, source.timeout_s) == ("库", True, 54321, 3600)
    [statement] = source.fetch
    assert dict(statement.columns)["on"] == "支付日期" and statement.date_format == "date"


def test_columns_are_named_by_title_heading_or_field(tmp_path):
    text = PAYOUT.replace('"支付流水号"', '"流水号"').replace('"支付金额"', '"amount_yuan"')
    [source] = loaded(tmp_path, SOURCE + text)
    assert list(source.fetch[0].columns.values()) == ["支付流水号", "待遇项目", "支付金额", "支付日期"]


@pytest.mark.parametrize(("text", "message"), [
    (SOURCE + "password = hunter2\n", "不是有效的 TOML (at line 4, column 12)"), ("", "还没有来源"),
    ("x = ", "不是有效的 TOML"), ('x = "y"', "顶层只能是来源"), ('["a/b"]\ndriver = "sqlite"', "来源的名字"),
    (SOURCE + 'pasword = "hunter2"\n' + PAYOUT, "[库] 中有不认识的 pasword；可以写：driver"),
    (SOURCE + 'password = "hunter2"\n' + PAYOUT, "[库] 中不能写密码；用 password_env"),
    (SOURCE + 'port = "hunter2"\n' + PAYOUT, "[库] 的 port 应是整数"),
    (SOURCE + "port = true\n" + PAYOUT, "[库] 的 port 应是整数"),
    (SOURCE + 'sslmode = "require"\n' + PAYOUT, "只用于 postgresql"),
    (POSTGRES + 'sslmode = "yes"\n' + PAYOUT, "[库] 的 sslmode 只能是 disable"),
    (POSTGRES + 'password_env = "A"\npassword_file = "b"\n' + PAYOUT, "只能写一个"),
    (POSTGRES + 'options = { password = "hunter2" }\n' + PAYOUT, "options 中不能写密码"),
    ('["库"]\ndriver = "postgresql"\ndatabase = "x"\n' + PAYOUT, "[库] 缺少 host"),
    ('["库"]\ndriver = "Post gres"\ndatabase = "x"\n' + PAYOUT, "driver 只能是 postgresql、kingbase、opengauss"),
    (SOURCE, "[库] 缺少 fetch"),
    (SOURCE + PAYOUT.replace("payout", "payouts"), "没有种类 payouts；可以写：enterprise、premium"),
    (SOURCE + PAYOUT + 'colour = "red"', "中有不认识的 colour；可以写：mode"),
    (SOURCE + PAYOUT.replace('"increment"', '"all"'), "mode 只能是 increment、snapshot"),
    (SOURCE + PAYOUT.replace('date_column = "on"', ""), "date_column：increment 必须写"),
    (SOURCE + PAYOUT.replace('mode = "increment"', 'mode = "snapshot"'), "date_column：increment 必须写"),
    (SOURCE + PAYOUT + 'date_format = "yyyy"', "date_format 只能是 date、text-yyyymm"),
    (SOURCE + PAYOUT.replace('"支付金额"', '"金额多少"'), "待遇支付没有列“金额多少”；可以写：支付流水号、"),
    (SOURCE + PAYOUT.replace('"支付金额"', '"支付流水号"'), "“支付流水号”写了两次"),
    (SOURCE + PAYOUT.replace('yuan = "支付金额", ', ""), "[库.fetch.payout] 对待遇支付还缺少必需的列 支付金额"),
    (SOURCE + PAYOUT.replace('{ id', '{ "a\\u0000b" = "单位编号", id'), "columns 中应是不空的文字"),
    (SOURCE + PAYOUT + "order = [3]", "order 中应是不空的文字"),
    (SOURCE + PAYOUT + 'query = "SELECT 1"', "table 或 query，二者之一"),
    (SOURCE + PAYOUT.replace('"pay"', '"a..b"'), "table 应写成"),
])
def test_what_is_said_wrongly_is_named_with_what_may_stand_there(tmp_path, text, message):
    with pytest.raises(SourceError) as refused:
        loaded(tmp_path, text)
    assert message in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("query", [
    "DELETE FROM t", "SELECT 1; SELECT 2", "SELECT 1; DROP TABLE t", "SELECT 1 INTO t", "SELECT * FROM t FOR UPDATE", "CALL f()",
    "WITH x AS (INSERT INTO t VALUES (1) RETURNING a) SELECT * FROM x", "COPY t TO '/tmp/x'", "SET x = 1", "", " -- nothing",
    "SELECT 1 /*!50000 INTO OUTFILE '/tmp/x' */", "EXPLAIN ANALYZE DELETE FROM t", "VALUES (1)", "SELECT FROM ((",
    "SELECT 'x",
])
def test_a_query_is_one_select_and_nothing_else(tmp_path, query):
    with pytest.raises(SourceError, match="只能是一条 SELECT|看不懂|二者之一"):
        loaded(tmp_path, POSTGRES + QUERY.format(query))


@pytest.mark.parametrize("query", [
    "SELECT 1", "(SELECT 1) UNION ALL SELECT 2", "WITH a AS (SELECT 1) SELECT * FROM a;",
    "select x::text, '::y :z' from t -- :no",
])
def test_any_single_select_will_do(tmp_path, query):
    [source] = loaded(tmp_path, POSTGRES + QUERY.format(query))
    assert not source.fetch[0].query.endswith(";")


def test_a_query_knows_our_parameters_only(tmp_path):
    with pytest.raises(SourceError, match="不认识的参数 :month；可以写：:month_first、:month_next、:cutoff"):
        loaded(tmp_path, POSTGRES + QUERY.format("SELECT 1 WHERE a = :month"))
    with pytest.raises(SourceError, match="是 increment，query 中要用"):
        loaded(tmp_path, POSTGRES + QUERY.format("SELECT 1").replace("snapshot", "increment"))
    with pytest.raises(SourceError, match="date_column 只用于 table"):
        loaded(tmp_path, POSTGRES + QUERY.format("SELECT 1") + 'date_column = "x"')


def test_the_template_says_no_source_and_every_line_of_it_can_be_used(tmp_path):
    config.write_template(tmp_path / "data" / "sources.toml")
    with pytest.raises(SourceError, match="还没有来源"):
        config.load(tmp_path / "data" / "sources.toml")
    lines = (tmp_path / "data" / "sources.toml").read_text(encoding="utf-8").split("\n#\n", 1)[1].splitlines()
    [source] = loaded(tmp_path, "\n".join(line.removeprefix("# ") for line in lines if line != "#"))
    assert [statement.kind for statement in source.fetch] == ["premium", "claim"]
    assert {line.removeprefix("# ").split(" = ")[0] for line in lines if " = " in line} >= (
        set(config.SOURCE_KEYS) - {"fetch", "options", "password_file"}
    )


@pytest.mark.parametrize(("window", "format", "first", "after", "cutoff"), [
    (Window(202501, 202501), "date", datetime.date(2025, 1, 1), datetime.date(2025, 2, 1), datetime.date(2025, 1, 31)),
    (Window(202001, 202412), "number-yyyymmdd", 20200101, 20250101, datetime.date(2024, 12, 31)),
    (Window(202412, 202412), "text-yyyy-mm", "2024-12", "2025-01", datetime.date(2024, 12, 31)),
    (Window(202402, 202402), "number-yyyymm", 202402, 202403, datetime.date(2024, 2, 29)),
])
def test_the_months_of_a_fetch(window, format, first, after, cutoff):
    assert statements.parameters(window, format) == {"month_first": first, "month_next": after, "cutoff": cutoff}


@pytest.mark.parametrize("dialect", ["postgres", "mysql", "oracle", "tsql", "sqlite", ""])
@pytest.mark.parametrize("name", ['a"b', "a`b", "a]b", "a'; DROP TABLE t; --", ":month_first", "单位", "a b", "$1", "%s"])
def test_no_name_of_a_column_becomes_sql(dialect, name):
    """The composed query, taken apart again, names the column and nothing else."""
    statement = Statement("fund", "increment", table="s.t", columns={name: "年度"}, date_column=name, order=(name,))
    query = statements.of_table(statement, dialect)
    tree = statements.sqlglot.parse_one(query, read=dialect or None)
    columns = {column.name for column in tree.find_all(statements.exp.Column)}
    assert columns == {name}
    assert statements.used(query, dialect) == ["month_first", "month_next"]


@pytest.mark.parametrize("kind", EXPORTS)
def test_a_fetched_file_is_recognised_by_its_titles_and_name(kind):
    export = EXPORTS[kind]
    titles = [export[group[0]].title for group in export.required]
    config.check_required("x", export, titles)
    assert recognition.recognise(titles, f"工伤库.{export.title}").kind == kind


def test_a_password_comes_from_the_environment_or_from_a_file_of_ones_own(tmp_path, monkeypatch):
    monkeypatch.setenv("DB", "hunter2")
    path = tmp_path / "p"
    path.write_text("hunter3\n")
    path.chmod(0o600)
    assert password_of(Source("a", "postgresql", "x", password_env="DB")) == "hunter2"
    assert password_of(Source("a", "postgresql", "x", password_file=str(path))) == "hunter3"
    assert password_of(Source("a", "postgresql", "x")) is None


def test_a_password_that_others_could_read_is_refused(tmp_path):
    path = tmp_path / "p"
    source = Source("a", "postgresql", "x", password_file=str(path))
    with pytest.raises(SourceError, match="没有密码文件"):
        password_of(source)
    path.write_text("hunter2")
    path.chmod(0o640)
    with pytest.raises(SourceError, match="chmod 600") as refused:
        password_of(source)
    assert "hunter2" not in str(refused.value)
    path.chmod(0o600)
    path.write_text("\n")
    with pytest.raises(SourceError, match="是空的"):
        password_of(source)
    with pytest.raises(SourceError, match="环境变量 NO_SUCH 没有设置"):
        password_of(Source("a", "postgresql", "x", password_env="NO_SUCH"))


class Clerk:
    """A SQLite database of payouts, and the command `fetch` on it."""

    def __init__(self, folder):
        self.place, self.file = Workspace(folder / "raw", folder / "data"), folder / "pay.db"
        self.sql("CREATE TABLE pay (id, what, yuan, 'on' DATE)",
                 "INSERT INTO pay VALUES (2, '工亡补助金', 100.0, '2025-01-31'), (1, '丧葬费', 0.5, '2025-01-01'),"
                 " (3, NULL, 7, '2025-02-01'), (4, '早', 7, '2024-12-31')")
        self.say(PAYOUT)

    def sql(self, *lines: str) -> None:
        with sqlite3.connect(self.file) as connection:
            for line in lines:
                connection.execute(line)

    def say(self, text: str) -> None:
        path = self.place.data / "sources.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(SOURCE.replace('"x"', f'"{self.file}"') + text, encoding="utf-8")

    def fetch(self, month="2025-01", since=None, source=None, is_again=False) -> int:
        return fetching.fetch(self.place, month, since, source, is_again, lambda: MOMENT)

    def path(self, month="2025-01", kind="待遇支付"):
        return self.place.raw / month / f"库.{kind}.parquet"


@pytest.fixture
def clerk(tmp_path) -> Clerk:
    return Clerk(tmp_path)


def test_a_month_is_fetched_in_order_and_says_where_it_came_from(clerk, capsys):
    assert clerk.fetch() == 0
    assert "库 待遇支付：2 行" in capsys.readouterr().out
    assert pq.read_table(clerk.path()).to_pydict() == {
        "支付流水号": ["1", "2"], "待遇项目": ["丧葬费", "工亡补助金"], "支付金额": ["0.5", "100"],
        "支付日期": ["2025-01-01", "2025-01-31"]}
    metadata = pq.read_metadata(clerk.path()).metadata
    said = json.loads(metadata[origin.FOOTER])
    assert (said["source"], said["kind"], said["rows"]) == ("库", "payout", 2)
    assert said["fetched_at"] == "2025-02-05T18:00:00+00:00"
    assert said["parameters"] == {"month_first": "2025-01-01", "month_next": "2025-02-01"}
    assert said["query"].startswith('SELECT "id", "what", "yuan", "on"\nFROM "pay"') and said["server"].startswith("sqlite 3.")
    assert origin.notes(metadata) == ["来自数据库 库，2025-02-06 02:00 取数"]


def test_what_is_fetched_is_for_its_owner_alone(clerk):
    clerk.fetch()
    assert stat.S_IMODE(clerk.path().stat().st_mode) == 0o600
    assert stat.S_IMODE(clerk.path().parent.stat().st_mode) == 0o700
    assert [path.name for path in clerk.path().parent.iterdir()] == [clerk.path().name]


def test_the_same_rows_give_the_same_bytes(clerk, tmp_path):
    clerk.fetch()
    before = clerk.path().read_bytes()
    clerk.sql("CREATE TABLE other AS SELECT * FROM pay ORDER BY id DESC", "DROP TABLE pay", "ALTER TABLE other RENAME TO pay")
    assert clerk.fetch(is_again=True) == 0
    assert clerk.path().read_bytes() == before


def test_a_file_that_is_there_stays_until_it_is_asked_for_again(clerk, capsys):
    clerk.fetch()
    before = clerk.path().read_bytes()
    clerk.sql("UPDATE pay SET yuan = 9")
    assert clerk.fetch() == 0
    assert "已有，没有再取（要替换，加 --again）" in capsys.readouterr().out
    assert clerk.path().read_bytes() == before
    assert clerk.fetch(is_again=True) == 0
    assert clerk.path().read_bytes() != before


def test_the_opening_delivery_reaches_back(clerk):
    assert clerk.fetch(since="2024-01") == 0
    assert pq.read_table(clerk.path())["支付流水号"].to_pylist() == ["1", "2", "4"]


@pytest.mark.parametrize(("said", "message"), [
    ({"month": "2025-02"}, "2025-02 还没有过完"), ({"since": "2025-03"}, "--from 应不晚于"),
    ({"source": "别库"}, "没有来源 别库；有：库"),
])
def test_months_and_sources_that_cannot_be(clerk, said, message):
    with pytest.raises(SourceError, match=message):
        clerk.fetch(**said)
    assert not clerk.place.raw.exists()


def test_the_month_before_is_meant_when_none_is_said(clerk):
    assert clerk.fetch(month=None) == 0
    assert clerk.path("2025-01").exists()


def test_without_sources_a_template_is_written(tmp_path):
    place = Workspace(tmp_path / "raw", tmp_path / "data")
    with pytest.raises(SourceError, match="已写出模板"):
        fetching.fetch(place, None, None, None, False, lambda: MOMENT)
    assert (tmp_path / "data" / "sources.toml").exists()


def test_columns_of_a_query_are_found_by_their_names(clerk):
    query = """SELECT id AS "流水号", what AS "待遇项目", yuan AS "支付金额（元）", "on" AS "支付日期", 3 AS salary,
               'at 12:30' AS x FROM pay"""
    clerk.say(f"['库'.fetch.payout]\nmode = \"snapshot\"\nquery = '''{query} WHERE \"on\" <= :cutoff;'''\n")
    assert clerk.fetch() == 0
    table = pq.read_table(clerk.path())
    assert table.column_names == ["支付流水号", "待遇项目", "支付金额", "支付日期"]
    assert table["支付流水号"].to_pylist() == ["1", "2", "4"]


@pytest.mark.parametrize(("columns", "message"), [
    ("id, what, yuan AS 支付金额", "还缺少必需的列 待遇项目、支付日期或待遇年月"),
    ('what AS "待遇项目", yuan AS "支付金额", yuan AS "支付金额(元)", "on" AS "支付日期"', "有两列是同一个标题"),
    ("nothing", r"语句不能执行，或连接中断"),
])
def test_a_query_that_brings_no_whole_export_is_refused(clerk, columns, message, capsys):
    clerk.say(f"['库'.fetch.payout]\nmode = \"snapshot\"\nquery = '''SELECT {columns} FROM pay'''\n")
    assert clerk.fetch() == 1
    said = capsys.readouterr().err
    assert "库 没有取数：[fetch.payout]" in said and message.split("（")[0] in said
    assert not clerk.path().parent.exists()


def test_a_failure_leaves_nothing_of_its_source_and_all_of_the_others(clerk, capsys):
    other = PAYOUT.replace("库", "另库")
    columns = 'columns = { id = "申报编号", "on" = "事故时间", what = "是否生产经营性" }'
    broken = other.replace("payout", "incident").replace('"pay"', '"gone"').split("columns")[0] + columns
    clerk.say(PAYOUT + SOURCE.replace("库", "另库").replace('"x"', f'"{clerk.file}"') + other + broken)
    assert clerk.fetch() == 1
    said = capsys.readouterr()
    assert "库 待遇支付：2 行" in said.out and "另库 没有取数：[fetch.incident]" in said.err
    assert [path.name for path in clerk.path().parent.iterdir()] == [clerk.path().name]


def test_increments_of_a_kind_that_counts_as_full_dumps_are_refused(clerk, capsys):
    (clerk.place.data / "settings.toml").write_text('[delivery]\npayout = "snapshot"\n', encoding="utf-8")
    assert clerk.fetch() == 1
    assert "请改一致" in capsys.readouterr().err


def test_a_full_dump_of_a_kind_that_counts_as_increments_is_remarked_on(clerk, capsys):
    clerk.say(PAYOUT.replace('"increment"', '"snapshot"').replace('date_column = "on"', ""))
    assert clerk.fetch() == 0
    assert '在 settings.toml 的 [delivery] 中写 payout = "snapshot"' in capsys.readouterr().out


def test_two_fetches_do_not_write_at_once(clerk, capsys):
    order = fetch.Order(clerk.place.raw, Window(202501, 202501), lambda: MOMENT)
    with fetch._folder(order.folder):
        assert clerk.fetch() == 1
    assert "另一次取数正在写" in capsys.readouterr().err


def test_sqlite_too_is_read_only(clerk):
    source = config.load(clerk.place.data / "sources.toml")[0]
    with pytest.raises(SourceError, match="语句不能执行"):
        with alchemy.opened(source, None) as session:
            session.names("DELETE FROM pay", {})


def test_a_driver_that_is_not_there(clerk, capsys):
    clerk.say(PAYOUT)
    text = (clerk.place.data / "sources.toml").read_text(encoding="utf-8").replace('"sqlite"', '"dm+dmPython"\nhost = "h"')
    (clerk.place.data / "sources.toml").write_text(text, encoding="utf-8")
    assert clerk.fetch() == 1
    assert "没有安装 dm+dmPython 的驱动" in capsys.readouterr().err


@pytest.mark.parametrize(("value", "text"), [
    (None, None), (b"photo", None), (True, "True"), (12, "12"), (12.0, "12"), (0.1, "0.1"), (Decimal("1.50"), "1.50"),
    (datetime.date(2025, 1, 31), "2025-01-31"), (datetime.datetime(2025, 1, 31, 16, tzinfo=datetime.UTC), "2025-02-01 00:00:00"),
])
def test_a_drivers_values_become_text(value, text):
    assert alchemy.written(value, "x") == text


def test_what_cannot_become_text_is_refused():
    with pytest.raises(SourceError, match="列 x 的类型 list 取不出"):
        alchemy.written(["secret"], "x")


@pytest.mark.parametrize("metadata", [
    {}, {origin.FOOTER: b"{"}, {origin.FOOTER: b"[]"}, {origin.FOOTER: b'{"source": "a", "fetched_at": "soon"}'},
    {origin.FOOTER: b'{"source": "a\\nb", "fetched_at": "2025-01-01T00:00:00+00:00"}'},
])
def test_a_footer_that_no_fetch_wrote_says_nothing(metadata):
    assert origin.notes(metadata) == []
