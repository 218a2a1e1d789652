"""一企一档: what a service agency may see, two pages whatever the names, the same bytes, text that stays text."""

import io
import re
import shutil
import subprocess
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.contracts.dossiers import DIMENSION
from pipelines.documents.dossiers import MOST_ITEMS, MOST_QUESTIONS, _file_names
from pipelines.dossiers import hazards, small_cells
from pipelines.reports import docx, dossier
from pipelines.reports.text import Document, Paragraph, Picture, Table

MONTH = 202511
LONG = "湖南常德" + "超长名称的集团股份有限公司" * 9
INDUSTRY = "铁路、船舶、航空航天和其他运输设备制造业"
EVIDENCE = ("近三年（2022-01–2024-12）工伤36人次，2,428.1人年，发生率1.48%（全市0.39%）；来年预计工伤19.9人次。"
            "符合：死亡1人、1–4级2人。")


def circumstance(dimension: str, name: str, number: int, **more: Any) -> dict:
    return {"dimension": dimension, "value": name, "value_name": name, "observed_cases": number, "share_pct": 10.0,
            "peer_share_pct": 5.0, "peers": "制造业", "is_notable": False, "ratio": 2.0, "ratio_low": 1.2, "ratio_high": 3.4,
            **more}


def year(number: int, injuries: int = 4, **more: Any) -> dict:
    return {"year": number, "is_to_date": number == MONTH // 100, "person_years": 812.5, "injuries": injuries, "rate_pct": 0.49,
            "rate_low_pct": 0.13, "rate_high_pct": 1.26, "norm_pct": 0.57, "premium_yuan": Decimal("120000.00"),
            "payout_yuan": Decimal("90000.00"), "definition": "工伤发生率＝工伤人次÷人年", **more}


def peer(measure: str, **more: Any) -> dict:
    return {"measure": measure, "own": 1.5, "peer_quarter": 0.2, "peer_median": 0.5, "peer_three_quarters": 0.9,
            "below_share_pct": 87.0, "peers": "制造业，250–999 人", "peer_units": 17, **more}


def unit(**more: Any) -> dossier.Unit:
    row = {"enterprise_id": "4307039776", "rank": 3, "region_code": "000000", "industry_name": "纺织业", "evidence": EVIDENCE,
           "norm_pct": 0.57, "posterior_ratio": 1.9, "ratio_low": 1.2, "ratio_high": 2.8, "expected_injuries": 9.4,
           "predicted_low": 5, "predicted_high": 14, **more.pop("listed", {})}
    said = {
        "order": dossier.order_of(row), "name": "常德市甲纺织有限公司", "listed": row, "place": "430702",
        "years": [year(number) for number in range(2021, 2026)],
        "profile": [circumstance("cause", "机械伤害", 9), circumstance("cause", "触电", 1), circumstance("cause", "火灾", 4)],
        "peers": {name: peer(name) for name in dossier.MEASURES},
        "hazards": hazards.fitting(["03"], "C", MOST_ITEMS, hazards.hazards()),
        "questions": hazards.asked(["03"], MOST_QUESTIONS, hazards.questions()), **more}
    return dossier.Unit(**said)


def crowded() -> dossier.Unit:
    """The longest of everything that the tables can hold."""
    names = ("房屋建筑施工人员与其他人员", "上下班途中及其他各种情形", "腰部脊柱上肢下肢腕及手部", "踝及脚以及其他各部位")
    profile = [circumstance(dimension, f"{name}{n}", 1000 - n, is_notable=True, ratio=99.9, ratio_low=11.1, ratio_high=199.9,
                            share_pct=100.0, peer_share_pct=100.0, peers=INDUSTRY)
               for dimension in DIMENSION.codes or {} for n, name in enumerate(names)]
    table = sorted(hazards.hazards(), key=lambda item: (-len(item.check) - len(item.measure), item.check))
    asked = sorted((question for _, question in hazards.questions()), key=lambda question: (-len(question), question))
    peers = {name: peer(name, own=12345678.9, peer_units=99999, peers=f"{INDUSTRY}，1000 人及以上") for name in dossier.MEASURES}
    listed = {"enterprise_id": "91430700MA4L123456", "industry_name": INDUSTRY * 2, "evidence": "很长的依据，" * 90,
              "rank": 123, "expected_injuries": 1234.5, "predicted_low": 1000, "predicted_high": 1500}
    return unit(name=LONG, listed=listed, profile=profile, peers=peers, hazards=table[:MOST_ITEMS],
                questions=asked[:MOST_QUESTIONS], place="430702",
                years=[year(number, 999, definition="口径" * 200) for number in range(2020, 2026)])


def empty() -> dossier.Unit:
    """A unit of which nothing is known but its number."""
    listed = dict.fromkeys(("industry_name", "evidence", "norm_pct", "posterior_ratio", "ratio_low", "ratio_high", "rank",
                            "expected_injuries", "predicted_low", "predicted_high"))
    return unit(name="A", listed=listed, years=[], profile=[], peers={}, place=dossier.UNKNOWN,
                hazards=hazards.fitting(["03"], "", MOST_ITEMS, hazards.hazards()))


