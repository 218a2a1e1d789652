"""From a delivery to the year's plan: who is to be trained, what it costs under the ceiling, a plan edited in its workbook."""

from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from pipelines.deliveries import BlockedMonthError
from pipelines.issue import issue
from tests.unit.test_policy import GOOD

UNITS = """
    单位编号,单位名称,行业代码,行政区划代码,参保状态
    A,甲化工,2611,430702,正常
    B,乙化工,2612,430703,正常
    C,丙商店,5211,430702,正常
    D,丁化工,2613,430702,注销
"""
LISTS = "单位编号,名录类别,列入日期\nA,危险化学品,2022-01-01\nB,危险化学品,2022-01-01\nD,危险化学品,2022-01-01"
STAFF = """
    单位编号,人员类别,应训人数,已培训人数,统计日期
    A,安全生产分管负责人,1,0,2023-12-31
    A,安全生产分管负责人,2,1,2024-06-30
    A,班组长,10,4,2024-06-30
    B,班组长,7,7,2024-06-30
    B,重大危险源包保责任人,3,0,2024-06-30
    C,班组长,50,0,2024-06-30
    D,班组长,90,0,2024-06-30
"""
LEDGER = """
    项目编号,项目名称,单位编号,年度,服务机构,计划人数,实际人数,合同金额,扣减
    P1,2023年危险化学品企业培训,A,2023,某机构,5,4,2100,100
    P2,2024年消防培训,A,2024,某机构,10,6,3000,
    P0,2019年危险化学品企业培训,A,2019,某机构,1,1,99999,
"""
TRAINED = """
    项目编号,单位编号,社会保障号码,人员类别,线下学时,考试结果
    P1,A,430702198001010017,班组长,24,合格
    P1,A,430702198001010017,班组长,24,合格
    P1,A,430702198001010025,班组长,24,不合格
    P1,B,430702198001010033,班组长,24,合格
    P2,A,430702198001010041,班组长,24,合格
    P0,A,43070219800101005X,班组长,24,合格
    P1,A,430702198001010068,分管负责人,24,合格
"""
FUND = "年度,统筹地区,征缴收入,待遇支出,下达预算额度\n2023,000000,900000.00,1,\n2024,000000,1000000.00,1,\n"


def delivered(bureau, **more: str):
    bureau.settle(policy="changde-2024")
    files = {
        "参保单位": UNITS, "单位缴费": bureau.premiums(2022, 2024, A=100, B=50, C=20, D=10), "重点企业名录": LISTS,
        "工伤认定": bureau.claims(A="2023-03-01 2024-03-01 2024-05-01", C="2024-02-02"), "重点岗位人员": STAFF,
        "工伤预防项目台账": LEDGER, "培训记录": TRAINED, "基金收支": FUND,
        "待遇支付": "单位编号,待遇项目,支付金额,支付日期\nA,医疗费,99999,2024-05-01", **more}
    bureau.deliver("2024-12", **{name: text for name, text in files.items() if text})
    return bureau


@pytest.fixture(scope="module")
def planned(new_bureau):
    """A month of a small city under 常德's plan, published; tests only read it."""
    bureau = delivered(new_bureau())
    bureau.build("2024-12")
    return bureau


def demand(bureau, role: str, region: str = "000000") -> dict:
    return bureau.one("training_demand", "2024-12", programme_id="hazardous", role=role, region_code=region)


def test_persons_are_counted_by_role_and_district_from_the_newest_counts_of_open_units(planned):
    leaders = demand(planned, "team_leader")
    assert (leaders["enterprises"], leaders["enterprises_counted"], leaders["persons"]) == (2, 2, 17)
    assert (demand(planned, "team_leader", "430702")["persons"], demand(planned, "team_leader", "430703")["persons"]) == (10, 7)
    heads = demand(planned, "deputy_head")
    assert (heads["persons"], heads["enterprises_counted"], heads["reason"]) == (2, 1, "2 家中只有 1 家有统计")


def test_who_was_trained_counts_once_if_not_failed_and_in_a_programme_that_counts(planned):
    """Of A's team leaders: one twice in P1, one failed, one in P2 that is no hazardous training, one in 2019; B's one is one."""
    leaders = demand(planned, "team_leader")
    assert (leaders["trained_recorded"], leaders["trained"], leaders["trained_from"]) == (2, 2, "training_record")
    assert leaders["trained_stated"] == 11
    # 60 % of 17 are 10.2: eleven persons.
    assert (leaders["target_pct"], leaders["target"], leaders["gap"]) == (60, 11, 9)
    owner = demand(planned, "hazard_owner")
    assert (owner["target_pct"], owner["target"], owner["trained"], owner["gap"]) == (100, 3, 0, 3)


def test_a_role_that_nobody_counted_leaves_the_sum_of_all_roles_open(planned):
    staff, whole = demand(planned, "safety_staff"), demand(planned, "all")
    assert (staff["persons"], staff["target"], staff["gap"]) == (None, None, None)
    assert staff["reason"] == "没有该类人员的重点岗位人员统计"
    assert (whole["persons"], whole["gap"], whole["reason"]) == (None, None, "有的类别没有人数")


