"""Workbooks of every make, and what only goes by the name of one: the same table comes out of each."""

import struct
import subprocess
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from pipelines.ingest import readers
from pipelines.ingest.readers import excel

TITLE, GROUPS, NAMES = ["缴费明细"], ["单位编号", "单位名称", "缴费情况", "", "备注"], ["", "", "缴费人数", "实缴金额", ""]
DATA = [["430701", "甲厂", "12", "99.5", ""], ["430702", "乙 & 丙厂", "3", "1,200", "新"]]
TOTAL = ["合计", "", "15", "1299.5", ""]
ROWS = [TITLE, GROUPS, NAMES, *DATA, TOTAL]
HEADINGS = ["单位编号", "单位名称", "缴费情况/缴费人数", "缴费情况/实缴金额", "备注"]


def write_xlsx(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("缴费")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
        sheet.merge_range(0, 0, 0, 4, "缴费明细")
        sheet.merge_range(1, 2, 1, 3, "缴费情况")
        for column in (0, 1, 4):
            sheet.merge_range(1, column, 2, column, GROUPS[column])


def write_xls(path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("缴费")
    for number, row in enumerate(ROWS):
        for column, value in enumerate(row):
            if value:
                sheet.write(number, column, value)
    book.save(str(path))


def record(number: int, content: bytes = b"") -> bytes:
    """A record of BIFF12: its number and length in seven bits a byte."""
    def varied(value: int) -> bytes:
        return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varied(value >> 7)

    first = bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])
    return first + varied(len(content)) + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def write_xlsb(path: Path) -> None:
    cells = b""
    for number, row in enumerate(ROWS):
        cells += record(0, struct.pack("<IIHHB", number, 0, 300, 0, 0) + struct.pack("<I", 0))
        for column, value in enumerate(row):
            cells += record(6, struct.pack("<II", column, 0) + wide(value)) if value else b""
    extent = record(148, struct.pack("<4I", 0, len(ROWS) - 1, 0, 4))
    sheet = record(129) + extent + record(145) + cells + record(146) + record(130)
    named = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("缴费"))
    book = record(131) + record(143) + named + record(144) + record(132)
    relation = ('<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" '
                'Target="{}"/></Relationships>')
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("_rels/.rels", relation.format("officeDocument", "xl/workbook.bin"))
        archive.writestr("xl/_rels/workbook.bin.rels", relation.format("worksheet", "worksheets/sheet1.bin"))
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/worksheets/sheet1.bin", sheet)


def write_html(path: Path, encoding: str = "gb2312") -> None:
    rows = "".join("<tr>" + "".join(f"<td>{cell.replace('&', '&amp;')}</td>" for cell in row) + "</tr>" for row in [*DATA, TOTAL])
    page = (f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"></head>'
            "<body><table border=1>"
            "<tr><td colspan=5>缴费明细</td></tr><tr><th rowspan=2>单位编号</th><th rowspan=2>单位<br>名称</th>"
            "<th colspan=2>缴费情况</th><th rowspan=2>备注</th></tr><tr><th>缴费人数<th>实缴金额</tr>"
            f"{rows}</table></body></html>")
    path.write_text(page, encoding=encoding)


def write_xml(path: Path) -> None:
    def cell(text: str, place: int, more: str = "") -> str:
        return f'<Cell ss:Index="{place}"{more}><Data ss:Type="String">{text.replace("&", "&amp;")}</Data></Cell>'

    down, across = ' ss:MergeDown="1"', ' ss:MergeAcross="1"'
    head = "".join(cell(text, place, across if place == 3 else down) for place, text in enumerate(GROUPS, 1) if text)
    rows = ["".join(cell(text, place) for place, text in enumerate(row, 1) if text) for row in [NAMES, *DATA, TOTAL]]
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    path.write_text(f'<?xml version="1.0" encoding="UTF-8"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
                    f'<Worksheet ss:Name="缴费"><Table>'
                    f"<Row>{cell('缴费明细', 1)}</Row><Row>{head}</Row>{''.join(f'<Row>{row}</Row>' for row in rows)}"
                    "</Table></Worksheet></Workbook>", encoding="utf-8")


def write_text(path: Path) -> None:
    path.write_text("\r\n".join("\t".join(row) for row in ROWS), encoding="utf-16")


MAKES = {
    "a.xlsx": write_xlsx, "zip.et": write_xlsx, "a.xls": write_xls, "ole.et": write_xls, "a.xlsb": write_xlsb,
    "html.xls": write_html, "page.html": write_html, "xml.xls": write_xml, "text.xls": write_text, "text.xlsx": write_text,
    "book.csv": write_xlsx, "old.txt": write_xls, "noending": write_xlsx, "book.zip": write_xlsx,
}


