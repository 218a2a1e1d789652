"""What texts say, coded: narratives, accident types, posts; addresses by the bureau's own table or as they stand."""

from pipelines import policy

CLAIMS = """
    认定书编号,单位编号,姓名,事故时间,认定结论,认定日期,认定依据,事故类别,伤害部位,职业工种,交通方式,事故经过
    T1,A,王芳,2024-03-01,认定工伤,2024-04-01,14-6,车辆伤害,左小腿,挡车工,,王芳（挡车工）骑电动车下班回家途中与李军驾驶的货车相撞，王芳负次要责任
    T2,A,陈伟,2024-03-02,认定工伤,2024-04-01,14-1,机械伤害,左手食指,冲压工,,操作冲床时左手食指被压伤
    T3,A,赵敏,2024-03-03,认定工伤,2024-04-01,14-1,其他伤害,腰部,搬运工,,搬运物料时扭伤腰部
    T4,A,孙强,2024-03-04,认定工伤,2024-04-01,14-1,,,普工,,在车间被掉落的钢管砸伤头部
    T5,A,周兰,2024-03-05,认定工伤,2024-04-01,14-6,上下班交通,,,步行,
    T6,A,吴刚,2024-03-06,认定工伤,2024-04-01,14-1,,,,,具体经过不详
    """


def claims(bureau) -> dict[str, dict]:
    return {row["recognition_no"]: row for row in bureau.core("claim", "2024-12")}


def test_a_claim_carries_what_its_texts_say_and_which_rules_said_it(bureau):
    bureau.deliver("2024-12", 工伤认定=CLAIMS)
    bureau.build("2024-12", until="claim")
    found = claims(bureau)
    said = ("cause_code", "cause_source", "activity_code", "transport", "transport_source", "commute_direction", "liability",
            "counterpart", "body_part_code", "post_group")
    assert {number: tuple(row[name] for name in said) for number, row in found.items()} == {
        "T1": ("road_traffic", "narrative", None, "e_bike", "narrative", "from_work", "secondary", "truck", "1.14", "operator"),
        "T2": ("03", "given", "machine", None, None, None, None, None, "1.13", "operator"),
        "T3": ("strain", "narrative", "carry", None, None, None, None, None, "1.10", "handler"),
        "T4": ("01", "narrative", None, None, None, None, None, None, None, "labourer"),
        "T5": ("road_traffic", "given", None, "on_foot", "given", None, None, None, None, None),
        "T6": (None, None, None, None, None, None, None, None, None, None),
    }
    assert found["T5"]["narrative_rules"].startswith("....,....,....,....,....,....,N0")
    assert found["T6"]["narrative_rules"] == "----,....,----,....,....,....,....,....,...."


def test_the_hit_rate_is_in_the_files_message_and_in_a_table_by_rule(bureau):
    bureau.deliver("2024-12", 工伤认定=CLAIMS)
    bureau.build("2024-12", until="claim")
    bureau.make("narrative_coding", "2024-12")
    [line] = [line for line in bureau.core("raw_file", "2024-12") if line["kind"] == "claim"]
    assert "编码率：起因 80%（5 条）" in line["message"] and "岗位类别 100%（4 条）" in line["message"]
    rows = bureau.core("narrative_coding", "2024-12")
    causes = {row["rule_id"]: row for row in rows if row["aspect"] == "cause"}
    assert sum(row["texts"] for row in causes.values()) == 5 == causes["----"]["texts_asked"]
    assert causes["----"]["share_pct"] == 20.0
    assert all(row["texts"] <= row["texts_asked"] for row in rows)


ENTERPRISES = """
    单位编号,单位名称,行政区划代码,街道,园区,单位地址,生产经营地址
    A,甲,430702,自报街道,,武陵区丹阳街道一路1号,
    B,乙,430702,,,常德市武陵区丹阳街道一路1号,鼎城区灌溪镇常德高新技术产业开发区兴业路
    C,丙,430702,,,常德市武陵区穿紫河街道洞庭大道,
    D,丁,430702,,,创业大厦3楼,
    E,戊,430703,,,创业大厦3楼,
    F,己,430702,,,,
    """


def places(bureau) -> dict[str, tuple]:
    bureau.build("2024-12", until="enterprise")
    names = ("street", "street_source", "park", "park_source")
    return {row["enterprise_id"]: tuple(row[name] for name in names) for row in bureau.core("enterprise", "2024-12")}


def test_without_an_alias_table_an_address_is_taken_at_its_word(bureau):
    bureau.deliver("2024-12", 参保单位=ENTERPRISES)
    assert places(bureau) == {
        "A": ("自报街道", "given", None, None),
        "B": ("灌溪镇", "pattern", "常德高新技术产业开发区", "pattern"),
        "C": ("穿紫河街道", "pattern", None, None),
        "D": (None,) * 4, "E": (None,) * 4, "F": (None,) * 4,
    }


def test_the_longest_keyword_of_the_bureaus_table_wins_newest_first_and_in_its_region_only(bureau):
    bureau.deliver("2024-11", 街道园区对照="""
        关键词,街道,园区,行政区划代码
        创业大厦,旧街道,,430702
        创业,短街道,短园区,
        """)
    bureau.deliver("2024-12", 参保单位=ENTERPRISES, 街道园区对照="""
        关键词,街道,园区,行政区划代码
        创业大厦,芙蓉街道,,430702
        高新技术产业开发区,,高新区,430700
        """)
    found = places(bureau)
    assert found["D"] == ("芙蓉街道", "alias", "短园区", "alias")
    assert found["E"] == ("短街道", "alias", "短园区", "alias")
    assert found["B"] == ("灌溪镇", "pattern", "高新区", "alias")
    assert found["A"][:2] == ("自报街道", "given")


def test_a_plan_word_reaches_down_to_groups_and_classes(bureau, tmp_path):
    own = tmp_path / "own.toml"
    text = (policy.FOLDER / "qingdao-2020.toml").read_text(encoding="utf-8")
    own.write_text(text.replace('["高危行业", "煤矿", "非煤矿山", "冶金", "建材"]', '["水泥制造", "无纺医疗"]'), encoding="utf-8")
    bureau.settle(policy=str(own))
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2024, 2024, A=10, B=10, C=10), 参保单位="""
        单位编号,单位名称,行业代码
        A,水泥厂,C3011
        B,石材厂,C3032
        C,无纺布厂,1781
        """)
    bureau.build("2024-12", until="outreach_enterprise")
    assert {row["enterprise_id"] for row in bureau.mart("outreach_enterprise", "2024-12")} == {"A", "C"}
