"""How well place texts locate accidents whose coordinates are taken away: `python -m benchmarks.places ACCIDENTS.parquet`.

The file has place (text), lon and lat (WGS-84 degrees), as a traffic police publishes them. Half of the coordinates, drawn at
random (--share), are hidden; the rest locates them. Printed: the share located and the errors, by way and in all, and how many of
the errors lie within what the product says of them.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from pipelines.places import keys, lookup, points, texts

NO_LANDMARKS = lookup.Landmarks(np.zeros(0, int), np.zeros(0), np.zeros(0))


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("accidents", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="of the coordinates that are taken away")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    table = pq.read_table(asked.accidents, columns=["place", "lon", "lat"])
    lon, lat = (table[name].to_numpy() for name in ("lon", "lat"))
    start = time.perf_counter()
    said = table["place"].combine_chunks().dictionary_encode()
    read = keys.keys_of([texts.read(text) for text in said.dictionary.to_pylist()]).of(said.indices.to_numpy())
    print(f"{len(said.dictionary):,} texts of {len(lon):,} accidents read in {time.perf_counter() - start:.1f} s; "
          f"{100 * (read.road >= 0).mean():.1f} % name a road, {100 * (read.full >= 0).mean():.1f} % have a full key")
    given = points.Given(lon, lat, np.full(len(lon), "WGS84", object))
    at = points.brought(given, points.frame_of(given))
    hidden = np.random.default_rng(asked.seed).random(len(lon)) < asked.share
    start = time.perf_counter()
    found, uncertainty = lookup.locate(read, np.where(hidden, np.nan, at.x), np.where(hidden, np.nan, at.y), NO_LANDMARKS)
    print(f"{hidden.sum():,} located in {time.perf_counter() - start:.1f} s")
    error = np.hypot(found.x - at.x, found.y - at.y)
    print(f"{'way':<14}{'share %':>9}{'median m':>10}{'90 % m':>9}{'within %':>10}")
    for name in (*lookup.WAYS, "all"):
        rows = hidden & (found.way == lookup.WAYS.index(name) if name != "all" else found.way >= 0)
        if rows.any():
            within = 100 * (error[rows] <= uncertainty[rows]).mean()
            print(f"{name:<14}{100 * rows.sum() / hidden.sum():>9.1f}{np.median(error[rows]):>10.1f}"
                  f"{np.quantile(error[rows], 0.9):>9.1f}{within:>10.1f}")


if __name__ == "__main__":
    main()
