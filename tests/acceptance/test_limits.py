"""Limits of a list on a hand-made city, from the exports to the published list: quotas, trainees, not twice within the years."""

import pytest

from pipelines import policy
from pipelines.issue import issue, issued_before, issued_table
from pipelines.publish import StaleTableError

UNITS = "单位编号,单位名称,行业代码,行政区划代码,用工方式,参保状态\n"
INJURIES = {"A": 12, "B": 9, "C": 6, "D": 3}


def days(number: int, year: int) -> str:
    return " ".join(f"{year}-{n + 1:02d}-01" for n in range(number))


@pytest.fixture
def bureau_of_four(bureau):
    """Four units of one trade and one size that differ in their injuries, and so in their excess, in two districts."""
    places = {"A": ("3311", "430702"), "B": ("3311", "430702"), "C": ("3412", "430702"), "D": ("3311", "430703")}
    units = "\n".join(f"{unit},{unit}厂,{trade},{where},,正常" for unit, (trade, where) in places.items())
    bureau.deliver("2024-11", 参保单位=UNITS + units, 单位缴费=bureau.premiums(2022, 2024, A=100, B=100, C=100, D=100),
                   工伤认定=bureau.claims(**{unit: days(number, 2023) for unit, number in INJURIES.items()}))
    return bureau


def settle(bureau, tmp_path, limits: str, places: int = 2) -> None:
    """The default policy with these limits."""
    text = (policy.FOLDER / "expected-excess.toml").read_text(encoding="utf-8")
    text = text.replace("places = 22", f"places = {places}").replace('excludes = ["closed", "projects"]', limits)
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    bureau.settle(policy=str(tmp_path / "own.toml"))


def states(bureau, month: str) -> dict[str, str]:
    """What became of each unit: its rank with a mark of its state, or why it is out."""
    marks = {(True, False): "入选", (False, True): "备选", (False, False): "参考"}
    return {row["enterprise_id"]: row["excluded_reason"] or f"{row['rank']} {marks[row['is_listed'], row['is_reserve']]}"
            for row in bureau.mart("priority_enterprise", month)}


@pytest.mark.parametrize(("limits", "expected"), [
    ("", {"A": "1 入选", "B": "2 入选", "C": "3 备选", "D": "4 参考"}),
    ("per_district = 1", {"A": "1 入选", "B": "本区名额已满", "C": "本区名额已满", "D": "2 入选"}),
    ("per_industry = 1", {"A": "1 入选", "B": "本行业名额已满", "C": "2 入选", "D": "3 备选"}),
    ("minimum_trainees = 101", dict.fromkeys("ABCD", "受训人数不足")),
    ("minimum_person_years = 201", dict.fromkeys("ABCD", "人年不足")),
])
def test_each_limit_has_its_outcome(bureau_of_four, tmp_path, limits, expected):
    settle(bureau_of_four, tmp_path, limits)
    bureau_of_four.build("2024-11", until="priority_enterprise")
    assert states(bureau_of_four, "2024-11") == expected
    [said] = {row["comparison"] for row in bureau_of_four.mart("priority_enterprise", "2024-11")}
    assert ("完全相同" in said) == (not limits)


def test_who_was_decided_on_or_has_a_programme_is_not_listed_again(bureau_of_four, tmp_path):
    bureau_of_four.deliver("2024-11", 联席会议审定="年度,单位编号,是否入选\n2023,A,是\n2023,C,否\n2021,D,是",
                           工伤预防项目台账="项目编号,项目名称,单位编号,年度,服务机构\nP7,冲压,B,2023,某机构")
    settle(bureau_of_four, tmp_path, "served_within_years = 1")
    bureau_of_four.build("2024-11", until="priority_enterprise")
    assert states(bureau_of_four, "2024-11") == {
        "A": "近1年已服务（2023年联席会议审定）", "B": "近1年已服务（2023年项目 P7）", "C": "1 入选", "D": "2 入选"}


def test_an_issued_list_counts_for_later_months_and_never_for_its_own(bureau_of_four, tmp_path):
    city = bureau_of_four
    settle(city, tmp_path, "served_within_years = 0")
    city.build("2024-10")
    assert states(city, "2024-10") == {"A": "1 入选", "B": "2 入选", "C": "3 备选", "D": "4 参考"}
    name = issue(city.place, 202410).name
    city.build("2024-10", "2024-11")
    assert states(city, "2024-10")["A"] == "1 入选"
    said = f"本年度已服务（2024年名单 {name}）"
    assert states(city, "2024-11") == {"A": said, "B": said, "C": "1 入选", "D": "2 入选"}


def test_the_meetings_word_stands_above_the_issued_list(bureau_of_four, tmp_path):
    city = bureau_of_four
    settle(city, tmp_path, "served_within_years = 0")
    city.build("2024-10")
    issue(city.place, 202410)
    city.deliver("2024-11", 联席会议审定="年度,单位编号,是否入选\n2024,A,否\n2024,D,是")
    city.build("2024-11")
    assert states(city, "2024-11") == {"A": "1 入选", "B": "2 入选", "C": "3 备选", "D": "本年度已服务（2024年联席会议审定）"}


def test_a_list_that_stands_on_another_archive_is_not_published(bureau_of_four, tmp_path):
    """Issued after the later month was made: that month is stale until it is made anew. Where no policy asks, no list is."""
    city = bureau_of_four
    settle(city, tmp_path, "served_within_years = 0")
    city.build("2024-10", "2024-11")
    before = issued_table(city.place, 202411)
    issue(city.place, 202410)
    assert issued_table(city.place, 202411) != before and issued_before(city.place, 202410) == []
    assert [one.listed for one in issued_before(city.place, 202411)] == [("A", "B")]
    with pytest.raises(StaleTableError, match="priority_enterprise"):
        city.make("published_month", "2024-11")
    city.make("published_month", "2024-10")
    settle(city, tmp_path, "per_district = 2")
    city.build("2024-10", "2024-11")
    issue(city.place, 202410)
    # Decisions, plan and effects are set beside what was issued; the list stands.
    with pytest.raises(StaleTableError, match="：decided_enterprise、plan_change、programme_effect$"):
        city.make("published_month", "2024-11")
    city.build("2024-11")
    city.make("published_month", "2024-11")
