"""Columns that marts of every kind share."""

from pipelines.contracts.model import MONTH, RATIO, Column

WHOLE_AREA = "000000"
"""The region code of the whole area of a bureau."""
AS_OF = Column("as_of_month", "数据截止月", MONTH, unit="yyyymm", nullable=False)
PERSON_YEARS = Column("person_years", "人年", RATIO, "各月缴费人数之和除以 12；无人数的为空", unit="人年", decimals=4, minimum=0)
DEFINITION = Column("definition", "口径", description="该数按什么口径算出", nullable=False)
REASON = Column("reason", "说明", description="为什么没有数，或怎样得来")
