"""What lists would have caught, and what programmes have changed."""

from pipelines.contracts import marts
from pipelines.contracts.model import COUNT, FLAG, MONTH, RATIO, SMALL, Column, Table

RULES = {
    "excess": ("超额工伤",), "hybrid": ("政策准入，按超额工伤排序",), "official": ("政策准入，按政策原文排序",),
    "rate_then_count": ("发生率超阈值，再按工伤数",), "rate": ("上年度发生率",), "count": ("上年度工伤数",),
    "pay_ratio": ("上年度支缴率",), "prevention_index": ("预防指数",), "decided": ("审定名单",),
    "foresight": ("事后最优（先知）",),
}
LIST_BACKTEST = Table(
    "list_backtest", "名单回测", "规则 × 年度", ("rule", "year"),
    (marts.AS_OF, Column("rule", "规则", nullable=False, codes=RULES),
     Column("year", "验证年度", MONTH, "名单按上一年年末所知列出，看这一年发生了什么", nullable=False),
     Column("list_month", "名单截止月", MONTH, unit="yyyymm", nullable=False),
     Column("history_years", "当时的年数", SMALL, "列名单时有几年的数据", unit="年", nullable=False, minimum=1),
     Column("regions", "地区数", SMALL, unit="个", nullable=False, minimum=1),
     Column("places", "名额", COUNT, "各地区名额之和；已退出的单位由后面的递补", unit="个", nullable=False, minimum=0),
     Column("injuries", "名单内工伤", COUNT, "验证年度", unit="人次", nullable=False, minimum=0),
     Column("excess", "名单内超额工伤", RATIO, "验证年度高出当年同行业同规模基准的工伤", unit="人次", decimals=2, nullable=False),
     Column("excess_per_place", "每个名额的超额", RATIO, unit="人次", decimals=3),
     Column("foresight_share", "占最优的比例", RATIO, "名单内超额 ÷ 同样多家的事后最优名单的超额", unit="%", decimals=2),
     Column("predicted_to_actual", "预期比实际", RATIO, "名单内预期工伤 ÷ 实际工伤", decimals=3, minimum=0),
     Column("overlap", "与上年名单重合", RATIO, "同一规则相邻两年名单共有的比例", unit="%", decimals=2, minimum=0, maximum=100),
     Column("small_share", "20 人以下的比例", RATIO, "名单中当时不足 20 人年的单位", unit="%", decimals=2, minimum=0,
            maximum=100),
     marts.DEFINITION), group="evaluation")

SCOPE = {"list": ("整份名单",), "programme": ("项目",), "enterprise": ("单位",)}
PROGRAMME_EFFECT = Table(
    "programme_effect", "项目成效", "存档名单 × 范围 × 对象", ("list_version", "scope", "subject"),
    (marts.AS_OF, Column("list_month", "名单截止月", MONTH, unit="yyyymm", nullable=False),
     Column("list_version", "存档版本", nullable=False), Column("scope", "范围", nullable=False, codes=SCOPE),
     Column("subject", "对象", description="all；项目编号；单位编号", nullable=False), Column("subject_name", "名称"),
     Column("enterprises", "单位数", COUNT, unit="家", nullable=False, minimum=0),
     Column("first_month", "起月", MONTH, unit="yyyymm", nullable=False),
     Column("last_month", "止月", MONTH, "存档后至多十二个月", unit="yyyymm", nullable=False),
     Column("months_after", "之后月数", COUNT, unit="月", nullable=False, minimum=1),
     Column("injuries_before", "之前工伤", COUNT, "名单截止前同样多的月份", unit="人次", nullable=False, minimum=0),
     Column("injuries_after", "之后工伤", COUNT, unit="人次", nullable=False, minimum=0),
     Column("person_years_before", "之前人年", RATIO, unit="人年", decimals=2, nullable=False, minimum=0),
     Column("person_years_after", "之后人年", RATIO, unit="人年", decimals=2, nullable=False, minimum=0),
     Column("rate_change_pct", "发生率原始变化", RATIO, "之后比之前；未扣除回归均值，不能算作成效", unit="%", decimals=2),
     Column("expected_injuries", "没有项目时的预期", RATIO, "存档时冻结的预期 × 之后人年 × 其他单位的同期变化 × 认定完整度",
            unit="人次", decimals=2, nullable=False, minimum=0),
     Column("drift", "其他单位的同期变化", RATIO, "名单外单位：之后工伤 ÷ 其冻结的预期", decimals=4, minimum=0),
     Column("effect_pct", "成效", RATIO, "之后工伤比没有项目时的预期", unit="%", decimals=2),
     Column("effect_low_pct", "成效下限", RATIO, "95 % 区间", unit="%", decimals=2),
     Column("effect_high_pct", "成效上限", RATIO, "95 % 区间", unit="%", decimals=2),
     Column("is_clear", "有把握", FLAG, "区间不含 0"),
     Column("target_pct", "目标", RATIO, "方案要求的发生率同比变化", unit="%", decimals=2),
     Column("chance_without_effect", "无成效也达标的概率", RATIO, "项目毫无作用时，发生率仍会同比降到目标以下的概率", decimals=4,
            minimum=0, maximum=1),
     marts.DEFINITION), group="evaluation")

EVALUATION = (LIST_BACKTEST, PROGRAMME_EFFECT)
