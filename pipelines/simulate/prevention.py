"""What is done and counted for prevention: 工伤预防项目台账, 培训记录, 重点岗位人员, and the 年报数 of the finished years."""
import numpy as np

from pipelines.simulate import words
from pipelines.simulate.city import City
from pipelines.simulate.columns import Columns, date_texts, due_rows, taken
from pipelines.simulate.draws import Array, as_texts, choose, day_in, join, month_of, pick, stream, year_of
from pipelines.simulate.identifiers import citizen_numbers
from pipelines.simulate.population import DIRECT
from pipelines.simulate.staffing import ACTIVE

PROGRAMMES = (("危险化学品企业安全培训", 1), ("机械制造班组长培训", 1), ("建筑施工安全教育", 2), ("交通运输预防宣传", 3))
"""A programme's name and the group of trades that it is for (see words.GROUPS)."""
PROVIDERS = ("常德安培职业培训学校", "湖南沅安技术服务有限公司", "澧州职业技术学校")
PER_PERSON = 420.0
ROLES = ("分管负责人", "安全管理人员", "班组长", "重点岗位人员")
ROLE_EVERY = (400, 60, 15, 6)
"""One of so many of the staff has the role, and at least one."""
COUNTED_EVERY = 3
RESULTS = ("合格", "补考合格", "不合格")


def programme_rows(city: City, month: int) -> Columns:
    """工伤预防项目台账: each finished year's programmes by enterprise, with the December of the year."""
    return _joined([_programmes_of(city, year) for year in _years(city, month)] or [_programmes_of(city, 0)])


def training_rows(city: City, month: int) -> Columns:
    """培训记录: the persons trained by each programme and enterprise; they arrive with the programmes."""
    return _joined([_trained_in(city, year) for year in _years(city, month)] or [_trained_in(city, 0)])


def _years(city: City, month: int) -> list[int]:
    """The finished years whose accounts a delivery holds."""
    scale = city.scale
    years = np.arange(int(year_of(scale.first)), int(year_of(scale.last + 1)))
    return years[due_rows(scale, month, (years - 1970) * 12 + 11)].tolist()


def _joined(parts: list[Columns]) -> Columns:
    return {heading: np.concatenate([part[heading] for part in parts]) for heading in parts[0]}


