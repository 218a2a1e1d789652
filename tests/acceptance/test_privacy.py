"""Planted numbers, names and narratives are found nowhere: no table, log, workbook, check sample or Dagster record."""

import contextlib
import io
import sqlite3
import zipfile
import zlib
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.contracts.exports import EXPORTS

NAMES = ("欧阳虚构甲", "司徒虚构乙", "慕容虚构丙", "上官虚构丁")
# Valid check digits (GB 11643); nobody's. The last has a wrong one.
NUMBERS = ("110105194912310028", "440524188001010014", "11010519491231002X", "430702199002290010")
NARRATIVES = ("在虚构冲床旁操作时被压伤左手", "下班骑车至虚构路口被撞")
MOBILE, CARD, SHORT = "13800138999", "6222021234567890128", "110105491231002"
SECRETS = (*NAMES, *NUMBERS, *NARRATIVES, "19491231", "1949-12-31", "虚构诊断书全文", MOBILE, CARD, SHORT, "0138999", "67890128")

CLAIMS = f"""
    认定书编号,单位编号,社会保障号码,姓名,性别,出生日期,事故时间,认定结论,认定日期,认定依据,事故经过
    T1,A,{NUMBERS[0]},{NAMES[0]},女,1949-12-31,2024-03-01,认定工伤,2024-03-02,第十四条第（一）项,{NARRATIVES[0]}
    T2,A,{NUMBERS[1]},{NAMES[1]},男,,2024-03-01,认定工伤,2024-03-02,{NARRATIVES[1]},{NARRATIVES[1]}
    T3,A,{NUMBERS[3]},{NAMES[2]},{NAMES[2]},{NUMBERS[2]},2024-03-01,认定工伤,2024-03-02,14-6,{NARRATIVES[1]}
    T4,A,{NUMBERS[2]},{NAMES[3]},男,,{NAMES[3]},认定工伤,2024-03-02,14-6,{NARRATIVES[0]}
    T5,A,{NUMBERS[2]},{NAMES[3]},男,,2024-03-01,认定工伤,2024-03-02,14-6,{NARRATIVES[0]},{NUMBERS[2]},{NAMES[0]}
"""
APPRAISALS = f"认定书编号,姓名,社会保障号码,鉴定结论日期,伤残等级,诊断\nT1,{NAMES[0]},{NUMBERS[0]},2024-06-01,七级,虚构诊断书全文"
PAYOUTS = f"""
    支付流水号,姓名,认定书编号,待遇项目,支付金额,支付日期
    P1,{NAMES[0]},T1,医疗费,{NUMBERS[0]}元,2024-06-01
    P2,,T1,医疗费,{NAMES[1]},2024-06-01
"""
TRAINING = f"项目编号,单位编号,姓名,社会保障号码,人员类别,线上学时\nX1,A,{NAMES[0]},{NUMBERS[0]},班组长,8"
WITHOUT_HEADINGS = f"{NAMES[0]},{NUMBERS[0]},{NARRATIVES[0]}\n{NAMES[1]},{NUMBERS[1]},{NARRATIVES[1]}"
HALF_KNOWN = f"""
    单位编号,{NAMES[2]},事故时间,认定日期,认定结论,{NUMBERS[2]},事故经过
    A,x,2024-03-01,2024-03-02,认定工伤,y,{NARRATIVES[0]}
"""


@pytest.fixture(scope="module")
def kept(new_bureau):
    """A month that the real job could first not publish, with its record on disk; the bureau and what was printed."""
    bureau, printed = new_bureau(), io.StringIO()
    bureau.deliver("2024-12", 参保单位="单位编号,单位名称,行业代码\nA,甲厂,3011", 单位缴费=bureau.premiums(2022, 2024, A=10),
                   工伤认定=CLAIMS, 劳动能力鉴定=APPRAISALS, 待遇支付=PAYOUTS, 培训记录=TRAINING,
                   无标题=WITHOUT_HEADINGS, 工伤认定_半=HALF_KNOWN)
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        assert not bureau.run("2024-12", is_kept=True)  # the half-known file blocks the month, and that is said
        bureau.settle(ignored_files={"2024-12/工伤认定_半.csv": "缺编号"})
        bureau.build("2024-12", with_papers=True)
    return bureau, printed.getvalue()


# What a cell of each value type may hold, so that a row is spoilt by nothing but what is planted in it.
USUAL = {"identifier": "A", "document_no": "T{n}", "date": "2024-03-01", "time": "2024-03-01 08:30", "month": "202403",
         "year": "2024", "amount": "1", "count": "1", "number": "1", "rate": "0.9%", "text": "甲", "flag": "是",
         "industry": "3011", "risk_class": "1", "grade": "7", "clause": "14-1", "birth_year": "1980-01-01"}
PLANTED = (NUMBERS[0], NUMBERS[2].lower(), SHORT, MOBILE, CARD, f"{NUMBERS[0][:6]} {NUMBERS[0][6:14]} {NUMBERS[0][14:]}",
           "".join(chr(ord(letter) + 0xFEE0) for letter in NUMBERS[2]), f"由{NAMES[0]}（{NUMBERS[0]}，电话{MOBILE}）转入{CARD}")


USUAL_ROWS = 400


def usual(column, number: int) -> str:
    """An ordinary cell."""
    if column.value == "code":
        return next(iter(column.codes.values()))[0]
    return USUAL.get(column.value, "").format(n=number)


