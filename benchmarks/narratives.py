"""How well the rules code narratives: precision and recall by aspect over the sentences coded by hand, and their speed.

`python -m benchmarks.narratives` prints the table of docs/methods.md; `--misses` also what differs in the tuning set (the
held-out set stays unseen, so that it can be trusted).
"""

import argparse
import csv
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from pipelines.ingest import narratives

SENTENCES = Path(__file__).parent.parent / "tests" / "unit" / "narrative_sentences.csv"
JUDGED = ("cause", "activity", "transport", "commute_direction", "liability", "counterpart")
SETS = ("tuning", "held_out", "rough", "rough_held_out")
SPEED_ROWS = 100_000


class Judged(NamedTuple):
    """One sentence under one aspect: the set that it is of, the code wanted and the code found ('' = none)."""

    which: str
    text: str
    aspect: str
    wanted: str
    found: str
    rule_id: str


def hits(sentences: list[str]) -> dict[str, narratives.Hits]:
    """What the rules find in sentences without any other column."""
    told = narratives.about_self(narratives.normalised(pa.array(sentences, pa.string())))
    empty = pa.array([""] * len(sentences), pa.string())
    return narratives.code_texts({name: told if name == "narrative" else empty for name in narratives.TEXTS})


def judged() -> Iterator[Judged]:
    """Every sentence under every aspect."""
    with SENTENCES.open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    found = hits([line["text"] for line in lines])
    for aspect in JUDGED:
        tried = narratives.rules()[aspect]
        for line, number in zip(lines, found[aspect].rule.tolist(), strict=True):
            code, rule_id = (tried[number].code, tried[number].rule_id) if number >= 0 else ("", "")
            yield Judged(line["set"], line["text"], aspect, line[aspect], code, rule_id)


def score(of: list[Judged]) -> tuple[int, float, float]:
    """Sentences that have a code, precision (right among coded) and recall (right among those that have one)."""
    wanted, coded = sum(bool(one.wanted) for one in of), sum(bool(one.found) for one in of)
    right = sum(one.wanted == one.found != "" for one in of)
    return wanted, right / max(coded, 1), right / max(wanted, 1)


def main() -> None:
    """Prints both sets' scores, and the seconds that 100,000 narratives take."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="what differs in the tuning set")
    asked = parser.parse_args()
    every = list(judged())
    print("| aspect | set | sentences | precision | recall |\n|---|---|---|---|---|")
    for aspect in JUDGED:
        for which in SETS:
            number, precision, recall = score([one for one in every if one.aspect == aspect and one.which == which])
            print(f"| {aspect} | {which} | {number} | {precision:.1%} | {recall:.1%} |")
    if asked.misses:
        for one in every:
            if "held_out" not in one.which and one.wanted != one.found:
                print(f"{one.aspect}: wanted {one.wanted or '-'}, found {one.found or '-'} ({one.rule_id}) {one.text}")
    texts = sorted({one.text for one in every})
    tail = "伤后由同事送往医院治疗，住院病历号第{}号，出院后申请工伤认定。"
    many = [texts[number % len(texts)] + tail.format(number) * 2 for number in range(SPEED_ROWS)]
    began, worked = time.perf_counter(), time.process_time()
    hits(many)
    mean = sum(map(len, many)) / len(many)
    print(f"{SPEED_ROWS:,} narratives of {mean:.0f} characters on average: {time.perf_counter() - began:.1f} s, "
          f"{time.process_time() - worked:.1f} s of cpu")


if __name__ == "__main__":
    main()
