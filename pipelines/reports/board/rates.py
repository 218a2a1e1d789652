"""行业 and 散布: the rates of industries with their intervals, the rates of enterprises against chance.

Belongs here: choosing and wording; rates and limits were computed elsewhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipelines.contracts import codes, marts
from pipelines.funnel import CONFIDENCES, LEAST_PERSON_YEARS, Funnel, Unit
from pipelines.policy import Policy
from pipelines.reports.board import Curve, Group, Interval, Intervals, Point, Scatter, Section
from pipelines.reports.board.overview import NO_PREMIUMS
from pipelines.reports.content import industries, newest_period

RATES = marts.INDUSTRY_RATE
CHARTED, LINE_LENGTH, ROOM = 25, 30, 1.6
SIDES = (("above", "高于全市"), ("none", "无显著差别"), ("below", "低于全市"))


def industry_section(rates: list[dict], policy: Policy) -> Section:
    """行业发生率 from the rows of industry_injury_rate: the divisions with most injuries, the highest rate on top."""
    _, chosen = newest_period(rates)
    rated = [row for row in chosen if row["rate_pct"] is not None]
    divisions = (row for row in rated if row["level"] == 2 and row["injuries"])
    most = sorted(divisions, key=lambda row: (-row["injuries"], row["industry_code"]))[:CHARTED]
    if not most:
        return Section("industries", "行业发生率", missing=f"没有可计发生率的行业：{NO_PREMIUMS}，或没有工伤。")
    city = next((row for row in rated if row["level"] == 0), None)
    most.sort(key=lambda row: (-row["rate_pct"], row["industry_code"]))
    rows = tuple(Interval(_name(r), r["rate_pct"], r["rate_low_pct"], r["rate_high_pct"], r["difference"] or "none",
                          tuple(_industry_said(r))) for r in most)
    line = (city["rate_pct"], f"全市 {city['rate_pct']:.3f} %") if city else (None, "")
    title, top = f"工伤最多的 {len(rows)} 个大类：发生率与 95 % 区间", round(ROOM * max(row.value for row in rows), 4)
    chart = Intervals("chart-industries", title, "工伤发生率，%", rows, SIDES, *line, top=top)
    sheet = industries(rates, policy)[0]
    says = ("竖线是全市发生率。横线（区间）整个在竖线一侧的行业，才说高于或低于全市；"
            "横线越长，人数越少，数越不稳，伸出图外的不画全。", sheet.notes[0])
    sheet = replace(sheet, notes=sheet.notes[1:])
    return Section("industries", "行业发生率", says, charts=(chart,), sheets=(sheet,))


def _name(row: Mapping) -> str:
    return row["industry_name"] or row["industry_code"]


def _industry_said(row: Mapping) -> Iterable[str]:
    yield _name(row)
    yield f"发生率 {row['rate_pct']:.3f} %（{row['rate_low_pct']:.3f}–{row['rate_high_pct']:.3f}）"
    yield f"工伤 {row['injuries']:,} 人次，{row['person_years']:,.0f} 人年，{row['enterprises']:,} 家"
    if row["change_pct"] is not None:
        yield f"比上年 {row['change_pct']:+.1f} %"


def funnel_section(funnel: Funnel, listed: Sequence[Mapping]) -> Section:
    """The funnel; those listed and in reserve say their evidence on pointing."""
    if not funnel.enterprises or funnel.rate_pct is None:
        return Section("funnel", "单位散布", missing=f"不能画出单位的发生率：{NO_PREMIUMS}。")
    evidence = {row["enterprise_id"]: row for row in listed if row["is_listed"] or row["is_reserve"]}
    groups = tuple(group for group in _groups(funnel, evidence) if group.points)
    title = f"{codes.PERIOD[funnel.period][0]}：{funnel.enterprises:,} 家单位的发生率与人年"
    chart = Scatter("chart-funnel", title, "人年（对数刻度）", "工伤发生率，%", groups, tuple(_curves(funnel)), funnel.top_pct)
    says = (
        f"单位的内在水平若都等于全市（{funnel.rate_pct:.3f} %），{_percent(CONFIDENCES[0])} 会落在内侧两条线之间，"
        f"{_percent(CONFIDENCES[1])} 落在外侧两条线之间。"
        "人年越少，只凭偶然就能到多高的线越高：小单位的高发生率多半什么也说明不了。",
        f"外侧上线之上 {funnel.above:,} 家，下线之下 {funnel.below:,} 家。各单位本来就有高有低，所以线外的会比偶然的多；"
        "线外不等于入选，名单按政策的规则产生。高于图顶的画在图顶，指向时显示实际值；拖动可放大，双击还原。",
    )
    return Section("funnel", "单位散布", says, charts=(chart,))


def _groups(funnel: Funnel, evidence: Mapping[str, Mapping]) -> Iterable[Group]:
    top = funnel.top_pct
    if funnel.cells:
        yield Group("其他单位（越深越多）", "cells", tuple(
            Point(x, min(y, top), (f"这一格 {count:,} 家", f"约 {x:,.0f} 人年，{y:.2f} %"), count)
            for x, y, count in funnel.cells))
    states = {unit: ("listed" if row["is_listed"] else "reserve") for unit, row in evidence.items()}
    for tone, title in (("plain", "其他单位"), ("reserve", "备选"), ("listed", "入选")):
        of_state = (unit for unit in funnel.units if states.get(unit.enterprise_id, "plain") == tone)
        yield Group(title, tone, tuple(
            Point(max(unit.person_years, LEAST_PERSON_YEARS), min(unit.rate_pct, top), tuple(_unit_said(unit, evidence)))
            for unit in of_state))


def _unit_said(unit: Unit, evidence: Mapping[str, Mapping]) -> Iterable[str]:
    yield unit.name
    yield f"{unit.person_years:,.1f} 人年，工伤 {unit.injuries:,} 人次，发生率 {unit.rate_pct:.2f} %"
    row = evidence.get(unit.enterprise_id)
    if row is not None:
        text = f"第 {row['rank']} 名。{row['evidence']}"
        yield from (text[start:start + LINE_LENGTH] for start in range(0, len(text), LINE_LENGTH))


def _curves(funnel: Funnel) -> Iterable[Curve]:
    """The limits, and the city's rate across."""
    for limit in funnel.limits:
        inside = [(x, y) for x, y in zip(limit.person_years, limit.rate_pct, strict=True) if y <= funnel.top_pct]
        x, y = (tuple(point[side] for point in inside) for side in (0, 1))
        yield Curve(f"{_percent(limit.confidence)} 界限", "inner" if limit.confidence == CONFIDENCES[0] else "outer", x, y)
    ends = (LEAST_PERSON_YEARS, max(limit.person_years[-1] for limit in funnel.limits if limit.person_years))
    yield Curve("全市", "mean", ends, (funnel.rate_pct, funnel.rate_pct))


def _percent(share: float) -> str:
    return f"{100 * share:g} %"
