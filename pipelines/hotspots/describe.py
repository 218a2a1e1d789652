"""What is said of a site: its name, its usual hours and means of transport, what is over-represented.

Belongs here: counting over the accidents of sites. Which accidents are a site's is sites.py.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from pipelines.contracts import codes
from pipelines.stats import enrichment

LEAST, MOST_FALSE, SHOWN = 5, 0.1, 3
WALKED = {"sex": codes.SEX, "age_band": codes.AGE_BAND, "transport": codes.TRANSPORT}
NAMELESS = "未写明道路的路段"


def names(table: pa.Table, site: np.ndarray, count: int, near: Sequence[str]) -> list[str]:
    """The commonest place of each site's accidents, else their commonest road, else what lies near; site = -1: in none."""
    found = []
    for number in range(count):
        rows = table.take(pa.array(np.flatnonzero(site == number)))
        key, road = (_commonest(rows[name].to_pylist()) for name in ("place_key", "road_name"))
        found.append(key or road or (f"{near[number]}附近" if near[number] else NAMELESS))
    return [name if found.count(name) == 1 else f"{name}（{number + 1}）" for number, name in enumerate(found)]


def _commonest(texts: Sequence[str | None]) -> str | None:
    said = Counter(text for text in texts if text)
    return min(said, key=lambda text: (-said[text], text)) if said else None


def hours(table: pa.Table, site: np.ndarray, count: int) -> list[str | None]:
    """The commonest hours of each site with their numbers."""
    return [_said([None if hour is None else f"{hour}时" for hour in _of(table, site, number, "accident_hour")])
            for number in range(count)]


def transports(table: pa.Table, site: np.ndarray, count: int) -> list[str | None]:
    """The commonest means of transport of each site with their numbers."""
    return [_said([code and codes.TRANSPORT[code][0] for code in _of(table, site, number, "transport")])
            for number in range(count)]


def _of(table: pa.Table, site: np.ndarray, number: int, name: str) -> list:
    return table[name].take(pa.array(np.flatnonzero(site == number))).to_pylist()


def _said(texts: Sequence[str | None]) -> str | None:
    counts = Counter(text for text in texts if text)
    first = sorted(counts, key=lambda text: (-counts[text], text))[:SHOWN]
    return "、".join(f"{text} {counts[text]}" for text in first) or None


def traits(table: pa.Table) -> dict[str, list[str | None]]:
    """What accidents are looked at for: each trait's value of every accident, in words."""
    made: dict[str, list[str | None]] = {"时段": [_period(hour) for hour in table["accident_hour"].to_pylist()]}
    for name, words in WALKED.items():
        made[name] = [code and words[code][0] for code in table[name].to_pylist()]
    made["enterprise_id"] = table["enterprise_id"].to_pylist()
    return made


def _period(hour: int | None) -> str | None:
    return None if hour is None else f"{hour // 2 * 2}–{hour // 2 * 2 + 2} 时"


def over_represented(table: pa.Table, site: np.ndarray, count: int, unit_names: dict[str, str]) -> list[str | None]:
    """The values that a site has more of than the accidents elsewhere, of all pairs of site and value that were looked at."""
    pairs: list[tuple[int, str, int, int, int, int]] = []
    for name, values in traits(table).items():
        known = np.array([value is not None for value in values])
        at = site[known]
        texts = np.array([value for value in values if value is not None], object)
        for value, whole in sorted(Counter(texts.tolist()).items()):
            is_value = texts == value
            said = f"{unit_names.get(value) or value}的职工" if name == "enterprise_id" else value
            for number in range(count):
                hits = int((is_value & (at == number)).sum())
                if hits >= LEAST:
                    pairs.append((number, said, hits, int((at == number).sum()), whole, int(known.sum())))
    if not pairs:
        return [None] * count
    found = enrichment.beside_rest(*(np.array(part) for part in list(zip(*pairs, strict=True))[2:]))
    rate = enrichment.benjamini_hochberg(found.tail)
    parts: list[list[str]] = [[] for _ in range(count)]
    for (number, said, hits, cases, _, _), ratio, false in zip(pairs, found.ratio, rate, strict=True):
        if false <= MOST_FALSE:
            beside = f"为别处的 {ratio:.1f} 倍" if np.isfinite(ratio) else "别处没有"
            parts[number].append(f"{said} {hits}/{cases}（{beside}）")
    return ["；".join(part) or None for part in parts]
