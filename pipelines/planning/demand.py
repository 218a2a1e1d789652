"""Who is to be trained: the units that each programme addresses, and training_demand, by role and district.

Belongs here: which tables are asked, the totals, targets and gaps, and why a figure is missing.
"""

import csv
import functools
import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import pyarrow as pa

from pipelines import classification, engine, periods, rates
from pipelines.contracts.plan import ALL, TRAINING_DEMAND
from pipelines.contracts.shared import WHOLE_AREA
from pipelines.deliveries import Deliveries
from pipelines.lazy import Computed, Input, Query, Stored
from pipelines.listed import listed_enterprise, pairs
from pipelines.planning.shared import made, plan_of, rule, total
from pipelines.policy.programmes import Programme, RoleRule
from pipelines.served import list_year
from pipelines.workspace import Workspace

ROLES = classification.TABLES / "training_roles.csv"
STAFF = "staff"
COUNTED = ("enterprises", "enterprises_counted", "persons", "trained_recorded", "trained_stated", "trained", "target", "gap",
           "hours_needed", "offline_hours_needed", "practice_hours_needed")
NO_ROLES = "方案没有写人员类别"
DEFINITION = ("应训人数＝面向的未注销单位的重点岗位人员最新统计之和，全体职工＝上年度月平均缴费人数之和；"
              "已培训＝培训记录中同类人员（一人在一家单位一类中计一次，考试不合格的不计），没有培训记录的用重点岗位人员的已培训人数，"
              "不超过应训人数；缺口＝应训人数×目标比例（进位）－已培训")


class Sources(NamedTuple):
    """The tables of a month by which the units that a programme addresses are told."""

    enterprise: Stored
    enterprise_outlook: Stored
    designation: Stored
    priority_enterprise: Stored
    decided_enterprise: Stored
    outreach_enterprise: Stored
    group_target: Stored


class Records(NamedTuple):
    """The tables of a month that count persons."""

    enterprise_year: Stored
    key_staff: Stored
    training_record: Stored
    programme: Stored


class Setting(NamedTuple):
    """What every row is made under: which kinds have been delivered, and the units that each programme addresses."""

    common: Mapping[str, object]
    has_staff: bool
    has_records: bool
    units: Mapping[str, int]


def programme_unit(place: Workspace, known: Deliveries, sources: Sources) -> Query:
    """Which units each programme of the policy addresses: programme_id, enterprise_id, region_code (six digits)."""
    programmes = plan_of(place).programmes
    tree = rates.classification_of(sources.enterprise, place.settings().classification)
    words = [word for one in programmes for word in one.audience.words]
    inputs: dict[str, Input] = {
        **sources._asdict(), "audience": _audience(programmes),
        "listed_enterprise": listed_enterprise(sources.enterprise, sources.designation, words, tree.name)}
    del inputs["designation"], inputs["priority_enterprise"]
    return Query("marts/programme_unit.sql", inputs, {"as_of": known.as_of, "year": list_year(known.as_of)}, is_shared=True)


def _audience(programmes: Iterable[Programme]) -> pa.Table:
    """programme_id, how its audience is told, and the word, criterion or kind of group by which."""
    rows = []
    for one in programmes:
        said = one.audience
        keys = said.words or tuple(filter(None, [said.criterion, said.target])) or ("",)
        rows += [(one.id, said.by, key) for key in keys]
    columns = list(zip(*rows, strict=True)) or [(), (), ()]
    return pa.table({name: pa.array(column, pa.string())
                     for name, column in zip(("programme_id", "told_by", "word"), columns, strict=True)})


def training_demand(place: Workspace, known: Deliveries, sources: Sources, records: Records) -> Computed:
    """The mart of a month; empty where the policy has no plan."""
    asked = [one for one in plan_of(place).programmes if one.kind == "training"]
    units = programme_unit(place, known, sources)
    counts = engine.fetch(_counts(known, units, asked, records), place.core).to_pylist() if asked else []
    setting = Setting({"as_of_month": known.as_of, "definition": _definition(records)}, known.has("key_staff"),
                      known.has("training_record"), units_of(place, units) if asked else {})
    rows = [row for one in asked for row in _programme(one, [c for c in counts if c["programme_id"] == one.id], setting)]
    return Computed(made(rows, TRAINING_DEMAND), {**sources._asdict(), **records._asdict(), **rule(place)})


