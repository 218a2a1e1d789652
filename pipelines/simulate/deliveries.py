"""One folder of raw exports per month, and the truth apart from them."""
from collections.abc import Callable
from pathlib import Path

from pipelines.simulate import exports, notices, prevention, surroundings
from pipelines.simulate.city import City, build_city
from pipelines.simulate.columns import Columns
from pipelines.simulate.defects import Delivery, Ledger, Tally
from pipelines.simulate.draws import month_number, yyyymm
from pipelines.simulate.files import write_csv, write_xlsx
from pipelines.simulate.population import Scale
from pipelines.simulate.truth import write_truth

MARKER = "模拟数据.txt"
MARKER_TEXT = "本文件夹是 yufang 生成的模拟数据，单位、人员和金额均为虚构，不得用于实际工作。\n"
SMALLEST = 50
KINDS: dict[str, tuple[Callable[[City, int], Columns], str]] = {
    "参保单位": (exports.enterprise_rows, "xlsx"), "单位缴费": (exports.premium_rows, "gb18030"),
    "工伤认定": (exports.claim_rows, "utf-8-sig"), "劳动能力鉴定": (exports.appraisal_rows, "xlsx"),
    "待遇支付": (exports.payout_rows, "gb18030"), "重点企业名录": (exports.designation_rows, "xlsx"),
    "基金收支": (exports.fund_columns, "xlsx"), "工伤事故申报": (notices.incident_rows, "gb18030"),
    "重点岗位人员": (prevention.key_staff_rows, "gb18030"), "培训记录": (prevention.training_rows, "gb18030"),
    "工伤预防项目台账": (prevention.programme_rows, "xlsx"), "年报数": (prevention.total_rows, "xlsx"),
    "建设项目": (surroundings.project_rows, "xlsx"), "职业伤害": (notices.platform_rows, "xlsx"),
    "重点场所": (surroundings.landmark_rows, "xlsx"), "交通事故": (notices.traffic_rows, "gb18030"),
    "街道园区对照": (surroundings.alias_rows, "xlsx"),
}
"""Export kind to its rows and how it is written: a workbook, or CSV in an encoding. A kind without rows has no file."""


def write_city(raw: Path, truth: Path, *, enterprises: int = 5000, staff_per_enterprise: float = 50.0, months: int = 36,
               later: int = 3, opening: int = 202509, seed: int = 20250930, defects: float = 0.0,
               silent: float = 0.0) -> list[Path]:
    """Writes the exports of a made-up city into `raw` and its truth into `truth`; returns the raw folders in order.

    The folder of the month `opening` (yyyymm) holds `months` months of history up to and including it; each of the
    `later` folders after it holds what became known in its month. The same arguments give the same bytes, and a larger
    `later` leaves the earlier folders as they were. With `defects` above 0 the same rows are written with every defect
    of `tables/defects.csv`, at that multiple of the rates stated there, and the truth holds each of them. `silent` is the
    share of the larger enterprises that withhold most of their claims (see `hushed`). Raises ValueError for an impossible
    month, fewer than 50 enterprises, no month of history, a negative `later` or `defects`, a share outside 0 … 1, or a
    truth folder under `raw`.
    """
    if enterprises < SMALLEST or months < 1 or later < 0 or defects < 0 or not 0 <= silent <= 1:
        raise ValueError(f"need enterprises >= {SMALLEST}, months >= 1, later >= 0, defects >= 0, 0 <= silent <= 1: "
                         f"{enterprises}, {months}, {later}, {defects}, {silent}")
    if truth.resolve().is_relative_to(raw.resolve()):
        raise ValueError(f"the truth must not lie under the raw exports: {truth}")
    end = month_number(opening)
    city = build_city(Scale(enterprises, staff_per_enterprise, end - months + 1, end, end + later, seed, silent))
    ledger = Ledger(Tally(defects)) if defects else None
    folders = [_write_delivery(city, raw, month, ledger) for month in range(end, end + later + 1)]
    write_truth(city, truth)
    if ledger:
        ledger.write(truth)
    return folders


def _write_delivery(city: City, raw: Path, month: int, ledger: Ledger | None) -> Path:
    year, number = divmod(int(yyyymm(month)), 100)
    folder = raw / f"{year}-{number:02d}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text(MARKER_TEXT, encoding="utf-8", newline="\n")
    drawn = ((kind, rows(city, month), form) for kind, (rows, form) in KINDS.items())
    given = {kind: (columns, form) for kind, columns, form in drawn if len(next(iter(columns.values())))}
    if ledger:
        names = dict(zip(city.names.unit, city.names.name, strict=True))
        Delivery(folder, month - city.scale.opening, city.scale.seed, names).write(given, ledger)
        return folder
    for kind, (columns, form) in given.items():
        if form == "xlsx":
            write_xlsx(folder / f"{kind}.xlsx", kind, columns)
        else:
            write_csv(folder / f"{kind}.csv", columns, form)
    return folder
