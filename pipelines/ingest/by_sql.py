"""What texts mean to SQL: values.sql, run by DuckDB over each distinct text.

Belongs here: running an expression over texts, in as few queries as there are expressions, since planning one takes longer than a
thousand texts; and what is read text by text where a macro gives up. The expressions are parse.py's.
"""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ingest import moments
from pipelines.ingest.texts import whole


def read_all(expressions: Mapping[str, str], texts: Mapping[str, pa.Array], connection) -> dict[str, pa.Array]:
    """Column -> what its expression makes of each of its texts `x`; columns of one expression are read together."""
    found: dict[str, pa.Array] = {}
    for expression in dict.fromkeys(expressions.values()):
        names = [name for name in expressions if expressions[name] == expression]
        if expression == "x":
            found |= {name: texts[name] for name in names}
            continue
        values, start = read_by(expression, pa.concat_arrays([texts[name] for name in names]), connection), 0
        for name in names:
            found[name] = values.slice(start, len(texts[name]))
            start += len(texts[name])
    return found


def read_by(expression: str, texts: pa.Array, connection) -> pa.Array:
    """What an expression of SQL makes of each text `x`."""
    connection.register("given_text", pa.table({"x": texts}))
    return whole(connection.sql(f"SELECT {expression} AS x FROM given_text").to_arrow_table()["x"])


def with_moments(values: pa.Array, texts: pa.Array, value: str, kind: pa.DataType) -> pa.Array:
    """The days, moments, months or years that texts tell, those that the macro left read one by one."""
    values = pc.cast(values, kind)
    left = pc.and_(pc.is_valid(texts), pc.is_null(values))
    if not pc.any(left).as_py():
        return values
    read = moments.READERS[value]
    return pc.replace_with_mask(values, left, pa.array([read(text) for text in texts.filter(left).to_pylist()], kind))


def organisation_codes(credit_codes: pa.Array, texts: pa.Array, connection) -> pa.Array:
    """The organisation codes within credit codes, and those that stand in their place."""
    within = pc.utf8_slice_codeunits(credit_codes, 8, 17)
    return _where(pc.and_(pc.is_valid(texts), pc.is_null(within)), "as_org_code(x)", texts, within, connection)


def credit_codes(texts: pa.Array, connection) -> pa.Array:
    """The credit codes that stand in a column of organisation codes."""
    is_long = pc.fill_null(pc.greater_equal(pc.utf8_length(texts), 18), False)
    return _where(is_long, "as_uscc(x)", texts, pa.nulls(len(texts), pa.string()), connection)


def _where(is_asked: pa.Array, expression: str, texts: pa.Array, values: pa.Array, connection) -> pa.Array:
    """The values with those of the texts that are asked."""
    if not pc.any(is_asked).as_py():
        return values
    return pc.replace_with_mask(values, is_asked, read_by(expression, texts.filter(is_asked), connection))
