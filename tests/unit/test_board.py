"""分析看板: what it says of small tables equals the marts; its page is the same twice, escapes everything, asks for nothing."""

import base64
import hashlib
import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pyarrow as pa
import pytest

from pipelines.contracts import evaluation, lists, marts, plan, tracking
from pipelines.documents.board import Tables
from pipelines.documents.sites import lines_below, placed
from pipelines.funnel import Funnel, of_city
from pipelines.reports.board import Bars, Board, Intervals, Scatter, Section, content, html
from pipelines.reports.board.charts import figure
from tests.unit.test_reports import EMPTY, FULL, INDUSTRIES, MONTH, RULES, industry, listed, table

NASTY = "</script><script>alert(1)</script>\u2028<!--&amp;"
NOTHING = {**EMPTY, plan.PLAN_BUDGET.name: plan.PLAN_BUDGET.schema.empty_table()}
NO_FUNNEL = Funnel("last_3_years", None)


def board(funnel: Funnel = NO_FUNNEL, lines=(), is_simulated: bool = False, **tables: pa.Table) -> Board:
    return content.board({**NOTHING, **tables}, funnel, MONTH, RULES, is_simulated, lines)


def section(name: str, funnel: Funnel = NO_FUNNEL, lines=(), **tables: pa.Table) -> Section:
    return next(part for part in board(funnel, lines, **tables).sections if part.name == name)


def chart(part: Section) -> Any:
    return part.charts[0]


class Page(HTMLParser):
    """The tags of a page with their attributes, and the text of its scripts."""

    def __init__(self, text: str):
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.scripts: list[str] = []
        self.is_script = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self.is_script = tag == "script"
        if self.is_script:
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.is_script = False

    def handle_data(self, data):
        if self.is_script:
            self.scripts[-1] += data


def test_the_board_reads_what_its_document_gives_it():
    assert set(Tables._fields) <= set(NOTHING) | {"enterprise_risk", content.SITES}


# Key figures


YEAR = table(
    marts.INDUSTRY_RATE,
    industry(0, "all", "全市", injuries=82, deaths=1, severe=2, rate_pct=0.4057, rate_low_pct=0.3226, rate_high_pct=0.5036,
             change_pct=-5.46, completed_injuries=84.0, completed_rate_pct=0.4156, pay_ratio=80.52,
             payout_yuan=Decimal("5584572.88"), premium_yuan=Decimal("6935822.80")),
    industry(0, "all", "全市", period="year_to_date", injuries=55, deaths=3),
    industry(0, "all", "全市", period="same_period_last_year", injuries=58, deaths=4))


def cards(**tables: pa.Table) -> dict[str, tuple]:
    return {card.title: (card.number, card.unit, *card.notes) for card in section("overview", **tables).cards}


def test_key_figures_are_those_of_the_marts():
    found = cards(industry_injury_rate=YEAR)
    assert found["工伤发生率"] == ("0.406", "%", "95 % 区间 0.323–0.504 %", "比上年 −5.5 %", "补上认定滞后约 0.416 %")
    assert found["工伤"] == ("82", "人次", "本年累计 55，上年同期 58")
    assert found["工亡"] == ("1", "人", "本年累计 3，上年同期 4")
    assert found["1–4 级伤残"][0] == "2"
    assert found["支缴率"] == ("80.5", "%", "支付 558.5 万元，征缴 693.6 万元")
    assert found["认定完整度"] == ("97.6", "%", "已认定 82，预计最终约 84 人次")


def test_the_newest_cap_with_what_was_allotted_and_used():
    fund = table(marts.FUND_BALANCE, *({"pool": "430700", "year": year, "cap_yuan": cap and Decimal(cap), "is_reported": True,
                                        "allotted_yuan": Decimal(148000), "months_covered": 12}
                                       for year, cap in ((2022, None), (2023, "185036.14"), (2024, "194117.93"))))
    assert cards(fund_balance=fund)["预防费上限"] == (
        "19.4", "万元", "2024 年：上年度征缴收入 × 政策规定的比例", "下达 14.8 万元")


def test_the_listed_and_their_excess():
    rows = table(lists.PRIORITY_ENTERPRISE, listed(1, "listed"), listed(2, "listed"), listed(3, "reserve"), listed(4))
    assert cards(priority_enterprise=rows)["建议入选单位"] == ("2", "家", "另有备选 1 家", "来年超额工伤合计 0.8 人次")


