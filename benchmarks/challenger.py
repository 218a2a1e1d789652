"""Gradient boosting as a challenger of the product's posterior, on the same history.

scikit-learn's HistGradientBoostingRegressor with Poisson loss learns, from all units that were there in both years, how the
second year's injuries beside the norm follow from the first year's count, rate, exposure, norm and industry; what it has
learned is applied to the second year. The norms are the product's, so what is compared is the prediction of a unit's own risk.
When it stops learning is told by units that are set aside by chance, so each seed gives another list.

    python -m benchmarks.challenger EXPORTS LIST.parquet [SEED]
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor

from pipelines.stats import norms

SETTINGS = {"loss": "poisson", "max_iter": 150, "learning_rate": 0.05, "min_samples_leaf": 50, "l2_regularization": 1.0}


def history(raw: Path) -> pd.DataFrame:
    """enterprise_id, region_code, industry, and injuries and person-years of the last two years, from the exports."""
    [folder] = [path for path in sorted(raw.iterdir()) if path.is_dir()]
    unit, paid, claim = (pd.read_csv(folder / f"{name}.csv", encoding="gb18030", dtype=str)
                         for name in ("参保单位", "单位缴费", "工伤认定"))
    years = (paid["缴费人数"].astype(float) / 12).groupby([paid["单位编号"], paid["费款所属期"].str[:4]]).sum().unstack()
    injuries = claim.groupby([claim["单位编号"], claim["事故时间"].str[:4]]).size().unstack()
    table = unit.rename(columns={"单位编号": "enterprise_id", "行政区划代码": "region_code", "行业代码": "industry"})
    table = table.set_index("enterprise_id").drop(columns="单位名称")
    for age, year in enumerate(sorted(years.columns)[:-3:-1]):
        table[f"years_{age}"] = years[year].reindex(table.index).fillna(0)
        table[f"injuries_{age}"] = injuries[year].reindex(table.index).fillna(0)
    return table.reset_index()


def ranked(raw: Path, seed: int) -> pd.DataFrame:
    """region_code, enterprise_id and rank, by the excess that boosting expects."""
    table = history(raw)
    exposure, injuries = (table[[f"{name}_0", f"{name}_1"]].to_numpy() for name in ("years", "injuries"))
    keys = [table["industry"].str[:digits].factorize()[0] for digits in (3, 4, 6)]
    expected = norms.fit(exposure, injuries, keys, norms.size_bands(exposure)).expected
    features = [_features(exposure[:, age], injuries[:, age], expected[:, age], keys) for age in (0, 1)]
    both = (exposure > 0).all(axis=1)
    weight = np.maximum(expected[both, 1], 1e-3)
    model = HistGradientBoostingRegressor(**SETTINGS, random_state=seed)
    model.fit(features[1][both], injuries[both, 0] / weight, sample_weight=weight)
    table["excess"] = expected[:, 0] * (model.predict(features[0]) - 1)
    table = table.loc[exposure[:, 0] > 0].sort_values(by="excess", ascending=False, kind="stable")
    table["rank"] = table.groupby("region_code").cumcount() + 1
    return table.loc[:, ["region_code", "enterprise_id", "rank"]]


def _features(exposure: np.ndarray, injuries: np.ndarray, expected: np.ndarray, keys: list[np.ndarray]) -> np.ndarray:
    years, norm = np.maximum(exposure, 1), np.maximum(expected, 1e-6)
    return np.column_stack([np.log(years), injuries, injuries / years, np.log(norm), (1.5 + injuries) / (1.5 + norm),
                            np.log(norm / years), *(key % 250 for key in keys)])


if __name__ == "__main__":
    ranked(Path(sys.argv[1]), int(sys.argv[3]) if len(sys.argv) > 3 else 0).to_parquet(sys.argv[2])
