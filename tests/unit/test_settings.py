"""settings.toml: read strictly, written once with its explanations."""

import pytest

from pipelines import settings
from pipelines.settings import Settings, SettingsError


def written(tmp_path, text: str):
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_the_defaults_hold(tmp_path):
    assert settings.load(tmp_path / "settings.toml") == Settings(policy="expected-excess", classification="auto", regions="whole")


def test_a_file_that_says_little(tmp_path):
    assert settings.load(written(tmp_path, 'regions = "4"\n')) == Settings(regions="4")


@pytest.mark.parametrize("said", [
    Settings(),
    Settings("qingdao-2020", "naics", "agency", "省.csv", "GCJ02", "边界.geojson", "路.geojson", "~/密钥", {"claim": "snapshot"},
             {"2025-10/坏 1.csv": "重复"}, 30),
])
def test_what_is_saved_is_what_is_read(tmp_path, said):
    path = tmp_path / "out" / "settings.toml"
    settings.save(said, path, ["changde-2024", "qingdao-2020"])
    assert settings.load(path) == said
    assert "changde-2024、qingdao-2020" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("text", "message"), [
    ('regions = "5"', "regions 只能是 whole"), ("regions = 4", "须为文字"), ("policy = 3", "须为文字"),
    ('classification = "isic"', "classification"), ('datum = "北京54"', "datum 只能为空或 WGS84"), ("area = 3", "须为文字"),
    ("dossiers = -1", "dossiers 只能是"), ("dossiers = true", "dossiers 只能是"), ('dossiers = "20"', "dossiers 只能是"),
    ('police = "changde-2024"', "不认识的设置：police"), ("delivery = 3", "须为表"),
    ('[delivery]\nclaims = "snapshot"', "种类只能是"),
    ('[delivery]\nclaim = "dump"', "snapshot 或 increment"), ('[ignored_files]\n"a.csv" = " "', "理由"), ("policy = ", "TOML"),
])
def test_what_cannot_be_is_refused_and_named(tmp_path, text, message):
    with pytest.raises(SettingsError, match=message) as raised:
        settings.load(written(tmp_path, text))
    assert "settings.toml" in str(raised.value)


def test_a_file_that_is_not_utf_8(tmp_path):
    path = tmp_path / "settings.toml"
    path.write_bytes('policy = "常德"'.encode("gb18030"))
    with pytest.raises(SettingsError, match="TOML"):
        settings.load(path)


def test_the_command_line_overrides_what_it_names_only():
    said = Settings(policy="qingdao-2020", regions="6", key_file="k")
    assert settings.with_overrides(said, None, "") == said
    assert settings.with_overrides(said, "changde-2024", None) == Settings("changde-2024", regions="6", key_file="k")
    with pytest.raises(SettingsError):
        settings.with_overrides(said, None, "5")
