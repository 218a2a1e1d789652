"""What a database source and its statements are, and the one error that this package raises.

Belongs here: the vocabulary. How it is read from TOML is config.py, what becomes SQL of it statements.py.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import pyarrow as pa

POSTGRES = ("postgresql", "kingbase", "opengauss")
MODES = ("increment", "snapshot")
TIME_ZONE = "Asia/Shanghai"


class SourceError(Exception):
    """A source cannot be fetched or is not described rightly; the message says where, why and what to do.

    It never holds a password, a value, or the words of a driver or server, which quote both.
    """


@dataclass(frozen=True)
class Statement:
    """How one kind is taken from a source: from a table (schema.name) or by a query; `columns` = database name -> title."""

    kind: str
    mode: str
    table: str = ""
    query: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    date_column: str = ""
    date_format: str = "date"
    order: tuple[str, ...] = ()
    text: bool = False


@dataclass(frozen=True)
class Source:
    """One database: where it is, as whom it is read, and what is fetched; the password is named, never held."""

    name: str
    driver: str
    database: str
    host: str = ""
    port: int = 0
    user: str = ""
    password_env: str = ""
    password_file: str = ""
    sslmode: str = ""
    schema: str = ""
    encoding: str = ""
    timeout_s: int = 3600
    options: Mapping[str, str] = field(default_factory=dict)
    fetch: tuple[Statement, ...] = ()

    @property
    def is_postgres(self) -> bool:
        return self.driver in POSTGRES


class Rows(NamedTuple):
    """A result on its way: column names as the database gives them, their types, and batches with columns in that order."""

    names: list[str]
    types: list[pa.DataType]
    batches: Iterator[pa.Table]


class Session(Protocol):
    """One read-only transaction in which every statement of a source sees the same state."""

    server: str

    def names(self, query: str, parameters: Mapping[str, object]) -> list[str]:
        """The columns of a query that can be kept: binary ones are left out."""
        ...

    def rows(self, query: str, parameters: Mapping[str, object], is_text: bool) -> Rows:
        """The rows of a query, batch by batch; `is_text` keeps every value as the server writes it."""
        ...
