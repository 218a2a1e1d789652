"""Texts of a claim into codes by maintained rules: what happened, doing what, on the way where, at whose fault; posts, parts.

Belongs here: the rules (tables/narrative_rules.csv, tables/post_groups.csv) and how they are applied, in memory only: the
text of a narrative is forgotten with the chunk that held it, and neither DuckDB nor a file or log ever sees it.

A rule is a regular expression (RE2) on normalised text in which two signs stand for gaps: `~` up to ten characters within
a clause, `…` up to 25 within a sentence. Of an aspect's rules the first that matches counts, by priority, then by place in
the table. Rules of the aspect `except` come before all others: what they match is taken out (negations, job titles).
"""

import csv
import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.contracts import codes
from pipelines.contracts.model import UNSTORED, Export
from pipelines.ingest.texts import whole

TABLES = Path(__file__).parent.parent / "tables"
RULES = (TABLES / "narrative_rules.csv", TABLES / "post_groups.csv")
GAPS = {"~": "[^,。;]{0,10}", "…": "[^。;]{0,25}"}
READ_TO_FORGET = ("narrative", "person_name")
TEXTS = ("narrative", "accident_type", "body_part", "occupation")
# Whom a decision is about, where the row has no name: the first person named, who is anonymous in published wording.
SUBJECT = r"(?P<subject>\p{Han}(?:某[某甲乙丙]?|[*×]{1,2})|申请人|该职工|伤者)"
SELF = "本人"
PUNCTUATION = {"，": ",", "；": ";", "（": "(", "）": ")"}
COMPATIBLE, SPACES = r"[\x{FF01}-\x{FF5E}\x{2460}-\x{2473}\x{3000}\x{00A0}]", r"[\s\x{00A0}\x{3000}]+"
# More in one expression than this, and RE2 falls back from its automaton to a slow search.
RULES_AT_ONCE = 4
NO_RULE, NO_TEXT, SEPARATOR = "----", "....", ","


class Rule(NamedTuple):
    """One line of the tables."""

    rule_id: str
    aspect: str
    code: str
    pattern: str
    example: str


class Aspect(NamedTuple):
    """What is coded: from which column of the export into which; `of` says of which cases it is asked (see code_texts)."""

    name: str
    title: str
    source: str
    target: str
    of: str = "all"


# In the order of the codes in `narrative_rules`; the first two decide whether a case is one of travel.
ASPECTS = (
    Aspect("cause", "起因", "narrative", "cause_told"),
    Aspect("commute_direction", "上下班方向", "narrative", "commute_direction"),
    Aspect("activity", "作业", "narrative", "activity_code", "work"),
    Aspect("transport", "交通方式", "narrative", "transport_told", "travel"),
    Aspect("liability", "本人事故责任", "narrative", "liability", "travel"),
    Aspect("counterpart", "对方车辆", "narrative", "counterpart", "travel"),
    Aspect("accident_type", "事故类别", "accident_type", "cause_listed"),
    Aspect("body_part", "伤害部位", "body_part", "body_part_code"),
    Aspect("post", "岗位类别", "occupation", "post_group"),
)


@functools.cache
def rules() -> Mapping[str, tuple[Rule, ...]]:
    """Aspect -> its rules in the order in which they are tried; accident types are taken by their names (codes.CAUSE)."""
    lines = [line for path in RULES for line in csv.DictReader(path.read_text(encoding="utf-8").splitlines())]
    found: dict[str, list[Rule]] = {}
    for line in sorted(lines, key=lambda line: int(line["priority"])):
        pattern = "".join(GAPS.get(sign, sign) for sign in line["pattern"])
        rule = Rule(line["rule_id"], line["aspect"], line["code"], pattern, line["example"])
        found.setdefault(rule.aspect, []).append(rule)
    for number, (code, names) in enumerate(codes.CAUSE.items(), 1):
        pattern = f"^({code}|{code.lstrip('0')}|{'|'.join(re.escape(name) for name in names)})$"
        found.setdefault("accident_type", []).append(Rule(f"N{number:03d}", "accident_type", code, pattern, names[0]))
    return {aspect: tuple(own) for aspect, own in found.items()}


