"""主要指标: the figures that the meeting asks for first, each with its change on the year or what else there is to know of it.

Belongs here: choosing and wording; every figure was computed in the marts.
"""

from collections.abc import Iterable, Mapping, Sequence

from pipelines.contracts import codes, marts
from pipelines.reports.board import Card, Section
from pipelines.reports.cells import month_text
from pipelines.reports.content import newest_period

RATES, FUND = marts.INDUSTRY_RATE, marts.FUND_BALANCE
NONE, NO_PREMIUMS = "—", "没有可用的缴费人数"
TEN_THOUSAND = 10_000


def section(rates: list[dict], fund: list[dict], listed: Sequence[Mapping]) -> Section:
    """The key figures from the rows of industry_injury_rate, fund_balance and priority_enterprise."""
    period, _ = newest_period(rates)
    city = {row["period"]: row for row in rates if row["level"] == 0}
    year = city.get(period)
    cards = [*_counts(year, city), _pay_ratio(year), _cap(fund), _complete(year), _listed(listed)]
    if year is not None:
        cards.insert(0, _rate(year))
    return Section("overview", "主要指标", tuple(_says(period, year)), tuple(cards))


def _says(period: str, year: Mapping | None) -> Iterable[str]:
    if year is None:
        yield "本月没有工伤认定和缴费数据可计。"
        return
    title = codes.PERIOD[period][0]
    short = f"，只有 {year['months_covered']} 个月的缴费数据" if year["is_short"] else ""
    yield f"除另有说明，均为{title}（{month_text(year['first_month'])} 至 {month_text(year['last_month'])}{short}）。"
    yield f"口径：{year['definition']}。"


def number(value: float | None, decimals: int = 0) -> str:
    """A number as it is read; a dash where it is unknown."""
    return NONE if value is None else f"{value:,.{decimals}f}"


def signed(value: float, decimals: int = 1) -> str:
    """A change with its sign; a true minus."""
    return f"{value:+,.{decimals}f}".replace("-", "−")


def _rate(row: Mapping) -> Card:
    if row["rate_pct"] is None:
        return Card(RATES["rate_pct"].title, NONE, "", (NO_PREMIUMS,))
    notes = [f"95 % 区间 {row['rate_low_pct']:.3f}–{row['rate_high_pct']:.3f} %"]
    if row["change_pct"] is not None:
        notes.append(f"比上年 {signed(row['change_pct'])} %")
    if row["completed_rate_pct"] is not None:
        notes.append(f"补上认定滞后约 {row['completed_rate_pct']:.3f} %")
    return Card(RATES["rate_pct"].title, f"{row['rate_pct']:.3f}", "%", tuple(notes))


def _counts(year: Mapping | None, city: Mapping[str, Mapping]) -> Iterable[Card]:
    """Injuries, deaths, severe ones; beside them this year's to date and what was known of it a year ago."""
    to_date, before = city.get("year_to_date"), city.get("same_period_last_year")
    for name, title in (("injuries", "工伤"), ("deaths", "工亡"), ("severe", "1–4 级伤残")):
        notes = []
        if to_date is not None:
            notes.append(f"本年累计 {to_date[name]:,}" + (f"，上年同期 {before[name]:,}" if before is not None else ""))
        unit = "人次" if name == "injuries" else "人"
        yield Card(title, number(year[name]) if year is not None else NONE, unit, tuple(notes))


def _pay_ratio(year: Mapping | None) -> Card:
    title = RATES["pay_ratio"].title
    if year is None or year["pay_ratio"] is None:
        return Card(title, NONE, "", ("没有征缴保费",))
    money = (f"{name} {wan(year[column])} 万元" for name, column in (("支付", "payout_yuan"), ("征缴", "premium_yuan")))
    return Card(title, f"{year['pay_ratio']:,.1f}", "%", ("，".join(money),))


def wan(yuan) -> str:
    """Yuan in units of ten thousand."""
    return f"{yuan / TEN_THOUSAND:,.1f}"


def _cap(fund: list[dict]) -> Card:
    """The cap of the newest year that has one, with what was allotted and used."""
    capped = [row for row in fund if row["cap_yuan"] is not None]
    if not capped:
        return Card(FUND["cap_yuan"].title, NONE, "", ("没有上年度十二个月的征缴收入",))
    row = max(capped, key=lambda row: (row["year"], row["cap_yuan"], row["pool"]))
    notes = [f"{row['year']} 年：{FUND['cap_yuan'].description}"]
    notes += [f"{title} {wan(row[name])} 万元" for name, title in (("allotted_yuan", "下达"), ("used_yuan", "已支出"))
              if row[name] is not None]
    return Card(FUND["cap_yuan"].title, wan(row["cap_yuan"]), "万元", tuple(notes))


def _complete(year: Mapping | None) -> Card:
    """Which part of the injuries that will be recognised in the end is known."""
    if year is None or not year["completed_injuries"]:
        return Card("认定完整度", NONE, "", ("尚不能估计，见“来源与口径”",))
    share = min(100.0, 100 * year["injuries"] / year["completed_injuries"])
    said = f"已认定 {year['injuries']:,}，预计最终约 {year['completed_injuries']:,.0f} 人次"
    return Card("认定完整度", f"{share:.1f}", "%", (said,))


def _listed(rows: Sequence[Mapping]) -> Card:
    listed = [row for row in rows if row["is_listed"]]
    excess = [row["excess_injuries"] for row in listed if row["excess_injuries"] is not None]
    notes = [f"另有备选 {sum(row['is_reserve'] for row in rows):,} 家"]
    if excess:
        notes.append(f"来年超额工伤合计 {sum(excess):,.1f} 人次")
    return Card("建议入选单位", number(len(listed)), "家", tuple(notes) if rows else ("没有名单",))
