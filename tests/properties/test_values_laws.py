"""Laws of the value macros: no text whatever makes them fail, and what is written in any common form is read back."""

import datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines import engine
from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import headings, matching, parse, privacy, recognition

VALUES = sorted({column.value for export in EXPORTS.values() for column in export.stored} - {"code", "flag", "person"})
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Text near the forms that macros look for breaks more than text from all of Unicode.
NEAR = st.text("0123456789 -/.:,，%‰年月日第条（()）一十四五六1级类元人ANX\ufffd'\\", max_size=22)
TEXTS = st.lists(NEAR | st.text(st.characters(codec="utf-8"), max_size=12) | st.none(), min_size=1, max_size=120)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Reads texts as a value type on one connection that has the macros."""
    with engine.connect(tmp_path_factory.mktemp("laws")) as connection:
        for macro in parse.macros():
            connection.execute(macro)

        def as_values(value: str, texts: list[str | None]) -> list:
            connection.register("given", pa.table({"x": pa.array(texts, pa.string())}))
            return [row[0] for row in connection.sql(f"SELECT as_{value}(x) FROM given").fetchall()]

        yield as_values


@settings(FEW, max_examples=12)
@given(texts=TEXTS)
def test_no_text_makes_a_parser_fail(read, texts):
    for value in VALUES:
        assert len(read(value, texts)) == len(texts)


@settings(FEW, max_examples=20)
@given(texts=TEXTS)
def test_what_is_read_lies_in_the_range_of_its_type(read, texts):
    ranges = {"date": (datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)), "month": (190001, 210012), "year": (1990, 2100),
              "grade": (1, 11), "risk_class": (1, 8)}
    for value, (low, high) in ranges.items():
        assert all(found is None or low <= found <= high for found in read(value, texts)), value


DAYS = st.dates(datetime.date(1955, 1, 1), datetime.date(2099, 12, 31))


@FEW
@given(day=DAYS, clock=st.times().map(lambda time: time.replace(second=0, microsecond=0)))
def test_a_day_and_its_clock_survive_every_form(read, day, clock):
    y, m, d = day.year, day.month, day.day
    forms = [f"{y}-{m:02}-{d:02}", f"{y}-{m}-{d}", f"{y}/{m}/{d}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日", f"{y}{m:02}{d:02}",
             str((day - datetime.date(1899, 12, 30)).days), f"{y}-{m:02}-{d:02} 00:00:00"]
    assert set(read("date", forms)) == {day}
    assert set(read("month", [form for form in forms if not form.isdigit() or len(form) == 8])) == {y * 100 + m}
    moment = datetime.datetime.combine(day, clock)
    times = [f"{form} {clock.hour}:{clock.minute:02}" for form in forms[:5]]
    times += [moment.strftime("%Y%m%d%H%M%S"), moment.isoformat(" ")]
    assert set(read("time", times)) == {moment}


@FEW
@given(amount=st.decimals(-(10**12), 10**12, places=2))
def test_an_amount_survives_every_form(read, amount):
    forms = [f"{amount}", f"{amount:,}", f"￥{amount}元", f"{amount:,} 元"]
    if amount < 0:
        forms += [f"({-amount:,})", f"（{-amount}）"]
    assert set(read("amount", forms)) == {amount}


@FEW
@given(number=st.integers(0, 10**14))
def test_a_count_survives_every_form(read, number):
    assert set(read("count", [f"{number}", f"{number:,}", f"{number}人", f"{number}.0"])) == {number}


@FEW
@given(points=st.integers(5, 499))
def test_a_rate_is_the_same_in_percent_per_mille_and_as_a_fraction(read, points):
    """From 0.05 % to 4.99 %: the range in which a bare number can mean but one thing."""
    percent = Decimal(points) / 100
    forms = [f"{percent}%", f"{percent * 10}‰", f"{percent / 100:f}", f"{percent}"]
    assert read("rate", forms) == [pytest.approx(float(percent) / 100)] * 4


@FEW
@given(body=st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=18, max_size=18), place=st.integers(0, 16))
def test_one_wrong_character_spoils_a_credit_code(read, body, place):
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    [good] = [code for code in read("uscc", [body[:17] + check for check in alphabet]) if code]
    other = alphabet[(alphabet.index(good[place]) + 1) % 31]
    assert read("uscc", [good[:place] + other + good[place + 1:]]) == [None]


@given(st.lists(st.text(max_size=20) | st.sampled_from(["11010519491231002X", "11010519491231002x"]) | st.none(), max_size=30))
def test_pseudonyms_hold_no_number_and_depend_on_nothing_else(numbers):
    keys = privacy.replace_persons(pa.array(numbers, pa.string()), b"key").key.to_pylist()
    assert keys == [privacy.replace_persons(pa.array([n], pa.string()), b"key").key[0].as_py() for n in numbers]
    assert all(key is None or len(key) == 32 for key in keys)


@given(st.lists(st.text(max_size=12) | st.sampled_from(["单位编号", "费款所属期", "缴费人数", "事故时间", "认定结论"])),
       st.text(max_size=10))
def test_any_headings_are_recognised_or_not(found, name):
    recognised = recognition.recognise(found, name)
    assert recognised.kind is None or recognised.kind in EXPORTS
    assert all(0 <= position < len(found) for position in recognised.positions.values())


@given(st.text(max_size=20))
def test_normalising_twice_changes_nothing_more(heading):
    once = headings.normalise(heading)
    assert headings.normalise(once.strip("'*")) in (once, headings.normalise(once))


CELLS = st.sampled_from(["2024-01-31", "914403001922038216", "11010519491231002X", "认定工伤", "甲公司", "1,234.50", "", "14-1"])


HEADINGS = st.sampled_from(["单位编号", "费款所属期", "单位编码", "单位缴费金额", "缴费人数", "认定曰期", "列3", "户头"])


@given(st.lists(HEADINGS, max_size=8), st.lists(st.lists(CELLS, max_size=8), max_size=6))
def test_what_is_recognised_is_sure_and_what_is_asked_is_open(found, sample):
    recognised = recognition.recognise(found, "", sample)
    taken = list(recognised.positions.values())
    assert len(set(taken)) == len(taken) and recognised.confidence.keys() == recognised.positions.keys()
    assert all(matching.SURE <= sure <= 1 for sure in recognised.confidence.values())
    assert not {asked.position for asked in recognised.asked} & set(taken)
    assert not {name for asked in recognised.asked for name, _ in asked.candidates} & set(recognised.positions)
