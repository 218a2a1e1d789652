"""项目计划表 filled in by an analyst: what counts as an edit, and what is refused with its row."""

import json
from decimal import Decimal

import pytest
import xlsxwriter

from pipelines.contracts.plan import EDITABLE, PLAN_ITEM
from pipelines.ingest import plan_edits, receive
from pipelines.ingest.control import ControlError
from pipelines.planning import edits

TITLES = [PLAN_ITEM[name].title for name in EDITABLE]
HEADINGS = ["序号", "操作", *TITLES, "变更理由", "项目标识", "计划年度", "政策", "原稿"]
WRITTEN = {"kind": "培训", "action": "工伤预防培训", "name": "甲", "content": "内容", "quantity": "10", "unit": "家",
           "budget_yuan": "5000", "starts_month": "2025-03", "ends_month": "2025-06"}
DRAFT = {**WRITTEN, "kind": "training", "starts_month": "202503", "ends_month": "202506"}


def row(who: str = "one", action: str = "", reason: str = "", draft: dict | None = None, **changed) -> list[str]:
    cells = {**WRITTEN, **changed}
    said = json.dumps(DRAFT if draft is None else draft, ensure_ascii=False) if who else ""
    where = [who, "2025", "p", said] if who else ["", "", "", ""]
    return ["1", action, *(cells.get(column, "") for column in EDITABLE), reason, *where]


def read(tmp_path, *rows: list[str]) -> list[plan_edits.Edit]:
    path = tmp_path / "计划（改）.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(plan_edits.SHEET)
        for number, cells in enumerate([["工伤预防项目计划"], HEADINGS, *rows]):
            page.write_row(number, 0, cells)
    assert receive.kind_of_document(path) is plan_edits
    return plan_edits.read(path)


def said(found: list[plan_edits.Edit]) -> list[tuple[str, str, str]]:
    return [(one.programme_id, one.column_name, one.value) for one in found]


def test_only_what_a_person_changed_is_an_edit(tmp_path):
    assert read(tmp_path, row(), row("two")) == []
    [one] = read(tmp_path, row(), row("two", reason="经费不足", budget_yuan="4,000.50元"))
    assert one == plan_edits.Edit(4, 2025, "p", "two", "budget_yuan", "4000.5", "经费不足")


def test_numbers_months_and_kinds_may_be_spelled_as_people_do(tmp_path):
    fine = row(quantity="10.0", budget_yuan="5,000.00", starts_month="2025年3月", ends_month="2025-06-01 00:00:00",
               kind="training")
    assert read(tmp_path, fine) == []
    changed = row(reason="推迟", starts_month="2025.4", kind="宣传", quantity="—")
    assert said(read(tmp_path, changed)) == [
        ("one", "kind", "publicity"), ("one", "quantity", ""), ("one", "starts_month", "202504")]


def test_a_programme_is_cancelled_taken_back_or_added(tmp_path):
    assert said(read(tmp_path, row(action="取消", reason="并入其他项目"))) == [("one", "cancelled", "取消")]
    back = row(reason="恢复", draft={**DRAFT, "cancelled": "取消"})
    assert said(read(tmp_path, back)) == [("one", "cancelled", "")]
    added = read(tmp_path, row(), row("", reason="会议要求", name="新的项目"))
    assert {one.programme_id for one in added} == {added[0].programme_id} and added[0].programme_id.startswith("added-")
    assert {one.plan_year for one in added} == {2025} and added[0].column_name == "added"
    assert dict((one.column_name, one.value) for one in added)["name"] == "新的项目"


