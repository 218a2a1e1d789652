"""The export cache: where the rows of a sheet lie, and what decides that they are read anew.

Belongs here: paths and versions. What is written there is store.py.
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pipelines.ingest import headings, narratives, privacy

REJECTED_SCHEMA = pa.schema({"row_number": pa.int32(), "rule": pa.string(), "message": pa.string(),
                             "enterprise_id": pa.string(), "reference": pa.string()})


class Cache(NamedTuple):
    """Where export rows are kept: data/core/export, one folder per pseudonym key."""

    folder: Path
    key: bytes

    @property
    def root(self) -> Path:
        return _folder_of(self.folder / "export", privacy.fingerprint(self.key))

    def rows(self, kind: str, digest: str) -> Path:
        return self.root / kind / f"{digest}.parquet"

    def rejected(self, digest: str) -> Path:
        return self.root / "rejected_row" / f"{digest}.parquet"

    def corrections(self, digest: str) -> Path:
        return self.root / "correction" / f"{digest}.parquet"

    def plan_edits(self, digest: str) -> Path:
        return self.root / "plan_edit" / f"{digest}.parquet"

    def outcome(self, digest: str) -> Path:
        return self.root / "outcome" / f"{digest}.json"


@cache
def _folder_of(exports: Path, fingerprint: str) -> Path:
    """The numbered folder of a key; its fingerprint lies inside, so that no path tells it."""
    known = {path.read_text(): path.parent for path in sorted(exports.glob("*/fingerprint"))}
    if fingerprint not in known:
        folder = exports / str(len(known) + 1)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "fingerprint").write_text(fingerprint)
        known[fingerprint] = folder
    return known[fingerprint]


@cache
def ingest_version() -> str:
    """A digest of everything that decides how a file is read."""
    package = Path(__file__).parent
    sources = [*sorted(package.rglob("*.py")), package / "values.sql", headings.ALIASES, headings.WORDS, *narratives.RULES]
    contracts = package.parent / "contracts"
    sources += [contracts / name for name in ("model.py", "codes.py", "exports.py")]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()
