"""The plan: whom its programmes address, its items, money, checks, the best choice within the ceiling, what was changed."""

import dagster as dg

from assets.wiring import WorkspaceResource, deliveries_of, month_of, table_asset
from pipelines.contracts import plan
from pipelines.lazy import Computed, Stored
from pipelines.planning import budget, changes, checks, choice, demand, items


@table_asset(plan.TRAINING_DEMAND)
def training_demand(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored,
    enterprise_outlook: Stored, designation: Stored, priority_enterprise: Stored, decided_enterprise: Stored,
    outreach_enterprise: Stored, group_target: Stored, enterprise_year: Stored, key_staff: Stored, training_record: Stored,
    programme: Stored,
) -> Computed:
    sources = demand.Sources(
        enterprise, enterprise_outlook, designation, priority_enterprise, decided_enterprise, outreach_enterprise, group_target)
    records = demand.Records(enterprise_year, key_staff, training_record, programme)
    return demand.training_demand(workspace.open(), deliveries_of(context, workspace, raw_file), sources, records)


@table_asset(plan.PLAN_ITEM)
def plan_item(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored,
    enterprise_outlook: Stored, designation: Stored, priority_enterprise: Stored, decided_enterprise: Stored,
    outreach_enterprise: Stored, group_target: Stored, training_demand: Stored, programme: Stored,
) -> Computed:
    sources = demand.Sources(
        enterprise, enterprise_outlook, designation, priority_enterprise, decided_enterprise, outreach_enterprise, group_target)
    tables = items.Tables(training_demand, programme)
    return items.plan_item(workspace.open(), deliveries_of(context, workspace, raw_file), sources, tables)


@table_asset(plan.PLAN_BUDGET)
def plan_budget(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, plan_item: Stored, fund_balance: Stored
) -> Computed:
    return budget.plan_budget(workspace.open(), month_of(context), plan_item, fund_balance)


@table_asset(plan.PLAN_CHECK)
def plan_check(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, plan_item: Stored, plan_budget: Stored,
    training_demand: Stored, decided_enterprise: Stored,
) -> Computed:
    tables = checks.Tables(plan_item, plan_budget, training_demand, decided_enterprise)
    return checks.plan_check(workspace.open(), deliveries_of(context, workspace, raw_file), tables)


@table_asset(plan.PLAN_CHOICE)
def plan_choice(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored,
    enterprise_outlook: Stored, designation: Stored, priority_enterprise: Stored, decided_enterprise: Stored,
    outreach_enterprise: Stored, group_target: Stored, plan_item: Stored, plan_budget: Stored, training_demand: Stored,
) -> Computed:
    sources = demand.Sources(
        enterprise, enterprise_outlook, designation, priority_enterprise, decided_enterprise, outreach_enterprise, group_target)
    tables = choice.Tables(plan_item, plan_budget, training_demand)
    return choice.plan_choice(workspace.open(), deliveries_of(context, workspace, raw_file), sources, tables)


@table_asset(plan.PLAN_CHANGE)
def plan_change(context: dg.AssetExecutionContext, workspace: WorkspaceResource, plan_item: Stored) -> Computed:
    return changes.plan_change(workspace.open(), month_of(context), plan_item)
