"""公开版: whoever has the file, adds up, takes differences and multiplies rates learns no small count."""

import numpy as np
import openpyxl
import pytest
from scipy.optimize import linprog

from tests.conftest import SIMULATED_MONTH

LEAST, HIDDEN = 3, "＊"
SHORT, LONG = "上年度", "近三年"
PERIODS = {SHORT: "last_year", LONG: "last_3_years"}
LEVELS = {"全市": 0, "门类": 1, "大类": 2}
FIGURES = ("例数", "单位数", "人年", "工伤发生率", "发生率下限", "发生率上限")


@pytest.fixture(scope="module")
def book(simulated_city):
    return openpyxl.load_workbook(simulated_city.published(SIMULATED_MONTH) / "documents/公开版.xlsx")


def rows_of(book, sheet: str, first: str) -> list[dict]:
    """The rows of a sheet below the row whose first heading is `first`, by heading without units."""
    rows = list(book[sheet].iter_rows(values_only=True))
    top = next(number for number, row in enumerate(rows) if str(row[0]).split("\n")[0] == first)
    headings = [str(cell).split("\n")[0] for cell in rows[top]]
    return [dict(zip(headings, row, strict=True)) for row in rows[top + 1:]]


@pytest.fixture(scope="module")
def industries(book):
    """(period, level, code) -> what the file says."""
    return {(period, LEVELS[row["层次"]], row["对象"]): row
            for period in PERIODS for row in rows_of(book, f"行业（{period}）", "层次")}


@pytest.fixture(scope="module")
def truth(simulated_city):
    rows = simulated_city.mart("industry_injury_rate", SIMULATED_MONTH)
    periods = {name: title for title, name in PERIODS.items()}
    return {(periods[row["period"]], row["level"], row["industry_code"]): row for row in rows
            if row["period"] in periods and row["level"] <= 2}


def parent(key):
    period, level, code = key
    return (period, level - 1, "all" if level == 1 else code if code == "unknown" else code[0])


class Attacker:
    """Everything that the file says of one kind of count, as equations and bounds; asks for the range of any sum of cells."""

    def __init__(self, known: dict, whole_of, pairs=()):
        self.keys = list(known)
        self.place = {key: number for number, key in enumerate(self.keys)}
        self.bounds = [(0, None) if known[key] is None else (known[key], known[key]) for key in self.keys]
        wholes: dict = {}
        for key in self.keys:
            if (whole := whole_of(key)) is not None:
                wholes.setdefault(whole, self.row({whole: 1}))[self.place[key]] = -1
        self.equal = np.array(list(wholes.values()))
        self.less = np.array([self.row({short: 1, long: -1}) for short, long in pairs]) if pairs else None

    def row(self, signs: dict) -> np.ndarray:
        made = np.zeros(len(self.keys))
        for key, sign in signs.items():
            made[self.place[key]] = sign
        return made

    def range(self, signs: dict) -> tuple[float, float]:
        ends = []
        for sign in (1, -1):
            found = linprog(sign * self.row(signs), A_eq=self.equal, b_eq=np.zeros(len(self.equal)), A_ub=self.less,
                            b_ub=None if self.less is None else np.zeros(len(self.less)), bounds=self.bounds)
            assert found.status in (0, 3), found.message
            ends.append(np.inf if found.status == 3 else sign * found.fun)
        return np.ceil(ends[0] - 1e-6), np.floor(ends[1] + 1e-6)


def attackers(industries) -> dict[str, Attacker]:
    """For injuries, those that rate × person-years gives, and units."""
    def whole_of(key):
        return parent(key) if key[1] else None

    said = {key: None if row["例数"] == HIDDEN else row for key, row in industries.items()}
    pairs = [(key, (LONG, *key[1:])) for key in industries if key[0] == SHORT]
    cases = {key: row and row["例数"] for key, row in said.items()}
    exposed = {key: row and round(row["工伤发生率"] * row["人年"] / 100) for key, row in said.items()
               if row is None or isinstance(row["工伤发生率"], float | int)}
    units = {key: row and row["单位数"] for key, row in said.items()}
    return {"injuries": Attacker(cases, whole_of, pairs), "exposed": Attacker(exposed, whole_of),
            "enterprises": Attacker(units, whole_of)}


