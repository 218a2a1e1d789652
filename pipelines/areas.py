"""Street and park of an address: by the alias table that the bureau keeps, else as the address itself names them.

Belongs here: how an address is read. Which addresses are asked for, and what the units were delivered with, is SQL.
"""

import re
from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from pipelines.ingest.narratives import Rule, first_match, normalised

TARGETS = ("street", "park")
COLUMNS = ("address", "region_code", "alias_street", "alias_park", "pattern_street", "pattern_park")
SCHEMA = pa.schema([(name, pa.string()) for name in COLUMNS])
KEYWORDS_AT_ONCE = 50
# Cities and counties that have 镇 or 乡 in their names (镇江市, 安乡县); 市 of 市场 ends no name, nor the first of 津市市.
WITH_TOWN, CITY = "[一-龥]{0,2}[镇乡][一-龥]?", "市(?!市|场|政|民)"
PROVINCE_CITY = re.compile(
    rf"^(?:[^省区市]{{2,8}}(?:省|自治区))?(?:(?:[^省市镇乡街路]{{2,6}}|{WITH_TOWN})(?:{CITY}|自治州|地区|盟))?"
)
COUNTY = re.compile(
    rf"^(?!高新|经开|经济技术|工业)(?:[^镇乡街路道园发社业号]{{1,5}}?(?:区|县|{CITY}|旗)|{WITH_TOWN}(?:县|{CITY})|镇海区)"
)
STREET = re.compile(
    r"^([一-龥]{1,7}?(?:镇街道|街道|镇|乡|苏木))(?:办事处)?(?![村镇下]|[东西南北中]路|大道|街|江市|高新技术|经济技术)"
)
NO_STREET = re.compile(r"[路号村组与第区园]|大道")
# A zone may be named by its kind alone (高新区); a works park only with a name of its own.
NAMED = "[^路号街道村组栋室楼与(),、]"
PARK = re.compile(
    rf"({NAMED}{{0,12}}?(?:经济技术开发区|高新技术产业开发区|高新技术开发区|综合保税区|高新区|经开区|开发区)"
    rf"|{NAMED}{{2,12}}?(?:工业园区?|产业园区?|科技园区?|物流园区?|创业园|软件园|工业区|集聚区))"
)


def located(addresses: pa.Table, aliases: pa.Table) -> pa.Table:
    """What aliases and wording say of each address: the columns COLUMNS.

    `addresses` has address and region_code, one row per pair; `aliases` has keyword, alias_street, alias_park, region_code
    (empty = everywhere). The longest keyword that the address contains counts, for street and park each.

    >>> place = {"address": ["创业大厦3楼", "武陵区丹阳街道一路1号"], "region_code": ["", ""]}
    >>> alias = {"keyword": ["创业大厦"], "alias_street": ["芙蓉街道"], "alias_park": [None], "region_code": [None]}
    >>> located(pa.table(place), pa.table(alias)).select(["alias_street", "pattern_street"]).to_pylist()
    [{'alias_street': '芙蓉街道', 'pattern_street': None}, {'alias_street': None, 'pattern_street': '丹阳街道'}]
    """
    plain = normalised(addresses["address"].combine_chunks())
    columns: dict[str, list | pa.ChunkedArray] = {name: addresses[name] for name in ("address", "region_code")}
    for target in TARGETS:
        columns[f"alias_{target}"] = _by_alias(plain, addresses["region_code"].to_pylist(), aliases, f"alias_{target}")
    named = [_named(text) for text in plain.to_pylist()]
    columns["pattern_street"], columns["pattern_park"] = ([pair[at] for pair in named] for at in (0, 1))
    return pa.table(columns).select(COLUMNS).cast(SCHEMA).sort_by([("address", "ascending"), ("region_code", "ascending")])


def _by_alias(plain: pa.Array, regions: list[str], aliases: pa.Table, target: str) -> list[str | None]:
    """What the longest keyword contained in each address stands for; keywords of another region do not count."""
    lines = [line for line in aliases.to_pylist() if line[target] and line["keyword"]]
    lines.sort(key=lambda line: (-len(line["keyword"]), line["keyword"]))
    found = np.full(len(plain), None, object)
    for region in sorted(set(regions)):
        rows = np.flatnonzero(np.array(regions, object) == region)
        here = [line for line in lines if region.startswith(_prefix(line["region_code"]))]
        tried = tuple(_rule(line, target) for line in here)
        index = first_match(plain.take(pa.array(rows)), tried, KEYWORDS_AT_ONCE)
        found[rows[index >= 0]] = [tried[number].code for number in index[index >= 0]]
    return found.tolist()


def _rule(line: Mapping[str, str], target: str) -> Rule:
    keyword = normalised(pa.array([line["keyword"]]))[0].as_py()
    return Rule(keyword, target, line[target], re.escape(keyword), "")


def _prefix(region: str | None) -> str:
    """A region code without the zeros that stand for the whole of it: 430700 holds 430702."""
    return re.sub(r"(00)+$", "", region or "")


def _named(text: str) -> tuple[str | None, str | None]:
    """Street and park as an address names them, each None where it does not.

    >>> _named("湖南省常德市武陵区穿紫河街道洞庭大道123号"), _named("鼎城区灌溪镇常德高新技术产业开发区兴业路")
    (('穿紫河街道', None), ('灌溪镇', '常德高新技术产业开发区'))
    """
    rest = PROVINCE_CITY.sub("", text, count=1)
    rest = COUNTY.sub("", rest, count=1)
    street, park = leading_street(rest), None
    if not street and (park := PARK.match(rest)):
        rest = rest[park.end() :]
        street = leading_street(rest)
    park = park or PARK.search(rest[len(street or "") :])
    return street, (park.group(1) if park else None)


def leading_street(text: str) -> str | None:
    """The street or town that a text begins with."""
    found = STREET.match(text)
    return found.group(1) if found and not NO_STREET.search(found.group(1)) else None
