"""What dossiers and the special report stand on beside the other marts."""

import dagster as dg

from assets.wiring import WorkspaceResource, deliveries_of, month_of, table_asset
from pipelines.contracts import dossiers
from pipelines.dossiers import peers, profile, trend
from pipelines.lazy import Computed, Query, Stored
from pipelines.periods import add_months

BENEFIT_MONTHS = 60


@table_asset(dossiers.ENTERPRISE_TREND)
def enterprise_trend(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, priority_enterprise: Stored,
    enterprise: Stored, enterprise_year: Stored, enterprise_history: Stored, enterprise_outlook: Stored,
) -> Computed:
    sources = trend.Sources(priority_enterprise, enterprise, enterprise_year, enterprise_history, enterprise_outlook)
    return trend.enterprise_trend(workspace.open(), deliveries_of(context, workspace, raw_file), sources)


@table_asset(dossiers.ENTERPRISE_PROFILE)
def enterprise_profile(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, priority_enterprise: Stored,
    enterprise: Stored, enterprise_year: Stored, enterprise_history: Stored, enterprise_outlook: Stored, claim: Stored,
    timed_claim: Stored,
) -> Computed:
    sources = trend.Sources(priority_enterprise, enterprise, enterprise_year, enterprise_history, enterprise_outlook)
    known = deliveries_of(context, workspace, raw_file)
    return profile.enterprise_profile(workspace.open(), known, sources, profile.Records(claim, timed_claim))


@table_asset(dossiers.ENTERPRISE_PEER)
def enterprise_peer(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, priority_enterprise: Stored,
    enterprise: Stored, enterprise_year: Stored, enterprise_history: Stored, enterprise_outlook: Stored,
) -> Computed:
    sources = trend.Sources(priority_enterprise, enterprise, enterprise_year, enterprise_history, enterprise_outlook)
    return peers.enterprise_peer(workspace.open(), deliveries_of(context, workspace, raw_file), sources)


@table_asset(dossiers.BENEFIT_PAYOUT)
def benefit_payout(context: dg.AssetExecutionContext, payout: Stored) -> Query:
    month = month_of(context)
    values = {"first_month": add_months(month // 100 * 100 + 1, -BENEFIT_MONTHS), "as_of": month}
    constants = {"as_of_month": month, "definition": "待遇支付按支付月份汇总；同一项目写法不同的分列"}
    return Query("marts/benefit_payout.sql", {"payout": payout}, values, constants)