# The list


def test_the_list_holds_every_row_the_listed_first_and_the_excluded_last():
    rows = table(lists.PRIORITY_ENTERPRISE, listed(None, "excluded", excluded_reason="已注销", excess_rank=1), listed(3),
                 listed(2, "reserve"), listed(1, "listed", region="430702"), listed(1, "listed", region="430701"))
    listing = section("list", priority_enterprise=rows).listing
    assert listing is not None and listing.rows == 5 and listing.first == ("入选", "备选")
    columns = {column.title: column.values for column in listing.columns}
    assert columns["状态"] == ("入选", "入选", "备选", "参考", "排除")
    assert columns["名单地区"] == ("430701", "430702", "全市", "全市", "全市") and "名单地区" in listing.chosen_by
    assert columns["排除原因"] == (None, None, None, None, "已注销")
    assert columns["超额工伤"] == (0.4,) * 5 and columns["依据"][0] == "近三年工伤5人次。"


def test_one_region_is_no_column_and_a_unit_without_a_name_is_called_by_its_number():
    listing = section("list", priority_enterprise=table(lists.PRIORITY_ENTERPRISE, listed(1, enterprise_name=None))).listing
    assert listing is not None and listing.first == ()
    columns = {column.title: column.values for column in listing.columns}
    assert "名单地区" not in columns and columns["单位名称"] == ("000000-00001",)


def test_a_list_beyond_the_page_keeps_the_first_ranks_and_says_so():
    rows = [listed(rank, "listed" if rank <= 5 else "reference", f"{region:06d}")
            for region in range(40) for rank in range(1, 211)]
    part = section("list", priority_enterprise=table(lists.PRIORITY_ENTERPRISE, *rows))
    assert part.listing is not None and part.listing.rows == 8000
    ranks = next(column.values for column in part.listing.columns if column.title == "名次")
    assert max(value for value in ranks if isinstance(value, int)) == 200
    assert "共 8,400 行，本页有名次在前的 8,000 行" in part.says[-1]


# Charts


def test_industries_are_those_with_injuries_the_highest_rate_on_top():
    more = table(marts.INDUSTRY_RATE, industry(2, "F51", "批发业", injuries=0, rate_pct=0.0),
                 industry(2, "E47", "房屋建筑业", rate_pct=0.2))
    drawn = chart(section("industries", industry_injury_rate=pa.concat_tables([INDUSTRIES, more])))
    assert isinstance(drawn, Intervals) and drawn.line == 0.5
    assert [(row.label, row.value, row.tone) for row in drawn.rows] == [
        ("金属制品业", 1.5, "above"), ("制造业，未细分", 1.0, "none"), ("房屋建筑业", 0.2, "none")]


def test_the_funnel_marks_the_listed_with_their_evidence():
    risk = pa.Table.from_pylist([{"enterprise_id": f"000000-{n:05d}", "enterprise_name": f"单位{n}", "period": "last_3_years",
                                  "injuries": n, "person_years": 100.0, "rate_pct": float(n)} for n in range(4)])
    rows = table(lists.PRIORITY_ENTERPRISE, listed(1, "listed"), listed(2, "reserve"), listed(3))
    drawn = chart(section("funnel", of_city(risk, "last_3_years", 0.2, ()), priority_enterprise=rows))
    assert isinstance(drawn, Scatter)
    points = {group.title: group.points for group in drawn.groups}
    assert [point.hover[0] for point in points["入选"]] == ["单位1"] and "第 1 名。近三年工伤5人次。" in points["入选"][0].hover
    assert [point.hover[0] for point in points["备选"]] == ["单位2"]
    others = [(point.hover[0], point.y) for point in points["其他单位"]]
    assert others == [("单位0", 0.0), ("单位3", 2.0)], "3 % is drawn at the upper edge"
    assert "发生率 3.00 %" in points["其他单位"][1].hover[1]


