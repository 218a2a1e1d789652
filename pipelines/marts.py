"""Reading published months: what notebooks and other programs import.

Belongs here: resolving a month's link once, so that several tables read one after the other belong together.
"""

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from pipelines.contracts.catalogue import PUBLIC
from pipelines.publish import MANIFEST

DEFAULT = Path(__file__).parent.parent / "data" / "marts"


class NotPublishedError(Exception):
    """The month or table has not been published; the message says what there is."""


class Month:
    """One published month: `month("2026-10").table("enterprise_risk")`; all tables come from the same publication."""

    def __init__(self, folder: Path):
        self.folder = folder.resolve()
        self.manifest: dict = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))

    def table(self, name: str, columns: list[str] | None = None) -> pd.DataFrame:
        """A table as a DataFrame with Arrow types (decimals stay decimals). Raises NotPublishedError."""
        path = self.folder / f"{name}.parquet"
        if not path.exists():
            raise NotPublishedError(f"没有表 {name}；有：{'、'.join(table.name for table in PUBLIC)}")
        return pq.read_table(path, columns=columns).to_pandas(types_mapper=pd.ArrowDtype)

    def documents(self) -> list[Path]:
        """The documents of the month, those in folders among them."""
        return sorted(path for path in (self.folder / "documents").rglob("*") if path.is_file())


def months(marts: Path = DEFAULT) -> list[str]:
    """The published months, oldest first."""
    return sorted(path.parent.name[6:] for path in marts.glob(f"month=*/{MANIFEST}"))


def month(name: str | None = None, marts: Path = DEFAULT) -> Month:
    """A published month, the newest without a name. Raises NotPublishedError."""
    published = months(marts)
    if not published or (name and name not in published):
        said = f"{name} 没有发布；已发布：{'、'.join(published)}" if published else "还没有发布任何月份"
        raise NotPublishedError(f"{said}。请先运行 make run")
    return Month(marts / f"month={name or published[-1]}")
