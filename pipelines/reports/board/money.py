"""基金 and 预算: the fund by year with the cap of the prevention fee, the plan's programmes against what may be spent.

Belongs here: choosing and wording; every figure was computed in the marts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pipelines.contracts import marts
from pipelines.reports import content, plan
from pipelines.reports.board import Bars, Section, Series
from pipelines.reports.board.overview import TEN_THOUSAND, wan
from pipelines.reports.cells import shown

FUND = marts.FUND_BALANCE
FLOWS = (("collected_yuan", "main"), ("paid_yuan", "second"))
FEES = (("cap_yuan", "quiet"), ("allotted_yuan", "main"), ("used_yuan", "second"))
AXIS = "万元"


def fund_section(rows: list[dict]) -> Section:
    """基金 from the rows of fund_balance: money in and out, then cap, allotment and use of the prevention fee."""
    if not rows:
        return Section("fund", FUND.title, missing="没有基金报表，也没有缴费和待遇支付可以汇总。")
    sheet = content.fund(rows)
    rows = sorted(rows, key=lambda row: (row["year"], row["pool"]))
    labels = tuple(_labels(rows))
    charts = [_bars("chart-fund", "征缴收入与待遇支出", labels, rows, FLOWS)]
    if any(row[name] is not None for row in rows for name, _ in FEES):
        charts.append(_bars("chart-cap", "工伤预防费：上限、下达、支出", labels, rows, FEES))
    return Section("fund", FUND.title, sheet.notes, charts=tuple(charts), sheets=(replace(sheet, notes=()),))


def _labels(rows: list[dict]) -> Iterable[str]:
    """The year; with the pool where a year has several, and how many months it lacks."""
    is_parted = len({row["year"] for row in rows}) < len(rows)
    for row in rows:
        pool = f"{shown(FUND['pool'], row['pool'])} " if is_parted else ""
        short = "" if row["is_reported"] or row["months_covered"] == 12 else f"（{row['months_covered']} 个月）"
        yield f"{pool}{row['year']} 年{short}"


def _bars(name: str, title: str, labels: tuple[str, ...], rows: Sequence[dict], columns: Sequence[tuple[str, str]]) -> Bars:
    """The columns that have any value, in units of ten thousand yuan."""
    series = tuple(Series(FUND[column].title, tuple(_wan(row[column]) for row in rows), tone) for column, tone in columns
                   if any(row[column] is not None for row in rows))
    return Bars(name, title, AXIS, labels, series)


def _wan(yuan) -> float | None:
    return None if yuan is None else round(float(yuan) / TEN_THOUSAND, 4)


def budget_section(rows: list[dict]) -> Section:
    """预算 from the rows of plan_budget: each programme, and the sum against what may be spent."""
    costed = [row for row in rows if row["line"] == "programme" and row["amount_yuan"] is not None]
    ceiling = next((row["amount_yuan"] for row in rows if row["line"] == "ceiling" and row["subject"] == "ceiling"), None)
    if not costed:
        most = f"额度 {wan(ceiling)} 万元；" if ceiling is not None else ""
        why = f"{most}各项目都还没有预算金额，在《项目计划表》中填写后即有。" if rows else "所用政策没有项目计划。"
        return Section("budget", "计划预算", missing=why, sheets=tuple(plan.budget(rows)))
    costed.sort(key=lambda row: row["line_no"])
    chart = Bars("chart-budget", f"{costed[0]['plan_year']} 年各项目的预算", AXIS, tuple(row["title"] for row in costed),
                 (Series("额度内放得下", _parts(costed, True), "main"), Series("超出额度", _parts(costed, False), "alert")),
                 is_lying=True, is_stacked=True)
    total = next((row["amount_yuan"] for row in rows if row["line"] == "total"), None)
    says = []
    if total is not None and ceiling is not None:
        over = total - ceiling
        left = f"超出 {wan(over)} 万元" if over > 0 else f"余 {wan(-over)} 万元"
        says.append(f"{len(costed)} 个项目合计 {wan(total)} 万元，额度 {wan(ceiling)} 万元，{left}。")
    return Section("budget", "计划预算", tuple(says), charts=(chart,), sheets=tuple(plan.budget(rows)))


def _parts(rows: Sequence[dict], is_fitting: bool) -> tuple[float | None, ...]:
    """Amounts of the programmes that fit (those of which it is not known count as fitting), or of the others."""
    return tuple(_wan(row["amount_yuan"]) if (row["is_fitting"] is not False) == is_fitting else None for row in rows)
