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


class Dialect(NamedTuple):
    """How a text file is written. `delimiter` is one ASCII character; `is_cr` = lines end in a bare CR."""

    encoding: str
    delimiter: str
    is_cr: bool
    width: int


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


def clean_blocks(path: Path, dialect: Dialect) -> Iterator[bytes]:
    """Whole lines as UTF-8 in blocks, quotes mended. Raises UnreadableFileError on a line beyond any real one."""
    texts = (clean_text(text, dialect) for text in decoded(path, dialect.encoding))
    waiting = b""
    for block in (text.encode("utf-8", "replace") for text in texts):
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


class ByteStream:
    """A stream of blocks with the `read` that pyarrow asks of a file."""

    def __init__(self, blocks: Iterator[bytes]):
        self.blocks, self.block, self.at, self.closed = blocks, b"", 0, False

    def read(self, size: int) -> bytes:
        """At most `size` bytes; none at the end."""
        if self.at >= len(self.block):
            self.block, self.at = next(self.blocks, b""), 0
        part = self.block[self.at : self.at + size]
        self.at += len(part)
        return part

    def close(self) -> None:
        """Nothing to do: the file is closed with its blocks."""
