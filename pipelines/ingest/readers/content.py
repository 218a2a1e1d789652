"""What a file is: its first bytes decide, its ending only where they do not tell.

Belongs here: which reader reads what, and what is said of files that none reads.
"""

from collections.abc import Callable
from pathlib import Path

from pipelines.ingest.grid import Grid, UnreadableFileError
from pipelines.ingest.readers.delimited import looks_delimited, read_delimited
from pipelines.ingest.readers.excel import read_workbook
from pipelines.ingest.readers.markup import is_html, is_spreadsheet_xml, read_html, read_spreadsheet_xml
from pipelines.ingest.readers.parquet import read_parquet
from pipelines.ingest.readers.zipped import is_workbook

TEXT_ENDINGS = {".csv", ".txt", ".tsv"}
BOOK_ENDINGS = {".xls", ".xlsx", ".xlsm", ".xlsb", ".et", ".ods"}
# A file with one of these endings is meant as data: when it cannot be read, its month waits.
ENDINGS = TEXT_ENDINGS | BOOK_ENDINGS | {".parquet", ".zip"}
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
OLD_ARCHIVES = (b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08")
PASSWORD = "工作簿有打开密码；请去掉密码后重新保存"


def reader_of(path: Path) -> Callable[[Path], list[Grid]]:
    """The reader of a file. Raises UnreadableFileError when there is none for it."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    ending = path.suffix.lower()
    if not head:
        if ending in TEXT_ENDINGS:
            return read_delimited
        raise UnreadableFileError("文件是空的（0 字节）；请重新导出")
    if head.startswith(OLD_ARCHIVES):
        raise UnreadableFileError("压缩格式不能读取；请改用 .zip 压缩或解压后放入")
    if head.startswith(OLE):
        return _of_compound(path)
    if head.startswith(b"PAR1"):
        return read_parquet
    if head.startswith(ZIP) and (ending in BOOK_ENDINGS or is_workbook(path)):
        return read_workbook
    if head.startswith(ZIP) and ending in TEXT_ENDINGS:
        raise UnreadableFileError("文件其实是压缩包；请把扩展名改为 .zip 后重新放入")
    if is_spreadsheet_xml(head):
        return read_spreadsheet_xml
    if is_html(head):
        return read_html
    if ending in TEXT_ENDINGS or (ending in BOOK_ENDINGS and looks_delimited(path)):
        return read_delimited
    if ending in ENDINGS:
        raise UnreadableFileError(f"文件内容不是 {ending} 格式，无法打开；请检查是否完整，并重新导出")
    raise UnreadableFileError(f"不认识的文件格式 {path.suffix or path.name}；请另存为 .xlsx 或 .csv")


def _of_compound(path: Path) -> Callable[[Path], list[Grid]]:
    """A workbook of old, or one of today behind a password; its streams' names lie anywhere in the file, in UTF-16."""
    found: set[str] = set()
    names = {name: name.encode("utf-16-le") for name in ("EncryptedPackage", "Workbook", "Book", "WordDocument")}
    with path.open("rb") as file:
        tail = b""
        while block := file.read(4 << 20):
            found |= {name for name, mark in names.items() if mark in tail + block}
            tail = block[-64:]
    if "EncryptedPackage" in found:
        raise UnreadableFileError(PASSWORD)
    if found & {"Workbook", "Book"} and "WordDocument" not in found:
        return read_workbook
    raise UnreadableFileError("文件无法打开，或者不是工作簿；请检查是否完整，并另存为 .xlsx 或 .csv")
