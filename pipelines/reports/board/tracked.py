"""规划目标, 回测 and 数据质量: how far targets are reached, which rule served best, how good the data are.

Belongs here: choosing and wording; every figure was computed in the marts.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts import marts, tracking
from pipelines.contracts.evaluation import LIST_BACKTEST, RULES
from pipelines.reports import evaluation, quality
from pipelines.reports.board import Bars, Interval, Intervals, Section, Series
from pipelines.reports.cells import month_text
from pipelines.reports.tracking import sheets as tracking_sheets

PROGRESS, QUALITY = tracking.TARGET_PROGRESS, marts.DATA_QUALITY
TARGETS, BATCHES = "规划目标", 12
VERDICTS = tuple((verdict, tracking.VERDICT[verdict][0]) for verdict in ("on_pace", "unclear", "behind"))


def target_section(tables: Mapping[str, pa.Table]) -> Section:
    """规划目标: the change of the newest year on the baseline, target by target, beside what the plan wants at its end."""
    newest: dict[str, dict] = {}
    for row in sorted(tables[PROGRESS.name].to_pylist(), key=lambda row: row["year"]):
        if row["change_pct"] is not None and row["target_change_pct"] is not None and row["year"] > row["baseline_year"]:
            newest[row["target_id"]] = row
    sheets = tuple(sheet for sheet in tracking_sheets(tables) if sheet.name == TARGETS)
    if not newest:
        return Section("targets", TARGETS, missing="还没有可与基期比较的年度。", sheets=sheets)
    rows = tuple(_target(row) for _, row in sorted(newest.items()))
    chart = Intervals("chart-targets", "最近一年比基期的变化（同龄值），95 % 区间", "比基期变化，%", rows, VERDICTS, 0.0, "基期",
                      "规划期末的目标")
    counted = Counter(row["verdict"] for row in newest.values())
    said = "，".join(f"{title} {counted[verdict]} 项" for verdict, title in VERDICTS)
    return Section("targets", TARGETS, (f"按最近一年：{said}。菱形是规划期末的目标，本年应达的值见表。", *sheets[0].notes),
                   charts=(chart,), sheets=tuple(replace(sheet, notes=()) for sheet in sheets))


def _target(row: Mapping) -> Interval:
    verdict = row["verdict"] or "unclear"
    limits = (row["change_low_pct"], row["change_high_pct"])
    low, high = (row["change_pct"] if limit is None else limit for limit in limits)
    aim = row["target_change_pct"]
    sure = f"，达到的把握 {row['probability_pct']:.0f} %" if row["probability_pct"] is not None else ""
    hover = (f"{row['target_title']}（{row['plan']}）", f"{row['year']} 年比 {row['baseline_year']} 年 {row['change_pct']:+.1f} %"
             f"（{low:+.1f} 至 {high:+.1f}）", f"期末目标 {aim:+g} %{sure}")
    label = f"{row['target_title']} {row['year']} 比 {row['baseline_year']}"
    return Interval(label, row["change_pct"], low, high, verdict, hover, aim)


def backtest_section(tables: Mapping[str, pa.Table]) -> Section:
    """名单回测 and 项目成效: which rule served best in this city, in two sentences and bars."""
    rows = tables[LIST_BACKTEST.name].to_pylist()
    sheets = tuple(sheet for sheet in evaluation.sheets(tables) if sheet.chart is None)
    if not rows:
        why = "还没有可以回测的年度：需要一个完整的年度，和它之前一年的数据。"
        return Section("backtest", LIST_BACKTEST.title, missing=why, sheets=sheets)
    years = sorted({row["year"] for row in rows})
    of = {(row["rule"], row["year"]): row["foresight_share"] for row in rows}
    rules = sorted((rule for rule in RULES if rule != evaluation.FORESIGHT and any((rule, year) in of for year in years)),
                   key=lambda rule: -(of.get((rule, years[-1])) or 0))
    tones = ("quiet", "second", "main")[-len(years):]
    series = tuple(Series(f"{year} 年", tuple(of.get((rule, year)) for rule in rules), tone)
                   for year, tone in zip(years[-len(tones):], tones, strict=True))
    titles = tuple(RULES[rule][0] for rule in rules)
    chart = Bars("chart-backtest", "各规则的名单占事后最优名单的比例", "占最优的比例，%", titles, series, is_lying=True)
    sheets = (replace(sheets[0], notes=sheets[0].notes[2:]), *sheets[1:])
    return Section("backtest", LIST_BACKTEST.title, evaluation.sentences(rows), charts=(chart,), sheets=sheets)


def quality_section(table: pa.Table) -> Section:
    """数据质量: how many findings each batch had, and what is wrong with the newest of each kind."""
    found = quality.sheets(table)
    if not found:
        return Section("quality", QUALITY.title, missing="没有收到数据。")
    of_all = (pc.field("agency") == quality.EVERYWHERE) & (pc.field("verdict") != "good")
    whole = table.filter(of_all & (pc.field("affected") > 0))
    counted = Counter(zip(whole["batch_month"].to_pylist(), whole["verdict"].to_pylist(), strict=True))
    batches = sorted(table["batch_month"].unique().to_pylist())[-BATCHES:]
    labels = tuple(month_text(batch) for batch in batches)
    series = tuple(Series(title, tuple(counted[batch, verdict] for batch in batches), tone)
                   for verdict, title, tone in (("bad", "须改正", "alert"), ("watch", "留意", "second")))
    chart = Bars("chart-quality", "各批次须改正和留意的问题", "项", labels, series, is_stacked=True)
    return Section("quality", QUALITY.title, tuple(_totals(counted, batches)), charts=(chart,), sheets=tuple(found))


def _totals(counted: Counter, batches: list[int]) -> Iterable[str]:
    """How the newest batch stands beside the one before it."""
    bad, watch = (counted[batches[-1], verdict] for verdict in ("bad", "watch"))
    before = ""
    if len(batches) > 1:
        before = f"；上一批 {counted[batches[-2], 'bad']:,} 项、{counted[batches[-2], 'watch']:,} 项"
    yield f"最新一批（{month_text(batches[-1])}）：须改正 {bad:,} 项，留意 {watch:,} 项{before}。"
