"""The published shares, rates and delays that the city follows, read from `pipelines/tables`.

Nothing is drawn here. The tables say themselves where each number comes from and how sure it is.
"""
import re
from functools import cache
from pathlib import Path
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import pandas as pd

from pipelines.simulate.draws import Array

TABLES = Path(__file__).resolve().parent.parent / "tables"
CITY_CODE = "430700"
DEATH = "工亡"
NOT_APPRAISED = "未鉴定"
BELOW_GRADES = "未达级"


class Delay(NamedTuple):
    """A lognormal delay: median in days and standard deviation of its logarithm."""

    median: float
    sigma: float

    def days(self, normal: Array) -> Array:
        """Days for standard normal draws, never negative."""
        return self.median * np.exp(self.sigma * normal)


class Mix(NamedTuple):
    """The divisions of the city, one entry each: GB/T 4754-2017 code, section, risk class, and what is usual there."""

    division: list[str]
    section: list[str]
    risk_class: Array
    unit_share: Array
    size_tilt: Array
    wage_factor: Array
    class_codes: list[list[str]]
    trade_words: list[list[str]]


@cache
def table(name: str) -> pd.DataFrame:
    """A table of `pipelines/tables`, every cell as text."""
    return pd.read_csv(TABLES / f"{name}.csv", dtype=str, keep_default_na=False)


def texts(name: str, column: str) -> list[str]:
    """One column of a table as it stands."""
    return [str(value) for value in table(name)[column]]


def numbers(name: str, column: str) -> Array:
    """One column of a table as numbers; an empty cell is NaN."""
    return np.array([float(value or "nan") for value in texts(name, column)])


@cache
def delay(stage: str) -> Delay:
    """The delay of a stage of `calib_delays`, fitted to its median and its outermost percentile."""
    text = dict(zip(texts("calib_delays", "stage"), texts("calib_delays", "parameters"), strict=True))[stage]
    median = float(re.findall(r"median (\d+)", text)[0])
    percentile, value = re.findall(r"p(\d+)[= ](\d+)", text)[-1]
    return Delay(median, float(np.log(float(value) / median) / NormalDist().inv_cdf(int(percentile) / 100)))


def clause_shares() -> dict[str, float]:
    """Share of each clause among recognised injuries (sums to 1), by clause such as `14-6`."""
    share = numbers("calib_clause_share", "share_of_recognized_pct")
    return dict(zip(texts("calib_clause_share", "clause"), share / share.sum(), strict=True))


def outcome_shares() -> dict[str, float]:
    """Share of each outcome: 未鉴定, 未达级, grades "10" … "1", 工亡 (sums to 1)."""
    share = numbers("calib_outcome_share", "share_of_recognized_pct")
    names = [name.partition("(")[0] for name in texts("calib_outcome_share", "outcome")]
    return dict(zip(names, share / share.sum(), strict=True))


def month_weights() -> Array:
    """The weight of each calendar month, shape (12,), mean 1."""
    share = numbers("calib_month_share", "share_pct")
    return share / share.mean()


def hour_weights(column: str) -> Array:
    """Weights of the 24 hours; `column` is `workplace` or `commuting`."""
    return numbers("calib_hour_share", f"{column}_share_pct")


@cache
def division_mix() -> Mix:
    """Which divisions the city has, in the order of `calib_division_mix`."""
    name, classes, sections = "calib_division_mix", risk_classes(), _sections()
    divisions = texts(name, "division")
    return Mix(
        divisions, [sections[code] for code in divisions], np.array([classes[code] for code in divisions]),
        numbers(name, "share_of_units_pct"), numbers(name, "size_tilt"), numbers(name, "wage_factor"),
        [cell.split("|") for cell in texts(name, "class_codes")],
        [cell.split("|") for cell in texts(name, "trade_words")])


def risk_classes() -> dict[str, int]:
    """Risk class 1–8 by GB/T 4754-2017 division; class 2 where the nation names none (79: left to the pool)."""
    name = "risk_class_by_division_gbt4754_2017"
    pairs = zip(texts(name, "division_2017"), texts(name, "risk_class"), strict=True)
    return {division: int(risk_class or 2) for division, risk_class in pairs}


def base_rates() -> Array:
    """The national base premium rate by risk class as a fraction of wages; index 0 is unused."""
    return np.concatenate([[np.nan], numbers("risk_class_rates", "national_base_rate_pct") / 100])


def injury_rates() -> dict[str, float]:
    """Recognised injuries per insured person and year by division.

    Divisions that the published table does not name get the mean of the named ones of their risk class, and a class
    without any named one lies on the line between its neighbours.
    """
    name, classes = "calib_injury_rate_by_industry", risk_classes()
    rates = numbers(name, "recognized_per_1000_insured") / 1000
    named = {division: float(rate) for label, rate in zip(texts(name, "industry"), rates, strict=True)
             for division in _divisions_named(label)}
    known = sorted({classes[division] for division in named})
    means = [np.mean([rate for division, rate in named.items() if classes[division] == one]) for one in known]
    return {division: named.get(division, float(np.interp(one, known, means))) for division, one in classes.items()}


def death_grant(year: Array) -> Array:
    """The one-off death grant in yuan by year of death; 4 % growth a year after the last known one."""
    known, yuan = numbers("death_grant_by_year", "death_year"), numbers("death_grant_by_year", "death_grant_yuan")
    growth = 1.04 ** np.maximum(np.asarray(year) - known[-1], 0)
    return np.round(np.interp(year, known, yuan) * growth, 2)


@cache
def counties() -> dict[str, str]:
    """Name of each county-level area of the city by its six-digit code."""
    rows = zip(*(texts("regions", column) for column in ("parent_code", "code", "name")), strict=True)
    return {code: name.removeprefix("常德市") for parent, code, name in rows if parent == CITY_CODE and code}


def _sections() -> dict[str, str]:
    name = "gbt4754_2017_divisions"
    return dict(zip(texts(name, "division"), texts(name, "section"), strict=True))


def _divisions_named(label: str) -> list[str]:
    """The divisions a row such as `C 家具21/木材20`, `B 采矿-非煤08-10` or `I/J 信息金融` stands for."""
    spans = re.findall(r"(\d{2})(?:-(\d{2}))?", label)
    if spans:
        return [f"{code:02d}" for first, last in spans for code in range(int(first), int(last or first) + 1)]
    letters = label.split(" ")[0].split("/")
    return [division for division, section in _sections().items() if section in letters]
