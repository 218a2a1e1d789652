"""Every value type: the forms that bureaus send, and those that mean nothing (None)."""

import csv
import functools
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from pipelines import engine
from pipelines.contracts import codes
from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import Column
from pipelines.ingest import parse, terms, units
from pipelines.ingest.cleaning import plain
from tests.values import values_of

VECTORS = Path(__file__).parent.parent / "vectors"
DAY = date(2024, 1, 31)
YUAN = Decimal("1234.50")

FORMS = {
    "text": {
        "焊工": "焊工", "无": None, "暂无": None, "不详": None, "N/A": None, "/": None, None: None, "\u3000焊工\u00a0": "焊工",
        "焊\u200b工\ufeff": "焊工", "'焊工": "焊工", '="焊工"': "焊工", "焊工　甲": "焊工 甲", "３号ＡＢ": "3号AB",
        # People's punctuation stays Chinese.
        "冲压（一），甲：乙": "冲压（一），甲：乙",
    },
    "identifier": {
        "0012": "0012", "单位\ufffd": None, "'0012": "0012", '="0012"': "0012", "００１２": "0012", "0012\u3000": "0012",
        "00 12": "0012",
        "1001.0": "1001", "A.0": "A.0", "\t0012": "0012", "无": None, "4307－12": "4307-12", "9.14403E+17": None, "9E+17": None,
        "9.1E17": None, "430702000000012000": None, "43070200000001200": "43070200000001200",
        "430702000000012001": "430702000000012001",
    },
    "document_no": {
        "X人社工伤认字[2024]123号": "X人社工伤认字〔2024〕123号", "X人社（2024）1 号": "X人社〔2024〕1号",
        "［2024］9": "〔2024〕9", "【2024】5": "〔2024〕5", "〔2024〕7": "〔2024〕7", "12345": "12345", "〔20\ufffd4〕": None,
        "〔２０２４〕７": "〔2024〕7", "2.02401E+17": None,
    },
    "date": {
        "2024-01-31": DAY, "2024-1-31": DAY, "2024/1/31": DAY, "2024.01.31": DAY, "2024年1月31日": DAY, "2024年1月31": DAY,
        "2024-01-31 08:30:00": DAY, "2024-01-31T08:30:00": DAY, "2024/1/31 8:05": DAY, "20240131": DAY,
        "20240131083000": DAY, "45322": DAY, "45322.5": DAY, "1900-01-01": date(1900, 1, 1),
        "2100-12-31": date(2100, 12, 31), "2024-02-30": None, "2024-13-01": None, "1899-12-31": None, "2101-01-01": None,
        "20240231": None, "2024-01": None, "19999": None, "79999": None, "昨天": None, "2024-01-3x": None,
        "２０２４－０１－３１": DAY, "２０２４年１月３１日": DAY, "'2024-01-31": DAY, "2024-01-31\u3000": DAY,
        "2024年 1月 31日": DAY,
        "2024年01月31号": DAY, "2024-01-31 00:00:00.0": DAY, "20240131.0": DAY, "202401310830": DAY, "20240131 08:30": DAY,
        "2024.1.31 周三": DAY, "二〇二四年一月三十一日": DAY, "二○二四年十月十日": date(2024, 10, 10),
        "2024-01-31下午3点": DAY, "Wed Jan 31 00:00:00 CST 2024": DAY, "31-1月 -24": DAY, "31-JAN-24": DAY, "31-Jan-2024": DAY,
        # A zone counts: 16:00 in Greenwich is the next day in Beijing.
        "2024-01-30T16:00:00Z": DAY, "2024-01-31T00:00:00+08:00": DAY, "2024-01-31T08:30:00.000+0800": DAY,
        # The year last is read where only one day can be meant; a year of two digits where 年 or its size tells it.
        "31/01/2024": DAY, "01/31/2024": DAY, "05/05/2024": date(2024, 5, 5), "05/06/2024": None, "24年1月31日": DAY,
        "98-05-31": date(1998, 5, 31), "24-01-31": None, "31-01-24": None, "202401": None, "2024": None, "13/13/2024": None,
        "0": None, "00000000": None, "0000-00-00": None, "1900-01-00": None, "9999-12-31": None, "9.1E+17": None,
    },
    "time": {
        "2024-01-31 08:30": datetime(2024, 1, 31, 8, 30), "2024-01-31 08:30:15": datetime(2024, 1, 31, 8, 30, 15),
        "2024/1/31 8:05": datetime(2024, 1, 31, 8, 5), "2024年1月31日8时5分": datetime(2024, 1, 31, 8, 5),
        "2024年1月31日 8时": datetime(2024, 1, 31, 8), "2024年1月31日下午3时": datetime(2024, 1, 31, 15),
        "2024/1/31 3:05 PM": datetime(2024, 1, 31, 15, 5), "2024年1月31日上午8时": datetime(2024, 1, 31, 8),
        "20240131083015": datetime(2024, 1, 31, 8, 30, 15), "2024-01-31": datetime(2024, 1, 31),
        "20240131": datetime(2024, 1, 31), "2024-01-31 24:00": datetime(2024, 2, 1),
        "2024年1月31日15时30分": datetime(2024, 1, 31, 15, 30), "2024年1月31日15时30分20秒": datetime(2024, 1, 31, 15, 30, 20),
        "2024年1月31日下午3点": datetime(2024, 1, 31, 15), "2024年1月31日下午3点半": datetime(2024, 1, 31, 15, 30),
        "2024-01-31 下午３：０５": datetime(2024, 1, 31, 15, 5), "2024-01-31 12:30 AM": datetime(2024, 1, 31, 0, 30),
        "2024-01-31 12:30 PM": datetime(2024, 1, 31, 12, 30), "2024年1月31日凌晨2时": datetime(2024, 1, 31, 2),
        "2024年1月31日中午1点": datetime(2024, 1, 31, 13), "2024年1月31日晚8点": datetime(2024, 1, 31, 20),
        "2024年1月31日晚上12点": datetime(2024, 1, 31), "45322.354166666664": datetime(2024, 1, 31, 8, 30),
        "45322": datetime(2024, 1, 31), "20240131 0830": datetime(2024, 1, 31, 8, 30),
        "202401310830": datetime(2024, 1, 31, 8, 30),
        "2024-01-31T16:00:00Z": datetime(2024, 2, 1), "2024-01-31T16:00:00.123+08:00": datetime(2024, 1, 31, 16),
        "2024/1/31 8:05:09": datetime(2024, 1, 31, 8, 5, 9), "2024-01-31 00:00:00": datetime(2024, 1, 31),
        "Wed Jan 31 08:30:00 CST 2024": datetime(2024, 1, 31, 8, 30), "2024-01-31 8：30": datetime(2024, 1, 31, 8, 30),
        # A day is known though its hour is not.
        "2024-01-31 25:00": datetime(2024, 1, 31), "2024/1/31 25:00": datetime(2024, 1, 31),
        "2024-02-30 08:30": None, "8:30": None, "上午": None, "2024-02-30T08:30:00Z": None,
    },
    "month": {
        "202401": 202401, "2024-01": 202401, "2024/1": 202401, "2024年1月": 202401, "2024年1月份": 202401, "2024.01": 202401,
        "2024-01-31": 202401, "20240131": 202401, "2024年1月31日": 202401, "2024-01-31 00:00:00": 202401, "2024/01/31": 202401,
        "２０２４年１月": 202401, "202401.0": 202401, "01/2024": 202401, "Jan-24": 202401, "24年1月": 202401, "45322": 202401,
        "二〇二四年十二月": 202412, "202413": None, "202400": None, "189912": None, "2024": None, "2024-00": None,
        "20241301": None,
        # A span is not one month: its money belongs to several.
        "2024年1月-2024年3月": None, "2024-01至2024-03": None, "2024年1-3月": None, "一季度": None, "202401-202403": None,
        "0": None,
    },
    "year": {
        "2024": 2024, "2024年": 2024, "2024年度": 2024, "2024.0": 2024, "２０２４": 2024, "二〇二四年": 2024, "2024-12-31": 2024,
        "1989": None, "2101": None, "24": None,
    },
    "birth_year": {
        "1990-01-02": 1990, "19900102": 1990, "1990年1月2日": 1990, "1990": 1990, "1990年1月": 1990, "199001": 1990,
        "1990-01": 1990,
        "十月": None, "1880": None,
    },
    "amount": {
        "1234.5": YUAN, "1,234.50": YUAN, "￥1,234.50元": YUAN, "1 234.50": YUAN, "-1234.5": -YUAN, "(1,234.50)": -YUAN,
        "（1234.50）": -YUAN, "+1234.5": YUAN, "1.235": Decimal("1.24"), "-1.235": Decimal("-1.24"), "0": Decimal(0),
        "¥1234.5": YUAN, "RMB 1,234.5": YUAN, "人民币1234.50元": YUAN, "１，２３４．５０": YUAN, "1234.5-": -YUAN,
        "−1234.5": -YUAN,
        "－1234.5": -YUAN, "￥-1234.5": -YUAN, "(￥1,234.50)": -YUAN, "￥(1,234.50)": -YUAN, "1234.50元整": YUAN, "'1234.5": YUAN,
        "1.2345E+03": YUAN, "1.2E+05": Decimal(120000), "12万元": Decimal(120000), "0.12345万": YUAN,
        "1.5亿元": Decimal(150_000_000),
        "3千元": Decimal(3000), "2百元": Decimal(200), "-12万元": Decimal(-120000), ".5": Decimal("0.5"), "5.": Decimal(5),
        # Commas part groups of three, or what is meant is not known.
        "1,23": None, "12,50": None, "1.2.3": None, "(-5)": None, "--5": None, "nan": None, "99999999999999999": None,
        "面议": None,
        "1e400": None, "12元/人": None, "1-2": None,
        # A mobile number and an ID astray are no money; a round sum of as many digits is.
        "13800138999": None, "110105491231002": None, "4111111111111111": None, "15000000000": Decimal(15_000_000_000),
        "13800138999.00": Decimal(13_800_138_999),
    },
    "count": {
        "12": 12, "1,234": 1234, "12，345": 12345, "12.0": 12, "12人": 12, "3家": 3, "-3": -3, "１２": 12, "12 人": 12,
        "3场次": 3,
        "十二": 12, "二十": 20, "三十五人": 35, "12.5": None, "1e3": None, "人": None, ",": None, "约12": None, "1,23": None,
        "一百": None,
        "13800138999": None,
    },
    "number": {
        "1.5": 1.5, "1,234.5": 1234.5, "-1": -1.0, "１．５": 1.5, "3.5学时": 3.5, "100米": 100.0, "112.5度": 112.5,
        "1.5E+1": 15.0,
        "nan": None, "inf": None, "1e400": None, "东经112": None,
    },
    "rate": {
        "0.9%": 0.009, "0.9％": 0.009, "9‰": 0.009, "0.009": 0.009, "0.9": 0.009, "1.9": 0.019, "0.002": 0.002, "0": 0.0,
        "0.9 %": 0.009,
        "千分之九": 0.009, "百分之0.9": 0.009, "９‰": 0.009, "%": None, "免缴": None, "30": None, "-1%": None, "1e400%": None,
    },
    "grade": {
        "01": 1, "1": 1, "10": 10, "7.0": 7, "7级": 7, "一级": 1, "十级": 10, "七": 7, "壹级": 1, "拾级": 10, "未达级": 11,
        "无等级": 11, "无级别": 11, "不够等级": 11, "未达到伤残等级": 11, "达不到等级": 11, "未够级": 11, "伤残七级": 7,
        "七级伤残": 7, "Ⅶ": 7, "Ⅶ级": 7,
        "VII": 7, "vii": 7, "７级": 7, "第七级": 7, "工伤伤残七级": 7, "伤残等级：七级": 7, "0": None, "11": None, "十一级": None,
        "较重": None,
        "七八级": None,
    },
    "risk_class": {
        "1": 1, "8": 8, "08": 8, "3.0": 3, "3类": 3, "一类": 1, "第三类": 3, "三类行业": 3, "Ⅲ类": 3, "0": None, "9": None,
        "第九类": None,
    },
    "clause": {
        "14-1": "14-1", "14.6": "14-6", "14（6）": "14-6", "第十四条第（一）项": "14-1", "十四条(一)": "14-1",
        "第十四条第六项": "14-6", "《工伤保险条例》第十四条第（六）项": "14-6", "条例第14条第1款第1项": "14-1",
        "第十四条第一款第六项": "14-6", "第十五条第一款第（二）项": "15-2", "十六条（三）": "16-3", "101": "14-1", "107": "14-7",
        "201": "15-1", "303": "16-3", "108": None, "204": None, "第十四条": None, "第十四条第（八）项": None, "15-4": None,
        "16-4": None, "其他": None, "十四(六)": "14-6", "14条6款": "14-6", "14 6": "14-6", "14、6": "14-6", "14/6": "14-6",
        "１４－６": "14-6",
        "第 14 条 第 6 项": "14-6", "第十四条第六款": "14-6", "第十五条第三款": "15-3", "14-1-6": "14-6", "104 患职业病": "14-4",
        "14-6 上下班途中": "14-6", "条例14.6": "14-6", "患职业病的": "14-4", "在上下班途中，受到非本人主要责任的交通事故": "14-6",
        # The article's second paragraph, or an item? Nobody can say.
        "第十五条第二款": None, "第十五条第一款": None, "第十四条第一款": None, "14-2-6": None, "2014-1": None, "14-10": None,
        "114": None,
        "第十四条第十一项": None,
        # The first of several that counts.
        "第十四条第(一)项、第十五条第(二)项": "14-1", "第十六条第(一)项、第十四条第(六)项": "14-6",
        "第十四条第（一）、（六）项": "14-1",
    },
    "org_code": {
        "D2143569-X": "D2143569X", "d2143569x": "D2143569X", "91430700MA4L16JQ9C": "MA4L16JQ9", "D21435691": None,
        "91430700MA4L16JQ9B": None, "12345": None,
    },
    "uscc": {
        "9144030071526726xg": "9144030071526726XG", "９１４４０３００１９２２０３８２１６": "914403001922038216",
        "91440300-19220382-1-6": "914403001922038216",
        "9144 0300 1922 0382 16": "914403001922038216", "9.14403E+17": None, "192203821": None,
    },
    "industry": {"c 33": "C33", "Ｃ３３": "C33", "3311": "3311", "金属制品业": "金属制品业"},
}


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Reads texts as a value type, as ingest does."""
    with engine.connect(tmp_path_factory.mktemp("values")) as connection:
        yield functools.partial(values_of, connection)


@pytest.mark.parametrize("value", FORMS)
def test_the_forms_of_a_value_type(read, value):
    texts = list(FORMS[value])
    found = dict(zip(texts, read(value, texts), strict=True))
    wanted = {text: pytest.approx(v) if isinstance(v, float) else v for text, v in FORMS[value].items()}
    assert found == wanted


def test_every_value_type_that_contracts_name_is_tested_here():
    named = {column.value for export in EXPORTS.values() for column in export.stored}
    assert named - set(FORMS) == {"code", "coded", "flag", "person"}  # below, test_narratives, test_receive, test_privacy


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
    """A wrong check character, a letter outside the alphabet and a wrong length are no code; width and spaces are repaired."""
    with (VECTORS / "uscc_test_vectors.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = read("uscc", [row["code"] for row in rows])
    for row, value in zip(rows, found, strict=True):
        is_valid = row["expect"] == "valid" or "after strip" in row["note"] or "full-width" in row["note"]
        assert value == (unicodedata.normalize("NFKC", row["code"]).strip() if is_valid else None), row["note"]
    assert sum(value is not None for value in found) >= 20
    assert read("org_code", [row["code"] for row in rows[:20]]) == [row["orgcode9"] for row in rows[:20]]


LISTS = {name: getattr(codes, name) for name in ("CONCLUSION", "SEX", "YES_NO", "PAYMENT_KIND", "EMPLOYMENT", "ENTERPRISE_STATUS",
                                                 "SEVERITY", "APPRAISAL_KIND", "CARE", "DATUM", "TRANSPORT", "PLACE_KIND")}


@pytest.mark.parametrize("name", LISTS)
def test_every_text_of_a_list_means_its_code_however_it_is_written(name):
    column = Column("x", "列", codes=LISTS[name], value="code")
    read = terms.reader_of(column)
    for code, texts in LISTS[name].items():
        for text in texts:
            # Digits stand for themselves only: 1-2 is not the code 2.
            numbered = [] if text[0].isdigit() else [f"1-{text}", f"01.{text}"]
            for form in (text, f" {text} ", text.lower(), text.replace("（", "(").replace("）", ")"), f"{text}(备注)", *numbered):
                assert read(plain(form)).value == code, form


def test_a_text_that_no_list_holds_is_not_guessed():
    read = terms.reader_of(Column("x", "列", codes=codes.CONCLUSION, value="code"))
    assert [read(text).value for text in ("认定", "是", "工伤认定", "已核定", "1", "")] == [None] * 6


def test_a_clause_among_several_is_in_doubt():
    texts = ["第十四条第(一)项、第十五条第(二)项", "第十四条第(一)、(六)项", "第十四条第(一)项", "第十五条第二款",
    "第十四条第(一)项，即14-1"]
    assert [terms.clause_of(text).is_doubtful for text in texts] == [True, True, False, False, False]


@pytest.mark.parametrize(("heading", "text", "unit", "value"), [
    ("实缴金额(万元)", "12.34567", "元", "123456.70"), ("实缴金额（单位：千元）", "1,234.5", "元", "1234500"), ("实缴金额", "1",
    "元", "1"),
    ("实缴金额(元)", "1", "元", "1"), ("实缴金额(万元)", "12元", "元", "12"), ("实缴金额(万元)", "12万元", "元", "120000"),
    ("营业收入(万元)", "12", "万元", "12"), ("营业收入", "12", "万元", "12"), ("营业收入(元)", "120000", "万元", "12"),
    ("营业收入(万元)", "120000元", "万元", "12"), ("营业收入(亿元)", "1", "万元", "10000"), ("实缴金额(万元)", "(1.5)", "元",
    "-15000"),
])
def test_the_unit_of_the_heading_counts_where_the_cell_names_none(tmp_path, heading, text, unit, value):
    column = Column("x", "列", unit=unit, value="amount")
    with engine.connect(tmp_path) as connection:
        reading = parse.expression_of(column, units.factors(units.unit_of(heading), column))
        [(found,)] = connection.sql(f"SELECT {reading} FROM (SELECT {parse.quoted(text)} AS x)").fetchall()
    assert found == Decimal(value)


def test_a_column_of_per_mille_is_known_by_its_numbers_or_its_heading():
    columns = (["0.9", "1.1", "9"], ["9", "11", "2"], ["0.009", "9‰"], [])
    assert [units.scale_of("费率", pa.array(texts, pa.string())) for texts in columns] == [100, 1000, 100, 100]
    assert [units.scale_of(heading, pa.array(["2"])) for heading in ("费率(‰)", "费率（%）", "费率(千分比)")] == [1000, 100, 1000]
    found = [units.rate_of(text, 1000) for text in ("2", "0.002", "0.9%", "0.2")]
    assert found == [Decimal("0.002")] * 2 + [Decimal("0.009"), None]


def test_sql_types_are_common_to_both_engines():
    assert {parse.sql_type(column) for export in EXPORTS.values() for column in export.stored} <= {
        "VARCHAR", "BIGINT", "INTEGER", "SMALLINT", "DOUBLE", "BOOLEAN", "DATE", "TIMESTAMP", "DECIMAL(18, 2)", "DECIMAL(9, 6)"
    }


def test_texts_are_quoted_for_sql():
    assert parse.quoted("it's") == "'it''s'"
