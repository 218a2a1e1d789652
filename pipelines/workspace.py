"""Where things lie: data/raw, and one data folder (OUT) with its core tables, marts, issued lists and settings.

Belongs here: paths and what is read once per run (settings, policy, key). No table is read here.
"""

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipelines import policy, settings
from pipelines.contracts.catalogue import CONTRACTS
from pipelines.deliveries import Deliveries
from pipelines.ingest import privacy
from pipelines.ingest.cache import Cache
from pipelines.lazy import Stored


def folder_name(month: int) -> str:
    """2024-12 for 202412."""
    return f"{month // 100}-{month % 100:02d}"


def month_number(name: str) -> int:
    """202412 for 2024-12. Raises ValueError for anything else."""
    year, _, month = name.partition("-")
    if not (len(year) == 4 and len(month) == 2 and year.isdigit() and month.isdigit() and 1 <= int(month) <= 12):
        raise ValueError(f"月份应写成 YYYY-MM，如 2024-12；收到的是 {name!r}")
    return int(year) * 100 + int(month)


@dataclass(frozen=True)
class Workspace:
    """One folder of exports and one data folder."""

    raw: Path
    data: Path

    @property
    def core(self) -> Path:
        return self.data / "core"

    @property
    def marts(self) -> Path:
        return self.data / "marts"

    @property
    def to_check(self) -> Path:
        """Workbooks in which the product asks; filled in, they are dropped into data/raw."""
        return self.data / "to_check"

    @property
    def settings_file(self) -> Path:
        return self.data / "settings.toml"

    def settings(self) -> settings.Settings:
        return settings.load(self.settings_file)

    def policy(self) -> policy.Policy:
        return policy.load(self.settings().policy)

    def norm_file(self) -> Path | None:
        """The norms of a province or nation that the settings name; a relative path lies in the data folder."""
        said = self.settings().norms
        return self.data / Path(said).expanduser() if said else None

    def area_file(self) -> Path | None:
        """The city's boundary that the settings name; a relative path lies in the data folder."""
        said = self.settings().area
        return self.data / Path(said).expanduser() if said else None

    def roads_file(self) -> Path | None:
        """The roads to be drawn on the map that the settings name; a relative path lies in the data folder."""
        said = self.settings().roads
        return self.data / Path(said).expanduser() if said else None

    def cache(self) -> Cache:
        said = self.settings().key_file
        return Cache(self.core, privacy.load_key(Path(said).expanduser() if said else None))

    def month_folder(self, month: int) -> Path:
        return self.core / f"month={folder_name(month)}"

    def documents(self, month: int) -> Path:
        return self.month_folder(month) / "documents"

    def stored(self, name: str, month: int) -> Stored:
        """The working copy of a table of a month (raw_file belongs to no month)."""
        contract = CONTRACTS[name]
        folder = self.core if name == "raw_file" else self.month_folder(month)
        return Stored(folder / f"{name}.{'sql' if contract.is_query else 'parquet'}", contract)

    def deliveries(self, raw_file: pa.Table, month: int) -> Deliveries:
        """What has been delivered as of a month."""
        return Deliveries.known(raw_file, month, self.cache(), self.settings().delivery)
