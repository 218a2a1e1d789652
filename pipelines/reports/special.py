"""数据专项统计分析报告: what the year's data say, chapter by chapter, for whoever drafts the plan.

Belongs here: the report as a whole, rates of city and industries, the listed enterprises. How injuries happen is
special_patterns.py, money, definitions and quality special_accounts.py. Every figure was computed in the marts. Rules of the
sentences: one rate is said to be above another only where the interval lies wholly above it; a change only where the intervals of
both years do not meet; counts under FEW are called few.
"""

from collections.abc import Mapping, Sequence

from pipelines.contracts import lists, marts, tracking
from pipelines.policy import Policy
from pipelines.reports import Field, Row, content, pictures, special_accounts, special_patterns
from pipelines.reports.cells import UNKNOWN, month_text
from pipelines.reports.special_words import DRAFT, Tables, between, joined, number, pct, table
from pipelines.reports.text import Document, Heading, Paragraph, Part, Table

TITLE = "数据专项统计分析报告"
RATES, YEARS, LIST = marts.INDUSTRY_RATE, tracking.DEFINITION_COMPARISON, lists.PRIORITY_ENTERPRISE
CHARTED, NAMED, LISTED = 12, 6, 30
WIDE_MM = 156.0
BESIDE_CITY = ("与全市相比：区间整个高于或低于全市发生率的才写高于、低于；二十个门类中约有一个会因偶然被标出。"
               "比上年变化没有区间，人次少的不说明问题。")


def document(tables: Tables, month: int, policy: Policy, is_simulated: bool) -> Document:
    """The report of a month, from the rows of the marts by name (any may be empty)."""
    marks = (*content.marks(False), DRAFT, *(("模拟数据",) if is_simulated else ()))
    rates = tables[RATES.name]
    parts = [
        *_overview(tables, rates), *_industries(rates), *_enterprises(tables[LIST.name], policy),
        *special_patterns.chapters(tables), *special_accounts.chapters(tables), *_attention(tables, rates),
    ]
    return Document(f"工伤预防相关{TITLE}", month, marks, tuple(parts), f"数据截止 {month_text(month)}",
                    closing=_closing(rates, policy))


def _overview(tables: Tables, rates: list[dict]) -> list[Part]:
    """The city's rate by year; the newest whole year in words."""
    years = sorted((row for row in tables[YEARS.name] if row["definition_id"] == "policy"), key=lambda row: row["year"])
    period, rows = content.newest_period(rates)
    city = next((row for row in rows if row["level"] == 0), None)
    said = [Paragraph(content.window_text(period, rows)), *([Paragraph(_city(city))] if city else []),
            *(Paragraph(text) for text in _change(years))]
    unit = (YEARS["rate_unit"].codes or {})[years[0]["rate_unit"]][0] if years else "%"
    known = [row for row in years if row["rate"] is not None]
    drawn: list[Part] = []
    if len(known) > 2:
        image = pictures.trend(
            [str(row["year"]) for row in known], [row["rate"] for row in known],
            [(row["rate_low"], row["rate_high"]) for row in known], ("", None), None,
            f"工伤发生率（{unit}）", (WIDE_MM, 52), "全市")
        drawn = pictures.parts(image, "全市历年工伤发生率", "各年发生率与 95 % 区间")
    note = "各年发生率以全部缴费人数为分母；行业表中全市一行只计派遣人数等已知的单位，两者略有出入。"
    return [Heading("总体情况"), *said, *drawn, _years(years, unit), Paragraph(note, kind="note")]


def _years(years: Sequence[Mapping], unit: str) -> Table:
    fields = (Field("年度"), number("工伤", "人次"), number("缴费人数", "人"), number("发生率", unit, 3), Field("95 % 区间"),
              number("已认定", "%", 1), Field("说明"))
    rows = tuple(Row((str(row["year"]), row["numerator"], row["denominator"], row["rate"],
                      between(row["rate_low"], row["rate_high"], 3), row["completeness_pct"], row["reason"])) for row in years)
    return Table(fields, rows, "全市历年工伤发生率（政策口径）", widths=(12, 13, 18, 14, 24, 14, 40))


