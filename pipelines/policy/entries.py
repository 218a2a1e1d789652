"""A TOML file read strictly: each of its tables with the line on which everything in it stands.

Belongs here: what may be wrong with any entry, and saying where. What a policy may say is reading.py.
"""

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn, TypeVar

Path = tuple[str | int, ...]
PART = r"""(?:[\w-]+|"(?:\\.|[^"\\])*"|'[^']*')"""
DOTTED = rf"{PART}(?:\s*\.\s*{PART})*"
HEADER = re.compile(rf"\s*(\[\[?)\s*({DOTTED})\s*\]")
KEY = re.compile(rf"\s*({DOTTED})\s*=")
MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
MOST = 1e9
T = TypeVar("T")
MULTILINE = {'"""': "D", "'''": "S"}
TOKEN = re.compile(r'''"""|\'\'\'|"(?:\\.|[^"\\])*"|'[^']*'|#.*|[\[\]{}]''')


class EntryError(ValueError):
    """An entry cannot be used; the message names its line and what may stand there."""


def lines_of(text: str) -> dict[Path, int]:
    """Where each table and key of a valid TOML text stands, lines from 1; the tables of an array are counted from 0.

    >>> lines_of("a = 1\\n[[b]]\\nc = [\\n  2]\\n[[b]]\\nc = 3")
    {('a',): 1, ('b', 0): 2, ('b', 0, 'c'): 3, ('b', 1): 5, ('b', 1, 'c'): 6}
    """
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    unfinished = ""
    for number, line in enumerate(text.splitlines(), 1):
        if unfinished:
            unfinished = _still_open(line, unfinished)
        elif header := HEADER.match(line):
            table = _under(_parts(header[2]), counts, is_new=header[1] == "[[")
            found[table] = number
        elif key := KEY.match(line):
            found[(*table, *_parts(key[1]))] = number
            unfinished = _still_open(line[key.end():], "")
    return found


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(PART, dotted)]


def _under(parts: list[str], counts: dict[Path, int], is_new: bool) -> Path:
    """The path of a header: in each array of tables on its way, the newest table."""
    path: Path = ()
    for number, part in enumerate(parts, 1):
        path = (*path, part)
        if is_new and number == len(parts):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _still_open(line: str, unfinished: str) -> str:
    """What is still open at the end of a line, the innermost last: D and S for texts over several lines, or a bracket."""
    for token in TOKEN.findall(line):
        kind = MULTILINE.get(token, token)
        if unfinished[-1:] in MULTILINE.values():
            unfinished = unfinished[:-1] if kind == unfinished[-1] else unfinished
        elif token in "]}":
            unfinished = unfinished[:-1]
        elif kind in (*MULTILINE.values(), "[", "{"):
            unfinished += kind
    return unfinished


