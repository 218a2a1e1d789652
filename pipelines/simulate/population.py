"""Which enterprises the city has and what stays true of each: trade, place, size, true risk, dispatch.

What changes from month to month (open, suspended, staff, tier) is in `staffing`; texts are in `directory`.
"""
from dataclasses import dataclass, fields

import numpy as np

from pipelines.simulate import calibration
from pipelines.simulate.draws import Array, choose, stream
from pipelines.simulate.sizes import band_weights, draw_sizes, quota_sizes
from pipelines.simulate.words import GROUPS, PLACE_WEIGHTS, SERVICES

DIRECT, DISPATCH, PROJECT = 0, 1, 2
RISK_SHAPE = 0.8
SIZE_EFFECT = -0.06
CITY_RATE = 0.0045
OPENING_SHARE = 0.08
HOSTS_PER_DISPATCHER = 5
SENT_OUT = 0.88


@dataclass(frozen=True)
class Scale:
    """How big the city is and which months it covers; months are month numbers. `silent` see `hushed`."""

    enterprises: int
    staff: float
    first: int
    opening: int
    last: int
    seed: int
    silent: float = 0.0

    @property
    def months(self) -> Array:
        """Every month of the simulation, in order."""
        return np.arange(self.first, self.last + 1)


@dataclass(frozen=True)
class Population:
    """One entry per enterprise ever seen, in the order in which they joined; all arrays have shape (n,).

    `rate` is the true recognised injuries per person-year, all factors in; `risk` the enterprise's own factor in it.
    """

    joined: Array
    row: Array
    kind: Array
    region: Array
    size: Array
    risk: Array
    rate: Array
    wage: Array
    risk_class: Array
    group: Array
    text_draw: Array

    def count_at(self, month: int) -> int:
        """How many have joined by the end of a month; they are the first ones of every array."""
        return int(np.searchsorted(self.joined, month, side="right"))


@dataclass(frozen=True)
class Workplaces:
    """Who works where: `share` of the staff insured by `insurer` works at `host`; the first n are each at home."""

    insurer: Array
    host: Array
    share: Array


def population(scale: Scale) -> Population:
    """The enterprises of the first month and everyone who joins later, at the city's calibrated overall rate."""
    cohorts = [_cohort(scale, scale.first, scale.enterprises)]
    for month in scale.months[1:]:
        expected = scale.enterprises * OPENING_SHARE / 12
        cohorts.append(_cohort(scale, int(month), int(stream(scale.seed, "openings", month).poisson(expected))))
    founders = cohorts[0]
    level = CITY_RATE / np.average(founders["rate"], weights=founders["size"])
    columns = {field.name: np.concatenate([cohort[field.name] for cohort in cohorts]) for field in fields(Population)}
    columns["rate"] = columns["rate"] * level
    return Population(**columns)


def _cohort(scale: Scale, month: int, count: int) -> dict[str, Array]:
    """The enterprises that join in one month; those of the first month fill the size bands exactly."""
    rng = stream(scale.seed, "cohort", month)
    mix = calibration.division_mix()
    row = np.asarray(choose(mix.unit_share, rng.random(count)))
    tilt = mix.size_tilt[row] * rng.lognormal(0, 1.1, count)
    if month == scale.first:
        size = np.empty(count, np.int64)
        size[np.argsort(tilt)] = quota_sizes(count, scale.staff)
        kind = _special_kinds(scale, rng, size)
        row = np.where(kind == DISPATCH, mix.division.index("72"), row)
        row = np.where(kind == PROJECT, mix.division.index("47") + rng.integers(0, 2, count), row)
    else:
        size = draw_sizes(band_weights(scale.staff), rng.random(count), rng.random(count), largest=200)
        kind = np.where(rng.random(count) < 0.006, PROJECT, DIRECT)
        row = np.where(kind == PROJECT, mix.division.index("47"), row)
    return {"joined": np.full(count, month), "kind": kind, "size": size, **_traits(rng, row, size)}


def _traits(rng: np.random.Generator, row: Array, size: Array) -> dict[str, Array]:
    """Place, risk and wage of enterprises of known trade and size."""
    mix, count = calibration.division_mix(), len(row)
    risk = rng.gamma(RISK_SHAPE, 1 / RISK_SHAPE, count)
    rates = calibration.injury_rates()
    base = np.array([rates[division] for division in mix.division])[row]
    groups = np.array([GROUPS.get(section, SERVICES) for section in mix.section])
    return {
        "row": row, "region": choose(PLACE_WEIGHTS, rng.random(count)), "risk": risk,
        "rate": base * (size / 50) ** SIZE_EFFECT * risk,
        "wage": mix.wage_factor[row] * rng.lognormal(-0.01, 0.14, count),
        "risk_class": mix.risk_class[row], "group": groups[row],
        "text_draw": rng.integers(0, 2**31, count),
    }


def _special_kinds(scale: Scale, rng: np.random.Generator, size: Array) -> Array:
    """Dispatch firms (among the larger ones) and project-insured units (among the middling ones)."""
    kind = np.full(len(size), DIRECT)
    by_size = np.argsort(-size, kind="stable")
    low, high = int(0.010 * len(size)), max(int(0.10 * len(size)), 12)
    dispatchers = rng.choice(by_size[low:high], max(2, round(0.006 * len(size))), replace=False)
    kind[dispatchers] = DISPATCH
    middling = by_size[(kind[by_size] == DIRECT) & (size[by_size] < 300)][: max(int(0.3 * len(size)), 12)]
    kind[rng.choice(middling, max(2, round(0.012 * len(size))), replace=False)] = PROJECT
    return kind


def workplaces(people: Population, scale: Scale) -> Workplaces:
    """Everyone at home, and five hosts for each dispatch firm among making, building and transport of some size."""
    count, founders = len(people.size), people.count_at(scale.first)
    rng = stream(scale.seed, "hosts")
    dispatchers = np.flatnonzero(people.kind == DISPATCH)
    able = (people.kind[:founders] == DIRECT) & (people.group[:founders] < SERVICES)
    candidates = np.flatnonzero(able)
    candidates = candidates[np.argsort(-people.size[candidates], kind="stable")][: max(len(candidates) // 4, 8)]
    host = rng.choice(candidates, (len(dispatchers), HOSTS_PER_DISPATCHER))
    share = rng.dirichlet(np.full(HOSTS_PER_DISPATCHER, 2.0), len(dispatchers)) * SENT_OUT
    home = np.where(people.kind == DISPATCH, 1 - SENT_OUT, 1.0)
    return Workplaces(np.concatenate([np.arange(count), np.repeat(dispatchers, HOSTS_PER_DISPATCHER)]),
                      np.concatenate([np.arange(count), host.ravel()]), np.concatenate([home, share.ravel()]))
