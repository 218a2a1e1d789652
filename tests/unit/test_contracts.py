"""What every contract owes its readers: names, titles, units, keys; and the vocabulary itself."""

import re

import pyarrow as pa
import pytest

from pipelines.contracts import codes
from pipelines.contracts.catalogue import CONTRACTS
from pipelines.contracts.exports import EXPORTS, LINEAGE
from pipelines.contracts.model import COUNT, FLAG, RATIO, YUAN, Column, Table

TABLES = {**CONTRACTS, **{f"export {name}": export for name, export in EXPORTS.items()}}
COLUMNS = [(name, column) for name, table in TABLES.items() for column in table.columns]
UNITS = {"_yuan": "元", "_pct": "%", "_10k_yuan": "万元", "person_years": "人年"}


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_a_table_is_named_said_and_keyed(table):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", table.name)
    assert table.title and table.row and table.columns
    assert len(set(table.names)) == len(table.names)
    assert set(table.grain) <= set(table.names)


@pytest.mark.parametrize("table", CONTRACTS.values(), ids=list(CONTRACTS))
def test_a_key_is_never_empty_and_references_lead_somewhere(table):
    assert table.grain
    assert all(not table[name].nullable for name in table.grain)
    for column, target in table.references.items():
        assert column in table.names and column in CONTRACTS[target].names


@pytest.mark.parametrize("export", EXPORTS.values(), ids=list(EXPORTS))
def test_an_export_says_what_it_needs_of_columns_it_has(export):
    named = [*export.key, *export.recorded, *export.may_lack, *(name for group in export.required for name in group)]
    named += [name for name, _ in export.not_after] + [name for name in (export.sums, export.apart) if name]
    assert set(named) <= {column.name for column in export.stored}
    assert export.required and export.delivery in ("increment", "snapshot")
    assert all(column.value for column in export.columns)
    assert not set(export.names) & {column.name for column in LINEAGE}


@pytest.mark.parametrize("column", [column for _, column in COLUMNS], ids=[f"{name}.{column.name}" for name, column in COLUMNS])
def test_a_column_is_named_titled_and_has_the_unit_of_its_suffix(column):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", column.name) and column.title
    suffixes = [unit for suffix, unit in UNITS.items() if column.name.endswith(suffix)]
    assert not suffixes or column.unit in suffixes, column.unit
    assert (column.type == FLAG) == column.name.startswith(("is_", "has_", "counts_"))
    assert column.type != COUNT or column.unit


@pytest.mark.parametrize(("table", "column"), [(t, c) for t in CONTRACTS.values() for c in t.columns if c.type == RATIO],
                         ids=lambda item: item.name)
def test_a_fraction_says_to_how_many_decimals_it_is_kept(table, column):
    """Else the same release would not give the same bytes."""
    assert column.decimals is not None


def test_money_is_decimal():
    for name, column in COLUMNS:
        assert not column.name.endswith("_yuan") or pa.types.is_decimal(column.type), name
        assert column.unit != "元" or column.type == YUAN, name


@pytest.mark.parametrize("tables", [CONTRACTS, EXPORTS], ids=["tables", "exports"])
def test_the_same_name_has_the_same_type_everywhere(tables):
    """Among tables, and among exports, where `period` is the month that a premium is due for."""
    seen: dict[str, tuple[str, pa.DataType]] = {}
    for table in tables.values():
        for column in table.columns:
            where, kind = seen.setdefault(column.name, (table.name, column.type))
            assert kind == column.type, f"{column.name} in {where} and {table.name}"


def test_a_text_means_one_code_of_its_list():
    for name in ("CONCLUSION", "SEX", "YES_NO", "PAYMENT_KIND", "EMPLOYMENT", "ENTERPRISE_STATUS", "SEVERITY", "APPRAISAL_KIND",
                 "CARE", "DATUM", "TRANSPORT"):
        texts = [text for accepted in getattr(codes, name).values() for text in accepted]
        assert len(texts) == len(set(texts)), name


def test_counted_conclusions_and_clause_groups_are_of_their_lists():
    assert set(codes.COUNTED_CONCLUSIONS) < set(codes.CONCLUSION)
    assert set(codes.CLAUSE_GROUP.values()) == set(codes.GROUP)


def test_persons_are_pseudonyms_and_names_and_narratives_are_never_stored():
    for _, column in COLUMNS:
        if column.field in ("id_no", "person_name", "summary"):
            assert column.value in ("person", "dropped", "narrative") and column.pii
    assert {c.name for c in EXPORTS["claim"].columns} - {c.name for c in EXPORTS["claim"].stored} == {"person_name", "narrative"}


def test_no_table_beyond_the_core_carries_anything_personal():
    for table in CONTRACTS.values():
        assert table.group == "core" or not [column.name for column in table.columns if column.pii], table.name


ONE = Table("one", "一", "一行", ("a",), (Column("a", "甲", COUNT, nullable=False), Column("b", "乙")))


def test_a_column_by_its_name():
    assert ONE["b"].title == "乙"
    with pytest.raises(KeyError, match="one has no column c"):
        ONE["c"]


def test_the_schema_of_a_table():
    assert ONE.schema == pa.schema([pa.field("a", pa.int64(), nullable=False), pa.field("b", pa.string())])


def test_the_fingerprint_says_everything():
    same = Table("one", "一", "一行", ("a",), (Column("a", "甲", COUNT, nullable=False), Column("b", "乙")))
    others = [Table("one", "一", "一行", ("a",), (Column("a", "甲", COUNT), Column("b", "乙"))),
              Table("one", "一", "两行", ("a",), ONE.columns), Table("one", "一", "一行", ("b",), ONE.columns)]
    assert same.fingerprint == ONE.fingerprint
    assert len({ONE.fingerprint, *(other.fingerprint for other in others)}) == 4
