"""data/sources.toml: read strictly, its template written once.

Belongs here: what may be said of a source, and that it makes sense. A password may not be said there at all.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import Export
from pipelines.ingest import headings
from pipelines.ingest.sources import statements
from pipelines.ingest.sources.model import MODES, POSTGRES, Source, SourceError, Statement

TEMPLATE = Path(__file__).with_name("template.toml")
NAME = re.compile(r"\w[\w-]{0,39}")
DRIVER = re.compile(r"[a-z][a-z0-9]*(\+[A-Za-z]\w*)?")
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
SECRET = re.compile(r"pass|pwd|secret|token", re.IGNORECASE)
TEXTS, NUMBERS = (str, "文字"), (int, "整数")
SOURCE_KEYS = {"driver": TEXTS, "database": TEXTS, "host": TEXTS, "port": NUMBERS, "user": TEXTS, "password_env": TEXTS,
               "password_file": TEXTS, "sslmode": TEXTS, "schema": TEXTS, "encoding": TEXTS, "timeout_s": NUMBERS,
               "options": (dict, "表"), "fetch": (dict, "表")}
STATEMENT_KEYS = {"mode": TEXTS, "table": TEXTS, "query": TEXTS, "columns": (dict, "表"), "date_column": TEXTS,
                  "date_format": TEXTS, "order": (list, "列表"), "text": (bool, "true 或 false")}


def write_template(path: Path) -> None:
    """Writes the commented template, which names no source yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEMPLATE.read_text(encoding="utf-8"), encoding="utf-8")


def load(path: Path) -> tuple[Source, ...]:
    """The sources of a file, in its order. Raises SourceError that names the entry and what may stand there."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise SourceError(f"{path} 打不开") from None
    except UnicodeDecodeError:
        raise SourceError(f"{path.name} 应是 UTF-8 编码的文字") from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at .*\)$", str(error))
        raise SourceError(f"{path.name} 不是有效的 TOML {place.group() if place else ''}；文字和汉字的名字要加引号") from None
    if not said:
        raise SourceError(f"{path.name} 中还没有来源；照其中的说明写好再运行")
    return tuple(_source(path.name, name, entry) for name, entry in said.items())


def _source(file: str, name: str, said: object) -> Source:
    where = f"{file} [{name}]"
    if not isinstance(said, dict):
        raise SourceError(f"{file}：顶层只能是来源，如 [\"社保库\"]；{name} 不是")
    if not NAME.fullmatch(name):
        raise SourceError(f"{file}：来源的名字只用汉字、字母、数字、_ 和 -，不超过 40 个；“{name}”不行")
    _typed(where, said, SOURCE_KEYS)
    for key in ("driver", "database", "fetch"):
        _need(where, said.get(key), f"缺少 {key}")
    fetch = tuple(_statement(f"{file} [{name}.fetch.{kind}]", kind, entry) for kind, entry in said["fetch"].items())
    source = Source(**{"name": name, **said, "fetch": ()})
    for fine, message in _source_rules(source):
        _need(where, fine, message)
    dialect = statements.dialect_of(source)
    return replace(source, fetch=tuple(_settled(f"{file} [{name}.fetch.{s.kind}]", s, dialect) for s in fetch))


def _source_rules(source: Source) -> list[tuple[object, str]]:
    is_file = source.driver.startswith("sqlite")
    return [
        (DRIVER.fullmatch(source.driver), f"的 driver 只能是 {'、'.join(POSTGRES)}，或 SQLAlchemy 的名字，如 mysql+pymysql"),
        (source.host or source.options or is_file, "缺少 host"),
        (0 <= source.port < 65536, "的 port 应在 1 到 65535 之间"),
        (source.timeout_s > 0, "的 timeout_s 应大于 0（秒）"),
        (not (source.password_env and source.password_file), "的 password_env 与 password_file 只能写一个"),
        (not source.sslmode or source.sslmode in SSL_MODES, f"的 sslmode 只能是 {'、'.join(SSL_MODES)}"),
        (source.is_postgres or not (source.sslmode or source.schema or source.encoding),
         f"的 sslmode、schema、encoding 只用于 {'、'.join(POSTGRES)}；其他的写在 [….options] 中"),
        (not any(SECRET.search(key) for key in source.options), "的 options 中不能写密码；用 password_env 或 password_file"),
        (all(isinstance(value, str) for value in source.options.values()), "的 options 的值都应是文字（加引号）"),
    ]


def _statement(where: str, kind: str, said: object) -> Statement:
    if kind not in EXPORTS:
        raise SourceError(f"{where}：没有种类 {kind}；可以写：{'、'.join(EXPORTS)}")
    if not isinstance(said, dict):
        raise SourceError(f"{where} 应是一个表")
    _typed(where, said, STATEMENT_KEYS)
    _need(where, said.get("mode") in MODES, f"的 mode 只能是 {'、'.join(MODES)}")
    for key in ("order", "columns"):
        texts = said.get(key, {}) if key == "order" else [*said.get(key, {}), *said.get(key, {}).values()]
        _need(where, all(isinstance(text, str) and text and text.isprintable() for text in texts), f"的 {key} 中应是不空的文字")
    columns = {name: title_of(where, EXPORTS[kind], heading) for name, heading in said.get("columns", {}).items()}
    titles = list(columns.values())
    twice = next((title for title in titles if titles.count(title) > 1), "")
    _need(where, not twice, f"的 columns 中“{twice}”写了两次")
    return Statement(**{**said, "kind": kind, "columns": columns, "order": tuple(said.get("order", ()))})


def _settled(where: str, statement: Statement, dialect: str) -> Statement:
    """The statement, with its query's end cut off, if it makes sense."""
    _need(where, bool(statement.table) != bool(statement.query), "要写 table 或 query，二者之一")
    _need(where, statement.date_format in statements.DATE_FORMATS,
          f"的 date_format 只能是 {'、'.join(statements.DATE_FORMATS)}")
    if statement.table:
        _need(where, all(statement.table.split(".")) and statement.table.isprintable(), "的 table 应写成 模式.表 或 表")
        _need(where, statement.columns, "缺少 columns（数据库列 = 标题）")
        _need(where, (statement.mode == "increment") == bool(statement.date_column),
              "的 date_column：increment 必须写（按哪一列取当月），snapshot 不写")
        check_required(where, EXPORTS[statement.kind], statement.columns.values())
        return statement
    _need(where, not statement.date_column, "的 date_column 只用于 table；query 中用 :month_first 与 :month_next")
    statements.check_query(statement.query, dialect, where)
    names = statements.used(statement.query, dialect)
    _need(where, statement.mode == "snapshot" or "month_next" in names, "是 increment，query 中要用 :month_first 与 :month_next")
    return replace(statement, query=statements.without_end(statement.query, dialect))


