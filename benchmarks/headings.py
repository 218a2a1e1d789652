"""How many vendor headings are recognised, asked for, or mistaken (none may be), and how long a sheet takes.

Belongs here: the shares over tests/unit/heading_variants.csv, and the time of one sheet of 60 headings, half of them
unknown, with 50 sample rows. The target is under 0.1 s a sheet.
"""

import statistics
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROUNDS = 20
WIDE = 60


def wide_sheet() -> tuple[list[str], list[list[str]]]:
    """60 headings of a claim sheet and 50 rows: declared ones, slips, pinyin, and what no kind knows."""
    from tests.unit.heading_variants import variants

    headings = list(dict.fromkeys(variant.heading for variant in variants() if variant.kind == "claim"))[::3][:WIDE]
    values = ["2024-01-31", "第十四条第（一）项", "11010519491231002X", "常德市甲机械有限公司", "1,234.50"]
    return headings, [[values[(row + place) % 5 if place % 7 else place % 5] for place in range(WIDE)] for row in range(50)]


def _seconds(headings: list[str], sample: list[list[str]]) -> list[float]:
    from pipelines.ingest.recognition import recognise

    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        recognise(headings, "工伤认定", sample)
        seconds.append(time.process_time() - began)
    return seconds


def main() -> None:
    """Prints the shares by group, and the seconds of a sheet."""
    sys.path.insert(0, str(ROOT))
    from tests.unit.heading_variants import outcomes, variants

    headings, sample = wide_sheet()
    seconds = _seconds(headings, sample)
    found = outcomes()
    groups = list(dict.fromkeys(variant.group for variant in variants()))
    print(f"{len(variants())} variants; each in a full and in a bare sheet, traps in several")
    for name, wanted in [*((group, (group,)) for group in groups), ("all but traps", tuple(set(groups) - {"trap"}))]:
        became = Counter({what: sum(found[group, what] for group in wanted) for what in ("right", "asked", "ignored", "wrong")})
        shares = "  ".join(f"{what} {number / became.total():6.1%}" for what, number in became.items())
        print(f"{name:<14}{became.total():6} sheets  {shares}")
    said = f"{statistics.median(seconds):.3f} s of the processor a sheet (first one {seconds[0]:.3f} s)"
    print(f"{len(headings)} headings, {len(sample)} rows: {said}")


if __name__ == "__main__":
    main()
