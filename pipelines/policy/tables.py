"""What of a policy enters SQL: small tables of whole numbers and codes."""

import pyarrow as pa

from pipelines.policy.model import Policy


def definition_table(policy: Policy) -> pa.Table:
    """The switches that SQL needs, one row."""
    rate = policy.rate
    return pa.table({
        "date_basis": [rate.date], "counts_projects": [rate.counts_projects],
        "counts_old_injuries": [rate.counts_old_injuries], "premium_basis": [policy.premium],
        "threshold_bp": pa.array([round(rate.threshold_pct * 10000)], pa.int64()),
        "cap_bp": pa.array([round(policy.cap_pct * 10000)], pa.int64()),
    })


def clause_table(policy: Policy) -> pa.Table:
    """The clauses that count, one row each."""
    return pa.table({"clause": list(policy.rate.clauses)})


def rule_table(policy: Policy, regions: str) -> pa.Table:
    """What a list stands on beside its tables: the whole policy and how the settings divide it by region; one row."""
    return pa.table({"policy": [policy.digest], "regions": [regions]})
