"""The page for the joint meeting."""

import dagster as dg

from assets.wiring import MONTHS, WorkspaceResource, month_of
from pipelines.documents import board
from pipelines.lazy import Stored


@dg.asset(
    group_name="documents", partitions_def=MONTHS, kinds={"html"},
    description="分析看板.html（内部）：主要指标、可查找的名单与依据、行业发生率、单位散布、路段、基金与额度、计划预算、规划目标、名单回测、数据质量、来源与口径；"
                "离线打开，可按 A4 打印",
)
def analysis_board(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, priority_enterprise: Stored,
    outreach_enterprise: Stored, industry_injury_rate: Stored, enterprise_risk: Stored, fund_balance: Stored,
    source_reconciliation: Stored, data_quality: Stored, list_backtest: Stored, programme_effect: Stored,
    claim_development: Stored, definition_comparison: Stored, target_progress: Stored, plan_budget: Stored,
    commuting_hotspot: Stored,
) -> dg.MaterializeResult:
    place = workspace.open()
    tables = board.Tables(
        priority_enterprise, outreach_enterprise, industry_injury_rate, enterprise_risk, fund_balance, source_reconciliation,
        data_quality, list_backtest, programme_effect, claim_development, definition_comparison, target_progress, plan_budget,
        commuting_hotspot,
    )
    path = board.analysis_board(place, place.deliveries(raw_file.columns(), month_of(context)), tables)
    return dg.MaterializeResult(metadata={"文件": path.name, "字节": path.stat().st_size})
