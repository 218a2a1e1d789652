"""Which kind a sheet is and which column is which, from its headings."""

import csv

import pytest

from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import headings, recognition
from pipelines.ingest.findings import Recognised
from pipelines.ingest.recognition import recognise

FIELDS = {column.field for export in EXPORTS.values() for column in export.columns if column.field}


def named(kind: str) -> list[str]:
    """The headings that a kind's contract calls its own."""
    return [column.title for column in EXPORTS[kind].columns]


@pytest.mark.parametrize("kind", EXPORTS)
def test_every_kind_is_recognised_by_its_full_headings(kind):
    found = recognise(named(kind))
    assert (found.kind, found.missed) == (kind, ())
    assert found.positions == {column.name: n for n, column in enumerate(EXPORTS[kind].columns)}


@pytest.mark.parametrize("kind", EXPORTS)
def test_every_kind_is_recognised_by_its_required_columns_and_its_name(kind):
    export = EXPORTS[kind]
    required = [export[group[0]].title for group in export.required]
    assert recognise(required, f"{export.title}2024").kind == kind


def test_the_order_of_columns_does_not_matter():
    assert recognise(named("claim")[::-1]).kind == "claim"


def aliases() -> list[tuple[str, str, str]]:
    """(kind, column, alias) of every alias in the table of fields that a column of an export declares."""
    with headings.ALIASES.open(encoding="utf-8") as file:
        rows = {row["canonical"]: row for row in csv.DictReader(file)}
    return [
        (export.name, column.name, alias.split("(")[0].split("/")[0] if "(" in alias else alias)
        for export in EXPORTS.values() for column in export.columns if column.field
        for alias in rows[column.field]["chinese_aliases"].split("|")
    ]


@pytest.mark.parametrize(("kind", "column", "alias"), aliases())
def test_an_alias_stands_for_its_column(kind, column, alias):
    assert recognition.positions_in(EXPORTS[kind], ["别的列", alias]).get(column) == 1


def test_standard_codes_are_accepted():
    found = recognise(["AAB001", "AAE003", "AAB119", "AAE080", "AAE058"])
    assert (found.kind, set(found.positions)) == ("premium", {"enterprise_id", "period", "heads", "paid_yuan", "due_yuan"})


def test_every_field_that_contracts_name_is_in_the_table_of_aliases():
    assert set(headings.standard_aliases()) >= FIELDS


@pytest.mark.parametrize("kind", EXPORTS)
def test_within_a_kind_no_heading_means_two_columns(kind):
    """Else one heading would fill two columns, and an ID could land where it is not replaced."""
    seen: dict[str, str] = {}
    for column in EXPORTS[kind].columns:
        for heading in headings.accepted(column):
            assert seen.setdefault(heading, column.name) == column.name, heading


@pytest.mark.parametrize(("written", "plain"), [
    ("实缴金额（元）", "实缴金额"), (" 实 缴 金 额 ", "实缴金额"), ("缴费人数(人)", "缴费人数"), ("ＡＡＢ００１", "aab001"),
    ("*单位编号", "单位编号"), ("单位编号\n", "单位编号"), ("营业收入(万元)", "营业收入"),
    ("实缴金额（单位：万元）", "实缴金额"), ("支付金额/千元", "支付金额"),
    ("缴费基数总额万元", "缴费基数总额"), ("单位费率(‰)", "单位费率"),
])
def test_what_varies_by_vendor_does_not_matter(written, plain):
    assert headings.normalise(written) == plain


def test_of_two_equal_headings_the_first_counts():
    assert recognition.positions_in(EXPORTS["premium"], ["单位编号", "费款所属期", "费款所属期"])["period"] == 1


def test_a_missing_required_column_is_named():
    found = recognise(["单位编号", "费款所属期", "实缴金额", "应缴金额"])
    assert (found.kind, found.missed) == ("premium", ("缴费人数",))


def test_of_alternatives_any_one_will_do():
    claims = ["事故时间", "认定结论", "单位编号"]
    assert recognise([*claims, "工伤认定信息ID"]).kind == "claim"
    assert recognise([*claims, "认定书编号"]).kind == "claim"
    assert recognise(claims).missed == ("工伤认定信息ID或认定书编号",)


def test_the_file_name_helps_where_headings_fit_only_in_part():
    partial = ["单位编号", "实缴金额"]
    assert recognise(partial, "2024年单位缴费").missed == ("费款所属期", "缴费人数")
    assert recognise(partial, "报表").kind is None


def test_premiums_without_heads_are_no_list_of_enterprises():
    """Taken for one, their rows would replace what is known of every unit."""
    premiums = ["单位编号", "费款所属期", "实缴金额"]
    assert recognise(premiums).kind == "premium"
    assert recognise(premiums, "参保单位").kind == "enterprise"
    assert recognise(["单位编号"]).kind is None
    assert recognise(["单位编号"], "参保单位").kind == "enterprise"


def test_the_file_name_does_not_overrule_whole_headings():
    assert recognise(named("claim"), "单位缴费").kind == "claim"


@pytest.mark.parametrize("unknown", [[], ["a", "b"], ["序号", "备注"], ["430702199001011234", "张三", "3"]])
def test_headings_that_fit_nothing_are_of_unknown_kind(unknown):
    assert recognise(unknown) == Recognised(None, {})


@pytest.mark.parametrize(("heading", "likely"), [("编号", "enterprise_id"), ("地点", "accident_place")])
def test_a_general_word_is_asked_for_and_not_lost(heading, likely):
    found = recognise(["工伤认定信息ID", "认定书编号", heading, "事故时间", "认定结论", "认定日期"], "工伤认定")
    assert found.kind == "claim" and not found.missed
    [asked] = found.asked
    assert asked.heading == heading and likely in [column for column, _ in asked.candidates] and not asked.is_needed