def _city(city: Mapping) -> str:
    counted = f"认定工伤 {city['injuries']:,} 人次，其中死亡 {city['deaths']:,} 人次、1–4 级 {city['severe']:,} 人次"
    if city["rate_pct"] is None:
        return f"全市{counted}；没有可用的缴费人数，不计发生率。"
    late = ""
    if city["completed_rate_pct"] is not None:
        late = f"；补上尚未认定的，约为 {city['completed_injuries']:,.0f} 人次、{city['completed_rate_pct']:.3f}%"
    return (f"全市{counted}，{city['person_years']:,.0f} 人年，工伤发生率 {city['rate_pct']:.3f}%"
            f"（95%区间{city['rate_low_pct']:.3f}–{city['rate_high_pct']:.3f}%）{late}；"
            f"{city['enterprises']:,} 家有缴费人数的单位中 {city['enterprises_above_threshold']:,} 家发生率高于政策阈值。")


def _change(years: Sequence[Mapping]) -> list[str]:
    """The newest year with a rate beside the one before."""
    known = [row for row in years if row["rate"] is not None][-2:]
    if len(known) < 2:
        return ["没有可比的上一年，不作同比。"]
    before, now = known
    sizes = (f"{before['year']} 年 {before['rate']:.3f}，{now['year']} 年 {now['rate']:.3f}"
             f"（变化 {pct(now['rate'], before['rate'])}）")
    if now["rate_low"] > before["rate_high"]:
        return [f"与上年相比：{sizes}，两年的区间不相交，{now['year']} 年确有上升。"]
    if now["rate_high"] < before["rate_low"]:
        return [f"与上年相比：{sizes}，两年的区间不相交，{now['year']} 年确有下降。"]
    return [f"与上年相比：{sizes}，两年的区间相交，变化在偶然波动之内，不作升降的结论。"]


def _industries(rates: list[dict]) -> list[Part]:
    """Sections in a table, the divisions with most injuries in a chart, who stands out in words."""
    period, rows = content.newest_period(rates)
    rated = [row for row in rows if row["rate_pct"] is not None]
    city = next((row for row in rated if row["level"] == 0), None)
    if city is None:
        return [Heading("行业"), Paragraph("没有发生率，不作行业比较。")]
    sections = sorted((row for row in rows if row["level"] == 1), key=lambda row: row["industry_code"])
    return [Heading("行业"), *_standing_out(rated), *_chart(rated, city),
            _sections([city, *sections]), Paragraph(BESIDE_CITY, kind="note")]


def _sections(rows: list[dict]) -> Table:
    fields = (Field("行业门类"), number("单位", "家"), number("工伤", "人次"), number("发生率", "%", 2), Field("95 % 区间"),
              Field("与全市相比", alert="高于"), number("比上年", "%", 1), number("支缴率", "%", 1))
    made = []
    for row in rows:
        beside = RATES["difference"].codes or {}
        said = beside[row["difference"]][0] if row["difference"] and row["level"] else None
        made.append(Row((row["industry_name"], row["enterprises"], row["injuries"], row["rate_pct"],
                         between(row["rate_low_pct"], row["rate_high_pct"]), said, row["change_pct"], row["pay_ratio"]),
                        "plain" if row["level"] else "total"))
    return Table(fields, tuple(made), "各行业门类工伤发生率", widths=(40, 17, 14, 15, 22, 26, 18, 18))


def _standing_out(rated: list[dict]) -> list[Part]:
    said = []
    for level, title in ((1, "门类"), (2, "大类")):
        for difference, word in (("above", "高于"), ("below", "低于")):
            found = [row for row in rated if row["level"] == level and row["difference"] == difference]
            found.sort(key=lambda row: (-row["injuries"], row["industry_code"]))
            if difference == "above" or level == 1:
                said.append(Paragraph(_named(found, f"发生率区间整个{word}全市的行业{title}")))
    return said


