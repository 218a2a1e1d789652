"""Documents of a month: a module for each kind. What goes in is read here, what it says and how it looks is in reports/.

Belongs here: which tables a document reads, where it lies, the note of its recipe beside it.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from pipelines.workspace import Workspace


def file_name(text: str) -> str:
    """The text without what no file system takes in a name."""
    return "".join("_" if letter in '\\/:*?"<>|' or ord(letter) < 32 else letter for letter in text)[:60]


def write(place: Workspace, month: int, name: str, tables: NamedTuple, draw: Callable[[Path], object]) -> Path:
    """Puts a document in place in one step, with the recipes of what it was made from beside it; `name` may name a folder."""
    path = place.documents(month) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.tmp")
    draw(temporary)
    recipes = {table: stored.recipe for table, stored in tables._asdict().items()}
    path.with_name(f"{path.name}.json").write_text(json.dumps({"inputs": recipes}, sort_keys=True), encoding="utf-8")
    os.replace(temporary, path)
    return path


def write_text(place: Workspace, month: int, name: str, tables: NamedTuple, text: str) -> Path:
    """The same for a document that is text: HTML, GeoJSON."""
    return write(place, month, name, tables, lambda path: path.write_text(text, encoding="utf-8"))


def remove(place: Workspace, month: int, name: str) -> None:
    """Takes away a document that the month no longer has, and the note beside it."""
    for left in (name, f"{name}.json"):
        (place.documents(month) / left).unlink(missing_ok=True)
