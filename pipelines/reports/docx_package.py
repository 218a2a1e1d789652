"""A Word document as a file: parts that it needs and no others, and the same bytes for the same content.

Belongs here: the package around the text. What stands on the pages is docx.py.
"""

import calendar
import datetime
import io
import zipfile
from pathlib import Path

from docx import Document as new_document
from docx.document import Document as Page
from docx.opc.constants import RELATIONSHIP_TYPE as RELATION
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from pipelines.reports.docx_look import BODY_FONT, FALLBACKS, LATIN, Look, styles
from pipelines.reports.docx_table import clean
from pipelines.reports.text import Document

OLDEST = (1980, 1, 1, 0, 0, 0)
FONTS = "word/fontTable.xml"
# Left by the library's template: a preview, an empty bibliography, the styles a second time, its own lists.
UNUSED = (RELATION.THUMBNAIL, RELATION.CUSTOM_XML, RELATION.NUMBERING,
          "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects")


def opened(said: Document, look: Look) -> Page:
    """An empty document with its styles and properties."""
    page = new_document()
    package = page.part.package
    assert package is not None
    for relations in (page.part.rels, package.rels):
        for name in [name for name, relation in relations.items() if relation.reltype in UNUSED]:
            del relations[name]
    _set_styles(page, look)
    _set_properties(page, said)
    page.settings.odd_and_even_pages_header_footer = True
    for language in page.settings.element.iter("{*}themeFontLang"):
        language.set(qn("w:eastAsia"), "zh-CN")
    return page


def _set_styles(page: Page, look: Look) -> None:
    """The form's own styles instead of the template's two hundred."""
    every = page.styles.element
    for child in list(every):
        every.remove(child)
    fonts = f'<w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:cs="{LATIN}" w:eastAsia="{BODY_FONT}"/>'
    language = '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    default = f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts}{language}</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    for said in (default, *styles(look)):
        every.append(parse_xml(said.replace(">", f" {nsdecls('w')}>", 1)))


def _set_properties(page: Page, said: Document) -> None:
    year, month = divmod(said.month, 100)
    end = datetime.datetime(year, month, calendar.monthrange(year, month)[1])
    core = page.core_properties
    core.title, core.subject, core.keywords = (
        clean(text)[:255] for text in (said.title, said.subtitle, "，".join(said.marks)))
    core.author = core.last_modified_by = core.comments = core.category = ""
    core.created = core.modified = end
    core.revision, core.language = 1, "zh-CN"


def save(page: Page, path: Path) -> None:
    """Writes the document; entries stand in the order of their names and have no time."""
    held = io.BytesIO()
    page.save(held)
    with zipfile.ZipFile(held) as made, zipfile.ZipFile(path, "w") as packed:
        for name in sorted(made.namelist()):
            entry = zipfile.ZipInfo(name, OLDEST)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            packed.writestr(entry, _font_table() if name == FONTS else made.read(name))


def _font_table() -> str:
    """The fonts, and what may stand in for each."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/><w:family w:val="{family}"/>'
        '<w:pitch w:val="variable"/></w:font>' for name, (instead, family) in FALLBACKS.items())
    latin = f'<w:font w:name="{LATIN}"><w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/></w:font>'
    return ('<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            f"<w:fonts {nsdecls('w')}>{fonts}{latin}</w:fonts>")
