"""Sites of commuting accidents against the year after, through the product's own run: the second half of `make score`.

    python benchmarks/score_sites.py [--fold leeds-2016 …] [--claims 400] [--alone] [--work DIR]

Needs the scoring material beside the project (../shared/bench and ../shared/data). For each fold it makes the exports of the
three years before, runs the product, and scores the first 20 sites of commuting_hotspot as score_hotspots.py does: claims of the
test year within 150 m, as a part of what perfect foresight would hold. --claims: so many claims a year; --alone: without the
other accidents. Beside it the raw cover of the past, and what was forecast in all sites over what came.
"""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from measure import PYTHON, ROOT, arguments, product, run

BENCH = ROOT.parent / "shared" / "bench"
NEEDED = (BENCH / "make_exports.py", BENCH / "score_hotspots.py", ROOT.parent / "shared" / "data" / "accidents")
TESTED = {"leeds": range(2012, 2019), "barcelona": range(2013, 2019), "taipei": [2020]}
FOLDS = [f"{city}-{year}" for city, years in TESTED.items() for year in years]
YEARS = 3
FIRST = {"taipei": 2019}
"""The first year that a city's accidents have."""
LINE = re.compile(r"^(?P<name>.*?) +(?P<hits>\d+) hits .* (?P<share>[\d.]+) of foresight$", re.MULTILINE)


class Scored(NamedTuple):
    """One fold: share of foresight of the product and of the raw cover, forecast over count, tiers, seconds of the run."""

    fold: str
    share: float
    raw_cover: float
    forecast: float
    hits: int
    tiers: str
    seconds: float


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--fold", nargs="+", default=FOLDS, choices=FOLDS)
    parser.add_argument("--claims", type=int)
    parser.add_argument("--alone", action="store_true")
    args = parser.parse_args()
    missing = [path for path in NEEDED if not path.exists()]
    if missing:
        print("nothing scored; missing beside the project: " + ", ".join(str(path.relative_to(ROOT.parent)) for path in missing))
        return 0
    rows = []
    for fold in args.fold:
        rows.append(scored(args.work, fold, args.claims, args.alone))
        print("  ".join(f"{name} {value:.3f}" if isinstance(value, float) else f"{name} {value}"
                        for name, value in rows[-1]._asdict().items()), flush=True)
    table = pd.DataFrame(rows)
    table["forecast / hits"] = table["forecast"] / table["hits"]
    print("\n" + table.round(3).to_string(index=False))
    near = (table["forecast / hits"] - 1).abs().le(0.3).sum()
    # Of fewer claims a year fewer are forecast, and all of the test year are counted.
    forecasts = "" if args.claims else f"; {near} folds' forecasts within 30 %"
    share, raw_cover = table["share"].mean(), table["raw_cover"].mean()
    print(f"\nmean of {len(table)} folds: {share:.3f} of foresight, raw cover {raw_cover:.3f}{forecasts}")
    return 0


def scored(work: Path, fold: str, claims: int | None, is_alone: bool) -> Scored:
    city, year = fold.split("-")
    years = range(max(int(year) - YEARS, FIRST.get(city, 0)), int(year))
    name = "-".join([fold, str(claims or "all"), "alone" if is_alone else "others"])
    raw, out = work / "sites" / name / "raw", work / "sites" / name / "out"
    fewer = ["--claims", str(claims)] if claims else []
    if not raw.exists():
        made = raw.with_name("making")
        asked = ["--city", city, "--years", ",".join(map(str, years)), *fewer, "--out", made]
        run([PYTHON, BENCH / "make_exports.py", "accidents", *asked])
        for file in made.glob("*/*交通事故*") if is_alone else ():
            file.unlink()
        made.rename(raw)
    used = product(raw, out, "--policy", "expected-excess")
    sites = out / "marts" / f"month={years[-1]}-12" / "commuting_hotspot.parquet"
    said = subprocess.run([PYTHON, BENCH / "score_hotspots.py", "--city", city, "--test", year, "--sites", sites, *fewer],
                          check=True, capture_output=True, text=True).stdout
    found = {line["name"]: line for line in LINE.finditer(said)}
    ours, past_only = found[f"sites {sites.name}"], found["raw cover of the past"]
    table = pd.read_parquet(sites)
    forecast, tiers = float(table["forecast"].to_numpy().sum()), "".join(sorted(table["tier"]))
    return Scored(fold, float(ours["share"]), float(past_only["share"]), forecast, int(ours["hits"]), tiers, used.seconds)


if __name__ == "__main__":
    sys.exit(main())
