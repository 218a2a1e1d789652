"""What dossiers and the special report stand on beside the other marts, and both documents."""

import logging

import dagster as dg

from assets.wiring import MONTHS, WorkspaceResource, deliveries_of, month_of, table_asset
from pipelines.contracts import dossiers
from pipelines.documents import dossiers as papers
from pipelines.documents import special
from pipelines.dossiers import peers, profile, trend
from pipelines.lazy import Computed, Query, Stored
from pipelines.periods import add_months

BENEFIT_MONTHS = 60
log = logging.getLogger("yufang")


@table_asset(dossiers.ENTERPRISE_TREND)
def enterprise_trend(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, decided_enterprise: Stored,
    enterprise: Stored, enterprise_year: Stored, enterprise_history: Stored, enterprise_outlook: Stored,
) -> Computed:
    sources = trend.Sources(decided_enterprise, enterprise, enterprise_year, enterprise_history, enterprise_outlook)
    return trend.enterprise_trend(workspace.open(), deliveries_of(context, workspace, raw_file), sources)


@table_asset(dossiers.ENTERPRISE_PROFILE)
def enterprise_profile(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, decided_enterprise: Stored,
    enterprise: Stored, enterprise_year: Stored, enterprise_history: Stored, enterprise_outlook: Stored, claim: Stored,
    timed_claim: Stored,
) -> Computed:
    sources = trend.Sources(decided_enterprise, enterprise, enterprise_year, enterprise_history, enterprise_outlook)
    known = deliveries_of(context, workspace, raw_file)
    return profile.enterprise_profile(workspace.open(), known, sources, profile.Records(claim, timed_claim))


@table_asset(dossiers.ENTERPRISE_PEER)
def enterprise_peer(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, decided_enterprise: Stored,
    enterprise: Stored, enterprise_year: Stored, enterprise_history: Stored, enterprise_outlook: Stored,
) -> Computed:
    sources = trend.Sources(decided_enterprise, enterprise, enterprise_year, enterprise_history, enterprise_outlook)
    return peers.enterprise_peer(workspace.open(), deliveries_of(context, workspace, raw_file), sources)


@table_asset(dossiers.BENEFIT_PAYOUT)
def benefit_payout(context: dg.AssetExecutionContext, payout: Stored) -> Query:
    month = month_of(context)
    values = {"first_month": add_months(month // 100 * 100 + 1, -BENEFIT_MONTHS), "as_of": month}
    constants = {"as_of_month": month, "definition": "待遇支付按支付月份汇总；同一项目写法不同的分列"}
    return Query("marts/benefit_payout.sql", {"payout": payout}, values, constants)


@dg.asset(
    group_name="documents", partitions_def=MONTHS, kinds={"word"},
    description="数据专项统计分析报告.docx（内部）：行业、企业、起因、时间、岗位、上下班途中、职业病、基金、口径、认定滞后、数据质量，"
                "按固定规则从各表写成",
)
def special_report(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, industry_injury_rate: Stored,
    priority_enterprise: Stored, injury_pattern: Stored, group_target: Stored, commuting_hotspot: Stored,
    commuting_enterprise: Stored, fund_balance: Stored, benefit_payout: Stored, claim_development: Stored,
    definition_comparison: Stored, data_quality: Stored,
) -> dg.MaterializeResult:
    tables = special.Tables(industry_injury_rate, priority_enterprise, injury_pattern, group_target, commuting_hotspot,
                            commuting_enterprise, fund_balance, benefit_payout, claim_development, definition_comparison,
                            data_quality)
    path = special.special_report(workspace.open(), deliveries_of(context, workspace, raw_file), tables)
    return dg.MaterializeResult(metadata={"文件": path.name, "字节": path.stat().st_size})


@dg.asset(
    group_name="documents", partitions_def=MONTHS, kinds={"word"},
    description="一企一档/一企一档-<名次>-<单位>.docx（服务机构）：每家两页，历年与同类、工伤怎样发生、费用、看什么、怎么办、问什么",
)
def enterprise_dossier(
    context: dg.AssetExecutionContext, workspace: WorkspaceResource, raw_file: Stored, decided_enterprise: Stored,
    priority_enterprise: Stored, enterprise_outlook: Stored, enterprise: Stored, enterprise_trend: Stored,
    enterprise_profile: Stored, enterprise_peer: Stored, injury_pattern: Stored,
) -> dg.MaterializeResult:
    tables = papers.Tables(decided_enterprise, priority_enterprise, enterprise_outlook, enterprise, enterprise_trend,
                           enterprise_profile, enterprise_peer, injury_pattern)
    place, known = workspace.open(), deliveries_of(context, workspace, raw_file)
    paths = papers.dossiers(place, known, tables)
    said = papers.left_out(place, decided_enterprise, known.as_of)
    if said:
        log.info(said)
    return dg.MaterializeResult(metadata={"份数": len(paths), "文件夹": papers.FOLDER, **({"说明": said} if said else {})})
