"""A province: 36 M premium rows in Parquet (1 M enterprises × 36 months, shuffled) through core and rates.

    python benchmarks/province.py --enterprises 100000 [--rounds 3] [--work DIR]       (full size: --enterprises 1000000)

The product reads its export cache, which is filled beforehand (that time is printed apart), and makes every core table
and rate with their checks; the other side is by_hand_duckdb.py on the raw Parquet files. The machine needs 2 GB free and
about 4 GB of disk at full size.
"""

import argparse
import shutil
import sys
from pathlib import Path

from measure import PYTHON, ROOT, Run, alternate, arguments, run, say

ASSETS = ("raw_file", "enterprise", "unit_match", "appraisal", "claim", "payout", "enterprise_month", "enterprise_year",
          "counted_claim", "claim_development", "enterprise_period", "enterprise_risk", "industry_injury_rate")
MONTH = "2025-12"
KEYS = {"enterprise_risk": {"enterprise_id": "unit", "period": "period"},
        "industry_injury_rate": {"level": "level", "industry_code": "code", "period": "period"}}
FIGURES = ("injuries", "deaths", "rate_pct", "rate_low_pct", "rate_high_pct")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--enterprises", type=int, default=100_000)
    parser.add_argument("--newest", choices=["arg_max", "batch"], default="arg_max",
                        help="how the hand-written side finds the newest row")
    parser.add_argument("--inside", nargs=2, type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inside:
        through_rates(*args.inside)
        return
    raw = province(args.work, args.enterprises)
    out, bare = args.work / "out-province", args.work / "by-hand-province"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    first = product(raw, out)
    print(f"filling the export cache (and all the rest once): {first.seconds:.1f} s {first.peak_mb:.0f} MB", flush=True)
    script = [PYTHON, ROOT / "benchmarks" / "by_hand_duckdb.py", raw, bare, "--newest", args.newest]
    sides = {"product": lambda: product(raw, out), "by hand, DuckDB": lambda: run(script, args.work / "by-hand.txt")}
    say(alternate(sides, args.rounds), "at most 2 ×, under 2 GB")
    compare(out, bare)


def province(work: Path, enterprises: int) -> Path:
    """The exports of a province, made on first use."""
    folder = work / f"province-{enterprises}"
    if not (folder / "raw").exists():
        print(f"making a province of {enterprises:,} enterprises …", flush=True)
        for batch in ("2025-11", "2025-12"):
            (folder / "made" / batch).mkdir(parents=True, exist_ok=True)
        text = (ROOT / "benchmarks" / "province_rows.sql").read_text(encoding="utf-8")
        text = text.replace("{enterprises}", str(enterprises)).replace("{raw}", str(folder / "made"))
        made = f"import duckdb; duckdb.connect(config={{'temp_directory': {str(folder / 'spill')!r}}}).execute({text!r})"
        run([PYTHON, "-c", made], folder / "log.txt")
        (folder / "made").rename(folder / "raw")
    return folder / "raw"


def product(raw: Path, out: Path) -> Run:
    """A whole process of the product through core and rates; the month's tables are made anew, the cache stays."""
    shutil.rmtree(out / "core" / f"month={MONTH}", ignore_errors=True)
    return run([PYTHON, __file__, "--inside", raw, out], out / "log.txt")


def through_rates(raw: Path, out: Path) -> None:
    """Materialises core and rates of the month in this process, checks included, as the month job does."""
    sys.path.insert(0, str(ROOT))
    from assets import launch

    place = launch.workspace(str(raw), str(out))
    launch.set_environment(place, accept_changed=False)
    launch.prepare_settings(place, None, None)
    import dagster as dg

    from assets.definitions import defs
    from assets.wiring import MONTHS

    with dg.DagsterInstance.get() as instance:
        instance.add_dynamic_partitions(str(MONTHS.name), [MONTH])
        result = defs.resolve_job_def("month").execute_in_process(
            run_config={"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}, partition_key=MONTH, instance=instance,
            asset_selection=[dg.AssetKey(name) for name in ASSETS],
        )
    print("checks:", sum(event.event_type_value == "ASSET_CHECK_EVALUATION" for event in result.all_events))


def compare(out: Path, bare: Path) -> None:
    """Says how many figures differ between the two sides."""
    import duckdb

    month = out / "core" / f"month={MONTH}"
    for name, key in KEYS.items():
        on = " AND ".join(f"o.{ours} = t.{theirs}" for ours, theirs in key.items())
        differ = " OR ".join(f"o.{f} IS DISTINCT FROM t.{f} AND coalesce(abs(o.{f} - t.{f}) >= 0.01, true)" for f in FIGURES)
        query = f"""SELECT count(*), count(*) FILTER (WHERE {differ})
                    FROM '{month / name}.parquet' AS o FULL JOIN '{bare / name}.parquet' AS t ON {on}"""
        rows, wrong = duckdb.execute(query).fetchall()[0]
        print(f"{name}: {rows:,} rows, {wrong} differ")


if __name__ == "__main__":
    main()
