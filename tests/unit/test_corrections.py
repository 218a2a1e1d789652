"""Entries of corrections: what is read, what is refused and in which words."""

import pytest

from pipelines.ingest import corrections
from pipelines.ingest.control import ControlError

GOOD = {"file": "f.csv", "kind": "premium", "column": "缴费人数", "rows": [2], "value": "5", "reason": "漏报", "expected": 1}


def toml(path, **said):
    entry = {**GOOD, **said}
    lines = [f"{key} = {value!r}" for key, value in entry.items() if value is not None]
    text = "\n".join(["[[correction]]", *lines, "" if "date" in entry else "date = 2025-01-01"])
    path.write_text(text, encoding="utf-8")
    return corrections.read(path, "2025-01/更正.toml", 202501)


def test_an_entry_is_read_whole(tmp_path):
    [entry] = toml(tmp_path / "a.toml")
    assert (entry.batch_month, entry.source, entry.entry, entry.column) == (202501, "2025-01/更正.toml", 1, "heads")
    assert (entry.rows, entry.value, entry.expected, entry.action) == ((2,), "5", 1, "cell")


@pytest.mark.parametrize(("said", "message"), [
    ({"kind": "保费"}, "种类不认识；可填：参保单位、单位缴费"),
    ({"column": "人头"}, "单位缴费没有这一列；可填：整行、单位编号"),
    ({"reason": None}, "缺 reason"),
    ({"reason": " "}, "reason 不能为空"),
    ({"rows": None}, "rows 或 where 之一"),
    ({"vlaue": "x"}, "多 vlaue"),
    ({"rows": ["2"]}, "rows 为行号的列表"),
    ({"date": "昨天"}, "date 写成 2025-01-31"),
])
def test_what_cannot_be_is_refused_with_what_may_stand_there(tmp_path, said, message):
    with pytest.raises(ControlError, match=message):
        toml(tmp_path / "a.toml", **said)


def test_other_toml_is_refused(tmp_path):
    path = tmp_path / "b.toml"
    for text in ("x = 1", "[[correction]", "correction = 3"):
        path.write_text(text)
        with pytest.raises(ControlError):
            corrections.read(path, "b.toml", 202501)


def test_a_workbook_without_its_headings_is_refused(tmp_path, office):
    office.book("2025-01/a.xlsx", 数据核实清单=[["文件", "行号"], ["f.csv", 2]])
    [line] = office.receive().values()
    assert line["status"] == "unusable" and "没有标题行" in line["message"]


def test_a_correction_never_reaches_the_record_of_it(tmp_path, office):
    office.put("2025-01/缴费.csv", "单位编号,费款所属期,缴费人数\nA,202501,许多\n")
    office.put("2025-01/更正.toml", "[[correction]]\nfile='2025-01/缴费.csv'\nkind='premium'\ncolumn='缴费人数'\nrows=[2]\n"
                                   "value='98765'\nreason='核'\ndate=2025-01-01\nexpected=1\n")
    lines = office.receive()
    assert [row["heads"] for row in office.rows(lines["2025-01/缴费.csv"])] == [98765]
    record = office.cache.corrections(lines["2025-01/更正.toml"]["content"])
    assert record.exists() and b"98765" not in record.read_bytes()


def test_whole_rows_must_have_as_many_cells_as_the_heading(office):
    office.put("2025-01/缴费.csv", "单位编号,费款所属期,缴费人数\nA,202501\n")
    office.put("2025-01/更正.toml", "[[correction]]\nfile='2025-01/缴费.csv'\nkind='premium'\ncolumn='整行'\nrows=[2]\n"
                                   "value='A|202501'\nreason='核'\ndate=2025-01-01\nexpected=1\n")
    line = office.receive()["2025-01/缴费.csv"]
    assert line["status"] == "unusable" and "整行应有 3 个单元格（以 | 分隔），实有 2 个" in line["message"]
