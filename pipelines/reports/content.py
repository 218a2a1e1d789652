"""What is said in the workbooks: which sheets, columns, rows and notes, from the marts of a month.

Belongs here: choosing, ordering and wording; headings, units and decimals come from the contracts. How it looks is in
xlsx.py; the sheets 口径与来源 and 数据质量 are sources.py and quality.py. Does not belong here: any statistic; what is shown
was computed in the marts.
"""

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from pipelines.contracts import codes, core, marts
from pipelines.contracts.model import Column
from pipelines.policy import Policy
from pipelines.reports import Chart, Field, Row, Sheet, Workbook, accounts, quality, sources, tracking
from pipelines.reports.cells import UNKNOWN, WHOLE_TITLE, cells, month_text
from pipelines.reports.sources import entry

MOST_ROWS, FIRST_OF_REGION, CHARTED = 5000, 50, 15
REGION_AND_UNIT = ("region_code", "enterprise_name", "enterprise_id", "industry_name")
LIST, RATES, FUND, OUTREACH = (
    marts.PRIORITY_ENTERPRISE, marts.INDUSTRY_RATE, marts.FUND_BALANCE, marts.OUTREACH_ENTERPRISE)
WHY = (LIST["criteria_met"], LIST["evidence"])
TONES = ("total", "group", "plain")
LEVELS = (WHOLE_TITLE, core.INDUSTRY_LEVELS[0].title, core.INDUSTRY_LEVELS[1].title)


def suggested_list(tables: Mapping[str, pa.Table], month: int, policy: Policy, is_simulated: bool) -> Workbook:
    """The workbook 建议名单 of a month, from the marts by name (any may be empty)."""
    listed, rates = tables[LIST.name].to_pylist(), tables[RATES.name].to_pylist()
    sheets = [_list(listed, policy), *_excluded(listed, policy), *_industries(rates, policy),
              *_outreach(tables[OUTREACH.name].to_pylist()), _fund(tables[FUND.name].to_pylist()), *tracking.sheets(tables),
              *accounts.sheets(tables), sources.sheet(tables, policy), *quality.sheets(tables[marts.DATA_QUALITY.name])]
    subtitle = f"数据截止 {month_text(month)}　政策：{policy.title}"
    return Workbook("建议名单", month, marks(is_simulated), subtitle, tuple(sheets))


def marks(is_simulated: bool) -> tuple[str, ...]:
    """What stands on every page: who may see it, and that the data are simulated where they are."""
    return (LIST.level, "模拟数据") if is_simulated else (LIST.level,)


def _figures(policy: Policy) -> list[Column]:
    return [LIST[f"{name}_{policy.rule.period}"] for name in ("injuries", "person_years", "rate_pct", "pay_ratio")]


def _list(rows: list[dict], policy: Policy) -> Sheet:
    regions = {row["region_code"] for row in rows}
    ranked = [row for row in rows if row["excluded_reason"] is None and row["rank"] is not None]
    shown = _most_wanted(ranked)
    first = [LIST["rank"], *([LIST["region_code"]] if len(regions) > 1 else [])]
    rest = [*(LIST[name] for name in REGION_AND_UNIT[1:]), *_figures(policy), *WHY]
    made = [Row((*cells(first, row), _state(row)[0], *cells(rest, row)), _state(row)[1]) for row in shown]
    fields = (*map(Field.of, first), Field("状态"), *map(Field.of, rest))
    return Sheet("建议名单", LIST.title, tuple(_list_notes(ranked, regions, len(shown), policy)), fields, tuple(made))


def _state(row: Mapping) -> tuple[str, str]:
    if row["is_listed"]:
        return LIST["is_listed"].title, "listed"
    return (LIST["is_reserve"].title, "reserve") if row["is_reserve"] else ("参考", "reference")


def _most_wanted(rows: list[dict]) -> list[dict]:
    """All where they are few; else the listed and the first of each region, then reserves, then others, by rank."""
    def wanted(row: dict) -> tuple:
        is_certain = row["is_listed"] or row["rank"] <= FIRST_OF_REGION
        return not is_certain, not row["is_reserve"], row["rank"], row["region_code"]

    certain = sum(not wanted(row)[0] for row in rows)
    return sorted(sorted(rows, key=wanted)[:max(MOST_ROWS, certain)], key=lambda row: (row["region_code"], row["rank"]))


