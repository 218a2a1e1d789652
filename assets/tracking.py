"""How figures are followed: cases that count, how late they become known, one rate by many definitions, the plans' targets."""

import dagster as dg

from assets.wiring import WorkspaceResource, deliveries_of, month_of, table_asset
from pipelines import comparison, development, plan_counts, plan_progress
from pipelines.contracts import tracking
from pipelines.lazy import Computed, Query, Stored


@table_asset(tracking.TIMED_CLAIM)
def timed_claim(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, claim: Stored
) -> Query:
    return development.timed_claim(deliveries_of(context, workspace, raw_file), claim, workspace.open().policy())


@table_asset(tracking.CLAIM_DEVELOPMENT)
def claim_development(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, timed_claim: Stored
) -> Computed:
    return development.claim_development(workspace.open(), deliveries_of(context, workspace, raw_file), timed_claim)


@table_asset(tracking.DEFINITION_COMPARISON)
def definition_comparison(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, enterprise_year: Stored, claim: Stored, incident: Stored,
    official_total: Stored, claim_development: Stored,
) -> Computed:
    tables = comparison.Tables(enterprise_year, claim, incident, official_total, claim_development)
    return comparison.definition_comparison(workspace.open(), month_of(context), tables)


@table_asset(tracking.TARGET_PROGRESS)
def target_progress(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored,
    enterprise_year: Stored, timed_claim: Stored, designation: Stored, platform_injury: Stored, unit_match: Stored,
    claim_development: Stored,
) -> Computed:
    known, place = deliveries_of(context, workspace, raw_file), workspace.open()
    tables = plan_counts.Tables(
        enterprise, enterprise_year, timed_claim, designation, platform_injury, unit_match, claim_development)
    return plan_progress.target_progress(place, known, raw_file.columns(), tables)
