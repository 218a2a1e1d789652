"""The tables attached to a draft: programmes in the columns of the city's own plan, budget, lists, who is to be trained.

Belongs here: which columns and rows stand on paper. Everything else is in the workbooks.
"""

from collections.abc import Iterator, Mapping

from pipelines.contracts.commuting import COMMUTING_HOTSPOT
from pipelines.contracts.lists import OUTREACH_ENTERPRISE, PRIORITY_ENTERPRISE
from pipelines.contracts.model import Table
from pipelines.contracts.plan import PLAN_BUDGET, PLAN_ITEM, TRAINING_DEMAND
from pipelines.contracts.shared import WHOLE_AREA
from pipelines.drafts import Attachment
from pipelines.policy import Policy
from pipelines.reports import Field, Row, Value
from pipelines.reports.cells import cells, shown
from pipelines.reports.draft_figures import PLACE, filled, item_figures, money
from pipelines.reports.hotspots import NOTHING, of_commuters
from pipelines.reports.printed import EMPTY
from pipelines.reports.text import Paragraph, Part
from pipelines.reports.text import Table as Drawn

UNFIT = "见“放得下”一列"
OPEN, MOST_LISTED, MOST_OUTREACH, MOST_SITES = "【待填】", 400, 100, 60
ASKED = ("quantity", "schedule", "lead", "implementer", "budget_yuan")
SITE = ("rank", "site_name", "tier", "accidents", "background", "ratio", "forecast", "usual_hours", "usual_transports",
        "over_represented")
LINES = {"ceiling": "group", "kind": "reserve", "total": "total", "fitting": "total", "programme": "plain"}


def items(said: Attachment, live: list[dict], budget: list[dict]) -> Iterator[Part]:
    """The programmes under the headings that the city's plan has, their sum where their money stands."""
    made: list[Row] = []
    group, number = None, 0
    for row in live:
        if said.group and row[said.group] != group:
            group, number = row[said.group], 0 if said.is_restarted else number
            made.append(Row((group, *[""] * (len(said.columns) - 1)), "group"))
        number += 1
        made.append(Row(tuple(_item(name, {**row, "item_no": number}) for _, name, _ in said.columns)))
    names = [name for _, name, _ in said.columns]
    whole = next((row["amount_yuan"] for row in budget if row["line"] == "total"), None)
    sums = {"budget_yuan": whole, "{budget}": None if whole is None else money(whole)}
    if sums.keys() & set(names):
        made.append(Row(("合计", *(sums.get(name, "") for name in names[1:])), "total"))
    fields = tuple(_heading(title, name) for title, name, _ in said.columns)
    yield Drawn(fields, tuple(made), widths=tuple(width for _, _, width in said.columns))


def _heading(title: str, name: str) -> Field:
    """A column of the plan's table under the plan's own title."""
    if PLACE.search(name):
        return Field(title)
    column = Field.of(PLAN_ITEM[name])
    return Field(title, column.unit if name == "budget_yuan" else "", column.is_number, column.decimals, name != "item_no")


def _item(name: str, row: Mapping) -> Value:
    if PLACE.search(name):
        return filled(name, item_figures(row, ()), OPEN)
    if row[name] is None:
        return OPEN if name in ASKED else EMPTY
    return f"{row[name]:,.10g}" if name == "quantity" else shown(PLAN_ITEM[name], row[name])


def budget(rows: list[dict]) -> Iterator[Part]:
    """The ceiling, each programme's money, the sums and what is over."""
    names = ("title", "quantity", "unit", "amount_yuan", "budget_basis", "limit_yuan", "over_yuan", "is_fitting", "reason")
    made = tuple(
        Row(_cells(PLAN_BUDGET, names, {**row, "reason": UNFIT if row["line"] == "fitting" else row["reason"]}),
            "alert" if (row["over_yuan"] or 0) > 0 else LINES[row["line"]])
        for row in sorted(rows, key=lambda row: row["line_no"]))
    yield Drawn(tuple(Field.of(PLAN_BUDGET[name], "否" if name == "is_fitting" else "") for name in names), made)
    yield from (Paragraph(row["definition"] + "。", kind="note") for row in rows[:1])


def _cells(table: Table, names: tuple[str, ...], row: Mapping) -> tuple[Value, ...]:
    """A row's values; quantities without needless decimals."""
    values = cells([table[name] for name in names], row)
    return tuple(f"{value:,.10g}" if name == "quantity" and isinstance(value, float) else value
                 for name, value in zip(names, values, strict=True))


