"""Reads what the simulator wrote with other means than the product's readers: every file as rows of text by place."""

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import fastexcel
import lxml.html

Grid = list[list[str]]


def grids(path: Path) -> Iterator[tuple[str, str, Grid]]:
    """File (with the member of a zip), sheet, and its rows from the first; a row's number is its index + 1."""
    content = path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                name = info.filename if info.flag_bits & 0x800 else info.filename.encode("cp437").decode("gbk")
                yield f"{path.name}/{name}", "", separated(archive.read(info))
    elif content.startswith(b"<html"):
        yield path.name, "", table(content)
    elif content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        book = fastexcel.read_excel(content)
        for sheet in book.sheet_names:
            page = book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string").to_arrow().to_pylist()
            yield path.name, sheet, [[text or "" for text in row.values()] for row in page]
    else:
        yield path.name, "", separated(content)


def separated(content: bytes) -> Grid:
    """Separated text in whichever encoding decodes it, its quotes taken as they stand where one is left open."""
    encodings = ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise AssertionError("no encoding fits")
    lines = text.split("\r\n")
    delimiter = max(",\t;", key=lambda sign: sum(line.count(sign) for line in lines))
    return [line.split(delimiter) if line.count('"') % 2 else next(csv.reader([line], delimiter=delimiter), [])
            for line in lines]


def table(content: bytes) -> Grid:
    """The table of an HTML page; a merged cell stands where it begins, the places it covers are empty."""
    root = lxml.html.fromstring(content)
    found: Grid = []
    covered: dict[tuple[int, int], bool] = {}
    for number, row in enumerate(root.iter("tr")):
        cells: list[str] = []
        for cell in row.iter("td"):
            while covered.get((number, len(cells))):
                cells.append("")
            place = len(cells)
            for down in range(int(cell.get("rowspan", "1"))):
                for right in range(int(cell.get("colspan", "1"))):
                    covered[number + down, place + right] = True
            cells += [cell.text or ""] + [""] * (int(cell.get("colspan", "1")) - 1)
        found.append(cells)
    return found
