"""联席会议审定表: written with the list, filled in as an analyst would, read back; list, no-repeat, plan and effect follow it."""

from typing import Any

import openpyxl
import pytest

from pipelines.deliveries import BlockedMonthError
from pipelines.issue import issue
from pipelines.policy import reading

FORM, SHEET = "documents/联席会议审定表.xlsx", "联席会议审定表"
SIZES = {f"U{number}": 100 for number in range(1, 9)}
UNITS = "单位编号,单位名称,行业代码,行政区划代码\n" + "\n".join(f"{unit},单位{unit},3011,430702" for unit in [*SIZES, "V1"])
# U1 has most injuries of 2024, U8 fewest.
INJURIES = {unit: " ".join(f"2024-{month:02d}-05" for month in range(1, 11 - number)) for number, unit in enumerate(SIZES, 1)}


class Form:
    """The workbook of a published month, filled in by unit and heading."""

    def __init__(self, bureau, month: str):
        self.bureau, self.book = bureau, openpyxl.load_workbook(bureau.published(month) / FORM)
        self.page: Any = self.book[SHEET]
        self.top = next(row for row in self.page.iter_rows() if any(cell.value == "是否入选" for cell in row))
        self.place = {str(cell.value).split("\n")[0]: cell.column for cell in self.top}
        numbers = range(self.top[0].row + 1, self.page.max_row + 1)
        self.rows = {self.cell(number, "单位编号").value: number for number in numbers if self.cell(number, "单位编号").value}
        self.empty = [number for number in numbers if not self.cell(number, "单位编号").value]

    def cell(self, number: int, heading: str):
        return self.page.cell(number, self.place[heading])

    def say(self, unit: str, answer: str | None, reason: str = "", opinion: str = "") -> int:
        """Fills in a unit's row, or an empty one below for a unit that has none; returns the row's number."""
        if unit not in self.rows:
            self.rows[unit] = self.empty.pop(0)
            self.cell(self.rows[unit], "单位编号").value = unit
        for heading, text in (("是否入选", answer), ("理由", reason), ("部门意见", opinion)):
            self.cell(self.rows[unit], heading).value = text or None
        return self.rows[unit]

    def drop(self, target: str) -> None:
        path = self.bureau.place.raw / target
        path.parent.mkdir(parents=True, exist_ok=True)
        self.book.save(path)


def delivered(bureau, folder, **limits: int):
    """Eight units under 常德's plan with three places; 2024-12 published. Half of the units enter: U1 to U4."""
    path = folder / "three.toml"
    source = (reading.FOLDER / "changde-2024.toml").read_text(encoding="utf-8")
    source = source.replace("places = 22", "places = 3").replace('enter = "all"', 'enter = "any"')
    said = "".join(f"\n{name} = {value}" for name, value in limits.items())
    path.write_text(source.replace("[list.limits]", f"[list.limits]{said}"), encoding="utf-8")
    bureau.settle(policy=str(path))
    bureau.deliver("2024-12", 参保单位=UNITS, 单位缴费=bureau.premiums(2022, 2024, **SIZES), 工伤认定=bureau.claims(**INJURIES))
    bureau.build("2024-12")
    return bureau


@pytest.fixture(scope="module")
def decided(new_bureau, tmp_path_factory):
    """The list issued; U1 and U2 chosen, U3 turned down, U4 of the reserve and U6 chosen instead; read with the next month."""
    bureau = delivered(new_bureau(), tmp_path_factory.mktemp("policy"), served_within_years=1)
    issue(bureau.place, 202412)
    form = Form(bureau, "2024-12")
    for unit, answer, reason in (
        ("U1", "是", "工伤多"), ("U2", "是", ""), ("U3", "否", "已停产，电话13800138999"), ("U4", "是", "递补"),
        ("U6", "是", "市领导点名"),
    ):
        form.say(unit, answer, reason, "市应急局同意")
    form.drop("2025-01/审定（会后）.xlsx")
    bureau.build("2025-01")
    return bureau


def version_in(form: Form) -> str:
    return form.cell(form.rows["U1"], "名单出处").value.split("/")[0]


def chosen(bureau, month: str, year: int = 2025) -> dict[str, tuple]:
    return {row["enterprise_id"]: (row["is_decided"], row["is_selected"], row["suggestion"], row["rank"], row["difference"])
            for row in bureau.mart("decided_enterprise", month, year=year)}


def test_the_form_has_every_candidate_and_a_list_to_choose_from(decided):
    form = Form(decided, "2024-12")
    assert list(form.rows) == ["U1", "U2", "U3", "U4"] and len(form.empty) == 10
    said = {unit: form.cell(number, "名单状态").value for unit, number in form.rows.items()}
    assert said == {"U1": "入选", "U2": "入选", "U3": "入选", "U4": "备选"}
    [offered] = form.page.data_validations.dataValidation
    assert (offered.type, offered.formula1) == ("list", '"是,否"')
    letters = [form.top[form.place[name] - 1].column_letter for name in ("年度", "名单出处")]
    assert all(form.page.column_dimensions[letter].hidden for letter in letters)
    marks = [cell.value for row in form.page.iter_rows(max_row=2) for cell in row if cell.value]
    assert marks[1].startswith("【联席会议】　【系统生成初稿】") and "【联席会议】" in form.page.oddHeader.left.text


