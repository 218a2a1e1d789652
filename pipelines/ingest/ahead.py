"""Steps of a long file side by side: while one works on a chunk, the step before it makes the next.

Belongs here: the thread between two steps. Arrow, numpy and DuckDB let other threads work meanwhile.
"""

from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")


@contextmanager
def ahead(items: Generator[Item]) -> Iterator[Iterator[Item]]:
    """The items in their order, each made in a thread while the one before it is worked on, the first at once; two are held.

    What is raised over an item is raised in its place.

    >>> with ahead(n * n for n in range(4)) as squares:
    ...     list(squares)
    [0, 1, 4, 9]
    """
    with ThreadPoolExecutor(1, "ahead") as thread:
        first = thread.submit(next, items, None)
        try:
            yield _each(items, thread, first)
        finally:
            thread.submit(items.close)


def _each(items: Iterator[Item], thread: ThreadPoolExecutor, coming: Future[Item | None]) -> Iterator[Item]:
    while (item := coming.result()) is not None:
        coming = thread.submit(next, items, None)
        yield item
