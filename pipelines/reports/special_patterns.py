"""Chapters of the special report on how injuries happen: causes, parts of the body, times, posts and people, the way to work,
sudden deaths, occupational diseases.

Belongs here: what injury_pattern and group_target say, in tables, charts and sentences.
"""

from collections.abc import Iterable, Mapping, Sequence

from pipelines.contracts import commuters, commuting, groups
from pipelines.reports import pictures
from pipelines.reports.cells import WHOLE
from pipelines.reports.dossier import name_of
from pipelines.reports.hotspots import of_commuters
from pipelines.reports.special_words import FEW, Tables, joined, table
from pipelines.reports.text import Heading, Paragraph, Part

PATTERN, GROUPS = groups.INJURY_PATTERN, groups.GROUP_TARGET
SITES, COMMUTERS = commuting.COMMUTING_HOTSPOT, commuters.COMMUTING_ENTERPRISE
WIDE_MM, CHARTED, SHOWN, NAMED, MOST_TIMES = 156.0, 10, 12, 5, 10.0
OF_TIME = (("month", "月份"), ("weekday", "星期"), ("hour", "时段"))
KEY = (("commuting", "上下班途中"), ("sudden_death", "突发疾病死亡"))


def chapters(tables: Tables) -> list[Part]:
    """All of them, in the order of the report."""
    rows = tables[PATTERN.name]
    if not rows:
        return [Heading("工伤怎样发生"), Paragraph("近三年没有可以统计的工伤，不作分析。")]
    return [*_causes(rows), *_times(rows), *_people(rows), *_key(rows), *_sites(tables), *_diseases(tables[GROUPS.name])]


def of(rows: Iterable[Mapping], scope: str, dimension: str) -> list[Mapping]:
    """The values of a scope's dimension, by code."""
    return sorted((row for row in rows if row["scope"] == scope and row["dimension"] == dimension), key=lambda row: row["value"])


def _most(rows: Sequence[Mapping]) -> list[Mapping]:
    return sorted(rows, key=lambda row: (-row["observed_cases"], row["value"]))


def _notable(rows: Iterable[Mapping]) -> list[str]:
    """What is clearly over-represented, with its ratio and the 95 % interval."""
    notable = _most([row for row in rows if row["is_notable"]])
    return [f"{name_of(row)}（{row['observed_cases']}例，{_times_of(row)}）" for row in notable]


def _times_of(row: Mapping) -> str:
    """A ratio that stands on next to no others is not spelled out."""
    if row["ratio_low"] is None or row["ratio"] > MOST_TIMES:
        return f"应有的{MOST_TIMES:.0f}倍以上"
    return f"应有的{row['ratio']:.1f}倍，{row['ratio_low']:.1f}–{row['ratio_high']:.1f}"


def _shares(caption: str, rows: Sequence[Mapping], title: str) -> Part:
    columns = [PATTERN[name] for name in ("value_name", "observed_cases", "share_pct")]
    named = [{**row, "value_name": name_of(row)} for row in rows]
    return table(caption, columns, named, (4, 1, 1), {"value_name": title, "observed_cases": "例数"})


def _leading(rows: Sequence[Mapping], what: str) -> str:
    """The most frequent values; few cases are said to be few."""
    first = [row for row in _most(rows)[:3] if row["observed_cases"] >= FEW]
    if not first:
        return f"{what}已知的例数都不足 {FEW} 例，不作结论。"
    said = "、".join(f"{name_of(row)} {row['observed_cases']}例（{row['share_pct']:.1f}%）" for row in first)
    return f"{what}已知的{first[0]['cases']:,}例中，以{said}为多。"


