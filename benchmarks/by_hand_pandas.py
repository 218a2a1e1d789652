# type: ignore
# pandas' own annotations do not follow what its methods return.
"""What one would write by hand in an afternoon: raw exports of a simulated city in, rates and the Changde list out.

`python benchmarks/by_hand_pandas.py RAW OUT`. The yardstick of city50k.py: plain pandas, the same files, the same tables
with the same figures (city50k.py compares them), no contracts, checks, rejected rows, pseudonyms, digests or publication.
Written for exactly the files that the simulator writes; it reads only the columns that it needs.
"""

import sys
from pathlib import Path

import fastexcel
import numpy as np
import pandas as pd
from scipy import special

PERIODS = {"last_year": 1, "last_3_years": 3, "last_5_years": 5}
COUNTED = ["认定工伤", "视同工伤"]
PLACES, KEPT = 22, 200
TABLES = Path(__file__).parent.parent / "pipelines" / "tables"


def read(raw: Path, kind: str, columns: dict[str, str], numbers: tuple[str, ...] = (),
         encoding: str = "gb18030") -> pd.DataFrame:
    """All batches of a kind, oldest first, with the batch month; the oldest is the opening delivery."""
    parts = []
    for folder in sorted(path for path in raw.iterdir() if path.is_dir()):
        batch = int(folder.name.replace("-", ""))
        if (folder / f"{kind}.csv").exists():
            types = {heading: "float64" if name in numbers else "str" for heading, name in columns.items()}
            part = pd.read_csv(folder / f"{kind}.csv", encoding=encoding, dtype=types, usecols=list(columns))
        elif (folder / f"{kind}.xlsx").exists():
            part = fastexcel.read_excel(folder / f"{kind}.xlsx").load_sheet(0, dtypes="string").to_pandas()[list(columns)]
        else:
            continue
        parts.append(part.rename(columns=columns).assign(batch=batch))
    rows = pd.concat(parts, ignore_index=True)
    rows["is_opening"] = rows["batch"] == rows["batch"].min()
    return rows


def month_of(date: pd.Series) -> pd.Series:
    """yyyymm of dates written 2024-01-31."""
    return (date.str[:4] + date.str[5:7]).astype("float64")


def known_in_order(rows: pd.DataFrame, recorded: pd.Series, as_of: int) -> pd.DataFrame:
    """Rows known at a month, the newest last; in the opening delivery a row is known from its recording date."""
    known = recorded.clip(upper=rows["batch"]).fillna(rows["batch"]).where(rows["is_opening"], rows["batch"])
    rows = rows.assign(known=known)[known <= as_of]
    return rows.sort_values(["known", "batch"], kind="stable")


def enterprises(raw: Path) -> pd.DataFrame:
    """Units as last delivered, with the codes of the four levels of their industry."""
    columns = {"单位编号": "unit", "单位名称": "name", "行业代码": "industry", "用工方式": "employment", "参保状态": "status",
               "注销日期": "cancelled_on", "派遣人数": "dispatched"}
    rows = read(raw, "参保单位", columns).drop_duplicates("unit", keep="last").set_index("unit")
    rows["dispatched"] = rows["dispatched"].astype("float64")
    divisions = pd.read_csv(TABLES / "gbt4754_2017_divisions.csv", dtype=str).set_index("division")["section"]
    digits = rows["industry"].str.extract(r"(\d{2,4})$")[0]
    section = digits.str[:2].map(divisions)
    rows["code_1"] = section.fillna("unknown")
    for level, length in ((2, 2), (3, 3), (4, 4)):
        whole = section + digits.str[:length]
        rows[f"code_{level}"] = whole.where(digits.str.len() >= length, section + digits + "*").fillna("unknown")
    return rows


