"""The command `fetch`: which months and sources are meant, and what is said of each.

Belongs here: the command's arguments. Nothing else in the product opens a connection: not the job, nor its schedule or sensor.
"""

import sys
from collections.abc import Callable
from datetime import datetime, timedelta

from pipelines.ingest.sources import config
from pipelines.ingest.sources.fetch import Order
from pipelines.ingest.sources.fetch import fetch as fetched
from pipelines.ingest.sources.model import Source, SourceError
from pipelines.ingest.sources.statements import Window
from pipelines.periods import add_months
from pipelines.workspace import Workspace, month_number

SHANGHAI = timedelta(hours=8)


def fetch(
    place: Workspace, month: str | None, since: str | None, source: str | None, is_again: bool, clock: Callable[[], datetime]
) -> int:
    """Fetches a month and says what came; 0 = all sources, 1 = one or more failed. Raises SourceError, ValueError.

    `clock` gives the time in UTC; a month must be over by then, since its file is not fetched twice.
    """
    path = place.data / "sources.toml"
    if not path.exists():
        config.write_template(path)
        raise SourceError(f"还没有数据库来源：已写出模板 {path}，照其中的说明写好再运行")
    order = Order(place.raw, _window(month, since, clock()), clock, is_again)
    is_fine = True
    for outcome in fetched(_wanted(config.load(path), source), order, place.settings().delivery):
        print(outcome.message, file=sys.stdout if outcome.is_fine else sys.stderr, flush=True)
        is_fine = is_fine and outcome.is_fine
    return 0 if is_fine else 1


def _window(month: str | None, since: str | None, now: datetime) -> Window:
    here = now + SHANGHAI
    newest = add_months(here.year * 100 + here.month, -1)
    last = month_number(month) if month else newest
    first = month_number(since) if since else last
    if last > newest:
        raise SourceError(f"{last // 100}-{last % 100:02d} 还没有过完；一个月过完才取，因为取过的文件不再改动")
    if first > last:
        raise SourceError("--from 应不晚于 --month")
    return Window(first, last)


def _wanted(sources: tuple[Source, ...], name: str | None) -> tuple[Source, ...]:
    found = tuple(source for source in sources if name in (None, source.name))
    if not found:
        raise SourceError(f"sources.toml 中没有来源 {name}；有：{'、'.join(source.name for source in sources)}")
    return found
