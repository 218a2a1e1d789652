"""Rows that are used and can hardly be right: the query of doubtful_row and the limits that come from the city's own figures.

Belongs here: what is usual in this city (wages, sizes of its divisions, premium rates of its classes) and what the law allows.
Fixed figures and the wording are quality.py and tables/quality_rules.csv.
"""

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa

from pipelines import engine
from pipelines.classification import TABLES
from pipelines.deliveries import Deliveries
from pipelines.lazy import Query, Stored
from pipelines.official_list import PHASES
from pipelines.quality import limit_table, place_table, rule_table
from pipelines.stats.robust import log_ceiling, weighted_median

# A median of fewer says little; a division of fewer units is judged by the whole city.
FEWEST = 30
SPREADS, LEAST_SPREAD, LEAST_CEILING = 5, 0.7, 500
# A class in which more units than this are outside its range has rates of another table (some provinces have their own).
MOST_OUTSIDE = 0.2
RATE_MARGIN = 0.02
# Own wages count up to 300 % of the average; wages declared for premiums lie well below the statistical average.
WAGE_CAP, DECLARED_SHARE = 3, 1.5
FUNERAL_MONTHS, FEN = 6, Decimal("0.01")


def doubtful_row(
    known: Deliveries, scratch: Path, enterprise: Stored, enterprise_year: Stored, claim: Stored, unit_match: Stored,
    correction: Stored
) -> Query:
    """The query of the table; it first asks what is usual in the city."""
    premiums, limits = known.whole("premium"), limit_table()
    wages = wage_table(engine.fetch(Query("core/wage_histogram.sql", {"premium_row": premiums}), scratch))
    years = {"enterprise": enterprise, "enterprise_year": enterprise_year}
    ceilings = ceiling_table(engine.fetch(Query("core/heads_histogram.sql", years), scratch))
    ranges = class_table(engine.fetch(Query("core/rate_histogram.sql", years), scratch))
    common = {"quality_limit": limits, "enterprise": enterprise, "heads_ceiling": ceilings}
    parts = {
        "doubtful_enterprise": Query("core/doubtful_enterprise.sql", {**common, "enterprise_row": known.whole("enterprise")}),
        "doubtful_premium": Query("core/doubtful_premium.sql", {
            **common, "premium_row": premiums, "wage_level": wages, "class_range": ranges}),
        "doubtful_claim": Query("core/doubtful_claim.sql", {
            "quality_limit": limits, "claim_row": known.whole("claim"), "claim": claim}),
        "doubtful_payout": Query("core/doubtful_payout.sql", {
            "payout_row": known.whole("payout"), "claim": claim, "benefit_limit": benefit_table(wages)}),
        "doubtful_decision": Query("core/doubtful_decision.sql", {
            "decision_row": known.whole("decision"), "unit_match": unit_match, "enterprise": enterprise}),
    }
    return Query("core/doubtful_row.sql", {
        **parts, "export_row": known.marked_with_gaps(), "raw_file": known.raw_file(), "enterprise": enterprise,
        "correction": correction, "column_place": place_table(), "quality_rule": rule_table(known)})


def _by(table: pa.Table, name: str, value: str) -> dict:
    """Key -> (values, counts) of a histogram with the columns `name`, `value` and `number`."""
    columns = (table.sort_by([(name, "ascending"), (value, "ascending")])[c].to_numpy(zero_copy_only=False)
               for c in (name, value, "number"))
    keys, values, numbers = columns
    distinct, starts = np.unique(keys.astype(str), return_index=True)
    order = np.argsort(starts)
    pieces = zip(np.split(values, starts[order][1:]), np.split(numbers, starts[order][1:]), strict=True)
    return dict(zip(distinct[order].tolist(), pieces, strict=True))


def wage_table(histogram: pa.Table) -> pa.Table:
    """period and median_yuan: the median over units of the monthly wage base per head, where at least FEWEST units say."""
    found = {
        int(period): int(weighted_median(values, counts)) * 10
        for period, (values, counts) in (_by(histogram, "period", "tens_of_yuan") if len(histogram) else {}).items()
        if counts.sum() >= FEWEST
    }
    return pa.table({"period": pa.array(found, pa.int32()), "median_yuan": pa.array(found.values(), pa.int64())})


