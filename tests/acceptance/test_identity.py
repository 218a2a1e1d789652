"""Which delivered rows are one fact: sums stay right whatever is delivered again, corrected or withdrawn."""

from decimal import Decimal

import pytest

PAYOUT = "认定书编号,单位编号,待遇项目,支付金额,支付日期\n"
PREMIUM = "单位编号,费款所属期,缴费人数,实缴金额,缴费类型,到账日期\n"


def payouts(bureau, month: str) -> list[Decimal]:
    bureau.build(month, until="payout")
    return sorted(row["amount_yuan"] for row in bureau.core("payout", month))


def heads(bureau, month: str) -> dict[int, int | None]:
    bureau.build(month, until="enterprise_month")
    rows = bureau.core("enterprise_month", month)
    return {row["month"]: sum(r["heads"] or 0 for r in rows if r["month"] == row["month"]) for row in rows}


def paid(bureau, month: str) -> Decimal:
    bureau.build(month, until="enterprise_month")
    return sum((row["paid_yuan"] for row in bureau.core("enterprise_month", month)), Decimal(0))


def claims(bureau, month: str) -> list[dict]:
    bureau.build(month, until="claim")
    return bureau.core("claim", month)


def test_a_file_delivered_again_under_any_name_adds_nothing(bureau):
    rows = "支付流水号," + PAYOUT + "P1,T1,A,医疗费,100,2024-05-01\nP2,T1,A,医疗费,100,2024-05-01"
    bureau.deliver("2024-12", 待遇支付=rows, 工伤认定=bureau.claims(A="2024-03-01"))
    bureau.deliver("2025-01", 待遇支付=rows, 工伤认定_再次=bureau.claims(A="2024-03-01"))
    assert payouts(bureau, "2025-01") == [100, 100]
    assert len(claims(bureau, "2025-01")) == 1


@pytest.mark.parametrize(("first", "second", "expected"), [(2, 2, 2), (2, 1, 2), (1, 3, 3), (0, 1, 1)])
def test_equal_rows_without_a_key_count_as_often_as_the_batch_that_holds_most(bureau, first, second, expected):
    same = ",A,康复费,30,2024-05-01\n"
    bureau.deliver("2024-12", 待遇支付=PAYOUT + ",A,医疗费,7,2024-05-01\n" + same * first)
    bureau.deliver("2025-01", 待遇支付=PAYOUT + same * second)
    assert payouts(bureau, "2025-01") == [7] + [30] * expected


def test_overlapping_premium_files_count_a_month_once_and_the_newest_wins(bureau):
    bureau.deliver("2024-12", 单位缴费="单位编号,费款所属期,缴费人数,实缴金额\nA,202410,10,100\nA,202411,10,100")
    bureau.deliver("2025-01", 单位缴费="单位编号,费款所属期,缴费人数,实缴金额\nA,202411,20,150\nA,202501,30,300")
    assert heads(bureau, "2024-12") == {202410: 10, 202411: 10}
    assert heads(bureau, "2025-01") == {202410: 10, 202411: 20, 202501: 30}
    assert paid(bureau, "2025-01") == 550


def test_overlapping_files_of_one_batch_the_later_file_wins(bureau):
    head = "单位编号,费款所属期,缴费人数,实缴金额\n"
    bureau.deliver("2024-12", 单位缴费1=head + "A,202410,10,100\nA,202411,10,100",
                   单位缴费2=head + "A,202411,12,120\nA,202412,12,120")
    assert heads(bureau, "2024-12") == {202410: 10, 202411: 12, 202412: 12}
    assert paid(bureau, "2024-12") == 340


@pytest.mark.parametrize("amount", ["-40", "40", "(40.00)"])
def test_refunds_are_taken_off_and_repeat_deliveries_of_a_refund_are_not(bureau, amount):
    refund = f"A,202411,,{amount},退费,2024-12-03"
    bureau.deliver("2024-12", 单位缴费=PREMIUM + "A,202411,10,100,正常,2024-11-20\n" + refund)
    bureau.deliver("2025-01", 单位缴费=PREMIUM + refund)
    assert paid(bureau, "2025-01") == 60
    assert heads(bureau, "2025-01") == {202411: 10}


def test_late_premiums_bring_heads_only_where_the_month_has_no_normal_row(bureau):
    bureau.deliver("2024-12", 单位缴费=PREMIUM + """
        A,202410,10,100,正常,2024-10-20
        A,202410,2,20,补缴,2024-12-05
        A,202411,9,90,补缴,2024-12-05
    """)
    assert heads(bureau, "2024-12") == {202410: 10, 202411: 9}
    assert paid(bureau, "2024-12") == 210
    received = {row["received_month"] for row in bureau.core("enterprise_month", "2024-12") if row["payment_kind"] == "late"}
    assert received == {202412}


