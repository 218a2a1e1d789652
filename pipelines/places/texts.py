"""Chinese place texts read: roads, their sections and lanes, house numbers, kilometre marks, crossings, how far beside them.

Belongs here: the grammar; its words are tables/place_words.csv. Where a place lies is lookup.py.
"""

import re
from typing import NamedTuple

from pipelines import areas
from pipelines.places import words

DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
MOST_OFFSET, MOST_PLACE = 999, 80
PARK_AREA = "小社园厂校库景住宅活业务发新开管理"
# 市 of a market, a supermarket or 市民 is no city's, 区 of a housing estate no county's.
SHI = "(?<![超城都夜菜集花闹])市(?![市场政民区])"
PROVINCE = re.compile(r"[^省区市]{2,8}(?:省|自治区)")
CITY = re.compile(rf"(?:(?:(?!门口)[^省市镇乡街路巷]){{2,6}}|{areas.WITH_TOWN})(?:{SHI}|自治州|地区|盟)")
COUNTY = re.compile(
    rf"(?:(?:(?!门口)[^镇乡街路巷道园发社业号]){{1,6}}?(?:(?<![{PARK_AREA}])区|县|{SHI}|旗)|{areas.WITH_TOWN}(?:县|{SHI})|镇海区)")
BRACKETS = re.compile(r"\([^()]*\)?")
NUMERAL = re.compile(r"[零〇一二三四五六七八九十百两]+(?=[段巷弄号]|公里|米)")
LETTER = {"国道": "G", "省道": "S", "县道": "X", "乡道": "Y"}
ROAD_CLASS = "|".join(LETTER)
NATIONAL = re.compile(
    rf"(?:([GSXYC]\d{{1,4}})(?:{ROAD_CLASS}|线)?|({ROAD_CLASS})[GSXYC]?(\d{{1,4}})线?|(\d{{3,4}})({ROAD_CLASS})线?)")
TOWARDS = re.compile(r"[往向][^往向与和及、/]{1,10}方向")
MARK = re.compile(r"[Kk](\d{1,4})(?:\+(\d{1,3}))?(?:[Mm米])?")
KILOMETRES = re.compile(r"(\d{1,4})(?:公里|千米|[Kk][Mm])(?:\+|加|又|零)?(?:(\d{1,3})(?:米|[Mm]))?")
MARKED = re.compile(r"^[GSXYC]\d|高速|公路$")


class Road(NamedTuple):
    """A road, the section and the lane of it that a text names ('' where it names none): 人民路, 3段, 137巷."""

    name: str
    section: str = ""
    lane: str = ""

    @property
    def key(self) -> str:
        return self.name + self.section + self.lane

    @property
    def loose_key(self) -> str:
        """Without the section, which texts often leave out; lanes are numbered anew in each section."""
        return self.key if self.lane else self.name


class Place(NamedTuple):
    """What a text says of a place; empty or None what it does not say.

    city, county  names; a city of county rank may be either and stands as both
    roads       the crossing roads, or the one road
    number      house number on the first road; mark  metres along it from its kilometre stones
    offset_m    metres beside the place; bearing  in which direction, degrees from north, None = not said
    """

    city: str = ""
    county: str = ""
    roads: tuple[Road, ...] = ()
    number: int | None = None
    mark: int | None = None
    offset_m: int = 0
    bearing: float | None = None


def read(text: str | None) -> Place:
    """A text as a place.

    >>> place = read("武陵区人民路与朗州路交叉口东侧１２０米")
    >>> place.county, [road.name for road in place.roads], place.offset_m, place.bearing
    ('武陵区', ['人民路', '朗州路'], 120, 90.0)
    >>> read("重慶北路三段137巷12號").roads, read("國道207線K123+400").mark
    ((Road(name='重慶北路', section='3段', lane='137巷'),), 123400)
    """
    city, county, rest = _region(words.plain(text or "")[:MOST_PLACE])
    outside = BRACKETS.sub(";", rest)
    said = outside if words.grammar().road.search(outside) else rest
    said = NATIONAL.sub(_national, TOWARDS.sub(";", NUMERAL.sub(lambda found: str(_number(found[0])), said)))
    roads, number = _roads(said)
    if not roads:
        return Place(city, county)
    mark = _mark(said) if len(roads) == 1 and MARKED.search(roads[0].name) else None
    metres, bearing = _offset(said) if mark is None else (0, None)
    return Place(city, county, roads, number if len(roads) == 1 else None, mark, metres, bearing)