def chosen(sources: Sources, known: Deliveries) -> list[dict]:
    """The units that get a programme of their own in the plan's year, by rank: as decided, before any decision as listed."""
    rows = [row for row in sources.decided_enterprise.columns().to_pylist()
            if row["year"] == list_year(known.as_of) and row["is_selected"]]
    return sorted(rows, key=lambda row: (row["rank"] or math.inf, row["region_code"] or "", row["enterprise_id"]))


def units_of(place: Workspace, units: Query) -> dict[str, int]:
    """Programme -> how many units it addresses."""
    found: dict[str, int] = {}
    for name in engine.fetch(units, place.core)["programme_id"].to_pylist():
        found[name] = found.get(name, 0) + 1
    return found


def _counts(known: Deliveries, units: Query, asked: list[Programme], records: Records) -> Query:
    roles = [(text, role) for text in _roles_said(records) if (role := role_of(text))]
    horizon = [(one.id, word, known.as_of // 100 - one.audience.years + 1)
               for one in asked for word in one.audience.trained_in or ("",)]
    programmes, words, years = zip(*horizon, strict=True)
    inputs: dict[str, Input] = {
        **records._asdict(), "programme_unit": units, "role_said": pairs("said", "role", roles),
        "role_asked": pairs("programme_id", "role", [(one.id, rule.role) for one in asked for rule in one.roles]),
        "trained_in": pa.table({"programme_id": programmes, "word": words, "first_year": pa.array(years, pa.int32())})}
    return Query("marts/training_count.sql", inputs, {"year": periods.windows(known.as_of)[0].last_year})


def _roles_said(records: Records) -> list[str]:
    """The bureau's own words for roles, each once."""
    return sorted({text for table in (records.key_staff, records.training_record)
                   for text in table.columns("role")["role"].unique().to_pylist() if text})


@functools.cache
def _role_words() -> list[tuple[str, tuple[str, ...]]]:
    with ROLES.open(encoding="utf-8") as file:
        return [(row["role"], tuple(row["words"].split("|"))) for row in csv.DictReader(file)]


def role_of(said: str) -> str | None:
    """The role that a bureau's own words mean (tables/training_roles.csv, the first line of which a word occurs in them).

    >>> role_of("安全生产分管负责人"), role_of("一线班组长"), role_of("见习")
    ('deputy_head', 'team_leader', None)
    """
    return next((role for role, words in _role_words() if any(word in said for word in words)), None)


def _definition(records: Records) -> str:
    unknown = [text for text in _roles_said(records) if role_of(text) is None]
    return DEFINITION + (f"；人员类别对不上、没有计入：{'、'.join(unknown[:10])}" if unknown else "")


def _programme(one: Programme, counts: list[dict], setting: Setting) -> list[dict]:
    """The rows of a programme: each role in each district and in the whole area, and all roles together."""
    common = {**setting.common, "programme_id": one.id, "programme_name": one.name, "enterprises_counted": 0}
    if not one.roles:
        number = setting.units.get(one.id, 0)
        return [{**common, "role": ALL, "region_code": WHOLE_AREA, "enterprises": number, "reason": NO_ROLES}]
    regions = sorted({row["region_code"] for row in counts})
    rows = []
    for region in [WHOLE_AREA, *regions]:
        mine = [row for row in counts if region in (WHOLE_AREA, row["region_code"])]
        by_role = [_role(rule, [row for row in mine if row["role"] == rule.role], setting) for rule in one.roles]
        rows += [{**common, **row, "region_code": region} for row in by_role]
        rows.append({**common, **_total(by_role), "region_code": region})
    return rows


def _role(rule: RoleRule, counts: list[dict], setting: Setting) -> dict:
    """One role in one area, from its districts."""
    row: dict = {name: total(one[name] for one in counts) or 0
                 for name in ("enterprises", "enterprises_counted", "trained_recorded")}
    row |= {name: total(one[name] for one in counts) for name in ("persons", "trained_stated")}
    row |= {"role": rule.role, "trained_from": _trained_from(rule, row, setting), "target_pct": rule.target_pct,
            "hours_least": rule.hours_least, "hours_most": rule.hours_most, "offline_pct": rule.offline_pct,
            "practice_pct": rule.practice_pct}
    row["trained_recorded"] = row["trained_recorded"] if setting.has_records else None
    if row["trained_from"]:
        trained = row["trained_recorded" if row["trained_from"] == "training_record" else "trained_stated"]
        row["trained"] = min(trained, row["persons"]) if row["persons"] is not None else trained
    if row["persons"] is not None and rule.target_pct is not None:
        row["target"] = math.ceil(row["persons"] * rule.target_pct / 100 - 1e-9)
    return {**row, **_gap(row), "reason": "；".join(_reasons(rule, row, setting)) or None}


def _trained_from(rule: RoleRule, row: Mapping, setting: Setting) -> str | None:
    if setting.has_records and row["enterprises"]:
        return "training_record"
    return "key_staff" if row["trained_stated"] is not None and rule.role != STAFF else None


def _gap(row: Mapping) -> dict:
    """What is missing of the target, in persons and hours, and the share that is reached."""
    made: dict = {}
    if row["persons"] and row.get("trained") is not None:
        made["trained_pct"] = row["trained"] * 100 / row["persons"]
    if row.get("target") is None or row.get("trained") is None:
        return made
    made["gap"] = max(row["target"] - row["trained"], 0)
    if row["hours_least"] is not None:
        made["hours_needed"] = made["gap"] * row["hours_least"]
        for name in ("offline", "practice"):
            share = row[f"{name}_pct"]
            made[f"{name}_hours_needed"] = None if share is None else made["hours_needed"] * share / 100
    return made


def _reasons(rule: RoleRule, row: Mapping, setting: Setting) -> Iterable[str]:
    """Why a figure is missing, or what it does not cover."""
    if not row["enterprises"]:
        yield "没有面向的单位"
        return
    if row["persons"] is None:
        lacking = "没有缴费人数" if rule.role == STAFF else "没有该类人员的重点岗位人员统计"
        yield lacking if rule.role == STAFF or setting.has_staff else "没有交付重点岗位人员"
    elif row["enterprises_counted"] < row["enterprises"]:
        yield f"{row['enterprises']:,} 家中只有 {row['enterprises_counted']:,} 家有统计"
    if row.get("trained") is None:
        yield "没有交付培训记录，也没有已培训人数"
    if rule.target_pct is None:
        yield "方案没有写覆盖率"


def _total(by_role: list[dict]) -> dict:
    """All roles together: sums of what is known, a target and a gap only where each role has one."""
    row: dict = {name: total(one.get(name) for one in by_role) for name in COUNTED}
    row["enterprises"] = max(one["enterprises"] for one in by_role)
    row["enterprises_counted"] = max(one["enterprises_counted"] for one in by_role)
    for name in ("persons", "trained", "target", "gap", "hours_needed"):
        if any(one.get(name) is None for one in by_role):
            row[name] = None
    sources = {one["trained_from"] for one in by_role}
    shares = {one["target_pct"] for one in by_role}
    row |= {"role": ALL, "trained_from": sources.pop() if len(sources) == 1 else None,
            "target_pct": shares.pop() if len(shares) == 1 else None}
    if row["persons"] and row["trained"] is not None:
        row["trained_pct"] = row["trained"] * 100 / row["persons"]
    row["reason"] = None if row["persons"] is not None else "有的类别没有人数"
    return row


def totals(training_demand: Stored) -> list[dict]:
    """The rows of all roles in the whole area, one a programme."""
    return [row for row in training_demand.columns().to_pylist() if (row["role"], row["region_code"]) == (ALL, WHOLE_AREA)]
