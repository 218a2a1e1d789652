"""Sites of commuting accidents against the year after, and against chance: the statistics on arrays, without the product's run.

    python -m benchmarks.hotspots arrays [--city leeds …] [--piles]     (needs ../shared/bench and ../shared/data)
    python -m benchmarks.hotspots chance [--cities 200] [--simulations 199]
    python -m benchmarks.hotspots speed [--accidents 16000] [--simulations 999]

arrays  part of perfect foresight, as score_hotspots.py counts it, on 14 folds: all claims and 400 a year, alone and with other
        accidents; what hindsight would reach, with every other year, the later ones too; sum and coverage of the
        forecasts; with --piles also 10, 20 and 30 % of the claims moved to district centres
chance  simulated cities without hotspots: how many have a site of tier A; cities with planted ones: how many are found
speed   seconds and peak memory of all steps for one simulated city
"""

import argparse
import resource
import time
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
import pandas as pd

from benchmarks import simulated_cities
from benchmarks.measure import module_at
from pipelines.hotspots.history import kinds
from pipelines.stats import hotspots
from pipelines.stats.hotspots import Accidents
from pipelines.stats.pile_ups import pile_ups

SHARED = Path(__file__).parent.parent.parent / "shared"
BENCH, DATA = SHARED / "bench" / "score_hotspots.py", SHARED / "data" / "accidents"
FOLDS = [("leeds", year) for year in range(2012, 2019)] + [("barcelona", year) for year in range(2013, 2019)] + [("taipei", 2020)]
YEARS, THINNED, THINNING = 3, 400, 20240101
CENTRES = 10
HELD = 200
"""Accidents at the one place that stands out where speed is measured."""


class Fold(NamedTuple):
    """A city before a test year: claims and other accidents of the history, and the places of the year's claims."""

    claims: pd.DataFrame
    others: pd.DataFrame
    test: np.ndarray


class Hindsight(NamedTuple):
    """What would be known if every year but the test year's claims were."""

    claims: Accidents
    others: list[Accidents]


class Scored(NamedTuple):
    """Claims of the test year in the sites, those forecast there, and how many of the sites kept within their limits."""

    hits: int
    forecast: float
    within: int
    tiers: str


def arrays(args: argparse.Namespace) -> None:
    missing = [path for path in (BENCH, DATA) if not path.exists()]
    if missing:
        names = ", ".join(str(path.relative_to(SHARED.parent)) for path in missing)
        print(f"nothing scored; missing beside the project: {names}")
        return
    scorer, rows = module_at(BENCH), []
    for city, year in FOLDS:
        if city in args.city:
            rows.append(_row(scorer, city, year, args.piles))
            said = {name: f"{value:.3f}" if isinstance(value, float) else value for name, value in rows[-1].items()}
            print("  ".join(f"{name} {value}" for name, value in said.items()), flush=True)
    means = pd.DataFrame(rows).mean(numeric_only=True).drop("year")
    print("\nmean of the folds\n" + means.round(4).to_string())


def _row(scorer: ModuleType, city: str, year: int, piles: bool) -> dict[str, str | int | float]:
    whole = _fold(scorer, city, year, None)
    cells = scorer.Raster(whole.test, 12.5)
    best = scorer.hits(scorer.greedy(cells, cells.count(whole.test), 150.0, 20), whole.test, 150.0)
    row: dict[str, str | int | float] = {"city": city, "year": year}
    known = _hindsight(scorer, city, year, whole.test)
    for name, others in (("hindsight", []), ("hindsight+others", known.others)):
        sites = hotspots.sites(hotspots.surface(known.claims, others))
        row[name] = scorer.hits(sites.places, whole.test, 150.0) / best
    for name, thinned in (("all", None), ("all+others", None), ("400", THINNED), ("400+others", THINNED)):
        scored = _scored(scorer, _fold(scorer, city, year, thinned), "others" in name)
        row[name] = scored.hits / best
        if thinned is None:
            row |= {f"{name} forecast/count": scored.forecast / scored.hits, f"{name} within": scored.within / 20,
                    f"{name} tiers": scored.tiers}
    for part in (0.1, 0.2, 0.3) if piles else ():
        for kept in (True, False):
            moved = _piled(whole, part, kept)
            row[f"{part:.0%} piled" + ("" if kept else ", left out")] = _scored(scorer, moved, False).hits / best
    return row


