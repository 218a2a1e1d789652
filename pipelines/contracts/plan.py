"""The plan: whom its programmes address, its items and money, whether it agrees with itself, what fits best, what was changed."""

from dataclasses import replace

from pipelines.contracts import core, lists
from pipelines.contracts.model import COUNT, FLAG, MONTH, RATIO, YUAN, Column, Table
from pipelines.contracts.shared import AS_OF, DEFINITION, REASON

KIND = {"publicity": ("宣传",), "training": ("培训",), "other": ("其他",)}
ALL = "all"
ROLE = {
    "principal": ("主要负责人",), "deputy_head": ("安全生产与职业健康分管负责人",),
    "safety_head": ("安全或预防管理部门负责人",), "safety_staff": ("专职安全与职业健康管理人员",),
    "hazard_owner": ("重大危险源安全包保责任人",), "project_head": ("项目负责人",),
    "team_leader": ("班组长（含车间主任、车队长）",), "worker": ("一线职工",), "hr": ("人力资源人员",), "staff": ("全体职工",),
    "platform_worker": ("新就业形态人员",),
}
BOUND = {"exact": ("为",), "least": ("不少于",), "about": ("左右",), "most": ("不超过",)}
TRAINED_FROM = {"training_record": ("培训记录",), "key_staff": ("重点岗位人员的已培训人数",)}
BASIS = {
    "policy": ("方案原文",), "list": ("建议名单",), "decision": ("联席会议审定",), "demand": ("培训需求",),
    "unit_cost": ("政策的单价",),
    "ledger": ("台账的人均费用",), "edited": ("项目计划表修改",), "none": ("未定",),
}
STATE = {"drafted": ("初稿",), "edited": ("已修改",), "added": ("新增",), "cancelled": ("取消",)}
LINE = {
    "ceiling": ("额度",), "programme": ("项目",), "kind": ("小计",), "total": ("合计",), "fitting": ("额度内可安排",),
}
VERDICT = {"good": ("相符",), "watch": ("留意",), "bad": ("不符",)}
CHOICE = {
    "total": ("最优组合",), "programme": ("项目",), "enterprise": ("单位",), "constraint": ("限制的代价",),
}
CHANGE = {"added": ("新增",), "removed": ("取消",), "changed": ("变更",)}
PROGRAMME_ID = Column("programme_id", "项目标识", description="政策中的标识；新增的项目为 新增-n", nullable=False)
PLAN_YEAR = Column("plan_year", "计划年度", MONTH, "上年度之后的一年，与名单相同", nullable=False)


def _count(name: str, title: str, description: str = "", unit: str = "人", nullable: bool = True) -> Column:
    return Column(name, title, COUNT, description, unit=unit, nullable=nullable, minimum=0)


def _hours(name: str, title: str, description: str = "") -> Column:
    return Column(name, title, RATIO, description, unit="学时", decimals=1, minimum=0)


def _yuan(name: str, title: str, description: str = "") -> Column:
    return Column(name, title, YUAN, description, unit="元", decimals=2)


def _share(name: str, title: str, description: str = "") -> Column:
    return Column(name, title, RATIO, description, unit="%", decimals=2, minimum=0)


