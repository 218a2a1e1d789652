"""What is said in 联席会议审定表.xlsx, which the meeting fills in, and on the sheet 审定名单 of what it has decided.

Belongs here: choosing and wording. The sheet 联席会议审定表 is read back as a 联席会议审定 (ingest/meeting.py) by these titles.
"""

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa

from pipelines import suggested
from pipelines.contracts import codes
from pipelines.contracts.exports import DECISION
from pipelines.contracts.lists import DECIDED_ENTERPRISE, PRIORITY_ENTERPRISE, SUGGESTION
from pipelines.decision_checks import remarks
from pipelines.ingest.meeting import ANSWERS, LISTED_AS, SHEET
from pipelines.policy import Policy
from pipelines.reports import Field, Row, Sheet, Workbook
from pipelines.reports.cells import cells, month_text
from pipelines.reports.lists import table

TITLE, ANSWER, YEAR = SHEET, "is_selected", "year"
DECIDED, LIST = DECIDED_ENTERPRISE, PRIORITY_ENTERPRISE
CANDIDATES = ("listed", "reserve", "excluded")
TONES = {"listed": "listed", "reserve": "reserve", "excluded": "reference"}
CHOICES = tuple(titles[0] for titles in codes.YES_NO.values())
EMPTY_ROWS = 10
NOTES = (
    f"“{SUGGESTION['listed'][0]}”的每一家都请填“{DECISION[ANSWER].title}”；备选和排除的单位可以调换进来，不填的视为没有审定。"
    "名单之外的单位写在表下的空行，填单位编号或名称。填好后把本文件放入 data/raw 下最新月份的文件夹，下次运行时生效；"
    "可以分几次填，同一单位以后填的为准。",
    "理由、部门意见中请勿写个人姓名、证件号、电话（号码读入时被遮蔽）。请勿改动标题、隐藏的列和工作表的名称。",
    f"“{SUGGESTION['excluded'][0]}”= 符合准入条件而被政策的限制挡在名单之外的单位，原因见“{LIST['excluded_reason'].title}”。")
SHOWN = ("year", "region_code", "enterprise_name", "enterprise_id", "industry_name", "is_decided", "is_selected", "reason",
         "suggestion", "rank", "difference", "list_version")


class Put(NamedTuple):
    """What is put before the meeting: the list's year, its month (yyyymm) and version."""

    year: int
    month: int
    version: str


def workbook(tables: Mapping[str, pa.Table], put: Put, policy: Policy, marks: tuple[str, ...]) -> Workbook:
    """The workbook of a month, from priority_enterprise and decided_enterprise by name."""
    known = {row["enterprise_id"]: row for row in tables[DECIDED.name].to_pylist()
             if row["year"] == put.year and row["is_decided"]}
    subtitle = f"{put.year} 年度　数据截止 {month_text(put.month)}　政策：{policy.title}　名单版本 {put.version}"
    form = _form(tables[LIST.name].to_pylist(), known, put, policy)
    return Workbook(TITLE, put.month, marks, subtitle, (form,))


def _form(rows: list[dict], known: Mapping[str, Mapping], put: Put, policy: Policy) -> Sheet:
    """The candidates of every region: those listed, the reserve, and who entered and was kept out."""
    chosen = [row for row in rows if suggested.suggestion_of(row) in CANDIDATES]
    chosen.sort(key=_order)
    period = policy.rule.period
    first = [LIST["rank"], *([LIST["region_code"]] if len({row["region_code"] for row in rows}) > 1 else [])]
    rest = [LIST[name] for name in (
        "enterprise_id", "enterprise_name", "industry_name", "person_years_last_year", f"injuries_{period}", "norm_pct",
        "expected_injuries", "excess_injuries", "evidence", "excluded_reason")]
    fields = (*map(Field.of, first), Field(DECIDED["suggestion"].title), *map(Field.of, rest), Field("已有审定"),
              *(Field(DECISION[name].title, is_input=True, choices=CHOICES if name == ANSWER else ()) for name in ANSWERS),
              *(Field(DECISION[name].title, is_hidden=True) for name in (YEAR, LISTED_AS)))
    made = [Row((*cells(first, row), *_candidate(row, rest, known.get(row["enterprise_id"])), str(put.year), _place(row, put)),
                TONES[suggested.suggestion_of(row)]) for row in chosen]
    blank = Row((*[None] * len(first), *[""] * (len(fields) - len(first) - 2), str(put.year), ""))
    title = f"{put.year} 年一企一策单位{TITLE}"
    return Sheet(SHEET, title, _notes(chosen, policy), fields, (*made, *[blank] * EMPTY_ROWS))


def _order(row: Mapping) -> tuple:
    """Region by region: by rank, then those kept out by their excess."""
    return row["region_code"], row["rank"] is None, row["rank"] or row["excess_rank"] or 0, row["enterprise_id"]


def _candidate(row: Mapping, columns: list, decided: Mapping | None) -> tuple:
    answer = (CHOICES[0] if decided["is_selected"] else CHOICES[1]) if decided else ""
    return (SUGGESTION[suggested.suggestion_of(row)][0], *cells(columns, row), answer, *[""] * len(ANSWERS))


def _place(row: Mapping, put: Put) -> str:
    return suggested.said(suggested.Place(put.version, suggested.suggestion_of(row), row["rank"], row["region_code"]))


def _notes(chosen: list[dict], policy: Policy) -> tuple[str, ...]:
    counts = [suggested.suggestion_of(row) for row in chosen]
    said = "、".join(f"{SUGGESTION[name][0]} {counts.count(name):,} 家" for name in CANDIDATES)
    return (f"每个地区 {policy.rule.places} 个名额；{said}。", *NOTES)


def sheets(rows: list[dict]) -> list[Sheet]:
    """审定名单 from the rows of decided_enterprise, where anything was decided; the newest year first."""
    if not any(row["is_decided"] for row in rows):
        return []
    years = {row["year"] for row in rows if row["is_decided"]}
    kept = sorted((row for row in rows if row["year"] in years),
                  key=lambda row: (-row["year"], row["region_code"] or "", not row["is_selected"], row["rank"] or float("inf"),
                                   row["enterprise_id"]))
    notes = [f"{column.title}：{column.description}。" for column in (DECIDED["is_decided"], DECIDED["is_selected"])]
    return [table("审定名单", DECIDED.title, [*_remarks(kept), "　".join(notes)], [DECIDED[name] for name in SHOWN], kept)]


def _remarks(rows: list[dict]) -> list[str]:
    """What is to be looked at in the decisions of each year; nothing where all is in order."""
    by_year = {year: remarks([row for row in rows if row["year"] == year]) for year in {row["year"] for row in rows}}
    return [f"{year} 年：{'；'.join(said)}。" for year, said in sorted(by_year.items(), reverse=True) if said]
