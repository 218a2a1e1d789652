"""Chapters of the special report on the fund, on definitions, late claims and the quality of the data.

Belongs here: what fund_balance, benefit_payout, definition_comparison, claim_development and data_quality say.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pipelines.contracts import dossiers, marts, tracking
from pipelines.contracts.codes import QUALITY_VERDICT
from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.shared import WHOLE_AREA
from pipelines.reports import Field, Row
from pipelines.reports.cells import shown
from pipelines.reports.special_words import Tables, number, pct, table, ten_thousand
from pipelines.reports.text import Heading, Paragraph, Part, Table

FUND, BENEFIT, QUALITY = marts.FUND_BALANCE, dossiers.BENEFIT_PAYOUT, marts.DATA_QUALITY
COMPARISON, DEVELOPMENT = tracking.DEFINITION_COMPARISON, tracking.CLAIM_DEVELOPMENT
AGES, SHOWN, WORST = (0, 1, 2, 3, 6, 12, 24), 12, 6


def chapters(tables: Tables) -> list[Part]:
    """All of them, in the order of the report."""
    return [*_fund(tables), *_definitions(tables[COMPARISON.name]), *_late(tables[DEVELOPMENT.name]),
            *_quality(tables[QUALITY.name])]


def _fund(tables: Tables) -> list[Part]:
    rows = sorted(tables[FUND.name], key=lambda row: (row["pool"], row["year"]))
    if not rows:
        return [Heading("基金收支"), Paragraph("没有基金收支数据。")]
    money = ("collected_yuan", "paid_yuan", "cap_yuan", "allotted_yuan", "used_yuan")
    fields = (Field("统筹地区"), Field("年度"), *(number(FUND[name].title, "万元", 2) for name in money),
              number("支缴率", "%", 1))
    made = tuple(Row((shown(FUND["pool"], row["pool"]), f"{row['year']}{_part_of_year(row)}",
                      *(ten_thousand(row[name]) for name in money), row["pay_ratio"])) for row in rows)
    table_of_fund = Table(fields, made, "基金收支与工伤预防费", widths=(16, 20, 22, 22, 20, 20, 20, 16))
    return [Heading("基金收支"), Paragraph(_balance(rows)), table_of_fund, *_benefits(tables[BENEFIT.name])]


def _part_of_year(row: Mapping) -> str:
    return "" if row["months_covered"] == 12 else f"（{row['months_covered']} 个月）"


def _balance(rows: Sequence[Mapping]) -> str:
    """The newest whole year of the largest pool beside the year before."""
    whole = [row for row in rows if row["months_covered"] == 12 and row["pay_ratio"] is not None]
    if not whole:
        return "没有完整年度的收支，不作比较。"
    now = max(whole, key=lambda row: (row["year"], row["collected_yuan"]))
    before = next((row for row in whole if row["pool"] == now["pool"] and row["year"] == now["year"] - 1), None)
    said = (f"{now['year']} 年{'' if now['pool'] == WHOLE_AREA else '统筹地区 ' + now['pool']}征缴收入"
            f"{ten_thousand(now['collected_yuan']):,.2f}万元，待遇支出{ten_thousand(now['paid_yuan']):,.2f}万元，"
            f"支缴率{now['pay_ratio']:.1f}%")
    if before:
        said += f"；上年支缴率{before['pay_ratio']:.1f}%，待遇支出变化 {pct(float(now['paid_yuan']), float(before['paid_yuan']))}"
    return said + "。个别工亡待遇会使一年的支缴率明显变动，宜看多年。"


def _benefits(rows: list[dict]) -> list[Part]:
    """What was paid for which benefit in the newest whole year, or in the year to date."""
    years = sorted({(not row["is_to_date"], row["year"]) for row in rows})
    if not years:
        return [Paragraph("没有待遇支付数据，不计支付构成。")]
    is_whole, year = years[-1]
    found = sorted((row for row in rows if row["year"] == year), key=lambda row: (-row["amount_yuan"], row["benefit"]))
    shares = [row for row in found[:3] if row["share_pct"] is not None]
    first = "、".join(f"{row['benefit'] or '未写明'}（{row['share_pct']:.1f}%）" for row in shares)
    fields = (Field(BENEFIT["benefit"].title), number("笔数"), number("金额", "万元", 2), number("占比", "%", 1))
    made = tuple(Row((row["benefit"] or "未写明", row["payments"], ten_thousand(row["amount_yuan"]), row["share_pct"]))
                 for row in found[:SHOWN])
    title = f"{year} 年{'' if is_whole else '（至今）'}待遇支付构成"
    return [Paragraph(f"{title}：金额最多的为{first}。"), Table(fields, made, title, widths=(4, 1, 1.5, 1))]


def _definitions(rows: list[dict]) -> list[Part]:
    """The newest year with a rate under every definition."""
    known = [row["year"] for row in rows if row["rate"] is not None]
    if not known:
        return [Heading("口径"), Paragraph("没有可比的年度，不作口径对照。")]
    year = max(known)
    found = sorted((row for row in rows if row["year"] == year), key=lambda row: (row["definition_id"] != "policy",
                                                                                 row["definition_id"]))
    fields = (Field("口径"), Field("采用者"), number("分子"), number("分母"), number("率", "", 3), Field("单位"))
    units = COMPARISON["rate_unit"].codes or {}
    made = tuple(Row((row["definition_title"], "本政策" if row["definition_id"] == "policy" else row["city"], row["numerator"],
                      row["denominator"], row["rate"], units[row["rate_unit"]][0])) for row in found)
    return [Heading("口径"),
            Paragraph(f"同一批数据，口径不同，{year} 年全市的数也不同。引用发生率须同时写明口径；"
                      "与年报数、与外市比较前先看口径是否相同。"),
            Table(fields, made, f"{year} 年全市各口径对照", widths=(62, 26, 14, 20, 16, 18))]


def _late(rows: list[dict]) -> list[Part]:
    every = sorted((row for row in rows if row["development_group"] == "all"), key=lambda row: row["months_since"])
    shown = [row for row in every if row["months_since"] in AGES and row["completeness_pct"] is not None]
    if not shown:
        reason = next((row["reason"] for row in every if row["reason"]), "没有认定滞后数据")
        return [Heading("认定滞后"), Paragraph(f"无从估计最近月份的认定完整度：{reason}。近月的数只会增加，不宜与往年比较。")]
    columns = [DEVELOPMENT[name] for name in ("months_since", "completeness_pct", "completeness_low_pct", "completeness_high_pct",
                                              "claims")]
    first = shown[min(1, len(shown) - 1)]
    return [Heading("认定滞后"),
            Paragraph(f"事故后 {first['months_since']} 个月，约{first['completeness_pct']:.0f}%的工伤已经认定；"
                      "最近几个月的件数少，多半是还没有认定，不能读作下降。"), table("事故后各月的认定完整度", columns, shown)]


def _quality(rows: list[dict]) -> list[Part]:
    """How many findings of each degree by kind, and the worst."""
    if not rows:
        return [Heading("数据质量"), Paragraph("没有数据质量记录。")]
    counted = Counter((row["kind"], row["verdict"]) for row in rows)
    kinds = sorted({row["kind"] for row in rows})
    fields = (Field("数据"), *(Field(title, "项", True) for (title,) in QUALITY_VERDICT.values()))
    made = tuple(Row((_title(kind), *(counted[kind, verdict] for verdict in QUALITY_VERDICT))) for kind in kinds)
    newest = max(row["batch_month"] for row in rows)
    bad = [row for row in rows if row["verdict"] == "bad" and row["batch_month"] == newest and row["agency"] == "all"]
    worst = sorted(bad, key=lambda row: (-row["affected"], row["kind"], row["rule"], row["column_name"]))
    said = "；".join(f"{_title(row['kind'])}：{row['issue']}（{row['affected']:,} / {row['rows']:,}）" for row in worst[:WORST])
    return [Heading("数据质量"), Paragraph(f"最近一批中须改正的：{said or '没有'}。"),
            Table(fields, made, "各类数据的检查结果", widths=(4, 1, 1, 1)),
            Paragraph("存疑的行仍计入各项统计；逐条见数据核实清单。", kind="note")]


def _title(kind: str) -> str:
    return EXPORTS[kind].title if kind in EXPORTS else kind


def found(tables: Tables) -> Iterable[tuple[str, str]]:
    """What stands out, for the list at the end."""
    rows = sorted(tables[FUND.name], key=lambda row: (row["pool"], row["year"]))
    return [("基金", _balance(rows))]
