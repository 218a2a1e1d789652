"""The words of place texts (tables/place_words.csv) as one grammar of regular expressions.

Belongs here: what the table's kinds of words mean. How a text is read with them is texts.py.
"""

import csv
import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parent.parent / "tables" / "place_words.csv"
LONGEST_COUNTY, LONGEST_STEM = 4, 8
COMPASS = "东南西北中"
# A name goes on where its last word only seems to end it: 铁道路, 桥南路.
GOES_ON = {
    "道": "路|街|巷", "街": "道|路", "线": "路", "路": r"桥",
    "桥": f"头|梁|村|镇|乡|[{COMPASS}上下]?(?:路|街|巷)", "大桥": f"[{COMPASS}]?(?:路|街|巷)",
}


@dataclass(frozen=True)
class Grammar:
    """Compiled from the table; `road` finds name, section, lane and number, `of_road` the latter two at a text's beginning."""

    signs: Mapping[int, str]
    variant: re.Pattern[str]
    variants: Mapping[str, str]
    no_road: re.Pattern[str]
    joint: re.Pattern[str]
    road: re.Pattern[str]
    of_road: re.Pattern[str]
    long_lead: re.Pattern[str]
    short_leads: str
    no_names: frozenset[str]
    offset: re.Pattern[str]
    bearings: Mapping[str, float]


@functools.cache
def grammar() -> Grammar:
    """The grammar of the table."""
    with TABLE.open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    said = {kind: [line["word"] for line in lines if line["kind"] == kind] for kind in {line["kind"] for line in lines}}
    roads = sorted(said["road"] + said["structure"], key=lambda word: -len(word))
    variants = {line["word"]: line["means"] for line in lines if line["kind"] == "variant"}
    bearings = {line["word"]: float(line["means"]) for line in lines if line["kind"] == "direction"}
    any_direction = "|".join(bearings)
    end = "|".join(word + (f"(?!{GOES_ON[word]})" if word in GOES_ON else "") for word in roads)
    section = rf"(?P<section>(?:[{COMPASS}上下]|\d{{1,2}})段)?"
    lane = r"(?P<lane>\d{1,4}(?:-\d+)?[巷弄衖](?:\d{1,4}(?:-\d+)?[弄衖])?)?"
    number = r"(?:(?:[东南西北]?侧)?(?P<number>\d{1,5})(?:[-之附]\d+)*号(?![楼线杆灯燈电電桥柱出岗厂房地路停]|门(?![前口])))?"
    name = rf"(?P<name>[GSXYC]\d{{1,4}}|[一-龥A-Za-z0-9]{{1,{LONGEST_STEM}}}?(?P<end>{end}))"
    return Grammar(
        signs=str.maketrans({word: means for word, means in variants.items() if len(word) == 1}),
        variant=re.compile(_any([word for word in variants if len(word) > 1])), variants=variants,
        no_road=re.compile(f"(?:{_any(said['not_road'])})(?![{COMPASS}]?(?:路|街|巷))"),
        joint=re.compile(_any(said["joint"])), road=re.compile(name + section + lane + number),
        of_road=re.compile(section + lane),
        long_lead=re.compile(f".*(?:{_any([word for word in said['lead'] if len(word) > 1])})"),
        short_leads="".join(word for word in said["lead"] if len(word) == 1),
        no_names=frozenset(said["no_name"]),
        offset=re.compile(rf"(?P<before>{any_direction})?[侧面边方向约大以距离口前后往]{{0,6}}(?P<direction>{any_direction})?(?:侧|面|边|方)?约?"
                          r"(?P<metres>\d{1,4})[余多来]?(?:米|[Mm](?![A-Za-z]))"),
        bearings=bearings)


def _any(said: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(said, key=lambda word: -len(word)))


def plain(text: str) -> str:
    """A text of one width and spelling, without spaces; what only looks like a road becomes a semicolon."""
    narrow = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    spelt = grammar().variant.sub(lambda found: grammar().variants[found[0]], narrow.translate(grammar().signs))
    return grammar().no_road.sub(";", spelt)


def road_name(found: str, end: str) -> str:
    """A road's name without the words that lead to it (行至, 在, 和); '' where nothing but its last word is left.

    A single sign is taken off only if two are left of the name proper: 和解放路, but 和平东路; 沿人民路, but 沿江路.

    >>> [road_name(name, "路") for name in ("骑车行至人民路", "和解放路", "和平东路", "沿江路")]
    ['人民路', '解放路', '和平东路', '沿江路']
    """
    name = grammar().long_lead.sub("", found)
    while name[:1] and name[0] in grammar().short_leads and len(name[1 : len(name) - len(end)].rstrip(COMPASS)) >= 2:
        name = name[1:]
    return name if len(name) > len(end) and name not in grammar().no_names else ""
