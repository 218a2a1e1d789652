"""The sheets 名单回测 and 项目成效: what each rule would have caught in this city, and whether programmes have helped.

Belongs here: choosing and wording; the figures are in the marts list_backtest and programme_effect.
"""

from collections.abc import Mapping

import pyarrow as pa

from pipelines.contracts.evaluation import LIST_BACKTEST, PROGRAMME_EFFECT, RULES
from pipelines.reports import Chart, Field, Row, Sheet
from pipelines.reports.cells import cells, month_text

RULE_COLUMNS = tuple(LIST_BACKTEST[name] for name in (
    "rule", "year", "foresight_share", "excess_per_place", "places", "injuries", "excess", "predicted_to_actual", "overlap",
    "small_share"))
EFFECT_COLUMNS = tuple(PROGRAMME_EFFECT[name] for name in (
    "scope", "subject", "subject_name", "enterprises", "injuries_before", "injuries_after", "rate_change_pct",
    "expected_injuries", "effect_pct", "effect_low_pct", "effect_high_pct", "is_clear", "target_pct", "chance_without_effect"))
FORESIGHT, DECIDED = "foresight", "decided"
EFFECT_NOTE = ("成效 = 之后工伤 ÷ 没有项目时的预期 − 1，区间 95 %；“发生率原始变化”没有扣除回归均值：名单选的是工伤多的单位，"
               "不做任何项目来年也会下降，不能算作成效。")


def sheets(tables: Mapping[str, pa.Table]) -> list[Sheet]:
    """Both sheets, each where it has rows."""
    return [*_backtest(tables[LIST_BACKTEST.name].to_pylist()), *_effects(tables[PROGRAMME_EFFECT.name].to_pylist())]


def _backtest(rows: list[dict]) -> list[Sheet]:
    if not rows:
        return []
    rows.sort(key=lambda row: (-row["year"], row["rule"] == FORESIGHT, -(row["excess"]), row["rule"]))
    newest = [row for row in rows if row["year"] == rows[0]["year"] and row["rule"] != FORESIGHT]
    made = [Row(cells(RULE_COLUMNS, row), _tone(row, newest)) for row in rows]
    note = f"每份名单只用列名单时已知的数据，再看下一年。{rows[0]['definition'].split('；')[-1]}。"
    notes = (*sentences(rows), note)
    chart = Chart(f"{rows[0]['year']} 年：各规则的名单占事后最优名单的比例 %", 0, 2)
    fields = tuple(map(Field.of, RULE_COLUMNS))
    compared = tuple(Row(cells(RULE_COLUMNS, row), _tone(row, newest)) for row in newest)
    return [Sheet("名单回测", LIST_BACKTEST.title, notes, fields, tuple(made)),
            Sheet("名单回测图", "哪种规则在本市最有用", notes[:2], fields, compared, chart)]


def _tone(row: Mapping, newest: list[dict]) -> str:
    if row["rule"] == FORESIGHT:
        return "total"
    return "listed" if newest and row["rule"] == newest[0]["rule"] else "plain"


def sentences(rows: list[dict]) -> tuple[str, str]:
    """Which rule served this bureau best, in two plain sentences."""
    years = sorted({row["year"] for row in rows})
    # A meeting chooses more units or fewer than there are places.
    by_rule = {rule: [row for row in rows if row["rule"] == rule] for rule in RULES if rule not in (FORESIGHT, DECIDED)}
    caught = {rule: sum(row["excess"] for row in found) for rule, found in by_rule.items() if len(found) == len(years)}
    best, worst = max(caught, key=lambda rule: (caught[rule], rule)), min(caught, key=lambda rule: (caught[rule], rule))
    places = sum(row["places"] for row in by_rule[best])
    foresight = sum(row["excess"] for row in rows if row["rule"] == FORESIGHT)
    share = f"，是事后最优名单的 {caught[best] / foresight * 100:.0f} %" if foresight > 0 else ""
    when = f"{years[0]}–{years[-1]} 年" if len(years) > 1 else f"{years[0]} 年"
    first = (f"{when}回测，“{RULES[best][0]}”的名单最有用：{places:,} 个名额下一年共有超额工伤 {caught[best]:.1f} 人次{share}。")
    second = (f"最差的是“{RULES[worst][0]}”，同样多的名额只有 {caught[worst]:.1f} 人次；"
              f"超额工伤 = 高出同行业同规模一般水平、项目有望减少的部分。")
    return first, second


def _effects(rows: list[dict]) -> list[Sheet]:
    if not rows:
        return []
    order = list(PROGRAMME_EFFECT["scope"].codes or ())
    rows.sort(key=lambda row: (-row["list_month"], row["list_version"], order.index(row["scope"]), row["subject"]))
    made, version = [], ""
    for row in rows:
        if row["list_version"] != version:
            version = row["list_version"]
            span = f"{month_text(row['first_month'])} 至 {month_text(row['last_month'])}"
            title = f"{month_text(row['list_month'])} 的名单；之后 {row['months_after']} 个月（{span}）"
            made.append(Row(("", title, *[""] * (len(EFFECT_COLUMNS) - 2)), "group"))
        made.append(Row(cells(EFFECT_COLUMNS, row), "total" if row["scope"] == "list" else "plain"))
    return [Sheet("项目成效", PROGRAMME_EFFECT.title, (EFFECT_NOTE,), tuple(map(Field.of, EFFECT_COLUMNS)), tuple(made))]
