"""What the first values of a column look like: check digits, dates, months, clauses, numbers of decisions, codes, names.

Belongs here: whether values confirm or contradict that a column is what its heading seems to say. No value leaves this
module; values are only looked at, never kept.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from pipelines.contracts import codes
from pipelines.contracts.exports import EXPORTS
from pipelines.contracts.model import UNSTORED, Column
from pipelines.ingest.privacy import is_citizen_id

SHARE = 0.8
ENOUGH = 3
BLANKS = " \t\u3000\u00a0'"
EMPTY = {"", "/", "-", "--", "—", "无", "null", "none", "nan", "n/a", "#n/a"}
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
DATE = re.compile(r"^(19|20)\d\d([-/.年])(0?[1-9]|1[0-2])([-/.月])(0?[1-9]|[12]\d|3[01])日?([ T].*)?$"
                  r"|^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(\d{6})?$")
MONTH = re.compile(r"^(19|20)\d\d[-/.年]?(0?[1-9]|1[0-2])月?$")
YEAR = re.compile(r"^(19|20)\d\d年?度?$")
CLAUSE = re.compile(r"第?十[四五六]条|^1[456]-[1-7]$|^条例第1[456]条|^第?1[456]条")
DOCUMENT_NO = re.compile(r"[〔\[(（［](19|20)\d\d[〕\])）］].*号")
GRADE = re.compile(r"^(伤残)?(十|[一二三四五六七八九]|[壹贰叁肆伍陆柒捌玖拾]|0?[1-9]|10)级$|^未达.{0,2}级$|^未达等级$")
PER_CENT = re.compile(r"^\d+(\.\d+)?[%％‰]$|^0?\.0\d{1,5}$")
MONEY = re.compile(r"^[￥¥]?[-(（]?\d{1,3}(,\d{3})+(\.\d{1,2})?[)）]?元?$|^[￥¥]?-?\d+\.\d{2}元?$|^[￥¥]\d+")
INTEGER = re.compile(r"^\d{1,7}(\.0+)?人?$")
NUMBER = re.compile(r"^-?\d+(\.\d+)?$")
ORGANISATION = re.compile(r"^[\u4e00-\u9fff()（）A-Za-z0-9·\-]{3,}"
                          r"(公司|工厂|厂|商店|集团|合作社|中心|事务所|学校|医院|酒店|宾馆|经营部|门市部|分公司|项目部|工作室|餐馆|超市|矿)$")
SURNAMES = ("王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
            "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤欧")
PERSON = re.compile(f"^[{SURNAMES}]\\S{{1,3}}$")


def _is_credit_code(text: str) -> bool:
    """GB 32100: weights 3^i mod 31, the check character makes the sum a multiple of 31."""
    code = text.upper()
    if len(code) != 18 or any(letter not in CREDIT_ALPHABET for letter in code) or is_citizen_id(code):
        return False
    total = sum(CREDIT_ALPHABET.index(letter) * pow(3, place, 31) for place, letter in enumerate(code[:17]))
    return CREDIT_ALPHABET[-total % 31] == code[17]


def _is_organisation_code(text: str) -> bool:
    """GB 11714: eight characters, their weights, and a check character modulo 11."""
    code = text.upper().replace("-", "")
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", code, re.ASCII):
        return False
    total = sum(int(letter, 36) * weight for letter, weight in zip(code[:8], (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return "0X987654321"[total % 11] == code[8]


def _is_person_number(text: str) -> bool:
    return is_citizen_id(text.upper()) or bool(re.fullmatch(r"[1-8]\d{5}\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}", text))


LOOKS: Mapping[str, Callable[[str], object]] = {
    "credit_code": _is_credit_code,
    "organisation_code": _is_organisation_code,
    "person_number": _is_person_number,
    "clause": CLAUSE.search,
    "document_no": DOCUMENT_NO.search,
    "date": DATE.match,
    "month": MONTH.match,
    "year": YEAR.match,
    "grade": GRADE.match,
    "per_cent": PER_CENT.match,
    "money": MONEY.match,
    "integer": INTEGER.match,
    "number": NUMBER.match,
    "organisation": ORGANISATION.match,
    "person_name": PERSON.match,
}
# What the values of a parser look like when there is no doubt, and what they may look like.
SURE: Mapping[str, tuple[str, ...]] = {
    "uscc": ("credit_code",), "org_code": ("organisation_code",), "person": ("person_number",), "clause": ("clause",),
    "document_no": ("document_no",),
    "date": ("date",), "time": ("date",), "birth_year": ("date",), "month": ("month",), "year": ("year",), "grade": ("grade",),
    "rate": ("per_cent",), "amount": ("money",),
}
MAY: Mapping[str, tuple[str, ...]] = {
    "amount": ("per_cent",),  # small amounts in 万元 look like rates
    "count": ("money",), "number": ("money", "per_cent"), "month": ("date",), "code": ("grade",),
    "identifier": ("credit_code", "organisation_code", "document_no", "date", "person_number"), "document_no": ("date",),
    "uscc": ("organisation_code", "person_number"), "org_code": ("credit_code", "date"), "industry": ("date",),
    "person": ("date", "organisation_code"),
    "text": ("organisation", "organisation_code", "clause", "grade", "date", "document_no"),
}
# Digits may be anything, and two or three characters a person's name as well as a district's.
VAGUE = {"person_name", "integer", "number", "year", "month"}
NAMED = {"enterprise_name": "organisation", "person_name": "person_name"}


class Values(NamedTuple):
    """What a column holds in the first rows: the values given, and what most of them look like."""

    given: tuple[str, ...] = ()
    looks: frozenset[str] = frozenset()

    @classmethod
    def of(cls, cells: Iterable[object]) -> "Values":
        """The values of a column; fewer than three look like nothing.

        >>> sorted(Values.of(["2024-01-31", "2024/2/1", "2024年3月1日", None]).looks), sorted(Values.of(["甲", "乙"]).looks)
        (['date'], [])
        """
        given = tuple(t for t in (str(c if c is not None else "").strip(BLANKS) for c in cells) if t.lower() not in EMPTY)
        if len(given) < ENOUGH:
            return cls(given)
        return cls(given, frozenset(look for look, test in LOOKS.items() if _do_most(given, test)))


def _do_most(given: Sequence[str], test: Callable[[str], object]) -> bool:
    """Whether the share of the values that pass is large enough; stops as soon as it cannot be."""
    may_fail = int((1 - SHARE) * len(given) + 1e-9)
    for text in given:
        if not test(text):
            may_fail -= 1
            if may_fail < 0:
                return False
    return True


@cache
def _texts_of(kind: str, name: str) -> frozenset[str]:
    column = EXPORTS[kind][name]
    accepted = codes.YES_NO if column.value == "flag" else column.codes or {}
    return frozenset(text for code, texts in accepted.items() for text in (code, *texts) if not text.isascii())


def verdict(kind: str, column: Column, values: Values) -> int:
    """1 = the values are of this column's own kind, 0 = they say nothing, -1 = they are of another kind."""
    if len(values.given) < ENOUGH or column.value in UNSTORED:
        return 0
    if column.value in ("code", "flag"):
        texts = _texts_of(kind, column.name)
        if _do_most(values.given, texts.__contains__):
            return 1
    sure = (NAMED[column.name],) if column.name in NAMED else SURE.get(column.value, ())
    if values.looks & set(sure):
        return 1
    if values.looks & set(MAY.get(column.value, ())):
        return 0
    return -1 if values.looks - VAGUE else 0