TRAINING_DEMAND = Table(
    "training_demand", "培训需求", "项目 × 人员类别 × 区划", ("programme_id", "role", "region_code"),
    (AS_OF, PROGRAMME_ID, Column("programme_name", "项目名称", nullable=False),
     Column("role", "人员类别", nullable=False, codes={ALL: ("合计",), **ROLE}),
     Column("region_code", "区划", description="000000 = 全部；行政区划代码前六位；unknown = 单位的区划不明", nullable=False),
     _count("enterprises", "面向单位", unit="家", nullable=False),
     _count("enterprises_counted", "有统计的单位", "重点岗位人员中有该类人员的", "家", nullable=False),
     _count("persons", "应训人数", "重点岗位人员最新统计之和；全体职工为上年度月平均缴费人数"),
     _count("trained_recorded", "培训记录人数", "项目所说年数之内、考试不是不合格的不同的人"),
     _count("trained_stated", "已培训人数", "重点岗位人员最新统计之和"),
     _count("trained", "已培训", "有培训记录的按记录，否则按重点岗位人员；不超过应训人数"),
     Column("trained_from", "已培训取自", codes=TRAINED_FROM), _share("trained_pct", "已培训比例"),
     _share("target_pct", "目标比例", "方案的覆盖率；没有写的为空"), _count("target", "目标人数", "应训人数 × 目标比例，进位"),
     _count("gap", "缺口", "目标人数 − 已培训，不小于 0"),
     _hours("hours_least", "每人学时下限"), _hours("hours_most", "每人学时上限"), _share("offline_pct", "线下比例"),
     _share("practice_pct", "实训比例"), _hours("hours_needed", "所需学时", "缺口 × 每人学时下限"),
     _hours("offline_hours_needed", "其中线下"), _hours("practice_hours_needed", "其中实训"), REASON, DEFINITION), group="plan")

PLAN_ITEM = Table(
    "plan_item", "工伤预防项目计划", "一个项目", ("programme_id",),
    (AS_OF, PLAN_YEAR, PROGRAMME_ID, Column("item_no", "序号", MONTH, nullable=False, minimum=1),
     Column("action", "内容", nullable=False, description="方案中项目所属的标题"),
     Column("kind", "类别", nullable=False, codes=KIND), Column("name", "分项名称", nullable=False),
     Column("content", "服务内容", nullable=False), Column("audience", "对象", description="方案原文"),
     Column("quantity", "数量", RATIO, decimals=2, minimum=0), Column("unit", "单位"),
     Column("quantity_bound", "数量说法", codes=BOUND), Column("quantity_basis", "数量依据", nullable=False, codes=BASIS),
     Column("outputs", "其他数量", description="以；分隔"), Column("scale", "活动规模"),
     _count("enterprises", "面向单位", "对象为单位而单位已知的", "家"),
     Column("proposed", "建议对象", description="名单或重点群体中排在前面的，至多 10 个"),
     _count("persons", "培训人数"), Column("persons_bound", "人数说法", codes=BOUND),
     Column("persons_basis", "人数依据", nullable=False, codes=BASIS),
     _count("persons_low", "人数下限", "允许浮动的"), _count("persons_high", "人数上限", "允许浮动的"),
     Column("hours", "学时要求", description="各类人员的学时、线下和实训比例"),
     Column("starts_month", "开始月份", MONTH, unit="yyyymm"), Column("ends_month", "结束月份", MONTH, unit="yyyymm"),
     Column("schedule", "计划实施时间", description="开始至结束月份，文字"),
     Column("form", "实施形式"), Column("lead", "牵头单位"), Column("support", "配合单位"),
     Column("implementer", "实施单位"), Column("procurement", "采购方式"), Column("funding", "资金来源", nullable=False),
     _yuan("unit_cost_yuan", "单价", "经费预算 ÷ 数量"), _yuan("head_cost_yuan", "人均费用", "经费预算 ÷ 培训人数"),
     _yuan("budget_yuan", "经费预算"), Column("budget_basis", "预算依据", nullable=False, codes=BASIS),
     Column("is_budget_most", "预算为上限", FLAG, "原则上不超过", nullable=False),
     _yuan("project_cap_yuan", "每项上限"), _yuan("head_cap_yuan", "人均上限"),
     _share("prepayment_pct", "预付比例"), _yuan("prepayment_yuan", "预付款"),
     Column("unpayable", "不得列支", description="不由工伤预防费支付"),
     Column("term_months", "期限", COUNT, "自合同起", unit="月", minimum=1),
     Column("acceptance", "验收指标", description="以；分隔"),
     _share("effect_pct", "假设的成效", "来年从所及单位的工伤中减少的比例；空 = 不作假设"),
     Column("effect_source", "假设的出处"), Column("section", "方案出处", nullable=False),
     Column("state", "状态", nullable=False, codes=STATE), Column("edited", "修改的列", description="以、分隔"),
     Column("edit_reason", "变更理由"), Column("edit_file", "修改所在文件"), DEFINITION), group="plan")

