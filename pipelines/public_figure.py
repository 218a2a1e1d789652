"""公开数字: the city's, its industries' and the circumstances' figures, of which no small one can be worked out.

Belongs here: what is made public, which sums hold between these figures and between those that others could work out of them
(a longer period less a shorter one), what is small. The choice of what is kept back is stats/suppression.py.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from scipy.sparse import csr_array

from pipelines.classification import NAICS_TWINS
from pipelines.contracts.public import PUBLIC_FIGURE
from pipelines.lazy import Computed, Stored
from pipelines.stats.suppression import suppressed

LEAST = 3
# Units are in both periods; heads may be known in one and not in the other.
ADDITIVE = "cases"
LONG, SHORT, REST = "last_3_years", "last_year", "rest"
TOTAL, WHOLE, DEEPEST = "total", "all", 2
WHOLE_COST = 1e6
RATED = ("enterprises", "person_years", "rate_pct", "rate_low_pct", "rate_high_pct")
CITY = {"injuries": "工伤", "severe": "1–4 级", "deaths": "死亡"}
DEFINITION = (f"少于 {LEAST} 的数，单位数少于 {LEAST} 家的行业，以及能由合计、上下层次、两个时段之差推算出它们的数，均隐去；"
              "隐去的行不公布率；同一年度只公布一次，不同月份的版本不得都公布")
Key = tuple[str, str]


class Tables(NamedTuple):
    """The month's tables that public figures are taken from."""

    industry_injury_rate: Stored
    injury_pattern: Stored


class Cell(NamedTuple):
    """One figure: its counts by name, the key of the figure whose sum it is part of, whether it is ever published."""

    key: Key
    counts: Mapping[str, int]
    parent: Key | None
    is_published: bool = True


def public_figure(month: int, tables: Tables) -> Computed:
    """The mart of a month."""
    industries = [row for row in tables.industry_injury_rate.columns().to_pylist()
                  if row["period"] in (LONG, SHORT) and row["level"] <= DEEPEST]
    patterns = [row for row in tables.injury_pattern.columns().to_pylist() if row["scope"] == WHOLE]
    rows = [*_city(industries), *_industry(industries), *_circumstance(patterns)]
    common = {"as_of_month": month, "definition": DEFINITION}
    made = [{name: {**common, **row}.get(name) for name in PUBLIC_FIGURE.names} for row in rows]
    return Computed(pa.Table.from_pylist(made, schema=PUBLIC_FIGURE.schema), tables._asdict())


# Which rows there are.


def _city(rows: Sequence[Mapping]) -> Iterable[dict]:
    """Injuries, severe ones and deaths of the whole area."""
    whole = [row for row in rows if row["level"] == 0]
    for name, title in CITY.items():
        hidden = kept_back(over_periods([Cell((row["period"], WHOLE), {"cases": row[name]}, None) for row in whole]))
        for row in whole:
            is_hidden = (row["period"], WHOLE) in hidden
            yield {"topic": "city", "period": row["period"], "dimension": name, "subject": WHOLE, "title": title,
                   "is_hidden": is_hidden, "cases": None if is_hidden else row[name]}


def _industry(rows: Sequence[Mapping]) -> Iterable[dict]:
    exposed = _exposed(rows)
    cells = over_periods([Cell((row["period"], _named(row)), {
        "cases": row["injuries"], "exposed": exposed[row["period"], _named(row)], "enterprises": row["enterprises"],
    }, _parent(row, rows)) for row in rows])
    hidden = kept_back(cells)
    for row in rows:
        key, parent = (row["period"], _named(row)), _parent(row, rows)
        figures = {"cases": row["injuries"], **{name: row[name] for name in RATED}}
        yield {"topic": "industry", "period": row["period"], "dimension": str(row["level"]), "subject": row["industry_code"],
               "title": row["industry_name"] or row["industry_code"], "parent": parent and parent[1].partition(":")[2],
               "is_hidden": key in hidden, **({} if key in hidden else figures)}


def _circumstance(rows: Sequence[Mapping]) -> Iterable[dict]:
    """How the injuries of the whole area are spread over each aspect; of each those of which it is known."""
    for dimension in dict.fromkeys(row["dimension"] for row in rows if row["dimension"] != TOTAL):
        own = [row for row in rows if row["dimension"] == dimension]
        total = (dimension, TOTAL)
        cells = [Cell((dimension, row["value"]), {"cases": row["observed_cases"]}, total) for row in own]
        sum_of = sum(row["observed_cases"] for row in own)
        hidden = kept_back([Cell(total, {"cases": sum_of}, None), *cells])
        common = {"topic": "circumstance", "period": "settled", "dimension": dimension}
        yield {**common, "subject": TOTAL, "title": "合计", "is_hidden": total in hidden,
               "cases": None if total in hidden else sum_of}
        for row in own:
            is_hidden = (dimension, row["value"]) in hidden
            share = None if is_hidden or total in hidden else row["observed_cases"] * 100 / sum_of
            yield {**common, "subject": row["value"], "title": row["value_name"], "parent": TOTAL, "is_hidden": is_hidden,
                   "cases": None if is_hidden else row["observed_cases"], "share_pct": share}