def ceiling_table(histogram: pa.Table) -> pa.Table:
    """industry_2 ('' = unknown) and the most heads that a unit of it is believed to have."""
    by_division = _by(histogram, "industry_2", "heads") if len(histogram) else {}
    whole = [np.concatenate(parts) for parts in zip(*by_division.values(), strict=True)]
    city = _ceiling(*whole) if whole and whole[1].sum() >= FEWEST else None
    found = {
        division: _ceiling(*counted) if division and counted[1].sum() >= FEWEST else city
        for division, counted in {"": None, **by_division}.items() if division or city
    } if by_division else {}
    return pa.table({"industry_2": pa.array(found, pa.string()), "most": pa.array(found.values(), pa.int64())})


def _ceiling(values: np.ndarray, counts: np.ndarray) -> int:
    return max(LEAST_CEILING, int(log_ceiling(values, counts, SPREADS, LEAST_SPREAD)))


def class_table(histogram: pa.Table) -> pa.Table:
    """risk_class with the lowest and highest rate that base rate, floating tiers and phase factors can give it.

    Classes whose units mostly have other rates are left out: the city has a table of its own.
    """
    with (TABLES / "risk_class_rates.csv").open(encoding="utf-8") as file:
        rows = {row["risk_class"]: row for row in csv.DictReader(file)}
    found = {}
    for risk_class, (rates, counts) in (_by(histogram, "risk_class", "unit_rate") if len(histogram) else {}).items():
        base = float(rows[risk_class]["national_base_rate_pct"]) / 100
        tiers = [int(text) / 100 for n in range(1, 6) if (text := rows[risk_class][f"tier{n}_pct"])]
        low = base * min(tiers) * float(min(PHASES)) * (1 - RATE_MARGIN)
        high = base * max(tiers) * (1 + RATE_MARGIN)
        outside = (rates.astype(float) < low) | (rates.astype(float) > high)
        if counts[outside].sum() <= MOST_OUTSIDE * counts.sum():
            found[int(risk_class)] = (low, high)
    limits = [pa.array([round(pair[n], 6) for pair in found.values()], pa.float64()).cast(pa.decimal128(9, 6)) for n in (0, 1)]
    return pa.table({"risk_class": pa.array(found, pa.int16()), "lowest": limits[0], "highest": limits[1]})


def benefit_table(wages: pa.Table) -> pa.Table:
    """benefit (words in its name), grade, year and the most that one payment may be; a missing grade or year is any.

    工伤保险条例: death grants by year of payment (第三十九条), lump sums by grade (第三十五至三十七条; 0 = unknown), funerals.
    The wage limits use the city's newest median wage, with room for wages declared too low; without it there are none.
    """
    limits: list[tuple[str, int | None, int | None, Decimal]]
    with (TABLES / "death_grant_by_year.csv").open(encoding="utf-8") as file:
        limits = [("工亡补助", None, int(row["death_year"]), Decimal(row["death_grant_yuan"])) for row in csv.DictReader(file)]
    with (TABLES / "benefits_by_grade.csv").open(encoding="utf-8") as file:
        months = {int(row["grade"]): int(row["lump_sum_months"]) for row in csv.DictReader(file)}
    if len(wages):
        wage = Decimal(max(wages["median_yuan"].to_pylist())) * Decimal(DECLARED_SHARE)
        most = {0: max(months.values()), **months}
        limits += [("伤残补助", grade, None, wage * WAGE_CAP * number) for grade, number in most.items()]
        limits.append(("丧葬补助", None, None, wage * FUNERAL_MONTHS))
    names, grades, years, amounts = zip(*limits, strict=True)
    return pa.table({
        "benefit": names, "grade": pa.array(grades, pa.int16()), "year": pa.array(years, pa.int32()),
        "most_yuan": pa.array([amount.quantize(FEN) for amount in amounts], pa.decimal128(18, 2))})
