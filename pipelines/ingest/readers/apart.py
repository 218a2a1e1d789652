"""Reads a workbook in a process of its own, with limits on memory and time, and writes its sheets to standard output.

Belongs here: what runs in that process, and nothing of the project: it starts as a script, quickly. A small file can claim
a sheet of millions of columns, for which the library would reserve memory until the machine has none.
"""

import os
import resource
import sys
from collections.abc import Iterator

if __name__ == "__main__":
    # pyarrow can do without numpy, whose import takes longer than a small workbook.
    sys.modules["numpy"] = None  # pyright: ignore[reportArgumentType]

import fastexcel
import pyarrow as pa
import pyarrow.ipc

PASSWORD, FAILED = 3, 4
SHEET, VISIBLE = b"sheet", b"visible"


def tables(path: str) -> Iterator[pa.Table]:
    """Every sheet as text columns g0, g1, … from column A and row 1 on, with its name and visibility as metadata."""
    book = fastexcel.read_excel(path)
    for name in book.sheet_names:
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        places = [column.absolute_index for column in sheet.available_columns()]
        found = dict(zip(places, sheet.to_arrow().columns, strict=True))
        rows = len(next(iter(found.values()), []))
        columns = [found.get(place, pa.nulls(rows, pa.string())) for place in range(max(places, default=-1) + 1)]
        named = pa.table(columns, names=[f"g{place}" for place in range(len(columns))])
        yield named.replace_schema_metadata({SHEET: name.encode(), VISIBLE: sheet.visible.encode()})


def limit(memory: int, seconds: int) -> None:
    """Lets this process take `memory` bytes more than it has, and so many seconds of the processor."""
    with open("/proc/self/statm") as file:
        held = int(file.read().split()[5]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_DATA, (held + memory, held + memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main(path: str, memory: str, seconds: str) -> int:
    """Writes one Arrow stream per sheet; the exit code says why not."""
    limit(int(memory), int(seconds))
    try:
        for table in tables(path):
            with pyarrow.ipc.new_stream(sys.stdout.buffer, table.schema) as writer:
                writer.write_table(table)
        return 0
    except BaseException as error:
        return PASSWORD if "password" in str(error).lower() else FAILED


if __name__ == "__main__":
    code = main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(code)  # the millions of cells that the library holds are not given back one by one
