"""How figures are followed: cases that count, how late they become known, one rate under many definitions, the plans' targets."""

from dataclasses import replace

from pipelines.contracts import codes, core
from pipelines.contracts.model import COUNT, FLAG, MONTH, RATIO, SMALL, Column, Table
from pipelines.contracts.shared import AS_OF, DEFINITION, PERSON_YEARS, REASON

TIMED_CLAIM = Table(
    "timed_claim", "计入的工伤", "一件按政策口径计入的工伤", ("claim_id",),
    (core.CLAIM["claim_id"],
     replace(core.CLAIM["enterprise_id"], nullable=False, description="有用工单位的归用工单位；空串 = 没有写明单位"),
     replace(core.CLAIM["insured_enterprise_id"], nullable=False, description="空串 = 没有写明单位"),
     *(core.CLAIM[name] for name in ("is_dispatched", "clause_group", "is_severe", "is_death")),
     Column("event_month", "计入月份", MONTH, "按政策的日期：事故、认定或报告", unit="yyyymm"),
     Column("months_to_known", "认定滞后", COUNT, "自计入月份至已知其为工伤的整月数；首次交付中没有认定日期的为空", unit="月",
            minimum=0)),
    group="tracking")

GROUPS = {"all": ("全部",), **{name: codes.GROUP[name] for name in ("production", "commuting", "occupational_disease")},
          "other": ("其他",)}
PATTERN = {"own": ("本组",), "pooled": ("全部，本组件数不足",), "none": ("无",)}
EXPECTED = Column("claims_expected", "预计最终", RATIO, "已认定 ÷ 完整度；95 % 区间按 Mack（1993）的标准误，对数正态", unit="件",
                  decimals=1, minimum=0)
COMPLETENESS = Column("completeness_pct", "完整度", RATIO, "届时已知的占最终的比例；以可观察的最长月数为最终", unit="%",
                      decimals=2, minimum=0, maximum=100)
CLAIM_DEVELOPMENT = Table(
    "claim_development", "认定滞后完整度", "情形组 × 事故后月数", ("development_group", "months_since"),
    (AS_OF, Column("development_group", "情形组", nullable=False, codes=GROUPS, description="其他 = 因工外出、突发疾病死亡等"),
     Column("months_since", "事故后月数", SMALL, "整月，0 = 当月；按政策的日期起算", unit="月", nullable=False, minimum=0),
     COMPLETENESS,
     *(replace(COMPLETENESS, name=f"completeness_{limit}_pct", title=title,
               description="95 % 区间：链梯法的估计误差（Mack 1993，不低于二项分布的）")
       for limit, title in (("low", "完整度下限"), ("high", "完整度上限"))),
     Column("development_factor", "到下月的增长", RATIO, "链梯因子", unit="倍", decimals=4, minimum=1),
     Column("claims", "所用件数", COUNT, "该因子所依据的、下一月已知的件数", unit="件", minimum=0),
     Column("accident_months", "所用月份", SMALL, "该因子所依据的事故月份", unit="个", minimum=0),
     Column("pattern", "规律取自", nullable=False, codes=PATTERN),
     Column("is_stable", "可靠", FLAG, "完整度区间不宽于规定的百分点", nullable=False),
     Column("is_beyond", "超出观察", FLAG, "数据的历史不足以看到该月数", nullable=False),
     Column("accident_month", "事故月份", MONTH, "至认定数据截止月恰为该月数的月份", unit="yyyymm", nullable=False),
     Column("claims_known", "已认定", COUNT, "该事故月份的", unit="件", nullable=False, minimum=0),
     EXPECTED, *(replace(EXPECTED, name=f"claims_expected_{limit}", title=title)
                 for limit, title in (("low", "预计下限"), ("high", "预计上限"))),
     Column("known_from_month", "认定数据起月", MONTH, "从该月起的认定是齐的", unit="yyyymm"),
     Column("known_to_month", "认定数据止月", MONTH, "不晚于数据截止月的最后一次交付", unit="yyyymm"), REASON, DEFINITION),
    group="tracking")

COMPLETED = (
    Column("completed_injuries", "补全后工伤", RATIO, "工伤人次按各情形组在时段内的平均完整度补全；过低或无从估计的为空",
           unit="人次", decimals=1, minimum=0),
    Column("completed_rate_pct", "补全后发生率", RATIO, "发生率 × 补全后工伤 ÷ 工伤", unit="%", decimals=4, minimum=0),
)


def _official(name: str, title: str, unit: str = "") -> tuple[Column, Column]:
    """A figure of the yearly report and how much the computed one differs from it."""
    return (Column(f"official_{name}", f"年报{title}", RATIO, unit=unit, decimals=4),
            Column(f"{name}_difference", f"{title}相差", RATIO, "明细算的减年报的", unit=unit, decimals=4))


