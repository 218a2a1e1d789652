"""What the tables of the plan share: the plan of the policy, the year that it is drafted for, rows made into tables."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pyarrow as pa

from pipelines import policy as policies
from pipelines.contracts.model import Table
from pipelines.policy.programmes import Plan
from pipelines.served import list_year
from pipelines.workspace import Workspace

FEN = Decimal("0.01")
NO_PLAN = Plan(0)


def plan_of(place: Workspace) -> Plan:
    """The plan of the policy; one without programmes where it has none."""
    return place.policy().plan or NO_PLAN


def common(as_of: int) -> dict:
    """The columns that say the same in every row."""
    return {"as_of_month": as_of, "plan_year": list_year(as_of)}


def rule(place: Workspace) -> dict[str, pa.Table]:
    """What every table of the plan stands on beside other tables: the policy, and how the settings divide its lists."""
    return {"rule": policies.rule_table(place.policy(), place.settings().regions)}


def made(rows: Iterable[Mapping], contract: Table) -> pa.Table:
    """The rows as a table; columns that a row does not name are unknown."""
    return pa.Table.from_pylist([{name: row.get(name) for name in contract.names} for row in rows], schema=contract.schema)


def yuan(amount: Decimal | float) -> Decimal:
    """Rounded to fen, halves away from zero.

    >>> yuan(Decimal("1.005")), yuan(2)
    (Decimal('1.01'), Decimal('2.00'))
    """
    return Decimal(amount).quantize(FEN, ROUND_HALF_UP)


def total(values: Iterable) -> Any:
    """The sum of the values that are known; None where none is."""
    known = [value for value in values if value is not None]
    return sum(known) if known else None
