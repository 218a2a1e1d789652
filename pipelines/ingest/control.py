"""Documents in data/raw that are no export but say something about exports: their sheets and the rows of these.

Belongs here: telling such a document by the name of its sheet, and its cells. What a document says is corrections.py.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

import fastexcel

from pipelines.ingest.readers import zipped

MOST_BYTES_OF_A_BOOK = 1 << 20


class ControlError(Exception):
    """A control document says something that cannot be; the message names the row and what may stand there."""


class Entry(NamedTuple):
    """One row of a control sheet: its number in the sheet, and its cells by heading."""

    row_number: int
    cells: Mapping[str, str]


def sheet_names(path: Path) -> tuple[str, ...]:
    """The names of an xlsx workbook's sheets, read without opening the sheets; () for anything else."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return ()
    try:
        with zipped.opened(path) as book, book.open("xl/workbook.xml") as part:
            tree = ElementTree.fromstring(part.read(MOST_BYTES_OF_A_BOOK))
    except Exception:  # a damaged container makes zipfile and the parser raise almost anything; the readers will say so
        return ()
    return tuple(item.get("name", "") for item in tree.iter() if item.tag.endswith("}sheet"))


def entries(path: Path, sheet_name: str, needed: Sequence[str]) -> list[Entry]:
    """The filled rows below the row that holds the headings `needed`, as text. Raises ControlError without such a row."""
    try:
        sheet = fastexcel.read_excel(str(path)).load_sheet(sheet_name, header_row=None, skip_rows=0, dtypes="string")
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # a panic in native code is no Exception
        raise ControlError(f"工作表“{sheet_name}”读不出来；请另存为 .xlsx 后重新放入") from None
    rows = [[(text or "").strip() for text in row.values()] for row in sheet.to_arrow().to_pylist()]
    top = next((place for place, row in enumerate(rows) if set(needed) <= set(row)), None)
    if top is None:
        raise ControlError(f"工作表“{sheet_name}”没有标题行，应有列：{'、'.join(needed)}；请不要改动标题")
    texts = [{heading: text for heading, text in zip(rows[top], row, strict=True) if heading} for row in rows[top + 1:]]
    return [Entry(number, text) for number, text in enumerate(texts, top + 2) if any(text.values())]
