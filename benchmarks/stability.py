"""How steady the warning level is: a simulated city's newest month beside the month before, unit by unit."""

from pathlib import Path

import pandas as pd
from measure import arguments, city, product

COLUMNS = ["enterprise_id", "warning_index", "warning_level", "excess_injuries"]


def outlook(out: Path, month: str) -> pd.DataFrame:
    """The warning columns of a published month by enterprise."""
    return pd.read_parquet(out / "marts" / f"month={month}" / "enterprise_outlook.parquet", columns=COLUMNS).set_index("enterprise_id")


def main() -> None:
    """Prints, for each pair of months, how many units change their level and how far the index moves."""
    args = arguments(__doc__).parse_args()
    raw = city(args.work, 5000)
    months = sorted(path.name for path in raw.iterdir())
    out = args.work / "stability"
    product(raw, out, "--month", ",".join(months))
    print(f"{'months':<20}{'units':>8}{'level changes':>15}{'of those warned':>17}{'mean move of the index':>24}{'first 22 shared':>17}")
    for before, after in zip(months, months[1:], strict=False):
        both = outlook(out, before).join(outlook(out, after), lsuffix="_before", how="inner")
        warned = both[(both.warning_level != "blue") | (both.warning_level_before != "blue")]
        changed, moved = warned.warning_level != warned.warning_level_before, warned.warning_index - warned.warning_index_before
        top = [set(both[name].nlargest(22).index) for name in ("excess_injuries", "excess_injuries_before")]
        print(f"{before + ' ' + after:<20}{len(both):>8,}{changed.sum() / len(both):>15.2%}{changed.mean():>17.1%}"
              f"{moved.abs().mean():>24.1f}{len(top[0] & top[1]) / 22:>17.2f}")


if __name__ == "__main__":
    main()
