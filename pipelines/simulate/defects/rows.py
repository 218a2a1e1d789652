"""Defects of whole rows: rows that come twice, and values that nobody can repair but who asks the bureau.

At most one such value is put into a row, so that one round of corrections settles it.
"""
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

import numpy as np

from pipelines.simulate.defects.catalogue import Defect, Tally, of_level
from pipelines.simulate.defects.cells import Cell
from pipelines.simulate.defects.drafts import Draft, Mark, shown

STALE = {"enterprise": "职工人数", "premium": "缴费人数", "payout": "支付金额"}
"""What differs in the earlier version of a row."""
DAY = {"premium": "到账日期", "claim": "事故时间", "appraisal": "鉴定结论日期", "payout": "支付日期", "designation": "列入日期",
       "incident": "事故时间", "traffic_accident": "事故时间"}
NEEDED = {"premium": "费款所属期", "claim": "事故时间", "appraisal": "鉴定结论日期", "payout": "支付金额", "incident": "事故时间",
          "key_staff": "应训人数"}
AMOUNT = {"premium": "实缴金额", "payout": "支付金额", "programme": "合同金额"}
CODED = {"claim": ("认定结论", "其他结论"), "enterprise": ("参保状态", "挂起"), "premium": ("缴费类型", "其他类型")}
IMPOSSIBLE = ("2024-02-30", "2023-13-05", "2024-00-10")
FUTURE = "2035-01-15"
NO_AMOUNT = ("壹佰元整", "见附件", "#VALUE!")
SMALL_UNIT, MANY_HEADS = 30, 5000
Place = Callable[[Draft], str]
Wrong = Callable[[str, float], Cell]


def _of(titles: Mapping[str, str]) -> Place:
    return lambda draft: titles.get(draft.name, "")


def _at(title: str) -> Place:
    return lambda draft: title


WRONG: Mapping[str, tuple[Place, Wrong]] = {
    "future_date": (_of(DAY), lambda text, v: FUTURE + text[10:]),
    "impossible_date": (_of(DAY), lambda text, v: IMPOSSIBLE[int(v * 3)] + text[10:]),
    "amount_words": (_of(AMOUNT), lambda text, v: NO_AMOUNT[int(v * 3)]),
    "key_missing": (_of(NEEDED), lambda text, v: None),
    "identifier_rounded": (_at("单位编号"), lambda text, v: f"{float(text):.5E}"),
    "person_rounded": (_at("社会保障号码"), lambda text, v: text[:15] + "000"),
    "person_scientific": (_at("社会保障号码"), lambda text, v: f"{float(text[:17]) * 10:.5E}"),
    "credit_code_lost": (_at("统一社会信用代码"), lambda text, v: f"{float(text):.5E}" if v < 0.5 else text[:15] + "000"),
    "code_unknown": (lambda draft: CODED[draft.name][0], lambda text, v: ""),
    "clause_ambiguous": (_at("认定依据"), lambda text, v: "第十五条第二款"),
    "grade_unknown": (_at("伤残等级"), lambda text, v: "十二级"),
    "wage_of_three": (_at("缴费基数总额"), lambda text, v: None),
    "heads_of_thousands": (_at("缴费人数"), lambda text, v: MANY_HEADS),
    "refund_unsigned": (_at("实缴金额"), lambda text, v: float(text.lstrip("-"))),
}


