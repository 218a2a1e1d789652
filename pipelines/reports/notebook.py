"""What the notebooks share: the month that is looked at, tables and figures as people read them.

Belongs here: opening a published month and how things look in a notebook. What is looked at is in notebooks/.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go

from pipelines import marts
from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import Column
from pipelines.reports.cells import shown as cell

ROOT = Path(__file__).parent.parent.parent
RED, GREY, BLUE, ORANGE, DARK = "#B5392B", "#7A8691", "#1F5F99", "#E69F00", "#26323E"
TABLE = "table"
SIDES = {"above": (RED, "高于全市"), "none": (GREY, "与全市无显著差别"), "below": (BLUE, "低于全市")}


class NothingPublished(Exception):
    """There is no such month; a notebook shows the message alone."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


class Html(str):
    """Markup that a notebook shows as it is."""

    def _repr_html_(self) -> str:
        return self


class Opened:
    """A published month with its tables; `is_simulated` marks every title."""

    def __init__(self, month: marts.Month):
        self.month = month
        self.name: str = month.manifest["month"]
        self.is_simulated: bool = month.manifest["is_simulated"]

    def table(self, name: str) -> pd.DataFrame:
        """A table of the month. Raises marts.NotPublishedError."""
        table = self.month.table(name)
        table.attrs[TABLE] = name
        return table

    def rows(self, name: str, by: Sequence[str] = (), **where: object) -> pd.DataFrame:
        """The rows in which the named columns have the given values, in order; none where an older release has no such table."""
        try:
            table = self.table(name)
        except marts.NotPublishedError:
            return pd.DataFrame(columns=pd.Index([*by, *where]))
        for column, value in where.items():
            table = table.loc[table[column] == value]
        return table.sort_values(list(by)) if by else table

    def headed(self, text: str) -> str:
        """A title; of simulated data it says so."""
        return f"{text}（模拟数据）" if self.is_simulated else text


def opened(month: str | None = None) -> Opened:
    """A month (YYYY-MM; None = the newest) of the folder in YUFANG_MARTS. Raises NothingPublished."""
    folder = ROOT / os.environ.get("YUFANG_MARTS", "data/marts")
    try:
        found = Opened(marts.month(month, folder))
    except marts.NotPublishedError as error:
        raise NothingPublished(f"{error}（数据文件夹：{folder}）") from None
    print("已发布：" + "、".join(marts.months(folder)))
    mark = "【模拟数据】" if found.is_simulated else "实际数据"
    print(f"正在看：{found.name}　政策：{found.month.manifest['policy']}　{mark}")
    print("文档：" + ("、".join(path.name for path in found.month.documents()) or "无"))
    return found


def words(table: str, column: str) -> dict[str, str]:
    """The codes of a published table's column with their titles."""
    return {code: titles[0] for code, titles in (_declared(table)[column].codes or {}).items()}


def shown(table: pd.DataFrame, columns: Iterable[str], most: int = 200) -> Html:
    """A table for people: the columns that have values under their Chinese titles, codes in words, the first `most` rows."""
    values = {name: pd.Series(table[name]) for name in columns if name in table}
    kept = [name for name, found in values.items() if found.notna().any()]
    if not kept:
        return Html("<p>没有数据。</p>")
    declared = _declared(table.attrs.get(TABLE, ""))
    said = pd.DataFrame({declared[name].title if name in declared else name: _said(values[name].head(most), declared.get(name))
                         for name in kept})
    left = f"<p>共 {len(table):,} 行，列出前 {most:,} 行。</p>" if len(table) > most else ""
    style = said.style.hide(axis="index").format(precision=2, thousands=",", na_rep="", escape="html").set_uuid("t")
    return Html(left + style.to_html())


def _declared(table: str) -> dict[str, Column]:
    """Columns by name as the table declares them, else as any published table does."""
    own = [contract for contract in marts.PUBLIC if contract.name == table]
    return {column.name: column for contract in (*marts.PUBLIC, *own) for column in contract.columns}


def _said(values: pd.Series, column: Column | None) -> pd.Series:
    """Values with their codes in words, kinds by their titles, months as YYYY-MM."""
    if column is None:
        return values
    titles = {name: kind.title for name, kind in EXPORTS.items()} if column.name == "kind" else {}
    return values.map(lambda value: titles.get(value) or cell(column, value), na_action="ignore")


def drawn(figure: go.Figure) -> Html:
    """A figure with plotly inside, so that nothing is asked of a network (as plotly's own show() would)."""
    figure.update_layout(template="plotly_white", hoverlabel_align="left")
    return Html(figure.to_html(full_html=False, include_plotlyjs=True, include_mathjax=False))
