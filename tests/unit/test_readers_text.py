"""Delimited text as vendors write it: encodings, delimiters, stray quotes, titles and footers of fewer cells."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.ingest import readers
from pipelines.ingest.readers import delimited, quotes, text

HEAD = "单位编号,单位名称,事故经过,实缴金额\n"
HEADINGS = HEAD.strip().split(",")


def read(path, content: str | bytes, encoding: str = "utf-8") -> tuple[list[list], readers.Sheet]:
    """The rows of a file's only sheet, each followed by its number, and the sheet."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    [sheet] = readers.sheets(path)
    tables = list(sheet.batches(range(len(sheet.headings))))
    return [list(row.values()) for table in tables for row in table.to_pylist()], sheet


@pytest.fixture
def csv_file(tmp_path):
    return tmp_path / "a.csv"


# --- quotes ----------------------------------------------------------------------------------------------------------


def test_a_quote_that_is_never_closed_swallows_nothing(csv_file):
    rows, sheet = read(csv_file, HEAD + '1,甲"厂,x,1\n2,"乙厂,y,2\n3,丙,z,3\n4,丁,w,4\n')
    assert rows == [["1", '甲"厂', "x", "1", 2], ["2", '"乙厂', "y", "2", 3], ["3", "丙", "z", "3", 4], ["4", "丁", "w", "4", 5]]
    assert not sheet.broken_rows


def test_two_stray_quotes_do_not_close_each_other(csv_file):
    rows, _ = read(csv_file, HEAD + '1,"甲,x,1\n2,"乙,y,2\n3,丙",z,3\n4,"丁,x,1\n5,戊",y,2\n')
    assert [(row[0], row[4]) for row in rows] == [(str(n), n + 1) for n in range(1, 6)]


def test_an_unclosed_quote_over_a_comma_breaks_its_own_row_only(csv_file):
    rows, sheet = read(csv_file, HEAD + '1,"甲,乙,x,1\n2,丙,y,2\n')
    assert (rows, sheet.broken_rows) == ([["2", "丙", "y", "2", 3]], [2])


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_narratives_over_several_lines_stay_whole(csv_file, end):
    story = f"第一行，{end}第二行,有逗号{end}{end}他说\"\"好\"\"{end}完"
    lines = HEAD + f'1,甲,"{story}",1\n2,"乙,y,2\n3,"丙{end}厂",z,3\n'
    rows, _ = read(csv_file, lines.replace("\n", end).replace("\r\r", "\r"))
    assert [row[0] for row in rows] == ["1", "2", "3"]
    assert rows[0][2].replace("\r", "") == '第一行，\n第二行,有逗号\n\n他说"好"\n完'
    assert (rows[1][1], rows[2][1].replace("\r", ""), rows[2][4]) == ('"乙', "丙\n厂", 4)


def test_a_heading_may_have_line_breaks(csv_file):
    rows, sheet = read(csv_file, '"单位\n编号",单位名称,"事故\n经过",实缴金额\n1,甲,x,"1,000"\n')
    assert (sheet.headings, rows) == (HEADINGS, [["1", "甲", "x", "1,000", 2]])


@pytest.mark.parametrize("size", [7, 64, 1000])
def test_cells_over_the_edge_of_a_block(csv_file, monkeypatch, size):
    monkeypatch.setattr(text, "READ_BYTES", size)
    lines = "".join(f'{n},"名{n}\n续行","a ""b"" c",{n}\n{n}x,"乙,y,2\n' for n in range(50))
    rows, sheet = read(csv_file, HEAD + lines, "gb18030")
    assert [row[0] for row in rows] == [f"{n}{x}" for n in range(50) for x in ("", "x")]
    assert {row[1] for row in rows[1::2]} == {'"乙'} and rows[98][1:3] == ["名49\n续行", 'a "b" c']
    assert not sheet.broken_rows


CELLS = st.text(st.sampled_from('甲a1",\n，;"'), max_size=8)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=8), st.integers(1, 40))
def test_what_a_writer_quotes_rightly_is_never_changed(rows, cut):
    """Whatever the cells hold, and wherever the blocks end; but for a cell that is itself a table of four columns."""
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    data = file.getvalue().encode()
    if any(line.count(b",") == 3 for row in rows for cell in row for line in cell.encode().split(b"\n")):
        return
    if any(_lines_like_rows(row) for row in rows):
        return
    done, waiting = b"", b""
    for start in range(0, len(data), cut):
        waiting += data[start : start + cut]
        end = waiting.rfind(b"\n") + 1
        fine, rest = quotes.mended(waiting[:end], ",", 4)
        done, waiting = done + fine, rest + waiting[end:]
    assert done + quotes.mended(waiting, ",", 4, True)[0] == data


def _lines_like_rows(row: list[str]) -> bool:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerow(row)
    lines = file.getvalue().rstrip("\n").split("\n")
    return len(lines) > 1 and any(line.count(",") == 3 for line in lines)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300).map(lambda data: data.replace(b"\r", b"")))
def test_mending_loses_no_line(data):
    """Quotes may be doubled, cells quoted; the text without them, and the lines, stay."""
    fine, rest = quotes.mended(data, ",", 3)
    last, nothing = quotes.mended(rest, ",", 3, True)
    whole = fine + (last if rest else b"")
    assert whole.replace(b'"', b"") == data.replace(b'"', b"") and not nothing


# --- encodings, delimiters -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "gb18030", "gbk"])
def test_encodings_without_a_mark(csv_file, encoding):
    assert read(csv_file, HEAD + "1,甲厂,x,1\n", encoding)[0] == [["1", "甲厂", "x", "1", 2]]


