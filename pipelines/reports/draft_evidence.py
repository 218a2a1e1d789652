"""Two attachments of a draft: the figures of the city behind it, and what its drafter has to look at before it is sent on.

Belongs here: choosing and wording; every figure was computed in the marts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from pipelines.contracts.groups import INJURY_PATTERN
from pipelines.contracts.marts import FUND_BALANCE, INDUSTRY_RATE
from pipelines.contracts.model import Table
from pipelines.contracts.plan import PLAN_CHANGE, PLAN_CHECK
from pipelines.contracts.tracking import TARGET_PROGRESS
from pipelines.policy import Policy, entry
from pipelines.reports import Field, Row
from pipelines.reports.cells import cells
from pipelines.reports.draft_figures import PERIODS, Rows
from pipelines.reports.text import Heading, Paragraph, Part
from pipelines.reports.text import Table as Drawn

MOST_INDUSTRIES, MOST_VALUES = 15, 5
DIMENSIONS = ("clause", "cause", "post_group", "hour", "body_part")
YEAR = re.compile(r"(20\d\d)\s*年")
TONES = ("total", "group", "plain")


def parts(rows: Rows) -> Iterator[Part]:
    """Industries, how injuries happen, the fund, the plans' targets: each where there is anything."""
    for title, made in (
        ("行业工伤发生率", _industries(rows["industry_injury_rate"])), ("事故情形", _patterns(rows["injury_pattern"])),
        ("基金收支与工伤预防费", _fund(rows["fund_balance"])), ("规划目标", _targets(rows["target_progress"])),
    ):
        yield Heading(title)
        yield from made or [Paragraph("没有数据。")]


def _drawn(table: Table, names: Sequence[str], rows: Sequence[Mapping], tones: Sequence[str] = ()) -> list[Part]:
    """Columns of a mart, and what its figures mean."""
    if not rows:
        return []
    columns = [table[name] for name in names]
    made = (Row(cells(columns, row), tone) for row, tone in zip(rows, tones or ["plain"] * len(rows), strict=True))
    return [Drawn(tuple(map(Field.of, columns)), tuple(made)), Paragraph(f"{rows[0]['definition']}。", kind="note")]


def _industries(rows: list[dict]) -> list[Part]:
    """The whole city and the divisions with most injuries, in the newest whole year that has a rate."""
    rated = {name: [row for row in rows if row["period"] == name and row["rate_pct"] is not None] for name in PERIODS}
    chosen = next((rated[name] for name in PERIODS if rated[name]), [])
    most = sorted((row for row in chosen if row["level"] == 2), key=lambda row: (-row["injuries"], row["industry_code"]))
    kept = [*(row for row in chosen if row["level"] == 0), *most[:MOST_INDUSTRIES]]
    names = ("industry_name", "period", "enterprises", "injuries", "rate_pct", "rate_low_pct", "rate_high_pct", "difference",
             "pay_ratio")
    return _drawn(INDUSTRY_RATE, names, kept, [TONES[row["level"]] for row in kept])


def _patterns(rows: list[dict]) -> list[Part]:
    """The most usual values of each dimension in the whole city."""
    kept: list[dict] = []
    for dimension in DIMENSIONS:
        own = [row for row in rows if row["scope"] == "all" and row["dimension"] == dimension]
        kept += sorted(own, key=lambda row: (-row["observed_cases"], row["value"]))[:MOST_VALUES]
    return _drawn(INJURY_PATTERN, ("dimension", "value_name", "cases", "observed_cases", "share_pct", "is_notable"), kept)


def _fund(rows: list[dict]) -> list[Part]:
    names = ("pool", "year", "collected_yuan", "paid_yuan", "pay_ratio", "cap_yuan", "allotted_yuan", "used_yuan")
    return _drawn(FUND_BALANCE, names, sorted(rows, key=lambda row: (row["pool"], row["year"])))


def _targets(rows: list[dict]) -> list[Part]:
    """The newest year of each target that has a figure."""
    newest = {row["target_id"]: row for row in sorted(rows, key=lambda row: row["year"]) if row["figure"] is not None}
    names = ("target_title", "year", "injuries", "figure", "baseline_year", "target_change_pct", "change_pct", "verdict")
    return _drawn(TARGET_PROGRESS, names, [newest[target] for target in sorted(newest)])


def notes(items: list[dict], rows: Rows, policy: Policy) -> Iterator[Part]:
    """For who drafts: where text and figures come from, what disagrees, what still speaks of another year."""
    yield Paragraph("本附件供起草时核对，定稿时删去。")
    yield Heading("来源")
    yield Paragraph(f"政策：{policy.title}（{policy.source}）。{entry(policy)}")
    yield from (Paragraph(f"{row['definition']}。") for row in items[:1])
    yield from (Paragraph(row["comparison"]) for row in rows["priority_enterprise"][:1])
    yield Heading("核对")
    checks = sorted((row for row in rows["plan_check"] if row["verdict"] != "good"),
                    key=lambda row: (row["verdict"] != "bad", row["check_title"], row["subject"]))
    names = ("check_title", "subject_title", "verdict", "message")
    columns = [PLAN_CHECK[name] for name in names]
    made = tuple(Row(cells(columns, row), "alert" if row["verdict"] == "bad" else "plain") for row in checks)
    yield Drawn(tuple(map(Field.of, columns)), made) if made else Paragraph("没有不符或须留意之处。")
    yield from _other_years(items)
    yield from _changes(rows["plan_change"])


def _other_years(items: list[dict]) -> Iterator[Part]:
    """Programmes whose text, taken from the policy, names another year than the plan's."""
    found = {row["name"]: sorted(set(YEAR.findall(row["content"])) - {str(row["plan_year"])}) for row in items}
    said = "；".join(f"{name}（{'、'.join(years)}年）" for name, years in found.items() if years)
    if said:
        yield Paragraph(f"【核对：服务内容照录政策原文，其中写有其他年份】{said}。")


def _changes(rows: list[dict]) -> Iterator[Part]:
    """What differs from the plan that was issued before."""
    if rows:
        yield Heading("变更")
        columns = [PLAN_CHANGE[name] for name in ("name", "change", "column_title", "before", "after", "edit_reason")]
        ordered = sorted(rows, key=lambda row: (row["programme_id"], row["column_name"]))
        yield Drawn(tuple(map(Field.of, columns)), tuple(Row(cells(columns, row)) for row in ordered))
