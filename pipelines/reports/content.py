"""What is said in the workbooks: which sheets, columns, rows and notes, from the marts of a month.

Belongs here: choosing, ordering and wording; headings, units and decimals come from the contracts. How it looks is in
xlsx.py. Does not belong here: any statistic; what is shown was computed in the marts.
"""

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from pipelines import policy as policies
from pipelines.contracts import codes, core, exports, marts
from pipelines.contracts.model import FLAG, Column
from pipelines.policy import Policy
from pipelines.reports import Chart, Field, Row, Sheet, Value, Workbook

MOST_ROWS, FIRST_OF_REGION, CHARTED = 5000, 50, 15
WHOLE_AREA, WHOLE, UNKNOWN = "000000", "all", "unknown"
REGION_AND_UNIT = ("region_code", "enterprise_name", "enterprise_id", "industry_name")
LIST, RATES, FUND, OUTREACH = (
    marts.PRIORITY_ENTERPRISE, marts.INDUSTRY_RATE, marts.FUND_BALANCE, marts.OUTREACH_ENTERPRISE)
WHY = (LIST["criteria_met"], LIST["evidence"])
SOURCES = core.SOURCE_RECONCILIATION
USED_KINDS = ("enterprise", "premium", "claim", "appraisal", "payout", "fund")
PARTS = ("received", "accepted", "rejected", "superseded", "later")
TONES = ("total", "group", "plain")
LEVELS = ("全市", core.INDUSTRY_LEVELS[0].title, core.INDUSTRY_LEVELS[1].title)
ENTER = {"all": "须同时符合", "any": "符合其一即可"}
ORDERS = {"mean_rank": "各指标名次的均值", "injuries": "工伤人次", "rate": "工伤发生率"}


def suggested_list(tables: Mapping[str, pa.Table], month: int, policy: Policy, is_simulated: bool) -> Workbook:
    """The workbook 建议名单 of a month, from the marts by name (any may be empty)."""
    listed, rates = tables[LIST.name].to_pylist(), tables[RATES.name].to_pylist()
    sheets = [_list(listed, policy), *_excluded(listed, policy), *_industries(rates, policy),
              *_outreach(tables[OUTREACH.name].to_pylist()), _fund(tables[FUND.name].to_pylist()),
              _sources(tables, policy)]
    subtitle = f"数据截止 {_month(month)}　政策：{policy.title}"
    return Workbook("建议名单", month, marks(is_simulated), subtitle, tuple(sheets))


def marks(is_simulated: bool) -> tuple[str, ...]:
    """What stands on every page: who may see it, and that the data are simulated where they are."""
    return (LIST.level, "模拟数据") if is_simulated else (LIST.level,)


def _shown(column: Column, value) -> Value:
    """A value as it is shown: coded ones in Chinese, months as YYYY-MM, unknown ones as None."""
    if value is None or value != value or value == "":
        return None
    if column.codes is not None:
        return column.codes[value][0]
    if column.type == FLAG:
        return codes.YES_NO[str(value).lower()][0]
    if column.unit == "yyyymm":
        return _month(value)
    if column.name in ("region_code", "pool") and value == WHOLE_AREA:
        return LEVELS[0]
    if column.name == "industry_code" and value in (WHOLE, UNKNOWN):
        return None
    return value


def _cells(columns: Iterable[Column], row: Mapping) -> tuple[Value, ...]:
    return tuple(_shown(column, row[column.name]) for column in columns)


def _month(month: int) -> str:
    return f"{month // 100}-{month % 100:02d}"


def _figures(policy: Policy) -> list[Column]:
    return [LIST[f"{name}_{policy.rule.period}"] for name in ("injuries", "person_years", "rate_pct", "pay_ratio")]


def _list(rows: list[dict], policy: Policy) -> Sheet:
    regions = {row["region_code"] for row in rows}
    ranked = [row for row in rows if row["excluded_reason"] is None and row["rank"] is not None]
    shown = _most_wanted(ranked)
    first = [LIST["rank"], *([LIST["region_code"]] if len(regions) > 1 else [])]
    rest = [*(LIST[name] for name in REGION_AND_UNIT[1:]), *_figures(policy), *WHY]
    made = [Row((*_cells(first, row), _state(row)[0], *_cells(rest, row)), _state(row)[1]) for row in shown]
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
    yield _entry(policy)
    counted = "、".join(f"{state} {states.count(state):,} 家" for state in ("入选", "备选", "参考"))
    where = f"（{len(regions)} 个地区）" if len(regions) > 1 else ""
    rest = f"本表列出其中 {shown:,} 家，其余见数据表。" if shown < len(rows) else ""
    yield f"各地区名次在前的单位{where}：{counted}（参考 = 未符合准入，仅供比较）。{rest}"
    without = regions - {row["region_code"] for row in rows if row["is_entered"]}
    if without == regions:
        yield "没有单位符合准入条件，本月没有入选单位。"
    elif without:
        yield f"没有单位符合准入条件的地区：{'、'.join(sorted(without))}。"


def _entry(policy: Policy) -> str:
    rule = policy.rule
    return (f"准入（{ENTER[rule.enter]}）：{'；'.join(c.title for c in rule.criteria)}。每个名单 {rule.places} 个名额，"
            f"排序：{'，其次'.join(ORDERS[key] for key in rule.order)}。")


