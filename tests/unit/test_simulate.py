"""The made-up city: reproducible, calibrated, with every defect that ingest must survive, and its truth kept apart."""
import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipelines.simulate import write_city
from pipelines.simulate.calibration import clause_shares, delay, injury_rates, outcome_shares
from pipelines.simulate.draws import NEVER, choose, day_in, join, month_number, month_of, yyyymm
from pipelines.simulate.identifiers import with_citizen_check, with_organisation_check, with_uscc_check
from pipelines.simulate.sizes import band_weights, bands, quota_sizes

VECTORS = Path(__file__).resolve().parent.parent / "vectors"
SIZE = 300
Rows = dict[str, Any]
"""Kind to its frame; pandas' own annotations are too wide to be of use here."""
RECORDING_DATE = {"单位缴费": "到账日期", "劳动能力鉴定": "鉴定结论日期", "待遇支付": "支付日期",
                  "重点企业名录": "列入日期", "工伤认定": "认定日期"}
OPENING, LATER = "2025-09", ("2025-10", "2025-11", "2025-12")


def digests(raw: Path) -> dict[str, str]:
    return {str(file.relative_to(raw)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in sorted(raw.rglob("*")) if file.is_file()}


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    write_city(folder / "raw", folder / "truth", enterprises=SIZE)
    return folder


@pytest.fixture(scope="module")
def rows(city: Path) -> Rows:
    """Every kind with all its deliveries, as text, and the folder in `batch`."""
    result: dict[str, list[pd.DataFrame]] = {}
    for file in sorted((city / "raw").rglob("*.*")):
        if file.suffix == ".xlsx":
            frame = pd.read_excel(file, dtype=str, keep_default_na=False)
        elif file.suffix == ".csv":
            encoding = "utf-8-sig" if file.stem == "工伤认定" else "gb18030"
            frame = pd.read_csv(file, dtype=str, keep_default_na=False, encoding=encoding)
        else:
            continue
        result.setdefault(file.stem, []).append(frame.assign(batch=file.parent.name))
    return {kind: pd.concat(frames, ignore_index=True) for kind, frames in result.items()}


def test_same_arguments_give_same_bytes(city: Path, tmp_path: Path) -> None:
    write_city(tmp_path / "raw", tmp_path / "truth", enterprises=SIZE)
    assert digests(tmp_path / "raw") == digests(city / "raw")


def test_a_longer_simulation_leaves_earlier_folders_alone(city: Path, tmp_path: Path) -> None:
    folders = write_city(tmp_path / "raw", tmp_path / "truth", enterprises=SIZE, later=5)
    assert [folder.name for folder in folders] == [OPENING, *LATER, "2026-01", "2026-02"]
    longer = digests(tmp_path / "raw")
    shorter = digests(city / "raw")
    assert {name: longer.get(name) for name in shorter} == shorter


def test_another_seed_gives_another_city(city: Path, tmp_path: Path) -> None:
    write_city(tmp_path / "raw", tmp_path / "truth", enterprises=60, months=2, later=0, seed=1)
    write_city(tmp_path / "other", tmp_path / "truth", enterprises=60, months=2, later=0, seed=2)
    one, other = digests(tmp_path / "raw"), digests(tmp_path / "other")
    assert one["2025-09/单位缴费.csv"] != other["2025-09/单位缴费.csv"]


def test_truth_is_kept_out_of_raw(city: Path, tmp_path: Path) -> None:
    assert not list((city / "raw").rglob("*.parquet"))
    assert {file.name for file in (city / "truth").iterdir()} == {"enterprise.parquet", "event.parquet"}
    with pytest.raises(ValueError, match="must not lie under"):
        write_city(tmp_path / "raw", tmp_path / "raw" / "truth", enterprises=SIZE)


def test_silent_enterprises_withhold_most_of_their_claims_and_only_the_truth_names_them(city: Path, tmp_path: Path) -> None:
    folders = write_city(tmp_path / "raw", tmp_path / "truth", enterprises=1500, later=0, silent=0.5)
    truth: Any = pd.read_parquet(tmp_path / "truth" / "enterprise.parquet").set_index("enterprise_id")
    event: Any = pd.read_parquet(tmp_path / "truth" / "event.parquet")
    silent = truth.index[truth["is_silent"]]
    assert len(silent) > 5 and not truth.loc[silent, "is_dispatch"].any()
    assert (truth.loc[silent, "expected_injuries"] > 1).all()
    is_silent = event["workplace_id"].isin(silent)
    never = event["applied_on"].isna()
    assert 0.8 < never[is_silent].mean() < 0.97 and not never[~is_silent].any()
    assert not event.loc[never, "is_recognised"].any() and (event.loc[never, "recognition_id"] == "").all()
    claim: Any = pd.read_csv(folders[0] / "工伤认定.csv", dtype=str, keep_default_na=False)
    assert (claim["工伤认定信息ID"] != "").all() and claim["工伤认定信息ID"].is_unique
    notice: Any = pd.read_csv(folders[0] / "工伤事故申报.csv", dtype=str, keep_default_na=False, encoding="gb18030")
    own = notice[notice["单位编号"].isin(silent)]
    known = set(zip(claim["单位编号"], claim["事故时间"], strict=True))
    is_claimed = [key in known for key in zip(own["单位编号"], own["事故时间"], strict=True)]
    assert len(own) > 20 and np.mean(is_claimed) < 0.4
    assert "is_silent" not in pd.read_parquet(city / "truth" / "enterprise.parquet").columns


@pytest.mark.parametrize("wrong", [{"enterprises": 10}, {"months": 0}, {"later": -1}, {"opening": 202513}, {"silent": 1.5},
                                   {"staff_per_enterprise": 1.0}])
def test_impossible_arguments_are_refused(wrong: dict, tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        write_city(tmp_path / "raw", tmp_path / "truth", **wrong)


def test_every_folder_says_that_it_is_simulated(city: Path) -> None:
    for folder in (city / "raw").iterdir():
        text = (folder / "模拟数据.txt").read_text("utf-8")
        assert text.count("\n") == 1 and "模拟数据" in text and "yufang" in text


def test_files_are_encoded_as_promised(city: Path) -> None:
    folder = city / "raw" / OPENING
    assert (folder / "工伤认定.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    premium = (folder / "单位缴费.csv").read_bytes()
    assert premium.decode("gb18030").startswith("单位编号,费款所属期,")
    assert premium.count(b"\r\n") == premium.count(b"\n")


def test_rates_and_pay_ratio_are_those_of_a_city(rows: Rows, city: Path) -> None:
    premium = rows["单位缴费"]
    event: Any = pd.read_parquet(city / "truth" / "event.parquet")
    paid = premium[premium["缴费类型"] != "退费"]
    person_years = paid.loc[paid["缴费人数"] != "", "缴费人数"].astype(int).sum() / 12
    assert person_years == pytest.approx(SIZE * 50 * 39 / 12, rel=0.15)
    assert 3.3 < event["is_recognised"].sum() / person_years * 1000 < 5.7
    assert 0.69 < (event["clause"] == "14-1").mean() < 0.85
    assert 0.07 < (event["clause"] == "14-6").mean() < 0.21
    ratio = rows["待遇支付"]["支付金额"].astype(float).sum() / premium["实缴金额"].astype(float).sum()
    assert 0.55 < ratio < 1.5


def test_true_expectations_are_at_the_calibrated_level(city: Path) -> None:
    truth: Any = pd.read_parquet(city / "truth" / "enterprise.parquet")
    assert truth["expected_injuries"].sum() == pytest.approx(truth["expected_injuries_insured"].sum())
    founders = truth[truth["joined_month"] == 202210]
    assert founders["true_risk"].mean() == pytest.approx(1, abs=0.2)
    assert founders["expected_injuries"].sum() / founders["mean_staff"].sum() == pytest.approx(0.0045, rel=0.1)


def test_sizes_fill_the_published_bands() -> None:
    low, _, share, _ = bands()
    assert np.allclose(band_weights(31.3), share / share.sum(), atol=0.01)
    sizes = quota_sizes(5000, 50.0)
    band = np.searchsorted(low, sizes, side="right") - 1
    assert sizes.mean() == pytest.approx(50, rel=0.03)
    assert np.allclose(np.bincount(band, minlength=6) / 5000, band_weights(50.0), atol=0.0003)


def test_identifiers_carry_valid_check_digits(rows: Rows) -> None:
    uscc = rows["参保单位"]["统一社会信用代码"]
    uscc = uscc[uscc != ""].to_numpy(str)
    assert (with_uscc_check(uscc.astype("U17")) == uscc).all()
    organisation = np.array([code[8:17] for code in uscc])
    assert (with_organisation_check(organisation.astype("U8")) == organisation).all()
    claim = rows["工伤认定"]
    person = claim["社会保障号码"].to_numpy(str)
    assert (with_citizen_check(person.astype("U17")) == person).all()
    born = np.array([f"{number[6:10]}-{number[10:12]}-{number[12:14]}" for number in person])
    assert (born == claim["出生日期"]).all()
    assert ((claim["社会保障号码"].str[16].astype(int) % 2 == 1) == (claim["性别"] == "男")).all()


def test_check_digits_agree_with_public_vectors() -> None:
    public: Any = pd.read_csv(VECTORS / "uscc_test_vectors.csv", dtype=str)
    uscc = public.query("expect == 'valid'")["code"].to_numpy(str)
    assert len(uscc) > 10 and (with_uscc_check(uscc.astype("U17")) == uscc).all()
    public = pd.read_csv(VECTORS / "citizen_id_test_vectors.csv", dtype=str)
    person = public.query("expect == 'valid'")["id18"].to_numpy(str)
    assert len(person) > 2 and (with_citizen_check(person.astype("U17")) == person).all()


def test_enterprises_are_distinct_and_change(rows: Rows) -> None:
    enterprise = rows["参保单位"]
    opening = enterprise[enterprise["batch"] == OPENING]
    assert opening["单位编号"].is_unique and opening["单位名称"].is_unique
    assert opening["单位编号"].str.fullmatch(r"4307\d{6}").all()
    assert opening["行政区划代码"].str.fullmatch(r"4307\d\d").all()
    assert set(opening["行业代码"].str.len()) >= {2, 3, 4, 5}
    assert opening["行业代码"].str.fullmatch(r"[A-T]?\d{2,4}").all()
    assert set(opening["参保状态"]) == {"正常参保", "暂停参保", "注销"}
    assert ((opening["注销日期"] != "") == (opening["参保状态"] == "注销")).all()
    later = enterprise[enterprise["batch"] != OPENING]
    assert 0 < len(later) < len(opening) / 4 and not later["单位编号"].isin(opening["单位编号"]).all()


def test_premiums_show_every_kind_of_row(rows: Rows) -> None:
    premium, enterprise = rows["单位缴费"], rows["参保单位"].drop_duplicates("单位编号").set_index("单位编号")
    assert set(premium["缴费类型"]) == {"正常", "补缴", "退费"}
    normal = premium[premium["缴费类型"] == "正常"]
    assert not normal.duplicated(["单位编号", "费款所属期"]).any()
    late = premium[premium["缴费类型"] == "补缴"]
    assert (late["滞纳金"].astype(float) > 0).any()
    assert (late["到账日期"].str[:7].str.replace("-", "") > late["费款所属期"]).all()
    assert late.merge(normal, on=["单位编号", "费款所属期"]).empty
    assert (premium.loc[premium["缴费类型"] == "退费", "实缴金额"].astype(float) < 0).all()
    is_project = (enterprise["用工方式"] == "按项目参保").reindex(premium["单位编号"]).to_numpy()
    assert is_project.any() and ((premium["缴费人数"] == "") == is_project).all()
    rate = premium["单位费率"].str.rstrip("%").astype(float) / 100
    expected = (premium["缴费基数总额"].astype(float) * rate).round(2)
    assert np.allclose(expected, premium["应缴金额"].astype(float), atol=0.011)


def test_premium_rates_follow_class_tier_and_phase(rows: Rows) -> None:
    premium = rows["单位缴费"][rows["单位缴费"]["缴费人数"] != ""]
    rate, period = premium["单位费率"].str.rstrip("%").astype(float), premium["费款所属期"].astype(int)
    base, tier = np.array([0.2, 0.4, 0.7, 0.9, 1.1, 1.3, 1.6, 1.9]), np.array([0.5, 0.8, 1.0, 1.2, 1.5])
    allowed = np.concatenate([base[0] * tier[2:], np.outer(base[1:], tier).ravel()]).round(6)
    assert np.isin(rate[period >= 202505].round(6), allowed).all()
    assert np.isin(rate[period < 202505].round(6), (allowed * 0.8).round(6)).all()


def test_claims_show_every_state(rows: Rows) -> None:
    claim = rows["工伤认定"]
    assert set(claim["认定结论"]) >= {"认定工伤", "不予认定", "", "中止", "撤销"}
    pending = claim[claim["认定结论"].isin(["", "中止"])]
    assert (pending["认定书编号"] == "").all() and (pending["认定日期"] == "").all()
    decided_later = claim[~claim["认定结论"].isin(["", "中止"])]["工伤认定信息ID"]
    assert pending["工伤认定信息ID"].isin(decided_later).any()
    recognised = claim[claim["认定结论"].isin(["认定工伤", "视同工伤"])]
    assert recognised["认定书编号"].str.fullmatch(r"常人社工伤认字〔20\d\d〕\d+号").all()
    assert recognised["认定书编号"].is_unique
    assert recognised["认定依据"].str.fullmatch(r"第十[四五]条第（[一二三四五六七]）项").all()
    assert (recognised["事故时间"].str[:10] <= recognised["认定日期"]).all()
    assert claim["事故时间"].min() >= "2022-10-01"
    commuting = claim["事故类别"] == "上下班交通"
    assert ((claim["交通方式"] != "") == commuting).all()
    story = claim[claim["事故经过"] != ""]
    assert all(name in text for name, text in zip(story["姓名"], story["事故经过"], strict=True))


def test_dispatched_workers_name_their_host_mostly(tmp_path: Path) -> None:
    write_city(tmp_path / "raw", tmp_path / "truth", enterprises=600, later=0)
    folder = tmp_path / "raw" / OPENING
    enterprise: Any = pd.read_excel(folder / "参保单位.xlsx", dtype=str, keep_default_na=False).set_index("单位编号")
    claim: Any = pd.read_csv(folder / "工伤认定.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    is_dispatch = (enterprise["用工方式"] == "劳务派遣").reindex(claim["单位编号"]).to_numpy()
    named = claim["用工单位编号"] != ""
    assert not named[~is_dispatch].any()
    assert 0.4 < named[is_dispatch].mean() < 0.95
    assert (enterprise["用工方式"].reindex(claim["用工单位编号"][named]) == "直接用工").all()
    workers = enterprise.loc[enterprise["用工方式"] == "直接用工", "派遣人数"]
    assert (workers != "").any() and (workers == "").any()


def test_rows_arrive_in_the_month_they_become_known(rows: Rows) -> None:
    for kind, heading in RECORDING_DATE.items():
        frame = rows[kind][rows[kind][heading] != ""]
        month, is_opening = frame[heading].str[:7], frame["batch"] == OPENING
        assert (month[is_opening] <= OPENING).all() and (month[~is_opening] == frame["batch"][~is_opening]).all()


def test_appraisals_and_payouts_show_their_defects(rows: Rows) -> None:
    appraisal, payout, claim = rows["劳动能力鉴定"], rows["待遇支付"], rows["工伤认定"]
    assert appraisal["认定书编号"].isin(claim["认定书编号"]).all()
    first = appraisal[appraisal["鉴定类别"] == "初次"].set_index("认定书编号")["伤残等级"]
    other = appraisal[appraisal["鉴定类别"] != "初次"]
    assert len(other) and (other["伤残等级"].to_numpy() != first.reindex(other["认定书编号"]).to_numpy()).any()
    assert payout["支付流水号"].is_unique
    assert (payout["支付金额"].astype(float) < 0).any()
    assert ((payout["认定书编号"] == "") & (payout["支付类型"] == "老工伤")).any()
    named = payout.loc[payout["认定书编号"] != "", "认定书编号"]
    assert named.isin(claim["认定书编号"]).all()
    grants = payout.loc[payout["待遇项目"] == "一次性工亡补助金", "支付金额"].astype(float).abs()
    assert len(grants) and grants.isin([876680, 948240, 985660, 1036420, 1083760]).all()


def test_the_fund_account_agrees_with_its_rows(rows: Rows) -> None:
    fund, premium, payout = rows["基金收支"], rows["单位缴费"], rows["待遇支付"]
    assert fund[["年度", "batch"]].to_numpy().tolist() == [
        ["2022", OPENING], ["2023", OPENING], ["2024", OPENING], ["2025", "2025-12"]]
    for row in fund[fund["年度"] != "2022"].to_dict("records"):
        collected = premium.loc[premium["到账日期"].str[:4] == row["年度"], "实缴金额"].astype(float).sum()
        paid = payout.loc[payout["支付日期"].str[:4] == row["年度"], "支付金额"].astype(float).sum()
        assert float(row["征缴收入"]) == pytest.approx(collected, abs=0.01)
        assert float(row["待遇支出"]) == pytest.approx(paid, abs=0.01)
        assert float(row["工伤预防费支出"]) <= float(row["下达预算额度"])


def test_calibration_reads_the_tables() -> None:
    assert injury_rates()["08"] == 0.013 and injury_rates()["94"] == 0.0006 and injury_rates()["17"] == 0.004
    assert 0.0045 < injury_rates()["53"] < 0.0106
    assert sum(clause_shares().values()) == pytest.approx(1) and outcome_shares()["未鉴定"] == pytest.approx(0.43)
    wait = delay("decision_to_appraisal_application_days")
    assert wait.median == 120 and wait.days(np.array([1.2816])) == pytest.approx(300, rel=0.01)


def test_months_and_choices() -> None:
    assert yyyymm(month_number(202512) + 1) == 202601
    assert day_in(month_number(202402), 0.999).astype(str) == "2024-02-29"
    assert month_of(np.array(["2024-02-29", "NaT"], "datetime64[D]")).tolist() == [month_number(202402), NEVER]
    assert choose([1, 0, 3], np.array([0.0, 0.24, 0.25, 0.999])).tolist() == [0, 0, 2, 2]
    assert choose([[1, 1], [0, 1]], np.array([0.4, 0.0])).tolist() == [0, 1]
    assert join("a", np.array([1, 2])).tolist() == ["a1", "a2"]
