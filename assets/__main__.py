"""The launcher behind make: `python -m assets run|fetch|simulate|dev|issue`.

Belongs here: the command line. What a command does is in launch.py, summary.py and pipelines/.
"""

import argparse
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from assets import fetching, launch
from pipelines import issue, simulate
from pipelines.ingest.privacy import KeyFileError
from pipelines.ingest.sources.model import SourceError
from pipelines.norm_table import NormFileError
from pipelines.policy import PolicyError
from pipelines.reports.summary import summary
from pipelines.settings import SettingsError
from pipelines.workspace import folder_name, month_number

EXPECTED_ERRORS = (SettingsError, PolicyError, NormFileError, KeyFileError, issue.IssueError, SourceError, ValueError)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m assets", description="yufang 预防：从导出数据到建议名单")
    commands = parser.add_subparsers(dest="command", required=True)
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument("--raw", help="导出数据的文件夹（其下为 YYYY-MM），默认 data/raw")
    where.add_argument("--out", help="数据文件夹（core、marts、settings.toml），默认 data")
    run = commands.add_parser("run", parents=[where], help="生成并发布一个月")
    run.add_argument("--month", help="YYYY-MM；多个以逗号分隔；published = 全部已发布月份；默认最新的文件夹")
    run.add_argument("--policy", help="政策名或 .toml 文件")
    run.add_argument("--regions", choices=["whole", "4", "6", "text", "agency"], help="名单按什么分地区")
    run.add_argument("--norms", help="省或全国的行业规模基准文件（另一次运行的 norm_rate.parquet，或同样列的 .csv）")
    run.add_argument("--accept-changed", action="store_true", help="已发布月份所依据的文件有改动时仍继续")
    city = commands.add_parser("simulate", help="写一座模拟城市")
    city.add_argument("--raw", required=True)
    city.add_argument("--truth", help="真值文件夹，默认与 raw 并列的 simulated_truth")
    city.add_argument("--enterprises", type=int, default=5000)
    city.add_argument("--later", type=int, default=3, help="开头交付之后的月数")
    city.add_argument("--silent", type=float, default=0, help="较大单位中少报工伤的占比（0–1）；真值另存")
    city.add_argument("--defects", type=float, default=0, help="按 tables/defects.csv 所列比例的几倍写入缺陷；0 = 干净数据")
    fetch = commands.add_parser("fetch", parents=[where], help="按 data/sources.toml 从数据库取一个月的数据，放进 data/raw")
    fetch.add_argument("--month", help="YYYY-MM；默认上个月")
    fetch.add_argument("--from", dest="since", help="YYYY-MM：增量从这个月取起，都放进 --month 的文件夹（首次交付）")
    fetch.add_argument("--source", help="只取这一个来源")
    fetch.add_argument("--again", action="store_true", help="替换已经取过的文件")
    dev = commands.add_parser("dev", parents=[where], help="Dagster 界面，只在本机")
    dev.add_argument("--port", default="3000")
    given = commands.add_parser("issue", parents=[where], help="把已发布的名单存档为提交联席会议的名单")
    given.add_argument("--month", required=True)
    return parser


def norm_file(said: str | None) -> str | None:
    """A path given on the command line, made absolute: settings would take it from the data folder."""
    return str(Path(said).expanduser().resolve()) if said else None


def _run(args: argparse.Namespace) -> int:
    place = launch.workspace(args.raw, args.out)
    launch.set_environment(place, args.accept_changed or os.environ.get("ACCEPT_CHANGED") == "1")
    for said in launch.prepare_settings(place, args.policy, args.regions, norm_file(args.norms)):
        print(said)
    if args.raw is None:
        launch.simulate_if_empty(place)
    months = launch.months_to_run(place, args.month)
    if not launch.run_months(months):
        return 1
    print(summary(place, folder_name(months[-1])))
    return 0


def _dev(args: argparse.Namespace) -> int:
    place = launch.workspace(args.raw, args.out)
    launch.set_environment(place, os.environ.get("ACCEPT_CHANGED") == "1")
    launch.prepare_settings(place, None, None)
    launch.register_months(place)
    program = Path(sys.executable).parent / "dagster"
    os.execv(program, [str(program), "dev", "-m", "assets.definitions", "-h", "127.0.0.1", "-p", args.port])


def _fetch(args: argparse.Namespace) -> int:
    place = launch.workspace(args.raw, args.out)
    return fetching.fetch(place, args.month, args.since, args.source, args.again, lambda: datetime.now(UTC))


def _simulate(args: argparse.Namespace) -> int:
    raw = Path(args.raw)
    truth = Path(args.truth) if args.truth else raw.parent / "simulated_truth"
    given = {"enterprises": args.enterprises, "later": args.later, "defects": args.defects, "silent": args.silent}
    for folder in simulate.write_city(raw, truth, **given):
        print(folder)
    return 0


def _issue(args: argparse.Namespace) -> int:
    print(issue.issue(launch.workspace(args.raw, args.out), month_number(args.month)))
    return 0


def main() -> int:
    """Runs a command; what the user can mend ends in one sentence, not in a traceback."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("yufang").setLevel(logging.INFO)
    args = _parser().parse_args()
    try:
        return {"run": _run, "fetch": _fetch, "dev": _dev, "simulate": _simulate, "issue": _issue}[args.command](args)
    except EXPECTED_ERRORS as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
