"""What is fed with arbitrary bytes: every reader and every parser. A target raises only when the product is at fault.

Belongs here: the targets and the small valid inputs from which mutations start. Who feeds them: run.py (atheris, millions) and
tests/properties/test_fuzz.py (hypothesis, a few hundred).
"""

import contextlib
import io
import random
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
import xlwt

from pipelines import engine, policy, settings
from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import control, corrections, masking, narratives, privacy, readers, recognition
from pipelines.ingest.readers import UnreadableFileError, zipped
from tests.values import values_of

SECRET = "110105194912310028"
SLOWEST_SECONDS = 10
TEXTS_AT_ONCE = 64
VALUES = sorted({c.value for export in EXPORTS.values() for c in export.stored} - {"code", "coded", "flag", "person"})
ROWS = [["认定书编号", "单位编号", "社会保障号码", "姓名", "事故时间", "认定结论", "认定依据", "事故经过"],
        ["T1", "A1", SECRET, "欧阳虚构", "2024-01-31 08:30", "认定工伤", "第十四条第（一）项", "操作冲床时压伤左手"],
        ["T2", "A2", "", "", "45322.5", "视同", "15-1", ""], ["合计", "", "", "", "", "", "", ""]]
SCRATCH = Path(tempfile.gettempdir())


class FaultyError(Exception):
    """The product let something through: another error than its own, a secret in a message, or too slow."""


@contextlib.contextmanager
def watched(*own: type[Exception]):
    """Lets the product's own errors pass and judges everything else."""
    began = time.monotonic()
    try:
        yield
    except own as error:
        if SECRET in str(error):
            raise FaultyError("a message holds a personal number") from error
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise FaultyError(f"{type(error).__name__} got out") from error
    if time.monotonic() - began > SLOWEST_SECONDS:
        raise FaultyError("slower than ten seconds")


def read_file(ending: str) -> Callable[[bytes], None]:
    """A target that reads bytes as a file of that ending, all columns, to the end."""
    def target(data: bytes) -> None:
        with tempfile.NamedTemporaryFile(suffix=f".{ending}", dir=SCRATCH) as file:
            file.write(data)
            file.flush()
            with watched(UnreadableFileError):
                for sheet in readers.sheets(Path(file.name)):
                    for _ in sheet.batches(range(len(sheet.headings))):
                        pass
    return target


def read_archive(data: bytes) -> None:
    """Bytes as an archive whose members are read one by one."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(data)
        with watched(UnreadableFileError):
            if zipped.is_archive(path):
                for member in zipped.members(path, Path(folder)):
                    read_file(member.path.suffix.strip(".") or "csv")(member.path.read_bytes())


@cache
def _database():
    opened = contextlib.ExitStack()
    return opened, opened.enter_context(engine.connect(SCRATCH))


def texts_of(data: bytes) -> list[str | None]:
    """TEXTS_AT_ONCE texts: the lines of the bytes, then these with letters exchanged, dropped and doubled."""
    given = data.decode("utf-8", errors="replace").split("\n")[:TEXTS_AT_ONCE]
    lines: list[str | None] = [*given]
    draw = random.Random(data)
    letters = "".join(given) + "0123456789-/.年月日，（）％‰万元＋ＡＢ\u3000\u00a0\x00'="
    while len(lines) < TEXTS_AT_ONCE:
        text = list(draw.choice(given))
        for _ in range(draw.randrange(1, 4)):
            at = draw.randrange(len(text) + 1)
            text[at:at + draw.randrange(2)] = draw.choices(letters, k=draw.randrange(3))
        lines.append("".join(text))
    return lines


def parse_values(data: bytes) -> None:
    """Texts through the parser of every value type."""
    texts = texts_of(data)
    _, connection = _database()
    with watched():
        for value in VALUES:
            values_of(connection, value, texts)


def recognise_headings(data: bytes) -> None:
    """The bytes as the headings of a sheet, parted by tabs."""
    with watched():
        recognition.recognise(data.decode("utf-8", errors="replace").split("\t")[:60], "")


def code_narratives(data: bytes) -> None:
    """Texts as narratives."""
    with watched():
        coder = narratives.Coder(EXPORTS["claim"], {"narrative": 0})
        coder.apply(pa.table({"c0": texts_of(data)}))


def replace_persons(data: bytes) -> None:
    """Texts as ID numbers, and as texts in which personal numbers are masked."""
    texts = pa.array(texts_of(data))
    with watched():
        privacy.replace_persons(texts, b"key")
        masking.masked(texts, False, b"key")
        masking.masked(texts, True, b"key")


def read_toml(data: bytes) -> None:
    """The bytes as corrections, settings and a policy."""
    with tempfile.NamedTemporaryFile(suffix=".toml", dir=SCRATCH) as file:
        file.write(data)
        file.flush()
        path = Path(file.name)
        with watched(control.ControlError):
            corrections.read(path, "2025-01/更正.toml", 202501)
        with watched(settings.SettingsError):
            settings.load(path)
        with watched(policy.PolicyError):
            policy.load(str(path))


def xlsx(rows: list[list[str]] = ROWS, sheet: str = "工伤认定") -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        page = book.add_worksheet(sheet)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    return made.getvalue()


def _stored(data: bytes) -> bytes:
    """The same zip without compression, so that mutations reach the XML."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return made.getvalue()


