"""The whole city in order: people, months, injuries, claims, payments; drawn once, then read by `exports`."""
from dataclasses import dataclass

import numpy as np

from pipelines.simulate import hushed, narratives
from pipelines.simulate.appraisals import Appraisals, appraisals
from pipelines.simulate.claims import Claims, claims
from pipelines.simulate.directory import Directory, directory
from pipelines.simulate.draws import Array
from pipelines.simulate.injuries import Injuries, injuries, recognised_by_month
from pipelines.simulate.payouts import Payouts, payouts
from pipelines.simulate.population import DISPATCH, Population, Scale, Workplaces, population, workplaces
from pipelines.simulate.premiums import Premiums, premiums
from pipelines.simulate.staffing import Staffing, staffing, tiers


@dataclass(frozen=True)
class City:
    """Everything that happened in the city; `texts` holds a claim's Chinese text columns by heading.

    `silent` says which enterprises keep injuries to themselves, `withheld` which injuries.
    """

    scale: Scale
    people: Population
    places: Workplaces
    state: Staffing
    names: Directory
    injuries: Injuries
    claims: Claims
    appraisals: Appraisals
    payouts: Payouts
    premiums: Premiums
    texts: dict[str, Array]
    silent: Array
    withheld: Array


def build_city(scale: Scale) -> City:
    """Draws the city; the same scale gives the same city, and a later last month changes nothing before it."""
    people = population(scale)
    places = workplaces(people, scale)
    state = staffing(people, places, scale)
    names = directory(people, scale)
    events = injuries(people, places, state.insured, scale)
    silent = hushed.silent_enterprises(people, scale)
    withheld = hushed.withheld(silent, events, scale)
    course = claims(events, withheld, scale)
    rows = appraisals(events, course)
    decided = np.where(course.is_recognised, course.decided, np.datetime64("NaT", "D"))
    counts = recognised_by_month(events.insurer, decided, state.staff.shape, scale.first)
    paid = premiums(people, state, tiers(people, scale, counts), scale)
    benefits = payouts(events, course, rows, people, scale)
    return City(scale, people, places, state, names, events, course, rows, benefits, paid,
                _texts(people, names, events, course), silent, withheld)


def sent_and_received(city: City, month: int) -> tuple[Array, Array]:
    """Workers sent out by each dispatch firm and workers received by each host at a month, shape (n,)."""
    count = len(city.people.size)
    staff = city.state.insured[:, month - city.scale.first]
    pairs = slice(count, None)
    moved = staff[city.places.insurer[pairs]] * city.places.share[pairs]
    received = np.bincount(city.places.host[pairs], moved, count)
    sent = np.bincount(city.places.insurer[pairs], moved, count)
    return np.round(sent).astype(np.int64), np.round(received).astype(np.int64)


def _texts(people: Population, names: Directory, events: Injuries, course: Claims) -> dict[str, Array]:
    group = people.group[events.host]
    person = narratives.persons(events, course, group)
    facts = narratives.circumstances(events, course, people, names.address)
    story = narratives.narratives(course, person["姓名"], person["职业工种"], facts["事故地点"], facts.pop("句"),
                                  events.clause)
    host_named = (people.kind[events.insurer] == DISPATCH) & (events.host != events.insurer)
    host_named &= events.uniform["host_named"] < 0.82
    return {**person, **facts, "事故经过": story, "用工单位编号": np.where(host_named, names.unit[events.host], "")}
