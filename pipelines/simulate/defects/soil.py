"""What goes wrong inside a file, in order: columns, rows, headings, cells; each by its stated rate."""
from collections.abc import Mapping

import numpy as np

from pipelines.simulate.columns import Columns
from pipelines.simulate.defects import cells
from pipelines.simulate.defects.catalogue import Defect, Tally, catalogue, of_level, spread
from pipelines.simulate.defects.drafts import (
    NAMED_KINDS,
    Draft,
    Raw,
    by_name,
    draft_of,
    in_percent,
    in_ten_thousands,
    is_wide_able,
    shown,
    widened,
)
from pipelines.simulate.defects.headings import rename_headings
from pipelines.simulate.defects.rows import doubled, spoil

COLUMN_STEP, HEADING_STEP = 30, 20
SEPARATORS = (",", ";", "\t", '"')


def soiled(kind: str, columns: Columns, names: Mapping[str, str], number: int, tally: Tally, rng: np.random.Generator,
           form: str) -> Draft:
    """The number-th file of a delivery with its defects; `names` are the units' names by number.

    `form` is text, book (typed cells) or other.
    """
    can_widen = kind == "待遇支付" and is_wide_able(columns)
    draft = widened(columns) if can_widen and _is_drawn("wide_benefits", number, tally) else draft_of(kind, columns)
    draft = doubled(draft, tally, rng)
    _soil_columns(draft, names, number, tally)
    spoil(draft, tally, rng, form == "text")
    rename_headings(draft, spread(number, HEADING_STEP), float(rng.random()), tally)
    _soil_cells(draft, tally, rng, form)
    return draft


def _is_drawn(name: str, number: int, tally: Tally) -> bool:
    """Whether a file has a defect of a whole column."""
    order = [defect.name for defect in of_level("column")].index(name)
    tally.chances[name] += 1
    is_drawn = spread(number, COLUMN_STEP + order) < tally.rate_of(catalogue()[name])
    tally.found[name] += is_drawn
    return is_drawn


def _soil_columns(draft: Draft, names: Mapping[str, str], number: int, tally: Tally) -> None:
    if "amount" in draft.types.values() and _is_drawn("ten_thousand_heading", number, tally):
        in_ten_thousands(draft)
    if draft.name == "premium" and _is_drawn("rate_heading", number, tally):
        in_percent(draft, "单位费率", "%" if number % 2 else "‰")
    if draft.name in NAMED_KINDS and _is_drawn("unit_by_name", number, tally):
        by_name(draft, dict(names))


def _soil_cells(draft: Draft, tally: Tally, rng: np.random.Generator, form: str) -> None:
    done = {(mark.row, mark.column) for mark in draft.marks}
    for title, kind in sorted(draft.types.items(), key=lambda item: item[1] == "text"):
        u, v = rng.random((2, len(draft)))
        if kind:
            able = [defect for defect in of_level("cell", kind) if cells.FORMS.get(defect.name, form) == form]
            _soil_column(draft, title, able, tally, u, v, done)


def _soil_column(draft: Draft, title: str, defects: list[Defect], tally: Tally, u: np.ndarray, v: np.ndarray, done: set) -> None:
    """Each cell gets at most one defect, by where `u` falls among the rates; empty cells have one of their own."""
    null = catalogue()["null_word"]
    which = np.searchsorted(tally.edges(defects), u, side="right")
    for row, text in enumerate(draft.clean[title]):
        if (row, title) in done or row in draft.broken:
            continue
        if not text:
            tally.chances[null.name] += 1
            if u[row] < tally.rate_of(null):
                words = cells.NULL_WORDS[:1] if draft.types[title] == "flag" else cells.NULL_WORDS
                tally.found[null.name] += 1
                draft.write(row, title, null.name, words[int(v[row] * len(words))])
            continue
        for number, defect in enumerate(defects):
            if _fits(defect, draft, title, row):
                tally.chances[defect.name] += 1
                if which[row] == number:
                    tally.found[defect.name] += 1
                    draft.write(row, title, defect.name, _written(defect, draft, title, text, float(v[row])))


def _fits(defect: Defect, draft: Draft, title: str, row: int) -> bool:
    text = draft.clean[title][row]
    if defect.name in ("code_variant", "flag_variant"):
        return bool(_variants(draft, title, text))
    if defect.name == "quote" and any(sign in shown(column[row]) for column in draft.cells.values() for sign in SEPARATORS):
        return False
    return cells.WRITERS[defect.name][0](text)


def _variants(draft: Draft, title: str, text: str) -> list[str]:
    column = draft.column(title)
    if column is None:
        return []
    if column.value == "flag":
        return {"是": ["1", "Y", "有", "√"], "否": ["0", "N"]}.get(text, [])
    return cells.variants(column, text)


def _written(defect: Defect, draft: Draft, title: str, text: str, v: float) -> cells.Cell:
    if defect.name in ("code_variant", "flag_variant"):
        found = _variants(draft, title, text)
        return found[int(v * len(found))]
    cell = cells.WRITERS[defect.name][1](text, v)
    return Raw(shown(cell)) if defect.name == "quote" else cell
