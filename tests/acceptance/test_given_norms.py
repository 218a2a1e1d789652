"""Norms of another city: published by its run, given to this one, said beside every figure that stands on them."""

import pyarrow.parquet as pq
import pytest

from pipelines.norm_table import NormFileError

MONTH = "2024-12"
UNITS = "单位编号,单位名称,行业代码,参保状态\nA,甲机械厂,3411,正常\nB,乙超市,5211,正常"


def deliver(bureau, heads: int, machinery: int, trade: int) -> None:
    """Machinery (A) and trade (B) with so many heads each in 2024, and so many accidents."""
    days = [" ".join(f"2024-{1 + n % 11:02d}-{1 + n // 11 % 28:02d}" for n in range(number)) for number in (machinery, trade)]
    bureau.deliver(MONTH, 参保单位=UNITS, 单位缴费=bureau.premiums(2024, 2024, A=heads, B=heads),
                   工伤认定=bureau.claims(A=days[0], B=days[1]))


@pytest.fixture(scope="module")
def norms(new_bureau):
    """The norms of a city where machinery injures six times as many as trade."""
    bureau = new_bureau()
    deliver(bureau, 5000, 150, 25)
    bureau.build(MONTH, until="norm_rate")
    return bureau.place.stored("norm_rate", 202412).path


@pytest.fixture
def small(new_bureau):
    """A city of 100 heads and one accident, which knows nothing of its own norms."""
    bureau = new_bureau()
    deliver(bureau, 50, 1, 0)
    return bureau


def ratio(bureau) -> float:
    bureau.build(MONTH, until="enterprise_outlook")
    machinery, trade = (bureau.one("enterprise_outlook", MONTH, enterprise_id=unit)["norm_pct"] for unit in "AB")
    return machinery / trade


def test_a_small_city_takes_over_what_another_knows(small, norms):
    alone = ratio(small)
    small.settle(norms=str(norms))
    with_norms = ratio(small)
    rate = {row["industry_code"]: row["norm_pct"] for row in pq.read_table(norms).to_pylist() if row["size_band"] == "50_99"}
    known = rate["C3411"] / rate["F5211"]
    assert alone < 1.2 < 1.5 < known and abs(with_norms - known) < abs(alone - known) / 1.5
    assert f"基准以 {norms.name} 为起点" in small.one("enterprise_outlook", MONTH, enterprise_id="A")["definition"]


def test_a_file_that_is_gone_is_named(small, norms):
    small.settle(norms=str(norms.with_name("没有.parquet")))
    with pytest.raises(NormFileError, match="没有.parquet 不存在"):
        ratio(small)
