"""What is to be looked at in the decisions of a year, in words: units left out, units that nobody knows, another list.

Belongs here: matters of a year as a whole, from rows of decided_enterprise. What is wrong with a row of a file is doubtful_row.
"""

from collections.abc import Mapping, Sequence

MOST_UNITS = 5


def remarks(rows: Sequence[Mapping]) -> list[str]:
    """The remarks on the rows of one year; none where nothing was decided or all is in order."""
    if not any(row["is_decided"] for row in rows):
        return []
    return [text for text in (_undecided(rows), _unknown(rows), _other_list(rows)) if text]


def _undecided(rows: Sequence[Mapping]) -> str:
    number = sum(row["difference"] == "undecided" for row in rows)
    return f"名单内还有 {number:,} 家没有审定，请补填" if number else ""


def _unknown(rows: Sequence[Mapping]) -> str:
    units = [row["enterprise_id"] for row in rows if not row["is_known"]]
    return f"参保单位中没有 {'、'.join(units[:MOST_UNITS])}{' 等' if units[MOST_UNITS:] else ''}，请核对单位编号" if units else ""


def _other_list(rows: Sequence[Mapping]) -> str:
    """Decisions on a list that is not the one in the archive."""
    versions = sorted({row["list_version"] for row in rows if row["is_decided"] and row["list_version"] and not row["is_issued"]})
    if not versions:
        return ""
    return f"审定依据的名单 {'、'.join(versions)} 没有存档（make issue），或不是存档的那一份，请核对"
