"""What is said in 事故多发路段现场核实表: the sites in one table, then a sheet for each with what is to be looked at on the spot.

Belongs here: choosing and wording; the whole of it is in the marts commuting_hotspot and hotspot_neighbour.
"""

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from pipelines.contracts.commuting import COMMUTING_HOTSPOT, HOTSPOT_NEIGHBOUR
from pipelines.reports import Field, Row, Sheet, Workbook
from pipelines.reports.cells import cells, month_text, shown

TITLE = "事故多发路段现场核实表"
COLUMNS = tuple(COMMUTING_HOTSPOT[name] for name in (
    "population", "area_code", "rank", "site_name", "tier", "accidents", "accidents_last_year", "severe", "other_accidents",
    "background", "ratio", "forecast", "forecast_low", "forecast_high", "change_expected_pct", "since_year", "usual_hours",
    "usual_transports", "over_represented", "lon", "lat"))
SAID = tuple(COMMUTING_HOTSPOT[name] for name in (
    "site_name", "tier", "lon", "lat", "datum", "radius_m", "accidents", "accidents_last_year", "severe", "other_accidents",
    "background", "ratio", "above_probability", "forecast", "forecast_low", "forecast_high", "change_expected_pct", "since_year",
    "usual_hours", "usual_transports", "over_represented", "evidence"))
CHECKED = ("信号灯与标线", "照明", "视线遮挡", "非机动车道与人行横道", "限速与减速设施", "现有警示标志", "早晚高峰秩序",
           "周边在建工程", "建议措施", "照片", "核实人与日期")
NOTES = (
    "黄色格由现场核实的人填写，照片可直接插入；坐标用于导航，标志由交警按规定设置，不从工伤预防费列支。",
    "名次按来年可能发生的事故多少；证据 C 的点位与偶然无法区分，不宜单独设标志。“不采取措施的变化”＝偏高的一年之后本会有的回落，"
    "以后评价成效时须先减去。",
)


NOTHING = "本月没有算出路段：没有能定位的上下班交通事故，或没有聚集的点。"


def in_order(sites: Iterable[Mapping]) -> list[Mapping]:
    """The rows of commuting_hotspot by whom they are of, area and rank."""
    return sorted(sites, key=_place)


def of_commuters(sites: Iterable[Mapping]) -> list[Mapping]:
    """Those of insured commuters, in that order; those of platform workers are listed on request only."""
    return in_order(site for site in sites if site["population"] == "commuting")


def workbook(tables: Mapping[str, pa.Table], month: int, marks: tuple[str, ...]) -> Workbook | None:
    """The workbook of a month from its marts by name; None without sites."""
    sites = in_order(tables[COMMUTING_HOTSPOT.name].to_pylist())
    if not sites:
        return None
    beside: dict[tuple, list[dict]] = {}
    for row in tables[HOTSPOT_NEIGHBOUR.name].to_pylist():
        beside.setdefault(_place(row), []).append(row)
    sheets = [_list(sites), *(_site(number, site, beside.get(_place(site), [])) for number, site in enumerate(sites, 1))]
    return Workbook(TITLE, month, marks, f"数据截止 {month_text(month)}", tuple(sheets))


def _place(row: Mapping) -> tuple:
    return row["population"], row["area_code"], row["rank"]


def _list(sites: Sequence[Mapping]) -> Sheet:
    rows = tuple(Row(cells(COLUMNS, site), "listed" if site["tier"] == "A" else "plain") for site in sites)
    notes = (*NOTES, sites[0]["definition"] + "。")
    return Sheet("点位清单", COMMUTING_HOTSPOT.title, notes, tuple(map(Field.of, COLUMNS)), rows)


def _site(number: int, site: Mapping, neighbours: Sequence[Mapping]) -> Sheet:
    """One site: what is known, who is near, what is to be looked at."""
    rows = [Row((column.title, _with_unit(column, site), ""), "plain") for column in SAID]
    rows.append(Row(("周边单位和场所", "按在此受伤的职工、人数、距离", ""), "group"))
    rows += [Row((row["neighbour_kind"], _neighbour(row), "")) for row in sorted(neighbours, key=lambda row: row["number"])]
    rows.append(Row(("现场核实", "", ""), "group"))
    rows += [Row((what, "", "")) for what in CHECKED]
    fields = (Field("项目", width=24), Field("数据所示", width=64), Field("现场核实", is_input=True, width=40))
    return Sheet(f"点位{number}", f"{number}　{site['site_name']}", (), fields, tuple(rows), is_text=True, is_form=True)


def _with_unit(column, site: Mapping) -> str:
    value = shown(column, site[column.name])
    if value is None:
        return "—"
    text = f"{value:,.{min(column.decimals or 0, 6)}f}" if isinstance(value, float) else str(value)
    unit = column.unit if column.unit not in ("", "yyyymm") else ""
    return f"{text} {unit}".strip()


def _neighbour(row: Mapping) -> str:
    parts = [row["neighbour_name"], f"距 {row['distance_m']:,.0f} 米" if row["distance_m"] is not None else "",
             f"参保约 {row['heads']:,} 人" if row["heads"] is not None else "",
             f"在此受伤 {row['injured_here']} 起" if row["injured_here"] else ""]
    return "，".join(filter(None, parts))
