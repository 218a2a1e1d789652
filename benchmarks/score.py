"""The suggested lists against what happened the year after, on the real panel: what `make score` runs.

    python benchmarks/score.py [--keep 1.0 0.17] [--policy expected-excess …] [--alone] [--work DIR]

Needs the scoring material beside the project (../shared/bench and ../shared/data). For each share of injuries kept it makes
the exports of all states up to 2024, runs the product with one list per state, and lets score_targeting.py compare
priority_enterprise with plain rules, with gradient boosting and with perfect foresight. Then it prints how predictions and
counts of the next year compare. With --alone nothing but this: each state is run on its own, without and with the norms of
another state.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from measure import PYTHON, ROOT, arguments, product, run

BENCH = ROOT.parent / "shared" / "bench"
PANEL = ROOT.parent / "shared" / "data" / "injuries"
NEEDED = (BENCH / "make_exports.py", BENCH / "score_targeting.py", PANEL)
HISTORY, OUTCOME, PLACES, LEAST_UNITS = 2024, 2025, 22, 400
MONTH = Path("marts") / f"month={HISTORY}-12"
LIST = MONTH / "priority_enterprise.parquet"
BANDS = (0, 20, 50, 100, 250, 1000, np.inf)


def main() -> int:
    parser = arguments(__doc__)
    parser.add_argument("--keep", nargs="+", default=["1.0", "0.17"], help="shares of the injuries kept")
    parser.add_argument("--policy", nargs="+", default=["expected-excess"], help="the first one is compared in full")
    parser.add_argument("--alone", action="store_true", help="each state on its own, nothing else")
    args = parser.parse_args()
    missing = [path for path in NEEDED if not path.exists()]
    if missing:
        print("nothing scored; missing beside the project: " + ", ".join(str(path.relative_to(ROOT.parent)) for path in missing))
        return 0
    for keep in args.keep:
        raw = exports(args.work, keep)
        if args.alone:
            alone(args.work, raw, keep, args.policy[0])
            continue
        outs = {policy: listed(args.work, raw, keep, policy) for policy in args.policy}
        boosted = args.work / f"gradient-boosting-{keep}.parquet"
        run([PYTHON, "-m", "benchmarks.challenger", raw, boosted])
        extra = [out / LIST for out in list(outs.values())[1:]]
        scored(raw, outs[args.policy[0]] / LIST, boosted, *extra)
        predictions(args.work, outs[args.policy[0]], keep, args.policy[0])
    return 0


def exports(work: Path, keep: str, until: int = HISTORY, states: str = "") -> Path:
    """The exports of all states (or those named) up to a year, made on first use."""
    folder = work / "-".join(filter(None, ["injuries", str(until), keep, states]))
    if not folder.exists():
        made = folder.with_suffix(".making")
        made.mkdir(parents=True, exist_ok=True)
        named = ["--states", states] if states else []
        run([PYTHON, BENCH / "make_exports.py", "injuries", "--out", made, "--keep", keep, "--until", str(until), *named])
        made.rename(folder)
    return folder


def listed(work: Path, raw: Path, keep: str, policy: str) -> Path:
    """The data folder of the product's run with one list per state."""
    out = work / f"score-{keep}" / policy
    used = product(raw, out, "--regions", "text", "--policy", policy)
    print(f"\n== {policy}, {keep} of the injuries kept: product {used.seconds:.1f} s, {used.peak_mb:.0f} MB", flush=True)
    return out


def scored(raw: Path, suggested: Path, *others: Path) -> None:
    """Prints the table of score_targeting.py. Files are named by their folders: a list is called like its policy."""
    named = [path if path.parent.name != MONTH.name else _named(path) for path in (suggested, *others)]
    extra = [part for path in named[1:] for part in ("--extra", path)]
    command = [PYTHON, BENCH / "score_targeting.py", "--exports", raw, "--list", named[0], "--outcome", OUTCOME, *extra]
    if subprocess.call([str(part) for part in command]):
        raise SystemExit(1)


def _named(path: Path) -> Path:
    """A copy of a published list under the name of its data folder."""
    copy = path.parents[2].with_suffix(".parquet")
    pd.read_parquet(path, columns=["region_code", "enterprise_id", "rank"]).to_parquet(copy)
    return copy


