"""What others report: the employers' accident notices (工伤事故申报), 职业伤害 of platform workers, 交通事故.

All are drawn month by month from streams of their own. What becomes a claim is in `claims`.
"""
from functools import cache

import numpy as np

from pipelines.simulate import hushed, streets, words
from pipelines.simulate.city import City
from pipelines.simulate.columns import Columns, date_texts, due_rows, taken, time_texts
from pipelines.simulate.draws import Array, as_texts, choose, days, join, month_of, stream, take_words, yyyymm
from pipelines.simulate.population import Scale

NOTIFIED = 0.85
"""Share of the injuries that the employer reports; others come to light with the claim."""
AT_WORK = ("14-1", "14-2", "14-3", "15-1")
PLATFORMS = ("沅顺同城配送", "澧水骑手外卖", "桃源网约出行")
PLATFORM_INJURIES, TRAFFIC_ACCIDENTS = 0.0012, 0.012
"""Of the platforms and of the roads: events a month per enterprise of the city."""
AT_CROSSINGS = 0.6
OUTCOMES = ("确认职业伤害", "不予确认")
HOUR_WEIGHTS = (2, 1, 1, 1, 1, 2, 5, 12, 10, 6, 5, 6, 6, 5, 5, 6, 8, 12, 11, 7, 5, 4, 3, 2)


def incident_rows(city: City, month: int) -> Columns:
    """工伤事故申报 of the month, by number."""
    events = city.injuries
    parts = [_notices_of(city, int(one)) for one in city.scale.months]
    rows, wait, number = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    reported = city.claims.accident[rows].astype("datetime64[D]") + days(wait)
    due = due_rows(city.scale, month, month_of(reported))
    rows = rows[due]
    host = np.where(events.host[rows] != events.insurer[rows], city.names.unit[events.host[rows]], "")
    return {"申报编号": number[due], "单位编号": city.names.unit[events.insurer[rows]], "用工单位编号": host,
            "事故时间": time_texts(city.claims.accident[rows]), "申报日期": date_texts(reported[due]),
            "是否生产经营性": np.where(np.isin(events.clause[rows], AT_WORK), "是", "否").astype(object)}


def _notices_of(city: City, month: int) -> tuple[Array, Array, Array]:
    """Of the accidents of one month: those reported, the days until then, and the notices' numbers."""
    first, last = np.searchsorted(city.injuries.month, [month, month + 1])
    u = stream(city.scale.seed, "notices", month).random((2, last - first))
    rows = np.flatnonzero(u[0] < np.where(city.withheld[first:last], hushed.NOTIFIED, NOTIFIED))
    number = join("SB", yyyymm(month), _serials(len(rows)))
    return rows + first, (30 * u[1][rows] ** 3).astype(int), number


def platform_rows(city: City, month: int) -> Columns:
    """职业伤害 of the month: riders and drivers of invented platforms, with the place of the order."""
    events = _events(city.scale, "platform injuries", PLATFORM_INJURIES)
    rows = due_rows(city.scale, month, events["month"])
    u, count = events["u"][:, rows], len(rows)
    is_confirmed, grade = u[6] < 0.93, choose([0.75, 0.12, 0.08, 0.05], u[7])
    grade_text = np.array(["", "十级", "九级", "八级"], object)[np.where(is_confirmed, grade, 0)]
    amount = np.where(is_confirmed, np.round(1500 + 9000 * u[8] + 22_000 * grade, 2), 0.0)
    return {"事件编号": events["number"][rows], "平台企业": take_words(PLATFORMS, u[5], (5, 4, 1)),
            **_where_and_when(events, rows), "确认结论": np.array(OUTCOMES, object)[np.where(is_confirmed, 0, 1)],
            "伤残等级": grade_text, "支付金额": amount if count else np.zeros(0)}


def traffic_rows(city: City, month: int) -> Columns:
    """交通事故 of the month as the traffic police would list them."""
    events = _events(city.scale, "traffic accidents", TRAFFIC_ACCIDENTS)
    rows = due_rows(city.scale, month, events["month"])
    is_injury = np.where(events["u"][5, rows] < 0.62, "是", "否").astype(object)
    return {"事故编号": events["number"][rows], **_where_and_when(events, rows), "是否伤人": is_injury}


def _where_and_when(events: dict[str, Array], rows: Array) -> Columns:
    u = events["u"][:, rows]
    county = choose(words.PLACE_WEIGHTS, u[0])
    crossing, house = streets.crossings(county, u[1], u[2], u[3]), streets.houses(county, u[1], u[2])
    text, lon, lat = (np.where(u[1] * 5003 % 1 < AT_CROSSINGS, *parts) for parts in zip(crossing, house, strict=True))
    return {**taken({"事故时间": time_texts(events["time"])}, rows), "事故地点": text, "经度": np.round(lon, 6),
            "纬度": np.round(lat, 6), "坐标系": np.full(len(text), "WGS84", object)}


@cache
def _events(scale: Scale, part: str, per_enterprise: float) -> dict[str, Array]:
    """Events of every month with their time, number and nine uniform draws; later months change none before."""
    times, numbers, draws, months = [], [], [], []
    for month in scale.months.tolist():
        rng = stream(scale.seed, part, month)
        count = int(rng.poisson(per_enterprise * scale.enterprises))
        u = rng.random((9, count))
        minute = choose(HOUR_WEIGHTS, u[4]) * 60 + (u[4] * 7919 % 1 * 60).astype(int)
        day = np.datetime64(month, "M").astype("datetime64[m]") + days((u[3] * 7907 % 1 * 28).astype(int))
        order = np.argsort(day + minute.astype("timedelta64[m]"), kind="stable")
        times.append((day + minute.astype("timedelta64[m]"))[order])
        numbers.append(join("PT" if "platform" in part else "JT", yyyymm(month), _serials(count)))
        draws.append(u[:, order])
        months.append(np.full(count, month))
    return {"time": np.concatenate(times), "number": np.concatenate(numbers), "u": np.concatenate(draws, axis=1),
            "month": np.concatenate(months)}


def _serials(count: int) -> Array:
    return as_texts(f"{number:04d}" for number in range(1, count + 1))
