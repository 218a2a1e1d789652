"""Every query of the assets gives the same rows on DuckDB and on Spark.

Each SQL file is compared alone, its nested queries given as rows: Spark plans anew whatever is read twice, which takes minutes.
That nesting means the same is shown by two queries that hold others, compared as the assets build them.
The city is simulated; to it comes a month of what it lacks: rejected and future rows, late payments and refunds, renumbered
cases, dispatched workers, a full dump in which something vanished, texts that a pattern could trip over.
"""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines import backtest, development, engine, lazy
from pipelines.workspace import Workspace

pytestmark = pytest.mark.spark

NESTING = {"core/payout.sql", "marts/candidate.sql"}
CORRECTION = """
[[correction]]
file = "2025-12/单位缴费.csv"
kind = "premium"
column = "缴费人数"
rows = [2]
value = "11"
reason = "少报一人"
date = 2025-12-31
expected = 1
"""
AWKWARD = {
    "参保单位": r"""
        单位编号,统一社会信用代码,单位名称,行业代码,行政区划代码,经办机构,用工方式,参保状态,派遣人数,单位地址,生产经营地址,参保日期,注销日期
        X1,91430700MA4L16JQ9B,"100%_\工厂, 'X' 一厂",C3311,430702,甲,直接用工,正常参保,,创业大厦,武陵区丹阳街道,,
        X2,,派遣公司,7263,4307,乙,劳务派遣,正常参保,25,创业大厦,,,
        X3,,已注销的厂,不认识的行业,,,,注销,,,,2020-05-01,2019-05-01
        """,
    "街道园区对照": """
        关键词,街道,园区,行政区划代码
        创业大厦,芙蓉街道,,430700
        """,
    "单位缴费": """
        单位编号,费款所属期,缴费人数,单位费率,应缴金额,实缴金额,到账日期,缴费类型
        X1,2025-10,40,0.9%,100.10,100.10,2025-12-05,补缴
        X1,2025-10,45,0.9%,50.05,50.05,2025-12-06,补缴
        X1,2025-11,40,0.9%,333.33,333.33,2025-11-20,正常
        X1,2025-11,42,1.1%,444.44,444.44,,正常
        X1,2025-12,0,,-30.33,-30.33,2025-12-20,退费
        X1,2025-12,0,,-30.33,-30.33,2025-12-20,退费
        X2,2024-01,30,0.5%,11.15,11.15,2024-02-01,正常
        X2,2024-13,30,0.5%,11.15,11.15,2024-02-01,正常
        X2,2028-01,30,0.5%,11.15,11.15,2028-02-01,正常
        """,
    "单位缴费（基数）": """
        单位编号,费款所属期,缴费人数,缴费基数总额,单位费率
        X1,2025-12,10,30,4.9%
        X2,2025-12,9000,5400000000.55,0.4%
        """,
    "工伤认定": """
        工伤认定信息ID,认定书编号,单位编号,用工单位编号,事故时间,认定日期,认定结论,认定依据,事故类别,事故经过
        A1,认字1号,X2,X1,2025-03-01 00:00,2025-05-01,认定工伤,14-1,其他伤害,在车间滑倒
        A2,认字1号,X2,X1,2025-03-01 08:30,2025-06-01,认定工伤,14-1,,
        A2,认字2号,X2,X1,2025-03-01 08:30,,认定工伤,14-6,,
        A2,,X2,X1,2025-03-01 08:30,2025-12-01,视同工伤,15-1,,
        ,认字7号,X1,,2025-04-05 00:00,2025-06-01,认定工伤,14-4,职业病,
        ,,X1,,2025-12-02 23:59,,待认定,,,
        ,,X1,,2025-12-02 23:59,,待认定,,,
        ,认字9号,,,2025-12-31 10:00,2025-12-30,认定工伤,第九十九条,,
        ,认字8号,X1,,2025-01-05 10:00,2025-12-30,撤销,14-3,,
        """,
    "工伤认定（项目）": """
        认定书编号,单位编号,事故时间,认定日期,认定结论,认定依据,建筑项目标识
        认字11号,X3,2025-03-03 10:00,2025-04-01,认定工伤,14-1,是
        认字12号,X1,2025-03-03 10:00,2025-04-01,认定工伤,14-1,是
        """,
    # As many as it takes for sites.
    "工伤认定（途中）": "认定书编号,单位编号,事故时间,认定日期,认定结论,认定依据,经度,纬度,坐标系\n" + "\n".join(
        f"途字{n}号,X1,2025-{n % 9 + 1:02d}-{n // 9 + 3:02d} 07:40,2025-11-01,认定工伤,14-6,{111.7 + n * 0.0004:.4f},29.0,WGS84"
        for n in range(40)),
    "劳动能力鉴定": """
        认定书编号,鉴定类别,鉴定结论日期,伤残等级,护理等级
        认字1号,初次,2025-08-01,5级,
        认字2号,再次,2025-10-01,3级,部分
        认字2号,复查,2025-10-01,4级,部分
        """,
    "待遇支付": """
        认定书编号,单位编号,待遇项目,支付金额,支付日期
        认字1号,X3,医疗费,0.05,2025-12-01
        认字1号,X3,医疗费,0.05,2025-12-01
        老伤1号,X1,伤残津贴,1234.56,2025-12-02
        ,,康复费,7.00,2025-12-02
        认字1号,X1,一次性伤残补助金,9999999.99,2025-12-02
        """,
    "重点企业名录": r"""
        单位编号,统一社会信用代码,名录类别,列入日期
        ,91430700MA4L16JQ9B,危险化学品\生产,2025-12-01
        X2,,尘肺病重点_50%,2025-12-01
        """,
    "基金收支": """
        年度,统筹地区,征缴收入,待遇支出
        2024,430702,0.50,0.15
        2024,430703,99999999.50,
        """,
    "单位缴费_按名称": """
        单位名称,费款所属期,缴费人数,实缴金额,缴费类型
        已注销的厂,2025-11,3,30.30,正常
        没有的厂,2025-10,2,20.20,正常
        已注销的厂,2025-10,,5.05,补缴
        """,
    "工伤事故申报": """
        申报编号,单位编号,用工单位名称,事故时间,申报日期,是否生产经营性
        S1,X2,"100%_\\工厂, 'X' 一厂",2025-03-01 08:30,2025-03-02,是
        S2,,,2025-12-31 00:00,,否
        S3,X1,,2025-04-05 11:00,2025-04-06,是
        S4,X1,,2025-04-07 11:00,2025-04-08,是
        """,
    "重点岗位人员": """
        单位编号,单位名称,人员类别,应训人数,已培训人数,统计日期
        X1,,班组长,10,4,2025-03-31
        ,"100%_\\工厂，'X'一厂",班组长,12,,2025-09-30
        ,没有的厂,,5,5,
        """,
    "工伤预防项目台账": """
        项目编号,项目名称,单位编号,年度,服务机构,开始日期,完成日期,计划人数,实际学时,合同金额
        P1,冲压,X1,,某机构,2025-03-01,2025-11-30,100,12.5,50000.01
        P2,粉尘,,2025,某机构,,2026-11-30,100,,70000
        """,
    "培训记录": """
        项目编号,单位编号,人员类别,线上学时,线下学时,考试结果
        P1,X1,班组长,4,2.5,合格
        P7,X9,,1.25,,未通过
        """,
    "联席会议审定": "年度,单位编号,单位名称,是否入选\n2025,X1,,是\n2025,,\"100%_\\工厂, 'X' 一厂\",否",
    "年报数": "年度,指标,数值,口径\n2025,认定工伤人数,3,\n2025,待遇支出(万元),0.12,\n2025,满意率,95.5,",
    "建设项目": """
        项目编号,项目名称,施工总承包单位,工程合同造价,开工日期,竣工日期,参保日期,缴费金额,经度,纬度
        J1,桥,已注销的厂,1000000,2025-01-01,2025-06-30,2025-01-10,5000,111.7,29
        J2,楼,,2000000,2025-02-01,,,,,
        J3,路,已注销的厂,,2025-01-01,,2025-01-10,5000,,
        """,
    "职业伤害": "事件编号,平台企业,事故时间,伤残等级,支付金额\nE1,某平台,2025-05-01 18:20,四级,300",
    "重点场所": "场所名称,场所类别,经度,纬度,半径(米)\n德山园区,园区,111.7,29.0,\n某路口,道口,111.6,29.1,80.5",
    "交通事故": "事故编号,事故时间,是否伤人\nV1,2025-05-01 08:10,是\nV2,2025-05-01,",
}


