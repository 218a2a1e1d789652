"""Days, clocks and months in forms that values.sql leaves: Chinese numerals, half days, zones, years last or short, Oracle, Java.

Belongs here: the whole grammar of dates, read for each distinct text that the macros could not read. Texts come cleaned
(cleaning.py); None = no day, or not one only.
"""

import datetime
import re
from decimal import Decimal

from pipelines.ingest.terms import arabic_number

SERIAL_START = datetime.datetime(1899, 12, 30)
"""Day 0 of Excel's 1900 system, for days after its wrong 29 February 1900."""
BEIJING = datetime.timezone(datetime.timedelta(hours=8))
CENTURY_SPLIT = 50
"""Years of two digits from 50 on are of the 20th century, as in Oracle's RR."""
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMERAL = "〇零○一二三四五六七八九十"
_END = r"(?:[日号]|(?=\s|T|[上下中凌早晚夜傍]|$))"
_WRITTEN = re.compile(rf"(\d{{4}})\s?[-/.年\\]\s?(\d{{1,2}})\s?[-/.月\\]\s?(\d{{1,2}}){_END}")
_SHORT = re.compile(rf"(\d\d)年(\d{{1,2}})月(\d{{1,2}}){_END}|([3-9]\d)[-/.](\d{{1,2}})[-/.](\d{{1,2}})(?=\s|$)")
_PACKED = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[\sT]?(\d\d)(\d\d)(\d\d)?)?(?:\.0+)?$|(\d{4})(\d\d)(\d\d)(?=[\sT])")
_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?=\s|$)")
_ORACLE = re.compile(r"(\d{1,2})\s?-\s?(?:(\d{1,2})月|([A-Za-z]{3}))\s?-\s?(\d{4}|\d\d)(?=\s|$)")
_JAVA = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{1,2}) (\d\d):(\d\d):(\d\d) [A-Z]{3} (\d{4})$")
_SERIAL = re.compile(r"(?:[2-6]\d|7[0-2])\d{3}(?:\.\d+)?$")
_NUMERALS = re.compile(rf"([{_NUMERAL[:-1]}]{{4}})年([{_NUMERAL}元]{{1,3}})月([{_NUMERAL}]{{1,3}})[日号]?")
_ZONED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-][01]\d:?[0-5]\d)$")
_CLOCK = re.compile(r"(\d{1,2})\s?(?:[:时点])\s?(?:(\d{1,2})|(半))?(?:\s?[:分]\s?(\d{1,2}))?")
_MONTH = re.compile(r"(\d{4}|\d\d(?=年))\s?[-/.年\\]\s?(\d{1,2})(?:月份?)?$")
_MONTH_LAST = re.compile(r"(\d{1,2})[-/.](\d{4})$|([A-Za-z]{3})-(\d\d)$")
_MONTH_NUMERALS = re.compile(rf"([{_NUMERAL[:-1]}]{{4}})年([{_NUMERAL}]{{1,2}})月份?$")


def moment_of(text: str) -> datetime.datetime | None:
    """The moment that a text tells, at midnight where it tells a day only; a day is known though its hour is not.

    >>> [str(moment_of(text)) for text in ("2024年1月31日下午3点半", "二〇二四年十月十日", "2024-01-30T16:00:00Z", "31-1月 -24")]
    ['2024-01-31 15:30:00', '2024-10-10 00:00:00', '2024-01-31 00:00:00', '2024-01-31 00:00:00']
    >>> [moment_of(text) for text in ("05/06/2024", "24-01-31", "202401", "2024-02-30")]
    [None, None, None, None]
    """
    if _ZONED.match(text):
        return _in_beijing(text)
    if _SERIAL.match(text):
        return SERIAL_START + datetime.timedelta(seconds=int((Decimal(text) * 86400).to_integral_value()))
    for pattern, read in ((_WRITTEN, _written), (_PACKED, _packed), (_SHORT, _short), (_LAST, _year_last), (_ORACLE, _oracle),
                          (_JAVA, _java), (_NUMERALS, _numerals)):
        match = pattern.match(text)
        if match:
            day, seconds = read(match)
            seconds = _clock(text[match.end():]) if seconds is None else seconds
            return day + datetime.timedelta(seconds=seconds) if day else None
    return None


def _day(year: str | int, month: str | int, day: str | int) -> datetime.datetime | None:
    try:
        found = datetime.datetime(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if 1900 <= found.year <= 2100 else None


def _full(year: str) -> str:
    return year if len(year) == 4 else f"{19 if int(year) >= CENTURY_SPLIT else 20}{year}"


def _in_beijing(text: str) -> datetime.datetime | None:
    try:
        moment = datetime.datetime.fromisoformat(text).astimezone(BEIJING)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=None, microsecond=0) if 1900 <= moment.year <= 2100 else None