def _fold(scorer: ModuleType, city: str, year: int, thinned: int | None) -> Fold:
    rows = _city(scorer, city)
    past = rows.loc[rows["year"].between(year - YEARS, year - 1)]
    claims = past.loc[past["commuting"].astype(bool)]
    if thinned:
        chance = np.random.default_rng(THINNING)
        claims = pd.concat([part.iloc[chance.permutation(len(part))[:thinned]] for _, part in claims.groupby("year")])
    test = rows.loc[(rows["year"] == year) & rows["commuting"].astype(bool)]
    return Fold(claims, past.drop(index=list(claims.index)), _places(test))


def _city(scorer: ModuleType, city: str) -> pd.DataFrame:
    rows = pd.read_parquet(DATA / f"{city}.parquet")
    if city == "taipei":
        places = scorer.metres(rows["lon"].to_numpy(), rows["lat"].to_numpy(), city, np.array([121.54, 25.06]))
        rows = rows.assign(x=places[:, 0], y=places[:, 1])
    return rows


def _hindsight(scorer: ModuleType, city: str, year: int, test: np.ndarray) -> Hindsight:
    """Claims of all years but one and the other accidents of all years, brought onto the places of that year.

    All weigh the same; ages are by chance, so that the fifths that are held out hold all years.
    """
    rows, chance = _city(scorer, city), np.random.default_rng(THINNING)
    is_claim = rows["commuting"].astype(bool)
    claims, *others = (
        Accidents(hotspots.align(_places(part), part["year"].to_numpy(), test).places, chance.uniform(0, 0.9, len(part)))
        for part in (rows.loc[is_claim & (rows["year"] != year)], *_by_kind(rows.loc[~is_claim])))
    return Hindsight(claims, others)


def _by_kind(others: pd.DataFrame) -> list[pd.DataFrame]:
    """The other accidents in the sets that the product makes of them."""
    date = pd.to_datetime(others[["year", "month", "day"]].astype(int)).to_numpy()
    kind = kinds(others["injured"].to_numpy(bool), date, others["hour"].to_numpy(float))
    return [others.loc[kind == one] for one in np.unique(kind)]


def _places(rows: pd.DataFrame) -> np.ndarray:
    return rows[["x", "y"]].to_numpy(float)


def _accidents(rows: pd.DataFrame, onto: np.ndarray | None = None) -> Accidents:
    """Places brought onto those of the newest year, and times before the end of the last year."""
    date = pd.to_datetime(rows[["year", "month", "day"]].astype(int))
    end = pd.Timestamp(int(rows["year"].to_numpy().max()) + 1, 1, 1)
    ago = (end - date).dt.days.to_numpy() / 365.25
    return Accidents(hotspots.align(_places(rows), rows["year"].to_numpy(), onto).places, ago)


def _scored(scorer: ModuleType, fold: Fold, with_others: bool) -> Scored:
    claims = _accidents(fold.claims)
    others = [_accidents(part, claims.places) for part in _by_kind(fold.others)] if with_others else []
    sites = hotspots.sites(hotspots.surface(claims, others))
    found = hotspots.evidence(claims.places, sites, simulations=99)
    years = np.unique(fold.claims["year"])
    at = [hotspots.site_of(claims.places[fold.claims["year"].to_numpy() == year], sites) for year in years]
    by_year = np.column_stack([np.bincount(site[site >= 0], minlength=len(sites.places)) for site in at])
    ahead = hotspots.forecast(sites, found, by_year, np.array([len(site) for site in at]))
    site = hotspots.site_of(fold.test, sites)
    counts = np.bincount(site[site >= 0], minlength=len(sites.places))
    within = int(((counts >= ahead.low) & (counts <= ahead.high)).sum())
    return Scored(scorer.hits(sites.places, fold.test, 150.0), ahead.expected.sum(), within, "".join(sorted(found.tier)))


def _piled(fold: Fold, part: float, kept: bool) -> Fold:
    """The fold with a part of its claims moved to the middles of districts, kept or left out as pile-ups are."""
    claims, chance = fold.claims.copy(), np.random.default_rng(THINNING)
    places = _places(claims).copy()
    centres = places[chance.choice(len(places), CENTRES, replace=False)] + chance.normal(0, 300, (CENTRES, 2))
    moved = chance.random(len(places)) < part
    nearest = ((places[moved, None] - centres[None])**2).sum(axis=2).argmin(axis=1)
    places[moved] = centres[nearest]
    claims[["x", "y"]] = places
    piled = pile_ups(places[:, 0], places[:, 1], np.full(len(places), -1))
    return fold._replace(claims=claims if kept else claims[~piled])


