"""What is looked at in every delivery: the rules of tables/quality_rules.csv spelled out, where files come from, what is late.

Belongs here: the small tables that the SQL of data_quality and doubtful_row reads beside rows. Limits that come from the city's
own figures are doubt.py.
"""

import csv
import functools
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

import pyarrow as pa

from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import Export
from pipelines.deliveries import Deliveries
from pipelines.lazy import Query, Stored
from pipelines.periods import add_months, months_between

RULES = Path(__file__).parent / "tables" / "quality_rules.csv"
EVERY, BASIS_POINTS = "*", 100
# Rules whose rows are not simply the rows used: they bring their own number of rows.
OF_OTHER_ROWS = {"empty", "missing_column", "rejected", "no_delivery", "apply_delay", "decision_delay", "receipt_delay",
                 "payment_delay"}
OF_LISTED_UNITS = {"unknown_unit", "decided_unknown"}
CHANGING = re.compile(
    r"[（(\[【][^）)\]】]*\d[^）)\]】]*[）)\]】]|第?(\d+|[一二三四五六七八九十]+)(部分|期|批|页)|\d+[年月日号]?")
EDGES = " ._-—~至到"


@dataclass(frozen=True)
class Limits:
    """The figures of the rules, whole numbers: one row for SQL."""

    least_wage_yuan: int = 500
    least_wage_pct: int = 30
    high_wage_yuan: int = 50_000
    high_wage_times: int = 10
    staff_times: int = 5
    jump_times: int = 10
    least_jump: int = 100
    youngest: int = 16
    oldest: int = 75
    west: int = 73
    east: int = 136
    south: int = 3
    north: int = 54
    worse_points: int = 10
    least_rows: int = 50


# Days after the accident and after the application (条例第十七条、第二十条); months after the period or month that is paid for.
DELAYS = {"apply_delay": ("applied_on", 30), "decision_delay": ("decided_on", 60), "receipt_delay": ("received_on", 1),
          "payment_delay": ("paid_on", 1)}


@dataclass(frozen=True)
class Rule:
    """One rule on one kind and column: what it finds, above which shares (in %; None = never) it is to be watched or bad."""

    kind: str
    dimension: str
    rule: str
    column_name: str
    issue: str
    watch_pct: float | None
    bad_pct: float | None
    advice: str


@functools.cache
def rules() -> dict[tuple[str, str, str], Rule]:
    """(kind, rule, column) -> its rule; of several lines of the table that fit the last one stands."""
    found: dict[tuple[str, str, str], Rule] = {}
    with RULES.open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            for rule in _spelled_out(line):
                earlier = found.get((rule.kind, rule.rule, rule.column_name))
                if rule.issue == EVERY and earlier:
                    rule = Rule(**{**asdict(rule), "issue": earlier.issue})
                found[rule.kind, rule.rule, rule.column_name] = rule
    return found


def _spelled_out(line: dict[str, str]) -> Iterable[Rule]:
    """The rules of a line of the table: one for each kind, rule and column that it means."""
    kinds = list(EXPORTS) if line["kind"] == EVERY else line["kind"].split("|")
    watch, bad = (float(line[name]) if line[name] else None for name in ("watch_pct", "bad_pct"))
    for export in map(EXPORTS.__getitem__, kinds):
        for rule in line["rule"].split("|"):
            for name in _columns(export, line["column_name"]):
                title = next((column.title for column in export.stored if column.name == name), "")
                issue = line["issue"].replace("{column}", title)
                yield Rule(export.name, line["dimension"], rule, name, issue, watch, bad, line["advice"])


def _columns(export: Export, said: str) -> list[str]:
    """The columns that a line means, of those that the kind stores; '' = the whole row."""
    names = [column.name for column in export.stored]
    return names if said == EVERY else [said] if said in ("", *names) else []


def rule_table(known: Deliveries) -> pa.Table:
    """The rules as rows; without a list of units no unit is unknown."""
    kept = [rule for rule in rules().values() if rule.rule not in OF_LISTED_UNITS or known.has("enterprise")]
    names = ("kind", "dimension", "rule", "column_name", "issue", "advice")
    columns = {name: [getattr(rule, name) for rule in kept] for name in names}
    return pa.table({
        **columns, "is_of_used_rows": [rule.rule not in OF_OTHER_ROWS for rule in kept],
        "watch_bp": pa.array([_basis_points(rule.watch_pct) for rule in kept], pa.int64()),
        "bad_bp": pa.array([_basis_points(rule.bad_pct) for rule in kept], pa.int64())})


def _basis_points(share: float | None) -> int | None:
    return None if share is None else round(share * BASIS_POINTS)


def limit_table() -> pa.Table:
    """The figures of the rules, one row."""
    return pa.table({name: pa.array([value], pa.int64()) for name, value in asdict(Limits()).items()})


