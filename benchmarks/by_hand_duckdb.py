"""What one would write by hand in DuckDB: a province's Parquet exports in, rates of enterprises and industries out.

`python benchmarks/by_hand_duckdb.py RAW OUT [--newest arg_max|batch]`. The yardstick of province.py: the same rows, the
same tables with the same figures, no checks, recipes or Dagster. The newest row of a unit and month stands:
arg_max finds it among all rows, as the rule says; `batch` knows that only the second batch holds corrections and
that no batch holds a key twice, and merely takes its rows in place of the first one's (quicker, and wrong in general).
"""

import argparse
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
from scipy import special

SQL = Path(__file__).parent / "by_hand_duckdb.sql"
MEMORY_SHARE, ARG_MAX, BATCH = "40%", "arg_max", "batch"
NEWEST = {
    ARG_MAX: """SELECT unit, month, n.* FROM (
        SELECT unit, month, arg_max({heads: heads, rate: rate, due: due, paid: paid, received: received}, batch) AS n
        FROM premium GROUP BY unit, month)""",
    BATCH: """SELECT p.* EXCLUDE batch FROM premium AS p ANTI JOIN (SELECT unit, month FROM premium WHERE batch = 2) AS c
        ON p.unit = c.unit AND p.month = c.month AND p.batch = 1 WHERE p.batch = 1
        UNION ALL SELECT * EXCLUDE batch FROM premium WHERE batch = 2""",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("raw", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--newest", choices=list(NEWEST), default=ARG_MAX)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(config={"temp_directory": str(args.out / "spill"), "memory_limit": MEMORY_SHARE})
    text = SQL.read_text(encoding="utf-8").replace("{raw}", str(args.raw)).replace("{newest}", NEWEST[args.newest])
    before, after = text.replace("{out}", str(args.out)).split("-- limits")
    connection.execute(before)
    found = connection.execute("SELECT injuries FROM unit_period UNION SELECT exposed FROM industry_count").fetchall()
    counts = [row[0] for row in found]
    low = [float(special.gammaincinv(count, 0.025)) if count else 0.0 for count in counts]
    high = [float(special.gammaincinv(count + 1, 0.975)) for count in counts]
    connection.register("limits", pa.table({"injuries": counts, "low": low, "high": high}))
    connection.execute(after)


if __name__ == "__main__":
    sys.exit(main())
