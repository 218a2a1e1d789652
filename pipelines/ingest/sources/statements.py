"""The SQL of a statement: composed from a table and its columns, or the bureau's own query, checked and made to order.

Belongs here: text only. No value ever enters it: the month is bound as a parameter, identifiers are quoted.
"""

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import sqlglot
from sqlglot import exp
from sqlglot.tokenizer_core import Token, TokenType

from pipelines.ingest.sources.model import POSTGRES, Source, SourceError, Statement

DIALECTS = {**dict.fromkeys(POSTGRES, "postgres"), "mysql": "mysql", "mariadb": "mysql", "oracle": "oracle", "dm": "oracle",
            "mssql": "tsql", "sqlite": "sqlite"}
PARAMETERS = ("month_first", "month_next", "cutoff")
DATE_FORMATS = ("date", "text-yyyymm", "text-yyyy-mm", "number-yyyymm", "number-yyyymmdd")
BEGINNINGS = (TokenType.SELECT, TokenType.WITH, TokenType.L_PAREN)
WRITING = (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Create, exp.Drop, exp.Command, exp.Into, exp.Lock)


class Window(NamedTuple):
    """The months that a fetch covers, yyyymm, both included."""

    first: int
    last: int


def dialect_of(source: Source) -> str:
    """What sqlglot calls the source's SQL; empty = plain SQL."""
    return DIALECTS.get(source.driver.partition("+")[0], "")


