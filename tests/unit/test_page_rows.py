"""Rows that are no data, and rows that only look like it: what names a unit, a person or a document always stays."""

import re

import pyarrow as pa
import pytest

from pipelines.ingest import layout, page_rows
from pipelines.ingest.page_rows import FOOTER, HEADING, TITLE, TOTAL, PageRows

HEAD = [["缴费明细"], ["序号", "单位编号", "单位名称", "费款所属期", "缴费人数", "实缴金额"],
        ["1", "1001", "甲厂", "202401", "2", "3"]]


def reasons(rows: list[list[str]], head: list[list[str]] = HEAD) -> list[str | None]:
    """Told row by row and all at once: both must agree."""
    width = max(len(row) for row in [*head, *rows])
    page = PageRows(layout.find(head), [])
    padded = [row + [""] * (width - len(row)) for row in rows]
    table = pa.table({f"g{place}": pa.array(column, pa.string()) for place, column in enumerate(zip(*padded, strict=True))})
    singly = [page.reason(dict(enumerate(row))) for row in padded]
    together = dict(page.among(table))
    assert singly == [together.get(number) for number in range(len(rows))]
    return singly


@pytest.mark.parametrize("row", [
    ["合计", "", "", "", "12", "99.5"], ["", "合 计", "", "", "12", "99.5"], ["", "", "", "", "合计", "99.5"],
    ["小计：", "", "", "", "12", ""], ["", "本页小计", "", "", "12", ""], ["总　计", "", "", "", "", "5"],
    ["累计", "", "", "202401", "1", "2"], ["共计12户", "", "", "", "", ""], ["", "武陵区小计", "", "", "3", "4"],
    ["7", "", "合计", "", "12", ""], ["合计（元）", "", "", "", "", "1"],
])
def test_totals(row):
    assert reasons([row]) == [TOTAL]


def test_a_subtotal_where_only_a_month_can_stand():
    head = [["单位编号", "费款所属期", "缴费人数"], ["1001", "202401", "3"]]
    assert reasons([["1001", "小计", "3"], ["小计", "", "3"], ["1001", "202402", "3"]], head) == [TOTAL, TOTAL, None]


@pytest.mark.parametrize("row", [
    ["1", "1001", "合计", "202401", "2", "3"], ["1", "A", "合计商贸有限公司", "202401", "2", "3"],
    ["", "1001", "小计", "", "2", ""], ["合计", "1001", "甲厂", "202401", "2", "3"],
    ["1", "1001", "甲厂", "202401", "合计", "3"],
    ["1", "1001", "制表人：某", "202401", "1", "1"], ["1", "1001", "甲厂", "202401", "", "备注：无"],
    ["2", "", "甲厂", "202401", "2", "3"],
    ["", "", "", "", "", ""], ["3", "1003", "单位名称", "202401", "1", "1"], ["", "", "合计商贸有限公司", "202401", "2", "3"],
])
def test_data_stay_whatever_they_say(row):
    assert reasons([row]) == [None]


@pytest.mark.parametrize("row", [
    ["制表人：张三", "", "", "打印时间：2024-01-01"], ["", "填报人：", "张三", "", "审核:", "李四"], ["第1页 共9页"], ["第 3 页"],
    ["打印日期:2024/1/1"], ["单位负责人：", "", "", "", "联系电话：0736-1234567"], ["备注：本表按月报送"], ["（以下无正文）"],
    ["共 120 条"],
    ["", "", "", "", "", "审核人：王五"], ["报表日期：2024年1月"], ["-1/9-"], ["1/9页"],
])
def test_footers(row):
    assert reasons([row]) == [FOOTER]


def test_headings_and_titles_on_every_page():
    padded = [" 序号", "单位编号 ", *HEAD[1][2:]]
    assert reasons([HEAD[1], padded, HEAD[0]]) == [HEADING, HEADING, TITLE]


def test_every_row_of_a_heading_in_two_rows():
    head = [["单位编号", "缴费情况", ""], ["", "缴费人数", "实缴金额"], ["1001", "2", "3"]]
    assert reasons([*head[:2], ["1002", "缴费人数", ""]], head) == [HEADING, HEADING, None]


def test_codes_as_headings_on_every_page():
    head = [["AAB001", "AAE003", "BAB100"], ["1001", "202401", "3"]]
    assert reasons([head[0], ["AAB001", "202401", "3"]], head) == [HEADING, None]


def test_kinds_whose_rows_nothing_names():
    """A year and a region are all that tells rows apart: a total beside them is a row like others."""
    head = [["年度", "统筹地区", "征缴收入", "待遇支出"], ["2023", "某市", "1", "2"]]
    rows = [["2023", "合计", "3", "4"], ["合计", "", "6", "8"], ["2024", "全市合计", "1", "1"]]
    assert reasons(rows, head) == [None, TOTAL, None]
    head = [["场所名称", "场所类别", "经度", "纬度"], ["甲园区", "园区", "111.1", "29.0"]]
    assert reasons([["合计广场", "商业区", "1", "2"], ["合计", "", "2", ""]], head) == [None, TOTAL]


def test_only_the_first_columns_and_those_that_name_are_looked_at():
    page = PageRows(layout.find(HEAD), [5])
    assert page.looked_at() == [0, 1, 2, 3, 5]


def test_a_column_of_numbers_is_no_text_to_look_at():
    page = PageRows(layout.find(HEAD), [])
    assert page.among(pa.table({"g1": ["合计", "1"], "g4": [1, 2]})) == [(0, TOTAL)]
    assert page.among(pa.table({"g4": [1, 2]})) == [] == page.among(pa.table({"g1": pa.array([], pa.string())}))


def test_the_quick_hint_lets_no_footer_or_total_pass():
    for text in ("制表人：x", "第3页", "页码3", "共9条", "第1/9页", "（以下空白）", "报表结束", "-3/9-", "备注1:无", "小计"):
        assert (page_rows.FOOTERS.fullmatch(text) or page_rows.TOTALS.fullmatch(text)) and re.search(page_rows.HINT, text), text
