"""Every workbook and Word file of a month in LibreOffice: it opens, has pages, and names that mean harm stay text."""

import re
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.test_plan import delivered

HOSTILE, LONG = "=cmd|' /C calc'!A0", "长" * 200
UNITS = f"""
    单位编号,单位名称,行业代码,行政区划代码,参保状态
    A,{HOSTILE},2611,430702,正常
    B,{LONG},2612,430703,正常
    C,,5211,430702,正常
    D,丁化工,2613,430702,注销
"""
MACRO = re.compile(rb"<f[ >]|vbaProject|externalLink|TargetMode=\"External\"")


@pytest.fixture(scope="module")
def files(new_bureau) -> list[Path]:
    """The documents of a month whose enterprises have such names."""
    bureau = new_bureau()
    claims = bureau.claims(A="2023-03-01 2024-03-01 2024-05-01", B="2023-04-01 2024-04-01 2024-06-01")
    delivered(bureau, 参保单位=UNITS, 工伤认定=claims)
    bureau.settle(policy="expected-excess")
    bureau.build("2024-12", with_papers=True)
    folder = bureau.place.month_folder(202412) / "documents"
    return sorted(path for path in folder.rglob("*") if path.suffix in (".xlsx", ".docx"))


@pytest.mark.libreoffice
def test_every_file_opens_and_prints(files, tmp_path):
    names = {path.stem for path in files}
    assert {"建议名单", "项目计划表", "联席会议审定表", "公开版", "方案(征求意见稿)", "数据专项统计分析报告"} <= names
    done = subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf", "--outdir",
         str(tmp_path), *map(str, files)], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 and "repair" not in (done.stdout + done.stderr).lower(), done.stderr
    printed = {path.stem: _text(path) for path in tmp_path.glob("*.pdf")}
    assert set(printed) == names and all(text.strip() for text in printed.values())
    for name in ("建议名单", "方案(征求意见稿)"):
        assert HOSTILE.replace(" ", "") in printed[name] and LONG[:20] in printed[name]
    assert not any("#NAME?" in text or "Err:5" in text for text in printed.values())


def test_no_file_holds_a_formula_a_macro_or_a_link_outwards(files):
    held = {path.name: [name for name, part in _parts(path) if MACRO.search(part)] for path in files}
    assert not any(held.values()), held


def _parts(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(path) as package:
        yield from ((name, package.read(name)) for name in package.namelist())


def _text(path: Path) -> str:
    """The text of a printed file, without blanks."""
    read = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, text=True, check=True).stdout
    return re.sub(r"\s", "", read)