def _region(text: str) -> tuple[str, str, str]:
    """City and county (or zone) that a text begins with, and the rest of it behind the town or street office."""
    _, rest = _leading(PROVINCE, text)
    city, rest = _leading(CITY, rest)
    county, rest = _leading(COUNTY, rest)
    if city and not county and len(city) <= words.LONGEST_COUNTY:
        county = city  # 津市市 is a county; whether what stands alone is one, the other texts say
    zone, rest = _leading(areas.PARK, rest)
    street = areas.leading_street(rest) or ""
    return city, county or zone, rest[len(street) :]


def _leading(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """What a text begins with, '' = something else, and the rest."""
    found = pattern.match(text)
    return (found[0], text[found.end() :]) if found else ("", text)


def _number(text: str) -> int:
    """A Chinese numeral below 1,000: 十二 = 12, 二百零五 = 205, 一三七 = 137."""
    if not set(text) & set("十百"):
        return int("".join(str(DIGITS[sign]) for sign in text))
    total, digit = 0, 0
    for sign in text:
        if sign in "十百":
            total += (digit or 1) * (10 if sign == "十" else 100)
            digit = 0
        else:
            digit = DIGITS[sign]
    return total + digit


def _national(found: re.Match[str]) -> str:
    """G207 for G207国道, 国道207线, 207国道."""
    code = found[1] or (f"{LETTER[found[2]]}{found[3]}" if found[2] else f"{LETTER[found[5]]}{found[4]}")
    return f"{code} "


def _roads(text: str) -> tuple[tuple[Road, ...], int | None]:
    """The one road or the two that cross, and the house number on the first."""
    parts, number = [], None
    for part in words.grammar().joint.split(text):
        found = _roads_of(part, parts[-1][-1] if parts and parts[-1] else None)
        if found and number is None and not any(parts):
            number = found[0][1]
        parts.append([road for road, _ in found])
    first = next((at for at, roads in enumerate(parts) if roads), None)
    if first is None:
        return (), None
    here, there = parts[first], [road for roads in parts[first + 1 :] for road in roads]
    pair = [here[-1], *there] if there else here
    other = next((road for road in pair[1:] if road.key != pair[0].key), None)
    return ((pair[0], other) if other else (pair[0],)), number


def _roads_of(part: str, before: Road | None) -> list[tuple[Road, int | None]]:
    """The roads of a part between joints with their house numbers; a bare section or lane belongs to the road before."""
    found = []
    inherited = words.grammar().of_road.match(part) if before else None
    if before and inherited and (inherited["section"] or inherited["lane"]):
        section, lane = inherited["section"] or before.section, inherited["lane"] or ""
        found.append((before._replace(section=section, lane=lane), None))
        part = part[inherited.end() :]
    for match in words.grammar().road.finditer(part):
        name = words.road_name(match["name"], match["end"] or "")
        if name:
            road = Road(name, match["section"] or "", match["lane"] or "")
            found.append((road, int(match["number"]) if match["number"] else None))
    return found


def _mark(text: str) -> int | None:
    found = MARK.search(text) or KILOMETRES.search(text)
    return int(found[1]) * 1000 + int(found[2] or 0) if found else None


def _offset(text: str) -> tuple[int, float | None]:
    """Metres beside the place, and the bearing of the direction that stands with them."""
    found = words.grammar().offset.search(text)
    if not found:
        return 0, None
    bearing = words.grammar().bearings.get(found["direction"] or found["before"])
    metres = int(found["metres"])
    return (metres, bearing) if metres <= MOST_OFFSET else (0, None)
