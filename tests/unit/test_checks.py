"""The contract check: every rule of a contract, each at its boundary, in one scan."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import checks, lazy
from pipelines.contracts.model import COUNT, RATIO, TEXT, Column, Table

CITY = Table("city", "市", "一个市", ("city",), (Column("city", "市", TEXT, nullable=False),))
HOUSE = Table(
    "house", "房", "一栋", ("city", "number"),
    (Column("city", "市", TEXT, nullable=False), Column("number", "号", COUNT, nullable=False, minimum=1, maximum=99),
     Column("colour", "色", TEXT, codes={"red": ("红",), "it's": ("它",)}), Column("height", "高", RATIO, minimum=0)),
    references={"city": "city"})
GOOD = {"city": "a", "number": 1, "colour": "red", "height": 0.0}


@pytest.fixture
def check(tmp_path):
    """Checks rows, sorted by their grain as the engine writes them, against HOUSE."""
    def stored(contract: Table, rows: list[dict]) -> lazy.Stored:
        path = tmp_path / f"{contract.name}.parquet"
        types = {column.name: column.type for column in contract.columns}
        pq.write_table(pa.table({n: pa.array([row[n] for row in rows], t) for n, t in types.items()}), path)
        return lazy.Stored(path, contract)

    def run(*rows: dict, cities: tuple[str, ...] = ("a", "b")) -> checks.Report:
        references = {"city": stored(CITY, [{"city": city} for city in cities])}
        return checks.check(stored(HOUSE, [{**GOOD, **row} for row in rows]), tmp_path, references)

    return run


def test_rows_that_keep_every_rule(check):
    empty, other = {"city": "b", "colour": None, "height": None}, {"city": "b", "number": 2, "colour": "it's"}
    report = check({}, {"number": 99}, empty, other)
    assert report == checks.Report(4, {}, []) and report.is_fine


@pytest.mark.parametrize(("row", "rule"), [
    ({"number": None}, "number 为空"), ({"number": 0}, "number 小于 1"), ({"number": 100}, "number 大于 99"),
    ({"colour": "blue"}, "colour 不在代码表"), ({"height": -0.001}, "height 小于 0"),
])
def test_a_row_that_breaks_a_rule(check, row, rule):
    report = check({}, {"number": 50, **row}) if "number" not in row else check({}, row)
    assert report.broken == {rule: 1} and not report.is_fine and report.rows == 2
    assert report.samples == [f"{rule}：a / {row.get('number', 50)}"]


def test_a_key_that_occurs_twice(check):
    report = check({}, {"colour": None}, {"number": 2}, {"number": 3}, {"number": 3})
    assert report.broken == {"主键重复": 2}
    assert report.samples == ["a / 1", "a / 3"]


def test_a_reference_that_leads_nowhere(check):
    assert check({}, {"city": "z"}).broken == {"city 在 city 中找不到": 1}


def test_every_broken_rule_is_counted_and_samples_are_few(check):
    report = check(*({"number": n, "colour": "blue"} for n in range(1, 21)))
    assert report.broken == {"colour 不在代码表": 20}
    assert len(report.samples) == checks.SAMPLES


def test_no_rows_at_all(check):
    assert check() == checks.Report(0, {}, [])


def test_the_rules_of_a_contract_by_name():
    assert list(checks.rules(HOUSE)) == [
        "city 为空", "number 为空", "number 小于 1", "number 大于 99", "colour 不在代码表", "height 小于 0"
    ]


def test_a_stored_query_is_checked_on_its_rows(tmp_path):
    contract = Table("made", "算", "一行", ("n",), (Column("n", "数", COUNT, nullable=False, maximum=16),), is_query=True)
    path = tmp_path / "made.sql"
    path.write_text("-- {}\nSELECT a.range AS n FROM range(18) AS a, range(2) AS twice\n")
    report = checks.check(lazy.Stored(path, contract), tmp_path)
    assert report.rows == 36 and report.broken["n 大于 16"] == 2
    assert report.broken["主键重复"] >= 1  # seen in a sample of the keys
