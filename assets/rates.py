"""Rates by industry and enterprise, and the fund's balance."""

import dagster as dg

from assets.wiring import WorkspaceResource, deliveries_of, month_of, table_asset
from pipelines import completeness, rates, tracking_rules
from pipelines import policy as policies
from pipelines.contracts import marts
from pipelines.lazy import Computed, Query, Stored
from pipelines.periods import add_months


@table_asset(marts.ENTERPRISE_PERIOD)
def enterprise_period(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored,
    enterprise_year: Stored, claim: Stored, payout: Stored, unit_match: Stored,
) -> Query:
    known, sources = deliveries_of(context, workspace, raw_file), rates.Sources(enterprise, enterprise_year, claim, payout)
    year_ago = known.earlier(add_months(known.as_of, -12))
    return rates.enterprise_period(sources, year_ago, unit_match, workspace.open().policy(), known.as_of)


@table_asset(marts.ENTERPRISE_RISK)
def enterprise_risk(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored,
    enterprise_year: Stored, enterprise_period: Stored,
) -> Query:
    known, policy = deliveries_of(context, workspace, raw_file), workspace.open().policy()
    return rates.enterprise_risk(known, policy, enterprise, enterprise_year, enterprise_period)


@table_asset(marts.INDUSTRY_RATE)
def industry_injury_rate(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise: Stored,
    enterprise_year: Stored, enterprise_period: Stored, claim_development: Stored,
) -> Computed:
    place, month = workspace.open(), month_of(context)
    complete = completeness.Completeness.read(claim_development, tracking_rules.load().development)
    tree = rates.classification_of(enterprise, place.settings().classification)
    inputs = {"enterprise": enterprise, "enterprise_period": enterprise_period}
    query = Query("marts/industry_count.sql", {**inputs, "definition": policies.definition_table(place.policy())})
    known = place.deliveries(raw_file.columns(), month)
    common = {"as_of_month": month, "definition": rates.definition_of(place.policy(), known)}
    spans = rates.periods_of(enterprise_year, month)
    table = rates.industry_table(query, place.core, spans, tree, place.policy(), common, known.has("payout"), complete)
    return Computed(table, {**inputs, "enterprise_year": enterprise_year, "claim_development": claim_development})


@table_asset(marts.FUND_BALANCE)
def fund_balance(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, enterprise_year: Stored, fund: Stored
) -> Query:
    known, month = deliveries_of(context, workspace, raw_file), month_of(context)
    rules = workspace.open().policy()
    text = f"支缴率＝待遇支出÷征缴收入，%；预防费上限＝上年度征缴收入×{rules.cap_pct:g}%"
    inputs = {
        "enterprise_year": enterprise_year, "fund": fund, "source": rates.source_table(known),
        "definition": policies.definition_table(rules), "covered": rates.months_by_year(enterprise_year, month),
    }
    return Query("marts/fund_balance.sql", inputs, constants={"as_of_month": month, "definition": text})
