"""路段: the commuting sites on a plan without tiles, their evidence in a table.

Belongs here: choosing and wording; sites and figures were computed in the mart commuting_hotspot.
"""

from collections.abc import Iterable, Mapping, Sequence

from pipelines.contracts.commuting import COMMUTING_HOTSPOT
from pipelines.reports import Field, Row, Sheet
from pipelines.reports.board import Board, Curve, Group, Point, Scatter, Section
from pipelines.reports.cells import month_text, shown
from pipelines.reports.hotspots import NOTHING, in_order

TITLE = COMMUTING_HOTSPOT.title
TONES = {"A": "listed", "B": "reserve", "C": "plain"}
SAID = tuple(COMMUTING_HOTSPOT[name] for name in ("usual_hours", "usual_transports", "over_represented"))
FIELDS = (Field("人群"), Field("地区"), Field("名次", "名", True), Field("点位"), Field("证据"), Field("事故", "起", True),
          Field("周边水平", "起", True, 1), Field("与周边之比", "", True, 2), Field("来年预计", "起", True, 1), Field("依据"))
Line = tuple[Sequence[float], Sequence[float]]


def section(sites: Sequence[Mapping], lines: Sequence[Line] = ()) -> Section:
    """The sites from the rows of commuting_hotspot.

    lines  drawn below them, each as east and north in metres, as `x_m` and `y_m` of the sites
    """
    if not sites:
        return Section("sites", TITLE, missing=NOTHING)
    sites = in_order(sites)
    groups = (Group(str(shown(COMMUTING_HOTSPOT["tier"], tier)), tone,
                    tuple(_point(site) for site in sites if site["tier"] == tier)) for tier, tone in TONES.items())
    curves = (Curve("边界", "border", *_joined(lines)),) if lines else ()
    kept = tuple(group for group in groups if group.points)
    chart = Scatter("chart-sites", "点位与半径", "东，米", "北，米", kept, curves, is_map=True)
    says = ("圆按实际半径，数字是名次；不含地图底图，坐标见《事故多发路段现场核实表》。",
            "证据 C 的点位与偶然无法区分，不宜单独设标志。拖动可放大，双击还原。")
    sheet = Sheet("路段", TITLE, (f"{sites[0]['definition']}。",), FIELDS, tuple(_row(site) for site in sites))
    return Section("sites", TITLE, says, charts=(chart,), sheets=(sheet,))


def map_page(sites: Sequence[Mapping], lines: Sequence[Line], month: int, marks: tuple[str, ...]) -> Board:
    """The sites alone, as a page of their own: 事故多发路段地图."""
    return Board(f"{TITLE}地图", month, marks, f"数据截止 {month_text(month)}", (section(sites, lines),))


def _shown(site: Mapping, name: str) -> str:
    return str(shown(COMMUTING_HOTSPOT[name], site[name]))


def _point(site: Mapping) -> Point:
    said = (f"{site['rank']}　{site['site_name']}", f"{_shown(site, 'area_code')}，{_shown(site, 'population')}", *_figures(site))
    return Point(site["x_m"], site["y_m"], said, site["radius_m"], str(site["rank"]))


def _figures(site: Mapping) -> Iterable[str]:
    usual = f"，周边水平 {site['background']:.1f} 起" if site["background"] is not None else ""
    yield f"事故 {site['accidents']:,} 起{usual}" + (f"，为其 {site['ratio']:.1f} 倍" if site["ratio"] is not None else "")
    if site["forecast"] is not None:
        yield f"来年预计 {site['forecast']:.1f} 起"
    yield from (f"{column.title}：{site[column.name]}" for column in SAID if site[column.name])


def _row(site: Mapping) -> Row:
    return Row((_shown(site, "population"), _shown(site, "area_code"), site["rank"], site["site_name"], _shown(site, "tier"),
                site["accidents"], site["background"], site["ratio"], site["forecast"], site["evidence"]),
               "listed" if site["tier"] == "A" else "plain")


def _joined(lines: Sequence[Line]) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    """Several lines as one curve, with a gap between them."""
    x, y = ([value for line in lines for value in (*line[side], None)] for side in (0, 1))
    return tuple(x), tuple(y)
