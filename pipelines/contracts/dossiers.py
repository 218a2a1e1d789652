"""What the dossiers of single enterprises and the special report stand on beside the other marts."""

from dataclasses import replace

from pipelines.contracts import core, groups, marts
from pipelines.contracts.model import COUNT, FLAG, RATIO, YUAN, Column, Table
from pipelines.contracts.shared import AS_OF, DEFINITION

DIMENSION = replace(
    groups.INJURY_PATTERN["dimension"],
    codes={"clause_group": ("情形",), "cause": ("起因",), "body_part": ("受伤部位",), "post_group": ("岗位",), "hour": ("时间",)})
MEASURE = Column(
    "measure", "指标", nullable=False,
    codes={"rate": ("工伤发生率",), "pay_ratio": ("支缴率",), "case_cost": ("件均支付",)})
PEERS = Column("peers", "同类", description="与谁相比：行业与规模；单位太少的取更宽的一层", nullable=False)


def _count(name: str, title: str, description: str = "", unit: str = "例") -> Column:
    return Column(name, title, COUNT, description, unit=unit, nullable=False, minimum=0)


def _figure(name: str, title: str, description: str = "") -> Column:
    return Column(name, title, RATIO, description, unit="%或元", decimals=4)


ENTERPRISE_TREND = Table(
    "enterprise_trend", "建档单位历年", "建档单位 × 年度", ("enterprise_id", "year"),
    (AS_OF, core.ENTERPRISE["enterprise_id"], core.FUND["year"],
     Column("is_to_date", "至今", FLAG, "本年尚未过完", nullable=False), marts.ENTERPRISE_RISK["person_years"],
     core.ENTERPRISE_YEAR["injuries"], *marts.RATE,
     Column("norm_pct", "基准发生率", RATIO, "同行业同规模一般单位的年发生率；按最近的规模，各年相同", unit="%",
            decimals=4, minimum=0),
     *(replace(column, nullable=True) for column in marts.MONEY), DEFINITION), group="dossiers")

ENTERPRISE_PROFILE = Table(
    "enterprise_profile", "建档单位事故情形", "建档单位 × 方面 × 取值", ("enterprise_id", "dimension", "value"),
    (AS_OF, core.ENTERPRISE["enterprise_id"], DIMENSION, groups.INJURY_PATTERN["value"], groups.INJURY_PATTERN["value_name"],
     _count("cases", "例数", "该单位这一方面已知的"), _count("observed_cases", "其中"), groups.INJURY_PATTERN["share_pct"], PEERS,
     _count("peer_cases", "同类例数", "同类其余单位这一方面已知的"),
     Column("peer_share_pct", "同类占比", RATIO, unit="%", decimals=2, minimum=0, maximum=100),
     *(groups.INJURY_PATTERN[name] for name in ("expected_cases", "ratio", "ratio_low", "ratio_high", "probability",
                                                "corrected_probability", "is_notable")), DEFINITION), group="dossiers")

ENTERPRISE_PEER = Table(
    "enterprise_peer", "建档单位与同类", "建档单位 × 指标", ("enterprise_id", "measure"),
    (AS_OF, core.ENTERPRISE["enterprise_id"], MEASURE, PEERS, _count("peer_units", "同类单位", "有该指标的，不含本单位", "家"),
     _figure("own", "本单位", "所用各年合计之比"),
     *(_figure(name, title, "同类单位的分位数，各单位同等") for name, title in (
         ("peer_quarter", "同类四分之一位"), ("peer_median", "同类中位数"), ("peer_three_quarters", "同类四分之三位"))),
     Column("below_share_pct", "低于本单位的占比", RATIO, "同类中该指标低于本单位的", unit="%", decimals=2, minimum=0,
            maximum=100),
     DEFINITION), group="dossiers")

BENEFIT_PAYOUT = Table(
    "benefit_payout", "待遇支付构成", "年度 × 待遇项目", ("year", "benefit"),
    (AS_OF, core.FUND["year"], Column("benefit", "待遇项目", description="交付时的写法；空串 = 没有写明", nullable=False),
     Column("is_to_date", "至今", FLAG, "本年尚未过完", nullable=False), _count("payments", "笔数", unit="笔"),
     Column("amount_yuan", "支付金额", YUAN, "按支付月份", unit="元", nullable=False, decimals=2),
     Column("share_pct", "占比", RATIO, "占该年全部支付；合计不为正的为空", unit="%", decimals=2), DEFINITION), group="rates")

DOSSIERS = (ENTERPRISE_TREND, ENTERPRISE_PROFILE, ENTERPRISE_PEER, BENEFIT_PAYOUT)
