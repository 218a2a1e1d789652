"""What no export shows: true risks and expected injuries per enterprise, and the true course of each injury."""
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.simulate.appraisals import true_grades
from pipelines.simulate.city import City
from pipelines.simulate.draws import Array, yyyymm
from pipelines.simulate.population import DISPATCH, PROJECT


def write_truth(city: City, folder: Path) -> None:
    """Writes `enterprise.parquet` and `event.parquet`; rates per person-year, injuries are recognised ones a year."""
    folder.mkdir(parents=True, exist_ok=True)
    enterprise_truth(city).to_parquet(folder / "enterprise.parquet", index=False)
    event_truth(city).to_parquet(folder / "event.parquet", index=False)


def enterprise_truth(city: City) -> pd.DataFrame:
    """One row per enterprise: mean staff while insured, true risk, and expected yearly injuries at that staff.

    `expected_injuries` are those at the enterprise's workplaces (dispatched workers included), whoever insures them;
    `expected_injuries_insured` are those of the staff it insures, wherever they work. `is_silent` is there when any are.
    """
    people, places = city.people, city.places
    insured = city.state.insured
    months = (insured > 0).sum(axis=1)
    staff = insured.sum(axis=1) / np.maximum(months, 1)
    at_work = np.bincount(places.host, staff[places.insurer] * places.share, len(staff))
    by_pair = staff[places.insurer] * places.share * people.rate[places.host]
    return pd.DataFrame({
        "enterprise_id": city.names.unit, "division": city.names.division, "region_code": city.names.region,
        "is_dispatch": people.kind == DISPATCH, "is_project": people.kind == PROJECT,
        "joined_month": yyyymm(people.joined), "insured_months": months, "mean_staff": staff, "staff_at_work": at_work,
        "true_risk": people.risk, "true_rate": people.rate, "expected_injuries": at_work * people.rate,
        "expected_injuries_insured": np.bincount(places.insurer, by_pair, len(staff)),
        **({"is_silent": city.silent} if city.scale.silent else {}),
    })


def event_truth(city: City) -> pd.DataFrame:
    """One row per injury from the first month on: numbers, where, when, true clause, outcome and grade."""
    events, course = city.injuries, city.claims
    shown: Array = events.month >= city.scale.first
    rows = pd.DataFrame({
        "recognition_id": course.claim_id, "recognition_no": course.number,
        "enterprise_id": city.names.unit[events.insurer], "workplace_id": city.names.unit[events.host],
        "accident_time": course.accident.astype("datetime64[s]"), "applied_on": course.applied.astype("datetime64[s]"),
        "decided_on": course.decided.astype("datetime64[s]"), "clause": events.clause, "outcome": events.outcome,
        "grade": true_grades(events.outcome), "is_recognised": course.is_recognised,
        "is_revoked": ~np.isnat(course.revoked), "place": city.texts["事故地点"],
        "lon": city.texts["真经度"], "lat": city.texts["真纬度"], "is_piled_up": city.texts["堆积"],
    })
    return rows.loc[shown]
