"""Headings as vendors write them: what they mean is found, or asked for, and never mistaken."""

from collections import Counter

import pytest

from tests.unit.heading_variants import outcome, outcomes, sheets_with, variants

VARIANTS = variants()


def test_there_are_variants_of_every_sort():
    assert len(set(VARIANTS)) == len(VARIANTS) >= 500
    least = {"decorated": 40, "two_row": 30, "code": 50, "pinyin": 50, "synonym": 100, "slip": 40, "trap": 150}
    found = Counter(variant.group for variant in VARIANTS)
    assert all(found[group] >= number for group, number in least.items())


def test_no_variant_is_mistaken_and_most_are_right(capsys):
    found = outcomes()
    total = Counter()
    for (group, became), number in found.items():
        total[became] += number * (group != "trap")
    with capsys.disabled():
        shares = {became: f"{number / sum(total.values()):.1%}" for became, number in sorted(total.items())}
        print(f"\n{len(VARIANTS)} variants: {shares}, traps taken: {found['trap', 'wrong']}")
    assert not [key for key in found if key[1] == "wrong"]
    assert total["right"] >= 0.95 * sum(total.values())
    assert total["ignored"] <= 0.01 * sum(total.values())


@pytest.mark.parametrize("group", ["decorated", "two_row", "code", "pinyin"])
def test_what_only_looks_different_is_found(group):
    assert {outcome(v, headings) for v in VARIANTS if v.group == group for headings in sheets_with(v)} == {"right"}