def test_without_key_staff_there_are_no_persons_and_it_says_why(bureau):
    delivered(bureau, 重点岗位人员="", 培训记录="").build("2024-12", until="training_demand")
    row = demand(bureau, "team_leader")
    assert (row["persons"], row["trained"], row["gap"]) == (None, None, None)
    assert row["reason"] == "没有交付重点岗位人员；没有交付培训记录，也没有已培训人数"


def test_the_draft_takes_the_plans_numbers_a_year_later(planned):
    tailored = planned.one("plan_item", "2024-12", programme_id="tailored")
    assert (tailored["quantity"], tailored["unit"], tailored["quantity_basis"]) == (22, "家", "policy")
    assert tailored["plan_year"] == 2025
    assert (tailored["starts_month"], tailored["ends_month"], tailored["schedule"]) == (202507, 202512, "2025年7月至2025年12月")
    assert tailored["lead"] == "市人社局、市卫健委、市应急局、市工保中心" and tailored["proposed"] == "甲化工"
    assert (tailored["budget_yuan"], tailored["budget_basis"], tailored["state"]) == (None, "none", "drafted")
    check = planned.one("plan_check", "2024-12", check_id="list", subject="tailored")
    assert (check["figure_expected"], check["figure_found"], check["verdict"]) == (22, 1, "watch")


def test_the_ceiling_is_three_percent_of_last_years_premiums(planned):
    cap = planned.one("plan_budget", "2024-12", line="ceiling", subject="ceiling")
    assert (cap["amount_yuan"], cap["reason"]) == (Decimal("30000.00"), "按预防费上限")
    total = planned.one("plan_budget", "2024-12", line="total")
    assert (total["amount_yuan"], total["over_yuan"]) == (None, None)


WORKBOOK, SHEET = "documents/项目计划表.xlsx", "项目计划表"


def fill(bureau, month: str, target: str, changes: dict[str, dict[str, str]], new: dict[str, str] | None = None) -> None:
    """Writes cells by 项目标识 and heading, and a new programme into the first empty row; saves the workbook into raw."""
    book: Any = openpyxl.load_workbook(bureau.published(month) / WORKBOOK)
    page = book[SHEET]
    top = next(row for row in page.iter_rows() if any(cell.value == "变更理由" for cell in row))
    place = {cell.value: cell.column for cell in top}
    left = dict(changes)
    for number in range(top[0].row + 1, page.max_row + 1):
        cells = left.pop(page.cell(number, place["项目标识"]).value, None)
        if cells is None and new and not page.cell(number, place["项目标识"]).value:
            cells, new = new, None
        for heading, value in (cells or {}).items():
            page.cell(number, place[heading]).value = value
    assert not left and not new
    path = bureau.place.raw / target
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


CHANGES = {
    "tailored": {"经费预算": "22000", "变更理由": "会议议定"},
    "hazardous": {"经费预算": "9000.50", "培训人数": "12", "变更理由": "会议议定"},
    "platform": {"操作": "取消", "变更理由": "并入综合宣传"}, "publicity": {"经费预算": "1000", "变更理由": "会议议定"}}
ADDED = {"类别": "宣传", "分项名称": "夏季防暑宣传", "服务内容": "发放防暑用品", "经费预算": "500", "变更理由": "会议新增"}


@pytest.fixture(scope="module")
def edited(new_bureau):
    """The plan issued as of 2024-12, then edited in its workbook, which came with the next month."""
    bureau = delivered(new_bureau())
    bureau.build("2024-12")
    issue(bureau.place, 202412)
    fill(bureau, "2024-12", "2025-01/计划（已审）.xlsx", CHANGES, ADDED)
    bureau.build("2025-01")
    return bureau


def test_an_edited_plan_holds_from_the_month_in_which_it_came(edited):
    rows = {row["name"]: row for row in edited.mart("plan_item", "2025-01")}
    tailored = rows["精准式工伤预防培训项目"]
    assert (tailored["budget_yuan"], tailored["budget_basis"], tailored["unit_cost_yuan"]) == (
        Decimal("22000.00"), "edited", Decimal("1000.00"))
    assert (tailored["state"], tailored["edited"], tailored["edit_reason"]) == ("edited", "经费预算", "会议议定")
    assert rows["危化企业工伤预防能力提升培训"]["persons"] == 12
    assert rows["工伤预防在线培训平台建设运维"]["state"] == "cancelled"
    assert (rows["夏季防暑宣传"]["state"], rows["夏季防暑宣传"]["kind"]) == ("added", "publicity")
    assert {row["state"] for row in edited.mart("plan_item", "2024-12")} == {"drafted"}  # what was not known then
    [line] = [line for line in edited.core("raw_file", "2025-01") if line["path"].endswith("计划（已审）.xlsx")]
    assert (line["status"], line["message"]) == ("control", "已读取项目计划表的修改 10 处")


