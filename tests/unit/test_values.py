"""Every value macro of values.sql: the forms that bureaus send, and those that mean nothing (None)."""

import csv
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines import engine
from pipelines.contracts import codes
from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import parse

VECTORS = Path(__file__).parent.parent / "vectors"
DAY = date(2024, 1, 31)
YUAN = Decimal("1234.50")

FORMS = {
    "text": {"焊工": "焊工", "无": None, None: None},
    "identifier": {"0012": "0012", "单位\ufffd": None},
    "document_no": {
        "X人社工伤认字[2024]123号": "X人社工伤认字〔2024〕123号", "X人社（2024）1 号": "X人社〔2024〕1号",
        "［2024］9": "〔2024〕9", "【2024】5": "〔2024〕5", "〔2024〕7": "〔2024〕7", "12345": "12345", "〔20\ufffd4〕": None,
    },
    "date": {
        "2024-01-31": DAY, "2024-1-31": DAY, "2024/1/31": DAY, "2024.01.31": DAY, "2024年1月31日": DAY, "2024年1月31": DAY,
        "2024-01-31 08:30:00": DAY, "2024-01-31T08:30:00": DAY, "2024/1/31 8:05": DAY, "20240131": DAY,
        "20240131083000": DAY, "45322": DAY, "45322.5": DAY, "1900-01-01": date(1900, 1, 1),
        "2100-12-31": date(2100, 12, 31), "2024-02-30": None, "2024-13-01": None, "1899-12-31": None, "2101-01-01": None,
        "20240231": None, "31/01/2024": None, "2024-01": None, "19999": None, "79999": None, "昨天": None, "2024-01-3x": None,
    },
    "time": {
        "2024-01-31 08:30": datetime(2024, 1, 31, 8, 30), "2024-01-31 08:30:15": datetime(2024, 1, 31, 8, 30),
        "2024/1/31 8:05": datetime(2024, 1, 31, 8, 5), "2024年1月31日8时5分": datetime(2024, 1, 31, 8, 5),
        "2024年1月31日 8时": datetime(2024, 1, 31, 8), "2024年1月31日下午3时": datetime(2024, 1, 31, 15),
        "2024/1/31 3:05 PM": datetime(2024, 1, 31, 15, 5), "2024年1月31日上午8时": datetime(2024, 1, 31, 8),
        "20240131083015": datetime(2024, 1, 31, 8, 30, 15), "2024-01-31": datetime(2024, 1, 31),
        "20240131": datetime(2024, 1, 31), "2024-01-31 24:00": datetime(2024, 2, 1),
        # A day is known though its hour is not.
        "2024-01-31 25:00": datetime(2024, 1, 31), "2024/1/31 25:00": datetime(2024, 1, 31),
        "2024-02-30 08:30": None, "8:30": None, "上午": None,
    },
    "month": {
        "202401": 202401, "2024-01": 202401, "2024/1": 202401, "2024年1月": 202401, "2024年1月份": 202401, "2024.01": 202401,
        "2024-01-31": 202401, "20240131": 202401, "2024年1月31日": 202401, "2024-01-31 00:00:00": 202401,
        "202413": None, "202400": None, "189912": None, "2024": None, "2024-00": None, "20241301": None,
        # A span is not one month: its money belongs to several.
        "2024年1月-2024年3月": None, "2024-01至2024-03": None, "2024年1-3月": None, "一季度": None,
    },
    "year": {"2024": 2024, "2024年": 2024, "2024年度": 2024, "2024.0": 2024, "1989": None, "2101": None, "24": None},
    "birth_year": {"1990-01-02": 1990, "19900102": 1990, "1990年1月2日": 1990, "1990": None, "十月": None},
    "amount": {
        "1234.5": YUAN, "1,234.50": YUAN, "￥1,234.50元": YUAN, "1 234.50": YUAN, "-1234.5": -YUAN, "(1,234.50)": -YUAN,
        "（1234.50）": -YUAN, "+1234.5": YUAN, "1.235": Decimal("1.24"), "0": Decimal(0), "12万元": None, "1.2.3": None,
        "(-5)": None, "--5": None, "nan": None, "99999999999999999": None, "面议": None,
    },
    "count": {
        "12": 12, "1,234": 1234, "12，345": 12345, "12.0": 12, "12人": 12, "3家": 3, "-3": -3, "12.5": None, "1e3": None,
        "人": None, ",": None, "约12": None,
    },
    "number": {"1.5": 1.5, "1,234.5": 1234.5, "-1": -1.0, "nan": None, "inf": None, "1e400": None, "东经112": None},
    "rate": {
        "0.9%": 0.009, "0.9％": 0.009, "9‰": 0.009, "0.009": 0.009, "0.9": 0.009, "1.9": 0.019, "0.002": 0.002, "0": 0.0,
        "%": None, "免缴": None,
    },
    "grade": {
        "01": 1, "1": 1, "10": 10, "7.0": 7, "7级": 7, "一级": 1, "十级": 10, "七": 7, "壹级": 1, "拾级": 10, "未达级": 11,
        "无等级": 11, "0": None, "11": None, "十一级": None, "较重": None,
    },
    "risk_class": {"1": 1, "8": 8, "08": 8, "3.0": 3, "3类": 3, "一类": 1, "第三类": 3, "0": None, "9": None, "第九类": None},
    "clause": {
        "14-1": "14-1", "14.6": "14-6", "14（6）": "14-6", "第十四条第（一）项": "14-1", "十四条(一)": "14-1",
        "第十四条第六项": "14-6", "《工伤保险条例》第十四条第（六）项": "14-6", "条例第14条第1款第1项": "14-1",
        "第十四条第一款第六项": "14-6", "第十五条第一款第（二）项": "15-2", "十六条（三）": "16-3", "101": "14-1", "107": "14-7",
        "201": "15-1", "303": "16-3", "108": None, "204": None, "第十四条": None, "第十四条第（八）项": None, "15-4": None,
        "16-4": None, "其他": None,
    },
    "org_code": {
        "D2143569-X": "D2143569X", "d2143569x": "D2143569X", "91430700MA4L16JQ9C": "MA4L16JQ9", "D21435691": None,
        "91430700MA4L16JQ9B": None, "12345": None,
    },
    "industry": {"c 33": "C33", "3311": "3311", "金属制品业": "金属制品业"},
}


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Reads texts as a value type, as ingest does: macros on a table of cleaned text."""
    scratch = tmp_path_factory.mktemp("values")

    def as_values(value: str, texts: list[str | None]) -> list:
        with engine.connect(scratch) as connection:
            for macro in parse.macros():
                connection.execute(macro)
            connection.register("given", pa.table({"n": range(len(texts)), "x": pa.array(texts, pa.string())}))
            return [row[0] for row in connection.sql(f"SELECT as_{value}(x) FROM given ORDER BY n").fetchall()]

    return as_values


@pytest.mark.parametrize("value", FORMS)
def test_the_forms_of_a_value_type(read, value):
    texts = list(FORMS[value])
    found = dict(zip(texts, read(value, texts), strict=True))
    wanted = {text: pytest.approx(v) if isinstance(v, float) else v for text, v in FORMS[value].items()}
    assert found == wanted


def test_every_value_type_that_contracts_name_is_tested_here():
    named = {column.value for export in EXPORTS.values() for column in export.stored}
    # lists, test_narratives, test_receive, test_privacy, below
    assert named - set(FORMS) == {"code", "coded", "flag", "person", "uscc"}


def test_nothing_comes_of_nothing(read):
    for value in FORMS:
        assert read(value, [None]) == [None], value


def test_every_item_of_the_three_articles_is_a_clause(read):
    numerals = "一二三四五六七"
    articles = {"14": ("第十四条", 7), "15": ("第十五条", 3), "16": ("第十六条", 3)}
    written = {f"{title}第（{numerals[n]}）项": f"{article}-{n + 1}"
               for article, (title, items) in articles.items() for n in range(items)}
    assert dict(zip(written, read("clause", list(written)), strict=True)) == written
    assert set(written.values()) == set(codes.CLAUSE)


def test_uscc_vectors(read):
    """A wrong check character, a letter outside the alphabet, a wrong length and full-width digits are no code."""
    with (VECTORS / "uscc_test_vectors.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    codes_given = [row["code"].strip() for row in rows]  # ingest strips; the vector with a trailing space is valid after it
    found = read("uscc", codes_given)
    for row, code, value in zip(rows, codes_given, found, strict=True):
        is_valid = row["expect"] == "valid" or "after strip" in row["note"]
        assert value == (code if is_valid else None), row["note"]
    assert sum(value is not None for value in found) >= 20


def test_a_credit_code_may_come_in_lower_case(read):
    assert read("uscc", ["9144030071526726xg"]) == ["9144030071526726XG"]


def test_sql_types_are_common_to_both_engines():
    assert {parse.sql_type(column) for export in EXPORTS.values() for column in export.stored} <= {
        "VARCHAR", "BIGINT", "INTEGER", "SMALLINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "DECIMAL(18, 2)", "DECIMAL(9, 6)"
    }


def test_texts_are_quoted_for_sql():
    assert parse.quoted("it's") == "'it''s'"
