"""The rules of city plans on hand-made cities: who enters, in which order, within which limits, and what is said of it."""

from pathlib import Path

import pytest

from pipelines import policy

UNITS = "单位编号,单位名称,统一社会信用代码,行业代码,行业风险类别,行政区划代码,经办机构,用工方式,参保状态,注销日期\n"
PAYOUT = "单位编号,待遇项目,支付金额,支付日期\n"


def days(number: int, year: int = 2024) -> str:
    """That many accident days of a year."""
    return " ".join(f"{year}-{n // 28 + 1:02d}-{n % 28 + 1:02d}" for n in range(number))


def ranked(bureau, month: str = "2024-12", **where) -> list[str]:
    rows = [row for row in bureau.mart("priority_enterprise", month, **where) if row["rank"]]
    return [row["enterprise_id"] for row in sorted(rows, key=lambda row: row["rank"])]


def entered(bureau, month: str = "2024-12") -> set[str]:
    return {row["enterprise_id"] for row in bureau.mart("priority_enterprise", month, is_entered=True)}


def changed(tmp_path, name: str, *changes: tuple[str, str]) -> str:
    """The path of a plan's policy with changes in its text."""
    text = (policy.FOLDER / f"{name}.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) >= 1, old
        text = text.replace(old, new)
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    return str(tmp_path / "own.toml")


CHANGDE = {"A": 9, "B": 6, "C": 3, "D": 0}


@pytest.fixture
def changde(bureau):
    """Four units of 100 heads over three years: 18 injuries in 1,200 person-years = 1.5 %; 140,000 paid of 144,000 = 97.2 %."""
    bureau.settle(policy="changde-2024")
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, yuan=1000, A=100, B=100, C=100, D=100),
                   工伤认定=bureau.claims(**{unit: days(number, 2023) for unit, number in CHANGDE.items()}))
    return bureau


def official(bureau, month: str = "2024-12") -> list[str]:
    """The units in the order of the plan's own words."""
    rows = [row for row in bureau.mart("priority_enterprise", month) if row["official_rank"]]
    return [row["enterprise_id"] for row in sorted(rows, key=lambda row: row["official_rank"])]


def test_changde_enters_those_above_the_city_in_both_and_orders_by_excess(changde):
    changde.deliver("2024-12", 待遇支付=PAYOUT + """
        A,医疗费,10000,2024-03-01
        B,医疗费,40000,2023-03-01
        C,医疗费,90000,2022-03-01
    """)
    changde.build("2024-12", until="priority_enterprise")
    assert entered(changde) == {"B"}
    # B entered; behind it the others by excess, which of units of one size follows the injuries.
    assert ranked(changde) == ["B", "A", "C", "D"]
    rows = {row["enterprise_id"]: row for row in changde.mart("priority_enterprise", "2024-12")}
    assert [rows[unit]["excess_rank"] for unit in "ABCD"] == [1, 2, 3, 4]
    assert [rows[unit]["official_rank"] for unit in "ABCD"] == [None, 1, None, None]
    assert all(row["score"] == row["excess_injuries"] for row in rows.values())
    assert (rows["B"]["rate_pct_last_3_years"], rows["B"]["pay_ratio_last_3_years"]) == (2.0, 111.11)
    assert (rows["B"]["is_listed"], rows["A"]["is_listed"], rows["A"]["is_reserve"]) == (True, False, False)
    assert rows["B"]["criteria_met"] == "近三年工伤发生率高于全市；近三年支缴率高于全市"
    assert rows["A"]["criteria_met"] == "近三年工伤发生率高于全市"
    said = rows["B"]["evidence"]
    assert said.startswith("近三年（2022-01–2024-12）工伤6人次，300.0人年，发生率2.00%（全市1.50%）；同类单位（行业不明，")
    assert said.endswith("。符合：近三年工伤发生率高于全市；近三年支缴率高于全市（111.1%，全市97.2%）。")
    assert "与纯超额排序相比：4家中1家相同" in rows["B"]["comparison"]
    assert rows["B"]["comparison"].endswith("与纯官方规则完全相同。")


