"""What the fund pays for an injury: once, every month, and back again; and pensions from before there were claims."""
from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np

from pipelines.simulate import calibration, wages
from pipelines.simulate.appraisals import Appraisals, final_grades
from pipelines.simulate.calibration import DEATH, Delay
from pipelines.simulate.claims import NO_DATE, Claims
from pipelines.simulate.draws import Array, days, month_of, stream, year_of
from pipelines.simulate.injuries import Injuries
from pipelines.simulate.population import DIRECT, Population, Scale

ONCE, MONTHLY, OLD, BACK = range(4)
TYPES = np.array(["一次性", "定期", "老工伤", "追回"], object)
NO_INJURY = -1
MEDICAL = np.array([3.6, 220, 200, 180, 150, 95, 78, 50, 35, 22, 12.5, 6]) * 1000
"""Mean treatment cost in yuan by grade: index 0 not appraised, 1–10, 11 未达级 (K-low, set to the usual pay ratio)."""
MEDICAL_SPREAD = 0.8
LEAVING_MONTHS = np.array([0, 0, 0, 0, 0, 24, 18, 15, 10, 8, 6, 0.0])
"""一次性工伤医疗补助金 in months of own wage by grade; set by the province (values K-low)."""
LEAVING_SHARE = 0.45
CARE_SHARE = np.array([0, 0.5, 0.4, 0.3])
APPRAISAL_FEE = 300.0
DEPENDANT_SHARE = 0.65
OLD_PER_STAFF = 0.0009


@dataclass(frozen=True)
class Payouts:
    """One entry per payment, shape (n,): injury index (NO_INJURY for 老工伤), enterprise, item, yuan, date, type."""

    injury: Array
    enterprise: Array
    item: Array
    amount: Array
    paid: Array
    type: Array


def payouts(injuries: Injuries, claims: Claims, rows: Appraisals, people: Population, scale: Scale) -> Payouts:
    """All payments from the first to the last month, by date; of equal dates the earlier injury comes first.

    Injuries of the warm-up keep their payments but have no claim in any export.
    """
    case = _Case(injuries, claims, rows, people)
    pieces = [*_treatment(case), *_lump_sums(case), *_death(case), *_pensions(case, scale)]
    piece = [np.concatenate(column) for column in zip(*pieces, strict=True)]
    injury, item, amount, paid, kind = piece
    revoked = claims.revoked[injury]
    kept = np.isnat(revoked) | (paid < revoked)
    injury, item, amount, paid, kind = (column[kept] for column in piece)
    back = _recoveries(case, injury, item, amount, paid)
    columns = [np.concatenate(pair) for pair in zip((injury, item, amount, paid, kind), back, strict=True)]
    old = _old_injuries(people, scale)
    known = Payouts(columns[0], injuries.insurer[columns[0]], *columns[1:])
    both = [np.concatenate([getattr(known, field.name), getattr(old, field.name)]) for field in fields(Payouts)]
    month = month_of(both[4])
    inside = np.flatnonzero((month >= scale.first) & (month <= scale.last))
    order = inside[np.lexsort((np.arange(len(month))[inside], both[0][inside], both[4][inside]))]
    return Payouts(*(column[order] for column in both))


class _Case:
    """What every kind of benefit asks for: the injury's draws, final grade, own wage, dates."""

    def __init__(self, injuries: Injuries, claims: Claims, rows: Appraisals, people: Population) -> None:
        self.u, self.normal, self.claims = injuries.uniform, injuries.normal, claims
        self.appraised, self.grade, self.care = final_grades(rows, len(injuries.month))
        self.is_dead = (injuries.outcome == DEATH) & claims.is_recognised
        self.is_commuting = injuries.clause == "14-6"
        self.year = year_of(month_of(claims.accident))
        self.wage = wages.own_wage(people.wage[injuries.insurer], self.year, self.normal["wage"])
        self.delay = calibration.delay("conclusion_to_payment_days")

    def after(self, date: Array, normal: Array, delay: Delay | None = None) -> Array:
        """The payment date that follows a decision."""
        return date + days(np.clip((delay or self.delay).days(normal), 3, 700))


def _piece(which: Array, item: str, amount: Array, paid: Array, kind: int = ONCE) -> tuple:
    """The payments of one item: `which` selects injuries, `amount` and `paid` cover all injuries."""
    index = np.flatnonzero(which & ~np.isnat(paid))
    return (index, np.full(len(index), item, object), np.round(amount[index], 2), paid[index],
            np.full(len(index), kind))


def _treatment(case: _Case) -> Iterator[tuple]:
    """Treatment, meals in hospital, rehabilitation and aids."""
    paid = case.after(case.claims.decided, case.normal["pay_medical"])
    cost = MEDICAL[case.grade] * np.where(case.is_dead, 6, 1)
    cost = cost * np.exp(MEDICAL_SPREAD * case.normal["medical"] - MEDICAL_SPREAD**2 / 2)
    recognised = case.claims.is_recognised
    yield _piece(recognised, "工伤医疗费", cost, paid)
    in_hospital = recognised & (case.u["hospital"] < np.where(case.grade > 0, 0.9, 0.35))
    yield _piece(in_hospital, "住院伙食补助费", 30 * np.ceil(cost / 900), paid)
    after_appraisal = case.after(case.appraised, case.normal["pay_lump"])
    yield _piece(case.grade > 0, "劳动能力鉴定费", np.full(len(cost), APPRAISAL_FEE), after_appraisal)
    severe = (case.grade > 0) & (case.grade <= 6)
    yield _piece(severe & (case.u["device"] < 0.5), "辅助器具配置费", cost * 0.15, paid + days(np.full(len(cost), 150)))
    yield _piece(severe & (case.u["device"] > 0.3), "康复费", cost * 0.2, paid + days(np.full(len(cost), 90)))