def test_before_any_decision_the_listed_ones_stand(decided):
    assert chosen(decided, "2024-12") == {unit: (False, True, "listed", rank, "none") for rank, unit in
                                          enumerate(("U1", "U2", "U3"), 1)}


def test_the_decided_list_says_how_it_differs_from_what_was_put_before_the_meeting(decided):
    assert chosen(decided, "2025-01") == {
        "U1": (True, True, "listed", 1, "none"), "U2": (True, True, "listed", 2, "none"),
        "U3": (True, False, "listed", 3, "removed"), "U4": (True, True, "reserve", 4, "added"),
        "U6": (True, True, "reference", 6, "added")}
    rows = decided.mart("decided_enterprise", "2025-01")
    assert {row["list_version"] for row in rows} == {version_in(Form(decided, "2024-12"))}
    assert all(row["is_issued"] for row in rows)
    [line] = [line for line in decided.core("raw_file", "2025-01") if line["path"].endswith("审定（会后）.xlsx")]
    assert (line["kind"], line["status"], line["rows_accepted"], line["rows_rejected"]) == ("decision", "accepted", 5, 0)
    assert not (decided.place.data / "to_check" / "列名确认.xlsx").exists()


def test_reasons_and_opinions_are_kept_without_numbers_of_persons(decided):
    said = {row["enterprise_id"]: (row["reason"], row["opinion"]) for row in decided.core("decision", "2025-01")}
    assert said["U3"] == ("已停产，电话〔电话〕", "市应急局同意")
    assert decided.one("decided_enterprise", "2025-01", enterprise_id="U4")["reason"] == "递补"
    assert "opinion" not in decided.mart("decided_enterprise", "2025-01")[0]


def test_the_next_list_leaves_out_whom_the_meeting_chose(decided):
    rows = {row["enterprise_id"]: row for row in decided.mart("priority_enterprise", "2025-01")}
    assert "联席会议审定" in rows["U1"]["excluded_reason"] and rows["U3"]["excluded_reason"] is None
    assert [unit for unit, row in rows.items() if row["is_listed"]] == ["U3"]
    form = Form(decided, "2025-01")
    assert form.cell(form.rows["U1"], "已有审定").value == "是" and form.cell(form.rows["U1"], "名单状态").value == "排除"


def test_the_plan_addresses_whom_the_meeting_chose(decided):
    assert decided.one("plan_item", "2024-12", programme_id="tailored")["enterprises"] == 3
    item = decided.one("plan_item", "2025-01", programme_id="tailored")
    assert (item["enterprises"], item["proposed"]) == (4, "单位U1、单位U2、单位U4、单位U6")
    check = decided.one("plan_check", "2025-01", check_id="list", subject="tailored")
    assert (check["figure_found"], check["message"]) == (4, "计划 22 家，审定入选 4 家")
    assert decided.one("plan_check", "2025-01", check_id="decided")["verdict"] == "good"


def test_effect_and_back_test_follow_the_decided_list(decided):
    decided.deliver("2025-12", 单位缴费=decided.premiums(2025, 2025, **SIZES), 工伤认定2025=decided.claims(
        U3="2025-02-01", U4="2025-03-01 2025-04-01", U6="2025-05-01").replace("T-", "N-"))
    decided.build("2025-12")
    effects = decided.mart("programme_effect", "2025-12")
    assert {row["subject"] for row in effects if row["scope"] == "enterprise"} == {"U1", "U2", "U4", "U6"}
    assert next(row for row in effects if row["scope"] == "list")["injuries_after"] == 3
    row = decided.one("list_backtest", "2025-12", rule="decided", year=2025)
    assert (row["places"], row["injuries"]) == (4, 3)
    assert decided.mart("list_backtest", "2025-12", rule="decided", year=2024) == []
    assert row["foresight_share"] < 100


def test_what_was_put_before_the_meeting_is_in_the_archive(decided):
    [folder] = (decided.place.data / "issued").glob("2024-12.*")
    book = openpyxl.load_workbook(folder / FORM)
    cells = [cell for row in book[SHEET].iter_rows(values_only=True) for cell in row]
    assert "单位U4" in cells and "市领导点名" not in cells