def _written(match: re.Match):
    return _day(*match.groups()), None


def _packed(match: re.Match):
    if match[1] is None:
        return _day(match[7], match[8], match[9]), None
    return _day(match[1], match[2], match[3]), _seconds(int(match[4] or 0), int(match[5] or 0), int(match[6] or 0))


def _short(match: re.Match):
    """A year of two digits where 年 says so or where it can be no day: then it is of the last century."""
    if match[1]:
        return _day(_full(match[1]), match[2], match[3]), None
    return _day(f"19{match[4]}", match[5], match[6]) if int(match[4]) > 31 else None, 0


def _year_last(match: re.Match):
    """31/01/2024 and 01/31/2024, but not 05/06/2024, which may be two days."""
    first, second, year = match.groups()
    if int(first) > 12 or int(first) == int(second):
        return _day(year, second, first), None
    return _day(year, first, second) if int(second) > 12 else None, None


def _oracle(match: re.Match):
    name = (match[3] or "").lower()
    month = match[2] or (MONTHS.index(name) + 1 if name in MONTHS else 0)
    return _day(_full(match[4]), month, match[1]), None


def _java(match: re.Match):
    month = MONTHS.index(match[1].lower()) + 1 if match[1].lower() in MONTHS else 0
    return _day(match[6], month, match[2]), _seconds(int(match[3]), int(match[4]), int(match[5]))


def _numerals(match: re.Match):
    return _day(arabic_number(match[1]), arabic_number(match[2].replace("元", "一")), arabic_number(match[3])), None


def _clock(text: str) -> int:
    """Seconds since midnight that a text tells; 0 where it tells none or none that can be."""
    match = _CLOCK.search(text)
    if not match:
        return 0
    hour = _whole_hour(text, int(match[1]))
    return _seconds(hour, 30 if match[3] else int(match[2] or 0), int(match[4] or 0)) if hour is not None else 0


def _whole_hour(text: str, hour: int) -> int | None:
    """An hour of half a day as one of the whole day; which midnight 晚上12点 means is not known."""
    if hour > 12:
        return hour
    if re.search(r"下午|傍晚|[Pp]\.?[Mm]", text):
        return hour if hour == 12 else hour + 12
    if "中午" in text:
        return hour + 12 if hour < 4 else hour
    if re.search("晚|夜", text):
        return None if hour == 12 else hour + 12 if hour > 4 else hour
    return 0 if hour == 12 and re.search(r"凌晨|[Aa]\.?[Mm]", text) else hour


def _seconds(hour: int, minute: int, second: int) -> int:
    is_one = (hour < 24 and minute < 60 and second < 60) or (hour, minute, second) == (24, 0, 0)
    return hour * 3600 + minute * 60 + second if is_one else 0


def date_of(text: str) -> datetime.date | None:
    """The day that a text tells."""
    moment = moment_of(text)
    return moment.date() if moment else None


def month_of(text: str) -> int | None:
    """yyyymm of a month or of a day; a span of months is none.

    >>> [month_of(text) for text in ("24年1月", "01/2024", "Jan-24", "二〇二四年十二月", "2024年1月31日", "2024-01至2024-03")]
    [202401, 202401, 202401, 202412, 202401, None]
    """
    match, last, numerals = _MONTH.match(text), _MONTH_LAST.match(text), _MONTH_NUMERALS.match(text)
    if match:
        return _month(_full(match[1]), match[2])
    if last:
        name = (last[3] or "").lower()
        return _month(last[2] or _full(last[4]), last[1] or (MONTHS.index(name) + 1 if name in MONTHS else 0))
    if numerals:
        return _month(arabic_number(numerals[1]), arabic_number(numerals[2]))
    moment = moment_of(text)
    return moment.year * 100 + moment.month if moment else None


def _month(year: str | int, month: str | int) -> int | None:
    found = _day(year, month, 1)
    return found.year * 100 + found.month if found else None


def year_of(text: str) -> int | None:
    """A calendar year from 1990 to 2100: as such in numerals, or that of a day."""
    numerals = re.fullmatch(rf"([{_NUMERAL[:-1]}]{{4}})年?度?", text)
    moment = moment_of(text)
    year = arabic_number(numerals[1]) if numerals else moment.year if moment else 0
    return year if 1990 <= year <= 2100 else None


def birth_year_of(text: str) -> int | None:
    """The year of birth, of a day, a month or a year."""
    month = re.fullmatch(r"((?:19|20)\d\d)(?:[-/.年]?\d{1,2}月?)?年?", text)
    moment = moment_of(text)
    return int(month[1]) if month else moment.year if moment else None


READERS = {"date": date_of, "time": moment_of, "month": month_of, "year": year_of, "birth_year": birth_year_of}
