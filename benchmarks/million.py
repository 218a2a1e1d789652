"""Norms, posteriors, intervals and ranks of a million enterprises over three years: seconds and memory of the whole process."""

import sys
from functools import partial

import measure

TARGET = "20 s, 2 GB"
FIT = """
import sys
import numpy as np, pyarrow as pa
from pipelines import outlook, policy
from pipelines.periods import Period
from pipelines.stats import ranking
units, rng = int(sys.argv[1]), np.random.default_rng(1)
heads = np.maximum(1, rng.lognormal(2.2, 1.4, units)).astype(np.int64)
truth, group = rng.gamma(2.0, 0.5, units), rng.integers(0, 900, units)
columns = {"enterprise_id": pa.array(np.arange(units)).cast(pa.string()), "region_code": pa.array(["430702"] * units)}
for level, width in enumerate((1, 2, 3, 4), 1):
    columns[f"industry_{level}"] = pa.array(pa.array(group // 10 ** max(0, 3 - level)).cast(pa.string()))
for year in range(3):
    columns[f"person_months_{year}"] = heads * 12
    columns[f"injuries_{year}"] = rng.poisson(heads * 0.005 * truth)
    columns[f"premium_yuan_{year}"] = heads * 500.0
    columns[f"payout_yuan_{year}"] = columns[f"injuries_{year}"] * 20000.0
columns["person_months_ahead"] = heads * 12
spans = [Period(f"year_{n}", 2024 - n, 2024 - n, False, (2024 - n) * 100 + 1, (2024 - n) * 100 + 12, 12, False) for n in range(3)]
past = outlook.history(pa.table(columns), spans)
fitted = outlook.fit(past, np.ones(3))
table = outlook.outlook_table(past, fitted, policy.load("changde-2024"), None)
ranks = ranking.rank(past.ahead * fitted.norm, fitted.known, 200, 1)
assert table.num_rows == units and np.isfinite(ranks.expected).sum() == ranking.SHOWN
"""


def main() -> None:
    """Prints the table."""
    options = measure.arguments(__doc__)
    options.add_argument("--enterprises", type=int, default=1_000_000)
    given = options.parse_args()
    command = [sys.executable, "-c", FIT, str(given.enterprises)]
    name = f"{given.enterprises:,} enterprises"
    measure.say(measure.alternate({name: partial(measure.run, command, given.work.parent / "million.txt")}, given.rounds), TARGET)


if __name__ == "__main__":
    main()