def test_the_order_of_the_plans_own_words_is_the_mean_of_two_ranks(changde, tmp_path):
    """A policy may keep it: mean ranks A (1+3)/2, B (2+2)/2, C (3+1)/2, D 4; A and C tie, and more injuries come first."""
    changde.settle(policy=changed(tmp_path, "changde-2024", ('order = ["excess"]', 'order = ["mean_rank"]')))
    changde.deliver("2024-12", 待遇支付=PAYOUT + """
        A,医疗费,10000,2024-03-01
        B,医疗费,40000,2023-03-01
        C,医疗费,90000,2022-03-01
    """)
    changde.build("2024-12", until="priority_enterprise")
    assert ranked(changde) == ["B", "A", "C", "D"]
    rows = {row["enterprise_id"]: row for row in changde.mart("priority_enterprise", "2024-12")}
    assert [rows[unit]["score"] for unit in "ABCD"] == [2.0, 2.0, 2.0, 4.0]
    assert official(changde) == ["B"]


def test_a_criterion_without_its_source_is_left_out_and_said_so(changde):
    changde.build("2024-12", until="priority_enterprise")
    assert entered(changde) == {"A", "B"}
    assert ranked(changde) == ["A", "B", "C", "D"]
    assert official(changde) == ["A", "B"]  # by the rate alone
    rows = changde.mart("priority_enterprise", "2024-12")
    assert all("“近三年支缴率高于全市”缺少数据来源，未使用" in row["definition"] for row in rows)
    assert all("支缴率" not in row["evidence"] for row in rows)


def test_places_are_the_policys_and_who_enters_beyond_them_is_in_reserve(changde, tmp_path):
    changde.settle(policy=changed(tmp_path, "changde-2024", ("places = 22", "places = 1")))
    changde.build("2024-12")
    rows = changde.mart("priority_enterprise", "2024-12")
    assert {row["enterprise_id"]: (row["is_listed"], row["is_reserve"]) for row in rows} == {
        "A": (True, False), "B": (False, True), "C": (False, False), "D": (False, False)}
    assert changde.mart("outreach_enterprise", "2024-12") == []  # Changde's plan asks for none


def test_closed_units_are_excluded_with_the_reason(changde):
    changde.deliver("2024-12", 参保单位=UNITS + "A,甲,,3011,,,,,注销,2024-11-01\nB,乙,,3011,,,,,正常,")
    changde.build("2024-12", until="priority_enterprise")
    row = changde.one("priority_enterprise", "2024-12", enterprise_id="A")
    assert (row["rank"], row["is_entered"], row["is_listed"], row["excluded_reason"]) == (None, True, False, "已注销")
    assert ranked(changde) == ["B", "C", "D"]


def test_a_unit_that_closes_later_is_still_on_an_earlier_months_list(changde):
    """A back-test never sees the future: closed in November 2024, open as of December 2023."""
    changde.deliver("2024-12", 参保单位=UNITS + "A,甲,,3011,,,,,注销,2024-11-01")
    changde.build("2023-12", until="priority_enterprise")
    assert changde.one("priority_enterprise", "2023-12", enterprise_id="A")["excluded_reason"] is None


QINGDAO = {  # unit: industry, heads, injuries in 2024
    "COAL": ("0610", 100, 0), "CEMENT": ("3011", 100, 1), "EXACT": ("5110", 100, 4), "OVER": ("5110", 100, 5),
    "DEAD": ("5110", 1000, 1), "SEVERE": ("5110", 1000, 2), "PLAIN": ("5110", 1000, 3), "CHEM": ("5110", 10, 0),
}