def enterprise_month(raw: Path, as_of: int) -> pd.DataFrame:
    """Newest premium row per unit and month; late heads where there is no normal row; refunds as they come."""
    columns = {"单位编号": "unit", "费款所属期": "month", "缴费人数": "heads", "单位费率": "rate", "应缴金额": "due",
               "实缴金额": "paid", "到账日期": "received", "缴费类型": "kind"}
    rows = read(raw, "单位缴费", columns, ("heads", "due", "paid"))
    rows["month"] = rows["month"].astype("int64")
    received = month_of(rows["received"])
    rows["received_month"] = received.fillna(rows["month"]).astype("int64")
    rows["rate"] = rows["rate"].str.rstrip("%").astype("float64") / 100
    rows = known_in_order(rows, received, as_of)
    normal = rows[rows["kind"] == "正常"].drop_duplicates(["unit", "month"], keep="last")
    other = rows[rows["kind"] != "正常"].drop(columns=["known", "is_opening"])
    values = [name for name in other.columns if name != "batch"]
    other = other.assign(nth=other.groupby([*values, "batch"], dropna=False).cumcount()).drop_duplicates([*values, "nth"])
    other.loc[other["kind"] != "补缴", "heads"] = np.nan
    other = other.groupby(["unit", "month", "received_month", "kind"], as_index=False).agg(
        heads=("heads", "max"), due=("due", "sum"), paid=("paid", "sum"))
    late = other[other["kind"] == "补缴"].groupby(["unit", "month"])["heads"].transform("max")
    other["heads"] = late.where(~other.duplicated(["unit", "month", "kind"]))
    by = ["unit", "month"]
    has_normal = pd.MultiIndex.from_frame(other[by]).isin(pd.MultiIndex.from_frame(normal[by]))
    other.loc[has_normal, "heads"] = np.nan
    table = pd.concat([normal[["unit", "month", "received_month", "kind", "heads", "rate", "due", "paid"]], other])
    return table.sort_values(["unit", "month", "received_month", "kind"], ignore_index=True)


def claims(raw: Path, as_of: int) -> pd.DataFrame:
    """The newest row of each case known at a month, with its grade."""
    columns = {"工伤认定信息ID": "id", "认定书编号": "number", "单位编号": "unit", "用工单位编号": "host", "事故时间": "time",
               "认定日期": "decided", "认定结论": "conclusion", "认定依据": "clause", "伤害程度": "severity",
               "因工死亡时间": "died", "建筑项目标识": "project", "老工伤标识": "old"}
    rows = read(raw, "工伤认定", columns, encoding="utf-8-sig")
    rows = known_in_order(rows, month_of(rows["decided"]), as_of)
    rows["case"] = rows["id"].fillna(rows["number"])
    rows = rows.drop_duplicates("case", keep="last").merge(appraisals(raw, as_of), on="number", how="left")
    rows["insured"], rows["unit"] = rows["unit"], rows["host"].fillna(rows["unit"])
    rows["month"] = month_of(rows["time"]).astype("int64")
    rows["counted"] = rows["conclusion"].isin(COUNTED) & (rows["project"] != "是") & (rows["old"] != "是")
    rows["severe"] = rows["grade"].between(1, 4)
    rows["death"] = rows["died"].notna() | (rows["severity"] == "死亡") | (rows["clause"] == "第十五条第（一）项")
    rows["sent"] = rows["unit"] != rows["insured"]
    rows["group"] = rows["clause"].str.extract(r"第(十.)条第（(.)）项").sum(axis=1)
    return rows.sort_values("case", ignore_index=True)


def appraisals(raw: Path, as_of: int) -> pd.DataFrame:
    """The latest grade of each recognition number, as known at a month."""
    columns = {"认定书编号": "number", "鉴定类别": "kind", "鉴定结论日期": "concluded", "伤残等级": "grade"}
    rows = read(raw, "劳动能力鉴定", columns)
    rows = known_in_order(rows, month_of(rows["concluded"]), as_of).sort_values("concluded", kind="stable")
    rows = rows.drop_duplicates("number", keep="last")
    names = {f"{name}级": grade for grade, name in enumerate("一二三四五六七八九十", start=1)}
    return rows.assign(grade=rows["grade"].map(names))[["number", "grade"]]


