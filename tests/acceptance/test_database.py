"""A bureau that fetches from its database gets the months that it would get from the same rows as files."""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from assets import fetching
from pipelines.contracts.catalogue import PUBLIC
from pipelines.publish import ChangedRawFileError
from tests import server as servers

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).parent.parent.parent
MOMENT = datetime.datetime(2025, 3, 5, 18, tzinfo=datetime.UTC)
MEGABYTES_FOR_A_LARGE_TABLE = 100
SOURCES = '''
["社保库".fetch.enterprise]
mode = "snapshot"
table = "ab01"
order = ["aab001"]
columns = { aab001 = "单位编号", aab004 = "单位名称", aab022 = "行业代码", aab301 = "行政区划代码" }

["社保库".fetch.premium]
mode = "increment"
table = "ac43"
date_column = "aae003"
date_format = "number-yyyymm"
order = ["aab001", "aae003"]
columns = { aab001 = "单位编号", aae003 = "费款所属期", heads = "缴费人数", paid = "实缴金额" }

["社保库".fetch.claim]
mode = "increment"
query = """
SELECT 认定书编号, aab001 AS "单位编号", 公民身份号码 AS "社会保障号码", 姓名, at AS "事故时间", '认定工伤' AS "认定结论",
       decided AS "认定日期", '第十四条第（一）项' AS "认定依据"
FROM lc31 WHERE decided >= :month_first AND decided < :month_next
"""
'''
ENTERPRISES = """单位编号,单位名称,行业代码,行政区划代码
000000000000000001,龥氏家具厂,2110,430702
000000000000000002,"甲""钢,铁""厂",3110,430702
"""
CITIZEN = "11010519491231002X"


def months(first: str, last: str) -> list[str]:
    """yyyymm of every month from first to last."""
    numbers = range(int(first[:4]) * 12 + int(first[4:]) - 1, int(last[:4]) * 12 + int(last[4:]))
    return [f"{number // 12}{number % 12 + 1:02d}" for number in numbers]


def rows(first: str, last: str) -> tuple[list[str], list[str]]:
    """Premium rows and claim rows of the months first to last."""
    premiums = [f"{unit:018},{month},{10 * unit},{100 * unit}.05" for month in months(first, last) for unit in (1, 2)]
    claims = [f"认〔{month}〕1,000000000000000001,{CITIZEN},张三,{month[:4]}-{month[4:]}-03 08:30:00,认定工伤,"
              f"{month[:4]}-{month[4:]}-20,第十四条第（一）项" for month in months(first, last) if month[4:] in ("02", "07")]
    return premiums, claims


def csv(premiums: list[str], claims: list[str]) -> dict[str, str]:
    """The deliveries as files."""
    return {"单位缴费": "\n".join(["单位编号,费款所属期,缴费人数,实缴金额", *premiums]),
            "工伤认定": "\n".join(["认定书编号,单位编号,社会保障号码,姓名,事故时间,认定结论,认定日期,认定依据", *claims])}


@pytest.fixture(scope="module")
def core(postgres_server) -> servers.Server:
    """A social-insurance database with three years and two months of rows."""
    premiums, claims = rows("202201", "202502")
    values = [f"('{unit}', {month}, {heads}, {paid})" for unit, month, heads, paid in (line.split(",") for line in premiums)]
    postgres_server.sql(
        "DROP TABLE IF EXISTS ab01, ac43, lc31",
        "CREATE TABLE ab01 (aab001 char(20), aab004 varchar(80), aab022 char(6), aab301 int)",
        f"INSERT INTO ab01 VALUES ('{2:018}', '甲\"钢,铁\"厂', '3110', 430702), ('{1:018}', '龥氏家具厂', '2110', 430702)",
        "CREATE TABLE ac43 (aab001 char(20), aae003 numeric(6), heads int, paid numeric(16,2))",
        "INSERT INTO ac43 VALUES " + ",".join(values),
        'CREATE TABLE lc31 ("认定书编号" text, aab001 text, "公民身份号码" text, "姓名" text, at timestamptz, decided date)',
        "SET TimeZone = 'Asia/Shanghai'",
        *(f"INSERT INTO lc31 VALUES ('{c[0]}', '{c[1]}', '{c[2]}', '{c[3]}', '{c[4]}+08', '{c[6]}')"
          for c in (line.split(",") for line in claims)),
        "GRANT SELECT ON ab01, ac43, lc31 TO reader")
    return postgres_server