@pytest.mark.parametrize(("cells", "message"), [
    (row(budget_yuan="4000"), "第 3 行改了经费预算而没有写“变更理由”"),
    (row(budget_yuan="-1", reason="x"), "第 3 行的“经费预算”须为不小于 0 的数，以元为单位"),
    (row(budget_yuan="四千", reason="x"), "第 3 行的“经费预算”须为不小于 0 的数"),
    (row(persons="1.5", reason="x"), "第 3 行的“培训人数”须为不小于 0 的整数"),
    (row(starts_month="22025-03", reason="x"), "第 3 行的“开始月份”须写成 2025-03"),
    (row(starts_month="2025-07", reason="x"), "第 3 行的开始月份晚于结束月份"),
    (row(kind="演出", reason="x"), "第 3 行的“类别”只能是 宣传、培训、其他"),
    (row(action="删", reason="x"), "第 3 行的“操作”只能空着或填“取消”"),
    ([*row(reason="x")[:-1], "改过"], "第 3 行的“原稿”（隐藏的列）被改动"),
])
def test_what_cannot_be_is_refused_with_its_row(tmp_path, cells, message):
    with pytest.raises(ControlError, match="整份未采用") as refused:
        read(tmp_path, cells)
    assert message in str(refused.value)


def test_a_row_that_is_gone_is_asked_for(tmp_path):
    two = {**DRAFT, "rows": ["one", "two"]}
    assert read(tmp_path, row(draft=two), row("two", draft=two)) == []
    with pytest.raises(ControlError, match="项目 two 的行不见了；不要的项目请保留该行"):
        read(tmp_path, row(draft=two))


def test_a_row_without_a_name_and_a_book_without_the_hidden_columns(tmp_path):
    nameless = row(reason="x")
    nameless[HEADINGS.index("分项名称")] = ""
    with pytest.raises(ControlError, match="第 3 行缺少分项名称"):
        read(tmp_path, nameless)
    with pytest.raises(ControlError, match="没有一行带有“计划年度”和“政策”"):
        read(tmp_path, row("", reason="x"))


ITEM = {**dict.fromkeys(PLAN_ITEM.names), "programme_id": "one", "item_no": 1, "name": "甲", "kind": "training",
        "state": "drafted", "quantity": 10.0, "quantity_basis": "policy", "budget_yuan": Decimal("5000.00"),
        "budget_basis": "policy", "is_budget_most": True}
COMMON = {"as_of_month": 202412, "plan_year": 2025, "definition": "口径"}


def edit(column: str, value: str, name: str = "one", year: int = 2025, policy: str = "p") -> dict:
    return {"entry": 3, "plan_year": year, "policy": policy, "programme_id": name, "column_name": column, "value": value,
            "reason": "理由", "batch_month": 202412, "path": "2024-12/计划.xlsx"}


def test_later_edits_stand_over_earlier_ones_and_say_where_they_came_from():
    [row] = edits.applied([ITEM], [edit("budget_yuan", "4000"), edit("quantity", ""), edit("budget_yuan", "4500.5")], "p", COMMON)
    assert (row["budget_yuan"], row["budget_basis"], row["is_budget_most"]) == (Decimal("4500.50"), "edited", False)
    assert (row["quantity"], row["quantity_basis"], row["state"], row["edited"]) == (None, "none", "edited", "经费预算、数量")
    assert (row["edit_reason"], row["edit_file"]) == ("理由", "2024-12/计划.xlsx") and ITEM["budget_basis"] == "policy"


def test_edits_of_another_year_policy_or_programme_hold_for_nothing_and_are_named():
    others = [edit("name", "乙", year=2024), edit("name", "乙", policy="q")]
    assert edits.applied([ITEM], others, "p", COMMON) == [ITEM]
    assert edits.unused(others[:1], [ITEM], "p", 2025) == {"2024-12/计划.xlsx": "是 2024 年、政策 p 的计划"}
    assert edits.unused([edit("name", "乙", name="gone")], [ITEM], "p", 2025) == {"2024-12/计划.xlsx": "政策中没有项目 gone"}


def test_an_added_programme_comes_last_and_a_cancelled_one_stays_in_sight():
    changes = [edit("added", "", "added-1"), edit("name", "乙", "added-1"), edit("kind", "publicity", "added-1"),
               edit("content", "内容", "added-1"), edit("budget_yuan", "100", "added-1"), edit("cancelled", "取消")]
    first, second = edits.applied([ITEM], changes, "p", COMMON)
    assert (first["state"], first["name"]) == ("cancelled", "甲")
    assert (second["state"], second["item_no"], second["kind"], second["budget_yuan"]) == (
        "added", 2, "publicity", Decimal("100.00"))
    assert second["plan_year"] == 2025 and second["funding"].startswith("工伤保险基金")