def test_claim_rows_that_share_an_id_or_a_number_are_one_claim(bureau):
    head = "工伤认定信息ID,认定书编号,单位编号,事故时间,认定结论,认定日期\n"
    bureau.deliver("2024-10", 工伤认定=head + "1,,A,2024-09-01,待认定,")
    bureau.deliver("2024-11", 工伤认定=head + "1,T1,A,2024-09-01,认定工伤,2024-11-05")
    bureau.deliver("2024-12", 工伤认定=head + ",T1,A,2024-09-02,认定工伤,2024-11-05")
    bureau.deliver("2025-01", 工伤认定=head + ",T1,A,2024-09-02,撤销,2025-01-08")
    seen = []
    for month in ("2024-10", "2024-11", "2024-12", "2025-01"):
        [claim] = claims(bureau, month)
        seen.append((claim["recognition_no"], claim["accident_date"].day, claim["conclusion"], claim["is_counted"]))
    assert seen == [(None, 1, "pending", False), ("T1", 1, "recognised", True), ("T1", 2, "recognised", True),
                    ("T1", 2, "revoked", False)]


def test_a_renumbered_claim_keeps_its_appraisal(bureau):
    head = "工伤认定信息ID,认定书编号,单位编号,事故时间,认定结论,认定日期\n"
    bureau.deliver("2024-11", 工伤认定=head + "1,T1,A,2024-09-01,认定工伤,2024-11-05",
                   劳动能力鉴定="认定书编号,鉴定结论日期,伤残等级\nT1,2024-11-20,三级")
    bureau.deliver("2024-12", 工伤认定=head + "1,T1-2,A,2024-09-01,认定工伤,2024-11-05")
    [claim] = claims(bureau, "2024-12")
    assert (claim["recognition_no"], claim["grade"], claim["is_severe"]) == ("T1-2", 3, True)


def test_claims_without_id_and_number_are_told_apart_by_all_their_columns(bureau):
    head = "认定书编号,单位编号,事故时间,认定结论\n"
    bureau.deliver("2024-12", 工伤认定=head + ",A,2024-09-01,待认定\n,A,2024-09-02,待认定")
    bureau.deliver("2025-01", 工伤认定=head + ",A,2024-09-02,待认定")
    assert [claim["accident_date"].day for claim in claims(bureau, "2025-01")] == [1, 2]


def test_only_recognised_and_deemed_injuries_count(bureau):
    conclusions = ("认定工伤", "视同工伤", "不予认定", "不予受理", "撤销", "待认定", "中止")
    rows = "\n".join(f"T{n},A,2024-09-01,{text},2024-10-01" for n, text in enumerate(conclusions))
    bureau.deliver("2024-12", 工伤认定="认定书编号,单位编号,事故时间,认定结论,认定日期\n" + rows)
    counted = {claim["recognition_no"] for claim in claims(bureau, "2024-12") if claim["is_counted"]}
    assert counted == {"T0", "T1"}


def test_the_latest_appraisal_counts_and_of_one_day_the_higher_instance(bureau):
    head = "认定书编号,鉴定类别,鉴定结论日期,伤残等级\n"
    bureau.deliver("2024-11", 工伤认定=bureau.claims(A="2024-03-01", B="2024-03-02"),
                   劳动能力鉴定=head + "T-A-1,初次鉴定,2024-09-01,四级\n"
                   "T-B-1,再次鉴定,2024-09-01,九级\nT-B-1,初次鉴定,2024-09-01,八级")
    bureau.deliver("2024-12", 劳动能力鉴定=head + "T-A-1,再次鉴定,2024-12-01,伍级")
    assert [(claim["grade"], claim["is_severe"]) for claim in claims(bureau, "2024-11")] == [(4, True), (9, False)]
    assert [(claim["grade"], claim["is_severe"]) for claim in claims(bureau, "2024-12")] == [(5, False), (9, False)]


def test_payouts_follow_their_claim_and_those_of_old_injuries_stand_without_one(bureau):
    bureau.deliver("2024-12", 工伤认定=bureau.claims(A="2024-03-01"),
                   待遇支付=PAYOUT + "T-A-1,B,医疗费,100,2024-05-01\n,B,伤残津贴,7,2024-05-01\nT-1998,B,伤残津贴,8,2024-05-01")
    bureau.build("2024-12", until="payout")
    told = sorted((row["amount_yuan"], row["enterprise_id"], row["has_claim"]) for row in bureau.core("payout", "2024-12"))
    assert told == [(7, "B", False), (8, "B", False), (100, "A", True)]


def test_of_a_full_dump_only_the_newest_counts_and_vanished_numbers_are_counted(bureau):
    bureau.settle(delivery={"claim": "snapshot"})
    bureau.deliver("2024-12", 工伤认定=bureau.claims(A="2024-03-01 2024-03-02", B="2024-03-03"))
    bureau.deliver("2025-01", 工伤认定=bureau.claims(A="2024-03-01", B="2024-03-03", C="2025-01-05"))
    bureau.build("2024-12", "2025-01", until="source_reconciliation")
    assert [row["recognition_no"] for row in bureau.core("claim", "2024-12")] == ["T-A-1", "T-A-2", "T-B-1"]
    assert [row["recognition_no"] for row in bureau.core("claim", "2025-01")] == ["T-A-1", "T-B-1", "T-C-1"]
    [before, now] = bureau.core("source_reconciliation", "2025-01")
    assert (before["rows_superseded"], before["rows_vanished"]) == (3, None)
    assert (now["rows_accepted"], now["rows_vanished"]) == (3, 1)


def test_of_increments_nothing_vanishes(bureau):
    bureau.deliver("2024-12", 工伤认定=bureau.claims(A="2024-03-01 2024-03-02"))
    bureau.deliver("2025-01", 工伤认定=bureau.claims(B="2024-03-01"))
    assert len(claims(bureau, "2025-01")) == 3
