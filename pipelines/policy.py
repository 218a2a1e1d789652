"""The model of a policy: one TOML file per city plan, read strictly.

Belongs here: what a policy may say and what of it enters SQL as tables. How its rules are applied is in stats/official.py.
"""

import csv
import functools
import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import pyarrow as pa

from pipelines.contracts.codes import CLAUSE_GROUP

FOLDER = Path(__file__).parent / "policies"
CRITERIA = ("rate_above_region", "pay_ratio_above_region", "rate_above_threshold", "death_or_severe",
            "premium_rate_raised", "listed_industry")
ORDERS = ("mean_rank", "injuries", "rate")
DATES = {"accident": "事故时间", "decision": "认定日期", "report": "报告日期"}
PREMIUMS = {"collected": "到账", "due_period": "费款所属期"}
UNKNOWN_CLAUSE = "unknown"


class PolicyError(Exception):
    """A policy file cannot be used; the message names the file, the entry and what may stand there."""


@dataclass(frozen=True)
class Rate:
    """The definition of the injury rate (the switches of DESIGN's `definition`)."""

    clauses: tuple[str, ...]
    date: str
    counts_projects: bool
    counts_old_injuries: bool
    threshold_pct: float


@dataclass(frozen=True)
class Criterion:
    """One criterion of the official rule."""

    kind: str
    title: str
    period: str = "last_year"
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class ListRule:
    """Who may enter the list (`all` or `any` of the criteria), in which order, how many places."""

    places: int
    enter: str
    order: tuple[str, ...]
    period: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Policy:
    """A city plan's rules."""

    name: str
    title: str
    source: str
    rate: Rate
    premium: str
    cap_pct: float
    rule: ListRule
    has_outreach: bool
    digest: str


@dataclass(frozen=True)
class PlanWord:
    """What a word of the plans means: places in the industry tree, by classification and of any level, and designations."""

    word: str
    industries: Mapping[str, tuple[str, ...]]
    designations: tuple[str, ...]