def _named(row: Mapping) -> str:
    return f"{row['level']}:{row['industry_code']}"


def _exposed(rows: Sequence[Mapping]) -> dict[Key, int]:
    """The injuries of units with known heads, which rate × person-years tell: of the lowest level, and their sums above."""
    found: dict[Key, int] = {}
    for row in sorted(rows, key=lambda row: -row["level"]):
        key = row["period"], _named(row)
        if row["level"] == DEEPEST:
            found[key] = round((row["rate_pct"] or 0) * (row["person_years"] or 0) / 100)
        parent = _parent(row, rows)
        if parent:
            found[parent] = found.get(parent, 0) + found[key]
    return found


def _parent(row: Mapping, rows: Sequence[Mapping]) -> Key | None:
    """The industry one level up, in the same period."""
    if row["level"] == 0:
        return None
    above = [other["industry_code"] for other in rows if other["level"] == row["level"] - 1 and other["period"] == row["period"]]
    own = row["industry_code"]
    code = next(code for code in above if row["level"] == 1 or own.startswith(code) or NAICS_TWINS.get(own[:2]) == code)
    return row["period"], f"{row['level'] - 1}:{code}"


# What is kept back.


def over_periods(cells: Sequence[Cell]) -> list[Cell]:
    """The cells, and what of the longer period lies outside the shorter: never published, but anybody can take the difference."""
    short = {cell.key[1]: cell.counts[ADDITIVE] for cell in cells if cell.key[0] == SHORT}
    rest = []
    for cell in cells if short else ():
        if cell.key[0] == LONG:
            count = cell.counts[ADDITIVE] - short.get(cell.key[1], 0)
            rest.append(Cell((REST, cell.key[1]), {ADDITIVE: count}, cell.parent and (REST, cell.parent[1]), is_published=False))
    return [*cells, *rest]


def kept_back(cells: Sequence[Cell]) -> set[Key]:
    """The published cells of which nothing is shown, so that no small count of any name can be worked out."""
    order = {cell.key: place for place, cell in enumerate(cells)}
    small = np.array([any(0 < cell.counts.get(name, 0) < LEAST for name in ("cases", "exposed", "enterprises"))
                      for cell in cells], bool)
    costs = np.array([_cost(cell) for cell in cells])
    hidden, before = np.zeros(len(cells), bool), -1
    while hidden.sum() != before:
        before = int(hidden.sum())
        for name in dict.fromkeys(name for cell in cells for name in cell.counts):
            own = np.array([name in cell.counts for cell in cells])
            counts = np.array([cell.counts[name] for cell in cells if name in cell.counts])
            sums = _sums(cells, order, own)
            hidden[own] |= suppressed(counts, sums[:, own], small[own], costs[own], LEAST, hidden[own])
    return {cell.key for cell, is_hidden in zip(cells, hidden, strict=True) if is_hidden and cell.is_published}


def _cost(cell: Cell) -> float:
    """Small figures are given up rather than large ones, and the whole area's last."""
    if not cell.is_published:
        return 0.0
    return WHOLE_COST if cell.parent is None else 1.0 + cell.counts["cases"]


def _sums(cells: Sequence[Cell], order: Mapping[Key, int], own: np.ndarray) -> csr_array:
    """Equations × cells: each figure is the sum of its parts, the longer period that of the shorter and the rest."""
    rows: dict[Key, dict[int, int]] = {}
    for cell in cells:
        place = order[cell.key]
        if cell.parent is not None and own[place]:
            rows.setdefault(cell.parent, {order[cell.parent]: 1})[place] = -1
        if cell.key[0] == REST and own[place]:
            short = order.get((SHORT, cell.key[1]))
            rows["difference", cell.key[1]] = {order[LONG, cell.key[1]]: 1, place: -1, **({} if short is None else {short: -1})}
    entries = [(number, place, sign) for number, row in enumerate(rows.values()) for place, sign in row.items()]
    if not entries:
        return csr_array((0, len(cells)))
    numbers, places, signs = zip(*entries, strict=True)
    return csr_array((signs, (numbers, places)), shape=(len(rows), len(cells)), dtype=float)
