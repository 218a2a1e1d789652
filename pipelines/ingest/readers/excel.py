"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .et, .ods) as grids.

Belongs here: what may be read in this process and what apart, merged cells, hidden sheets. Row layout is layout.py.
"""

import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pyarrow as pa
import pyarrow.ipc
from lxml import etree

from pipelines.ingest.grid import HEAD_ROWS, MB, Grid, Merge, UnreadableFileError, grid_of
from pipelines.ingest.readers import apart, zipped

# Up to this size a workbook is looked through here; larger ones are read apart, which costs a fifth of a second.
SMALL_FILE, SMALL_CONTENT = MB // 8, 4 * MB
CELL = re.compile(rb"\sr=[\"']([A-Za-z]{1,3})(\d{1,9})")
MERGED = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
HIDDEN = (b' hidden="1"', b' hidden="true"')
# Cells that a sheet may claim: it is held as a full rectangle.
CLAIMED_CELLS, CLAIMED_PER_CELL = 1_000_000, 200
MOST_MERGES = 2_000
MAIN, RELATION = "{*}", "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
LARGER = "工作表声称的范围远大于内容，可能损坏或被恶意构造；请删除空白的行和列后重新保存"


def read_workbook(path: Path) -> list[Grid]:
    """The sheets of a workbook. Raises UnreadableFileError when it is damaged, has a password or claims too much."""
    if not zipfile.is_zipfile(path):
        return [_grid(table) for table in _apart(path, 60 * path.stat().st_size)]
    with zipped.opened(path) as archive:
        content = sum(entry.file_size for entry in archive.infolist())
        parts = _sheet_parts(archive)
        if path.stat().st_size <= SMALL_FILE and content <= SMALL_CONTENT and parts:
            _check_claims(archive, parts.values())
            tables, remarks = list(apart.tables(str(path))), _Remarks(archive, parts)
        else:
            with _start(path, 12 * content) as process:
                try:
                    # While the other process reads: the sheets' XML.
                    remarks = _Remarks(archive, parts)
                    tables = _finish(process)
                finally:
                    process.kill()
        return [_grid(table, *remarks.of(_name(table))) for table in tables]


def _grid(table: pa.Table, merges: tuple[Merge, ...] = (), notes: tuple[str, ...] = ()) -> Grid:
    said = () if table.schema.metadata[apart.VISIBLE] == b"visible" else ("隐藏的工作表，已照常读入",)
    return grid_of(_name(table), table.replace_schema_metadata(None), merges, (*said, *notes))


def _name(table: pa.Table) -> str:
    return table.schema.metadata[apart.SHEET].decode()


def _apart(path: Path, memory: int) -> list[pa.Table]:
    return _finish(_start(path, memory))


def _start(path: Path, memory: int) -> subprocess.Popen[bytes]:
    """Begins to read a workbook in another process, which may take so much memory beyond a hundred megabytes."""
    seconds = 8 + memory // (100 * MB)
    command = [sys.executable, "-P", apart.__file__, str(path.absolute()), str(100 * MB + memory), str(seconds)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, pipesize=MB)


def _finish(process: subprocess.Popen[bytes]) -> list[pa.Table]:
    written = process.communicate()[0]
    if process.returncode == apart.PASSWORD:
        raise UnreadableFileError("工作簿有打开密码；请去掉密码后重新保存")
    if process.returncode == apart.FAILED:
        raise UnreadableFileError("文件无法打开；请检查是否完整，并重新导出或另存为 .xlsx")
    if process.returncode:
        raise UnreadableFileError(LARGER)
    source, tables = pa.BufferReader(written), []
    while source.tell() < source.size():
        tables.append(pyarrow.ipc.open_stream(source).read_all())
    return tables


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> name of its XML in the container; empty where the container is no .xlsx."""
    if "xl/workbook.xml" not in archive.namelist():
        return {}
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    book = etree.fromstring(_limited(archive, "xl/workbook.xml"), parser)
    related = etree.fromstring(_limited(archive, "xl/_rels/workbook.xml.rels"), parser)
    targets = {relation.get("Id"): relation.get("Target", "") for relation in related}
    found = {sheet.get("name", ""): targets.get(sheet.get(RELATION), "") for sheet in book.iterfind(f"{MAIN}sheets/{MAIN}sheet")}
    paths = {name: str(PurePosixPath("/xl", target))[1:] for name, target in found.items()}
    return {name: part for name, part in paths.items() if part in archive.namelist()}


def _limited(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read(4 * MB)


def _blocks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """A part in blocks that end with a tag, so that no pattern is cut."""
    rest = b""
    with archive.open(part) as file:
        while block := file.read(4 * MB):
            data = rest + block
            cut = data.rfind(b">") + 1
            rest = data[cut:][-64_000:]
            yield data[:cut]


def _check_claims(archive: zipfile.ZipFile, parts) -> None:
    """Refuses sheets whose few cells lie so far apart that the rectangle around them would fill the memory."""
    for part in parts:
        cells, wide, deep = 0, 1, 1
        for block in _blocks(archive, part):
            for letters, row in CELL.findall(block):
                cells, wide, deep = cells + 1, max(wide, _column(letters)), max(deep, int(row))
        if wide * deep > CLAIMED_CELLS and wide * deep > CLAIMED_PER_CELL * cells:
            raise UnreadableFileError(LARGER)


def _column(letters: bytes) -> int:
    """The number of a column, A = 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


class _Remarks:
    """What the XML of sheets says beside their cells: merges in the head, and whether rows or columns are hidden."""

    def __init__(self, archive: zipfile.ZipFile, parts: dict[str, str]):
        self.merges: dict[str, list[Merge]] = {name: [] for name in parts}
        self.hidden: set[str] = set()
        for name, part in parts.items():
            for block in _blocks(archive, part):
                self._look(name, block)

    def _look(self, name: str, block: bytes) -> None:
        if any(mark in block for mark in HIDDEN):
            self.hidden.add(name)
        at = block.find(b"mergeCell ")
        for left, top, right, bottom in MERGED.findall(block, max(0, at - 20)) if at >= 0 else ():
            if int(top) <= HEAD_ROWS and len(self.merges[name]) < MOST_MERGES:
                self.merges[name].append(Merge(int(top) - 1, _column(left) - 1, int(bottom) - 1, _column(right) - 1))

    def of(self, name: str) -> tuple[tuple[Merge, ...], tuple[str, ...]]:
        """Merges and notes of a sheet."""
        notes = ("有隐藏的行或列，已照常读入",) if name in self.hidden else ()
        return tuple(self.merges.get(name, ())), notes
