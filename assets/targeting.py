"""The suggested lists: which enterprises get a programme of their own, which are addressed by publicity and training."""

import dagster as dg

from assets.wiring import WorkspaceResource, month_of, table_asset
from pipelines import decided, official_list
from pipelines.contracts import lists
from pipelines.lazy import Computed, Stored


@table_asset(lists.PRIORITY_ENTERPRISE)
def priority_enterprise(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored,
    enterprise_year: Stored, enterprise_risk: Stored, enterprise_outlook: Stored, designation: Stored, decision: Stored,
    programme: Stored,
) -> Computed:
    place, month = workspace.open(), month_of(context)
    tables = official_list.Tables(
        enterprise, enterprise_year, enterprise_risk, enterprise_outlook, designation, decision, programme)
    return official_list.priority_enterprise(place, place.deliveries(raw_file.columns(), month), tables)


@table_asset(lists.OUTREACH_ENTERPRISE)
def outreach_enterprise(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored,
    enterprise_year: Stored, enterprise_risk: Stored, enterprise_outlook: Stored, designation: Stored, decision: Stored,
    programme: Stored,
) -> Computed:
    place, month = workspace.open(), month_of(context)
    tables = official_list.Tables(
        enterprise, enterprise_year, enterprise_risk, enterprise_outlook, designation, decision, programme)
    return official_list.outreach_enterprise(place, place.deliveries(raw_file.columns(), month), tables)


@table_asset(lists.DECIDED_ENTERPRISE)
def decided_enterprise(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored,
    priority_enterprise: Stored, decision: Stored,
) -> Computed:
    place, month = workspace.open(), month_of(context)
    tables = decided.Tables(enterprise, priority_enterprise, decision)
    return decided.decided_enterprise(place, place.deliveries(raw_file.columns(), month), tables)
