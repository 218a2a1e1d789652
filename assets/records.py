"""The core tables of the other kinds, how units were found, and what refers to what."""

import dagster as dg

from assets.wiring import WorkspaceResource, deliveries_of, month_of, table_asset
from pipelines import standing
from pipelines.contracts import records
from pipelines.lazy import Computed, Query, Stored


@table_asset(records.UNIT_MATCH)
def unit_match(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored
) -> Computed:
    return standing.unit_match(deliveries_of(context, workspace, raw_file), enterprise, workspace.open().core)


@table_asset(records.INCIDENT)
def incident(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, claim: Stored, unit_match: Stored
) -> Query:
    return standing.standing("incident", deliveries_of(context, workspace, raw_file), claim=claim, unit_match=unit_match)


@table_asset(records.KEY_STAFF)
def key_staff(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, unit_match: Stored
) -> Query:
    return standing.standing("key_staff", deliveries_of(context, workspace, raw_file), unit_match=unit_match)


@table_asset(records.TRAINING_RECORD)
def training_record(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, programme: Stored, unit_match: Stored
) -> Query:
    known = deliveries_of(context, workspace, raw_file)
    return standing.standing("training_record", known, programme=programme, unit_match=unit_match)


@table_asset(records.PROGRAMME)
def programme(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, unit_match: Stored
) -> Query:
    known = deliveries_of(context, workspace, raw_file)
    return standing.standing("programme", known, {"as_of": known.as_of}, unit_match=unit_match)


@table_asset(records.DECISION)
def decision(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, unit_match: Stored
) -> Query:
    return standing.standing("decision", deliveries_of(context, workspace, raw_file), unit_match=unit_match)


@table_asset(records.PROJECT_SITE)
def project_site(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, unit_match: Stored
) -> Query:
    known = deliveries_of(context, workspace, raw_file)
    return standing.standing("project_site", known, {"as_of": known.as_of}, unit_match=unit_match)


@table_asset(records.OFFICIAL_TOTAL)
def official_total(context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored) -> Query:
    return standing.standing("official_total", deliveries_of(context, workspace, raw_file), indicator=standing.indicators())


@table_asset(records.PLATFORM_INJURY)
def platform_injury(context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored) -> Query:
    return standing.standing("platform_injury", deliveries_of(context, workspace, raw_file))


@table_asset(records.LANDMARK)
def landmark(context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored) -> Query:
    return standing.standing("landmark", deliveries_of(context, workspace, raw_file))


@table_asset(records.TRAFFIC_ACCIDENT)
def traffic_accident(context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored) -> Query:
    return standing.standing("traffic_accident", deliveries_of(context, workspace, raw_file))


@table_asset(records.REFERENCE_RECONCILIATION)
def reference_reconciliation(
    context: dg.AssetExecutionContext, enterprise: Stored, enterprise_year: Stored, claim: Stored, appraisal: Stored,
    payout: Stored, incident: Stored, key_staff: Stored, training_record: Stored, designation: Stored, programme: Stored,
    decision: Stored, project_site: Stored,
) -> Query:
    inputs = {
        "enterprise": enterprise, "enterprise_year": enterprise_year, "claim": claim, "appraisal": appraisal, "payout": payout,
        "incident": incident, "key_staff": key_staff, "training_record": training_record, "designation": designation,
        "programme": programme, "decision": decision, "project_site": project_site,
    }
    return Query("core/reference_reconciliation.sql", inputs)


@table_asset(records.TOTAL_RECONCILIATION)
def total_reconciliation(
    context: dg.AssetExecutionContext, enterprise_year: Stored, claim: Stored, payout: Stored, fund: Stored,
    official_total: Stored,
) -> Query:
    inputs = {
        "enterprise_year": enterprise_year, "claim": claim, "payout": payout, "fund": fund, "official_total": official_total,
    }
    return Query("core/total_reconciliation.sql", inputs, {"as_of": month_of(context)})
