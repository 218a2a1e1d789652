"""The kinds of export that a bureau delivers, with all their columns and the headings under which they arrive.

Belongs here: what may arrive. How text becomes values is in pipelines/ingest, what is made of it in contracts/core.py.
"""

from collections.abc import Mapping

from pipelines.contracts import codes
from pipelines.contracts.model import COUNT, DATE, FLAG, MONTH, RATIO, SMALL, TEXT, TIME, YUAN, Column, Export, pa

RATE = pa.decimal128(9, 6)


def text(name: str, title: str, field: str = "", *headings: str) -> Column:
    """Text as it stands."""
    return Column(name, title, TEXT, value="text", field=field, headings=headings)


def identifier(name: str, title: str, field: str = "", *headings: str) -> Column:
    """A number that identifies something; unreadable, it rejects its row."""
    return Column(name, title, TEXT, value="identifier", field=field, headings=headings)


def date(name: str, title: str, field: str = "", *headings: str) -> Column:
    """A day; unreadable, it rejects its row."""
    return Column(name, title, DATE, value="date", field=field, headings=headings)


def count(name: str, title: str, field: str = "", *headings: str, unit: str = "人") -> Column:
    """A whole number of persons, or of the unit named."""
    return Column(name, title, COUNT, unit=unit, minimum=0, value="count", field=field, headings=headings)


def yuan(name: str, title: str, field: str = "", *headings: str) -> Column:
    """An amount of money with its cents."""
    return Column(name, title, YUAN, unit="元", decimals=2, value="amount", field=field, headings=headings)


def number(name: str, title: str, unit: str, *headings: str) -> Column:
    """Any other number, with its unit."""
    return Column(name, title, RATIO, unit=unit, decimals=4, value="number", headings=headings)


def year(name: str, title: str = "年度") -> Column:
    """A calendar year."""
    return Column(name, title, SMALL, value="year", minimum=1990, maximum=2100)


def flag(name: str, title: str, field: str = "", *headings: str) -> Column:
    """Yes or no."""
    return Column(name, title, FLAG, value="flag", field=field, headings=headings)


def code(name: str, title: str, codes: Mapping[str, tuple[str, ...]], field: str = "", *headings: str) -> Column:
    """A text of a closed list, kept as its code."""
    return Column(name, title, TEXT, codes=codes, value="code", field=field, headings=headings)


def coded(name: str, title: str, codes: Mapping[str, tuple[str, ...]] | None, description: str) -> Column:
    """A code that ingest derives from a row's texts by maintained rules (pipelines/ingest/narratives.py)."""
    return Column(name, title, TEXT, description, codes=codes, value="coded")


def dropped(name: str, title: str, field: str = "", *headings: str) -> Column:
    """A column that is recognised and never kept: names."""
    return Column(name, title, TEXT, pii="dropped", value="dropped", field=field, headings=headings)


PERSON_NAME = dropped("person_name", "姓名", "person_name", "职工姓名")
UNIT = identifier("enterprise_id", "单位编号", "unit_id")
USCC = Column("uscc", "统一社会信用代码", value="uscc", field="uscc")
ORG_CODE = Column("org_code", "组织机构代码", value="org_code", field="org_code",
                  description="GB 11714；也是统一社会信用代码的第 9–17 位")
UNIT_NAME = text("enterprise_name", "单位名称", "unit_name")
# How a unit may be named: the first of these that is not empty (Export.unit).
NAMED = (UNIT, USCC, ORG_CODE, UNIT_NAME)
NAMES = tuple(column.name for column in NAMED)
HOST = (identifier("host_enterprise_id", "用工单位编号", "", "实际用工单位编号"),
        text("host_enterprise_name", "用工单位名称", "", "实际用工单位名称", "实际用工单位", "用工单位"))
HOST_NAMES = tuple(column.name for column in HOST)
REGION = Column("region_code", "行政区划代码", value="identifier", field="region_code")
PERSON = Column("person_key", "社会保障号码", pii="pseudonym", value="person", field="id_no",
                description="以密钥计算的假名；原号码不落盘")
