"""Reads a policy's file: strictly, with the line of whatever cannot be.

Belongs here: which entries a policy has, and which of them contradict each other.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from pipelines.policy import model, programme_reading
from pipelines.policy.entries import Entries, EntryError
from pipelines.policy.model import Criterion, Floating, Groups, Hotspots, Limits, ListRule, Outreach, Policy, Rate, Tier
from pipelines.policy.words import UNMAPPED, plan_words

FOLDER = Path(__file__).parent.parent / "policies"
TABLES = ("title", "source", "rate", "pay_ratio", "fund", "list", "outreach", "floating", "goal", "groups", "hotspots", "plan",
          "programme")
COUNTED = ("at_least", "top_pct")


class PolicyError(Exception):
    """A policy file cannot be used; the message names the file, the line, the entry and what may stand there."""


def names() -> list[str]:
    """The policies that come with the product."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(name: str) -> Policy:
    """A policy by its name or by the path of a .toml file. Raises PolicyError."""
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        raise PolicyError(f"没有政策 {name}；现有：{'、'.join(names())}，或给出一个 .toml 文件的路径")
    content = path.read_bytes()
    try:
        return _policy(path.stem, Entries.of(content.decode()), hashlib.sha256(content).hexdigest())
    except UnicodeDecodeError as error:
        raise PolicyError(f"政策 {path.name} 不是 UTF-8 文字：{error.reason}") from None
    except EntryError as error:
        raise PolicyError(f"政策 {path.name} {error}") from None


def _policy(name: str, file: Entries, digest: str) -> Policy:
    file.only(*TABLES)
    rate, premium, fund = file.table("rate"), file.table("pay_ratio"), file.table("fund")
    premium.only("premium")
    fund.only("cap_pct")
    listed = file.table("list")
    rule = _list(listed)
    outreach = _outreach(file.table("outreach"), rule) if "outreach" in file.said else None
    read = Policy(name, file.text("title"), file.text("source"), _rate(rate), premium.one_of("premium", model.PREMIUMS),
                  float(fund.number("cap_pct", 0, 100)), rule, outreach, digest,
                  _floating(file.table("floating")) if "floating" in file.said else None,
                  _goal(file.table("goal")) if "goal" in file.said else None,
                  _groups(file.table("groups")) if "groups" in file.said else Groups(),
                  _hotspots(file.table("hotspots")) if "hotspots" in file.said else Hotspots(),
                  programme_reading.plan(file, outreach))
    for table, criterion in _criteria_with_tables(file, read):
        _refuse_undefined(criterion, table, rate, read.rate)
    return read


def _rate(said: Entries) -> Rate:
    said.only("clauses", "date", "counts_projects", "counts_old_injuries", "threshold_pct")
    is_all = said.needed("clauses", f'"all"，或其中几项 {"、".join(model.CLAUSES)}') == "all"
    threshold = said.number("threshold_pct", 0, 100) if "threshold_pct" in said.said else model.USUAL_THRESHOLD_PCT
    return Rate(model.CLAUSES if is_all else said.some_of("clauses", model.CLAUSES), said.one_of("date", model.DATES),
                said.flag("counts_projects"), said.flag("counts_old_injuries"), float(threshold))


def _goal(said: Entries) -> float:
    said.only("rate_change_pct")
    return float(said.number("rate_change_pct", -100, 0))


def _groups(said: Entries) -> Groups:
    said.only(*Groups.__dataclass_fields__)
    share = {"heads_top_pct": float(said.number("heads_top_pct", 0, 100))} if "heads_top_pct" in said.said else {}
    return Groups(**share, **{name: said.whole(name, 1) for name in said.said if name not in share})


def _hotspots(said: Entries) -> Hotspots:
    said.only(*Hotspots.__dataclass_fields__)
    usual = Hotspots()
    return Hotspots(said.whole("sites", 1) if "sites" in said.said else usual.sites,
                    float(said.number("radius_m", 25, 2000)) if "radius_m" in said.said else usual.radius_m,
                    *(said.flag(name) if name in said.said else False for name in ("by_county", "platform")))


def _floating(said: Entries) -> Floating:
    said.only("years", "tier", "tier_without_injury")
    tiers = tuple(_tiers(said, "tier"))
    if not tiers:
        said.refuse("[floating] 没有档次；请写 [[floating.tier]] 的 up_to_pct 与 tier_pct")
    return Floating(said.whole("years", 1), tiers, tuple(_tiers(said, "tier_without_injury")))


def _tiers(said: Entries, name: str) -> Iterable[Tier]:
    """Tiers in rising order of the pay ratio, of which the last one only has no limit."""
    before, tables = 0.0, list(said.tables(name))
    for number, one in enumerate(tables, 1):
        one.only("up_to_pct", "tier_pct")
        if number == len(tables) and "up_to_pct" in one.said:
            one.refuse("最后一档不写 up_to_pct（以上全部）", "up_to_pct")
        limit = None if number == len(tables) else float(one.number("up_to_pct", 0))
        if limit is not None and limit <= before:
            one.refuse(f"up_to_pct = {limit:g} 须大于前一档的 {before:g}", "up_to_pct")
        before = limit or before
        yield Tier(float(one.number("tier_pct", 1, 1000)), limit)


