"""The key, pseudonyms, and what an ID number says about its holder."""

import csv
import os
import stat
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines.ingest import privacy

VECTORS = Path(__file__).parent.parent / "vectors" / "citizen_id_test_vectors.csv"
WOMAN, WRONG_DIGIT = "11010519491231002X", "110105194912310021"
KEY = b"a key"


@pytest.fixture
def no_environment_key(monkeypatch, tmp_path):
    """Without a key in the environment, and with a configuration folder of the test's own."""
    monkeypatch.delenv(privacy.KEY_VARIABLE, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "yufang" / "key"


def test_the_key_comes_from_the_environment_first(monkeypatch, tmp_path):
    monkeypatch.setenv(privacy.KEY_VARIABLE, "from the environment")
    assert privacy.load_key(tmp_path / "key") == b"from the environment"
    assert not (tmp_path / "key").exists()


def test_a_key_file_is_made_once_for_its_owner_only(no_environment_key):
    first = privacy.load_key()
    assert len(first) == 64
    assert stat.S_IMODE(no_environment_key.stat().st_mode) == 0o600
    assert privacy.load_key() == first


def test_two_key_files_hold_different_keys(no_environment_key, tmp_path):
    assert privacy.load_key(tmp_path / "a") != privacy.load_key(tmp_path / "b")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660])
def test_a_key_file_that_others_may_read_is_refused(no_environment_key, tmp_path, mode):
    path = tmp_path / "key"
    path.write_text("secret")
    path.chmod(mode)
    with pytest.raises(privacy.KeyFileError, match="chmod 600") as raised:
        privacy.load_key(path)
    assert "secret" not in str(raised.value)


def test_an_empty_key_file_is_refused_rather_than_replaced(no_environment_key, tmp_path):
    path = tmp_path / "key"
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    with pytest.raises(privacy.KeyFileError, match="空"):
        privacy.load_key(path)
    assert path.read_bytes() == b""


def test_a_fingerprint_tells_keys_apart_and_not_what_they_are():
    assert privacy.fingerprint(b"one") != privacy.fingerprint(b"two")
    assert privacy.fingerprint(b"one") == privacy.fingerprint(b"one")
    assert "one" not in privacy.fingerprint(b"one")


def test_citizen_id_vectors():
    with VECTORS.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            number = row["id18"].upper() if row["expect"] == "valid-after-upper" else row["id18"]
            assert privacy.is_citizen_id(number) == row["expect"].startswith("valid"), row


@pytest.mark.parametrize("number", ["", "1", "x" * 18, "１" * 18, "11010519491231002", "11010519491231002XX"])
def test_what_is_no_citizen_id(number):
    assert not privacy.is_citizen_id(number)


def test_what_a_valid_number_says():
    persons = privacy.replace_persons(pa.array([WRONG_DIGIT, WOMAN, None, "T1234567"]), KEY)
    assert persons.is_valid.to_pylist() == [False, True, True, False]  # an absent number is not a doubtful one
    assert persons.sex.to_pylist() == [None, "female", None, None]
    assert persons.birth_year.to_pylist() == [None, 1949, None, None]
    assert [key is None for key in persons.key.to_pylist()] == [False, False, True, False]


def test_the_sex_is_the_seventeenth_digit():
    persons = privacy.replace_persons(pa.array(["370302198506151236", WOMAN]), KEY)
    assert persons.sex.to_pylist() == ["male", "female"]


def test_pseudonyms_are_stable_however_the_number_is_written():
    written = [WOMAN, WOMAN.lower(), f" {WOMAN}\u3000", f"'{WOMAN}", WOMAN]
    keys = privacy.replace_persons(pa.array(written), KEY).key.to_pylist()
    assert len(set(keys)) == 1 and len(keys[0]) == 32 and WOMAN not in keys[0]
    assert privacy.replace_persons(pa.array([WOMAN]), KEY).key.to_pylist() == keys[:1]


def test_another_key_gives_other_pseudonyms():
    one, two = (privacy.replace_persons(pa.array([WOMAN]), key).key[0].as_py() for key in (KEY, b"another"))
    assert one != two


def test_no_persons_at_all():
    assert len(privacy.replace_persons(pa.array([], pa.string()), KEY).key) == 0
    assert privacy.replace_persons(pa.nulls(2, pa.string()), KEY).key.to_pylist() == [None, None]
