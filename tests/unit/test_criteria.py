"""Each kind of criterion on units that just meet it and just do not, and what the evidence says of it."""

from types import SimpleNamespace

import numpy as np
import pytest

from pipelines import classification, policy
from pipelines.periods import windows
from pipelines.policy import Criterion
from pipelines.targeting.criteria import SOURCE_OF, addressed, enters, meets, usable
from pipelines.targeting.evidence import Evidence
from pipelines.targeting.rows import _chance
from tests.unit.cities import city, with_rule

TREE = classification.classifications()["gbt4754-2017"]
SPANS = {span.period: span for span in windows(202412)}
OUTLOOK = {"norm_code": "C3311", "size_band": "100_249", "norm_pct": 1.234, "posterior_ratio": 2.44, "ratio_low": 1.5,
           "ratio_high": 3.25, "person_years_ahead": 400.0,
           "expected_injuries": 2.96, "excess_injuries": 1.74, "predicted_low": 1, "predicted_high": 5}
ANY = {
    "rate_above_region": {"A": {"rate_pct_last_year": 3.01}, "B": {"rate_pct_last_year": 3.0}},
    "pay_ratio_above_region": {"A": {"pay_ratio_last_year": 50.01}, "B": {"pay_ratio_last_year": 50.0}},
    "rate_above_threshold": {"A": {"rate_pct_last_year": 4.01}, "B": {"rate_pct_last_year": 4.0}},
    "death_or_severe": {"A": {"severe_last_year": 1}, "B": {"deaths_last_3_years": 1}},
    "premium_rate_raised": {"A": {"rate_ago": 0.009, "rate_now": 0.0108, "tier_ago": 1, "tier_now": 1.2}, "B": {}},
    "listed_industry": {"A": {}, "B": {}},
    "many_staff": {"A": {"heads_now": 200}, "B": {"heads_now": 199}},
    "many_injuries": {"A": {"injuries_last_year": 200}, "B": {"injuries_last_year": 199}},
    "many_occupational_disease": {"A": {"diseases_last_year": 200}, "B": {"diseases_last_year": 199}},
}
SAID = {
    "rate_above_region": "标题（3.01%，全市3.00%）", "pay_ratio_above_region": "标题（50.0%，全市50.0%）",
    "rate_above_threshold": "标题（4.01%）", "death_or_severe": "标题（死亡0人、1–4级1人）",
    "premium_rate_raised": "标题（浮动档次由100%上调至120%，费率0.9%→1.08%）", "listed_industry": "标题（属冶金）",
    "many_staff": "标题（现有200人，不少于200）", "many_injuries": "标题（上年度200人次，不少于200）",
    "many_occupational_disease": "标题（上年度200例，不少于200）",
}


def of(kind: str, **said) -> Criterion:
    numbers = {"at_least": 200} if kind.startswith("many") and not said else {}
    return Criterion(kind, "标题", words=("冶金", "建材") if kind == "listed_industry" else (), **numbers, **said)


def evidence(facts, *criteria: Criterion) -> Evidence:
    rules = with_rule()
    return Evidence(rules, facts, {one: meets(one, facts, rules) for one in criteria}, SPANS, TREE)


@pytest.mark.parametrize("kind", policy.model.CRITERIA)
def test_who_just_meets_a_criterion_and_who_just_does_not(kind):
    facts = city(words={"A": ("冶金", "煤矿")}, **ANY[kind])
    assert meets(of(kind), facts, with_rule()).tolist() == [True, False]
    assert evidence(facts, of(kind))._met(0, of(kind)) == SAID[kind]


@pytest.mark.parametrize("kind", policy.model.CRITERIA)
def test_what_is_unknown_meets_nothing(kind):
    of_year = ("rate_pct", "pay_ratio", "deaths", "severe", "injuries", "diseases")
    unknown = dict.fromkeys([*(f"{name}_last_year" for name in of_year), "rate_now", "heads_now"])
    assert not meets(of(kind), city(A=unknown, B={}), with_rule())[0]


def test_a_criterion_looks_at_its_own_period():
    facts = city(A={"injuries_last_5_years": 9}, B={"injuries_last_3_years": 9})
    assert meets(of("many_injuries", period="last_5_years", at_least=9), facts, with_rule()).tolist() == [True, False]


def test_a_share_is_taken_of_the_units_of_the_region():
    units = {f"U{n:02d}": {"heads_now": 100 - n, "region_code": "12"[n % 2]} for n in range(40)}
    met = meets(of("many_staff", top_pct=10), city(**units), with_rule())
    assert np.flatnonzero(met).tolist() == [0, 1, 2, 3]  # two of twenty in each


