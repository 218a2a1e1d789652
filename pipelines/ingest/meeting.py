"""联席会议审定表: the list as the product put it before the meeting, filled in and dropped into data/raw, read as a 联席会议审定.

Belongs here: what tells its sheet from any other export of that kind, and its rows that nobody has filled in. All else is read as
in any export (intake.py).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from pipelines.ingest.control import ControlError
from pipelines.ingest.readers import ROW_NUMBER, Sheet
from pipelines.suggested import place_of

SHEET = "联席会议审定表"
ANSWERS = ("is_selected", "reason", "opinion")
NAMES = ("enterprise_id", "enterprise_name")
LISTED_AS = "listed_as"
UNFILLED = "没有填写审定"


def filled(sheet: Sheet, positions: Mapping[str, int]) -> Sheet:
    """The sheet without the rows that the product wrote and nobody filled in; any other sheet as it is.

    Reading it raises ControlError where its rows come from several lists.
    """
    if LISTED_AS not in positions:
        return sheet
    return replace(sheet, batches=_batches(sheet, positions))


def _batches(sheet: Sheet, positions: Mapping[str, int]) -> Callable[[Sequence[int]], Iterator[pa.Table]]:
    def batches(asked: Sequence[int]) -> Iterator[pa.Table]:
        first = ""
        for table in sheet.batches(asked):
            texts = {name: _text(table, positions.get(name)) for name in (*ANSWERS, *NAMES, LISTED_AS)}
            first = _one_list(texts[LISTED_AS], table[ROW_NUMBER].to_pylist(), first)
            keep = [_is_filled({name: column[row] for name, column in texts.items()}) for row in range(len(table))]
            rows = zip(table[ROW_NUMBER].to_pylist(), keep, texts[LISTED_AS], strict=True)
            sheet.left_out += [(number, UNFILLED) for number, is_kept, listed_as in rows if listed_as and not is_kept]
            yield table.filter(pa.array(keep, pa.bool_()))

    return batches


def _text(table: pa.Table, position: int | None) -> list[str]:
    if position is None or f"c{position}" not in table.column_names:
        return [""] * len(table)
    return [(text or "").strip() for text in pc.cast(table[f"c{position}"], pa.string()).to_pylist()]


def _is_filled(cells: Mapping[str, str]) -> bool:
    """Whether a person wrote into the row: an answer, its reason, or a unit that the list did not have."""
    is_added = not cells[LISTED_AS] and any(cells[name] for name in NAMES)
    return is_added or any(cells[name] for name in ANSWERS)


def _one_list(texts: list[str], numbers: list[int], first: str) -> str:
    """The version of the sheet's list. Raises ControlError where a row has been pasted in from another one."""
    for number, place in zip(numbers, map(place_of, texts), strict=True):
        if place and first and place.version != first:
            raise ControlError(f"第 {number} 行来自名单 {place.version}，前面的行来自名单 {first}；不同名单的{SHEET}请各自放入")
        first = place.version if place else first
    return first