def delay_table() -> pa.Table:
    """rule, column_name and the most days or months that are in time."""
    return pa.table({"rule": list(DELAYS), "column_name": [name for name, _ in DELAYS.values()],
                     "most": pa.array([most for _, most in DELAYS.values()], pa.int64())})


def place_table() -> pa.Table:
    """kind, column_name, its title and 2^n of its place in `gaps` (see lazy.Delivered)."""
    places = [(kind, column, 1 << n) for kind, export in EXPORTS.items() for n, column in enumerate(export.stored)]
    return pa.table({
        "kind": [kind for kind, _, _ in places], "column_name": [column.name for _, column, _ in places],
        "title": [column.title for _, column, _ in places], "place": pa.array([place for _, _, place in places], pa.int64())})


def source_of(path: str) -> str:
    """Where a file came from: its path below the batch folder without ending, digits, words of dates and parts.

    >>> source_of("2024-12/工伤认定_20241231.csv"), source_of("2025-01/社保局/单位缴费2025年1月(2).xlsx")
    ('工伤认定', '社保局/单位缴费')
    >>> source_of("2025-01/202501.csv")
    ''
    """
    parts = PurePosixPath(path).with_suffix("").parts[1:]
    said = (CHANGING.sub("", part).strip(EDGES) for part in parts)
    return "/".join(text for text in said if text)


def source_table(known: Deliveries) -> pa.Table:
    """batch_month, file_number, kind, source and rows received of every file that could be read."""
    lines = [line for line in known.lines if line["status"] == "accepted"]
    numbers = {name: pa.array([line[name] for line in lines], pa.int32()) for name in ("batch_month", "file_number")}
    sources = [source_of(line["path"]) or EXPORTS[line["kind"]].title for line in lines]
    return pa.table({**numbers, "kind": pa.array([line["kind"] for line in lines], pa.string()),
                     "source": pa.array(sources, pa.string()), "rows": pa.array([line["rows"] for line in lines], pa.int64())})


def missed_months(batches: Iterable[int], as_of: int) -> dict[int, bool]:
    """Month -> whether a delivery was missed in it, of a kind delivered in these batches; judged by its most usual interval.

    >>> missed_months([202401, 202402, 202404], 202405)
    {202402: False, 202403: True, 202404: False, 202405: True}
    >>> missed_months([202212, 202312], 202405), missed_months([202401], 202405)
    ({202312: False}, {})
    """
    months = sorted(set(batches))
    steps = [months_between(first, second) - 1 for first, second in zip(months, months[1:], strict=False)]
    if not steps:
        return {}
    usual = min(Counter(steps).items(), key=lambda item: (-item[1], item[0]))[0]
    found = {month: False for month in months[1:]}
    for first, step in zip(months, [*steps, months_between(months[-1], as_of)], strict=True):
        is_last = first == months[-1]
        found |= {add_months(first, n): True for n in range(usual, step, usual) if is_last or add_months(first, n) not in found}
    return dict(sorted(found.items()))


def delivery_table(known: Deliveries) -> pa.Table:
    """kind, batch_month and whether (1) or not (0) a delivery was missed."""
    batches: dict[str, list[int]] = {}
    for line in known.lines:
        if line["status"] == "accepted" and line["batch_month"] <= known.as_of:
            batches.setdefault(line["kind"], []).append(line["batch_month"])
    found = [(kind, *item) for kind, months in batches.items() for item in missed_months(months, known.as_of).items()]
    kinds, months, missed = zip(*found, strict=True) if found else ((), (), ())
    return pa.table({"kind": pa.array(kinds, pa.string()), "batch_month": pa.array(months, pa.int32()),
                     "missed": pa.array(missed, pa.bool_()).cast(pa.int64())})


def data_quality(known: Deliveries, enterprise: Stored, claim: Stored, rejected_row: Stored, doubtful_row: Stored) -> Query:
    """The query of the mart."""
    gaps, claims = known.whole_with_gaps(), known.whole("claim")
    rows = {"export_row": gaps, "enterprise": enterprise}
    nested = {
        "quality_gap": Query("marts/quality_gap.sql", {**rows, "claim": claim}, is_shared=True),
        "quality_delay": Query("marts/quality_delay.sql", {"claim_row": claims, "enterprise": enterprise}),
        "quality_repeat": Query("marts/quality_repeat.sql", {
            **rows, "premium_row": known.whole("premium"), "contested_batch": known.contested_by_batch()}),
    }
    tables = {
        "file_source": source_table(known), "column_place": place_table(), "quality_rule": rule_table(known),
        "quality_limit": limit_table(), "delay_limit": delay_table(), "delivery_gap": delivery_table(known),
    }
    stored = {"enterprise": enterprise, "rejected_row": rejected_row, "doubtful_row": doubtful_row, "claim_row": claims}
    return Query("marts/data_quality.sql", {**nested, **stored, **tables}, constants={"as_of_month": known.as_of})
