"""The documents that a month puts into people's hands."""

import dagster as dg

from assets.wiring import MONTHS, WorkspaceResource, month_of
from pipelines import documents
from pipelines.lazy import Stored


@dg.asset(
    group_name="documents", partitions_def=MONTHS, kinds={"excel"},
    description="建议名单.xlsx（内部）：一企一策建议名单、行业发生率与图、宣传培训重点、口径、来源对账",
)
def suggested_list(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, priority_enterprise: Stored,
    outreach_enterprise: Stored, industry_injury_rate: Stored, fund_balance: Stored, source_reconciliation: Stored,
) -> dg.MaterializeResult:
    place = workspace.open()
    tables = documents.Tables(
        priority_enterprise, outreach_enterprise, industry_injury_rate, fund_balance, source_reconciliation
    )
    path = documents.suggested_list(place, place.deliveries(raw_file.columns(), month_of(context)), tables)
    return dg.MaterializeResult(metadata={"文件": path.name, "字节": path.stat().st_size})
