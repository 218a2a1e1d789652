"""docs/dictionary.md, generated from the contracts: `python -m pipelines.contracts.dictionary` writes it.

Belongs here: how a contract reads on paper. What a table or column means is said where it is declared.
"""

import csv
import functools
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pipelines.contracts.catalogue import CORE, MARTS, PUBLIC
from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import Column, Export, Table

PAGE = Path(__file__).parents[2] / "docs" / "dictionary.md"
ALIASES = Path(__file__).parents[1] / "tables" / "field_aliases.csv"
TYPES = {"string": "文本", "int64": "整数", "int32": "整数", "int16": "整数", "double": "小数", "bool": "是/否",
         "date32[day]": "日期", "timestamp[us]": "日期时间"}
PII = {"pseudonym": "假名（原值不落盘）", "dropped": "读入时丢弃", "coded": "读入时编码，原文不落盘", "reduced": "只留一部分",
       "sensitive": "敏感，只在核心表"}
DELIVERY = {"increment": "增量", "snapshot": "全量"}
HEAD = """# 数据字典

本页由 `make dictionary` 从 `pipelines/contracts` 生成，请勿手改。

* 三部分：[收到的导出数据](#收到的导出数据)、[核心表](#核心表)、[集市表](#集市表)。
* 同名的列在各表含义相同；单位在列名末尾（`_yuan` 元、`_pct` %、`person_years` 人年）；月份写作 `yyyymm`。
* “级别”是谁可以看；标有“发布”的表在 `data/marts/month=YYYY-MM/`，其余只在 `data/core`。
"""


@functools.cache
def _aliases() -> dict[str, list[str]]:
    """Canonical field -> the standard's codes and the aliases seen, without the remarks in brackets."""
    with ALIASES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    said = {row["canonical"]: (re.split(r"[ /]+|\.\.", row["standard_code"]), row["chinese_aliases"].split("|")) for row in rows}
    return {
        name: [re.sub(r"[(（].*?[)）]", "", text) for text in (*codes, *aliases) if text]
        for name, (codes, aliases) in said.items()
    }


def headings_of(column: Column) -> list[str]:
    """The headings under which a column may arrive, as people write them."""
    return list(dict.fromkeys([column.title, *column.headings, *_aliases().get(column.field, ())]))


def _type(column: Column) -> str:
    name = str(column.type)
    return TYPES.get(name) or name.replace("decimal128", "定点数")


def _range(column: Column) -> str:
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return f"范围 {low:g}–{high:g}"
    return f"不小于 {low:g}" if low is not None else f"不大于 {high:g}" if high is not None else ""


def _codes(column: Column) -> str:
    return "、".join(f"`{code}` {texts[0]}" if texts[0] != code else f"`{code}`" for code, texts in (column.codes or {}).items())


def _remarks(column: Column) -> str:
    pii = f"**{PII[column.pii]}**" if column.pii else ""
    return "；".join(filter(None, [column.description, _range(column), _codes(column), pii]))


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    head = list(head)
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    yield from (f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in rows)
    yield ""


def export_section(export: Export) -> Iterator[str]:
    """A kind of export: what a row is, which columns it must have, under which headings each may arrive."""
    required = "；".join("或".join(export[name].title for name in group) for group in export.required)
    key = " + ".join(export[name].title for name in export.key) or "无：见方法说明的“同一事实”"
    recorded = "、".join(export[name].title for name in export.recorded) or "无，视为一直已知"
    needed = {name for group in export.required for name in group}
    yield f"### {export.title} `{export.name}`\n"
    yield f"一行是{export.row}。必需的列：{required}。主键：{key}。记录日期：{recorded}。默认{DELIVERY[export.delivery]}交付。\n"
    yield from _table(
        ("列", "标题", "类型", "单位", "必需", "可接受的表头", "说明"),
        ((f"`{c.name}`", c.title, _type(c), c.unit, "是" if c.name in needed else "",
          "、".join(headings_of(c)), _remarks(c)) for c in export.columns),
    )
    if export.coded:
        yield "读入时按维护的规则编出、不在文件中的列：\n"
        yield from _table(("列", "标题", "说明"), ((f"`{c.name}`", c.title, _remarks(c)) for c in export.coded))


def table_section(table: Table) -> Iterator[str]:
    """A core table or a mart."""
    place = "发布" if table in PUBLIC else "不发布"
    stored = "只存查询，读取时算出。" if table.is_query else ""
    yield f"### {table.title} `{table.name}`\n"
    yield f"一行是{table.row}。主键：{'、'.join(f'`{name}`' for name in table.grain)}。级别：{table.level}；{place}。{stored}\n"
    if table.references:
        yield "引用：" + "、".join(f"`{column}` → `{target}`" for column, target in table.references.items()) + "。\n"
    yield from _table(
        ("列", "标题", "类型", "单位", "可空", "说明"),
        ((f"`{c.name}`", c.title, _type(c), c.unit, "是" if c.nullable else "", _remarks(c)) for c in table.columns),
    )


def page() -> str:
    """The whole page."""
    lines = [HEAD, "## 收到的导出数据\n", "表头比较时不分全角半角、大小写、空格，也不看末尾括号中的单位。\n"]
    lines += [line for export in EXPORTS.values() for line in export_section(export)]
    lines += ["## 核心表\n", "截至某月所知的事实，不含政策。\n"]
    lines += [line for table in CORE for line in table_section(table)]
    lines += ["## 集市表\n", "在一项政策之下算出、供人使用的表。\n"]
    lines += [line for table in MARTS for line in table_section(table)]
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
