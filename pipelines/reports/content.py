"""What is said in the workbooks: which sheets, columns, rows and notes, from the marts of a month.

Belongs here: choosing, ordering and wording; headings, units and decimals come from the contracts. How it looks is in
xlsx.py; the sheets of the lists, groups, commuters, 对账, 口径与来源 and 数据质量 are lists.py, groups.py, commuters.py,
accounts.py, sources.py and quality.py. Does not belong here: any statistic; what is shown was computed in the marts.
"""

from collections.abc import Mapping

import pyarrow as pa

from pipelines.contracts import codes, core, marts
from pipelines.policy import Policy
from pipelines.reports import (
    Chart,
    Field,
    Row,
    Sheet,
    Workbook,
    accounts,
    commuters,
    decisions,
    evaluation,
    groups,
    lists,
    quality,
    sources,
    tracking,
)
from pipelines.reports.cells import UNKNOWN, WHOLE_TITLE, cells, month_text
from pipelines.reports.lists import LIST, OUTREACH, table

CHARTED = 15
RATES, FUND = marts.INDUSTRY_RATE, marts.FUND_BALANCE
TONES = ("total", "group", "plain")
LEVELS = (WHOLE_TITLE, core.INDUSTRY_LEVELS[0].title, core.INDUSTRY_LEVELS[1].title)


def suggested_list(tables: Mapping[str, pa.Table], month: int, policy: Policy, is_simulated: bool) -> Workbook:
    """The workbook 建议名单 of a month, from the marts by name (any may be empty)."""
    listed, rates = tables[LIST.name].to_pylist(), tables[RATES.name].to_pylist()
    sheets = [*lists.suggested(listed, policy), *decisions.sheets(tables[decisions.DECIDED.name].to_pylist()),
              *industries(rates, policy),
              *lists.outreach(tables[OUTREACH.name].to_pylist()), *groups.sheets(tables),
              *commuters.sheets(tables), *evaluation.sheets(tables), *tracking.sheets(tables),
              fund(tables[FUND.name].to_pylist()), *accounts.sheets(tables),
              sources.sheet(tables, policy), *quality.sheets(tables[marts.DATA_QUALITY.name])]
    subtitle = f"数据截止 {month_text(month)}　政策：{policy.title}"
    return Workbook("建议名单", month, marks(is_simulated), subtitle, tuple(sheets))


def marks(is_simulated: bool, *said: str) -> tuple[str, ...]:
    """What stands on every page: who may see it and what else is `said`, and that the data are simulated where they are."""
    first = said or (LIST.level,)
    return (*first, "模拟数据") if is_simulated else first


def newest_period(rows: list[dict]) -> tuple[str, list[dict]]:
    """The newest whole year, or the next period that has a rate, or any row."""
    periods = ("last_year", "last_3_years", "year_to_date")
    of = {name: [row for row in rows if row["period"] == name and row["level"] <= 2] for name in periods}
    rated = [name for name in periods if any(row["rate_pct"] is not None for row in of[name])]
    name = next(iter(rated or [name for name in periods if of[name]]), periods[0])
    return name, of[name]


def industries(rows: list[dict], policy: Policy) -> list[Sheet]:
    """行业发生率 and its chart from the rows of industry_injury_rate."""
    period, chosen = newest_period(rows)
    chosen = sorted(({**r, "difference": r["difference"] if r["level"] else None} for r in chosen), key=_place)
    names = ("industry_code", "industry_name", "enterprises", "person_years", "injuries", "rate_pct", "rate_low_pct",
             "rate_high_pct", "completed_rate_pct", "enterprises_above_threshold", "difference", "change_pct", "pay_ratio")
    columns = [RATES[name] for name in names]
    fields = (Field(RATES["level"].title), *(Field.of(c, "高于" if c.name == "difference" else "") for c in columns))
    made = tuple(Row((LEVELS[r["level"]], *cells(columns, r)), TONES[r["level"]]) for r in chosen)
    window = window_text(period, chosen)
    notes = (window + f"超阈值 = 发生率高于 {policy.rate.threshold_pct:g} %（单位数中有几家）。",
             f"发生率上下限：{RATES['rate_low_pct'].description}；{RATES['difference'].title}：{RATES['difference'].description}。",
             f"{RATES['completed_rate_pct'].title}：按认定滞后推到最终（见“认定滞后”表）；发生率、区间和比较用的仍是已认定的。")
    return [Sheet("行业发生率", RATES.title, notes, fields, made), *_chart(chosen, window)]


def _place(row: Mapping) -> tuple:
    """The whole city, then each section before its divisions, what is not divided after them, the unknown last."""
    code = row["industry_code"]
    return row["level"] > 0, code == UNKNOWN, code.replace("*", "~"), row["level"]


def window_text(period: str, rows: list[dict]) -> str:
    """Which months a table of rates stands on."""
    title = codes.PERIOD[period][0]
    if not rows:
        return "没有行业发生率数据。"
    row, instead = rows[0], "" if period == "last_year" else f"{codes.PERIOD['last_year'][0]}没有发生率，改用{title}。"
    short = f"，只有 {row['months_covered']} 个月的缴费数据" if row["is_short"] else ""
    return f"{instead}时段：{title}（{month_text(row['first_month'])} 至 {month_text(row['last_month'])}{short}）。"


def _chart(rows: list[dict], window: str) -> list[Sheet]:
    """The divisions with most injuries and the whole city, the highest rate first."""
    rated = [row for row in rows if row["rate_pct"] is not None]
    most = sorted((r for r in rated if r["level"] == 2), key=lambda r: (-r["injuries"], r["industry_code"]))[:CHARTED]
    city = [row for row in rated if row["level"] == 0]
    shown = sorted([*city, *most], key=lambda r: (-r["rate_pct"], r["industry_code"]))
    names = ("industry_name", "injuries", "rate_pct", "rate_low_pct", "rate_high_pct", "difference")
    columns = [RATES[name] for name in names]
    tones = {0: TONES[0], "above": "alert"}
    made = tuple(Row(cells(columns, r), tones.get(r["level"] and r["difference"], "plain")) for r in shown)
    beside = f"（{LEVELS[0]} {city[0]['rate_pct']:.2f} %）" if city else ""
    note = window + f"工伤最多的 {len(most)} 个{LEVELS[2]}；红 = 区间整个高于{LEVELS[0]}，灰 = {LEVELS[0]}。"
    chart = Chart(f"工伤最多的 {len(most)} 个{LEVELS[2]}的工伤发生率 %{beside}", 0, 2)
    title = f"{RATES.title}：工伤最多的{LEVELS[2]}"
    return [Sheet("行业发生率图", title, (note,), tuple(map(Field.of, columns)), made, chart)] if most else []


def fund(rows: list[dict]) -> Sheet:
    """基金收支 from the rows of fund_balance."""
    columns = [column for column in FUND.columns if column.name not in ("as_of_month", "definition")]
    rows.sort(key=lambda row: (row["pool"], row["year"]))
    notes = [f"{column.title}：{column.description}。" for column in (FUND["cap_yuan"], FUND["is_reported"])]
    return table("基金收支", FUND.title, ["　".join(notes) if rows else "没有基金收支数据。"], columns, rows)
