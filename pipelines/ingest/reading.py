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
from pipelines.ingest import masking, moments, parse, privacy, terms, units
from pipelines.ingest.cache import Cache
from pipelines.ingest.cleaning import by_distinct, cleaned, is_plain
from pipelines.ingest.narratives import Coder

NAME = "person_name"
MASKED_NUMBERS = {"identifier", "document_no", "uscc", "org_code"}
MASKED = MASKED_NUMBERS | {"text"}
# More than two decimals that are not all 0.
FINER = r"SELECT count(*) FILTER (WHERE regexp_matches({place}, '\.\d{{2}}\d*[1-9]')) FROM chunk"


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
        for name, position in self.positions.items():
            chunk = self._prepared(chunk, self.export[name], f"c{position}", connection)
        chunk = self.coder.apply(self._without_names(chunk))
        connection.register("chunk", chunk)
        plain = [name for name, position in self.kept.items() if self._is_plain(chunk[f"c{position}"], self.export[name])]
        for name in self.factors:
            self._count_rounding(chunk, name, connection)
        query = parse.parse_query(self.export, self.kept, self.factors, plain)
        return connection.sql(query).to_arrow_table()

    @staticmethod
    def _is_plain(texts: pa.ChunkedArray, column: Column) -> bool:
        return column.value in parse.PLAIN and is_plain(texts.combine_chunks(), *parse.PLAIN[column.value][:2])

    def _count_rounding(self, chunk: pa.Table, name: str, connection) -> None:
        place = f"c{self.positions[name]}"
        if self.factors[name] == (1, 1) and _has_more_decimals(chunk[place].combine_chunks()):
            self._count("四舍五入到分", name, connection.sql(FINER.format(place=place)).fetchall()[0][0])

    def _prepared(self, chunk: pa.Table, column: Column, place: str, connection) -> pa.Table:
        """The chunk with one column's text cleaned, and its values beside it where they are not read by the query."""
        text = pc.cast(chunk[place], pa.string()).combine_chunks()
        if column.value in parse.WORDED | parse.REPEATED:
            return self._read_once(chunk, column, place, text, connection)
        text, changed = cleaned(text, column.value)
        self._count("规整字符", column.name, pc.sum(changed).as_py() if changed is not None else 0)
        if column.value == "person":
            return self._without_persons(chunk, column, place, text)
        if column.value in MASKED:
            text, hidden = masking.masked(text, column.value in MASKED_NUMBERS, self.key)
            self._count("遮蔽个人信息", column.name, hidden)
        return chunk.set_column(chunk.schema.get_field_index(place), place, text)

    def _without_names(self, chunk: pa.Table) -> pa.Table:
        """The chunk in which no text and no identifier tells the name of the row's own person."""
        if NAME not in self.positions:
            return chunk
        given = [(name or "").replace(" ", "") for name in chunk[f"c{self.positions[NAME]}"].to_pylist()]
        names = [name if len(name) > 1 else None for name in given]
        for name, position in self.kept.items():
            if self.export[name].value in MASKED and any(names):
                place = chunk.schema.get_field_index(f"c{position}")
                text, hidden = masking.nameless(chunk[f"c{position}"].combine_chunks(), names)
                self._count("遮蔽个人信息", name, hidden)
                chunk = chunk.set_column(place, f"c{position}", text)
        return chunk

    def _without_persons(self, chunk: pa.Table, column: Column, place: str, numbers: pa.Array) -> pa.Table:
        """The chunk with an ID column replaced by pseudonyms and what the numbers say beside it."""
        persons = privacy.replace_persons(numbers, self.key)
        self._count("证件号被 Excel 改写或遮盖", column.name, persons.lost)
        chunk = chunk.set_column(chunk.schema.get_field_index(place), place, persons.key)
        for said, values in (("sex_of", persons.sex), ("birth_year_of", persons.birth_year), ("is_valid", persons.is_valid)):
            chunk = chunk.append_column(f"{said}_{column.name}", values)
        return chunk

    def _read_once(self, chunk: pa.Table, column: Column, place: str, text: pa.Array, connection) -> pa.Table:
        """The chunk with `read_<name>`, and `doubt_<name>` where there may be doubt: a column of few distinct
        texts, each cleaned and read once."""
        encoded = text.dictionary_encode()
        distinct, changed = cleaned(encoded.dictionary, column.value)
        if changed is not None:
            self._count("规整字符", column.name, pc.sum(changed.take(encoded.indices)).as_py())
        if column.value == "industry":
            distinct, hidden = masking.masked(distinct, False, self.key)
            self._count("遮蔽个人信息", column.name, hidden)
        values = self._values(column, distinct, distinct.take(encoded.indices), connection)
        made = {place: distinct, f"read_{column.name}": values}
        if column.value in parse.DOUBTED:
            read = terms.reader_of(column)
            doubts = by_distinct(distinct, lambda item: read(item).is_doubtful, pa.bool_())
            made[f"doubt_{column.name}"] = pc.fill_null(doubts, False)
        chunk = chunk.drop_columns([place])
        for name, values in made.items():
            chunk = chunk.append_column(name, values.take(encoded.indices))
        return chunk

    def _values(self, column: Column, distinct: pa.Array, text: pa.Array, connection) -> pa.Array:
        """What a column's distinct texts mean; `text` is the whole column, by which the scale of rates is told."""
        if column.value == "rate":
            scale = self.scales.setdefault(column.name, units.scale_of(self._heading(column.name), text))
            return by_distinct(distinct, lambda item: units.rate_of(item, scale), column.type)
        if column.value in parse.WORDED:
            read = terms.reader_of(column)
            return by_distinct(distinct, lambda item: read(item).value, column.type)
        return read_by_macro(distinct, column.value, column.type, connection)

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


def read_by_macro(texts: pa.Array, value: str, kind: pa.DataType, connection) -> pa.Array:
    """What texts mean to their macro; days and months that it leaves are read one by one."""
    connection.register("distinct_text", pa.table({"x": texts}))
    query = f"SELECT as_{value}(x) AS x FROM distinct_text"
    values = pc.cast(connection.sql(query).to_arrow_table()["x"].combine_chunks(), kind)
    left = pc.and_(pc.is_valid(texts), pc.is_null(values)) if value in moments.READERS else None
    if left is None or not pc.any(left).as_py():
        return values
    read = moments.READERS[value]
    return pc.replace_with_mask(values, left, pa.array([read(text) for text in texts.filter(left).to_pylist()], kind))


def _has_more_decimals(column: pa.Array) -> bool:
    """Whether any number of a column seems to have more than two decimals: a look at its bytes, for columns of millions."""
    column = pc.fill_null(column, "")
    offsets = np.frombuffer(column.buffers()[1], np.int32)[column.offset:column.offset + len(column) + 1]
    dots = np.flatnonzero(np.frombuffer(column.buffers()[2] or b"", np.uint8)[:offsets[-1] if len(offsets) else 0] == ord("."))
    dots = dots[dots >= offsets[0]] if len(offsets) else dots
    ends = offsets[1:] if len(dots) == len(column) else offsets[np.searchsorted(offsets, dots, side="right")]
    return bool((ends - dots > 3).any())