def first_match(texts: pa.Array, tried: tuple[Rule, ...], at_once: int = RULES_AT_ONCE) -> np.ndarray:
    """For each text the index of the first rule that matches it, -1 where none does (int16).

    Rules are tried `at_once` in one expression, and one by one where that matched.
    """
    found = np.full(len(texts), -1, np.int16)
    left = np.arange(len(texts))
    for start in range(0, len(tried), at_once):
        block = tried[start : start + at_once]
        is_any = _matches(texts, "|".join(f"(?:{rule.pattern})" for rule in block))
        of_block, waiting = left[is_any], texts.filter(pa.array(is_any))
        left, texts = left[~is_any], texts.filter(pa.array(~is_any))
        for number, rule in enumerate(block, start):
            is_hit = _matches(waiting, rule.pattern)
            found[of_block[is_hit]] = number
            of_block, waiting = of_block[~is_hit], waiting.filter(pa.array(~is_hit))
    return found


def _matches(texts: pa.Array, pattern: str) -> np.ndarray:
    return pc.match_substring_regex(texts, pattern).to_numpy(zero_copy_only=False)


def _is_told(texts: pa.Array) -> np.ndarray:
    return pc.not_equal(texts, "").to_numpy(zero_copy_only=False)


def _where(texts: pa.Array, pattern: str, change: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """The texts with a costly change made to those only that match."""
    is_hit = pa.array(_matches(texts, pattern))
    return pc.replace_with_mask(texts, is_hit, change(texts.filter(is_hit)))


def normalised(texts: pa.Array) -> pa.Array:
    """Texts with one width and without spaces; null becomes empty."""
    plain = pc.fill_null(texts.cast(pa.string()), "")
    for wide, narrow in PUNCTUATION.items():
        plain = pc.replace_substring(plain, wide, narrow)
    plain = _where(plain, COMPATIBLE, lambda wide: pc.utf8_normalize(wide, "NFKC"))
    return _where(plain, SPACES, lambda wide: pc.replace_substring_regex(wide, SPACES, ""))


def about_self(texts: pa.Array, names: pa.Array | None = None) -> pa.Array:
    """Normalised narratives in which the injured person is 本人, without what the `except` rules take out."""
    is_told = pa.array(_is_told(texts))
    known = pa.repeat("", len(texts)) if names is None else names
    return pc.replace_with_mask(texts, is_told, _about_self(texts.filter(is_told), known.filter(is_told)))


def _about_self(texts: pa.Array, names: pa.Array) -> pa.Array:
    if not len(texts):  # of many sheets
        return texts
    first_named = pc.struct_field(pc.extract_regex(texts, SUBJECT), "subject").to_pylist()
    said = map(_with_self, texts.to_pylist(), names.to_pylist(), first_named)
    plain = pa.array(said, pa.string())
    for rule in rules()["except"]:
        left = SELF if rule.pattern.startswith(SELF) else ""
        plain = _where(plain, rule.pattern, functools.partial(_taken_out, pattern=rule.pattern, left=left))
    return plain


def _taken_out(texts: pa.Array, pattern: str, left: str) -> pa.Array:
    return pc.replace_substring_regex(texts, pattern, left)


def _with_self(text: str, name: str, first_named: str | None) -> str:
    """The text with the injured person's name, or the first person named in it, replaced by 本人."""
    if len(name) > 1 and name in text:
        return text.replace(name, SELF)
    is_said = SELF in text.replace(f"非{SELF}", "")
    return text.replace(first_named, SELF) if first_named and not is_said else text


def aspect_table() -> pa.Table:
    """The aspects and where, counted from 1, the id of each one's rule begins in `narrative_rules`."""
    return pa.table({
        "aspect": [aspect.name for aspect in ASPECTS], "aspect_title": [aspect.title for aspect in ASPECTS],
        "first_sign": [1 + at * len(NO_RULE + SEPARATOR) for at in range(len(ASPECTS))],
    })


class Hits(NamedTuple):
    """What one aspect found in some texts: index of the rule (-1 = none) and whether there was anything to code."""

    rule: np.ndarray
    is_asked: np.ndarray


def code_texts(texts: Mapping[str, pa.Array]) -> dict[str, Hits]:
    """Aspect name -> hits, for equally long arrays of normalised texts by export column (narratives from `about_self`).

    Transport, liability and counterpart are asked of travel only: accidents on the road, and those on the way to or from
    work; the activity is asked of all but those on the way to or from work.
    """
    told = texts["narrative"]
    is_told = _is_told(told)
    cause, direction = (_hit(told, is_told, rules()[name]) for name in ("cause", "commute_direction"))
    on_road = [number for number, rule in enumerate(rules()["cause"]) if rule.code == "road_traffic"]
    is_travel = np.isin(cause, on_road) | (direction >= 0)
    hits = {"cause": Hits(cause, is_told), "commute_direction": Hits(direction, is_told & is_travel)}
    among = {"all": np.ones(len(told), bool), "travel": is_travel, "work": direction < 0}
    for aspect in ASPECTS[len(hits) :]:
        given = texts[aspect.source]
        is_asked = _is_told(given) & among[aspect.of]
        hits[aspect.name] = Hits(_hit(given, is_asked, rules()[aspect.name]), is_asked)
    return hits


def _hit(texts: pa.Array, is_asked: np.ndarray, tried: tuple[Rule, ...]) -> np.ndarray:
    """The first rule for each text that is asked, each distinct text worked once."""
    rule = np.full(len(texts), -1, np.int16)
    if not is_asked.any():
        return rule
    distinct = texts.filter(pa.array(is_asked)).dictionary_encode()
    rule[is_asked] = first_match(distinct.dictionary, tried)[distinct.indices.to_numpy()]
    return rule


def columns_read(export: Export, positions: Mapping[str, int]) -> dict[str, int]:
    """The columns of a sheet that are read at all: those kept, a narrative, and the name that may stand in both."""
    return {name: at for name, at in positions.items() if export[name].value not in UNSTORED or name in READ_TO_FORGET}


@dataclass
class Coder:
    """Codes the chunks of one sheet and counts what it found; `places` are the positions of the columns read."""

    export: Export
    places: Mapping[str, int]
    asked: dict[str, int] = field(default_factory=lambda: dict.fromkeys((aspect.name for aspect in ASPECTS), 0))
    coded: dict[str, int] = field(default_factory=lambda: dict.fromkeys((aspect.name for aspect in ASPECTS), 0))

    def apply(self, chunk: pa.Table) -> pa.Table:
        """The chunk with coded_<column> for every coded column, and without the columns that were only read."""
        if not self.export.coded:
            return chunk
        texts = {name: self._text(chunk, name) for name in TEXTS}
        texts["narrative"] = about_self(texts["narrative"], self._text(chunk, "person_name"))
        hits = code_texts(texts)
        for aspect in ASPECTS:
            self.asked[aspect.name] += int(hits[aspect.name].is_asked.sum())
            self.coded[aspect.name] += int((hits[aspect.name].rule >= 0).sum())
            column = _taken([rule.code for rule in rules()[aspect.name]], None, hits[aspect.name].rule)
            chunk = chunk.append_column(f"coded_{aspect.target}", column)
        chunk = chunk.append_column("coded_narrative_rules", _rule_ids(hits))
        return chunk.drop_columns([f"c{self.places[name]}" for name in READ_TO_FORGET if name in self.places])

    def _text(self, chunk: pa.Table, name: str) -> pa.Array:
        if name not in self.places:
            return pa.repeat("", len(chunk))
        return normalised(whole(chunk[f"c{self.places[name]}"]))

    def said(self) -> str:
        """How much was coded, for the file's message: 事故经过等编码率：起因 98%（1,234 条）…; empty where nothing was asked."""
        shares = [
            f"{aspect.title} {100 * self.coded[aspect.name] / self.asked[aspect.name]:.0f}%（{self.asked[aspect.name]:,} 条）"
            for aspect in ASPECTS if self.asked[aspect.name]
        ]
        return f"编码率：{'、'.join(shares)}" if shares else ""


def _taken(values: list[str], missing: str | None, index: np.ndarray) -> pa.Array:
    """values[index], `missing` where the index is -1."""
    if (index < 0).all():
        return pa.repeat(pa.scalar(missing, pa.string()), len(index))
    return pa.array([*values, missing], pa.string()).take(pa.array(np.where(index < 0, len(values), index)))


def _rule_ids(hits: Mapping[str, Hits]) -> pa.Array:
    """The ids of the rules hit, one place per aspect in the order of ASPECTS; null where there was no text at all."""
    any_asked = np.logical_or.reduce([hit.is_asked for hit in hits.values()])
    if not any_asked.any():
        return pa.nulls(len(any_asked), pa.string())
    ids = []
    for aspect in ASPECTS:
        rule, is_asked = hits[aspect.name]
        column = _taken([rule.rule_id for rule in rules()[aspect.name]], NO_RULE, rule)
        ids.append(pc.if_else(pa.array(is_asked), column, NO_TEXT))
    return pc.if_else(pa.array(any_asked), pc.binary_join_element_wise(*ids, SEPARATOR), None)
