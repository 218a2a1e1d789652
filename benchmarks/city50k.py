"""A simulated city of 50,000 enterprises (1.8 M premium rows, GB18030 CSV) beside a hand-written pandas script.

    python benchmarks/city50k.py [--enterprises 50000] [--rounds 3] [--work DIR]

The product starts anew each time: start-up, reading, every table and check, workbook, publication. The other side is
by_hand_pandas.py on the same files. At the end the figures of both are compared: they must be the same.
"""

from pathlib import Path

from measure import PYTHON, ROOT, alternate, arguments, city, product, run, say

KEYS = {"enterprise_risk": ["enterprise_id", "period"], "industry_injury_rate": ["level", "industry_code", "period"]}
FIGURES = ("injuries", "severe", "deaths", "person_years", "rate_pct", "rate_low_pct", "rate_high_pct", "pay_ratio")


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument("--enterprises", type=int, default=50_000)
    args = parser.parse_args()
    raw, out, bare = city(args.work, args.enterprises), args.work / "out-city", args.work / "by-hand-city"
    rules = official_order(args.work)
    script = [PYTHON, ROOT / "benchmarks" / "by_hand_pandas.py", raw, bare]
    sides = {"product": lambda: product(raw, out, "--policy", rules), "by hand, pandas": lambda: run(script)}
    found = alternate(sides, args.rounds)
    say(found, "at most 3 × (goal 1.5 ×), 1 GB")
    compare(out / "marts", bare)


def official_order(work: Path) -> str:
    """Changde's policy with the plan's own order, as the other side has it."""
    text = (ROOT / "pipelines" / "policies" / "changde-2024.toml").read_text(encoding="utf-8")
    own = work / "changde-official.toml"
    own.write_text(text.replace('order = ["excess"]', 'order = ["mean_rank"]', 1), encoding="utf-8")
    return str(own)


def compare(marts_folder: Path, bare: Path) -> None:
    """Says how many figures of enterprises and industries, and places of the list, differ between the two sides."""
    import sys

    import pandas as pd

    sys.path.insert(0, str(ROOT))
    from pipelines import marts

    month = marts.month(marts=marts_folder)
    names = {"unit": "enterprise_id", "code": "industry_code"}
    for name, key in KEYS.items():
        theirs = pd.read_parquet(bare / f"{name}.parquet").rename(columns=names)
        both = [table.set_index(key)[list(FIGURES)].astype("float64") for table in (month.table(name), theirs)]
        ours, theirs = both[0].align(both[1])
        differ = ((ours - theirs).abs() > 0.011) | (ours.isna() != theirs.isna())
        print(f"{name}: {len(ours):,} rows, {int(differ.sum().sum())} figures differ")
    ours = month.table("priority_enterprise").dropna(subset=["rank"]).sort_values("rank")["enterprise_id"].to_list()
    theirs = pd.read_parquet(bare / "priority_enterprise.parquet")["unit"].to_list()
    print(f"list: {sum(a == b for a, b in zip(ours, theirs, strict=True))} of {len(ours)} places the same")


if __name__ == "__main__":
    main()
