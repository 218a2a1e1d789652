"""How a Word document looks: page, fonts with what stands in for them, sizes, styles. GB/T 9704-2012 for official form.

Belongs here: numbers and names. What is drawn with them is docx.py and docx_table.py.
"""

from dataclasses import dataclass

from pipelines.reports.text import COMPACT, OFFICIAL

TITLE_FONT, BODY_FONT, BLACK_FONT, SCRIPT_FONT, PLAIN_FONT, LATIN = (
    "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "宋体", "Times New Roman")
# A program without the font takes the first of these that it has (w:altName), then one of the family.
FALLBACKS = {
    TITLE_FONT: ("FZXiaoBiaoSong-B05S,小标宋,华文中宋,STZhongsong,宋体,SimSun", "roman"),
    BODY_FONT: ("仿宋,FangSong,华文仿宋,STFangsong,宋体,SimSun", "modern"),
    BLACK_FONT: ("SimHei,华文细黑,微软雅黑", "modern"),
    SCRIPT_FONT: ("楷体,KaiTi,华文楷体,STKaiti,宋体,SimSun", "modern"),
    PLAIN_FONT: ("SimSun,新宋体,NSimSun", "roman"),
}
MARK_COLOUR, ALERT_COLOUR = "C00000", "C00000"
TWIPS_PER_MM, TWIPS_PER_POINT = 1440 / 25.4, 20
A4_MM = (210, 297)


@dataclass(frozen=True)
class Look:
    """A form's page and type; lengths in mm, type in points.

    margins         top, right, bottom, left of an upright page; header, footer  from the edge of the paper
    wide_margins    the same of a landscape page: the top of what stands on it is at the binding
    spacing         between characters, so that a line takes as many as it should
    """

    margins: tuple[float, float, float, float]
    wide_margins: tuple[float, float, float, float]
    header: float
    footer: float
    wide_footer: float
    title: float
    subtitle: float
    body: float
    line: float
    spacing: float
    heads: tuple[float, float, float, float]
    page_number: float
    table: float
    note: float
    body_font: str


LOOKS = {
    # 3号 16 pt, 2号 22 pt, 4号 14 pt: 22 lines of 28.95 pt in 225 mm, 28 characters of 15.75 pt in 156 mm.
    OFFICIAL: Look(
        margins=(37, 26, 35, 28), wide_margins=(28, 37, 26, 35), header=20, footer=25, wide_footer=15, title=22,
        subtitle=16, body=16, line=28.95,
        spacing=-0.25, heads=(16, 16, 16, 16), page_number=14, table=10.5, note=10.5, body_font=BODY_FONT),
    COMPACT: Look(
        margins=(20, 18, 18, 18), wide_margins=(18, 18, 18, 20), header=10, footer=9, wide_footer=9, title=16,
        subtitle=10.5, body=10.5, line=17,
        spacing=0, heads=(13, 11.5, 10.5, 10.5), page_number=9, table=9, note=9, body_font=PLAIN_FONT),
}
HEAD_FONTS = (BLACK_FONT, SCRIPT_FONT, BODY_FONT, BODY_FONT)
BOLD_HEADS = (False, False, True, False)
LEVELS = range(1, 5)
LARGEST_CAPTION = 14


def twips(mm: float) -> int:
    """Millimetres in twentieths of a point."""
    return round(mm * TWIPS_PER_MM)


def width_mm(look: Look, is_wide: bool) -> float:
    """The breadth of the text on a page."""
    _, right, _, left = look.wide_margins if is_wide else look.margins
    return A4_MM[is_wide] - left - right


def run(font: str, size: float, bold: bool = False, spacing: float = 0, colour: str = "") -> str:
    """The run properties of a style."""
    weight = "<w:b/><w:bCs/>" if bold else '<w:b w:val="0"/><w:bCs w:val="0"/>'
    apart = f'<w:spacing w:val="{round(spacing * TWIPS_PER_POINT)}"/>' if spacing else ""
    hue = f'<w:color w:val="{colour}"/>' if colour else ""
    return (f'<w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{font}"/>{weight}{hue}{apart}'
            f'<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/></w:rPr>')


def paragraph(line: float, align: str = "both", indent: str = "", before: float = 0, after: float = 0, more: str = "") -> str:
    """The paragraph properties of a style: exact line of so many points (0 = single), alignment, indent."""
    height = f'w:line="{round(line * TWIPS_PER_POINT)}" w:lineRule="exact"' if line else 'w:line="240" w:lineRule="auto"'
    apart = f'w:before="{round(before * TWIPS_PER_POINT)}" w:after="{round(after * TWIPS_PER_POINT)}"'
    return f'<w:pPr>{more}<w:spacing {apart} {height}/>{indent}<w:jc w:val="{align}"/></w:pPr>'


def style(name: str, title: str, content: str, kind: str = "paragraph", is_default: bool = False) -> str:
    """One style, on top of Normal."""
    default = ' w:default="1"' if is_default else ""
    based = "" if is_default or kind != "paragraph" else '<w:basedOn w:val="Normal"/>'
    return f'<w:style w:type="{kind}" w:styleId="{name}"{default}><w:name w:val="{title}"/>{based}<w:qFormat/>{content}</w:style>'


def first_line(size: float) -> str:
    """The indent of a paragraph's first line by two characters."""
    return f'<w:ind w:firstLineChars="200" w:firstLine="{round(size * 2 * TWIPS_PER_POINT)}"/>'


def styles(look: Look) -> list[str]:
    """All styles of a form as w:style elements."""
    return [*_text_styles(look), *(_head(look, level) for level in LEVELS), *(_lead(look, level) for level in LEVELS),
            *_small_styles(look)]


def _text_styles(look: Look) -> list[str]:
    """Title, address, body, signature."""
    line, half, body = look.line, look.line / 2, run(look.body_font, look.body, spacing=look.spacing)
    from_right = '<w:ind w:rightChars="200" w:right="640"/>'
    return [
        style("Normal", "Normal", paragraph(line, more='<w:widowControl w:val="0"/>') + body, is_default=True),
        style("Number", "发文字号", paragraph(line, "center", after=half) + body),
        style("Title", "Title", paragraph(look.title * 1.5, "center", after=half) + run(TITLE_FONT, look.title)),
        style("Subtitle", "Subtitle", paragraph(line, "center", after=half) + run(SCRIPT_FONT, look.subtitle)),
        style("Recipient", "主送机关", paragraph(line) + body),
        style("Body", "公文正文", paragraph(line, indent=first_line(look.body)) + body),
        style("Item", "条目", paragraph(line, "left") + body),
        style("Centre", "居中", paragraph(line, "center") + body),
        style("Attachment", "附件号", paragraph(line, "left") + run(BLACK_FONT, look.body)),
        style("Signature", "署名", paragraph(line, "right", from_right) + body),
        style("Lead", "段首词", "<w:rPr><w:b/><w:bCs/></w:rPr>", "character"),
    ]


def _small_styles(look: Look) -> list[str]:
    """Tables, figures, notes, what stands above and below the text."""
    keep, small, caption = "<w:keepNext/>", look.note, min(look.body, LARGEST_CAPTION)
    breaking = '<w:wordWrap w:val="0"/>'
    return [
        style("Caption", "caption", paragraph(look.body * 1.6, "center", before=6, more=keep) + run(BLACK_FONT, caption)),
        style("TableText", "表格文字", paragraph(look.table * 1.35, "left", more=breaking) + run(PLAIN_FONT, look.table)),
        style("Gap", "表后", paragraph(1, after=6) + run(PLAIN_FONT, 1)),
        style("Figure", "图", paragraph(0, "center", before=3, more=keep) + run(PLAIN_FONT, small)),
        style("FigureTitle", "图题", paragraph(small * 1.6, "center", after=6) + run(BLACK_FONT, small)),
        style("Note", "附注", paragraph(small * 1.5, before=3) + run(PLAIN_FONT, small)),
        style("Header", "header", paragraph(0, "right") + run(PLAIN_FONT, 9, colour=MARK_COLOUR)),
        style("Footer", "footer", paragraph(0, "right") + run(PLAIN_FONT, look.page_number)),
        style("FooterEven", "偶数页码", paragraph(0, "left") + run(PLAIN_FONT, look.page_number)),
    ]


def _lead(look: Look, level: int) -> str:
    """A heading that stands at the head of its paragraph."""
    font, size, is_bold = HEAD_FONTS[level - 1], look.heads[level - 1], BOLD_HEADS[level - 1]
    return style(f"Lead{level}", f"段首标题{level}", run(font, size, is_bold), "character")


def _head(look: Look, level: int) -> str:
    font, size, is_official = HEAD_FONTS[level - 1], look.heads[level - 1], look is LOOKS[OFFICIAL]
    said = paragraph(look.line, "both", first_line(size) if is_official else "", 0 if is_official else 4, 0, "<w:keepNext/>")
    said = said.replace("</w:pPr>", f'<w:outlineLvl w:val="{level - 1}"/></w:pPr>')
    return style(f"Heading{level}", f"heading {level}", said + run(font, size, BOLD_HEADS[level - 1], look.spacing))
