"""docs/dictionary.md says what the contracts say."""

import re

import pytest

from pipelines.contracts import codes, dictionary, exports, marts
from pipelines.contracts.catalogue import CONTRACTS
from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import RATIO, Column, Export
from pipelines.ingest import headings


def test_the_page_is_not_stale():
    assert dictionary.PAGE.read_text(encoding="utf-8") == dictionary.page(), "run `make dictionary`"


@pytest.mark.parametrize("table", [*EXPORTS.values(), *CONTRACTS.values()], ids=lambda table: table.name)
def test_every_table_and_column_is_on_the_page(table):
    exports_part, tables_part = dictionary.page().split("\n## 核心表\n")
    part = exports_part if isinstance(table, Export) else tables_part
    section = part.split(f"### {table.title} `{table.name}`\n")[1].split("\n### ")[0]
    coded = [column.name for column in table.coded] if isinstance(table, Export) else []
    assert re.findall(r"^\| `(\w+)` \|", section, flags=re.MULTILINE) == [*table.names, *coded]


def test_a_table_of_markdown_is_not_broken_by_what_a_cell_holds():
    assert list(dictionary._table(["a", "b"], [["x|y", "z"]]))[2] == "| x&#124;y | z |"


def test_an_export_says_what_it_requires_and_under_which_headings_it_may_arrive():
    said = "\n".join(dictionary.export_section(exports.PAYOUT))
    assert "必需的列：待遇项目；支付金额；支付日期或待遇年月。" in said
    assert re.search(r"\| `amount_yuan` \| 支付金额 \| 定点数\(18, 2\) \| 元 \| 是 \| 支付金额、AAE019", said)


def test_the_headings_on_the_page_are_those_that_are_recognised():
    for column in (column for export in EXPORTS.values() for column in export.columns):
        assert {headings.normalise(text) for text in dictionary.headings_of(column)} == set(headings.accepted(column))


def test_personal_columns_are_marked():
    said = "\n".join(dictionary.export_section(exports.CLAIM))
    assert re.search(r"\| `person_name` .*读入时丢弃", said) and re.search(r"\| `person_key` .*假名", said)


def test_codes_and_ranges_are_spelled_out():
    period = marts.INDUSTRY_RATE["period"]
    assert all(f"`{code}` {titles[0]}" in dictionary._remarks(period) for code, titles in codes.PERIOD.items())
    assert dictionary._remarks(Column("x", "x", RATIO, minimum=0, maximum=0.2)) == "范围 0–0.2"
    assert dictionary._remarks(Column("x", "x", RATIO, minimum=1)) == "不小于 1"


def test_what_is_published_is_said():
    assert "；发布。" in "\n".join(dictionary.table_section(marts.ENTERPRISE_RISK))
    assert "；不发布。" in "\n".join(dictionary.table_section(CONTRACTS["claim"]))
