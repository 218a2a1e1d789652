"""A folder of exports and a cache: what unit tests of receiving share."""

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from pipelines.ingest import receive


class Office:
    """A folder of exports and a cache; `receive()` gives the lines of raw_file by path."""

    def __init__(self, folder: Path, key: str = "test-key"):
        self.raw = folder / "raw"
        self.raw.mkdir(exist_ok=True)
        self.to_check = folder / "to_check"
        self.cache = receive.Cache(folder / "core", key.encode())

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def book(self, name: str, **sheets: list[list]) -> None:
        """Writes a workbook: its sheets by title."""
        path = self.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with xlsxwriter.Workbook(path) as workbook:
            for title, rows in sheets.items():
                sheet = workbook.add_worksheet(title)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)

    def receive(self, **ignored: str) -> dict[str, dict]:
        left_out = {name.replace("__", "/"): reason for name, reason in ignored.items()}
        table = receive.receive(self.raw, self.cache, left_out, self.to_check)
        return {line["path"]: line for line in table.to_pylist()}

    def one(self, name: str, content: str | bytes) -> dict:
        """The line of the only file."""
        self.put(name, content)
        [line] = self.receive().values()
        return line

    def rows(self, line: dict) -> list[dict]:
        return pq.read_table(self.cache.rows(line["kind"], line["digest"])).to_pylist()

    def rejected(self, line: dict) -> list[dict]:
        return pq.read_table(self.cache.rejected(line["digest"])).to_pylist()


@pytest.fixture
def office(tmp_path) -> Office:
    """An office that has received nothing yet."""
    return Office(tmp_path)


@pytest.fixture
def another_office(tmp_path) -> Callable[[str], Office]:
    """Another cache with a key of its own over the same exports."""
    return lambda key: Office(tmp_path, key)