def test_half_filled_it_holds_as_far_as_it_goes_and_says_what_is_left(bureau, tmp_path):
    delivered(bureau, tmp_path)
    first, second = Form(bureau, "2024-12"), Form(bureau, "2024-12")
    first.say("U1", "是")
    first.drop("2024-12/审定一.xlsx")
    bureau.build("2024-12")
    assert chosen(bureau, "2024-12")["U2"] == (False, False, "listed", 2, "undecided")
    found = bureau.one("plan_check", "2024-12", check_id="decided", verdict="watch", message="名单内还有 2 家没有审定，请补填；"
                       f"审定依据的名单 {version_in(first)} 没有存档（make issue），或不是存档的那一份，请核对")
    assert found["plan_year"] == 2025
    second.say("U1", "否")
    second.say("U2", "是")
    second.drop("2025-01/审定二.xlsx")
    bureau.build("2025-01")
    assert {unit: row[:2] for unit, row in chosen(bureau, "2025-01").items()} == {
        "U1": (True, False), "U2": (True, True), "U3": (False, False)}


def test_wrong_cells_are_named_and_the_rest_holds(bureau, tmp_path):
    """可能 is no answer; V9 is nobody; a reason alone; a unit answered yes and no."""
    delivered(bureau, tmp_path)
    form = Form(bureau, "2024-12")
    rows = {unit: form.say(unit, *said) for unit, said in {
        "U1": ("是",), "U2": ("可能",), "U3": (None, "再议"), "V9": ("是",), "U4": ("是",)}.items()}
    again = form.empty.pop(0)
    form.cell(again, "单位名称").value, form.cell(again, "是否入选").value = "单位U4", "否"
    form.drop("2024-12/审定.xlsx")
    bureau.build("2024-12")
    rejected = {(row["sheet"], row["row_number"], row["message"]) for row in bureau.mart("rejected_row", "2024-12")}
    assert rejected == {(SHEET, rows["U2"], "“是否入选”的值无法识别，请填“是”或“否”"),
                        (SHEET, rows["U3"], "“是否入选”为空，请填“是”或“否”")}
    doubtful = {(row["sheet"], row["row_number"], row["rule"]) for row in bureau.mart("doubtful_row", "2024-12")}
    assert doubtful == {(SHEET, rows["V9"], "decided_unknown"), (SHEET, rows["U4"], "contrary"), (SHEET, again, "contrary")}
    asked = openpyxl.load_workbook(next((bureau.published("2024-12") / "documents").glob("数据核实清单-*.xlsx")))
    shown = {row[3]: row[10] for row in asked["数据核实清单"].iter_rows(values_only=True) if isinstance(row[3], int | float)}
    assert set(shown) == {rows["U2"], rows["U3"], rows["V9"], rows["U4"], again}
    found = chosen(bureau, "2024-12")
    assert found["U1"][:2] == (True, True) and found["U2"][4] == "undecided" and found["U4"][:2] == (True, False)
    assert bureau.one("decided_enterprise", "2024-12", enterprise_id="V9")["is_known"] is False


def test_rows_of_another_list_are_refused_with_their_number(bureau, tmp_path):
    delivered(bureau, tmp_path)
    form = Form(bureau, "2024-12")
    form.say("U1", "是")
    number = form.say("U2", "否")
    form.cell(number, "名单出处").value = "2023-12.00000000/listed/1/000000"
    form.drop("2024-12/审定.xlsx")
    with pytest.raises(BlockedMonthError, match=f"第 {number} 行来自名单 2023-12.00000000，前面的行来自名单 2024-12"):
        bureau.build("2024-12")


def test_decisions_on_a_list_that_is_not_the_archived_one_are_said(bureau, tmp_path):
    delivered(bureau, tmp_path)
    issue(bureau.place, 202412)
    form = Form(bureau, "2024-12")
    for unit in ("U1", "U2", "U3"):
        form.say(unit, "是")
        form.cell(form.rows[unit], "名单出处").value = "2024-11.00000000/listed/1/000000"
    for number in form.rows.values():
        form.cell(number, "名单出处").value = "2024-11.00000000/listed/1/000000"
    form.drop("2025-01/审定.xlsx")
    bureau.build("2025-01")
    [check] = bureau.mart("plan_check", "2025-01", check_id="decided")
    assert check["message"] == "审定依据的名单 2024-11.00000000 没有存档（make issue），或不是存档的那一份，请核对"


def test_a_form_given_back_empty_and_a_file_of_ones_own_change_nothing_else(bureau, tmp_path):
    delivered(bureau, tmp_path)
    Form(bureau, "2024-12").drop("2024-12/空表.xlsx")
    bureau.deliver("2024-12", 联席会议审定="年度,单位名称,是否入选,理由\n2025,单位U5,是,自荐")
    bureau.build("2024-12")
    assert {unit: row[:2] for unit, row in chosen(bureau, "2024-12").items() if row[0]} == {"U5": (True, True)}
    [line] = [line for line in bureau.core("raw_file", "2024-12") if line["path"].endswith("空表.xlsx")]
    assert (line["rows_accepted"], line["rows_rejected"]) == (0, 0) and "没有填写审定 4 行" in line["message"]
