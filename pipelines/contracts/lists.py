"""The lists: which enterprises get a programme of their own, which are addressed by publicity and training, what was decided."""

from dataclasses import replace

from pipelines.contracts import core, marts, outlook
from pipelines.contracts.model import COUNT, FLAG, MONTH, RATIO, Column, Table

EXPECTED = outlook.ENTERPRISE_OUTLOOK
LIST_REGION = Column("region_code", "名单地区", description="000000 = 全市；或按设置截取的行政区划代码、经办机构", nullable=False)
PERIOD_FIGURES = (
    *(Column(f"{name}_{period}", f"{title}（{label}）", type, unit=unit, decimals=decimals)
      for period, label in (("last_year", "上年度"), ("last_3_years", "近三年"), ("last_5_years", "近五年"))
      for name, title, type, unit, decimals in (
          ("injuries", "工伤", COUNT, "人次", None), ("person_years", "人年", RATIO, "人年", 4),
          ("rate_pct", "发生率", RATIO, "%", 4), ("pay_ratio", "支缴率", RATIO, "%", 2))),
    Column("deaths_last_year", "死亡（上年度）", COUNT, unit="人次"),
    Column("severe_last_year", "1–4 级（上年度）", COUNT, unit="人次"))
RANKS = (
    Column("expected_rank", "预期名次", RATIO, "按真实超额工伤的名次的期望，在可列入的单位中", unit="名", decimals=1, minimum=1),
    Column("rank_low", "名次下限", MONTH, "80 % 区间", unit="名", minimum=1),
    Column("rank_high", "名次上限", MONTH, "80 % 区间", unit="名", minimum=1),
    Column("listed_probability", "入选概率", RATIO, "真实的超额工伤在可列入的单位中排进名额之内的概率", decimals=4, minimum=0,
           maximum=1),
    Column("official_rank", "官方规则名次", MONTH, "只按方案原文的准入和排序；空 = 没有原文规则，或按它不能排序", unit="名",
           minimum=1),
    Column("excess_rank", "超额排序名次", MONTH, "全部单位只按超额工伤排序", unit="名", minimum=1))

PRIORITY_ENTERPRISE = Table(
    "priority_enterprise", "一企一策建议名单", "名单地区 × 参保单位", ("region_code", "enterprise_id"),
    (marts.AS_OF, LIST_REGION, marts.ENTERPRISE_ID,
     Column("rank", "名次", MONTH, "空 = 排除", unit="名", minimum=1),
     Column("is_listed", "入选", FLAG, "符合准入条件且名次在名额之内", nullable=False),
     Column("is_reserve", "备选", FLAG, "符合准入条件，名次在名额之后、备选范围之内", nullable=False),
     Column("is_entered", "符合准入", FLAG, nullable=False), core.ENTERPRISE["enterprise_name"],
     core.ENTERPRISE["industry_code"], Column("industry_name", "行业名称"),
     Column("district_code", "所在区划", description="行政区划代码前六位；每区名额按它"),
     Column("score", "排序值", RATIO, "政策排序的第一项：超额工伤，或名次均值、工伤人次等", decimals=4),
     *(EXPECTED[name] for name in ("expected_injuries", "excess_injuries")),
     *(replace(EXPECTED[name], nullable=True)
       for name in ("norm_pct", "posterior_ratio", "ratio_low", "ratio_high", "predicted_low", "predicted_high")),
     *RANKS, *PERIOD_FIGURES, Column("criteria_met", "符合条件", description="准入条件中符合的，以；分隔"),
     Column("criteria_also", "另符合", description="不作为准入条件、但也符合的，以；分隔"),
     Column("evidence", "依据", nullable=False),
     Column("excluded_reason", "排除原因", description="未列入的原因；名额已满的仍可由会议调换"),
     Column("comparison", "与其他规则相比", description="本月全部名单与纯超额排序、与纯官方规则的差别，各项限制的代价",
            nullable=False),
     marts.DEFINITION),
    references={"enterprise_id": "enterprise_risk"}, group="targeting")

OUTREACH_ENTERPRISE = Table(
    "outreach_enterprise", "宣传培训重点企业", "参保单位", ("enterprise_id",),
    (marts.AS_OF, marts.ENTERPRISE_ID, core.ENTERPRISE["enterprise_name"], core.ENTERPRISE["region_code"],
     core.ENTERPRISE["industry_code"], PRIORITY_ENTERPRISE["industry_name"],
     Column("criteria_met", "符合条件", nullable=False), PRIORITY_ENTERPRISE["evidence"], marts.DEFINITION), group="targeting")

SUGGESTION = {"listed": ("入选",), "reserve": ("备选",), "reference": ("参考",), "excluded": ("排除",), "absent": ("不在名单",),
              "unknown": ("无从得知",)}
DIFFERENCE = {
    "none": ("与建议相同",), "added": ("名单外选入",), "removed": ("名单内未选入",), "undecided": ("名单内未审定",),
    "unknown": ("无从比较",),
}
DECIDED_ENTERPRISE = Table(
    "decided_enterprise", "审定名单", "年度 × 参保单位", ("year", "enterprise_id"),
    (marts.AS_OF, Column("year", "年度", MONTH, "名单所对应的年度", nullable=False), marts.ENTERPRISE_ID,
     core.ENTERPRISE["enterprise_name"], replace(LIST_REGION, nullable=True), core.ENTERPRISE["industry_code"],
     PRIORITY_ENTERPRISE["industry_name"],
     Column("is_decided", "已审定", FLAG, "联席会议对该单位有是或否；该年度没有任何审定的均为否", nullable=False),
     Column("is_selected", "实施", FLAG, "审定入选；该年度没有任何审定的，为名单内的单位", nullable=False),
     Column("reason", "理由", description="审定时所写"),
     Column("suggestion", "名单状态", description="审定所依据的名单上的状态", nullable=False, codes=SUGGESTION),
     PRIORITY_ENTERPRISE["rank"],
     Column("list_version", "名单版本", description="审定所依据的名单：数据截止月和内容的摘要；空 = 无从得知"),
     Column("is_issued", "名单已存档", FLAG, "该名单在 make issue 的存档之中", nullable=False),
     Column("difference", "与建议相比", nullable=False, codes=DIFFERENCE),
     Column("is_known", "有该单位", FLAG, "参保单位中有该编号", nullable=False), marts.DEFINITION), group="targeting")

LISTS = (PRIORITY_ENTERPRISE, OUTREACH_ENTERPRISE, DECIDED_ENTERPRISE)