def payouts(raw: Path, claim: pd.DataFrame) -> pd.DataFrame:
    """Payments, each once, weighing on the unit that insured the injured person."""
    columns = {"支付流水号": "payment", "认定书编号": "number", "单位编号": "unit", "支付金额": "amount", "支付日期": "paid_on"}
    rows = read(raw, "待遇支付", columns, ("amount",)).drop_duplicates("payment", keep="last")
    insured = claim.dropna(subset=["number"]).drop_duplicates("number", keep="last").set_index("number")["insured"]
    return rows.assign(month=month_of(rows["paid_on"]).astype("int64"), unit=rows["number"].map(insured).fillna(rows["unit"]))


def enterprise_year(paid: pd.DataFrame, claim: pd.DataFrame, payout: pd.DataFrame) -> pd.DataFrame:
    """Exposure, premiums, injuries and payouts of each unit and year."""
    paid = paid.assign(year=paid["month"] // 100)
    normal = paid[(paid["kind"] == "正常") & paid["rate"].notna()]
    by = ["unit", "year"]
    exposure = paid.groupby(by).agg(months=("heads", "count"), person_months=("heads", "sum"), due=("due", "sum"),
                                    paid=("paid", "sum"), first_month=("month", "min"), last_month=("month", "max"))
    exposure["rate"] = normal.groupby(by)["rate"].last()
    collected = paid.groupby(["unit", paid["received_month"] // 100])["paid"].sum().rename("collected")
    counted = claim[claim["counted"]].assign(year=lambda rows: rows["month"] // 100)
    injured = counted.groupby(by).agg(injuries=("case", "size"), severe=("severe", "sum"), deaths=("death", "sum"))
    groups = counted.pivot_table(index=by, columns="group", values="case", aggfunc="size", fill_value=0)
    paid_out = payout.groupby(["unit", payout["month"] // 100])["amount"].sum().rename("payout")
    for part in (collected, paid_out):
        part.index.names = by
    table = pd.concat([exposure, collected, injured, groups, paid_out], axis=1)
    counts = [name for name in table.columns if name not in ("first_month", "last_month", "rate")]
    return table.fillna(dict.fromkeys(counts, 0)).reset_index()


def period_counts(year: pd.DataFrame, claim: pd.DataFrame, payout: pd.DataFrame, who: pd.DataFrame, first: int,
                  last: int) -> pd.DataFrame:
    """Exposure, injuries and money of each unit in the years `first` to `last`, dispatched workers moved to where they work."""
    span = year[year["year"].between(first, last)].groupby("unit")[["months", "person_months", "collected"]].sum()
    span = span[(span["months"] > 0) | (span["collected"] != 0)]
    hurt = claim[claim["counted"] & (claim["month"] // 100).between(first, last)]
    counts = hurt.groupby("unit").agg(injuries=("case", "size"), severe=("severe", "sum"), deaths=("death", "sum"),
                                      received=("sent", "sum"))
    lent = hurt[hurt["sent"]].groupby("insured").size().rename("lent")
    money = payout[(payout["month"] // 100).between(first, last)].groupby("unit")["amount"].sum().rename("payout")
    table = pd.concat([span, counts, money], axis=1).join(lent).join(who[["employment", "dispatched"]])
    numbers = ["months", "person_months", "collected", "injuries", "severe", "deaths", "received", "payout", "lent"]
    table[numbers] = table[numbers].fillna(0)
    is_sender = table["employment"] == "劳务派遣"
    moved = table["dispatched"].fillna(0) * table["months"]
    adjusted = np.where(is_sender, (table["person_months"] - moved).clip(lower=0), table["person_months"] + moved)
    unknown = table["dispatched"].isna() & (is_sender | (table["received"] > 0) | (table["lent"] > 0))
    table["person_months"] = np.where(unknown | (table["person_months"] <= 0), np.nan, adjusted)
    return table


def with_rates(table: pd.DataFrame, injuries: pd.Series) -> pd.DataFrame:
    """Rate in percent with its exact Poisson interval, and the pay ratio."""
    months = table["person_months"].where(table["person_months"] > 0)
    count = injuries.to_numpy("float64")
    low = np.where(count > 0, special.gammaincinv(np.maximum(count, 1), 0.025), 0.0)
    return table.assign(
        person_years=table["person_months"] / 12, rate_pct=count * 1200 / months, rate_low_pct=low * 1200 / months,
        rate_high_pct=special.gammaincinv(count + 1, 0.975) * 1200 / months,
        pay_ratio=(table["payout"] * 100 / table["collected"]).where(table["collected"] > 0))


def industry_rates(units: pd.DataFrame, who: pd.DataFrame) -> pd.DataFrame:
    """Counts and rates of every industry at each level and of the whole city, by period."""
    levels = [f"code_{level}" for level in range(1, 5)]
    rows = units.join(who[levels]).fillna(dict.fromkeys(levels, "unknown"))
    rows["exposed"] = rows["injuries"].where(rows["person_months"] > 0, 0)
    rows["above"] = rows["injuries"] * 1200 > 4 * rows["person_months"]
    rows["has_heads"] = rows["person_months"] > 0
    rows["code_0"] = "all"
    sums = ["injuries", "severe", "deaths", "person_months", "exposed", "collected", "payout", "above", "has_heads"]
    parts = [rows.groupby(["period", f"code_{n}"])[sums].sum().rename_axis(["period", "code"]).assign(level=n) for n in range(5)]
    table = pd.concat(parts).reset_index()
    return with_rates(table, table["exposed"])


def changde_list(units: pd.DataFrame, who: pd.DataFrame) -> pd.DataFrame:
    """Three-year rate and pay ratio both above the city's; order by the mean of the two ranks; 22 places."""
    rows = units[units["period"] == "last_3_years"].join(who[["name", "industry", "status", "cancelled_on"]])
    known = rows[rows["person_months"] > 0]
    city_rate = known["injuries"].sum() / known["person_years"].sum() * 100
    city_ratio = rows["payout"].sum() / rows["collected"].sum() * 100
    rows["entered"] = (rows["rate_pct"] > city_rate) & (rows["pay_ratio"] > city_ratio)
    rank = {"method": "min", "ascending": False, "na_option": "bottom"}
    rows["score"] = (rows["rate_pct"].rank(**rank) + rows["pay_ratio"].rank(**rank)) / 2
    rows = rows[(rows["status"] != "注销") & rows["cancelled_on"].isna() & rows["rate_pct"].notna()].reset_index(names="unit")
    rows = rows.sort_values(["entered", "score", "injuries", "person_years", "unit"], ascending=[False, True, False, False, True])
    rows["rank"] = range(1, len(rows) + 1)
    rows["is_listed"] = rows["entered"] & (rows["rank"] <= PLACES)
    rows = rows.head(KEPT)
    said = [f"近三年工伤{row.injuries:.0f}人次，{row.person_years:,.1f}人年，发生率{row.rate_pct:.2f}%（全市{city_rate:.2f}%）；"
            f"支缴率{row.pay_ratio:.1f}%（全市{city_ratio:.1f}%）。" for row in rows.itertuples()]
    return rows.assign(evidence=said)


def main(raw: Path, out: Path) -> None:
    as_of = max(int(folder.name.replace("-", "")) for folder in raw.iterdir() if folder.is_dir())
    if as_of % 100 != 12:
        raise SystemExit("written for a city whose newest month is a December")
    out.mkdir(parents=True, exist_ok=True)
    who, paid, claim = enterprises(raw), enterprise_month(raw, as_of), claims(raw, as_of)
    payout = payouts(raw, claim)
    year = enterprise_year(paid, claim, payout)
    last = as_of // 100
    spans = {name: (claim, last - years + 1, last) for name, years in PERIODS.items()}
    spans["same_period_last_year"] = (claims(raw, as_of - 100), last - 1, last - 1)
    parts = [period_counts(year, known, payout, who, start, end).assign(period=name)
             for name, (known, start, end) in spans.items()]
    parts.append(parts[0].assign(period="year_to_date"))
    units = pd.concat(parts).rename_axis("unit").sort_values(["unit", "period"])
    units = with_rates(units, units["injuries"])
    tables = {"enterprise_month": paid, "claim": claim, "enterprise_year": year, "enterprise_risk": units.reset_index(),
              "industry_injury_rate": industry_rates(units, who), "priority_enterprise": changde_list(units, who)}
    for name, table in tables.items():
        table.to_parquet(out / f"{name}.parquet", compression="zstd", index=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
