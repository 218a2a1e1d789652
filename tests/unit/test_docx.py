"""The writer of Word documents: the form of GB/T 9704, fonts, tables, attachments, the same bytes, nothing but text from data."""

import io
import re
import subprocess
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document as opened
from docx.enum.section import WD_ORIENT
from docx.shared import Mm

from pipelines.reports import Field, Row, docx
from pipelines.reports.docx_look import FALLBACKS
from pipelines.reports.text import (
    COMPACT,
    Attachment,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Signature,
    Table,
    Title,
    labelled,
)
from tests.written_documents import read

FIELDS = (Field("序号", is_number=True), Field("单位名称"), Field("费用", "元", True, 2), Field("理由", alert="超出"))
ROWS = (Row((1, "甲厂", 1234.5, "较高")), Row((2, "乙厂", None, "超出")), Row(("合计", "", 1234.5, ""), "total"))
LIST = Table(FIELDS, ROWS, "表1　单位")
SAID = Document(
    "某市工伤预防工作方案", 202412, ("系统生成初稿", "内部", "模拟数据"),
    (Paragraph("为做好工作，制定本方案。"), Heading("目标"), Heading("降低发生率", 2, "下降10%以上【待填：基数】。"),
     Heading("措施"), Heading("培训", 2), Heading("重点企业", 3), Paragraph("22家", "数量："), Heading("危化企业", 3), LIST),
    "（征求意见稿）", "某人社字〔20  〕  号", "各单位：", Signature(("某局",), "20  年  月  日"), ("说明",),
    (Attachment("计划表", (LIST,), is_wide=True), Attachment("名单", (Heading("甲"), LIST))))


def written(said: Document, folder: Path, name: str = "a.docx") -> Path:
    path = folder / name
    docx.write(said, path)
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return written(SAID, tmp_path_factory.mktemp("docx"))


