"""A dirty delivery: every defect at its stated rate, each one in the truth at its true place, equal seeds to equal bytes."""

import hashlib
import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pipelines.simulate import write_city
from pipelines.simulate.defects import cells, rows
from pipelines.simulate.defects.catalogue import OUTCOMES, catalogue, of_level
from pipelines.simulate.defects.headings import STYLES
from tests.written_files import grids

SIZE: dict[str, Any] = {"enterprises": 300, "staff_per_enterprise": 30.0, "later": 2}
WHOLE_ROW = {"duplicate_row", "stale_row", "broken_row"}
OTHER_TYPE = {"id_as_number"}
"""Defects that change the type of a cell and not its text."""
HEADING_ROWS = 3
EXCLUSIVE = ("format", "heading")


def write(folder: Path, **said: Any) -> Path:
    write_city(folder / "raw", folder / "truth", **{**SIZE, "defects": 1.0, **said})
    return folder


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("dirty"))


@pytest.fixture(scope="module")
def truth(dirty: Path) -> Any:
    return pd.read_parquet(dirty / "truth" / "defects.parquet")


@pytest.fixture(scope="module")
def counts(dirty: Path) -> Any:
    return pd.read_parquet(dirty / "truth" / "defect_counts.parquet").set_index("defect")


@pytest.fixture(scope="module")
def pages(dirty: Path) -> dict[tuple[str, str, str], list[list[str]]]:
    """Every sheet as it lies on the disk, by batch, file and name."""
    files = (file for file in sorted((dirty / "raw").rglob("*.*")) if file.stem != "模拟数据")
    return {(file.parent.name, name, sheet): grid for file in files for name, sheet, grid in grids(file)}


def digests(folder: Path) -> dict[str, str]:
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(folder.rglob("*")) if file.is_file()}


def test_the_catalogue_and_what_writes_it_agree():
    known = catalogue()
    assert all(defect.outcome in OUTCOMES and 0 < defect.rate < 1 for defect in known.values())
    told = {"code_variant", "flag_variant"}
    assert {defect.name for level in ("cell", "empty") for defect in of_level(level)} == {*cells.WRITERS, *told}
    assert {defect.name for defect in of_level("row")} == {*rows.WRONG, *WHOLE_ROW}
    assert {defect.name for defect in of_level("heading")} == {*STYLES}
    for level in EXCLUSIVE:
        assert sum(defect.rate for defect in of_level(level)) < 0.95


def test_every_defect_occurs_and_about_as_often_as_stated(counts):
    assert list(counts.index) == list(catalogue()) and (counts["found"] > 0).all()
    for name, row in counts.iterrows():
        expected, spread = row.chances * row.rate, math.sqrt(row.chances * row.rate * (1 - row.rate))
        assert abs(row.found - expected) <= 4 * spread + 1, f"{name}: {row.found} of {row.chances}, {expected:.1f} expected"


def test_twice_the_rate_gives_twice_the_defects(tmp_path, counts):
    folder = write(tmp_path, defects=2.0)
    more: Any = pd.read_parquet(folder / "truth" / "defect_counts.parquet").set_index("defect")
    many = counts["found"] > 300
    assert many.sum() > 5
    share, double = counts["found"] / counts["chances"], more["found"] / more["chances"]
    assert (double[many] / share[many]).between(1.6, 2.4).all()


def in_file(pages: dict, truth: Any) -> Iterator[tuple[Any, list[str]]]:
    """Each mark of a single cell or heading with the row, or the heading rows, that stand in its place."""
    for mark in truth.itertuples():
        grid = pages[mark.batch, mark.file, mark.sheet]
        if mark.defect not in WHOLE_ROW:
            first = mark.row_number - (HEADING_ROWS if mark.defect.startswith("heading_") else 1)
            yield mark, [text for row in grid[max(first, 0): mark.row_number] for text in row]


def test_at_every_place_of_the_truth_stands_what_it_says_and_not_the_clean_value(pages, truth):
    places = list(in_file(pages, truth))
    assert len(places) > 5000
    for mark, found in places:
        assert not mark.written or mark.written in found, mark
        assert mark.clean != mark.written or mark.defect in OTHER_TYPE, mark


SEEN = ("费款所属期", "到账日期", "缴费类型")


