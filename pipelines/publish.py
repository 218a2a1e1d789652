"""A month becomes public whole or not at all.

Belongs here: the chain of recipes, the version folder, its manifest, the swap of the link, what a published month stands on.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyarrow as pa

from pipelines import issue, lazy, norm_table, official_list
from pipelines import policy as policies
from pipelines.contracts.catalogue import CONTRACTS, PUBLIC
from pipelines.contracts.exports import EXPORTS
from pipelines.deliveries import Deliveries
from pipelines.policy import Policy
from pipelines.workspace import Workspace, folder_name

MANIFEST = "manifest.json"
VERSIONS = ".versions"


class StaleTableError(Exception):
    """Tables of the month do not belong together; the message names them."""


class ChangedRawFileError(Exception):
    """A raw file that published months stand on has changed or vanished; the message names file and months."""


@cache
def code_version() -> str:
    """A digest of the product's own sources: what `same release` means."""
    root = Path(__file__).parent.parent
    sources = sorted(path for folder in ("pipelines", "assets") for path in (root / folder).rglob("*")
                     if path.suffix in (".py", ".sql", ".toml", ".csv", ".html", ".css", ".js"))
    listed = "".join(f"{path.relative_to(root)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n" for path in sources)
    return hashlib.sha256(listed.encode()).hexdigest()[:16]


def stale_tables(workspace: Workspace, month: int, deliveries: Deliveries) -> list[str]:
    """Tables that are missing, or made from another state of a table, of the deliveries or of the settings than now."""
    stored = {name: workspace.stored(name, month) for name in CONTRACTS if name != "raw_file"}
    footers = {name: lazy.footer(item.path) if item.path.exists() else None for name, item in stored.items()}
    stale = [name for name, said in footers.items() if said is None]
    now = {name: said["recipe"] for name, said in footers.items() if said}
    now |= {f"{kind}_row": deliveries.of(kind).recipe for kind in EXPORTS}
    now |= {name: lazy.recipe_of(table) for name, table in _settled(workspace, month).items()}
    now["plan_edit"] = lazy.recipe_of(deliveries.plan_edits())
    for name, said in footers.items():
        inputs = said["inputs"] if said else {}
        if any(now.get(source, recipe) != recipe for source, recipe in inputs.items()):
            stale.append(name)
    for path in sorted(workspace.documents(month).rglob("*.json")):
        inputs = json.loads(path.read_text(encoding="utf-8"))["inputs"]
        if any(now.get(source) != recipe for source, recipe in inputs.items()):
            stale.append(path.stem)
    return sorted(set(stale))


def _settled(workspace: Workspace, month: int) -> dict[str, pa.Table]:
    """The inputs of tables that come from the settings and from the archive, by the names under which footers know them."""
    rules = workspace.policy()
    return {"definition": policies.definition_table(rules), "clause": policies.clause_table(rules),
            "norm_rule": norm_table.rule_table(rules, workspace.norm_file()), "issued_plan": issue.issued_plans(workspace, month),
            "issued_list": issue.issued_table(workspace, month),
            **official_list.settled(workspace, month)}


def publish(workspace: Workspace, month: int, deliveries: Deliveries, policy: Policy) -> Path:
    """Puts the month's public tables and documents in place of the published ones; returns the version's folder.

    Raises BlockedMonthError (a file that cannot be used) and StaleTableError; then nothing has changed.
    """
    deliveries.refuse_if_blocked()
    stale = stale_tables(workspace, month, deliveries)
    if stale:
        said = "、".join(stale)
        raise StaleTableError(f"{folder_name(month)} 的这些表与其来源不一致，请重新生成后再发布：{said}")
    files = _public_files(workspace, month)
    manifest = _manifest(month, deliveries, policy, files)
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    version = workspace.marts / VERSIONS / f"{folder_name(month)}.{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    if not version.exists():
        _write_version(version, files, text)
    _swap(workspace.marts / f"month={folder_name(month)}", version)
    return version


def _public_files(workspace: Workspace, month: int) -> dict[str, Path]:
    """Name within the published month -> working copy."""
    tables = {f"{table.name}.parquet": workspace.stored(table.name, month).path for table in PUBLIC}
    folder = workspace.documents(month)
    documents = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".json")
    return tables | {f"documents/{path.relative_to(folder).as_posix()}": path for path in documents}


def _manifest(month: int, deliveries: Deliveries, policy: Policy, files: Mapping[str, Path]) -> dict:
    said = ("path", "sheet", "kind", "status", "message", "content", "digest", "rows")
    raw = [{name: line[name] for name in said} for line in deliveries.lines]
    recipes = {
        name: lazy.footer(path)["recipe"] if path.suffix == ".parquet" else hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in files.items()
    }
    return {"month": folder_name(month), "policy": policy.name, "policy_digest": policy.digest, "code": code_version(),
            "is_simulated": deliveries.is_simulated(), "raw_files": raw, "files": recipes}


def _write_version(version: Path, files: Mapping[str, Path], manifest: str) -> None:
    version.parent.mkdir(parents=True, exist_ok=True)
    for left in version.parent.glob(".tmp-*"):
        shutil.rmtree(left)
    temporary = version.parent / f".tmp-{version.name}"
    for name, path in files.items():
        (temporary / name).parent.mkdir(parents=True, exist_ok=True)
        os.link(path, temporary / name)
    (temporary / MANIFEST).write_text(manifest, encoding="utf-8")
    for folder in (temporary / MANIFEST, temporary):
        _flush(folder)
    os.rename(temporary, version)
    _flush(version.parent)


def _swap(link: Path, version: Path) -> None:
    target = os.path.relpath(version, link.parent)
    if link.is_symlink() and os.readlink(link) == target:
        return
    temporary = link.with_name(f".{link.name}.new")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    os.replace(temporary, link)
    _flush(link.parent)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def manifests(workspace: Workspace) -> dict[int, dict]:
    """Published month -> its manifest."""
    found = sorted(workspace.marts.glob(f"month=*/{MANIFEST}"))
    return {int(path.parent.name[6:].replace("-", "")): json.loads(path.read_text(encoding="utf-8")) for path in found}


def refuse_changed_files(workspace: Workspace, lines: list[dict]) -> None:
    """Raises ChangedRawFileError when a raw file that a published month stands on has changed or vanished.

    Only files count whose content differs; a new release that reads the same file anew is no change of the file.
    """
    now: dict[str, set[str]] = {}
    for line in lines:
        now.setdefault(line["path"], set()).add(line["content"])
    changed: dict[str, list[str]] = {}
    for month, manifest in manifests(workspace).items():
        for line in manifest["raw_files"]:
            if line["content"] not in now.get(line["path"], ()):
                changed.setdefault(line["path"], []).append(folder_name(month))
    if changed:
        said = "\n".join(f"  {path}（{'、'.join(sorted(set(months)))}）" for path, months in sorted(changed.items()))
        raise ChangedRawFileError(
            f"已发布月份所依据的文件被改动或不见了：\n{said}\n"
            "请恢复原文件；如确属更正，请用 ACCEPT_CHANGED=1 再次运行，并重新生成上述月份"
        )
