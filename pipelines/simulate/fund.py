"""The fund's yearly account, from its premiums and payouts; a cut first year is blown up to twelve months."""
import numpy as np

from pipelines.simulate.draws import Array, month_of, stream, year_of
from pipelines.simulate.payouts import Payouts
from pipelines.simulate.population import Scale
from pipelines.simulate.premiums import Premiums

RESERVE_MONTHS = 20
"""Opening balance in months of payment: the range in which premiums are cut by 20 %."""
INTEREST = 0.015
ALLOTTED_SHARE = 0.024
HEADINGS = ("年度", "统筹地区", "征缴收入", "基金收入", "待遇支出", "工伤预防费支出", "累计结余", "下达预算额度")


def fund_rows(premiums: Premiums, payouts: Payouts, scale: Scale, region: str) -> list[tuple]:
    """One row per year that ends by the last month, in yuan; 征缴收入 is received less refunds, without 滞纳金."""
    years = np.arange(int(year_of(scale.first)), int(year_of(scale.last + 1)))
    collected = _by_year(years, year_of(premiums.month), premiums.paid, scale)
    late_fees = _by_year(years, year_of(premiums.month), premiums.late_fee, scale)
    paid = _by_year(years, year_of(month_of(payouts.paid)), payouts.amount, scale)
    balance, allotted, rows = RESERVE_MONTHS * float(paid[:1].sum()) / 12, 0.0, []
    for index, year in enumerate(years):
        allotted = round(ALLOTTED_SHARE * float(collected[max(index - 1, 0)]), -2)
        spent = round(allotted * stream(scale.seed, "prevention", int(year)).uniform(0.75, 0.97), 2)
        revenue = round(float(collected[index] + late_fees[index]) + INTEREST * balance, 2)
        balance = round(balance + revenue - float(paid[index]) - spent, 2)
        rows.append((int(year), region, collected[index], revenue, paid[index], spent, balance, allotted))
    return rows


def _by_year(years: Array, year: Array, amount: Array, scale: Scale) -> Array:
    """Sums by calendar year, shape (years,); the first year is scaled to twelve months when it starts late."""
    sums = np.array([amount[year == one].sum() for one in years])
    seen = 12 - scale.first % 12
    if len(sums) and seen < 12:
        sums[0] *= 12 / seen
    return np.round(sums, 2)
