"""What is known as of a month: the one rule of monthly runs, rebuilt months and back-tests."""

import shutil
from collections.abc import Mapping

import pytest

CLAIM = "认定书编号,单位编号,事故时间,认定结论,认定日期\n"


def numbers_of(rows: list[dict]) -> set[str]:
    return {row["recognition_no"] for row in rows}


def test_opening_delivery_is_known_by_the_rows_own_dates_later_batches_by_their_folder(bureau):
    bureau.deliver("2024-12", 工伤认定=CLAIM + """
        T1,A,2024-03-01,认定工伤,2024-03-15
        T2,A,2024-06-01,认定工伤,2024-11-20
        T3,A,2024-06-01,待认定,
    """)
    bureau.deliver("2025-01", 工伤认定=CLAIM + "T4,A,2024-03-02,认定工伤,2024-03-16")
    bureau.build("2024-02", "2024-03", "2024-10", "2024-12", "2025-01", until="claim")
    assert bureau.core("claim", "2024-02") == []
    assert numbers_of(bureau.core("claim", "2024-03")) == {"T1"}
    assert numbers_of(bureau.core("claim", "2024-10")) == {"T1"}
    assert numbers_of(bureau.core("claim", "2024-12")) == {"T1", "T2", "T3"}  # no date: known in its batch
    assert numbers_of(bureau.core("claim", "2025-01")) == {"T1", "T2", "T3", "T4"}


def test_premiums_are_known_when_received_else_the_month_after_they_were_due(bureau):
    bureau.deliver("2024-12", 单位缴费="""
        单位编号,费款所属期,缴费人数,实缴金额,到账日期
        A,202401,10,100,2024-05-09
        A,202402,11,100,
        A,202412,12,100,
    """)
    bureau.build("2024-02", "2024-03", "2024-05", "2024-12", until="enterprise_month")
    heads = {month: sorted(row["heads"] for row in bureau.core("enterprise_month", month))
             for month in ("2024-02", "2024-03", "2024-05", "2024-12")}
    assert heads == {"2024-02": [], "2024-03": [11], "2024-05": [10, 11], "2024-12": [10, 11, 12]}


def test_enterprises_are_always_known_yearly_figures_from_the_years_end(bureau):
    bureau.deliver("2024-12", 参保单位="单位编号,单位名称\nA,甲厂",
                   基金收支="年度,统筹地区,征缴收入\n2022,430700,5\n2023,430700,6")
    bureau.deliver("2025-01", 参保单位="单位编号,单位名称\nA,甲公司\nB,乙厂")
    for table in ("enterprise", "fund"):
        bureau.build("2022-12", "2023-11", "2025-01", until=table)
    assert [row["enterprise_name"] for row in bureau.core("enterprise", "2022-12")] == ["甲厂"]
    assert [row["year"] for row in bureau.core("fund", "2023-11")] == [2022]
    assert [row["enterprise_name"] for row in bureau.core("enterprise", "2025-01")] == ["甲公司", "乙厂"]


def test_an_old_month_rebuilt_after_new_batches_came_has_the_same_bytes(simulated_raw, bureau):
    raw = bureau.place.raw
    shutil.copytree(simulated_raw / "2025-09", raw / "2025-09")
    bureau.build("2025-09")
    before = bureau.bytes_of("2025-09")
    assert {"manifest.json", "priority_enterprise.parquet", "documents/建议名单.xlsx"} <= set(before)
    for batch in ("2025-10", "2025-11"):
        shutil.copytree(simulated_raw / batch, raw / batch)
    bureau.build("2025-11")
    shutil.rmtree(bureau.place.core)
    bureau.build("2025-09")
    assert bureau.bytes_of("2025-09") == before
    assert bureau.bytes_of("2025-11") != before


def test_a_late_correction_changes_its_month_and_later_ones_only(bureau):
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, A=100), 工伤认定=bureau.claims(A="2024-03-01 2024-05-01"))
    for batch in ("2025-01", "2025-02"):
        bureau.deliver(batch, 单位缴费=f"单位编号,费款所属期,缴费人数,实缴金额\nA,{batch.replace('-', '')},100,100")
    months = ("2024-12", "2025-01", "2025-02")
    bureau.build(*months)
    before = {month: bureau.bytes_of(month) for month in months}
    bureau.deliver("2025-02", 工伤认定=CLAIM + "T-A-1,A,2024-03-01,撤销,2025-02-10")
    rebuild(bureau, months)
    assert [bureau.bytes_of(month) == before[month] for month in months] == [True, True, False]
    injuries = [bureau.one("enterprise_risk", month, enterprise_id="A", period="last_year")["injuries"] for month in months]
    assert injuries == [2, 2, 1]


def rebuild(bureau, months) -> None:
    """Builds months again though a file of the newest one was added to its folder after it was published."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("YUFANG_ACCEPT_CHANGED", "1")
        bureau.build(*months)


SOUND: Mapping[str, str] = {
    "参保单位": "单位编号,单位名称,行业代码,参保状态\nA,甲厂,3010,正常\nB,乙厂,5110,正常",
    "劳动能力鉴定": "认定书编号,鉴定结论日期,伤残等级\nT-A-1,2024-09-01,四级",
    "待遇支付": "支付流水号,认定书编号,单位编号,待遇项目,支付金额,支付日期\nP1,T-A-1,A,医疗费,500,2024-08-01",
    "基金收支": "年度,统筹地区,征缴收入,待遇支出\n2023,430700,1000,900\n2024,430700,1100,800",
    "重点企业名录": "单位编号,名录类别,列入日期\nB,危险化学品,2024-02-01",
}
ABSURD: Mapping[str, str] = {
    "劳动能力鉴定": "T-A-1,2031-09-01,一级",
    "待遇支付": "P2,T-A-1,A,医疗费,99999,2031-08-01",
    "基金收支": "2031,430700,777,666",
    "重点企业名录": "A,危险化学品,2031-02-01",
    "单位缴费": "A,203101,5000,99999",
    "工伤认定": "T-A-9,A,2031-01-01,认定工伤,2031-02-01,第十四条第（一）项\n"
                "T-A-8,A,2024-02-01,认定工伤,2031-02-01,第十四条第（一）项\n"
                "T-A-1,A,2031-01-01,撤销,2031-02-01,",
}


def test_absurd_rows_dated_after_the_month_change_nothing_but_the_reconciliation(bureau, another_bureau):
    rows = {"单位缴费": bureau.premiums(2022, 2024, A=100, B=50), "工伤认定": bureau.claims(A="2024-03-01", B="2023-05-01")}
    sound = {**SOUND, **rows}
    odd = another_bureau("odd")
    bureau.deliver("2024-12", **sound)
    odd.deliver("2024-12", **{kind: f"{text}\n{ABSURD.get(kind, '')}" for kind, text in sound.items()})
    for city in (bureau, odd):
        city.settle(policy="qingdao-2020")
        city.build("2024-12")
    told = {"source_reconciliation", "rejected_row", "data_quality"}
    marts = {path.stem for path in bureau.published("2024-12").glob("*.parquet")}
    assert marts > told
    for mart in sorted(marts - told):
        assert odd.mart(mart, "2024-12") == bureau.mart(mart, "2024-12"), mart
    rejected = odd.mart("rejected_row", "2024-12")
    assert len(rejected) == 8 and {row["rule"] for row in rejected} == {"future"}
