"""Files of data/raw and their lines in raw_file: the good, the unknown, the broken, the ignored, and those seen before."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.ingest import intake, receive, store

NAME = "欧阳某某"
PREMIUM = "单位编号,费款所属期,缴费人数,实缴金额,单位费率,缴费类型,到账日期\n"


def test_a_file_of_unknown_kind_is_a_warning_that_names_what_was_known(office):
    line = office.one("2024-12/别的.csv", f"性别,备注,{NAME}\n男,无,1\n")
    assert (line["status"], line["kind"], line["rows"]) == ("unknown", None, 0)
    assert "3 列中认识的：性别" in line["message"] and NAME not in line["message"]
    assert "没有一个认识的列名" in office.one("2024-12/别的.csv", "甲,乙\n1,2\n")["message"]


def test_a_missing_required_column_is_said_with_what_was_found(office):
    line = office.one("2024-12/单位缴费.csv", "单位编号,费款所属期,实缴金额\n1001,202401,5\n")
    assert (line["status"], line["kind"], line["rows_accepted"]) == ("unusable", "premium", 0)
    assert line["message"] == "单位缴费缺少必需的列：缴费人数；找到的列：单位编号、费款所属期、实缴金额"


@pytest.mark.parametrize(("name", "content", "status", "said"), [
    ("认定.xlsx", b"PK\x03\x04 cut off", "unusable", "文件无法打开"),
    ("认定.parquet", b"PAR1", "unusable", "文件无法打开"),
    ("认定.xls", b"\xd0\xcf\x11\xe0", "unusable", "无法打开"),
    ("认定.wps", b"\xd0\xcf\x11\xe0", "unknown", "请另存为"),
    ("说明.docx", b"PK", "unknown", "请另存为"),
    ("空.csv", b"", "unknown", "空"),
    ("杂.csv", bytes(range(1, 256)) * 20, "unknown", "不认识的数据种类"),
])
def test_a_bad_file_is_recorded_and_not_raised(office, name, content, status, said):
    line = office.one(f"2024-12/{name}", content)
    assert line["status"] == status and said in line["message"]


def test_a_file_that_breaks_off_while_it_is_read_is_recorded(office, monkeypatch):
    def breaks_off(*_):
        raise pa.ArrowInvalid("CSV parser got out of sync with chunker")

    with monkeypatch.context() as patch:
        patch.setattr(store, "_parsed", breaks_off)
        line = office.one("2024-12/缴费.csv", PREMIUM + "1,202401,1,1,,,\n")
        assert (line["status"], line["kind"]) == ("unusable", "premium") and "读到一半出错" in line["message"]
    # What failed is tried anew: the cause may have been the disk and not the file.
    assert office.receive()["2024-12/缴费.csv"]["status"] == "accepted"


def test_every_sheet_of_a_workbook_is_a_line(office):
    premium = [["单位编号", "费款所属期", "缴费人数"], ["1001", "202401", 12]]
    office.book("2024-12/合.xlsx", 缴费=premium, 说明=[["填表说明"], ["x"]], 缴费二=premium)
    table = receive.receive(office.raw, office.cache, {}).to_pylist()
    assert [(line["sheet"], line["status"], line["file_number"]) for line in table] == [
        ("缴费", "accepted", 0), ("说明", "unknown", 1), ("缴费二", "accepted", 2)
    ]
    assert len({line["digest"] for line in table}) == 3 and len({line["content"] for line in table}) == 1


def test_the_same_file_in_two_batches_is_read_once(office, monkeypatch):
    office.put("2024-11/缴费.csv", PREMIUM + "1,202401,1,1,,,\n")
    office.put("2024-12/缴费.csv", PREMIUM + "1,202401,1,1,,,\n")
    office.put("2024-12/再/缴费.csv", PREMIUM + "1,202401,2,1,,,\n")
    reads, read = [], intake._ingest_file
    monkeypatch.setattr(intake, "_ingest_file", lambda path, *rest: reads.append(path) or read(path, *rest))
    lines = office.receive()
    assert len(reads) == 2
    assert lines["2024-11/缴费.csv"]["digest"] == lines["2024-12/缴费.csv"]["digest"] != lines["2024-12/再/缴费.csv"]["digest"]
    assert office.receive() == lines and len(reads) == 2


def test_a_lost_cache_file_is_made_again(office):
    line = office.one("2024-12/缴费.csv", PREMIUM + "1,202401,1,1,,,\n")
    path = office.cache.rows("premium", line["digest"])
    before = path.read_bytes()
    path.unlink()
    assert list(office.receive().values()) == [line]
    assert path.read_bytes() == before


def test_a_changed_file_has_another_digest(office):
    first = office.one("2024-12/缴费.csv", PREMIUM + "1,202401,1,1,,,\n")
    second = office.one("2024-12/缴费.csv", PREMIUM + "1,202401,2,1,,,\n")
    assert first["digest"] != second["digest"] and first["content"] != second["content"]


def test_ignored_files_and_the_marker_are_said_and_not_read(office):
    office.put("2024-12/坏.csv", b"\x00\xff")
    office.put(f"2024-12/{receive.MARKER}", "模拟")
    lines = office.receive(**{"2024-12__坏.csv": "重复上报"})
    assert [(path, line["status"]) for path, line in lines.items()] == [
        ("2024-12/坏.csv", "ignored"), ("2024-12/模拟数据.txt", "marker")
    ]
    assert "重复上报" in lines["2024-12/坏.csv"]["message"]


def test_what_lies_in_raw_and_is_no_delivery(office):
    for name in ("README.md", "2024-13/a.csv", "24-01/a.csv", "2024-12/.hidden.csv", "2024-12/~$缴费.xlsx"):
        office.put(name, PREMIUM)
    (office.raw / "2024-12" / "sub").mkdir()
    assert office.receive() == {}
    assert set(receive.batches(office.raw)) == {202412}
    assert receive.batches(office.raw / "absent") == {}


def test_files_come_in_a_fixed_order_with_their_folders(office):
    for name in ("2024-12/b.csv", "2024-12/a/z.csv", "2024-01/z.csv", "2024-12/A.csv"):
        office.put(name, "甲\n")
    assert [(path, line["file_number"]) for path, line in office.receive().items()] == [
        ("2024-01/z.csv", 0), ("2024-12/A.csv", 0), ("2024-12/a/z.csv", 1), ("2024-12/b.csv", 2)
    ]


def test_received_is_accepted_and_rejected_in_every_file(simulated_raw, tmp_path):
    cache = receive.Cache(tmp_path / "core", b"test-key")
    lines = receive.receive(simulated_raw, cache, {}).to_pylist()
    assert {line["status"] for line in lines} == {"accepted", "marker"}
    for line in (line for line in lines if line["status"] == "accepted"):
        rows = pq.read_metadata(cache.rows(line["kind"], line["digest"])).num_rows
        rejected = pq.read_metadata(cache.rejected(line["digest"])).num_rows
        assert (rows, rejected) == (line["rows_accepted"], line["rows_rejected"]), line["path"]
        assert line["rows"] == rows + rejected > 0