RECOGNITION_NO = Column("recognition_no", "认定书编号", value="document_no", field="recog_no")
LON = Column("lon", "经度", RATIO, unit="度（地方坐标为米）", decimals=7, value="number", headings=("lon", "lng"))
LAT = Column("lat", "纬度", RATIO, unit="度（地方坐标为米）", decimals=7, value="number", headings=("lat",))
DATUM = code("datum", "坐标系", codes.DATUM)
PLACE = (LON, LAT, DATUM)
ACCIDENT_TIME = Column("accident_time", "事故时间", TIME, value="time", field="accident_time")
ACCIDENT_PLACE = Column("accident_place", "事故地点", pii="sensitive", value="text", field="accident_place",
                        description="只在核心表，不进任何公开表")
GRADE = Column("grade", "伤残等级", SMALL, minimum=1, maximum=11, value="grade", field="grade",
               description="1–10 级；11 = 未达级")

ENTERPRISE = Export(
    "enterprise", "参保单位", "一个参保单位", ("enterprise_id",),
    (UNIT, USCC, ORG_CODE, UNIT_NAME,
     Column("industry_code", "行业代码", value="industry", field="industry_code"),
     Column("risk_class", "行业风险类别", SMALL, minimum=1, maximum=8, value="risk_class", field="risk_class"),
     REGION, text("agency", "经办机构", "agency"), text("street", "街道", "", "所属街道", "乡镇街道"),
     text("park", "园区", "", "所属园区", "产业园区"), text("address", "单位地址", "", "注册地址"),
     text("work_address", "生产经营地址", "", "经营地址"), text("group_name", "所属集团"),
     text("unit_type", "单位类型", "unit_type"), code("employment", "用工方式", codes.EMPLOYMENT),
     code("status", "参保状态", codes.ENTERPRISE_STATUS, "", "单位状态"), date("insured_on", "参保日期"),
     date("cancelled_on", "注销日期"), count("staff", "职工人数"), count("dispatched", "派遣人数"),
     Column("revenue_10k_yuan", "营业收入(万元)", pa.decimal128(18, 2), unit="万元", value="amount",
            headings=("营业收入",)), *PLACE),
    required=(("enterprise_id",),), key=("enterprise_id",))

PREMIUM = Export(
    "premium", "单位缴费", "一笔缴费", (),
    (*NAMED, Column("period", "费款所属期", MONTH, value="month", field="period_due"),
     count("heads", "缴费人数", "headcount"), yuan("wage_base_yuan", "缴费基数总额", "wage_base_total"),
     Column("unit_rate", "单位费率", RATE, unit="小数", minimum=0, maximum=0.2, value="rate", field="rate"),
     yuan("due_yuan", "应缴金额", "amount_due"), yuan("paid_yuan", "实缴金额", "amount_paid"),
     yuan("late_fee_yuan", "滞纳金", "late_fee"), date("received_on", "到账日期", "cleared_date"),
     code("payment_kind", "缴费类型", codes.PAYMENT_KIND, "pay_kind")),
    required=(NAMES, ("period",), ("heads",)), may_lack=("heads",), unit=NAMES,
    linked="coalesce(payment_kind, 'normal') = 'normal'", apart="period", recorded=("received_on", "period"),
    not_after=(("received_on", 0), ("period", 1)), sums="paid_yuan", settled=("period", "received_on"))

