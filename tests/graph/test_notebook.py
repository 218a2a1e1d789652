"""The notebooks read any published month, offline, and are committed without outputs."""

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

NOTEBOOKS = Path(__file__).parent.parent.parent / "notebooks"
INDUSTRIES, SITES, REASONS, QUALITY = "行业与企业", "热点", "名单为何如此", "质量与对账"


def execute(name: str, marts: Path, monkeypatch: pytest.MonkeyPatch, **parameters: str) -> dict[str, str]:
    """Runs a notebook on a folder of marts as JupyterLab would; cell name -> everything that it put out."""
    monkeypatch.setenv("YUFANG_MARTS", str(marts))
    book = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    chosen = next(cell for cell in book.cells if cell["id"] == "parameters")
    chosen["source"] += "".join(f"\n{parameter} = {value!r}" for parameter, value in parameters.items())
    NotebookClient(book, timeout=60, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    return {cell["id"]: "".join(map(said, cell["outputs"])) for cell in book.cells if cell["cell_type"] == "code"}


def said(output: nbformat.NotebookNode) -> str:
    """The text of an output: what was printed, or the HTML of a table or figure."""
    return output["text"] if output["output_type"] == "stream" else output["data"].get("text/html", "")


def test_the_notebooks():
    assert {path.stem for path in NOTEBOOKS.glob("*.ipynb")} == {INDUSTRIES, SITES, REASONS, QUALITY}


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.name)
def test_committed_without_outputs(path):
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell["cell_type"] == "code"]
    assert cells
    for cell in cells:
        assert cell["outputs"] == [] and cell["execution_count"] is None


def test_industries_of_a_simulated_month_are_marked_and_shown_whole(simulated_city, monkeypatch):
    shown = execute(INDUSTRIES, simulated_city.place.marts, monkeypatch)
    assert "已发布：2025-09" in shown["months"] and "【模拟数据】" in shown["months"]
    assert "口径：工伤发生率＝" in shown["periods"], "the definition stands beside the figures"
    assert "农、林、牧、渔业" not in shown["industries-table"], "divisions, not sections"
    assert "工伤发生率，%（模拟数据）" in plain(shown["industries"]) and "error_x" in shown["industries"]
    assert "基准发生率" in shown["norms"] and "1000 人及以上" in shown["norms"]
    assert "家单位，全市" in plain(shown["enterprises"])
    listed = simulated_city.mart("priority_enterprise", "2025-09", is_listed=True)
    assert listed and f"{len(listed)} 家入选" in shown["list"]
    assert all(row["evidence"] in shown["list"] for row in listed)
    assert not any('src="http' in text for text in shown.values()), "figures need no network"


def test_why_the_first_of_the_list_is_on_it(simulated_city, monkeypatch):
    shown = execute(REASONS, simulated_city.place.marts, monkeypatch)
    first = simulated_city.one("priority_enterprise", "2025-09", rank=1)
    assert first["evidence"] in shown["unit"] and "入选，第 1 名" in shown["unit"]
    years = simulated_city.mart("enterprise_risk", "2025-09", enterprise_id=first["enterprise_id"])
    assert shown["history"].count("<tr>") == len(years) + 1
    outlook = simulated_city.one("enterprise_outlook", "2025-09", enterprise_id=first["enterprise_id"])
    assert f"{outlook['posterior_ratio']:.2f}" in shown["norm"]
    assert f"基准 {outlook['norm_pct']:.2f} %" in plain(shown["posterior"])
    assert "预期名次与 80 % 区间" in plain(shown["ranks"]) and "这家单位" in plain(shown["ranks"])
    assert "超额排序名次" in shown["rules"] and first["comparison"] in shown["comparison"]


def test_why_another_unit_is_not_on_the_list(simulated_city, monkeypatch):
    last = max(simulated_city.mart("priority_enterprise", "2025-09"), key=lambda row: row["rank"] or 0)
    shown = execute(REASONS, simulated_city.place.marts, monkeypatch, ENTERPRISE=last["enterprise_id"])
    assert f"未列入，第 {last['rank']} 名" in shown["unit"] and last["evidence"] in shown["unit"]
    nobody = execute(REASONS, simulated_city.place.marts, monkeypatch, ENTERPRISE="没有这家")
    assert "名单及其前后各位中没有 没有这家" in nobody["unit"] and "没有可用的人数" in nobody["posterior"]


def test_quality_and_accounts(simulated_city, monkeypatch):
    shown = execute(QUALITY, simulated_city.place.marts, monkeypatch)
    files = simulated_city.mart("source_reconciliation", "2025-09")
    assert f"{len(files)} 个文件" in shown["sources"] and "对不上的 0 个" in shown["sources"] and "工伤认定" in shown["sources"]
    wrong = [row for row in simulated_city.mart("data_quality", "2025-09", agency="all") if row["verdict"] != "good"]
    assert wrong and "2025-09" in plain(shown["trend"])
    one = execute(QUALITY, simulated_city.place.marts, monkeypatch, KIND="claim")
    assert "单位缴费" not in one["sources"] and "工伤认定" in one["sources"]


def test_where_accidents_lie(simulated_city, monkeypatch):
    shown = execute(SITES, simulated_city.place.marts, monkeypatch)
    assert "道路事故按来源和定位结果" in plain(shown["quality"]) and "上下班工伤" in shown["quality-table"]
    assert ("没有算出多发路段" in shown["sites"]) == ("没有数据" in shown["sites"])


def test_a_month_without_industries_and_payouts(bureau, monkeypatch):
    claims = bureau.claims(A="2024-03-01", B="2024-05-06")
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, A=100, B=10), 工伤认定=claims)
    bureau.build("2024-12")
    shown = execute(INDUSTRIES, bureau.place.marts, monkeypatch)
    assert "模拟数据" not in "".join(plain(text) for text in shown.values())
    assert "没有待遇支付，不计支缴率" in shown["periods"]
    assert "行业不明" in shown["industries-table"]
    assert "2 家单位" in plain(shown["enterprises"])


def test_a_month_of_claims_alone(bureau, monkeypatch):
    bureau.deliver("2024-12", 工伤认定=bureau.claims(A="2024-03-01 2024-05-06"))
    bureau.build("2024-12")
    shown = execute(INDUSTRIES, bureau.place.marts, monkeypatch)
    assert "没有可计发生率的行业" in shown["industries"]
    assert "企业发生率缺分母" in shown["enterprises"]
    assert "1 个文件，2 行" in execute(QUALITY, bureau.place.marts, monkeypatch)["sources"]
    assert "没有道路事故" in execute(SITES, bureau.place.marts, monkeypatch)["quality"]
    assert "没有可用的人数" in execute(REASONS, bureau.place.marts, monkeypatch)["posterior"]


def test_without_a_published_month_a_sentence_says_what_to_do(tmp_path, monkeypatch):
    with pytest.raises(CellExecutionError) as stopped:
        execute(INDUSTRIES, tmp_path, monkeypatch)
    assert f"还没有发布任何月份。请先运行 make run（数据文件夹：{tmp_path}）" in str(stopped.value)


def plain(text: str) -> str:
    """The text with the escapes of a figure's JSON read."""
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
