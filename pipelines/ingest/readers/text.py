"""Delimited text as a clean stream of UTF-8: encodings found, NUL bytes and bare CR put right, stray quotes tamed.

Belongs here: bytes to well-formed text. Which quotes are meant is quotes.py, what the cells are delimited.py.
"""

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipelines.ingest.grid import MB, UnreadableFileError
from pipelines.ingest.readers.quotes import mended

READ_BYTES = 4 * MB
LONGEST_LINE = 32 * MB
FULL_WIDTH, STAND_IN = "，", "\x1f"
# In these encodings no byte of a longer character is one of these delimiters, a quote or the end of a line: cells can be told
# apart before they are decoded.
TRANSPARENT = {"utf-8-sig": ",\t;|^", "gb18030": ",\t;"}


class Dialect(NamedTuple):
    """How a text file is written. `delimiter` is one ASCII character; `is_cr` = lines end in a bare CR."""

    encoding: str
    delimiter: str
    is_cr: bool
    width: int

    @property
    def is_transparent(self) -> bool:
        """Whether the lines are cut as they stand, in the file's encoding."""
        return self.delimiter in TRANSPARENT.get(self.encoding, "")


def encoding_of(path: Path) -> str:
    """The encoding by its mark, by the place of NUL bytes, else UTF-8 where it decodes, else GB18030.

    What decides is the first megabyte that holds anything beyond ASCII; a stray byte does not make UTF-8 a GB18030 file.
    """
    with path.open("rb") as file:
        head = file.read(MB)
        if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        even, odd = head[:2000:2].count(0), head[1:2000:2].count(0)
        if max(even, odd) > 0.2 * len(head[:2000]) / 2 and min(even, odd) * 4 <= max(even, odd) and len(head) > 3:
            return "utf-16-le" if odd > even else "utf-16-be"
        while head.isascii():
            block = file.read(MB)
            if not block:
                return "utf-8-sig"
            head = block
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(head)
    wrong, beyond = text.count("\ufffd"), len(text) - len(text.encode("ascii", "ignore"))
    return "utf-8-sig" if wrong * 3 <= beyond else "gb18030"


def decoded(path: Path, encoding: str) -> Iterator[str]:
    """The text in blocks; undecodable bytes become U+FFFD and so a doubtful value, not a lost file."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    with path.open("rb") as file:
        while block := file.read(READ_BYTES):
            yield decoder.decode(block)
    yield decoder.decode(b"", True)


def clean_text(text: str, dialect: Dialect) -> str:
    """Without NUL, with LF for a bare CR, with an ASCII stand-in for a delimiter that is a full-width comma."""
    if "\0" in text:
        text = text.replace("\0", "")
    if dialect.is_cr:
        text = text.replace("\r", "\n")
    return text.replace(FULL_WIDTH, STAND_IN) if dialect.delimiter == STAND_IN else text


def text_of(data: bytes, encoding: str) -> str:
    """Bytes that are whole in themselves as text; undecodable ones become U+FFFD, wherever they stand."""
    # The last bytes of a broken character would be taken together at the very end.
    return (data + b"\0\0\0").decode(encoding.removesuffix("-sig"), "replace")[:-3]


def _blocks(path: Path, dialect: Dialect) -> Iterator[bytes]:
    """The file without its mark, NUL and bare CR: as it stands, or as UTF-8 where it is not transparent."""
    if not dialect.is_transparent:
        yield from (clean_text(text, dialect).encode("utf-8", "replace") for text in decoded(path, dialect.encoding))
        return
    with path.open("rb") as file:
        file.seek(len(codecs.BOM_UTF8) if file.read(3) == codecs.BOM_UTF8 and dialect.encoding == "utf-8-sig" else 0)
        while block := file.read(READ_BYTES):
            block = block.replace(b"\0", b"")
            yield block.replace(b"\r", b"\n") if dialect.is_cr else block


def clean_blocks(path: Path, dialect: Dialect) -> Iterator[bytes]:
    """Whole lines in blocks, quotes mended, in the file's encoding where that is transparent, else in UTF-8.

    Raises UnreadableFileError on a line beyond any real one.
    """
    waiting = b""
    for block in _blocks(path, dialect):
        data = waiting + block if waiting else block
        cut = data.rfind(b"\n") + 1
        whole, waiting = data[:cut], data[cut:]
        if len(waiting) > LONGEST_LINE:
            raise UnreadableFileError("有一行超过 32 MB，不是表格；请检查换行符并重新导出")
        whole, rest = mended(whole, dialect.delimiter, dialect.width)
        waiting = rest + waiting if rest else waiting
        if whole:
            yield whole
    if waiting:
        yield mended(waiting, dialect.delimiter, dialect.width, is_last=True)[0]
