"""Units whose workers are hurt on the way to or from work more often than those of their like."""

from pipelines.contracts import core, groups, lists, marts
from pipelines.contracts.model import COUNT, FLAG, MONTH, RATIO, Column, Table

COMMUTING_ENTERPRISE = Table(
    "commuting_enterprise", "上下班交通事故多发单位", "一家上下班工伤多于一般的现存单位", ("enterprise_id",),
    (marts.AS_OF, Column("rank", "名次", MONTH, "按每年超额", unit="名", nullable=False, minimum=1), marts.ENTERPRISE_ID,
     core.ENTERPRISE["enterprise_name"], core.ENTERPRISE["region_code"], marts.INDUSTRY_RATE["industry_name"],
     marts.PERSON_YEARS,
     Column("observed_cases", "上下班工伤", COUNT, "14-6，口径所说的时段之内已认定的", unit="人次", nullable=False, minimum=1),
     groups.EXPECTED,
     Column("ratio", "与一般水平之比", RATIO, "收缩后：所知越少越接近 1", unit="倍", decimals=4, nullable=False, minimum=0),
     *groups.LIMITS,
     Column("excess_cases", "每年超额", RATIO, "（比值 − 1）× 每年应有，含尚未认定的", unit="人次", decimals=4, nullable=False,
            minimum=0),
     Column("probability", "偏多概率", RATIO, "同类单位中有这么多或更多的概率", decimals=6, nullable=False, minimum=0, maximum=1),
     Column("corrected_probability", "校正后概率", RATIO, "按全部有人年的单位校正（Benjamini–Hochberg）", decimals=6,
            nullable=False, minimum=0, maximum=1),
     Column("is_notable", "明显偏多", FLAG, "至少 3 人次且校正后概率不超过 0.1", nullable=False),
     Column("usual_hour", "常见时间", description="最多的两小时和例数；不足 2 例相同的为空"),
     Column("usual_transport", "常见交通方式", description="最多的交通方式和例数；不足 2 例相同的为空"),
     lists.PRIORITY_ENTERPRISE["evidence"], marts.DEFINITION), group="targeting")

COMMUTERS = (COMMUTING_ENTERPRISE,)
