"""When months run: the job, the monthly schedule, the sensor for new folders."""

import hashlib
import time
from datetime import datetime
from pathlib import Path

import dagster as dg

from assets.wiring import MONTH_PARTITIONS, MONTHS, WorkspaceResource
from pipelines.ingest.receive import batches, files_of
from pipelines.periods import add_months
from pipelines.workspace import folder_name

# A folder whose newest file is younger than this may still be being copied.
SETTLED_SECONDS = 120

month_job = dg.define_asset_job(
    "month", selection=dg.AssetSelection.all(),
    description="一个月从导出数据到发布：读入、核心表、发生率、名单、文档、发布",
)


@dg.schedule(
    job=month_job, cron_schedule="0 2 5 * *", execution_timezone="Asia/Shanghai",
    default_status=dg.DefaultScheduleStatus.STOPPED, description="每月 5 日 02:00 生成上月",
)
def previous_month(context: dg.ScheduleEvaluationContext, workspace: WorkspaceResource) -> dg.RunRequest | dg.SkipReason:
    when: datetime = context.scheduled_execution_time
    month = add_months(when.year * 100 + when.month, -1)
    folder = batches(workspace.open().raw).get(month)
    if folder is None or not files_of(folder):
        return dg.SkipReason(f"data/raw/{folder_name(month)} 没有文件；放入后可手动运行，或等感应器发现")
    context.instance.add_dynamic_partitions(MONTH_PARTITIONS, [folder_name(month)])
    return dg.RunRequest(run_key=f"schedule-{month}", partition_key=folder_name(month))


def _state(folder: Path) -> tuple[str, float]:
    """A digest of a folder's files (names, sizes, times) and the age of the newest in seconds."""
    stats = [(path.as_posix(), path.stat()) for path in files_of(folder)]
    text = "".join(f"{name} {stat.st_size} {stat.st_mtime_ns}\n" for name, stat in stats)
    age = time.time() - max((stat.st_mtime for _, stat in stats), default=0.0)
    return hashlib.sha256(text.encode()).hexdigest()[:12], age


@dg.sensor(
    job=month_job, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.STOPPED,
    description="data/raw 有新文件夹或其文件有变化时，生成该月",
)
def new_folder(context: dg.SensorEvaluationContext, workspace: WorkspaceResource) -> dg.SensorResult | dg.SkipReason:
    found = {month: (folder, *_state(folder)) for month, folder in batches(workspace.open().raw).items() if files_of(folder)}
    ready = {month: digest for month, (_, digest, age) in found.items() if age > SETTLED_SECONDS}
    seen = set((context.cursor or "").split())
    new = {month: digest for month, digest in ready.items() if f"{month}-{digest}" not in seen}
    if not new:
        return dg.SkipReason("data/raw 没有新的或改动过的文件夹" if len(ready) == len(found) else "有文件夹还在复制，稍后再看")
    names = [folder_name(month) for month in new]
    return dg.SensorResult(
        run_requests=[
            dg.RunRequest(run_key=f"folder-{month}-{digest}", partition_key=folder_name(month)) for month, digest in new.items()
        ],
        dynamic_partitions_requests=[MONTHS.build_add_request(names)],
        cursor=" ".join(sorted(f"{month}-{digest}" for month, digest in ready.items())),
    )