CODED = (
    coded("cause_listed", "事故类别代码", codes.CAUSE, "由事故类别对照；GB 6441-1986 编号，2025 版名称归入来源类别"),
    coded("cause_told", "经过所述起因", codes.CAUSE, "由事故经过编码"),
    coded("activity_code", "作业", codes.ACTIVITY, "受伤时在做什么，由事故经过编码"),
    coded("transport_told", "经过所述交通方式", codes.TRANSPORT, "由事故经过编码"),
    coded("commute_direction", "上下班方向", codes.COMMUTE_DIRECTION, "由事故经过编码"),
    coded("liability", "本人事故责任", codes.LIABILITY, "由事故经过编码"),
    coded("counterpart", "对方车辆", codes.COUNTERPART, "由事故经过编码"),
    coded("body_part_code", "伤害部位代码", codes.BODY_PART, "由伤害部位文字编码"),
    coded("post_group", "岗位类别", codes.POST_GROUP, "由职业工种文字编码"),
    coded("narrative_rules", "编码规则", None,
          "各方面命中的规则号，以逗号分隔，次序同“叙述编码命中率”的方面；---- 有文字而无规则命中，.... 无文字或不适用"),
)
CLAIM = Export(
    "claim", "工伤认定", "一次认定记录", (),
    (identifier("recognition_id", "工伤认定信息ID", "recog_id"), RECOGNITION_NO, *NAMED, *HOST, PERSON,
     PERSON_NAME, code("sex", "性别", codes.SEX, "sex"),
     Column("birth_year", "出生日期", SMALL, pii="reduced", value="birth_year", field="birth", description="只留年份"),
     text("occupation", "职业工种", "occupation"), ACCIDENT_TIME, ACCIDENT_PLACE, *PLACE,
     code("transport", "交通方式", codes.TRANSPORT), flag("is_third_party", "是否涉及第三人", "third_party"),
     date("reported_on", "报告日期", "report_date"), date("applied_on", "认定申请日期", "apply_date"),
     date("accepted_on", "受理日期", "accept_date"), date("decided_on", "认定日期", "recog_date"),
     code("conclusion", "认定结论", codes.CONCLUSION, "recog_result"),
     Column("clause", "认定依据", codes=codes.CLAUSE, value="clause", field="recog_basis"),
     text("accident_type", "事故类别", "accident_type"), text("body_part", "伤害部位", "body_part"),
     code("severity", "伤害程度", codes.SEVERITY, "severity"), date("died_on", "因工死亡时间", "death_date"),
     Column("disease", "职业病名称", pii="sensitive", value="text", field="occ_disease"),
     Column("narrative", "事故经过", pii="coded", value="narrative", field="summary"),
     flag("is_project", "建筑项目标识", "project_flag"), flag("is_old_injury", "老工伤标识", "old_injury_flag")),
    required=(("recognition_id", "recognition_no"), ("accident_time",), ("conclusion",)),
    may_lack=("recognition_id", "recognition_no"), unit=NAMES,
    linked="recognition_id IS NOT NULL OR recognition_no IS NOT NULL",
    linked_identity="coalesce(recognition_id, recognition_no)",
    recorded=("decided_on",), not_after=(("accident_time", 0), ("decided_on", 0)), coded=CODED)

APPRAISAL = Export(
    "appraisal", "劳动能力鉴定", "一次鉴定结论", (),
    (RECOGNITION_NO, code("appraisal_kind", "鉴定类别", codes.APPRAISAL_KIND, "appraisal_kind"),
     date("concluded_on", "鉴定结论日期", "appraisal_date"), GRADE,
     code("care", "护理等级", codes.CARE, "care_grade"), PERSON_NAME),
    required=(("recognition_no",), ("concluded_on",), ("grade",)),
    key=("recognition_no", "appraisal_kind", "concluded_on"), recorded=("concluded_on",),
    not_after=(("concluded_on", 0),))

PAYOUT = Export(
    "payout", "待遇支付", "一笔支付", (),
    (identifier("payment_id", "支付流水号", "", "流水号"), RECOGNITION_NO, *NAMED,
     text("benefit", "待遇项目", "benefit_name", "待遇项目代码", "待遇类别"),
     yuan("amount_yuan", "支付金额", "benefit_amount"), date("paid_on", "支付日期"),
     Column("benefit_month", "待遇年月", MONTH, value="month", field="benefit_month"), text("payment_type", "支付类型"),
     PERSON_NAME),
    required=(("benefit",), ("amount_yuan",), ("paid_on", "benefit_month")), key=("payment_id",), unit=NAMES,
    recorded=("paid_on", "benefit_month"), not_after=(("paid_on", 0),), sums="amount_yuan",
    settled=("benefit_month", "paid_on"))

