"""Templates of the plan's text, one TOML file a policy: sections in the order of that city's plan, columns of its tables.

Belongs here: what a template may say, and reading it strictly. What stands in {braces} is filled in by reports/draft.py.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
USUAL = "expected-excess"
KINDS = ("items", "budget", "list", "outreach", "demand", "sites", "evidence", "notes")


class DraftError(Exception):
    """A template cannot be used; the message names the file, the entry and what may stand there."""


@dataclass(frozen=True)
class Field:
    """A line of a programme: heading and text. One that `is_optional` is left out where nothing is known.

    kinds  of programmes (plan_item's kind) that have the line; () = all
    """

    title: str
    value: str
    is_optional: bool = False
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """A section: heading ("" = none), paragraphs, and the programmes that the plan has under `action`.

    is_inline  the heading stands at the head of its first paragraph
    is_all     programmes that no other section has are here too
    """

    title: str = ""
    level: int = 1
    text: tuple[str, ...] = ()
    action: str = ""
    is_inline: bool = False
    is_all: bool = False


@dataclass(frozen=True)
class Attachment:
    """An attachment: `kind` says what it holds.

    columns  of items: heading, column of plan_item or text with {figures}, share of the width
    group    the column that parts the items; each part is numbered from 1 where it `is_restarted`
    """

    title: str
    kind: str
    columns: tuple[tuple[str, str, float], ...] = ()
    group: str = ""
    is_restarted: bool = False
    is_wide: bool = False
    note: str = ""


@dataclass(frozen=True)
class Notice:
    """The notice with which a plan is issued; it comes before the plan."""

    title: str
    number: str
    recipient: str
    text: tuple[str, ...]
    signature: tuple[str, ...]


@dataclass(frozen=True)
class Template:
    """The text of a plan.

    fields       what is said of each programme; is_numbered  as （1）（2）…
    signature    who issues it; "" of number, recipient = the plan has none
    closing      small lines at the end
    """

    title: str
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...]
    subtitle: str = "（征求意见稿）"
    number: str = ""
    recipient: str = ""
    signature: tuple[str, ...] = ()
    is_numbered: bool = False
    closing: tuple[str, ...] = ()
    notice: Notice | None = None


def names() -> list[str]:
    """The policies that have a template of their own."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(policy: str) -> Template:
    """The template of a policy, the usual one where it has none. Raises DraftError."""
    path = FOLDER / f"{policy if policy in names() else USUAL}.toml"
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DraftError(f"模板 {path.name} 不是有效的 TOML：{error}") from None
    return read(said, path.name)


def read(said: Mapping[str, Any], name: str) -> Template:
    """The template that a file says. Raises DraftError."""
    parts = {"field": Field, "section": Section, "attachment": Attachment}
    made: dict[str, Any] = {
        f"{key}s": tuple(_made(model, one, f"{name} 的 [[{key}]]") for one in said.get(key, [])) for key, model in parts.items()}
    if "notice" in said:
        made["notice"] = _made(Notice, said["notice"], f"{name} 的 [notice]")
    template = _made(Template, {**{key: said[key] for key in said if key not in parts}, **made}, name)
    for one in template.attachments:
        if one.kind not in KINDS:
            raise DraftError(f"模板 {name} 的附件“{one.title}”：kind 应为 {'、'.join(KINDS)}，收到的是 {one.kind!r}")
        if (one.kind == "items") != bool(one.columns):
            raise DraftError(f"模板 {name} 的附件“{one.title}”：columns 只属于 kind = \"items\"，也不可缺少")
    return template


def _made(model: type, said: Mapping[str, Any], where: str) -> Any:
    known = {one.name: one for one in fields(model)}
    if set(said) - set(known):
        raise DraftError(f"模板 {where} 中有不认识的 {'、'.join(sorted(set(said) - set(known)))}；可以有 {'、'.join(known)}")
    lacking = [name for name, one in known.items() if one.default is MISSING and name not in said]
    if lacking:
        raise DraftError(f"模板 {where} 缺少 {'、'.join(lacking)}")
    return model(**{name: _frozen(value) for name, value in said.items()})


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
