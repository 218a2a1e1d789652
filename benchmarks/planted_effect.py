"""A programme of known effect in a simulated city: what programme_effect makes of it.

    python benchmarks/planted_effect.py [--enterprises 5000] [--work DIR]

The list of the first month is archived; in the twelve months after it the listed units lose a share of their claims (none, 30 %)
at random from the exports; then the newest month is run on the same data folder. The programme is known to have had that effect,
up to the chance in which claims were taken away, which is printed beside it.
"""

import shutil
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from measure import PYTHON, arguments, city, product, run

UNIT, HAPPENED = "单位编号", "事故时间"


def main() -> int:
    """Prints a line for each planted effect."""
    parser = arguments(__doc__)
    parser.add_argument("--enterprises", type=int, default=5000)
    args = parser.parse_args()
    raw = city(args.work, args.enterprises, months=24, later=12)
    first, *_, last = sorted(path.name for path in raw.iterdir())
    for planted in (0.0, 0.3):
        out = args.work / f"planted-{planted}"
        product(raw, out, "--month", first)
        run([PYTHON, "-m", "assets", "issue", "--raw", raw, "--out", out, "--month", first])
        thinned, taken, of = without(raw, args.work / f"planted-raw-{planted}", listed(out, first), first, planted)
        run([PYTHON, "-m", "assets", "run", "--raw", thinned, "--out", out, "--month", last], out / "log.txt")
        effects = pd.read_parquet(out / "marts" / f"month={last}" / "programme_effect.parquet")
        row = effects[effects.scope == "list"].iloc[0]
        print(f"planted {-planted:.0%} ({taken} of {of} rows): {row.enterprises} units, effect {row.effect_pct:+.1f} % "
              f"({row.effect_low_pct:+.1f} … {row.effect_high_pct:+.1f}), raw change {row.rate_change_pct:+.1f} %, "
              f"expected {row.expected_injuries:.1f} × drift {row.drift:.2f}, counted {row.injuries_after}", flush=True)
    return 0


def listed(out: Path, month: str) -> set[str]:
    """The units on the month's list."""
    rows = pd.read_parquet(out / "marts" / f"month={month}" / "priority_enterprise.parquet")
    return set(rows[rows.is_listed].enterprise_id)


def without(raw: Path, folder: Path, units: set[str], month: str, share: float) -> tuple[Path, int, int]:
    """The exports without that share of the units' claims of accidents after the month; how many were taken away, of how many."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(raw, folder)
    rng, taken, of = np.random.default_rng(20240101), 0, 0
    for path in sorted(folder.glob("*/工伤认定.csv")):
        rows = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
        theirs = rows[UNIT].isin(list(units)) & (rows[HAPPENED].str[:7] > month)
        gone = theirs & (rng.random(len(rows)) < share)
        rows[~gone].to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")
        taken, of = taken + int(gone.sum()), of + int(theirs.sum())
    return folder, taken, of


if __name__ == "__main__":
    sys.exit(main())
