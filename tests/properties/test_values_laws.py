"""Laws of values: no text whatever makes them fail, and what is written in any known form is read back."""

import datetime
import functools
from decimal import ROUND_HALF_UP, Decimal

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pipelines import engine
from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import headings, masking, matching, privacy, recognition, terms, units
from pipelines.ingest.cleaning import plain
from tests.values import values_of

VALUES = sorted({column.value for export in EXPORTS.values() for column in export.stored} - {"code", "coded", "flag", "person"})
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Text near the forms that readers look for breaks more than text from all of Unicode.
NEAR = st.text("0123456789 -/.:,，%‰年月日时分点第条（()）一二十四五六1级类元万亿人ANXTZE+￥〇Ⅶ'=\"\u3000\u00a0\ufffd\\"
               "下午款项", max_size=24)
TEXTS = st.lists(NEAR | st.text(st.characters(codec="utf-8"), max_size=12) | st.none(), min_size=1, max_size=120)


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    """Reads texts as a value type, as ingest does."""
    with engine.connect(tmp_path_factory.mktemp("laws")) as connection:
        yield functools.partial(values_of, connection)


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
WIDE = {ord(narrow): chr(ord(narrow) + 0xFEE0) for narrow in map(chr, range(0x21, 0x7F))}
AROUND = ("{}", " {}", "{}\u3000", "\u00a0{}\u00a0", "\ufeff{}", "'{}", "\t{}", '="{}"', "{}\u200b")


def dressed(texts: list[str]) -> list[str]:
    """The texts as typists and programs dress them: in full width, with spaces and armour around them."""
    return [form.format(text) for text in texts for form in AROUND] + [text.translate(WIDE) for text in texts]


@FEW
@given(text=st.text("0123456789ABCXYZ-", min_size=1, max_size=15).filter(lambda text: text.strip("-")))
def test_dress_changes_no_identifier(read, text):
    assert set(read("identifier", dressed([text]))) == set(read("identifier", [text]))


