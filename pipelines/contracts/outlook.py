"""What is to be expected of each unit in the coming year, and the norm that it is measured against."""

from pipelines.contracts import core, marts
from pipelines.contracts.model import COUNT, FLAG, RATIO, SMALL, YUAN, Column, Table

YEARS = 6
"""How many years expectations stand on at most: the year to date and five whole ones."""

SIZE_BAND = Column(
    "size_band", "规模", description="按缴费人数", nullable=False,
    codes={"under_20": ("20 人以下",), "20_49": ("20–49 人",), "50_99": ("50–99 人",), "100_249": ("100–249 人",),
           "250_999": ("250–999 人",), "1000_up": ("1000 人及以上",)})
LEVEL = Column(
    "warning_level", "预警等级", codes={"red": ("红",), "orange": ("橙",), "yellow": ("黄",), "blue": ("蓝",)},
    description="按预警指数；统计预警，非安全风险分级")


def _injuries(name: str, title: str, description: str) -> Column:
    return Column(name, title, RATIO, description, unit="人次", decimals=4)


def _year(number: int) -> tuple[Column, ...]:
    title = "本年" if number == 0 else f"{number} 年前"
    return (
        Column(f"person_months_{number}", f"人月（{title}）", COUNT, "已按派遣人数调整；无从得知的为空", unit="人月", minimum=0),
        Column(f"injuries_{number}", f"工伤（{title}）", COUNT, unit="人次", nullable=False, minimum=0),
        Column(f"premium_yuan_{number}", f"征缴保费（{title}）", YUAN, unit="元", decimals=2),
        Column(f"payout_yuan_{number}", f"基金支付（{title}）", YUAN, unit="元", decimals=2))


ENTERPRISE_HISTORY = Table(
    "enterprise_history", "企业历年", "参保单位", ("enterprise_id",),
    (core.ENTERPRISE["enterprise_id"], core.ENTERPRISE["region_code"], *core.INDUSTRY_LEVELS,
     *(column for number in range(YEARS) for column in _year(number)),
     Column("person_months_ahead", "最近十二个月人月", COUNT, unit="人月", nullable=False, minimum=0)), group="targeting")

ENTERPRISE_OUTLOOK = Table(
    "enterprise_outlook", "企业预期工伤", "有人年的参保单位", ("enterprise_id",),
    (marts.AS_OF, core.ENTERPRISE["enterprise_id"], core.ENTERPRISE["region_code"],
     Column("norm_code", "基准行业", description="基准取到的最细一层行业代码；unknown = 行业不明", nullable=False), SIZE_BAND,
     Column("years_used", "所用年数", SMALL, "有人年的年度数（含本年累计）", unit="年", nullable=False, minimum=1),
     Column("person_years_used", "所用人年", RATIO, unit="人年", decimals=4, nullable=False, minimum=0),
     Column("injuries_used", "所用工伤", COUNT, unit="人次", nullable=False, minimum=0),
     Column("person_years_ahead", "来年人年", RATIO, "最近十二个月的人年", unit="人年", decimals=4, nullable=False, minimum=0),
     Column("is_jump", "人数骤变", FLAG, "最近十二个月与上一年的人年相差三倍以上", nullable=False),
     Column("norm_pct", "基准发生率", RATIO, "同行业同规模一般单位的年发生率", unit="%", decimals=4, nullable=False, minimum=0),
     Column("posterior_ratio", "与基准之比", RATIO, "后验均值：本单位的风险是基准的几倍", unit="倍", decimals=4, nullable=False,
            minimum=0),
     Column("ratio_low", "比值下限", RATIO, "80 % 后验区间", unit="倍", decimals=4, nullable=False, minimum=0),
     Column("ratio_high", "比值上限", RATIO, "80 % 后验区间", unit="倍", decimals=4, nullable=False, minimum=0),
     Column("posterior_shape", "后验形状参数", RATIO, "比值的后验为 Gamma 分布：形状 ÷ 均值 = 率", decimals=4, nullable=False,
            minimum=0),
     Column("above_norm_probability", "高于基准的概率", RATIO, decimals=4, nullable=False, minimum=0, maximum=1),
     Column("exceedance", "超阈值的概率", RATIO, "长期发生率高于政策阈值的后验概率", decimals=4, nullable=False, minimum=0,
            maximum=1),
     _injuries("norm_injuries", "基准工伤", "来年人年 × 基准发生率"),
     _injuries("expected_injuries", "预期工伤", "来年，不开展项目"),
     _injuries("excess_injuries", "超额工伤", "预期工伤 − 基准工伤：项目有望减少的部分；可为负"),
     Column("expected_spread", "预期的相对标准差", RATIO, "后验与单年波动；存档后用于成效", decimals=4, nullable=False,
            minimum=0),
     Column("predicted_low", "预测下限", COUNT, "来年工伤的 80 % 预测区间", unit="人次", nullable=False, minimum=0),
     Column("predicted_high", "预测上限", COUNT, "来年工伤的 80 % 预测区间", unit="人次", nullable=False, minimum=0),
     Column("pay_ratio_credibility", "支缴率可信度", RATIO, "Bühlmann–Straub；0 = 单个单位的支缴率不含信息", decimals=4,
            minimum=0, maximum=1),
     Column("pay_ratio_credible", "可信支缴率", RATIO, "按可信度向全市靠拢的支缴率；支付被收回多于支付的为负", unit="%",
            decimals=2),
     Column("floating_tier_pct", "浮动档次（测算）", RATIO, "按政策中的当地浮动规则由支缴率测算；未配置为空", unit="%",
            decimals=0, minimum=0),
     Column("expected_payout_yuan", "预期支付", YUAN, "预期工伤 × 按可信度取的件均支付（超过 99.5 % 分位的以其计）", unit="元",
            decimals=2),
     Column("prevention_index", "预防指数", RATIO, "工伤数与发生率两个名次的平均（SHARP）；1 = 最前", decimals=1, minimum=1),
     Column("warning_index", "预警指数", RATIO, "0–100", decimals=1, nullable=False, minimum=0, maximum=100), LEVEL,
     marts.DEFINITION), group="targeting")

NORM_RATE = Table(
    "norm_rate", "行业规模基准", "行业（各层）× 规模", ("industry_code", "size_band"),
    (marts.AS_OF, marts.INDUSTRY_RATE["classification"], marts.INDUSTRY_RATE["level"],
     Column("industry_code", "行业代码", description="all = 全部；unknown = 行业不明", nullable=False),
     marts.INDUSTRY_RATE["industry_name"], SIZE_BAND,
     Column("enterprises", "单位数", COUNT, unit="家", nullable=False, minimum=0),
     Column("weight", "信息量", RATIO, "该行业加权的基准工伤数；越大越可靠", unit="人次", decimals=2, nullable=False, minimum=0),
     Column("norm_pct", "基准发生率", RATIO, "同行业同规模一般单位的年发生率", unit="%", decimals=4, nullable=False, minimum=0),
     marts.DEFINITION), group="targeting")

OUTLOOK = (ENTERPRISE_HISTORY, ENTERPRISE_OUTLOOK, NORM_RATE)
