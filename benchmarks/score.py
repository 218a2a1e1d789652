"""The suggested lists against what happened the year after, on the real panel: what `make score` runs.

    python benchmarks/score.py [--keep 1.0 0.17] [--policy expected-excess] [--work DIR]

Needs the scoring material beside the project (../shared/bench and ../shared/data). For each share of injuries kept it makes
the exports of all states up to 2024, runs the product with one list per state, and lets score_targeting.py compare
priority_enterprise with plain rules and with perfect foresight.
"""

import subprocess
import sys
from pathlib import Path

from measure import PYTHON, ROOT, arguments, product, run

BENCH = ROOT.parent / "shared" / "bench"
NEEDED = (BENCH / "make_exports.py", BENCH / "score_targeting.py", ROOT.parent / "shared" / "data" / "injuries")
HISTORY, OUTCOME = 2024, 2025


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--keep", nargs="+", default=["1.0", "0.17"], help="shares of the injuries kept")
    parser.add_argument("--policy", default="expected-excess")
    args = parser.parse_args()
    missing = [path for path in NEEDED if not path.exists()]
    if missing:
        print("nothing scored; missing beside the project: " + ", ".join(str(path.relative_to(ROOT.parent)) for path in missing))
        return 0
    for keep in args.keep:
        raw = exports(args.work, keep)
        out = args.work / f"score-{keep}"
        print(f"\n== {args.policy}, {keep} of the injuries kept", flush=True)
        used = product(raw, out, "--regions", "text", "--policy", args.policy)
        print(f"product: {used.seconds:.1f} s, {used.peak_mb:.0f} MB", flush=True)
        suggested = out / "marts" / f"month={HISTORY}-12" / "priority_enterprise.parquet"
        scorer = [PYTHON, BENCH / "score_targeting.py", "--exports", raw, "--list", suggested, "--outcome", str(OUTCOME)]
        if subprocess.call([str(part) for part in scorer]):
            return 1
    return 0


def exports(work: Path, keep: str) -> Path:
    """The exports of all states up to the last year of history, made on first use."""
    folder = work / f"injuries-{HISTORY}-{keep}"
    if not folder.exists():
        made = folder.with_suffix(".making")
        made.mkdir(parents=True, exist_ok=True)
        run([PYTHON, BENCH / "make_exports.py", "injuries", "--out", made, "--keep", keep, "--until", str(HISTORY)])
        made.rename(folder)
    return folder


if __name__ == "__main__":
    sys.exit(main())
