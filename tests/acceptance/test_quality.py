"""Data quality: what is planted is found, in the row where it lies, and counted once in its series."""

from collections import Counter

import pytest

MONTH = "2025-01"
UNITS = [f"S{n:02d}" for n in range(40)]


def enterprises() -> str:
    """Forty small shops of one division under two agencies, and a dispatch agency."""
    head = "单位编号,单位名称,行业代码,行业风险类别,经办机构,用工方式,职工人数,参保日期,注销日期,经度,纬度"
    lines = [f"{unit},店{unit},6290,2,{'甲' if n % 2 else '乙'},直接用工,{5 + n % 7},2020-01-01,,111.7,29.0"
             for n, unit in enumerate(UNITS)]
    lines[3] = "S03,店S03,6290,2,甲,直接用工,8,2020-01-01,2019-05-01,29.0,111.7"
    return "\n".join([head, *lines, "D1,派遣公司,7263,2,甲,劳务派遣,3,2020-01-01,,,"])


def premiums(month: int, **planted: str) -> str:
    """A month of every shop: heads, wage base, rate; `planted` replaces a unit's line."""
    head = "单位编号,费款所属期,缴费人数,缴费基数总额,单位费率,实缴金额,到账日期"
    day = f"{month // 100}-{month % 100:02d}-20"
    lines = {unit: f"{unit},{month},{5 + n % 7},{(5 + n % 7) * 6000},0.4%,100,{day}" for n, unit in enumerate(UNITS)}
    return "\n".join([head, *{**lines, **planted}.values()])


CLAIMS = """
    认定书编号,单位编号,社会保障号码,出生日期,事故时间,认定申请日期,认定日期,认定结论,认定依据,因工死亡时间
    T1,S01,110105198512310029,,2025-01-05 10:00,2025-01-08,2025-01-20,认定工伤,14-1,
    T2,S02,440524198801010012,,2025-01-05 10:00,2025-01-08,2025-01-20,认定工伤,14-1,
    T3,S03,,2012-05-01,2025-01-05 10:00,2025-01-08,2025-01-20,认定工伤,14-1,
    T4,S04,,1980-05-01,2025-01-05 10:00,2025-01-03,2025-01-20,认定工伤,14-1,
    T5,S05,,1980-05-01,2025-01-15 10:00,2025-01-10,2025-01-12,认定工伤,14-1,
    T6,S06,,1980-05-01,2025-01-05 10:00,2025-01-08,2025-01-20,认定工伤,15-1,2025-01-02
    T7,S07,110105199003076590,,2025-01-06 10:00,2025-01-08,2025-01-20,认定工伤,14-1,
    T8,S08,110105199003076590,,2025-01-06,2025-01-08,,认定工伤,,
    T9,,,1980-05-01,2024-06-06 09:00,2025-01-08,2025-01-07,认定工伤,第九十九条,
    T9,,,1980-05-01,2024-06-06 09:00,2025-01-08,2025-01-07,认定工伤,第九十九条,
"""


@pytest.fixture(scope="module")
def city(new_bureau):
    """Two months of a small city, the second one with one of every doubt."""
    bureau = new_bureau()
    bureau.deliver("2024-12", 参保单位=enterprises(), 单位缴费2024年12月=premiums(202412))
    planted = {
        "S00": "S00,202501,10,30,0.4%,100,2025-01-20", "S01": "S01,202501,5,2000000,0.4%,100,2025-01-20",
        "S02": "S02,202501,5000,30000000,0.4%,100,2025-01-20", "S04": "S04,202501,9,54000,4.9%,100,2025-01-20",
        "D1": "D1,202501,9000,54000000,0.4%,100,2025-01-20", "X9": "X9,202501,3,18000,0.4%,100,",
        "X8": "X8,202513,3,18000,0.4%,100,2025-01-20",
    }
    bureau.deliver("2025-01", 单位缴费2025年1月=premiums(202501, **planted), 工伤认定=CLAIMS, 待遇支付="""
        支付流水号,认定书编号,单位编号,待遇项目,支付金额,支付日期,待遇年月
        P1,T6,S06,一次性工亡补助金,1083760,2025-01-25,202501
        P2,T6,S06,一次性工亡补助金,1083761,2025-01-25,202411
        P3,T1,S01,一次性伤残补助金,9000000,2025-01-25,202501
        P4,T6,S06,丧葬补助金,500000,2025-01-25,202501
        P5,T6,S06,医疗费,9000000,2025-01-25,202501
        P6,T6,S06,一次性伤残补助金,-9000000,2025-01-25,202501
        """)
    bureau.build("2024-12", MONTH)
    return bureau


