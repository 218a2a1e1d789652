"""The rows of one delivery under the headings of the exports; what each month adds, in the bureau's words."""
import numpy as np

from pipelines.simulate import calibration, claims, payouts, premiums, words
from pipelines.simulate.appraisals import CARE, GRADES, KINDS, true_grades
from pipelines.simulate.city import City, sent_and_received
from pipelines.simulate.columns import Columns, date_texts, due_rows, is_due, or_none, texts, time_texts
from pipelines.simulate.draws import NEVER, Array, as_texts, day_in, join, month_of, stream, yyyymm
from pipelines.simulate.fund import HEADINGS, fund_rows
from pipelines.simulate.population import DISPATCH, PROJECT
from pipelines.simulate.staffing import ACTIVE, CLOSED, SUSPENDED

EMPLOYMENT = np.array(["直接用工", "劳务派遣", "按项目参保"], object)
STATUS = {ACTIVE: "正常参保", SUSPENDED: "暂停参保", CLOSED: "注销"}
SERIOUS_GRADE = 8
"""Shown as 重伤 up to this grade; an export knows no better at the time of the decision."""
NEWS_OF_STAFF = 0.10
"""A change of staff by more than this share since the last delivery makes an enterprise a changed one."""
PERSON = ("用工单位编号", "社会保障号码", "姓名", "性别", "出生日期", "职业工种")


def enterprise_rows(city: City, month: int) -> Columns:
    """参保单位 as they stand at the month's end: all of them in the opening delivery, else the new and changed ones."""
    rows, column = _changed(city, month), month - city.scale.first
    names, kind = city.names, city.people.kind[rows]
    status = city.state.status[rows, column]
    sent, received = sent_and_received(city, month)
    counted = np.where(kind == DISPATCH, sent[rows], received[rows])
    is_known = (counted > 0) & ((kind == DISPATCH) | (city.people.text_draw[rows] % 10 < 6))
    closed = city.state.closed[rows]
    last_day = day_in(np.where(closed == NEVER, 0, closed), (rows * 37 % 100) / 100).astype(str)
    return {
        "单位编号": names.unit[rows], "统一社会信用代码": names.uscc[rows], "单位名称": names.name[rows],
        "行业代码": names.industry[rows], "行业风险类别": join(city.state.risk_class[rows, column]),
        "行政区划代码": names.region[rows], "经办机构": names.agency[rows], "街道": names.street[rows],
        "园区": names.park[rows], "单位地址": names.address[rows], "用工方式": EMPLOYMENT[kind],
        "参保状态": as_texts(STATUS[code] for code in status), "参保日期": names.insured_on[rows],
        "注销日期": np.where(status == CLOSED, last_day, ""),
        "职工人数": or_none(city.state.staff[rows, column], kind != PROJECT), "派遣人数": or_none(counted, is_known),
    }


def _changed(city: City, month: int) -> Array:
    """Indices of the enterprises in a delivery; staff counts as changed against the last delivery that showed it."""
    scale, state = city.scale, city.state
    everyone = np.arange(city.people.count_at(scale.opening))
    shown = np.zeros(len(city.people.size))
    shown[everyone] = state.staff[everyone, scale.opening - scale.first]
    news = everyone
    for later in range(scale.opening + 1, month + 1):
        column, known = later - scale.first, city.people.count_at(later)
        now, before = slice(None, known), (slice(None, known), column - 1)
        staff = state.staff[now, column]
        is_news = (state.status[now, column] != state.status[before]) | (
            state.risk_class[now, column] != state.risk_class[before]) & (state.status[now, column] == ACTIVE)
        is_news |= (state.status[now, column] == ACTIVE) & (np.abs(staff - shown[now]) > NEWS_OF_STAFF * shown[now] + 2)
        news = np.flatnonzero(is_news)
        shown[news] = staff[news]
    return news


