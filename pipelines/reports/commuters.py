"""The sheet 上下班事故多发单位: whose workers are hurt on the way to or from work more often than others.

Belongs here: choosing and wording; the whole of it is in the mart commuting_enterprise.
"""

from collections.abc import Mapping

import pyarrow as pa

from pipelines.contracts.commuters import COMMUTING_ENTERPRISE
from pipelines.reports import Field, Row, Sheet
from pipelines.reports.cells import cells

MOST_ROWS = 50
COLUMNS = tuple(COMMUTING_ENTERPRISE[name] for name in (
    "rank", "enterprise_name", "enterprise_id", "region_code", "industry_name", "person_years", "observed_cases",
    "expected_cases", "ratio", "ratio_low", "ratio_high", "excess_cases", "usual_hour", "usual_transport", "evidence"))
NOTE = ("按每年超额排序；底色 = 明显偏多，其余可能只是偶然。说的是上下班路上，与厂内安全好坏无关：宜与单位一起看班次、路线、"
        "交通方式和头盔佩戴。")


def sheets(tables: Mapping[str, pa.Table]) -> list[Sheet]:
    """The sheet, where it has rows."""
    rows = sorted(tables[COMMUTING_ENTERPRISE.name].to_pylist(), key=lambda row: row["rank"])
    made = tuple(Row(cells(COLUMNS, row), "listed" if row["is_notable"] else "plain") for row in rows[:MOST_ROWS])
    count = f"共 {len(rows):,} 家" + (f"，列出 {MOST_ROWS} 家" if len(rows) > MOST_ROWS else "")
    notes = (NOTE, *(f"{count}。{row['definition']}。" for row in rows[:1]))
    return [Sheet("上下班事故多发单位", COMMUTING_ENTERPRISE.title, notes, tuple(map(Field.of, COLUMNS)), made)] if made else []