def names() -> list[str]:
    """The policies that come with the product."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@functools.cache
def plan_words() -> dict[str, PlanWord]:
    """The maintained table of plan words."""
    with (FOLDER / "plan_words.csv").open(encoding="utf-8") as file:
        return {row["word"]: _plan_word(row) for row in csv.DictReader(file)}


def _plan_word(row: Mapping[str, str]) -> PlanWord:
    """A line of the table; the 2011 edition means the same codes unless the line says otherwise."""
    def split(text: str) -> tuple[str, ...]:
        return tuple(part for part in text.split("|") if part)

    newer, older = split(row["industry"]), split(row["industry_2011"] or row["industry"])
    return PlanWord(row["word"], {"gbt4754-2017": newer, "gbt4754-2011": older}, split(row["designation"]))


def load(name: str) -> Policy:
    """A policy by its name or by the path of a .toml file. Raises PolicyError."""
    path = Path(name) if name.endswith(".toml") else FOLDER / f"{name}.toml"
    if not path.is_file():
        raise PolicyError(f"没有政策 {name}；现有：{'、'.join(names())}，或给出一个 .toml 文件的路径")
    content = path.read_bytes()
    try:
        return _policy(path.stem, tomllib.loads(content.decode()), hashlib.sha256(content).hexdigest())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"政策 {path.name} 不是有效的 TOML：{error}") from None
    except KeyError as error:
        raise PolicyError(f"政策 {path.name} 缺少 {error.args[0]}") from None
    except (TypeError, ValueError) as error:
        raise PolicyError(f"政策 {path.name}：{error}") from None


def _policy(name: str, said: dict, digest: str) -> Policy:
    listed = said["list"]
    _only("顶层", said, ("title", "source", "rate", "pay_ratio", "fund", "list", "outreach"))
    _only("[list]", listed, ("places", "enter", "order", "period", "criterion"))
    criteria = tuple(_criterion(entry) for entry in listed["criterion"])
    rule = ListRule(int(listed["places"]), _one_of("enter", listed["enter"], ("all", "any")),
                    tuple(_one_of("order", key, ORDERS) for key in listed["order"]), _period(listed["period"]), criteria)
    if rule.places < 1 or not criteria:
        raise ValueError("[list] 至少要有一个名额和一条 criterion")
    return Policy(name, said["title"], said["source"], _rate(said["rate"]),
                  _one_of("premium", said["pay_ratio"]["premium"], tuple(PREMIUMS)), float(said["fund"]["cap_pct"]),
                  rule, "outreach" in said, digest)


def _rate(said: dict) -> Rate:
    _only("[rate]", said, tuple(f.name for f in fields(Rate)))
    clauses = tuple([*CLAUSE_GROUP, UNKNOWN_CLAUSE] if said["clauses"] == "all" else said["clauses"])
    for clause in clauses:
        _one_of("clauses", clause, (*CLAUSE_GROUP, UNKNOWN_CLAUSE))
    return Rate(clauses, _one_of("date", said["date"], tuple(DATES)), bool(said["counts_projects"]),
                bool(said["counts_old_injuries"]), float(said["threshold_pct"]))


def _criterion(said: dict) -> Criterion:
    _only("[[list.criterion]]", said, tuple(f.name for f in fields(Criterion)))
    for word in said.get("words", ()):
        if word not in plan_words():
            raise ValueError(f"plan_words.csv 中没有“{word}”；请先把它对应到行业或名录")
    return Criterion(_one_of("kind", said["kind"], CRITERIA), said["title"], _period(said.get("period", "last_year")),
                     tuple(said.get("words", ())))


def _period(name: str) -> str:
    return _one_of("period", name, ("last_year", "last_3_years"))


def _one_of(entry: str, value, allowed):
    if value not in allowed:
        raise ValueError(f"{entry} = {value!r} 不认识；只能是 {'、'.join(map(str, allowed))}")
    return value


def _only(where: str, said: dict, allowed) -> None:
    unknown = set(said) - set(allowed)
    if unknown:
        raise ValueError(f"{where} 中有不认识的 {'、'.join(sorted(unknown))}")


def definition_table(policy: Policy) -> pa.Table:
    """The switches that SQL needs, one row."""
    rate = policy.rate
    return pa.table({
        "date_basis": [rate.date], "counts_projects": [rate.counts_projects],
        "counts_old_injuries": [rate.counts_old_injuries], "premium_basis": [policy.premium],
        "threshold_bp": pa.array([round(rate.threshold_pct * 10000)], pa.int64()),
        "cap_bp": pa.array([round(policy.cap_pct * 10000)], pa.int64()),
    })


def clause_table(policy: Policy) -> pa.Table:
    """The clauses that count, one row each."""
    return pa.table({"clause": list(policy.rate.clauses)})


def rule_table(policy: Policy, regions: str) -> pa.Table:
    """What a list stands on beside its tables: the whole policy and how the settings divide it by region; one row."""
    return pa.table({"policy": [policy.digest], "regions": [regions]})


def rate_definition(policy: Policy) -> str:
    """How the rate is defined, in words."""
    rate = policy.rate
    every = len(rate.clauses) == len(CLAUSE_GROUP) + 1
    scope = "全部情形" if every else "仅" + "、".join(rate.clauses)
    counted = (("建设项目", rate.counts_projects), ("老工伤", rate.counts_old_injuries))
    left_out = [title for title, is_counted in counted if not is_counted]
    without = f"，不含{'、'.join(left_out)}" if left_out else ""
    return f"工伤发生率＝认定及视同工伤人次（按{DATES[rate.date]}，{scope}{without}）÷月平均缴费人数，%"


def pay_ratio_definition(policy: Policy) -> str:
    """How the pay ratio is defined, in words."""
    return f"支缴率＝时段内基金支付÷时段内实缴保费（按{PREMIUMS[policy.premium]}，不含滞纳金，退费冲减），%"
