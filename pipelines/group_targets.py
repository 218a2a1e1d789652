"""The kinds of group_target that are made of units: industries, streets, parks, enterprises.

Belongs here: who is in each kind, in which order, and the evidence in words. Which tables are read is groups.py; the arithmetic
of groups is grouped_units.py; kinds told from cases are event_targets.py.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from pipelines import grouped_units, policy, rates, size_classes
from pipelines.classification import Classification
from pipelines.contracts.groups import SIZE_CLASS
from pipelines.grouped_units import Groups, Units

SHOWN = ("units", "person_years", "observed_cases", "expected_cases", "ratio", "ratio_low", "ratio_high", "excess_injuries",
         "summed_excess_injuries")
SMALL_UNITS, TO_BE_TRAINED = "50 人以下单位", ("medium", "small", "micro")


@dataclass(frozen=True)
class City:
    """What every kind needs: the units, the window of their counts in words, the classification, what the policy sets."""

    units: Units
    window: str
    tree: Classification
    rules: policy.Groups

    def industry(self, code: str | None) -> str | None:
        return rates.industry_name(code, self.tree) if code else None


def industries(city: City) -> tuple[list[dict], int]:
    """Industries by the excess of their units under 50 heads over what units of that size have anywhere; and those left out."""
    small = city.units.taken(city.units.is_small)
    level = grouped_units.level_of_size(small)
    found = grouped_units.groups(small, small.text("industry_2"), level, city.rules.least_units)
    rows = _group_rows(found, city.window, SMALL_UNITS, "全市同规模单位")
    for row in rows:
        row["target_name"] = city.industry(row["target_key"])
    return rows, found.left_out


def places(city: City, keys: Callable[[Units], np.ndarray], is_of_small: bool) -> tuple[list[dict], int]:
    """Streets or parks by their excess over the norm of industry and size; and how many were left out."""
    chosen = city.units.taken(city.units.is_small) if is_of_small else city.units
    found = grouped_units.groups(chosen, keys(chosen), grouped_units.level_of_norm(chosen), city.rules.least_units)
    rows = _group_rows(found, city.window, SMALL_UNITS if is_of_small else "单位", "全市同行业同规模单位")
    for row in rows:
        region, _, name = row["target_key"].rpartition(" ")
        row |= {"target_name": name, "region_code": region.ljust(6, "0") if region else None}
    return rows, found.left_out


def _group_rows(found: Groups, window: str, who: str, level: str) -> list[dict]:
    """The groups by excess, with evidence."""
    rows = []
    for at in np.lexsort((found.key.astype(str), -found.observed_cases, -found.excess_injuries)).tolist():
        row = {"target_key": found.key[at], **{name: getattr(found, name)[at].item() for name in SHOWN}}
        row["is_above"] = row["ratio_low"] > 1
        chance = "" if row["is_above"] else "，低于一般" if row["ratio_high"] < 1 else "，含 1，不能说高于一般"
        row["evidence"] = (
            f"{who} {row['units']:,} 家、{row['person_years']:,.0f} 人年，{window}工伤 {row['observed_cases']:,} 人次；"
            f"按{level}的一般水平应为 {row['expected_cases']:.1f} 人次，收缩后为其 {row['ratio']:.2f} 倍"
            f"（80 % 区间 {row['ratio_low']:.2f}–{row['ratio_high']:.2f}{chance}）；来年超额 {row['excess_injuries']:.1f} 人次。")
        rows.append(row)
    return rows


def enterprises(city: City) -> list[dict]:
    """进企业: of the units with most heads those with most injuries."""
    heads = city.units.ahead
    if not len(heads):
        return []
    least = float(np.quantile(heads, 1 - city.rules.heads_top_pct / 100, method="inverted_cdf"))
    rows = _unit_rows(city, (heads >= least) & (city.units.injuries > 0))
    rows.sort(key=lambda row: (-row["observed_cases"], -row["heads"], row["target_key"]))
    for row in rows:
        row["evidence"] = (
            f"参保约 {row['heads']:,} 人（在全市人数最多的 {city.rules.heads_top_pct:g} % 之内，界限 {least:,.0f} 人），"
            f"{city.window}工伤 {row['observed_cases']:,} 人次，同行业同规模一般应为 {row['expected_cases']:.1f} 人次；"
            "在人数较多的单位中按工伤人次排序。")
    return rows[:city.rules.enterprises]


def small_enterprises(city: City, listed: Iterable[Mapping]) -> list[dict]:
    """中小微企业 with enough trainees, in the order of the industries of `listed` (the rows of 重点行业) that have an excess."""
    place = {row["target_key"]: number for number, row in enumerate(listed, 1) if row["excess_injuries"] > 0}
    least, titles = city.rules.least_trainees, SIZE_CLASS.codes or {}
    rows = [row for row in _unit_rows(city, np.round(city.units.ahead) >= least)
            if row["size_class"] in TO_BE_TRAINED and row["division"] in place]
    rows.sort(key=lambda row: (place[row["division"]], -row["heads"], row["target_key"]))
    for row in rows:
        row |= {"expected_cases": None, "excess_injuries": None}  # a list for training, no judgement of one unit
        row["evidence"] = (
            f"{titles[row['size_class']][0]}（按参保人数近似），参保约 {row['heads']:,} 人，不少于 {least} 人可培训；"
            f"所属{row['industry_name']}在重点行业中居第 {place[row['division']]}；"
            f"{city.window}工伤 {row['observed_cases']:,} 人次。按行业、再按人数排序，不是对单家风险的判断。")
    return rows[:city.rules.small_enterprises]


def _unit_rows(city: City, chosen: np.ndarray) -> list[dict]:
    """One row per chosen unit, without evidence."""
    some = city.units.taken(chosen)
    heads = np.round(some.ahead).astype(np.int64)
    columns = {
        "target_key": some.text("enterprise_id"), "enterprise_id": some.text("enterprise_id"),
        "target_name": some.text("enterprise_name"), "region_code": some.text("region_code"), "division": some.text("industry_2"),
        "heads": heads, "person_years": some.person_years, "observed_cases": some.injuries,
        "expected_cases": some.norm_injuries, "excess_injuries": some.excess,
        "size_class": size_classes.size_classes(some.text("industry_deepest").tolist(), heads, city.tree.name),
    }
    values = zip(*(column.tolist() for column in columns.values()), strict=True)
    rows = [dict(zip(columns, row, strict=True)) for row in values]
    return [{**row, "target_name": row["target_name"] or row["target_key"], "industry_name": city.industry(row["division"])}
            for row in rows]
