"""What is to be expected of each unit in the coming year: the history fetched, norms and posteriors fitted, tables made.

Belongs here: what joins enterprise_history to stats/ under a policy. Who is listed is decided in targeting/.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from pipelines import floating, periods
from pipelines.contracts.outlook import ENTERPRISE_OUTLOOK, LEVEL, SIZE_BAND, YEARS
from pipelines.norm_table import UNKNOWN, Start
from pipelines.periods import Period
from pipelines.policy import Policy
from pipelines.stats import credibility, dispersion, norms, official, posterior

BANDS = tuple(SIZE_BAND.codes or ())
LEVELS = tuple(LEVEL.codes or ())
INDUSTRIES = ("industry_1", "industry_2", "industry_3", "industry_4")
JUMP = 3.0
TAIL = 0.1
"""What lies beyond either limit of an interval."""
BEYOND = 1.0
"""Injuries a year above the norm whose probability is the warning index."""
WARNING = (80.0, 50.0, 20.0)
"""Index from which on a unit is red, orange, yellow."""
COST_QUANTILE = 0.995


def years(as_of: int, first_covered: int | None, last_covered: int | None) -> list[Period]:
    """The years that expectations stand on, the newest first, cut to the months for which premiums are known; and `year_ago`,
    the last year up to the same month, by which the last twelve months are told."""
    year, is_whole = as_of // 100, as_of % 100 == 12
    last_covered = min(last_covered, as_of) if last_covered else None
    made = [periods.window(f"year_{k}", year - k, year - k, k == 0 and not is_whole, as_of % 100, first_covered, last_covered)
            for k in range(YEARS)]
    ago = periods.window("year_ago", year - 1, year - 1, True, as_of % 100, first_covered, last_covered)
    return [span for span in (*made, ago) if span.months_covered]


def used(spans: list[Period]) -> list[Period]:
    """The years whose injuries are used, the newest first."""
    return [span for span in spans if span.period != "year_ago"]


class History(NamedTuple):
    """Arrays over the units of enterprise_history that have any exposure, years side by side, the newest first.

    person_years, injuries, premium, payout  shape (units, years); NaN where unknown
    span  part of a year that each column covers; age  years from its end to the newest one's
    """

    table: pa.Table
    person_years: np.ndarray
    injuries: np.ndarray
    premium: np.ndarray
    payout: np.ndarray
    ahead: np.ndarray
    span: np.ndarray
    age: np.ndarray


def history(table: pa.Table, spans: list[Period]) -> History | None:
    """The history of the units that were exposed in any of the years; None when there is none."""
    counted_in = used(spans)
    numbers = [int(span.period.removeprefix("year_")) for span in counted_in]
    if not numbers:
        return None
    person_years = _side_by_side(table, "person_months", numbers) / 12
    kept = np.flatnonzero((np.nan_to_num(person_years) > 0).any(axis=1))
    if not len(kept):
        return None
    counted = ("injuries", "premium_yuan", "payout_yuan")
    injuries, premium, payout = (_side_by_side(table, name, numbers)[kept] for name in counted)
    newest = counted_in[0].last_month
    age = np.array([max(0, periods.months_between(span.last_month, newest) - 1) / 12 for span in counted_in])
    ahead = _numbers(table["person_months_ahead"])[kept] / 12
    return History(table.take(pa.array(kept)), person_years[kept], injuries, premium, payout, ahead,
                   np.array([span.months_covered / 12 for span in counted_in]), age)


def _side_by_side(table: pa.Table, name: str, numbers: list[int]) -> np.ndarray:
    return np.stack([_numbers(table[f"{name}_{number}"]) for number in numbers], axis=1)


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    return pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)


class Fitted(NamedTuple):
    """What was fitted to a history: arrays over its units.

    norm  injuries per person-year by the norm for the coming year; band  index of the size band then
    """

    norms: norms.Norms
    dispersion: dispersion.Dispersion
    known: posterior.Posterior
    keys: tuple[np.ndarray, ...]
    codes: tuple[np.ndarray, ...]
    norm: np.ndarray
    band: np.ndarray

    @property
    def shock(self) -> float:
        return self.dispersion.shock


def fit(past: History, completeness: np.ndarray, start: Start | None = None) -> Fitted:
    """Norms, dispersion and posteriors.

    completeness  share of each year's injuries that is known by now, shape (years,); exposure counts by that share
    start         norms of a province or nation to begin with
    """
    outermost = pc.fill_null(past.table[INDUSTRIES[0]], UNKNOWN)
    codes, keys = zip(*map(_keys, (outermost, *(past.table[name] for name in INDUSTRIES[1:]))), strict=True)
    persons = past.person_years / past.span
    bands = norms.size_bands(np.nan_to_num(persons))
    exposure = past.person_years * completeness
    fitted = norms.fit(exposure, past.injuries, keys, bands, start.given(codes, keys, bands) if start else None)
    spread = dispersion.estimate(fitted.expected, past.injuries, keys[0])
    known = posterior.posterior(fitted.expected, past.injuries, spread.lasting[keys[0]], spread.shock, past.age)
    band = norms.size_bands(past.ahead)
    norm = fitted.rate(keys, band, start.rates(codes, keys, band[:, None])[:, 0] if start else None)
    return Fitted(fitted, spread, known, keys, codes, norm, band)


def _keys(column: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct codes of a level and each unit's index among them, -1 = none."""
    encoded = pc.dictionary_encode(column.combine_chunks())
    codes = np.array(encoded.dictionary.to_pylist(), object)
    order = np.argsort(codes.astype(str)) if len(codes) else np.array([], int)
    place = np.append(np.argsort(order), -1)
    index = pc.fill_null(encoded.indices, -1).to_numpy(zero_copy_only=False)
    return codes[order], place[index].astype(np.int64)


