"""The core tables of the kinds that stand beside units, premiums, claims and payments; how units were found; reconciliations.

Belongs here: what is known as of a month, with no policy in it. The tables that rates stand on are core.py.
"""

from dataclasses import replace

from pipelines.contracts import core, exports
from pipelines.contracts.model import COUNT, FLAG, MONTH, RATIO, YUAN, Column, Table

PLACED = ("source_batch", "source_file", "source_row")
UNIT = Column("enterprise_id", "单位编号", description="参保单位的编号；对不上的为来文所写的编号、代码或名称")
HOST_AND_UNIT = tuple(core.CLAIM[name] for name in ("enterprise_id", "insured_enterprise_id", "is_dispatched"))
YEAR = Column("year", "年度", MONTH)
WHEN = tuple(core.CLAIM[name] for name in ("accident_date", "accident_month", "accident_hour", "accident_minute"))
LATEST = Column("is_latest", "最新", FLAG, nullable=False)
MARKS = core.ENTERPRISE["marks"]


def _of(export: exports.Export, *names: str) -> tuple[Column, ...]:
    return tuple(export[name] for name in names)


def _sure(column: Column) -> Column:
    return replace(column, nullable=False)


INCIDENT = Table(
    "incident", "工伤事故申报", "一次申报", ("incident_id",),
    (_sure(exports.INCIDENT["incident_id"]), *HOST_AND_UNIT, *WHEN, *_of(exports.INCIDENT, "reported_on", "is_production"),
     Column("has_claim", "有认定", FLAG, "同一单位同一天有工伤认定", nullable=False), MARKS, *core.SOURCE))

KEY_STAFF = Table(
    "key_staff", "重点岗位人员", "单位×人员类别×日期", PLACED,
    (UNIT, *_of(exports.KEY_STAFF, "role", "staff_to_train", "staff_trained", "counted_on"),
     replace(LATEST, description="该单位该类人员的最后一次统计"), MARKS, *core.SOURCE))

TRAINING_RECORD = Table(
    "training_record", "培训记录", "一人一次培训", PLACED,
    (_sure(exports.TRAINING_RECORD["programme_id"]), UNIT, exports.PERSON,
     *_of(exports.TRAINING_RECORD, "role", "online_hours", "offline_hours", "practice_hours"),
     Column("total_hours", "总学时", RATIO, "线上、线下、实操之和", unit="学时", decimals=2, nullable=False),
     exports.TRAINING_RECORD["exam_result"], Column("is_passed", "考试合格", FLAG, "看不出的为空"),
     Column("has_programme", "有项目", FLAG, "项目台账中有该项目", nullable=False),
     replace(YEAR, description="项目的年度"), MARKS, *core.SOURCE))

PROGRAMME = Table(
    "programme", "工伤预防项目台账", "项目×单位", PLACED,
    (_sure(exports.PROGRAMME["programme_id"]), exports.PROGRAMME["programme_name"], UNIT,
     replace(YEAR, description="未填的为开始或完成日期所在的年度"),
     *_of(exports.PROGRAMME, "provider", "started_on", "completed_on"),
     Column("is_completed", "已完成", FLAG, "截至本月", nullable=False),
     *_of(exports.PROGRAMME, "planned_persons", "actual_persons", "planned_sessions", "actual_sessions", "planned_hours",
          "actual_hours", "contract_yuan", "prepaid_yuan", "balance_yuan", "deducted_yuan", "acceptance"), MARKS, *core.SOURCE))

DECISION = Table(
    "decision", "联席会议审定", "年度×单位", PLACED,
    (_sure(YEAR), UNIT, *_of(exports.DECISION, "is_selected", "reason", "opinion", "listed_as"),
     replace(LATEST, description="该年度该单位的最后一次审定"), MARKS, *core.SOURCE))

INDICATOR = Column(
    "indicator_code", "可核对的指标", description="产品自己也能算出的指标；其他为空",
    codes={"collected_yuan": ("征缴收入",), "payout_yuan": ("待遇支出",), "insured_persons": ("平均参保人数",),
           "enterprises": ("有缴费人数的单位数",), "injuries": ("当年认定或视同工伤",), "deaths": ("其中死亡",)})
OFFICIAL_TOTAL = Table(
    "official_total", "年报数", "年度×指标×口径", ("year", "indicator", "definition"),
    (_sure(YEAR), _sure(exports.OFFICIAL_TOTAL["indicator"]), _sure(exports.OFFICIAL_TOTAL["definition"]),
     exports.OFFICIAL_TOTAL["figure"], INDICATOR,
     Column("factor", "换算", COUNT, "数值乘以它得元或人", unit="倍", minimum=1), MARKS, *core.SOURCE))

PROJECT_SITE = Table(
    "project_site", "建设项目", "一个建设项目", ("project_id",),
    (_sure(exports.PROJECT_SITE["project_id"]), exports.PROJECT_SITE["project_name"], replace(UNIT, title="施工总承包单位编号"),
     *_of(exports.PROJECT_SITE, "project_kind", "cost_yuan", "started_on", "completed_on", "insured_on", "premium_yuan"),
     Column("is_insured", "已参保", FLAG, "有参保日期或缴费；有造价而两者皆无为否（应保未保），造价也没有的为空"),
     Column("is_under_construction", "在建", FLAG, "截至本月已开工、未竣工", nullable=False),
     *_of(exports.PROJECT_SITE, "region_code", "lon", "lat", "datum"), MARKS, *core.SOURCE))