def test_budget_beside_what_may_be_spent():
    lines = (("ceiling", "ceiling", "采用的额度", 1, 200_000, None), ("programme", "b", "乙", 3, 150_000, False),
             ("programme", "a", "甲", 2, 100_000, True), ("total", "all", "合计", 4, 250_000, None))
    rows = table(plan.PLAN_BUDGET, *(
        {"plan_year": 2025, "line": line, "subject": subject, "title": title, "line_no": number, "amount_yuan": Decimal(yuan),
         "is_fitting": fits} for line, subject, title, number, yuan, fits in lines))
    part = section("budget", plan_budget=rows)
    assert part.says == ("2 个项目合计 25.0 万元，额度 20.0 万元，超出 5.0 万元。",)
    drawn = chart(part)
    assert isinstance(drawn, Bars) and drawn.labels == ("甲", "乙")
    assert [(series.title, series.values) for series in drawn.series] == [
        ("额度内放得下", (10.0, None)), ("超出额度", (None, 15.0))]


def test_targets_of_the_newest_year():
    target = {"target_id": "t", "plan": "规划", "target_title": "矿山", "measure": "rate", "baseline_year": 2020, "figure": 1.0,
              "known_month": MONTH, "is_baseline_settled": True, "target_change_pct": -20.0, "source": "某文",
              "change_low_pct": -30.0, "change_high_pct": 10.0, "verdict": "behind"}
    rows = table(tracking.TARGET_PROGRESS, *(
        {**target, "year": year, "change_pct": change} for year, change in ((2022, -5.0), (2023, -9.0))))
    part = section("targets", target_progress=rows)
    [row] = chart(part).rows
    assert (row.value, row.low, row.high, row.goal, row.tone) == (-9.0, -30.0, 10.0, -20.0, "behind")
    assert part.says[0].startswith("按最近一年：达到进度 0 项，难以判断 0 项，未达进度 1 项。")


def test_the_back_test_in_two_sentences_and_bars():
    tested = {"list_month": 202212, "history_years": 3, "regions": 1, "places": 22, "injuries": 9, "year": 2023}
    rows = table(evaluation.LIST_BACKTEST, *(
        {**tested, "rule": rule, "excess": excess, "foresight_share": 10 * excess}
        for rule, excess in (("excess", 8.0), ("rate", 2.0), ("foresight", 10.0))))
    part = section("backtest", list_backtest=rows)
    assert part.says[0].startswith("2023 年回测，“超额工伤”的名单最有用") and "80 %" in part.says[0]
    assert chart(part).labels == ("超额工伤", "上年度发生率") and chart(part).series[0].values == (80.0, 20.0)


SITE = {"population": "commuting", "area_code": "all", "rank": 1, "site_name": "人民路与建设路", "tier": "A", "x_m": 100.0,
        "y_m": -50.0, "radius_m": 150.0, "accidents": 9, "background": 1.2, "ratio": 3.0, "forecast": 2.5,
        "usual_hours": "7–8 时", "usual_transports": "电动车 5", "over_represented": None,
        "evidence": "近三年 9 起", "definition": "近三年"}


def test_sites_are_drawn_to_scale_over_the_lines_of_the_area():
    part = section("sites", lines=[([0, 10], [0, 20])], commuting_hotspot=pa.Table.from_pylist([SITE]))
    drawn = figure(chart(part))
    ring = drawn["data"][1]
    assert drawn["data"][0]["x"] == [0, 10, None] and max(x for x in ring["x"] if x is not None) == 250.0
    assert drawn["data"][2]["text"] == ["1"] and "事故 9 起，周边水平 1.2 起" in drawn["data"][2]["hovertext"][0]
    assert part.sheets[0].rows[0].values[-1] == "近三年 9 起"
    assert section("sites").missing and not section("sites", commuting_hotspot=pa.Table.from_pylist([SITE]).slice(0, 0)).charts


def test_lines_are_brought_into_the_frame_of_the_sites():
    north = np.array([[114.0, 30.0], [114.0, 30.001]])
    degrees = {"datum": "WGS84", "lon": 114.0, "lat": 30.0, "x_m": 2000.0, "y_m": -1000.0}
    x, y = placed(north, degrees)
    assert x == [2000.0, 2000.0] and y[0] == -1000.0 and y[1] == pytest.approx(-1000 + 110.9, abs=0.2)
    local = {**degrees, "datum": "LOCAL-METRES", "lon": 500.0, "lat": 600.0, "x_m": 500.0, "y_m": 600.0}
    assert placed(np.array([[1.0, 2.0]]), local) == ([1.0], [2.0])