def _list(said: Entries) -> ListRule:
    said.only("places", "enter", "order", "official_order", "period", "limits", "criterion", "also")
    places, period = said.whole("places", 1), said.one_of("period", model.PERIODS)
    enter, criteria = said.one_of("enter", model.ENTER), tuple(_criteria(said.tables("criterion")))
    if enter == "everyone" and criteria:
        said.refuse('enter = "everyone" 与 [[list.criterion]] 矛盾；要设准入条件的写 all、any，只在依据中提到的写 [[list.also]]',
                    "enter")
    if enter != "everyone" and not criteria:
        said.refuse(f'enter = {enter!r} 需要至少一条 [[list.criterion]]；没有准入条件的写 "everyone"', "enter")
    order = _order(said, "order", criteria, ("excess",))
    official = _order(said, "official_order", criteria, order if criteria else ())
    also = tuple(_criteria(said.tables("also")))
    limits = _limits(said.table("limits"), places) if "limits" in said.said else Limits()
    return ListRule(places, enter, order, official, period, criteria, also, limits)


def _order(said: Entries, name: str, criteria: tuple[Criterion, ...], usual: tuple[str, ...]) -> tuple[str, ...]:
    order = said.some_of(name, model.ORDERS) if name in said.said else usual
    if "mean_rank" in order and not {criterion.kind for criterion in criteria} & set(model.RANKED):
        kinds = "、".join(model.RANKED)
        said.refuse(f"{name} 中的 mean_rank 是准入指标名次的均值，而没有 {kinds} 的 [[list.criterion]]", name, "mean_rank")
    return order


def _limits(said: Entries, places: int) -> Limits:
    said.only(*Limits.__dataclass_fields__)

    def number(name: str, least: int) -> int | None:
        return said.whole(name, least) if name in said.said else None

    for name in ("per_district", "per_industry"):
        if (number(name, 1) or 0) > places:
            said.refuse(f"{name} = {said.said[name]} 多于名额 places = {places}，不起作用；请改小或删去", name)
    years = said.number("minimum_person_years", 0) if "minimum_person_years" in said.said else None
    reserve = said.number("reserve", 1) if "reserve" in said.said else model.USUAL_RESERVE
    excludes = said.said.get("excludes", None)
    excluded = () if excludes == [] else said.some_of("excludes", model.EXCLUDES) if excludes is not None else ("closed",)
    return Limits(number("per_district", 1), number("per_industry", 1), years, number("minimum_trainees", 1),
                  number("served_within_years", 0), excluded, float(reserve))


def _outreach(said: Entries, rule: ListRule) -> Outreach:
    said.only("enter", "criterion")
    enter = said.one_of("enter", ("all", "any"))
    criteria = tuple(_criteria(said.tables("criterion"))) or rule.criteria
    if not criteria:
        said.refuse("[outreach] 没有条件；请写 [[outreach.criterion]]（[list] 也没有可以沿用的）")
    return Outreach(enter, criteria)


def _criteria(tables: Iterable[Entries]) -> Iterable[Criterion]:
    seen: dict[tuple, str] = {}
    for said in tables:
        criterion = _criterion(said)
        if criterion.said in seen:
            said.refuse(f"“{criterion.title}”与“{seen[criterion.said]}”重复", "kind")
        seen[criterion.said] = criterion.title
        yield criterion


def _criterion(said: Entries) -> Criterion:
    kind = said.one_of("kind", model.CRITERIA)
    takes = model.CRITERIA[kind]
    said.only("kind", "title", *takes)
    period = said.one_of("period", model.PERIODS) if "period" in said.said else "last_year"
    words = said.some_of("words", plan_words(), UNMAPPED) if "words" in takes else ()
    numbers = [name for name in COUNTED if name in said.said]
    if "at_least" in takes and len(numbers) != 1:
        said.refuse(f"{kind} 要写 at_least（多少以上）或 top_pct（前百分之几）之一", *numbers[1:])
    at_least = float(said.number("at_least", 1)) if "at_least" in numbers else None
    top = float(said.number("top_pct", 0.01, 100)) if "top_pct" in numbers else None
    below = said.whole("heads_below", 1) if "heads_below" in said.said else None
    return Criterion(kind, said.text("title"), period, words, at_least, top, below)


def _criteria_with_tables(file: Entries, read: Policy) -> Iterable[tuple[Entries, Criterion]]:
    yield from zip(file.table("list").tables("criterion"), read.rule.criteria, strict=True)
    yield from zip(file.table("list").tables("also"), read.rule.also, strict=True)
    own = list(file.table("outreach").tables("criterion")) if read.outreach else []
    yield from zip(own, read.outreach.criteria if read.outreach and own else (), strict=True)


def _refuse_undefined(criterion: Criterion, said: Entries, rate: Entries, defined: Rate) -> None:
    """What a criterion needs of the definition of the rate."""
    if criterion.kind == "rate_above_threshold" and "threshold_pct" not in rate.said:
        said.refuse("rate_above_threshold 需要 [rate] 中的 threshold_pct（百分之几，如 4.0）", "kind")
    if criterion.kind == "many_occupational_disease" and model.DISEASE_CLAUSE not in defined.clauses:
        said.refuse(f"many_occupational_disease 与 [rate] 的 clauses 矛盾：其中没有职业病 {model.DISEASE_CLAUSE}", "kind")
