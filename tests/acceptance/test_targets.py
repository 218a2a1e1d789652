"""The plans' targets: the baseline as it was known and ever after, the years since at the same age of data, the path between."""

import pytest

from pipelines.periods import add_months

UNITS = "单位编号,单位名称,行业代码,参保状态\nA,甲机械厂,3411,正常\nB,乙超市,5211,正常\nC,丙工程,4710,正常"
CLAIM = "认定书编号,单位编号,事故时间,认定结论,认定日期,认定依据"
PRODUCTION, COMMUTING, SUDDEN = "第十四条第（一）项", "第十四条第（六）项", "第十五条第（一）项"


def claims(unit: str, year: int, number: int, clause: str = PRODUCTION, months_later: int = 1) -> list[str]:
    """So many accidents in a year, spread over its months, each decided some months later."""
    lines = []
    for n in range(number):
        accident = year * 100 + n % 12 + 1
        decided = add_months(accident, months_later)
        day, decided_on = (f"{month // 100}-{month % 100:02d}-03" for month in (accident, decided))
        lines.append(f"{unit}{clause[2]}{clause[6]}{year}-{n},{unit},{day},认定工伤,{decided_on},{clause}")
    return lines


def file(*parts: list[str]) -> str:
    return "\n".join([CLAIM, *(line for part in parts for line in part)])


def target(bureau, month: str, name: str) -> dict[int, dict]:
    rows = [row for row in bureau.mart("target_progress", month) if row["target_id"].endswith(name)]
    assert rows, sorted({row["target_id"] for row in bureau.mart("target_progress", month)})
    return {row["year"]: row for row in rows}


@pytest.fixture(scope="module")
def city(new_bureau):
    """Machinery (A) and trade (B) with 1000 heads each since 2020, as delivered in December 2022; C builds without heads."""
    bureau = new_bureau()
    old = [claims("A", year, number) for year, number in ((2020, 40), (2021, 36), (2022, 60))]
    trade = [claims("B", year, 20) for year in (2020, 2021, 2022)]
    bureau.deliver("2022-12", 参保单位=UNITS, 单位缴费=bureau.premiums(2020, 2022, A=1000, B=1000),
                   工伤认定=file(*old, *([line for line in part if line.split(",")[4] < "2023"] for part in trade),
                             claims("C", 2022, 5)),
                   重点企业名录="单位编号,名录类别,列入日期\nC,机械,2020-01-01")
    bureau.build("2022-12", until="target_progress")
    return bureau


def test_the_baseline_the_path_and_the_years_since(city):
    rows = target(city, "2022-12", "2021-07-machinery")
    assert set(rows) == {2020, 2021, 2022}
    assert (rows[2020]["baseline_figure"], rows[2020]["is_baseline_settled"], rows[2020]["known_month"]) == (4.0, True, 202112)
    assert rows[2020]["target_figure"] == pytest.approx(4.0 * 0.8) and rows[2020]["change_pct"] is None
    # Minus 20 % in five equal steps of one proportion: 0.8 ** (1 / 5) a year.
    assert rows[2021]["required_figure"] == pytest.approx(4.0 * 0.8 ** 0.2, abs=1e-4)
    assert (rows[2021]["figure"], rows[2021]["change_pct"], rows[2021]["known_month"]) == (3.6, -10.0, 202212)
    assert rows[2021]["projected_figure"] == 3.6
    assert rows[2021]["change_low_pct"] < -10 < rows[2021]["change_high_pct"]
    assert (rows[2021]["enterprises"], rows[2021]["injuries"], rows[2021]["person_years"]) == (1, 36, 1000)
    assert rows[2021]["industries"] == "C33、C34、C35、C36、C37、C38、C40、C43；名录：机械"


