"""Names, numbers and addresses of the enterprises: texts only, one per enterprise for good."""
from dataclasses import dataclass

import numpy as np

from pipelines.simulate import calibration, words
from pipelines.simulate.draws import Array, as_texts, day_in, join, pick, take_words
from pipelines.simulate.identifiers import credit_codes, unit_numbers
from pipelines.simulate.population import DISPATCH, PROJECT, Population, Scale

OLDEST = np.datetime64("2004-07", "M").astype(np.int64)
SHARED_CODE_SHARE = 0.005
"""Enterprises with two unit numbers and one credit code."""
DISPATCH_CODE = "7263"


@dataclass(frozen=True)
class Directory:
    """Texts by enterprise, object arrays of shape (n,); `division` is two digits of GB/T 4754-2017."""

    unit: Array
    uscc: Array
    name: Array
    industry: Array
    division: Array
    region: Array
    agency: Array
    street: Array
    park: Array
    address: Array
    insured_on: Array


def directory(people: Population, scale: Scale) -> Directory:
    """Texts for the whole population; an enterprise's texts depend on nobody who joins after it."""
    index = np.arange(len(people.size))
    region, county, street, park = _places(people)
    code, industry = _industries(people)
    road = _roads(people, region)
    house = join((_u(people, 6) * 900).astype(int) + 1, "号")
    joined = np.where(people.joined == scale.first,
                      OLDEST + (_u(people, 7) * (scale.first - OLDEST)).astype(int), people.joined)
    return Directory(
        unit=unit_numbers(index).astype(object), uscc=_codes(people, region), name=_names(people, index, code, county),
        industry=industry, division=np.array(calibration.division_mix().division, object)[people.row], region=region,
        agency=county + "工伤保险服务中心", street=street, park=park,
        address=join("常德市", county, np.where(park != "", park, street), road, house),
        insured_on=day_in(joined, _u(people, 8)).astype(str).astype(object))


def _u(people: Population, purpose: int) -> Array:
    """A fixed uniform number per enterprise and purpose, shape (n,)."""
    step = np.uint64(purpose * 0x9E3779B97F4A7C15 % 2**64)
    mixed = (people.text_draw.astype(np.uint64) + step) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0x94D049BB133111EB)
    return (mixed >> np.uint64(11)).astype(float) / 2**53


def _codes(people: Population, region: Array) -> Array:
    """Credit codes; some accounts share one with their neighbour, most projects have none."""
    index = np.arange(len(region))
    serial = index - ((_u(people, 9) < SHARED_CODE_SHARE) & (index > 0))
    is_missing = (people.kind == PROJECT) & (_u(people, 10) < 0.6)
    return np.where(is_missing, "", credit_codes(serial, region[serial]).astype(object))


def _places(people: Population) -> tuple[Array, Array, Array, Array]:
    """Region code, county name, street, and park (only some of the industrial enterprises)."""
    codes = np.array([*words.PLACES], object)
    region = codes[people.region]
    county = np.array([calibration.counties()[code] for code in codes], object)[people.region]
    street, park = np.empty(len(region), object), np.empty(len(region), object)
    in_park = (people.group == 1) & (_u(people, 1) < 0.55)
    for index, (streets, parks) in enumerate(words.PLACES.values()):
        here = people.region == index
        street[here] = take_words(streets, _u(people, 2)[here])
        park[here] = np.where(in_park[here], take_words(parks, _u(people, 3)[here]), "")
    return region, county, street, park


def _roads(people: Population, region: Array) -> Array:
    road = take_words(words.ROADS[""], _u(people, 5))
    return np.where(region == "430702", take_words(words.ROADS["430702"], _u(people, 5)), road)


def _industries(people: Population) -> tuple[Array, Array]:
    """The four-digit class, and how the export writes it: 2, 3 or 4 digits, some with the section letter."""
    mix = calibration.division_mix()
    lists = mix.class_codes
    code = as_texts(lists[row][int(u * len(lists[row]))] for row, u in zip(people.row, _u(people, 11), strict=True))
    code = np.where(people.kind == DISPATCH, DISPATCH_CODE, code)
    digits = pick([2, 3, 4], _u(people, 12), [0.35, 0.25, 0.40])
    letter = np.where(_u(people, 13) < 0.15, np.array(mix.section, object)[people.row], "")
    written = [text[:length] for text, length in zip(code, digits, strict=True)]
    return code, join(letter, written)


def _names(people: Population, index: Array, code: Array, county: Array) -> Array:
    """Distinct invented names: place, brand (distinct by itself), trade, legal form."""
    mix = calibration.division_mix()
    lists = mix.trade_words
    trade = as_texts(lists[row][int(u * len(lists[row]))] for row, u in zip(people.row, _u(people, 14), strict=True))
    trade = np.where(people.kind == DISPATCH, take_words(["人力资源", "劳务派遣"], _u(people, 14)), trade)
    place = np.where(_u(people, 15) < 0.6, "常德市", np.where(_u(people, 15) < 0.75, "湖南", county))
    form = take_words(words.COMPANY_FORMS, _u(people, 16), words.COMPANY_FORM_WEIGHTS)
    is_public = np.isin(mix.section, ["P", "Q", "S"])[people.row]
    form = np.where(is_public & (people.kind != DISPATCH), "", form)
    form = np.where(people.kind == PROJECT, "有限公司项目部", form)
    return join(place, _brands(index), trade, form)


def _brands(index: Array) -> Array:
    """A brand per serial number: two characters while they last, then three, then four; never the same twice."""
    letters, result = np.array(list(dict.fromkeys(words.BRANDS)), object), np.empty(len(index), object)
    base, start, length = len(letters), 0, 2
    while start < len(index):
        room = min(base**length, 10**9)
        here = slice(start, min(start + room, len(index)))
        scrambled = (index[here] - start) * _coprime(room) % room
        result[here] = letters[scrambled % base]
        for power in range(1, length):
            result[here] = result[here] + letters[scrambled // base**power % base]
        start, length = start + room, length + 1
    return result


def _coprime(room: int) -> int:
    """A factor near the golden section of `room` that shares no divisor with it."""
    factor = int(room * 0.618) | 1
    while np.gcd(factor, room) != 1:
        factor += 2
    return factor
