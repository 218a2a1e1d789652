"""The month's tables as they would have been made in an earlier month, for back-tests.

Belongs here: rebuilding tables from the deliveries that were known then, by the same queries, in working copies of their own
(data/core/asof, disposable). A table whose recipe is unchanged is not made again.
"""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from pipelines import development, engine, expectation, official_list, rates, standing
from pipelines.contracts.catalogue import CONTRACTS
from pipelines.deliveries import Deliveries
from pipelines.lazy import Computed, Query, Stored
from pipelines.periods import add_months
from pipelines.workspace import Workspace, folder_name


class Then(NamedTuple):
    """What was known as of an earlier month, and the tables that follow from it."""

    known: Deliveries
    enterprise: Stored
    enterprise_year: Stored
    claim: Stored
    payout: Stored
    designation: Stored
    enterprise_risk: Stored
    enterprise_history: Stored
    enterprise_outlook: Stored
    decision: Stored
    programme: Stored

    def tables(self) -> dict[str, Stored]:
        """The tables by name."""
        return {name: item for name, item in self._asdict().items() if isinstance(item, Stored)}

    def list_tables(self) -> official_list.Tables:
        """Those that a list reads."""
        return official_list.Tables(*(getattr(self, name) for name in official_list.Tables._fields))


def rebuilt(place: Workspace, now: Deliveries, as_of: int) -> Then:
    """The tables as of a month, from what had been delivered by then."""
    known, policy = now.earlier(as_of), place.policy()
    folder = place.core / "asof" / folder_name(as_of)

    def put(name: str, item: Query | Computed) -> Stored:
        return _put(folder, name, item, place.core)

    enterprise = put("enterprise", standing.enterprise(known, place.settings().classification, place.core)[1])
    unit_match = put("unit_match", standing.unit_match(known, enterprise, place.core))
    appraisal = put("appraisal", standing.standing("appraisal", known))
    claim = put("claim", standing.claim(known, appraisal, unit_match))

    def developed() -> Stored:
        timed = put("timed_claim", development.timed_claim(known, claim, policy))
        return put("claim_development", development.claim_development(place, known, timed))

    with ThreadPoolExecutor(1, "developed") as beside:  # a query seldom keeps both processors busy
        coming = beside.submit(developed)
        payout = put("payout", standing.standing("payout", known, claim=claim, unit_match=unit_match))
        month = put("enterprise_month", standing.enterprise_month(known, unit_match))
        year = put("enterprise_year", standing.enterprise_year(month, claim, payout, as_of))
        designation = put("designation", standing.standing("designation", known, unit_match=unit_match))
        sources = rates.Sources(enterprise, year, claim, payout)
        year_ago = known.earlier(add_months(as_of, -12))
        counts = put("enterprise_period", rates.enterprise_period(sources, year_ago, unit_match, policy, as_of))
        risk = put("enterprise_risk", rates.enterprise_risk(known, policy, enterprise, year, counts))
        history = put("enterprise_history", expectation.history_query(sources, policy, as_of))
        late = coming.result()
    outlook = put("enterprise_outlook", expectation.enterprise_outlook(place, known, expectation.Tables(history, late, *sources)))
    decision = put("decision", standing.standing("decision", known, unit_match=unit_match))
    programme = put("programme", standing.standing("programme", known, {"as_of": as_of}, unit_match=unit_match))
    return Then(known, enterprise, year, claim, payout, designation, risk, history, outlook, decision, programme)


def _put(folder: Path, name: str, item: Query | Computed, scratch: Path) -> Stored:
    contract = CONTRACTS[name]
    stored = Stored(folder / f"{name}.{'sql' if contract.is_query else 'parquet'}", contract)
    if contract.is_query and isinstance(item, Query):
        engine.write_stored_query(item, contract, stored.path)
    else:
        engine.write(item, contract, stored.path, scratch)
    return stored