def _lump_sums(case: _Case) -> Iterator[tuple]:
    """The grade's lump sum, and the medical lump sum of those in grades 5–10 who leave."""
    lump = np.concatenate([[0], calibration.numbers("benefits_by_grade", "lump_sum_months"), [0]])
    graded = (case.grade >= 1) & (case.grade <= 10)
    paid = case.after(case.appraised, case.normal["pay_lump"])
    yield _piece(graded, "一次性伤残补助金", lump[case.grade] * case.wage, paid)
    leaves = graded & (case.grade >= 5) & (case.u["leaves"] < LEAVING_SHARE)
    yield _piece(leaves, "一次性工伤医疗补助金", LEAVING_MONTHS[case.grade] * case.wage,
                 paid + days(10 + 500 * case.u["leave_days"] ** 2))


def _death(case: _Case) -> Iterator[tuple]:
    """The one-off death grant by year of death and six months of the average wage for the funeral."""
    year = np.where(np.isnat(case.claims.died), 2022, year_of(month_of(case.claims.died)))
    paid = case.after(case.claims.decided, case.normal["pay_lump"] * 0.5, Delay(20, 0.5))
    yield _piece(case.is_dead, "一次性工亡补助金", calibration.death_grant(year), paid)
    yield _piece(case.is_dead, "丧葬补助金", 6 * wages.average_wage(year - 1), paid)


def _pensions(case: _Case, scale: Scale) -> Iterator[tuple]:
    """Monthly payments from the month after the conclusion: grades 1–4, care, dependants."""
    percent = calibration.numbers("benefits_by_grade", "monthly_allowance_pct")
    share = np.concatenate([[0], percent[:4] / 100, np.zeros(7)])
    start = np.where(np.isnat(case.appraised), NO_DATE, case.appraised)
    is_severe = (case.grade >= 1) & (case.grade <= 4)
    yield _monthly(is_severe, "伤残津贴", share[case.grade] * case.wage, start, scale)
    yield _monthly(case.care > 0, "生活护理费", CARE_SHARE[case.care] * wages.average_wage(case.year), start, scale)
    supports = case.is_dead & (case.u["dependants"] < DEPENDANT_SHARE)
    amount = np.where(case.u["dependants"] < 0.3, 0.4, 0.7) * case.wage
    yield _monthly(supports, "供养亲属抚恤金", amount, case.claims.decided, scale)


def _monthly(which: Array, item: str, amount: Array, start: Array, scale: Scale) -> tuple:
    """A payment on the 15th of every month after `start` up to the last month."""
    index = np.flatnonzero(which & (month_of(start) < scale.last))
    begin = np.maximum(month_of(start[index]) + 1, scale.first)
    count = scale.last - begin + 1
    rows = np.repeat(index, count)
    month = np.arange(len(rows)) - np.repeat(np.cumsum(count) - count, count) + np.repeat(begin, count)
    return (rows, np.full(len(rows), item, object), np.round(amount[rows], 2), _fifteenth(month),
            np.full(len(rows), MONTHLY))


def _recoveries(case: _Case, injury: Array, item: Array, amount: Array, paid: Array) -> tuple:
    """Money that comes back: treatment paid by a liable third party, and lump sums after a revocation."""
    revoked = case.claims.revoked[injury]
    by_third = (item == "工伤医疗费") & case.is_commuting[injury] & (case.u["recovered"][injury] < 0.06)
    index = np.flatnonzero(~np.isnat(revoked) | by_third)
    until = np.where(np.isnat(revoked[index]), paid[index] + days(np.full(len(index), 100)),
                     revoked[index] + days(np.full(len(index), 30)))
    share = np.where(by_third[index], 0.6, 1.0)
    return injury[index], item[index], -np.round(amount[index] * share, 2), until, np.full(len(index), BACK)


def _old_injuries(people: Population, scale: Scale) -> Payouts:
    """Pensions of 老工伤 from before the exports: in larger enterprises of the founders, with no claim."""
    rng = stream(scale.seed, "old injuries")
    able = np.flatnonzero((people.kind == DIRECT) & (people.joined == scale.first))
    count = max(5, round(OLD_PER_STAFF * scale.enterprises * scale.staff))
    weight = people.size[able] * np.where(people.group[able] < 2, 3.0, 1.0)
    who = rng.choice(able, count, p=weight / weight.sum())
    item = rng.choice(np.array(["伤残津贴", "供养亲属抚恤金", "生活护理费"], object), count, p=[0.5, 0.35, 0.15])
    level = rng.uniform(0.28, 0.5, count)
    month = np.repeat(scale.months, count)
    who, item, level = (np.tile(column, len(scale.months)) for column in (who, item, level))
    amount = np.round(level * wages.average_wage(year_of(month)), 2)
    return Payouts(np.full(len(who), NO_INJURY), who, item, amount, _fifteenth(month), np.full(len(who), OLD))


def _fifteenth(month: Array) -> Array:
    return month.astype("datetime64[M]").astype("datetime64[D]") + 14
