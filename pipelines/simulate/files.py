"""Writes export files so that equal rows give equal bytes: CSV in two encodings, xlsx with a fixed date."""
import datetime as dt
from pathlib import Path

import pandas as pd
import xlsxwriter

from pipelines.simulate.draws import Array

CREATED = dt.datetime(2025, 1, 1)


def write_csv(path: Path, columns: dict[str, Array], encoding: str) -> None:
    """One CSV with a heading row and CRLF; `utf-8-sig` begins with a byte order mark."""
    pd.DataFrame(columns, copy=False).to_csv(path, index=False, encoding=encoding, lineterminator="\r\n")


def write_xlsx(path: Path, sheet: str, columns: dict[str, Array]) -> None:
    """One sheet with a heading row; texts as text, numbers as numbers, an empty text as an empty cell."""
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": CREATED, "author": "yufang"})
        page = book.add_worksheet(sheet)
        for column, (heading, values) in enumerate(columns.items()):
            page.write_string(0, column, heading)
            page.set_column(column, column, 14)
            for row, value in enumerate(values.tolist(), start=1):
                if isinstance(value, str):
                    if value:
                        page.write_string(row, column, value)
                elif value is not None:
                    page.write_number(row, column, value)
