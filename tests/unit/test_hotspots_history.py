"""Which accidents a month's sites stand on, and in which sets the others join them."""

import datetime

import pyarrow as pa
import pytest

from pipelines.completeness import Completeness
from pipelines.contracts.commuting import LOCATED_ACCIDENT
from pipelines.hotspots.history import CITY, COLUMNS, History, history

MONDAY, SATURDAY = datetime.date(2024, 1, 8), datetime.date(2024, 1, 13)
NOT_ESTIMATED = Completeness({"commuting": ()}, known_to=0, least=0.0, said="")


def accident(name: str, source: str, date: datetime.date = MONDAY, hour: int | None = 8, **more) -> dict:
    month = date.year * 100 + date.month
    return {"accident_id": name, "source": source, "accident_date": date, "accident_month": month, "accident_hour": hour,
            "year": date.year, "x_m": 0.0, "y_m": 0.0, "is_on_map": True, "is_injury": True, "region_code": "430702", **more}


def of(population: str, rows: list[dict], area: str = CITY) -> History | None:
    schema = pa.schema([LOCATED_ACCIDENT.schema.field(name) for name in COLUMNS])
    return history(pa.Table.from_pylist(rows, schema), population, 202412, area, NOT_ESTIMATED)


def names(past: History | None) -> list[list[str]]:
    assert past is not None
    return [sorted(table["accident_id"].to_pylist()) for table, _, _ in past.others if len(table)]


POLICE = [
    accident("rush", "traffic_accident"), accident("evening", "traffic_accident", hour=19),
    accident("noon", "traffic_accident", hour=12), accident("weekend", "traffic_accident", SATURDAY),
    accident("untimed", "traffic_accident", hour=None), accident("unsaid", "traffic_accident", is_injury=None),
    accident("bumper", "traffic_accident", is_injury=False)]
CLAIMS = [accident("own", "commuting"), accident("errand", "off_site"), accident("rider", "platform_injury")]


def test_what_the_police_list_joins_by_injury_and_rush_hour():
    past = of("commuting", CLAIMS + POLICE)
    assert past is not None and past.table["accident_id"].to_pylist() == ["own"]
    assert names(past) == [["errand", "rider"], ["evening", "rush", "unsaid"], ["noon", "untimed", "weekend"], ["bumper"]]


def test_the_rush_hours_of_commuters_part_nothing_for_riders():
    assert names(of("platform", CLAIMS + POLICE)) == [
        ["errand", "own"], ["evening", "noon", "rush", "unsaid", "untimed", "weekend"], ["bumper"]]


@pytest.mark.parametrize("more", [{"is_on_map": False}, {"region_code": "430703"}])
def test_accidents_off_the_map_or_of_another_county_stay_out(more):
    assert names(of("commuting", [*CLAIMS, accident("away", "traffic_accident", **more)], "430702")) == [["errand", "rider"]]


def test_without_a_claim_of_the_population_there_is_no_history():
    assert of("commuting", POLICE) is None


def test_ages_are_counted_in_days_to_the_end_of_the_month():
    rows = [accident("old", "commuting"), accident("new", "commuting", datetime.date(2024, 12, 31))]
    past = of("commuting", rows)
    assert past is not None
    assert (past.age * 365.25).round(6).tolist() == [359, 1]