def outcome(keep: str) -> pd.DataFrame:
    """Injuries (thinned like the history) and person-years of the outcome year by enterprise_id."""
    year = pd.read_parquet(PANEL / "osha_enterprise_year.parquet").query("year == @OUTCOME")
    cases = np.random.default_rng(OUTCOME).binomial(year.cases, float(keep))
    return pd.DataFrame({"enterprise_id": "U" + year.enterprise_id.astype(str).str.zfill(7), "cases": cases})


def predictions(work: Path, out: Path, keep: str, policy: str) -> None:
    """Coverage of the 80 % limits by size band, predicted / actual, small units on the list, overlap with the year before."""
    outlook = pd.read_parquet(out / MONTH / "enterprise_outlook.parquet").query("person_years_ahead > 0")
    both = outlook.merge(outcome(keep), on="enterprise_id")
    both["covered"] = both.cases.between(both.predicted_low, both.predicted_high)
    band = pd.cut(both.person_years_ahead, BANDS, right=False)
    table = both.groupby(band, observed=True).agg(units=("cases", "size"), covered=("covered", "mean"),
                                                  predicted=("expected_injuries", "sum"), actual=("cases", "sum"))
    table["predicted / actual"] = table.predicted / table.actual
    print("\n80 % limits of the next year's count, by person-years\n" + table.round(3).to_string())
    first = top(pd.read_parquet(out / LIST), set(both.enterprise_id)).merge(both, on="enterprise_id")
    small = (first.person_years_ahead < BANDS[1]).mean()
    print(f"first {PLACES} of each state: predicted / actual {first.expected_injuries.sum() / first.cases.sum():.3f}, "
          f"covered {first.covered.mean():.3f}, under 20 person-years {small:.3f}")
    raw = exports(work, keep, HISTORY - 1)
    before = work / f"score-{keep}" / f"{policy}-year-before"
    product(raw, before, "--regions", "text", "--policy", policy)
    older = before / "marts" / f"month={HISTORY - 1}-12"
    was_there = pd.read_parquet(older / "enterprise_outlook.parquet").query("person_years_ahead > 0")
    stayed = set(outlook.enterprise_id) & set(was_there.enterprise_id)
    old, new = (set(top(pd.read_parquet(path), stayed).enterprise_id) for path in (older / LIST.name, out / LIST))
    print(f"overlap with the lists of the year before: {len(old & new) / len(new):.3f}")


def top(table: pd.DataFrame, kept: set[str]) -> pd.DataFrame:
    """The first places of each state with enough units, among those kept."""
    ranked = table.loc[table["rank"].notna() & table.enterprise_id.isin(list(kept))].sort_values(by="rank")
    units = pd.read_parquet(PANEL / "osha_enterprise.parquet").merge(
        pd.read_parquet(PANEL / "osha_enterprise_year.parquet").query("year == @OUTCOME")).state.value_counts()
    large = {f"US-{state}" for state, number in units.items() if number >= LEAST_UNITS}
    first = ranked.loc[ranked.region_code.isin(list(large))].groupby("region_code").head(PLACES)
    return first.loc[:, ["region_code", "enterprise_id"]]


def alone(work: Path, raw: Path, keep: str, policy: str) -> None:
    """Every state run on its own, without and with the norms of the state before it in the alphabet; scored together."""
    enterprise = pd.read_parquet(PANEL / "osha_enterprise.parquet")
    states = sorted(state for state, number in enterprise.state.value_counts().items() if number >= 2 * LEAST_UNITS)
    outs = {state: work / f"score-{keep}" / "alone" / state for state in states}
    for how in ("alone", "with the norms of another state"):
        lists = []
        for before, state in zip([states[-1], *states], states, strict=False):
            norms = ["--norms", outs[before] / MONTH / "norm_rate.parquet"] if how != "alone" else []
            out = outs[state] if how == "alone" else outs[state].with_name(f"{state}-{before}")
            product(exports(work, keep, states=state), out, "--regions", "text", "--policy", policy, *norms)
            lists.append(pd.read_parquet(out / LIST, columns=["region_code", "enterprise_id", "rank"]))
        file = work / f"score-{keep}" / f"{how.replace(' ', '-')}.parquet"
        pd.concat(lists).to_parquet(file)
        print(f"\n== each of {len(states)} states {how}, {keep} of the injuries kept", flush=True)
        scored(raw, file)


if __name__ == "__main__":
    sys.exit(main())
