"""What the norms of another state, or of all states, are worth to a state that has only its own data: every pair of states.

    python benchmarks/score.py [--alone] --work DIR      (both once: the runs of each state and of all)
    python -m benchmarks.given_norms --work DIR [--keep 1.0 0.17] [--weight 0 2 4 8]

The lists are made as the product makes them, from the histories and norms that these runs left; what is printed is their part
of perfect foresight, pooled over the states: without norms, with those of all states, and the mean over all other states'.
--weight is stats.norms.GIVEN_WEIGHT; 0 lets a given norm hold like no injury at all, in sizes too.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from benchmarks.measure import ROOT, arguments, module_at
from pipelines import norm_table, outlook
from pipelines.classification import classifications
from pipelines.norm_table import Start
from pipelines.outlook import History
from pipelines.stats import norms

SHARED = ROOT.parent / "shared"
PANEL, SCORER = SHARED / "data" / "injuries", SHARED / "bench" / "score_targeting.py"
HISTORY, OUTCOME, PLACES, LEAST_UNITS = 2024, 2025, 22, 400
"""As in score.py."""
CORE, MONTH = Path("core") / f"month={HISTORY}-12", Path("marts") / f"month={HISTORY}-12"
TREE = classifications()["naics"]
SIZE_WEIGHT = norms.GIVEN_SIZE_WEIGHT


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--keep", nargs="+", default=["1.0", "0.17"], help="shares of the injuries kept")
    parser.add_argument("--weight", nargs="+", type=float, default=[norms.GIVEN_WEIGHT])
    args = parser.parse_args()
    for keep in args.keep:
        runs = args.work / f"score-{keep}"
        needed = [runs / "alone", runs / "expected-excess" / MONTH]
        if missing := [str(path) for path in needed if not path.exists()]:
            raise SystemExit(f"no runs in {', '.join(missing)}; make them with benchmarks/score.py, without and with --alone")
        compare(runs, keep, args.weight)


def compare(runs: Path, keep: str, weights: list[float]) -> None:
    """Prints one line a weight."""
    each = {path.name: path for path in sorted((runs / "alone").iterdir()) if len(path.name) == 2}
    excess, histories = excess_of_outcome(), {state: history(path) for state, path in each.items()}
    given = {state: norm_table.read(path / MONTH / "norm_rate.parquet", TREE) for state, path in each.items()}
    everywhere = norm_table.read(runs / "expected-excess" / MONTH / "norm_rate.parquet", TREE)
    scored = [state for state in each if len(excess[state]) >= LEAST_UNITS]
    best = sum(excess[state].nlargest(PLACES).sum() for state in scored)

    def part(state: str, start: Start | None) -> float:
        return found(histories[state], start, excess[state]) / best

    print(f"{keep} of the injuries kept, {len(scored)} states: without norms {sum(part(state, None) for state in scored):.3f}")
    for weight in weights:
        norms.GIVEN_WEIGHT = weight
        norms.GIVEN_SIZE_WEIGHT = SIZE_WEIGHT if weight else 0.0
        of_all = sum(part(state, everywhere) for state in scored)
        of_others = sum(np.mean([part(state, start) for name, start in given.items() if name != state]) for state in scored)
        print(f"  weight {weight:g}: with those of all states {of_all:.3f}, of one other state {of_others:.3f}", flush=True)


def history(run: Path) -> History:
    """The history of a state's run."""
    covered = pq.read_table(run / CORE / "enterprise_year.parquet", columns=["first_month", "last_month"]).to_pandas()
    spans = outlook.years(HISTORY * 100 + 12, int(covered["first_month"].min()), int(covered["last_month"].max()))
    made = outlook.history(pq.read_table(run / CORE / "enterprise_history.parquet"), spans)
    assert made, run
    return made


def excess_of_outcome() -> Mapping[str, pd.Series]:
    """State -> injuries of the outcome year above the norm by enterprise_id, counted as score_targeting.py does."""
    scorer = module_at(SCORER)
    units, years = (pd.read_parquet(PANEL / f"{name}.parquet") for name in ("osha_enterprise", "osha_enterprise_year"))
    stayed = years.loc[years.year == HISTORY, "enterprise_id"]
    then = years.loc[(years.year == OUTCOME) & years.enterprise_id.isin(stayed)].merge(units, on="enterprise_id")
    person_years = (then.hours / 2000).to_numpy()
    size = np.searchsorted(scorer.SIZE_EDGES, person_years, side="right")
    then["excess"] = then.cases - scorer.norm(then.naics_code, size, then.cases.to_numpy(float), person_years) * person_years
    then.index = pd.Index("U" + then.enterprise_id.astype(str).str.zfill(7))
    return {str(state): rows.excess for state, rows in then.groupby("state")}


def found(past: History, start: Start | None, excess: pd.Series) -> float:
    """The excess that the first places of the list hold, of the units that were there in the outcome year."""
    fitted = outlook.fit(past, np.ones(len(past.age)), start)
    expected = past.ahead * fitted.norm * (fitted.known.mean - 1)
    listed = pd.Series(expected, past.table["enterprise_id"].to_pylist())
    first = listed[listed.index.isin(excess.index)].sort_values(ascending=False, kind="stable").index[:PLACES]
    return float(excess.loc[first].sum())


if __name__ == "__main__":
    main()
