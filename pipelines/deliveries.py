"""Which delivered files a month stands on, and which months cannot be built.

Belongs here: raw_file read as of a month. Everything later asks here and never looks into data/raw itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipelines.contracts.core import RAW_FILE
from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import plan_edits
from pipelines.ingest.cache import REJECTED_SCHEMA, Cache
from pipelines.ingest.corrections import RECORDED
from pipelines.lazy import Delivered, DeliveredFile


class BlockedMonthError(Exception):
    """The month holds a file that cannot be used; the message names it and says what to do."""


def _in_force(lines: list[dict], as_of: int) -> list[dict]:
    """Of each file the edition that holds as of the month: corrections of later batches are not known yet."""
    newest: dict[tuple[int, int], dict] = {}
    for line in lines:
        if line["edition"] <= max(as_of, line["batch_month"]):
            newest[line["batch_month"], line["file_number"]] = line
    return list(newest.values())


def _has_marks(path: Path) -> bool:
    """Whether any row of an export file has a mark, from the file's footer alone."""
    said = pq.read_metadata(path)
    place = said.schema.names.index("marks")
    counts = [said.row_group(number).column(place).statistics for number in range(said.num_row_groups)]
    return any(count is None or count.num_values for count in counts)


@dataclass(frozen=True)
class Deliveries:
    """The lines of raw_file that matter as of a month; `delivery` says which kinds come as full dumps ("snapshot")."""

    lines: tuple[dict, ...]
    as_of: int
    cache: Cache
    delivery: Mapping[str, str]

    @classmethod
    def known(cls, raw_file: pa.Table, as_of: int, cache: Cache, delivery: Mapping[str, str]) -> "Deliveries":
        """The batches up to the month, and of each kind its opening delivery, whenever that came."""
        return cls._kept(_in_force(raw_file.to_pylist(), as_of), as_of, cache, delivery)

    def earlier(self, month: int) -> "Deliveries":
        """What had been delivered by an earlier month, read with the corrections of today: a misreading was never knowledge."""
        return self._kept(list(self.lines), month, self.cache, self.delivery)

    @classmethod
    def _kept(cls, lines: list[dict], as_of: int, cache: Cache, delivery: Mapping[str, str]) -> "Deliveries":
        accepted = [line for line in lines if line["status"] == "accepted"]
        opening = {line["kind"]: line["batch_month"] for line in reversed(accepted)}
        kept = [
            line for line in lines
            if line["batch_month"] <= as_of
            or (line["status"] == "accepted" and line["batch_month"] == opening[line["kind"]])
        ]
        return cls(tuple({**line, "is_opening": line["batch_month"] == opening.get(line["kind"])} for line in kept),
                   as_of, cache, delivery)

    def of(self, *kinds: str, is_lineage_only: bool = False) -> Delivered:
        """The rows of one kind, or only the lineage of several; of a snapshot only its newest batch."""
        return self._delivered(kinds, is_lineage_only, lambda line: self._is_newest(line) or not self._is_snapshot(line))

    def whole(self, kind: str) -> Delivered:
        """The rows of every file of a kind, of a snapshot too: what is looked at for its quality."""
        return self._delivered((kind,), False, lambda line: True)

    def whole_with_gaps(self) -> Delivered:
        """The lineage of every file of every kind, with which columns are empty."""
        return replace(self._delivered(tuple(EXPORTS), True, lambda line: True), has_gaps=True)

    def marked_with_gaps(self) -> Delivered:
        """The same of the files in which any row has a mark."""
        found = self.whole_with_gaps()
        return replace(found, files=tuple((kind, file) for kind, file in found.files if _has_marks(file.path)))

    def snapshots(self) -> Delivered:
        """The newest batch and the one before it of every kind that comes as full dumps (lineage only)."""
        kinds = tuple(kind for kind in EXPORTS if self._is_snapshot({"kind": kind}))
        newest = {kind: sorted({line["batch_month"] for line in self._files(kind)})[-2:] for kind in kinds}
        return self._delivered(kinds, True, lambda line: line["batch_month"] in newest[line["kind"]])

    def _delivered(self, kinds: tuple[str, ...], is_lineage_only: bool, is_wanted) -> Delivered:
        files = tuple(
            (EXPORTS[line["kind"]], self._file(line)) for kind in kinds for line in self._files(kind) if is_wanted(line)
        )
        return Delivered(tuple(EXPORTS[kind] for kind in kinds), files, is_lineage_only)

    def _file(self, line: dict) -> DeliveredFile:
        path = self.cache.rows(line["kind"], line["digest"])
        return DeliveredFile(path, line["digest"], line["batch_month"], line["file_number"], line["is_opening"],
                             self._is_newest(line))

    def _files(self, kind: str) -> list[dict]:
        return [line for line in self.lines if line["kind"] == kind and line["status"] == "accepted"]

    def _is_snapshot(self, line: dict) -> bool:
        return self.delivery.get(line["kind"], EXPORTS[line["kind"]].delivery) == "snapshot"

    def _is_newest(self, line: dict) -> bool:
        return line["batch_month"] == max(other["batch_month"] for other in self._files(line["kind"]))

    def has(self, kind: str) -> bool:
        """Whether any row of the kind has been delivered."""
        return any(line["rows_accepted"] for line in self._files(kind))

    def batches(self, kind: str) -> list[int]:
        """The batches whose rows of a kind count, oldest first: of full dumps the newest alone."""
        return sorted({line["batch_month"] for line in self._files(kind) if not self._is_snapshot(line) or self._is_newest(line)})

    def opening(self, kind: str) -> int | None:
        """The batch of a kind's opening delivery."""
        return min((line["batch_month"] for line in self._files(kind)), default=None)

    def is_simulated(self) -> bool:
        return any(line["status"] == "marker" for line in self.lines)

    def raw_file(self) -> pa.Table:
        """The lines as a table with the columns of raw_file."""
        return pa.Table.from_pylist([{n: line[n] for n in RAW_FILE.names} for line in self.lines], schema=RAW_FILE.schema)

    def contested_months(self, is_every: bool = False) -> pa.Table:
        """One column `month`: the periods in which a unit may have more than one normal premium row; or all periods."""
        seen: set[str] = set()
        contested: set[str] = set()
        for line in self._files("premium"):
            months = {month for month in (line["premium_months"] or "").split(",") if month}
            contested |= (months & seen) | {month for month in (line["repeated_months"] or "").split(",") if month}
            seen |= months
        contested |= seen if is_every else set()
        return pa.table({"month": pa.array(sorted(int(month) for month in contested), pa.int32())})

    def contested_by_batch(self) -> pa.Table:
        """batch_month and period: where a unit may have more than one normal premium row in the same batch."""
        seen: set[tuple[int, str]] = set()
        contested: set[tuple[int, str]] = set()
        for line in self._files("premium"):
            months = {(line["batch_month"], month) for month in (line["premium_months"] or "").split(",") if month}
            repeated = {(line["batch_month"], month) for month in (line["repeated_months"] or "").split(",") if month}
            contested |= (months & seen) | repeated
            seen |= months
        batches, periods = zip(*sorted(contested), strict=True) if contested else ((), ())
        return pa.table({"batch_month": pa.array(batches, pa.int32()), "period": pa.array(map(int, periods), pa.int32())})

    def refused(self) -> pa.Table:
        """The rows that were rejected at reading: batch_month, file_number, row_number, rule, message."""
        parts = []
        for line in self.lines:
            if line["status"] == "accepted" and line["rows_rejected"]:
                rows = pq.read_table(self.cache.rejected(line["digest"]))
                for name in ("batch_month", "file_number"):
                    rows = rows.append_column(name, pa.array([line[name]] * len(rows), pa.int32()))
                parts.append(rows)
        place = [pa.field("batch_month", pa.int32()), pa.field("file_number", pa.int32())]
        return pa.concat_tables(parts) if parts else pa.schema([*REJECTED_SCHEMA, *place]).empty_table()

    def corrections(self) -> pa.Table:
        """The entries of all correction documents: batch_month, path and what they ask for."""
        return self._said(self.cache.corrections, RECORDED)

    def plan_edits(self) -> pa.Table:
        """What all edited plans change, in the order in which it holds: batch_month, path and the edits."""
        return self._said(self.cache.plan_edits, plan_edits.SCHEMA)

    def _said(self, place: Callable[[str], Path], schema: pa.Schema) -> pa.Table:
        """What the documents of one kind say, one after another."""
        parts = []
        for line in self.lines:
            path = place(line["content"])
            if line["status"] == "control" and path.exists():
                rows = pq.read_table(path)
                rows = rows.append_column("batch_month", pa.array([line["batch_month"]] * len(rows), pa.int32()))
                parts.append(rows.append_column("path", pa.array([line["path"]] * len(rows), pa.string())))
        where = [pa.field("batch_month", pa.int32()), pa.field("path", pa.string())]
        return pa.concat_tables(parts) if parts else pa.schema([*schema, *where]).empty_table()

    def refuse_if_blocked(self) -> None:
        """Raises BlockedMonthError when a file that cannot be used belongs to the month."""
        bad = [line for line in self.lines if line["status"] == "unusable"]
        if bad:
            said = "\n".join(f"  {line['path']}：{line['message']}" for line in bad)
            raise BlockedMonthError(
                f"{self.as_of // 100}-{self.as_of % 100:02d} 不能发布，有文件不能使用：\n{said}\n"
                "请改正后重新放入，或在 settings.toml 的 [ignored_files] 中写明理由"
            )
