"""Formats and encodings: every file becomes plain text with the row numbers that a person sees in it."""

import datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from pipelines.ingest import grid as grid_module
from pipelines.ingest import readers
from pipelines.ingest.readers import text

LINES = "单位编号,单位名称\n1,甲厂\n2,\"乙,厂\"\n"


def contents(path) -> tuple[list[str], list[list], list[int], list[int]]:
    """Headings, rows, their numbers, and the numbers of broken rows, of a file's only sheet."""
    [sheet] = readers.sheets(path)
    tables = list(sheet.batches(range(len(sheet.headings))))
    rows = [list(row.values()) for table in tables for row in table.drop_columns([readers.ROW_NUMBER]).to_pylist()]
    numbers = [number for table in tables for number in table[readers.ROW_NUMBER].to_pylist()]
    return sheet.headings, rows, numbers, sheet.broken_rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-be-sig"])
def test_the_encoding_is_found(tmp_path, encoding):
    content = b"\xfe\xff" + LINES.encode("utf-16-be") if encoding == "utf-16-be-sig" else LINES.encode(encoding)
    (tmp_path / "a.csv").write_bytes(content)
    found = contents(tmp_path / "a.csv")
    assert found == (["单位编号", "单位名称"], [["1", "甲厂"], ["2", "乙,厂"]], [2, 3], [])


@pytest.mark.parametrize("rare", ["㐀", "𠮷", "䶮"])
def test_rare_characters_of_gb18030(tmp_path, rare):
    (tmp_path / "a.csv").write_bytes(f"单位编号,单位名称\n1,{rare}\n".encode("gb18030"))
    assert contents(tmp_path / "a.csv")[1] == [["1", rare]]


@pytest.mark.parametrize(("name", "separator"), [("a.csv", ","), ("a.tsv", "\t"), ("a.csv", ";"), ("a.TXT", "|")])
def test_the_separator_is_found(tmp_path, name, separator):
    (tmp_path / name).write_text(separator.join("abc") + "\n" + separator.join("123") + "\n")
    assert contents(tmp_path / name)[:2] == (["a", "b", "c"], [["1", "2", "3"]])


def test_only_the_columns_asked_for_are_read(tmp_path):
    (tmp_path / "a.csv").write_text("id,name,x\n1,secret,9\n")
    [table] = readers.sheets(tmp_path / "a.csv")[0].batches([0, 2])
    assert table.to_pydict() == {"c0": ["1"], "c2": ["9"], "row_number": [2]}


def test_bytes_that_cannot_be_decoded_spoil_their_cell_only(tmp_path):
    (tmp_path / "a.csv").write_bytes("单位编号,单位名称\n1,".encode("gb18030") + b"\xff\xff\n2,x\n")
    assert contents(tmp_path / "a.csv")[1] == [["1", "\ufffd\ufffd"], ["2", "x"]]


@pytest.mark.parametrize("block", [16, 24, 1 << 20])
def test_rows_with_too_few_or_too_many_cells_are_numbered(tmp_path, monkeypatch, block):
    """Whatever the size of the blocks in which the file is read; blank lines are rows too, where numbers are concerned."""
    monkeypatch.setattr(text, "READ_BYTES", block)
    (tmp_path / "a.csv").write_text("a,b\n1,2\n\n4,4\n5\n6,6,6\n7,7\n8\n9,9\n\n")
    _, rows, numbers, broken = contents(tmp_path / "a.csv")
    assert broken == [5, 6, 8]
    assert {n: row for n, row in zip(numbers, rows, strict=True) if any(row)} == {
        2: ["1", "2"], 4: ["4", "4"], 7: ["7", "7"], 9: ["9", "9"]
    }


