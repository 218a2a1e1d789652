"""What may be made public: figures without names of units, small ones kept back."""

from dataclasses import replace

from pipelines.contracts import marts
from pipelines.contracts.model import COUNT, FLAG, RATIO, Column, Table

TOPIC = {"city": ("全市",), "industry": ("行业",), "circumstance": ("事故情形",)}
PUBLIC_FIGURE = Table(
    "public_figure", "公开数字", "主题 × 时段 × 方面 × 对象", ("topic", "period", "dimension", "subject"),
    (marts.AS_OF, Column("topic", "主题", nullable=False, codes=TOPIC),
     Column("period", "时段", description="last_year、last_3_years；settled = 近三年中已可看清的月份", nullable=False,
            codes={"last_year": ("上年度",), "last_3_years": ("近三年",), "settled": ("近三年（已稳定）",)}),
     Column("dimension", "方面", description="工伤、死亡、1–4 级；行业的层次；事故情形的方面", nullable=False),
     Column("subject", "对象", description="行业代码；取值代码；total = 合计", nullable=False),
     Column("title", "名称", nullable=False),
     Column("parent", "上级", description="其合计包含本行的对象；空 = 没有"),
     Column("is_hidden", "隐去", FLAG, "少于 3，或为防由合计、差额推算而隐去；该行各数为空", nullable=False),
     Column("cases", "例数", COUNT, unit="人次", minimum=0),
     Column("enterprises", "单位数", COUNT, unit="家", minimum=0),
     replace(marts.INDUSTRY_RATE["person_years"], minimum=None),
     *(marts.INDUSTRY_RATE[name] for name in ("rate_pct", "rate_low_pct", "rate_high_pct")),
     Column("share_pct", "占比", RATIO, unit="%", decimals=2, minimum=0, maximum=100),
     marts.DEFINITION), level="公开", group="rates")

PUBLISHABLE = (PUBLIC_FIGURE,)
