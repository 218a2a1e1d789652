"""What the joint meeting sees of 分析看板.html: offline, without an error, a list that can be searched, marks on every page.

With SCREENSHOTS=docs/screenshots the pictures of the documentation are made anew.
"""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from pipelines.reports.board import html
from tests.conftest import SIMULATED_MONTH
from tests.unit.test_board import NASTY, board, everything

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parent.parent.parent
MARKS = ("内部资料", "系统生成初稿", "模拟数据")


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


class Seen:
    """A page that was opened, what it asked for and what its console said."""

    def __init__(self, browser, path: Path, width: int = 1366):
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page = browser.new_page(viewport={"width": width, "height": 768})
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        self.page.goto(path.as_uri())
        self.page.wait_for_function("document.querySelectorAll('.chart:not(.js-plotly-plot)').length === 0")

    def rows(self) -> list[str]:
        """The names of the units in the rows of the list."""
        titles = self.page.locator("#listing thead th").evaluate_all("heads => heads.map(head => head.dataset.title || '')")
        return self.column(titles.index("单位名称"))

    def column(self, number: int) -> list[str]:
        return self.page.locator(f"#listing tbody tr:not(.evidence) td:nth-child({number + 1})").all_text_contents()

    def values(self, title: str) -> list[float]:
        titles = self.page.locator("#listing thead th").evaluate_all("heads => heads.map(head => head.dataset.title || '')")
        return [float(text.replace(",", "")) for text in self.column(titles.index(title)) if text != "—"]

    def count(self) -> str:
        return self.page.locator(".count").inner_text()


@pytest.fixture(scope="module")
def published(simulated_city) -> Path:
    return simulated_city.published(SIMULATED_MONTH).resolve() / "documents" / "分析看板.html"


@pytest.fixture(scope="module")
def seen(browser, published) -> Seen:
    return Seen(browser, published)


@pytest.fixture(scope="module")
def listed(simulated_city) -> list[dict]:
    return sorted(simulated_city.mart("priority_enterprise", SIMULATED_MONTH), key=lambda row: row["rank"] or 10**6)


@pytest.fixture(autouse=True)
def _as_at_first(request):
    """Every test meets the list as it is when the page is opened."""
    if "seen" in request.fixturenames:
        request.getfixturevalue("seen").page.reload()


def picture(page, name: str, **said) -> None:
    if os.environ.get("SCREENSHOTS"):
        folder = ROOT / os.environ["SCREENSHOTS"]
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(folder / f"{name}.png"), **said)


def output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_nothing_is_asked_of_a_network_and_the_console_is_silent(seen, published):
    page = seen.page
    page.mouse.wheel(0, 6000)
    page.locator("#chart-funnel").scroll_into_view_if_needed()
    page.locator("#chart-funnel .nsewdrag").hover()
    assert set(seen.asked) == {published.as_uri()} and seen.said == []
    assert page.evaluate("fetch('https://example.org/').then(() => 'sent', () => 'refused')") == "refused"
    assert any("Content Security Policy" in text for text in seen.said), "the page's own policy refused it"
    seen.said.clear()


def test_every_chart_is_drawn_and_the_marks_are_seen(seen):
    page = seen.page
    assert page.locator(".chart").count() == page.locator(".chart:has(.trace path)").count() >= 5
    assert [page.locator(".top .marks b").nth(number).inner_text() for number in range(3)] == list(MARKS)
    page.evaluate("scrollTo(0, 0)")
    picture(page, "board")


@pytest.mark.parametrize("width", [1366, 1920])
def test_it_fits_without_scrolling_sideways(browser, published, width):
    page = Seen(browser, published, width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".chart").evaluate_all("all => all.every(one => one.getBoundingClientRect().right <= innerWidth)")
    page.close()


def test_the_list_begins_with_the_listed_and_the_reserve(seen, listed):
    wanted = [row["enterprise_name"] for row in listed if row["is_listed"] or row["is_reserve"]]
    assert seen.rows() == wanted[:50] and seen.count().startswith(f"符合 {len(wanted)} 家（共 {len(listed)} 家）")


