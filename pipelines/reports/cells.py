"""How a value of a mart stands in a cell: coded ones in Chinese, months as YYYY-MM, unknown ones as None.

Belongs here: what every sheet shares. What a sheet says is content.py, sources.py, quality.py.
"""

from collections.abc import Iterable, Mapping

from pipelines.contracts import codes
from pipelines.contracts.model import FLAG, Column
from pipelines.contracts.shared import WHOLE_AREA
from pipelines.reports import Value

WHOLE, UNKNOWN = "all", "unknown"
WHOLE_TITLE = "全市"
WHOLE_CITY = {("region_code", WHOLE_AREA), ("pool", WHOLE_AREA), ("area_code", WHOLE)}


def shown(column: Column, value) -> Value:
    """A value as it is shown: coded ones in Chinese, months as YYYY-MM, unknown ones as None."""
    if value is None or value != value or value == "":
        return None
    if column.codes is not None:
        return column.codes[value][0]
    if column.type == FLAG:
        return codes.YES_NO[str(value).lower()][0]
    if column.unit == "yyyymm":
        return month_text(value)
    if (column.name, value) in WHOLE_CITY:
        return WHOLE_TITLE
    if column.name == "industry_code" and value in (WHOLE, UNKNOWN):
        return None
    return value


def cells(columns: Iterable[Column], row: Mapping) -> tuple[Value, ...]:
    """The values of a row in the order of the columns."""
    return tuple(shown(column, row[column.name]) for column in columns)


def month_text(month: int) -> str:
    """2024-12 for 202412."""
    return f"{month // 100}-{month % 100:02d}"