def test_lines_are_those_of_the_settings_and_none_without_sites(bureau):
    bureau.deliver("2024-12", 参保单位="单位编号,单位名称\nA,甲厂")
    line = {"type": "LineString", "coordinates": [[114.0, 30.0], [114.0, 30.001]]}
    bureau.place.data.mkdir(parents=True, exist_ok=True)
    (bureau.place.data / "roads.geojson").write_text(json.dumps(line), encoding="utf-8")
    bureau.settle(roads="roads.geojson")
    site = {"datum": "WGS84", "lon": 114.0, "lat": 30.0, "x_m": 0.0, "y_m": 0.0}
    [(x, y)] = lines_below(bureau.place, [site])
    assert x == [0.0, 0.0] and y == pytest.approx([0, 110.9], abs=0.2) and lines_below(bureau.place, []) == []


def everything() -> Board:
    nasty = table(lists.PRIORITY_ENTERPRISE, listed(1, "listed", enterprise_name=NASTY, evidence=NASTY, comparison=NASTY),
                  listed(2, "reserve", enterprise_name="=cmd|' /C calc'!A0", rate_pct_last_3_years=float("nan")))
    risk = pa.Table.from_pylist([{"enterprise_id": "000000-00001", "enterprise_name": NASTY, "period": "last_3_years",
                                  "injuries": 2, "person_years": 50.0, "rate_pct": 4.0}])
    rates = pa.concat_tables([YEAR, table(marts.INDUSTRY_RATE, industry(2, "C33", NASTY))])
    return board(of_city(risk, "last_3_years", 0.4, ()), is_simulated=True, **{
        **FULL, "priority_enterprise": nasty, "industry_injury_rate": rates,
        "commuting_hotspot": pa.Table.from_pylist([{**SITE, "site_name": NASTY}])})


# The page


@pytest.fixture(scope="module")
def page() -> str:
    return html.page(everything())


def test_plotly_knows_every_property_of_the_charts():
    charts = [chart for part in everything().sections for chart in part.charts]
    assert {type(chart) for chart in charts} == {Bars, Intervals, Scatter}
    for drawn in charts:
        go.Figure(figure(drawn))


def test_the_same_content_gives_the_same_page(page):
    assert html.page(everything()) == page


def test_no_text_becomes_markup_or_ends_a_script(page):
    found = Page(page)
    assert [said.get("type") for tag, said in found.tags if tag == "script"] == ["application/json", None, None]
    said = json.loads(found.scripts[0])
    assert said["listing"]["columns"][2]["values"][0] == NASTY
    assert "alert(1)" not in "".join(found.scripts[1:])
    texts = [text for drawn in said["charts"].values() for trace in drawn["data"] for text in trace.get("hovertext", [])]
    assert texts and not any("<script" in text for text in texts)


def test_only_its_own_scripts_may_run_and_nothing_is_fetched(page):
    found = Page(page)
    policy = next(said["content"] for tag, said in found.tags if said.get("http-equiv") == "Content-Security-Policy")
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in found.scripts[1:]]
    assert policy.startswith("default-src 'none'; script-src " + " ".join(f"'sha256-{digest}'" for digest in digests) + ";")
    addresses = [value for _, said in found.tags for name, value in said.items() if name in ("src", "href", "action", "data")]
    assert all(value.startswith("#") or value == "data:," for value in addresses)
    handlers = [name for _, said in found.tags for name in said if name.startswith("on")]
    assert handlers == []


def test_marks_stand_on_the_screen_and_in_the_head_of_every_page(page):
    assert page.count("<b>内部资料</b><b>系统生成初稿</b><b>模拟数据</b>") == 2
    assert "模拟数据" not in re.sub("<script.*?</script>", "", html.page(board()), flags=re.S)


def test_an_empty_month_says_what_is_missing(page):
    empty = board()
    assert [part.name for part in empty.sections] == [part.name for part in everything().sections]
    said = {part.name: part.missing for part in empty.sections}
    shown = {"overview", "sources"}
    assert {name for name, missing in said.items() if not missing} == shown
    assert "没有可用的缴费人数" in said["funnel"] and "没有工伤认定和缴费数据" in empty.sections[0].says[0]
    assert {card.number for card in empty.sections[0].cards} == {"—", "0"}
    assert '"listing":null' in html.page(empty)
