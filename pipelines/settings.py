"""The settings of one data folder (settings.toml): read strictly, written once, never guessed.

Belongs here: what a bureau may set, its defaults and its checks. Policies have a model of their own (pipelines/policy).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

REGIONS = ("whole", "4", "6", "text", "agency")
TEMPLATE = """# yufang 的设置；改动在下一次运行时生效
policy = "{policy}"                # 政策：{policies}，或一个 .toml 文件的路径
classification = "{classification}"          # 行业分类：auto（按能识别的代码最多者）、gbt4754-2017、gbt4754-2011、naics
# 名单按地区分：whole 全市一份；4 或 6 = 行政区划代码前几位；text = 整个代码；agency = 经办机构
regions = "{regions}"
# 省或全国的行业规模基准：另一次运行的 norm_rate.parquet，或同样列的 .csv；空 = 只用本市数据
norms = "{norms}"
# 未写坐标系的坐标按哪一种（WGS84、CGCS2000、GCJ02、BD09、LOCAL-METRES）；空 = 按其余坐标的多数，并在“定位情况”中写明
datum = "{datum}"
# 本市边界：GeoJSON 文件，相对于本文件夹；空 = 远离多数事故的为外市
area = "{area}"
# 地图上画出的道路：GeoJSON 文件（LineString），相对于本文件夹；空 = 不画
roads = "{roads}"
dossiers = {dossiers}                  # 一企一档至多编制的份数；审定或列名的单位更多时一份也不编制，运行时有提示
key_file = "{key_file}"                   # 假名密钥文件；空 = 用户配置目录下

[delivery]                      # 种类 = "snapshot" 表示每次都是全量；不写为增量，如 claim = "snapshot"
{delivery}
[ignored_files]                 # "2025-10/文件.csv" = "理由"
{ignored}"""


class SettingsError(Exception):
    """settings.toml says something that cannot be; the message names the entry and what may stand there."""


@dataclass(frozen=True)
class Settings:
    """What a bureau has set for its data folder."""

    policy: str = "expected-excess"
    classification: str = "auto"
    regions: str = "whole"
    norms: str = ""
    datum: str = ""
    area: str = ""
    roads: str = ""
    key_file: str = ""
    delivery: Mapping[str, str] = field(default_factory=dict)
    ignored_files: Mapping[str, str] = field(default_factory=dict)
    dossiers: int = 200


def load(path: Path) -> Settings:
    """The settings of a file, the defaults where there is none. Raises SettingsError."""
    if not path.exists():
        return Settings()
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name} 不是有效的 TOML：{error}") from None
    unknown = set(said) - {f.name for f in fields(Settings)}
    if unknown:
        raise SettingsError(f"{path.name} 中有不认识的设置：{'、'.join(sorted(unknown))}")
    return checked(Settings(**said))


def checked(settings: Settings) -> Settings:
    """The same settings, if they make sense. Raises SettingsError."""
    from pipelines.contracts.codes import DATUM
    from pipelines.contracts.exports import EXPORTS

    texts = (settings.policy, settings.classification, settings.regions, settings.norms, settings.datum,
             settings.area, settings.roads, settings.key_file)
    tables = (settings.delivery, settings.ignored_files)
    if not all(isinstance(t, str) for t in texts) or not all(isinstance(t, Mapping) for t in tables):
        raise SettingsError("settings.toml：policy、regions 等须为文字，[delivery] 与 [ignored_files] 须为表")
    rules = [
        (settings.regions in REGIONS, f"regions 只能是 {'、'.join(REGIONS)}"),
        (settings.classification in ("auto", "gbt4754-2017", "gbt4754-2011", "naics"), "classification 不认识"),
        (type(settings.dossiers) is int and settings.dossiers >= 0, "dossiers 只能是不小于 0 的整数"),
        (settings.datum in ("", *DATUM), f"datum 只能为空或 {'、'.join(DATUM)}"),
        (all(kind in EXPORTS for kind in settings.delivery), f"[delivery] 的种类只能是 {'、'.join(EXPORTS)}"),
        (all(how in ("snapshot", "increment") for how in settings.delivery.values()),
         "[delivery] 的值只能是 snapshot 或 increment"),
        (all(str(reason).strip() for reason in settings.ignored_files.values()), "[ignored_files] 的每一项都要写明理由"),
    ]
    for is_fine, message in rules:
        if not is_fine:
            raise SettingsError(f"settings.toml：{message}")
    return settings


def save(settings: Settings, path: Path, policies: list[str]) -> None:
    """Writes the file with its explanations."""
    values = {f.name: getattr(settings, f.name) for f in fields(Settings)}
    delivery = "".join(f'{kind} = "{how}"\n' for kind, how in settings.delivery.items())
    ignored = "".join(f'"{name}" = "{reason}"\n' for name, reason in settings.ignored_files.items())
    path.parent.mkdir(parents=True, exist_ok=True)
    text = TEMPLATE.format(**{**values, "delivery": delivery, "ignored": ignored, "policies": "、".join(policies)})
    path.write_text(text, encoding="utf-8")


def with_overrides(settings: Settings, policy: str | None, regions: str | None, norms: str | None = None) -> Settings:
    """The settings with what the command line says."""
    changes = {name: value for name, value in (("policy", policy), ("regions", regions), ("norms", norms)) if value}
    return checked(replace(settings, **changes))
