"""Industry codes placed in a tree: GB/T 4754 (2017 and 2011 editions) and NAICS.

Belongs here: how a delivered code or name finds its section, division, group and class; which classification a city's
codes follow. Names of divisions and sections come from tables/*.csv; deeper levels have no names at hand.
"""

import csv
import functools
import re
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

TABLES = Path(__file__).parent / "tables"
LEVELS = 4
GBT_CODE = re.compile(r"^([A-T])?(\d{2,4})$")
NAICS_SECTORS = {
    "11": "农林牧渔", "21": "采矿", "22": "公用事业", "23": "建筑", "31": "制造", "32": "制造", "33": "制造",
    "42": "批发", "44": "零售", "45": "零售", "48": "运输仓储", "49": "运输仓储", "51": "信息", "52": "金融保险",
    "53": "房地产租赁", "54": "专业技术服务", "55": "企业管理", "56": "行政支持与废物处理", "61": "教育",
    "62": "医疗与社会救助", "71": "艺术娱乐", "72": "住宿餐饮", "81": "其他服务", "92": "公共管理",
}
NAICS_TWINS = {"32": "31", "33": "31", "45": "44", "49": "48"}


@dataclass(frozen=True, eq=False)
class Classification:
    """A tree of industries: `place` finds a code's four levels (None = not in the tree), `names` names codes."""

    name: str
    title: str
    names: dict[str, str]

    def place(self, delivered: str) -> tuple[str | None, ...] | None:
        """The codes of the levels 1–4 for a delivered code or name; a level not reached is None."""
        return _place_naics(delivered) if self.name == "naics" else self._place_gbt(delivered)

    def _place_gbt(self, delivered: str) -> tuple[str | None, ...] | None:
        if len(delivered) == 1 and delivered in self.names:
            return delivered, None, None, None
        match = GBT_CODE.match(delivered)
        code = match[2] if match else self._by_name.get(delivered, "")
        section = self._section.get(code[:2])
        if section is None or (match and match[1] and match[1] != section):
            return (delivered_section, None, None, None) if (delivered_section := self._by_name.get(delivered)) else None
        levels = [f"{section}{code[:n]}" if len(code) >= n else None for n in (2, 3, 4)]
        return section, *levels

    @functools.cached_property
    def _section(self) -> dict[str, str]:
        return {code[1:]: code[0] for code in self.names if len(code) == 3}

    @functools.cached_property
    def _by_name(self) -> dict[str, str]:
        return {name: code[1:] or code for code, name in self.names.items()}


def _place_naics(code: str) -> tuple[str | None, ...] | None:
    if not re.match(r"^\d{2,6}$", code) or code[:2] not in NAICS_SECTORS:
        return None
    sector = NAICS_TWINS.get(code[:2], code[:2])
    return sector, *(code[:n] if len(code) >= n else None for n in (3, 4, 6))


@functools.cache
def classifications() -> dict[str, Classification]:
    """The declared classifications, in the order in which a tie is decided."""
    gbt = [(f"gbt4754-{year}", f"GB/T 4754—{year}", _gbt_names(year)) for year in ("2017", "2011")]
    return {name: Classification(name, title, names) for name, title, names in (*gbt, ("naics", "NAICS", dict(NAICS_SECTORS)))}


def _gbt_names(year: str) -> dict[str, str]:
    with (TABLES / f"gbt4754_{year}_divisions.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {r["section"]: r["section_name"] for r in rows} | {r["section"] + r["division"]: r["name"] for r in rows}


def detect(delivered: dict[str, int]) -> Classification:
    """The classification in which most enterprises' codes are found; `delivered` counts enterprises by code.

    A name counts for the editions that know it; on a tie the newer edition of GB/T 4754 comes first.
    """
    def found(classification: Classification) -> int:
        return sum(count for code, count in delivered.items() if classification.place(code))

    return max(classifications().values(), key=found)


def placed(delivered: dict[str, int], classification: Classification) -> pa.Table:
    """delivered_code and its four levels, one row per distinct code that is in the tree."""
    rows = {code: levels for code in sorted(delivered) if (levels := classification.place(code))}
    columns = {"delivered_code": list(rows)}
    columns |= {f"industry_{n + 1}": [levels[n] for levels in rows.values()] for n in range(LEVELS)}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


@functools.cache
def risk_classes(year: str = "2017") -> dict[str, int]:
    """Section and division (C33) -> national risk class 1–8, where the division decides it."""
    with (TABLES / f"risk_class_by_division_gbt4754_{year}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {r["section"] + r[f"division_{year}"]: int(r["risk_class"]) for r in rows if r["risk_class"].isdigit()}
