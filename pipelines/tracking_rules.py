"""The rules under which figures are completed and targets judged (tables/tracking.toml), read strictly.

Belongs here: what the file may say. How the rules are applied is in development.py and plan_progress.py.
"""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import NamedTuple

FILE = Path(__file__).parent / "tables" / "tracking.toml"
PATHS = ("geometric", "linear")


class TrackingRulesError(Exception):
    """The file cannot be used; the message names the section, the entry and what may stand there."""


@dataclass(frozen=True)
class DevelopmentRules:
    """When and how far the delay of claims is estimated."""

    horizon_months: int
    least_months: int
    least_accident_months: int
    least_claims: int
    history_months: int
    least_completeness_pct: int
    stable_points: int


@dataclass(frozen=True)
class TargetRules:
    """How targets are compared with what was reached."""

    path: str
    settled_after_months: int
    likely_pct: int


class TrackingRules(NamedTuple):
    """The sections of the file."""

    development: DevelopmentRules
    targets: TargetRules


def load(path: Path = FILE) -> TrackingRules:
    """The rules of a file. Raises TrackingRulesError."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TrackingRulesError(f"{path.name} 不是有效的 TOML：{error}") from None
    if set(said) != set(TrackingRules._fields):
        raise TrackingRulesError(f"{path.name} 应有且只有 {'、'.join(f'[{name}]' for name in TrackingRules._fields)}")
    rules = TrackingRules(_section(path, said, "development", DevelopmentRules), _section(path, said, "targets", TargetRules))
    _check(path, rules)
    return rules


def _section(path: Path, said: dict, name: str, kind):
    """One section as its dataclass: every entry there, none besides, each of its type."""
    expected = {field.name: field.type for field in fields(kind)}
    wrong = sorted(set(said[name]) ^ set(expected))
    if wrong:
        raise TrackingRulesError(f"{path.name} [{name}]：缺少或不认识 {'、'.join(wrong)}；应有 {'、'.join(expected)}")
    for entry, value in said[name].items():
        if type(value) is not expected[entry]:
            wanted = "整数" if expected[entry] is int else "文字"
            raise TrackingRulesError(f"{path.name} [{name}] {entry} = {value!r}：应为{wanted}")
    return kind(**said[name])


def _check(path: Path, rules: TrackingRules) -> None:
    development, targets = rules
    conditions = {
        "horizon_months 不小于 least_months，二者不小于 1": 1 <= development.least_months <= development.horizon_months,
        "least_accident_months、least_claims 不小于 1": min(development.least_accident_months, development.least_claims) >= 1,
        "history_months 大于 horizon_months": development.history_months > development.horizon_months,
        "least_completeness_pct 在 1–100": 1 <= development.least_completeness_pct <= 100,
        "stable_points 在 1–100": 1 <= development.stable_points <= 100,
        f"path 是 {'、'.join(PATHS)} 之一": targets.path in PATHS,
        "settled_after_months 在 0–24": 0 <= targets.settled_after_months <= 24,
        "likely_pct 在 51–100": 51 <= targets.likely_pct <= 100,
    }
    broken = [text for text, holds in conditions.items() if not holds]
    if broken:
        raise TrackingRulesError(f"{path.name}：须 {'；'.join(broken)}")
