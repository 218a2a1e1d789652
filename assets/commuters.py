"""Whose workers are hurt on the way to or from work more often than others."""

import dagster as dg

from assets.wiring import WorkspaceResource, deliveries_of, table_asset
from pipelines import commuters as commuting
from pipelines.contracts import commuters
from pipelines.lazy import Computed, Stored


@table_asset(commuters.COMMUTING_ENTERPRISE)
def commuting_enterprise(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored,
    enterprise_year: Stored, claim: Stored, payout: Stored, claim_development: Stored,
) -> Computed:
    sources = commuting.Sources(enterprise, enterprise_year, claim, payout, claim_development)
    return commuting.commuting_enterprise(workspace.open(), deliveries_of(context, workspace, raw_file), sources)
