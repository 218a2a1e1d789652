"""一企一档: two pages on one enterprise for the expert who visits it.

Belongs here: what stands on the pages and in which words. What is shown was computed in the marts, hazards were chosen in
dossiers/. The level is 服务机构: no persons, no circumstance of fewer than three cases, no deaths or grades, no criteria.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipelines.contracts import dossiers, outlook
from pipelines.contracts.codes import CAUSE
from pipelines.dossiers import small_cells
from pipelines.dossiers.hazards import Hazard
from pipelines.reports import Field, Row, pictures
from pipelines.reports.cells import month_text
from pipelines.reports.printed import breadth
from pipelines.reports.text import COMPACT, Document, Heading, PageBreak, Paragraph, Part, Table

LEVEL, DRAFT, SIMULATED = "服务机构", "系统生成初稿", "模拟数据"
# What keeps it at two pages, whatever the fonts: letters at most (MOST_LINE in half-width ones), values in a row,
# empty lines for notes.
MOST_NAME, MOST_INDUSTRY, MOST_EVIDENCE, MOST_DEFINITION, MOST_PEERS, MOST_LINE = 54, 16, 220, 150, 15, 118
MOST_VALUES, NOTE_LINES = 3, 6
CHART_MM = (174.0, 35.0)
MEASURES = {"rate": ("%", 2), "pay_ratio": ("%", 1), "case_cost": ("元", 0)}
UNKNOWN, BLANK = "—", "\u3000"


class Unit(NamedTuple):
    """What a dossier is made of: rows of the marts by column, hazards and questions chosen."""

    order: str
    name: str
    listed: Mapping
    place: str
    years: Sequence[Mapping]
    profile: Sequence[Mapping]
    peers: Mapping[str, Mapping]
    hazards: Sequence[Hazard]
    questions: Sequence[str]


def document(unit: Unit, month: int, is_simulated: bool) -> Document:
    """The dossier of one enterprise."""
    marks = (LEVEL, DRAFT, SIMULATED) if is_simulated else (LEVEL, DRAFT)
    parts = [*_facts(unit), *_trend(unit), *_circumstances(unit), *_peers(unit), PageBreak(), *_visit(unit)]
    subtitle = f"一企一档　{unit.order}　数据截止 {month_text(month)}"
    return Document(cut(unit.name, MOST_NAME), month, marks, tuple(parts), subtitle, form=COMPACT)


def cut(text: str, most: int) -> str:
    """The text, or its beginning with a mark."""
    return text if len(text) <= most else text[:most - 1] + "…"


def _number(value: float | None, decimals: int = 0) -> str:
    return UNKNOWN if value is None else f"{value:,.{decimals}f}"


def _facts(unit: Unit) -> list[Part]:
    """Who it is, and why it is visited."""
    row, latest = unit.listed, unit.years[-1] if unit.years else {}
    fields = ("单位编号", "行业", "所在区划", f"人年 {latest.get('year', '')}", "基准发生率 %", "与同类之比", "来年预计工伤")
    values = (row["enterprise_id"], cut(row["industry_name"] or "行业不明", MOST_INDUSTRY), unit.place,
              _number(latest.get("person_years"), 1), _number(row["norm_pct"], 2),
              _times(row), _ahead(row))
    facts = Table(tuple(map(Field, fields)), (Row(values),), widths=(24, 26, 16, 15, 15, 26, 26))
    # What follows the first sentence are the plan's criteria, which may name deaths and grades.
    why = cut((row["evidence"] or "").partition("。")[0], MOST_EVIDENCE) or "联席会议审定，名单中没有该单位的依据"
    return [facts, Paragraph(f"{why}。", lead="为什么来：", kind="note")]


def _ahead(row: Mapping) -> str:
    if row["expected_injuries"] is None:
        return UNKNOWN
    return f"{row['expected_injuries']:.1f}（80 % 区间 {row['predicted_low']}–{row['predicted_high']}）"


def _times(row: Mapping) -> str:
    if row["posterior_ratio"] is None:
        return UNKNOWN
    return f"{row['posterior_ratio']:.1f} 倍（80 % 区间 {row['ratio_low']:.1f}–{row['ratio_high']:.1f}）"


def _trend(unit: Unit) -> list[Part]:
    rated = [year for year in unit.years if year["rate_pct"] is not None]
    if not rated:
        return [Heading("历年工伤"), Paragraph("没有可用的缴费人数，不计发生率。", kind="note")]
    rate = unit.peers.get("rate")
    band = None
    if rate and rate["peer_quarter"] is not None:
        band = ("同类单位的中间一半", rate["peer_quarter"], rate["peer_three_quarters"])
    image = pictures.trend(
        [f"{year['year']}{'（至今）' if year['is_to_date'] else ''}" for year in unit.years],
        [year["rate_pct"] for year in unit.years],
        [None if year["rate_low_pct"] is None else (year["rate_low_pct"], year["rate_high_pct"]) for year in unit.years],
        ("同类基准", rated[-1]["norm_pct"]), band, "每百人年工伤（%）", CHART_MM)
    drawn = pictures.parts(image, "", "历年工伤发生率与同类基准", CHART_MM[0])
    return [Heading("历年工伤与同类"), *drawn, Paragraph(_compared(unit.listed), kind="note")]


def _compared(row: Mapping) -> str:
    """A statement only where the interval of the ratio to the norm does not hold 1."""
    norm = outlook.ENTERPRISE_OUTLOOK["norm_pct"].description
    if row["ratio_low"] is None:
        return f"基准：{norm}。没有可比的基准，不作判断。"
    if row["ratio_low"] > 1:
        said = "扣除偶然波动后，本单位的风险仍高于同类"
    else:
        said = "扣除偶然波动后，本单位的风险低于同类" if row["ratio_high"] < 1 else "区间包含 1，不能判断本单位高于或低于同类"
    return f"基准：{norm}。{said}：{_times(row)}。"


def _circumstances(unit: Unit) -> list[Part]:
    rows = []
    for dimension, (title,) in (dossiers.DIMENSION.codes or {}).items():
        found = sorted((row for row in unit.profile if row["dimension"] == dimension),
                       key=lambda row: (-row["observed_cases"], row["value"]))
        rows.append(Row((title, *_values(found))))
    fields = (Field("方面"), Field("主要情况：例数、占比（同行业其余单位的占比）"), Field("明显偏多：倍数（95 % 区间）"))
    peers = next((row["peers"] for row in unit.profile), UNKNOWN)
    least = small_cells.LEAST
    note = (f"同行业：{cut(peers, MOST_INDUSTRY)}。少于 {least} 例的并入其余，其余不足 {least} 例的再并入一项。"
            "明显偏多：至少 5 例，校正后不像偶然。")
    table = Table(fields, tuple(rows), widths=(16, 106, 52))
    return [Heading("工伤怎样发生"), table, Paragraph(note, kind="note")]


def _values(found: Sequence[Mapping]) -> tuple[str, str]:
    """The values that may stand alone with the rest in one, as many as fit two lines, and the most notable of them."""
    counts = [row["observed_cases"] for row in found]
    if sum(counts) < small_cells.LEAST:
        return f"不足 {small_cells.LEAST} 例，不列", UNKNOWN
    said, alone = "", 0
    for most in range(MOST_VALUES, -1, -1):
        alone = small_cells.kept(counts, most)
        said = _joined(found[:alone], sum(counts[alone:]))
        if breadth(said) <= MOST_LINE:
            break
    notable = [f"{name_of(row)} {row['ratio']:.1f}（{row['ratio_low']:.1f}–{row['ratio_high']:.1f}）"
               for row in found[:alone] if row["is_notable"] and row["ratio_low"] is not None]
    more = f"等 {len(notable)} 项" if len(notable) > 1 else ""
    return said, (notable[0] + more) if notable else "没有"


def _joined(alone: Sequence[Mapping], rest: int) -> str:
    said = [f"{name_of(row)} {row['observed_cases']} 例、{row['share_pct']:.0f} %（{_number(row['peer_share_pct'])} %）"
            for row in alone]
    return "；".join([*said, *([f"{'其余' if alone else '各项合计'} {rest} 例"] if rest else [])])


def name_of(row: Mapping) -> str:
    """The name of a circumstance without the number of its group of posts."""
    return re.sub(r" [\d-]+$", "", row["value_name"])


def _peers(unit: Unit) -> list[Part]:
    fields = tuple(map(Field, (
        "指标", "本单位", "同类低位（25 %）", "同类中位（50 %）", "同类高位（75 %）", "同类中低于本单位的", "同类、家数")))
    rows = tuple(Row(_peer(unit.peers[measure], *look)) for measure, look in MEASURES.items() if measure in unit.peers)
    if not rows:
        return [Heading("费用与同类"), Paragraph("没有可比的同类单位。", kind="note")]
    table = Table(fields, rows, widths=(24, 22, 21, 21, 21, 23, 42))
    return [Heading("费用与同类"), table, Paragraph(_money(unit), kind="note")]


def _peer(row: Mapping, unit: str, decimals: int) -> tuple[str, ...]:
    names = ("own", "peer_quarter", "peer_median", "peer_three_quarters")
    below = UNKNOWN if row["below_share_pct"] is None else f"{row['below_share_pct']:.0f} %"
    title = (dossiers.MEASURE.codes or {})[row["measure"]][0]
    return (f"{title} {unit}", *(_number(row[name], decimals) for name in names), below,
            f"{cut(row['peers'], MOST_PEERS)} {row['peer_units']} 家")


def _money(unit: Unit) -> str:
    """Sums over all the years shown: those of one year, or of few injuries, could be one person's."""
    injuries = sum(year["injuries"] for year in unit.years)
    premium = sum(year["premium_yuan"] or 0 for year in unit.years)
    payout = [year["payout_yuan"] for year in unit.years if year["payout_yuan"] is not None]
    span = f"{unit.years[0]['year']}–{unit.years[-1]['year']} 年" if unit.years else ""
    is_shown = payout and injuries >= small_cells.LEAST
    paid = f"基金支付 {sum(payout):,.0f} 元" if is_shown else "基金支付不列（工伤过少或没有支付数据）"
    return f"{span}工伤 {injuries:,} 人次，征缴保费 {premium:,.0f} 元，{paid}；支缴率受个别大额支付影响很大。"


