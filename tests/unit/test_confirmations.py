"""列名确认.xlsx: what is unsure of headings is asked, answered, read back, and remembered for the vendor's layout."""

from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import confirmations, questions, receive, recognition
from pipelines.ingest.findings import ALL, Asked, Confirmed

UNSURE = "单位编号,费款所属期,缴费人数,单位缴费金额\nA,202401,10,100.00\nB,202401,20,200.00\n"
NEEDED = "单位代号证,费款所属期,缴费人数,实缴金额\nA,202401,10,100.00\n"
PERSON = "430702199001011234"


def asked(office) -> list[dict]:
    """The rows of the workbook that asks, by heading; none when there is no workbook."""
    path = office.to_check / questions.FILE
    if not path.exists():
        return []
    head, *rows = openpyxl.load_workbook(path)[confirmations.NAME].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def answer(office, to: str, **said: str) -> None:
    """Fills the workbook in as an analyst would and drops it into data/raw: 确认为 by 原列名 (or by 列序, as _4)."""
    book = openpyxl.load_workbook(office.to_check / questions.FILE)
    page = book.worksheets[0]
    head = [cell.value for cell in page[1]]
    for row in page.iter_rows(min_row=2):
        cells: dict = dict(zip(head, row, strict=True))
        text = said.get(str(cells["原列名"].value), said.get(f"_{cells['列序'].value}"))
        cells["确认为"].value = text
    path = office.raw / to
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def test_an_unsure_optional_column_is_left_out_and_asked_for(office):
    line = office.one("2024-12/单位缴费.csv", UNSURE)
    assert line["status"] == "accepted" and [row["paid_yuan"] for row in office.rows(line)] == [None, None]
    assert "待在“列名确认.xlsx”中确认：单位缴费金额" in line["message"]
    [row] = asked(office)
    assert [row[name] for name in ("文件", "种类", "列序", "原列名", "确认为")] == [
        "2024-12/单位缴费.csv", "单位缴费", 4, "单位缴费金额", None]
    assert row["建议字段"] in ("实缴金额", "应缴金额") and "或" in row["理由"] and 0.65 <= row["把握"] < 0.9


def test_an_answer_is_applied_to_the_layout_in_every_batch_and_remembered(office):
    first = office.one("2024-11/单位缴费.csv", UNSURE)
    office.put("2024-12/缴费12月.csv", UNSURE.replace("202401", "202412"))
    office.receive()
    answer(office, "2024-12/列名确认-李.xlsx", 单位缴费金额="实缴金额")
    lines = office.receive()
    assert lines["2024-12/列名确认-李.xlsx"]["status"] == "control"
    assert lines["2024-12/列名确认-李.xlsx"]["message"] == "已读取列名确认 1 条"
    for name in ("2024-11/单位缴费.csv", "2024-12/缴费12月.csv"):
        assert [float(row["paid_yuan"]) for row in office.rows(lines[name])] == [100, 200]
    assert lines["2024-11/单位缴费.csv"]["digest"] != first["digest"]
    assert asked(office) == [] and not (office.to_check / questions.FILE).exists()
    assert office.receive() == lines
    office.put("2025-01/单位缴费.csv", UNSURE)
    assert office.receive()["2025-01/单位缴费.csv"]["amount_accepted"] == 300


def test_an_unsure_required_column_blocks_until_it_is_answered(office):
    line = office.one("2024-12/单位缴费.csv", NEEDED)
    assert line["status"] == "unusable" and "列名确认.xlsx" in line["message"] and "单位代号证" in line["message"]
    assert [row["理由"][:3] for row in asked(office)] == ["必需："]
    answer(office, "2024-12/回复.xlsx", 单位代号证="单位编号")
    line = office.receive()["2024-12/单位缴费.csv"]
    assert (line["status"], line["rows_accepted"]) == ("accepted", 1)


def test_a_missing_required_column_may_be_any_heading_that_is_not_understood(office):
    office.one("2024-12/单位缴费.csv", "户头,费款所属期,缴费人数,实缴金额,备注\nA,202401,10,100.00,无\n")
    assert [(row["原列名"], row["建议字段"]) for row in asked(office)] == [(questions.HIDDEN.format("A"), None)]
    answer(office, "2024-12/回复.xlsx", _1="单位编号")
    assert office.receive()["2024-12/单位缴费.csv"]["status"] == "accepted"