def test_a_year_that_is_not_settled_is_brought_to_the_age_of_the_baseline(city):
    """All cases are decided a month later, so of 2022 all but December's are known in December: 11 of 12 months."""
    row = target(city, "2022-12", "2021-07-machinery")[2022]
    assert (row["injuries"], row["figure"], row["known_month"]) == (55, 5.5, 202212)
    assert row["projected_figure"] == pytest.approx(6.0, abs=1e-3) and row["change_pct"] == pytest.approx(50, abs=0.05)
    assert row["verdict"] == "behind" and row["probability_pct"] < 5


def test_key_industries_are_taken_together_and_units_without_heads_have_no_rate(city):
    key, construction = (target(city, "2022-12", name)[2022] for name in ("2021-02-key", "2021-05-construction"))
    assert (key["injuries"], key["person_years"], key["enterprises"]) == (55, 1000, 1)
    assert construction["figure"] is None and construction["reason"].startswith("2022 年这些单位没有缴费人数")
    whole = target(city, "2022-12", "2021-01-city")
    assert (whole[2021]["injuries"], whole[2021]["person_years"]) == (56, 2000)
    assert (whole[2021]["required_figure"], whole[2021]["verdict"]) == (None, None)  # no number is aimed at
    hazardous = target(city, "2022-12", "2021-03-hazardous")
    assert hazardous[2020]["baseline_figure"] is None and "没有这些行业或名录的单位" in hazardous[2020]["reason"]


def test_a_settled_baseline_never_moves(city):
    """A later delivery has more injuries and other heads of 2020 and moves units: 2020 stands as it was known."""
    more = "A,202005,99999,1,2023-01-10\nB,202006,5,1,2023-01-10"
    city.deliver("2023-01", 参保单位=f"{UNITS.replace('3411', '5211')}\nD,丁机械厂,3411,正常",
                 单位缴费=f"单位编号,费款所属期,缴费人数,实缴金额,到账日期\n{more}",
                 工伤认定=file(claims("A", 2020, 13, COMMUTING, 36), ["A四一2020-0,A,2020-01-03,撤销,2023-01-05,"]),
                 重点企业名录="单位编号,名录类别,列入日期\nB,机械,2020-01-01")
    city.build("2023-01", until="target_progress")
    before, after = (target(city, month, "2021-07-machinery") for month in ("2022-12", "2023-01"))
    assert before[2020] | {"as_of_month": 0} == after[2020] | {"as_of_month": 0}
    # Today's list puts B among the machinery and A among the trade: the years since follow it, the baseline does not.
    assert after[2021]["injuries"] == 20 and before[2021]["injuries"] == 36


def test_a_list_that_came_after_the_baseline_counts_in_no_year(bureau):
    bureau.deliver("2022-12", 参保单位=UNITS, 单位缴费=bureau.premiums(2020, 2022, A=1000, B=1000),
                   工伤认定=file(*(claims(unit, year, 24) for unit in "AB" for year in (2020, 2021))))
    bureau.deliver("2023-01", 重点企业名录="单位编号,名录类别,列入日期\nB,机械,2020-01-01")
    bureau.build("2023-01", until="target_progress")
    rows = target(bureau, "2023-01", "2021-07-machinery")
    assert [rows[year]["injuries"] for year in (2020, 2021)] == [24, 24]
    assert rows[2021]["industries"] == "C33、C34、C35、C36、C37、C38、C40、C43"


def test_breaks_of_the_series_are_noted(bureau):
    bureau.deliver("2026-12", 参保单位=UNITS, 单位缴费=bureau.premiums(2024, 2026, A=1000, B=1000),
                   工伤认定=file(*(claims("A", year, 40) for year in (2024, 2025)), claims("A", 2026, 33)))
    bureau.build("2026-12", until="target_progress")
    old, new = (target(bureau, "2026-12", name) for name in ("2021-07-machinery", "2026-06-machinery"))
    assert set(old) == {2020, 2021, 2022, 2023, 2024, 2025} and set(new) == {2025, 2026}
    assert old[2020]["reason"].startswith("2020 年的认定数据不全，自 2024-0")
    assert old[2025]["reason"].startswith("没有基期：2020 年")
    assert old[2024]["figure"] == 4.0 and old[2024]["verdict"] is None
    assert new[2025]["series_breaks"].startswith("2025-11 意见（三）")
    assert "2026-07 事故类别改用 GB 6441—2025" in new[2026]["series_breaks"]
    assert "2026-12 首次交付" in new[2026]["series_breaks"] and "2025-11" not in (old[2024]["series_breaks"] or "")
    assert new[2026]["required_figure"] == pytest.approx(4.0 * 0.9 ** 0.2, abs=1e-4)


