"""Where people are hurt on the road: every accident once at its place, how well places are known, points that are no places."""

import dagster as dg

from assets.wiring import WorkspaceResource, month_of, table_asset
from pipelines.contracts import commuting
from pipelines.lazy import Computed, Stored
from pipelines.places import located, quality, reports


@table_asset(commuting.LOCATED_ACCIDENT)
def located_accident(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, claim: Stored, enterprise: Stored, platform_injury: Stored,
    traffic_accident: Stored, landmark: Stored,
) -> Computed:
    sources = reports.Sources(claim, enterprise, platform_injury, traffic_accident, landmark)
    return located.located_accident(workspace.open(), sources)


@table_asset(commuting.PLACE_QUALITY)
def place_quality(context: dg.AssetExecutionContext, located_accident: Stored) -> Computed:
    return quality.place_quality(month_of(context), located_accident)


@table_asset(commuting.PILE_UP)
def pile_up(context: dg.AssetExecutionContext, located_accident: Stored) -> Computed:
    return quality.pile_up(month_of(context), located_accident)
