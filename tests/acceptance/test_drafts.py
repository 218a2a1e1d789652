"""The plan's text under every policy: what the five plans have is there, and its figures are those of the tables."""

import re
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from pipelines import drafts, policy
from pipelines.reports.draft_figures import money
from tests.acceptance.test_plan import delivered
from tests.unit.test_programmes import SECTIONS, SEEDS
from tests.written_documents import Read, plain, read

MONTH, NAME = "2024-12", "documents/方案(征求意见稿).docx"
PLACES = Path(__file__).parent.parent.parent / "docs" / "drafts.md"
OPEN = re.compile(r"【待填[^】]*】")
POLICIES = (*SEEDS, "expected-excess")


@pytest.fixture(scope="module")
def cities(new_bureau):
    """The small city's month under each policy, made when it is asked for."""
    made = {}

    def city(name: str):
        if name not in made:
            bureau = delivered(new_bureau())
            bureau.settle(policy=name)
            bureau.build(MONTH, until="plan_draft")
            for further in ("plan_choice", "plan_workbook"):
                bureau.make(further, MONTH)
            made[name] = bureau
        return made[name]

    return city


def draft(bureau) -> Read:
    return read(bureau.place.month_folder(202412) / NAME)


def places() -> dict[str, list[tuple[str, str, str]]]:
    """The rows of docs/drafts.md by policy: kind, what the plan has, where the documents have it."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    name = ""
    for line in PLACES.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            name = line.removeprefix("## ")
        elif line.startswith("| ") and name:
            kind, said, place = (cell.strip() for cell in line.strip("|").split(" | "))
            found.setdefault(name, []).append((kind, said, place))
    return {name: rows[1:] for name, rows in found.items()}


def is_there(place: str, text: Read, book) -> bool:
    """Whether a place of docs/drafts.md exists in the documents."""
    document, *path = place.replace("{年度}", "2025").split(" › ")
    if document == "项目计划表":
        page, (word, _, name) = book[path[0]], path[1].partition(" ")
        values = {plain(str(cell.value)) for row in page.iter_rows() for cell in row if cell.value is not None}
        return name in values or (word == "题" and any(name in value for value in values))
    if path[0].startswith("附件"):
        paragraphs, tables = text.attachments[int(path[0].removeprefix("附件")) - 1]
        word, _, name = path[1].partition(" ")
        if word == "题":
            return name in paragraphs
        found = [plain(cell) for cell in tables[0][0]] if word == "列" else [cell for row in tables[0][1:] for cell in row]
        return name in found
    if path[0].startswith("文 "):
        words = path[0].removeprefix("文 ")
        return any(paragraph.startswith(words) for paragraph in text.text)
    below = text.text
    for heading in path:
        found = [number for number, paragraph in enumerate(below) if paragraph == heading or paragraph.startswith(f"{heading}。")]
        if not found:
            return False
        below = below[found[0] + 1:]
        ends = (number for number, paragraph in enumerate(below) if level(paragraph) <= level(heading))
        below = below[:next(ends, None)]
    return True


def level(paragraph: str) -> int:
    """The level of a heading by its number; 9 = no heading."""
    labels = (r"[一二三四五六七八九十]+、", r"（[一二三四五六七八九十]+）", r"\d+\.", r"（\d+）")
    return next((number for number, label in enumerate(labels, 1) if re.match(label, paragraph)), 9)


@pytest.mark.parametrize("name", SEEDS)
def test_what_a_plan_has_is_where_the_documents_are_said_to_have_it(cities, name):
    bureau = cities(name)
    text, book = draft(bureau), openpyxl.load_workbook(bureau.place.month_folder(202412) / "documents/项目计划表.xlsx")
    rows = places()[name]
    missing = [f"{said}: {place}" for _, said, places in rows for place in places.split("；") if not is_there(place, text, book)]
    assert rows and missing == []


@pytest.mark.parametrize("name", SEEDS)
def test_no_programme_and_no_section_of_a_plan_is_left_out(name):
    rows = places()[name]
    programmes = [said for kind, said, _ in rows if kind == "项目"]
    assert len(programmes) == len(SEEDS[name])
    assert all(said.endswith(title) for said, (title, *_) in zip(programmes, SEEDS[name], strict=True))
    sections = " ".join(said for kind, said, _ in rows if kind in ("章节", "标题"))
    assert [title for title in SECTIONS[name] if title not in sections] == []


def test_a_place_that_is_not_there_is_found_out(cities):
    bureau = cities("changde-2024")
    text, book = draft(bureau), openpyxl.load_workbook(bureau.place.month_folder(202412) / "documents/项目计划表.xlsx")
    wrong = ("方案 › 六、附则", "方案 › 四、经费预算 › （一）强化领导", "方案 › 附件1 › 列 金额", "方案 › 文 为全面推进",
             "项目计划表 › 项目一览 › 列 没有的列", "方案 › 附件1 › 行 没有的项目")
    assert [place for place in wrong if is_there(place, text, book)] == []


def amounts(text: str) -> list[Decimal]:
    """Every amount of a text, in yuan."""
    return [Decimal(number.replace(",", "")) * (10000 if unit == "万元" else 1)
            for number, unit in re.findall(r"([\d,]+(?:\.\d+)?)(万元|元)", text)]


@pytest.mark.parametrize("name", POLICIES)
def test_items_programmes_budget_and_ceiling_say_the_same_in_text_and_tables(cities, name):
    bureau = cities(name)
    lines = {(row["line"], row["subject"]): row for row in bureau.core("plan_budget", MONTH)}
    items = [row for row in bureau.core("plan_item", MONTH) if row["budget_yuan"] is not None]
    total, ceiling = lines["total", "all"], lines["ceiling", "ceiling"]
    whole = sum(row["budget_yuan"] for row in items) if items else None
    assert total["amount_yuan"] == whole
    text = draft(bureau)
    said = next(paragraph for paragraph in text.text if "共安排项目" in paragraph)
    sentence = said.partition("共安排项目")[2]
    assert int(sentence.partition("个")[0]) == len(bureau.core("plan_item", MONTH))
    found = amounts(sentence)
    assert ceiling["amount_yuan"] in found
    assert whole is None or found[0] == whole
    if whole is not None:
        assert total["over_yuan"] == whole - ceiling["amount_yuan"]
        assert abs(total["over_yuan"]) in found
    cells = text.column(2, "金额")
    shown = {row["title"]: cell for row, cell in zip(sorted(lines.values(), key=lambda row: row["line_no"]), cells, strict=True)}
    assert shown["项目合计"] == ("—" if whole is None else f"{whole:,.2f}")
    parts = [amount for row, amount in shown.items() if amount != "—" and row in {item["name"] for item in items}]
    assert sum(Decimal(part.replace(",", "")) for part in parts) == (whole or 0)


def test_a_plan_over_the_ceiling_says_so_at_once(cities):
    bureau = cities("hunan-2022")
    total = bureau.one("plan_budget", MONTH, line="total")
    text = draft(bureau)
    first = next(paragraph for paragraph in text.text if "超出" in paragraph)
    assert text.text.index(first) == 2  # behind title and subtitle
    assert amounts(first) == [total["amount_yuan"], total["limit_yuan"], total["over_yuan"]]
    assert f"预算合计超出额度{money(total['over_yuan'])}" in " ".join(text.text)
    assert not any("超出额度" in paragraph for paragraph in draft(cities("changde-2024")).text)


def test_figures_of_demand_list_and_rates_are_those_of_the_marts(cities):
    bureau = cities("changde-2024")
    text = draft(bureau)
    listed = [row for row in bureau.core("priority_enterprise", MONTH) if row["is_listed"]]
    assert f"建议名单{len(listed)}家" in " ".join(text.text)
    assert [row for row in text.column(3, "单位名称") if row in {one["enterprise_name"] for one in listed}]
    [rate] = [row for row in bureau.core("industry_injury_rate", MONTH) if row["level"] == 0 and row["period"] == "last_year"]
    said = next(paragraph for paragraph in text.text if paragraph.startswith("上年度（"))
    assert f"全市工伤{rate['injuries']}人次" in said and f"工伤发生率{rate['rate_pct']:.2f}%" in said
    assert f"（95%区间{rate['rate_low_pct']:.2f}%至{rate['rate_high_pct']:.2f}%）" in said
    leaders = bureau.one("training_demand", MONTH, programme_id="hazardous", role="team_leader", region_code="000000")
    [row] = [row for row in text.rows(4) if len(row) > 1 and row[1].startswith("班组长") and "全市" in row[0]]
    assert row[3:7] == [str(leaders[name]) for name in ("persons", "trained", "target", "gap")]


def test_what_nobody_knows_stays_to_be_filled_in_and_numbers_are_never_made_up(cities):
    text = draft(cities("qingdao-2020"))
    assert "青人社字〔20  〕  号" in text.text and "20  年  月  日" in text.text
    assert OPEN.findall(" ".join(text.text))
    changde = " ".join(draft(cities("changde-2024")).text)
    assert "经费预算：【待填：经费预算】" in changde and "None" not in changde and "nan" not in changde


@pytest.mark.parametrize("name", POLICIES)
def test_marks_stand_on_odd_and_even_pages_and_no_brace_is_left(cities, name):
    page = draft(cities(name)).page
    for section in page.sections[:1]:
        for header in (section.header, section.even_page_header):
            assert header.paragraphs[0].text == "系统生成初稿　·　联席会议"
    assert not re.search(r"[{}]", page.element.xpath("string(//w:body)"))


def test_the_same_month_gives_the_same_bytes(cities):
    bureau = cities("zibo-2024")
    path = bureau.place.month_folder(202412) / NAME
    before = path.read_bytes()
    path.unlink()
    bureau.make("plan_draft", MONTH)
    assert path.read_bytes() == before


def test_every_policy_has_a_template_of_its_own_and_a_stranger_takes_the_usual_one():
    assert drafts.names() == policy.names()
    assert drafts.load("our-city") == drafts.load("expected-excess")
