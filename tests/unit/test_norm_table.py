"""The file of norms: what a run writes is read back, what a province writes by hand is checked line by line."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines import norm_table, policy
from pipelines.classification import classifications
from pipelines.norm_table import BANDS, UNSAID_WEIGHT, NormFileError

TREE = classifications()["gbt4754-2017"]
COMMON = {"as_of_month": 202412, "definition": "口径"}
CODES = (np.array(["C"], object), np.array(["C33", "C34"], object))
KEYS = (np.array([0, 0, 0]), np.array([0, 1, 1]))
UNITS = np.array([0, 1, 5])
RATES = np.array([0.01, 0.02, 0.03, 0.04, 0.05, 0.06])


def rate_of(keys: list[np.ndarray], bands: np.ndarray) -> np.ndarray:
    """By band, and twice as much in C34."""
    return RATES[bands] * (1 + (keys[1] == 1))


@pytest.fixture
def published(tmp_path):
    table = norm_table.norm_table(CODES, KEYS, UNITS, rate_of, (np.array([30.0]), np.array([10.0, 20.0])), TREE, COMMON)
    pq.write_table(table, tmp_path / "norm_rate.parquet")
    return tmp_path / "norm_rate.parquet"


def by_hand(folder, *rows: str, header: str = "classification,industry_code,size_band,norm_pct"):
    path = folder / "省基准.csv"
    path.write_text("\n".join([header, *rows]), encoding="utf-8-sig")
    return path


def whole(code: str, pct: float = 1.0, more: str = "") -> list[str]:
    return [f"gbt4754-2017,{code},{band},{pct}{more}" for band in BANDS]


def test_what_a_run_writes_another_begins_with(published):
    start = norm_table.read(published, TREE)
    bands = np.array([[0, 1], [2, 3], [4, 5]])
    given = start.given(CODES, KEYS, bands)
    assert given.rates == pytest.approx(RATES[bands] * np.array([[1], [2], [2]]))
    assert [weight.tolist() for weight in given.weight] == [[30.0], [10.0, 20.0]] and given.whole == 30.0


def test_the_deepest_industry_that_the_file_knows_counts(published):
    start = norm_table.read(published, TREE)
    codes = (np.array(["C", "G"], object), np.array(["C33", "C39"], object))
    keys, bands = (np.array([0, 0, 1]), np.array([0, 1, -1])), np.zeros((3, 1), int)
    given = start.given(codes, keys, bands)
    assert given.rates[:, 0] == pytest.approx([0.01, 0.01, 0.01])
    assert [weight.tolist() for weight in given.weight] == [[30.0, 0.0], [10.0, 0.0]]   # nothing stands behind G and C39


def test_norms_written_by_hand_need_no_weight(tmp_path):
    start = norm_table.read(by_hand(tmp_path, *whole("all"), *whole("C33", 2.5)), TREE)
    given = start.given(CODES, KEYS, np.zeros((3, 1), int))
    assert given.rates[:, 0] == pytest.approx([0.025, 0.01, 0.01])
    assert given.whole == UNSAID_WEIGHT and given.weight[1].tolist() == [UNSAID_WEIGHT, 0.0]


@pytest.mark.parametrize(("rows", "message"), [
    ([], "没有行"),
    (whole("C33"), "缺少 all × under_20"),
    (whole("all")[:-1], "缺少 all × 1000_up"),
    ([*whole("all"), whole("all")[0]], "第 8 行：all × under_20 已经出现过"),
    (["naics,all,under_20,1.0"], "第 2 行：行业分类是 naics，本市数据用 gbt4754-2017"),
    (["gbt4754-2017,all,tiny,1.0"], "第 2 行：size_band = 'tiny' 不认识；只能是 under_20"),
    (["gbt4754-2017,all,under_20,0"], "第 2 行：norm_pct = '0' 不是 0 与 100 之间的发生率"),
    (["gbt4754-2017,all,under_20,很高"], "第 2 行：norm_pct = '很高' 不是"),
])
def test_what_is_wrong_is_said_with_its_line(tmp_path, rows, message):
    with pytest.raises(NormFileError, match=message):
        norm_table.read(by_hand(tmp_path, *rows), TREE)


@pytest.mark.parametrize("weight", ["-1", "inf", "", "多"])
def test_a_weight_is_a_number_of_injuries(tmp_path, weight):
    path = by_hand(tmp_path, *whole("all", more=f",{weight}"), header="classification,industry_code,size_band,norm_pct,weight")
    with pytest.raises(NormFileError, match=f"第 2 行：weight = '{weight}' 不是基准所依据的工伤人次"):
        norm_table.read(path, TREE)


def test_a_column_or_the_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(NormFileError, match="缺少列 norm_pct"):
        norm_table.read(by_hand(tmp_path, "gbt4754-2017,all,under_20", header="classification,industry_code,size_band"), TREE)
    with pytest.raises(NormFileError, match="不存在"):
        norm_table.read(tmp_path / "没有.csv", TREE)
    (tmp_path / "坏.parquet").write_bytes(b"no parquet")
    with pytest.raises(NormFileError, match="坏.parquet 读不出来"):
        norm_table.read(tmp_path / "坏.parquet", TREE)


def test_the_bytes_of_the_file_are_what_a_run_stands_on(published):
    rule = policy.load("expected-excess")
    before = norm_table.rule_table(rule, published)
    pq.write_table(pq.read_table(published).slice(6), published)
    assert before != norm_table.rule_table(rule, published) and before.schema == pa.schema(
        [("policy", pa.string()), ("norms", pa.string())])
