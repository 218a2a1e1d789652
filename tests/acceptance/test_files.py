"""What becomes of bad, changed, vanished and unknown files, and of words in the settings that mean nothing."""

import io
import zipfile

import pytest
import xlwt

from pipelines.deliveries import BlockedMonthError
from pipelines.publish import ChangedRawFileError
from pipelines.settings import SettingsError


@pytest.fixture
def published(bureau):
    """A bureau with 2024-12 published."""
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, A=10), 工伤认定=bureau.claims(A="2024-03-01"))
    bureau.build("2024-12")
    return bureau


def state(folder) -> dict:
    """Every path below a folder with its bytes and its times."""
    return {path: (path.stat().st_mtime_ns, path.is_file() and path.read_bytes()) for path in sorted(folder.rglob("*"))}


def test_a_broken_file_in_a_new_folder_leaves_the_old_month_standing(published):
    before = published.bytes_of("2024-12")
    published.deliver("2025-01", 单位缴费="单位编号,费款所属期,实缴金额\nA,202501,100")
    with pytest.raises(BlockedMonthError) as refused:
        published.build("2025-01")
    said = str(refused.value)
    assert "2025-01 不能发布" in said and "2025-01/单位缴费.csv" in said
    assert "缺少必需的列：缴费人数" in said and "找到的列：单位编号、费款所属期、实缴金额" in said
    assert not published.published("2025-01").exists()
    assert published.bytes_of("2024-12") == before
    published.build("2024-12")
    assert published.bytes_of("2024-12") == before


def test_the_job_says_why_a_month_was_not_published(published, capfd):
    (published.place.raw / "2025-01").mkdir()
    (published.place.raw / "2025-01" / "工伤认定.xlsx").write_bytes(b"PK\x03\x04 half a workbook")
    assert not published.run("2025-01")
    said = capfd.readouterr().err
    assert "2025-01 没有发布；此前发布的月份不受影响" in said and "published_month" in said
    assert "2025-01/工伤认定.xlsx" in said and "重新导出" in said
    assert [path.name for path in sorted(published.place.marts.glob("month=*"))] == ["month=2024-12"]


def test_an_ignored_file_no_longer_blocks_and_its_reason_is_kept(published):
    published.deliver("2025-01", 单位缴费="单位编号,费款所属期,实缴金额\nA,202501,100")
    published.settle(ignored_files={"2025-01/单位缴费.csv": "供应商导出有误，已要求重发"})
    published.build("2025-01")
    [line] = [line for line in published.core("raw_file", "2025-01") if line["batch_month"] == 202501]
    assert (line["status"], line["message"]) == ("ignored", "按设置忽略：供应商导出有误，已要求重发")


def test_a_file_of_unknown_kind_is_recorded_and_blocks_nothing(published):
    published.deliver("2025-01", 食堂菜单="日期,菜名\n2025-01-02,红烧肉", 单位缴费="单位编号,费款所属期,缴费人数\nA,202501,10")
    published.build("2025-01")
    lines = {line["path"]: line["status"] for line in published.core("raw_file", "2025-01")}
    assert lines["2025-01/食堂菜单.csv"] == "unknown"


def test_a_changed_file_of_a_published_month_stops_the_run_until_accepted(published, monkeypatch):
    published.deliver("2024-12", 工伤认定=published.claims(A="2024-03-01 2024-03-02"))
    with pytest.raises(ChangedRawFileError, match=r"2024-12/工伤认定.csv（2024-12）"):
        published.build("2024-12")
    monkeypatch.setenv("YUFANG_ACCEPT_CHANGED", "1")
    published.build("2024-12")
    assert published.one("enterprise_risk", "2024-12", period="last_year")["injuries"] == 2
    monkeypatch.setenv("YUFANG_ACCEPT_CHANGED", "0")
    published.build("2024-12")


def test_a_vanished_file_of_a_published_month_stops_the_run(published):
    (published.place.raw / "2024-12" / "工伤认定.csv").unlink()
    published.deliver("2025-01", 单位缴费="单位编号,费款所属期,缴费人数\nA,202501,10")
    before = published.bytes_of("2024-12")
    assert not published.run("2025-01")
    assert published.bytes_of("2024-12") == before
    assert published.run("2025-01", accept_changed=True)


