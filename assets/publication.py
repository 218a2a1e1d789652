"""The last asset: a month put before its readers, whole or not at all."""

import dagster as dg

from assets.wiring import MONTHS, WorkspaceResource, month_of
from pipelines import publish
from pipelines.contracts.catalogue import CONTRACTS

TABLES = [dg.AssetKey(name) for name in CONTRACTS]
DOCUMENTS = [dg.AssetKey(name) for name in (
    "suggested_list", "verification_list", "plan_workbook", "hotspot_files", "decision_form", "plan_draft",
    "special_report", "enterprise_dossier", "public_workbook", "analysis_board")]


@dg.asset(
    group_name="publication", partitions_def=MONTHS, kinds={"parquet"},
    deps=[*TABLES, *DOCUMENTS],
    description="已发布的月份：全部表与文档一致且通过检查后，一次性替换 data/marts/month=…",
)
def published_month(context: dg.AssetExecutionContext, workspace: WorkspaceResource) -> dg.MaterializeResult:
    place, month = workspace.open(), month_of(context)
    known = place.deliveries(place.stored("raw_file", month).columns(), month)
    version = publish.publish(place, month, known, place.policy())
    return dg.MaterializeResult(metadata={"版本": version.name, "政策": place.policy().name})