def _causes(rows: list[dict]) -> list[Part]:
    causes, body = of(rows, WHOLE, "cause"), of(rows, WHOLE, "body_part")
    total = of(rows, WHOLE, "total")
    scope = f"{rows[0]['definition'].partition('；')[0]}。" + (f"共 {total[0]['observed_cases']:,} 例。" if total else "")
    divisions = _by_division(rows, "cause")
    return [
        Heading("起因与受伤部位"), Paragraph(scope), Paragraph(_leading(causes, "起因") + _leading(body, "受伤部位")),
        *_columns(_most(causes)[:CHARTED], "各起因的例数"), _shares("起因", _most(causes)[:SHOWN], "起因"),
        _shares("受伤部位", _most(body)[:SHOWN], "受伤部位"),
        Paragraph(f"与全市其余单位相比明显偏多的起因：{'；'.join(divisions) or '没有'}。"),
        Paragraph(f"明显偏多：{PATTERN['is_notable'].description}；倍数后为 95% 区间；少于 {FEW} 例的只列数，不作结论。",
                  kind="note"),
    ]


def _by_division(rows: list[dict], dimension: str) -> list[str]:
    """Divisions with what is over-represented in them."""
    scopes = sorted({row["scope"] for row in rows if row["scope"][:1].isupper()})
    found = [(of(rows, scope, dimension), _notable(of(rows, scope, dimension))) for scope in scopes]
    return [f"{values[0]['scope_name']}的{'、'.join(said)}" for values, said in found if said]


def _columns(rows: Sequence[Mapping], caption: str, short: int = 4) -> list[Part]:
    """Columns by value; what is notable stands out."""
    if not rows:
        return []
    expected = [row["expected_cases"] for row in rows]
    image = pictures.columns(
        [_short(name_of(row), short) for row in rows], [row["observed_cases"] for row in rows], expected,
        [row["is_notable"] for row in rows], "例", (WIDE_MM, 56))
    more = "（横杠：按参保人数和时长均匀时应有；橙色斜纹：明显偏多）" if any(value is not None for value in expected) else ""
    return pictures.parts(image, caption + more, caption, WIDE_MM)


def _short(name: str, most: int) -> str:
    """A name for an axis, on as many lines as it needs."""
    return "\n".join(name[start:start + most] for start in range(0, len(name), most))


def _times(rows: list[dict]) -> list[Part]:
    parts: list[Part] = [Heading("时间")]
    for dimension, title in OF_TIME:
        found = of(rows, WHOLE, dimension)
        shown = [{**row, "value_name": row["value_name"].split(":")[0]} for row in found]
        said = "；".join(_notable(found)) or "没有"
        parts += [*_columns(shown, f"各{title}的工伤", 5), Paragraph(f"与均匀相比明显偏多的{title}：{said}。")]
    return [*parts, Paragraph("白天上班的人多，时段之间的差别主要来自出勤，不说明白天更危险；职业病不计时间。", kind="note")]


def _people(rows: list[dict]) -> list[Part]:
    posts, ages, sexes = (of(rows, WHOLE, dimension) for dimension in ("post_group", "age_band", "sex"))
    divisions = _by_division(rows, "post_group")[:NAMED]
    return [
        Heading("岗位与人群"), Paragraph(_leading(posts, "岗位") + _leading(ages, "年龄") + _leading(sexes, "性别")),
        _shares("岗位", _most(posts)[:SHOWN], "岗位"), _shares("年龄与性别", [*ages, *sexes], "人群"),
        Paragraph(f"与全市其余单位相比明显偏多的岗位（行业内本就多的工种也在其中）：{'；'.join(divisions) or '没有'}。"),
        Paragraph("参保职工的岗位、年龄、性别构成不在数据中，占比高不等于风险高。", kind="note"),
    ]


