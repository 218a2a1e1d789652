"""数据专项统计分析报告.docx: what the year's data say."""

from pathlib import Path
from typing import NamedTuple

from pipelines.deliveries import Deliveries
from pipelines.documents import write
from pipelines.lazy import Stored
from pipelines.reports import docx, special
from pipelines.workspace import Workspace


class Tables(NamedTuple):
    """The tables that the report reads."""

    industry_injury_rate: Stored
    priority_enterprise: Stored
    injury_pattern: Stored
    group_target: Stored
    commuting_hotspot: Stored
    commuting_enterprise: Stored
    fund_balance: Stored
    benefit_payout: Stored
    claim_development: Stored
    definition_comparison: Stored
    data_quality: Stored


def special_report(place: Workspace, known: Deliveries, tables: Tables) -> Path:
    """Writes the report of the month and returns its working copy."""
    rows = {name: stored.columns().to_pylist() for name, stored in tables._asdict().items()}
    said = special.document(rows, known.as_of, place.policy(), known.is_simulated())
    return write(place, known.as_of, f"{special.TITLE}.docx", tables, lambda path: docx.write(said, path))