def read(path: Path) -> list[tuple]:
    """Every sheet: its name, headings, rows and what was left out."""
    found = []
    for sheet in readers.sheets(path):
        rows = [tuple(row.values()) for t in sheet.batches(range(len(sheet.headings))) for row in t.to_pylist()]
        found.append((sheet.name, sheet.headings, [tuple(cell or "" for cell in row) for row in rows], sheet.left_out))
    return found


@pytest.mark.parametrize("name", MAKES)
def test_every_make_gives_the_same_table(tmp_path, name):
    MAKES[name](tmp_path / name)
    [(_, headings, rows, left_out)] = read(tmp_path / name)
    assert headings == HEADINGS
    assert rows == [(*DATA[0], 4), (*DATA[1], 5)] and left_out == [(6, "合计行")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_html_in_any_encoding(tmp_path, encoding):
    write_html(tmp_path / "a.xls", encoding)
    assert read(tmp_path / "a.xls")[0][1] == HEADINGS
    content = (tmp_path / "a.xls").read_bytes().replace(b"charset=", b"x=")
    (tmp_path / "a.xls").write_bytes(content)
    assert read(tmp_path / "a.xls")[0][1] == HEADINGS


def test_the_whole_number_beside_a_rounded_one(tmp_path):
    page = ('<table><tr><td>社会保障号码</td><td>缴费人数</td></tr>'
            '<tr><td x:num="430702199001010011">4.30702E+17</td><td x:num="3">3人</td></tr></table>')
    (tmp_path / "a.xls").write_text(page, encoding="utf-8")
    assert read(tmp_path / "a.xls")[0][2] == [("430702199001010011", "3人", 2)]


def test_tables_within_tables_and_on_pages(tmp_path):
    """A page of layout holds one table a printed page, the second without its headings."""
    first = "<tr><td>单位编号<td>费款所属期<td>缴费人数</tr><tr><td>1<td>202401<td>5</tr>"
    second = "<tr><td>2<td>202401<td>6</tr>"
    page = f"<html><table><tr><td><table>{first}</table></td></tr><tr><td><p>第1页</p><table>{second}</table></td></tr></table>"
    (tmp_path / "a.xls").write_text(page, encoding="utf-8")
    found = [(headings, rows) for _, headings, rows, _ in read(tmp_path / "a.xls")]
    assert found == [(["单位编号", "费款所属期", "缴费人数"], [("1", "202401", "5", 2)]),
                     (["单位编号", "费款所属期", "缴费人数"], [("2", "202401", "6", 1)])]


def test_text_in_cells_of_html(tmp_path):
    """A line break is one, the page's own breaks and blanks are not; entities and inner tags go."""
    story = "第一行<br>第二行\n <b>重</b>&lt;伤&gt;<br/> encoding=x"
    page = f"<table><tr><td>单位编号<td>事故\r\n  经过</tr><tr><td>&nbsp;1<td>{story}</tr></table>"
    (tmp_path / "a.xls").write_text(page, encoding="utf-8")
    assert read(tmp_path / "a.xls")[0][1:3] == (["单位编号", "事故经过"], [("1", "第一行\n第二行 重<伤>\nencoding=x", 2)])


def test_a_page_of_ever_more_tables(tmp_path):
    (tmp_path / "a.xls").write_text("<html>" + "<table><tr><td>a<td>b</tr></table>" * 1_001, encoding="utf-8")
    with pytest.raises(readers.UnreadableFileError, match="张表"):
        readers.sheets(tmp_path / "a.xls")


def test_a_page_without_a_table_says_so(tmp_path):
    (tmp_path / "a.xls").write_text("<html><body>登录超时</body></html>", encoding="utf-8")
    with pytest.raises(readers.UnreadableFileError, match="没有表格"):
        readers.sheets(tmp_path / "a.xls")


def test_sheets_that_go_on_where_another_ended(tmp_path):
    book = xlwt.Workbook()
    head = ["单位编号", "费款所属期", "缴费人数"]
    for title, rows in {"Sheet1": [head, ["1", "202401", "5"]], "Sheet2": [["2", "202401", "6"]],
                        "Sheet3": [head, ["3", "202401", "7"]], "说明4": [["4", "202401", "8"]]}.items():
        sheet = book.add_sheet(title)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    book.save(str(tmp_path / "a.xls"))
    found = read(tmp_path / "a.xls")
    assert [rows for _, headings, rows, _ in found if headings == head] == [
        [("1", "202401", "5", 2)], [("2", "202401", "6", 1)], [("3", "202401", "7", 2)]]
    assert found[3][1] == ["4", "202401", "8"]
    assert "接上一张表" in readers.sheets(tmp_path / "a.xls")[1].notes[-1]


def test_a_full_sheet_goes_on_in_the_next_whatever_its_name(tmp_path):
    book = xlwt.Workbook()
    for title, first, count in (("上", 0, 65_536), ("下", 65_536, 3)):
        sheet = book.add_sheet(title)
        for number in range(count):
            row = ["单位编号", "费款所属期", "缴费人数"] if first + number == 0 else [str(first + number), "202401", "1"]
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    book.save(str(tmp_path / "a.xls"))
    one, two = readers.sheets(tmp_path / "a.xls")
    assert two.headings == one.headings == ["单位编号", "费款所属期", "缴费人数"]
    assert [sum(map(len, sheet.batches([0]))) for sheet in (one, two)] == [65_535, 3]


def test_what_is_hidden_is_read_and_said(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        first, second = book.add_worksheet("一"), book.add_worksheet("二")
        for sheet in (first, second):
            for number, row in enumerate([["单位编号", "费款所属期", "缴费人数"], ["1", "202401", "5"], ["2", "202401", "6"]]):
                sheet.write_row(number, 0, row)
        first.set_row(2, None, None, {"hidden": True})
        first.set_column(1, 1, None, None, {"hidden": True})
        second.hide()
    one, two = readers.sheets(tmp_path / "a.xlsx")
    assert [sum(map(len, sheet.batches([0, 1, 2]))) for sheet in (one, two)] == [2, 2]
    assert (one.notes, two.notes) == (["有隐藏的行或列，已照常读入"], ["隐藏的工作表，已照常读入"])


def test_small_and_large_workbooks_are_read_alike(tmp_path, monkeypatch):
    """The large ones apart, in a process of their own."""
    write_xlsx(tmp_path / "a.xlsx")
    here = read(tmp_path / "a.xlsx")
    monkeypatch.setattr(excel, "SMALL_FILE", 0)
    assert read(tmp_path / "a.xlsx") == here and here[0][1] == HEADINGS


def with_password(content: bytes, ending: str) -> bytes:
    """What makes the file one with a password, as far as a reader sees before it would ask for it."""
    if ending == "xls":
        return content.replace(struct.pack("<HH", 0x00E1, 2), struct.pack("<HH", 0x002F, 2), 1)
    if ending == "xlsx":
        return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)
    flagged = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := flagged.find(mark, at + 1)) >= 0:
            flagged[at + offset] |= 1
    return bytes(flagged)