@pytest.fixture
def qingdao(bureau):
    """Units that each meet another criterion of Qingdao's plan, or none (EXACT, PLAIN)."""
    bureau.settle(policy="qingdao-2020")
    heads = {unit: number for unit, (_, number, _) in QINGDAO.items()}
    units = "\n".join(f"{unit},{unit},,{industry},,370202,,,正常," for unit, (industry, _, _) in QINGDAO.items())
    bureau.deliver("2024-12", 参保单位=UNITS + units, 单位缴费=bureau.premiums(2022, 2024, **heads),
                   工伤认定=bureau.claims(**{unit: days(number) for unit, (_, _, number) in QINGDAO.items()}),
                   工伤认定_死亡="认定书编号,单位编号,事故时间,认定结论,认定日期,因工死亡时间\nT-DEAD-1,DEAD,2024-01-01,认定工伤,2024-01-02,2024-01-01",
                   劳动能力鉴定="认定书编号,鉴定结论日期,伤残等级\nT-SEVERE-1,2024-06-01,四级\nT-PLAIN-1,2024-06-01,五级",
                   重点企业名录="单位编号,名录类别,列入日期\nCHEM,危险化学品生产,2023-02-01\nPLAIN,绿色工厂,2023-02-01")
    return bureau


def test_qingdao_enters_those_who_meet_any_criterion_and_orders_by_excess(qingdao):
    qingdao.build("2024-12", until="priority_enterprise")
    assert entered(qingdao) == {"COAL", "CEMENT", "OVER", "DEAD", "SEVERE", "CHEM"}
    # The plan's own words: injuries 5, 2, 1, 1 (1 % before 0.1 %), 0, 0 (the larger first).
    assert official(qingdao) == ["OVER", "SEVERE", "CEMENT", "DEAD", "COAL", "CHEM"]
    rows = {row["enterprise_id"]: row for row in qingdao.mart("priority_enterprise", "2024-12")}
    by_excess = sorted(rows, key=lambda unit: (not rows[unit]["is_entered"], -rows[unit]["excess_injuries"]))
    assert ranked(qingdao) == by_excess and by_excess[0] == "OVER" and set(by_excess[-2:]) == {"EXACT", "PLAIN"}
    evidence = {row["enterprise_id"]: row["evidence"] for row in qingdao.mart("priority_enterprise", "2024-12")}
    assert evidence["CEMENT"].endswith("符合：安全生产高危或尘肺病重点行业（属建材）。")
    assert "（属煤矿、高危行业）。" in evidence["COAL"]
    assert "（属高危行业）。" in evidence["CHEM"]
    assert "上年度有工亡或1–4级伤残（死亡1人、1–4级0人）" in evidence["DEAD"]
    assert "上年度有工亡或1–4级伤残（死亡0人、1–4级1人）" in evidence["SEVERE"]


def test_outreach_names_everyone_open_who_meets_a_criterion(qingdao):
    qingdao.build("2024-12")
    rows = {row["enterprise_id"]: row["criteria_met"] for row in qingdao.mart("outreach_enterprise", "2024-12")}
    assert rows == {"COAL": "安全生产高危或尘肺病重点行业", "CEMENT": "安全生产高危或尘肺病重点行业",
                    "CHEM": "安全生产高危或尘肺病重点行业", "OVER": "上年度工伤发生率超过4%",
                    "DEAD": "上年度有工亡或1–4级伤残", "SEVERE": "上年度有工亡或1–4级伤残"}


def premium_rates(**units: tuple[str, str]) -> str:
    """A premium file with each unit's rate in 2023 and in 2024."""
    lines = [f"{unit},{year}{month:02d},100,1000,{rate}" for unit, rates in units.items()
             for year, rate in zip((2023, 2024), rates, strict=True) for month in range(1, 13)]
    return "\n".join(["单位编号,费款所属期,缴费人数,实缴金额,单位费率", *lines])


def raised(bureau) -> dict[str, str]:
    rows = bureau.mart("priority_enterprise", "2024-12", is_entered=True)
    return {row["enterprise_id"]: row["evidence"] for row in rows if row["criteria_met"] == "工伤保险费率上调"}


