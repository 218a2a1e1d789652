"""Rows on their way into the export cache: typed, marked, rejected, and with nobody's number or name in them."""

import logging
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.contracts import codes
from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import parse, privacy, readers, store
from pipelines.ingest.readers import text

WOMAN, MAN = "11010519491231002X", "370302198506151236"
NAME, STORY = "欧阳某某", "在车间操作冲床时被压伤右手"
PREMIUM = "单位编号,费款所属期,缴费人数,实缴金额,单位费率,缴费类型,到账日期\n"
CLAIMS = f"""\
认定书编号,单位编号,事故时间,认定结论,认定依据,社会保障号码,姓名,事故经过,性别,出生日期
X〔2024〕1号,1001,2024-03-05 08:30,认定工伤,第十四条第（六）项,{WOMAN},{NAME},{STORY},,
X〔2024〕2号,1001,2024-03-06,不予认定,14-9,{MAN},{NAME},{STORY},男,1985-06-15
X〔2024〕3号,1002,2024-03-07,已核定,14-1,43070219900101,{NAME},{STORY},女,1990-01-01
"""


def test_a_file_becomes_typed_rows_and_a_line(office):
    line = office.one("2024-12/缴费.csv", PREMIUM + '1001,202401,12,"1,234.50",0.9%,,2024-02-01\n')
    assert (line["status"], line["kind"], line["batch_month"], line["file_number"]) == ("accepted", "premium", 202412, 0)
    assert (line["rows"], line["rows_accepted"], line["rows_rejected"]) == (1, 1, 0)
    assert (line["amount_accepted"], line["amount_rejected"]) == (Decimal("1234.50"), Decimal(0))
    assert line["premium_months"] == "202401"
    [row] = office.rows(line)
    assert (row["enterprise_id"], row["period"], row["heads"], row["unit_rate"]) == ("1001", 202401, 12, Decimal("0.009"))
    assert (row["row_number"], row["recorded_month"], row["event_month"], row["marks"]) == (2, 202402, 202402, None)


@pytest.mark.parametrize("kind", EXPORTS)
def test_stored_rows_follow_the_contract(office, kind):
    """A file with headings only is a delivery of no rows, with all the columns of its kind."""
    export = EXPORTS[kind]
    line = office.one(f"2024-12/{export.title}.csv", ",".join(column.title for column in export.columns) + "\n")
    assert (line["status"], line["kind"], line["rows"]) == ("accepted", kind, 0)
    schema = pq.read_schema(office.cache.rows(kind, line["digest"]))
    stored = {column.name: column.type for column in export.stored}
    assert {name: schema.field(name).type for name in stored} == stored
    assert set(schema.names) - set(stored) == {"row_number", "identity", "is_keyless", "recorded_month", "event_month", "marks"}


FORMATS: dict[str, Callable[[Path, list[list[str]]], object]] = {
    "csv": lambda path, rows: path.write_text("\n".join(",".join(row) for row in rows), encoding="gb18030"),
    "tsv": lambda path, rows: path.write_text("\n".join("\t".join(row) for row in rows), encoding="utf-16"),
    "parquet": lambda path, rows: pq.write_table(
        pa.table(dict(zip(rows[0], zip(*rows[1:], strict=True), strict=True))), path),
}


def test_every_format_gives_the_same_rows(office):
    rows = [["单位编号", "费款所属期", "缴费人数", "实缴金额"], ["1001", "202401", "12", "99.50"], [" 1002 ", "202401", "", "/"]]
    (office.raw / "2024-12").mkdir()
    for ending, write in FORMATS.items():
        write(office.raw / "2024-12" / f"缴费.{ending}", rows)
    office.book("2024-12/缴费.xlsx", 缴费=rows)
    found = [office.rows(line) for line in office.receive().values()]
    assert len(found) == 4 and all(rows == found[0] for rows in found)
    assert [(row["enterprise_id"], row["heads"], row["paid_yuan"]) for row in found[0]] == [
        ("1001", 12, Decimal("99.50")), ("1002", None, None)
    ]


# --- rows ------------------------------------------------------------------------------------------------------------


REJECTED = {
    ",202401,12,1,,,": ("missing:enterprise_id", "“单位编号或统一社会信用代码或组织机构代码或单位名称”为空"),
    "1001,,12,1,,,": ("missing:period", "“费款所属期”为空"),
    "1001,2024第一季度,12,1,,,": ("unusable:period", "“费款所属期”的值无法识别"),
    "1001,202401,十几,1,,,": ("unusable:heads", "“缴费人数”的值无法识别"),
    "1001,202401,12,一千,,,": ("unusable:paid_yuan", "“实缴金额”的值无法识别"),
    "1001,202401,12,1,,,2024-02-30": ("unusable:received_on", "“到账日期”的值无法识别"),
    "1001,202401,12": ("cells", "单元格数与标题行不符"),
    "1001,202401,12,1,,,,,": ("cells", "单元格数与标题行不符"),
}