def mended(page: list[list[str]], marks: Any, titles: list[str]) -> Iterator[tuple[str, ...]]:
    """The rows of a premium sheet with what the truth says in place of what is written, without rows that came twice."""
    told = {(mark.row_number, mark.column): mark.clean for mark in marks.itertuples()}
    for number, row in enumerate(page, 1):
        shift = int(len(row) > len(titles) and (number, "") not in told and row[2] == "")
        places = {title: index + (shift if index > 1 else 0) for index, title in enumerate(titles)}
        cells = [told.get((number, title), row[places[title]] if places[title] < len(row) else "") for title in SEEN]
        if (number, "") not in told and cells[0].isdigit():
            yield tuple(cells)


def test_the_truth_is_complete(pages, truth, tmp_path):
    """Put right by the truth, the dirty premiums are the clean ones, row for row."""
    write_city(tmp_path / "raw", tmp_path / "truth", **SIZE)
    clean: Any = pd.concat(pd.read_csv(file, dtype=str, encoding="gb18030", keep_default_na=False)
                           for file in sorted((tmp_path / "raw").rglob("单位缴费.csv")))
    found: Counter[tuple[str, ...]] = Counter()
    for (batch, file, sheet), page in pages.items():
        if file.startswith("单位缴费"):
            here = truth[(truth["batch"] == batch) & (truth["file"] == file) & (truth["sheet"] == sheet)]
            found.update(mended(page, here, list(clean.columns)))
    assert found == Counter(clean[list(SEEN)].itertuples(index=False, name=None))


def test_corrections_can_settle_each_row_at_once(truth):
    """No row has two values that only the bureau can put right."""
    asked = truth[truth["outcome"].isin(["rejected", "doubtful"]) & (truth["defect"] != "broken_row")]
    assert not asked.duplicated(["batch", "file", "sheet", "row_number"]).any()
    assert (asked["clean"] != "").all()
    broken = truth[truth["defect"] == "broken_row"].groupby(["batch", "file", "sheet", "row_number"])["column"].nunique()
    assert len(broken) and (broken >= 5).all()


def test_same_seed_same_bytes_and_more_months_change_none_before(dirty, tmp_path):
    before = digests(dirty / "raw")
    assert digests(write(tmp_path / "again") / "raw") == before
    longer = digests(write(tmp_path / "longer", later=3) / "raw")
    assert {name: longer.get(name) for name in before} == before and len(longer) > len(before)


def test_every_kind_of_file_is_what_its_bytes_say(dirty):
    begins = {file.name: file.read_bytes()[:8] for file in (dirty / "raw").rglob("*.*")}
    old = {name for name, head in begins.items() if head.startswith(b"\xd0\xcf\x11\xe0")}
    assert {name.rsplit(".")[-1] for name in old} == {"xls", "et"}
    assert any(name.endswith(".xls") and head.startswith(b"<html") for name, head in begins.items())
    assert any(name.endswith(".xls") and name not in old and not head.startswith(b"<") for name, head in begins.items())
    assert any(head.startswith(b"\xff\xfe") for head in begins.values())
    assert {name.rsplit(".")[-1] for name, head in begins.items() if head.startswith(b"PK")} >= {"xlsx", "xlsb", "zip"}


@pytest.mark.parametrize(("defect", "clean", "v", "written"), [
    ("full_width", "2024-01", 0, "２０２４－０１"), ("date_slash", "2024-01-31 08:05", 0, "2024/1/31 8:05"),
    ("date_serial", "2024-01-31", 0, 45322), ("date_chinese", "2024-01-31 15:30", 0, "2024年1月31日15时30分"),
    ("time_afternoon", "2024-01-31 15:05", 0, "2024年1月31日下午3点05分"), ("ten_thousand", "1234.5", 0, "0.12345万元"),
    ("in_brackets", "-123.00", 0, "(123.00)"), ("other_minus", "-5.1", 0.9, "5.1-"), ("rate_permille", "0.9%", 0, "9‰"),
    ("rate_fraction", "0.9%", 0, "0.009"), ("grade_variant", "七级", 0.5, "柒级"), ("grade_variant", "十级", 0.3, "10"),
    ("clause_variant", "第十四条第（六）项", 0.5, "106"), ("clause_variant", "第十五条第（一）项", 0, "15-1"),
    ("person_15", "430702198001011234", 0, "430702800101123"),
    ("brackets", "常人社工伤认字〔2024〕1号", 0, "常人社工伤认字[2024]1号"),
])
def test_a_defect_is_written_as_it_is_known(defect, clean, v, written):
    fits, write_it = cells.WRITERS[defect]
    assert fits(clean) and write_it(clean, v) == written