def _xls() -> bytes:
    made, book = io.BytesIO(), xlwt.Workbook()
    page = book.add_sheet("工伤认定")
    for number, row in enumerate(ROWS):
        for column, text in enumerate(row):
            page.write(number, column, text)
    book.save(made)
    return made.getvalue()


def _parquet() -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table(dict(zip(ROWS[0], zip(*ROWS[1:], strict=True), strict=True))), made)
    return made.getvalue()


def _zip(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as new:
        for name, data in members.items():
            new.writestr(name.replace("__", "."), data)
    return made.getvalue()


def _joined(separator: str) -> bytes:
    return "\r\n".join(separator.join(row) for row in ROWS).encode("gb18030")


def _html() -> bytes:
    cells = ["".join(f"<td rowspan=1>{text}</td>" for text in row) for row in ROWS]
    return ("<html><meta charset=utf-8><table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table></html>").encode()


TOML = f"""[[correction]]
file = "2024-12/f.csv"
kind = "claim"
column = "社会保障号码"
rows = [2]
value = "{SECRET}"
reason = "x"
date = 2025-01-01
expected = 1
"""

# Target -> what it does, and the inputs from which mutations start.
TARGETS: dict[str, tuple[Callable[[bytes], None], tuple[bytes, ...]]] = {
    "csv": (read_file("csv"), (_joined(","), _joined("\t"), _joined(",").decode("gb18030").encode("utf-16"), b'a,b\n"1,2\n3,4')),
    "html": (read_file("xls"), (_html(), _joined("\t"))),
    "xlsx": (read_file("xlsx"), (_stored(xlsx()), xlsx())),
    "parquet": (read_file("parquet"), (_parquet(),)),
    "zip": (read_archive, (_zip(a__csv=_joined(","), b__xls=_html()),)),
    "xls": (read_file("xls"), (_xls(),)),
    "et": (read_file("et"), (_xls(),)),
    "xlsb": (read_file("xlsb"), (_stored(xlsx()),)),
    "values": (parse_values, ("\n".join(text for row in ROWS for text in row).encode(),
                              "1,234.50\n9‰\n45322.5\n（123.00）万元".encode())),
    "headings": (recognise_headings, ("\t".join(ROWS[0]).encode(), b"AAB001\tdwbh\tgsrdrq")),
    "narratives": (code_narratives, ("下班骑电动车被轿车撞伤，本人负次要责任".encode(),)),
    "persons": (replace_persons, (SECRET.encode(), b"110105491231002\n13812345678\n6222021234567890123")),
    "toml": (read_toml, (TOML.encode(), b'policy = "changde-2024"\n[delivery]\nclaim = "snapshot"\n',
                         (policy.FOLDER / "hunan-2022.toml").read_bytes())),
}
