"""What is put before the joint meeting to be filled in and given back."""

import dagster as dg

from assets.wiring import MONTHS, WorkspaceResource, deliveries_of
from pipelines.documents import decisions
from pipelines.lazy import Stored


@dg.asset(
    group_name="documents", partitions_def=MONTHS, kinds={"excel"},
    description="联席会议审定表.xlsx（联席会议）：各地区名单的入选、备选和排除的单位；填好后放回 data/raw 即生效",
)
def decision_form(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, priority_enterprise: Stored,
    decided_enterprise: Stored,
) -> dg.MaterializeResult:
    known = deliveries_of(context, workspace, raw_file)
    path = decisions.decision_form(workspace.open(), known, decisions.Tables(priority_enterprise, decided_enterprise))
    return dg.MaterializeResult(metadata={"文件": path.name, "字节": path.stat().st_size})
