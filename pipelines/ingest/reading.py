"""A chunk's texts on their way to values: cleaned, persons replaced, personal numbers masked, few distinct texts read once.

Belongs here: the order of these steps, and the count of what was repaired. The steps themselves are cleaning.py, privacy.py,
masking.py, terms.py and units.py; the rest of the values and the rules of a row are parse.py.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts.model import UNSTORED, Column, Export
from pipelines.ingest import cleaning, masking, moments, parse, privacy, terms, units
from pipelines.ingest.cache import Cache
from pipelines.ingest.cleaning import by_distinct, cleaned
from pipelines.ingest.grid import ROW_NUMBER
from pipelines.ingest.narratives import Coder
from pipelines.ingest.texts import Texts

NAME = "person_name"
MASKED_NUMBERS = {"identifier", "document_no", "uscc", "org_code"}
MASKED = MASKED_NUMBERS | {"text"}
# More than two decimals that are not all 0.
FINER = r"\.\d{2}\d*[1-9]"


class Reading:
    """How one sheet's texts are read: its columns by name, what its headings say of units, and what was repaired so far."""

    def __init__(self, headings: Sequence[str], export: Export, positions: Mapping[str, int], at: Cache):
        self.headings, self.export, self.positions, self.key = headings, export, positions, at.key
        self.kept = {name: position for name, position in positions.items() if export[name].value not in UNSTORED}
        self.coder = Coder(export, positions)
        self.repairs: Counter[tuple[str, str]] = Counter()
        self.scales: dict[str, int] = {}
        self.factors = {name: units.factors(self._heading(name), export[name])
                        for name in positions if export[name].value == "amount"}

    def _heading(self, name: str) -> str:
        """The heading as it stands in the sheet; a column that only corrections fill has none."""
        position = self.positions[name]
        return self.headings[position] if position < len(self.headings) else ""

    def values(self, chunk: pa.Table, connection) -> pa.Table:
        """The chunk's rows with their values, lineage and rules, as parse.parse_query describes them."""
        beside: dict[str, pa.Array] = {}
        given = {name: self._prepared(self.export[name], chunk[f"c{place}"], beside) for name, place in self.positions.items()}
        given = self._without_names(given)
        for name in self.kept:
            if self.export[name].value != "person":
                beside |= self._read(self.export[name], given[name], connection)
        texts = {f"c{place}": given[name].column for name, place in self.positions.items()}
        coded = self.coder.apply(pa.table({ROW_NUMBER: chunk[ROW_NUMBER], **texts, **beside}))
        connection.register("chunk", coded)
        return connection.sql(parse.parse_query(self.export, self.kept)).to_arrow_table()

    def _prepared(self, column: Column, cells: pa.ChunkedArray, beside: dict[str, pa.Array]) -> Texts:
        """A column's texts cleaned and without personal numbers; ID numbers become pseudonyms, with what they say put beside."""
        texts = Texts.of(pc.cast(cells, pa.string()).combine_chunks())
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

    def _read(self, column: Column, texts: Texts, connection) -> dict[str, pa.Array]:
        """`read_<name>` with a column's values, and `doubt_<name>` where there may be doubt; each distinct text is read once."""
        values = self._values(column, texts, connection)
        made = {f"read_{column.name}": texts.rows(values) if values is not texts.distinct else texts.column}
        if column.value in parse.DOUBTED:
            read = terms.reader_of(column)
            doubts = by_distinct(texts.distinct, lambda item: read(item).is_doubtful, pa.bool_())
            made[f"doubt_{column.name}"] = pc.fill_null(texts.rows(doubts), False)
        return made

    def _values(self, column: Column, texts: Texts, connection) -> pa.Array:
        """What a column's texts mean."""
        given, value = texts.distinct, column.value
        if value == "rate":
            if column.name not in self.scales:
                self.scales[column.name] = units.scale_of(self._heading(column.name), texts.rows(given))
            return by_distinct(given, lambda item: units.rate_of(item, self.scales[column.name]), column.type)
        if value in parse.WORDED:
            read = terms.reader_of(column)
            return by_distinct(given, lambda item: read(item).value, column.type)
        if value in moments.READERS:
            return read_moments(given, value, column.type, connection)
        self._count_rounding(column.name, texts)
        is_plain = value in parse.PLAIN and cleaning.is_plain(given, *parse.PLAIN[value][:2])
        return read_by(parse.expression_of(column, self.factors.get(column.name, parse.AS_IS), is_plain), given, connection)

    def _count_rounding(self, name: str, texts: Texts) -> None:
        if self.factors.get(name) == parse.AS_IS and _has_more_decimals(texts.distinct):
            self._count("四舍五入到分", name, texts.number(pc.match_substring_regex(texts.distinct, FINER)))

    def _count(self, what: str, name: str, number: int) -> None:
        if number:
            self.repairs[what, self.export[name].title] += number

    def said(self) -> list[str]:
        """What was repaired, in Chinese, with columns and rows; no value."""
        said = [f"“{self.export[name].title}”按{units.unit_of(self._heading(name))}换算"
                for name, (bare, _) in self.factors.items() if bare != 1]
        said += [f"“{self.export[name].title}”按千分数读取" for name, scale in self.scales.items() if scale == 1000]
        for what in dict.fromkeys(what for what, _ in self.repairs):
            rows = "、".join(f"{title} {number:,} 行" for (kind, title), number in self.repairs.items() if kind == what)
            said.append(f"{what}：{rows}")
        return said


def read_moments(texts: pa.Array, value: str, kind: pa.DataType, connection) -> pa.Array:
    """The days, moments, months or years that texts tell: by the macro, and what it leaves one by one."""
    values = pc.cast(read_by(f"as_{value}(x)", texts, connection), kind)
    left = pc.and_(pc.is_valid(texts), pc.is_null(values))
    if not pc.any(left).as_py():
        return values
    read = moments.READERS[value]
    return pc.replace_with_mask(values, left, pa.array([read(text) for text in texts.filter(left).to_pylist()], kind))


def read_by(expression: str, texts: pa.Array, connection) -> pa.Array:
    """What an expression of SQL makes of each text `x`."""
    if expression == "x":
        return texts
    connection.register("given_text", pa.table({"x": texts}))
    return connection.sql(f"SELECT {expression} AS x FROM given_text").to_arrow_table()["x"].combine_chunks()


def _has_more_decimals(column: pa.Array) -> bool:
    """Whether any number of a column seems to have more than two decimals: a look at its bytes, for columns of millions."""
    column = pc.fill_null(column, "")
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset:column.offset + len(column) + 1]
    dots = np.flatnonzero(np.frombuffer(column.buffers()[2] or b"", np.uint8)[:offsets[-1] if len(offsets) else 0] == ord("."))
    dots = dots[dots >= offsets[0]] if len(offsets) else dots
    ends = offsets[1:] if len(dots) == len(column) else offsets[np.searchsorted(offsets, dots, side="right")]
    return bool((ends - dots > 3).any())
