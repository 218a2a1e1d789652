"""Archives: every file in them is a file of its own, under its own name, and nothing stays behind."""

import io
import zipfile

import pytest

from pipelines.ingest import intake, receive
from pipelines.ingest.readers import zipped

PREMIUM = "单位编号,费款所属期,缴费人数\n1001,202401,12\n"


def packed(files: dict[str, str | bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


def renamed(content: bytes, name: str, encoding: str) -> bytes:
    """An archive whose entry of as many x carries a name in an encoding that it does not state."""
    raw = name.encode(encoding)
    return content.replace(b"x" * len(raw), raw)


def test_every_file_of_an_archive_is_a_line(office):
    office.put("2024-12/a.zip", packed({
        "b/缴费.csv": PREMIUM, "说明.docx": b"PK", "a.csv": PREMIUM.replace("1001", "1002"), "__MACOSX/._a.csv": "x",
        ".DS_Store": "x", "~$a.xlsx": "x", "空/": "",
    }))
    table = receive.receive(office.raw, office.cache, {}).to_pylist()
    assert [(line["path"], line["status"], line["file_number"], line["rows"]) for line in table] == [
        ("2024-12/a.zip/a.csv", "accepted", 0, 1), ("2024-12/a.zip/b/缴费.csv", "accepted", 1, 1),
        ("2024-12/a.zip/说明.docx", "unknown", 2, 0)]
    assert len({line["digest"] for line in table}) == 3 and len({line["content"] for line in table}) == 1
    assert not list(office.cache.folder.glob("unpacked-*"))


def test_an_archive_is_read_once(office, monkeypatch):
    office.put("2024-12/a.zip", packed({"缴费.csv": PREMIUM}))
    first = office.receive()
    monkeypatch.setattr(intake, "_ingest_file", lambda *_: pytest.fail("read again"))
    assert office.receive() == first


def test_one_file_names_the_kind_of_another_no_more_than_its_folder(office):
    """Recognition looks at the name of the file, not of the archive."""
    ambiguous = "单位编号,年度\n1001,2024\n"
    office.put("2024-12/联席会议审定.zip", packed({"x.csv": ambiguous}))
    [packed_line] = office.receive().values()
    office.put("2024-11/x.csv", ambiguous)
    assert office.receive()["2024-11/x.csv"]["kind"] == packed_line["kind"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_names_in_old_encodings(office, encoding):
    raw = len("单位缴费.csv".encode(encoding))
    office.put("2024-12/a.zip", renamed(packed({"x" * raw: PREMIUM}), "单位缴费.csv", encoding))
    assert list(office.receive()) == ["2024-12/a.zip/单位缴费.csv"]


@pytest.mark.parametrize("name", ["../../../etc/缴费.csv", "/etc/缴费.csv", "..\\..\\缴费.csv", "C:\\缴费.csv"])
def test_names_lead_nowhere(office, name):
    before = {path for path in office.raw.parent.rglob("*")}
    office.put("2024-12/a.zip", packed({name: PREMIUM}))
    [(path, line)] = office.receive().items()
    assert line["status"] == "accepted" and ".." not in path and path.startswith("2024-12/a.zip/") and path.endswith("缴费.csv")
    outside = {path for path in office.raw.parent.rglob("*")} - before - set(office.cache.folder.rglob("*"))
    assert outside <= {office.raw / "2024-12", office.raw / "2024-12/a.zip", office.cache.folder}


def test_an_archive_in_an_archive(office):
    office.put("2024-12/a.zip", packed({"b.zip": packed({"缴费.csv": PREMIUM})}))
    assert {path: line["status"] for path, line in office.receive().items()} == {"2024-12/a.zip/b.zip/缴费.csv": "accepted"}


@pytest.mark.parametrize(("content", "status", "said"), [
    (packed({"a.zip": packed({"b.zip": packed({"c.csv": PREMIUM})})}), "unusable", "多层"), (packed({}), "unknown", "空的"),
    (packed({"a.csv": PREMIUM})[:-30], "unusable", "完整"), (b"Rar!\x1a\x07\x00", "unusable", "zip"), (b"", "unusable", "空的"),
])
def test_archives_that_cannot_be_unpacked_say_what_to_do(office, content, status, said):
    [line] = office.receive().values() if office.put("2024-12/a.zip", content) else []
    assert line["status"] == status and said in line["message"]


def test_an_archive_with_a_password_says_so(office):
    content = bytearray(packed({"a.csv": PREMIUM}))
    content[6] |= 1
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    assert "密码" in office.one("2024-12/a.zip", bytes(content))["message"]


def test_a_bad_file_in_an_archive_leaves_the_others(office):
    office.put("2024-12/a.zip", packed({"坏.xlsx": b"PK\x03\x04 cut", "缴费.csv": PREMIUM}))
    found = {path.rpartition("/")[2]: line["status"] for path, line in office.receive().items()}
    assert found == {"坏.xlsx": "unusable", "缴费.csv": "accepted"}


def test_a_file_in_an_archive_is_ignored_or_corrected_by_its_path(office):
    correction = """[[correction]]
file = "2024-12/a.zip/缴费.csv"
kind = "premium"
column = "缴费人数"
rows = [2]
value = "15"
reason = "漏报"
date = 2025-01-03
expected = 1
"""
    office.put("2024-12/a.zip", packed({"坏.xlsx": b"PK\x03\x04 cut", "缴费.csv": PREMIUM}))
    office.put("2024-12/更正.toml", correction)
    lines = office.receive(**{"2024-12__a.zip__坏.xlsx": "重复"})
    assert lines["2024-12/a.zip/坏.xlsx"]["status"] == "ignored" and "重复" in lines["2024-12/a.zip/坏.xlsx"]["message"]
    assert [row["heads"] for row in office.rows(lines["2024-12/a.zip/缴费.csv"])] == [15]


def test_more_files_than_anyone_delivers(office, monkeypatch):
    monkeypatch.setattr(zipped, "MOST_MEMBERS", 2)
    assert "超过 2 个" in office.one("2024-12/a.zip", packed({f"{n}.csv": PREMIUM for n in range(3)}))["message"]


def test_what_was_left_out_is_said_and_counted(office):
    text = f"缴费明细\n{PREMIUM}合计,,12\n{PREMIUM}制表人：张三\n小计,,24\n"
    line = office.one("2024-12/缴费.csv", text)
    assert (line["rows"], line["rows_left_out"], line["rows_rejected"]) == (2, 4, 0)
    assert "未计入：合计行 2 行（第4、8行）、重复表头 1 行（第5行）、表尾 1 行（第7行）" in line["message"]
    assert line["message"].startswith("第2行为表头；列：") and "张三" not in line["message"]