def text_of(said: Document) -> str:
    """Everything that the document says."""
    tables = [part for part in said.parts if isinstance(part, Table)]
    cells = [str(value) for table in tables for row in table.rows for value in row.values]
    paragraphs = [part.lead + part.text for part in said.parts if isinstance(part, Paragraph)]
    return "\n".join([said.title, said.subtitle, *cells, *paragraphs])


@pytest.mark.parametrize(("counts", "shown"), [
    ([], 0), ([2], 0), ([3], 1), ([3, 2], 0), ([3, 3], 2), ([9, 4, 2, 1], 2), ([9, 4, 2], 1), ([9, 1, 1], 0), ([9, 8, 7, 6], 3),
    ([5, 5, 5, 1], 2), ([5, 5, 5, 1, 1, 1], 3),
])
def test_no_count_below_three_stands_alone_or_can_be_told_from_the_total(counts: list[int], shown: int):
    assert small_cells.kept(counts, 3) == shown
    rest = sum(counts[shown:])
    assert rest == 0 or rest >= small_cells.LEAST or shown == 0


def test_counts_must_fall():
    with pytest.raises(ValueError, match="falling"):
        small_cells.kept([1, 2], 3)


def test_small_cells_are_put_together_in_the_paper():
    said = text_of(dossier.document(unit(), MONTH, False))
    assert "机械伤害 9 例" in said and "触电" not in said and "火灾" not in said and "其余 5 例" in said


def test_few_cases_of_a_circumstance_are_not_shown_at_all():
    said = text_of(dossier.document(unit(profile=[circumstance("cause", "触电", 2)]), MONTH, False))
    assert "触电 2" not in said and "不足 3 例，不列" in said


def test_deaths_grades_and_criteria_stay_in_the_bureau():
    said = text_of(dossier.document(unit(), MONTH, False))
    assert "工伤36人次" in said and not re.search("死亡1人|1–4级|符合：", said)


def test_what_few_injured_have_cost_is_not_shown():
    shown, hidden = (text_of(dossier.document(unit(years=[year(2024, n)]), MONTH, False)) for n in (3, 2))
    assert "基金支付 90,000 元" in shown and "基金支付不列" in hidden and "90,000" not in hidden


@pytest.mark.parametrize(("low", "high", "words"), [
    (1.2, 2.8, "仍高于同类"), (0.2, 0.8, "低于同类"), (0.8, 1.4, "不能判断"), (None, None, "不作判断"),
])
def test_nothing_is_concluded_where_the_interval_holds_the_norm(low: float | None, high: float | None, words: str):
    row = {"ratio_low": low, "ratio_high": high, "posterior_ratio": None if low is None else 1.1}
    assert words in text_of(dossier.document(unit(listed=row), MONTH, False))


def test_marks_stand_on_it():
    assert dossier.document(unit(), MONTH, True).marks == ("服务机构", "系统生成初稿", "模拟数据")
    assert dossier.document(unit(), MONTH, False).marks == ("服务机构", "系统生成初稿")


@pytest.mark.parametrize("name", ["=cmd|' /C calc'!A0", "<w:p>&amp;\x07甲]]>", "甲\u202e厂\n乙"])
def test_a_name_stays_text(name: str, tmp_path: Path):
    path = tmp_path / "a.docx"
    docx.write(dossier.document(unit(name=name), MONTH, True), path)
    with zipfile.ZipFile(path) as packed:
        xml = packed.read("word/document.xml").decode()
    assert "<w:fldSimple" not in xml and "w:instrText" not in xml and "\x07" not in xml
    assert xml.count("<w:p>") == xml.count("</w:p>")


def test_the_same_unit_gives_the_same_bytes():
    first, again = io.BytesIO(), io.BytesIO()
    for held in (first, again):
        docx.write(dossier.document(crowded(), MONTH, True), held)  # type: ignore[arg-type]
    assert first.getvalue() == again.getvalue()


def test_file_names_say_rank_and_name_and_differ():
    one = {"rank": 1, "region_code": "000000"}
    plain = [unit(listed=one), unit(name="乙/厂:*", listed={**one, "rank": 12}), unit(listed={"rank": None, "region_code": None})]
    assert _file_names(plain) == ["一企一档-01-常德市甲纺织有限公司.docx", "一企一档-12-乙_厂__.docx",
                                  "一企一档-增01-常德市甲纺织有限公司.docx"]
    regions = [unit(listed={**one, "region_code": code}) for code in ("430702", "430703")]
    assert [name.split("-")[1] for name in _file_names(regions)] == ["430702", "430703"]


def test_without_a_font_it_says_so(monkeypatch):
    monkeypatch.setattr(dossier.pictures, "font", lambda: None)
    said = dossier.document(unit(), MONTH, False)
    assert not any(isinstance(part, Picture) for part in said.parts) and "请安装" in text_of(said)


@pytest.mark.libreoffice
@pytest.mark.parametrize("made", [unit, crowded, empty])
def test_it_has_exactly_two_pages(made, tmp_path: Path):
    path = tmp_path / "a.docx"
    docx.write(dossier.document(made(), MONTH, True), path)
    office = shutil.which("soffice")
    assert office
    subprocess.run([office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf", "--outdir",
                    str(tmp_path), str(path)], check=True, capture_output=True, timeout=180)
    pages = re.findall(rb"/Type\s*/Page\b(?!s)", (tmp_path / "a.pdf").read_bytes())
    assert len(pages) == 2
