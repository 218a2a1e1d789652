"""The figures in the text of a draft, by the names under which a template asks for them: rows of the marts put into words.

Belongs here: choosing and wording. No figure is computed; what no mart gives is None, and the draft then asks for it.
"""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

from pipelines.contracts import codes
from pipelines.contracts.model import Column
from pipelines.contracts.plan import ALL, PLAN_ITEM
from pipelines.contracts.shared import WHOLE_AREA
from pipelines.contracts.tracking import TARGET_PROGRESS
from pipelines.ingest.plan_edits import CANCELLED
from pipelines.policy import Policy
from pipelines.policy.programmes import Plan
from pipelines.reports.cells import month_text, shown
from pipelines.reports.hotspots import of_commuters

Rows = Mapping[str, list[dict]]
MOST_NAMED, WAN, NO_PLAN = 5, Decimal(10000), Plan(0)
ITEM_TITLES = {column.name: column.title for column in PLAN_ITEM.columns} | {
    "amount": "数量", "budget": "经费预算", "demand": "培训需求", "targets": "数量和人数", "term": "期限"}
BEFORE = {"exact": "", "least": "不少于", "most": "不超过", "about": "约"}
PLACE = re.compile(r"\{([^{}]+)\}")
PERIODS = ("last_year", "last_3_years", "year_to_date")


def figures(rows: Rows, month: int, policy: Policy) -> dict[str, str | None]:
    """Every figure by its name, None where it is not known."""
    lists = rows["priority_enterprise"]
    year = next((row["plan_year"] for row in rows["plan_item"]), None)
    return {
        "年度": None if year is None else str(year), "上年度": None if year is None else str(year - 1),
        "数据截止": month_text(month),
        "名单家数": _homes(sum(row["is_listed"] for row in lists)), "备选家数": _homes(sum(row["is_reserve"] for row in lists)),
        "宣传培训重点家数": _homes(len(rows["outreach_enterprise"])),
        **_plan(rows, policy), **_money(rows), **_rates(rows["industry_injury_rate"]), **_patterns(rows["injury_pattern"]),
        "多发路段": _sites(rows["commuting_hotspot"]), "规划目标": _targets(rows["target_progress"]),
    }


def filled(text: str, known: Mapping[str, str | None], asked: str = "") -> str:
    """The text with its figures; what is not known stays to be filled in, under its own name or that of the cell (`asked`).

    >>> filled("额度{额度}，{人数}", {"额度": "5万元"})
    '额度5万元，【待填：人数】'
    """
    return PLACE.sub(lambda found: known.get(found[1]) or asked or f"【待填：{found[1]}】", text)


def _plan(rows: Rows, policy: Policy) -> dict[str, str | None]:
    """What the policy says of all programmes together, and each programme's own figures as {programme.figure}."""
    live = [row for row in rows["plan_item"] if row["state"] != CANCELLED]
    prepaid = {row["prepayment_pct"] for row in live}
    goal = policy.rate_change_target_pct
    said = {one.what: f"{one.what}{BEFORE[one.bound]}{one.number:,.10g}{one.unit}"
            for one in (policy.plan or NO_PLAN).persons_said}
    own = {f"{row['programme_id']}.{name}": value or f"【待填：{row['name']}的{ITEM_TITLES.get(name, name)}】"
           for row in live for name, value in item_figures(row, demand_of(rows, row)).items()}
    return {**own, **said, "项目数": f"{len(live)}个", "目标降幅": None if goal is None else f"{-goal:g}%",
            "一览表": "变更后项目一览表" if rows["plan_change"] else "项目一览表",
            "预付比例": f"{prepaid.pop():g}%" if len(prepaid) == 1 and None not in prepaid else None}


def demand_of(rows: Rows, item: Mapping) -> list[dict]:
    """The rows of training_demand of a programme."""
    return [row for row in rows["training_demand"] if row["programme_id"] == item["programme_id"]]


def _homes(number: int) -> str | None:
    return f"{number:,}家" if number else None


def money(yuan: Decimal) -> str:
    """An amount in full: in 10,000 yuan where that takes two decimals at most, else in yuan.

    >>> money(Decimal("1571000.00")), money(Decimal("208074.68"))
    ('157.1万元', '208,074.68元')
    """
    wan = yuan / WAN
    if wan == wan.quantize(Decimal("0.01")):
        return f"{wan:,.2f}".rstrip("0").rstrip(".") + "万元"
    return f"{yuan:,.2f}元"