def numeral(number: int) -> str:
    """1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    digits = "〇一二三四五六七八九"
    return ((digits[tens] if tens > 1 else "") + "十" if tens else "") + (digits[ones] if ones else "")


@FEW
@given(day=DAYS, clock=st.times().map(lambda time: time.replace(microsecond=0)))
def test_a_day_and_its_clock_survive_every_form(read, day, clock):
    y, m, d = day.year, day.month, day.day
    forms = [f"{y}-{m:02}-{d:02}", f"{y}-{m}-{d}", f"{y}/{m}/{d}", f"{y}.{m}.{d}", f"{y}年{m}月{d}日", f"{y}{m:02}{d:02}"]
    chinese = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(y))
    others = [str((day - datetime.date(1899, 12, 30)).days), f"{y}-{m:02}-{d:02} 00:00:00", f"{y}年{m}月{d}号", f"{d}-{m}月 -{y}",
              f"{chinese}年{numeral(m)}月{numeral(d)}日", day.strftime("%d-%b-%Y"), f"{y}-{m:02}-{d:02}T00:00:00+08:00"]
    assert set(read("date", dressed(forms) + others)) == {day}
    assert set(read("month", forms[:5] + others)) == {y * 100 + m}
    moment = datetime.datetime.combine(day, clock)
    times = [f"{form} {clock.hour}:{clock.minute:02}:{clock.second:02}" for form in forms[:5]]
    times += [moment.strftime("%Y%m%d%H%M%S"), moment.isoformat(" "),
              f"{y}年{m}月{d}日{clock.hour}时{clock.minute}分{clock.second}秒",
              moment.isoformat() + "+08:00", (moment - datetime.timedelta(hours=8)).isoformat() + "Z"]
    if clock.hour % 12:
        half = "下午" if clock.hour > 12 else "上午"
        times.append(f"{y}年{m}月{d}日{half}{clock.hour % 12}点{clock.minute:02}分{clock.second:02}秒")
    assert set(read("time", dressed(times))) == {moment}
    days = (moment - datetime.datetime(1899, 12, 30)) / datetime.timedelta(days=1)
    assert set(read("time", [f"{days:.8f}", repr(days)])) == {moment}


@FEW
@given(y=st.integers(2000, 2049), m=st.integers(1, 12), d=st.integers(1, 28))
def test_of_a_day_with_its_year_last_or_short_nothing_is_guessed(read, y, m, d):
    day = datetime.date(y, m, d)
    last = [f"{d:02}/{m:02}/{y}", f"{m:02}/{d:02}/{y}"]
    assert read("date", last) == [day if d > 12 or d == m else None] * 2
    assert read("date", [f"{y % 100:02}年{m}月{d}日"]) == [day]
    # From 32 on the first number can be no day: then it is a year, of the last century.
    short = datetime.date(y - 100, m, d) if y % 100 > 31 else None
    assert read("date", [f"{y % 100:02}-{m:02}-{d:02}"]) == [short]


@FEW
@given(amount=st.decimals(-(10**12), 10**12, places=2))
def test_an_amount_survives_every_form(read, amount):
    forms = [f"{amount}", f"{amount:,}", f"￥{amount}元", f"{amount:,} 元", f"RMB{amount}", f"{amount}元整",
             f"{amount / 10000}万元", f"{amount / 10**8}亿"]
    if amount < 0:
        forms += [f"({-amount:,})", f"（{-amount}）", f"{-amount}-", f"−{-amount}", f"￥-{-amount}", f"(￥{-amount:,})"]
    if amount:
        forms.append(f"{amount:.20E}")
    assert set(read("amount", dressed(forms))) == {amount}


@FEW
@given(amount=st.decimals(-(10**9), 10**9, places=4))
def test_an_amount_is_rounded_half_away_from_nothing(read, amount):
    assert read("amount", [f"{amount}"]) == [amount.quantize(Decimal("0.01"), ROUND_HALF_UP)]


ITEMS = [(article, item) for article, items in ((14, 7), (15, 3), (16, 3)) for item in range(1, items + 1)]


@given(clause=st.sampled_from(ITEMS), chinese=st.booleans(), item_chinese=st.booleans(), law=st.sampled_from(["", "条例",
"《工伤保险条例》"]),
       paragraph=st.sampled_from(["", "第一款", "第1款"]), bracket=st.sampled_from(["{}", "({})",
       "（{}）"]), word=st.sampled_from(["项", ""]))
def test_a_clause_survives_every_form(clause, chinese, item_chinese, law, paragraph, bracket, word):
    article, item = clause
    name = f"第{numeral(article)}条" if chinese else f"第{article}条"
    number = numeral(item) if item_chinese else str(item)
    text = f"{law}{name}{paragraph}第{bracket.format(number)}{word}"
    assert terms.clause_of(plain(text)) == terms.Read(f"{article}-{item}", False), text


@given(grade=st.integers(1, 10), form=st.sampled_from(["{}级", "{}", "伤残{}级", "{}级伤残", "第{}级", "工伤{}级", " {} 级"]),
       script=st.sampled_from([str, "{:02}".format, numeral, lambda n: terms.CAPITALS[n - 1], lambda n: terms.ROMAN[n - 1]]))
def test_a_grade_survives_every_form(grade, form, script):
    assert terms.grade_of(plain(form.format(script(grade)))) == grade


@FEW
@given(number=st.integers(0, 10**10 - 1))
def test_a_count_survives_every_form(read, number):
    assert set(read("count", dressed([f"{number}", f"{number:,}", f"{number}人", f"{number}.0"]))) == {number}


@FEW
@given(points=st.integers(5, 499))
def test_a_rate_is_the_same_in_percent_per_mille_and_as_a_fraction(read, points):
    """From 0.05 % to 4.99 %: the range in which a bare number can mean but one thing."""
    percent = Decimal(points) / 100
    forms = [f"{percent}%", f"{percent * 10}‰", f"{percent / 100:f}", f"{percent}"]
    assert read("rate", forms) == [pytest.approx(float(percent) / 100)] * 4
    assert units.rate_of(f"{percent + 1}", 1000) == (percent + 1) / 1000


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


@given(TEXTS, st.booleans())
def test_whatever_is_masked_stays_masked_and_nothing_fails(texts, is_identifier):
    once, _ = masking.masked(pa.array(texts, pa.string()), is_identifier, b"key")
    again, changed = masking.masked(once, is_identifier, b"key")
    assert again == once and changed == 0 and len(once) == len(texts)


NUMBERS = st.tuples(st.sampled_from(["110105", "430702",
"370302"]), st.dates(datetime.date(1930, 1, 1), datetime.date(1999, 12, 31)),
                    st.integers(1, 998))


@given(NUMBERS, st.sampled_from(["", " ", "-"]), st.text("甲乙，。ab ", max_size=5), st.text("甲乙，。ab ", max_size=5))
def test_no_number_of_a_person_stays_in_text(parts, gap, before, after):
    region, birth, order = parts
    short = f"{region}{birth:%y%m%d}{order:03}"
    for number in [privacy.long_form(short), short, f"1{order % 7 + 3}{order:09}"]:
        spread = gap.join([number[:6], number[6:14], number[14:]])
        text = masking.in_text(f"{before}{spread}{after}")
        assert number[6:14] not in text and "〔" in text
    [pseudonym, same] = masking.masked(pa.array([short, privacy.long_form(short)]), True, b"key")[0].to_pylist()
    is_rounded = privacy.long_form(short).endswith("000")
    assert pseudonym.startswith("P") and (same == pseudonym or is_rounded)


@given(NUMBERS)
def test_both_forms_of_a_number_are_one_person(parts):
    region, birth, order = parts
    short = f"{region}{birth:%y%m%d}{order:03}"
    assume(not privacy.long_form(short).endswith("000"))  # such a number may as well have been rounded, and names nobody
    persons = privacy.replace_persons(pa.array([short, privacy.long_form(short)]), b"key")
    assert persons.key[0] == persons.key[1] and persons.is_valid.to_pylist() == [True, True]
    assert persons.birth_year.to_pylist() == [birth.year] * 2 and persons.sex[0].as_py() == ("male" if order % 2 else "female")


@given(NUMBERS, NUMBERS)
def test_rounded_numbers_name_nobody(one, other):
    rounded = [privacy.long_form(f"{region}{birth:%y%m%d}{order:03}")[:15] + "000" for region, birth, order in (one, other)]
    persons = privacy.replace_persons(pa.array([*rounded, f"{rounded[0][0]}.{rounded[0][1:5]}E+17"]), b"key")
    assert persons.key.null_count == 3 and persons.lost == 3 and not any(persons.is_valid.to_pylist())


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
