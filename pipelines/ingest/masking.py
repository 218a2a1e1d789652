"""Personal numbers where none belongs: found in kept text and identifiers, and taken out before anything is written.

Belongs here: citizen IDs, mobile numbers and bank cards within text, and the name of a row's own person in its other columns. ID
columns of persons are privacy.py, narratives narratives.py.
"""

import datetime
import hmac
import re

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ingest.privacy import is_citizen_id, long_form

# As RE2, to pass over what cannot hold any: eleven digits, perhaps with spaces or hyphens between them.
_LONG_RUN = r"\d(?:[ -]{0,2}\d){10}"
# In an identifier, whole numbers that are left alone: of no person's length, or rounded by Excel and so not read at all
# (values.sql): a pseudonym would make one unit of several.
_NOBODY = r"^(?:\d{12}|\d{14}|\d{15}000)$"
_RUN = re.compile(r"\d(?:[ -]{0,2}\d){10,}(?:[ -]{0,2}[Xx](?![A-Za-z]))?")
_TOKEN = re.compile(r"\d+[Xx]?|[Xx]")
_MOBILE = re.compile(r"(?:(?:00)?86)?1[3-9]\d{9}")
_REGIONS = frozenset("11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83 "
                     "91".split())
_LABELS = {"citizen": "〔证件号〕", "mobile": "〔电话〕", "card": "〔卡号〕"}
_MOST_TOKENS = 8
NAME = "〔姓名〕"
SHORTEST = 11


def masked(column: pa.Array, is_identifier: bool, key: bytes) -> tuple[pa.Array, int]:
    """The column without personal numbers, and in how many rows there were any.

    In text a number becomes a label (〔证件号〕, 〔电话〕, 〔卡号〕); in an identifier it becomes P and a pseudonym, the same in
    all kinds, so that a self-employed person's unit can still be found by it.
    """
    if not len(column) or (pc.max(pc.binary_length(column)).as_py() or 0) < SHORTEST:
        return column, 0
    hit = pc.fill_null(pc.match_substring_regex(column, _LONG_RUN), False)
    if is_identifier:
        hit = pc.and_(hit, pc.invert(pc.fill_null(pc.match_substring_regex(column, _NOBODY), False)))
    if not pc.any(hit).as_py():
        return column, 0
    encoded = column.filter(hit).dictionary_encode()
    before = encoded.dictionary.to_pylist()
    after = [_without_numbers(text, key if is_identifier else None) for text in before]
    changed = pa.array([old != new for old, new in zip(before, after, strict=True)], pa.bool_()).take(encoded.indices)
    number = pc.sum(changed).as_py() or 0
    if number:
        column = pc.replace_with_mask(column, hit, pa.array(after, pa.string()).take(encoded.indices))
    return column, number


def nameless(column: pa.Array, names: list[str | None]) -> tuple[pa.Array, int]:
    """The column with 〔姓名〕 in place of each row's own name (two characters or more), and in how many rows it stood."""
    texts = column.to_pylist()
    hits = [number for number, (text, name) in enumerate(zip(texts, names, strict=True)) if text and name and name in text]
    for number in hits:
        texts[number] = texts[number].replace(names[number], NAME)
    return (pa.array(texts, pa.string()), len(hits)) if hits else (column, 0)


def in_text(text: str) -> str:
    """A text with labels in place of personal numbers.

    >>> in_text("联系人 138-0013-8000，证件 110105 19491231 002X。项目编号 202401310001")
    '联系人 〔电话〕，证件 〔证件号〕。项目编号 202401310001'
    """
    return _without_numbers(text, None)


def _without_numbers(text: str, key: bytes | None) -> str:
    return _RUN.sub(lambda run: _cleared(run[0], key), text)


def _cleared(run: str, key: bytes | None) -> str:
    """A run of digits, spaces and hyphens with the personal numbers in it replaced, longest first at each place."""
    tokens, made, end, index = list(_TOKEN.finditer(run)), [], 0, 0
    while index < len(tokens):
        for last in range(min(len(tokens), index + _MOST_TOKENS), index, -1):
            parts = [token[0] for token in tokens[index:last]]
            number = "".join(parts).upper()
            what = _kind_of(number, key is not None)
            # Dates one after another are no card and no overlong number.
            is_whole = what == "mobile" or (what == "citizen" and len(number) < 19)
            if what and (is_whole or all(len(part) == 4 for part in parts[:-1])):
                made += [run[end:tokens[index].start()], _stand_in(number, what, key)]
                end, index = tokens[last - 1].end(), last - 1
                break
        index += 1
    return "".join(made) + run[end:]


def _kind_of(number: str, is_identifier: bool) -> str:
    """citizen, mobile or card, else ''."""
    if len(number) in (17, 18) and _is_like_citizen(number):
        return "citizen"
    if (len(number) == 15 and long_form(number)) or (len(number) > 19 and not is_identifier):
        return "citizen"
    if _MOBILE.fullmatch(number):
        return "mobile"
    is_card = 16 <= len(number) <= 19 and number.isdigit() and _luhn(number) and (not is_identifier or number.startswith("62"))
    return "card" if is_card else ""


def _is_like_citizen(number: str) -> bool:
    """A valid citizen ID, or one with a wrong or missing check digit whose holder could be in work: region and day are right."""
    if is_citizen_id(number):
        return True
    if number[:2] not in _REGIONS or not "1920" <= number[6:10] <= "2012":
        return False
    try:
        datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True


def _luhn(number: str) -> bool:
    """Whether the last digit of a card number fits (ISO/IEC 7812)."""
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[0::2] + [d * 2 - 9 * (d > 4) for d in digits[1::2]]) % 10 == 0


def _stand_in(number: str, what: str, key: bytes | None) -> str:
    if key is None:
        return _LABELS[what]
    number = long_form(number) or number
    return "P" + hmac.digest(key, b"identifier " + number.encode(), "sha256").hex()[:24].upper()
