"""名单: the rows of priority_enterprise to search, sort and filter, each with its evidence.

Belongs here: which columns and rows are there, and their wording.
"""

from collections.abc import Iterable, Mapping, Sequence

from pipelines import policy as policies
from pipelines.contracts.lists import PRIORITY_ENTERPRISE as LIST
from pipelines.contracts.model import Column
from pipelines.policy import Policy
from pipelines.reports import Field
from pipelines.reports.board import Listed, Listing, Section
from pipelines.reports.cells import shown
from pipelines.reports.lists import REFERENCE, happened

MOST_ROWS = 8000
STATE, EXCLUDED = "状态", "排除"
STATES = (LIST["is_listed"].title, LIST["is_reserve"].title, REFERENCE, EXCLUDED)
MORE = ("enterprise_id", "evidence", "criteria_met", "criteria_also", "excluded_reason", "norm_pct", "posterior_ratio",
        "ratio_low", "ratio_high", "predicted_low", "predicted_high", "expected_rank", "rank_low", "rank_high", "official_rank",
        "excess_rank")


def section(rows: Sequence[Mapping], policy: Policy) -> Section:
    """The list from the rows of priority_enterprise."""
    if not rows:
        return Section("list", LIST.title, missing="本月没有名单：没有可排名的单位。")
    kept = sorted(rows, key=_place)[:MOST_ROWS]
    columns = [column for column in _columns(kept, policy) if any(value is not None for value in column.values)]
    chosen_by = tuple(column.title for column in columns if column.title in _choices(kept))
    has_listed = any(row["is_listed"] or row["is_reserve"] for row in kept)
    listing = Listing(tuple(columns), chosen_by, STATE, STATES[:2] if has_listed else (), len(kept))
    return Section("list", LIST.title, tuple(_says(rows, kept, policy)), listing=listing)


def state(row: Mapping) -> str:
    """Where a row of the list stands."""
    if row["excluded_reason"] is not None:
        return EXCLUDED
    return STATES[0] if row["is_listed"] else STATES[1] if row["is_reserve"] else REFERENCE


def _place(row: Mapping) -> tuple:
    """The listed of all regions, then the reserves, those for reference by rank, the excluded."""
    rank = row["rank"] if row["rank"] is not None else row["excess_rank"]
    is_ranked_last = STATES.index(state(row)) >= STATES.index(REFERENCE)
    own = (rank is None, rank or 0, row["region_code"]) if is_ranked_last else (row["region_code"], False, rank or 0)
    return STATES.index(state(row)), *own, row["enterprise_id"]


def _choices(rows: Sequence[Mapping]) -> tuple[str, ...]:
    regions = len({row["region_code"] for row in rows}) > 1
    return (*((LIST["region_code"].title,) if regions else ()), LIST["industry_name"].title)


def _says(rows: Sequence[Mapping], kept: Sequence[Mapping], policy: Policy) -> Iterable[str]:
    yield policies.entry(policy)
    yield from sorted({row["comparison"] for row in rows})
    yield f"{REFERENCE} = 备选之后，或未符合准入，仅供比较。名次是建议，不是决定，由联席会议审定；不等于安全风险分级。"
    if len(kept) < len(rows):
        yield f"共 {len(rows):,} 行，本页有名次在前的 {len(kept):,} 行，其余见数据表。"


def _columns(rows: Sequence[Mapping], policy: Policy) -> Iterable[Listed]:
    """The columns of a row, then those of an opened row."""
    yield Listed(STATE, "", None, False, "row", tuple(map(state, rows)))
    in_row = ("rank", "region_code", "enterprise_name", "industry_name", *happened(policy), "expected_injuries",
              "excess_injuries", "listed_probability")
    is_one_region = len({row["region_code"] for row in rows}) == 1
    for name in in_row:
        if not (name == "region_code" and is_one_region):
            yield _listed(LIST[name], rows, "row")
    for name in MORE:
        yield _listed(LIST[name], rows, "more")


def _listed(column: Column, rows: Sequence[Mapping], place: str) -> Listed:
    """A column of the mart, its values no finer than they are shown; a unit without a name is called by its number."""
    field = Field.of(column)
    values = tuple(shown(column, row[column.name]) for row in rows)
    if field.decimals is not None:
        values = tuple(round(value, field.decimals) + 0.0 if isinstance(value, float) else value for value in values)  # no -0.00
    if column.name == "enterprise_name":
        values = tuple(value or row["enterprise_id"] for value, row in zip(values, rows, strict=True))
    return Listed(field.title, field.unit, field.decimals, field.is_number, place, values)