DOUBTS = {
    ("enterprise", 5): {"cancelled_before_insured", "place_outside"},
    ("premium", 2): {"wage_low"}, ("premium", 3): {"wage_high"},
    ("premium", 4): {"heads_of_staff", "heads_jump", "heads_of_industry"}, ("premium", 6): {"rate_of_class"},
    ("claim", 3): {"unreadable"}, ("claim", 4): {"too_young"}, ("claim", 5): {"applied_before_accident"},
    ("claim", 6): {"applied_before_accident", "decided_before_accident"}, ("claim", 7): {"died_before_accident"},
    ("claim", 8): {"same_person_day"}, ("claim", 9): {"same_person_day"}, ("claim", 10): {"decided_before_applied", "unreadable"},
    ("claim", 11): {"decided_before_applied", "unreadable"},
    ("payout", 3): {"above_limit"}, ("payout", 4): {"above_limit"}, ("payout", 5): {"above_limit"},
}


def test_each_doubt_is_found_in_its_row_and_nowhere_else(city):
    found: dict[tuple, set] = {}
    for row in city.core("doubtful_row", MONTH):
        found.setdefault((row["kind"], row["row_number"]), set()).add(row["rule"])
    assert found == DOUBTS
    unreadable = [row["column_name"] for row in city.core("doubtful_row", MONTH) if row["rule"] == "unreadable"]
    assert sorted(unreadable) == ["clause", "clause", "person_key"]


def test_a_doubt_says_whose_it_is_and_never_a_value(city):
    [row] = [row for row in city.core("doubtful_row", MONTH) if row["rule"] == "wage_low"]
    told = [row[name] for name in ("enterprise_id", "agency", "reference", "column_name")]
    assert told == ["S00", "乙", "202501", "wage_base_yuan"]
    assert "500 元" in row["message"]
    said = str(city.mart("data_quality", MONTH)) + str(city.core("doubtful_row", MONTH))
    assert "440524" not in said and "199003" not in said and "九十九" not in said


def whole(city, rule: str, column: str, kind: str, batch: int = 202501) -> dict:
    return city.one("data_quality", MONTH, agency="all", rule=rule, column_name=column, kind=kind, batch_month=batch)


@pytest.mark.parametrize(("kind", "rule", "column", "rows", "affected"), [
    ("premium", "wage_low", "wage_base_yuan", 42, 1), ("premium", "heads_jump", "heads", 42, 1),
    ("premium", "rejected", "period", 43, 1), ("premium", "rejected", "", 43, 0), ("premium", "empty", "received_on", 42, 1),
    ("premium", "unknown_unit", "enterprise_id", 42, 1), ("premium", "missing_column", "payment_kind", 42, 42),
    ("claim", "empty", "enterprise_id", 10, 2), ("claim", "unreadable", "clause", 10, 2), ("claim", "repeated", "", 10, 1),
    ("claim", "no_hour", "accident_time", 10, 1), ("claim", "no_clause", "clause", 10, 3),
    ("claim", "no_decision_day", "decided_on", 10, 1), ("claim", "apply_delay", "applied_on", 8, 2),
    ("payout", "payment_delay", "paid_on", 6, 1), ("payout", "above_limit", "amount_yuan", 6, 3),
])
def test_counts(city, kind, rule, column, rows, affected):
    found = whole(city, rule, column, kind)
    assert (found["rows"], found["affected"]) == (rows, affected)


def test_medians_are_of_the_rows_with_both_dates(city):
    assert whole(city, "apply_delay", "applied_on", "claim")["median_delay"] == 3
    assert whole(city, "receipt_delay", "received_on", "premium")["median_delay"] == 0


def test_the_trend_follows_a_source_whose_file_names_carry_months(city):
    before, now = (whole(city, "wage_low", "wage_base_yuan", "premium", batch) for batch in (202412, 202501))
    assert before["source"] == now["source"] == "单位缴费"
    assert (before["share_pct"], before["share_before_pct"], before["verdict"]) == (0.0, None, "good")
    assert (now["share_pct"], now["share_before_pct"], now["change_points"], now["verdict"]) == (2.381, 0.0, 2.381, "bad")