def test_a_file_that_is_added_to_a_published_months_folder_is_no_change_of_the_others(published):
    published.deliver("2024-12", 待遇支付="单位编号,待遇项目,支付金额,支付日期\nA,医疗费,60,2024-05-01")
    published.build("2024-12")
    assert published.one("enterprise_risk", "2024-12", period="last_year")["payout_yuan"] == 60


def test_raw_folders_are_only_read(published):
    for path in [published.place.raw, *published.place.raw.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = state(published.place.raw)
    published.build("2024-12")
    assert published.run("2024-12")
    assert state(published.place.raw) == before
    for path in [published.place.raw, *(path for path in published.place.raw.rglob("*") if path.is_dir())]:
        path.chmod(0o755)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"regions": "5"}, "regions 只能是 whole、4、6、text、agency"),
        ({"classification": "isic"}, "classification 不认识"),
        ({"delivery": {"claims": "snapshot"}}, r"\[delivery\] 的种类只能是"),
        ({"delivery": {"claim": "full"}}, r"\[delivery\] 的值只能是"),
        ({"ignored_files": {"2024-12/a.csv": " "}}, r"\[ignored_files\] 的每一项都要写明理由"),
    ],
)
def test_settings_that_mean_nothing_are_refused_in_a_sentence(bureau, said, message):
    with pytest.raises(SettingsError, match=message):
        bureau.settle(**said)


def test_a_misspelt_setting_is_named(bureau):
    bureau.settle()
    with bureau.place.settings_file.open("r+", encoding="utf-8") as file:
        text = file.read()
        file.seek(0)
        file.write('polity = "changde-2024"\n' + text)
    with pytest.raises(SettingsError, match="不认识的设置：polity"):
        bureau.place.settings()


def as_pages(lines: str, encoding: str) -> bytes:
    """The lines as a system prints them: a title, the heading again on the second page, totals, who printed it."""
    head, *rows = [line.split(",") for line in lines.splitlines()]
    half = len(rows) // 2
    table = [["某市工伤保险统计表"], head, *rows[:half], ["本页小计"], head, *rows[half:], ["合计", "", "999"], ["制表人：某某"]]
    return ("<html><table>" + "".join(f"<tr><td>{'<td>'.join(row)}</tr>" for row in table) + "</table>").encode(encoding)


def as_old_workbook(lines: str) -> bytes:
    """The lines as an .xls of two sheets, of which the second goes on without a heading."""
    rows = [line.split(",") for line in lines.splitlines()]
    book, made = xlwt.Workbook(), io.BytesIO()
    for title, part in (("Sheet1", rows[: len(rows) // 2]), ("Sheet2", rows[len(rows) // 2 :])):
        sheet = book.add_sheet(title)
        for number, row in enumerate(part):
            for column, value in enumerate(row):
                sheet.write(number, column, value)
    book.save(made)
    return made.getvalue()


def test_a_delivery_in_the_formats_of_real_systems_gives_the_same_marts(bureau, new_bureau):
    """One archive with a page of HTML called .xls, an old workbook in two sheets, and a text file with a stray quote."""
    premiums, claims = bureau.premiums(2022, 2024, A1=10, B2=20), bureau.claims(A1="2024-03-01 2024-05-01", B2="2023-07-01")
    units = '单位编号,单位名称,行业代码\nA1,"甲厂,3311\nB2,合计商贸有限公司,5212\n'
    bureau.deliver("2024-12", 单位缴费=premiums, 工伤认定=claims)
    (bureau.place.raw / "2024-12" / "参保单位.csv").write_text(units.replace('"甲厂', '"""甲厂"'), encoding="utf-8")
    rough = new_bureau()
    folder = rough.place.raw / "2024-12"
    folder.mkdir(parents=True)
    with zipfile.ZipFile(folder / "十二月.zip", "w") as archive:
        archive.writestr("缴费.xls", as_pages(premiums, "gbk"))
        archive.writestr("认定.et", as_old_workbook(claims))
        archive.writestr("单位.txt", units.replace(",", "\t").encode("utf-16"))
    for one in (bureau, rough):
        one.build("2024-12")
    lines = rough.core("raw_file", "2024-12")
    assert [(line["status"], line["rows_rejected"]) for line in lines] == [("accepted", 0)] * 4
    assert sum(line["rows_left_out"] for line in lines) == 4
    for name in ("enterprise_risk", "priority_enterprise"):
        assert rough.mart(name, "2024-12") == bureau.mart(name, "2024-12") != []