def outlook_table(past: History, fitted: Fitted, policy: Policy, costs: pa.Table | None) -> pa.Table:
    """The rows of enterprise_outlook without what all of them share (month, definition); `costs` = claim_cost.sql."""
    known, norm_injuries = fitted.known, past.ahead * fitted.norm
    limits = posterior.predict(norm_injuries, known, fitted.shock)
    expected = norm_injuries * known.mean
    index = 100 * known.above(_ratio_beyond(norm_injuries))
    made = {
        "enterprise_id": past.table["enterprise_id"], "region_code": past.table["region_code"],
        "norm_code": _deepest(fitted), "size_band": pa.array(np.array(BANDS, object)[fitted.band], pa.string()),
        **_used(past), "norm_pct": fitted.norm * 100, "posterior_ratio": known.mean,
        "posterior_shape": known.shape,
        "ratio_low": known.quantile(TAIL), "ratio_high": known.quantile(1 - TAIL), "above_norm_probability": known.above(1.0),
        "exceedance": known.above(policy.rate.threshold_pct / 100 / fitted.norm), "norm_injuries": norm_injuries,
        "expected_injuries": expected, "excess_injuries": expected - norm_injuries,
        "expected_spread": np.sqrt(posterior.spread(known, fitted.shock)),
        "predicted_low": limits.low, "predicted_high": limits.high, **_pay_ratio(past),
        "floating_tier_pct": _known(floating.tiers(past.premium, past.payout, past.injuries, past.span, policy.floating)),
        "expected_payout_yuan": _payout(past, expected, costs), "prevention_index": _prevention_index(past),
        "warning_index": index, "warning_level": _level(index),
    }
    schema = pa.schema([field for field in ENTERPRISE_OUTLOOK.schema if field.name in made])
    return pa.table({name: made[name] for name in schema.names}).cast(schema)


def _known(values: np.ndarray) -> pa.Array:
    """The values, null where they are not known: in a table nothing is NaN."""
    return pa.array(values, mask=np.isnan(values))