def title_of(where: str, export: Export, heading: str) -> str:
    """The title of the column that a heading, title or field name means. Raises SourceError with what may stand there."""
    title = known_titles(export).get(headings.normalise(heading))
    titles = "、".join(column.title for column in export.columns)
    _need(where, title, f"的 columns：{export.title}没有列“{heading[:40]}”；可以写：{titles}")
    return title or ""


def known_titles(export: Export) -> dict[str, str]:
    """Every accepted heading of a kind, normalised -> the column's title; own names go before aliases."""
    own = {headings.normalise(text): column.title for column in export.columns for text in (column.name, column.title)}
    return {text: column.title for column in reversed(export.columns) for text in headings.accepted(column)} | own


def check_required(where: str, export: Export, titles: Iterable[str]) -> None:
    """Raises SourceError when the kind could not be read without a further column."""
    found = set(titles)
    missed = ["或".join(export[name].title for name in group) for group in export.required
              if not any(export[name].title in found for name in group)]
    _need(where, not missed, f"对{export.title}还缺少必需的列 {'、'.join(missed)}")


def _typed(where: str, said: Mapping[str, object], keys: Mapping[str, tuple[type, str]]) -> None:
    for key, value in said.items():
        if SECRET.search(key) and key not in keys:
            raise SourceError(f"{where} 中不能写密码；用 password_env = \"环境变量名\" 或 password_file = \"只有自己可读的文件\"")
        _need(where, key in keys, f"中有不认识的 {key}；可以写：{'、'.join(keys)}")
        kind, words = keys[key]
        _need(where, isinstance(value, kind) and isinstance(value, bool) == (kind is bool), f"的 {key} 应是{words}")


def _need(where: str, fine: object, message: str) -> None:
    if not fine:
        raise SourceError(f"{where} {message}")
