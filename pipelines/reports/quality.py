"""The sheet 数据质量: what is wrong with the newest deliveries, the worst first, whether it gets better, what to do.

Belongs here: choosing and wording what the mart data_quality says; the whole of it is in the mart.
"""

from collections.abc import Iterable, Mapping

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.marts import DATA_QUALITY as QUALITY
from pipelines.periods import add_months
from pipelines.reports import Field, Row, Sheet, Value
from pipelines.reports.cells import month_text, shown

NAME, MOST_ROWS, FEWEST_OF_KIND = "数据质量", 60, 2
EVERYWHERE, NOWHERE = "all", "unknown"
ORDER = {"bad": 0, "watch": 1, "good": 2}
# Doubts that stay in the figures until they are corrected, also where the newest delivery has none.
LASTING = ("validity", "duplicates", "outlier")
NO_COLUMNS, NO_COLUMNS_ADVICE = "没有这些列或整列为空：", "统计和名单要用到：请补录，导出时一并勾选"
STEADY, MONTHS_SHOWN = 0.1, 12
FIELDS = (
    Field("种类、来源"), Field(QUALITY["dimension"].title), Field("问题"), Field("批次"), Field("行数", "行", True),
    Field("涉及", "行", True),
    Field("占比", "%", True, 2), Field("上批", "%", True, 2), Field("变化", "百分点"), Field("历批合计", "行", True),
    Field("程度", alert="须改正"), Field("最多的经办机构"), Field("怎么办"),
)
NOTES = (
    "每个种类最新一批的问题，须改正的在前；历批合计 = 历次交付中同一问题的行数，改正之前一直影响近三年、近五年的数字。"
    "逐行见“存疑的行”“退回的行”（数据核实清单），各经办机构、各批次见数据表 data_quality。",
    "程度的界限见《方法说明》；变化与同一来源的上一批相比：↑ 变多，↓ 变少，→ 相差不到 0.1 个百分点。",
)


def sheets(table: pa.Table) -> list[Sheet]:
    """The sheet from the mart, or none where nothing has been delivered; at most MOST_ROWS rows."""
    rows = table.filter((pc.field("agency") == EVERYWHERE) | (pc.field("verdict") != "good")).to_pylist()
    kinds = [kind for kind in EXPORTS if any(row["kind"] == kind for row in rows)]
    if not kinds:
        return []
    found = {kind: _problems([row for row in rows if row["kind"] == kind]) for kind in kinds}
    most = max(FEWEST_OF_KIND, (MOST_ROWS - len(kinds)) // max(1, sum(map(bool, found.values()))))
    made = [row for kind in kinds for row in _of_kind(kind, found[kind], [r for r in rows if r["kind"] == kind], most)]
    return [Sheet(NAME, QUALITY.title, NOTES, FIELDS, tuple(made[:MOST_ROWS]))]


def _problems(rows: list[dict]) -> list[dict]:
    """What is to be shown of a kind, the worst first; each with its total over all batches."""
    whole = [row for row in rows if row["agency"] == EVERYWHERE and row["source"]]
    newest = max((row["batch_month"] for row in whole), default=0)
    totals: dict[tuple, int] = {}
    for row in whole:
        totals[_series(row)] = totals.get(_series(row), 0) + row["affected"]
    shown_rows = [{**row, "total": totals[_series(row)]} for row in whole if row["batch_month"] == newest]
    kept = [
        row for row in shown_rows if row["verdict"] != "good" or (row["total"] and row["dimension"] in LASTING)
    ]
    kept.sort(key=lambda row: (ORDER[row["verdict"]], -(row["share_pct"] or 0), -row["total"], *map(str, _series(row))))
    return [*_missed(rows), *_joined(kept)]


def _joined(rows: list[dict]) -> list[dict]:
    """The rows with those of each source's missing columns made one, in the place of the worst."""
    found: dict[tuple, dict] = {}
    for row in rows:
        is_whole = row["rule"] == "missing_column" and row["affected"] == row["rows"]
        key = (row["source"], is_whole or _series(row))
        title = EXPORTS[row["kind"]][row["column_name"]].title if is_whole else ""
        if key in found:
            found[key]["issue"] += f"、{title}"
        else:
            found[key] = {**row, **({"issue": NO_COLUMNS + title, "advice": NO_COLUMNS_ADVICE} if is_whole else {})}
    return list(found.values())


def _series(row: Mapping) -> tuple:
    return row["source"], row["rule"], row["column_name"]


def _missed(rows: list[dict]) -> list[dict]:
    """The deliveries missed in the last twelve months, as one row."""
    missed = [row for row in rows if row["rule"] == "no_delivery" and row["affected"]]
    recent = [row for row in missed if row["batch_month"] > add_months(row["as_of_month"], -MONTHS_SHOWN)]
    if not recent:
        return []
    months = "、".join(month_text(row["batch_month"]) for row in sorted(recent, key=lambda row: row["batch_month"]))
    last = max(recent, key=lambda row: row["batch_month"])
    blank = dict.fromkeys(("rows", "affected", "share_pct", "share_before_pct", "change_points"))
    return [{**last, **blank, "issue": f"{last['issue']}：{months}", "total": None}]


def _of_kind(kind: str, problems: list[dict], rows: list[dict], most: int) -> Iterable[Row]:
    """A heading row and the problems of a kind."""
    levels = [row["verdict"] for row in problems]
    counted = [(shown(QUALITY["verdict"], level), levels.count(level)) for level in ORDER if level != "good"]
    said = "、".join(f"{title} {number} 项" for title, number in counted if number)
    left = f"；另有 {len(problems) - most} 项见数据表" if len(problems) > most else ""
    blank: list[Value] = [""] * (len(FIELDS) - 3)
    yield Row((EXPORTS[kind].title, "", (said or "没有须改正或留意的问题") + left, *blank), "group")
    worst = _worst_agencies(rows)
    for row in problems[:most]:
        yield Row(_cells(row, worst))


def _cells(row: Mapping, worst: Mapping[tuple, str]) -> tuple[Value, ...]:
    issue = row["issue"]
    if row["median_delay"] is not None:
        issue += f"（中位数 {row['median_delay']} {'天' if row['kind'] == 'claim' else '个月'}）"
    source = "" if row["source"] == EXPORTS[row["kind"]].title else row["source"]
    return (source, shown(QUALITY["dimension"], row["dimension"]), issue, month_text(row["batch_month"]), row["rows"],
            row["affected"], row["share_pct"], row["share_before_pct"], _trend(row["change_points"]), row["total"],
            shown(QUALITY["verdict"], row["verdict"]), worst.get((*_series(row), row["batch_month"]), ""), row["advice"])


def _trend(change: float | None) -> str | None:
    if change is None:
        return None
    if abs(change) < STEADY:
        return "→"
    return f"↑ {change:.1f}" if change > 0 else f"↓ {-change:.1f}"


def _worst_agencies(rows: list[dict]) -> dict[tuple, str]:
    """Series and batch -> the known agency with most affected rows, with their number."""
    found: dict[tuple, tuple] = {}
    for row in rows:
        if row["agency"] not in (EVERYWHERE, NOWHERE) and row["affected"]:
            key = (*_series(row), row["batch_month"])
            found[key] = min(found.get(key, (0, "")), (-row["affected"], row["agency"]))
    return {key: f"{agency}（{-number:,}）" for key, (number, agency) in found.items()}