def doubled(draft: Draft, tally: Tally, rng: np.random.Generator) -> Draft:
    """The file with some rows twice, and some preceded by an older version of themselves with another value."""
    u, stale = rng.random(len(draft)), STALE.get(draft.name, "")
    keyed = [row for row in range(len(draft)) if _is_keyed(draft, row)]
    twice = _drawn("duplicate_row", keyed, u, tally, draft)
    able = [row for row in keyed if stale in draft.clean and draft.clean[stale][row] and row not in twice]
    older = _drawn("stale_row", able, 1 - u, tally, draft)
    order, marks, twins = [], list(draft.marks), set()
    for row in range(len(draft)):
        if row in older or row in twice:
            defect = "stale_row" if row in older else "duplicate_row"
            marks.append(Mark(len(order) + (row in twice), "", defect, "", ""))
            twins |= {len(order), len(order) + 1}
            order.append(row)
        order.append(row)
    clean = {title: [values[row] for row in order] for title, values in draft.clean.items()}
    cells = {title: [values[row] for row in order] for title, values in draft.cells.items()}
    for mark in marks:
        if mark.defect == "stale_row":
            value = Decimal(clean[stale][mark.row])
            changed = value + 2 if stale != "支付金额" else value / 2
            clean[stale][mark.row] = str(changed.quantize(Decimal("0.01")) if stale == "支付金额" else changed)
            cells[stale][mark.row] = float(changed) if stale == "支付金额" else int(changed)
    return replace(draft, clean=clean, cells=cells, marks=marks, twins=twins)


def _is_keyed(draft: Draft, row: int) -> bool:
    """Whether a second row of the same key replaces the first."""
    if draft.name == "premium":
        return draft.clean["缴费类型"][row] == "正常"
    return draft.name != "claim" or bool(draft.clean["工伤认定信息ID"][row])


def _drawn(name: str, able: list[int], u: np.ndarray, tally: Tally, draft: Draft) -> set[int]:
    for defect in of_level("row", draft.name):
        if defect.name == name:
            chosen = {row for row in able if u[row] < tally.rate_of(defect)}
            tally.chances[name] += len(able)
            tally.found[name] += len(chosen)
            return chosen
    return set()


def spoil(draft: Draft, tally: Tally, rng: np.random.Generator, is_text: bool) -> None:
    """Puts at most one wrong value into each row, and breaks some rows of text files."""
    defects = [defect for defect in of_level("row", draft.name) if _is_possible(defect, draft, is_text)]
    u, v = rng.random((2, len(draft)))
    which = np.searchsorted(tally.edges(defects), u, side="right")
    for number, defect in enumerate(defects):
        able = [row for row in range(len(draft)) if row not in draft.twins and _fits(defect, draft, row)]
        tally.chances[defect.name] += len(able)
        for row in able:
            if which[row] == number:
                tally.found[defect.name] += 1
                _apply(defect, draft, row, float(v[row]))


def _is_possible(defect: Defect, draft: Draft, is_text: bool) -> bool:
    if defect.name in ("duplicate_row", "stale_row"):
        return False
    if defect.name == "broken_row":  # a row with one column per benefit cannot be given back as a whole
        return is_text and (draft.name != "payout" or "待遇项目" in draft.types)
    title = WRONG[defect.name][0](draft)
    return bool(draft.types.get(title))


def _fits(defect: Defect, draft: Draft, row: int) -> bool:
    if defect.name == "broken_row":
        return True
    text = draft.clean[WRONG[defect.name][0](draft)][row]
    if defect.name in ("wage_of_three", "heads_of_thousands"):
        heads = draft.clean["缴费人数"][row]
        is_small = defect.name == "wage_of_three" or int(heads or 0) < SMALL_UNIT
        return bool(text and heads) and int(heads) > 0 and draft.clean["缴费类型"][row] == "正常" and is_small
    if defect.name == "refund_unsigned":
        return draft.clean["缴费类型"][row] == "退费" and text.startswith("-")
    if defect.name == "credit_code_lost":
        return text.isdigit() and not text.endswith("000")
    return bool(text) and (not defect.name.startswith("person") or len(text) == 18)


def _apply(defect: Defect, draft: Draft, row: int, v: float) -> None:
    if defect.name == "broken_row":
        draft.broken[row] = v
        draft.marks += [Mark(row, title, "broken_row", shown(column[row]), "") for title, column in draft.cells.items()]
        return
    place, wrong = WRONG[defect.name]
    title = place(draft)
    cell = wrong(draft.clean[title][row], v)
    if defect.name == "wage_of_three":
        cell = float(3 * int(draft.clean["缴费人数"][row]))
    if defect.name == "code_unknown":
        cell = CODED[draft.name][1]
    draft.write(row, title, defect.name, cell)
