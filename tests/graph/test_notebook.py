"""The notebook reads any published month, offline, and is committed without outputs."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"
EXPLORED = NOTEBOOKS / "行业与企业.ipynb"


def execute(marts: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Runs the notebook on a folder of marts as JupyterLab would; cell name -> everything that it put out."""
    monkeypatch.setenv("YUFANG_MARTS", str(marts))
    book = nbformat.read(EXPLORED, as_version=4)
    NotebookClient(book, timeout=60, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    return {cell["id"]: "".join(map(said, cell["outputs"])) for cell in book.cells if cell["cell_type"] == "code"}


def said(output: nbformat.NotebookNode) -> str:
    """The text of an output: what was printed, or the HTML of a table or figure."""
    return output["text"] if output["output_type"] == "stream" else output["data"].get("text/html", "")


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.name)
def test_committed_without_outputs(path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell["cell_type"] == "code"]
    assert cells
    for cell in cells:
        assert cell["outputs"] == [] and cell["execution_count"] is None


def test_a_simulated_month_is_marked_and_shown_whole(simulated_city, monkeypatch):
    shown = execute(simulated_city.place.marts, monkeypatch)
    assert "已发布：2025-09" in shown["months"] and "【模拟数据】" in shown["months"]
    assert "口径：工伤发生率＝" in shown["periods"], "the definition stands beside the figures"
    assert "农、林、牧、渔业" not in shown["industries-table"], "divisions, not sections"
    assert "工伤发生率，%（模拟数据）" in plain(shown["industries"]) and "error_x" in shown["industries"]
    assert "家单位，全市" in plain(shown["enterprises"])
    listed = simulated_city.mart("priority_enterprise", "2025-09", is_listed=True)
    assert listed and f"{len(listed)} 家入选" in shown["list"]
    assert all(row["evidence"] in shown["list"] for row in listed)
    assert "对不上的 0 个" in shown["sources"]
    assert not any('src="http' in text for text in shown.values()), "figures need no network"


def test_a_month_without_industries_and_payouts(bureau, monkeypatch):
    claims = bureau.claims(A="2024-03-01", B="2024-05-06")
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, A=100, B=10), 工伤认定=claims)
    bureau.build("2024-12")
    shown = execute(bureau.place.marts, monkeypatch)
    assert "模拟数据" not in "".join(plain(text) for text in shown.values())
    assert "没有待遇支付，不计支缴率" in shown["periods"]
    assert "行业不明" in shown["industries-table"]
    assert "2 家单位" in plain(shown["enterprises"])


def test_a_month_of_claims_alone(bureau, monkeypatch):
    bureau.deliver("2024-12", 工伤认定=bureau.claims(A="2024-03-01 2024-05-06"))
    bureau.build("2024-12")
    shown = execute(bureau.place.marts, monkeypatch)
    assert "没有可计发生率的行业" in shown["industries"]
    assert "企业发生率缺分母" in shown["enterprises"]
    assert "1 个文件，2 行" in shown["sources"]


def plain(text: str) -> str:
    """The text with the escapes of a figure's JSON read."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
