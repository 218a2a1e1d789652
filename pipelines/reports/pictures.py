"""Charts as PNG for Word documents: bars with intervals, years beside a norm, columns beside what an even spread would give.

Belongs here: how figures that were computed before are drawn, in colours that colour-blind readers and grey prints tell apart.
The same figures give the same bytes. Without a Chinese font nothing is drawn, and NO_FONT says what to do.
"""

import io
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pipelines.reports.text import Paragraph, Part, Picture

# Parts of file names, in the order in which they are preferred.
FONT_FILES = ("notosanscjk", "notosanssc", "sourcehansans", "simhei", "msyh", "wqy-microhei", "wqy-zenhei", "pingfang",
              "notoserifcjk", "simsun", "droidsansfallback")
NO_FONT = ("本机没有中文字体，图未绘出。请安装思源黑体（Noto Sans CJK SC；Debian/Ubuntu：apt install fonts-noto-cjk，"
           "openEuler/麒麟：google-noto-sans-cjk-ttc-fonts）后重新生成。")
BLUE, ORANGE, GREY, PALE = "#2F5D8A", "#D55E00", "#6E6E6E", "#D9D9D9"
MM, DOTS, SIZE = 25.4, 180, 8.5
EDGES_MM = (14.0, 2.0, 9.0, 8.0)
HEAD = 1.15
"""How far an axis reaches beyond what stands on it."""


@cache
def font() -> str | None:
    """The family of the first Chinese font found on this machine, made known to matplotlib; None where there is none."""
    from matplotlib import font_manager

    found = sorted(Path(path) for path in font_manager.findSystemFonts())
    for part in FONT_FILES:
        for path in found:
            if part in path.name.lower().replace("_", "").replace(" ", "") and "bold" not in path.name.lower():
                font_manager.fontManager.addfont(path)
                return font_manager.FontProperties(fname=path).get_name()
    return None


def parts(image: bytes | None, caption: str, description: str, width_mm: float = 150) -> list[Part]:
    """The picture as a part of a document, or why there is none."""
    return [Picture((image,), caption, width_mm, description)] if image else [Paragraph(f"（{caption}）{NO_FONT}", kind="note")]


def bars(
    names: Sequence[str], values: Sequence[float], limits: Sequence[tuple[float, float]], alerts: Sequence[bool],
    reference: tuple[str, float] | None, unit: str, size_mm: tuple[float, float],
) -> bytes | None:
    """Lying bars, the first on top, with their intervals; those that stand out are orange and hatched. `reference` = a line."""
    if font() is None:
        return None
    figure, axes = _axes(size_mm)
    places = range(len(names) - 1, -1, -1)
    drawn = axes.barh(list(places), list(values), height=0.62, color=[ORANGE if alert else BLUE for alert in alerts])
    for bar, alert in zip(drawn, alerts, strict=True):
        bar.set(hatch="///" if alert else "", edgecolor="white", linewidth=0)
    around = [[max(value - low, 0) for value, (low, _) in zip(values, limits, strict=True)],
              [max(high - value, 0) for value, (_, high) in zip(values, limits, strict=True)]]
    axes.errorbar(list(values), list(places), xerr=around, fmt="none", ecolor="black", elinewidth=0.8, capsize=2)
    if reference:
        axes.axvline(reference[1], color=GREY, linestyle="--", linewidth=1, label=f"{reference[0]} {reference[1]:.2f}")
        axes.legend(loc="lower right", frameon=False, fontsize=SIZE)
    axes.set_yticks(list(places), list(names))
    axes.set(xlabel=unit, ylim=(-0.6, len(names) - 0.4), xlim=(0, _end([high for _, high in limits])))
    return _png(figure)


