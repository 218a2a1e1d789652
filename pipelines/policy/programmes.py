"""The model of a plan's programmes: what a plan prints of each, and of all together. What it leaves open is None.

Belongs here: dataclasses and the closed lists of what may be said. Reading is programme_reading.py; what becomes of programmes
with a city's data is pipelines/planning.
"""

from dataclasses import dataclass

from pipelines.contracts.groups import TARGET_KIND
from pipelines.contracts.plan import KIND, ROLE

KINDS = tuple(KIND)
ROLES = tuple(ROLE)
UNITS = ("家", "场", "人", "人次", "期", "次", "处", "个", "件", "篇", "套", "项", "部", "月")
BOUNDS = ("exact", "least", "about", "most")
AUDIENCES = ("listed", "words", "outreach", "target", "everyone", "public")
TARGETS = tuple(TARGET_KIND.codes or ())
USUAL_TRAINING_YEARS = 3
FUNDING = "工伤保险基金（工伤预防费）"


@dataclass(frozen=True)
class Effect:
    """The share of injuries, in percent, that a programme is assumed to remove in a year from those it reaches, and why."""

    pct: float
    source: str


# Targets of the plans, read as assumptions: no measured effect of such a programme is at hand. Publicity has none.
TAILORED = Effect(10.0, "假设：取常德市2024年方案二（一）的目标，重点企业工伤事故发生率同比下降10%")
TRAINING = Effect(4.36, "假设：取工伤预防五年行动计划（2021–2025）重点行业五年降20%左右的一年份额（1−0.8^(1/5)）")


@dataclass(frozen=True)
class Amount:
    """A number of something; `bound` says whether it is exact, at least, about or at most that many."""

    number: float
    unit: str
    bound: str = "exact"
    what: str = ""


@dataclass(frozen=True)
class RoleRule:
    """What a programme asks for the persons of one role.

    hours_least, hours_most  hours of training a person
    offline_pct              least share of them face to face
    practice_pct             least share of them at the work itself
    target_pct               share of all such persons that is to be trained
    """

    role: str
    hours_least: float | None = None
    hours_most: float | None = None
    offline_pct: float | None = None
    practice_pct: float | None = None
    target_pct: float | None = None


@dataclass(frozen=True)
class Audience:
    """Whom a programme addresses.

    by          listed: the units on the list; words: those under plan words; outreach: those that meet a criterion of [outreach];
                target: the first of a kind of group_target; everyone: all open units; public: nobody in particular
    criterion   of outreach, its title; target  of target, the kind
    said        the plan's own words
    trained_in  words of which a programme of the ledger must have one in its name, so that who was trained in it counts; () = all
    years       in how many years, with the one of the data, somebody who was trained counts
    """

    by: str
    words: tuple[str, ...] = ()
    criterion: str = ""
    target: str = ""
    said: str = ""
    trained_in: tuple[str, ...] = ()
    years: int = USUAL_TRAINING_YEARS


@dataclass(frozen=True)
class Money:
    """What a programme may cost, in yuan.

    is_most        the budget is a limit ("原则上不超过")
    unit_cost, head_cost              prices of a unit of the quantity, of a person
    project_cap, head_cap             most a unit of the quantity, a person may cost
    prepayment_pct                    paid in advance
    unpayable                         words of the content that the fee does not pay for
    """

    budget: int | None = None
    is_most: bool = False
    unit_cost: float | None = None
    head_cost: float | None = None
    project_cap: float | None = None
    head_cap: float | None = None
    prepayment_pct: float | None = None
    unpayable: tuple[str, ...] = ()


@dataclass(frozen=True)
class When:
    """From which month to which (yyyymm) a programme runs, and the plan's own words."""

    starts: int | None = None
    ends: int | None = None
    said: str = ""


@dataclass(frozen=True)
class Bodies:
    """Who leads, supports, carries out a programme, and how the one who carries it out is found."""

    lead: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    implementer: str = ""
    procurement: str = ""


@dataclass(frozen=True)
class Programme:
    """One programme of a plan.

    action         the heading under which the plan has it
    section        where it stands in the plan
    name_in_table  what the plan's own table or list calls it; "" = the plan has none, or it does not stand there
    quantity       the one number by which the plan measures it; outputs  all others
    persons        to be trained, in all; persons_per_unit  at least, of each unit of the quantity
    tolerance_pct  by how much the persons may differ from the plan
    term_months    from contract to end, at most
    acceptance     what is looked at when it is accepted
    """

    id: str
    name: str
    kind: str
    action: str
    section: str
    content: str
    audience: Audience
    name_in_table: str = ""
    form: str = ""
    scale: str = ""
    quantity: Amount | None = None
    outputs: tuple[Amount, ...] = ()
    persons: Amount | None = None
    persons_per_unit: int | None = None
    tolerance_pct: float | None = None
    roles: tuple[RoleRule, ...] = ()
    when: When = When()
    bodies: Bodies = Bodies()
    funding: str = FUNDING
    money: Money = Money()
    term_months: int | None = None
    acceptance: tuple[str, ...] = ()
    own_effect: Effect | None = None

    @property
    def effect(self) -> Effect | None:
        """What it is assumed to remove; None = nothing is assumed (publicity, and what trains nobody)."""
        if self.own_effect or self.kind != "training":
            return self.own_effect
        return TAILORED if self.audience.by == "listed" else TRAINING if self.audience.by != "public" else None


@dataclass(frozen=True)
class Section:
    """A section of the plan's text beside its programmes: number, heading, paragraphs."""

    number: str
    title: str
    text: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """What a plan prints of all its programmes together, and these; money in yuan.

    year         the year in its title; dated  the month in which it was issued
    programmes_said          the number of programmes that it says it has
    publicity_share_pct      most of the money for publicity
    persons_said             numbers of persons that it says it will train in all, online, offline
    has_table                whether it ends in a table or list of its programmes
    """

    year: int
    dated: int | None = None
    budget: int | None = None
    publicity: int | None = None
    training: int | None = None
    publicity_share_pct: float | None = None
    programmes_said: int | None = None
    persons_said: tuple[Amount, ...] = ()
    has_table: bool = False
    longest_term_months: int | None = None
    programmes: tuple[Programme, ...] = ()
    sections: tuple[Section, ...] = ()
