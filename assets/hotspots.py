"""Where commuters are hurt next year: sites, who is near them, files for the spot and the map."""

import dagster as dg

from assets.wiring import MONTHS, WorkspaceResource, deliveries_of, month_of, table_asset
from pipelines.contracts import commuting
from pipelines.documents import sites as files
from pipelines.hotspots import neighbours, sites
from pipelines.lazy import Computed, Stored


@table_asset(commuting.COMMUTING_HOTSPOT)
def commuting_hotspot(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, located_accident: Stored, claim_development: Stored,
    landmark: Stored, enterprise: Stored,
) -> Computed:
    tables = sites.Tables(located_accident, claim_development, landmark, enterprise)
    return sites.commuting_hotspot(workspace.open(), month_of(context), tables)


@table_asset(commuting.HOTSPOT_NEIGHBOUR)
def hotspot_neighbour(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, commuting_hotspot: Stored, located_accident: Stored,
    landmark: Stored, enterprise: Stored, enterprise_outlook: Stored,
) -> Computed:
    tables = neighbours.Tables(commuting_hotspot, located_accident, landmark, enterprise, enterprise_outlook)
    return neighbours.hotspot_neighbour(workspace.open(), month_of(context), tables)


@dg.asset(
    group_name="documents", partitions_def=MONTHS, kinds={"excel"},
    description="事故多发路段现场核实表.xlsx、事故多发路段地图.html、事故多发路段.geojson（内部）：点位、证据、周边、留待现场填写的格",
)
def hotspot_files(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, commuting_hotspot: Stored,
    hotspot_neighbour: Stored,
) -> dg.MaterializeResult:
    known = deliveries_of(context, workspace, raw_file)
    paths = files.hotspot_files(workspace.open(), known, files.Tables(commuting_hotspot, hotspot_neighbour))
    return dg.MaterializeResult(metadata={"文件": "、".join(path.name for path in paths) or "无"})