def planted_file(export) -> str:
    """A file of a kind with every secret in every column, one to a row; the name is the row's person's where there is one."""
    lines = [",".join(column.title for column in export.columns)]
    # Columns whose first rows hold what they should are recognised without a question.
    lines += [",".join(usual(column, number) for column in export.columns) for number in range(USUAL_ROWS)]
    for column in export.columns:
        for secret in PLANTED:
            cells = {other.name: usual(other, len(lines)) for other in export.columns}
            cells |= {"person_name": NAMES[0]} if "person_name" in cells else {}
            if export.key and export[export.key[0]].value == "identifier":
                cells[export.key[0]] = f"K{len(lines)}"
            text = secret if "person_name" in cells or "由" not in secret else secret.replace(NAMES[0], "某人")
            lines.append(",".join((cells | {column.name: text}).values()))
    return "\n".join(lines)


@pytest.fixture(scope="module")
def everywhere(new_bureau):
    """A month of every kind with every secret in every column, by the real job; the bureau and what was printed."""
    bureau, printed = new_bureau(), io.StringIO()
    bureau.deliver("2024-12", **{export.title: planted_file(export) for export in EXPORTS.values()})
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        is_done = bureau.run("2024-12", is_kept=True)
    assert is_done, printed.getvalue()[-3000:]
    return bureau, printed.getvalue()


def test_what_is_planted_in_every_column_of_every_kind_is_found_nowhere(everywhere):
    bureau, printed = everywhere
    assert not found_in(printed)
    files = [path for path in bureau.place.data.rglob("*") if path.is_file()]
    assert {path.parent.name for path in files} >= set(EXPORTS)
    for path in files:
        for text in texts_of(path):
            assert not found_in(text), path


def test_most_planted_rows_are_kept_and_what_was_hidden_is_counted(everywhere):
    bureau, _ = everywhere
    for line in bureau.core("raw_file", "2024-12"):
        assert line["status"] == "accepted" and line["rows"] == USUAL_ROWS + len(EXPORTS[line["kind"]].columns) * len(PLANTED)
        assert "遮蔽个人信息" in line["message"], line["path"]
        assert (line["rows_accepted"] - USUAL_ROWS) * 8 >= line["rows"] - USUAL_ROWS, line


def test_a_person_is_the_same_unit_in_every_kind(everywhere):
    bureau, _ = everywhere
    kinds = ("enterprise", "premium", "claim", "key_staff")
    units = {kind: {row["enterprise_id"] for row in rows_of(bureau, kind)} for kind in kinds}
    masked = {kind: {unit for unit in found if unit and unit.startswith("P")} for kind, found in units.items()}
    assert masked["enterprise"] and all(found == masked["enterprise"] for found in masked.values())


def rows_of(bureau, kind: str) -> list[dict]:
    [path] = bureau.place.core.glob(f"export/*/{kind}/*.parquet")
    return pq.read_table(path).to_pylist()


def found_in(text: str) -> set[str]:
    return {secret for secret in SECRETS if secret in text}


def texts_of(path: Path):
    """Everything that a file says, however it is packed."""
    content = path.read_bytes()
    for encoding in ("utf-8", "gb18030", "utf-16-le"):
        yield content.decode(encoding, errors="ignore")
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        yield str(table.schema.metadata)
        yield str(table.to_pylist())
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(path) as book:
            yield from (book.read(name).decode("utf-8", errors="ignore") for name in book.namelist())
    if content.startswith(b"SQLite format 3"):
        yield from cells_of(path)


def cells_of(path: Path):
    """Every cell of an SQLite file; Dagster compresses some."""
    with sqlite3.connect(path) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for cell in (cell for name in names for row in connection.execute(f'SELECT * FROM "{name}"') for cell in row):
            if isinstance(cell, bytes):
                try:
                    cell = zlib.decompress(cell).decode("utf-8", errors="ignore")
                except zlib.error:
                    cell = cell.decode("utf-8", errors="ignore")
            yield str(cell)


def test_planted_persons_are_found_nowhere(kept):
    bureau, printed = kept
    assert "缺少必需的列" in printed and not found_in(printed)
    files = [path for path in bureau.place.data.rglob("*") if path.is_file()]
    assert {".parquet", ".xlsx", ".docx", ".json", ".db"} <= {path.suffix for path in files}
    for path in files:
        assert not found_in(str(path))
        for text in texts_of(path):
            assert not found_in(text), path
    # JSON may spell Chinese as escapes.
    escaped = {secret.encode("unicode_escape").decode() for secret in SECRETS if not secret.isascii()}
    said = "".join(text for path in files if path.suffix in (".json", ".db") for text in texts_of(path))
    assert not [secret for secret in escaped if secret in said]


def test_what_is_needed_of_a_person_stays(kept):
    bureau, _ = kept
    claims = {row["recognition_no"]: row for row in bureau.core("claim", "2024-12")}
    assert set(claims) == {"T1", "T2", "T3"}
    assert (claims["T1"]["sex"], claims["T1"]["birth_year"]) == ("female", 1949)
    assert all(len(row["person_key"]) == 32 for row in claims.values())
    assert "person_key" in claims["T3"]["marks"] and "birth_year" in claims["T3"]["marks"]
    rejected = {(row["path"], row["row_number"], row["rule"]) for row in bureau.mart("rejected_row", "2024-12")}
    assert rejected == {("2024-12/工伤认定.csv", 5, "unusable:accident_time"), ("2024-12/工伤认定.csv", 6, "cells"),
                        ("2024-12/待遇支付.csv", 2, "unusable:amount_yuan"), ("2024-12/待遇支付.csv", 3, "unusable:amount_yuan")}


def test_no_mart_holds_a_person_or_a_place(kept):
    bureau, _ = kept
    for path in bureau.published("2024-12").glob("*.parquet"):
        assert not set(pq.read_schema(path).names) & {"person_key", "accident_place", "disease", "birth_year"}
