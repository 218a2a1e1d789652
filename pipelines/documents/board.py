"""分析看板.html: the page for the joint meeting."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pipelines import funnel
from pipelines.deliveries import Deliveries
from pipelines.documents import write_text
from pipelines.documents.sites import lines_below
from pipelines.lazy import Stored
from pipelines.policy import Policy
from pipelines.reports.board import content, html
from pipelines.workspace import Workspace

NAME = "分析看板.html"
READ = {"enterprise_risk": ("enterprise_id", "enterprise_name", "period", "injuries", "person_years", "rate_pct")}
"""The columns that are read of a table, where not all."""


class Tables(NamedTuple):
    """The tables that 分析看板 reads."""

    priority_enterprise: Stored
    outreach_enterprise: Stored
    industry_injury_rate: Stored
    enterprise_risk: Stored
    fund_balance: Stored
    source_reconciliation: Stored
    data_quality: Stored
    list_backtest: Stored
    programme_effect: Stored
    claim_development: Stored
    definition_comparison: Stored
    target_progress: Stored
    plan_budget: Stored
    commuting_hotspot: Stored


def analysis_board(place: Workspace, known: Deliveries, tables: Tables) -> Path:
    """Writes 分析看板.html of the month and returns its working copy."""
    frames = {name: stored.columns(*READ.get(name, ())) for name, stored in tables._asdict().items()}
    policy = place.policy()
    below = lines_below(place, frames[content.SITES].to_pylist())
    said = content.board(frames, _funnel(frames, policy), known.as_of, policy, known.is_simulated(), below)
    return write_text(place, known.as_of, NAME, tables, html.page(said))


def _funnel(frames: Mapping[str, pa.Table], policy: Policy) -> funnel.Funnel:
    """The funnel of the policy's period; its rate is the city's."""
    listed = frames["priority_enterprise"].select(["enterprise_id", "is_listed", "is_reserve"]).to_pylist()
    wanted = {row["enterprise_id"] for row in listed if row["is_listed"] or row["is_reserve"]}
    rates = frames["industry_injury_rate"].select(["level", "period", "rate_pct"]).to_pylist()
    city = {row["period"]: row["rate_pct"] for row in rates if row["level"] == 0 and row["rate_pct"]}
    period = policy.rule.period if policy.rule.period in city else next(iter(city), policy.rule.period)
    return funnel.of_city(frames["enterprise_risk"], period, city.get(period), wanted)
