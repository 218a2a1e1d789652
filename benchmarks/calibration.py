"""Whether what is foretold of a simulated city's units is true of them: ratios, exceedance, expectations, ranks, by decile.

    python benchmarks/calibration.py [--enterprises 5000] [--month 2025-12] [--work DIR]

The simulator keeps each unit's true rate apart (truth/enterprise.parquet); the product never reads it. Its risks stay as they
are, while the product lets a year count 0.6 of the next, so intervals are somewhat wider here than they would need to be.
"""

import numpy as np
import pandas as pd
from measure import arguments, city, product
from scipy.stats import gamma

LEAST = 1.0
"""Units with fewer person-years ahead say little and are many."""
THRESHOLD_PCT = 4.0
LIKELY, TAIL = 0.8, 0.1


def main() -> None:
    """Prints the tables for a month of a city, without one for the newest."""
    parser = arguments(__doc__)
    parser.add_argument("--enterprises", type=int, default=5000)
    parser.add_argument("--month", help="YYYY-MM, of those that have been delivered")
    args = parser.parse_args()
    raw = city(args.work, args.enterprises, months=36)
    month = args.month or max(path.name for path in raw.iterdir())
    out = args.work / "calibration"
    product(raw, out, "--month", month)
    marts = out / "marts" / f"month={month}"
    truth = pd.read_parquet(raw.parent / "truth" / "enterprise.parquet").set_index("enterprise_id")
    units = pd.read_parquet(marts / "enterprise_outlook.parquet").join(truth["true_rate"], on="enterprise_id", how="inner")
    units = units[units.person_years_ahead >= LEAST].assign(ratio=lambda row: row.true_rate / row.norm_pct * 100)
    print(f"{month}: {len(units):,} units of at least {LEAST:g} person-years\n")
    ratios(units)
    probabilities("a rate above the norm", units.above_norm_probability, units.ratio > 1)
    probabilities(f"a rate above {THRESHOLD_PCT:g} %", units.exceedance, units.true_rate > THRESHOLD_PCT / 100)
    expectations(units)
    ranks(pd.read_parquet(marts / "priority_enterprise.parquet"), units)


def ratios(units: pd.DataFrame) -> None:
    """In which tenth of its posterior each unit's true ratio lies: a tenth of the units in each, if all is as foretold."""
    place = gamma.cdf(units.ratio, units.posterior_shape, scale=units.posterior_ratio / units.posterior_shape)
    share = np.histogram(place, np.linspace(0, 1, 11))[0] / len(units)
    print("true ratio by tenth of the posterior    " + " ".join(f"{part:6.1%}" for part in share))
    inside = (place >= TAIL) & (place <= 1 - TAIL)
    print(f"inside the 80 % limits                  {inside.mean():6.1%}\n")


def probabilities(of: str, foretold: pd.Series, is_true: pd.Series) -> None:
    """A foretold probability beside the share of units of which it came true, by tenth of the probability."""
    tenth = pd.cut(foretold, np.linspace(0, 1, 11), labels=False, include_lowest=True)
    table = pd.DataFrame({"units": tenth.value_counts().sort_index(), "foretold": foretold.groupby(tenth).mean(),
                          "true": is_true.groupby(tenth).mean()})
    print(f"probability of {of}, by tenth\n{table.round(3).to_string()}\n")


def expectations(units: pd.DataFrame) -> None:
    """Injuries foretold for the coming year beside what the true rates ask, by decile of the foretold."""
    tenth = pd.qcut(units.expected_injuries.rank(method="first"), 10, labels=False)
    true = units.true_rate * units.person_years_ahead
    table = pd.DataFrame({"foretold": units.expected_injuries.groupby(tenth).sum(), "true": true.groupby(tenth).sum()})
    table["foretold_to_true"] = table.foretold / table.true
    part = units.expected_injuries.sum() / true.sum()
    print(f"injuries in the coming year: {part:.3f} of the true\n{table.round(2).to_string()}\n")


def ranks(listed: pd.DataFrame, units: pd.DataFrame) -> None:
    """How often a unit's true rank by excess lies within the limits given, and how often the likely ones truly belong."""
    true = units.assign(excess=(units.true_rate - units.norm_pct / 100) * units.person_years_ahead).set_index("enterprise_id")
    first = listed[listed.is_listed].merge(true[["excess"]], left_on="enterprise_id", right_index=True)
    rank = true.loc[true.index.isin(listed.enterprise_id), "excess"].rank(ascending=False)
    shown = listed[listed.rank_low.notna()].assign(true_rank=lambda row: row.enterprise_id.map(rank))
    inside = (shown.true_rank >= shown.rank_low) & (shown.true_rank <= shown.rank_high)
    belongs = shown.true_rank <= len(first)
    print(f"true rank within the 80 % limits        {inside.mean():6.1%} of {len(shown)}")
    likely = shown.listed_probability >= LIKELY
    foretold = shown.listed_probability
    print(f"P(belongs) foretold and true            {foretold.mean():.3f} {belongs.mean():.3f}"
          f"   of those from {LIKELY:.0%}: {foretold[likely].mean():.3f} {belongs[likely].mean():.3f} ({likely.sum()})")


if __name__ == "__main__":
    main()
