"""Laws of the made-up city's parts, for any size, month and number."""
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.simulate.directory import _brands
from pipelines.simulate.draws import choose, month_number, stream, yyyymm
from pipelines.simulate.identifiers import credit_codes, unit_numbers, with_citizen_check, with_uscc_check
from pipelines.simulate.sizes import quota_sizes


@given(st.integers(1970, 2200), st.integers(1, 12))
def test_a_month_survives_the_way_there_and_back(year: int, month: int) -> None:
    assert yyyymm(month_number(year * 100 + month)) == year * 100 + month


@settings(max_examples=25, deadline=None)
@given(st.integers(200, 20_000), st.floats(15, 150))
def test_sizes_have_the_asked_mean_at_any_scale(count: int, mean: float) -> None:
    sizes = quota_sizes(count, mean)
    assert len(sizes) == count and sizes.min() >= 1 and (np.diff(sizes) >= 0).all()
    assert sizes.mean() == pytest.approx(mean, rel=0.05 + 60 / count)


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 90_000))
def test_serial_numbers_give_distinct_names_and_codes(count: int) -> None:
    index = np.arange(count)
    assert len(np.unique(unit_numbers(index))) == count
    assert len(np.unique(credit_codes(index, np.full(count, "430702")))) == count
    assert len(set(_brands(index))) == count


@given(st.text("0123456789", min_size=17, max_size=17), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_changes_the_citizen_check(body: str, place: int, step: int) -> None:
    other = body[:place] + str((int(body[place]) + step) % 10) + body[place + 1:]
    checks = [text[17] for text in with_citizen_check(np.array([body, other]))]
    assert checks[0] != checks[1]


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
def test_a_credit_code_adds_up_to_nothing(body: str) -> None:
    code = str(with_uscc_check(np.array([body]))[0])
    values = ["0123456789ABCDEFGHJKLMNPQRTUWXY".index(letter) for letter in code]
    weighted = sum(value * pow(3, place, 31) for place, value in enumerate(values[:17]))
    assert (weighted + values[17]) % 31 == 0


@given(st.lists(st.floats(0, 100), min_size=1, max_size=9).filter(lambda weights: sum(weights) > 1e-6),
       st.floats(0, 1, exclude_max=True))
def test_nothing_without_weight_is_drawn(weights: list[float], u: float) -> None:
    assert weights[int(choose(weights, np.array([u]))[0])] > 0


@given(st.integers(0, 2**31), st.integers(0, 2000))
def test_a_stream_depends_on_its_keys_alone(seed: int, month: int) -> None:
    assert stream(seed, "injuries", month).random() == stream(seed, "injuries", month).random()
    assert stream(seed, "injuries", month).random() != stream(seed, "premiums", month).random()
