"""The small-cell rule of papers that leave the bureau: which counts stand alone, which are put together.

Belongs here: this one rule. Fewer than LEAST cases of a circumstance could tell colleagues about one person.
"""

from collections.abc import Sequence

LEAST = 3


def kept(counts: Sequence[int], most: int) -> int:
    """How many of the counts, largest first, may stand alone; the others are put together.

    At most `most`, none below LEAST. Where the others together come to less than LEAST, the smallest that stand alone join them,
    or the total would give them away.

    >>> kept([9, 4, 2, 2], 3), kept([9, 4, 1], 3), kept([4, 1], 3), kept([5, 3], 3), kept([2], 3)
    (2, 1, 0, 2, 0)
    """
    if list(counts) != sorted(counts, reverse=True):
        raise ValueError("counts must stand in falling order")
    shown = sum(count >= LEAST for count in counts[:most])
    while shown and 0 < sum(counts[shown:]) < LEAST:
        shown -= 1
    return shown
