"""The kinds beside claims and money: they agree with each other, arrive in their month and read as the contracts say."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipelines.contracts.exports import EXPORTS
from pipelines.simulate import write_city
from pipelines.simulate.deliveries import KINDS
from pipelines.simulate.identifiers import with_citizen_check

SIZE, OPENING, LATER = 300, "2025-09", 4


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every kind with all its deliveries, as text, and the folder in `batch`."""
    raw = tmp_path_factory.mktemp("city") / "raw"
    write_city(raw, raw.parent / "truth", enterprises=SIZE, later=LATER)
    return {kind: pd.concat([read(file, form).assign(batch=file.parent.name) for file in sorted(raw.rglob(f"{kind}.*"))])
            for kind, (_, form) in KINDS.items()}


def read(file: Path, form: str) -> Any:
    if form == "xlsx":
        return pd.read_excel(file, dtype=str, keep_default_na=False)
    return pd.read_csv(file, dtype=str, keep_default_na=False, encoding=form)


def test_every_kind_that_a_bureau_delivers_is_there_under_its_own_headings(rows):
    titles = {export.title: {column.title for column in export.columns} for export in EXPORTS.values()}
    for kind, frame in rows.items():
        assert set(frame.columns) - {"batch"} <= titles[kind] and len(frame), kind
    assert set(titles) - set(rows) <= {"联席会议审定"}


@pytest.mark.parametrize("kind", ["工伤事故申报", "重点岗位人员", "培训记录", "工伤预防项目台账"])
def test_units_are_known_enterprises(rows, kind):
    assert rows[kind]["单位编号"].isin(rows["参保单位"]["单位编号"]).all()


def test_notices_are_of_accidents_that_mostly_become_claims(rows):
    notice, claim = rows["工伤事故申报"], rows["工伤认定"]
    assert notice["申报编号"].is_unique and (notice["事故时间"].str[:10] <= notice["申报日期"]).all()
    is_claimed = notice.set_index(["单位编号", "事故时间"]).index.isin(claim.set_index(["单位编号", "事故时间"]).index)
    assert 0.6 < is_claimed.mean() <= 1
    assert 0.6 < (notice["是否生产经营性"] == "是").mean() < 0.95


@pytest.mark.parametrize(("kind", "heading"), [("工伤事故申报", "申报日期"), ("职业伤害", "事故时间"), ("交通事故", "事故时间")])
def test_rows_arrive_in_their_month(rows, kind, heading):
    month, batch = rows[kind][heading].str[:7], rows[kind]["batch"]
    assert ((month == batch) | (batch == OPENING) & (month < OPENING)).all()


def test_programmes_add_up_and_training_follows_them(rows):
    programme, trained = rows["工伤预防项目台账"], rows["培训记录"]
    yuan = programme[["合同金额", "预付", "余款", "扣减"]].astype(float)
    assert np.allclose(yuan["合同金额"], yuan["预付"] + yuan["余款"] + yuan["扣减"])
    assert not programme.duplicated(["项目编号", "单位编号"]).any()
    assert (programme["开始日期"] < programme["完成日期"]).all()
    people = trained.groupby(["项目编号", "单位编号"]).size()
    assert (people == programme.set_index(["项目编号", "单位编号"])["实际人数"].astype(int).reindex(people.index)).all()
    person = trained["社会保障号码"].to_numpy(str)
    assert (with_citizen_check(person.astype("U17")) == person).all()


def test_totals_are_those_of_the_rows(rows):
    total = rows["年报数"]
    collected = total[total["指标"] == "征缴收入"].set_index("年度")["数值"].astype(float)
    premium = rows["单位缴费"]
    paid = premium["实缴金额"].astype(float).groupby(premium["到账日期"].str[:4]).sum()
    assert len(collected) and np.allclose(collected, paid.reindex(collected.index))
    assert collected.index.tolist() == ["2023", "2024", "2025"]


def test_key_staff_are_counted_every_quarter(rows):
    staff = rows["重点岗位人员"]
    assert sorted(set(staff["batch"])) == [OPENING, "2025-12"]
    assert (staff["已培训人数"].astype(int) <= staff["应训人数"].astype(int)).all()
    assert not staff.duplicated(["单位编号", "人员类别", "统计日期"]).any()


def test_places_lie_in_the_city(rows):
    for kind in ("建设项目", "职业伤害", "重点场所", "交通事故"):
        frame = rows[kind]
        assert frame["经度"].astype(float).between(111, 112.5).all() and frame["纬度"].astype(float).between(28.6, 30).all()
        assert set(frame["坐标系"]) == {"WGS84"}
