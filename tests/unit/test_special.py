"""数据专项统计分析报告: what its sentences may say, from small tables; nothing at all is said of what is not there."""

import shutil
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines import policy
from pipelines.documents.special import Tables
from pipelines.reports import docx, special
from pipelines.reports.text import Document, Heading, Paragraph, Picture, Table

MONTH = 202512
RULES = policy.load("changde-2024")
EMPTY: dict[str, list[dict]] = {name: [] for name in Tables._fields}


def industry(level: int, code: str, name: str, **more: Any) -> dict:
    return {"level": level, "industry_code": code, "industry_name": name, "period": "last_year", "first_month": 202501,
            "last_month": 202512, "months_covered": 12, "is_short": False, "enterprises": 30, "injuries": 40, "severe": 1,
            "deaths": 2, "person_years": 8000.0, "rate_pct": 0.5, "rate_low_pct": 0.36, "rate_high_pct": 0.68,
            "completed_injuries": None, "completed_rate_pct": None, "enterprises_above_threshold": 3, "difference": "none",
            "change_pct": 4.0, "pay_ratio": 80.0, "definition": "工伤发生率＝工伤人次÷人年", **more}


RATES = [industry(0, "all", "全市"), industry(1, "C", "制造业", difference="above", rate_pct=0.9),
         industry(1, "P", "教育", difference="below", injuries=2), industry(2, "C33", "金属制品业", difference="none"),
         industry(2, "C17", "=纺织业", difference="above", injuries=12)]


def year(number: int, rate: float | None, low: float | None, high: float | None) -> dict:
    return {"definition_id": "policy", "year": number, "definition_title": "政策口径", "city": None, "numerator": 300,
            "denominator": 70000.0, "rate": rate, "rate_low": low, "rate_high": high, "rate_unit": "100",
            "completeness_pct": 99.0, "reason": None}


def circumstance(scope: str, dimension: str, name: str, number: int, **more: Any) -> dict:
    return {"scope": scope, "scope_name": "金属制品业" if scope == "C33" else "全市", "dimension": dimension, "value": name,
            "value_name": name, "cases": 100, "observed_cases": number, "share_pct": float(number), "expected_cases": None,
            "ratio": None, "ratio_low": None, "ratio_high": None, "is_notable": False, "cases_last_year": None,
            "cases_year_before": None, "change_pct": None, "definition": "2023-01 至 2025-06 的事故；其他", **more}


def pool(number: int, ratio: float, months: int = 12) -> dict:
    return {"pool": "000000", "year": number, "collected_yuan": Decimal("30000000.00"), "paid_yuan": Decimal("24000000.00"),
            "pay_ratio": ratio, "cap_yuan": None, "allotted_yuan": None, "used_yuan": None, "months_covered": months}


def made(**tables: list[dict]) -> Document:
    return special.document({**EMPTY, **tables}, MONTH, RULES, False)


def text_of(said: Document) -> str:
    """All paragraphs and cells."""
    tables = [part for part in said.parts if isinstance(part, Table)]
    cells = [str(value) for table in tables for row in table.rows for value in row.values]
    return "\n".join([part.text for part in said.parts if isinstance(part, Paragraph)] + cells + list(said.closing))


def test_without_any_data_every_chapter_says_so():
    said = made()
    titles = [part.title for part in said.parts if isinstance(part, Heading)]
    assert {"总体情况", "行业", "企业", "基金收支", "口径", "认定滞后", "数据质量", "重点领域建议"} <= set(titles)
    assert not any(isinstance(part, Picture) for part in said.parts)
    text = text_of(said)
    for words in ("没有发生率", "没有单位符合", "没有基金收支数据", "没有可比的年度", "没有数据质量记录"):
        assert words in text


def test_industries_are_named_only_where_the_interval_lies_wholly_beside_the_city():
    text = text_of(made(industry_injury_rate=RATES))
    assert "整个高于全市的行业门类有 1 个：制造业 0.90%（0.36–0.68，40 人次）。" in text
    assert "整个低于全市的行业门类有 1 个：教育" in text
    assert "整个高于全市的行业大类有 1 个：=纺织业" in text and "金属制品业 0.50%" not in text


@pytest.mark.parametrize(("now", "words"), [
    ((0.60, 0.55, 0.65), "确有上升"), ((0.20, 0.15, 0.25), "确有下降"), ((0.48, 0.43, 0.53), "不作升降的结论"),
])
def test_a_change_is_one_only_where_the_intervals_do_not_meet(now: tuple[float, float, float], words: str):
    text = text_of(made(definition_comparison=[year(2024, 0.42, 0.37, 0.47), year(2025, *now)]))
    assert words in text
    assert sum(other in text for other in ("确有上升", "确有下降", "不作升降的结论")) == 1


def test_one_year_alone_is_not_compared():
    assert "没有可比的上一年" in text_of(made(definition_comparison=[year(2024, None, None, None), year(2025, 0.4, 0.3, 0.5)]))


def test_few_cases_are_said_to_be_few():
    rows = [circumstance("all", "total", "all", 100), circumstance("all", "cause", "触电", 4),
            circumstance("all", "body_part", "眼部", 30)]
    text = text_of(made(injury_pattern=rows))
    assert "起因已知的例数都不足 5 例，不作结论" in text and "以眼部 30例（30.0%）为多" in text


def test_what_is_over_represented_has_its_ratio_and_interval():
    notable = {"is_notable": True, "ratio": 3.3, "ratio_low": 2.0, "ratio_high": 5.3}
    rows = [circumstance("all", "total", "all", 100), circumstance("C33", "cause", "机械伤害", 20, **notable),
            circumstance("C33", "post_group", "焊工 6-18", 9, is_notable=True, ratio=217.0, ratio_low=29.0, ratio_high=1629.0)]
    text = text_of(made(injury_pattern=rows))
    assert "金属制品业的机械伤害（20例，应有的3.3倍，2.0–5.3）" in text
    assert "焊工（9例，应有的10倍以上）" in text and "217" not in text and "6-18" not in text


def test_the_fund_is_compared_by_whole_years_only():
    rows = [pool(2024, 90.0), pool(2025, 80.0), pool(2026, 10.0, months=3)]
    text = text_of(made(fund_balance=rows))
    assert "2025 年征缴收入3,000.00万元，待遇支出2,400.00万元，支缴率80.0%；上年支缴率90.0%" in text and "2026（3 个月）" in text


def test_units_whose_interval_holds_the_norm_are_not_said_to_be_worse():
    common = {"is_listed": True, "region_code": "000000", "enterprise_name": "=甲", "industry_name": "纺织业",
              "injuries_last_3_years": 5, "rate_pct_last_3_years": 0.4, "posterior_ratio": 1.2, "expected_injuries": 3.0,
              "excess_injuries": 0.5}
    rows = [{**common, "rank": rank, "ratio_low": low} for rank, low in enumerate((1.1, 0.7, None), 1)]
    assert "共 3 家，来年比同类多出的工伤合计约 1.5 人次。其中 1 家" in text_of(made(priority_enterprise=rows))


@pytest.mark.libreoffice
def test_it_opens_in_libreoffice(tmp_path: Path):
    path = tmp_path / "a.docx"
    docx.write(made(industry_injury_rate=RATES, fund_balance=[pool(2025, 80.0)]), path)
    office = shutil.which("soffice")
    assert office
    subprocess.run([office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf", "--outdir",
                    str(tmp_path), str(path)], check=True, capture_output=True, timeout=180)
    assert (tmp_path / "a.pdf").stat().st_size > 10_000
