"""Appraisals of working capacity: first ones, and the few that are repeated or reviewed with another grade."""
from dataclasses import dataclass

import numpy as np

from pipelines.simulate import calibration
from pipelines.simulate.calibration import BELOW_GRADES, DEATH, NOT_APPRAISED
from pipelines.simulate.claims import NO_DATE, Claims
from pipelines.simulate.draws import Array, days
from pipelines.simulate.injuries import Injuries

FIRST, AGAIN, REVIEW = 0, 1, 2
KINDS = np.array(["初次", "再次", "复查"], object)
GRADES = np.array(["", *(f"{digit}级" for digit in "一二三四五六七八九十"), "未达级"], object)
BELOW = 11
CARE = np.array(["", "完全", "大部分", "部分"], object)
REPEATED_SHARE = 0.03


@dataclass(frozen=True)
class Appraisals:
    """One entry per appraisal, shape (n,): the injury, kind, date, grade (1–11, 11 = 未达级), care (0 = none)."""

    injury: Array
    kind: Array
    concluded: Array
    grade: Array
    care: Array


def true_grades(outcome: Array) -> Array:
    """Grade 1–10, 11 for 未达级, 0 for not appraised or dead."""
    names = {BELOW_GRADES: BELOW, NOT_APPRAISED: 0, DEATH: 0, **{str(grade): grade for grade in range(1, 11)}}
    return np.array([names[name] for name in outcome], np.int64)


def appraisals(injuries: Injuries, claims: Claims) -> Appraisals:
    """The appraisals of recognised injuries; none after a recognition is revoked."""
    u, normal = injuries.uniform, injuries.normal
    grade = true_grades(injuries.outcome)
    wait = calibration.delay("decision_to_appraisal_application_days").days(normal["appraise"])
    work = np.clip(40 * np.exp(0.35 * normal["appraise_days"]), 10, 90)
    concluded = claims.decided + days(np.clip(wait, 10, 900)) + days(work)
    first = np.flatnonzero((grade > 0) & claims.is_recognised)
    repeat = first[u["reappraised"][first] < REPEATED_SHARE]
    is_review = u["reappraised"][repeat] < REPEATED_SHARE * 0.3
    later = concluded[repeat] + days(np.where(is_review, 370 + 200 * u["reappraised_days"][repeat],
                                              30 + 50 * u["reappraised_days"][repeat]))
    index = np.concatenate([first, repeat])
    kind = np.concatenate([np.zeros(len(first), np.int64), np.where(is_review, REVIEW, AGAIN)])
    date = np.concatenate([concluded[first], later])
    result = np.concatenate([grade[first], _shifted(grade[repeat], u["shift"][repeat])])
    care = np.where(result <= 4, np.clip(np.floor(result / 1.4 + u["care"][index]), 0, 4).astype(int) % 4, 0)
    kept = np.isnat(claims.revoked[index]) | (date < claims.revoked[index])
    return Appraisals(*(column[kept] for column in (index, kind, date, result, care)))


def final_grades(rows: Appraisals, count: int) -> tuple[Array, Array, Array]:
    """By injury, shape (count,): date of the first appraisal (NaT if none), final grade and care."""
    date, grade, care = np.full(count, NO_DATE), np.zeros(count, np.int64), np.zeros(count, np.int64)
    is_first = rows.kind == FIRST
    date[rows.injury[is_first]] = rows.concluded[is_first]
    grade[rows.injury], care[rows.injury] = rows.grade, rows.care
    return date, grade, care


def _shifted(grade: Array, u: Array) -> Array:
    """The other grade of a repeated appraisal: one better or one worse, always another one."""
    moved = np.where(u < 0.6, grade - 1, grade + 1)
    return np.where(moved < 1, 2, np.where(moved > BELOW, BELOW - 1, moved))