def test_a_row_is_shown_whole_or_not_at_all_and_no_small_one_is(industries, truth):
    assert industries.keys() == truth.keys() and any(row["例数"] == HIDDEN for row in industries.values())
    for key, row in industries.items():
        assert {row[name] == HIDDEN for name in FIGURES} in ({True}, {False}), key
        if row["例数"] != HIDDEN:
            assert row["例数"] == truth[key]["injuries"] not in (1, 2) and truth[key]["enterprises"] not in (1, 2)


def test_no_hidden_industry_can_be_worked_out(industries, truth):
    small = [key for key, row in truth.items() if 0 < row["injuries"] < LEAST or 0 < row["enterprises"] < LEAST]
    assert len(small) > 10
    for name in ("injuries", "enterprises"):
        attacker = attackers(industries)[name]
        for key in (key for key, row in industries.items() if row["例数"] == HIDDEN):
            low, high = attacker.range({key: 1})
            assert low <= truth[key][name] <= high
            assert low < high, (name, key)
            if 0 < truth[key][name] < LEAST:
                assert low == 0 and high >= LEAST, (name, key, low, high)


def test_rates_times_person_years_and_differences_of_periods_tell_no_small_count(industries, truth):
    exposed, injuries = (attackers(industries)[name] for name in ("exposed", "injuries"))
    for key in exposed.keys:
        if industries[key]["例数"] == HIDDEN:
            low, high = exposed.range({key: 1})
            assert low < high and (low == 0 or not 0 < truth[key]["injuries"] < LEAST), key
    for key in (key for key in industries if key[0] == SHORT):
        longer = (LONG, *key[1:])
        rest = truth[longer]["injuries"] - truth[key]["injuries"]
        if 0 < rest < LEAST:
            low, high = injuries.range({longer: 1, key: -1})
            assert low == 0 and high >= LEAST, key


def test_no_hidden_circumstance_can_be_worked_out(book, simulated_city):
    shown = rows_of(book, "事故情形", "方面")
    marts = simulated_city.mart("injury_pattern", SIMULATED_MONTH, scope="all")
    truth = {(row["dimension"], row["value_name"]): row["observed_cases"] for row in marts}
    titles = {row["方面"] for row in shown}
    known = {(row["方面"], row["名称"]): None if row["例数"] == HIDDEN else row["例数"] for row in shown}
    attacker = Attacker(known, lambda key: None if key[1] == "合计" else (key[0], "合计"))
    hidden = [key for key, said in known.items() if said is None]
    assert hidden and len(titles) > 5
    for key in hidden:
        low, high = attacker.range({key: 1})
        assert low < high and (low > 0 or high >= LEAST), key
    assert not {said for said in known.values()} & {1, 2} and len(truth) > len(titles)


def test_there_is_no_unit_in_it_and_its_level_is_on_every_sheet(book, simulated_city):
    names = {row["enterprise_name"] for row in simulated_city.mart("enterprise_risk", SIMULATED_MONTH)} - {None}
    for page in book:
        cells = {str(cell) for row in page.iter_rows(values_only=True) for cell in row if cell is not None}
        assert not cells & names and not any("单位编号" in cell for cell in cells)
        assert "【公开】" in page.oddHeader.left.text
    assert book.sheetnames[:3] == ["全市", "行业（上年度）", "行业（近三年）"] and "基金收支" in book.sheetnames


def test_a_tiny_city_shows_nothing_rather_than_too_much(bureau):
    bureau.deliver("2024-12", 单位缴费=bureau.premiums(2022, 2024, A=10, B=20), 工伤认定=bureau.claims(A="2024-03-01"))
    bureau.build("2024-12", until="public_figure")
    rows = bureau.core("public_figure", "2024-12")
    assert rows and all(row["is_hidden"] and row["cases"] is None for row in rows if row["topic"] == "industry")