def _money(rows: Rows) -> dict[str, str | None]:
    """Ceiling, sums and the sentences that set them beside each other."""
    budget = {(row["line"], row["subject"]): row for row in rows["plan_budget"]}
    ceiling, total = budget.get(("ceiling", "ceiling"), {}), budget.get(("total", "all"), {})
    sums = {f"{title}预算": _amount(budget.get(("kind", kind), {})) for kind, title in (
        ("publicity", "宣传"), ("training", "培训"), ("other", "其他"))}
    said = [_total(rows["plan_item"], total, sums), _limit(budget, ceiling), *_beyond(total, budget.get(("fitting", "all"), {}))]
    return {"额度": _amount(ceiling), "预算合计": _amount(total), **sums, "预算说明": "".join(said)}


def _amount(row: Mapping) -> str | None:
    amount = row.get("amount_yuan")
    return None if amount is None else money(amount)


def _total(items: list[dict], total: Mapping, sums: Mapping[str, str | None]) -> str:
    """The number of programmes, their sum and its parts."""
    live = [row for row in items if row["state"] != CANCELLED]
    known = "，".join(f"{name}{amount}" for name, amount in sums.items() if amount)
    lacking = sum(row["budget_yuan"] is None for row in live)
    asked = f"{lacking}个项目经费未定，没有计入合计【待填：{lacking}个项目的经费】。" if lacking else ""
    whole = _amount(total)
    return f"共安排项目{len(live)}个" + (f"，预算合计{whole}（其中{known}）。" if whole else "。") + asked


def _limit(budget: Mapping[tuple[str, str], Mapping], ceiling: Mapping) -> str:
    """What may be spent, and by which rule."""
    if ceiling.get("amount_yuan") is None:
        return "工伤预防费额度【待填：额度】。"
    cap = budget[("ceiling", "cap")]
    share = f"，{cap['title']}为{money(cap['amount_yuan'])}" if cap["amount_yuan"] is not None else ""
    return f"采用的额度为{money(ceiling['amount_yuan'])}（{ceiling['reason']}{share}）。"


def _beyond(total: Mapping, fitting: Mapping) -> Iterable[str]:
    """Whether the sum is over the ceiling, and then what would fit."""
    over = total.get("over_yuan")
    if over is None:
        return
    if over > 0:
        yield f"【核对：预算合计超出额度{money(over)}】"
        yield f"按方案次序，额度内可安排{money(fitting['amount_yuan'])}，放不下的见预算表。"
    else:
        yield f"预算合计没有超过额度，尚余{money(-over)}。"


def warning(rows: Rows) -> str | None:
    """What is said at once, before everything else: that the programmes cost more than may be spent."""
    total = next((row for row in rows["plan_budget"] if row["line"] == "total"), {})
    over = total.get("over_yuan")
    if over is None or over <= 0:
        return None
    return f"【核对：预算合计{money(total['amount_yuan'])}，额度{money(total['limit_yuan'])}，超出{money(over)}】"


def _rates(rows: list[dict]) -> dict[str, str | None]:
    """The city's rate with its interval, and the industries that are plainly above it."""
    rated = {name: [row for row in rows if row["period"] == name and row["rate_pct"] is not None] for name in PERIODS}
    chosen = next((rated[name] for name in PERIODS if rated[name]), [])
    whole = next((row for row in chosen if row["level"] == 0), None)
    if whole is None:
        return {"全市工伤情况": None, "高发行业": None}
    above = sorted((row for row in chosen if row["level"] == 2 and row["difference"] == "above"),
                   key=lambda row: (-row["rate_pct"], row["industry_code"]))[:MOST_NAMED]
    named = "、".join(f"{row['industry_name']}（{row['rate_pct']:.2f}%，{row['injuries']:,}人次）" for row in above)
    return {"全市工伤情况": _city(whole),
            "高发行业": f"发生率明显高于全市的行业有{named}" if named else "没有发生率明显高于全市的行业大类"}


def _city(row: Mapping) -> str:
    short = "，数据不足整个时段" if row["is_short"] else ""
    ratio = "" if row["pay_ratio"] is None else f"，支缴率{row['pay_ratio']:.2f}%"
    first, last = (f"{month // 100}年{month % 100}月" for month in (row["first_month"], row["last_month"]))
    return (f"{codes.PERIOD[row['period']][0]}（{first}至{last}{short}）"
            f"全市工伤{row['injuries']:,}人次，其中死亡{row['deaths']:,}人次，工伤发生率{row['rate_pct']:.2f}%"
            f"（95%区间{row['rate_low_pct']:.2f}%至{row['rate_high_pct']:.2f}%）{ratio}")


