"""Industry codes and names find their place in a tree."""

import pytest

from pipelines.classification import classifications, detect, placed, risk_classes

GBT, OLD, NAICS = (classifications()[name] for name in ("gbt4754-2017", "gbt4754-2011", "naics"))


@pytest.mark.parametrize(("delivered", "levels"), [
    ("C", ("C", None, None, None)), ("33", ("C", "C33", None, None)), ("C33", ("C", "C33", None, None)),
    ("331", ("C", "C33", "C331", None)), ("3311", ("C", "C33", "C331", "C3311")), ("C3311", ("C", "C33", "C331", "C3311")),
    ("金属制品业", ("C", "C33", None, None)), ("制造业", ("C", None, None, None)), ("0610", ("B", "B06", "B061", "B0610")),
])
def test_a_code_or_name_of_gbt_4754(delivered, levels):
    assert GBT.place(delivered) == levels


@pytest.mark.parametrize("stranger", ["D33", "99", "3", "33111", "", "Z", "C3x", "五金厂", "000000"])
def test_what_is_not_in_the_tree(stranger):
    assert GBT.place(stranger) is None


@pytest.mark.parametrize(("delivered", "levels"), [
    ("33", ("31", None, None, None)), ("332", ("31", "332", None, None)), ("332710", ("31", "332", "3327", "332710")),
    ("44", ("44", None, None, None)), ("4511", ("44", "451", "4511", None)), ("99", None), ("C33", None), ("3327101", None),
])
def test_naics_codes_with_their_twin_sectors(delivered, levels):
    assert NAICS.place(delivered) == levels


def test_the_tree_that_resolves_most_enterprises_is_taken():
    assert detect({"C3311": 10, "C3312": 5, "x": 99}).name == "gbt4754-2017"
    assert detect({"332710": 60, "236115": 30, "2361": 1}).name == "naics"
    assert detect({}).name == "gbt4754-2017"


def test_enterprises_count_and_not_codes():
    assert detect({"332710": 100, "C33": 1, "C34": 1, "C35": 1}).name == "naics"


def test_a_tie_goes_to_the_newer_edition():
    both = [code for code in OLD.names if len(code) == 3 and GBT.place(code) == OLD.place(code)]
    assert detect({code: 1 for code in both}).name == "gbt4754-2017"


def test_a_table_of_the_codes_that_are_known():
    table = placed({"C33": 2, "nonsense": 1, "3311": 1}, GBT).to_pylist()
    assert table == [
        {"delivered_code": "3311", "industry_1": "C", "industry_2": "C33", "industry_3": "C331", "industry_4": "C3311"},
        {"delivered_code": "C33", "industry_1": "C", "industry_2": "C33", "industry_3": None, "industry_4": None},
    ]
    assert placed({}, GBT).num_rows == 0


def test_every_division_has_a_name_and_a_section():
    for tree in (GBT, OLD):
        divisions = [code for code in tree.names if len(code) == 3]
        assert len(divisions) >= 90 and all(code[0] in tree.names and tree.names[code] for code in divisions)


@pytest.mark.parametrize("year", ["2017", "2011"])
def test_risk_classes_are_one_to_eight(year):
    classes = risk_classes(year)
    assert set(classes.values()) == set(range(1, 9))
    assert classes["B06"] == 8 and set(classes) <= set(classifications()[f"gbt4754-{year}"].names)
