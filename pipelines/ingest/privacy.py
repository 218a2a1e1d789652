"""Personal identifiers are replaced here, in memory, before anything is written.

Belongs here: the key, pseudonyms, what an ID number says about its holder. Names are read only beside a narrative, and both
are forgotten when it has been coded (narratives.py); otherwise readers do not read the columns that a contract drops.
"""

import datetime
import hmac
import os
import secrets
import stat
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
KEY_VARIABLE = "YUFANG_KEY"


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
    total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
    if CHECK_DIGITS[total % 11] != number[17]:
        return False
    try:
        datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True


class Persons(NamedTuple):
    """Equal-length arrays: pseudonym, sex code, year of birth, and whether the number was a valid citizen ID."""

    key: pa.Array
    sex: pa.Array
    birth_year: pa.Array
    is_valid: pa.Array


def _person(number: str | None, key: bytes) -> tuple[str | None, str | None, int | None, bool]:
    cleaned = (number or "").strip(" \t\u3000\u00a0'").upper()
    if not cleaned:
        return None, None, None, True
    pseudonym = hmac.digest(key, cleaned.encode(), "sha256").hex()[:32]
    if not is_citizen_id(cleaned):
        return pseudonym, None, None, False
    return pseudonym, "male" if int(cleaned[16]) % 2 else "female", int(cleaned[6:10]), True


def replace_persons(numbers: pa.Array, key: bytes) -> Persons:
    """Pseudonyms (HMAC SHA-256, first 128 bits) and what the ID numbers say; each distinct number is worked once."""
    encoded = numbers.cast(pa.string()).dictionary_encode()
    rows = [_person(number, key) for number in encoded.dictionary.to_pylist()] + [_person(None, key)]
    index = encoded.indices.fill_null(len(rows) - 1)
    types = (pa.string(), pa.string(), pa.int16(), pa.bool_())
    columns = [pa.array(values, type) for values, type in zip(zip(*rows, strict=True), types, strict=True)]
    return Persons(*(column.take(index) for column in columns))
