"""Dossiers of a small bureau: for whom they are written, what they stand on, that they are published, the same, and nobody's."""

import shutil
import zipfile
from pathlib import Path

import pytest
from docx import Document as read_document

from pipelines import marts
from pipelines.publish import StaleTableError

MONTH = "2024-12"
LIKE = range(12)
UNITS = "\n".join(["单位编号,单位名称,行业代码", "A,=甲厂,3311", "B,乙厂,3311", "C,丙厂,3311",
                   *(f"K{n},同类{n},3311" for n in LIKE)])
BENEFITS = "单位编号,待遇项目,支付金额,支付日期\nA,医疗费,60,2024-05-01\nA,医疗费,40,2024-06-01\nA,,50,2023-05-01"


def claims() -> str:
    """Ten cases of A by machines, one by electricity; one of B."""
    days = [*(f"2023-{month:02d}-10 09:30" for month in range(1, 11)), "2024-03-01 14:00"]
    lines = [f"T{n},A,{day},认定工伤,{day[:10]},第十四条第（一）项,{'触电' if n == 10 else '机械伤害'},冲压工"
             for n, day in enumerate(days)]
    return "\n".join(["认定书编号,单位编号,事故时间,认定结论,认定日期,认定依据,事故类别,职业工种", *lines,
                      "T90,B,2024-02-01,认定工伤,2024-02-01,14-1,机械伤害,焊工"])


def delivered(bureau):
    """A has many injuries, B one; C and twelve like them have none. 常德's plan lists those above the city."""
    heads = dict.fromkeys(["A", "B", "C", *(f"K{number}" for number in LIKE)], 60)
    bureau.deliver(MONTH, 参保单位=UNITS, 单位缴费=bureau.premiums(2022, 2024, **heads), 工伤认定=claims(), 待遇支付=BENEFITS)
    bureau.settle(policy="changde-2024")
    return bureau


@pytest.fixture
def city(bureau):
    return delivered(bureau)


@pytest.fixture(scope="module")
def built(new_bureau):
    """The same, published; to look at only."""
    bureau = delivered(new_bureau())
    bureau.build(MONTH, with_papers=True)
    return bureau


def papers(bureau, month: str = MONTH) -> list[Path]:
    return sorted((bureau.published(month) / "documents" / "一企一档").glob("*"))


def text_of(path: Path) -> str:
    said = read_document(str(path))
    return "\n".join([part.text for part in said.paragraphs]
                     + [cell.text for table in said.tables for row in table.rows for cell in row.cells])


def test_years_circumstances_and_peers_of_the_listed(built):
    years = built.mart("enterprise_trend", MONTH, enterprise_id="A")
    assert [(row["year"], row["injuries"], row["person_years"]) for row in years] == [(2022, 0, 60.0), (2023, 10, 60.0),
                                                                                       (2024, 1, 60.0)]
    assert years[1]["rate_pct"] == pytest.approx(100 * 10 / 60, abs=1e-4)
    # Garwood's limits of ten cases: 4.795 and 18.390.
    assert [years[1]["rate_low_pct"], years[1]["rate_high_pct"]] == pytest.approx([7.992, 30.651], abs=1e-3)
    assert years[2]["pay_ratio"] == pytest.approx(100 * 100 / 1200, abs=0.01)
    causes = {row["value"]: row for row in built.mart("enterprise_profile", MONTH, enterprise_id="A", dimension="cause")}
    assert {value: (row["observed_cases"], row["cases"]) for value, row in causes.items()} == {"03": (10, 11), "05": (1, 11)}
    rate = built.one("enterprise_peer", MONTH, enterprise_id="A", measure="rate")
    assert (rate["peer_units"], rate["peer_median"], rate["below_share_pct"]) == (14, 0.0, 100.0)
    assert rate["own"] == pytest.approx(100 * 11 / 180, abs=1e-4)


def test_payouts_by_benefit_and_year(built):
    found = {(row["year"], row["benefit"]): (row["payments"], row["amount_yuan"], row["share_pct"])
             for row in built.mart("benefit_payout", MONTH)}
    assert {key: (number, float(yuan), share) for key, (number, yuan, share) in found.items()} == {
        (2023, ""): (1, 50.0, 100.0), (2024, "医疗费"): (2, 100.0, 100.0)}


def test_the_paper_holds_the_figures_of_the_tables_and_no_small_cell(built):
    (path,) = papers(built)
    assert path.name == "一企一档-01-=甲厂.docx"
    text = text_of(path)
    assert "触电 1" not in text and "机械伤害" in text and "11 例" in text
    assert "2022–2024 年工伤 11 人次" in text and "基金支付 150 元" in text
    with zipfile.ZipFile(path) as packed:
        assert "服务机构" in packed.read("word/header1.xml").decode()


def test_what_the_meeting_decided_is_who_gets_a_paper(city):
    city.deliver(MONTH, 联席会议审定="年度,单位编号,是否入选,理由\n2025,C,是,集体研究\n2025,A,否,上年已开展")
    city.build(MONTH, with_papers=True)
    assert [path.name.split("-", 2)[2] for path in papers(city)] == ["丙厂.docx"]
    assert {row["enterprise_id"] for row in city.mart("enterprise_trend", MONTH)} == {"C"}


def test_the_paper_of_who_is_no_longer_chosen_goes(city):
    city.build(MONTH, with_papers=True)
    assert len(papers(city)) == 1
    city.deliver("2025-01", 联席会议审定="年度,单位编号,是否入选,理由\n2025,C,是,集体研究\n2025,A,否,上年已开展")
    city.build("2025-01", with_papers=True)
    assert [path.name.split("-", 2)[2] for path in papers(city, "2025-01")] == ["丙厂.docx"]
    assert papers(city)[0] in [city.published(MONTH) / "documents" / path.relative_to(path.parents[1])
                               for path in marts.month(MONTH, city.place.marts).documents()]


def test_none_is_written_where_more_units_are_selected_than_the_setting_allows(city, caplog):
    city.build(MONTH, with_papers=True)
    city.settle(dossiers=0)
    with caplog.at_level("INFO", "yufang"):
        city.build(MONTH, with_papers=True)
    assert papers(city) == [] and city.mart("enterprise_trend", MONTH) == []
    assert "一企一档没有编制：审定或列名的单位 1 家，多于设置 dossiers = 0" in caplog.text


def test_again_the_same_bytes_and_a_stale_paper_is_not_published(city):
    city.build(MONTH, with_papers=True)
    before = city.bytes_of(MONTH)
    shutil.rmtree(city.place.documents(202412))
    city.build(MONTH, with_papers=True)
    assert city.bytes_of(MONTH) == before
    note = next((city.place.documents(202412) / "一企一档").glob("*.json"))
    note.write_text(note.read_text(encoding="utf-8").replace('"enterprise_trend": "', '"enterprise_trend": "0'), encoding="utf-8")
    with pytest.raises(StaleTableError, match="一企一档"):
        city.make("published_month", MONTH)


def test_a_bureau_without_premiums_or_claims_has_a_report_and_no_paper(bureau):
    bureau.deliver(MONTH, 工伤认定=bureau.claims(A="2024-03-01"))
    bureau.build(MONTH, with_papers=True)
    assert papers(bureau) == []
    assert "没有可用的缴费人数" in text_of(bureau.published(MONTH) / "documents" / "数据专项统计分析报告.docx")
