"""What windows of months still lack: their injuries completed by how late claims become known (claim_development).

Belongs here: completeness applied to months, windows and counts. How it is estimated is in development.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from pipelines.contracts.tracking import GROUPS
from pipelines.development import OTHER, WHOLE, month_number
from pipelines.lazy import Stored
from pipelines.periods import Period
from pipelines.tracking_rules import DevelopmentRules


@dataclass(frozen=True)
class Completeness:
    """How complete cases are by group and age in whole months; a group without estimate has no ages. Older ones are complete.

    known_to   the last month whose claims are known, as month_number; `least` the share below which nothing is completed
    said       how figures are completed, or why they are not, in words
    """

    shares: Mapping[str, tuple[float, ...]]
    known_to: int
    least: float
    said: str

    @classmethod
    def read(cls, development: Stored, rules: DevelopmentRules) -> "Completeness":
        """From the month's own claim_development."""
        rows = development.columns().to_pylist()
        shares: dict[str, tuple[float, ...]] = {group: () for group in GROUPS}
        for row in sorted(rows, key=lambda row: row["months_since"]):
            if row["completeness_pct"] is not None:
                shares[row["development_group"]] += (row["completeness_pct"] / 100,)
        reason = next((row["reason"] for row in rows if row["development_group"] == WHOLE and row["reason"]), "")
        said = "补全后＝按各情形组的认定滞后完整度推到最终" if shares[WHOLE] else f"未补全：{reason}"
        return cls(shares, month_number(rows[0]["known_to_month"]), rules.least_completeness_pct / 100, said)

    def of_months(self, group: str, first: int, last: int, months_later: int = 0) -> float | None:
        """The mean share known of the months first … last (yyyymm, each weighing the same), at the last known month or later."""
        share = self.shares[group]
        if not share:
            return None
        ages = self.known_to + months_later - np.arange(month_number(first), month_number(last) + 1)
        known = np.append(share, 1.0)[np.clip(ages, 0, len(share))]
        return float(np.where(ages < 0, 0.0, known).mean())

    def of_period(self, group: str, span: Period) -> float | None:
        """The same for a window; claims of the same period last year are those known twelve months ago."""
        return self.of_months(group, span.first_month, span.last_month, -12 if span.period == "same_period_last_year" else 0)

    def of_years(self, spans: Iterable[Period]) -> np.ndarray:
        """The share known of all cases in each window, shape (windows,); 1 where nothing is estimated."""
        shares = [self.of_period(WHOLE, span) for span in spans]
        return np.array([1.0 if share is None else share for share in shares])

    def divisors(self, span: Period) -> dict[str, float] | None:
        """Group -> by what a window's injuries are divided to complete them; None where one group is too incomplete."""
        shares = {group: self.of_period(group, span) or 0.0 for group in GROUPS if group != WHOLE}
        return shares if min(shares.values()) >= self.least else None


def completed(row: Mapping, divisors: Mapping[str, float] | None) -> float | None:
    """A row's injuries (injuries and injuries_<group>) completed group by group."""
    return None if divisors is None else sum(number / divisors[group] for group, number in grouped(row).items())


def grouped(row: Mapping) -> dict[str, int]:
    """The injuries of a row by group, from its injuries and injuries_<group>."""
    found = {group: row[f"injuries_{group}"] for group in GROUPS if group not in (WHOLE, OTHER)}
    return {**found, OTHER: row["injuries"] - sum(found.values())}
