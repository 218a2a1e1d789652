"""Where the headings of a table are, how two and three rows of them become one text per column, and what goes on without."""

import pytest

from pipelines.ingest import layout
from pipelines.ingest.grid import Merge

PREMIUM = ["单位编号", "费款所属期", "缴费人数"]
DATA = ["1001", "202401", "12"]


def found(*head: list[str], merges=()) -> tuple[int, int, list[str]]:
    shape = layout.find(head, merges)
    return shape.first, shape.last, shape.headings


def test_a_plain_table_begins_with_its_heading():
    assert found(PREMIUM, DATA) == (0, 0, PREMIUM)


@pytest.mark.parametrize("titles", [
    [["某市工伤保险缴费明细表（2024年）"]],
    [["某市工伤保险缴费明细表", "", ""], ["单位：元", "", "打印时间：2024-12-31"]],
    [["", "缴费明细", ""], ["", "", ""], ["编制单位", "某市社保中心", ""]],
    [["缴费明细"], ["2024年度", "第四季度", ""]],
])
def test_titles_stand_above(titles):
    assert found(*titles, PREMIUM, DATA) == (len(titles), len(titles), PREMIUM)


def test_headings_that_nobody_knows_are_known_by_their_shape():
    assert found(["明细"], ["甲方", "乙方", "丙方"], ["1", "2024-01-01", "x"]) == (1, 1, ["甲方", "乙方", "丙方"])
    assert found(["AAB001", "aae003", "bac_002"], ["1", "202401", "5"])[2] == ["AAB001", "aae003", "bac_002"]


def test_a_table_without_headings_begins_with_its_first_row():
    assert found(["1001", "202401", "12"], ["1002", "202401", "7"])[:2] == (0, 0)
    assert found(["", ""], ["a", ""], ["1", ""])[:2] == (1, 1)
    assert layout.find([]).headings == []


TWO = [["单位编号", "单位名称", "缴费情况", "", "备注"], ["", "", "缴费人数", "实缴金额", ""]]
THREE = [["单位编号", "缴费情况", "", "", "备注"], ["", "人数", "金额", "", ""], ["", "", "应缴金额", "实缴金额", ""]]


def test_headings_in_two_rows():
    assert found(["明细"], *TWO, ["1", "甲", "3", "4", ""]) == (
        1, 2, ["单位编号", "单位名称", "缴费情况/缴费人数", "缴费情况/实缴金额", "备注"])


def test_the_first_of_three_heading_rows_is_found_past_a_row_of_groups():
    head = (["明细表"], ["单位编号", "全部数据", "", ""], ["", "基本信息", "", "其他"],
            ["", "费款所属期", "缴费人数", "实缴金额"])
    merges = [Merge(1, 0, 3, 0), Merge(1, 1, 1, 3), Merge(2, 1, 2, 2)]
    expected = ["单位编号", "全部数据/基本信息/费款所属期", "全部数据/基本信息/缴费人数", "全部数据/其他/实缴金额"]
    for given in (merges, ()):
        assert found(*head, ["1001", "202401", "12", "5"], merges=given) == (1, 3, expected)


def test_headings_in_three_rows():
    assert found(*THREE, ["1", "2", "3", "4", "x"]) == (
        0, 2, ["单位编号", "缴费情况/人数", "缴费情况/金额/应缴金额", "缴费情况/金额/实缴金额", "备注"])


def test_groups_over_names_that_come_twice():
    head = [["", "本月", "", "累计", ""], ["单位编号", "缴费人数", "实缴金额", "缴费人数", "实缴金额"]]
    assert found(*head, ["1", "2", "3", "4", "5"])[2] == [
        "单位编号", "本月/缴费人数", "本月/实缴金额", "累计/缴费人数", "累计/实缴金额"]


def test_merged_cells_say_which_columns_a_group_has():
    """Without them, 伤残 might go on over 备注."""
    head = [["认定书编号", "伤残", "", "备注", ""], ["", "等级", "日期", "", ""]]
    merges = [Merge(0, 0, 1, 0), Merge(0, 1, 0, 2), Merge(0, 3, 1, 4)]
    assert found(*head, ["X1", "3", "2024-01-01", "", "y"], merges=merges)[1:] == (
        1, ["认定书编号", "伤残/等级", "伤残/日期", "备注", "备注"])


def test_a_data_row_is_never_taken_for_a_part_of_the_heading():
    assert found(["单位编号", "单位名称", "", "备注"], ["A", "甲厂", "", "无"], ["B", "乙厂", "", "无"])[:2] == (0, 0)
    assert found(["单位编号", "单位名称", "经办机构", ""], ["", "", "", "新增"])[1] == 1  # text under no heading names it


def test_a_row_of_column_numbers_belongs_to_the_heading():
    wide = ["单位编号", "费款所属期", "缴费人数", "应缴金额", "实缴金额"]
    for numbers in (["1", "2", "3", "4", "5"], ["甲", "乙", "1", "2", "3"], ["栏次", "", "1", "2", "3"]):
        assert found(wide, numbers, ["1001", "202401", "1", "2", "3"]) == (0, 1, wide)
    assert found(["单位编号", "缴费人数"], ["1", "2"])[1] == 0


def test_empty_columns_are_left_out_and_unnamed_ones_with_data_are_not():
    shape = layout.find([["单位编号", "", "缴费人数", ""], ["1", "", "2", "x"]])
    assert (shape.headings, shape.columns) == (["单位编号", "缴费人数", ""], [0, 2, 3])


def test_spaces_and_line_breaks_within_headings_go():
    assert found(["单 位\n编号", "缴费 人数"], ["1", "2"])[2] == ["单位编号", "缴费人数"]


def test_what_goes_on_without_a_heading():
    above = layout.find([PREMIUM, DATA])
    below = layout.continued([["1002", "202401", "7"]], above)
    assert below and (below.first, below.last, below.headings) == (-1, -1, PREMIUM)
    assert layout.continued([PREMIUM, DATA], above) is None
    assert layout.continued([["填表说明", "请按月报送", ""]], above) is None
    assert layout.continued([["1002", "202401", "7", "8", "9"]], above) is None
    assert layout.continued([["1", "2", "3"]], layout.find([["甲", "乙", "丙"], ["1", "2", "3"]])) is None


def test_notes_are_made_only_of_what_is_unusual():
    assert layout.find([PREMIUM, DATA]).notes() == []
    assert layout.find([["明细"], PREMIUM, DATA]).notes() == ["第2行为表头"]
    assert layout.find([["明细"], *TWO, ["1", "甲", "3", "4", ""]]).notes() == ["第2–3行为表头"]
