"""How steady the warning level is: a simulated city's newest month beside the month before, unit by unit."""

from pathlib import Path

import pandas as pd
from measure import arguments, city, product

COLUMNS = ["enterprise_id", "warning_index", "warning_level", "excess_injuries"]


def outlook(out: Path, month: str) -> pd.DataFrame:
    """The warning columns of a published month by enterprise."""
    table = pd.read_parquet(out / "marts" / f"month={month}" / "enterprise_outlook.parquet", columns=COLUMNS)
    return table.set_index("enterprise_id")


def main() -> None:
    """Prints, for each pair of months, how many units change their level and how far the index moves."""
    args = arguments(__doc__).parse_args()
    raw = city(args.work, 5000)
    months = sorted(path.name for path in raw.iterdir())
    out = args.work / "stability"
    product(raw, out, "--month", ",".join(months))
    heads = (f"{'months':<20}", f"{'units':>8}", f"{'level changes':>15}", f"{'of those warned':>17}",
             f"{'mean move of the index':>24}", f"{'first 22 shared':>17}")
    print("".join(heads))
    for before, after in zip(months, months[1:], strict=False):
        both = outlook(out, after).join(outlook(out, before).add_suffix("_before"), how="inner")
        warned = both[(both.warning_level != "blue") | (both.warning_level_before != "blue")]
        changed, moved = warned.warning_level != warned.warning_level_before, warned.warning_index - warned.warning_index_before
        top = [set(both.nlargest(22, columns=[name]).index) for name in ("excess_injuries", "excess_injuries_before")]
        print(f"{before + ' ' + after:<20}{len(both):>8,}{changed.sum() / len(both):>15.2%}{changed.mean():>17.1%}"
              f"{moved.abs().mean():>24.1f}{len(top[0] & top[1]) / 22:>17.2f}")


if __name__ == "__main__":
    main()