@dataclass(frozen=True)
class Entries:
    """One table of a file. Every method that reads an entry raises EntryError where it is not what it should be."""

    said: Mapping
    path: Path
    lines: Mapping[Path, int]
    texts: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Entries":
        """The whole file. Raises EntryError when it is no TOML."""
        try:
            return cls(tomllib.loads(text), (), lines_of(text), tuple(text.splitlines()))
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"line (\d+)", str(error))
            number = int(place[1]) if place else len(text.splitlines())
            raise EntryError(f"第 {number} 行：不是有效的 TOML（{error}）") from None

    @property
    def title(self) -> str:
        names = ".".join(part for part in self.path if isinstance(part, str))
        brackets = "[[{}]]" if self.path and isinstance(self.path[-1], int) else "[{}]"
        return brackets.format(names) if names else "顶层"

    def refuse(self, why: str, name: str = "", value: object = None) -> NoReturn:
        """Raises EntryError at the line of an entry (of the table without one, of the file's end without any)."""
        line = self._line((*self.path, name) if name else self.path) or max(len(self.texts), 1)
        if isinstance(value, str):  # an element of an array, which may go over several lines
            spelled = (f'"{value}"', f"'{value}'")
            line = next((n for n, text in enumerate(self.texts[line - 1:], line) if any(s in text for s in spelled)), line)
        raise EntryError(f"第 {line} 行：{why}")

    def _line(self, path: Path) -> int:
        """Where an entry stands, or the nearest table that holds it; 0 for the file itself."""
        return self.lines.get(path) or (self._line(path[:-1]) if path else 0)

    def only(self, *allowed: str) -> None:
        """Refuses whatever else the table says."""
        for name in self.said:
            if name not in allowed:
                self.refuse(f"{self.title} 中有不认识的 {name}；只能有 {'、'.join(allowed)}", name)

    def needed(self, name: str, allowed: str = ""):
        """An entry that must be there."""
        if name not in self.said:
            self.refuse(f"{self.title} 缺少 {name}" + (f"；可以写 {allowed}" if allowed else ""))
        return self.said[name]

    def text(self, name: str) -> str:
        value = self.needed(name, "一段文字")
        if not isinstance(value, str) or not value.strip():
            self.refuse(f"{name} = {value!r} 须为文字", name)
        return value

    def flag(self, name: str) -> bool:
        value = self.needed(name, "true、false")
        if not isinstance(value, bool):
            self.refuse(f"{name} = {value!r} 只能是 true、false", name)
        return value

    def number(self, name: str, least: float, most: float = MOST) -> float:
        within = f"不小于 {least:g} 的数" if most == MOST else f"{least:g} 到 {most:g} 的数"
        value = self.needed(name, within)
        if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
            self.refuse(f"{name} = {value!r} 须为{within}", name)
        return value

    def whole(self, name: str, least: int) -> int:
        value = self.number(name, least)
        if not isinstance(value, int):
            self.refuse(f"{name} = {value!r} 须为整数", name)
        return value

    def one_of(self, name: str, allowed: Collection[str]) -> str:
        value = self.needed(name, "、".join(allowed))
        if not isinstance(value, str) or value not in allowed:
            self.refuse(f"{name} = {value!r} 不认识；只能是 {'、'.join(allowed)}", name)
        return value

    def some_of(self, name: str, allowed: Collection[str], unknown: str = "") -> tuple[str, ...]:
        """An array of distinct texts, each of them allowed; `unknown` says of one that is not what to do."""
        value = self.needed(name, f"[…]，其中 {'、'.join(allowed)}" if not unknown else "[…]")
        if not isinstance(value, list) or not value:
            self.refuse(f"{name} = {value!r} 须为至少一项的 […]", name)
        for part in value:
            if not isinstance(part, str) or part not in allowed:
                self.refuse(unknown.format(part) or f"{name} = {part!r} 不认识；只能是 {'、'.join(allowed)}", name, part)
            if value.count(part) > 1:
                self.refuse(f"{name} 中 {part} 重复", name, part)
        return tuple(value)

    def several(self, name: str) -> tuple[str, ...]:
        """An array of any texts, at least one."""
        value = self.needed(name, '["…"]')
        if not isinstance(value, list) or not value or not all(isinstance(part, str) and part.strip() for part in value):
            self.refuse(f'{name} = {value!r} 须为至少一段文字的 ["…"]', name)
        return tuple(value)

    def month(self, name: str) -> int:
        """A month, as yyyymm."""
        value = self.needed(name, '"2024-12"')
        if not isinstance(value, str) or not MONTH.fullmatch(value):
            self.refuse(f'{name} = {value!r} 须写成 "2024-12" 这样的月份', name)
        return int(value.replace("-", ""))

    def given(self, name: str, read: Callable[..., T], *how) -> T | None:
        """What `read` makes of an entry, None where it is absent."""
        return read(name, *how) if name in self.said else None

    def table(self, name: str) -> "Entries":
        value = self.needed(name, f"[{name}]")
        if not isinstance(value, Mapping):
            self.refuse(f"{name} 须为表 [{'.'.join([*map(str, self.path), name])}]", name)
        return Entries(value, (*self.path, name), self.lines, self.texts)

    def tables(self, name: str) -> Iterator["Entries"]:
        """The tables of an array, none where it is absent."""
        value = self.said.get(name, [])
        if not isinstance(value, list) or not all(isinstance(part, Mapping) for part in value):
            self.refuse(f"{name} 须为 [[{'.'.join([*map(str, self.path), name])}]]", name)
        for number, part in enumerate(value):
            yield Entries(part, (*self.path, name, number), self.lines, self.texts)
