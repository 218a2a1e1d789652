"""Which column of one kind each heading of a sheet is: candidates with their confidence, and who gets which column.

Belongs here: the weighing of what aliases, spellings, likeness and content say, and what an analyst has confirmed. Which
kind the sheet is belongs to recognition.py.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipelines.contracts.exports import EXPORTS
from pipelines.ingest import content, fuzzy
from pipelines.ingest.findings import Asked, Confirmed, Match, shown
from pipelines.ingest.headings import foreign, index_of, missed_in, vendor_words
from pipelines.ingest.spellings import readings

EXACT, ALIAS, VENDOR = 1.0, 0.99, 0.95
SURE, ASK = 0.9, 0.65
CLOSE = 0.03
CONTRADICTED = 0.6
BY_CONTENT = 0.92
OWN_FORM, OWN_LOOK, SHARED_LOOK = 0.2, 0.1, 0.04
SHOWN = 3
VAGUE_LENGTH = 2
# Headings that say nothing, so that only the content can speak.
MEANINGLESS = re.compile(r"^$|^(列|字段|栏|column|col|field|unnamed:?|f|c|var|v)[_\s]*\d*$", re.IGNORECASE)
SPEAKING = {"uscc", "person", "clause", "document_no"}


def exact(kind: str, headings: Sequence[str]) -> Match:
    """Only what is declared: titles and aliases, after spelling; the first of equal headings."""
    found: dict[str, tuple[float, int]] = {}
    for position, heading in enumerate(headings):
        for column, (confidence, _) in _declared(kind, heading).items():
            if confidence >= SURE and confidence > found.get(column, (0.0, 0))[0]:
                found[column] = (confidence, position)
    return Match({c: position for c, (_, position) in found.items()}, {c: confidence for c, (confidence, _) in found.items()})


def match(kind: str, headings: Sequence[str], values: Sequence[content.Values], confirmed: Confirmed) -> Match:
    """The columns of a kind among the headings, and what has to be asked; `values` by position; what was confirmed stands."""
    return _Matching(kind, headings, values, confirmed).result()


def _declared(kind: str, heading: str) -> dict[str, tuple[float, str]]:
    """Columns whose declared headings the heading is, in one of its readings."""
    found: dict[str, tuple[float, str]] = {}
    for reading in readings(heading):
        column, rank = index_of(kind).get(reading.text, ("", 0))
        confidence = min(reading.confidence, ALIAS if rank else EXACT)
        if not column and (column := vendor_words(kind).get(reading.text, "")):
            confidence = min(reading.confidence, VENDOR)
        if column and confidence > found.get(column, (0.0, ""))[0]:
            found[column] = (confidence, reading.why or "别名")
        if column and reading.confidence == EXACT:
            break
    return found


class _Matching:
    """One sheet against one kind; positions and columns are taken one after another, the surest first."""

    def __init__(self, kind: str, headings: Sequence[str], values: Sequence[content.Values], confirmed: Confirmed):
        self.kind, self.export, self.headings, self.values = kind, EXPORTS[kind], headings, values
        self.taken: dict[str, int] = {c: p for p, c in confirmed.columns.items() if c in self.export.names and p < len(headings)}
        self.confidence: dict[str, float] = dict.fromkeys(self.taken, EXACT)
        self.closed = {p for p in confirmed.columns if p < len(headings)}
        self.asked: dict[int, Asked] = {}
        self.candidates = self._candidates()

    def result(self) -> Match:
        self._take_all()
        self._by_content()
        self._ask()
        self._ask_for_the_missing()
        self._ask_for_the_vague()
        order = [column for column in self.export.names if column in self.taken]
        return Match({c: self.taken[c] for c in order}, {c: round(self.confidence[c], 2) for c in order},
                     tuple(self.asked[p] for p in sorted(self.asked)))

    def _candidates(self) -> dict[int, dict[str, tuple[float, str]]]:
        """Position -> column -> (confidence, reason), for what is not confirmed; content has had its say."""
        found = {p: _declared(self.kind, h) for p, h in enumerate(self.headings) if p not in self.closed}
        open_ = [p for p, columns in found.items() if not any(c >= SURE for c, _ in columns.values())]
        texts = {p: readings(self.headings[p]) for p in open_}
        open_ = [p for p in open_ if texts[p] and not self._is_foreign(p)]
        wanted = [(p, reading) for p in open_ for reading in texts[p] if not reading.text.isdigit()]
        alike = fuzzy.alike(self.kind, [reading.text for _, reading in wanted]) if wanted else []
        for (position, reading), like in zip(wanted, alike, strict=True):
            said = like | fuzzy.explained(self.kind, reading.text) | fuzzy.spelled(self.kind, reading.text)
            for column, (confidence, why) in said.items():
                confidence = min(confidence, reading.confidence)
                if confidence > found[position].get(column, (0.0, ""))[0]:
                    found[position][column] = (confidence, why)
        return {p: {c: self._weighed(p, c, *said) for c, said in columns.items()} for p, columns in found.items()}

    def _is_foreign(self, position: int) -> bool:
        sure = [reading.text for reading in readings(self.headings[position]) if reading.confidence >= SURE]
        return any(fuzzy.is_foreign(self.kind, text) for text in sure)

    def _weighed(self, position: int, column: str, confidence: float, why: str) -> tuple[float, str]:
        """A candidate's confidence after a look at the values."""
        said = content.verdict(self.kind, self.export[column], self.values[position])
        if said < 0:
            return min(confidence, CONTRADICTED) - (0 if confidence >= SURE else 0.1), why + "，但内容不像"
        if said > 0 and ASK <= confidence < SURE:
            return min(confidence + self._bonus(position, column), SURE), why + "，内容相符"
        return confidence, why

    def _bonus(self, position: int, column: str) -> float:
        """What fitting values add: most where they have a form of their own and nothing stands before the known heading."""
        if self._fitting(position) != [column]:
            return SHARED_LOOK
        heading = readings(self.headings[position])[-1].text
        begins = any(heading[:2] == known[:2] for known, (name, _) in index_of(self.kind).items() if name == column)
        return OWN_FORM if begins and self.export[column].value in SPEAKING - {"person"} else OWN_LOOK

    def _fitting(self, position: int) -> list[str]:
        """The columns of the kind whose own kind of values the heading has."""
        values = self.values[position]
        columns = self.export.columns if values.given else ()
        return [column.name for column in columns if content.verdict(self.kind, column, values) > 0]

    def _take_all(self) -> None:
        """Gives columns to headings, the surest pair first; what two claim alike, or what may be two columns, stays open."""
        pairs = sorted((-c, self._rank(p, column), p, column) for p, columns in self.candidates.items()
                       for column, (c, _) in columns.items() if c >= SURE)
        contested: set[str] = set()
        for minus, _, position, column in pairs:
            if column in self.taken or column in contested or position in self.taken.values() or position in self.asked:
                continue
            rivals = self._rivals(position, column, -minus)
            others = self._others(position, column, -minus)
            if others and -minus < ALIAS:
                self._question(position, "可能是几列之一")
            elif rivals and not self._are_equal([position, *rivals]):
                contested.add(column)
                for each in (position, *rivals):
                    self._question(each, f"有 {len(rivals) + 1} 列都像“{self.export[column].title}”，内容不同")
            else:
                self.taken[column], self.confidence[column] = position, -minus

    def _rank(self, position: int, column: str) -> int:
        hits = [index_of(self.kind).get(reading.text) for reading in readings(self.headings[position])]
        return min((rank for name, rank in filter(None, hits) if name == column), default=999)

    def _rivals(self, position: int, column: str, confidence: float) -> list[int]:
        """Other headings that claim the column as surely."""
        least = confidence if confidence >= ALIAS else max(SURE, confidence - CLOSE)
        return [p for p, columns in self.candidates.items()
                if p != position and p not in self.taken.values() and columns.get(column, (0.0, ""))[0] >= least]

    def _others(self, position: int, column: str, confidence: float) -> list[str]:
        """Other columns, still to be had, that the heading may be as well."""
        return [c for c, (sure, _) in self.candidates[position].items()
                if c != column and c not in self.taken and sure >= confidence - CLOSE - 0.02]

    def _are_equal(self, positions: Sequence[int]) -> bool:
        """Whether columns hold the same as far as can be seen, or nothing."""
        said = {values.given for values in (self.values[p] for p in positions) if values.given}
        return len(said) <= 1

    def _by_content(self) -> None:
        """A column without a speaking heading whose values have check digits or a form of their own, and no rival."""
        free = [p for p in range(len(self.headings)) if p not in self.closed | set(self.taken.values()) and p not in self.asked]
        looks: dict[str, list[int]] = {}
        for position in free:
            fitting = [c for c in self._fitting(position) if self.export[c].value in SPEAKING]
            if len(fitting) == 1 and fitting[0] not in self.taken:
                looks.setdefault(fitting[0], []).append(position)
        for column, positions in looks.items():
            if len(positions) == 1 and MEANINGLESS.match(self.headings[positions[0]].strip()):
                self.taken[column], self.confidence[column] = positions[0], BY_CONTENT
                continue
            for position in positions:
                if not self._is_foreign(position):
                    self._question(position, "内容像，列名不认识", {column: (ASK, "")})

    def _ask(self) -> None:
        """What is likely and not sure, where the likely column is still without a heading."""
        free = [p for p in self.candidates if p not in self.taken.values() and p not in self.asked]
        for position in free:
            best = max(((c, why) for column, (c, why) in self.candidates[position].items() if column not in self.taken),
                       default=(0.0, ""))
            if best[0] >= ASK or ("内容不像" in best[1] and best[0] >= CONTRADICTED):
                self._question(position, best[1])
        still = {p: tuple(pair for pair in asked.candidates if pair[0] not in self.taken) for p, asked in self.asked.items()}
        self.asked = {p: replace(asked, candidates=still[p]) for p, asked in self.asked.items() if still[p]}

    def _question(self, position: int, why: str, more: Mapping[str, tuple[float, str]] | None = None) -> None:
        columns = {**(more or {}), **self.candidates.get(position, {})}
        if "内容不像" in why:
            columns |= {c: (0.7, "") for c in self._fitting(position) if c not in self.taken}
        open_ = sorted(((-c, name) for name, (c, _) in columns.items() if name not in self.taken and c >= 0.5))
        likely = tuple((name, round(-minus, 2)) for minus, name in open_[:SHOWN])
        needed = {name for group in self.export.required if not set(group) & set(self.taken) for name in group}
        is_needed = any(name in needed for name, _ in likely)
        self.asked[position] = Asked(position, shown(self.headings[position]), likely, why, is_needed)

    def _ask_for_the_missing(self) -> None:
        """When a required column is missing and no heading is like it, every heading that is not understood may be it."""
        covered = {name for asked in self.asked.values() for name, _ in asked.candidates}
        missing = [group for group in self.export.required if not set(group) & (set(self.taken) | covered)]
        if not missing or len(self.taken) < 2:
            return
        why = f"缺少必需的列：{'、'.join(missed_in(self.export, self.taken | dict.fromkeys(covered, 0)))}；是它的请选"
        for position in self._not_understood():
            self.asked[position] = Asked(position, shown(self.headings[position]), (), why, True)

    def _ask_for_the_vague(self) -> None:
        """A heading of one general word, such as 编号, may be any free column whose heading ends so and whose values fit."""
        free = [column for column in self.export.columns if column.name not in self.taken]
        for position in list(self._not_understood()):
            text = readings(self.headings[position])[0].text
            likely = [column.name for column in free if len(text) == VAGUE_LENGTH and column.title.endswith(text)
                      and content.verdict(self.kind, column, self.values[position]) >= 0]
            if likely:
                pairs = tuple((name, round(1 / (len(likely) + 1), 2)) for name in likely[:SHOWN])
                self.asked[position] = Asked(position, shown(self.headings[position]), pairs, "列名过于笼统", False)

    def _not_understood(self) -> Iterable[int]:
        done = self.closed | set(self.asked) | set(self.taken.values())
        for position, heading in enumerate(self.headings):
            text = next((reading.text for reading in readings(heading)), "")
            if position not in done and text and text not in foreign(self.kind):
                yield position