def _list_notes(rows: list[dict], regions: set[str], shown: int, policy: Policy) -> Iterable[str]:
    states = [_state(row)[0] for row in rows]
    yield entry(policy)
    counted = "、".join(f"{state} {states.count(state):,} 家" for state in ("入选", "备选", "参考"))
    where = f"（{len(regions)} 个地区）" if len(regions) > 1 else ""
    rest = f"本表列出其中 {shown:,} 家，其余见数据表。" if shown < len(rows) else ""
    yield f"各地区名次在前的单位{where}：{counted}（参考 = 未符合准入，仅供比较）。{rest}"
    without = regions - {row["region_code"] for row in rows if row["is_entered"]}
    if without == regions:
        yield "没有单位符合准入条件，本月没有入选单位。"
    elif without:
        yield f"没有单位符合准入条件的地区：{'、'.join(sorted(without))}。"


def _excluded(rows: list[dict], policy: Policy) -> list[Sheet]:
    out = [row for row in rows if row["excluded_reason"] is not None]
    columns = [*(LIST[name] for name in (*REGION_AND_UNIT, "excluded_reason")), *_figures(policy), *WHY]
    out.sort(key=lambda row: (row["region_code"], row["excluded_reason"], row["enterprise_id"]))
    notes = ("符合准入条件但不参加排序的单位。" + _cut(len(out)),)
    return [_table("排除", "不参加排序的单位", notes, columns, out)] if out else []


def _cut(number: int, first: str = "其余见数据表") -> str:
    return f"共 {number:,} 家" + (f"，列出 {MOST_ROWS:,} 家（{first}）。" if number > MOST_ROWS else "。")


def _table(name: str, title: str, notes: Sequence[str], columns: Sequence[Column], rows: Sequence[Mapping]) -> Sheet:
    made = tuple(Row(cells(columns, row)) for row in rows[:MOST_ROWS])
    return Sheet(name, title, tuple(notes), tuple(map(Field.of, columns)), made)


def _outreach(rows: list[dict]) -> list[Sheet]:
    columns = [OUTREACH[name] for name in (*REGION_AND_UNIT, "criteria_met", "evidence")]
    kept = sorted(rows, key=lambda row: (-row["criteria_met"].count("；"), row["enterprise_id"]))[:MOST_ROWS]
    kept.sort(key=lambda row: (row["region_code"] or "", row["enterprise_id"]))
    notes = ["至少符合一项条件的单位（不含已注销）。" + _cut(len(rows), "符合条件多的优先")]
    return [_table("宣传培训重点", OUTREACH.title, notes, columns, kept)] if rows else []


def _period(rows: list[dict]) -> tuple[str, list[dict]]:
    """The newest whole year, or the next period that has a rate, or any row."""
    periods = ("last_year", "last_3_years", "year_to_date")
    of = {name: [row for row in rows if row["period"] == name and row["level"] <= 2] for name in periods}
    rated = [name for name in periods if any(row["rate_pct"] is not None for row in of[name])]
    name = next(iter(rated or [name for name in periods if of[name]]), periods[0])
    return name, of[name]


def _industries(rows: list[dict], policy: Policy) -> list[Sheet]:
    period, chosen = _period(rows)
    chosen = sorted(({**r, "difference": r["difference"] if r["level"] else None} for r in chosen), key=_place)
    names = ("industry_code", "industry_name", "enterprises", "person_years", "injuries", "rate_pct", "rate_low_pct",
             "rate_high_pct", "completed_rate_pct", "enterprises_above_threshold", "difference", "change_pct", "pay_ratio")
    columns = [RATES[name] for name in names]
    fields = (Field(RATES["level"].title), *(Field.of(c, "高于" if c.name == "difference" else "") for c in columns))
    made = tuple(Row((LEVELS[r["level"]], *cells(columns, r)), TONES[r["level"]]) for r in chosen)
    window = _window(period, chosen)
    notes = (window + f"超阈值 = 发生率高于 {policy.rate.threshold_pct:g} %（单位数中有几家）。",
             f"发生率上下限：{RATES['rate_low_pct'].description}；{RATES['difference'].title}：{RATES['difference'].description}。",
             f"{RATES['completed_rate_pct'].title}：按认定滞后推到最终（见“认定滞后”表）；发生率、区间和比较用的仍是已认定的。")
    return [Sheet("行业发生率", RATES.title, notes, fields, made), *_chart(chosen, window)]


def _place(row: Mapping) -> tuple:
    """The whole city, then each section before its divisions, what is not divided after them, the unknown last."""
    code = row["industry_code"]
    return row["level"] > 0, code == UNKNOWN, code.replace("*", "~"), row["level"]


def _window(period: str, rows: list[dict]) -> str:
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


def _fund(rows: list[dict]) -> Sheet:
    columns = [column for column in FUND.columns if column.name not in ("as_of_month", "definition")]
    rows.sort(key=lambda row: (row["pool"], row["year"]))
    notes = [f"{column.title}：{column.description}。" for column in (FUND["cap_yuan"], FUND["is_reported"])]
    return _table("基金收支", FUND.title, ["　".join(notes) if rows else "没有基金收支数据。"], columns, rows)