def test_key_circumstances_are_shares_and_platforms_are_counts(bureau):
    bureau.deliver("2026-12", 参保单位=UNITS, 单位缴费=bureau.premiums(2024, 2026, A=1000, B=1000),
                   工伤认定=file(*(claims("A", year, 36) for year in (2024, 2025, 2026)), claims("B", 2025, 12, COMMUTING),
                             claims("B", 2026, 2, SUDDEN)),
                   职业伤害="事件编号,平台企业,事故时间\nE1,某平台,2025-05-01\nE2,某平台,2025-06-01\nE3,某平台,2026-05-01")
    bureau.build("2026-12", until="target_progress")
    commuting, sudden, platform = (target(bureau, "2026-12", name) for name in ("commuting", "sudden-death", "platform"))
    assert (commuting[2025]["figure"], commuting[2025]["injuries"], commuting[2025]["measure"]) == (25.0, 12, "share")
    assert commuting[2026]["figure"] == 0 and sudden[2025]["figure"] == 0
    # Clopper–Pearson for 12 of 48.
    assert (commuting[2025]["figure_low"], commuting[2025]["figure_high"]) == pytest.approx((13.64, 39.60), abs=0.01)
    assert commuting[2026]["target_figure"] is None and commuting[2026]["verdict"] is None
    assert [platform[year]["figure"] for year in (2025, 2026)] == [2, 1]
    assert (platform[2026]["required_figure"], platform[2026]["person_years"]) == (None, None)
    assert "没有参保人数" in platform[2026]["reason"]


def test_targets_are_reported_on_while_they_are_in_force(bureau):
    bureau.deliver("2026-03", 参保单位=UNITS, 单位缴费=bureau.premiums(2024, 2025, A=1000), 工伤认定=file(claims("A", 2025, 36)))
    bureau.build("2026-02", "2026-03", until="target_progress")
    plans = [{row["target_id"][:4] for row in bureau.mart("target_progress", month)} for month in ("2026-02", "2026-03")]
    assert plans == [{"2021"}, {"2021", "2026"}]
    [baseline] = target(bureau, "2026-03", "2026-06-machinery").values()
    assert (baseline["year"], baseline["is_baseline_settled"], baseline["known_month"]) == (2025, False, 202603)


def test_a_city_without_anything_says_so(bureau):
    bureau.deliver("2024-12", 参保单位=UNITS)
    bureau.build("2024-12", until="target_progress")
    rows = target(bureau, "2024-12", "2021-02-key")
    assert {row["figure"] for row in rows.values()} == {None} and rows[2020]["reason"] == "没有 2020 年的认定数据"


def test_a_year_whose_late_claims_cannot_be_told_shows_what_is_known_and_no_verdict(bureau):
    """Forty cases a year are too few to tell how late they come: the newest year stays as reported."""
    bureau.deliver("2022-12", 参保单位=UNITS, 单位缴费=bureau.premiums(2020, 2022, A=1000),
                   工伤认定=file(claims("A", 2020, 40), claims("A", 2021, 36), claims("A", 2022, 11)))
    bureau.build("2022-12", until="target_progress")
    rows = target(bureau, "2022-12", "2021-07-machinery")
    assert (rows[2021]["change_pct"], rows[2021]["verdict"]) == (-10.0, "unclear")
    assert (rows[2022]["figure"], rows[2022]["projected_figure"], rows[2022]["verdict"]) == (1.1, None, None)
    assert "2023-12 才齐" in rows[2022]["reason"] and "全部只有" in rows[2022]["reason"]
