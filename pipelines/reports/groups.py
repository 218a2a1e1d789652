"""The sheets 重点群体, 事故情形 and 申报偏少待核实: groups to be reached, how injuries happen, whose reports are to be verified.

Belongs here: choosing and wording; the whole of it is in the marts group_target, injury_pattern and silent_enterprise.
"""

from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from pipelines.contracts.groups import GROUP_TARGET, INJURY_PATTERN, NOT_LISTED, SILENT_ENTERPRISE
from pipelines.reports import Field, Row, Sheet, Value
from pipelines.reports.cells import WHOLE, cells

MOST_OF_KIND, MOST_VALUES, LEAST_OF_VALUE, MOST_SILENT = 20, 3, 3, 200
TARGET_COLUMNS = tuple(GROUP_TARGET[name] for name in (
    "rank", "target_name", "region_code", "industry_name", "units", "heads", "observed_cases", "expected_cases", "ratio",
    "excess_injuries", "evidence"))
PATTERN_COLUMNS = tuple(INJURY_PATTERN[name] for name in (
    "dimension", "value_name", "cases", "observed_cases", "share_pct", "expected_cases", "ratio", "ratio_low", "ratio_high",
    "cases_last_year", "cases_year_before", "change_pct"))
SILENT_COLUMNS = tuple(SILENT_ENTERPRISE[name] for name in (
    "enterprise_name", "enterprise_id", "region_code", "industry_name", "expected_cases", "reported_cases", "notices",
    "notices_claimed", "evidence"))
TOTAL = "total"
TARGET_NOTE = "各类项目面向的群体；底色 = 比值的 80 % 区间整个高于一般水平。50 人以下的单位只按群体列，不逐家排名。"
PATTERN_NOTES = (
    f"先列重点情形（每个方面例数最多的 {MOST_VALUES} 项，至少 {LEAST_OF_VALUE} 例），再列其他明显偏多的；"
    "底色 = 明显偏多，区间为 95 %。",
    "全市的时间、星期、月份与均匀分布相比，夜间没有人上班，白天偏多是常情；其他与全市其余的占比相比。",
)
SILENT_NOTE = ("仅供内部核实，不得外传，不写入其他文档。申报偏少可能有正当的原因：先核对单位编号、派遣和申请进度，再向单位了解；"
               "核实之前不作任何结论。")


def sheets(tables: Mapping[str, pa.Table]) -> list[Sheet]:
    """The three sheets, each where it has rows."""
    return [*_targets(tables[GROUP_TARGET.name].to_pylist()), *_patterns(tables[INJURY_PATTERN.name].to_pylist()),
            *_silent(tables[SILENT_ENTERPRISE.name].to_pylist())]


def _heading(width: int, *texts: str) -> Row:
    """A heading row: the first texts in the first columns, the last one in the last."""
    blank: list[Value] = [""] * (width - len(texts))
    return Row((*texts[:-1], *blank, texts[-1]), "group")


def _targets(rows: list[dict]) -> list[Sheet]:
    """Every kind under a heading with its definition, the first of each."""
    rows.sort(key=lambda row: row["rank"])
    made: list[Row] = []
    for kind, (title,) in (GROUP_TARGET["target_kind"].codes or {}).items():
        of_kind = [row for row in rows if row["target_kind"] == kind]
        if of_kind:
            count = f"共 {len(of_kind):,} 个" + (f"，列出 {MOST_OF_KIND} 个" if len(of_kind) > MOST_OF_KIND else "")
            said = f"{count}。{of_kind[0]['definition'].split(NOT_LISTED)[0]}。"
            made.append(_heading(len(TARGET_COLUMNS), "", title, said))
        made += [Row(cells(TARGET_COLUMNS, row), "listed" if row["is_above"] else "plain") for row in of_kind[:MOST_OF_KIND]]
    lacking = sorted({row["definition"].split(NOT_LISTED)[1] for row in rows if NOT_LISTED in row["definition"]})
    notes = (TARGET_NOTE, *(f"没有列出：{text}。" for text in lacking))
    return [Sheet("重点群体", GROUP_TARGET.title, notes, _fields(TARGET_COLUMNS), tuple(made))] if made else []


def _fields(columns: Sequence) -> tuple[Field, ...]:
    return tuple(map(Field.of, columns))


def _patterns(rows: list[dict]) -> list[Sheet]:
    """The key circumstances with what is most frequent in each, then what else is notable, scope by scope."""
    scopes: dict[tuple, list[dict]] = {}
    for row in rows:
        place = not row["is_key_circumstance"], row["scope"] == WHOLE, row["scope"]
        scopes.setdefault(place, []).append(row)
    made = [line for _, of_scope in sorted(scopes.items()) for line in _scope(of_scope)]
    notes = (*PATTERN_NOTES, *({rows[0]["definition"] + "。"} if rows else ()))
    return [Sheet("事故情形", INJURY_PATTERN.title, notes, _fields(PATTERN_COLUMNS), tuple(made))] if made else []


def _scope(rows: list[dict]) -> Iterable[Row]:
    """A scope's rows under their heading; none where nothing is to be shown."""
    order = list(INJURY_PATTERN["dimension"].codes or {})
    kept: list[dict] = []
    for dimension in order:
        of = [row for row in rows if row["dimension"] == dimension]
        of.sort(key=lambda row: (-row["observed_cases"], row["value"]))
        most = of[:MOST_VALUES] if rows[0]["is_key_circumstance"] and (len(of) > 1 or dimension == TOTAL) else []
        kept += [row for row in of if row["is_notable"] or (row in most and row["observed_cases"] >= LEAST_OF_VALUE)]
    if kept:
        yield _heading(len(PATTERN_COLUMNS), rows[0]["scope_name"], "")
        yield from (Row(cells(PATTERN_COLUMNS, row), "listed" if row["is_notable"] else "plain") for row in kept)


def _silent(rows: list[dict]) -> list[Sheet]:
    rows.sort(key=lambda row: (row["corrected_probability"], row["enterprise_id"]))
    made = tuple(Row(cells(SILENT_COLUMNS, row)) for row in rows[:MOST_SILENT])
    notes = (SILENT_NOTE, *({f"{row['definition']}。" for row in rows[:1]}))
    return [Sheet("申报偏少待核实", SILENT_ENTERPRISE.title, notes, _fields(SILENT_COLUMNS), made)] if made else []
