"""The vocabulary of contracts: Column, Table, Export.

Belongs here: what can be said about a table. Does not belong here: any particular table, and anything that reads data.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property

import pyarrow as pa

TEXT = pa.string()
COUNT = pa.int64()
MONTH = pa.int32()
SMALL = pa.int16()
RATIO = pa.float64()
YUAN = pa.decimal128(18, 2)
DATE = pa.date32()
TIME = pa.timestamp("us")
FLAG = pa.bool_()
# Value types of export columns that are never written: dropped ones are not read, narratives are read, coded, forgotten.
UNSTORED = {"dropped", "narrative"}


@dataclass(frozen=True)
class Column:
    """One column; it lives in the first table that declares it, others refer to it with `TABLE["name"]`.

    `value` names the parser that ingest applies to an export's text (see pipelines/ingest/values.sql); `field` is the
    canonical name in tables/field_aliases.csv whose aliases are accepted as headings beside `title` and `headings`.
    """

    name: str
    title: str
    type: pa.DataType = TEXT
    description: str = ""
    unit: str = ""
    decimals: int | None = None
    nullable: bool = True
    pii: str = ""
    codes: Mapping[str, tuple[str, ...]] | None = None
    minimum: float | None = None
    maximum: float | None = None
    value: str = ""
    field: str = ""
    headings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: what a row is, what identifies it (`grain`), who may see it (`level`).

    One that `is_query` is stored as the text of its query, which readers inline.
    """

    name: str
    title: str
    row: str
    grain: tuple[str, ...]
    columns: tuple[Column, ...]
    references: Mapping[str, str] = field(default_factory=dict)
    level: str = "内部"
    group: str = "core"
    is_query: bool = False

    def __getitem__(self, name: str) -> Column:
        """The column of that name; raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} has no column {name}")

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def schema(self) -> pa.Schema:
        """The Parquet schema of the table."""
        return pa.schema([pa.field(c.name, c.type, nullable=c.nullable) for c in self.columns])

    @property
    def fingerprint(self) -> str:
        """A digest of everything that this contract says."""
        said = {**asdict(self), "columns": [{**asdict(c), "type": str(c.type)} for c in self.columns]}
        return hashlib.sha256(repr(sorted(said.items())).encode()).hexdigest()


@dataclass(frozen=True)
class Export(Table):
    """One kind of export as a bureau delivers it.

    required  groups of column names; of each group at least one heading must be there
    key       the columns that identify a row (newest wins); without one, or where all of them are empty, rows that are
              equal in every column are one row, taken as often as the batch that holds it most often
    unit      the columns that may name the unit, of which the first non-empty one counts; where the first of them is part of
              a key, what counts takes its place
    linked    SQL condition under which a row is identified by its kind's own query (newest_premium, claim_link), and the
              identity that it then carries; rows whose `apart` column differs are never the same
    may_lack  required columns whose value may be empty in a row
    decisive  columns that reject their row when they cannot be read, beside those whose value type always does
    recorded  the columns that say when the row was recorded, first non-empty one wins: a date stands for its month, a
              period of premium for the month after it, a year for its December; () = always known
    not_after columns whose month must not lie after the batch month, with the years of grace allowed
    sums      the amount that is reconciled beside the rows
    settled   the month that a row is for and the day on which it was paid
    delivery  "increment", or "snapshot": only the newest batch counts
    coded     columns that do not arrive: ingest codes them by maintained rules from the texts of a row
    """

    required: tuple[tuple[str, ...], ...] = ()
    key: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    linked: str = ""
    linked_identity: str = "NULL"
    apart: str = ""
    may_lack: tuple[str, ...] = ()
    decisive: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    not_after: tuple[tuple[str, int], ...] = ()
    sums: str = ""
    settled: tuple[str, ...] = ()
    delivery: str = "increment"
    coded: tuple[Column, ...] = ()

    @property
    def stored(self) -> tuple[Column, ...]:
        """The columns that are kept: everything but what is forgotten while still in memory."""
        return (*(column for column in self.columns if column.value not in UNSTORED), *self.coded)