BASE = {f"N{n}": ("0.9%", "0.9%") for n in range(3)}


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        pytest.param({**BASE, "UP": ("0.9%", "1.08%"), "DOWN": ("1.35%", "1.08%"), "SAME": ("1.08%", "1.08%")}, {"UP"},
                     id="tier"),
        pytest.param({f"N{n}": ("0.72%", "0.9%") for n in range(3)} | {"HIGH": ("0.864%", "1.08%"), "UP": ("0.72%", "1.35%")},
                     {"UP"}, id="end-of-a-phase-of-lower-rates"),
        pytest.param({**BASE, "ODD": ("0.9%", "0.95%")}, set(), id="no-tier-of-the-class"),
    ],
)
def test_a_premium_rate_is_raised_by_a_change_of_tier_only(bureau, rates, expected):
    bureau.settle(policy="qingdao-2020")
    bureau.deliver("2024-12", 参保单位=UNITS + "\n".join(f"{unit},{unit},,5110,4,,,,正常," for unit in rates),
                   单位缴费=premium_rates(**rates), 工伤认定=bureau.claims(N0="2024-03-01"))
    bureau.build("2024-12", until="priority_enterprise")
    assert set(raised(bureau)) == expected


def test_a_raised_rate_is_explained_in_the_evidence(bureau):
    bureau.settle(policy="qingdao-2020")
    bureau.deliver("2024-12", 参保单位=UNITS + "\n".join(f"{unit},{unit},,5110,4,,,,正常," for unit in (*BASE, "UP")),
                   单位缴费=premium_rates(**BASE, UP=("0.9%", "1.08%")), 工伤认定=bureau.claims(N0="2024-03-01"))
    bureau.build("2024-12", until="priority_enterprise")
    assert "工伤保险费率上调（浮动档次由100%上调至120%，费率0.9%→1.08%）" in raised(bureau)["UP"]


def test_a_unit_that_moved_to_another_risk_class_was_reclassified_not_raised(bureau):
    bureau.settle(policy="qingdao-2020")

    def units(risk_class: int) -> str:
        same = "".join(f"{unit},{unit},,5110,4,,,,正常,\n" for unit in (*BASE, "UP"))
        return f"{UNITS}{same}MOVED,迁,,5110,{risk_class},,,,正常,"

    rates = {**BASE, "UP": ("0.9%", "1.35%"), "MOVED": ("0.7%", "0.9%")}
    lines = premium_rates(**rates).split("\n")
    bureau.deliver("2023-12", 参保单位=units(3), 单位缴费="\n".join([lines[0], *(line for line in lines[1:] if ",2023" in line)]),
                   工伤认定=bureau.claims(N0="2023-03-01"))
    bureau.deliver("2024-12", 参保单位=units(4), 单位缴费="\n".join([lines[0], *(line for line in lines[1:] if ",2024" in line)]))
    bureau.build("2024-12", until="priority_enterprise")
    assert set(raised(bureau)) == {"UP"}


def test_without_premium_rates_the_criterion_of_raised_rates_is_left_out_and_said_so(qingdao):
    qingdao.build("2024-12", until="priority_enterprise")
    [definition] = {row["definition"] for row in qingdao.mart("priority_enterprise", "2024-12")}
    assert "“工伤保险费率上调”缺少数据来源，未使用" in definition


def test_without_appraisals_deaths_still_count(bureau):
    bureau.settle(policy="qingdao-2020")
    bureau.deliver("2024-12", 参保单位=UNITS + "A,甲,,5110,,,,,正常,", 单位缴费=bureau.premiums(2022, 2024, A=1000, B=1000),
                   工伤认定="认定书编号,单位编号,事故时间,认定结论,认定日期,因工死亡时间\nT1,A,2024-01-01,认定工伤,2024-01-02,2024-01-01")
    bureau.build("2024-12", until="priority_enterprise")
    assert entered(bureau) == {"A"}
    [definition] = {row["definition"] for row in bureau.mart("priority_enterprise", "2024-12")}
    assert "没有劳动能力鉴定，1–4级未知" in definition


@pytest.mark.parametrize(("order", "reason"), [
    ("injuries", None), ("rate", "无可用人数，不按发生率排序"), ("excess", "近十二个月无可用人数，不能预期")])
