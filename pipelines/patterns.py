"""事故情形分布: which posts, causes, hours … are over-represented in which part of the city's injuries.

Belongs here: what joins pattern_count.sql to stats/enrichment.py: windows, scopes, what each is compared with, names of values.
"""

import calendar
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from pipelines import engine, periods, rates
from pipelines.classification import Classification
from pipelines.contracts import codes
from pipelines.contracts.groups import INJURY_PATTERN
from pipelines.deliveries import Deliveries
from pipelines.lazy import Computed, Query, Stored
from pipelines.periods import add_months
from pipelines.stats import enrichment
from pipelines.workspace import Workspace

SETTLED_MONTHS = 6
"""Cases of younger months are left out: many are not decided yet, those of some circumstances more than others."""
LEAST_OF_DIVISION, LEAST_REST, LEAST_CASES, MOST_RATE, LEAST_BEFORE = 30, 20, 5, 0.05, 5
TOTAL, UNTOLD = "total", ""
GROUP_SCOPES = ("production", "commuting", "sudden_death")
KEY = {"commuting": "14-6", "sudden_death": "15-1"}
# What follows from the clauses themselves is not compared between them.
TRUE_BY_CLAUSE = {(scope, dimension) for scope in GROUP_SCOPES for dimension in ("cause", "clause")}
WEEKDAYS = "一二三四五六日"


class Sources(NamedTuple):
    """The tables of a month that patterns stand on."""

    claim: Stored
    enterprise: Stored
    enterprise_month: Stored
    enterprise_year: Stored


class Window(NamedTuple):
    """The months looked at; `newest` is the first of the last year, () = its months cannot be compared with the year before."""

    first: int
    last: int
    newest: int
    has_year_before: bool


