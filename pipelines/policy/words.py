"""A policy in Chinese words, and what the words of the plans mean.

Belongs here: the maintained table of plan words (policies/plan_words.csv), definitions and rules as sentences.
"""

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipelines.policy.model import CLAUSES, Limits, ListRule, Policy

PLAN_WORDS = Path(__file__).parent.parent / "policies" / "plan_words.csv"
UNMAPPED = "plan_words.csv 中没有“{}”；请先把它对应到行业或名录"
DATE_TITLES = {"accident": "事故时间", "decision": "认定日期", "report": "报告日期"}
PREMIUM_TITLES = {"collected": "到账", "due_period": "费款所属期"}
PERIOD_TITLES = {"last_year": "上年度", "last_3_years": "近三年", "last_5_years": "近五年"}
ENTER_TITLES = {"all": "须同时符合", "any": "符合其一即可"}
ORDER_TITLES = {
    "excess": "超额工伤（预期−同类一般）", "expected": "预期工伤", "mean_rank": "各准入指标名次的均值", "injuries": "工伤人次",
    "rate": "工伤发生率", "pay_ratio": "支缴率", "prevention_index": "预防指数", "exceedance": "超阈值的概率",
    "severe": "工亡与1–4级人次",
}
EXCLUDED_TITLES = {"closed": "已注销", "projects": "建设项目", "dispatch": "劳务派遣"}


@dataclass(frozen=True)
class PlanWord:
    """What a word of the plans means: places in the industry tree, by classification and of any level, and designations."""

    word: str
    industries: Mapping[str, tuple[str, ...]]
    designations: tuple[str, ...]


@functools.cache
def plan_words() -> dict[str, PlanWord]:
    """The maintained table of plan words."""
    with PLAN_WORDS.open(encoding="utf-8") as file:
        return {row["word"]: _plan_word(row) for row in csv.DictReader(file)}


def _plan_word(row: Mapping[str, str]) -> PlanWord:
    """A line of the table; the 2011 edition means the same codes unless the line says otherwise."""
    def split(text: str) -> tuple[str, ...]:
        return tuple(part for part in text.split("|") if part)

    newer, older = split(row["industry"]), split(row["industry_2011"] or row["industry"])
    return PlanWord(row["word"], {"gbt4754-2017": newer, "gbt4754-2011": older}, split(row["designation"]))


def rate_definition(policy: Policy) -> str:
    """How the rate is defined, in words."""
    rate = policy.rate
    scope = "全部情形" if len(rate.clauses) == len(CLAUSES) else "仅" + "、".join(rate.clauses)
    counted = (("建设项目", rate.counts_projects), ("老工伤", rate.counts_old_injuries))
    left_out = [title for title, is_counted in counted if not is_counted]
    without = f"，不含{'、'.join(left_out)}" if left_out else ""
    return f"工伤发生率＝认定及视同工伤人次（按{DATE_TITLES[rate.date]}，{scope}{without}）÷月平均缴费人数，%"


def pay_ratio_definition(policy: Policy) -> str:
    """How the pay ratio is defined, in words."""
    return f"支缴率＝时段内基金支付÷时段内实缴保费（按{PREMIUM_TITLES[policy.premium]}，不含滞纳金，退费冲减），%"


def order_title(order: tuple[str, ...]) -> str:
    """An order in words, the weightiest first."""
    return "，其次".join(ORDER_TITLES[key] for key in order)


def entry(policy: Policy) -> str:
    """The policy's rule of entry, order and limits in words."""
    rule = policy.rule
    who = "准入：全部单位" if rule.enter == "everyone" else (
        f"准入（{ENTER_TITLES[rule.enter]}）：{'；'.join(c.title for c in rule.criteria)}")
    is_other = rule.official_order not in ((), rule.order)
    official = f"（方案原文的排序：{order_title(rule.official_order)}，用于比较）" if is_other else ""
    return f"{who}。每个名单 {rule.places} 个名额，排序：{order_title(rule.order)}{official}。{limits_said(rule)}。"


def limits_said(rule: ListRule) -> str:
    """The limits of a list in words."""
    limits, period = rule.limits, PERIOD_TITLES[rule.period]
    said = [f"不列入{'、'.join(EXCLUDED_TITLES[name] for name in limits.excludes)}"] * bool(limits.excludes)
    for value, text in (
        (limits.minimum_person_years, f"{period}人年不少于 {{:g}}"), (limits.minimum_trainees, "现有缴费人数不少于 {:g}"),
        (limits.per_district, "每区不超过 {:g} 家"), (limits.per_industry, "每个行业大类不超过 {:g} 家"),
    ):
        said += [text.format(value)] if value is not None else []
    said += [served_title(limits) + "的不再列"] if limits.served_within_years is not None else []
    return "；".join([*said, f"备选至第 {rule.last_reserve} 名"])


def served_title(limits: Limits) -> str:
    """The limit on those served before, in words.

    >>> served_title(Limits(served_within_years=0)), served_title(Limits(served_within_years=2))
    ('本年度已服务', '近2年已服务')
    """
    years = limits.served_within_years or 0
    return f"近{years}年已服务" if years else "本年度已服务"
