"""Quotation marks in delimited text that do not mean what they say: a stray one must not swallow the rows that follow.

Belongs here: telling cells that go over several lines from quotes that were never closed, and making the latter plain.
"""

import re
from functools import cache
from typing import NamedTuple

import numpy as np

# How many lines one cell may go over; a quote that is not closed by then was never meant as one.
LONGEST_CELL_LINES = 200


class Shapes(NamedTuple):
    """Patterns for one delimiter: a whole line, one that ends inside an open quote, a quoted cell."""

    whole: re.Pattern[bytes]
    unclosed: re.Pattern[bytes]
    quoted: re.Pattern[bytes]


@cache
def shapes(delimiter: str) -> Shapes:
    """The patterns of a delimiter; none of them backtracks."""
    mark = re.escape(delimiter).encode()
    inside = rb'"[^"]*+(?:""[^"]*+)*+'
    cell = rb"(?:" + inside + rb'"|(?!")[^\n' + mark + rb"]*+)"
    whole = cell + rb"(?:" + mark + cell + rb")*+"
    return Shapes(re.compile(whole), re.compile(rb"(?:" + cell + mark + rb")*+" + inside), re.compile(inside + rb'"'))


def is_whole_line(line: bytes, delimiter: str) -> bool:
    """Whether every quote of a line opens or closes a cell of it, or stands within one."""
    return shapes(delimiter).whole.fullmatch(line) is not None


def cell_count(line: bytes, delimiter: str) -> int:
    """How many cells a line holds: as quoted where its quotes are in order, else by its delimiters alone.

    >>> cell_count(b'1,"2,3",4', ","), cell_count(b'1,"2,3', ",")
    (3, 3)
    """
    if b'"' in line and is_whole_line(line, delimiter):
        line = shapes(delimiter).quoted.sub(b"", line)
    return line.count(delimiter.encode()) + 1


def is_doubtful(data: bytes, delimiter: str) -> bool:
    """Whether a line has quotes that do not open and close its cells in pairs. Told for all lines at once."""
    codes = np.frombuffer(data, np.uint8)
    quotes = np.flatnonzero(codes == 34)
    before = np.where(quotes > 0, codes[quotes - 1], 10)
    after = np.where(quotes + 1 < len(codes), codes[np.minimum(quotes + 1, len(codes) - 1)], 10)
    opens = (before == ord(delimiter)) | (before == 10)
    closes = (after == ord(delimiter)) | (after == 10) | (after == 13)
    lines = np.searchsorted(np.flatnonzero(codes == 10), quotes)
    lines -= lines[0]
    unpaired = np.bincount(lines, opens.astype(float) - closes)
    return bool(np.any(unpaired != 0) or np.any(np.bincount(lines) % 2))


def mended(data: bytes, delimiter: str, width: int, is_last: bool = False) -> tuple[bytes, bytes]:
    """Whole lines with stray quotes made plain text, and the lines at the end whose cell may go on in the next block.

    A quote that opens a cell and is not closed would swallow the rows that follow. A cell may go over several lines only
    when together they make one row of `width` cells and are not rows of their own. Files without such lines pay a glance.

    >>> [cell_count(line, ",") for line in mended(b'1,"a,3\\n4,5,"6"\\n', ",", 3, True)[0].splitlines()]
    [3, 3]
    >>> mended(b'1,"a\\nb",3\\n', ",", 3)
    (b'1,"a\\nb",3\\n', b'')
    """
    if b'"' not in data or not is_doubtful(data, delimiter):
        return data, b""
    lines, done, at = data.split(b"\n"), [], 0
    while at < len(lines):
        line = lines[at]
        end = at + 1
        if b'"' in line and not is_whole_line(line.rstrip(b"\r"), delimiter):
            end = _end_of_cell(lines, at, delimiter, width)
            if not end and not is_last:
                return _joined(done), b"\n".join(lines[at:])
            end = end or at + 1
            if end == at + 1:
                line = _made_plain(line, delimiter)
        done += [line] if end == at + 1 else lines[at:end]
        at = end
    return b"\n".join(done), b""


def _joined(lines: list[bytes]) -> bytes:
    return b"\n".join(lines) + b"\n" if lines else b""


def _end_of_cell(lines: list[bytes], at: int, delimiter: str, width: int) -> int:
    """The line after the row that begins at `at`: at + 1 when its quote is a stray one, 0 when the lines do not tell."""
    if not shapes(delimiter).unclosed.fullmatch(lines[at]):
        return at + 1
    is_odd = lines[at].count(b'"') % 2 == 1
    for end in range(at + 1, min(at + LONGEST_CELL_LINES, len(lines))):
        quotes = lines[end].count(b'"')
        if not quotes and width > 2 and lines[end].count(delimiter.encode()) + 1 == width:
            return at + 1
        is_odd ^= quotes % 2 == 1
        if not is_odd:
            return end + 1 if _is_one_row(lines[at : end + 1], delimiter, width) else at + 1
    return at + 1 if at + LONGEST_CELL_LINES <= len(lines) else 0


def _is_one_row(lines: list[bytes], delimiter: str, width: int) -> bool:
    row = b"\n".join(lines).rstrip(b"\r")
    if not is_whole_line(row, delimiter) or cell_count(row, delimiter) != width:
        return False
    return width == 1 or any(line.count(delimiter.encode()) + 1 != width for line in lines)


def _made_plain(line: bytes, delimiter: str) -> bytes:
    """The line with every cell quoted and every quote inside doubled, so that none of them means anything."""
    end = b"\r" if line.endswith(b"\r") else b""
    cells = line.removesuffix(b"\r").split(delimiter.encode())
    return delimiter.encode().join(b'"' + _bare(cell).replace(b'"', b'""') + b'"' for cell in cells) + end


def _bare(cell: bytes) -> bytes:
    """A cell without the pair of quotes around it."""
    trimmed = cell.strip()
    if len(trimmed) > 1 and trimmed[:1] == trimmed[-1:] == b'"':
        return trimmed[1:-1].replace(b'""', b'"')
    return cell
