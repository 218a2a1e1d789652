"""The sheets 认定滞后, 口径对照, 规划目标: how complete figures are, the rate by other definitions, how far targets are reached.

Belongs here: choosing and wording; every figure was computed in the marts. How it looks is in xlsx.py.
"""

from collections.abc import Iterable, Mapping

import pyarrow as pa

from pipelines.contracts import tracking
from pipelines.contracts.model import Column
from pipelines.reports import Field, Row, Sheet, Value
from pipelines.reports.cells import cells, month_text, shown

DEVELOPMENT, COMPARISON, PROGRESS = tracking.CLAIM_DEVELOPMENT, tracking.DEFINITION_COMPARISON, tracking.TARGET_PROGRESS
# Rates of a city differ between definitions in the third decimal.
FINE, POLICY = 3, "policy"
OFFICIAL = (("numerator", "分子", 0), ("denominator", "分母", 0), ("rate", "率", FINE))


def sheets(tables: Mapping[str, pa.Table]) -> list[Sheet]:
    """The three sheets, each where it has something to say."""
    return [*_development(tables[DEVELOPMENT.name].to_pylist()), *_comparison(tables[COMPARISON.name].to_pylist()),
            *_progress(tables[PROGRESS.name].to_pylist())]


def _fine(column: Column) -> Field:
    return Field(column.title, column.unit if column.unit != "按单位" else "", True, FINE)


def _development(rows: list[dict]) -> list[Sheet]:
    """One row for each age of all cases, with the completeness of every group beside it."""
    by_group: dict[str, dict[int, dict]] = {group: {} for group in tracking.GROUPS}
    for row in rows:
        by_group[row["development_group"]][row["months_since"]] = row
    whole = [row for _, row in sorted(by_group["all"].items()) if row["completeness_pct"] is not None]
    if not whole:
        return []
    names = ("months_since", "accident_month", "claims_known", "claims_expected", "claims_expected_low", "claims_expected_high",
             "completeness_pct", "completeness_low_pct", "completeness_high_pct")
    columns = [DEVELOPMENT[name] for name in names]
    others = [group for group in tracking.GROUPS if group != "all"]
    made = tuple(
        Row((*cells(columns, row), *(by_group[group][row["months_since"]]["completeness_pct"] for group in others)),
            "plain" if row["is_stable"] else "reference")
        for row in whole)
    titles = [shown(DEVELOPMENT["development_group"], group) for group in others]
    fields = (*map(Field.of, columns), *(Field(f"完整度（{title}）", "%", True, 1) for title in titles))
    return [Sheet("认定滞后", DEVELOPMENT.title, tuple(_development_notes(whole[0], by_group)), fields, made)]


def _development_notes(row: Mapping, by_group: Mapping[str, Mapping[int, dict]]) -> Iterable[str]:
    span = f"{month_text(row['known_from_month'])} 至 {month_text(row['known_to_month'])}"
    yield (f"事故发生后若干个月时，最终会认定的工伤中已有多少认定（用 {span} 的认定，链梯法）；近几个月的发生率因此偏低。"
           "预计最终 = 已认定 ÷ 完整度，区间为 95 %；灰 = 区间宽，不可靠；过低的不推算。")
    pooled = [shown(DEVELOPMENT["development_group"], group) for group, ages in by_group.items()
              if ages and ages[0]["pattern"] == "pooled"]
    if pooled:
        yield f"件数不足、用全部的规律：{'、'.join(map(str, pooled))}。"


def _comparison(rows: list[dict]) -> list[Sheet]:
    """The newest year with a rate under each definition, the year before beside it."""
    rated = [row["year"] for row in rows if row["rate"] is not None]
    if not rated:
        return []
    year = max(rated)
    before = {row["definition_id"]: row["rate"] for row in rows if row["year"] == year - 1}
    of_year = [row for row in rows if row["year"] == year]
    of_year.sort(key=lambda row: (row["definition_id"] != POLICY, row["city"] is None, row["definition_title"]))
    made = tuple(Row(_compared(row, before.get(row["definition_id"])), "total" if row["definition_id"] == POLICY else "plain")
                 for row in of_year)
    names = ("definition_title", "city", "numerator", "denominator", "rate_unit")
    first = tuple(Field.of(COMPARISON[name]) for name in names)
    limits = tuple(_fine(COMPARISON[name]) for name in ("rate", "rate_low", "rate_high"))
    fields = (*first, *limits, Field(f"{year - 1} 年的率", "", True, FINE), Field.of(COMPARISON["completeness_pct"]),
              Field("年报所报（明细减年报）"), Field("怎样算"))
    notes = (f"{year} 年全市的率，按各城市和标准的口径各算一遍；蓝 = 本政策的口径。“只改……”的各行与青岛、常德行相比只改一项。",
             "按事故或报告日期的，近年的认定还没有齐（见完整度和“认定滞后”表）；按认定日期的没有这个问题，但含往年的事故。"
             "分母是全市缴费人数，不剔除派遣去向不明的单位，与“行业发生率”的全市数略有差别。")
    return [Sheet("口径对照", COMPARISON.title, notes, fields, made)]


def _compared(row: Mapping, before: float | None) -> tuple[Value, ...]:
    names = ("definition_title", "city", "numerator", "denominator", "rate_unit", "rate", "rate_low", "rate_high")
    return (*cells([COMPARISON[name] for name in names], row), before, row["completeness_pct"],
            "；".join(_official(row)) or None, row["reason"] or row["definition"])


def _official(row: Mapping) -> Iterable[str]:
    for name, title, decimals in OFFICIAL:
        stated, difference = row[f"official_{name}"], row[f"{name}_difference"]
        if stated is not None and difference is not None:
            yield f"{title} {stated:,.{decimals}f}（{difference:+,.{decimals}f}）"


def _progress(rows: list[dict]) -> list[Sheet]:
    """Every year with a figure, plan by plan; a target without any in one row that says why."""
    names = ("year", "baseline_figure", "required_figure", "figure", "figure_low", "figure_high", "projected_figure",
             "change_pct", "change_low_pct", "change_high_pct", "probability_pct", "verdict", "series_breaks", "reason")
    columns = [PROGRESS[name] for name in names]
    alerts = {"verdict": tracking.VERDICT["behind"][0]}
    fields = (Field("目标"), *(_fine(c) if c.unit == "%或件" else Field.of(c, alerts.get(c.name, "")) for c in columns))
    made: list[Row] = []
    for plan in sorted({row["plan"] for row in rows}):
        made.append(Row((plan, *[None] * len(columns)), "group"))
        for title, own in _by_target([row for row in rows if row["plan"] == plan]):
            made += [Row((title, *cells(columns, row))) for row in own]
    notes = ("应达值由基期推出：发生率为 %，比例为占全部工伤的 %，职业伤害为件数。"
             "同龄值 = 按认定滞后推到与基期同样的数据年龄，进度按它判断；基期满规定月数后不再变动。",
             "达到的把握只计偶然波动；件数少的行业多半“难以判断”。含数列中断的年份与基期不完全可比。")
    return [Sheet("规划目标", PROGRESS.title, notes, fields, tuple(made))] if rows else []


def _by_target(rows: list[dict]) -> Iterable[tuple[str, list[dict]]]:
    """Title of each target and the rows to show of it."""
    for target in sorted({row["target_id"] for row in rows}):
        own = sorted((row for row in rows if row["target_id"] == target), key=lambda row: row["year"])
        aim = own[0]["target_change_pct"]
        title = own[0]["target_title"] + (f"（{aim:+g} %）" if aim is not None else "")
        yield title, [row for row in own if row["figure"] is not None] or own[:1]