def _key(rows: list[dict]) -> list[Part]:
    """The key circumstances: the last year beside the year before, what is over-represented in them."""
    parts: list[Part] = [Heading("上下班途中与突发疾病")]
    for scope, title in KEY:
        total = next(iter(of(rows, scope, "total")), None)
        if total is None:
            parts.append(Paragraph(f"{title}：没有。"))
            continue
        few = f"（例数少于 {FEW}，不作结论）" if total["observed_cases"] < FEW else ""
        notable = [said for name in ("cause", "hour", "weekday", "transport", "body_part", "age_band", "post_group")
                   for said in _notable(of(rows, scope, name))]
        parts.append(Paragraph(f"{title}：{total['observed_cases']} 例{few}{_year_on_year(total)}。与其余情形相比明显偏多的："
                               f"{'；'.join(notable) or '没有'}。"))
    modes = _most(of(rows, "commuting", "transport"))
    note = Paragraph("年与年之间的变化没有区间，几十例的升降可能只是偶然，不作结论。", kind="note")
    return [*parts, note, *([_shares("上下班途中的交通方式", modes[:SHOWN], "交通方式")] if modes else [])]


def _sites(tables: Tables) -> list[Part]:
    """Road sections and units with many accidents on the way to and from work, of which that is more than chance."""
    sites = [row for row in of_commuters(tables[SITES.name]) if row["tier"] != "C"]
    sites.sort(key=lambda row: row["tier"])
    units = sorted((row for row in tables[COMMUTERS.name] if row["is_notable"]), key=lambda row: row["rank"])
    named = joined([row["enterprise_name"] or row["enterprise_id"] for row in units], NAMED)
    said = Paragraph(f"上下班事故多发路段中证据充分或较可能的 {len(sites)} 处；上下班工伤明显多于同类的单位：{named}。")
    columns = [SITES[name] for name in ("site_name", "tier", "accidents", "background", "ratio", "forecast")]
    return [said, *([table("上下班交通事故多发路段", columns, sites[:SHOWN], (5, 2, 1, 1.3, 1.3, 1.3))] if sites else [])]


def _year_on_year(total: Mapping) -> str:
    now, before = total["cases_last_year"], total["cases_year_before"]
    if now is None:
        return ""
    change = f"，变化{total['change_pct']:+.1f}%" if total["change_pct"] is not None else "，上年太少，不计变化"
    return f"，时段最后一年 {now} 例，上年同样月份 {before} 例{change}"


def _diseases(rows: list[dict]) -> list[Part]:
    found = sorted((row for row in rows if row["target_kind"] == "disease_industry"), key=lambda row: row["rank"])
    if not found:
        return [Heading("职业病"), Paragraph("没有认定的职业病。")]
    cases = sum(row["observed_cases"] for row in found)
    few = f"例数少于 {FEW}，不作行业结论。" if cases < FEW else ""
    columns = [GROUPS[name] for name in ("target_name", "units", "person_years", "observed_cases", "expected_cases")]
    said = f"认定职业病 {cases} 例，涉及 {len(found)} 个行业大类。{few}病例反映多年前的接触，不计发生率。"
    titles = {"target_name": "行业", "observed_cases": "例数", "expected_cases": "按人年占比应有"}
    return [Heading("职业病"), Paragraph(said), table("职业病所在行业", columns, found[:SHOWN], (4, 1, 2, 1, 2), titles)]


def found(tables: Tables) -> list[tuple[str, str]]:
    """What stands out, for the list at the end."""
    rows = tables[PATTERN.name]
    times = [said for dimension, _ in OF_TIME for said in _notable(of(rows, WHOLE, dimension))]
    streets = [row["target_name"] for row in tables[GROUPS.name] if row["target_kind"] in ("street", "park") and row["is_above"]]
    commuting = next(iter(of(rows, "commuting", "total")), None)
    way = "没有" if commuting is None else f"{commuting['observed_cases']} 例{_year_on_year(commuting)}"
    return [("起因", "；".join(_by_division(rows, "cause")) or "没有行业的起因明显偏多"),
            ("岗位", _leading(of(rows, WHOLE, "post_group"), "岗位") if rows else "没有"),
            ("时间", "；".join(times) or "没有明显偏多的月份、星期、时段"),
            ("街道与园区", joined(streets, NAMED)), ("上下班途中", way)]
