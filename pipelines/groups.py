"""The table group_target of a month: queries fetched, every kind made, ranks and definitions added.

Belongs here: which tables the kinds read, and what is said where a source is missing. Who is in a kind is group_targets.py and
event_targets.py.
"""

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa

from pipelines import engine, event_targets, group_targets, grouped_units, outlook, rates
from pipelines import policy as policies
from pipelines.contracts.groups import GROUP_TARGET, NOT_LISTED, TARGET_KIND
from pipelines.deliveries import Deliveries
from pipelines.group_targets import City
from pipelines.lazy import Computed, Input, Query, Stored
from pipelines.periods import add_months
from pipelines.workspace import Workspace

DISEASE_YEARS = 5
BY_NORM = "一般水平＝同行业同规模基准×人年，使全市合计与实际相等"
SHRUNK = "比值按 Gamma–Poisson 收缩，组间差异按最大似然；超额＝（比值－1）×来年一般水平，按超额排序"
DEFINITIONS = {
    "industry": f"现有 50 人以下单位，按行业大类；一般水平＝全市同规模单位的平均发生率×人年；{SHRUNK}；"
                "小单位逐家排名没有意义，故不列单家",
    "street": f"现有 50 人以下单位，按街道；{BY_NORM}；{SHRUNK}",
    "small_park": f"现有 50 人以下单位，按园区；{BY_NORM}；{SHRUNK}",
    "park": f"全部现有单位，按园区；{BY_NORM}；{SHRUNK}",
    "enterprise": "现有单位中人数在全市前列的，按工伤人次排序；应有工伤＝同行业同规模基准×人年",
    "small_enterprise": "按参保人数近似为中型、小型、微型，有足够人数可培训，所属行业在重点行业中有超额；"
                        "按行业名次、再按人数排序",
    "disease_industry": "14-4 认定工伤，不含老工伤；应有＝全市例数×该行业人年占比，不是发病率",
    "disease_enterprise": "14-4 认定工伤，不含老工伤，按例数排序，不含已注销",
    "project": "在建项目中应保未保的（按造价）和有工伤的（按工伤）；认定只写施工总承包单位，事故当天它只有一个项目的才对到项目",
    "platform": "新就业形态职业伤害，不含不予确认的；单列，不进入任何发生率",
}
NO_UNITS = "没有人年和工伤都可用的单位"
LACKING = {
    **dict.fromkeys(("industry", "enterprise"), NO_UNITS), "street": "没有街道", "small_park": "没有园区", "park": "没有园区",
    "small_enterprise": "没有可按人数划型的单位", "disease_industry": "没有职业病认定", "disease_enterprise": "没有职业病认定",
    "project": "没有应保未保或有工伤的在建项目", "platform": "没有职业伤害",
}


class Sources(NamedTuple):
    """The tables of a month that the kinds stand on."""

    enterprise_outlook: Stored
    enterprise: Stored
    enterprise_year: Stored
    claim: Stored
    project_site: Stored
    platform_injury: Stored


Found = tuple[list[dict], int]
"""The rows of a kind in their order, and how much was left out."""


def group_target(place: Workspace, known: Deliveries, sources: Sources) -> Computed:
    """The table of a month."""
    city = _city(place, known, sources)
    made = {**_of_units(city), **_of_cases(place, known, sources, city)}
    absent = [f"{_title(kind)}（{LACKING[kind]}）" for kind in DEFINITIONS if not made[kind][0]]
    lacking = NOT_LISTED + "、".join(absent) if absent else ""
    rows = [{"as_of_month": known.as_of, "target_kind": kind, "rank": rank, **row,
             "definition": definition + _note(kind, made[kind][1], city.rules.least_units) + lacking}
            for kind, definition in DEFINITIONS.items() for rank, row in enumerate(made[kind][0], 1)]
    table = pa.Table.from_pylist([{name: row.get(name) for name in GROUP_TARGET.names} for row in rows], GROUP_TARGET.schema)
    rule = policies.rule_table(place.policy(), place.settings().regions)
    return Computed(table, {**sources._asdict(), "rule": rule})


def _title(kind: str) -> str:
    return (TARGET_KIND.codes or {})[kind][0]


def _note(kind: str, left_out: int, least_units: int) -> str:
    if not left_out:
        return ""
    if kind == "project":
        return f"；另有 {left_out:,} 件项目工伤对不到单个项目"
    return f"；另有 {left_out:,} 个不足 {least_units} 家单位的未列"


def _of_units(city: City) -> dict[str, Found]:
    industries = group_targets.industries(city)
    return {
        "industry": industries, "street": group_targets.places(city, grouped_units.street_keys, True),
        "small_park": group_targets.places(city, grouped_units.park_keys, True),
        "park": group_targets.places(city, grouped_units.park_keys, False),
        "enterprise": (group_targets.enterprises(city), 0),
        "small_enterprise": (group_targets.small_enterprises(city, industries[0]), 0),
    }


def _of_cases(place: Workspace, known: Deliveries, sources: Sources, city: City) -> dict[str, Found]:
    claims = {"claim": sources.claim, "enterprise": sources.enterprise}
    first, year = add_months(known.as_of, 1 - 12 * DISEASE_YEARS), add_months(known.as_of, -11)
    diseases = _rows(place, "marts/disease_case.sql", claims, {"first_month": first, "last_month": known.as_of})
    sites = _rows(place, "marts/project_target.sql", {**claims, "project_site": sources.project_site}, {})
    workers = {"platform_injury": sources.platform_injury}
    events = _rows(place, "marts/platform_count.sql", workers, {"first_month": year, "as_of": known.as_of})
    window = _months(first, known.as_of)
    return {
        "disease_industry": event_targets.disease_industries(city, diseases, window),
        "disease_enterprise": (event_targets.disease_enterprises(city, diseases, window), 0),
        "project": (event_targets.projects(sites), sites[0]["cases_unlinked"] if sites else 0),
        "platform": (event_targets.platforms(events), 0),
    }


def _city(place: Workspace, known: Deliveries, sources: Sources) -> City:
    query = Query("marts/target_unit.sql",
                  {"enterprise_outlook": sources.enterprise_outlook, "enterprise": sources.enterprise}, {"as_of": known.as_of})
    spans = outlook.years(known.as_of, *rates.months_covered(sources.enterprise_year))
    used = outlook.used(spans)
    window = _months(used[-1].first_month, used[0].last_month) if used else ""
    tree = rates.classification_of(sources.enterprise, place.settings().classification)
    return City(grouped_units.units(engine.fetch(query, place.core)), window, tree, place.policy().groups)


def _months(first: int, last: int) -> str:
    return f"{first // 100}-{first % 100:02d} 至 {last // 100}-{last % 100:02d} "


def _rows(place: Workspace, file: str, inputs: Mapping[str, Input], values: Mapping[str, int]) -> list[dict]:
    return engine.fetch(Query(file, inputs, values), place.core).to_pylist()