def premium_rows(city: City, month: int) -> Columns:
    """单位缴费 that became known in the month, or by it in the opening delivery."""
    rows, paid = due_rows(city.scale, month, city.premiums.month), city.premiums
    percent, inverse = np.unique(paid.rate[rows], return_inverse=True)
    percents = as_texts(f"{round(100 * rate, 6):g}%" for rate in percent)
    heads = paid.heads[rows]
    return {
        "单位编号": city.names.unit[paid.enterprise[rows]], "费款所属期": yyyymm(paid.period[rows]),
        "缴费人数": texts(heads, heads != premiums.NO_HEADS), "缴费基数总额": paid.base[rows],
        "单位费率": percents[inverse], "应缴金额": paid.due[rows], "实缴金额": paid.paid[rows],
        "滞纳金": paid.late_fee[rows], "到账日期": date_texts(paid.received[rows]),
        "缴费类型": premiums.KINDS[paid.kind[rows]],
    }


def claim_rows(city: City, month: int) -> Columns:
    """工伤认定 whose state changed in the month; in the opening delivery every claim in its newest state."""
    course, events = city.claims, city.injuries
    state = course.state_at(month)
    earlier = np.full(len(state), claims.NONE) if month == city.scale.opening else course.state_at(month - 1)
    rows = np.flatnonzero((state != earlier) & (events.month >= city.scale.first))
    rows = rows[np.argsort(course.claim_id[rows], kind="stable")]
    state, is_done = state[rows], state[rows] >= claims.DECIDED
    conclusion = np.select([state == claims.REVOKED, is_done, state == claims.HALTED],
                           ["撤销", claims.CONCLUSIONS[course.verdict[rows]], "中止"], "")
    decided = np.where(state == claims.REVOKED, course.revoked[rows], course.decided[rows])
    basis = as_texts(words.CLAUSE_TEXT[clause] for clause in events.clause[rows])
    is_accepted = ~np.isnat(course.accepted[rows]) & (month_of(course.accepted[rows]) <= month)
    return {
        "工伤认定信息ID": course.claim_id[rows], "认定书编号": np.where(is_done, course.number[rows], ""),
        "单位编号": city.names.unit[events.insurer[rows]], **_texts_of(city, rows, PERSON), **_where(city, rows),
        "报告日期": date_texts(course.reported[rows]), "认定申请日期": date_texts(course.applied[rows]),
        "受理日期": texts(course.accepted[rows], is_accepted), "认定日期": texts(decided, is_done),
        "认定结论": conclusion, "认定依据": np.where(is_done & course.is_recognised[rows], basis, ""),
        **_texts_of(city, rows, ("事故类别", "伤害部位")), "伤害程度": _severity(city, rows),
        "因工死亡时间": date_texts(course.died[rows]), **_texts_of(city, rows, ("职业病名称", "事故经过")),
        "建筑项目标识": np.where(city.people.kind[events.insurer[rows]] == PROJECT, "是", "否"),
        "老工伤标识": np.full(len(rows), "否", object),
    }


def _texts_of(city: City, rows: Array, headings: tuple[str, ...]) -> Columns:
    return {heading: city.texts[heading][rows] for heading in headings}


def _where(city: City, rows: Array) -> Columns:
    """事故时间 to the minute, 事故地点 with coordinates, 交通方式, 是否涉及第三人 (commuting mostly does)."""
    is_commuting = city.injuries.clause[rows] == "14-6"
    is_placed = city.texts["坐标系"][rows] != ""
    third = np.where(is_commuting & (city.injuries.uniform["third"][rows] < 0.9), "是", "否")
    return {"事故时间": time_texts(city.claims.accident[rows]), **_texts_of(city, rows, ("事故地点",)),
            "经度": texts(city.texts["经度"][rows], is_placed), "纬度": texts(city.texts["纬度"][rows], is_placed),
            **_texts_of(city, rows, ("坐标系", "交通方式")),
            "是否涉及第三人": third}


