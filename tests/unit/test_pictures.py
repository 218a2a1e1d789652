"""Charts: the same figures give the same PNG, missing values do no harm, without a Chinese font there is none and it is said."""

import struct

import pytest

from pipelines.reports import pictures
from pipelines.reports.text import Paragraph, Picture

SIZE = (100.0, 40.0)


def drawn() -> dict[str, bytes | None]:
    return {
        "bars": pictures.bars(["制造业", "建筑业"], [1.0, 2.0], [(0.5, 1.5), (1.2, 3.0)], [False, True], ("全市", 0.9), "%",
                              SIZE),
        "trend": pictures.trend(["2023", "2024（至今）"], [1.0, None], [(0.2, 2.0), None], ("基准", 0.5), ("同类", 0.2, 0.8),
                                "%", SIZE),
        "columns": pictures.columns(["1 月", "2 月"], [3, 0], [1.5, None], [True, False], "例", SIZE)}


@pytest.fixture(autouse=True)
def _any_font():
    if pictures.font() is None:
        pytest.skip("no Chinese font on this machine")


def test_the_same_figures_give_the_same_bytes_of_the_size_asked_for():
    first, again = drawn(), drawn()
    assert first == again
    for image in first.values():
        assert image and image[:8] == b"\x89PNG\r\n\x1a\n"
        width, height = struct.unpack(">II", image[16:24])
        assert (width, height) == tuple(int(side / pictures.MM * pictures.DOTS) for side in SIZE)
        assert b"Software" not in image and b"tIME" not in image and b"tEXt" not in image


def test_nothing_to_show_and_zeros_are_drawn_without_a_fault():
    assert pictures.columns([], [], [], [], "例", SIZE)
    assert pictures.columns(["1 月"], [0], [None], [False], "例", SIZE)
    assert pictures.trend(["2024"], [None], [None], ("基准", None), None, "%", SIZE)
    assert pictures.bars(["甲"], [0.0], [(0.0, 0.0)], [False], None, "%", SIZE)


def test_a_formula_in_a_name_stays_text():
    assert pictures.bars(["=cmd|' /C calc'!A0"], [1.0], [(0.5, 2.0)], [False], None, "%", SIZE)


def test_a_dollar_sign_in_a_name_is_no_formula():
    assert pictures.bars(["$甲$_{乙}厂", r"$\frac{1$"], [1.0, 2.0], [(0.5, 2.0), (1.0, 3.0)], [False, False], None, "%", SIZE)


def test_without_a_chinese_font_there_is_a_sentence_instead(monkeypatch):
    monkeypatch.setattr(pictures, "font", lambda: None)
    assert set(drawn().values()) == {None}
    (part,) = pictures.parts(None, "各月工伤", "")
    assert isinstance(part, Paragraph) and "各月工伤" in part.text and "请安装" in part.text and "Noto Sans CJK SC" in part.text
    (part,) = pictures.parts(b"png", "各月工伤", "说明", 80)
    assert part == Picture((b"png",), "各月工伤", 80, "说明")


def test_a_machine_without_fonts_has_none(monkeypatch):
    from matplotlib import font_manager

    monkeypatch.setattr(font_manager, "findSystemFonts", lambda: ["/fonts/DejaVuSans.ttf"])
    assert pictures.font.__wrapped__() is None