def test_what_is_ignored_is_not_asked_again(office):
    office.one("2024-12/单位缴费.csv", UNSURE)
    answer(office, "2024-12/回复.xlsx", 单位缴费金额="忽略")
    line = office.receive()["2024-12/单位缴费.csv"]
    assert line["status"] == "accepted" and asked(office) == [] and "paid_yuan" not in line["message"]


def test_the_newest_batch_has_the_last_word(office):
    office.one("2024-11/单位缴费.csv", UNSURE)
    for batch, text in (("2024-11", "应缴金额"), ("2024-12", "实缴金额")):
        book(office.raw / batch / "回复.xlsx", [layout(UNSURE), "单位缴费", 4, text])
    line = office.receive()["2024-11/单位缴费.csv"]
    assert (office.rows(line)[0]["paid_yuan"], office.rows(line)[0]["due_yuan"]) == (100, None)


def test_a_list_of_numbers_and_names_is_asked_for_its_kind(office):
    office.one("2024-12/名单.csv", "单位编号,单位名称,联系人\nA,甲厂,某\n")
    [row] = asked(office)
    assert (row["列序"], row["原列名"], row["建议字段"]) == (None, "（整张表的种类）", "参保单位")
    assert office.receive()["2024-12/名单.csv"]["status"] == "unknown"
    answer(office, "2024-12/回复.xlsx", _None="参保单位")
    line = office.receive()["2024-12/名单.csv"]
    assert (line["status"], line["kind"]) == ("accepted", "enterprise")


def test_a_sheet_may_be_ignored(office):
    office.one("2024-12/名单.csv", "单位编号,单位名称,联系人\nA,甲厂,某\n")
    answer(office, "2024-12/回复.xlsx", _None="忽略")
    line = office.receive()["2024-12/名单.csv"]
    assert line["status"] == "ignored" and "列名确认" in line["message"] and asked(office) == []


def layout(text: str) -> str:
    return recognition.layout_of(text.splitlines()[0].split(","))


def book(path: Path, *rows: list, head: tuple = ("版式", "种类", "列序", "确认为"), sheet: str = confirmations.NAME) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(path)) as written:
        page = written.add_worksheet(sheet)
        for number, row in enumerate([head, *rows]):
            page.write_row(number, 0, row)


@pytest.mark.parametrize(("row", "said"), [
    (["L", "单位缴费", 4, "缴费额"], "第 2 行“确认为”不是单位缴费的字段；可填：单位编号、"),
    (["L", "单位缴费", 4, "事故时间"], "不是单位缴费的字段"),
    (["L", "缴费", 4, "实缴金额"], "“种类”或“列序”被改动"),
    (["L", "单位缴费", "四", "实缴金额"], "“种类”或“列序”被改动"),
    (["L", "单位缴费", 0, "实缴金额"], "“种类”或“列序”被改动"),
    (["", "单位缴费", 4, "实缴金额"], "“版式”被改动"),
    (["L", "", "", "工资表"], "不是种类；可填：参保单位、单位缴费"),
])
def test_a_wrong_entry_is_named_with_its_row_and_what_is_allowed(office, row, said):
    book(office.raw / "2024-12/回复.xlsx", [layout(UNSURE) if cell == "L" else cell for cell in row])
    line = office.receive()["2024-12/回复.xlsx"]
    assert line["status"] == "unusable" and said in line["message"] and str(row[3]) not in line["message"].split("可填")[0]


def test_one_field_twice_in_a_layout_is_wrong_and_nothing_of_the_workbook_is_used(office):
    office.put("2024-12/单位缴费.csv", UNSURE)
    book(office.raw / "2024-12/回复.xlsx", *([layout(UNSURE), "单位缴费", place, "实缴金额"] for place in (3, 4)))
    lines = office.receive()
    assert "第 3 行与第 2 行确认为同一字段" in lines["2024-12/回复.xlsx"]["message"]
    assert len(asked(office)) == 1


