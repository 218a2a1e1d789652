"""The one Definitions; no logic."""

import dagster as dg

from assets import (
    board,
    commuters,
    commuting,
    core,
    documents,
    dossiers,
    drafts,
    evaluation,
    groups,
    hotspots,
    meeting,
    outlook,
    plan,
    public,
    publication,
    quality,
    rates,
    records,
    targeting,
    tracking,
)
from assets.automation import month_job, new_folder, previous_month
from assets.wiring import MonthTables, WorkspaceResource, contract_checks

workspace = WorkspaceResource(raw=dg.EnvVar("YUFANG_RAW"), data=dg.EnvVar("YUFANG_DATA"))

defs = dg.Definitions(
    assets=dg.load_assets_from_modules(
        [core, records, rates, outlook, targeting, groups, commuters, evaluation, tracking, commuting, hotspots, plan, dossiers,
         quality, public, documents, board, drafts, meeting, publication]),
    asset_checks=contract_checks(),
    jobs=[month_job],
    schedules=[previous_month],
    sensors=[new_folder],
    resources={"workspace": workspace, "tables": MonthTables(workspace=workspace)},
    executor=dg.in_process_executor,
)
