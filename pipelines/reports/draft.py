"""What is said in 方案(征求意见稿).docx: a template's text with the figures of the marts, its programmes, its attachments.

Belongs here: the order of the text. The figures' words are draft_figures.py, the tables draft_tables.py, how it looks docx.py.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import pyarrow as pa

from pipelines.drafts import Attachment as Planned
from pipelines.drafts import Field, Section, Template
from pipelines.ingest.plan_edits import CANCELLED
from pipelines.policy import Policy
from pipelines.reports import draft_evidence, draft_tables
from pipelines.reports.draft_figures import PLACE, Rows, demand_of, figures, filled, item_figures, warning
from pipelines.reports.text import Attachment, Document, Heading, PageBreak, Paragraph, Part, Signature, Title

TITLE = "方案(征求意见稿)"
MARKS = ("系统生成初稿", "联席会议")
DATE = "20  年  月  日"
CLOSING = "系统生成初稿，未经审定；黄底处由起草人填写、核对。"
PLACES = {"items": "项目", "budget": "预算", "list": "名单", "outreach": "重点", "demand": "需求", "sites": "路段",
          "evidence": "数据", "notes": "说明"}


def document(
    tables: Mapping[str, pa.Table], month: int, policy: Policy, template: Template, is_simulated: bool
) -> Document | None:
    """The draft of a month from the marts by name; None where the policy has no plan."""
    rows = {name: table.to_pylist() for name, table in tables.items()}
    items = sorted((row for row in rows["plan_item"] if row["state"] != CANCELLED), key=lambda row: row["item_no"])
    if not rows["plan_item"]:
        return None
    known = {**figures(rows, month, policy), **_numbers(template)}
    attachments = tuple(_attachment(one, items, rows, policy, known) for one in template.attachments)
    marks = (*MARKS, "模拟数据") if is_simulated else MARKS
    head, front = _front(template, known)
    first = [Paragraph(text, kind="note") for text in [warning(rows)] if text]
    parts = (*first, *front, *_sections(template, items, rows, known))
    signed = Signature(template.signature, DATE) if template.signature else None
    closing = (*(filled(line, known) for line in template.closing), CLOSING)
    return replace(head, month=month, marks=marks, parts=parts, signature=signed, closing=closing, attachments=attachments)


def _numbers(template: Template) -> dict[str, str | None]:
    """The attachments' numbers by what they hold: {名单附件} is 附件3."""
    return {f"{PLACES[one.kind]}附件": f"附件{number}" for number, one in enumerate(template.attachments, 1)}


def _front(template: Template, known: Mapping[str, str | None]) -> tuple[Document, list[Part]]:
    """What stands above the plan: its own title, or the notice that issues it and then its title."""
    title = filled(template.title, known)
    if template.notice is None:
        return Document(title, 0, (), (), template.subtitle, template.number, template.recipient), []
    notice = template.notice
    front = [*(Paragraph(filled(text, known)) for text in notice.text), Signature(notice.signature, DATE), PageBreak(),
             Title(title, template.subtitle)]
    return Document(filled(notice.title, known), 0, (), (), template.subtitle, notice.number, notice.recipient), front


def _sections(template: Template, items: list[dict], rows: Rows, known: Mapping[str, str | None]) -> Iterator[Part]:
    actions = {section.action for section in template.sections}
    for section in template.sections:
        own = [row for row in items if row["action"] == section.action or (section.is_all and row["action"] not in actions)]
        if not section.is_all or section.text or own:
            yield from _text(section, known)
        for row in own:
            yield from _programme(row, section.level + bool(section.title), template, rows)


def _text(section: Section, known: Mapping[str, str | None]) -> Iterator[Part]:
    text = [filled(paragraph, known) for paragraph in section.text]
    if section.title:
        first = text.pop(0) if section.is_inline and text else ""
        yield Heading(filled(section.title, known), section.level, first)
    yield from (Paragraph(paragraph) for paragraph in text)


def _programme(row: Mapping, level: int, template: Template, rows: Rows) -> Iterator[Part]:
    """A programme's name and what is said of it."""
    known = item_figures(row, demand_of(rows, row))
    yield Heading(row["name"], level)
    for field in (field for field in template.fields if row["kind"] in (field.kinds or [row["kind"]])):
        if not field.is_optional or all(known.get(name) for name in PLACE.findall(field.value)):
            yield _field(field, {name: value or f"【待填：{field.title or name}】" for name, value in known.items()}, template)


def _field(field: Field, known: Mapping[str, str | None], template: Template) -> Part:
    text = filled(field.value, known)
    if template.is_numbered:
        return Heading(field.title, 4, text, mark="：")
    return Paragraph(text, f"{field.title}：" if field.title else "")


def _attachment(said: Planned, items: list[dict], rows: Rows, policy: Policy, known: Mapping[str, str | None]) -> Attachment:
    return Attachment(filled(said.title, known), tuple(_held(said, items, rows, policy, known)), said.is_wide)


def _held(said: Planned, items: list[dict], rows: Rows, policy: Policy, known: Mapping[str, str | None]) -> Iterable[Part]:
    """What an attachment holds, by its kind."""
    match said.kind:
        case "items":
            parts = draft_tables.items(said, items, rows["plan_budget"])
        case "budget":
            parts = draft_tables.budget(rows["plan_budget"])
        case "list":
            year = items[0]["plan_year"] if items else None
            decided = [row for row in rows["decided_enterprise"] if row["is_decided"] and row["year"] == year]
            parts = draft_tables.listed(rows["priority_enterprise"], decided, policy)
        case "outreach":
            parts = draft_tables.outreach(rows["outreach_enterprise"])
        case "demand":
            parts = draft_tables.demand(rows["training_demand"])
        case "sites":
            parts = draft_tables.sites(rows["commuting_hotspot"])
        case "evidence":
            parts = draft_evidence.parts(rows)
        case _:
            parts = draft_evidence.notes(items, rows, policy)
    yield from parts
    if said.note:
        yield Paragraph(filled(said.note, known), kind="note")