def test_reading_twice_finds_the_same_broken_rows(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1\n2,2\n")
    [sheet] = readers.sheets(tmp_path / "a.csv")
    for _ in range(2):
        assert [table.num_rows for table in sheet.batches([0])] == [1]
        assert sheet.broken_rows == [2]


def test_a_cell_may_hold_line_breaks(tmp_path):
    (tmp_path / "a.csv").write_bytes(b'a,b\r\n"x\r\ny",2\r\n3,4\r\n')
    assert contents(tmp_path / "a.csv")[1:3] == ([["x\r\ny", "2"], ["3", "4"]], [2, 3])


@pytest.mark.parametrize("text", ["a,b", "a,b\n", "a,b\r\n", "a,b\n\n"])
def test_headings_without_rows(tmp_path, text):
    (tmp_path / "a.csv").write_bytes(text.encode())
    headings, rows, _, broken = contents(tmp_path / "a.csv")
    assert (headings, [row for row in rows if any(row)], broken) == (["a", "b"], [], [])


def test_an_empty_file_has_no_sheet(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"")
    assert readers.sheets(tmp_path / "a.csv") == []


def workbook(path, **sheets):
    """Writes sheets of cells: {title: {(row, column): value}}; dates get a date format."""
    with xlsxwriter.Workbook(path) as book:
        day, moment = (book.add_format({"num_format": f}) for f in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
        for title, cells in sheets.items():
            sheet = book.add_worksheet(title)
            for (row, column), value in cells.items():
                is_day = isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)
                sheet.write(row, column, value, *[day if is_day else moment] * isinstance(value, datetime.date))


def grid(*rows, top: int = 0, left: int = 0) -> dict:
    return {(top + r, left + c): value for r, row in enumerate(rows) for c, value in enumerate(row) if value is not None}


def test_cells_of_a_workbook_as_plain_text(tmp_path):
    cells = ["A1", "11010519491231002X", "430702199001010011", 12, 0.009, 1234567.1, 100000000000,
             datetime.date(2024, 1, 31), datetime.datetime(2024, 1, 31, 8, 30), True]
    workbook(tmp_path / "a.xlsx", 缴费=grid([f"h{n}" for n in range(len(cells))], cells, [], ["A3"]))
    _, rows, numbers, _ = contents(tmp_path / "a.xlsx")
    assert rows[0] == ["A1", "11010519491231002X", "430702199001010011", "12", "0.009", "1234567.1", "100000000000",
                       "2024-01-31 00:00:00", "2024-01-31 08:30:00", "true"]
    assert (numbers, rows[2][0]) == ([2, 3, 4], "A3")


def test_every_sheet_of_a_workbook_that_holds_anything(tmp_path):
    workbook(tmp_path / "a.xlsx", 一=grid(["a"], ["1"]), 空={}, 三=grid(["b"]))
    sheets = readers.sheets(tmp_path / "a.xlsx")
    assert [(sheet.name, sheet.headings) for sheet in sheets] == [("一", ["a"]), ("三", ["b"])]
    assert [sum(map(len, sheet.batches([0]))) for sheet in sheets] == [1, 0]


def test_a_table_that_begins_further_down_and_to_the_right(tmp_path):
    workbook(tmp_path / "a.xlsx", 一=grid(["a", "b"], ["1", "2"], ["3", "4"], top=2, left=1))
    assert contents(tmp_path / "a.xlsx") == (["a", "b"], [["1", "2"], ["3", "4"]], [4, 5], [])


def test_columns_of_a_workbook_in_any_order(tmp_path):
    workbook(tmp_path / "a.xlsx", 一=grid(["a", "b", "c"], ["1", "2", "3"]))
    [table] = readers.sheets(tmp_path / "a.xlsx")[0].batches([2, 0])
    assert table.select(["c0", "c2"]).to_pydict() == {"c0": ["1"], "c2": ["3"]}


def as_text(tmp_path, array: pa.Array) -> list:
    """A Parquet column as ingest sees it, cast to text."""
    pq.write_table(pa.table({"x": array}), tmp_path / "a.parquet")
    [table] = readers.sheets(tmp_path / "a.parquet")[0].batches([0])
    return table["c0"].cast(pa.string()).to_pylist()


@pytest.mark.parametrize(("array", "text"), [
    (pa.array([12, None], pa.int64()), ["12", None]),
    # pandas makes floats of whole numbers as soon as one is absent
    (pa.array([10001.0, None], pa.float64()), ["10001", None]),
    (pa.array([112.5, 113.0]), ["112.5", "113"]),
    (pa.array([Decimal("1.50"), None]), ["1.50", None]),
    (pa.array([datetime.date(2024, 1, 31)]), ["2024-01-31"]),
    (pa.array([True, None]), ["true", None]),
    (pa.array([" 甲", ""], pa.large_string()), [" 甲", ""]),
    (pa.array(["甲", None], pa.string_view()), ["甲", None]),
    (pa.array(["甲", "甲"]).dictionary_encode(), ["甲", "甲"]),
    (pa.array([b"x", None]), [None, None]),
    (pa.array([[1], None]), [None, None]),
])
def test_typed_columns_of_parquet(tmp_path, array, text):
    assert as_text(tmp_path, array) == text


def test_times_of_parquet_are_those_of_the_clock_on_site(tmp_path):
    """08:30 in Changde stays 08:30, whatever the time zone of the machine."""
    moment = datetime.datetime(2024, 1, 31, 8, 30)
    for array in (pa.array([moment]), pa.array([moment - datetime.timedelta(hours=8)], pa.timestamp("us", "Asia/Shanghai"))):
        pq.write_table(pa.table({"x": array}), tmp_path / "a.parquet")
        [table] = readers.sheets(tmp_path / "a.parquet")[0].batches([0])
        assert table["c0"].to_pylist() == [moment]


def test_parquet_is_read_in_parts_with_running_numbers(tmp_path, monkeypatch):
    monkeypatch.setattr(grid_module, "ROWS_PER_BATCH", 2)
    pq.write_table(pa.table({"a": [1.5, 2.0, 3.0, 4.0, 5.0]}), tmp_path / "a.parquet")
    tables = list(readers.sheets(tmp_path / "a.parquet")[0].batches([0]))
    assert [table["row_number"].to_pylist() for table in tables] == [[2, 3], [4, 5], [6]]
    assert len({table.schema for table in tables}) == 1


@pytest.mark.parametrize(("name", "content"), [
    ("a.xlsx", b"no zip"), ("a.xlsx", b""), ("a.parquet", b"PAR1 rubbish PAR1"), ("a.parquet", b""), ("a.xls", b"1"),
    ("a.pdf", b"%PDF"), ("noending", b"1"),
])
def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(readers.UnreadableFileError, match="请"):
        readers.sheets(tmp_path / name)


def test_a_truncated_workbook_cannot_be_read(tmp_path):
    workbook(tmp_path / "a.xlsx", 一=grid(["a"], *(["1"] * 50)))
    content = (tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(content[: len(content) // 2])
    with pytest.raises(readers.UnreadableFileError, match="完整"):
        readers.sheets(tmp_path / "a.xlsx")