def _named(found: list[dict], head: str) -> str:
    if not found:
        return f"{head}：没有。"
    first = "；".join(f"{row['industry_name'] or row['industry_code']} {row['rate_pct']:.2f}%"
                     f"（{row['rate_low_pct']:.2f}–{row['rate_high_pct']:.2f}，{row['injuries']} 人次）" for row in found[:NAMED])
    rest = f"；其余 {len(found) - NAMED} 个见数据表" if len(found) > NAMED else ""
    return f"{head}有 {len(found)} 个：{first}{rest}。"


def _chart(rated: list[dict], city: Mapping) -> list[Part]:
    most = sorted((row for row in rated if row["level"] == 2 and row["industry_code"] != UNKNOWN),
                  key=lambda row: (-row["injuries"], row["industry_code"]))[:CHARTED]
    shown = sorted(most, key=lambda row: (-row["rate_pct"], row["industry_code"]))
    if not shown:
        return []
    image = pictures.bars(
        [row["industry_name"] or row["industry_code"] for row in shown], [row["rate_pct"] for row in shown],
        [(row["rate_low_pct"], row["rate_high_pct"]) for row in shown], [row["difference"] == "above" for row in shown],
        ("全市", city["rate_pct"]), "工伤发生率（%）", (WIDE_MM, 18 + 6.2 * len(shown)))
    caption = f"工伤最多的 {len(shown)} 个行业大类的发生率（横线：95 % 区间；橙色斜纹：区间整个高于全市）"
    return pictures.parts(image, caption, caption, WIDE_MM)


def _enterprises(rows: list[dict], policy: Policy) -> list[Part]:
    listed = sorted((row for row in rows if row["is_listed"]), key=lambda row: (row["region_code"], row["rank"]))
    if not listed:
        return [Heading("企业"), Paragraph("没有单位符合政策的准入条件，本月没有入选单位。")]
    period = policy.rule.period
    regions = ["region_code"] if len({row["region_code"] for row in listed}) > 1 else []
    names = ["rank", *regions, "enterprise_name", "industry_name", f"injuries_{period}", f"rate_pct_{period}", "posterior_ratio",
             "expected_injuries", "excess_injuries"]
    widths = (10.0, *(16.0 for _ in regions), 46.0, 32.0, 16.0, 16.0, 16.0, 18.0, 18.0)
    excess = sum(row["excess_injuries"] or 0 for row in listed)
    certain = sum(row["ratio_low"] is not None and row["ratio_low"] > 1 for row in listed)
    said = (f"建议名单共 {len(listed)} 家，来年比同类多出的工伤合计约 {excess:.1f} 人次。"
            f"其中 {certain} 家与同类之比的 80% 区间整个高于 1；其余各家的区间包含 1 或没有可比的基准，"
            "列入是按政策的次序，不能据此断定其风险高于同类。")
    cut = f"下表列出前 {LISTED} 家。" if len(listed) > LISTED else ""
    return [Heading("企业"), Paragraph(said + cut), table("建议名单", [LIST[name] for name in names], listed[:LISTED], widths),
            Paragraph("各家的依据、同类和核查要点见建议名单与一企一档。", kind="note")]


def _attention(tables: Tables, rates: list[dict]) -> list[Part]:
    """What the chapters found, in one place."""
    _, rows = content.newest_period(rates)
    industries = [row["industry_name"] for row in sorted(rows, key=lambda row: (-row["injuries"], row["industry_code"]))
                  if row["difference"] == "above" and row["level"] == 2 and row["industry_name"]]
    found = [("重点行业", joined(industries, NAMED)), *special_patterns.found(tables), *special_accounts.found(tables)]
    fields = (Field("方面"), Field("数据所见"))
    made = tuple(Row((title, said)) for title, said in found)
    return [Heading("重点领域建议"),
            Paragraph("按上列规则从数据中得出，供联席会议确定重点领域时参考；没有列出的，不等于没有风险，也可能是例数太少。"),
            Table(fields, made, "数据所见", widths=(1, 5))]


def _closing(rates: list[dict], policy: Policy) -> tuple[str, ...]:
    said = next((row["definition"] for row in rates), "")
    return (f"政策：{policy.title}。", f"口径：{said}" if said else "没有发生率口径。",
            "本报告由系统按固定规则生成，文字须经人工核对后使用。")
