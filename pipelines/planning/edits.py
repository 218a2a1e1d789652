"""What analysts have changed of a drafted plan, put over the draft.

Belongs here: which edits hold and what they do to a row. How they are read back is ingest/plan_edits.py.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from pipelines.contracts.model import COUNT, RATIO, YUAN
from pipelines.contracts.plan import PLAN_ITEM
from pipelines.ingest.plan_edits import ADDED, CANCELLED
from pipelines.policy.programmes import FUNDING

BASIS = {"quantity": "quantity_basis", "persons": "persons_basis", "budget_yuan": "budget_basis"}
BOUND = {"quantity": "quantity_bound", "persons": "persons_bound"}
NEW = {"quantity_basis": "none", "persons_basis": "none", "budget_basis": "none", "is_budget_most": False, "funding": FUNDING,
       "section": "项目计划表新增", "state": "added", "action": "新增"}


def applied(drafted: Iterable[dict], edits: Iterable[Mapping], policy: str, common: Mapping) -> list[dict]:
    """The drafted rows with the edits of the same plan year and policy, the later ones over the earlier ones; added ones last."""
    rows = {row["programme_id"]: dict(row) for row in drafted}
    for edit in edits:
        name = edit["programme_id"]
        if not holds(edit, policy, common["plan_year"]):
            continue
        if edit["column_name"] == ADDED and name not in rows:
            rows[name] = {**dict.fromkeys(PLAN_ITEM.names), **NEW, **common, "programme_id": name, "item_no": len(rows) + 1}
        if name in rows:
            _apply(rows[name], edit)
    return list(rows.values())


def holds(edit: Mapping, policy: str, year: int) -> bool:
    """Whether an edit is of this plan: of its year, under its policy."""
    return edit["plan_year"] == year and edit["policy"] == policy


def unused(edits: Iterable[Mapping], items: Iterable[Mapping], policy: str, year: int) -> dict[str, str]:
    """Document -> why edits of it hold for nothing here."""
    known, found = {row["programme_id"] for row in items}, {}
    for edit in edits:
        if not holds(edit, policy, year):
            found[edit["path"]] = f"是 {edit['plan_year']} 年、政策 {edit['policy']} 的计划"
        elif edit["programme_id"] not in known:
            found[edit["path"]] = f"政策中没有项目 {edit['programme_id']}"
    return found


def _apply(row: dict, edit: Mapping) -> None:
    name, value = edit["column_name"], edit["value"]
    if name == CANCELLED:
        row["state"] = CANCELLED if value else "edited"
    elif name != ADDED:
        row[name] = _typed(name, value)
        if name in BASIS:
            row[BASIS[name]] = "edited" if value else "none"
        if name in BOUND:
            row[BOUND[name]] = "exact" if value else None
        row["is_budget_most"] = row["is_budget_most"] and name != "budget_yuan"
        if row["state"] != "added":
            row["state"] = "edited"
            titles = filter(None, [row.get("edited"), PLAN_ITEM[name].title])
            row["edited"] = "、".join(dict.fromkeys("、".join(titles).split("、")))
    row["edit_reason"], row["edit_file"] = edit["reason"], edit["path"]


def _typed(name: str, value: str):
    """A value as its column holds it."""
    if not value:
        return None
    column = PLAN_ITEM[name]
    if column.type == YUAN:
        return Decimal(value).quantize(Decimal("0.01"))
    if column.type == RATIO:
        return float(value)
    return int(float(value)) if column.type == COUNT or column.unit == "yyyymm" else value
