"""建档单位与同类: rate, pay ratio and cost of a case of each unit that gets a dossier among units of its industry and size.

Belongs here: who is whose like, which figures are compared.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import outlook, rates
from pipelines.classification import Classification
from pipelines.contracts.dossiers import ENTERPRISE_PEER
from pipelines.contracts.outlook import SIZE_BAND
from pipelines.deliveries import Deliveries
from pipelines.dossiers import trend
from pipelines.lazy import Computed
from pipelines.outlook import History
from pipelines.stats.peers import Peers, beside_peers
from pipelines.workspace import Workspace

LEAST_PEERS, LEAST_CASES = 10, 3
"""Units to be compared with; injuries without which nothing is said of what one costs."""


class Like(NamedTuple):
    """The units of a history by what they are like: labels of each level for statistics (-1 = none), and its names."""

    labels: list[np.ndarray]
    names: list[list[str]]


def enterprise_peer(place: Workspace, known: Deliveries, sources: trend.Sources) -> Computed:
    """The table of a month."""
    past = outlook.history(sources.enterprise_history.columns(), trend.spans_of(sources, known.as_of))
    inputs = sources._asdict()
    wanted = trend.wanted(place, sources.decided_enterprise, known.as_of)["enterprise_id"]
    if past is None or not len(wanted):
        return Computed(ENTERPRISE_PEER.schema.empty_table(), inputs)
    asked = pc.index_in(wanted, past.table["enterprise_id"].combine_chunks()).drop_null().to_numpy()
    tree = rates.classification_of(sources.enterprise, place.settings().classification)
    like = _like(past, sources.enterprise_outlook.columns("enterprise_id", "size_band"), tree)
    common = {"as_of_month": known.as_of, "definition": _definition(place, known)}
    return Computed(peer_table(past, like, asked, known.has("payout"), common), inputs)


def peer_table(past: History, like: Like, asked: np.ndarray, has_payouts: bool, common: Mapping) -> pa.Table:
    """The rows for the units at the positions `asked`."""
    units = past.table["enterprise_id"].take(pa.array(asked)).to_pylist()
    rows = []
    for measure, figures in _figures(past, has_payouts).items():
        found = beside_peers(figures, like.labels, asked, LEAST_PEERS)
        for i, (unit, place) in enumerate(zip(units, asked.tolist(), strict=True)):
            own = {"enterprise_id": unit, "measure": measure, "own": _known(float(figures[place]))}
            rows.append({**common, **own, **_said(found, i, like, place)})
    return pa.Table.from_pylist([{name: row[name] for name in ENTERPRISE_PEER.names} for row in rows], ENTERPRISE_PEER.schema)


def _figures(past: History, has_payouts: bool) -> dict[str, np.ndarray]:
    """Measure -> the figure of every unit over all the years used, NaN where there is none."""
    exposed = np.nan_to_num(past.person_years)
    injuries, years = (past.injuries * (exposed > 0)).sum(axis=1), exposed.sum(axis=1)
    premium, payout = np.nansum(past.premium, axis=1), np.nansum(past.payout, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {"rate": 100 * injuries / years}
        if has_payouts:
            cases = past.injuries.sum(axis=1)
            found |= {"pay_ratio": np.where(premium > 0, 100 * payout / premium, np.nan),
                      "case_cost": np.where(cases >= LEAST_CASES, payout / cases, np.nan)}
    return found


def _like(past: History, bands: pa.Table, tree: Classification) -> Like:
    """Division and size, section and size, size alone, section alone."""
    place = pc.index_in(past.table["enterprise_id"], bands["enterprise_id"].combine_chunks())
    titles = [(SIZE_BAND.codes or {}).get(band, ("",))[0] for band in bands["size_band"].take(place).to_pylist()]
    levels = []
    for name in ("industry_2", "industry_1"):
        codes = past.table[name].to_pylist()
        levels.append([f"{rates.industry_name(code, tree) or code}，{title}" if code and title else ""
                       for code, title in zip(codes, titles, strict=True)])
    levels.append([f"各行业，{title}" if title else "" for title in titles])
    levels.append([f"{rates.industry_name(code, tree) or code}，各规模" if code else ""
                   for code in past.table["industry_1"].to_pylist()])
    return Like([_labels(level) for level in levels], levels)


def _labels(names: list[str]) -> np.ndarray:
    labels = np.unique(np.array(names, object).astype(str), return_inverse=True)[1].astype(np.int64)
    return np.where(np.array(names, object) == "", -1, labels)


def _said(found: Peers, i: int, like: Like, place: int) -> dict:
    level = int(found.level[i])
    below = _known(found.below[i])
    return {
        "peers": like.names[level][place] if level >= 0 else "没有足够的同类单位", "peer_units": int(found.units[i]),
        "peer_quarter": _known(found.quarter[i]), "peer_median": _known(found.median[i]),
        "peer_three_quarters": _known(found.three_quarters[i]), "below_share_pct": None if below is None else 100 * below,
    }


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _definition(place: Workspace, known: Deliveries) -> str:
    return (f"{rates.definition_of(place.policy(), known)}；所用各年合计；"
            f"同类＝同行业大类同规模，不足 {LEAST_PEERS} 家的依次用门类同规模、只按规模、只按门类；"
            f"件均支付只计工伤 {LEAST_CASES} 人次及以上的单位")
