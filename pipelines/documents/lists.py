"""建议名单.xlsx: the lists and rates of a month."""

from pathlib import Path
from typing import NamedTuple

from pipelines.deliveries import Deliveries
from pipelines.documents import write
from pipelines.lazy import Stored
from pipelines.reports import content, xlsx
from pipelines.workspace import Workspace


class Tables(NamedTuple):
    """The tables that 建议名单 reads."""

    priority_enterprise: Stored
    outreach_enterprise: Stored
    decided_enterprise: Stored
    industry_injury_rate: Stored
    fund_balance: Stored
    source_reconciliation: Stored
    data_quality: Stored
    reference_reconciliation: Stored
    total_reconciliation: Stored
    unit_match: Stored
    group_target: Stored
    injury_pattern: Stored
    silent_enterprise: Stored
    commuting_enterprise: Stored
    list_backtest: Stored
    programme_effect: Stored
    claim_development: Stored
    definition_comparison: Stored
    target_progress: Stored


def suggested_list(place: Workspace, known: Deliveries, tables: Tables) -> Path:
    """Writes 建议名单.xlsx of the month and returns its working copy."""
    frames = {name: stored.columns() for name, stored in tables._asdict().items()}
    said = content.suggested_list(frames, known.as_of, place.policy(), known.is_simulated())
    return write(place, known.as_of, "建议名单.xlsx", tables, lambda path: xlsx.write(said, path))
