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
QUOTABLE = {"事故地点", "单位地址", "项目名称", "来源部门", "服务机构"}
"""Free texts, in which a stray quote changes no meaning."""
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
    """Each cell gets at most one defect; texts come last, since a stray quote needs a row without other separators."""
    done = {(mark.row, mark.column) for mark in draft.marks}
    crowded: set[int] | None = None
    for title, kind in sorted(draft.types.items(), key=lambda item: item[1] == "text"):
        u, v = rng.random((2, len(draft)))
        able = [defect for defect in of_level("cell", kind) if cells.FORMS.get(defect.name, form) == form]
        free = [row for row in range(len(draft)) if (row, title) not in done and row not in draft.broken] if kind else []
        _write_null_words(draft, title, free, tally, u, v)
        if crowded is None and kind == "text":
            crowded = _crowded_rows(draft)
        given = np.array([row for row in free if draft.clean[title][row]], int)
        drawn = np.searchsorted(tally.edges(able), u[given], side="right")
        for number, defect in enumerate(able):
            fitting = np.isin(given, _fitting(defect, draft, title, given.tolist(), crowded or set()))
            chosen = given[fitting & (drawn == number)].tolist()
            tally.chances[defect.name] += int(fitting.sum())
            tally.found[defect.name] += len(chosen)
            for row in chosen:
                draft.write(row, title, defect.name, _written(defect, draft, title, draft.clean[title][row], float(v[row])))
            if defect.name == "quote" and crowded is not None:
                crowded |= set(chosen)


def _write_null_words(draft: Draft, title: str, free: list[int], tally: Tally, u: np.ndarray, v: np.ndarray) -> None:
    """Some empty cells say so in a word; 无 means no where a column asks yes or no."""
    null = catalogue()["null_word"]
    words = cells.NULL_WORDS[:1] if draft.types[title] == "flag" else cells.NULL_WORDS
    for row in free:
        if not draft.clean[title][row]:
            tally.chances[null.name] += 1
            if u[row] < tally.rate_of(null):
                tally.found[null.name] += 1
                draft.write(row, title, null.name, words[int(v[row] * len(words))])


def _crowded_rows(draft: Draft) -> set[int]:
    return {row for column in draft.cells.values() for row, cell in enumerate(column)
            if isinstance(cell, str) and any(sign in cell for sign in SEPARATORS)}


def _fitting(defect: Defect, draft: Draft, title: str, rows: list[int], crowded: set[int]) -> list[int]:
    """The rows whose cell can have a defect."""
    texts = draft.clean[title]
    if defect.name in ("code_variant", "flag_variant"):
        known = {text for text in set(texts) if _variants(draft, title, text)}
        return [row for row in rows if texts[row] in known]
    if defect.name == "quote":
        return [row for row in rows if row not in crowded] if title in QUOTABLE else []
    fits = cells.WRITERS[defect.name][0]
    return rows if fits is cells.always else [row for row in rows if fits(texts[row])]


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
