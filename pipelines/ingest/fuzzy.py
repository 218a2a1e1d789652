"""How alike a heading is to the known ones: equal but for synonyms, equal but for a slip, or merely alike.

Belongs here: likeness of texts and the confidence that it gives. In Chinese headings one character often makes another
thing (应缴 and 实缴, 开工 and 竣工), so only a difference that can be explained gives confidence enough to be used; what is
merely alike is asked for. rapidfuzz is imported by who gets this far: most files never do.
"""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from pipelines.ingest.headings import foreign, index_of, known_headings, vendor_words, words
from pipelines.ingest.spellings import CHINESE, initials

SYNONYM, NEUTRAL, SLIP, PINYIN, ALIKE = 0.95, 0.92, 0.91, 0.92, 0.9
UNSURE = 0.8
LOOKED_AT = 0.6
# A slip in one of these is another word.
MEANT = set("年月日季时应实已未首再开竣始止起前后男女上下左右内外总分正副原新旧大小多少计预本次人数额率书文"
            "一二三四五六七八九十0123456789")


@cache
def _vocabulary() -> tuple[Mapping[str, str], frozenset[str], frozenset[str], int]:
    same = dict(words()["same"])
    known = {*same, *same.values(), *(word for role in ("neutral", "qualifier", "word", "generic") for word, _ in words()[role])}
    qualifiers = frozenset(word for word, _ in words()["qualifier"])
    return same, frozenset(known), qualifiers, max(map(len, known))


@lru_cache(maxsize=8192)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a normalised heading, the longest known one first at every place; synonyms by their meaning.

    >>> tokens("企业编码"), tokens("受伤职工姓名")
    (('单位', '编号'), ('受伤职工', '姓名'))
    """
    same, known, _, longest = _vocabulary()
    for slip, meant in words()["typo"]:
        text = text.replace(slip, meant)
    found, place = [], 0
    while place < len(text):
        size = next((n for n in range(min(longest, len(text) - place), 1, -1) if text[place:place + n] in known), 1)
        word = text[place:place + size]
        found.append(same.get(word, word))
        place += size
    return tuple(found)


@lru_cache(maxsize=8192)
def meaning(text: str) -> str:
    """The heading with synonyms replaced."""
    return "".join(tokens(text))


@lru_cache(maxsize=8192)
def core(text: str) -> str:
    """The heading's meaning without neutral words; '' when what is left says too little."""
    neutral = {word for word, _ in words()["neutral"]}
    left = "".join(word for word in tokens(text) if word not in neutral)
    return "" if left in {word for word, _ in words()["generic"]} else left


@lru_cache(maxsize=8192)
def _qualifiers(text: str) -> frozenset[str]:
    return _vocabulary()[2] & set(tokens(text))


@cache
def _texts(kind: str) -> Mapping[str, str]:
    """Normalised Chinese heading -> column."""
    known = {heading: column for heading, (column, _) in index_of(kind).items()} | dict(vendor_words(kind))
    return {heading: column for heading, column in known.items() if CHINESE.search(heading)}


@cache
def _foreign_texts(kind: str) -> tuple[str, ...]:
    return tuple(sorted(heading for heading in foreign(kind) if CHINESE.search(heading)))


def _columns_by(kind: str, say) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for heading, column in _texts(kind).items():
        if said := say(heading):
            found.setdefault(said, set()).add(column)
    return found


@cache
def _by_meaning(kind: str) -> Mapping[str, set[str]]:
    return _columns_by(kind, meaning)


@cache
def _by_core(kind: str) -> Mapping[str, set[str]]:
    return _columns_by(kind, core)


@cache
def _by_initials(kind: str) -> Mapping[str, set[str]]:
    return _columns_by(kind, initials)


def explained(kind: str, text: str) -> dict[str, tuple[float, str]]:
    """Columns that the heading means but for synonyms or neutral words, with confidence and reason."""
    near = _by_core(kind).get(core(text), set()) if core(text) else set()
    found: dict[str, tuple[float, str]] = {column: (NEUTRAL, "只差不改变意思的词") for column in near}
    return found | {column: (SYNONYM, "同义词") for column in _by_meaning(kind).get(meaning(text), ())}