def test_the_first_text_beyond_ascii_decides(csv_file, monkeypatch):
    monkeypatch.setattr(text, "MB", 64)
    rows, _ = read(csv_file, "AAB001,AAB004,NAR,AMT\n" + "1,A,x,1\n" * 50 + "2,甲厂,x,1\n", "gb18030")
    assert rows[-1][:2] == ["2", "甲厂"]


def test_stray_bytes_do_not_change_the_encoding(csv_file):
    rows, sheet = read(csv_file, (HEAD + "1,甲厂,x,1\n").encode() + b"2,\xff\xfe,x,2\n")
    assert sheet.headings == HEADINGS and rows[0][1] == "甲厂" and rows[1][1] == "\ufffd\ufffd"


PARTS = st.sampled_from([b"\x81", b"\x81\x30", b"\x81\x30\x81", b"\xb5", b"\xff", b"\xe5\xb8", b"0", b"@", b"|", "甲".encode(),
                         *(letter.encode("gb18030") for letter in "甲€𠮷")])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.lists(PARTS, max_size=4).map(b"".join), min_size=3, max_size=3), min_size=2, max_size=6),
       st.sampled_from(["gb18030", "utf-8-sig"]), st.sampled_from([b",", b"\t", b";"]))
def test_cells_cut_before_they_are_decoded_are_those_of_the_decoded_text(rows, encoding, mark):
    """Whatever bytes are broken: U+FFFD stands in their cell, and no other cell is touched."""
    data = b"\n".join(mark.join([b"1", *row]) for row in rows) + b"\n"
    dialect = text.Dialect(encoding, mark.decode(), False, 4)
    table, skipped = delimited._cells(data, dialect, list("abcd"), list("abcd"))
    decoded = [line.split(mark.decode()) for line in (data + b"xx").decode(encoding, "replace").split("\n")[:-1]]
    assert [list(row.values()) for row in table.to_pylist()] == decoded and not skipped


@pytest.mark.parametrize("mark", ["\t", ";", "|", "^", "，"])
def test_delimiters(csv_file, mark):
    rows, sheet = read(csv_file, "明细\n" + HEAD.replace(",", mark) + f"1{mark}甲,厂{mark}x{mark}1\n", "gb18030")
    assert (sheet.headings, rows) == (HEADINGS, [["1", "甲,厂", "x", "1", 3]])


def test_nul_bytes_and_bare_returns(csv_file):
    rows, _ = read(csv_file, (HEAD + "1,甲\0厂,x,1\n2,乙,y,2\n").replace("\n", "\r"))
    assert rows == [["1", "甲厂", "x", "1", 2], ["2", "乙", "y", "2", 3]]


def test_text_that_is_armoured_against_excel(csv_file):
    rows, _ = read(csv_file, HEAD + '="00123",甲,"=""077""",1\n2,="a,b,3\n')
    assert rows == [["00123", "甲", "077", "1", 2], ["2", '="a', "b", "3", 3]]


# --- rows ------------------------------------------------------------------------------------------------------------


def test_titles_and_footers_of_fewer_cells_are_no_broken_rows(csv_file):
    pages = f"某市缴费明细\n单位：元\n{HEAD}1,甲,x,1\n2,乙\n\n合计,1\n{HEAD}3,丙,z,3\n小计,,,4\n制表人：张三,李四\n"
    rows, sheet = read(csv_file, pages)
    assert [row for row in rows if any(row[:4])] == [["1", "甲", "x", "1", 4], ["3", "丙", "z", "3", 9]]
    assert sheet.broken_rows == [5] and sheet.notes == ["第3行为表头"]
    assert sheet.left_out == [(7, "合计行"), (8, "重复表头"), (10, "合计行"), (11, "表尾")] == sorted(sheet.left_out)


def test_rows_that_all_end_with_a_delimiter(csv_file):
    rows, sheet = read(csv_file, HEAD + "1,甲,x,1,\n2,乙,y,2,\n3,丙,z,3,\n")
    assert (sheet.headings, len(rows), sheet.broken_rows) == (HEADINGS, 3, [])
    rows, sheet = read(csv_file, HEAD.replace("\n", ",,\n") + "1,甲,x,1\n2,乙,y,2\n")
    assert (sheet.headings, len(rows), sheet.broken_rows) == (HEADINGS, 2, [])


def test_the_sample_is_data_only(csv_file):
    _, sheet = read(csv_file, f"{HEAD}1,甲,x,1\n合计,,,1\n{HEAD}" + "2,乙,y,2\n" * 80)
    assert len(sheet.sample) == 50 and sheet.sample[:2] == [["1", "甲", "x", "1"], ["2", "乙", "y", "2"]]


def test_a_line_without_end_is_refused(csv_file, monkeypatch):
    monkeypatch.setattr(text, "LONGEST_LINE", 1000)
    monkeypatch.setattr(text, "READ_BYTES", 500)
    with pytest.raises(readers.UnreadableFileError, match="一行"):
        read(csv_file, HEAD + "1,甲,x," + "9" * 5000)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_whatever_bytes_come_only_the_one_error_leaves(tmp_path_factory, data):
    for ending in ("csv", "xls", "xlsx", "parquet"):
        path = tmp_path_factory.getbasetemp() / f"any.{ending}"
        path.write_bytes(data)
        try:
            for sheet in readers.sheets(path):
                for table in sheet.batches(range(len(sheet.headings))):
                    assert table.num_columns == len(sheet.headings) + 1
        except readers.UnreadableFileError:
            pass