def test_agencies_add_up_to_all_and_shares_are_shares(city):
    rows = city.mart("data_quality", MONTH)
    assert len(rows) > 300
    sums: dict[str, Counter] = {"all": Counter(), "each": Counter()}
    apart = ("missing_column", "rejected", "no_delivery")
    for row in rows:
        assert 0 <= row["affected"] <= row["rows"] and 0 <= row["share_pct"] <= 100
        assert row["verdict"] in ("good", "watch", "bad") and row["issue"] and row["advice"]
        if row["rule"] not in apart:
            key = (row["kind"], row["source"], row["batch_month"], row["rule"], row["column_name"])
            sums["all" if row["agency"] == "all" else "each"][key] += row["affected"]
    assert sums["all"] == sums["each"] and sums["all"]


def test_an_earlier_month_knows_no_later_batch_but_what_is_the_opening_of_its_kind(city):
    seen = {(row["kind"], row["batch_month"]) for row in city.mart("data_quality", "2024-12")}
    assert seen == {("enterprise", 202412), ("premium", 202412), ("claim", 202501), ("payout", 202501)}


def test_files_without_a_mark_are_passed_over_by_their_footers(city):
    known = city.place.deliveries(city.stored("raw_file", 0).columns(), 202501)
    marked = {(kind.name, file.batch_month) for kind, file in known.marked_with_gaps().files}
    assert marked == {("claim", 202501)}


def test_a_month_without_an_expected_delivery_is_missed(bureau):
    for month in ("2024-10", "2024-11", "2025-01"):
        bureau.deliver(month, 单位缴费="单位编号,费款所属期,缴费人数\nA,202410,5")
    bureau.build("2025-02", until="data_quality")
    missed = bureau.mart("data_quality", "2025-02", rule="no_delivery", verdict="bad")
    assert [row["batch_month"] for row in missed] == [202412, 202502]


def test_a_city_with_rates_of_its_own_has_no_doubtful_rates(bureau):
    units = "\n".join(f"U{n},2" for n in range(40))
    rates = "\n".join(f"U{n},202412,5,3%" for n in range(40))
    premiums = "单位编号,费款所属期,缴费人数,单位费率\n" + rates
    bureau.deliver("2024-12", 参保单位="单位编号,行业风险类别\n" + units, 单位缴费=premiums)
    bureau.build("2024-12", until="doubtful_row")
    assert bureau.core("doubtful_row", "2024-12") == []


def test_what_was_confirmed_is_no_doubt_from_then_on(bureau):
    bureau.deliver("2024-12", 单位缴费="单位编号,费款所属期,缴费人数,缴费基数总额\nA,202412,5,3\nB,202412,5,4")
    (bureau.place.raw / "2025-01").mkdir()
    (bureau.place.raw / "2025-01" / "更正.toml").write_text(
        "[[correction]]\nfile = '2024-12/单位缴费.csv'\nkind = 'premium'\ncolumn = '缴费基数总额'\nrows = [2]\nvalue = '属实'\n"
        "reason = '已核实'\ndate = 2025-01-05\nexpected = 1\n", encoding="utf-8")
    bureau.build("2024-12", "2025-01", until="data_quality")
    doubts = {month: [row["enterprise_id"] for row in bureau.core("doubtful_row", month)] for month in ("2024-12", "2025-01")}
    assert doubts == {"2024-12": ["A", "B"], "2025-01": ["B"]}
    assert bureau.one("data_quality", "2025-01", agency="all", rule="wage_low")["affected"] == 1


def test_same_deliveries_give_the_same_bytes_and_pseudonyms_move_nothing(city, another_bureau, monkeypatch):
    monkeypatch.setenv("YUFANG_KEY", "another key")
    other = another_bureau("other", raw=city.place.raw)
    other.build(MONTH, until="data_quality")
    for name in ("doubtful_row", "data_quality"):
        paths = [place.place.month_folder(202501) / f"{name}.parquet" for place in (city, other)]
        assert paths[0].read_bytes() == paths[1].read_bytes()
