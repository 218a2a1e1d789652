"""Check digits and the numbers that carry them: 统一社会信用代码 (GB 32100, GB 11714) and 公民身份号码 (GB 11643).

Only construction of valid, made-up numbers; reading and judging numbers of an export belongs to ingest.
"""
import numpy as np

from pipelines.simulate.draws import Array

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
USCC_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
ORGANISATION_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
CITIZEN_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
CITIZEN_CHECKS = np.array(list("10X98765432"))


def with_organisation_check(body: Array) -> Array:
    """Organisation codes of 9 characters from bodies of 8 (GB 11714)."""
    remainder = _values(body, ORGANISATION_ALPHABET) @ ORGANISATION_WEIGHTS % 11
    return np.char.add(body, np.array(list("0X987654321"))[remainder])


def with_uscc_check(body: Array) -> Array:
    """Credit codes of 18 characters from their first 17 (GB 32100)."""
    remainder = _values(body, USCC_ALPHABET) @ USCC_WEIGHTS % 31
    return np.char.add(body, np.array(list(USCC_ALPHABET))[(31 - remainder) % 31])


def with_citizen_check(body: Array) -> Array:
    """Citizen numbers of 18 characters from their first 17 (GB 11643)."""
    return np.char.add(body, CITIZEN_CHECKS[_values(body, "0123456789") @ CITIZEN_WEIGHTS % 11])


def credit_codes(serial: Array, region: Array) -> Array:
    """A distinct valid credit code of an enterprise (91…) for each serial number below 10^8."""
    scrambled = (np.asarray(serial, np.int64) * 72_346_789 + 31_415_927) % 10**8
    body = np.char.zfill(scrambled.astype(str), 8)
    return with_uscc_check(np.char.add(np.char.add("91", region.astype(str)), with_organisation_check(body)))


def unit_numbers(serial: Array) -> Array:
    """A distinct 10-digit unit number, 4307 and six digits, for each serial number below 10^6."""
    scrambled = (np.asarray(serial, np.int64) * 382_817 + 104_729) % 10**6
    return np.char.add("4307", np.char.zfill(scrambled.astype(str), 6))


def citizen_numbers(region: Array, birth: Array, sequence: Array, is_male: Array) -> Array:
    """Valid citizen numbers; `sequence` in 0..499, the last digit before the check is odd for men."""
    order = np.char.zfill((sequence * 2 + is_male).astype(str), 3)
    day = np.char.replace(birth.astype("datetime64[D]").astype(str), "-", "")
    return with_citizen_check(np.char.add(np.char.add(region.astype(str), day), order))


def _values(text: Array, alphabet: str) -> Array:
    """The value of each character, shape (n, length)."""
    table = np.zeros(128, np.int64)
    table[[ord(letter) for letter in alphabet]] = np.arange(len(alphabet))
    letters = np.ascontiguousarray(text).view(np.uint32).reshape(len(text), -1)
    return table[letters]
