"""Hand-made cities for the tests of targeting: facts about a few units, all else as in a plain one."""

from dataclasses import replace

import pyarrow as pa

from pipelines import policy
from pipelines.policy import Criterion, Limits, Policy
from pipelines.targeting.choice import Choice, Chooser
from pipelines.targeting.facts import Facts

PERIODS = ("last_year", "last_3_years", "last_5_years")
FIGURES = {"injuries": 3, "person_years": 100.0, "rate_pct": 3.0, "pay_ratio": 50.0, "deaths": 0, "severe": 0, "diseases": 0,
           "premium_yuan": 1000.0, "payout_yuan": 500.0}
PLAIN = {
    "region_code": "000000", "district_code": "430702", "division": "C33", "is_cancelled": False, "is_project": False,
    "is_dispatch": False, "heads_now": 100.0,
    **{f"{name}_{period}": value for period in PERIODS for name, value in FIGURES.items()},
    "rate_ago": None, "rate_now": None, "tier_ago": None, "tier_now": None, "person_years_ahead": 100.0, "norm_injuries": 1.0,
    "posterior_ratio": 1.0, "posterior_shape": 10.0,
    "expected_injuries": 1.0, "excess_injuries": 0.0, "exceedance": 0.0, "prevention_index": 1.0,
}
TYPES = {name: pa.bool_() if isinstance(value, bool) else pa.string() if isinstance(value, str) else pa.float64()
         for name, value in PLAIN.items()}


def city(served: dict[str, str] | None = None, words: dict[str, tuple[str, ...]] | None = None, **units: dict) -> Facts:
    """Facts about units by their numbers; what is not said is as in PLAIN."""
    rows = [{"enterprise_id": unit, **PLAIN, **said} for unit, said in sorted(units.items())]
    assert all(set(said) <= set(PLAIN) for said in units.values())
    schema = pa.schema([("enterprise_id", pa.string()), *TYPES.items()])
    return Facts(pa.Table.from_pylist(rows, schema), words or {}, served or {})


def by_excess(**excess: float) -> dict[str, dict]:
    """Units that differ in what is expected above the norm."""
    return {unit: {"excess_injuries": value, "expected_injuries": 1 + value} for unit, value in excess.items()}


def with_rule(places: int = 2, limits: Limits | None = None, **said) -> Policy:
    """The default policy with another rule of its list."""
    plain = policy.load("expected-excess")
    rule = replace(plain.rule, places=places, limits=limits or Limits(), also=(), **said)
    return replace(plain, rule=rule)


def chosen(rules: Policy, facts: Facts, criteria: tuple[Criterion, ...] | None = None) -> tuple[Choice, dict[str, int]]:
    """The choice, and the ranks by unit of those that have one."""
    choice = Chooser(rules, facts, rules.rule.criteria if criteria is None else criteria).choose()
    return choice, {str(unit): int(rank) for unit, rank in zip(facts.ids, choice.rank, strict=True) if rank}


def reasons(choice: Choice, facts: Facts) -> dict[str, str]:
    """Why units are not ranked."""
    return {str(unit): str(reason) for unit, reason in zip(facts.ids, choice.reason, strict=True) if reason}
