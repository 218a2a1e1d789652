"""Which unit a text means: exactly, or not at all."""

import pyarrow as pa
import pytest

from pipelines import units
from pipelines.units import Units, forms, match

LISTED = Units(["002", "001", "A-7", "0A7", "9"], ["91430700MA4L16JQ9C", "91430700MA4L16JQ9C", None, None, None],
               ["甲厂", "常德市乙（集团）有限责任公司", "甲 厂", None, "丙厂"])


def matched(*texts: str, listed: Units = LISTED) -> dict[str, dict]:
    said = pa.table({"kind": ["claim"] * len(texts), "said": pa.array(texts, pa.string()), "rows": [1] * len(texts)})
    return {row["said"]: row for row in match(said, listed).to_pylist()}


def found(text: str) -> tuple:
    row = matched(text)[text]
    return row["said_by"], row["enterprise_id"], row["confidence"], row["is_ambiguous"]


@pytest.mark.parametrize(("text", "expected"), [
    ("91430700MA4L16JQ9C", ("uscc", "001", 1.0, True)), ("MA4L16JQ9", ("org_code", "001", 0.98, True)),
    ("ma4l16jq-9", ("org_code", "001", 0.98, True)), ("12430700MA4L16JQ9X", ("org_code", "001", 0.98, True)),
    ("2", ("number", "002", 0.97, False)), ("００２", ("number", "002", 0.97, False)), ("9.0", ("number", "9", 0.97, False)),
    ("a7", ("number", None, None, True)), ("77", ("number", None, None, False)),
    ("常德市乙集团有限公司", ("name", "001", 0.95, False)), ("丙　厂", ("name", "9", 0.95, False)),
    ("甲厂", ("name", None, None, True)), ("丁厂", ("name", None, None, False)),
])
def test_a_text_means_one_unit_or_none(text, expected):
    assert found(text) == expected


def test_what_is_said_in_several_kinds_is_told_for_each():
    said = pa.table({"kind": ["claim", "payout"], "said": ["丙 厂", "丙 厂"], "rows": [3, 4]})
    assert [(r["kind"], r["rows"], r["enterprise_id"]) for r in match(said, LISTED).to_pylist()] == [
        ("claim", 3, "9"), ("payout", 4, "9")]


def test_without_a_list_nothing_is_matched():
    assert matched("甲厂", listed=Units([], [], [])) == {}


def test_a_similar_name_is_only_a_candidate():
    listed = Units(["1"], [None], ["常德市德山第一纺织有限公司"])
    row = matched("常德市德山第一纺积有限公司", listed=listed)["常德市德山第一纺积有限公司"]
    assert (row["enterprise_id"], row["candidate_id"]) == (None, "1") and 0.9 <= row["confidence"] < 1


def test_only_so_many_names_are_compared_and_those_with_most_rows_first(monkeypatch):
    monkeypatch.setattr(units, "MOST_PAIRS", 1)
    listed = Units(["1"], [None], ["常德市德山第一纺织有限公司"])
    texts = ["常德市德山第二纺织有限公司", "常德市德山第三纺织有限公司"]
    said = pa.table({"kind": ["claim"] * 2, "said": texts, "rows": [1, 2]})
    assert [row["candidate_id"] for row in match(said, listed).to_pylist()] == [None, "1"]


def test_forms_are_told_by_their_shape():
    assert forms("430001") == [("number", "430001")]
    assert forms("甲厂（一）") == [("name", "甲厂一")]
    assert forms("11122233X")[0] == ("org_code", "11122233X")
