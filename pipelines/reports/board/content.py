"""分析看板 as a whole: its sections in order, from the marts of a month.

Belongs here: which sections there are. What each says is in the module of its subject; how it looks is charts.py and html.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from pipelines.contracts import marts, plan
from pipelines.funnel import Funnel
from pipelines.policy import Policy
from pipelines.reports import sources
from pipelines.reports.board import Board, Section, listed, money, overview, rates, sites, tracked
from pipelines.reports.cells import month_text
from pipelines.reports.lists import LIST

TITLE, DRAFT, SIMULATED = "工伤预防分析看板", "系统生成初稿", "模拟数据"
SITES = "commuting_hotspot"


def board(tables: Mapping[str, pa.Table], funnel: Funnel, month: int, policy: Policy, is_simulated: bool,
          lines: Sequence[sites.Line] = ()) -> Board:
    """The board of a month from the marts by name (any may be empty); `lines` of the area are drawn below the sites."""
    rows = {name: tables[name].to_pylist() for name in (LIST.name, marts.INDUSTRY_RATE.name, marts.FUND_BALANCE.name,
                                                        plan.PLAN_BUDGET.name)}
    wanted, industry, fund = rows[LIST.name], rows[marts.INDUSTRY_RATE.name], rows[marts.FUND_BALANCE.name]
    places = tables[SITES].to_pylist() if SITES in tables else []
    sections = (
        overview.section(industry, fund, wanted), listed.section(wanted, policy), rates.industry_section(industry, policy),
        rates.funnel_section(funnel, wanted), sites.section(places, lines), money.fund_section(fund),
        money.budget_section(rows[plan.PLAN_BUDGET.name]), tracked.target_section(tables), tracked.backtest_section(tables),
        tracked.quality_section(tables[marts.DATA_QUALITY.name]), _sources(tables, policy))
    subtitle = f"数据截止 {month_text(month)}　政策：{policy.title}"
    return Board(TITLE, month, marks(is_simulated), subtitle, sections)


def marks(is_simulated: bool) -> tuple[str, ...]:
    """What stands on the screen and on every page: who may see it, that it is a draft, that data are simulated where they are."""
    return (f"{LIST.level}资料", DRAFT, *((SIMULATED,) if is_simulated else ()))


def _sources(tables: Mapping[str, pa.Table], policy: Policy) -> Section:
    """来源与口径: definitions, what is missing, what was received."""
    sheet = sources.sheet(tables, policy)
    return Section("sources", "来源与口径", sheet.notes, sheets=(replace(sheet, name="来源对账", title="来源对账", notes=()),))