def test_rows_that_cannot_be_used_say_why_and_where(office):
    line = office.one("2024-12/缴费.csv", PREMIUM + "\n".join(REJECTED) + "\n1001,202402,12,5,,,\n")
    found = [(row["row_number"], row["rule"], row["message"]) for row in office.rejected(line)]
    assert found == [(number, rule, message) for number, (rule, message) in enumerate(REJECTED.values(), 2)]
    assert [row["enterprise_id"] for row in office.rejected(line)] == [None, *["1001"] * 5, None, None]
    assert (line["rows_accepted"], line["rows_rejected"], line["rows"]) == (1, len(REJECTED), len(REJECTED) + 1)
    assert (line["amount_accepted"], line["amount_rejected"]) == (Decimal(5), Decimal(5))
    assert [row["row_number"] for row in office.rows(line)] == [len(REJECTED) + 2]


def test_a_row_with_several_faults_says_them_all(office):
    line = office.one("2024-12/缴费.csv", PREMIUM + "1001,2024第一季度,十几,一千,,,\n")
    [row] = office.rejected(line)
    assert row["rule"] == "unusable:period,unusable:heads,unusable:paid_yuan"
    assert row["message"] == "；".join(f"“{title}”的值无法识别" for title in ("费款所属期", "缴费人数", "实缴金额"))


def test_a_required_value_that_is_there_and_unreadable_is_not_called_empty(office):
    line = office.one("2024-12/鉴定.csv", "认定书编号,鉴定结论日期,伤残等级\nX1,2024-01-01,较重\nX2,2024-01-01,\n")
    assert [row["rule"] for row in office.rejected(line)] == ["unusable:grade", "missing:grade"]


def test_either_of_two_numbers_names_a_designated_enterprise(office):
    head = "单位编号,统一社会信用代码,名录类别\n"
    line = office.one("2024-12/名录.csv", head + "1001,,尘肺病重点\n,914403001922038216,x\n,123,x\n,,x\n")
    assert [row["rule"] for row in office.rejected(line)] == ["unusable:uscc", "missing:enterprise_id"]
    assert line["rows_accepted"] == 2


def test_messages_never_repeat_a_value(office):
    """A cell may hold what nobody should see."""
    line = office.one("2024-12/缴费.csv", PREMIUM + f"1001,{WOMAN},{NAME},{STORY},,,\n")
    said = str(office.rejected(line)) + line["message"]
    assert line["rows_rejected"] == 1 and not any(secret in said for secret in (WOMAN, NAME, STORY))


def test_blank_rows_are_no_rows(office):
    blank = ",,,,,,\n\n - , /,NULL,—,--,,\n"
    line = office.one("2024-12/缴费.csv", PREMIUM + f"1001,202401,12,1,,,\n{blank}1001,202402,12,1,,,\n\n")
    assert (line["rows"], line["rows_rejected"]) == (2, 0)
    assert [row["row_number"] for row in office.rows(line)] == [2, 6]


def test_doubtful_values_are_emptied_and_marked(office):
    lines = "1001,202401,12,1,30%,,\n1001,202402,12,1,免缴,预缴,\n1001,202403,-12,1,0.9%,正常,\n"
    line = office.one("2024-12/缴费.csv", PREMIUM + lines)
    rows = office.rows(line)
    assert [row["marks"] for row in rows] == ["unit_rate", "unit_rate,payment_kind", "heads"]
    assert [(row["unit_rate"], row["heads"]) for row in rows] == [(None, 12), (None, 12), (Decimal("0.009"), None)]
    assert line["rows_rejected"] == 0


def test_codes_and_flags(office):
    line = office.one("2024-12/认定.csv", "认定书编号,事故时间,认定结论,性别,是否涉及第三人\n"
                      "1,2024-01-01,予以认定,男,是\n2,2024-01-01,非工伤,2,N\n3,2024-01-01,已核定,?,也许\n")
    assert [(row["conclusion"], row["sex"], row["is_third_party"], row["marks"]) for row in office.rows(line)] == [
        ("recognised", "male", True, None), ("refused", "female", False, None),
        (None, None, None, "sex,is_third_party,conclusion"),
    ]


def test_every_text_of_a_code_list_means_its_code(office):
    texts = [(text, code) for code, accepted in codes.CONCLUSION.items() for text in accepted]
    lines = "".join(f"{n},2024-01-01,{text}\n" for n, (text, _) in enumerate(texts))
    line = office.one("2024-12/认定.csv", "认定书编号,事故时间,认定结论\n" + lines)
    assert [row["conclusion"] for row in office.rows(line)] == [code for _, code in texts]


def test_a_row_with_a_key_is_identified_by_it_and_one_without_by_all_its_values(office):
    head, rest = "支付流水号,待遇项目,支付金额,支付日期\n", "医疗费,1,2024-01-01"
    line = office.one("2024-12/支付.csv", f"{head}P1,{rest}\n,{rest}\n,{rest}\n,医疗费,2,2024-01-01\n")
    rows = office.rows(line)
    assert [row["is_keyless"] for row in rows] == [False, True, True, True]
    assert rows[0]["identity"] == "P1"
    assert rows[1]["identity"] == rows[2]["identity"] != rows[3]["identity"]