def say(bureau, server: servers.Server, text: str = SOURCES, **source: object) -> None:
    bureau.place.data.mkdir(parents=True, exist_ok=True)
    (bureau.place.data / "sources.toml").write_text('["社保库"]\n' + server.source(**source) + text, encoding="utf-8")


def fetch(bureau, month: str, since: str | None = None, is_again: bool = False) -> int:
    return fetching.fetch(bureau.place, month, since, None, is_again, lambda: MOMENT)


@pytest.fixture
def fetched(bureau, core):
    """A bureau that has fetched an opening delivery and the month after it."""
    say(bureau, core)
    assert fetch(bureau, "2025-01", since="2022-01") == 0
    assert fetch(bureau, "2025-02") == 0
    return bureau


# These say where rows came from.
TOLD = {"raw_file", "source_reconciliation", "data_quality", "doubtful_row", "rejected_row"}


def test_a_fetch_and_the_same_rows_as_files_make_the_same_marts(fetched, another_bureau):
    other = another_bureau("files")
    other.deliver("2025-01", 参保单位=ENTERPRISES, **csv(*rows("202201", "202501")))
    other.deliver("2025-02", 参保单位=ENTERPRISES, **csv(*rows("202502", "202502")))
    fetched.build("2025-01")
    assert fetched.run("2025-02")
    other.build("2025-01", "2025-02")
    for month in ("2025-01", "2025-02"):
        for table in PUBLIC:
            if table.name not in TOLD:
                assert fetched.mart(table.name, month) == other.mart(table.name, month), table.name
        counted = [[(row["kind"], row["rows_received"], row["rows_accepted"], row["amount_received"])
                    for row in bureau.mart("source_reconciliation", month)] for bureau in (fetched, other)]
        assert sorted(counted[0]) == sorted(counted[1])


def test_where_a_file_came_from_is_in_raw_file_and_in_its_footer(fetched):
    fetched.build("2025-02")
    lines = [line for line in fetched.core("raw_file", "2025-02") if line["kind"] == "claim"]
    assert [line["status"] for line in lines] == ["accepted", "accepted"]
    assert lines[0]["message"].startswith("来自数据库 社保库，2025-03-06 02:00 取数；")
    assert lines[0]["path"] == "2025-01/社保库.工伤认定.parquet"
    said = json.loads(pq.read_metadata(fetched.place.raw / lines[1]["path"]).metadata[b"yufang.origin"])
    assert said["parameters"] == {"month_first": "2025-02-01", "month_next": "2025-03-01"}
    assert said["rows"] == lines[1]["rows"] and said["server"].startswith("PostgreSQL")
    assert "FROM lc31 WHERE decided >= :month_first" in said["query"]


def test_a_month_stays_a_function_of_what_was_fetched(fetched, core):
    """What the database says later changes nothing, nor is it asked."""
    fetched.build("2025-02")
    before = fetched.bytes_of("2025-02")
    core.sql("UPDATE ac43 SET paid = paid + 1 WHERE aae003 = 202502")
    try:
        (fetched.place.data / "sources.toml").unlink()
        fetched.build("2025-02")
        assert fetched.bytes_of("2025-02") == before
    finally:
        core.sql("UPDATE ac43 SET paid = paid - 1 WHERE aae003 = 202502")