@pytest.fixture
def awkward_city(simulated_raw, another_bureau, tmp_path):
    """The simulated city's opening delivery and one more month, under a policy that uses every query."""
    raw = tmp_path / "raw, month=a"
    shutil.copytree(simulated_raw / "2025-09", raw / "2025-09")
    city = another_bureau("awkward", raw=raw)
    city.deliver("2025-12", **AWKWARD)
    (raw / "2025-12" / "更正.toml").write_text(CORRECTION, encoding="utf-8")
    city.settle(policy="qingdao-2020", regions="4", delivery={"designation": "snapshot"})
    return city


def record(patch: pytest.MonkeyPatch) -> list[lazy.Query]:
    """The list that will hold every query run from now on."""
    seen: list[lazy.Query] = []

    def spied(run):
        def spy(item, *arguments):
            if isinstance(item, lazy.Query):
                seen.append(item)
            return run(item, *arguments)

        return spy

    for name in ("fetch", "write", "write_stored_query"):
        patch.setattr(engine, name, spied(getattr(engine, name)))
    return seen


def with_nested(query: lazy.Query) -> Iterator[lazy.Query]:
    yield query
    for item in query.inputs.values():
        if isinstance(item, lazy.Query):
            yield from with_nested(item)


def alone(query: lazy.Query, scratch: Path) -> lazy.Query:
    """The query on the rows of its nested and stored queries, worked by DuckDB."""

    def rows(item: lazy.Input) -> lazy.Input:
        if isinstance(item, lazy.Query):
            return engine.fetch(item, scratch)
        if isinstance(item, lazy.Stored) and item.contract.is_query:
            with engine.connect(scratch) as connection:
                return connection.sql(lazy.stored_text(item.path)).to_arrow_table()
        return item

    return replace(query, inputs={name: rows(item) for name, item in query.inputs.items()})


