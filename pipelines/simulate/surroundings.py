"""Where things are: 建设项目, 重点场所, and the bureau's own 街道园区对照; places with coordinates in WGS 84.

Every place drawn around the centres of the counties is invented; roads are in `streets`.
"""
import numpy as np

from pipelines.simulate import calibration, words
from pipelines.simulate.city import City
from pipelines.simulate.columns import Columns, date_texts, due_rows
from pipelines.simulate.draws import Array, as_texts, join, pick, stream
from pipelines.simulate.population import PROJECT
from pipelines.simulate.streets import CENTRES

AROUND = 0.06
PROJECT_KINDS = ("房屋建筑", "市政公用", "公路", "水利")
PREMIUM_RATE = 0.0011
CUT = ("街道", "镇", "乡")
LANDMARKS = (("第一中学", "学校", 300), ("实验小学", "学校", 200), ("商业广场", "商业区", 400), ("创业大厦", "写字楼", 150))
"""A landmark's name after its county's, its kind, its radius in metres."""


def located(county: Array, u: Array, v: Array) -> Columns:
    """Coordinates of places near the centres of counties; `u` and `v` are uniform."""
    centre = np.array(CENTRES)[county]
    spread = np.stack([u, v], axis=-1) - 0.5
    place = np.round(centre + AROUND * spread * (1 + 3 * np.abs(spread)), 6).reshape(-1, 2)
    return {"经度": place[:, 0], "纬度": place[:, 1], "坐标系": np.full(len(place), "WGS84", object)}


def project_rows(city: City, month: int) -> Columns:
    """建设项目 of the units insured by project, in the month in which they joined; a few are not insured yet."""
    people, names = city.people, city.names
    sites = np.flatnonzero(people.kind == PROJECT)
    rows = sites[due_rows(city.scale, month, people.joined[sites])]
    u = np.stack([stream(city.scale.seed, "sites", int(row)).random(6) for row in rows]).T if len(rows) else np.zeros((6, 0))
    insured = names.insured_on[rows].astype("datetime64[D]")
    cost = np.round(2e6 * people.size[rows] * (0.5 + u[0]), -3)
    started = insured - (u[1] * 20).astype(int).astype("timedelta64[D]")
    is_open = u[2] < 0.06
    return {
        "项目编号": join("XM", names.unit[rows]),
        "项目名称": as_texts(text.replace("有限公司项目部", "承建项目") for text in names.name[rows]),
        "施工总承包单位编号": names.unit[rows], "项目类别": pick(np.array(PROJECT_KINDS, object), u[3], (60, 20, 12, 8)),
        "工程合同造价": cost, "开工日期": date_texts(started),
        "竣工日期": date_texts(started + (360 + 600 * u[4]).astype(int).astype("timedelta64[D]")),
        "参保日期": np.where(is_open, "", names.insured_on[rows]),
        "缴费金额": np.where(is_open, 0.0, np.round(cost * PREMIUM_RATE, 2)),
        "行政区划代码": names.region[rows], **located(people.region[rows], u[4], u[5]),
    }


def landmark_rows(city: City, month: int) -> Columns:
    """重点场所: the parks of every county, its schools, squares and offices; delivered once."""
    listed = [(index, code, name, "园区", 800) for index, (code, (_, parks)) in enumerate(words.PLACES.items()) for name in parks]
    listed += [(index, code, calibration.counties()[code] + name, kind, metres)
               for index, code in enumerate(words.PLACES) for name, kind, metres in LANDMARKS]
    listed = listed if month == city.scale.opening else []
    index, code, name, kind, metres = (as_texts(part) for part in zip(*listed, strict=True)) if listed else ([],) * 5
    u = stream(city.scale.seed, "landmarks").random((2, len(listed)))
    return {"场所名称": np.asarray(name, object), "场所类别": np.asarray(kind, object),
            "行政区划代码": np.asarray(code, object), **located(np.asarray(index, int), *u),
            "半径(米)": np.asarray(metres, int)}


def alias_rows(city: City, month: int) -> Columns:
    """街道园区对照: the words by which an address tells its street or park; delivered once."""
    listed = []
    for code, (streets, parks) in words.PLACES.items():
        listed += [(street, street, "", code, "") for street in streets]
        listed += [(street[: -len(end)] + "片区", street, "", code, "俗称")
                   for street in streets for end in CUT if street.endswith(end)]
        listed += [(park, "", park, code, "") for park in parks]
    listed = listed if month == city.scale.opening else []
    parts = zip(*listed, strict=True) if listed else ([],) * 5
    return dict(zip(("关键词", "对应街道", "对应园区", "行政区划代码", "备注"), (as_texts(part) for part in parts), strict=True))
