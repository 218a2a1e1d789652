"""The tables of hazards and questions: whole, well formed, refused where they cannot be used; what is chosen for a unit."""

from collections import Counter
from pathlib import Path

import pytest

from pipelines.contracts.codes import CAUSE
from pipelines.dossiers.hazards import Hazard, HazardError, asked, fitting, hazards, questions

TABLE = hazards()
LONGEST = 36


def test_every_cause_has_items_for_all_industries_and_a_question():
    number = Counter(item.cause for item in TABLE)
    assert set(number) == set(CAUSE) and min(number.values()) >= 3
    assert {item.cause for item in TABLE if not item.industries} == set(CAUSE)
    assert {cause for cause, _ in questions()} == {*CAUSE, "*"}
    assert sum(cause == "*" for cause, _ in questions()) >= 5


@pytest.mark.parametrize("section", "BCEGHQ")
def test_where_accidents_are_many_there_are_items_of_the_industry_itself(section):
    assert sum(section in item.industries for item in TABLE) >= 5


def test_no_item_stands_twice_and_each_is_short_enough_for_its_cell():
    assert len({(item.cause, item.check) for item in TABLE}) == len(TABLE)
    assert all(len(item.check) <= LONGEST and len(item.measure) <= LONGEST for item in TABLE)
    assert all(item.basis.count("；") <= 1 for item in TABLE)


def test_items_of_the_industry_come_before_those_of_all_and_the_first_cause_gets_most():
    found = fitting(["03", "09", "slip"], "C", 10, TABLE)
    assert [item.cause for item in found] == ["03"] * 5 + ["09"] * 3 + ["slip"] * 2
    assert all("C" in item.industries for item in found[:4])
    assert not any(item.industries and "C" not in item.industries for item in found)


def test_an_unknown_industry_gets_what_is_for_all():
    assert all(not item.industries for item in fitting(["03", "09"], "", 10, TABLE))
    assert fitting([], "C", 10, TABLE) == []


def test_a_cause_named_twice_counts_once():
    assert fitting(["03", "03"], "C", 4, TABLE) == fitting(["03"], "C", 4, TABLE)


def test_own_questions_come_first_and_two_places_stay_for_general_ones():
    said = dict(questions())
    found = asked(["03", "09", "slip", "05", "02"], 5, questions())
    assert found[:3] == [said["03"], said["09"], said["slip"]] and len(found) == 5
    assert all(("*", question) in questions() for question in found[3:])


@pytest.mark.parametrize(("line", "said"), [
    ("99,*,看,做,据", "cause = '99' 不认识"), ("*,*,看,做,据", "cause = '\\*' 不认识"), ("03,C|7,看,做,据", "industries = 'C|7'"),
    ("03,*,看,,据", "有空的格子"), ("03,*,看,做", "列数不对"),
])
def test_a_table_that_cannot_be_used_is_refused_with_its_line(tmp_path: Path, line: str, said: str):
    path = tmp_path / "hazards.csv"
    path.write_text(f"{','.join(Hazard._fields)}\n{line}\n", encoding="utf-8")
    with pytest.raises(HazardError, match=said.replace("|", "\\|")) as refused:
        hazards(path)
    assert "第 2 行" in str(refused.value)