INCIDENT = Export(
    "incident", "工伤事故申报", "一次申报", (),
    (identifier("incident_id", "申报编号"), *NAMED, *HOST, ACCIDENT_TIME,
     date("reported_on", "申报日期"), flag("is_production", "是否生产经营性")),
    required=(("incident_id",), ("accident_time",), ("is_production",)), key=("incident_id",), unit=NAMES,
    recorded=("reported_on",), not_after=(("accident_time", 0),))

KEY_STAFF = Export(
    "key_staff", "重点岗位人员", "单位×人员类别×日期", (),
    (*NAMED, text("role", "人员类别"), count("staff_to_train", "应训人数"), count("staff_trained", "已培训人数"),
     date("counted_on", "统计日期")),
    required=(NAMES, ("role",), ("staff_to_train",)), key=("enterprise_id", "role", "counted_on"), unit=NAMES,
    recorded=("counted_on",), not_after=(("counted_on", 0),))

TRAINING_RECORD = Export(
    "training_record", "培训记录", "一人一次培训", (),
    (identifier("programme_id", "项目编号"), *NAMED, PERSON, PERSON_NAME, text("role", "人员类别"),
     number("online_hours", "线上学时", "学时"), number("offline_hours", "线下学时", "学时"),
     number("practice_hours", "实操学时", "学时"), text("exam_result", "考试结果")),
    required=(("programme_id",), ("online_hours", "offline_hours", "practice_hours")), unit=NAMES)

DESIGNATION = Export(
    "designation", "重点企业名录", "一家企业列入一个名录", (),
    (*NAMED, text("category", "名录类别"), text("department", "来源部门"), date("listed_on", "列入日期")),
    required=(NAMES, ("category",)), unit=NAMES, recorded=("listed_on",), not_after=(("listed_on", 0),))

PROGRAMME = Export(
    "programme", "工伤预防项目台账", "项目×单位", (),
    (identifier("programme_id", "项目编号"), text("programme_name", "项目名称"), *NAMED, year("year"),
     text("provider", "服务机构"), date("started_on", "开始日期"), date("completed_on", "完成日期"),
     count("planned_persons", "计划人数"), count("actual_persons", "实际人数"),
     count("planned_sessions", "计划场次", unit="场"), count("actual_sessions", "实际场次", unit="场"),
     number("planned_hours", "计划学时", "学时"), number("actual_hours", "实际学时", "学时"),
     yuan("contract_yuan", "合同金额"), yuan("prepaid_yuan", "预付"), yuan("balance_yuan", "余款"),
     yuan("deducted_yuan", "扣减"), text("acceptance", "验收结论")),
    required=(("programme_id",), ("programme_name",), ("provider", "contract_yuan", "acceptance")),
    key=("programme_id", "enterprise_id"), unit=NAMES, recorded=("year",), sums="contract_yuan")

DECISION = Export(
    "decision", "联席会议审定", "年度×单位", (),
    (year("year"), *NAMED, flag("is_selected", "是否入选"), text("reason", "理由"),
     Column("opinion", "部门意见", pii="sensitive", value="text", description="只在核心表，不进任何公开表"),
     Column("listed_as", "名单出处", value="text",
            description="联席会议审定表中隐藏的列：名单版本/状态/名次/名单地区；自己做的文件没有")),
    required=(("year",), NAMES, ("is_selected",)), decisive=("is_selected",),
    key=("year", "enterprise_id"), unit=NAMES, recorded=("year",))

FUND = Export(
    "fund", "基金收支", "年度×统筹地区", ("year", "pool"),
    (year("year"), Column("pool", "统筹地区", value="identifier", headings=("统筹区", "统筹地区代码")),
     yuan("collected_yuan", "征缴收入"), yuan("revenue_yuan", "基金收入"), yuan("benefits_yuan", "待遇支出"),
     yuan("prevention_yuan", "工伤预防费支出"), yuan("balance_yuan", "累计结余"), yuan("allotted_yuan", "下达预算额度")),
    required=(("year",), ("collected_yuan", "benefits_yuan")), key=("year", "pool"), recorded=("year",),
    not_after=(("year", 1),), sums="collected_yuan")

