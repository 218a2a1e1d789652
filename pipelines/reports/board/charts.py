"""How a chart of the board looks: from its words to the traces and the layout of plotly.

Belongs here: colours, symbols, sizes. What a chart says is in the modules of its subject.
"""

import math
from collections.abc import Iterable, Sequence
from functools import singledispatch

from pipelines.reports.board import Bars, Chart, Curve, Group, Interval, Intervals, Point, Scatter

FONT = "'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',sans-serif"
INK, PALE, WHITE = "#26323E", "#E3E8ED", "#FFFFFF"
BLUE, ORANGE, RED, GREY, LIGHT = "#1F5F99", "#E69F00", "#B5392B", "#7A8691", "#B9C5D1"
# Tones differ in symbol and lightness too, for eyes and printers that do not tell the colours apart.
COLOURS = {"main": BLUE, "second": ORANGE, "quiet": LIGHT, "alert": RED, "above": RED, "none": GREY, "below": BLUE,
           "behind": RED, "unclear": GREY, "on_pace": BLUE, "listed": RED, "reserve": ORANGE, "plain": GREY, "cells": BLUE}
SYMBOLS = {"above": "triangle-up", "below": "square", "behind": "triangle-up", "on_pace": "square", "listed": "diamond",
           "reserve": "square"}
CURVES = {"mean": (INK, 1.5, "solid"), "inner": (GREY, 1, "dot"), "outer": (GREY, 1.3, "dash"), "border": ("#9AA9B8", 1, "solid")}
SIZES = {"plain": 5, "listed": 11, "reserve": 9}
SHORT, CORNERS, LOG_STEPS, BAR_SHARE = 18, 48, 7, 0.12
HEIGHT, ROW, BAR_ROW, FRAME = 360, 23, 30, 110


def figure(chart: Chart) -> dict:
    """What plotly draws: data and layout, to be written as JSON."""
    data, layout = _drawn(chart)
    return {"data": data, "layout": {**_layout(), **layout}}


@singledispatch
def _drawn(chart) -> tuple[list[dict], dict]:
    raise TypeError(f"no way to draw {type(chart).__name__}")


@_drawn.register
def _bars(chart: Bars) -> tuple[list[dict], dict]:
    places = list(range(len(chart.labels)))
    data = []
    for series in chart.series:
        said = [f"<b>{_escaped(label)}</b><br>{_escaped(series.title)}：{_number(value)}"
                for label, value in zip(chart.labels, series.values, strict=True)]
        along = ("y", "x", "h") if chart.is_lying else ("x", "y", "v")
        data.append({"type": "bar", "name": series.title, along[0]: places, along[1]: list(series.values),
                     "orientation": along[2], "hovertext": said, "hoverinfo": "text", "textangle": 0,
                     "cliponaxis": False, "constraintext": "none", "text": [_number(value) for value in series.values],
                     "textposition": "inside" if chart.is_stacked else "outside", "marker": {"color": COLOURS[series.tone]}})
    ticks = {"tickvals": places, "ticktext": [_escaped(_short(label)) for label in chart.labels], "automargin": True,
             "zeroline": False}
    value_axis = {"title": {"text": chart.axis}, "gridcolor": PALE, "zerolinecolor": INK, "rangemode": "tozero",
                  "automargin": True}
    bars = 1 if chart.is_stacked else len(chart.series)
    layout = {"barmode": "stack" if chart.is_stacked else "group", "height": HEIGHT,
              "bargap": max(0.3, 1 - BAR_SHARE * len(places))}
    if chart.is_lying:
        layout["height"] = FRAME + len(places) * max(BAR_ROW, 16 * bars)
        return data, {**layout, "xaxis": value_axis, "yaxis": {**ticks, "range": [len(places) - 0.5, -0.5]}}
    return data, {**layout, "xaxis": {**ticks, "range": [-0.5, len(places) - 0.5]}, "yaxis": value_axis}


@_drawn.register
def _intervals(chart: Intervals) -> tuple[list[dict], dict]:
    data = []
    for tone, title in chart.tones:
        own = [(place, row) for place, row in enumerate(chart.rows) if row.tone == tone]
        if own:
            data.append(_interval_trace(own, title, tone))
    goals = [(place, row.goal) for place, row in enumerate(chart.rows) if row.goal is not None]
    if goals:
        data.append({"type": "scatter", "mode": "markers", "name": chart.goal_title, "x": [goal for _, goal in goals],
                     "y": [place for place, _ in goals], "hoverinfo": "x+name",
                     "marker": {"symbol": "diamond-open", "size": 10, "color": INK}})
    height = FRAME + ROW * len(chart.rows)
    layout = {
        "height": height, "xaxis": {"title": {"text": chart.axis}, "gridcolor": PALE, "zeroline": False, "automargin": True,
                  **({"range": [0, chart.top]} if chart.top else {})},
        "yaxis": {"tickvals": list(range(len(chart.rows))), "ticktext": [_escaped(_short(row.label)) for row in chart.rows],
                  "range": [len(chart.rows) - 0.4, -0.6], "gridcolor": "#F1F4F6", "zeroline": False, "automargin": True}}
    if chart.line is not None:
        layout |= {"shapes": [_line_across(chart.line)], "annotations": [_line_name(chart.line, chart.line_title)]}
    return data, layout


def _interval_trace(rows: Sequence[tuple[int, Interval]], title: str, tone: str) -> dict:
    return {
        "type": "scatter", "mode": "markers", "name": title,
        "x": [row.value for _, row in rows], "y": [place for place, _ in rows],
        "error_x": {"type": "data", "symmetric": False, "array": [round(row.high - row.value, 6) for _, row in rows],
                    "arrayminus": [round(row.value - row.low, 6) for _, row in rows], "thickness": 1.6, "width": 3},
        "hovertext": [_hover(row.hover) for _, row in rows], "hoverinfo": "text",
        "marker": {"color": COLOURS[tone], "symbol": SYMBOLS.get(tone, "circle"), "size": 8}}