def _severity(city: City, rows: Array) -> Array:
    """伤害程度 as it is judged at first sight: disease, death, serious or slight."""
    events = city.injuries
    grade = true_grades(events.outcome[rows])
    is_serious = (grade > 0) & (grade <= SERIOUS_GRADE)
    is_dead = ~np.isnat(city.claims.died[rows])
    return np.select([is_dead, events.clause[rows] == "14-4", is_serious], ["死亡", "职业病", "重伤"], "轻伤")


def appraisal_rows(city: City, month: int) -> Columns:
    """劳动能力鉴定 concluded in the month, by date."""
    all_rows = city.appraisals
    rows = due_rows(city.scale, month, month_of(all_rows.concluded))
    rows = rows[city.injuries.month[all_rows.injury[rows]] >= city.scale.first]
    rows = rows[np.lexsort((all_rows.kind[rows], all_rows.injury[rows], all_rows.concluded[rows]))]
    return {"认定书编号": city.claims.number[all_rows.injury[rows]], "鉴定类别": KINDS[all_rows.kind[rows]],
            "鉴定结论日期": date_texts(all_rows.concluded[rows]), "伤残等级": GRADES[all_rows.grade[rows]],
            "护理等级": CARE[all_rows.care[rows]]}


def payout_rows(city: City, month: int) -> Columns:
    """待遇支付 of the month; payments for injuries before the first month name no claim and count as 老工伤."""
    paid = city.payouts
    paid_month = month_of(paid.paid)
    rows = due_rows(city.scale, month, paid_month)
    serial = np.arange(len(paid_month)) - np.searchsorted(paid_month, paid_month) + 1
    injury, kind = paid.injury[rows], paid.type[rows]
    is_old = (injury == payouts.NO_INJURY) | (city.injuries.month[injury] < city.scale.first)
    kind = np.where(is_old & (kind != payouts.BACK), payouts.OLD, kind)
    return {"支付流水号": join("ZF", yyyymm(paid_month[rows]), np.char.zfill(serial[rows].astype(str), 6)),
            "认定书编号": np.where(is_old, "", city.claims.number[injury]),
            "单位编号": city.names.unit[paid.enterprise[rows]], "待遇项目": paid.item[rows],
            "支付金额": paid.amount[rows], "支付日期": date_texts(paid.paid[rows]),
            "支付类型": payouts.TYPES[kind]}


def designation_rows(city: City, month: int) -> Columns:
    """重点企业名录: the lists as they stand at the opening, then the few listed in the month."""
    scale, names = city.scale, city.names
    founders = city.people.count_at(scale.first)
    draws = stream(scale.seed, "designations").random((3, founders))
    found, category, office, since = [], [], [], []
    for index, (title, (divisions, share, department)) in enumerate(words.DESIGNATIONS.items()):
        u = (draws[0] + index * 0.137) % 1
        rows = np.flatnonzero(np.isin(names.division[:founders], divisions) & (u < share))
        late = scale.opening + 1 + (draws[1][rows] * 24).astype(int)
        listed = np.where(draws[2][rows] < 0.15, late, scale.opening - (draws[1][rows] * 48).astype(int))
        rows, listed = rows[due := is_due(city.scale, month, listed)], listed[due]
        found.append(rows)
        since.append(day_in(listed, draws[1][rows]))
        category.append(np.full(len(rows), title, object))
        office.append(np.full(len(rows), department, object))
    rows = np.concatenate(found)
    return {"统一社会信用代码": names.uscc[rows], "单位编号": names.unit[rows], "名录类别": np.concatenate(category),
            "来源部门": np.concatenate(office), "列入日期": date_texts(np.concatenate(since))}


def fund_columns(city: City, month: int) -> Columns:
    """基金收支: the finished years of the opening delivery, then each year with its December."""
    rows = fund_rows(city.premiums, city.payouts, city.scale, calibration.CITY_CODE)
    ends = np.array([(row[0] - 1970) * 12 + 11 for row in rows], int)
    due = np.flatnonzero(is_due(city.scale, month, ends))
    return {heading: np.array([rows[index][column] for index in due]) for column, heading in enumerate(HEADINGS)}
