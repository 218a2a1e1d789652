"""A dirty delivery: every kind's rows in several files, each in a format and layout of its own, and the truth of them."""
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from pipelines.simulate.columns import Columns, taken
from pipelines.simulate.defects import books, texts
from pipelines.simulate.defects.catalogue import Tally, catalogue, of_level, spread
from pipelines.simulate.defects.drafts import HEADING, Draft
from pipelines.simulate.defects.pages import BOOK_LAYOUTS, MERGED, Page, laid_out
from pipelines.simulate.defects.soil import soiled
from pipelines.simulate.draws import stream

ROWS_PER_FILE, MOST_FILES, MOST_ROWS = 150, 8, 60_000
FILES_PER_MONTH = 64
FORMAT_STEP, LAYOUT_STEP = 1, 2
SHEET_ROWS = 65_536
TEXT_FORMS = {"csv_utf8": (",", "utf-8", "csv"), "csv_utf8_bom": (",", "utf-8-sig", "csv"), "gb18030": (",", "gb18030", "csv"),
              "csv_utf16": (",", "utf-16", "csv"), "text_semicolon": (";", "gb18030", "csv"),
              "text_tab": ("\t", "utf-8", "txt"), "xls_text": ("\t", "gb18030", "xls"), "utf-8-sig": (",", "utf-8-sig", "csv")}
"""Form to separator, encoding and ending; gb18030 and utf-8-sig are how the clean files are written."""
ZIPS = {"zip_gbk": "gb18030", "zip_utf8": "utf-8"}
ENDINGS = {"xlsx": "xlsx", "xlsx_sheets": "xlsx", "xls": "xls", "xls_split": "xls", "et": "et", "xlsb": "xlsb", "xls_html": "xls"}
TRUTH = ("batch", "file", "sheet", "row_number", "kind", "column", "heading", "defect", "outcome", "clean", "written")


