"""A column's text as every parser may expect it: without odd widths, spaces, armour and words that stand for nothing.

Belongs here: what is done to any text before it is looked at. What a text means is values.sql and terms.py.
"""

import re
import unicodedata
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ingest.texts import bytes_of, offsets_of

# Text that people read keeps its Chinese punctuation; all other values are written in ASCII as far as it goes.
FREE = {"text", "dropped", "narrative"}
EMPTY = frozenset(["", "/", "//", "-", "--", "---", "\\", "*", ".", "—", "——", "NULL", "null", "Null", "None", "nan", "NaN",
                   "#N/A", "N/A", "n/a", "NA",
                   "暂无", "不详", "未知", "空", "<空>", "(空)", "(null)"])
# What Excel writes where a formula failed: nothing in a text, but of a number or a day something has been lost.
ERRORS = frozenset(["#REF!", "#VALUE!", "#NAME?", "#DIV/0!"])
NOTHING = frozenset(["无", "没有", "未填", "待定", "无护理依赖", "未达护理等级"])
NO_DAY = frozenset(["0", "0.0", "00000000", "0000-00-00", "0000/00/00", "0000-00-00 00:00:00", "1900-01-00", "1900/1/0",
                    "1900/01/00",  "9999-12-31", "99991231", "9999-12-31 00:00:00", "9999/12/31"])
# Bytes of UTF-8 that only text with something to clean holds: spaces, control characters, quotes, =, `, and the first bytes of
# U+00A0 (C2), U+2000–U+2FFF (E2), U+3000 (E3), U+F000–U+FFFF (EF). Chinese characters begin with E4 to E9.
# Whether such a text is changed: outside ASCII, Han and their common punctuation; in free text only what `plain` narrows.
_ODD = r"[^\x20-\x21\x23-\x26\x28-\x3c\x3e-\x5f\x61-\x7e\x{3001}-\x{3029}\x{4e00}-\x{9fff}]|  "
_ODD_FREE = (r"[\x00-\x1f\x7f\x{a0}\x{ad}\x{2000}-\x{200f}\x{2028}-\x{202f}\x{2060}-\x{2064}\x{3000}\x{feff}"
             r"\x{ff10}-\x{ff19}\x{ff21}-\x{ff3a}\x{ff41}-\x{ff5a}]|^['‘’`=]|  ")
_SUSPECT = np.zeros(256, bool)
_SUSPECT[[*range(0x20), 0x22, 0x27, 0x3D, 0x60, 0x7F, 0xC2, 0xE2, 0xE3, 0xEF]] = True
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\x00-\x08\x0e-\x1f\x7f]")
_SPACE = re.compile(r"[\s\u00a0\u3000]+")
_ARMOUR = re.compile(r'^=\s*"(.*)"$|^[\'‘’`]+(?=\S)', re.DOTALL)
_DASHES = dict.fromkeys(map(ord, "−–‐‑‒―﹣"), "-")
_WIDE_ALNUM = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F) if chr(wide - 0xFEE0).isalnum()}


def plain(text: str, is_free: bool = False) -> str:
    """A text without what varies by typist and program: spaces (U+3000, U+00A0), zero-width and control characters, a leading
    apostrophe, ="…", full-width forms. Free text keeps its Chinese punctuation and has only letters and digits narrowed.

    >>> plain("\u3000＝“１２”\u200b"), plain('="００１２"'), plain("'１，２３４．５０")
    ('=“12”', '0012', '1,234.50')
    >>> plain("武陵大道　１２号（东）", is_free=True)
    '武陵大道 12号（东）'
    """
    text = _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()
    text = _ARMOUR.sub(lambda match: match[1] or "", text)
    if is_free:
        return text.translate(_WIDE_ALNUM).strip()
    return unicodedata.normalize("NFKC", text.translate(_DASHES)).translate(_DASHES).strip()


def _suspects(column: pa.Array, is_free: bool) -> pa.Array | None:
    """Which texts may hold something that `plain` would change; None = none of them. A look at all bytes spares most columns."""
    if not _SUSPECT[bytes_of(column)].any():
        return None
    hit = pc.fill_null(pc.match_substring_regex(column, _ODD_FREE if is_free else _ODD), False)
    return hit if pc.any(hit).as_py() else None


def cleaned(column: pa.Array, value: str) -> tuple[pa.Array, pa.Array | None]:
    """The column's texts made plain, nulls where they stand for nothing; and which of them changed beyond the spaces around
    them (None = none).

    `value` is the value type of the contract's column: it decides about punctuation and about words such as 无 and 0.
    """
    text, nothing = pc.utf8_trim_whitespace(column), pa.array(sorted(words_for_nothing(value)))
    hit = _suspects(text, value in FREE)
    if hit is not None:
        odd = text.filter(hit)
        made = by_distinct(odd, lambda item: plain(item, value in FREE), pa.string())
        text = pc.replace_with_mask(text, hit, made)
        hit = pc.replace_with_mask(hit, hit, pc.not_equal(made, odd))
    return pc.if_else(pc.is_in(text, nothing), pa.scalar(None, pa.string()), text), hit


def words_for_nothing(value: str) -> frozenset[str]:
    """The texts that stand for nothing in a column of this value type."""
    if value in FREE:
        return EMPTY | NOTHING | ERRORS
    words = EMPTY if value == "flag" else EMPTY | NOTHING  # 无 answers a question of yes or no
    return words | NO_DAY if value in ("date", "time", "month", "birth_year") else words


def is_plain(column: pa.Array, letters: bytes, most: int) -> bool:
    """Whether all texts of a column are made of these letters only (- only as the first) and of so many at most, or of three
    more where all have a point."""
    text = bytes_of(column)
    if not len(text):
        return True
    allowed = np.zeros(256, bool)
    allowed[list(letters)] = True
    offsets = offsets_of(column)
    lengths = np.diff(offsets)
    points = 3 if np.count_nonzero(text == ord(".")) == np.count_nonzero(lengths) else 0
    if not allowed[text].all() or lengths.max() > most + points:
        return False
    dashes = np.flatnonzero(text == ord("-")) if b"-" in letters else ()
    return not len(dashes) or bool(np.isin(dashes + offsets[0], offsets).all())


def by_distinct(column: pa.Array, read: Callable[[str], object], kind: pa.DataType) -> pa.Array:
    """What a function makes of each text, each distinct one worked once; nothing of nothing."""
    encoded = column.dictionary_encode()
    return pa.array([read(text) for text in encoded.dictionary.to_pylist()], kind).take(encoded.indices)