def in_order(table: pa.Table) -> pa.Table:
    return table.sort_by([(name, "ascending") for name in table.column_names])


def difference(expected: pa.Table, found: pa.Table) -> str:
    """What tells two tables apart, row order aside; '' = nothing."""
    if (found.num_rows, found.column_names) != (expected.num_rows, expected.column_names):
        return f"{found.num_rows} rows of {found.column_names}, expected {expected.num_rows} of {expected.column_names}"
    expected, found = in_order(expected), in_order(found.cast(expected.schema))
    return "、".join(name for name in expected.column_names if not expected[name].equals(found[name]))


def compared(query: lazy.Query, scratch: Path, session) -> tuple[int, str]:
    """How many rows there were to compare, and their difference."""
    expected = engine.fetch(query, scratch)
    return expected.num_rows, difference(expected, engine.fetch_spark(query, session))


def not_run_without_lists(place: Workspace) -> list[lazy.Query]:
    """What a city without issued lists and silent units never asks."""
    def stored(name: str) -> lazy.Stored:
        return place.stored(name, 202512)

    counted = development.counted_claim(stored("claim"), place.policy())
    window = {"enterprise_month": stored("enterprise_month"), "counted_claim": counted}
    named = {"wanted": pa.table({"enterprise_id": ["X1", "X2"]}), "enterprise": stored("enterprise")}
    return [lazy.Query("marts/window_count.sql", window, {"first_month": 202501, "last_month": 202512}),
            lazy.Query("marts/unit_name.sql", named)]


def test_both_engines_give_the_same_rows(awkward_city, session):
    with pytest.MonkeyPatch.context() as patch:
        # A back-test runs the same files once more for every past year.
        patch.setattr(backtest, "_looked_at", lambda spans, as_of: iter(()))
        run = record(patch)
        awkward_city.build("2025-12")
    run += not_run_without_lists(awkward_city.place)
    queries = {query.recipe: query for top in run for query in with_nested(top)}.values()
    scratch = awkward_city.place.core

    said = [(query.file, *compared(alone(query, scratch), scratch, session)) for query in queries]
    said += [(f"{query.file}, nested", *compared(query, scratch, session)) for query in run if query.file in NESTING]

    assert [(file, difference) for file, _, difference in said if difference] == []
    everything = {path.relative_to(lazy.SQL).as_posix() for path in lazy.SQL.rglob("*.sql")}
    assert everything <= {file for file, rows, _ in said if rows}, "a file without any rows to compare"


def test_a_difference_is_seen():
    table = pa.table({"a": [1, 2, None], "b": ["x", None, "y"]})
    assert difference(table, table.take([2, 0, 1])) == ""
    assert difference(table, pa.table({"a": [1, 2, None], "b": ["x", None, "z"]})) == "b"
    assert difference(table, table.slice(1)).startswith("2 rows")
