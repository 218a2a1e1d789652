"""The queries of the core tables as of any month: what stands, from what was delivered.

Belongs here: which SQL file reads which inputs, where more than one table needs the same. The month's own tables and the
same tables as of an earlier month (the same period last year, back-tests) are built from these.
"""

from pathlib import Path

import pyarrow as pa

from pipelines import areas, engine
from pipelines.classification import Classification, classifications, detect, placed
from pipelines.deliveries import Deliveries
from pipelines.ingest import narratives
from pipelines.lazy import Delivered, Input, Query


def newest(rows: Delivered, as_of: int) -> Query:
    """The rows that stand, by kind and sequence."""
    return Query("core/newest.sql", {"export_row": rows}, {"as_of": as_of}, is_shared=True)


def standing(kind: str, deliveries: Deliveries, **more: Input) -> Query:
    """The core table of a kind whose rows are identified by one value (sql/core/<kind>.sql)."""
    rows = newest(deliveries.of(kind, is_lineage_only=True), deliveries.as_of)
    return Query(f"core/{kind}.sql", {f"{kind}_row": deliveries.of(kind), "newest": rows, **more})


def newest_premium(deliveries: Deliveries) -> Query:
    """The premium rows that stand."""
    inputs = {
        "premium_row": deliveries.of("premium"), "contested_month": deliveries.contested_months(),
        "newest": newest(deliveries.of("premium", is_lineage_only=True), deliveries.as_of),
    }
    return Query("core/newest_premium.sql", inputs, {"as_of": deliveries.as_of})


def claim(deliveries: Deliveries, appraisal: Input) -> Query:
    """The claims as of the deliveries' month."""
    rows = deliveries.of("claim")
    stands = newest(deliveries.of("claim", is_lineage_only=True), deliveries.as_of)
    link = Query("core/claim_link.sql", {"claim_row": rows, "newest": stands}, {"as_of": deliveries.as_of}, is_shared=True)
    return Query("core/claim.sql", {"claim_row": rows, "claim_link": link, "appraisal": appraisal})


def narrative_coding(deliveries: Deliveries) -> Query:
    """How far the rules coded the claims' texts, batch by batch."""
    inputs = {"claim_row": deliveries.of("claim"), "aspect": narratives.aspect_table()}
    return Query("core/narrative_coding.sql", inputs)


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