def test_search_filters_and_all(seen, listed):
    page, search = seen.page, seen.page.locator("input[type=search]")
    page.get_by_role("button", name="显示全部").click()
    assert seen.count().startswith(f"符合 {len(listed)} 家") and len(seen.rows()) == 50
    page.get_by_role("button", name="再显示一些").click()
    assert len(seen.rows()) == min(250, len(listed))
    last = listed[-1]
    search.fill(last["enterprise_id"])
    assert seen.rows() == [last["enterprise_name"]]
    search.fill("没有这样的单位")
    assert seen.rows() == [] and seen.count().startswith("符合 0 家")
    search.fill("")
    industry = next(row["industry_name"] for row in listed if row["industry_name"])
    page.get_by_label("行业名称").select_option(industry)
    assert sorted(seen.rows()) == sorted(row["enterprise_name"] for row in listed if row["industry_name"] == industry)[:50]


def test_sorting_by_a_heading_three_times(seen):
    page, before = seen.page, seen.rows()
    heading = page.get_by_role("columnheader", name="预期工伤")
    for order, is_turned in (("descending", True), ("ascending", False)):
        heading.get_by_role("button").click()
        found = seen.values("预期工伤")
        assert heading.get_attribute("aria-sort") == order and len(found) > 1 and found == sorted(found, reverse=is_turned)
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") is None and seen.rows() == before


def test_evidence_opens_by_keyboard(seen, listed):
    page = seen.page
    button = page.get_by_role("button", name=f"依据：{listed[0]['enterprise_name']}", exact=True)
    evidence = page.get_by_text(listed[0]["evidence"])
    assert button.get_attribute("aria-expanded") == "false" and not evidence.is_visible()
    button.press("Enter")
    assert button.get_attribute("aria-expanded") == "true" and evidence.is_visible()
    page.locator("#list").evaluate("section => scrollTo(0, section.offsetTop - 80)")
    picture(page, "board-list", clip={"x": 0, "y": 0, "width": 1366, "height": 620})
    button.press("Enter")
    assert not evidence.is_visible()
    page.get_by_role("button", name="展开依据").click()
    assert page.locator("tr.evidence:visible").count() == len(seen.rows())


def test_the_controls_are_reached_in_order(seen):
    page = seen.page
    page.locator("input[type=search]").focus()
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.tagName"))
    assert reached[:2] == ["SELECT", "SELECT"] and "BUTTON" in reached


def test_every_printed_page_has_the_marks_and_no_controls(seen, listed, tmp_path):
    paper = tmp_path / "board.pdf"
    seen.page.pdf(path=str(paper), prefer_css_page_size=True, print_background=True)
    pages = output("pdftotext", "-layout", str(paper), "-").split("\f")[:-1]
    assert len(pages) >= 5 and all(mark in page for page in pages for mark in MARKS)
    text = "".join("".join(pages).split())
    assert "展开依据" not in text and "".join(listed[0]["evidence"].split())[:30] in text
    with_list = [page for page in pages if "超额工伤" in page and "入选概率" in page]
    assert len(with_list) >= 2, "the headings of the list are repeated"
    assert "(A4)" in output("pdfinfo", str(paper))
    if os.environ.get("SCREENSHOTS"):
        target = ROOT / os.environ["SCREENSHOTS"] / "board-print"
        number = str(next(number for number, page in enumerate(pages, 1) if "单位散布" in page))
        output("pdftoppm", "-png", "-r", "90", "-f", number, "-l", number, "-singlefile", str(paper), str(target))


def test_names_stay_text(browser, tmp_path):
    path = tmp_path / "nasty.html"
    path.write_text(html.page(everything()), encoding="utf-8")
    found = Seen(browser, path)
    assert found.rows() == [NASTY, "=cmd|' /C calc'!A0"]
    found.page.locator("#chart-funnel .points path").last.hover(force=True)
    assert "<script>alert(1)</script>" in found.page.locator("#chart-funnel .hoverlayer").text_content()
    assert found.said == [] and found.page.locator("script").count() == 3
    found.page.close()


def test_an_empty_month_says_what_is_missing(browser, tmp_path):
    path = tmp_path / "empty.html"
    path.write_text(html.page(board()), encoding="utf-8")
    found = Seen(browser, path)
    assert found.page.locator(".missing:visible").count() == 9 and found.said == []
    found.page.close()