def test_fetching_a_published_month_again_is_named_by_the_next_run(fetched, monkeypatch):
    fetched.build("2025-02")
    assert fetch(fetched, "2025-02") == 0
    fetched.build("2025-02")
    again = datetime.datetime(2025, 4, 5, 18, tzinfo=datetime.UTC)
    assert fetching.fetch(fetched.place, "2025-02", None, None, True, lambda: again) == 0
    with pytest.raises(ChangedRawFileError, match="2025-02/社保库.工伤认定.parquet"):
        fetched.build("2025-02")
    monkeypatch.setenv("YUFANG_ACCEPT_CHANGED", "1")
    fetched.build("2025-02")


def test_no_person_and_no_password_leaves_the_raw_folder(fetched, core):
    fetched.build("2025-02")
    for path in fetched.place.data.rglob("*"):
        if path.is_file() and path.name != "sources.toml":
            content = path.read_bytes()
            for secret in (CITIZEN, "张三", servers.PASSWORD):
                assert secret.encode() not in content, path
    for path in fetched.place.raw.rglob("*.parquet"):
        assert servers.PASSWORD.encode() not in path.read_bytes()


def command(bureau, *arguments: str, **environment: str) -> subprocess.CompletedProcess:
    place = ("--raw", str(bureau.place.raw), "--out", str(bureau.place.data))
    return subprocess.run([sys.executable, "-m", "assets", "fetch", *place, *arguments], cwd=ROOT, text=True, capture_output=True,
                          env={**os.environ, **environment})


def test_the_command_says_what_came_and_what_did_not(bureau, core):
    assert command(bureau).returncode == 2
    say(bureau, core, SOURCES.replace('"lc31"', '"gone"'))
    done = command(bureau, "--month", "2025-02", YUFANG_TEST_DB="hunter2")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "社保库 没有取数：用户名或密码不对\n")
    done = command(bureau, "--month", "2025-02")
    assert done.returncode == 0 and done.stderr == ""
    assert "社保库 单位缴费：2 行" in done.stdout
    done = command(bureau, "--month", "2025-02")
    assert done.returncode == 0 and done.stdout.count("已有，没有再取") == 3
    assert command(bureau, "--month", "2099-01").returncode == 2


def test_a_large_table_does_not_go_through_memory(bureau, core):
    """200,000 rows of ten columns; what the process holds at its fullest, beside what it holds for one row."""
    core.sql("DROP TABLE IF EXISTS large", "CREATE TABLE large AS SELECT n AS id, 'unit ' || n AS benefit, n * 1.01 AS yuan,"
             " date '2025-02-01' + n % 28 AS paid, repeat(md5(n::text), 4) AS kind FROM generate_series(1, 200000) n",
             "GRANT SELECT ON large TO reader")
    text = ('["社保库".fetch.payout]\nmode = "increment"\ntable = "large"\ndate_column = "paid"\norder = ["id"]\n'
            'columns = { id = "支付流水号", benefit = "待遇项目", yuan = "支付金额", paid = "支付日期", kind = "支付类型" }\n')
    say(bureau, core, text.replace('"large"', '"small"'))
    core.sql("DROP TABLE IF EXISTS small", "CREATE TABLE small AS SELECT * FROM large LIMIT 1", "GRANT SELECT ON small TO reader")
    small = _peak(bureau, "2025-02")
    say(bureau, core, text)
    large = _peak(bureau, "2025-02", "--again")
    assert pq.read_metadata(bureau.place.raw / "2025-02" / "社保库.待遇支付.parquet").num_rows == 200_000
    assert large - small < MEGABYTES_FOR_A_LARGE_TABLE


def _peak(bureau, month: str, *more: str) -> float:
    """The most memory, in megabytes, that the command held."""
    place = ["--raw", str(bureau.place.raw), "--out", str(bureau.place.data), "--month", month, *more]
    with subprocess.Popen([sys.executable, "-m", "assets", "fetch", *place], cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_maxrss / 1024


