"""What may be made public."""

import dagster as dg

from assets.wiring import MONTHS, WorkspaceResource, deliveries_of, month_of, table_asset
from pipelines import public_figure as figures
from pipelines.contracts import public
from pipelines.documents import public as documents
from pipelines.lazy import Computed, Stored


@table_asset(public.PUBLIC_FIGURE)
def public_figure(
    context: dg.AssetExecutionContext, industry_injury_rate: Stored, injury_pattern: Stored
) -> Computed:
    return figures.public_figure(month_of(context), figures.Tables(industry_injury_rate, injury_pattern))


@dg.asset(
    group_name="documents", partitions_def=MONTHS, kinds={"excel"},
    description="公开版.xlsx（公开）：全市、行业、事故情形、基金、规划目标，没有单位名称，小数隐去",
)
def public_workbook(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, public_figure: Stored,
    fund_balance: Stored, target_progress: Stored,
) -> dg.MaterializeResult:
    known = deliveries_of(context, workspace, raw_file)
    path = documents.public_workbook(workspace.open(), known, documents.Tables(public_figure, fund_balance, target_progress))
    return dg.MaterializeResult(metadata={"文件": path.name, "字节": path.stat().st_size})
