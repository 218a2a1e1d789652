"""Groups rather than single units: whom programmes for many reach, how injuries happen, who reports improbably little."""

import dagster as dg

from assets.wiring import WorkspaceResource, deliveries_of, table_asset
from pipelines import expectation, patterns, silent
from pipelines import groups as targets
from pipelines.contracts import groups
from pipelines.lazy import Computed, Stored


@table_asset(groups.GROUP_TARGET)
def group_target(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise_outlook: Stored,
    enterprise: Stored, enterprise_year: Stored, claim: Stored, project_site: Stored, platform_injury: Stored,
) -> Computed:
    sources = targets.Sources(enterprise_outlook, enterprise, enterprise_year, claim, project_site, platform_injury)
    return targets.group_target(workspace.open(), deliveries_of(context, workspace, raw_file), sources)


@table_asset(groups.INJURY_PATTERN)
def injury_pattern(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, claim: Stored, enterprise: Stored,
    enterprise_month: Stored, enterprise_year: Stored,
) -> Computed:
    sources = patterns.Sources(claim, enterprise, enterprise_month, enterprise_year)
    return patterns.injury_pattern(workspace.open(), deliveries_of(context, workspace, raw_file), sources)


@table_asset(groups.SILENT_ENTERPRISE)
def silent_enterprise(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise_history: Stored,
    claim_development: Stored, enterprise: Stored, enterprise_year: Stored, claim: Stored, payout: Stored, incident: Stored,
) -> Computed:
    tables = expectation.Tables(enterprise_history, claim_development, enterprise, enterprise_year, claim, payout)
    return silent.silent_enterprise(workspace.open(), deliveries_of(context, workspace, raw_file), tables, incident)
