"""What an analyst sees in the Dagster UI: the asset graph, one month materialised from it, its checks green.

With SCREENSHOTS=docs/screenshots the pictures of the documentation are made anew.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from pipelines import marts, simulate

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parent.parent.parent
OFFLINE = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
           "--disable-component-update", "--disable-sync"]
GROUPS = ("core", "rates", "targeting", "documents", "publication")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ui")
    simulate.write_city(folder / "raw", folder / "truth", enterprises=300, later=1)
    return folder


@pytest.fixture(scope="module")
def address(data):
    """The UI on a free loopback port, ended by its process group."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "assets", "dev", "--raw", str(data / "raw"), "--out", str(data / "out"), "--port", str(port)]
    environment = {**os.environ, "YUFANG_KEY": "test-key", "PYTHONDONTWRITEBYTECODE": "1"}
    server = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(lambda: urllib.request.urlopen(f"{url}/server_info", timeout=2).status == 200, 90)
        yield url
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def page(address):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=OFFLINE)
        yield browser.new_page(viewport={"width": 1600, "height": 1000}, base_url=address)
        browser.close()


def _wait_for(is_there, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if is_there():
                return
        except OSError:
            pass
        time.sleep(0.5)
    raise AssertionError(f"did not come within {seconds} s")


def _picture(page, name: str) -> None:
    if os.environ.get("SCREENSHOTS"):
        page.wait_for_timeout(2500)
        folder = ROOT / os.environ["SCREENSHOTS"]
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(folder / f"{name}.png"))


def test_the_graph_shows_every_group(page):
    page.goto("/asset-groups")
    page.get_by_role("button", name="Materialize all…").wait_for()
    for group in GROUPS:
        page.get_by_text(group, exact=True).first.wait_for()
    _picture(page, "asset-graph")


def test_a_month_is_materialised_from_the_graph_and_published(page, data):
    page.goto("/asset-groups")
    page.get_by_role("button", name="Materialize all…").click()
    page.get_by_text("Select a partition or create one").click()
    page.locator("label,[role=menuitem],[role=option],li").filter(has_text="2025-10").last.click()
    page.keyboard.press("Escape")
    _picture(page, "materialise-a-month")
    page.get_by_role("button", name="Launch 1 run").click()
    _wait_for(lambda: marts.months(data / "out" / "marts") == ["2025-10"], 120)
    page.goto("/runs")
    page.get_by_text("Success", exact=True).first.wait_for(timeout=60_000)
    _picture(page, "run")


def test_an_asset_speaks_chinese_and_its_check_is_green(page):
    page.goto("/assets/priority_enterprise")
    page.get_by_text("一企一策建议名单").first.wait_for()
    page.get_by_text("单位编号").first.wait_for()
    _picture(page, "asset")
    page.goto("/assets/priority_enterprise?view=checks")
    page.get_by_text("contract").first.wait_for()
    assert page.get_by_text("Passed").count() or page.get_by_text("Succeeded").count()
    _picture(page, "asset-check")


def test_a_group_shows_its_assets_with_their_checks(page):
    """Of a group that fits into the window: the graph draws what lies in it only."""
    page.goto("/locations/assets.definitions/asset-groups/evaluation/lineage")
    page.get_by_text("list_backtest").filter(visible=True).first.wait_for()
    page.get_by_text("1 / 1 Passed").filter(visible=True).first.wait_for()
    _picture(page, "asset-group")