EDITABLE = ("kind", "action", "name", "content", "quantity", "unit", "scale", "persons", "starts_month", "ends_month", "form",
            "lead", "support", "implementer", "procurement", "funding", "budget_yuan", "acceptance")
"""The columns that an analyst may change in the workbook."""

PLAN_BUDGET = Table(
    "plan_budget", "工伤预防费预算", "一行预算", ("line", "subject"),
    (AS_OF, PLAN_YEAR, Column("line", "行", nullable=False, codes=LINE),
     Column("subject", "对象", description="项目标识；类别；cap 上限、allotted 下达、ceiling 采用的额度；all", nullable=False),
     Column("title", "名称", nullable=False), Column("line_no", "行号", MONTH, nullable=False, minimum=1),
     *(replace(PLAN_ITEM[name], nullable=True)
       for name in ("kind", "quantity", "unit", "persons", "unit_cost_yuan", "head_cost_yuan")),
     _yuan("amount_yuan", "金额"), replace(PLAN_ITEM["budget_basis"], nullable=True),
     Column("share_pct", "占比", RATIO, "占全部项目预算", unit="%", decimals=2), _yuan("limit_yuan", "上限"),
     _yuan("over_yuan", "超出", "金额 − 上限；负数为未用"), _yuan("cumulated_yuan", "累计", "按方案次序，只计放得下的"),
     Column("is_fitting", "放得下", FLAG, "按方案次序，金额不超过额度余下的"), REASON, DEFINITION), group="plan")

PLAN_CHECK = Table(
    "plan_check", "计划核对", "核对事项 × 对象", ("check_id", "subject"),
    (AS_OF, PLAN_YEAR, Column("check_id", "事项代码", nullable=False), Column("check_title", "核对事项", nullable=False),
     Column("subject", "对象", description="项目标识；all = 整个计划", nullable=False),
     Column("subject_title", "对象名称", nullable=False),
     Column("verdict", "结论", nullable=False, codes=VERDICT),
     Column("figure_expected", "应为", RATIO, decimals=2), Column("figure_found", "实为", RATIO, decimals=2),
     Column("message", "说明", nullable=False)), group="plan")

PLAN_CHOICE = Table(
    "plan_choice", "额度内的最优组合", "种类 × 对象", ("choice", "subject"),
    (AS_OF, PLAN_YEAR, Column("choice", "种类", nullable=False, codes=CHOICE),
     Column("subject", "对象", description="项目标识；单位编号；限制；all", nullable=False),
     Column("title", "名称", nullable=False),
     replace(PROGRAMME_ID, name="served_by", title="所属项目", nullable=True), core.ENTERPRISE["region_code"],
     lists.PRIORITY_ENTERPRISE["industry_name"], lists.PRIORITY_ENTERPRISE["rank"],
     Column("is_chosen", "选中", FLAG, nullable=False), _yuan("cost_yuan", "费用"),
     Column("removed_injuries", "预计减少工伤", RATIO, "按假设的成效；限制的代价为去掉该限制可多减少的", unit="人次", decimals=4),
     REASON, DEFINITION), group="plan")

PLAN_CHANGE = Table(
    "plan_change", "变更后项目一览", "项目 × 变更的列", ("programme_id", "column_name"),
    (AS_OF, PLAN_YEAR, Column("issued_version", "存档版本", nullable=False), PROGRAMME_ID, PLAN_ITEM["name"],
     Column("change", "变更", nullable=False, codes=CHANGE),
     Column("column_name", "列", description="整个项目新增或取消的为空串", nullable=False),
     Column("column_title", "列名", nullable=False), Column("before", "变更前"), Column("after", "变更后"),
     PLAN_ITEM["edit_reason"]), group="plan")

PLAN = (TRAINING_DEMAND, PLAN_ITEM, PLAN_BUDGET, PLAN_CHECK, PLAN_CHOICE, PLAN_CHANGE)