DEFINITION_COMPARISON = Table(
    "definition_comparison", "口径对照", "口径 × 年度", ("definition_id", "year"),
    (AS_OF,
     Column("definition_id", "口径代码", nullable=False, description="tables/rate_definitions.csv；policy = 所用政策的口径"),
     core.FUND["year"], Column("definition_title", "口径名称", nullable=False),
     Column("city", "出处", description="采用它的城市或标准"),
     Column("numerator", "分子", COUNT, "该口径的人次或人数", unit="人次", nullable=False, minimum=0),
     Column("denominator", "分母", RATIO, "该口径的参保（缴费）人数", unit="人", decimals=2, minimum=0),
     Column("rate_unit", "率的单位", nullable=False,
            codes={"100": ("%",), "1000": ("‰",), "10000": ("每万人",), "100000": ("每10万人",)}),
     *(Column(name, title, RATIO, description, unit="按单位", decimals=4, minimum=0) for name, title, description in (
         ("rate", "率", "分子 ÷ 分母"), ("rate_low", "率下限", "95 % 精确泊松区间（Garwood 1936）"),
         ("rate_high", "率上限", "95 % 精确泊松区间（Garwood 1936）"))),
     replace(COMPLETENESS, description="该年的工伤按认定滞后已知多少；只给与政策同一日期的口径"),
     Column("months_covered", "覆盖月数", SMALL, "该年有缴费数据的月数", unit="月", nullable=False, minimum=0),
     *_official("numerator", "分子", "人次"), *_official("denominator", "分母", "人"), *_official("rate", "率", "按单位"),
     Column("official_source", "年报指标", description="所比的指标和口径"), REASON, Column("source", "来源"), DEFINITION),
    group="tracking")

MEASURE = {"rate": ("发生率",), "share": ("占工伤的比例",), "count": ("件数",)}
VERDICT = {"on_pace": ("达到进度",), "behind": ("未达进度",), "unclear": ("难以判断",)}


EXACT = "95 % 精确区间，不含认定滞后"


def _figure(name: str, title: str, description: str = "") -> Column:
    return Column(name, title, RATIO, description, unit="%或件", decimals=4, minimum=0)


TARGET_PROGRESS = Table(
    "target_progress", "规划目标进度", "目标 × 年度", ("target_id", "year"),
    (AS_OF, Column("target_id", "目标代码", nullable=False, description="tables/plan_targets.csv"), core.FUND["year"],
     Column("plan", "规划", nullable=False), Column("target_title", "目标", nullable=False),
     Column("measure", "指标", nullable=False, codes=MEASURE),
     Column("industries", "行业与名录", description="规划用词所对应的行业代码和名录"),
     Column("baseline_year", "基期", MONTH, nullable=False), _figure("baseline_figure", "基期值"),
     Column("is_baseline_settled", "基期已定", FLAG, "基期年结束后满规定的月数，以后不再变动", nullable=False),
     Column("known_month", "按何月所知", MONTH, "该年的数以该月所知为准", unit="yyyymm", nullable=False),
     Column("enterprises", "单位数", COUNT, "有人年的单位", unit="家", minimum=0),
     Column("injuries", "工伤", COUNT, "有人年的单位的；比例的分子；职业伤害件数", unit="人次", minimum=0), PERSON_YEARS,
     _figure("figure", "已知值"), _figure("figure_low", "下限", EXACT), _figure("figure_high", "上限", EXACT),
     _figure("projected_figure", "同龄值", "按认定滞后推到与基期同样的数据年龄；已满的等于已知值"),
     Column("target_change_pct", "目标变化", RATIO, "规划期末比基期", unit="%", decimals=2),
     _figure("target_figure", "目标值"), _figure("required_figure", "本年应达", "按规定的路径"),
     *(Column(name, title, RATIO, "同龄值比基期；95 % 精确区间（条件二项）", unit="%", decimals=2) for name, title in (
         ("change_pct", "比基期变化"), ("change_low_pct", "变化下限"), ("change_high_pct", "变化上限"))),
     Column("probability_pct", "达到的把握", RATIO, "只计偶然波动时，内在水平不高于应达值的概率", unit="%", decimals=1, minimum=0,
            maximum=100),
     Column("verdict", "进度", codes=VERDICT), Column("series_breaks", "数列中断", description="基期以来影响可比性的变化"),
     REASON,
     Column("source", "来源", nullable=False), DEFINITION), group="tracking")

TRACKING = (TIMED_CLAIM, CLAIM_DEVELOPMENT, DEFINITION_COMPARISON, TARGET_PROGRESS)
