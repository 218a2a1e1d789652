"""The sheets 建议名单, 排除 and 宣传培训重点: what the joint meeting decides on.

Belongs here: which columns and rows the meeting sees, and the notes above them. What is shown was computed in the marts.
"""

from collections.abc import Iterable, Mapping, Sequence

from pipelines import policy as policies
from pipelines.contracts import lists
from pipelines.contracts.model import Column
from pipelines.policy import Policy
from pipelines.reports import Field, Row, Sheet
from pipelines.reports.cells import cells

MOST_ROWS, FIRST_OF_REGION = 5000, 50
LIST, OUTREACH = lists.PRIORITY_ENTERPRISE, lists.OUTREACH_ENTERPRISE
UNIT = ("enterprise_name", "enterprise_id", "industry_name")
EXPECTED = ("norm_pct", "posterior_ratio", "expected_injuries", "excess_injuries")
REFERENCE = "参考"


def suggested(rows: list[dict], policy: Policy) -> list[Sheet]:
    """建议名单 and, where somebody was kept out, 排除; from the rows of priority_enterprise."""
    return [_list(rows, policy), *_excluded(rows, policy)]


def _list(rows: list[dict], policy: Policy) -> Sheet:
    regions = {row["region_code"] for row in rows}
    ranked = [row for row in rows if row["excluded_reason"] is None and row["rank"] is not None]
    shown = _most_wanted(ranked)
    first = [LIST["rank"], *([LIST["region_code"]] if len(regions) > 1 else [])]
    rest = [LIST[name] for name in (*UNIT, *happened(policy), *EXPECTED, *_known(ranked, "listed_probability", "official_rank"),
                                    "evidence")]
    made = [Row((*cells(first, row), _state(row)[0], *cells(rest, row)), _state(row)[1]) for row in shown]
    fields = (*map(Field.of, first), Field("状态"), *map(Field.of, rest))
    return Sheet("建议名单", LIST.title, tuple(_notes(rows, ranked, len(shown), policy)), fields, tuple(made))


def happened(policy: Policy) -> tuple[str, ...]:
    """The columns of what happened in the period that the policy's rule looks at."""
    return tuple(f"{name}_{policy.rule.period}" for name in ("injuries", "rate_pct"))


def _known(rows: list[dict], *names: str) -> list[str]:
    """Those of the columns in which any row says something."""
    return [name for name in names if any(row[name] is not None for row in rows)]


def _state(row: Mapping) -> tuple[str, str]:
    if row["is_listed"]:
        return LIST["is_listed"].title, "listed"
    return (LIST["is_reserve"].title, "reserve") if row["is_reserve"] else (REFERENCE, "reference")


def _most_wanted(rows: list[dict]) -> list[dict]:
    """All where they are few; else the listed and the first of each region, then reserves, then others, by rank."""
    def wanted(row: dict) -> tuple:
        is_certain = row["is_listed"] or row["rank"] <= FIRST_OF_REGION
        return not is_certain, not row["is_reserve"], row["rank"], row["region_code"]

    certain = sum(not wanted(row)[0] for row in rows)
    return sorted(sorted(rows, key=wanted)[:max(MOST_ROWS, certain)], key=lambda row: (row["region_code"], row["rank"]))


def _notes(rows: list[dict], ranked: list[dict], shown: int, policy: Policy) -> Iterable[str]:
    regions, states = {row["region_code"] for row in rows}, [_state(row)[0] for row in ranked]
    yield policies.entry(policy)
    yield from sorted({row["comparison"] for row in rows})
    counted = "、".join(f"{state} {states.count(state):,} 家" for state in ("入选", "备选", REFERENCE))
    where = f"（{len(regions)} 个地区）" if len(regions) > 1 else ""
    rest = f"本表列出其中 {shown:,} 家，其余见数据表。" if shown < len(ranked) else ""
    yield f"各地区名次在前的单位{where}：{counted}（{REFERENCE} = 备选之后，或未符合准入，仅供比较）。{rest}"
    if any(row["excess_injuries"] is not None for row in ranked):
        yield (f"{LIST['expected_injuries'].title}：{LIST['expected_injuries'].description}。"
               f"{LIST['excess_injuries'].title}：{LIST['excess_injuries'].description}。"
               f"{LIST['norm_pct'].title}：{LIST['norm_pct'].description}。")
    without = regions - {row["region_code"] for row in rows if row["is_entered"]}
    if without == regions:
        yield "没有单位符合准入条件，本月没有入选单位。"
    elif without:
        yield f"没有单位符合准入条件的地区：{'、'.join(sorted(without))}。"


def _excluded(rows: list[dict], policy: Policy) -> list[Sheet]:
    out = [row for row in rows if row["excluded_reason"] is not None]
    names = ("region_code", *UNIT, "excluded_reason", "excess_rank", *happened(policy), "expected_injuries", "excess_injuries",
             "evidence")
    out.sort(key=lambda row: (row["region_code"], row["excess_rank"] or float("inf"), row["enterprise_id"]))
    notes = ("符合准入条件而没有列入的单位，按超额工伤排列。" + _cut(len(out)),)
    return [table("排除", "没有列入的单位", notes, [LIST[name] for name in names], out)] if out else []


def outreach(rows: list[dict]) -> list[Sheet]:
    """宣传培训重点 from the rows of outreach_enterprise, where there are any."""
    columns = [OUTREACH[name] for name in ("region_code", *UNIT, "criteria_met", "evidence")]
    kept = sorted(rows, key=lambda row: (-row["criteria_met"].count("；"), row["enterprise_id"]))[:MOST_ROWS]
    kept.sort(key=lambda row: (row["region_code"] or "", row["enterprise_id"]))
    notes = ["至少符合一项条件的单位（不含已注销）。" + _cut(len(rows), "符合条件多的优先")]
    return [table("宣传培训重点", OUTREACH.title, notes, columns, kept)] if rows else []


def _cut(number: int, first: str = "其余见数据表") -> str:
    return f"共 {number:,} 家" + (f"，列出 {MOST_ROWS:,} 家（{first}）。" if number > MOST_ROWS else "。")


def table(name: str, title: str, notes: Sequence[str], columns: Sequence[Column], rows: Sequence[Mapping]) -> Sheet:
    """A sheet that shows columns of a mart as they are."""
    made = tuple(Row(cells(columns, row)) for row in rows[:MOST_ROWS])
    return Sheet(name, title, tuple(notes), tuple(map(Field.of, columns)), made)
