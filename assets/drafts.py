"""The plan as a text: what is sent round for comment."""

import dagster as dg

from assets.wiring import MONTHS, WorkspaceResource, month_of
from pipelines.documents import draft
from pipelines.lazy import Stored


@dg.asset(
    group_name="documents", partitions_def=MONTHS, kinds={"word"},
    description="方案(征求意见稿).docx（联席会议）：政策模板的章节、项目、经费和目标，附项目表、经费预算、名单、培训需求、多发路段、数据依据、起草说明",
)
def plan_draft(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, plan_item: Stored, plan_budget: Stored,
    plan_check: Stored, plan_change: Stored, training_demand: Stored, priority_enterprise: Stored, decided_enterprise: Stored,
    outreach_enterprise: Stored, industry_injury_rate: Stored, injury_pattern: Stored, commuting_hotspot: Stored,
    fund_balance: Stored, target_progress: Stored,
) -> dg.MaterializeResult:
    place = workspace.open()
    tables = draft.Tables(
        plan_item, plan_budget, plan_check, plan_change, training_demand, priority_enterprise, decided_enterprise,
        outreach_enterprise, industry_injury_rate, injury_pattern, commuting_hotspot, fund_balance, target_progress)
    path = draft.plan_draft(place, place.deliveries(raw_file.columns(), month_of(context)), tables)
    return dg.MaterializeResult(metadata={"文件": path.name if path else "无"})