def parameters(window: Window, date_format: str) -> dict[str, object]:
    """What :month_first, :month_next and :cutoff stand for: the first day, the day after the last, the last day.

    The first two come as `date_format` says; a text begins with them, so that any longer text lies between them rightly.

    >>> parameters(Window(202412, 202412), "text-yyyymm")
    {'month_first': '202412', 'month_next': '202501', 'cutoff': datetime.date(2024, 12, 31)}
    """
    first = datetime.date(window.first // 100, window.first % 100, 1)
    after = datetime.date(window.last // 100 + window.last % 100 // 12, window.last % 100 % 12 + 1, 1)
    written = {
        "date": lambda day: day,
        "text-yyyymm": lambda day: f"{day:%Y%m}",
        "text-yyyy-mm": lambda day: f"{day:%Y-%m}",
        "number-yyyymm": lambda day: int(f"{day:%Y%m}"),
        "number-yyyymmdd": lambda day: int(f"{day:%Y%m%d}"),
    }[date_format]
    return {"month_first": written(first), "month_next": written(after), "cutoff": after - datetime.timedelta(days=1)}


def check_query(query: str, dialect: str, where: str) -> None:
    """Raises SourceError unless the text is one SELECT (WITH … SELECT) that writes nothing and knows only our parameters."""
    only = f"{where} 的 query 只能是一条 SELECT（或 WITH … SELECT）语句"
    try:
        tokens = _tokens(query, dialect)
        if not tokens or tokens[0].token_type not in BEGINNINGS or "/*!" in query:
            raise SourceError(only)
        trees = sqlglot.parse(query, read=dialect or None)
    except sqlglot.errors.SqlglotError:
        raise SourceError(f"{where} 的 query 看不懂；请改写，或在数据库中建一个视图，用 table 取它") from None
    if len(trees) != 1 or not isinstance(trees[0], exp.Query) or any(trees[0].find_all(*WRITING)):
        raise SourceError(f"{only}，不能写入、加锁或调用命令")
    unknown = sorted({name for _, _, name in _places(query, dialect)} - set(PARAMETERS))
    if unknown:
        raise SourceError(f"{where} 的 query 中有不认识的参数 :{unknown[0]}；可以写：:{'、:'.join(PARAMETERS)}")


def _tokens(query: str, dialect: str) -> list[Token]:
    return sqlglot.tokenize(query, read=dialect or None)


def _places(query: str, dialect: str) -> list[tuple[int, int, str]]:
    """Where a query names its parameters: start, end, name; texts, comments and :: are left alone."""
    tokens = _tokens(query, dialect)
    return [
        (colon.start, name.end + 1, name.text) for colon, name in zip(tokens, tokens[1:], strict=False)
        if colon.token_type == TokenType.COLON and name.start == colon.end + 1 and re.fullmatch(r"[A-Za-z_]\w*", name.text)
    ]


def used(query: str, dialect: str) -> list[str]:
    """The parameters that a query names, in order of first appearance."""
    return list(dict.fromkeys(name for _, _, name in _places(query, dialect)))


def numbered(query: str) -> str:
    """A PostgreSQL query with $1, $2, … in place of its named parameters, numbered as in used().

    >>> numbered("SELECT a::text FROM t WHERE b >= :month_first AND c <> ':x' AND b < :month_next")
    "SELECT a::text FROM t WHERE b >= $1 AND c <> ':x' AND b < $2"
    """
    order = used(query, "postgres")
    return _replaced(query, "postgres", lambda name: f"${order.index(name) + 1}", lambda text: text)


def named(query: str, dialect: str) -> str:
    """A query as SQLAlchemy's text() wants it: a colon that names no parameter is escaped.

    >>> print(named("SELECT ':x' FROM t WHERE b >= :month_first", "sqlite"))
    SELECT '\\:x' FROM t WHERE b >= :month_first
    """
    return _replaced(query, dialect, lambda name: f":{name}", lambda text: text.replace(":", "\\:"))


def _replaced(query: str, dialect: str, parameter, rest) -> str:
    parts, last = [], 0
    for start, end, name in _places(query, dialect):
        parts += [rest(query[last:start]), parameter(name)]
        last = end
    return "".join([*parts, rest(query[last:])])


def quoted(name: str, dialect: str) -> str:
    """An identifier in the dialect's quotes, whatever stands in it.

    >>> quoted('a"b', "postgres"), quoted("a`b", "mysql")
    ('"a""b"', '`a``b`')
    """
    return exp.to_identifier(name, quoted=True).sql(dialect=dialect or None)


def of_table(statement: Statement, dialect: str) -> str:
    """The whole query of a statement that names a table: its columns, its months, in a fixed order."""
    place = ".".join(quoted(part, dialect) for part in statement.table.split("."))
    lines = [f"SELECT {', '.join(quoted(name, dialect) for name in statement.columns)}", f"FROM {place}"]
    if statement.date_column:
        column = quoted(statement.date_column, dialect)
        lines.append(f"WHERE {column} >= :month_first AND {column} < :month_next")
    return "\n".join([*lines, _order(statement.order, len(statement.columns), dialect)])


def has_order(query: str, dialect: str) -> bool:
    """Whether the query itself says in which order its rows come."""
    return sqlglot.parse_one(query, read=dialect or None).args.get("order") is not None


def without_end(query: str, dialect: str) -> str:
    """The query without the semicolon behind it."""
    last = _tokens(query, dialect)[-1]
    return query[:last.start] if last.token_type == TokenType.SEMICOLON else query


def probe(query: str) -> str:
    """The query with no rows: it says which columns there are."""
    return f"SELECT * FROM (\n{query}\n) q WHERE 1 = 0"


def in_order(query: str, names: Sequence[str], order: Sequence[str], dialect: str) -> str:
    """The named columns of a query, ordered by `order` or by all of them, so that the same rows come in the same order."""
    columns = ", ".join(quoted(name, dialect) for name in names)
    return f"SELECT {columns} FROM (\n{query}\n) q\n{_order(order, len(names), dialect)}"


def _order(order: Sequence[str], width: int, dialect: str) -> str:
    return "ORDER BY " + ", ".join([quoted(name, dialect) for name in order] or [str(n + 1) for n in range(width)])


def bound(values: Mapping[str, object], query: str, dialect: str) -> dict[str, object]:
    """The values of the parameters that the query names, in order."""
    return {name: values[name] for name in used(query, dialect)}