@dataclass
class Ledger:
    """The truth of all dirty files so far, and how often each defect could have occurred and did."""

    tally: Tally
    rows: list[tuple] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Writes defects.parquet (one row per defect in a file) and defect_counts.parquet."""
        pd.DataFrame(self.rows, columns=list(TRUTH)).to_parquet(folder / "defects.parquet", index=False)
        tally = self.tally
        counts = [(name, self.tally.rate_of(defect), tally.chances[name], tally.found[name])
                  for name, defect in catalogue().items()]
        frame = pd.DataFrame(counts, columns=["defect", "rate", "chances", "found"])
        frame.to_parquet(folder / "defect_counts.parquet", index=False)


@dataclass(frozen=True)
class Delivery:
    """Where a delivery goes: its folder, its place among the deliveries, the seed, and the units' names by number."""

    folder: Path
    order: int
    seed: int
    names: Mapping[str, str]

    def write(self, clean: Mapping[str, tuple[Columns, str]], ledger: Ledger) -> None:
        """Writes every kind's rows; `clean` holds them with the form of the clean file."""
        number = self.order * FILES_PER_MONTH
        for kind, (columns, form) in clean.items():
            count = len(next(iter(columns.values())))
            parts = max(min(MOST_FILES, 1 + count // ROWS_PER_FILE), -(-count // MOST_ROWS))
            for part, rows in enumerate(np.array_split(np.arange(count), parts)):
                name = f"{kind}_{part + 1}" if parts > 1 else kind
                rng = stream(self.seed, f"defects {kind}", self.order, part)
                _File(self, kind, name, _form(number, form, ledger.tally), number).write(taken(columns, rows), ledger, rng)
                number += 1


def _form(number: int, plain: str, tally: Tally) -> str:
    """The form of the number-th file: by its place among the rates, else that of the clean file."""
    forms = of_level("format")
    tally.chances.update(defect.name for defect in forms)
    place = int(np.searchsorted(tally.edges(forms), spread(number, FORMAT_STEP), side="right"))
    if place == len(forms):
        return plain
    tally.found[forms[place].name] += 1
    return forms[place].name


@dataclass(frozen=True)
class _File:
    """One file of a delivery and how it is written."""

    delivery: Delivery
    kind: str
    name: str
    form: str
    number: int

    @property
    def is_text(self) -> bool:
        return self.form in TEXT_FORMS or self.form in ZIPS

    def write(self, columns: Columns, ledger: Ledger, rng: np.random.Generator) -> None:
        draft = soiled(self.kind, columns, self.delivery.names, self.number, ledger.tally, rng, self._class())
        path = self.delivery.folder / f"{self.name}.{self._ending()}"
        month = self.delivery.folder.name
        pages = self._pages(draft, self._layouts(ledger.tally), month)
        self._save(path, pages)
        for order, (page, rows) in enumerate(pages):
            inner = f"{path.name}/{self._member(order)}" if self.form in ZIPS else path.name
            self._tell(ledger, draft, page, rows, inner)

    def _class(self) -> str:
        return "text" if self.is_text else "other" if self.form in ("xls_html", "xlsb") else "book"

    def _ending(self) -> str:
        if self.form in ZIPS:
            return "zip"
        return TEXT_FORMS[self.form][2] if self.form in TEXT_FORMS else ENDINGS[self.form]

    def _member(self, order: int) -> str:
        return f"{self.name}-{order + 1}.csv"

    def _layouts(self, tally: Tally) -> frozenset[str]:
        """The layouts of the file, each by its own rate; text files and .xlsb have nothing merged or hidden."""
        drawn = set()
        for order, defect in enumerate(of_level("layout")):
            if defect.name in BOOK_LAYOUTS and (self.is_text or self.form == "xlsb"):
                continue
            if self.form == "xls_split" or defect.name == "hidden_column" and self.form == "xls_html":
                continue
            if defect.name == MERGED[1] and MERGED[0] in drawn:
                continue
            tally.chances[defect.name] += 1
            if spread(self.number, LAYOUT_STEP + order) < tally.rate_of(defect):
                tally.found[defect.name] += 1
                drawn.add(defect.name)
        return frozenset(drawn)

    def _pages(self, draft: Draft, layouts: frozenset[str], month: str) -> list[tuple[Page, range]]:
        """The file's sheets or members with the rows that each holds."""
        count = len(draft)
        if self.form in ("xls_split", "xlsx_sheets") or self.form in ZIPS:
            half = min(-(-count // 2), SHEET_ROWS - 1)
            edges = [*range(0, count, max(half, 1)), count]
            ranges = [range(first, last) for first, last in zip(edges, edges[1:], strict=False)]
        else:
            ranges = [range(count)]
        is_split = self.form == "xls_split"
        name = "" if self.is_text or self.form == "xls_html" else "Sheet{}"
        return [(laid_out(draft, rows, name.format(order + 1), layouts, month, order == 0 or not is_split), rows)
                for order, rows in enumerate(ranges)]

    def _save(self, path: Path, pages: list[tuple[Page, range]]) -> None:
        sheets = [page for page, _ in pages]
        if self.form in ZIPS:
            members = [(self._member(order), texts.separated(page, ",", ZIPS[self.form])) for order, page in enumerate(sheets)]
            path.write_bytes(texts.zipped(members, self.form == "zip_gbk"))
        elif self.form in TEXT_FORMS:
            delimiter, encoding, _ = TEXT_FORMS[self.form]
            path.write_bytes(texts.separated(sheets[0], delimiter, encoding))
        elif self.form == "xls_html":
            path.write_bytes(texts.web_page(sheets[0], "gb18030" if self.number % 2 else "utf-8"))
        elif self.form == "xlsb":
            books.write_xlsb(path, sheets)
        elif self.form in ("xls", "xls_split", "et"):
            books.write_xls(path, sheets)
        else:
            books.write_xlsx(path, sheets)

    def _tell(self, ledger: Ledger, draft: Draft, page: Page, rows: range, file: str) -> None:
        """The marks of a page's rows and, on pages with headings, of its columns."""
        for mark in draft.marks:
            if mark.row == HEADING and page.heading_row:
                place = page.heading_row
            elif mark.row in rows:
                place = page.numbers[mark.row]
            else:
                continue
            heading, outcome = draft.headings.get(mark.column, ""), catalogue()[mark.defect].outcome
            written = heading if mark.row == HEADING else mark.written
            ledger.rows.append((self.delivery.folder.name, file, page.name, place, self.kind, mark.column,
                                heading, mark.defect, outcome, mark.clean, written))
