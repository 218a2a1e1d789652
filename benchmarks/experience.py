"""Bühlmann–Straub credibility on real funds: what a unit's own experience foretells, beside the mean of all and its own mean.

    python -m benchmarks.experience

Needs the scoring material beside the project (../shared/data/credibility). 121 occupation classes (Klugman 1992): losses per
payroll of years 4–7 from years 1–3, of the four years together and year by year. A property fund: loss ratios of 2010 from
2006–2009, losses as they are and capped at their 99.5 % point. Errors are squared, weighted by payroll or premium, as parts of
the error that the mean of all makes; hindsight = each unit's own mean of the years foretold.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.stats import credibility

DATA = Path(__file__).parents[2] / "shared" / "data" / "credibility"
CAP = 0.995


def main() -> None:
    """Prints a line for each fund."""
    if not DATA.exists():
        print("nothing measured; missing beside the project: shared/data/credibility")
        return
    said("occupation classes", pd.read_parquet(DATA / "wc_class.parquet"), ("CL", "YR", "PR", "LOSS"), 3)
    fund = pd.read_parquet(DATA / "lgpif.parquet")
    said("property fund", fund, ("id", "year", "prem", "paid"), 2009)
    capped = fund.assign(paid=fund.paid.clip(upper=fund.paid[fund.paid > 0].quantile(CAP)))
    said("property fund, capped", capped, ("id", "year", "prem", "paid"), 2009)


def said(name: str, rows: pd.DataFrame, columns: tuple[str, str, str, str], last: int) -> None:
    """The errors of foretelling the years after `last` from those up to it; columns = unit, year, weight, losses."""
    unit, year, weight, loss = columns
    wide = rows.pivot(index=unit, columns=year, values=[weight, loss])
    weights, losses = (wide[name].to_numpy(float) for name in (weight, loss))
    is_past = wide[weight].columns.to_numpy() <= last
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(weights > 0, losses / weights, np.nan)
    found = credibility.buhlmann_straub(ratio[:, is_past], weights[:, is_past])
    own = np.nansum(losses[:, is_past], axis=1) / np.maximum(np.nansum(weights[:, is_past], axis=1), 1e-9)
    together = np.nansum(weights[:, ~is_past], axis=1)
    happened = np.nansum(losses[:, ~is_past], axis=1) / np.maximum(together, 1e-9)
    overall = np.nansum(losses[:, is_past]) / np.nansum(weights[:, is_past])

    missed_by = {
        "together": lambda value: _missed(happened, together, value),
        "year by year": lambda value: _missed(ratio[:, ~is_past], weights[:, ~is_past], np.reshape(value, (-1, 1))),
    }
    for how, missed in missed_by.items():
        base = missed(overall)
        parts = {"credible": found.value, "own mean": own, "hindsight": happened}
        errors = "   ".join(f"{of} {missed(value) / base:.3f}" for of, value in parts.items())
        print(f"{name:<24}{len(wide):>6} units, {how:<13} {errors}   largest factor {found.factor.max():.2f}")


def _missed(happened: np.ndarray, weight: np.ndarray, value: np.ndarray | float) -> float:
    return float(np.nansum(weight * (happened - value) ** 2))


if __name__ == "__main__":
    main()
