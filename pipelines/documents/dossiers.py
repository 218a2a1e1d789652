"""一企一档: one paper of two pages for each enterprise that gets a programme of its own, in a folder of that name."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pipelines import rates
from pipelines.deliveries import Deliveries
from pipelines.documents import file_name, write
from pipelines.dossiers import hazards, small_cells
from pipelines.lazy import Stored
from pipelines.reports import docx, dossier
from pipelines.workspace import Workspace

FOLDER = "一企一档"
MOST_ITEMS, MOST_QUESTIONS, FREQUENT = 11, 5, 4


class Tables(NamedTuple):
    """The tables that dossiers read."""

    priority_enterprise: Stored
    enterprise: Stored
    enterprise_trend: Stored
    enterprise_profile: Stored
    enterprise_peer: Stored
    injury_pattern: Stored


def dossiers(place: Workspace, known: Deliveries, tables: Tables) -> list[Path]:
    """Writes the dossiers of the month, takes away those of others, and returns the working copies."""
    folder = place.documents(known.as_of) / FOLDER
    units = units_of(tables)
    names = _file_names(units)
    for left in folder.glob("*") if folder.exists() else ():
        if left.name.removesuffix(".json") not in names:
            left.unlink()
    simulated = known.is_simulated()
    return [write(place, known.as_of, f"{FOLDER}/{name}", tables,
                  partial(docx.write, dossier.document(unit, known.as_of, simulated)))
            for name, unit in zip(names, units, strict=True)]


def units_of(tables: Tables) -> list[dossier.Unit]:
    """What each dossier says, in the order of the lists."""
    listed = [row for row in tables.priority_enterprise.columns().to_pylist() if row["is_listed"]]
    listed.sort(key=lambda row: (row["region_code"], row["rank"], row["enterprise_id"]))
    years, profile, peers = (_by_unit(table) for table in (
        tables.enterprise_trend, tables.enterprise_profile, tables.enterprise_peer))
    places = tables.enterprise.columns("enterprise_id", "region_code", "industry_1", "industry_2").to_pylist()
    wanted = {row["enterprise_id"] for row in listed}
    who = {row["enterprise_id"]: row for row in places if row["enterprise_id"] in wanted}
    usual = _usual_causes(tables.injury_pattern)
    return [_unit(row, who.get(row["enterprise_id"], {}), years[row["enterprise_id"]], profile[row["enterprise_id"]],
                  peers[row["enterprise_id"]], usual) for row in listed]


def _by_unit(table: Stored) -> defaultdict[str, list[dict]]:
    rows: defaultdict[str, list[dict]] = defaultdict(list)
    for row in table.columns().to_pylist():
        rows[row["enterprise_id"]].append(row)
    return rows


def _unit(
    row: Mapping, who: Mapping, years: list[dict], profile: list[dict], peers: list[dict], usual: Mapping[str, list[str]]
) -> dossier.Unit:
    section, division = who.get("industry_1") or "", who.get("industry_2") or ""
    causes = [*_own_causes(profile), *usual.get(division, []), *usual.get(rates.WHOLE, [])]
    return dossier.Unit(
        dossier.order_of(row), row["enterprise_name"] or row["enterprise_id"], row, who.get("region_code") or dossier.UNKNOWN,
        sorted(years, key=lambda year: year["year"]), profile, {peer["measure"]: peer for peer in peers},
        hazards.fitting(causes, section, MOST_ITEMS, hazards.hazards()),
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
    """一企一档-<名次>-<单位>.docx; with several lists the region stands before the rank."""
    regions = {unit.listed["region_code"] for unit in units}
    made = []
    for unit in units:
        region = f"{file_name(unit.listed['region_code'])}-" if len(regions) > 1 else ""
        made.append(f"{FOLDER}-{region}{unit.listed['rank']:02d}-{file_name(unit.name)}.docx")
    return made
