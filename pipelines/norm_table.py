"""Norms as a table: what a run writes for others, and what it may be given to begin with.

Belongs here: the file of norms of a province or nation, its checks, the table norm_rate. How norms are fitted is in stats/.
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from pipelines import rates
from pipelines.classification import Classification
from pipelines.contracts.outlook import NORM_RATE, SIZE_BAND
from pipelines.policy import Policy
from pipelines.stats.norms import Given

BANDS = tuple(SIZE_BAND.codes or ())
WHOLE, UNKNOWN = "all", "unknown"
NEEDED = ("classification", "industry_code", "size_band", "norm_pct")
UNSAID_WEIGHT = 100.0
"""Injuries that a norm is taken to stand on where the file has no column `weight`."""


class NormFileError(Exception):
    """A file of norms cannot be used; the message names file, line and what may stand there."""


@dataclass(frozen=True)
class Start:
    """Norms given from outside: rates per person-year by industry code (rows of `table`) and size band (its columns).

    weight  expected injuries behind each code, in the order of the rows
    """

    row_of: Mapping[str, int]
    table: np.ndarray
    weight: np.ndarray

    def given(self, codes: tuple[np.ndarray, ...], keys: tuple[np.ndarray, ...], bands: np.ndarray) -> Given:
        """What a fit begins with; arguments as in `rates`. A code that the file lacks has nothing behind it."""
        behind = np.append(self.weight, 0.0)
        weight = tuple(behind[[self.row_of.get(str(code), -1) for code in level]] for level in codes)
        return Given(self.rates(codes, keys, bands), weight, float(self.weight[self.row_of[WHOLE]]))

    def rates(self, codes: tuple[np.ndarray, ...], keys: tuple[np.ndarray, ...], bands: np.ndarray) -> np.ndarray:
        """The rate of each unit's deepest industry that the file knows, in the shape of `bands`: (units, years).

        codes, keys  per level the distinct codes and each unit's index among them (-1 = none), shape (units,)
        """
        row = np.full(len(bands), self.row_of[WHOLE])
        for level_codes, key in zip(codes, keys, strict=True):
            found = np.array([*(self.row_of.get(str(code), -1) for code in level_codes), -1])[key]
            row = np.where(found >= 0, found, row)
        return self.table[row[:, None], bands]


def rule_table(policy: Policy, path: Path | None) -> pa.Table:
    """What expectations stand on beside their tables: the policy and the bytes of the file of norms; one row."""
    given = hashlib.sha256(path.read_bytes()).hexdigest() if path and path.is_file() else ""
    return pa.table({"policy": [policy.digest], "norms": [given]})


def read(path: Path, tree: Classification) -> Start:
    """The norms of a file (.parquet as published by a run, or .csv in UTF-8 with the same columns). Raises NormFileError."""
    if not path.is_file():
        raise NormFileError(f"基准文件 {path} 不存在；请改正 settings.toml 的 norms，或留空")
    rates_of: dict[tuple[str, str], float] = {}
    weight_of: dict[str, float] = {}
    for line, row in enumerate(_rows(path), 2):
        where = f"基准文件 {path.name} 第 {line} 行"
        if row["classification"] != tree.name:
            raise NormFileError(f"{where}：行业分类是 {row['classification']}，本市数据用 {tree.name}；两者须相同")
        if row["size_band"] not in BANDS:
            raise NormFileError(f"{where}：size_band = {row['size_band']!r} 不认识；只能是 {'、'.join(BANDS)}")
        key = (str(row["industry_code"]), row["size_band"])
        if key in rates_of:
            raise NormFileError(f"{where}：{key[0]} × {key[1]} 已经出现过")
        rates_of[key] = _rate(row["norm_pct"], where)
        weight_of[key[0]] = _weight(row.get("weight", UNSAID_WEIGHT), where)
    codes = sorted({code for code, _ in rates_of})
    missing = [f"{code} × {band}" for code in [WHOLE, *codes] for band in BANDS if (code, band) not in rates_of]
    if missing:
        raise NormFileError(f"基准文件 {path.name} 缺少 {'、'.join(missing[:5])}；每个行业代码和 all 都要有 {len(BANDS)} 个规模")
    table = np.array([[rates_of[code, band] for band in BANDS] for code in codes])
    return Start({code: number for number, code in enumerate(codes)}, table, np.array([weight_of[code] for code in codes]))


def _rows(path: Path) -> list[dict]:
    try:
        if path.suffix == ".parquet":
            rows = pq.read_table(path).to_pylist()
        else:
            with path.open(encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
    except (pa.ArrowInvalid, UnicodeDecodeError, OSError) as error:
        raise NormFileError(f"基准文件 {path.name} 读不出来（{type(error).__name__}）；应为 UTF-8 的 .csv 或 .parquet") from None
    lacking = [name for name in NEEDED if rows and name not in rows[0]]
    if not rows or lacking:
        raise NormFileError(f"基准文件 {path.name} 没有行，或缺少列 {'、'.join(lacking or NEEDED)}")
    return rows


def _rate(said: object, where: str) -> float:
    value = _number(said)
    if not 0 < value < 100:
        raise NormFileError(f"{where}：norm_pct = {said!r} 不是 0 与 100 之间的发生率（%）")
    return value / 100


def _weight(said: object, where: str) -> float:
    value = _number(said)
    if not 0 <= value < np.inf:
        raise NormFileError(f"{where}：weight = {said!r} 不是基准所依据的工伤人次（≥ 0）；不知道就去掉这一列")
    return value


def _number(said: object) -> float:
    try:
        return float(str(said))
    except ValueError:
        return np.nan


def norm_table(codes: tuple[np.ndarray, ...], keys: tuple[np.ndarray, ...], band: np.ndarray, rate_of, information,
               tree: Classification, common: Mapping) -> pa.Table:
    """The rows of norm_rate.

    codes, keys  per level the distinct codes and each unit's index among them; band  each unit's band, shape (units,)
    rate_of      keys and bands of some units -> their norms per person-year
    information  per level, the weighted expected injuries behind each code
    """
    rows = []
    for place in _places(codes, keys, band, information):
        at = [np.full(len(BANDS), key) for key in place["keys"]]
        norm = rate_of(at, np.arange(len(BANDS)))
        for number, name in enumerate(BANDS):
            rows.append({**common, "classification": tree.name, "level": place["level"], "industry_code": place["code"],
                         "industry_name": rates.industry_name(place["code"], tree), "size_band": name,
                         "enterprises": int(place["enterprises"][number]), "weight": float(place["weight"]),
                         "norm_pct": float(norm[number] * 100)})
    return pa.Table.from_pylist([{name: row[name] for name in NORM_RATE.names} for row in rows], schema=NORM_RATE.schema)


def _places(codes, keys, band: np.ndarray, information) -> Iterator[dict]:
    """The whole city and every code of every level: its path of keys, units by band and weight."""
    nowhere = [-1] * len(keys)
    yield {"level": 0, "code": WHOLE, "keys": nowhere, "weight": information[0].sum(),
           "enterprises": np.bincount(band, minlength=len(BANDS))}
    for level, (names, key) in enumerate(zip(codes, keys, strict=True)):
        first = dict(zip(*(found.tolist() for found in np.unique(key, return_index=True)), strict=True))
        counts = np.bincount(np.where(key >= 0, key, len(names)) * len(BANDS) + band, minlength=(len(names) + 1) * len(BANDS))
        for place, name in enumerate(names):
            path = [int(keys[upper][first[place]]) for upper in range(level + 1)] + [-1] * (len(keys) - level - 1)
            yield {"level": level + 1, "code": str(name), "keys": path, "weight": information[level][place],
                   "enterprises": counts[place * len(BANDS):(place + 1) * len(BANDS)]}
