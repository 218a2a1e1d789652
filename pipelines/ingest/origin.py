"""What a fetched file says of itself in its Parquet footer: source, statement, parameters, time.

Belongs here: writing and reading that footer. Who fetches is pipelines/ingest/sources.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

FOOTER = b"yufang.origin"
SHANGHAI = timedelta(hours=8)


@dataclass(frozen=True)
class Origin:
    """Where the rows of a fetched file come from; `fetched_at` in UTC (ISO 8601), parameters as text."""

    source: str
    kind: str
    query: str
    parameters: Mapping[str, str]
    fetched_at: str
    server: str
    rows: int


def footer(origin: Origin) -> dict[bytes, bytes]:
    """The key and text under which a Parquet file carries its origin."""
    return {FOOTER: json.dumps(asdict(origin), ensure_ascii=False, sort_keys=True).encode()}


def notes(metadata: Mapping[bytes, bytes] | None) -> list[str]:
    """What is to be said of a Parquet file with this footer; nothing where no fetch wrote it.

    >>> origin = Origin("社保库", "claim", "SELECT 1", {}, "2025-02-05T18:00:00+00:00", "PostgreSQL 15", 3)
    >>> notes(footer(origin)), notes(None)
    (['来自数据库 社保库，2025-02-06 02:00 取数'], [])
    """
    try:
        said = json.loads((metadata or {})[FOOTER])
        name, moment = str(said["source"]), datetime.fromisoformat(said["fetched_at"]) + SHANGHAI
    except (KeyError, TypeError, ValueError):
        return []
    return [f"来自数据库 {name[:40]}，{moment:%Y-%m-%d %H:%M} 取数"] if name.isprintable() else []
