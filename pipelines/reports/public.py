"""What is said in 公开版.xlsx: figures of the city without any unit, the small ones kept back.

Belongs here: choosing and wording. What is kept back was decided in the mart public_figure; nothing here shows a count that is
not in it, but for money of the fund and the verdicts on targets.
"""

from collections.abc import Iterable, Mapping

import pyarrow as pa

from pipelines.contracts import groups, marts, tracking
from pipelines.contracts.model import Column
from pipelines.contracts.public import PUBLIC_FIGURE
from pipelines.policy import Policy
from pipelines.reports import Field, Row, Sheet, Value, Workbook
from pipelines.reports.cells import cells, month_text, shown
from pipelines.reports.lists import table

TITLE, HIDDEN = "公开版", "＊"
MARKS = (PUBLIC_FIGURE.level, "系统生成初稿")
FIGURES, FUND, TARGETS = PUBLIC_FIGURE, marts.FUND_BALANCE, tracking.TARGET_PROGRESS
RATED = ("cases", "enterprises", "person_years", "rate_pct", "rate_low_pct", "rate_high_pct")
LEVELS = {"0": "全市", "1": "门类", "2": "大类"}
TONES = {"0": "total", "1": "group", "2": "plain"}
FUND_COLUMNS = ("pool", "year", "collected_yuan", "paid_yuan", "pay_ratio", "cap_yuan", "used_yuan")
TARGET_COLUMNS = ("plan", "target_title", "year", "baseline_year", "target_change_pct", "verdict")


def workbook(tables: Mapping[str, pa.Table], month: int, policy: Policy, marks: tuple[str, ...]) -> Workbook:
    """The workbook of a month from public_figure, fund_balance and target_progress by name."""
    rows = tables[FIGURES.name].to_pylist()
    notes = (f"{HIDDEN} = 隐去。{rows[0]['definition']}。" if rows else "没有可以公开的数字。",)
    sheets = [_city(_of(rows, "city"), notes), *_industries(_of(rows, "industry"), notes),
              *_circumstances(_of(rows, "circumstance"), notes), _fund(tables[FUND.name].to_pylist()),
              *_targets(tables[TARGETS.name].to_pylist())]
    return Workbook(TITLE, month, marks, f"数据截止 {month_text(month)}　口径：{policy.title}", tuple(sheets))


def _of(rows: Iterable[Mapping], topic: str) -> list[Mapping]:
    return [row for row in rows if row["topic"] == topic]


def _figures(names: Iterable[str], row: Mapping) -> tuple[Value, ...]:
    """The figures of a row; those that are kept back are marked, unlike those that nobody knows."""
    return tuple(HIDDEN if row["is_hidden"] else shown(FIGURES[name], row[name]) for name in names)


def _fields(*columns: Column) -> tuple[Field, ...]:
    return tuple(map(Field.of, columns))


def _city(rows: list[Mapping], notes: tuple[str, ...]) -> Sheet:
    fields = _fields(FIGURES["title"], FIGURES["period"], FIGURES["cases"])
    made = [Row((*cells((FIGURES["title"], FIGURES["period"]), row), *_figures(("cases",), row))) for row in rows]
    return Sheet("全市", "全市工伤", notes, fields, tuple(made))


def _industries(rows: list[Mapping], notes: tuple[str, ...]) -> list[Sheet]:
    """A sheet for each period, sections before their divisions."""
    found = []
    for period, (title, *_) in (FIGURES["period"].codes or {}).items():
        own = sorted((row for row in rows if row["period"] == period),
                     key=lambda row: (row["dimension"] != "0", row["subject"].replace("*", "~"), row["dimension"]))
        fields = (Field("层次"), *_fields(FIGURES["subject"], FIGURES["title"], *(FIGURES[name] for name in RATED)))
        made = [Row((LEVELS[row["dimension"]], row["subject"], row["title"], *_figures(RATED, row)), TONES[row["dimension"]])
                for row in own]
        found += [Sheet(f"行业（{title}）", f"{marts.INDUSTRY_RATE.title}（{title}）", notes, fields, tuple(made))] if own else []
    return found


def _circumstances(rows: list[Mapping], notes: tuple[str, ...]) -> list[Sheet]:
    titles = groups.INJURY_PATTERN["dimension"].codes or {}
    fields = (Field("方面"), *_fields(FIGURES["title"], FIGURES["cases"], FIGURES["share_pct"]))
    made = [Row((titles[row["dimension"]][0], row["title"], *_figures(("cases", "share_pct"), row)),
                "plain" if row["parent"] else "total") for row in rows]
    return [Sheet("事故情形", "事故情形（近三年，各方面已知的）", notes, fields, tuple(made))] if rows else []


def _fund(rows: list[dict]) -> Sheet:
    rows.sort(key=lambda row: (row["pool"], row["year"]))
    return table("基金收支", FUND.title, (), [FUND[name] for name in FUND_COLUMNS], rows)


def _targets(rows: list[dict]) -> list[Sheet]:
    """Verdicts alone: a group's figure times its exposure would be a count of other groups' sums."""
    kept = [row for row in rows if row["verdict"] is not None]
    kept.sort(key=lambda row: (row["plan"], row["target_id"], row["year"]))
    return [table("规划目标", TARGETS.title, (), [TARGETS[name] for name in TARGET_COLUMNS], kept)] if kept else []
