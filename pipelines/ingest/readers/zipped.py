"""Zip containers: what is checked before anything in them is unpacked, and the files of an archive one by one.

Belongs here: limits against archives that unpack to more than they should, names in old encodings. Workbooks are excel.py.
"""

import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pipelines.ingest.grid import MB, UnreadableFileError

MOST_ENTRIES = 20_000
MOST_BYTES = 16_000 * MB
# Text packs 5 to 30 times smaller; what unpacks to more than this, and to that many times its size, is no table.
SUSPICIOUS_BYTES, SUSPICIOUS_RATIO = 64 * MB, 100
MOST_MEMBERS = 500
DEEPEST = 2
JUNK = re.compile(r"(^|/)(__MACOSX/|\.|~\$|Thumbs\.db$)")
WORKBOOK_PARTS = {"xl/workbook.xml", "xl/workbook.bin", "content.xml"}
UTF8_NAME, ENCRYPTED = 0x800, 0x1


class Member(NamedTuple):
    """A file in an archive: its name as a person sees it, and where it was unpacked to."""

    name: str
    path: Path


def opened(path: Path) -> zipfile.ZipFile:
    """The container, once its directory holds nothing suspicious. Raises UnreadableFileError or zipfile.BadZipFile."""
    _count_entries(path)
    archive = zipfile.ZipFile(path)
    entries = archive.infolist()
    if any(entry.flag_bits & ENCRYPTED for entry in entries):
        raise UnreadableFileError("压缩包或工作簿有密码；请去掉密码后重新放入")
    unpacked, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    is_suspicious = any(e.file_size > SUSPICIOUS_BYTES and e.file_size > SUSPICIOUS_RATIO * e.compress_size for e in entries)
    is_repeated = max(Counter(entry.filename for entry in entries).values(), default=0) > 1
    if is_suspicious or is_repeated or unpacked > MOST_BYTES or packed > path.stat().st_size:
        raise UnreadableFileError("压缩内容与文件大小不相称，可能损坏或被恶意构造；请重新导出")
    return archive


def _count_entries(path: Path) -> None:
    """Refuses a directory of a million entries before it is read: each would cost half a kilobyte."""
    count, tail = 0, b""
    with path.open("rb") as file:
        while block := file.read(4 * MB):
            count += (tail + block).count(b"PK\x01\x02")
            tail = block[-3:]
            if count > MOST_ENTRIES:
                raise UnreadableFileError(f"压缩包内超过 {MOST_ENTRIES} 个文件；请拆分后重新放入")


def is_archive(path: Path) -> bool:
    """Whether a file is an archive of files, as opposed to a workbook, which is a zip container too."""
    if path.suffix.lower() != ".zip":
        return False
    with path.open("rb") as file:
        begins = file.read(4)
    return begins in (b"PK\x03\x04", b"PK\x05\x06") and not is_workbook(path)


def is_workbook(path: Path) -> bool:
    """Whether a zip container holds a workbook of any make, whatever its ending."""
    try:
        with opened(path) as archive:
            return not WORKBOOK_PARTS.isdisjoint(archive.namelist())
    except Exception:  # a damaged container makes zipfile raise almost anything; it is no workbook then
        return False


def members(path: Path, scratch: Path, depth: int = 1) -> Iterator[Member]:
    """The files of an archive, unpacked one at a time into the folder `scratch` and removed afterwards, sorted by name.

    An archive within the archive is opened as well, one within that is not. Names never become paths.
    Raises UnreadableFileError when it cannot or must not be unpacked.
    """
    try:
        with opened(path) as archive:
            named = sorted((_name(entry), entry) for entry in archive.infolist() if not entry.is_dir())
            wanted = [(name, entry) for name, entry in named if name and not JUNK.search(name)]
            if len(wanted) > MOST_MEMBERS:
                raise UnreadableFileError(f"压缩包内超过 {MOST_MEMBERS} 个文件；请拆分后重新放入")
            for name, entry in wanted:
                unpacked = scratch / f"member-{depth}{PurePosixPath(name).suffix.lower()[:8]}"
                try:
                    _unpack(archive, entry, unpacked)
                    yield from _inner(name, unpacked, scratch, depth)
                finally:
                    unpacked.unlink(missing_ok=True)
    except UnreadableFileError:
        raise
    except Exception as error:  # a damaged container makes zipfile and zlib raise almost anything
        raise UnreadableFileError(f"压缩包无法打开（{type(error).__name__}）；请检查是否完整，并重新压缩为 .zip") from None


def _inner(name: str, unpacked: Path, scratch: Path, depth: int) -> Iterator[Member]:
    if not is_archive(unpacked):
        yield Member(name, unpacked)
        return
    if depth >= DEEPEST:
        raise UnreadableFileError("压缩包内套了多层压缩包；请解压后重新放入")
    for member in members(unpacked, scratch, depth + 1):
        yield Member(f"{name}/{member.name}", member.path)


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    with archive.open(entry) as source, target.open("wb") as file:
        while block := source.read(4 * MB):
            file.write(block)


def _name(entry: zipfile.ZipInfo) -> str:
    """The name in the encoding that it was written in, without what could lead out of a folder."""
    name = entry.filename
    if not entry.flag_bits & UTF8_NAME:
        try:
            raw = name.encode("cp437")
            name = _decoded(raw)
        except UnicodeError:
            pass
    parts = [re.sub(r"[\x00-\x1f:]", "", part) for part in name.replace("\\", "/").split("/")]
    return "/".join(part for part in parts if part not in ("", ".", ".."))


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030")