def listed(rows: list[dict], decided: list[dict], policy: Policy) -> Iterator[Part]:
    """The enterprises that are proposed and those in reserve, by region and rank, with why; then what the meeting took besides.

    decided  the decisions of the plan's year (rows of decided_enterprise), which then say the state
    """
    own = [row for row in rows if row["is_listed"] or row["is_reserve"]]
    own.sort(key=lambda row: (row["region_code"], row["rank"]))
    chosen = {row["enterprise_id"]: row["is_selected"] for row in decided}
    if not own:
        yield Paragraph("本月没有符合准入条件的单位【待填：名单】。")
        return
    period = policy.rule.period
    place = ("region_code",) if {row["region_code"] for row in own} != {WHOLE_AREA} else ()
    why = "criteria_met" if any(row["criteria_met"] for row in own) else "criteria_also"
    names = (*place, "rank", "enterprise_name", "industry_name", f"injuries_{period}", f"rate_pct_{period}",
             f"pay_ratio_{period}", "excess_injuries", why)
    *first, last = (Field.of(PRIORITY_ENTERPRISE[name]) for name in names)
    fields = (*first, Field("状态"), last)
    made = []
    for row in own[:MOST_LISTED]:
        *values, met = cells([PRIORITY_ENTERPRISE[name] for name in names], row)
        made.append(Row((*values, _state(row, chosen), met), "plain" if row["is_listed"] else "reserve"))
    yield Paragraph("每家的完整依据见建议名单.xlsx。", kind="note")
    yield Drawn(fields, tuple(made))
    yield from _cut(len(own), MOST_LISTED)
    known = {row["enterprise_id"] for row in own}
    besides = [row["enterprise_name"] or row["enterprise_id"] for row in decided
               if row["is_selected"] and row["enterprise_id"] not in known]
    if besides:
        yield Paragraph(f"审定入选而不在建议、备选之列的{len(besides):,}家：{'、'.join(besides)}。")


def _state(row: Mapping, chosen: Mapping[str, bool]) -> str:
    if chosen:
        return {True: "审定入选", False: "审定不入选", None: "未审定"}[chosen.get(row["enterprise_id"])]
    return "建议" if row["is_listed"] else "备选"


def outreach(rows: list[dict]) -> Iterator[Part]:
    """The units that publicity and training address first, those with most criteria."""
    kept = sorted(rows, key=lambda row: (-row["criteria_met"].count("；"), row["enterprise_id"]))[:MOST_OUTREACH]
    if not kept:
        yield Paragraph("本政策没有宣传培训重点单位的条件，或本月没有单位符合条件。")
        return
    columns = [OUTREACH_ENTERPRISE[name] for name in ("region_code", "enterprise_name", "industry_name", "criteria_met")]
    numbered = (Row((number, *cells(columns, row))) for number, row in enumerate(kept, 1))
    yield Drawn((Field("序号", is_number=True), *map(Field.of, columns)), tuple(numbered))
    yield from _cut(len(rows), MOST_OUTREACH)


def sites(rows: list[dict]) -> Iterator[Part]:
    """Where commuters are hurt: the sites by area and rank; what is to be looked at on the spot is in a workbook of its own."""
    kept = of_commuters(rows)
    if not kept:
        yield Paragraph(NOTHING)
        return
    area = ("area_code",) if len({row["area_code"] for row in kept}) > 1 else ()
    columns = [COMMUTING_HOTSPOT[name] for name in (*area, *SITE)]
    made = tuple(Row(cells(columns, row), "plain" if row["tier"] == "C" else "listed") for row in kept[:MOST_SITES])
    yield Paragraph("点位须现场核实，每处一页的核实表见事故多发路段现场核实表.xlsx。", kind="note")
    yield Drawn(tuple(map(Field.of, columns)), made)
    yield from _cut(len(kept), MOST_SITES, "处", "事故多发路段现场核实表.xlsx")
    yield Paragraph(f"{kept[0]['definition']}。", kind="note")


def _cut(number: int, most: int, unit: str = "家", rest: str = "建议名单.xlsx") -> Iterator[Part]:
    if number > most:
        yield Paragraph(f"共{number:,}{unit}，本表列出前{most:,}{unit}，其余见{rest}。", kind="note")


def demand(rows: list[dict]) -> Iterator[Part]:
    """Who is to be trained by which programme: each role in the whole area, then all roles by district."""
    names = ("region_code", "role", "enterprises", "persons", "trained", "target", "gap", "hours_needed", "reason")
    columns = [TRAINING_DEMAND[name] for name in names]
    order = [*(TRAINING_DEMAND["role"].codes or ())]
    made: list[Row] = []
    for programme in dict.fromkeys(row["programme_name"] for row in rows):
        own = [row for row in rows if row["programme_name"] == programme
               and (row["region_code"] == WHOLE_AREA or row["role"] == order[0])]
        own.sort(key=lambda row: (row["region_code"] != WHOLE_AREA, row["region_code"], order.index(row["role"])))
        made.append(Row((programme, *[""] * (len(columns) - 1)), "group"))
        made += [Row(cells(columns, row), "total" if row["role"] == order[0] and row["region_code"] == WHOLE_AREA else "plain")
                 for row in own]
    if not made:
        yield Paragraph("没有对象可以计算人数的培训项目。")
        return
    yield Drawn(tuple(map(Field.of, columns)), tuple(made))
    yield Paragraph(f"{rows[0]['definition']}。", kind="note")