def _line_across(x: float) -> dict:
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "layer": "below",
            "line": {"color": INK, "width": 1.2}}


def _line_name(x: float, title: str) -> dict:
    return {"x": x, "y": 1, "yref": "paper", "yanchor": "bottom", "text": _escaped(title), "showarrow": False,
            "font": {"size": 12}}


@_drawn.register
def _scatter(chart: Scatter) -> tuple[list[dict], dict]:
    data = [*_curves(chart.curves)]
    for group in chart.groups:
        data += _map_traces(group) if chart.is_map else [_cell_trace(group) if group.tone == "cells" else _point_trace(group)]
    axis = {"gridcolor": PALE, "zeroline": False, "automargin": True}
    x, y = {**axis, "title": {"text": chart.x_axis}}, {**axis, "title": {"text": chart.y_axis}}
    if chart.is_map:
        return data, {"height": 560, "dragmode": "zoom", "xaxis": {**x, "tickformat": ",d"},
                      "yaxis": {**y, "tickformat": ",d", "scaleanchor": "x", "scaleratio": 1}}
    steps = [10 ** step for step in range(LOG_STEPS)]
    x |= {"type": "log", "tickvals": steps, "ticktext": [f"{step:,}" for step in steps]}
    y |= {"range": [-0.03 * chart.top, 1.03 * chart.top]} if chart.top else {}
    return data, {"height": 520, "dragmode": "zoom", "xaxis": x, "yaxis": y}


def _curves(curves: Sequence[Curve]) -> Iterable[dict]:
    """Lines; those of one title are one entry of the legend."""
    seen: set[str] = set()
    for curve in curves:
        colour, width, dash = CURVES[curve.tone]
        yield {"type": "scatter", "mode": "lines", "name": curve.title, "x": list(curve.x), "y": list(curve.y),
               "hoverinfo": "skip", "line": {"color": colour, "width": width, "dash": dash},
               "legendgroup": curve.title, "showlegend": curve.title not in seen}
        seen.add(curve.title)


def _point_trace(group: Group) -> dict:
    return {"type": "scatter", "mode": "markers", "name": f"{group.title}（{len(group.points):,}）", **_places(group.points),
            "hovertext": [_hover(point.hover) for point in group.points], "hoverinfo": "text",
            "marker": {"color": COLOURS[group.tone], "symbol": SYMBOLS.get(group.tone, "circle"), "size": SIZES[group.tone],
                       "opacity": 0.45 if group.tone == "plain" else 0.95, "line": {"color": WHITE, "width": 0.5}}}


def _cell_trace(group: Group) -> dict:
    """Cells: the more units, the darker."""
    return {"type": "scatter", "mode": "markers", "name": group.title, **_places(group.points),
            "hovertext": [_hover(point.hover) for point in group.points], "hoverinfo": "text",
            "marker": {"color": [round(math.log10(point.size), 3) for point in group.points], "symbol": "square", "size": 7,
                       "colorscale": [[0, "#D3DEE9"], [1, BLUE]]}}


def _map_traces(group: Group) -> list[dict]:
    """Circles to scale, and their middles with numbers."""
    x: list[float | None] = []
    y: list[float | None] = []
    for point in group.points:
        turns = [2 * math.pi * corner / CORNERS for corner in range(CORNERS + 1)]
        x += [*(round(point.x + point.size * math.cos(turn), 1) for turn in turns), None]
        y += [*(round(point.y + point.size * math.sin(turn), 1) for turn in turns), None]
    colour = COLOURS[group.tone]
    return [{"type": "scatter", "mode": "lines", "x": x, "y": y, "fill": "toself", "hoverinfo": "skip", "showlegend": False,
             "legendgroup": group.title, "name": group.title, "line": {"color": colour, "width": 1}},
            {"type": "scatter", "mode": "markers+text", "name": group.title, "legendgroup": group.title, **_places(group.points),
             "text": [_escaped(point.label) for point in group.points], "textposition": "top center", "hoverinfo": "text",
             "hovertext": [_hover(point.hover) for point in group.points],
             "marker": {"color": colour, "symbol": SYMBOLS.get(group.tone, "circle"), "size": 8}}]


def _places(points: Sequence[Point]) -> dict:
    return {"x": [point.x for point in points], "y": [point.y for point in points]}


def _layout() -> dict:
    return {"font": {"family": FONT, "size": 13, "color": INK}, "paper_bgcolor": WHITE, "plot_bgcolor": WHITE, "autosize": True,
            "margin": {"l": 10, "r": 24, "t": 50, "b": 10}, "dragmode": False, "hovermode": "closest", "showlegend": True,
            "legend": {"orientation": "h", "x": 0, "y": 1, "yref": "container", "yanchor": "top", "itemsizing": "constant",
                       "traceorder": "normal"},
            "hoverlabel": {"align": "left", "bgcolor": WHITE, "bordercolor": GREY, "font": {"color": INK, "size": 13}}}


def _hover(lines: Sequence[str]) -> str:
    first, *rest = map(_escaped, lines)
    return "<br>".join([f"<b>{first}</b>", *rest])


def _number(value: float | None) -> str:
    """At most one decimal, none where the number is large or whole."""
    return "—" if value is None else f"{value:,.{0 if abs(value) >= 1000 or value == int(value) else 1}f}"


def _short(text: str) -> str:
    return text if len(text) <= SHORT else text[:SHORT - 1] + "…"


def _escaped(text: str) -> str:
    """Plotly reads a little HTML in its texts; none of ours is any."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