def test_items_programme_totals_and_budget_are_one_sum_and_over_the_ceiling_says_what_fits(edited):
    lines = edited.mart("plan_budget", "2025-01")
    live = [row for row in edited.mart("plan_item", "2025-01") if row["state"] != "cancelled" and row["budget_yuan"] is not None]
    whole = next(row for row in lines if row["line"] == "total")
    assert sum(row["budget_yuan"] for row in live) == whole["amount_yuan"] == Decimal("32500.50")
    assert sum(row["amount_yuan"] or 0 for row in lines if row["line"] == "programme") == whole["amount_yuan"]
    assert sum(row["amount_yuan"] or 0 for row in lines if row["line"] == "kind") == whole["amount_yuan"]
    assert (whole["limit_yuan"], whole["over_yuan"]) == (Decimal("30000.00"), Decimal("2500.50"))
    [fitting] = [row for row in lines if row["line"] == "fitting"]
    assert (fitting["amount_yuan"], fitting["reason"]) == (Decimal("23500.00"), "放不下：危化企业工伤预防能力提升培训")
    checks = {(row["check_id"], row["subject"]): row["verdict"] for row in edited.mart("plan_check", "2025-01")}
    assert checks["ceiling", "all"] == "bad" and {v for (name, _), v in checks.items() if name == "sums"} == {"good"}


def test_the_change_table_stands_beside_the_issued_plan(edited):
    found = {(row["name"], row["column_title"]): (row["change"], row["before"], row["after"], row["edit_reason"])
             for row in edited.mart("plan_change", "2025-01")}
    assert found == {
        ("精准式工伤预防培训项目", "经费预算"): ("changed", None, "22,000.00", "会议议定"),
        ("危化企业工伤预防能力提升培训", "经费预算"): ("changed", None, "9,000.50", "会议议定"),
        ("危化企业工伤预防能力提升培训", "培训人数"): ("changed", None, "12", "会议议定"),
        ("工伤预防综合宣传", "经费预算"): ("changed", None, "1,000.00", "会议议定"),
        ("工伤预防在线培训平台建设运维", "整个项目"): ("removed", "工伤预防在线培训平台建设运维", None, "并入综合宣传"),
        ("夏季防暑宣传", "整个项目"): ("added", None, "夏季防暑宣传", "会议新增")}
    assert edited.mart("plan_change", "2024-12") == []
    book = openpyxl.load_workbook(edited.published("2025-01") / WORKBOOK)
    assert book.sheetnames == [SHEET, "项目一览", "项目说明", "经费预算", "培训需求", "计划核对", "最优组合", "变更一览"]
    shown = [cell for row in book["项目一览"].iter_rows(values_only=True) for cell in row]
    assert "夏季防暑宣传" in shown and "工伤预防在线培训平台建设运维" not in shown


def test_edits_survive_reruns_and_a_workbook_given_back_unchanged_changes_nothing(edited, new_bureau):
    before = edited.bytes_of("2025-01")
    edited.build("2025-01")
    assert edited.bytes_of("2025-01") == before
    fill(edited, "2025-01", "2025-02/计划.xlsx", {})
    edited.build("2025-02")
    items = [{**row, "as_of_month": 0} for row in edited.mart("plan_item", "2025-01")]
    assert [{**row, "as_of_month": 0} for row in edited.mart("plan_item", "2025-02")] == items


def test_the_best_choice_keeps_to_what_the_others_leave(edited):
    """Publicity takes 1500 of 30000; the tailored place costs 1000, the hazardous training 9000.50."""
    [whole] = edited.mart("plan_choice", "2025-01", choice="total")
    assert whole["reason"].startswith("可用额度 28,500.00 元") and whole["cost_yuan"] <= Decimal("28500")
    units = edited.mart("plan_choice", "2025-01", choice="enterprise")
    programmes = {row["subject"]: row for row in edited.mart("plan_choice", "2025-01", choice="programme")}
    assert programmes["hazardous"]["cost_yuan"] == Decimal("9000.50")
    assert programmes["tailored"]["cost_yuan"] == 1000 * sum(row["is_chosen"] for row in units)
    chosen = [row["removed_injuries"] for row in (*units, programmes["hazardous"]) if row["is_chosen"]]
    assert whole["removed_injuries"] == pytest.approx(sum(chosen), abs=1e-3)


def test_a_wrong_cell_blocks_the_month_and_is_named(bureau):
    delivered(bureau).build("2024-12")
    fill(bureau, "2024-12", "2024-12/计划.xlsx", {"tailored": {"经费预算": "很多", "变更理由": "x"}})
    with pytest.raises(BlockedMonthError, match="的“经费预算”须为不小于 0 的数，以元为单位"):
        bureau.build("2024-12")


def test_a_policy_without_a_plan_has_empty_tables_and_no_workbook(bureau, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text(GOOD, encoding="utf-8")
    delivered(bureau)
    bureau.settle(policy=str(own))
    bureau.build("2024-12")
    assert all(bureau.mart(name, "2024-12") == [] for name in ("training_demand", "plan_item", "plan_check", "plan_choice"))
    assert not (bureau.published("2024-12") / WORKBOOK).exists()
    assert {row["line"] for row in bureau.mart("plan_budget", "2024-12")} == {"ceiling"}
