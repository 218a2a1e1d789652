"""Files that mean harm are refused within 200 MB and ten seconds, whatever they claim; their names lead nowhere.

Each is read in a process of its own, whose largest resident set (children included) is compared with that of a plain file.
"""

import io
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

READ = """
import resource, sys, tempfile
from pathlib import Path
from pipelines.ingest import readers
from pipelines.ingest.readers import zipped
path, said = Path(sys.argv[1]), "READ"
largest = lambda who: resource.getrusage(who).ru_maxrss // 1024
before = largest(resource.RUSAGE_SELF)
try:
    if zipped.is_archive(path):
        with tempfile.TemporaryDirectory() as scratch:
            for member in zipped.members(path, Path(scratch)):
                assert member.path.parent == Path(scratch)
    else:
        for sheet in readers.sheets(path):
            for table in sheet.batches(range(min(5, len(sheet.headings)))):
                pass
except readers.UnreadableFileError:
    said = "REFUSED"
print(said, max(largest(resource.RUSAGE_SELF), largest(resource.RUSAGE_CHILDREN)) - before)
"""
MAIN = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
CELL = b'<row r="%d"><c r="%s%d" t="inlineStr"><is><t>x</t></is></c></row>'


def xlsx(path: Path, sheet: Iterable[bytes]) -> None:
    """A workbook whose only sheet is what is given."""
    plain = io.BytesIO()
    with xlsxwriter.Workbook(plain) as book:
        book.add_worksheet()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in source.infolist():
            with made.open(entry.filename, "w") as file:
                for part in sheet if entry.filename.endswith("sheet1.xml") else [source.read(entry)]:
                    file.write(part)


def sheet_of(*rows: bytes, before: bytes = b"") -> list[bytes]:
    return [before, MAIN, b'<dimension ref="A1:XFD1048576"/><sheetData>', *rows, b"</sheetData></worksheet>"]


def understated(path: Path, write: Callable[[Path], None], name: bytes) -> None:
    """What `write` makes, with the directory saying that the entry unpacks to a thousand bytes."""
    write(path)
    content = bytearray(path.read_bytes())
    struct.pack_into("<L", content, content.rfind(name) - 46 + 24, 1000)
    path.write_bytes(content)


def corners(path: Path) -> None:
    xlsx(path, sheet_of(CELL % (1, b"A", 1), CELL % (1048576, b"XFD", 1048576)))


def corners_among_many(path: Path) -> None:
    """Too large to be looked through beforehand; what reads it apart must hold."""
    numbers = (b"%030d" % (n * 7919**7 % 10**30) for n in range(40_000))
    rows = [b'<row r="%d"><c r="A%d"><v>%s</v></c></row>' % (n, n, number) for n, number in enumerate(numbers, 1)]
    xlsx(path, sheet_of(*rows, CELL % (1048576, b"XFD", 1048576)))


def spaces(path: Path) -> None:
    xlsx(path, sheet_of(*[b" " * (1 << 20)] * 300))


def laughs(path: Path) -> None:
    entities = b"".join(b'<!ENTITY a%d "%s">' % (n, (b"&a%d;" % (n - 1) if n else b"ha") * 10) for n in range(10))
    doctype = b'<?xml version="1.0"?><!DOCTYPE a [' + entities + b"]>"
    row = b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row>'
    xlsx(path, [doctype, *sheet_of(row)[1:]])


def laughs_in_xml(path: Path) -> None:
    entities = "".join(f'<!ENTITY a{n} "{(f"&a{n - 1};" if n else "ha") * 10}">' for n in range(10))
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    path.write_text(f'<?xml version="1.0"?><!DOCTYPE a [{entities}]><Workbook xmlns="{space}"><Worksheet><Table><Row><Cell>'
                    "<Data>&a9;</Data></Cell></Row></Table></Worksheet></Workbook>")


def corners_of_old(path: Path) -> None:
    book = xlwt.Workbook()
    for number in range(60):
        sheet = book.add_sheet(f"s{number}")
        sheet.write(0, 0, "a")
        sheet.write(65535, 255, "b")
    book.save(str(path))


def repeated_cells(path: Path) -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{space}:{name}:1.0"' for name in ("office", "table", "text"))
    cell = ('<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>a</text:p>'
            "</table:table-cell>")
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0"/>')
        archive.writestr("content.xml", f"<office:document-content {spaces}><office:body><office:spreadsheet>"
                         f'<table:table table:name="a">{row}</table:table></office:spreadsheet></office:body>'
                         "</office:document-content>")


def spans(path: Path) -> None:
    path.write_text("<table><tr>" + "<td rowspan=999999999 colspan=999999999>x</td>" * 2000 + "</tr></table>")


def zeros(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.csv", "w") as file:
        for _ in range(300):
            file.write(b"0," * (1 << 19))


def a_million_entries(path: Path) -> None:
    entry = b"PK\x01\x02" + bytes(24) + struct.pack("<H", 1) + bytes(16) + b"a"
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, len(entry) * 1_000_000, 30, 0)
    path.write_bytes(b"PK\x03\x04" + bytes(26) + entry * 1_000_000 + end)


def overlapping(path: Path) -> None:
    """Two hundred entries over the same packed bytes."""
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"0123456789," * 500_000)
    content = plain.getvalue()
    at = content.rfind(b"PK\x01\x02")
    entry = content[at : content.rfind(b"PK\x05\x06")]
    entries = b"".join(entry.replace(b"a.csv", b"%05d" % n) for n in range(200))
    path.write_bytes(content[:at] + entries + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 200, 200, len(entries), at, 0))


def within_itself(path: Path) -> None:
    """Archives four deep."""
    content = b"x"
    for depth in range(4):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(f"{depth}.zip" if depth else "a.csv", content)
        content = packed.getvalue()
    path.write_bytes(content)


HARM: dict[str, Callable[[Path], None]] = {
    "corners.xlsx": corners, "corners_among_many.xlsx": corners_among_many, "spaces.xlsx": spaces, "laughs.xlsx": laughs,
    "understated.xlsx": lambda path: understated(path, spaces, b"xl/worksheets/sheet1.xml"),
    "laughs.xls": laughs_in_xml, "corners.xls": corners_of_old, "repeated.ods": repeated_cells, "spans.xls": spans,
    "zeros.zip": zeros, "understated.zip": lambda path: understated(path, zeros, b"a.csv"), "entries.zip": a_million_entries,
    "overlapping.zip": overlapping, "within.zip": within_itself,
}


def read_apart(path: Path) -> tuple[str, int]:
    """What became of it, and how many megabytes it took beyond the start."""
    ran = subprocess.run([sys.executable, "-c", READ, str(path)], cwd=Path(__file__).parent.parent.parent,
                         capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, ran.stderr[-500:]
    said, megabytes = ran.stdout.split()
    return said, int(megabytes)


@pytest.mark.parametrize("name", HARM)
def test_what_means_harm_is_refused_within_bounds(tmp_path, name):
    HARM[name](tmp_path / name)
    said, megabytes = read_apart(tmp_path / name)
    assert said == "REFUSED" and megabytes < 200


def test_a_claim_that_nothing_is_made_of_is_no_harm(tmp_path):
    """Many writers state the largest possible extent of every sheet."""
    xlsx(tmp_path / "a.xlsx", sheet_of(CELL % (1, b"A", 1), CELL % (2, b"A", 2)))
    assert read_apart(tmp_path / "a.xlsx")[0] == "READ"