@pytest.mark.parametrize(("name", "write", "ending"), [
    ("a.xls", write_xls, "xls"), ("a.xlsx", write_xlsx, "xlsx"), ("b.xlsx", write_xlsx, "zip"), ("a.et", write_xls, "xls"),
])
def test_a_password_is_said_to_be_one(tmp_path, name, write, ending):
    write(tmp_path / name)
    (tmp_path / name).write_bytes(with_password((tmp_path / name).read_bytes(), ending))
    with pytest.raises(readers.UnreadableFileError, match="密码"):
        readers.sheets(tmp_path / name)


@pytest.mark.parametrize("name", MAKES)
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_half_a_file_is_an_error_or_fewer_rows(tmp_path, name, share):
    MAKES[name](tmp_path / name)
    content = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(content[: int(len(content) * share)])
    try:
        assert all(len(rows) <= 2 for _, _, rows, _ in read(tmp_path / name))
    except readers.UnreadableFileError as error:
        assert "请" in str(error)


@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.et", "a.ods", "a.xlsb", "a.parquet"])
def test_an_empty_file_says_so(tmp_path, name):
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(readers.UnreadableFileError, match="空的"):
        readers.sheets(tmp_path / name)


@pytest.mark.libreoffice
@pytest.mark.parametrize("ending", ["ods", "xls"])
def test_workbooks_that_another_programme_wrote(tmp_path, ending):
    write_xlsx(tmp_path / "a.xlsx")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", ending,
                    "--outdir", str(tmp_path), str(tmp_path / "a.xlsx")], check=True, capture_output=True, timeout=120)
    [(name, headings, rows, left_out)] = read(tmp_path / f"a.{ending}")
    assert (name, headings, left_out) == ("缴费", HEADINGS, [(6, "合计行")])
    assert rows == [(*DATA[0], 4), (*DATA[1], 5)]
