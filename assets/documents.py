"""The documents that a month puts into people's hands."""

import dagster as dg

from assets.wiring import MONTHS, WorkspaceResource, month_of
from pipelines.documents import lists, plan, questions
from pipelines.lazy import Stored


@dg.asset(
    group_name="documents", partitions_def=MONTHS, kinds={"excel"},
    description="建议名单.xlsx（内部）：一企一策建议名单、审定名单、行业发生率与图、宣传培训重点、重点群体、事故情形、上下班事故多发单位、名单回测、项目成效、认定滞后、口径对照、规划目标、口径、来源与引用对账、数据质量",
)
def suggested_list(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, priority_enterprise: Stored,
    outreach_enterprise: Stored, decided_enterprise: Stored, industry_injury_rate: Stored, fund_balance: Stored,
    source_reconciliation: Stored, data_quality: Stored, reference_reconciliation: Stored, total_reconciliation: Stored,
    unit_match: Stored, group_target: Stored, injury_pattern: Stored, silent_enterprise: Stored, commuting_enterprise: Stored,
    list_backtest: Stored, programme_effect: Stored,
    claim_development: Stored, definition_comparison: Stored, target_progress: Stored,
) -> dg.MaterializeResult:
    place = workspace.open()
    tables = lists.Tables(
        priority_enterprise, outreach_enterprise, decided_enterprise, industry_injury_rate, fund_balance,
        source_reconciliation, data_quality, reference_reconciliation, total_reconciliation, unit_match, group_target,
        injury_pattern, silent_enterprise, commuting_enterprise, list_backtest, programme_effect, claim_development,
        definition_comparison, target_progress,
    )
    path = lists.suggested_list(place, place.deliveries(raw_file.columns(), month_of(context)), tables)
    return dg.MaterializeResult(metadata={"文件": path.name, "字节": path.stat().st_size})


@dg.asset(
    group_name="documents", partitions_def=MONTHS, kinds={"excel"},
    description="数据核实清单-<经办机构>.xlsx（内部）：每一处退回或存疑的数据，填写更正值后放回 data/raw 即生效",
)
def verification_list(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, rejected_row: Stored,
    doubtful_row: Stored, enterprise: Stored,
) -> dg.MaterializeResult:
    place = workspace.open()
    known = place.deliveries(raw_file.columns(), month_of(context))
    paths = questions.verification_lists(place, known, questions.Tables(rejected_row, doubtful_row, enterprise))
    return dg.MaterializeResult(metadata={"文件": "、".join(path.name for path in paths) or "无"})


@dg.asset(
    group_name="documents", partitions_def=MONTHS, kinds={"excel"},
    description="项目计划表.xlsx（内部）：计划、经费预算、培训需求、核对、最优组合、变更一览；修改后放回 data/raw 即生效",
)
def plan_workbook(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, training_demand: Stored, plan_item: Stored,
    plan_budget: Stored, plan_check: Stored, plan_choice: Stored, plan_change: Stored,
) -> dg.MaterializeResult:
    place = workspace.open()
    tables = plan.Tables(training_demand, plan_item, plan_budget, plan_check, plan_choice, plan_change)
    path = plan.plan_workbook(place, place.deliveries(raw_file.columns(), month_of(context)), tables)
    return dg.MaterializeResult(metadata={"文件": path.name if path else "无"})