def window(enterprise_year: Stored, as_of: int) -> Window | None:
    """近三年 without months that are not settled yet; None when nothing is left."""
    span = next(span for span in rates.periods_of(enterprise_year, as_of) if span.period == "last_3_years")
    last = min(span.last_month, add_months(as_of, -SETTLED_MONTHS))
    if last < span.first_month:
        return None
    newest = max(last // 100 * 100 + 1, span.first_month)
    return Window(span.first_month, last, newest, newest - 100 >= span.first_month)


def injury_pattern(place: Workspace, known: Deliveries, sources: Sources) -> Computed:
    """The table of a month."""
    inputs, span = sources._asdict(), window(sources.enterprise_year, known.as_of)
    if span is None:
        return Computed(INJURY_PATTERN.schema.empty_table(), inputs)
    values = {"first_month": span.first, "last_month": span.last}
    cases = {"claim": sources.claim, "enterprise": sources.enterprise}
    counted = engine.fetch(Query("marts/pattern_count.sql", cases, {**values, "newest_month": span.newest}), place.core)
    heads = Query("marts/pattern_exposure.sql", {"enterprise_month": sources.enterprise_month}, values)
    tree = rates.classification_of(sources.enterprise, place.settings().classification)
    exposure = exposure_shares(span, engine.fetch(heads, place.core).to_pylist())
    return Computed(pattern_table(counted.to_pylist(), exposure, span, tree, known.as_of), inputs)


def exposure_shares(span: Window, heads: Iterable[Mapping]) -> dict[tuple[str, str], float]:
    """(dimension, value) -> its share of the heads × hours of the window; without any heads every day counts the same."""
    by_month = {row["month"]: row["heads"] for row in heads}
    shares: dict[tuple[str, str], float] = {("hour", f"{hour:02d}"): 1 / 12 for hour in range(0, 24, 2)}
    days: dict[tuple[str, str], int] = {}
    for number in range(periods.months_between(span.first, span.last)):
        month = add_months(span.first, number)
        weight = by_month.get(month, 0) if any(by_month.values()) else 1
        first, length = calendar.monthrange(month // 100, month % 100)
        for day in range(length):
            for key in (("weekday", str((first + day) % 7 + 1)), ("month", f"{month % 100:02d}")):
                days[key] = days.get(key, 0) + weight
    whole = sum(number for (dimension, _), number in days.items() if dimension == "weekday")
    return shares | {key: number / whole for key, number in days.items()}


def pattern_table(
    counted: Iterable[Mapping], exposure: Mapping[tuple[str, str], float], span: Window, tree: Classification, as_of: int
) -> pa.Table:
    """The rows from pattern_count.sql."""
    given = list(counted)
    sizes = {row["scope"]: row["observed_cases"] for row in given if row["dimension"] == TOTAL}
    rows = [{**row} for row in given if row["value"] != UNTOLD and _is_scope(row["scope"], sizes[row["scope"]])]
    rows.sort(key=lambda row: (row["scope"], row["dimension"], row["value"]))
    known = Counter[tuple[str, str]]()
    for row in rows:
        known[row["scope"], row["dimension"]] += row["observed_cases"]
    common = {"as_of_month": as_of, "definition": definition(span)}
    for row, found in zip(rows, _compared(rows, known, exposure), strict=True):
        cases = known[row["scope"], row["dimension"]]
        share = {"cases": cases, "share_pct": 100 * row["observed_cases"] / cases}
        row |= {**common, **share, **found, **_named(row, tree), **_change(row, span)}
    return pa.Table.from_pylist([{name: row[name] for name in INJURY_PATTERN.names} for row in rows], INJURY_PATTERN.schema)


def _is_scope(scope: str, size: int) -> bool:
    is_division = scope not in (*codes.GROUP, rates.UNKNOWN)
    return scope in (rates.WHOLE, *GROUP_SCOPES) or (is_division and size >= LEAST_OF_DIVISION)


def _compared(rows: list[dict], known: Mapping[tuple[str, str], int], exposure: Mapping[tuple[str, str], float]) -> list[dict]:
    """What each row is compared with: the rest of the city, an even spread (times of the whole city), or nothing."""
    whole = {(row["dimension"], row["value"]): row["observed_cases"] for row in rows if row["scope"] == rates.WHOLE}
    numbers = np.array([(row["observed_cases"], known[row["scope"], row["dimension"]], whole[row["dimension"], row["value"]],
                         known[rates.WHOLE, row["dimension"]]) for row in rows], np.int64).reshape(-1, 4)
    observed, cases, all_observed, all_cases = numbers.T
    share = np.array([exposure.get((row["dimension"], row["value"]), 0.0) for row in rows])
    is_whole = np.array([row["scope"] == rates.WHOLE for row in rows], bool)
    says = np.array([row["dimension"] != TOTAL and (row["scope"], row["dimension"]) not in TRUE_BY_CLAUSE for row in rows], bool)
    even = is_whole & (share > 0) & (share < 1)
    rest = ~is_whole & says & (all_cases - cases >= LEAST_REST)
    found = np.full((len(rows), 5), np.nan)
    found[even] = np.stack(enrichment.beside_even(observed[even], cases[even], share[even]), axis=1)
    found[rest] = np.stack(
        enrichment.beside_rest(observed[rest], cases[rest], all_observed[rest], all_cases[rest]), axis=1)
    corrected = enrichment.benjamini_hochberg(found[:, 4])
    notable = (observed >= LEAST_CASES) & (corrected <= MOST_RATE)
    names = ("expected_cases", "ratio", "ratio_low", "ratio_high", "probability", "corrected_probability")
    return [{**dict(zip(names, or_none(values), strict=True)), "is_notable": bool(flag)}
            for values, flag in zip(np.column_stack([found, corrected]), notable, strict=True)]


def or_none(values: np.ndarray) -> list[float | None]:
    """Numbers for a table, None for what is not known."""
    return [float(value) if np.isfinite(value) else None for value in values]


def _change(row: Mapping, span: Window) -> dict:
    """For the key circumstances: the last year's months beside the same months a year before."""
    if row["scope"] not in KEY or not span.has_year_before:
        return dict.fromkeys(("cases_last_year", "cases_year_before", "change_pct"))
    now, before = row["cases_last_year"], row["cases_year_before"]
    change = 100 * (now / before - 1) if before >= LEAST_BEFORE else None
    return {"cases_last_year": now, "cases_year_before": before, "change_pct": change}


def _named(row: Mapping, tree: Classification) -> dict:
    """The names of scope and value, and whether the scope is a key circumstance."""
    scope, dimension, value = row["scope"], row["dimension"], row["value"]
    group = codes.GROUP[scope][0] + (f"（{KEY[scope]}）" if scope in KEY else "") if scope in GROUP_SCOPES else ""
    return {"scope_name": group or rates.industry_name(scope, tree) or scope, "is_key_circumstance": scope in KEY,
            "value_name": value_name(dimension, value)}


def value_name(dimension: str, value: str) -> str:
    """The Chinese name of a circumstance."""
    lists = {"post_group": codes.POST_GROUP, "cause": codes.CAUSE, "body_part": codes.BODY_PART, "transport": codes.TRANSPORT,
             "sex": codes.SEX, "age_band": codes.AGE_BAND, "clause_group": codes.GROUP}
    if dimension in lists:
        return lists[dimension][value][0]
    if dimension == "hour":
        return f"{value}:00–{int(value) + 1:02d}:59"
    if dimension == "weekday":
        return f"星期{WEEKDAYS[int(value) - 1]}"
    if dimension == "clause":
        return f"{value}（{codes.GROUP[codes.CLAUSE_GROUP[value]][0]}）" if value in codes.CLAUSE_GROUP else value
    return f"{value.lstrip('0')} 月" if dimension == "month" else "合计"


def definition(span: Window) -> str:
    """How the table was made, in words."""
    first, last = (f"{month // 100}-{month % 100:02d}" for month in (span.first, span.last))
    return (
        f"{first} 至 {last} 的事故，认定工伤或视同工伤，含建设项目，不含老工伤；最近 {SETTLED_MONTHS} 个月认定尚不完整，未计；"
        "应有＝按全市其余的占比（超几何分布），全市的时间、星期、月份按参保人数×时长均匀；"
        f"行业大类至少 {LEAST_OF_DIVISION} 例；明显偏多＝至少 {LEAST_CASES} 例且按所看的全部情形校正后概率不超过 {MOST_RATE:g}；"
        "职业病的日期为诊断日期，不计时间、星期、月份")