def _visit(unit: Unit) -> list[Part]:
    """The second page: what to look at, what to ask, room for notes."""
    fields = tuple(map(Field, ("起因", "看什么", "怎么办", "参考", "现场情况")))
    rows = tuple(Row((CAUSE[item.cause][0], item.check, item.measure, item.basis.replace("；", "\n"), "□好 □改"))
                 for item in unit.hazards)
    asked = "\n".join(f"{number}. {question}" for number, question in enumerate(unit.questions, 1))
    notes = Table((Field("专家记录：发现的隐患、建议的措施与期限、单位的意见"),), (Row(("\n" * NOTE_LINES,)),))
    signed = Table(tuple(map(Field, ("专家", "日期", "单位陪同人员", "复查日期"))), (Row(("\n", BLANK, BLANK, BLANK)),))
    definition = cut(next((year["definition"] for year in unit.years), UNKNOWN), MOST_DEFINITION)
    closing = f"发生率口径：{definition}。本档为统计初稿，供现场核对，不是对单位安全管理的评价。"
    return [Heading("看什么、怎么办"), Table(fields, rows, widths=(17, 56, 54, 27, 20)), Heading("问什么"),
            *(Paragraph(line, kind="note") for line in asked.split("\n")), Heading("记录"), notes, signed,
            Paragraph(closing, kind="note")]


def order_of(row: Mapping) -> str:
    """Its place on the list in words."""
    return f"名单第 {row['rank']} 名" if row["rank"] is not None else "名单外审定"
