"""Personal identifiers are replaced here, in memory, before anything is written.

Belongs here: the key, pseudonyms, what an ID number says about its holder. Names are read to be
found in the other columns of the row, and forgotten with the narrative; readers do not read what else a contract drops.
"""

import datetime
import hmac
import os
import re
import secrets
import stat
from operator import mul
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ingest.cleaning import plain

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
KEY_VARIABLE = "YUFANG_KEY"
SEPARATORS = re.compile(r"[\s-]")
# 9.14403E+17, 430702199001012000, 430702********1234.
LOST = re.compile(r"^\d(\.\d+)?E\+?\d{1,2}$|^\d{15}000$|[*#?\ufffd]|\d[X×]{2}")


class KeyFileError(Exception):
    """The key file cannot be used; the message says why and what to do."""


def default_key_file() -> Path:
    """The key file in the user's configuration folder."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "yufang" / "key"


def load_key(path: Path | None = None) -> bytes:
    """The HMAC key: from the environment (YUFANG_KEY), else from a 0600 file that is made on the first run.

    Raises KeyFileError when the file can be read by others or is empty.
    """
    if os.environ.get(KEY_VARIABLE):
        return os.environ[KEY_VARIABLE].encode()
    path = path or default_key_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise KeyFileError(f"密钥文件 {path} 可被其他用户读取；请执行 chmod 600 后重试")
    key = path.read_text().strip().encode()
    if not key:
        raise KeyFileError(f"密钥文件 {path} 是空的；请恢复备份，或删除后重新生成（假名将全部改变）")
    return key


def fingerprint(key: bytes) -> str:
    """What tells two keys apart without telling the key; used in names inside data/core/export only."""
    return hmac.digest(key, b"yufang fingerprint", "sha256").hex()[:16]


def is_citizen_id(number: str) -> bool:
    """Whether 18 characters are a valid citizen ID: check digit (GB 11643, ISO 7064 MOD 11-2) and date of birth.

    >>> is_citizen_id("11010519491231002X"), is_citizen_id("430702199002290016")
    (True, False)
    """
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdigit()):
        return False
    total = sum(map(mul, number[:17].encode(), WEIGHTS)) - ord("0") * sum(WEIGHTS)
    if CHECK_DIGITS[total % 11] != number[17]:
        return False
    try:
        datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True


def long_form(number: str) -> str:
    """A citizen ID of 15 digits (before 1999) as the 18 characters that replaced it, "" for any other text.

    >>> long_form("110105491231002"), long_form("110105491331002")
    ('11010519491231002X', '')
    """
    if len(number) != 15 or not (number.isascii() and number.isdigit()):
        return ""
    body = f"{number[:6]}19{number[6:]}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    longer = body + CHECK_DIGITS[total % 11]
    return longer if is_citizen_id(longer) else ""


class Persons(NamedTuple):
    """Equal-length arrays: pseudonym, sex code, year of birth, and whether the number was a valid citizen ID; and in how many
    rows the number names nobody any more: rounded by Excel, or masked."""

    key: pa.Array
    sex: pa.Array
    birth_year: pa.Array
    is_valid: pa.Array
    lost: int


def _person(number: str | None, key: bytes) -> tuple[str | None, str | None, int | None, bool, int]:
    number = number or ""
    is_plain = number.isascii() and number.isalnum()
    cleaned = (number if is_plain else SEPARATORS.sub("", plain(number))).upper()
    if not cleaned:
        return None, None, None, True, 0
    # A rounded number passes the check digit once in eleven: it names nobody, or it would make one person of several.
    if LOST.search(cleaned):
        return None, None, None, False, 1
    cleaned = long_form(cleaned) or cleaned
    pseudonym = hmac.digest(key, cleaned.encode(), "sha256").hex()[:32]
    if not is_citizen_id(cleaned):
        return pseudonym, None, None, False, 0
    return pseudonym, "male" if int(cleaned[16]) % 2 else "female", int(cleaned[6:10]), True, 0


def replace_persons(numbers: pa.Array, key: bytes) -> Persons:
    """Pseudonyms (HMAC SHA-256, first 128 bits) and what the ID numbers say; each distinct number is worked once."""
    encoded = numbers.cast(pa.string()).dictionary_encode()
    rows = [_person(number, key) for number in encoded.dictionary.to_pylist()] + [_person(None, key)]
    index = encoded.indices.fill_null(len(rows) - 1)
    types = (pa.string(), pa.string(), pa.int16(), pa.bool_(), pa.int8())
    columns = [pa.array(values, type).take(index) for values, type in zip(zip(*rows, strict=True), types, strict=True)]
    return Persons(*columns[:4], lost=pc.sum(columns[4]).as_py() or 0)
