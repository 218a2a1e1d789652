"""What lists would have caught, and what programmes have changed."""

import dagster as dg

from assets.wiring import WorkspaceResource, deliveries_of, table_asset
from pipelines import backtest
from pipelines import programme_effect as effects
from pipelines.contracts import evaluation
from pipelines.lazy import Computed, Stored


@table_asset(evaluation.LIST_BACKTEST)
def list_backtest(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise_year: Stored,
    enterprise_history: Stored, decided_enterprise: Stored,
) -> Computed:
    known = deliveries_of(context, workspace, raw_file)
    return backtest.list_backtest(workspace.open(), known, enterprise_year, enterprise_history, decided_enterprise)


@table_asset(evaluation.PROGRAMME_EFFECT)
def programme_effect(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored,
    enterprise_month: Stored, claim: Stored, decision: Stored, programme: Stored,
) -> Computed:
    tables = effects.Tables(enterprise, enterprise_month, claim, decision, programme)
    return effects.programme_effect(workspace.open(), deliveries_of(context, workspace, raw_file), tables)
