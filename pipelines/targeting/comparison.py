"""How a list differs from the pure order of excess and from the plan's own rule, and what each of its limits costs: one line.

Belongs here: the figures and their wording. They are worked in choice.py.
"""

from typing import NamedTuple

ZERO, SAME = 0.05, "合计相同"


class Step(NamedTuple):
    """A limit, and the excess injuries a year that the list holds less by it."""

    title: str
    cost: float


class Other(NamedTuple):
    """The lists of another rule: their units, how many of them are on these lists too, their excess injuries a year."""

    units: int
    shared: int
    excess: float


class Comparison(NamedTuple):
    """The lists of a month beside those of other rules.

    places    of all lists together; units  how many of them are taken
    excess    excess injuries a year of those listed
    official  None where the policy has no rule of its plan's own
    """

    lists: int
    places: int
    units: int
    excess: float
    steps: tuple[Step, ...]
    by_excess: Other
    official: Other | None


def line(said: Comparison) -> str:
    """The comparison in one line.

    >>> steps = (Step("准入条件", 12.34), Step("本区名额", 1.1), Step("近2年已服务", 0.0))
    >>> print(*line(Comparison(1, 22, 22, 30.0, steps, Other(22, 15, 43.44), Other(22, 9, 24.8))).split("。"), sep=chr(10))
    名单22家，项目有望减少的工伤（超额工伤）合计30.0人次/年
    与纯超额排序相比：22家中15家相同，少13.4人次（准入条件少12.3，本区名额少1.1，近2年已服务无影响）
    与纯官方规则相比：22家中9家相同，多5.2人次
    <BLANKLINE>
    """
    whose = f"{said.lists}个名单共" if said.lists > 1 else "名单"
    left = f"（共{said.places}个名额，没有用完）" if said.units < said.places else ""
    head = f"{whose}{said.units}家{left}，项目有望减少的工伤（超额工伤）合计{said.excess:.1f}人次/年。"
    return head + _by_excess(said) + (_official(said, said.official) if said.official else "")


def _by_excess(said: Comparison) -> str:
    other = said.by_excess
    if other.shared == other.units == said.units:
        return "与纯超额排序完全相同。"
    steps = "，".join(f"{step.title}{_less(step.cost, '无影响')}" for step in said.steps)
    whole = f"与纯超额排序相比：{_shared(other)}，{_less(other.excess - said.excess, SAME, '人次')}"
    return f"{whole}（{steps}）。" if steps else f"{whole}。"


def _official(said: Comparison, other: Other) -> str:
    if other.shared == other.units == said.units:
        return "与纯官方规则完全相同。"
    return f"与纯官方规则相比：{_shared(other)}，{_less(other.excess - said.excess, SAME, '人次')}。"


def _shared(other: Other) -> str:
    return f"{other.units}家中{other.shared}家相同"


def _less(cost: float, same: str, unit: str = "") -> str:
    if abs(cost) < ZERO:
        return same
    return f"少{cost:.1f}{unit}" if cost > 0 else f"多{-cost:.1f}{unit}"