def xml(path: Path, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(path) as packed:
        return packed.read(name).decode()


def png() -> bytes:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    held = io.BytesIO()
    figure = pyplot.figure(figsize=(2, 1))
    figure.savefig(held, format="png")
    pyplot.close(figure)
    return held.getvalue()


def test_what_is_said_stands_in_its_order_with_the_numbers_of_headings(path):
    assert read(path).text == [
        "某人社字〔20  〕  号", "某市工伤预防工作方案", "（征求意见稿）", "各单位：", "为做好工作，制定本方案。", "一、目标",
        "（一）降低发生率。下降10%以上【待填：基数】。", "二、措施", "（一）培训", "1.重点企业", "数量：22家", "2.危化企业",
        "表1　单位", "附件：1.计划表", "　　　2.名单", "某局", "20  年  月  日", "说明"]
    first, second = read(path).attachments
    assert (first[0], second[0]) == (["计划表", "表1　单位"], ["名单", "一、甲", "表1　单位"])
    assert second[1] == [[["序号", "单位名称", "费用\n元", "理由"], ["1", "甲厂", "1,234.50", "较高"], ["2", "乙厂", "—", "超出"],
                          ["合计", "—", "1,234.50", "—"]]]


def test_a_level_begins_anew_under_each_heading_above_it_and_under_a_title():
    parts = [Heading("a"), Heading("b", 2), Heading("c", 4), Heading("d"), Heading("e", 2), Heading("f", is_numbered=False),
             Heading("g"), Title("t"), Heading("h")]
    assert [label for label, _ in labelled(parts)] == ["一、", "（一）", "（1）", "二、", "（一）", "", "三、", "", "一、"]


def test_the_page_is_a4_with_the_margins_of_the_standard_and_attachments_may_be_landscape(path):
    sections = read(path).page.sections
    first = sections[0]
    assert [round(side.mm) for side in (first.page_width, first.page_height)] == [210, 297]
    margins = [round(side.mm) for side in (first.top_margin, first.right_margin, first.bottom_margin, first.left_margin)]
    assert margins == [37, 26, 35, 28]
    assert [section.orientation for section in sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    # 22 lines of 28 characters: 28.95 pt, 15.75 pt.
    [body] = re.findall(r'styleId="Body".*?</w:style>', xml(path, "word/styles.xml"), re.S)
    assert all(said in body for said in ('w:line="579" w:lineRule="exact"', 'w:spacing w:val="-5"', 'w:sz w:val="32"'))
    assert 22 * 579 <= 225 / 25.4 * 1440 and 28 * (320 - 5) <= 156 / 25.4 * 1440


def test_fonts_are_named_for_chinese_text_and_have_fallbacks(path):
    styles = xml(path, "word/styles.xml")
    fonts = {name: re.search(rf'styleId="{name}".*?w:eastAsia="([^"]+)"', styles, re.S) for name in (
        "Title", "Body", "Heading1", "Heading2", "Heading3", "Footer")}
    assert {name: found and found[1] for name, found in fonts.items()} == {
        "Title": "方正小标宋简体", "Body": "仿宋_GB2312", "Heading1": "黑体", "Heading2": "楷体_GB2312",
        "Heading3": "仿宋_GB2312", "Footer": "宋体"}
    used = set(re.findall(r'w:eastAsia="([^"]+)"', styles)) - {"zh-CN"}
    table = xml(path, "word/fontTable.xml")
    assert used == set(FALLBACKS) and all(f'w:name="{font}"><w:altName w:val="{FALLBACKS[font][0]}"' in table for font in used)


def test_marks_and_page_numbers_stand_on_odd_and_even_pages(path):
    [section, *_] = read(path).page.sections
    marks = [header.paragraphs[0].text for header in (section.header, section.even_page_header)]
    assert marks == ["系统生成初稿　·　内部　·　模拟数据"] * 2
    assert [footer.paragraphs[0].style.name for footer in (section.footer, section.even_page_footer)] == ["Footer", "偶数页码"]
    for footer in (section.footer, section.even_page_footer):
        assert 'w:instr=" PAGE "' in footer._element.xml
    assert "evenAndOddHeaders" in xml(path, "word/settings.xml")


def test_a_tables_heading_is_repeated_and_no_row_is_split(path):
    for table in re.findall(r"<w:tbl>.*?</w:tbl>", xml(path), re.S):
        rows = re.findall(r"<w:tr>.*?</w:tr>", table, re.S)
        assert ["<w:tblHeader/>" in row for row in rows] == [True, False, False, False]
        assert all("<w:cantSplit/>" in row for row in rows)
        widths = [int(width) for width in re.findall(r'<w:gridCol w:w="(\d+)"', table)]
        assert sum(widths) == int(re.findall(r'<w:tblW w:w="(\d+)"', table)[0]) and min(widths) > 400


def test_what_is_open_is_marked_and_the_rest_is_not(path):
    marked = re.findall(r'<w:highlight w:val="yellow"/></w:rPr><w:t xml:space="preserve">([^<]*)<', xml(path))
    assert marked == ["【待填：基数】"]


def test_the_same_content_gives_the_same_bytes_and_tells_no_time(path, tmp_path):
    again = written(SAID, tmp_path, "b.docx")
    assert again.read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        entries = packed.infolist()
        names = [entry.filename for entry in entries]
        assert names == sorted(names) and {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in names if "thumbnail" in name or "customXml" in name or "WithEffects" in name]
    core = opened(str(path)).core_properties
    assert (core.created and core.created.strftime("%Y-%m-%d"), core.author, core.last_modified_by) == ("2024-12-31", "", "")


def test_what_stands_in_data_stays_text(tmp_path):
    names = ("=cmd|' /C calc'!A0", '"><w:br/>', "{ PAGE }", "甲\x00\x07\t\ud800厂", "x" * 400, "", "a\nb")
    said = replace(SAID, parts=(Table(FIELDS, tuple(Row((n, name, 1.0, name)) for n, name in enumerate(names))),), attachments=(),
                   title=names[1])
    path = written(said, tmp_path)
    [table] = opened(str(path)).tables
    found = [row.cells[1].text for row in table.rows][1:]
    assert found == [names[0], names[1], names[2], "甲厂", names[4], "—", "a\nb"]
    document = xml(path)
    assert "<w:instrText" not in document and "fldSimple" not in document and "hyperlink" not in document
    assert '<w:wordWrap w:val="0"/>' in xml(path, "word/styles.xml")


@pytest.mark.parametrize("rows", [0, 1, 2000])
def test_tables_of_any_length(rows, tmp_path):
    said = replace(SAID, parts=(Table(FIELDS, ROWS[:1] * rows),), attachments=())
    [table] = opened(str(written(said, tmp_path))).tables
    assert len(table._tbl.tr_lst) == rows + 1


def test_a_group_goes_over_the_whole_breadth_and_what_is_out_of_bounds_stands_out(tmp_path):
    said = replace(SAID, parts=(Table(FIELDS, (Row(("宣传", "", "", ""), "group"), *ROWS)),), attachments=())
    document = xml(written(said, tmp_path))
    assert document.count('<w:gridSpan w:val="4"/>') == 1
    assert re.findall(r'<w:color w:val="C00000"/></w:rPr><w:t xml:space="preserve">([^<]*)<', document) == ["超出"]


def test_pictures_keep_to_the_page_and_can_be_read_out(tmp_path):
    image = png()
    parts = (Picture((image,), "图1", 900), PageBreak(), Picture((image, image), "图2", 60, "两图"))
    said = replace(SAID, parts=parts, attachments=())
    page = opened(str(written(said, tmp_path)))
    widths = [round(shape.width.mm) for shape in page.inline_shapes]
    assert widths == [156, 60, 60]
    assert [shape._inline.docPr.get("descr") for shape in page.inline_shapes] == ["图1", "两图", "两图"]
    assert len([name for name in zipfile.ZipFile(tmp_path / "a.docx").namelist() if "media" in name]) == 1


def test_a_compact_document_has_small_type_and_margins(tmp_path):
    page = opened(str(written(replace(SAID, form=COMPACT), tmp_path)))
    assert round((page.sections[0].top_margin or Mm(0)).mm) == 20 and page.styles["公文正文"].font.size.pt == 10.5


@pytest.mark.libreoffice
def test_libreoffice_opens_it_as_it_is(path, tmp_path):
    """A profile of its own, so that a running office is left alone; the text of the pages is that of the document."""
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf", "--outdir",
               str(tmp_path), str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0 and "repair" not in (done.stdout + done.stderr).lower()
    drawn = subprocess.run(["pdftotext", "-layout", str(tmp_path / "a.pdf"), "-"], capture_output=True, text=True, check=True)
    pages = [page.replace(" ", "") for page in drawn.stdout.split("\f") if page]
    assert all(f"—{number}—" in page and "系统生成初稿·内部·模拟数据" in page for number, page in enumerate(pages, 1))
    assert sum(page.count("1,234.50") for page in pages) == 6 and "附件1" in pages[-2] and "附件2" in pages[-1]
