"""一企一档: one paper of two pages for each enterprise that gets a programme of its own, in a folder of that name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines import rates
from pipelines.deliveries import Deliveries
from pipelines.documents import file_name, write
from pipelines.dossiers import hazards, small_cells, trend
from pipelines.lazy import Stored
from pipelines.reports import docx, dossier
from pipelines.served import list_year
from pipelines.workspace import Workspace

FOLDER = "一企一档"
EXPECTED = ("norm_pct", "posterior_ratio", "ratio_low", "ratio_high", "expected_injuries", "predicted_low", "predicted_high")
WHERE = ("district", "industry_1", "industry_2")
MOST_ITEMS, MOST_QUESTIONS, FREQUENT = 10, 5, 4


class Tables(NamedTuple):
    """The tables that dossiers read."""

    decided_enterprise: Stored
    priority_enterprise: Stored
    enterprise_outlook: Stored
    enterprise: Stored
    enterprise_trend: Stored
    enterprise_profile: Stored
    enterprise_peer: Stored
    injury_pattern: Stored


def dossiers(place: Workspace, known: Deliveries, tables: Tables) -> list[Path]:
    """Writes the dossiers of the month, takes away those of others, and returns the working copies."""
    folder = place.documents(known.as_of) / FOLDER
    units = units_of(place, tables, known.as_of)
    names = _file_names(units)
    for left in folder.glob("*") if folder.exists() else ():
        if left.name.removesuffix(".json") not in names:
            left.unlink()
    simulated = known.is_simulated()
    return [write(place, known.as_of, f"{FOLDER}/{name}", tables,
                  partial(docx.write, dossier.document(unit, known.as_of, simulated)))
            for name, unit in zip(names, units, strict=True)]


def left_out(place: Workspace, decided_enterprise: Stored, as_of: int) -> str:
    """Why there are no dossiers though units are selected; empty where there are."""
    number, most = len(trend.selected(decided_enterprise, as_of)), place.settings().dossiers
    if number <= most:
        return ""
    return f"{FOLDER}没有编制：审定或列名的单位 {number:,} 家，多于设置 dossiers = {most}；改大后重新生成"


def units_of(place: Workspace, tables: Tables, as_of: int) -> list[dossier.Unit]:
    """What each dossier says, in the order of the lists; who was decided beside them comes last."""
    units = trend.wanted(place, tables.decided_enterprise, as_of)["enterprise_id"]
    decided = tables.decided_enterprise.columns()
    rows = _about(decided.filter(pc.equal(decided["year"], list_year(as_of))), units)
    where = tables.enterprise.columns("enterprise_id", "region_code", "industry_1", "industry_2")
    for table in (tables.priority_enterprise.columns("enterprise_id", "evidence"),
                  tables.enterprise_outlook.columns("enterprise_id", *EXPECTED), where.rename_columns(["enterprise_id", *WHERE])):
        known = _about(table, units)
        for unit, row in rows.items():
            row |= {name: known.get(unit, {}).get(name) for name in table.column_names[1:]}
    years, profile, peers = (_by_unit(table) for table in (
        tables.enterprise_trend, tables.enterprise_profile, tables.enterprise_peer))
    usual = _usual_causes(tables.injury_pattern)
    return [_unit(rows[unit], years[unit], profile[unit], peers[unit], usual)
            for unit in sorted(rows, key=lambda unit: _order(rows[unit]))]


def _about(table: pa.Table, units: pa.ChunkedArray) -> dict[str, dict]:
    """The rows of these units by number."""
    rows = table.filter(pc.is_in(table["enterprise_id"], units.combine_chunks())).to_pylist()
    return {row["enterprise_id"]: row for row in rows}


def _order(row: Mapping) -> tuple:
    return row["rank"] is None, row["region_code"] or "", row["rank"] or 0, row["enterprise_id"]


def _by_unit(table: Stored) -> defaultdict[str, list[dict]]:
    rows: defaultdict[str, list[dict]] = defaultdict(list)
    for row in table.columns().to_pylist():
        rows[row["enterprise_id"]].append(row)
    return rows


def _unit(
    row: Mapping, years: list[dict], profile: list[dict], peers: list[dict], usual: Mapping[str, list[str]]
) -> dossier.Unit:
    causes = [*_own_causes(profile), *usual.get(row["industry_2"] or "", []), *usual.get(rates.WHOLE, [])]
    return dossier.Unit(
        dossier.order_of(row), row["enterprise_name"] or row["enterprise_id"], row, row["district"] or dossier.UNKNOWN,
        sorted(years, key=lambda year: year["year"]), profile, {peer["measure"]: peer for peer in peers},
        hazards.fitting(causes, row["industry_1"] or "", MOST_ITEMS, hazards.hazards()),
        hazards.asked(causes, MOST_QUESTIONS, hazards.questions()))


def _own_causes(profile: Iterable[Mapping]) -> list[str]:
    """The causes that the dossier may name: the notable first, then by number."""
    rows = [row for row in profile if row["dimension"] == "cause" and row["observed_cases"] >= small_cells.LEAST]
    return [row["value"] for row in sorted(rows, key=lambda row: (not row["is_notable"], -row["observed_cases"], row["value"]))]


def _usual_causes(pattern: Stored) -> dict[str, list[str]]:
    """Division (or all) -> its most frequent causes."""
    rows = [row for row in pattern.columns("scope", "dimension", "value", "observed_cases").to_pylist()
            if row["dimension"] == "cause"]
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (-row["observed_cases"], row["value"])):
        found[row["scope"]].append(row["value"])
    return {scope: causes[:FREQUENT] for scope, causes in found.items()}


def _file_names(units: list[dossier.Unit]) -> list[str]:
    """一企一档-<名次>-<单位>.docx; with several lists the region stands before the rank, beside the lists a number after 增."""
    regions = {unit.listed["region_code"] for unit in units if unit.listed["rank"] is not None}
    added = count(1)
    made = []
    for unit in units:
        rank, region = unit.listed["rank"], unit.listed["region_code"]
        place = f"增{next(added):02d}" if rank is None else f"{rank:02d}"
        before = f"{file_name(region or '')}-" if len(regions) > 1 and rank is not None else ""
        made.append(f"{FOLDER}-{before}{place}-{file_name(unit.name)}.docx")
    return made