def _programmes_of(city: City, year: int) -> Columns:
    """The programmes of one year; year 0 has none and gives the headings alone."""
    people, names, rng = city.people, city.names, stream(city.scale.seed, "programmes", year)
    known = people.count_at((year - 1970) * 12) if year else 0
    able = (people.kind[:known] == DIRECT) & (people.size[:known] >= 20)
    chosen = [np.sort(rng.permutation(np.flatnonzero(able & (people.group[:known] == group)))[: max(known // 250, 3)])
              for _, group in PROGRAMMES]
    rows = np.concatenate(chosen).astype(int)
    which = np.repeat(np.arange(len(PROGRAMMES)), [len(part) for part in chosen])
    u = rng.random((4, len(rows)))
    planned = np.clip(people.size[rows] // 10, 3, 60)
    actual = np.minimum(planned, (planned * (0.75 + 0.4 * u[0])).astype(int))
    contract, deducted = planned * PER_PERSON, (planned - actual) * PER_PERSON
    start = day_in((year - 1970) * 12 + 2 + which, u[1]) if year else np.zeros(0, "datetime64[D]")
    hours = np.array([24, 24, 16, 12])[which]
    title = np.array([name for name, _ in PROGRAMMES], object)[which]
    return {
        "项目编号": _numbers(year, which), "项目名称": join(year, "年", title),
        "单位编号": names.unit[rows], "年度": np.full(len(rows), year), "服务机构": pick(np.array(PROVIDERS, object), which / 4),
        "开始日期": date_texts(start), "完成日期": date_texts(start + (20 + 60 * u[2]).astype(int).astype("timedelta64[D]")),
        "计划人数": planned, "实际人数": actual, "计划场次": 1 + planned // 40, "实际场次": 1 + actual // 40,
        "计划学时": hours, "实际学时": hours, "合同金额": contract, "预付": np.round(contract / 2, 2),
        "余款": np.round(contract / 2 - deducted, 2), "扣减": deducted,
        "验收结论": np.where(actual < planned * 0.85, "整改后通过", "通过").astype(object),
    }


def _numbers(year: int, which: Array) -> Array:
    return as_texts(f"GSYF{year}-{index + 1:02d}" for index in which.tolist())


def _trained_in(city: City, year: int) -> Columns:
    """One row per person; the hours follow the programme, the persons are invented."""
    programmes = _programmes_of(city, year)
    place = np.repeat(np.arange(len(programmes["单位编号"])), programmes["实际人数"])
    u = stream(city.scale.seed, "trained", year).random((6, len(place)))
    born = np.datetime64(f"{max(year, 2000) - 22}-06-01") - (u[0] * 38 * 365).astype(int).astype("timedelta64[D]")
    person = citizen_numbers(pick(np.array([*words.PLACES]), u[1], words.PLACE_WEIGHTS), born,
                             (u[2] * 500).astype(int), u[3] < 0.8).astype(object) if len(place) else np.zeros(0, object)
    hours = programmes["实际学时"][place]
    kept = taken({key: programmes[key] for key in ("项目编号", "单位编号")}, place)
    return {**kept, "社会保障号码": person, "人员类别": pick(np.array(ROLES, object), u[4], (1, 2, 4, 8)),
            "线上学时": hours // 3, "线下学时": hours // 3, "实操学时": hours - 2 * (hours // 3),
            "考试结果": np.array(RESULTS, object)[choose((90, 7, 3), u[5])]}


def key_staff_rows(city: City, month: int) -> Columns:
    """重点岗位人员 of the larger enterprises outside the services, at the opening and every quarter after it."""
    scale, people = city.scale, city.people
    count = people.count_at(month) if (month - scale.opening) % COUNTED_EVERY == 0 else 0
    column = month - scale.first
    able = (people.group[:count] < 4) & (people.kind[:count] == DIRECT) & (people.size[:count] >= 30)
    units = np.flatnonzero(able & (city.state.status[:count, column] == ACTIVE))
    rows, role = np.repeat(units, len(ROLES)), np.tile(np.arange(len(ROLES)), len(units))
    needed = np.maximum(city.state.staff[rows, column] // np.array(ROLE_EVERY)[role], 1)
    share = np.minimum(0.3 + people.text_draw[rows] % 97 / 120 + 0.01 * (month - scale.opening), 1)
    return {"单位编号": city.names.unit[rows], "人员类别": np.array(ROLES, object)[role], "应训人数": needed,
            "已培训人数": np.round(needed * share).astype(int),
            "统计日期": np.full(len(rows), str(day_in(month, 0.999)), object)}


def total_rows(city: City, month: int) -> Columns:
    """年报数 of the finished years that the city shows whole."""
    scale, found = city.scale, []
    for year in _years(city, month):
        first = (year - 1970) * 12 - scale.first
        if first < 0:
            continue
        paid, course = city.premiums, city.claims
        collected = paid.paid[year_of(paid.month) == year].sum()
        decided = course.is_recognised & (year_of(month_of(course.decided)) == year)
        found += [(year, "年末参保人数", int(city.state.insured[:, first + 11].sum()), "年末在保职工"),
                  (year, "认定工伤人数", int((decided & (city.injuries.month >= scale.first)).sum()), "当年认定，含视同"),
                  (year, "征缴收入", round(float(collected), 2), "实缴减退费，不含滞纳金（元）")]
    parts = zip(*found, strict=True) if found else ([],) * 4
    return {heading: np.array(list(part), object) for heading, part in
            zip(("年度", "指标", "数值", "口径"), parts, strict=True)}
