"""Steps of a file side by side, and columns of which each distinct text is worked once."""

import threading

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from pipelines.ingest.ahead import ahead
from pipelines.ingest.texts import SAMPLE, Texts


def test_the_next_item_is_made_while_the_last_one_is_worked_on():
    is_wanted, is_made = threading.Event(), threading.Event()

    def items():
        yield 1
        assert is_wanted.wait(10)
        is_made.set()
        yield 2

    with ahead(items()) as found:
        assert next(found) == 1
        is_wanted.set()
        assert is_made.wait(10)
        assert list(found) == [2]


def test_an_error_is_raised_in_its_place_and_what_was_open_is_closed():
    closed = []

    def items(fails: bool):
        try:
            yield 1
            if fails:
                raise OSError("x")
            yield 2
        finally:
            closed.append(fails)

    with pytest.raises(OSError), ahead(items(True)) as found:
        assert next(found) == 1
        next(found)
    with pytest.raises(KeyError), ahead(items(False)) as found:
        raise KeyError(next(found))
    assert closed == [True, False]


def columns() -> dict[str, pa.Array]:
    """Columns of many rows: few texts, texts in runs, hardly any text twice, hardly any text at all."""
    numbers = np.arange(20 * SAMPLE)
    return {"few": pa.array(numbers % 97).cast(pa.string()), "runs": pa.array(numbers // 12).cast(pa.string()),
            "single": pa.array(numbers).cast(pa.string()), "pairs": pa.array(numbers // 2).cast(pa.string()),
            "sparse": pc.if_else(pa.array(numbers % 500 == 0), pa.array(numbers).cast(pa.string()), pa.scalar(None, pa.string()))}


@pytest.mark.parametrize(("name", "is_repetitive"), [
    ("few", True), ("runs", True), ("single", False), ("pairs", False), ("sparse", True)])
def test_texts_are_told_apart_where_they_repeat(name, is_repetitive):
    column = columns()[name]
    texts = Texts.of(column)
    assert (texts.places is not None) is is_repetitive and len(texts.distinct) <= len(column)
    assert texts.rows(texts.distinct).equals(column) and pc.cast(texts.column, pa.string()).equals(column)


@pytest.mark.parametrize("name", columns())
def test_what_is_found_of_texts_is_counted_by_rows(name):
    column = columns()[name]
    texts, is_hit = Texts.of(column), pc.ends_with(column, "7")
    assert texts.number(pc.ends_with(texts.distinct, "7")) == pc.sum(is_hit).as_py()


def test_texts_that_come_to_stand_for_nothing_are_nulls_in_their_rows():
    texts = Texts.of(pa.array(["a", "无", None, "a", "无"]))
    cleaned = texts._replace(distinct=pc.if_else(pc.equal(texts.distinct, "无"), None, texts.distinct))
    assert pc.cast(cleaned.column, pa.string()).to_pylist() == ["a", None, None, "a", None]