def chance(args: argparse.Namespace) -> None:
    source = np.random.default_rng(THINNING)
    each = args.cities // len(simulated_cities.KINDS)
    total = 0
    for kind in simulated_cities.KINDS:
        cities = [simulated_cities.city(kind, size, source) for size in _sizes(source, each)]
        tiers = [_tiers(places, args.simulations)[1].tier for places in cities]
        total += (having := sum("A" in tier for tier in tiers))
        print(f"{kind:<15}{each} cities without hotspots, {having} with a site of tier A, "
              f"{np.mean([(tier == 'B').sum() for tier in tiers]):.1f} of 20 sites in tier B", flush=True)
    print(f"all            {total} of {each * len(simulated_cities.KINDS)}")
    found = pd.concat([_found(size, source, args.simulations) for size in _sizes(source, each)])
    grouped = found.groupby(["strength", "usual"], observed=True)
    print("\nplanted hotspots by strength and accidents usual in the disc\n"
          + grouped.mean().assign(spots=grouped.size()).to_string(float_format="{:.2f}".format))


def _sizes(source: np.random.Generator, number: int) -> np.ndarray:
    return np.exp(source.uniform(np.log(300), np.log(5000), number)).astype(int)


def _tiers(places: np.ndarray, simulations: int) -> tuple[hotspots.Sites, hotspots.Evidence]:
    sites = hotspots.sites(hotspots.surface(Accidents(places, np.linspace(0, YEARS, len(places)))))
    return sites, hotspots.evidence(places, sites, simulations)


def _found(size: int, source: np.random.Generator, simulations: int) -> pd.DataFrame:
    """One row a planted hotspot: strength, whether a site lies on it, and whether that is of tier A, or A or B."""
    made = simulated_cities.planted(size, source)
    sites, evidence = _tiers(made.places, simulations)
    apart = ((made.spots[:, None] - sites.places[None])**2).sum(axis=2)
    nearest, is_site = apart.argmin(axis=1), apart.min(axis=1) < 150.0**2
    tier = np.where(is_site, evidence.tier[nearest], "none")
    usual = pd.cut(made.usual, [0, 2, 5, np.inf], labels=["under 2", "2 to 5", "over 5"])
    return pd.DataFrame({"strength": made.strength, "usual": usual, "a site": is_site, "A": tier == "A",
                         "A or B": np.isin(tier, ["A", "B"])})


def speed(args: argparse.Namespace) -> None:
    source = np.random.default_rng(THINNING)
    places = simulated_cities.city("uneven", args.accidents, source) * 2
    # A place that stands out: without one the simulations end early.
    places[:HELD] = places[0] + source.normal(0, 30, (HELD, 2))
    began, cpu = time.perf_counter(), time.process_time()
    claims = Accidents(hotspots.align(places, np.arange(len(places)) % YEARS).places, np.linspace(0, YEARS, len(places)))
    sites = hotspots.sites(hotspots.surface(claims))
    between = time.perf_counter()
    found = hotspots.evidence(claims.places, sites, args.simulations)
    ended, used = time.perf_counter(), time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{args.accidents} accidents on 30 × 30 km: surface and sites {between - began:.1f} s, evidence with "
          f"{args.simulations} simulations {ended - between:.1f} s, {used:.1f} s of cpu, peak {peak:.0f} MB with the libraries; "
          f"tiers {''.join(found.tier)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(dest="mode", required=True)
    scored, tested, timed = (modes.add_parser(mode.__name__) for mode in (arrays, chance, speed))
    scored.add_argument("--city", nargs="+", default=["leeds", "barcelona", "taipei"])
    scored.add_argument("--piles", action="store_true")
    tested.add_argument("--cities", type=int, default=200)
    for mode, simulations in ((tested, 199), (timed, 999)):
        mode.add_argument("--simulations", type=int, default=simulations)
    timed.add_argument("--accidents", type=int, default=16_000)
    args = parser.parse_args()
    {"arrays": arrays, "chance": chance, "speed": speed}[args.mode](args)


if __name__ == "__main__":
    main()
