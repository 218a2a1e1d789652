"""The whole job in one process: what it makes, what stops it, what a reader sees of a month that is only partly rebuilt."""

import importlib

import dagster as dg
import pyarrow.parquet as pq
import pytest

from pipelines import checks, marts
from pipelines.contracts.catalogue import CONTRACTS, PUBLIC
from pipelines.publish import StaleTableError

MONTH = "2025-09"


@pytest.fixture
def published(bureau):
    """A small month that has been published."""
    bureau.deliver("2024-12", 参保单位="单位编号,单位名称,行业代码\nA,甲厂,3011", 单位缴费=bureau.premiums(2022, 2024, A=10),
                   工伤认定=bureau.claims(A="2024-03-01"))
    bureau.build("2024-12")
    return bureau


def test_the_simulated_city_is_published_whole(simulated_city):
    month = marts.month(MONTH, simulated_city.place.marts)
    assert month.manifest["is_simulated"] and month.manifest["policy"] == "expected-excess"
    documents = [path.relative_to(month.folder / "documents").as_posix() for path in month.documents()]
    dossiers = [name for name in documents if name.startswith("一企一档/一企一档-")]
    assert len(dossiers) == sum(month.table("priority_enterprise")["is_listed"])
    questions = [name for name in documents if name.startswith("数据核实清单-")]
    assert questions and {*documents} - {*dossiers, *questions} == {
        "公开版.xlsx", "分析看板.html", "建议名单.xlsx", "联席会议审定表.xlsx", "方案(征求意见稿).docx", "项目计划表.xlsx",
        "数据专项统计分析报告.docx"}
    tables = {f"{table.name}.parquet" for table in PUBLIC}
    assert set(month.manifest["files"]) == tables | {f"documents/{name}" for name in documents}
    for table in PUBLIC:
        found = pq.read_schema(month.folder / f"{table.name}.parquet")
        assert [(field.name, field.type) for field in found] == [(field.name, field.type) for field in table.schema]
    assert len(month.table("priority_enterprise")) >= 200
    assert any(month.table("priority_enterprise")["is_listed"])
    assert len(month.table("outreach_enterprise")) == 0  # the default policy has none


def test_a_failed_check_stops_publication_and_names_the_table(published, monkeypatch, capfd):
    before = published.bytes_of("2024-12")
    published.deliver("2025-01", 单位缴费="单位编号,费款所属期,缴费人数,实缴金额\nA,202501,10,100")
    sound = checks.check
    def broken(stored, scratch, references=None):
        report = sound(stored, scratch, references)
        return report._replace(broken={"主键重复": 1}, samples=["A"]) if stored.contract.name == "enterprise_risk" else report

    monkeypatch.setattr(checks, "check", broken)
    assert not published.run("2025-01")
    said = capfd.readouterr().err
    assert "2025-01 没有发布" in said and "enterprise_risk 不符合其契约" in said and "主键重复" in said
    assert marts.months(published.place.marts) == ["2024-12"]
    assert published.bytes_of("2024-12") == before


def test_an_asset_that_fails_leaves_the_published_month_alone(published, monkeypatch, capfd):
    from pipelines import official_list

    before = published.bytes_of("2024-12")
    published.deliver("2024-12", 待遇支付="单位编号,待遇项目,支付金额,支付日期\nA,医疗费,60,2024-05-01")
    def fails(*arguments):
        raise ValueError("名单算不出来")

    monkeypatch.setattr(official_list, "priority_enterprise", fails)
    assert not published.run("2024-12")
    assert "priority_enterprise：" in capfd.readouterr().err
    assert published.bytes_of("2024-12") == before


