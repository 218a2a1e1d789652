"""Texts read as a value type, as ingest does it: cleaned, then by a macro of values.sql, terms.py or units.py."""

import pyarrow as pa

from pipelines.contracts.model import Column
from pipelines.ingest import parse, terms, units
from pipelines.ingest.by_sql import read_by, with_moments
from pipelines.ingest.cleaning import cleaned

TYPES = {"date": pa.date32(), "time": pa.timestamp("us"), "month": pa.int32(), "year": pa.int16(), "birth_year": pa.int16()}


def values_of(connection, value: str, texts: list[str | None]) -> list:
    """The values of texts, in order; rates as floats."""
    given, _ = cleaned(pa.array(texts, pa.string()), value)
    if value == "rate":
        rates = [units.rate_of(text) if text is not None else None for text in given.to_pylist()]
        return [float(rate) if rate is not None else None for rate in rates]
    if value in parse.WORDED:
        read = terms.reader_of(Column("x", "列", value=value))
        return [read(text).value if text is not None else None for text in given.to_pylist()]
    read = read_by(f"as_{value}(x)", given, connection)
    return (with_moments(read, given, value, TYPES[value]) if value in TYPES else read).to_pylist()