PLATFORM_INJURY = Table(
    "platform_injury", "职业伤害", "一次职业伤害", ("event_id",),
    (_sure(exports.PLATFORM_INJURY["event_id"]), exports.PLATFORM_INJURY["platform"], *WHEN, exports.ACCIDENT_PLACE,
     *exports.PLACE, *_of(exports.PLATFORM_INJURY, "outcome", "grade"), core.CLAIM["is_severe"],
     exports.PLATFORM_INJURY["amount_yuan"], MARKS, *core.SOURCE))

LANDMARK = Table(
    "landmark", "重点场所", "一处场所", PLACED,
    (*_of(exports.LANDMARK, "landmark_name", "landmark_kind", "region_code", "lon", "lat", "datum", "radius_m"), MARKS,
     *core.SOURCE))

TRAFFIC_ACCIDENT = Table(
    "traffic_accident", "交通事故", "一次交通事故", ("accident_id",),
    (_sure(exports.TRAFFIC_ACCIDENT["accident_id"]), *WHEN, exports.ACCIDENT_PLACE, *exports.PLACE,
     exports.TRAFFIC_ACCIDENT["is_injury"], MARKS, *core.SOURCE))

KIND = replace(core.RAW_FILE["kind"], nullable=False)
UNIT_MATCH = Table(
    "unit_match", "单位对应", "一个种类中对单位的一种称呼", ("kind", "said"),
    (KIND, Column("said", "来文所写", description="不在参保单位中的编号，或代替它的代码、名称", nullable=False),
     Column("said_by", "写的是", nullable=False, codes={
         "uscc": ("统一社会信用代码",), "org_code": ("组织机构代码",), "number": ("单位编号",), "name": ("单位名称",)}),
     Column("enterprise_id", "对应的单位编号", description="空 = 没有对上，不猜"),
     Column("candidate_id", "可能的单位编号", description="名称相近而未采用，待核实"),
     Column("candidate_name", "可能的单位名称"),
     Column("confidence", "把握", RATIO, "信用代码 1，机构代码 0.98，编号 0.97，名称 0.95；未采用的为名称相似度", decimals=4,
            minimum=0, maximum=1),
     Column("rows", "行数", COUNT, unit="行", nullable=False, minimum=0),
     Column("is_ambiguous", "不唯一", FLAG, "对上不止一家：代码取编号最小的，编号和名称不采用", nullable=False)),
    references={"enterprise_id": "enterprise"})


def _rows(name: str, title: str, description: str = "") -> Column:
    return Column(name, title, COUNT, description, unit="行", nullable=False, minimum=0)


REFERENCE_RECONCILIATION = Table(
    "reference_reconciliation", "引用对账", "种类 × 所引用的", ("kind", "reference"),
    (KIND, Column("reference", "引用", nullable=False, codes={
        "enterprise": ("参保单位",), "host_enterprise": ("用工单位",), "claim": ("工伤认定",), "programme": ("预防项目",)}),
     _rows("rows_referring", "行数", "缴费按单位×年度计"), _rows("rows_matched", "对上"),
     _rows("rows_unmatched", "未对上"), _rows("rows_unnamed", "其中未写"),
     Column("matched_pct", "对上比例", RATIO, unit="%", decimals=2, minimum=0, maximum=100),
     Column("amount_referring", "金额", YUAN, unit="元", decimals=2),
     Column("amount_matched", "对上金额", YUAN, unit="元", decimals=2),
     Column("amount_unmatched", "未对上金额", YUAN, unit="元", decimals=2)))

TOTAL_RECONCILIATION = Table(
    "total_reconciliation", "合计对账", "来源 × 年度 × 指标 × 口径", ("kind", "year", "indicator", "definition"),
    (KIND, _sure(YEAR), _sure(exports.OFFICIAL_TOTAL["indicator"]), _sure(exports.OFFICIAL_TOTAL["definition"]),
     _sure(INDICATOR), Column("figure_stated", "报表数", RATIO, "折合为元或人", decimals=2),
     Column("figure_computed", "明细合计", RATIO, "没有明细的为空", decimals=2),
     Column("figure_difference", "相差", RATIO, "明细合计减报表数", decimals=2),
     Column("difference_pct", "相差比例", RATIO, unit="%", decimals=2),
     Column("is_whole_year", "整年", FLAG, "该年十二个月都有缴费数据", nullable=False)))

RECORDS = (UNIT_MATCH, INCIDENT, KEY_STAFF, PROGRAMME, TRAINING_RECORD, DECISION, OFFICIAL_TOTAL, PROJECT_SITE, PLATFORM_INJURY,
           LANDMARK, TRAFFIC_ACCIDENT, REFERENCE_RECONCILIATION, TOTAL_RECONCILIATION)
