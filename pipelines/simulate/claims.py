"""How an injury becomes a claim: its dates, its conclusion, its numbers, and what the file shows at a month's end.

Amounts are in `payouts`, texts in `narratives`.
"""
from dataclasses import dataclass

import numpy as np

from pipelines.simulate import calibration
from pipelines.simulate.calibration import DEATH
from pipelines.simulate.draws import Array, choose, day_in, days, join, month_of, year_of
from pipelines.simulate.injuries import Injuries
from pipelines.simulate.population import Scale

NONE, PENDING, HALTED, DECIDED, REVOKED = range(5)
RECOGNISED, DEEMED, REFUSED, REJECTED, ENDED = range(5)
CONCLUSIONS = np.array(["认定工伤", "视同工伤", "不予认定", "不予受理", "终止"], object)
VERDICTS = {RECOGNISED: 0.95, REFUSED: 0.039, REJECTED: 0.006, ENDED: 0.005}
REVOKED_SHARE = 0.01
NO_DATE = np.datetime64("NaT", "D")


@dataclass(frozen=True)
class Claims:
    """The course of each injury's claim, shape (n,); dates are `datetime64[D]`, NaT where the step never comes.

    `accident` has minutes. `number` and `claim_id` are texts, empty as long as the simulation has not given one.
    """

    accident: Array
    died: Array
    reported: Array
    applied: Array
    accepted: Array
    halted: Array
    decided: Array
    revoked: Array
    verdict: Array
    claim_id: Array
    number: Array

    @property
    def is_recognised(self) -> Array:
        """Whether the decision is 认定工伤 or 视同工伤, revoked later or not."""
        return (self.verdict <= DEEMED) & ~np.isnat(self.decided)

    def state_at(self, month: int) -> Array:
        """What the file shows at the end of a month: NONE, PENDING, HALTED, DECIDED or REVOKED."""
        reached = [month_of(date) <= month for date in (self.revoked, self.decided, self.halted, self.applied)]
        return np.select(reached, [REVOKED, DECIDED, HALTED, PENDING], NONE)


def claims(injuries: Injuries, withheld: Array, scale: Scale) -> Claims:
    """Follows each injury from the accident to the decision and numbers what is decided by the last month.

    For those `withheld` nobody ever applies.
    """
    u = injuries.uniform
    accident = _accident_times(injuries)
    day = accident.astype("datetime64[D]")
    died = np.where(injuries.outcome == DEATH, day + _death_lag(injuries), NO_DATE)
    reported = np.fmax(day + days(6 * u["report"] ** 3), died)
    applied, accepted, halted, decided = (np.where(withheld, NO_DATE, date) for date in _steps(injuries, day, died))
    verdict = _verdicts(injuries)
    decided = np.where(verdict == REJECTED, accepted, decided)
    halted = np.where(verdict == REJECTED, NO_DATE, halted)
    is_revoked = (u["revoked"] < REVOKED_SHARE) & (verdict <= DEEMED)
    revoked = np.where(is_revoked, decided + days(50 + 250 * u["revoked_days"]), NO_DATE)
    accepted = np.where(verdict == REJECTED, NO_DATE, accepted)
    claim_id = _serials(applied, np.ones(len(day), bool), scale)
    number = _serials(decided, verdict <= REFUSED, scale)
    return Claims(accident, died, np.fmin(reported, applied), applied, accepted, halted, decided, revoked, verdict,
                  _claim_ids(applied, claim_id), _document_numbers(decided, number))


def _accident_times(injuries: Injuries) -> Array:
    """Accident times in steps of five minutes by the published hours of work and commuting accidents."""
    u = injuries.uniform
    is_commuting = injuries.clause == "14-6"
    hour = np.where(is_commuting, choose(calibration.hour_weights("commuting"), u["hour"]),
                    choose(calibration.hour_weights("workplace"), u["hour"]))
    hour = np.where(injuries.clause == "14-4", 9 + (u["hour"] * 8).astype(int), hour)
    minute = (u["minute"] * 12).astype(int) * 5
    return day_in(injuries.month, u["day"]).astype("datetime64[m]") + (hour * 60 + minute).astype("timedelta64[m]")


def _death_lag(injuries: Injuries) -> Array:
    """Days from accident to death: within 48 hours for sudden illness, up to a month else."""
    u = injuries.uniform["died"]
    return days(np.where(injuries.clause == "15-1", 2 * u, 30 * u**6))


def _steps(injuries: Injuries, day: Array, died: Array) -> tuple[Array, Array, Array, Array]:
    """Dates of application, acceptance, suspension (some) and decision."""
    u, normal = injuries.uniform, injuries.normal
    is_disease, is_commuting = injuries.clause == "14-4", injuries.clause == "14-6"
    wait = calibration.delay("accident_to_application_days").days(normal["apply"])
    wait = np.where(is_disease, 20 * np.exp(0.5 * normal["apply"]), wait) * np.where(np.isnat(died), 1, 0.5)
    applied = np.fmax(day + days(np.clip(wait, 1, 364)), died)
    accepted = applied + days(5 + 11 * u["accept"])
    is_halted = u["suspended"] < np.where(is_commuting, 0.15, 0.025)
    halted = np.where(is_halted, accepted + days(5 + 10 * u["decide"]), NO_DATE)
    pause = np.where(is_halted, 30 + 210 * u["suspended_days"] ** 2, 0)
    return applied, accepted, halted, accepted + days(8 + 52 * u["decide"] ** 1.25 + pause)


def _verdicts(injuries: Injuries) -> Array:
    verdict = np.array(list(VERDICTS))[choose(list(VERDICTS.values()), injuries.uniform["verdict"])]
    is_deemed = np.char.startswith(injuries.clause.astype(str), "15")
    return np.where((verdict == RECOGNISED) & is_deemed, DEEMED, verdict)


def _serials(date: Array, is_counted: Array, scale: Scale) -> Array:
    """Running number within the calendar year by date, 0 where there is none by the last month.

    Whatever happens later has later dates, so a longer simulation gives the same numbers to the same claims.
    """
    counted = np.flatnonzero(is_counted & (month_of(date) <= scale.last))
    counted = counted[np.argsort(date[counted], kind="stable")]
    year = year_of(month_of(date[counted]))
    serial = np.zeros(len(date), np.int64)
    serial[counted] = np.arange(len(counted)) - np.searchsorted(year, year) + 1
    return serial


def _claim_ids(applied: Array, serial: Array) -> Array:
    year = year_of(month_of(applied))
    return np.where(serial > 0, join("GS4307", year, np.char.zfill(serial.astype(str), 6)), "")


def _document_numbers(decided: Array, serial: Array) -> Array:
    year = year_of(month_of(decided))
    return np.where(serial > 0, join("常人社工伤认字〔", year, "〕", serial, "号"), "")
