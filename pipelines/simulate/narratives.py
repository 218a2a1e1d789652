"""Texts of a claim: who was hurt (invented), where, how, and the short story with the name in it."""
import numpy as np

from pipelines.simulate import streets, words
from pipelines.simulate.claims import Claims
from pipelines.simulate.draws import Array, as_texts, choose, days, join, pick, take_words
from pipelines.simulate.identifiers import citizen_numbers
from pipelines.simulate.injuries import Injuries
from pipelines.simulate.population import Population

AGE_EDGES = (17, 20, 30, 40, 50, 60, 66)
AGE_SHARE = (0.02, 0.19, 0.31, 0.2586, 0.20, 0.0214)
"""Ages of the injured: 75.86 % are 20 to 49 years old (Songjiang 2015–2019, `calib_misc`)."""
MALE_SHARE = (0.93, 0.79, 0.92, 0.86, 0.56)
GEOCODED, PILED_UP = 0.5, 0.05
"""Of the accidents on the road: how many have coordinates, and how many of these lie on the city's centre."""
OTHER_HOMES = ("430602", "430903", "430821", "422802", "421087", "520628")


def persons(injuries: Injuries, claims: Claims, group: Array) -> dict[str, Array]:
    """社会保障号码, 姓名, 性别, 出生日期, 职业工种 of invented people."""
    u = injuries.uniform
    is_male = u["sex"] < np.array(MALE_SHARE)[group]
    age = np.interp(u["age"], np.concatenate([[0], np.cumsum(AGE_SHARE) / sum(AGE_SHARE)]), AGE_EDGES)
    birth = claims.accident.astype("datetime64[D]") - days(age * 365.25)
    homes = np.array([*words.PLACES, *OTHER_HOMES])
    weights = [0 if home == "430771" else 9 for home in words.PLACES] + [2] * len(OTHER_HOMES)
    number = citizen_numbers(pick(homes, u["home"], weights), birth, (u["sequence"] * 500).astype(int), is_male)
    surname = take_words(words.SURNAMES_LIST, u["surname"], 1 / (np.arange(len(words.SURNAMES)) + 4))
    given = take_words(words.GIVEN_LIST, u["given"])
    second = np.where(u["given2"] < 0.7, take_words(words.GIVEN_LIST, u["given2"] / 0.7 % 1), "")
    job = _by_group(words.JOBS, group, u["job"])
    return {"社会保障号码": number.astype(object), "姓名": surname + given + second,
            "性别": np.where(is_male, "男", "女"), "出生日期": birth.astype(str), "职业工种": job}


def circumstances(injuries: Injuries, claims: Claims, people: Population, addresses: Array) -> dict[str, Array]:
    """事故地点, 交通方式, 事故类别, 伤害部位, 职业病名称 and the sentence that fits them."""
    u, group = injuries.uniform, people.group[injuries.host]
    kind = _kinds(injuries, group)
    is_commuting, is_disease = kind == "上下班交通", kind == "职业病"
    part = np.where(is_commuting, take_words([*words.COMMUTING_PARTS], u["part"], [*words.COMMUTING_PARTS.values()]),
                    take_words([*words.BODY_PARTS], u["part"], [*words.BODY_PARTS.values()]))
    part = np.where(np.isin(kind, ["职业病", "突发疾病", "旧伤", "中毒和窒息"]), "", part)
    mode = np.where(is_commuting, take_words([*words.MODES], u["mode"], [*words.MODES.values()]), "")
    disease = np.where(is_disease, _by_group(words.DISEASES, group, u["disease"]), "")
    county, is_road = people.region[injuries.host], is_commuting | (kind == "外出")
    spots = streets.crossings(county, u["road"], u["road2"], u["metres"])
    place = np.where(is_road, spots.text, addresses[injuries.host])
    listed = as_texts(words.LISTED_TYPE.get(str(name), str(name)) for name in kind)
    hour = (claims.accident - claims.accident.astype("datetime64[D]")) // np.timedelta64(1, "h")
    way = np.where(hour < 12, "上班", "下班回家")
    facts = zip(kind, u["sentence"], part, mode, way, disease, strict=True)
    return {"事故地点": place, **_coordinates(county, spots, is_road, u),
            "交通方式": mode, "事故类别": listed, "伤害部位": part, "职业病名称": disease,
            "句": as_texts(map(_sentence, facts))}


def narratives(claims: Claims, name: Array, job: Array, place: Array, sentence: Array, clause: Array) -> Array:
    """事故经过: date and time, place, name, job and what happened."""
    story = join(_spoken(claims.accident), "，", name, "（", job, "）在", place, sentence, "。")
    return np.where(clause == "14-4", join(name, "（", job, "）", sentence, "。"), story)


def _kinds(injuries: Injuries, group: Array) -> Array:
    """The clause's own kind of event, or an accident type drawn by group of trades."""
    types = [*words.ACCIDENT_TYPES]
    drawn = np.array(types, object)[choose(np.array([*words.ACCIDENT_TYPES.values()]).T[group],
                                           injuries.uniform["type"])]
    pairs = zip(injuries.clause, drawn, strict=True)
    return as_texts(words.CLAUSE_TYPE.get(str(clause), str(kind)) for clause, kind in pairs)


def _sentence(facts: tuple) -> str:
    kind, u, part, mode, way, disease = facts
    choices = words.SENTENCES[kind]
    travel = words.TRAVEL.get(mode, "") + mode
    return choices[int(u * len(choices))].format(part=part, mode=travel, way=way, disease=disease)


def _coordinates(county: Array, spots: streets.Spots, is_road: Array, u: dict[str, Array]) -> dict[str, Array]:
    """经度, 纬度, 坐标系 of half the accidents on the road; a few the geocoder could not find and put on the city's centre."""
    is_found = is_road & (u["road"] * 6007 % 1 < GEOCODED)
    is_lost = u["road2"] * 6007 % 1 < PILED_UP
    given = (np.where(is_lost, middle, own) for middle, own in zip(streets.CENTRES[0], (spots.lon, spots.lat), strict=True))
    lon, lat, datum = streets.in_datum(county, *given)
    return {"经度": np.where(is_found, lon, np.nan), "纬度": np.where(is_found, lat, np.nan),
            "坐标系": np.where(is_found, datum, ""), "真经度": np.where(is_road, spots.lon, np.nan),
            "真纬度": np.where(is_road, spots.lat, np.nan), "堆积": is_found & is_lost}


def _by_group(lists: tuple, group: Array, u: Array) -> Array:
    result = np.empty(len(u), object)
    for index, choices in enumerate(lists):
        result[group == index] = take_words(choices, u[group == index])
    return result


def _spoken(time: Array) -> Array:
    text = time.astype(str)
    return as_texts(f"{t[:4]}年{int(t[5:7])}月{int(t[8:10])}日{int(t[11:13])}时{int(t[14:16])}分" for t in text)