def _used(past: History) -> dict:
    exposed = np.nan_to_num(past.person_years) > 0
    before = np.nan_to_num(past.person_years[:, -1] if past.person_years.shape[1] == 1 else past.person_years[:, 1])
    with np.errstate(divide="ignore", invalid="ignore"):
        change = np.where((before > 0) & (past.ahead > 0), past.ahead / before, 1.0)
    return {
        "years_used": exposed.sum(axis=1), "person_years_used": np.where(exposed, past.person_years, 0).sum(axis=1),
        "injuries_used": np.where(exposed, past.injuries, 0).sum(axis=1).astype(np.int64), "person_years_ahead": past.ahead,
        "is_jump": (change > JUMP) | (change < 1 / JUMP),
    }


def _deepest(fitted: Fitted) -> pa.Array:
    """The code of the deepest level of each unit's industry that is known."""
    found = np.full(len(fitted.norm), UNKNOWN, object)
    for codes, key in zip(fitted.codes, fitted.keys, strict=True):
        found = np.where(key >= 0, np.append(codes, UNKNOWN)[key], found)
    return pa.array(found, pa.string())


def _ratio_beyond(norm_injuries: np.ndarray) -> np.ndarray:
    """The ratio at which a unit has one injury a year more than the norm; infinite without exposure."""
    return 1 + BEYOND / np.maximum(norm_injuries, 1e-12)


def _level(index: np.ndarray) -> pa.Array:
    place = (np.round(index, 1)[:, None] < np.array(WARNING)).sum(axis=1)
    return pa.array(np.array(LEVELS, object)[place], pa.string())


def _pay_ratio(past: History) -> dict:
    """Credibility of each unit's pay ratio over the years and the credible ratio, in percent."""
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(past.premium > 0, past.payout / past.premium, np.nan)
    weight = np.where(past.premium > 0, past.premium, np.nan)
    if not np.isfinite(ratio).any() or not np.nansum(past.payout):
        empty = pa.nulls(len(past.ahead), pa.float64())
        return {"pay_ratio_credibility": empty, "pay_ratio_credible": empty}
    found = credibility.buhlmann_straub(ratio, weight)
    return {"pay_ratio_credibility": found.factor, "pay_ratio_credible": found.value * 100}


def _payout(past: History, expected: np.ndarray, costs: pa.Table | None) -> pa.Array:
    """Expected injuries × the credible cost of a case, cases capped at their 99.5 % point."""
    if costs is None or not costs.num_rows:
        return pa.nulls(len(expected), pa.float64())
    order = pc.sort_indices(costs, [("enterprise_id", "ascending"), ("paid_yuan", "ascending")])
    cases = costs.take(order)  # a sum of doubles depends on the order
    paid = pc.cast(cases["paid_yuan"], pa.float64()).to_numpy(zero_copy_only=False)
    capped = np.minimum(paid, np.quantile(paid, COST_QUANTILE))
    unit = pc.fill_null(pc.index_in(cases["enterprise_id"], past.table["enterprise_id"].combine_chunks()), -1)
    place = unit.to_numpy(zero_copy_only=False)
    cost = credibility.from_single_values(capped[place >= 0], place[place >= 0], len(expected)) if (place >= 0).any() else None
    value = cost.value if cost else np.full(len(expected), capped.mean())
    return pc.cast(pc.round(pa.array(expected * value), 2), pa.decimal128(18, 2), safe=False)


def _prevention_index(past: History) -> np.ndarray:
    """The mean of the ranks by count and by rate over the years used (Silverstein et al.)."""
    exposed = np.nan_to_num(past.person_years)
    injuries, years = (past.injuries * (exposed > 0)).sum(axis=1), exposed.sum(axis=1)
    return official.mean_rank([injuries, injuries / years], np.zeros(len(years), np.int64))
