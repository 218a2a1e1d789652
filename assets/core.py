"""The core tables: what is known as of a month."""

import os

import dagster as dg

from assets.wiring import WorkspaceResource, deliveries_of, month_of, table_asset
from pipelines import publish, standing
from pipelines.contracts import core
from pipelines.contracts.exports import EXPORTS
from pipelines.ingest.receive import receive
from pipelines.lazy import Computed, Query, Stored


@table_asset(core.RAW_FILE, partitions_def=None)
def raw_file(context: dg.AssetExecutionContext, workspace: WorkspaceResource) -> Computed:
    """Reads whatever is new in data/raw; it looks at every batch, whatever month is being built."""
    place = workspace.open()
    table = receive(place.raw, place.cache(), place.settings().ignored_files, place.to_check)
    if os.environ.get("YUFANG_ACCEPT_CHANGED") != "1":
        publish.refuse_changed_files(place, table.to_pylist())
    return Computed(table)


@table_asset(core.REJECTED_ROW)
def rejected_row(context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored) -> Query:
    known = deliveries_of(context, workspace, raw_file)
    inputs = {"refused_row": known.refused(), "raw_file": known.raw_file(),
              "export_row": known.of(*EXPORTS, is_lineage_only=True)}
    return Query("core/rejected_row.sql", inputs)


@table_asset(core.CORRECTION)
def correction(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, rejected_row: Stored
) -> Query:
    known = deliveries_of(context, workspace, raw_file)
    inputs = {"correction_entry": known.corrections(), "raw_file": known.raw_file(), "rejected_row": rejected_row}
    return Query("core/correction.sql", inputs)


@table_asset(core.SOURCE_RECONCILIATION)
def source_reconciliation(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, claim: Stored, unit_match: Stored
) -> Query:
    known = deliveries_of(context, workspace, raw_file)
    rows = known.of(*EXPORTS, is_lineage_only=True)
    inputs = {"raw_file": known.raw_file(), "export_row": rows, "newest": standing.newest(rows, known.as_of),
              "newest_premium": standing.newest_premium(known, unit_match), "claim": claim, "snapshot_row": known.snapshots()}
    return Query("core/source_reconciliation.sql", inputs, {"as_of": known.as_of})


@table_asset(core.ENTERPRISE)
def enterprise(context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored) -> Query:
    known, place = deliveries_of(context, workspace, raw_file), workspace.open()
    tree, query = standing.enterprise(known, place.settings().classification, place.core)
    context.add_output_metadata({"行业分类": tree.title})
    return query


@table_asset(core.ENTERPRISE_MONTH)
def enterprise_month(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, unit_match: Stored
) -> Query:
    return standing.enterprise_month(deliveries_of(context, workspace, raw_file), unit_match)


@table_asset(core.ENTERPRISE_YEAR)
def enterprise_year(context: dg.AssetExecutionContext, enterprise_month: Stored, claim: Stored, payout: Stored) -> Query:
    return standing.enterprise_year(enterprise_month, claim, payout, month_of(context))


@table_asset(core.CLAIM)
def claim(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, appraisal: Stored, unit_match: Stored
) -> Query:
    return standing.claim(deliveries_of(context, workspace, raw_file), appraisal, unit_match)


@table_asset(core.NARRATIVE_CODING)
def narrative_coding(context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored) -> Query:
    return standing.narrative_coding(deliveries_of(context, workspace, raw_file))


@table_asset(core.APPRAISAL)
def appraisal(context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored) -> Query:
    return standing.standing("appraisal", deliveries_of(context, workspace, raw_file))


@table_asset(core.PAYOUT)
def payout(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, claim: Stored, unit_match: Stored
) -> Query:
    return standing.standing("payout", deliveries_of(context, workspace, raw_file), claim=claim, unit_match=unit_match)


@table_asset(core.FUND)
def fund(context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored) -> Query:
    return standing.standing("fund", deliveries_of(context, workspace, raw_file))


@table_asset(core.DESIGNATION)
def designation(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, unit_match: Stored
) -> Query:
    return standing.standing("designation", deliveries_of(context, workspace, raw_file), unit_match=unit_match)