def test_a_count_among_small_units_only():
    """Of units below 50 heads, half: the one of 49 heads with most injuries; larger ones are neither met nor counted."""
    facts = city(A={"heads_now": 50, "injuries_last_year": 9}, B={"heads_now": 49, "injuries_last_year": 2},
                 C={"heads_now": 10, "injuries_last_year": 1}, D={"heads_now": None, "injuries_last_year": 8})
    small = of("many_injuries", top_pct=50, heads_below=50)
    assert meets(small, facts, with_rule()).tolist() == [False, True, False, False]
    assert evidence(facts, small)._met(1, small) == "标题（上年度2人次，居前50%，现有49人）"


def test_criteria_without_their_sources_are_left_out():
    criteria = [of("rate_above_region"), of("death_or_severe"), of("many_injuries", at_least=1, heads_below=9)]
    assert usable(criteria, {"claim"}.__contains__) == ([criteria[1]], [criteria[0], criteria[2]])
    assert set(SOURCE_OF) == set(policy.model.CRITERIA)


@pytest.mark.parametrize(("how", "entered"), [
    ("everyone", [True, True, True]), ("all", [True, False, False]), ("any", [True, True, False])])
def test_who_enters(how, entered):
    met = [np.array([True, True, False]), np.array([True, False, False])]
    assert enters(how, met, 3).tolist() == entered
    assert enters(how, [], 3).tolist() == [how == "everyone"] * 3


def test_outreach_names_those_who_are_open():
    facts = city(A={"severe_last_year": 1}, B={"severe_last_year": 1, "is_cancelled": True}, C={})
    rules = SimpleNamespace(outreach=policy.Outreach("any", (of("death_or_severe"),)))
    assert addressed(rules, facts, rules.outreach.criteria)[1].tolist() == [0]  # pyright: ignore[reportArgumentType]
    assert addressed(with_rule(), facts, ())[1].tolist() == []


def test_the_whole_sentence():
    facts = city(A={"injuries_last_3_years": 9, "person_years_last_3_years": 1234.56, "severe_last_year": 1}, B={})
    grave, rate = of("death_or_severe"), Criterion("rate_above_region", "近三年发生率高于全市", "last_3_years")
    said = evidence(facts, grave, rate).sentence(0, [rate], [grave], OUTLOOK, "属于前22名的概率83%")
    assert said == (
        "近三年（2022-01–2024-12）工伤9人次，1,234.6人年，发生率3.00%（全市0.90%）；"
        "同类单位（金属制品业，100–249 人）发生率一般为1.23%，扣除偶然波动，本单位的风险约为同类的2.4倍（80%区间1.5–3.2倍）；"
        "不开展项目，来年预计工伤3.0人次（80%区间1–5人次），比同类多1.7人次；属于前22名的概率83%。"
        "符合：近三年发生率高于全市。另符合：标题（死亡0人、1–4级1人）。")


def test_without_heads_or_expectations_the_sentence_says_less():
    facts = city(A={"rate_pct_last_3_years": None, "person_years_last_3_years": None})
    assert evidence(facts).sentence(0, [], [], {"expected_injuries": None}) == (
        "近三年（2022-01–2024-12）工伤3人次，无可用人数，不计发生率。")
    below = {**OUTLOOK, "norm_code": "unknown", "excess_injuries": -0.42}
    assert "同类单位（行业不明，100–249 人）" in evidence(facts).sentence(0, [], [], below)
    assert "比同类少0.4人次。" in evidence(facts).sentence(0, [], [], below)
    few = {**OUTLOOK, "expected_injuries": 0.04, "excess_injuries": -0.01}
    assert "来年预计工伤不到0.1人次（80%区间1–5人次），与同类相当。" in evidence(facts).sentence(0, [], [], few)
    gone = {**OUTLOOK, "person_years_ahead": 0.0}
    assert evidence(facts).sentence(0, [], [], gone).endswith("不计发生率；近十二个月无缴费人数，不作预计。")


@pytest.mark.parametrize(("probability", "said"), [
    (None, ""), (0.9951, "属于前22名的概率在99%以上"), (0.83, "属于前22名的概率为83%"), (0.004, "属于前22名的概率不到1%")])
def test_no_chance_is_said_to_be_certain(probability, said):
    assert _chance(probability, 22) == said