OFFICIAL_TOTAL = Export(
    "official_total", "年报数", "年度×指标×口径", (),
    (year("year"), text("indicator", "指标"), number("figure", "数值", "按指标"), text("definition", "口径")),
    required=(("year",), ("indicator",), ("figure",)), key=("year", "indicator", "definition"), recorded=("year",))

PROJECT_SITE = Export(
    "project_site", "建设项目", "一个建设项目", (),
    (identifier("project_id", "项目编号"), text("project_name", "项目名称"),
     identifier("contractor_id", "施工总承包单位编号"), USCC,
     text("contractor_name", "施工总承包单位", "contractor", "施工总承包单位名称"), text("project_kind", "项目类别"),
     yuan("cost_yuan", "工程合同造价"), date("started_on", "开工日期"), date("completed_on", "竣工日期"),
     date("insured_on", "参保日期"), yuan("premium_yuan", "缴费金额"), REGION, *PLACE),
    required=(("project_id",), ("cost_yuan", "contractor_id")), key=("project_id",),
    unit=("contractor_id", "uscc", "contractor_name"), recorded=("insured_on",),
    not_after=(("insured_on", 0),), sums="premium_yuan")

PLATFORM_INJURY = Export(
    "platform_injury", "职业伤害", "一次职业伤害", (),
    (identifier("event_id", "事件编号"), text("platform", "平台企业"), ACCIDENT_TIME, ACCIDENT_PLACE, *PLACE,
     text("outcome", "确认结论"), GRADE, yuan("amount_yuan", "支付金额")),
    required=(("event_id",), ("accident_time",), ("platform",)), key=("event_id",), recorded=("accident_time",),
    not_after=(("accident_time", 0),), sums="amount_yuan")

AREA_ALIAS = Export(
    "area_alias", "街道园区对照", "地址中的一个关键词", (),
    (text("keyword", "关键词", "", "地址关键词"), text("alias_street", "对应街道", "", "街道", "乡镇街道"),
     text("alias_park", "对应园区", "", "园区"), REGION, text("remark", "备注")),
    required=(("keyword",), ("alias_street", "alias_park")), key=("keyword",))

LANDMARK = Export(
    "landmark", "重点场所", "一处场所", (),
    (text("landmark_name", "场所名称"), code("landmark_kind", "场所类别", codes.PLACE_KIND), REGION, *PLACE,
     number("radius_m", "半径(米)", "米", "半径")),
    required=(("landmark_name",), ("lon",), ("lat",)), key=("landmark_name", "region_code"))

TRAFFIC_ACCIDENT = Export(
    "traffic_accident", "交通事故", "一次交通事故", (),
    (identifier("accident_id", "事故编号"), ACCIDENT_TIME, ACCIDENT_PLACE, *PLACE, flag("is_injury", "是否伤人")),
    required=(("accident_id",), ("accident_time",)), key=("accident_id",), recorded=("accident_time",),
    not_after=(("accident_time", 0),))

EXPORTS: dict[str, Export] = {
    export.name: export
    for export in (ENTERPRISE, PREMIUM, CLAIM, APPRAISAL, PAYOUT, INCIDENT, KEY_STAFF, TRAINING_RECORD, DESIGNATION,
                   PROGRAMME, DECISION, FUND, OFFICIAL_TOTAL, PROJECT_SITE, PLATFORM_INJURY, AREA_ALIAS,
                   LANDMARK, TRAFFIC_ACCIDENT)
}

# Every stored export row carries these beside its kind's own columns.
LINEAGE = (
    Column("row_number", "行号", pa.int32(),
    "原文件中的行号，标题行为第 1 行；一列一待遇的表，第 n 个待遇列（从 0 起）另加 n×7,000,000", nullable=False),
    Column("identity", "标识", TEXT, "同一事实的行标识相同；空 = 由核心表按编号合并"),
    Column("is_keyless", "无主键", FLAG, nullable=False),
    Column("recorded_month", "记录月份", MONTH, unit="yyyymm"),
    Column("event_month", "最晚发生月份", MONTH, unit="yyyymm"),
    Column("marks", "存疑列", TEXT, "值无法识别而置空的列，以逗号分隔"),
)
