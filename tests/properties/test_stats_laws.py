"""Laws of the statistics and of the windows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as reference

from pipelines import periods
from pipelines.stats import chain_ladder, enrichment, official, selection, shrinkage, silence
from pipelines.stats.poisson import garwood
from pipelines.stats.rate_ratio import probability_at_most, ratio_limits, share_limits

COUNTS = st.lists(st.integers(0, 5000), min_size=1, max_size=30).map(np.array)
FLOATS = st.floats(0, 1e6) | st.just(float("nan"))


@given(COUNTS, st.floats(0.5, 0.999))
def test_an_interval_contains_its_count(counts, confidence):
    low, high = garwood(counts, confidence)
    assert (low <= counts).all() and (counts <= high).all() and (low >= 0).all()


@given(COUNTS, st.floats(0.5, 0.98))
def test_more_confidence_is_a_wider_interval(counts, confidence):
    narrow, wide = garwood(counts, confidence), garwood(counts, confidence + 0.01)
    assert (wide.low <= narrow.low).all() and (narrow.high <= wide.high).all()


@given(st.integers(1, 3000), st.floats(0.5, 0.99))
def test_each_tail_holds_half_of_what_is_left_out(count, confidence):
    low, high = garwood(np.array([count]), confidence)
    tail = (1 - confidence) / 2
    assert reference.poisson.sf(count - 1, low[0]) == pytest.approx(tail, rel=1e-6)
    assert reference.poisson.cdf(count, high[0]) == pytest.approx(tail, rel=1e-6)


@given(st.integers(0, 3000))
def test_limits_grow_with_the_count(count):
    low, high = garwood(np.array([count, count + 1]))
    assert low[0] < low[1] and high[0] < high[1]


@st.composite
def triangles(draw):
    """Cumulative counts of 4–12 origins at 2–4 ages, each seen as far as its turn has come."""
    origins, ages = draw(st.integers(4, 12)), draw(st.integers(2, 4))
    new = np.array(draw(st.lists(st.lists(st.integers(0, 60), min_size=ages, max_size=ages), min_size=origins, max_size=origins)))
    is_seen = np.arange(origins)[:, None] + np.arange(ages) < origins
    return np.where(is_seen, new.cumsum(axis=1), np.nan)


@given(triangles())
def test_completeness_grows_to_one_and_lies_within_its_limits(cumulative):
    found = chain_ladder.of_counts(chain_ladder.chain_ladder(cumulative))
    share, low, high = chain_ladder.completeness(found)
    assert share[-1] == 1 and (np.diff(share) >= -1e-12).all() and (share >= 0).all()
    is_known = share > 0
    assert (low[is_known] <= share[is_known]).all() and (share[is_known] <= high[is_known]).all() and (high[is_known] <= 1).all()
    assert np.isnan(low[~is_known]).all()


@given(triangles(), st.permutations(range(12)))
def test_the_order_of_origins_changes_no_factor(cumulative, order):
    shuffled = cumulative[[row for row in order if row < len(cumulative)]]
    one, two = chain_ladder.chain_ladder(cumulative), chain_ladder.chain_ladder(shuffled)
    assert np.allclose(one.factor, two.factor) and np.allclose(one.sigma2, two.sigma2)


@given(triangles())
def test_what_is_expected_is_at_least_what_is_known(cumulative):
    found = chain_ladder.of_counts(chain_ladder.chain_ladder(cumulative))
    age = np.isfinite(cumulative).sum(axis=1) - 1
    latest = cumulative[np.arange(len(age)), age]
    total, low, high = chain_ladder.expected_total(found, latest, age)
    told = np.isfinite(total)
    assert (total[told] >= latest[told] - 1e-9).all()
    is_ranged = told & np.isfinite(low) & np.isfinite(high)
    assert (low[is_ranged] >= latest[is_ranged] - 1e-9).all() and (low[is_ranged] <= high[is_ranged]).all()


@given(st.integers(0, 400), st.integers(0, 400), st.floats(10, 1e5), st.floats(10, 1e5))
def test_the_limits_of_a_ratio_hold_it_and_turn_over_with_it(count, base, exposure, base_exposure):
    low, high = ratio_limits(count, exposure, base, base_exposure)
    assert low <= high
    if count and base:
        ratio = count / exposure / (base / base_exposure)
        assert low <= ratio <= high
        turned = ratio_limits(base, base_exposure, count, exposure)
        assert turned.low == pytest.approx(1 / high) and turned.high == pytest.approx(1 / low)
    chance = [probability_at_most(ratio, count, exposure, base, base_exposure) for ratio in (0.5, 1.0, 2.0)]
    assert chance == sorted(chance) and 0 <= chance[0] and chance[-1] <= 1


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_share_lies_in_its_limits_as_its_complement_does(count, rest):
    low, high = share_limits(count, count + rest)
    if count + rest:
        assert low <= count / (count + rest) <= high
        assert share_limits(rest, count + rest) == pytest.approx((1 - high, 1 - low))


@st.composite
def cities(draw):
    """Enterprises with ids, groups, two values (some unknown), who entered and who is ranked; and a new order of the rows."""
    size = draw(st.integers(1, 25))

    def rows(kind):
        return np.array(draw(st.lists(kind, min_size=size, max_size=size)))

    values = [rows(st.sampled_from([0.0, 1.0, 2.5, 7.0]) | FLOATS) for _ in range(2)]
    order = np.array(draw(st.permutations(range(size))))
    return np.arange(size).astype(str), rows(st.integers(0, 2)), values, rows(st.booleans()), rows(st.booleans()), order


def ranks(ids, group, values, ranked):
    return selection.ranks(selection.in_order(values, ids, group), group, ranked)


@given(cities())
def test_the_order_of_rows_changes_no_rank(city):
    ids, group, values, _, ranked, order = city
    one = ranks(ids, group, values, ranked)
    assert ranks(ids[order], group[order], [v[order] for v in values], ranked[order]).tolist() == one[order].tolist()
    mean = official.mean_rank(values, group)
    assert official.mean_rank([v[order] for v in values], group[order]).tolist() == mean[order].tolist()
    injuries, years = values
    pooled = official.pooled_ratio(injuries, years, group)
    assert np.allclose(official.pooled_ratio(injuries[order], years[order], group[order]), pooled[order], equal_nan=True)


@given(cities())
def test_ranks_of_a_group_run_from_one_without_gaps(city):
    ids, group, values, _, ranked, _ = city
    rank = ranks(ids, group, values, ranked)
    first = np.where(np.isfinite(values[0]), values[0], np.inf)
    for name in np.unique(group):
        members = np.flatnonzero((group == name) & ranked)
        assert sorted(rank[members]) == list(range(1, len(members) + 1))
        assert first[members[np.argsort(rank[members])]].tolist() == sorted(first[members].tolist())
    assert (rank[~ranked] == 0).all()


@given(cities())
def test_scaling_every_value_changes_no_mean_rank(city):
    _, group, values, *_ = city
    assert official.mean_rank([v * 4 for v in values], group).tolist() == official.mean_rank(values, group).tolist()


@given(cities())
def test_someone_is_not_above_the_pooled_ratio(city):
    """A pooled ratio lies between the least and the greatest: not everyone can be above the region."""
    _, group, (injuries, years), *_ = city
    years = np.floor(years) + 1
    region = official.pooled_ratio(injuries, years, group)
    known = np.isfinite(injuries) & np.isfinite(years)
    above = official.above(injuries / years, region * (1 + 1e-12))
    for name in np.unique(group[known]):
        assert not above[known & (group == name)].all()


@st.composite
def parts(draw):
    """Hits and cases of groups, and of the whole that each is a part of."""
    quarters = draw(st.lists(st.tuples(*[st.integers(0, 60)] * 4), min_size=1, max_size=20))
    hits, misses, other_hits, others = np.array(quarters).T
    return hits, hits + misses, hits + other_hits, hits + misses + other_hits + others


@given(parts())
def test_a_ratio_lies_within_its_limits_and_expected_beside_observed(given_parts):
    found = enrichment.beside_rest(*given_parts)
    known = np.isfinite(found.low)
    assert (found.low[known] <= found.ratio[known]).all() and (found.ratio[known] <= found.high[known]).all()
    assert np.allclose(found.ratio[known] * found.expected[known], given_parts[0][known])
    tails = found.tail[np.isfinite(found.tail)]
    assert ((tails > 0) & (tails <= 1 + 1e-9)).all()


@given(parts())
def test_one_more_hit_is_less_probable(given_parts):
    hits, cases, all_hits, whole = given_parts
    able = (hits < cases) & (hits < all_hits) & (whole > cases) & (all_hits - hits > 0)
    some = [part[able] for part in given_parts]
    more = enrichment.beside_rest(some[0] + 1, *some[1:])
    assert (more.tail <= enrichment.beside_rest(*some).tail + 1e-12).all()


PROBABILITIES = st.lists(st.floats(0, 1) | st.just(float("nan")), min_size=1, max_size=40).map(np.array)


@given(PROBABILITIES)
def test_corrected_probabilities_are_larger_and_keep_their_order(tail):
    corrected = enrichment.benjamini_hochberg(tail)
    known = np.isfinite(tail)
    assert np.isnan(corrected[~known]).all()
    assert (corrected[known] >= tail[known] - 1e-12).all() and (corrected[known] <= 1).all()
    order = np.argsort(tail[known], kind="stable")
    assert (np.diff(corrected[known][order]) >= -1e-12).all()


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0.01, 300)), min_size=1, max_size=20), st.floats(0.01, 5))
def test_a_shrunk_ratio_lies_between_one_and_its_own(pairs, variance):
    observed, expected = (np.array(part) for part in zip(*pairs, strict=True))
    mean, own = shrinkage.shrink(observed, expected, variance).mean, observed / expected
    assert (mean >= np.minimum(own, 1) - 1e-9).all() and (mean <= np.maximum(own, 1) + 1e-9).all()
    narrower = shrinkage.shrink(observed, expected, variance / 2).mean
    assert (np.abs(narrower - 1) <= np.abs(mean - 1) + 1e-9).all()


@given(st.integers(0, 200), st.floats(0.5, 200), st.floats(0.01, 3), st.floats(0, 1))
def test_fewer_injuries_are_less_probable_and_more_expected_makes_them_so(reported, expected, lasting, shock):
    def tail(count: int, mean: float) -> float:
        return silence.fewer_injuries(np.array([count]), np.array([[mean]]), np.array([lasting]), shock)[0]

    assert tail(reported, expected) <= tail(reported + 1, expected) + 1e-12
    assert tail(reported, expected * 1.5) <= tail(reported, expected) + 1e-9


MONTHS = st.builds(lambda year, month: year * 100 + month, st.integers(1995, 2090), st.integers(1, 12))


@given(MONTHS, st.integers(-300, 300))
def test_months_are_added_and_taken_away(month, number):
    assert periods.add_months(periods.add_months(month, number), -number) == month
    assert 1 <= periods.add_months(month, number) % 100 <= 12
    if number >= 0:
        assert periods.months_between(month, periods.add_months(month, number)) == number + 1


@given(MONTHS, MONTHS, MONTHS)
def test_windows_lie_before_the_cut_off_and_within_the_data(as_of, one, other):
    low, high = min(one, other), max(one, other)
    for span in periods.windows(as_of, low, high):
        assert span.last_month <= as_of
        assert 0 <= span.months_covered <= periods.months_between(span.first_year * 100 + 1, span.last_year * 100 + 12)
        if span.months_covered:
            assert low <= span.first_month <= span.last_month <= high
            assert span.months_covered == periods.months_between(span.first_month, span.last_month)
        else:
            assert span.is_short


@given(MONTHS)
def test_windows_nest_and_the_year_before_is_of_the_same_age(as_of):
    spans = {span.period: span for span in periods.windows(as_of, 190001, 210012)}
    assert not any(span.is_short for span in spans.values())
    ends = {spans[name].last_month for name in ("last_year", "last_3_years", "last_5_years")}
    assert len(ends) == 1 and ends.pop() > periods.add_months(as_of, -12)
    assert [spans[f"last_{n}_years"].months_covered for n in (3, 5)] == [36, 60]
    now, then = spans["year_to_date"], spans["same_period_last_year"]
    assert (now.first_month - 100, now.last_month - 100) == (then.first_month, then.last_month)