def test_a_workbook_whose_headings_were_changed_says_which_are_missing(office):
    book(office.raw / "2024-12/回复.xlsx", ["x"], head=("版式",))
    assert "没有标题行，应有列：版式、种类、列序、确认为" in office.receive()["2024-12/回复.xlsx"]["message"]


def test_only_a_sheet_of_that_name_makes_a_workbook_of_answers(office, tmp_path):
    book(tmp_path / "a.xlsx", sheet="列名确认")
    book(tmp_path / "b.xlsx", sheet="列名确认表")
    for name, content in (("c.xlsx", b"PK\x03\x04 cut"), ("d.xlsx", b""), ("e.csv", "列名确认".encode())):
        (tmp_path / name).write_bytes(content)
    files = [path for path in sorted(tmp_path.iterdir()) if path.is_file()]
    assert [path.name for path in files if receive.kind_of_document(path) is confirmations] == ["a.xlsx"]


def test_nothing_that_may_be_data_stands_in_the_workbook(office):
    """Without a heading row the first row of data stands in its place."""
    text = f"户头,费款所属期,缴费人数,{PERSON},138 0736 1234,2024-01-01,欧阳某某\nA,202401,10,1,2,3,4\n"
    line = office.one("2024-12/单位缴费.csv", text)
    written = str(asked(office)) + line["message"]
    assert "缺少必需的列" in written and all(questions.HIDDEN.format(letter) in written for letter in "ADG")
    assert not any(secret in written for secret in (PERSON, "1380736", "138 0736", "2024-01-01", "欧阳"))
    assert layout(text) == layout(text.replace(PERSON, "370302198506151236"))


def test_equal_questions_give_equal_bytes_and_formulas_stay_text(tmp_path):
    formula = Asked(3, "=cmd|' /C calc'!A0", (("decided_on", 0.8),), "列名相近")
    said = [questions.Question("a" * 12, "2024-12/x.csv", "", "claim", formula)]
    found = []
    for name in ("one", "two"):
        questions.write(tmp_path / name, said)
        found.append((tmp_path / name / questions.FILE).read_bytes())
    assert found[0] == found[1]
    page = openpyxl.load_workbook(tmp_path / "one" / questions.FILE)[confirmations.NAME]
    assert page["F2"].value == "=cmd|' /C calc'!A0" and page["F2"].data_type == "s"


def test_the_answers_to_choose_from_are_the_kinds_fields(office):
    office.one("2024-12/单位缴费.csv", UNSURE)
    workbook = openpyxl.load_workbook(office.to_check / questions.FILE)
    [validation] = workbook[confirmations.NAME].data_validations.dataValidation
    column = validation.formula1.split("$")[1]
    allowed = [cell.value for cell in workbook[questions.CHOICES][column] if cell.value]
    assert allowed == ["单位缴费", *(c.title for c in EXPORTS["premium"].columns), confirmations.IGNORED]
    assert str(validation.sqref) == "J2"


def test_no_title_stands_for_two_kinds_or_two_fields_of_a_kind():
    assert len({export.title for export in EXPORTS.values()}) == len(EXPORTS)
    for export in EXPORTS.values():
        assert len({column.title for column in export.columns}) == len(export.columns), export.name


def test_a_layout_is_the_same_question_only_once(office):
    for name in ("2024-11/缴费.csv", "2024-12/缴费.csv"):
        office.put(name, UNSURE)
    office.receive()
    [row] = asked(office)
    assert row["文件"] == "2024-11/缴费.csv 等 2 张表"


def test_what_was_confirmed_stands_against_exact_headings():
    said = Confirmed("premium", {0: "due_yuan", 1: ""})
    found = recognition.recognise(["实缴金额", "应缴金额", "单位编号", "费款所属期", "缴费人数"], confirmed=said)
    assert found.positions["due_yuan"] == 0 and "paid_yuan" not in found.positions and found.kind == "premium"
    assert recognition.recognise(["单位编号"], confirmed=Confirmed("")).kind is None
    assert ALL == -1
