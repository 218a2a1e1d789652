"""A chunk's texts on their way to values: cleaned, persons replaced, personal numbers masked, few distinct texts read once.

Belongs here: the order of these steps, and the count of what was repaired. The steps themselves are cleaning.py, privacy.py,
masking.py, terms.py and units.py; the rest of the values and the rules of a row are parse.py.
"""

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.model import UNSTORED, Column, Export
from pipelines.ingest import cleaning, masking, moments, parse, privacy, terms, units
from pipelines.ingest.by_sql import credit_codes, organisation_codes, read_all, with_moments
from pipelines.ingest.cache import Cache
from pipelines.ingest.cleaning import by_distinct, cleaned
from pipelines.ingest.grid import ROW_NUMBER
from pipelines.ingest.narratives import Coder
from pipelines.ingest.readers import Sheet
from pipelines.ingest.texts import Texts, bytes_of, offsets_of, whole

NAME = "person_name"
MASKED_NUMBERS = {"identifier", "document_no", "uscc", "org_code"}
MASKED = MASKED_NUMBERS | {"text"}
# More than two decimals that are not all 0.
FINER = r"\.\d{2}\d*[1-9]"


class Reading:
    """How one sheet's texts are read: its columns by name, what headings and titles say of units, what was repaired so far."""

    def __init__(self, sheet: Sheet, export: Export, positions: Mapping[str, int], at: Cache):
        self.sheet, self.export, self.positions, self.key = sheet, export, positions, at.key
        self.kept = {name: position for name, position in positions.items() if export[name].value not in UNSTORED}
        self.coder = Coder(export, positions)
        self.repairs: Counter[tuple[str, str]] = Counter()
        self.scales: dict[str, int] = {}
        self.factors = {name: units.factors(self._unit(name), export[name])
                        for name in positions if export[name].value == "amount"}

    def _heading(self, name: str) -> str | None:
        """The heading as it stands in the sheet; a column that only corrections fill has none."""
        position = self.positions[name]
        return self.sheet.headings[position] if position < len(self.sheet.headings) else None

    def _unit(self, name: str) -> str:
        """The unit of money that a column's heading names, else that of the sheet's titles."""
        heading = self._heading(name)
        return "" if heading is None else units.unit_of(heading) or self.sheet.unit

    def values(self, chunk: pa.Table, connection) -> pa.Table:
        """The chunk's rows in their order: the kind's stored columns, lineage and `rule`."""
        beside: dict[str, pa.Array] = {}
        given = {name: self._prepared(self.export[name], chunk[f"c{place}"], beside) for name, place in self.positions.items()}
        given = self._without_names(given)
        beside |= self._read(given, connection)
        texts = {f"c{place}": given[name].column for name, place in self.positions.items()}
        coded = self.coder.apply(pa.table({ROW_NUMBER: chunk[ROW_NUMBER], **texts, **beside}))
        connection.register("chunk", coded)
        made = connection.sql(parse.parse_query(self.export, self.kept)).to_arrow_table()
        return self._with_standing(made, coded)

    def _with_standing(self, made: pa.Table, coded: pa.Table) -> pa.Table:
        """What SQL made of a chunk together with the columns that it has nothing to do with."""
        if not made[ROW_NUMBER].equals(coded[ROW_NUMBER]):
            raise RuntimeError("the rows of a query came in another order than they went in")
        held = parse.standing(self.export, self.kept)
        columns = {}
        for column in self.export.stored:
            if column.name not in held:
                columns[column.name] = made[column.name]
            elif place := held[column.name]:
                columns[column.name] = pc.cast(coded[place], column.type)
            else:
                columns[column.name] = pa.nulls(len(made), column.type)
        return pa.table(columns | {name: made[name] for name in made.column_names if name not in columns})

    def _prepared(self, column: Column, cells: pa.ChunkedArray, beside: dict[str, pa.Array]) -> Texts:
        """A column's texts cleaned and without personal numbers; ID numbers become pseudonyms, with what they say put beside."""
        texts = Texts.of(whole(pc.cast(cells, pa.string())))
        made, changed = cleaned(texts.distinct, column.value)
        self._count("规整字符", column.name, texts.number(changed) if changed is not None else 0)
        if column.value == "person":
            return self._without_persons(column.name, texts.rows(made), beside)
        if column.value in MASKED | {"industry"}:
            before = made
            made, hidden = masking.masked(made, column.value in MASKED_NUMBERS, self.key)
            self._count("遮蔽个人信息", column.name, texts.number(pc.not_equal(before, made)) if hidden else 0)
        return Texts(made, texts.places)

    def _without_persons(self, name: str, numbers: pa.Array, beside: dict[str, pa.Array]) -> Texts:
        """Pseudonyms in place of an ID column's numbers."""
        persons = privacy.replace_persons(numbers, self.key)
        self._count("证件号被 Excel 改写或遮盖", name, persons.lost)
        beside[f"sex_of_{name}"], beside[f"birth_year_of_{name}"] = persons.sex, persons.birth_year
        beside[f"is_valid_{name}"] = persons.is_valid
        return Texts(persons.key)

    def _without_names(self, given: dict[str, Texts]) -> dict[str, Texts]:
        """The texts, of which none and no identifier tells the name of the row's own person."""
        said = [(name or "").replace(" ", "") for name in given[NAME].column.to_pylist()] if NAME in given else []
        names = [name if len(name) > 1 else None for name in said]
        for name in self.kept if any(names) else ():
            if self.export[name].value in MASKED:
                text, hidden = masking.nameless(given[name].rows(given[name].distinct), names)
                self._count("遮蔽个人信息", name, hidden)
                given = {**given, name: Texts.of(text)} if hidden else given
        return given

    def _read(self, given: dict[str, Texts], connection) -> dict[str, pa.Array]:
        """What parse.parse_query wants beside the texts of all columns but persons; each distinct text is read once."""
        columns = [self.export[name] for name in self.kept if self.export[name].value != "person"]
        distinct = {column.name: given[column.name].distinct for column in columns}
        by_sql = {c.name: self._expression(c, given[c.name]) for c in columns if c.value not in parse.WORDED}
        values, made = read_all(by_sql, distinct, connection), {}
        for column in columns:
            name, texts = column.name, given[column.name]
            if column.value in parse.WORDED:
                values[name] = self._worded(column, texts)
            elif column.value in moments.READERS:
                values[name] = with_moments(values[name], texts.distinct, column.value, column.type)
            made[f"read_{name}"] = texts.column if values[name] is texts.distinct else texts.rows(values[name])
            if column.value in parse.DOUBTED:
                made[f"doubt_{name}"] = _doubts(column, texts)
        if "uscc" in values:
            made["org_code_in_uscc"] = given["uscc"].rows(organisation_codes(values["uscc"], distinct["uscc"], connection))
        if "org_code" in values:
            made["uscc_in_org_code"] = given["org_code"].rows(credit_codes(distinct["org_code"], connection))
        return made

    def _worded(self, column: Column, texts: Texts) -> pa.Array:
        """What the texts of a column of words or rates mean."""
        if column.value == "rate":
            if column.name not in self.scales:
                self.scales[column.name] = units.scale_of(self._heading(column.name) or "", texts.rows(texts.distinct))
            return by_distinct(texts.distinct, lambda item: units.rate_of(item, self.scales[column.name]), column.type)
        read = terms.reader_of(column)
        return by_distinct(texts.distinct, lambda item: read(item).value, column.type)

    def _expression(self, column: Column, texts: Texts) -> str:
        """The SQL that reads a column's texts."""
        self._count_rounding(column.name, texts)
        is_plain = column.value in parse.PLAIN and cleaning.is_plain(texts.distinct, *parse.PLAIN[column.value][:2])
        return parse.expression_of(column, self.factors.get(column.name, parse.AS_IS), is_plain)

    def _count_rounding(self, name: str, texts: Texts) -> None:
        if self.factors.get(name) == parse.AS_IS and _has_more_decimals(texts.distinct):
            self._count("四舍五入到分", name, texts.number(pc.match_substring_regex(texts.distinct, FINER)))

    def _count(self, what: str, name: str, number: int) -> None:
        if number:
            self.repairs[what, self.export[name].title] += number

    def said(self) -> list[str]:
        """What was repaired, in Chinese, with columns and rows; no value."""
        said = []
        for name in (name for name, (bare, _) in self.factors.items() if bare != 1):
            unit = units.unit_of(self._heading(name) or "") or f"表头上方所注的{self.sheet.unit}"
            said.append(f"“{self.export[name].title}”按{unit}换算")
        said += [f"“{self.export[name].title}”按千分数读取" for name, scale in self.scales.items() if scale == 1000]
        for what in dict.fromkeys(what for what, _ in self.repairs):
            rows = "、".join(f"{title} {number:,} 行" for (kind, title), number in self.repairs.items() if kind == what)
            said.append(f"{what}：{rows}")
        return said


def _doubts(column: Column, texts: Texts) -> pa.Array:
    """In which rows there is doubt about a value though it is there."""
    read = terms.reader_of(column)
    doubts = by_distinct(texts.distinct, lambda item: read(item).is_doubtful, pa.bool_())
    return pc.fill_null(texts.rows(doubts), False)


def _has_more_decimals(column: pa.Array) -> bool:
    """Whether any number of a column seems to have more than two decimals: a look at its bytes, for columns of millions."""
    dots = np.flatnonzero(bytes_of(column) == ord("."))
    if not len(dots):
        return False
    offsets = offsets_of(column)
    ends = offsets[np.searchsorted(offsets, dots + offsets[0], side="right")]
    return bool((ends - offsets[0] - dots > 3).any())
