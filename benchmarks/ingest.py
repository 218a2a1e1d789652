"""Receiving one large file of each format, from raw bytes to the export cache, and a file that means harm.

A workbook of 200,000 rows and ten columns beside polars and pandas, which only read it; a GB18030 CSV of a million rows
beside both; a CSV of 500 MB for its memory; workbooks and archives of a few kilobytes that claim gigabytes.
"""

import shutil
import sys
import time
import zipfile
from functools import partial
from pathlib import Path

import measure

HEADINGS = ["单位编号", "单位名称", "费款所属期", "缴费人数", "缴费基数总额", "单位费率", "应缴金额", "实缴金额",
            "到账日期", "缴费类型"]
RECEIVE = """
import sys
from pathlib import Path
from pipelines.ingest import receive
[line] = receive.receive(Path(sys.argv[1]), receive.Cache(Path(sys.argv[2]), b"benchmark"), {}).to_pylist()
print(line["status"], line["rows"], line["message"])
if sys.argv[3] != line["status"] or line["rows_rejected"]:
    sys.exit(1)
"""
READ = {
    "polars xlsx": "import sys, polars; polars.read_excel(sys.argv[1], infer_schema_length=0)",
    "polars csv": "import sys, polars; polars.read_csv(sys.argv[1], encoding='gb18030', infer_schema=False)",
    # pandas' own reader takes several times as long.
    "pandas xlsx": "import sys, fastexcel; fastexcel.read_excel(sys.argv[1]).load_sheet(0, dtypes='string').to_pandas()",
    "pandas csv": "import sys, pandas; pandas.read_csv(sys.argv[1], encoding='gb18030', dtype=str)",
}
IMPORTS = "from pipelines.ingest import receive"


def rows(count: int):
    """Premium rows of a thousand units and more."""
    for number in range(count):
        heads, month = number % 97 + 1, 202301 + number % 12
        yield [f"4307{number // 12:08d}", f"常德市第{number // 12}号制造有限公司", str(month), str(heads), f"{heads * 4321}.50",
               "0.009", f"{heads * 38}.89", f"{heads * 38}.89", f"{month // 100}-{month % 100:02d}-28", "正常"]


def write_csv(path: Path, count: int) -> None:
    """A CSV in GB18030."""
    with path.open("w", encoding="gb18030") as file:
        file.write(",".join(HEADINGS) + "\n")
        file.writelines(",".join(row) + "\n" for row in rows(count))


def write_xlsx(path: Path, count: int) -> None:
    """A workbook of shared texts, as Excel writes it; numbers are numbers."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("缴费")
        sheet.write_row(0, 0, HEADINGS)
        for number, row in enumerate(rows(count), 1):
            sheet.write_row(number, 0, [*row[:2], int(row[2]), int(row[3]), *map(float, row[4:8]), *row[8:]])


def write_claiming_xlsx(path: Path, _: int) -> None:
    """A workbook of two cells in opposite corners."""
    write_xlsx(path, 1)
    with zipfile.ZipFile(path) as old:
        parts = {entry.filename: old.read(entry) for entry in old.infolist()}
    sheet = "xl/worksheets/sheet1.xml"
    corner = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    parts[sheet] = parts[sheet].replace(b"</sheetData>", corner)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)


def write_bomb_zip(path: Path, megabytes: int) -> None:
    """An archive of one CSV that unpacks to a thousand times its size."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("缴费.csv", "w", force_zip64=True) as file:
        for _ in range(megabytes):
            file.write(b"0," * (1 << 19))


FILES = {
    "缴费.xlsx": (write_xlsx, 200_000, "accepted"), "缴费.csv": (write_csv, 1_000_000, "accepted"),
    "缴费500.csv": (write_csv, 5_000_000, "accepted"), "越界.xlsx": (write_claiming_xlsx, 0, "unusable"),
    "炸弹.zip": (write_bomb_zip, 1_500, "unusable"),
}


def made(work: Path, name: str) -> Path:
    """A folder of raw data with that one file, made on first use."""
    write, count, _ = FILES[name]
    folder = work / "ingest" / name.replace(".", "-") / "2024-12"
    if not (folder / name).exists():
        print(f"making {name} …", flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        write(folder / f".{name}", count)
        (folder / f".{name}").rename(folder / name)
    return folder.parent


def received(work: Path, name: str) -> measure.Run:
    """One file received into an empty cache."""
    raw, core = made(work, name), work / "ingest" / "core"
    shutil.rmtree(core, ignore_errors=True)
    return measure.run([sys.executable, "-c", RECEIVE, raw, core, FILES[name][2]], work / "ingest" / "log.txt")


def read(work: Path, library: str, name: str) -> measure.Run:
    """The same file read by a library alone, every column as text."""
    return measure.run([sys.executable, "-c", READ[f"{library} {Path(name).suffix[1:]}"], made(work, name) / "2024-12" / name])


def main() -> None:
    """Prints the tables."""
    options = measure.arguments(__doc__).parse_args()
    work, rounds = options.work, options.rounds
    started = time.perf_counter()
    targets = {"缴费.xlsx": "3 s with start-up", "缴费.csv": "3 s with start-up"}
    for name, target in targets.items():
        sides = {f"received {name}": partial(received, work, name)}
        sides |= {f"{library} {name}": partial(read, work, library, name) for library in ("pandas", "polars")}
        measure.say(measure.alternate(sides, rounds), target)
    for name in ("缴费500.csv", "越界.xlsx", "炸弹.zip"):
        found = {"start-up": partial(measure.run, [sys.executable, "-c", IMPORTS]), name: partial(received, work, name)}
        measure.say(measure.alternate(found, 1), "1 GB" if name == "缴费500.csv" else "10 s, 200 MB over start-up")
    print(f"{time.perf_counter() - started:.0f} s in all")


if __name__ == "__main__":
    main()