def test_one_asset_made_anew_shows_nothing_until_the_month_is_published(published):
    before = published.bytes_of("2024-12")
    link = published.published("2024-12").readlink()
    published.deliver("2024-12", 参保单位="单位编号,单位名称,行业代码\nA,甲公司,5110",
                      待遇支付="单位编号,待遇项目,支付金额,支付日期\nA,医疗费,60,2024-05-01")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YUFANG_ACCEPT_CHANGED", "1")
        published.build("2024-12", until="enterprise")
    assert [row["enterprise_name"] for row in published.core("enterprise", "2024-12")] == ["甲公司"]
    assert published.published("2024-12").readlink() == link and published.bytes_of("2024-12") == before
    with pytest.raises(StaleTableError) as refused:
        published.make("published_month", "2024-12")
    said = str(refused.value)
    assert "2024-12 的这些表与其来源不一致" in said
    stale = set(said.rsplit("：", 1)[1].split("、"))
    assert stale >= {"enterprise_risk", "industry_injury_rate", "priority_enterprise", "payout"}
    assert "enterprise" not in stale and "claim" not in stale
    assert published.bytes_of("2024-12") == before


@pytest.mark.parametrize(
    ("said", "stale"),
    [
        ({"policy": "qingdao-2020"}, {"priority_enterprise", "outreach_enterprise"}),
        ({"regions": "6"}, {"priority_enterprise"}),
        ({"delivery": {"claim": "snapshot"}}, {"claim"}),
    ],
)
def test_other_settings_without_new_tables_are_not_published(published, said, stale):
    """Else the manifest would name a policy under which the tables were not made."""
    published.deliver("2025-01", 工伤认定=published.claims(A="2024-03-01"))
    published.build("2025-01")
    before = published.bytes_of("2025-01")
    published.settle(**said)
    with pytest.raises(StaleTableError) as refused:
        published.make("published_month", "2025-01")
    assert stale <= set(str(refused.value).rsplit("：", 1)[1].split("、"))
    assert published.bytes_of("2025-01") == before


def test_a_second_run_makes_no_table_anew(published):
    from assets import launch
    from assets.definitions import defs

    with pytest.MonkeyPatch.context() as patch, dg.DagsterInstance.ephemeral() as instance:
        for name in ("DAGSTER_HOME", "YUFANG_DAGSTER", "YUFANG_RAW", "YUFANG_DATA"):
            patch.setenv(name, "")
        launch.set_environment(published.place, False)
        instance.add_dynamic_partitions("month", ["2024-12"])
        result = defs.resolve_job_def("month").execute_in_process(partition_key="2024-12", instance=instance)
    made = {name: result.asset_materializations_for_node(name)[0].metadata for name in CONTRACTS}
    assert all(metadata["未变"].value for metadata in made.values())
    assert made["enterprise"]["dagster/row_count"].value == 1
    preview = str(made["enterprise"]["preview"].value)
    assert "单位编号" in preview and "| A |" in preview and "甲厂" in preview
    assert str(made["enterprise_month"]["说明"].value).startswith("只存查询")


def test_several_months_run_one_after_the_other(bureau):
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, A=10), 工伤认定=bureau.claims(A="2024-03-01"))
    assert bureau.run("2023-12", "2024-12")
    assert marts.months(bureau.place.marts) == ["2023-12", "2024-12"]
    assert marts.month(marts=bureau.place.marts).manifest["month"] == "2024-12"


def test_a_run_keeps_connections_for_its_own_time_only(tmp_path):
    """What Dagster recorded is readable afterwards through engines of its own making."""
    from sqlalchemy import NullPool, text

    from assets import launch

    events = importlib.import_module("dagster._core.storage.event_log.sqlite.sqlite_event_log")
    url, made = f"sqlite:///{tmp_path}/events.db", events.create_engine
    with launch._kept_connections():
        first = events.create_engine(url, poolclass=NullPool)
        with first.begin() as connection:
            connection.execute(text("CREATE TABLE event (id INTEGER)"))
        first.dispose()
        again = events.create_engine(url, poolclass=NullPool)
        assert again is first and again.pool.checkedin() == 1
    assert events.create_engine is made and first.pool.checkedin() == 0
    with made(url, poolclass=NullPool).connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM event")).scalar() == 0
