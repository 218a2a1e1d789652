"""When months run by themselves: on the fifth for the month before, and when a new folder has come to rest."""

import os
from datetime import datetime
from zoneinfo import ZoneInfo

import dagster as dg
import pytest

from assets.automation import SETTLED_SECONDS, new_folder, previous_month
from assets.wiring import WorkspaceResource

PREMIUM = "单位编号,费款所属期,缴费人数\nA,202412,10"


@pytest.fixture(scope="module")
def instance():
    with dg.instance_for_test() as instance:  # one that schedules can open by its reference
        yield instance


def resources(bureau) -> dict:
    return {"workspace": WorkspaceResource(raw=str(bureau.place.raw), data=str(bureau.place.data))}


def age(bureau, batch: str, seconds: int) -> None:
    """Makes the files of a batch look that old."""
    for path in (bureau.place.raw / batch).iterdir():
        when = path.stat().st_mtime - seconds
        os.utime(path, (when, when))


def on_the_fifth(bureau, instance):
    when = datetime(2025, 1, 5, 2, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    with dg.build_schedule_context(instance=instance, scheduled_execution_time=when, resources=resources(bureau)) as context:
        return previous_month(context)


def look(bureau, instance, cursor: str | None = None):
    with dg.build_sensor_context(instance=instance, cursor=cursor, resources=resources(bureau)) as context:
        return new_folder(context)


def test_the_schedule_is_the_fifth_at_two_in_shanghai_and_starts_stopped():
    assert (previous_month.cron_schedule, previous_month.execution_timezone) == ("0 2 5 * *", "Asia/Shanghai")
    assert previous_month.default_status == dg.DefaultScheduleStatus.STOPPED
    assert new_folder.default_status == dg.DefaultSensorStatus.STOPPED
    assert previous_month.job_name == new_folder.job_name == "month"


def test_the_schedule_runs_the_month_before_and_adds_it_to_the_months(bureau, instance):
    bureau.deliver("2024-12", 单位缴费=PREMIUM)
    request = on_the_fifth(bureau, instance)
    assert isinstance(request, dg.RunRequest) and request.partition_key == "2024-12"
    assert instance.get_dynamic_partitions("month") == ["2024-12"]


def test_the_schedule_skips_a_month_without_files_and_says_so(bureau, instance):
    bureau.deliver("2024-11", 单位缴费=PREMIUM)
    (bureau.place.raw / "2024-12").mkdir()
    skipped = on_the_fifth(bureau, instance)
    assert isinstance(skipped, dg.SkipReason) and "2024-12 没有文件" in (skipped.skip_message or "")


def test_the_sensor_asks_for_a_new_folder_once_it_has_come_to_rest(bureau, instance):
    bureau.deliver("2024-12", 单位缴费=PREMIUM)
    waiting = look(bureau, instance)
    assert isinstance(waiting, dg.SkipReason) and "还在复制" in (waiting.skip_message or "")
    age(bureau, "2024-12", SETTLED_SECONDS + 60)
    result = look(bureau, instance)
    assert isinstance(result, dg.SensorResult) and result.run_requests and result.dynamic_partitions_requests
    assert [request.partition_key for request in result.run_requests] == ["2024-12"]
    assert list(result.dynamic_partitions_requests[0].partition_keys) == ["2024-12"]
    seen = look(bureau, instance, result.cursor)
    assert isinstance(seen, dg.SkipReason) and "没有新的" in (seen.skip_message or "")


def test_the_sensor_asks_again_when_a_folder_has_changed_and_only_for_that_one(bureau, instance):
    for batch in ("2024-11", "2024-12"):
        bureau.deliver(batch, 单位缴费=PREMIUM)
        age(bureau, batch, SETTLED_SECONDS + 60)
    first = look(bureau, instance)
    assert isinstance(first, dg.SensorResult) and first.run_requests
    assert [request.partition_key for request in first.run_requests] == ["2024-11", "2024-12"]
    bureau.deliver("2024-12", 工伤认定=bureau.claims(A="2024-03-01"))
    waiting = look(bureau, instance, first.cursor)
    assert isinstance(waiting, dg.SkipReason) and "还在复制" in (waiting.skip_message or "")
    age(bureau, "2024-12", SETTLED_SECONDS + 120)
    again = look(bureau, instance, first.cursor)
    assert isinstance(again, dg.SensorResult) and again.run_requests
    assert [request.partition_key for request in again.run_requests] == ["2024-12"]
    assert again.run_requests[0].run_key != first.run_requests[1].run_key


def test_the_sensor_keeps_what_it_has_seen_while_another_folder_is_being_copied(bureau, instance):
    """A folder that is done must not be run again because its neighbour changed in between."""
    for batch in ("2024-11", "2024-12"):
        bureau.deliver(batch, 单位缴费=PREMIUM)
        age(bureau, batch, SETTLED_SECONDS + 60)
    first = look(bureau, instance)
    assert isinstance(first, dg.SensorResult)
    (bureau.place.raw / "2024-11" / "单位缴费.csv").touch()  # being copied again
    bureau.deliver("2025-01", 单位缴费=PREMIUM)
    age(bureau, "2025-01", SETTLED_SECONDS + 60)
    second = look(bureau, instance, first.cursor)
    assert isinstance(second, dg.SensorResult) and second.run_requests
    assert [request.partition_key for request in second.run_requests] == ["2025-01"]


def test_the_sensor_without_any_folder_has_nothing_to_say(bureau, instance):
    assert isinstance(look(bureau, instance), dg.SkipReason)