def _patterns(rows: list[dict]) -> dict[str, str | None]:
    """How injuries happen in the whole city: the most usual causes, the share of commuting, what is plainly too frequent."""
    city = [row for row in rows if row["scope"] == "all"]
    causes = sorted((row for row in city if row["dimension"] == "cause"), key=lambda row: (-row["observed_cases"], row["value"]))
    way = next((row for row in city if row["dimension"] == "clause" and row["value"] == "14-6"), None)
    hours = sorted((row for row in city if row["dimension"] == "hour" and row["is_notable"]), key=lambda row: row["value"])
    commuting = f"上下班途中事故伤害{way['observed_cases']:,}例，占{way['share_pct']:.2f}%" if way else None
    return {
        "主要起因": "、".join(f"{row['value_name']}（{row['share_pct']:.2f}%）" for row in causes[:MOST_NAMED]) or None,
        "上下班情况": commuting,
        "高发时段": "、".join(f"{row['value_name']}（{row['share_pct']:.2f}%）" for row in hours) or None}


def _sites(rows: list[dict]) -> str:
    """How many sites there are, how many of them are more than chance, and what is to be expected there."""
    sites = of_commuters(rows)
    if not sites:
        return "没有能定位并聚集的上下班交通事故，未列出多发路段"
    sure = sum(site["tier"] != "C" for site in sites)
    expected = sum(site["forecast"] or 0 for site in sites)
    return (f"按事故地点列出上下班交通事故多发路段{len(sites):,}处，来年预计共{expected:,.1f}起；"
            f"其中证据充分或较可能的{sure:,}处，其余与偶然无法区分，不宜单独设标志")


def _targets(rows: list[dict]) -> str | None:
    """The newest year of the plan in force for the key industries together."""
    together = [row for row in rows if row["figure"] is not None and row["target_id"].endswith("-key")]
    if not together:
        return None
    row = max(together, key=lambda row: (row["baseline_year"], row["year"]))
    asked = "" if row["target_change_pct"] is None else f"，目标为{row['baseline_year']}年基础上{row['target_change_pct']:+.0f}%"
    return f"{row['plan']}：{row['target_title']}{row['year']}年工伤发生率{row['figure']:.2f}%{asked}，{_verdict(row)}"


def _verdict(row: Mapping) -> str:
    if row["verdict"]:
        return f"进度判断为“{shown(TARGET_PROGRESS['verdict'], row['verdict'])}”"
    return f"不作进度判断（{row['reason']}）"


def item_figures(row: Mapping, demand: Iterable[Mapping]) -> dict[str, str | None]:
    """What is known of a programme, by the names of plan_item's columns, with money and amounts in words."""
    said = {column.name: _text(column, row[column.name]) for column in PLAN_ITEM.columns}
    return {**said, "amount": _quantity(row), "persons": _persons(row), "budget": _budget(row), "demand": _demand(demand),
            "hours": _hours(row["hours"]),
            "project_cap": money(row["project_cap_yuan"]) if row["project_cap_yuan"] else None,
            "term": f"自合同签订起{row['term_months']}个月内" if row["term_months"] else None,
            "targets": "、".join(filter(None, [_quantity(row), _persons(row), row["outputs"]])) or None}


def _hours(said: str | None) -> str | None:
    """What is asked of each role, with the roles together of which the same is asked.

    >>> _hours("甲：24 学时；乙：24 学时；丙：40 学时")
    '甲、乙：24 学时；丙：40 学时'
    """
    roles: dict[str, list[str]] = {}
    for one in said.split("；") if said else []:
        role, _, asked = one.partition("：")
        roles.setdefault(asked, []).append(role)
    return "；".join("、".join(names) + (f"：{asked}" if asked else "") for asked, names in roles.items()) or None


def _text(column: Column, value) -> str | None:
    said = shown(column, value)
    return None if said is None else str(said)


def _quantity(row: Mapping) -> str | None:
    number = row["quantity"]
    return None if number is None else f"{BEFORE[row['quantity_bound'] or 'exact']}{number:,.10g}{row['unit'] or ''}"


def _persons(row: Mapping) -> str | None:
    number = row["persons"]
    if number is None:
        return None
    limits = "" if row["persons_low"] is None else f"（{row['persons_low']:,}至{row['persons_high']:,}人均视为完成）"
    return f"培训{BEFORE[row['persons_bound'] or 'exact']}{number:,}人{limits}"


def _budget(row: Mapping) -> str | None:
    amount = row["budget_yuan"]
    return None if amount is None else ("不超过" if row["is_budget_most"] else "") + money(amount)


def _demand(rows: Iterable[Mapping]) -> str | None:
    """Whom the data find, how many of them are trained, how many are still to be."""
    row = next((row for row in rows if row["role"] == ALL and row["region_code"] == WHOLE_AREA), None)
    if row is None or not row["enterprises"]:
        return None
    titles = {"persons": "应训", "trained": "已训", "target": "目标", "gap": "缺口"}
    known = [f"{title}{row[name]:,}人" for name, title in titles.items() if row[name] is not None]
    said = "，".join([f"面向{row['enterprises']:,}家单位", *known])
    return said + (f"（{row['reason']}）" if row["reason"] else "")