def spelled(kind: str, text: str) -> dict[str, tuple[float, str]]:
    """Columns whose Chinese heading has these pinyin initials; sure only when long enough and nothing else is written so."""
    columns = _by_initials(kind).get(text, ())
    is_sure = len(text) >= 4 and len(columns) == 1 and text not in _foreign_initials(kind)
    return dict.fromkeys(columns, (PINYIN if is_sure else UNSURE if len(text) > 2 else 0.7, "拼音首字母"))


def is_foreign(kind: str, text: str) -> bool:
    """Whether the heading is known to mean something that the kind has no column for."""
    if text in _texts(kind) or meaning(text) in _by_meaning(kind):
        return False
    if text.isascii():
        return text in foreign(kind) or (text in _foreign_initials(kind) and text not in _by_initials(kind))
    return meaning(text) in _foreign_meanings(kind)


@cache
def _foreign_meanings(kind: str) -> frozenset[str]:
    return frozenset(meaning(heading) for heading in _foreign_texts(kind))


@cache
def _foreign_initials(kind: str) -> frozenset[str]:
    return frozenset(initials(heading) for heading in _foreign_texts(kind))


def alike(kind: str, texts: Sequence[str]) -> list[dict[str, tuple[float, str]]]:
    """For each heading the columns that it resembles: column -> (confidence, reason).

    A heading that resembles one of another meaning more than any of ours is ours not.
    """
    import numpy as np
    from rapidfuzz import fuzz, process

    ours, said = list(_texts(kind)), [meaning(text) for text in texts]
    near = np.maximum(process.cdist(said, [meaning(text) for text in ours], scorer=fuzz.ratio),
                      process.cdist(texts, ours, scorer=fuzz.ratio))
    far = process.cdist(said, sorted(_foreign_meanings(kind)), scorer=fuzz.ratio).max(axis=1, initial=0)
    found: list[dict[str, tuple[float, str]]] = []
    for number, text in enumerate(texts):
        columns: dict[str, tuple[float, str]] = {}
        for place in (near[number] >= 100 * LOOKED_AT).nonzero()[0]:
            if near[number][place] + 1 < far[number]:
                continue
            likeness = _likeness(text, ours[place], float(near[number][place]) / 100)
            if text in known_headings():  # another kind's column: ours only if it ends alike, and never surely
                likeness = (min(likeness[0], UNSURE) if text[-2:] == ours[place][-2:] else 0.0, likeness[1])
            column = _texts(kind)[ours[place]]
            columns[column] = max(columns.get(column, (0.0, "")), likeness)
        found.append(columns)
    return found


def _likeness(text: str, known: str, ratio: float) -> tuple[float, str]:
    """The confidence that one heading is the other, and why."""
    if _qualifiers(text) - _qualifiers(known) or _qualifiers(known) - _qualifiers(text):
        return 0.6 * ratio, "列名相近，但有限定词"
    if _is_slip(text, known):
        return SLIP, "错一字"
    return min(ALIKE * ratio, 0.85), "列名相近"


def _is_slip(text: str, known: str) -> bool:
    """Whether one character is missing, doubled, swapped or taken for one that sounds alike, in a heading long enough.

    >>> _is_slip("统一社会信代码", "统一社会信用代码"), _is_slip("应缴金额", "实缴金额"), _is_slip("认定期日", "认定日期")
    (True, False, True)
    """
    if len(text) == len(known):
        places = [n for n, (a, b) in enumerate(zip(text, known, strict=True)) if a != b]
        if len(places) == 2:
            first, second = places
            return len(known) >= 4 and second == first + 1 and text[first:second + 1] == known[second] + known[first]
        if len(places) != 1 or len(known) < 6:
            return False
        wrong, right = text[places[0]], known[places[0]]
        return not {wrong, right} & MEANT and initials(wrong) == initials(right) != ""
    longer, shorter = (text, known) if len(text) > len(known) else (known, text)
    if len(longer) != len(shorter) + 1:
        return False
    place = next((n for n, letter in enumerate(shorter) if longer[n] != letter), len(shorter))
    if longer[:place] + longer[place + 1:] != shorter:
        return False
    if longer is text:
        return len(known) >= 4 and longer[place] in (longer[place - 1:place], longer[place + 1:place + 2])
    return len(known) >= 6 and longer[place] not in MEANT
