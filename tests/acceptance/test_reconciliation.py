"""Received = accepted + rejected + superseded + not yet known: every row and every yuan of every file.

That the law holds is asserted whenever a bureau builds a month (conftest.assert_reconciled); here the parts are counted.
"""

from decimal import Decimal

PARTS = ("received", "accepted", "rejected", "superseded", "later")


def parts(bureau, month: str, batch: int, kind: str) -> tuple[list, list]:
    [row] = [row for row in bureau.core("source_reconciliation", month) if (row["batch_month"], row["kind"]) == (batch, kind)]
    return [row[f"rows_{part}"] for part in PARTS], [row[f"amount_{part}"] for part in PARTS]


def test_every_premium_row_and_yuan_is_accounted_for(bureau):
    bureau.deliver("2024-12", 单位缴费="""
        单位编号,费款所属期,缴费人数,实缴金额
        A,202410,10,100.01
        A,202411,10,100.02
        ,202411,10,7
        A,2024-13,10,8
        A,202412,十几人,9
        A,202912,10,10
        A,202412,10,一百元
    """)
    bureau.deliver("2025-01", 单位缴费="单位编号,费款所属期,缴费人数,实缴金额\nA,202411,12,120\nA,202501,12,120")
    bureau.build("2024-12", "2025-01", until="source_reconciliation")
    first = parts(bureau, "2024-12", 202412, "premium")
    assert first == ([7, 2, 5, 0, 0], [Decimal(text) for text in ("234.03", "200.03", "34", "0", "0")])
    assert parts(bureau, "2025-01", 202412, "premium")[0] == [7, 1, 5, 1, 0]
    assert parts(bureau, "2025-01", 202412, "premium")[1][3] == Decimal("100.02")
    assert parts(bureau, "2025-01", 202501, "premium") == ([2, 2, 0, 0, 0], [240, 240, 0, 0, 0])


def test_each_rejected_row_is_told_with_file_row_rule_and_reason_and_without_its_value(bureau):
    bureau.deliver("2024-12", 待遇支付="""
        支付流水号,单位编号,待遇项目,支付金额,支付日期
        P1,A,医疗费,100,2024-05-01
        P2,A,医疗费,壹佰,2024-05-01
        P3,A,医疗费,100,2024-02-30
        P4,A,医疗费,100
        P5,A,医疗费,100,2031-01-01
    """)
    bureau.build("2024-12", until="rejected_row")
    told = [(row["path"], row["row_number"], row["rule"]) for row in bureau.core("rejected_row", "2024-12")]
    path = "2024-12/待遇支付.csv"
    assert told == [(path, 3, "unusable:amount_yuan"), (path, 4, "unusable:paid_on"), (path, 5, "cells"), (path, 6, "future")]
    messages = " ".join(row["message"] for row in bureau.core("rejected_row", "2024-12"))
    assert "支付金额" in messages and "支付日期" in messages and "壹佰" not in messages and "02-30" not in messages


def test_rows_of_a_later_opening_are_not_lost_from_an_earlier_months_account(bureau):
    """Payouts are first delivered in 2025-02: what they say of 2024 is known in 2024-12, the rest is later."""
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2024, 2024, A=10))
    bureau.deliver("2025-02", 待遇支付="""
        支付流水号,单位编号,待遇项目,支付金额,支付日期
        P1,A,医疗费,1,2024-05-01
        P2,A,医疗费,2,2025-01-05
    """)
    bureau.build("2024-12", until="source_reconciliation")
    assert parts(bureau, "2024-12", 202502, "payout") == ([2, 1, 0, 0, 1], [3, 1, 0, 0, 2])


def test_claims_linked_under_two_numbers_and_equal_rows_are_superseded(bureau):
    head = "工伤认定信息ID,认定书编号,单位编号,事故时间,认定结论\n"
    bureau.deliver("2024-12", 工伤认定=head + "1,,A,2024-09-01,待认定\n1,T1,A,2024-09-01,认定工伤\n,T1,A,2024-09-01,认定工伤\n"
                   ",,A,2024-09-01,待认定\n,,A,2024-09-01,待认定")
    bureau.deliver("2025-01", 工伤认定=head + ",,A,2024-09-01,待认定")
    bureau.build("2025-01", until="source_reconciliation")
    # Of five rows in 2024-12: one case of three rows; of the two equal rows one stands there, the other's newest is in 2025-01.
    assert parts(bureau, "2025-01", 202412, "claim")[0] == [5, 2, 0, 3, 0]
    assert parts(bureau, "2025-01", 202501, "claim")[0] == [1, 1, 0, 0, 0]


def test_kinds_that_no_core_table_reads_yet_are_reconciled_too(bureau):
    bureau.deliver("2024-12", 交通事故="事故编号,事故时间\nV1,2024-05-01 08:10\nV1,2024-05-01 08:10\nV2,2031-01-01\n,2024-01-01",
                   职业伤害="事件编号,平台企业,事故时间,支付金额\nE1,某平台,2024-05-01,5")
    bureau.build("2024-12", until="source_reconciliation")
    assert parts(bureau, "2024-12", 202412, "traffic_accident")[0] == [4, 1, 2, 1, 0]
    assert parts(bureau, "2024-12", 202412, "platform_injury") == ([1, 1, 0, 0, 0], [5, 5, 0, 0, 0])
