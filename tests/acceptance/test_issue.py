"""Issued lists: what was put before the meeting stays as it was."""

import pytest

from pipelines.issue import KEPT, NUMBER, IssueError, issue, issued_plans


@pytest.fixture
def published(bureau):
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, A=10), 工伤认定=bureau.claims(A="2024-03-01"))
    bureau.build("2024-12", with_papers=True)
    return bureau


def test_the_archive_is_only_added_to(published):
    first = issue(published.place, 202412)
    held = {path: path.read_bytes() for path in first.rglob("*") if path.is_file()}
    assert {path.relative_to(first).as_posix() for path in held} == {
        *KEPT, NUMBER, *(f"documents/{name}.xlsx" for name in ("公开版", "建议名单", "联席会议审定表", "项目计划表")),
        "documents/方案(征求意见稿).docx", "documents/数据专项统计分析报告.docx", "documents/分析看板.html",
        "documents/一企一档/一企一档-01-A.docx"}
    with pytest.raises(IssueError, match="已经存档"):
        issue(published.place, 202412)
    published.deliver("2024-12", 待遇支付="单位编号,待遇项目,支付金额,支付日期\nA,医疗费,60,2024-05-01")
    published.build("2024-12", with_papers=True)
    second = issue(published.place, 202412)
    assert second != first and sorted(path.name for path in first.parent.iterdir()) == sorted((first.name, second.name))
    assert {path: path.read_bytes() for path in held} == held
    assert [row["version"] for row in issued_plans(published.place, 202501).to_pylist()] == [first.name, second.name]
    assert [(path / NUMBER).read_text(encoding="utf-8") for path in (first, second)] == ["1", "2"]


def test_an_issued_list_shares_no_file_with_the_working_copies(published):
    issued = issue(published.place, 202412)
    (issued / "manifest.json").write_text("{}", encoding="utf-8")
    assert (published.published("2024-12") / "manifest.json").read_text(encoding="utf-8") != "{}"
    assert all(path.stat().st_nlink == 1 for path in issued.rglob("*") if path.is_file())


def test_only_a_published_month_can_be_issued(published):
    with pytest.raises(IssueError, match="2025-01 还没有发布"):
        issue(published.place, 202501)
    assert not (published.place.data / "issued").exists()
