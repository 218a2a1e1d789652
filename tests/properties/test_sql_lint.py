"""Laws of pipelines/sql: every file means the same on DuckDB and on Spark, and gives the same bytes on any number of threads.

What the transpiler cannot refuse (macros, functions whose meaning differs, silent defaults) is refused here.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyarrow as pa
import pytest
from sqlglot import exp, parse_one

from pipelines import engine, lazy
from pipelines.contracts.catalogue import CONTRACTS, CORE, MARTS
from pipelines.contracts.exports import EXPORTS

ROOT = Path(__file__).parents[2]
FILES = sorted(path.relative_to(lazy.SQL).as_posix() for path in lazy.SQL.rglob("*.sql"))

# What the two engines were seen to work out alike (tests/spark), and under which condition.
SAME_IN_BOTH = {
    "and", "or", "case", "if", "coalesce", "cast", "abs", "greatest", "exists",
    "count", "sum", "min", "max",  # whole numbers, decimals, dates and text; `sum` of doubles is refused below
    "arg_max",  # DuckDB passes over rows whose value is null, Spark does not: such rows are to be filtered out (see below)
    "row_number",
    "concat",  # both as if null were '': the transpiler adds the coalesce for Spark
    "substring", "pad",  # ASCII codes
    "year", "month", "hour", "minute",  # of dates and of times without a zone
}
# Queries that are no table of their own: nested in others, or fetched into memory.
NESTED = {
    "core": {"newest", "newest_premium", "claim_link", "industry_delivered", "doubtful_enterprise", "doubtful_premium",
             "doubtful_claim", "doubtful_decision", "doubtful_payout", "wage_histogram", "heads_histogram", "rate_histogram",
             "address_delivered", "risk_class", "area_alias", "unit_said", "road_accident"},
    "marts": {"candidate", "claim_cost", "counted_claim", "industry_count", "listed_enterprise", "listed_name",
              "premium_rate_change", "quality_gap", "quality_delay", "quality_repeat", "window_count", "unit_name",
              "target_unit", "disease_case", "project_target", "platform_count", "notice_count", "pattern_count",
              "pattern_exposure", "development_count", "definition_count", "insured_heads", "target_count",
              "platform_year", "programme_unit", "training_count", "ledger_cost", "commuting_unit", "commuting_case",
              "neighbour_unit", "profile_count", "dossier_unit"},
}
TABLES = {"core": {table.name for table in CORE}, "marts": {table.name for table in MARTS}}
PARAMETERS = {"as_of", "year", "first_year", "region_digits", "by_agency", "first_month", "last_month", "newest_month"}
DOUBLES = {
    column.name for table in (*CONTRACTS.values(), *EXPORTS.values()) for column in table.columns if column.type == pa.float64()
} - set(lazy.LINEAGE_TYPES)  # whose `amount` is a decimal


@cache
def text_of(file: str) -> str:
    return (lazy.SQL / file).read_text(encoding="utf-8")


@cache
def tree_of(file: str) -> exp.Expr:
    return parse_one(text_of(file), read="duckdb")


@cache
def code() -> str:
    sources = (path for folder in ("pipelines", "assets") for path in (ROOT / folder).rglob("*.py"))
    return "".join(path.read_text(encoding="utf-8") for path in sources)


def without_remarks(file: str) -> str:
    return re.sub(r"--.*", "", text_of(file))


def unlisted_functions(tree: exp.Expr) -> set[str]:
    """Functions that are not on the list; one that the parser does not know (a macro among them) is never on it.

    Days between two dates are the same number in both; months between them are not.
    """
    calls = [call for call in tree.find_all(exp.Func) if not (isinstance(call, exp.DateDiff) and call.text("unit") == "DAY")]
    return {(call.name if isinstance(call, exp.Anonymous) else call.sql_name()).lower() for call in calls} - SAME_IN_BOTH


def unguarded_divisions(tree: exp.Expr) -> Iterator[str]:
    """Divisions that are not of a double, or by what may be zero: by something else than a number, outside a CASE."""
    for division in tree.find_all(exp.Div):
        is_double = any(cast.is_type("double") for cast in division.this.find_all(exp.Cast))
        if not is_double or not (isinstance(division.expression, exp.Literal) or division.find_ancestor(exp.Case)):
            yield division.sql("duckdb")


def is_double(expression: exp.Expr) -> bool:
    """Whether a double takes part: by a cast, a division or a column of that type."""
    casts = any(cast.is_type("double", "float") for cast in expression.find_all(exp.Cast))
    columns = any(column.name in DOUBLES for column in expression.find_all(exp.Column))
    return casts or columns or expression.find(exp.Div) is not None


def doubles_where_order_matters(tree: exp.Expr) -> Iterator[str]:
    for place in tree.find_all(exp.Sum, exp.Avg, exp.Ordered, exp.ArgMax, exp.ArgMin):
        if is_double(place):
            yield place.sql("duckdb")


def stars_beside_columns(tree: exp.Expr) -> Iterator[str]:
    for select in tree.find_all(exp.Select):
        stars = [column for column in select.expressions if column.is_star and not isinstance(column, exp.Alias)]
        if stars and len(select.expressions) > 1:
            yield select.sql("duckdb")


def qualified_aggregates(tree: exp.Expr) -> Iterator[str]:
    for select in tree.find_all(exp.Select):
        aggregates = [column for column in select.expressions if column.find(exp.AggFunc)]
        if select.args.get("qualify") and (select.args.get("group") or aggregates):
            yield select.sql("duckdb")


def nullable_arguments(tree: exp.Expr) -> Iterator[str]:
    """arg_max(x, y) of an x that nothing says is not null: no filter, no WHERE of the same SELECT."""
    for call in tree.find_all(exp.ArgMax):
        select = call.find_ancestor(exp.Select)
        places = [place for place in (call.find_ancestor(exp.Filter), select and select.args.get("where")) if place]
        tests = [test.this for place in places for test in place.find_all(exp.Not)]
        said = {test.this.name for test in tests if isinstance(test, exp.Is)}
        if call.this.name not in said and call.expression.name != RATE_MONTH:
            yield call.sql("duckdb")


# enterprise_year.sql: null exactly where its unit_rate is null, and where y is null, neither engine looks at x.
RATE_MONTH = "rate_month"


def test_there_are_files():
    assert len(FILES) > 15


@pytest.mark.parametrize("file", FILES)
class TestEachFile:
    def test_is_written_for_both_engines(self, file):
        assert engine.spark_text(text_of(file))

    def test_calls_only_functions_that_mean_the_same(self, file):
        assert not unlisted_functions(tree_of(file))

    def test_says_where_nulls_stand_in_every_order(self, file):
        orders = list(tree_of(file).find_all(exp.Ordered))
        assert len(re.findall(r"\bNULLS (?:FIRST|LAST)\b", without_remarks(file))) == len(orders)

    def test_orders_every_numbering(self, file):
        assert all(window.args.get("order") for window in tree_of(file).find_all(exp.Window) if window.find(exp.RowNumber))

    def test_divides_doubles_by_what_is_not_zero(self, file):
        assert not list(unguarded_divisions(tree_of(file)))

    def test_adds_and_orders_no_doubles(self, file):
        assert not list(doubles_where_order_matters(tree_of(file)))

    def test_has_no_star_beside_columns(self, file):
        assert not list(stars_beside_columns(tree_of(file)))

    def test_qualifies_no_aggregates(self, file):
        assert not list(qualified_aggregates(tree_of(file)))

    def test_takes_no_maximum_of_what_may_be_null(self, file):
        assert not list(nullable_arguments(tree_of(file)))

    def test_is_one_select(self, file):
        assert isinstance(tree_of(file), exp.Query)

    def test_is_named_after_its_table_or_is_a_nested_query(self, file):
        folder, name = file.removesuffix(".sql").split("/")
        assert name in TABLES[folder] | NESTED[folder]

    def test_is_used(self, file):
        name = Path(file).stem
        assert file in code() or (name in EXPORTS and file.replace(name, "{kind}") in code())

    def test_uses_each_parameter_that_it_names(self, file):
        used = {parameter.name for parameter in tree_of(file).find_all(exp.Parameter, exp.Placeholder)}
        assert set(re.findall(r"\$(\w+)", text_of(file))) == used <= PARAMETERS

    def test_refuses_a_parameter_that_it_does_not_use(self, file):
        with pytest.raises(lazy.EngineError, match="does not use"):
            lazy.render(lazy.Query(file, values={"never_used": 1}))


def test_no_nested_query_is_forgotten_on_the_list():
    assert {f"{folder}/{name}.sql" for folder, names in NESTED.items() for name in names} <= set(FILES)


@pytest.mark.parametrize(("rule", "text"), [
    (unlisted_functions, "SELECT quantile_cont(x, 0.5) FROM t"),
    (unlisted_functions, "SELECT date_diff('month', a, b) FROM t"),
    (unlisted_functions, "SELECT as_date(x) FROM t"),
    (unlisted_functions, "SELECT avg(x) FROM t"),
    (unlisted_functions, "SELECT round(x, 2) FROM t"),
    (unguarded_divisions, "SELECT a / b FROM t"),
    (unguarded_divisions, "SELECT CAST(a AS DOUBLE) / b FROM t"),
    (unguarded_divisions, "SELECT CASE WHEN b > 0 THEN a / b END FROM t"),
    (doubles_where_order_matters, "SELECT sum(person_years) FROM t"),
    (doubles_where_order_matters, "SELECT sum(CAST(a AS DOUBLE)) FROM t"),
    (doubles_where_order_matters, "SELECT a FROM t ORDER BY rate_pct NULLS LAST"),
    (stars_beside_columns, "SELECT t.*, a + 1 AS b FROM t"),
    (stars_beside_columns, "SELECT *, a + 1 AS b FROM t"),
    (qualified_aggregates, "SELECT a, sum(b) FROM t GROUP BY a QUALIFY row_number() OVER (ORDER BY a NULLS LAST) = 1"),
    (nullable_arguments, "SELECT arg_max(a, b) FROM t"),
])
def test_each_rule_finds_what_it_looks_for(rule, text):
    assert list(rule(parse_one(text, read="duckdb")))


@pytest.mark.parametrize("text", [
    "SELECT CASE WHEN b > 0 THEN CAST(a AS DOUBLE) * 100 / b END AS c, count(*) AS n FROM t",
    "SELECT arg_max(a, b) FILTER (WHERE a IS NOT NULL) AS a, sum(c) AS c FROM t",
    "SELECT a FROM (SELECT * FROM t) AS u ORDER BY a NULLS FIRST",
    "SELECT date_diff('day', a, b) AS days FROM t",
])
def test_no_rule_finds_fault_with_what_is_right(text):
    tree = parse_one(text, read="duckdb")
    rules = (unlisted_functions, unguarded_divisions, doubles_where_order_matters, stars_beside_columns, qualified_aggregates)
    assert not [found for rule in (*rules, nullable_arguments) for found in rule(tree)]