def trend(
    years: Sequence[str], values: Sequence[float | None], limits: Sequence[tuple[float, float] | None],
    norm: tuple[str, float | None], band: tuple[str, float, float] | None, unit: str, size_mm: tuple[float, float],
    whose: str = "本单位",
) -> bytes | None:
    """A figure by year with its intervals, beside the line `norm` and the grey band `band` (title, from, to)."""
    if font() is None:
        return None
    figure, axes = _axes(size_mm, EDGES_MM)
    if band:
        axes.axhspan(band[1], band[2], color=PALE, label=band[0], linewidth=0)
    if norm[1] is not None:
        axes.axhline(norm[1], color=ORANGE, linestyle="--", linewidth=1.2, label=f"{norm[0]} {norm[1]:.2f}")
    known = [(place, value, limit) for place, (value, limit) in enumerate(zip(values, limits, strict=True))
             if value is not None and limit is not None]
    around = [[max(value - low, 0) for _, value, (low, _) in known], [max(high - value, 0) for _, value, (_, high) in known]]
    axes.errorbar([place for place, _, _ in known], [value for _, value, _ in known], yerr=around, color=BLUE, marker="o",
                  markersize=4, linewidth=1.4, elinewidth=0.9, capsize=3, label=f"{whose}（竖线：95 % 区间）")
    axes.set_xticks(range(len(years)), list(years))
    tops = [value for _, value, _ in known] + [norm[1] or 0.0] + ([band[2]] if band else [])
    # An interval of a year with few heads would press everything else to the ground.
    most = min(max([high for _, _, (_, high) in known] or [1.0]), 3 * max([*tops, 0.1]))
    axes.set(ylabel=unit, ylim=(0, most * HEAD), xlim=(-0.4, len(years) - 0.6))
    axes.legend(loc="upper right", frameon=False, fontsize=SIZE - 1, ncols=3, bbox_to_anchor=(1.0, 1.22), borderaxespad=0)
    return _png(figure)


def columns(
    names: Sequence[str], values: Sequence[float], beside: Sequence[float | None], alerts: Sequence[bool], unit: str,
    size_mm: tuple[float, float], beside_title: str = "均匀时应有",
) -> bytes | None:
    """Standing columns with a mark at what would be expected; those that stand out are orange and hatched."""
    if font() is None:
        return None
    figure, axes = _axes(size_mm, EDGES_MM)
    drawn = axes.bar(range(len(names)), list(values), width=0.66, color=[ORANGE if alert else BLUE for alert in alerts])
    for bar, alert in zip(drawn, alerts, strict=True):
        bar.set(hatch="///" if alert else "", edgecolor="white", linewidth=0)
    known = [(place, value) for place, value in enumerate(beside) if value is not None]
    if known:
        axes.plot([place for place, _ in known], [value for _, value in known], linestyle="none", marker="_", markersize=14,
                  markeredgewidth=1.6, color="black", label=beside_title)
        axes.legend(loc="upper right", frameon=False, fontsize=SIZE - 1, bbox_to_anchor=(1.0, 1.16), borderaxespad=0)
    axes.set_xticks(range(len(names)), list(names))
    axes.set(ylabel=unit, ylim=(0, _end([*values, *(value for _, value in known)])))
    return _png(figure)


def _end(values: Sequence[float]) -> float:
    return max([*values, 0.0]) * HEAD or 1.0


def _axes(size_mm: tuple[float, float], edges_mm: tuple[float, float, float, float] | None = None):
    """An empty figure of that size and its axes, plain, with Chinese letters; `edges_mm` = left, right, bottom, top margins."""
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams.update({
        "font.family": [font()], "font.size": SIZE, "axes.unicode_minus": False, "hatch.linewidth": 0.6, "hatch.color": "white",
        "text.parse_math": False})
    figure = Figure(figsize=(size_mm[0] / MM, size_mm[1] / MM), dpi=DOTS, layout=None if edges_mm else "constrained")
    axes = figure.add_subplot()
    if edges_mm:
        left, right, bottom, top = edges_mm
        figure.subplots_adjust(left / size_mm[0], bottom / size_mm[1], 1 - right / size_mm[0], 1 - top / size_mm[1])
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=2, width=0.6)
    return figure, axes


def _png(figure) -> bytes:
    held = io.BytesIO()
    figure.savefig(held, format="png", metadata={"Software": None})
    return held.getvalue()
