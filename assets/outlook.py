"""What is to be expected of each unit in the coming year, and the norms that it is measured against."""

import dagster as dg

from assets.wiring import WorkspaceResource, deliveries_of, month_of, table_asset
from pipelines import expectation, rates
from pipelines.contracts import outlook
from pipelines.lazy import Computed, Query, Stored


@table_asset(outlook.ENTERPRISE_HISTORY)
def enterprise_history(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, enterprise: Stored, enterprise_year: Stored, claim: Stored,
    payout: Stored,
) -> Query:
    sources = rates.Sources(enterprise, enterprise_year, claim, payout)
    return expectation.history_query(sources, workspace.open().policy(), month_of(context))


@table_asset(outlook.ENTERPRISE_OUTLOOK)
def enterprise_outlook(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise_history: Stored,
    claim_development: Stored, enterprise: Stored, enterprise_year: Stored, claim: Stored, payout: Stored,
) -> Computed:
    tables = expectation.Tables(enterprise_history, claim_development, enterprise, enterprise_year, claim, payout)
    return expectation.enterprise_outlook(workspace.open(), deliveries_of(context, workspace, raw_file), tables)


@table_asset(outlook.NORM_RATE)
def norm_rate(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise_history: Stored,
    claim_development: Stored, enterprise: Stored, enterprise_year: Stored, claim: Stored, payout: Stored,
) -> Computed:
    tables = expectation.Tables(enterprise_history, claim_development, enterprise, enterprise_year, claim, payout)
    return expectation.norm_rate(workspace.open(), deliveries_of(context, workspace, raw_file), tables)