def test_when_a_row_was_recorded(office):
    """The receipt's month; without it the month after the period, over the end of a year too."""
    line = office.one("2024-12/缴费.csv", PREMIUM + "1,202311,1,1,,,2024-02-01\n1,202311,1,1,,,\n1,202312,1,1,,,\n")
    assert [row["recorded_month"] for row in office.rows(line)] == [202402, 202312, 202401]


def test_a_year_is_recorded_at_its_end(office):
    [row] = office.rows(office.one("2024-12/基金.csv", "年度,征缴收入\n2023年度,5\n"))
    assert (row["year"], row["recorded_month"]) == (2023, 202312)


def test_months_in_which_a_unit_comes_twice(office):
    rows = "1,202401,1,1,,,\n1,202402,1,1,,,\n1,202402,2,1,,正常,\n1,202403,1,1,,补缴,\n"
    line = office.one("2024-12/缴费.csv", PREMIUM + rows)
    assert (line["premium_months"], line["repeated_months"]) == ("202401,202402", "202402")


def test_a_long_file_is_read_in_parts_and_says_how_far_it_is(office, monkeypatch, caplog):
    monkeypatch.setattr(readers, "ROWS_PER_BATCH", 10)
    monkeypatch.setattr(text, "READ_BYTES", 400)
    monkeypatch.setattr(store, "PROGRESS_ROWS", 100)
    caplog.set_level(logging.INFO, "yufang.ingest")
    rows = "".join(f"{1000 + n},202401,{n},{n}.10,,,\n" if n % 50 else f"{n}\n" for n in range(250))
    line = office.one("2024-12/缴费.csv", PREMIUM + rows)
    said = [re.fullmatch(r"2024-12/缴费\.csv：已读 (\d+) 行", record.getMessage()) for record in caplog.records]
    assert [int(match[1]) // 100 for match in said if match] == [1, 2] and all(said)
    assert [row["row_number"] for row in office.rejected(line)] == [2, 52, 102, 152, 202]
    assert [row["row_number"] - 2 for row in office.rows(line)] == [n for n in range(250) if n % 50]
    assert all(row["row_number"] - 2 == row["heads"] for row in office.rows(line))


# --- persons ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_id_name_or_narrative_lies_anywhere_in_the_cache(office, ending):
    if ending == "csv":
        office.put("2024-12/认定.csv", CLAIMS.encode("gb18030"))
    else:
        office.book("2024-12/认定.xlsx", 认定=[line.split(",") for line in CLAIMS.splitlines()])
    [line] = office.receive().values()
    assert line["rows_accepted"] == 3
    everything = b"".join(path.read_bytes() for path in office.cache.folder.rglob("*") if path.is_file())
    columns = pq.read_table(office.cache.rows("claim", line["digest"]))
    everything += str(columns.to_pylist()).encode()  # compression hides text from a search for bytes
    for secret in (WOMAN, MAN, "43070219900101", "19491231", NAME, STORY, "test-key"):
        assert secret.encode() not in everything, secret
    assert not {"person_name", "narrative"} & set(columns.column_names)


def test_sex_and_year_of_birth_fall_back_on_the_number(office):
    rows = office.rows(office.one("2024-12/认定.csv", CLAIMS))
    assert [(row["sex"], row["birth_year"]) for row in rows] == [("female", 1949), ("male", 1985), ("female", 1990)]
    assert ["person_key" in (row["marks"] or "") for row in rows] == [False, False, True]
    assert [row["clause"] for row in rows] == ["14-6", None, "14-1"]
    assert "clause" in rows[1]["marks"]


def test_pseudonyms_join_files_and_differ_by_key(office, another_office):
    training = f"项目编号,单位编号,社会保障号码,线上学时\nP1,1001,{WOMAN.lower()},4\n"
    office.put("2024-12/认定.csv", CLAIMS)
    office.put("2024-12/培训.csv", training)
    claim, training_record = (office.rows(line)[0] for _, line in sorted(office.receive().items(), reverse=True))
    pseudonym = privacy.replace_persons(pa.array([WOMAN]), b"test-key").key[0].as_py()
    assert claim["person_key"] == training_record["person_key"] == pseudonym
    other = another_office("another key")
    line = other.receive()["2024-12/认定.csv"]
    assert other.rows(line)[0]["person_key"] != claim["person_key"]


def test_two_keys_share_no_cache(office, another_office):
    office.one("2024-12/认定.csv", CLAIMS)
    another = another_office("another key")
    assert another.cache.root != office.cache.root
    assert another.receive()["2024-12/认定.csv"]["rows_accepted"] == 3
    assert "another key" not in str(another.cache.root)


def test_an_unknown_rule_names_its_column():
    assert parse.message_of(EXPORTS["claim"], "missing:recognition_id") == "“工伤认定信息ID或认定书编号”为空"
