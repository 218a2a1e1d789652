"""A column's texts for work on each distinct one once, whatever the number of rows that repeat it.

Belongs here: whether a column's texts repeat, where each stands, the way back to the rows. What is done to a text is
cleaning.py, masking.py, terms.py and values.sql.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

SAMPLE = 1_024
"""Rows by which a long column is judged."""


class Texts(NamedTuple):
    """The texts of a column: each once, with the place among them of every row's; row by row (no places) where they hardly
    repeat, since finding the distinct ones then costs more than it saves."""

    distinct: pa.Array
    places: pa.Array | None = None

    @classmethod
    def of(cls, column: pa.Array) -> "Texts":
        """The texts of a column, in the order of their first rows."""
        if not _is_repetitive(column):
            return cls(column)
        encoded = column.dictionary_encode()
        return cls(encoded.dictionary, encoded.indices)

    @property
    def column(self) -> pa.Array:
        """The texts of all rows; a dictionary where they repeat."""
        return self.distinct if self.places is None else pa.DictionaryArray.from_arrays(self.places, self.distinct)

    def rows(self, values: pa.Array) -> pa.Array:
        """What was found for each text, for every row."""
        return values if self.places is None else values.take(self.places)

    def number(self, is_hit: pa.Array) -> int:
        """In how many rows a text that is hit stands."""
        return pc.sum(self.rows(is_hit)).as_py() or 0


def whole(column: pa.ChunkedArray) -> pa.Array:
    """A column in one piece, as it lies where it is one: combine_chunks copies even then."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def bytes_of(column: pa.Array) -> np.ndarray:
    """The bytes of all texts of a column, one after another (uint8)."""
    if not len(column) or column.buffers()[2] is None:
        return np.zeros(0, np.uint8)
    ends = offsets_of(column)
    return np.frombuffer(column.buffers()[2], np.uint8)[ends[0]:ends[-1]]


def offsets_of(column: pa.Array) -> np.ndarray:
    """Where each text begins in the buffer that holds them, and where the last one ends (int32)."""
    return np.frombuffer(column.buffers()[1], np.int32)[column.offset:column.offset + len(column) + 1]


def _is_repetitive(column: pa.Array) -> bool:
    """Whether a text stands in four rows or more on average, as far as a sample tells: of so many rows drawn from texts that
    stand `n` times each, SAMPLE² * n / (2 * rows) repeat another."""
    if len(column) <= 4 * SAMPLE:
        return True
    drawn = column.take(pa.array(np.random.default_rng(0).integers(len(column), size=SAMPLE)))
    repeated = SAMPLE - pc.count_distinct(drawn).as_py()
    return repeated * len(column) >= 2 * SAMPLE**2
