"""The queries of the core tables as of any month: what stands, from what was delivered.

Belongs here: which SQL file reads which inputs, where more than one table needs the same. The month's own tables and the
same tables as of an earlier month (the same period last year, back-tests) are built from these.
"""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyarrow as pa

from pipelines import areas, engine, units
from pipelines.classification import Classification, classifications, detect, placed
from pipelines.contracts.exports import EXPORTS
from pipelines.deliveries import Deliveries
from pipelines.ingest import narratives
from pipelines.lazy import Computed, Delivered, Input, Query, Stored

INDICATORS = Path(__file__).parent / "tables" / "official_indicators.csv"


def newest(rows: Delivered, as_of: int) -> Query:
    """The rows that stand, by kind and sequence."""
    return Query("core/newest.sql", {"export_row": rows}, {"as_of": as_of}, is_shared=True)


def standing(kind: str, deliveries: Deliveries, values: Mapping[str, int] | None = None, **more: Input) -> Query:
    """The core table of a kind whose rows are identified by one value (sql/core/<kind>.sql)."""
    rows = newest(deliveries.of(kind, is_lineage_only=True), deliveries.as_of)
    return Query(f"core/{kind}.sql", {f"{kind}_row": deliveries.of(kind), "newest": rows, **more}, values or {})


def unit_match(deliveries: Deliveries, enterprise: Stored | Computed, scratch: Path) -> Computed:
    """Which unit is meant wherever something else than its number was said (see units.py)."""
    kinds = [kind for kind, export in EXPORTS.items() if export.unit]
    others = [kind for kind in kinds if kind != "premium"]
    inputs = {"export_row": deliveries.of(*others, is_lineage_only=True), "premium_row": deliveries.of("premium"),
              "claim_row": deliveries.of("claim"), "incident_row": deliveries.of("incident"), "enterprise": enterprise}
    said = engine.fetch(Query("core/unit_said.sql", inputs, {"as_of": deliveries.as_of}), scratch)
    columns = enterprise.columns("enterprise_id", "uscc", "enterprise_name") if said.num_rows else None
    listed = units.Units(*(column.to_pylist() for column in columns.columns)) if columns else units.Units([], [], [])
    rows: dict[str, Input] = {f"{kind}_row": deliveries.of(kind) for kind in kinds}
    return Computed(units.match(said, listed), {"enterprise": enterprise, **rows})


def newest_premium(deliveries: Deliveries, unit_match: Stored | Computed) -> Query:
    """The premium rows that stand, by the unit that they mean."""
    found = unit_match.columns("kind", "enterprise_id").to_pylist()
    is_renamed = any(row["kind"] == "premium" and row["enterprise_id"] for row in found)
    inputs = {
        "premium_row": deliveries.of("premium"), "contested_month": deliveries.contested_months(is_every=is_renamed),
        "newest": newest(deliveries.of("premium", is_lineage_only=True), deliveries.as_of), "unit_match": unit_match,
    }
    return Query("core/newest_premium.sql", inputs, {"as_of": deliveries.as_of})


def risk_class(deliveries: Deliveries) -> Query:
    """The risk class of each unit as of the deliveries' month."""
    rows = newest(deliveries.of("enterprise", is_lineage_only=True), deliveries.as_of)
    return Query("core/risk_class.sql", {"enterprise_row": deliveries.of("enterprise"), "newest": rows})


@cache
def indicators() -> pa.Table:
    """The indicators of the yearly report that the product computes too: name, code, factor to yuan or persons."""
    with INDICATORS.open(encoding="utf-8") as file:
        rows = [{**row, "factor": int(row["factor"])} for row in csv.DictReader(file)]
    return pa.Table.from_pylist(rows, pa.schema({"name": pa.string(), "code": pa.string(), "factor": pa.int64()}))


def claim(deliveries: Deliveries, appraisal: Input, unit_match: Stored | Computed) -> Query:
    """The claims as of the deliveries' month."""
    inputs = {"claim_row": deliveries.of("claim"), "claim_link": claim_link(deliveries), "appraisal": appraisal}
    return Query("core/claim.sql", {**inputs, "unit_match": unit_match})


def claim_link(deliveries: Deliveries) -> Query:
    """Every known claim row with the case that it belongs to."""
    stands = newest(deliveries.of("claim", is_lineage_only=True), deliveries.as_of)
    inputs = {"claim_row": deliveries.of("claim"), "newest": stands}
    return Query("core/claim_link.sql", inputs, {"as_of": deliveries.as_of}, is_shared=True)


def narrative_coding(deliveries: Deliveries) -> Query:
    """How far the rules coded the claims' texts, batch by batch."""
    inputs = {"claim_row": deliveries.of("claim"), "aspect": narratives.aspect_table()}
    return Query("core/narrative_coding.sql", inputs)


def enterprise(deliveries: Deliveries, setting: str, scratch: Path) -> tuple[Classification, Query]:
    """The units as of the deliveries' month, and the classification in which their industries are placed."""
    tree, industry = industry_table(deliveries, setting, scratch)
    area, aliases = area_table(deliveries, scratch), deliveries.of("area_alias")
    return tree, standing("enterprise", deliveries, industry=industry, area=area, area_alias_row=aliases)


def enterprise_month(deliveries: Deliveries, unit_match: Stored) -> Query:
    """The premiums of each unit and month as of the deliveries' month."""
    return Query("core/enterprise_month.sql", {"newest_premium": newest_premium(deliveries, unit_match)})


def enterprise_year(month: Stored, claim: Stored, payout: Stored, as_of: int) -> Query:
    """Exposure, money and injuries of each unit and year as of a month; `month` = enterprise_month."""
    return Query("core/enterprise_year.sql", {"enterprise_month": month, "claim": claim, "payout": payout}, {"as_of": as_of})


def industry_table(deliveries: Deliveries, setting: str, scratch: Path) -> tuple[Classification, pa.Table]:
    """The classification that the city's codes follow (or that the settings name) and its levels for each code delivered."""
    counted = engine.fetch(_industry_delivered(deliveries), scratch).to_pydict()
    delivered = dict(zip(counted["delivered_code"], counted["enterprises"], strict=True))
    tree = detect(delivered) if setting == "auto" else classifications()[setting]
    return tree, placed(delivered, tree)


def area_table(deliveries: Deliveries, scratch: Path) -> pa.Table:
    """Street and park of every address that needs them, as areas.located gives them."""
    rows = newest(deliveries.of("enterprise", is_lineage_only=True), deliveries.as_of)
    asked = Query("core/address_delivered.sql", {"enterprise_row": deliveries.of("enterprise"), "newest": rows})
    kept = newest(deliveries.of("area_alias", is_lineage_only=True), deliveries.as_of)
    aliases = Query("core/area_alias.sql", {"area_alias_row": deliveries.of("area_alias"), "newest": kept})
    return areas.located(engine.fetch(asked, scratch), engine.fetch(aliases, scratch))


def _industry_delivered(deliveries: Deliveries) -> Query:
    rows = newest(deliveries.of("enterprise", is_lineage_only=True), deliveries.as_of)
    return Query("core/industry_delivered.sql", {"enterprise_row": deliveries.of("enterprise"), "newest": rows})
