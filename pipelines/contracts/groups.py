"""Groups rather than single units: where programmes for many are worth most, under which circumstances injuries happen, and whose
reports are improbably few.
"""

from pipelines.contracts import core, lists, marts, records
from pipelines.contracts.model import COUNT, FLAG, MONTH, RATIO, SMALL, Column, Table

TARGET_KIND = Column(
    "target_kind", "对象种类", nullable=False,
    codes={"industry": ("重点行业（50 人以下单位）",), "street": ("重点街道（50 人以下单位）",),
           "small_park": ("重点园区（50 人以下单位）",), "park": ("进园区",), "enterprise": ("进企业",),
           "small_enterprise": ("中小微企业",), "disease_industry": ("职业病重点行业",),
           "disease_enterprise": ("职业病重点企业",), "project": ("建设项目",), "platform": ("平台",)})
NOT_LISTED = "；未列："
"""What parts a kind's own definition from the kinds that have no rows and why."""
SIZE_CLASS = Column(
    "size_class", "规模划型", description="按参保人数近似（国统字〔2017〕213号的从业人员一项）；只按收入或资产划型的行业为空",
    codes={"large": ("大型",), "medium": ("中型",), "small": ("小型",), "micro": ("微型",)})
EXPECTED = Column("expected_cases", "应有工伤", RATIO, "按口径所说的一般水平", unit="人次", decimals=4, minimum=0)
LIMITS = tuple(
    Column(f"ratio_{end}", title, RATIO, unit="倍", decimals=4, minimum=0)
    for end, title in (("low", "比值下限"), ("high", "比值上限")))
CHANGE = Column("change_pct", "比上年变化", RATIO, "上年不足 5 例的为空", unit="%", decimals=2)


def _count(name: str, title: str, description: str = "", unit: str = "人次", nullable: bool = True) -> Column:
    return Column(name, title, COUNT, description, unit=unit, nullable=nullable, minimum=0)


def _probability(name: str, title: str, description: str, nullable: bool = True) -> Column:
    return Column(name, title, RATIO, description, decimals=6, nullable=nullable, minimum=0, maximum=1)


GROUP_TARGET = Table(
    "group_target", "重点行业·街道·园区·职业病·建设项目·平台", "对象种类 × 对象", ("target_kind", "target_key"),
    (marts.AS_OF, TARGET_KIND,
     Column("target_key", "对象标识", description="行业代码；地区代码与街道、园区；单位编号；项目编号；平台企业", nullable=False),
     Column("rank", "名次", MONTH, "同一种类之内", unit="名", nullable=False, minimum=1),
     Column("target_name", "对象", nullable=False), core.ENTERPRISE["region_code"], records.UNIT,
     marts.INDUSTRY_RATE["industry_name"], _count("units", "单位数", unit="家"),
     _count("heads", "人数", "最近十二个月平均", "人"), SIZE_CLASS, marts.PERSON_YEARS,
     _count("observed_cases", "工伤", "口径所说的时段之内"), _count("severe", "1–4 级"), _count("deaths", "死亡"), EXPECTED,
     Column("ratio", "与一般水平之比", RATIO, "收缩后：所知越少越接近 1", unit="倍", decimals=4, minimum=0), *LIMITS,
     Column("is_above", "高于一般水平", FLAG, "比值的 80 % 区间整个高于 1"),
     Column("excess_injuries", "超额工伤", RATIO, "来年：（比值 − 1）× 一般水平；可为负", unit="人次", decimals=4),
     Column("summed_excess_injuries", "单位超额之和", RATIO, "各单位的超额工伤（enterprise_outlook）相加", unit="人次",
            decimals=4),
     _count("cases_before", "上年同期"), CHANGE, records.PROJECT_SITE["cost_yuan"], records.PROJECT_SITE["is_insured"],
     lists.PRIORITY_ENTERPRISE["evidence"], marts.DEFINITION), group="targeting")

SILENT_ENTERPRISE = Table(
    "silent_enterprise", "申报偏少待核实单位", "一家申报可能偏少的参保单位", ("enterprise_id",),
    (marts.AS_OF, core.ENTERPRISE["enterprise_id"], core.ENTERPRISE["enterprise_name"], core.ENTERPRISE["region_code"],
     marts.INDUSTRY_RATE["industry_name"], marts.PERSON_YEARS,
     Column("years_used", "所用年数", SMALL, unit="年", minimum=1), EXPECTED, _count("reported_cases", "已认定工伤"),
     _probability("norm_probability", "偏少概率（按基准）", "同类单位中这么少或更少的概率；应有工伤太少的为空"),
     _count("notices", "事故申报", "有足够时间申请认定的，不含派遣", "次"), _count("notices_claimed", "其中申请认定", unit="次"),
     Column("notices_expected", "应申请认定", RATIO, "按全市的比例", unit="次", decimals=4, minimum=0),
     _probability("notice_probability", "偏少概率（按申报）", "申请认定的这么少或更少的概率；申报太少的为空"),
     _probability("probability", "偏少概率", "两者中较小的，乘以可算的个数", nullable=False),
     _probability("corrected_probability", "校正后概率", "按所查单位数校正（Benjamini–Hochberg），不超过 0.1 的才列出",
                  nullable=False),
     lists.PRIORITY_ENTERPRISE["evidence"], marts.DEFINITION), group="targeting")

INJURY_PATTERN = Table(
    "injury_pattern", "事故情形分布", "范围 × 方面 × 取值", ("scope", "dimension", "value"),
    (marts.AS_OF, Column("scope", "范围", description="all = 全市；情形；行业大类代码", nullable=False),
     Column("scope_name", "范围名称", nullable=False),
     Column("is_key_circumstance", "重点情形", FLAG, "上下班途中（14-6）、突发疾病死亡（15-1）", nullable=False),
     Column("dimension", "方面", nullable=False,
            codes={"total": ("合计",), "clause": ("认定依据",), "post_group": ("岗位",), "cause": ("起因",),
                   "body_part": ("受伤部位",), "hour": ("时间",), "weekday": ("星期",), "month": ("月份",),
                   "transport": ("交通方式",), "age_band": ("年龄",), "sex": ("性别",)}),
     Column("value", "取值", description="代码；时间为两小时的起点", nullable=False),
     Column("value_name", "取值名称", nullable=False),
     _count("cases", "例数", "该范围内这一方面已知的", "例", nullable=False),
     _count("observed_cases", "其中", unit="例", nullable=False),
     Column("share_pct", "占比", RATIO, unit="%", decimals=2, nullable=False, minimum=0, maximum=100),
     Column("expected_cases", "应有", RATIO, "按全市其余；全市的时间、星期、月份按参保人数 × 时长均匀", unit="例", decimals=4,
            minimum=0),
     Column("ratio", "实有与应有之比", RATIO, unit="倍", decimals=4, minimum=0), *LIMITS,
     _probability("probability", "偏多概率", "偶然有这么多或更多的概率"),
     _probability("corrected_probability", "校正后概率", "按所看的全部情形校正（Benjamini–Hochberg）"),
     Column("is_notable", "明显偏多", FLAG, "至少 5 例且校正后概率不超过 0.05", nullable=False),
     _count("cases_last_year", "末年", "仅重点情形：时段最后一年", "例"),
     _count("cases_year_before", "上年同期", "仅重点情形：同样月份", "例"), CHANGE, marts.DEFINITION), group="rates")

GROUPS = (GROUP_TARGET, SILENT_ENTERPRISE, INJURY_PATTERN)