def test_units_without_known_heads_are_not_ranked_by_what_needs_them(bureau, tmp_path, order, reason):
    bureau.settle(policy=changed(tmp_path, "qingdao-2020", ('order = ["excess"]', f'order = ["{order}"]')))
    bureau.deliver("2024-12", 参保单位=UNITS + "D,派遣,,7263,,,,劳务派遣,正常,\nA,甲,,5110,,,,,正常,",
                   单位缴费=bureau.premiums(2022, 2024, A=100, D=100),
                   工伤认定="认定书编号,单位编号,事故时间,认定结论,认定日期,因工死亡时间\nT1,D,2024-01-01,认定工伤,2024-01-02,2024-01-01",
                   劳动能力鉴定="认定书编号,鉴定结论日期,伤残等级\nT9,2024-06-01,四级")
    bureau.build("2024-12", until="priority_enterprise")
    row = bureau.one("priority_enterprise", "2024-12", enterprise_id="D")
    assert (row["excluded_reason"], row["injuries_last_year"], row["official_rank"]) == (reason, 1, None)
    assert ranked(bureau) == (["A"] if reason else ["D", "A"])


@pytest.mark.parametrize(
    ("regions", "lists"),
    [
        ("whole", {"000000": ["A", "B", "C", "D"]}),
        ("4", {"430700": ["A", "B", "C"], "430100": ["D"]}),
        ("6", {"430702": ["A", "C"], "430703": ["B"], "430102": ["D"]}),
        ("text", {"43070201": ["A"], "430703": ["B"], "430702": ["C"], "430102": ["D"]}),
        ("agency", {"市本级": ["A", "B"], "unknown": ["C", "D"]}),
    ],
)
def test_one_list_per_region_each_against_its_own_rate(bureau, regions, lists):
    places = {"A": ("43070201", "市本级"), "B": ("430703", "市本级"), "C": ("430702", ""), "D": ("430102", "")}
    bureau.settle(policy="changde-2024", regions=regions)
    units = "\n".join(f"{unit},{unit},,5110,,{code},{who},,正常," for unit, (code, who) in places.items())
    bureau.deliver("2024-12", 参保单位=UNITS + units,
                   单位缴费=bureau.premiums(2022, 2024, A=100, B=100, C=100, D=100),
                   工伤认定=bureau.claims(**{unit: days(number, 2023) for unit, number in CHANGDE.items()}))
    bureau.build("2024-12", until="priority_enterprise")
    found = {region: ranked(bureau, region_code=region) for region in
             {row["region_code"] for row in bureau.mart("priority_enterprise", "2024-12")}}
    assert found == lists
    if regions == "6":  # 4307 02: A with 9 and C with 3 injuries in 600 person-years = 2 %
        assert "（本地区2.00%）" in bureau.one("priority_enterprise", "2024-12", enterprise_id="A")["evidence"]
        assert not bureau.one("priority_enterprise", "2024-12", enterprise_id="B")["is_entered"]  # alone it equals its region


def test_two_policies_over_one_folder_of_exports(qingdao, another_bureau):
    other = another_bureau("changde", raw=qingdao.place.raw)
    other.settle(policy="changde-2024")
    for city in (qingdao, other):
        city.build("2024-12", until="priority_enterprise")
    assert qingdao.one("priority_enterprise", "2024-12", enterprise_id="OVER")["definition"].startswith("政策：青岛市")
    assert other.one("priority_enterprise", "2024-12", enterprise_id="OVER")["definition"].startswith("政策：常德市")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('words = ["高危行业"', 'words = ["高危产业"'), "plan_words.csv 中没有“高危产业”"),
        (('kind = "listed_industry"', 'kind = "listed_sector"'), "kind = 'listed_sector' 不认识；只能是"),
        (('date = "accident"', 'day = "accident"'), "[rate] 中有不认识的 day"),
        (("[outreach]\n", "[outreach\n"), "不是有效的 TOML"),
        (("[fund]\n", "[funds]\n"), "顶层 中有不认识的 funds"),
    ],
)
def test_a_policy_with_an_unknown_word_is_refused_in_a_sentence(tmp_path, change, said):
    path = Path(tmp_path / "plan.toml")
    text = (policy.FOLDER / "qingdao-2020.toml").read_text(encoding="utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(policy.PolicyError) as refused:
        policy.load(str(path))
    assert "plan.toml" in str(refused.value) and said in str(refused.value)


def test_an_unknown_policy_is_answered_with_those_that_exist():
    with pytest.raises(policy.PolicyError, match="没有政策 beijing；现有：changde-2024、expected-excess、"):
        policy.load("beijing")
