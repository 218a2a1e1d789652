"""How good the deliveries are: rows in doubt, and the shares of what is empty, unreadable, late, repeated or hardly right."""

import dagster as dg

from assets.wiring import WorkspaceResource, deliveries_of, table_asset
from pipelines import doubt, quality
from pipelines.contracts import core, marts
from pipelines.lazy import Query, Stored


@table_asset(core.DOUBTFUL_ROW)
def doubtful_row(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored,
    enterprise_year: Stored, claim: Stored, unit_match: Stored, correction: Stored,
) -> Query:
    known = deliveries_of(context, workspace, raw_file)
    return doubt.doubtful_row(known, workspace.open().core, enterprise, enterprise_year, claim, unit_match, correction)


@table_asset(marts.DATA_QUALITY)
def data_quality(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored, claim: Stored,
    rejected_row: Stored, doubtful_row: Stored,
) -> Query:
    known = deliveries_of(context, workspace, raw_file)
    return quality.data_quality(known, enterprise, claim, rejected_row, doubtful_row)