def _excluded(rows: list[dict], policy: Policy) -> list[Sheet]:
    out = [row for row in rows if row["excluded_reason"] is not None]
    columns = [*(LIST[name] for name in (*REGION_AND_UNIT, "excluded_reason")), *_figures(policy), *WHY]
    out.sort(key=lambda row: (row["region_code"], row["excluded_reason"], row["enterprise_id"]))
    notes = ("符合准入条件但不参加排序的单位。" + _cut(len(out)),)
    return [_table("排除", "不参加排序的单位", notes, columns, out)] if out else []


def _cut(number: int, first: str = "其余见数据表") -> str:
    return f"共 {number:,} 家" + (f"，列出 {MOST_ROWS:,} 家（{first}）。" if number > MOST_ROWS else "。")


def _table(name: str, title: str, notes: Sequence[str], columns: Sequence[Column], rows: Sequence[Mapping]) -> Sheet:
    made = tuple(Row(_cells(columns, row)) for row in rows[:MOST_ROWS])
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
             "rate_high_pct", "enterprises_above_threshold", "difference", "change_pct", "pay_ratio")
    columns = [RATES[name] for name in names]
    fields = (Field(RATES["level"].title), *(Field.of(c, "高于" if c.name == "difference" else "") for c in columns))
    made = tuple(Row((LEVELS[r["level"]], *_cells(columns, r)), TONES[r["level"]]) for r in chosen)
    window = _window(period, chosen)
    notes = (window + f"超阈值 = 发生率高于 {policy.rate.threshold_pct:g} %（单位数中有几家）。",
             f"发生率上下限：{RATES['rate_low_pct'].description}；{RATES['difference'].title}：{RATES['difference'].description}。")
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
    return f"{instead}时段：{title}（{_month(row['first_month'])} 至 {_month(row['last_month'])}{short}）。"


def _chart(rows: list[dict], window: str) -> list[Sheet]:
    """The divisions with most injuries and the whole city, the highest rate first."""
    rated = [row for row in rows if row["rate_pct"] is not None]
    most = sorted((r for r in rated if r["level"] == 2), key=lambda r: (-r["injuries"], r["industry_code"]))[:CHARTED]
    city = [row for row in rated if row["level"] == 0]
    shown = sorted([*city, *most], key=lambda r: (-r["rate_pct"], r["industry_code"]))
    names = ("industry_name", "injuries", "rate_pct", "rate_low_pct", "rate_high_pct", "difference")
    columns = [RATES[name] for name in names]
    tones = {0: TONES[0], "above": "alert"}
    made = tuple(Row(_cells(columns, r), tones.get(r["level"] and r["difference"], "plain")) for r in shown)
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


def _sources(tables: Mapping[str, pa.Table], policy: Policy) -> Sheet:
    by_kind: dict[str, list[dict]] = {}
    for row in tables[SOURCES.name].to_pylist():
        by_kind.setdefault(row["kind"], []).append(row)
    columns = [SOURCES[f"{what}_{part}"] for what in ("rows", "amount") for part in PARTS] + [SOURCES["rows_vanished"]]
    made = tuple(
        Row((kind.title, len(by_kind[name]), *_summed(columns, by_kind[name])))
        for name, kind in exports.EXPORTS.items() if name in by_kind)
    first = Field(SOURCES["kind"].title), Field("文件数", "个", True)
    fields = (*first, *map(Field.of, columns), Field("核对", alert="不符"))
    notes = [*_definitions(tables, policy), *_missing(tables, by_kind)]
    return Sheet("口径与来源", "口径与来源", tuple(notes), fields, made, is_text=True)


def _summed(columns: Sequence[Column], rows: list[dict]) -> tuple[Value, ...]:
    """The sums of a kind (None where no file has a value), and whether received equals the other parts."""
    known = [[row[column.name] for row in rows if row[column.name] is not None] for column in columns]
    sums = [sum(values) if values else None for values in known]
    halves = [[value or 0 for value in sums[start:start + len(PARTS)]] for start in (0, len(PARTS))]
    return *sums, "相符" if all(first == sum(rest) for first, *rest in halves) else "不符"


def _definitions(tables: Mapping[str, pa.Table], policy: Policy) -> Iterable[str]:
    yield f"政策：{policy.title}（{policy.source}；{policy.name}）"
    yield _entry(policy)
    said: dict[str, list[str]] = {}
    for contract in (LIST, OUTREACH, RATES, FUND):
        for text in tables[contract.name]["definition"].unique().to_pylist():
            said.setdefault(text, []).append(contract.title)
    yield from (f"口径（{'、'.join(titles)}）：{text}" for text, titles in said.items())
    if not said:
        yield f"口径：{policies.rate_definition(policy)}；{policies.pay_ratio_definition(policy)}"
    yield ("95 % 区间：把工伤人次看作泊松计数时，与所见次数相容的发生率范围（Garwood 1936 精确区间）。人年少则区间宽；"
           "区间整个高于或低于全市的，才说高于或低于。")
    yield "名单内部使用，供联席会议审定；名次按政策的规则排出，不等于安全风险分级。"


def _missing(tables: Mapping[str, pa.Table], by_kind: Mapping[str, list[dict]]) -> Iterable[str]:
    lacking = [kind for kind in USED_KINDS if not sum(row["rows_accepted"] for row in by_kind.get(kind, ()))]
    if lacking:
        yield f"缺少：没有可用的{'、'.join(exports.EXPORTS[kind].title for kind in lacking)}数据。"
    empty = [table.title for table in (LIST, RATES, FUND, SOURCES) if not tables[table.name].num_rows]
    if empty:
        yield f"本月为空的表：{'、'.join(empty)}。"
    yield "来源对账：收到 = 采用 + 退回 + 被更新 + 以后才知（行数与金额）；“—”= 没有该数。"
