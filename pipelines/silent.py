"""申报偏少待核实单位: units with improbably few injuries for their norm, or with few claims for their accident notices.

Belongs here: which units are looked at, which are kept, the evidence in words. It asks for a second look and accuses nobody.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipelines import engine, expectation, rates
from pipelines.classification import Classification
from pipelines.contracts.groups import SILENT_ENTERPRISE
from pipelines.deliveries import Deliveries
from pipelines.lazy import Computed, Query, Stored
from pipelines.outlook import Fitted, History
from pipelines.periods import add_months
from pipelines.stats import enrichment, silence
from pipelines.workspace import Workspace

LEAST_EXPECTED, LEAST_NOTICES = 5.0, 3
NOTICE_MONTHS, SETTLED_MONTHS = 36, 6
"""Notices of so many months are looked at, but for the youngest, whose claims may still come."""
MOST_FALSE = 0.1
"""The false discovery rate up to which units are listed."""
INNOCENT = "也可能是管理较好、人员在外用工、单位编号未对上或申请迟到，请先核对数据，再向单位了解"


class Known(NamedTuple):
    """Arrays over units: injuries expected by the norm and reported, notices and how many of them became claims.

    expected  shape (units, years); lasting  variance of true ratios, shape (units,); shock  of what strikes single years
    """

    unit: np.ndarray
    person_years: np.ndarray
    expected: np.ndarray
    reported: np.ndarray
    lasting: np.ndarray
    shock: float
    notices: np.ndarray
    claimed: np.ndarray


def silent_enterprise(place: Workspace, known: Deliveries, tables: expectation.Tables, incident: Stored) -> Computed:
    """The table of a month."""
    inputs = {**expectation.inputs_of(place, tables), "incident": incident}
    past, fitted, _ = expectation.fit_history(place, tables, known.as_of)
    if past is None or fitted is None:
        return Computed(SILENT_ENTERPRISE.schema.empty_table(), inputs)
    span = {"first_month": add_months(known.as_of, 1 - NOTICE_MONTHS), "last_month": add_months(known.as_of, -SETTLED_MONTHS)}
    counted = engine.fetch(Query("marts/notice_count.sql", {"incident": incident}, span), place.core)
    rows = silent_rows(_known(past, fitted, counted))
    wanted = pa.table({"enterprise_id": pa.array([row["enterprise_id"] for row in rows], pa.string())})
    names = engine.fetch(Query("marts/unit_name.sql", {"wanted": wanted, "enterprise": tables.enterprise}), place.core)
    said = definition(known.has("incident"), rates.definition_of(place.policy(), known))
    tree = rates.classification_of(tables.enterprise, place.settings().classification)
    return Computed(_table(rows, names, tree, {"as_of_month": known.as_of, "definition": said}), inputs)


def _known(past: History, fitted: Fitted, counted: pa.Table) -> Known:
    """What is known of the units of a history; `counted` = notice_count.sql."""
    numbers = {row["enterprise_id"]: (row["notices"], row["claimed"]) for row in counted.to_pylist()}
    unit, expected = past.table["enterprise_id"].to_numpy(zero_copy_only=False), fitted.norms.expected
    notices, claimed = np.array([numbers.get(one, (0, 0)) for one in unit], np.int64).reshape(-1, 2).T
    person_years, injuries = (np.where(expected > 0, values, 0).sum(axis=1) for values in (past.person_years, past.injuries))
    lasting = fitted.dispersion.lasting[fitted.keys[0]]
    return Known(unit, person_years, expected, injuries.astype(np.int64), lasting, fitted.shock, notices, claimed)


def silent_rows(known: Known) -> list[dict]:
    """The units that stand out of all that were looked at, without names."""
    whole = known.expected.sum(axis=1)
    norm = silence.fewer_injuries(known.reported, known.expected, known.lasting, known.shock)
    norm = np.where(whole >= LEAST_EXPECTED, norm, np.nan)
    share = known.claimed.sum() / max(known.notices.sum(), 1)
    notice = np.full(len(norm), np.nan)
    enough = known.notices >= LEAST_NOTICES
    if 0 < share < 1:
        claimed, notices = known.claimed[enough], known.notices[enough]
        notice[enough] = silence.fewer_claims(claimed, notices, share, silence.over_dispersion(claimed, notices, share))
    tail = silence.either(norm, notice)
    corrected = enrichment.benjamini_hochberg(tail)
    rows = []
    for at in np.flatnonzero(corrected <= MOST_FALSE).tolist():
        row = {
            "enterprise_id": known.unit[at], "person_years": float(known.person_years[at]), "expected_cases": float(whole[at]),
            "years_used": int((known.expected[at] > 0).sum()), "reported_cases": int(known.reported[at]),
            "norm_probability": _or_none(norm[at]), "notices": int(known.notices[at]), "notices_claimed": int(known.claimed[at]),
            "notices_expected": float(known.notices[at] * share), "notice_probability": _or_none(notice[at]),
            "probability": float(tail[at]), "corrected_probability": float(corrected[at])}
        rows.append({**row, "evidence": _evidence(row, share)})
    return rows


def _or_none(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _evidence(row: Mapping, share: float) -> str:
    said = [f"{row['years_used']} 年共 {row['person_years']:,.0f} 人年，同行业同规模一般应有工伤"
            f" {row['expected_cases']:.1f} 人次，已认定 {row['reported_cases']:,} 人次"]
    if row["norm_probability"] is not None:
        said[0] += f"（同类单位中这么少或更少的{_percent(row['norm_probability'])}）"
    if row["notice_probability"] is not None:
        said.append(f"事故申报 {row['notices']:,} 起，申请认定 {row['notices_claimed']:,} 起"
                    f"（全市 {100 * share:.0f} % 申请，偶然这么少的{_percent(row['notice_probability'])}）")
    return "；".join(said) + f"。待核实：{INNOCENT}。"


def _percent(probability: float) -> str:
    return f"约 {100 * probability:.2g} %" if probability >= 0.0001 else "不足 0.01 %"


def definition(has_incidents: bool, rate: str) -> str:
    """How the table was made, in words."""
    notices = (
        f"最近 {NOTICE_MONTHS} 个月的事故申报（不含最近 {SETTLED_MONTHS} 个月和派遣的）中，同一单位同一天有工伤认定的为申请认定，"
        f"至少 {LEAST_NOTICES} 起才看" if has_incidents else "没有事故申报，只按基准")
    return (
        f"{rate}；应有工伤＝同行业同规模基准，至少 {LEAST_EXPECTED:g} 人次才看，偏少概率＝负二项分布下尾"
        f"（单位间差异与年度波动同 enterprise_outlook）；{notices}；列出按全部所查单位校正后不超过 {MOST_FALSE:g} 的；"
        "仅供内部核实，不是对单位的认定，不得外传")


def _table(rows: list[dict], names: pa.Table, tree: Classification, common: Mapping) -> pa.Table:
    named, full = {row["enterprise_id"]: row for row in names.to_pylist()}, []
    for row in rows:
        who = named.get(row["enterprise_id"], {})
        shown = {name: who.get(name) for name in ("enterprise_name", "region_code")}
        industry = who.get("industry_named")
        full.append({**common, **shown, "industry_name": rates.industry_name(industry, tree) if industry else None, **row})
    made = [{name: row[name] for name in SILENT_ENTERPRISE.names} for row in full]
    return pa.Table.from_pylist(made, SILENT_ENTERPRISE.schema)
