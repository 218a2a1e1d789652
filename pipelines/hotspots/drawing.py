"""The sites for a GIS (GeoJSON) and as a map to look at: one HTML file without tiles, which asks nothing of a network.

Belongs here: what is drawn and how. The sites are the mart commuting_hotspot.
"""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go

from pipelines.contracts.commuting import COMMUTING_HOTSPOT
from pipelines.places.points import LOCAL
from pipelines.reports.cells import month_text, shown
from pipelines.stats.datums import Projection

COLOURS = {"A": "#C00000", "B": "#E08A00", "C": "#7F7F7F"}
LEFT_OUT = ("lon", "lat", "x_m", "y_m", "datum")
CORNERS = 64
FONT = "Microsoft YaHei, Noto Sans CJK SC, sans-serif"


def geojson(sites: Sequence[Mapping], marks: Sequence[str]) -> str:
    """The sites as points (RFC 7946: WGS-84) with their columns; local metres are said to be such."""
    features = [{
        "type": "Feature", "geometry": {"type": "Point", "coordinates": [round(site["lon"], 7), round(site["lat"], 7)]},
        "properties": {name: site[name] for name in COMMUTING_HOTSPOT.names if name not in LEFT_OUT},
    } for site in sites]
    said = {"type": "FeatureCollection", "name": COMMUTING_HOTSPOT.name, "marks": list(marks), "features": features}
    if sites and sites[0]["datum"] == LOCAL:
        said["datum"] = LOCAL
    return json.dumps(said, ensure_ascii=False, indent=1, default=float) + "\n"


def page(sites: Sequence[Mapping], lines: Sequence[np.ndarray], month: int, marks: Sequence[str]) -> str:
    """The map: sites as discs to scale, numbers, what is known of each on pointing; `lines` of the user below them.

    lines  shape (n, 2) each, in the coordinates of the sites
    """
    centre = sites[0]
    figure = go.Figure()
    if lines:
        x, y = _joined([_metres(line[:, 0], line[:, 1], centre) for line in lines])
        figure.add_scatter(x=x, y=y, mode="lines", line={"color": "#B8C4D0", "width": 1}, hoverinfo="skip", name="边界与道路")
    for tier, (title,) in (COMMUTING_HOTSPOT["tier"].codes or {}).items():
        of_tier = [site for site in sites if site["tier"] == tier]
        if of_tier:
            _add(figure, of_tier, centre, COLOURS[tier], title)
    title = f"上下班交通事故多发路段　数据截止 {month_text(month)}　" + "".join(f"【{mark}】" for mark in marks)
    figure.update_layout(
        title=title, template="plotly_white", font={"family": FONT}, legend={"title": "证据", "itemsizing": "constant"},
        margin={"l": 20, "r": 20, "t": 60, "b": 40}, dragmode="pan", hoverlabel={"align": "left"})
    figure.update_xaxes(title="米，以第 1 个点位为原点；圆按实际半径", zeroline=False, tickformat=",d")
    figure.update_yaxes(scaleanchor="x", scaleratio=1, zeroline=False, tickformat=",d")
    return figure.to_html(include_plotlyjs=True, full_html=True, div_id="sites",
                          config={"scrollZoom": True, "displaylogo": False, "locale": "zh-CN"})


def _add(figure: go.Figure, sites: Sequence[Mapping], centre: Mapping, colour: str, title: str) -> None:
    at = [_metres(np.array([site["lon"]]), np.array([site["lat"]]), centre) for site in sites]
    angle = np.linspace(0, 2 * np.pi, CORNERS)
    rings = [(x + site["radius_m"] * np.cos(angle), y + site["radius_m"] * np.sin(angle))
             for (x, y), site in zip(at, sites, strict=True)]
    x, y = _joined(rings)
    figure.add_scatter(x=x, y=y, mode="lines", fill="toself", line={"color": colour, "width": 1}, hoverinfo="skip",
                       name=title, legendgroup=title)
    figure.add_scatter(
        x=[float(x[0]) for x, _ in at], y=[float(y[0]) for _, y in at], mode="markers+text", marker={"color": colour, "size": 9},
        text=[str(site["rank"]) for site in sites], textposition="top center", hovertext=[_said(site) for site in sites],
        hoverinfo="text", name=title, legendgroup=title, showlegend=False)


def _said(site: Mapping) -> str:
    names = ("area_code", "accidents", "background", "ratio", "forecast", "usual_hours", "usual_transports", "over_represented")
    parts = [f"<b>{site['rank']}　{_escaped(site['site_name'])}</b>"]
    for name in names:
        column = COMMUTING_HOTSPOT[name]
        value = shown(column, site[name])
        if value is not None:
            text = f"{value:,.1f}" if isinstance(value, float) else str(value)
            parts.append(f"{column.title}：{_escaped(text)}")
    return "<br>".join(parts)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _metres(lon: np.ndarray, lat: np.ndarray, centre: Mapping) -> tuple[np.ndarray, np.ndarray]:
    if centre["datum"] == LOCAL:
        return lon - centre["lon"], lat - centre["lat"]
    x, y = Projection(centre["lon"], centre["lat"]).metres(lon, lat)
    return np.round(x, 1), np.round(y, 1)


def _joined(lines: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[list, list]:
    """Several lines as one trace, with a gap between them."""
    return tuple([value for line in lines for value in (*line[side].tolist(), None)][:-1] for side in (0, 1))  # type: ignore[return-value]
