"""方案(征求意见稿).docx: the plan's text with its figures, programmes and attachments."""

from pathlib import Path
from typing import NamedTuple

from pipelines import drafts
from pipelines.deliveries import Deliveries
from pipelines.documents import remove, write
from pipelines.lazy import Stored
from pipelines.reports import docx, draft
from pipelines.workspace import Workspace


class Tables(NamedTuple):
    """The tables that the draft reads."""

    plan_item: Stored
    plan_budget: Stored
    plan_check: Stored
    plan_change: Stored
    training_demand: Stored
    priority_enterprise: Stored
    decided_enterprise: Stored
    outreach_enterprise: Stored
    industry_injury_rate: Stored
    injury_pattern: Stored
    commuting_hotspot: Stored
    fund_balance: Stored
    target_progress: Stored


def plan_draft(place: Workspace, known: Deliveries, tables: Tables) -> Path | None:
    """Writes 方案(征求意见稿).docx of the month and returns its working copy; None where the policy has no plan."""
    frames = {name: stored.columns() for name, stored in tables._asdict().items()}
    policy, name = place.policy(), f"{draft.TITLE}.docx"
    said = draft.document(frames, known.as_of, policy, drafts.load(policy.name), known.is_simulated())
    if said is None:
        remove(place, known.as_of, name)
        return None
    return write(place, known.as_of, name, tables, lambda path: docx.write(said, path))
