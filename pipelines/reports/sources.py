"""The sheet 口径与来源: how the figures are defined, what was received and whether it adds up.

Belongs here: what that sheet says. The other sheets are content.py and quality.py.
"""

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from pipelines import policy as policies
from pipelines.contracts import core, exports, lists, marts
from pipelines.contracts.model import Column
from pipelines.policy import Policy
from pipelines.reports import Field, Row, Sheet, Value

LIST, RATES, FUND, OUTREACH = (
    lists.PRIORITY_ENTERPRISE, marts.INDUSTRY_RATE, marts.FUND_BALANCE, lists.OUTREACH_ENTERPRISE)
SOURCES = core.SOURCE_RECONCILIATION
USED_KINDS = ("enterprise", "premium", "claim", "appraisal", "payout", "fund")
PARTS = ("received", "accepted", "rejected", "superseded", "later")


def sheet(tables: Mapping[str, pa.Table], policy: Policy) -> Sheet:
    """The sheet from the marts of a month by name."""
    by_kind: dict[str, list[dict]] = {}
    for row in tables[SOURCES.name].to_pylist():
        by_kind.setdefault(row["kind"], []).append(row)
    columns = [SOURCES[f"{what}_{part}"] for what in ("rows", "amount") for part in PARTS] + [SOURCES["rows_vanished"]]
    made = tuple(
        Row((kind.title, len(by_kind[name]), *_summed(columns, by_kind[name])))
        for name, kind in exports.EXPORTS.items() if name in by_kind)
    first = Field(SOURCES["kind"].title), Field("文件数", "个", True)
    fields = (*first, *map(Field.of, columns), Field("核对", alert="不符"))
    notes = [*_definitions(tables, policy), *_missing(tables, by_kind)]
    return Sheet("口径与来源", "口径与来源", tuple(notes), fields, made, is_text=True)


def _summed(columns: Sequence[Column], rows: list[dict]) -> tuple[Value, ...]:
    """The sums of a kind (None where no file has a value), and whether received equals the other parts."""
    known = [[row[column.name] for row in rows if row[column.name] is not None] for column in columns]
    sums = [sum(values) if values else None for values in known]
    halves = [[value or 0 for value in sums[start:start + len(PARTS)]] for start in (0, len(PARTS))]
    return *sums, "相符" if all(first == sum(rest) for first, *rest in halves) else "不符"


def _definitions(tables: Mapping[str, pa.Table], policy: Policy) -> Iterable[str]:
    yield f"政策：{policy.title}（{policy.source}；{policy.name}）"
    yield policies.entry(policy)
    said: dict[str, list[str]] = {}
    for contract in (LIST, OUTREACH, RATES, FUND):
        for text in tables[contract.name]["definition"].unique().to_pylist():
            said.setdefault(text, []).append(contract.title)
    yield from (f"口径（{'、'.join(titles)}）：{text}" for text, titles in said.items())
    if not said:
        yield f"口径：{policies.rate_definition(policy)}；{policies.pay_ratio_definition(policy)}"
    yield ("95 % 区间：把工伤人次看作泊松计数时，与所见次数相容的发生率范围（Garwood 1936 精确区间）。人年少则区间宽；"
           "区间整个高于或低于全市的，才说高于或低于。")
    yield "名单内部使用，供联席会议审定；名次按政策的规则排出，不等于安全风险分级。"


def _missing(tables: Mapping[str, pa.Table], by_kind: Mapping[str, list[dict]]) -> Iterable[str]:
    lacking = [kind for kind in USED_KINDS if not sum(row["rows_accepted"] for row in by_kind.get(kind, ()))]
    if lacking:
        yield f"缺少：没有可用的{'、'.join(exports.EXPORTS[kind].title for kind in lacking)}数据。"
    empty = [table.title for table in (LIST, RATES, FUND, SOURCES) if not tables[table.name].num_rows]
    if empty:
        yield f"本月为空的表：{'、'.join(empty)}。"
    yield "来源对账：收到 = 采用 + 退回 + 被更新 + 以后才知（行数与金额）；“—”= 没有该数。"
