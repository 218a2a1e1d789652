"""The short summary at the end of a run: what came in, which industries stand out, who leads the list, where things lie."""


import pandas as pd

from pipelines import marts
from pipelines.workspace import Workspace

SHOWN = 5


def summary(place: Workspace, month: str) -> str:
    """The summary of a published month, as text."""
    published = marts.month(month, place.marts)
    mark = "【模拟数据】" if published.manifest["is_simulated"] else ""
    lines = [f"\n{mark}{month} 已发布，政策 {published.manifest['policy']}"]
    lines += _rows(published.table("source_reconciliation"), published)
    lines += _industries(published.table("industry_injury_rate"), place.policy().rate.threshold_pct)
    lines += _list(published.table("priority_enterprise"))
    lines += ["文件", f"  表　{place.marts / f'month={month}'}", *(f"  文档　{path}" for path in _documents(place, month))]
    return "\n".join(lines)


def _documents(place: Workspace, month: str) -> list[str]:
    """The documents, a folder of them as one line."""
    found = sorted((place.marts / f"month={month}" / "documents").glob("*"))
    return [f"{path}（{len(list(path.glob('*')))} 份）" if path.is_dir() else str(path) for path in found]


def _rows(table: pd.DataFrame, published: marts.Month) -> list[str]:
    sums = table[["rows_received", "rows_accepted", "rows_rejected", "rows_superseded", "rows_later"]].sum()
    lines = [f"收到 {sums.iloc[0]:,} 行：采用 {sums.iloc[1]:,}，退回 {sums.iloc[2]:,}，被更新 {sums.iloc[3]:,}"
             + (f"，以后才知 {sums.iloc[4]:,}" if sums.iloc[4] else "")]
    for line in published.manifest["raw_files"]:
        if line["status"] in ("unknown", "ignored"):
            lines.append(f"  未用 {line['path']}：{line['message']}")
    return lines


def _industries(table: pd.DataFrame, threshold: float) -> list[str]:
    whole = table[(table.level == 0) & table.rate_pct.notna()]
    period = next((p for p in ("last_year", "year_to_date", "last_3_years") if (whole.period == p).any()), None)
    if period is None:
        city = table[(table.level == 0) & (table.period.isin(["last_year", "year_to_date"]))]
        counts = "；".join({f"{row.first_month}–{row.last_month} 工伤 {row.injuries:,}": 0 for row in city.itertuples()})
        return [f"没有可用的缴费人数，不计发生率（{counts}）"]
    rows = table[(table.period == period) & (table.level <= 1)]
    city = rows[rows.level == 0].iloc[0]
    counted = f"{city.injuries:,} 人次，{city.person_years:,.0f} 人年"
    completed = f"，补上认定滞后约 {city.completed_rate_pct:.3f}%" if pd.notna(city.completed_rate_pct) else ""
    lines = [f"{city.first_month}–{city.last_month} 全市发生率 {city.rate_pct:.3f}%（{counted}）{completed}",
             f"  超 {threshold:g}% 的单位（n/N），发生率与 95% 区间，区间高于全市的行业"]
    for row in rows[rows.level == 1].itertuples():
        interval = f"{row.rate_pct:.3f}%（{row.rate_low_pct:.3f}–{row.rate_high_pct:.3f}）" if pd.notna(row.rate_pct) else "—"
        flag = "　↑ 高于全市" if row.difference == "above" else ""
        above = f"{row.enterprises_above_threshold}/{row.enterprises}"
        lines.append(f"  {row.industry_code} {row.industry_name}　{above}　{interval}{flag}")
    return lines


def _list(table: pd.DataFrame) -> list[str]:
    ranked = table.loc[table["rank"].notna() & table["is_entered"]].sort_values(by=["region_code", "rank"])
    regions = table.region_code.nunique()
    lines = [f"建议名单：入选 {int(table.is_listed.sum())} 家" + (f"（{regions} 个地区）" if regions > 1 else "") + "，前五名"]
    for row in ranked.head(SHOWN).itertuples():
        place = f"[{row.region_code}] " if regions > 1 else ""
        name = row.enterprise_name if pd.notna(row.enterprise_name) else row.enterprise_id
        lines.append(f"  {row.rank}. {place}{name}：{row.evidence}")
    lines += [f"  {said}" for said in table.comparison.unique()]
    return lines if len(ranked) else [*lines[:1], "  没有单位符合准入条件"]
