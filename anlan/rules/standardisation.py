"""标准化与安责险: the level a score reaches and how long it holds; who must insure, and for how much.

企业安全生产标准化建设定级办法 (应急〔2021〕83号) is from recall (C). 安全生产责任保险实施办法 (应急〔2025〕27号) was
read in secondary texts (B); the frequency table of AQ 9010 is not held.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.hazard_grade import LAW_2021_FROM, safety_law
from anlan.rules.inputs import Input, given
from anlan.rules.limits import spoken
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording
from anlan.rules.working_days import add_months

ONE = dt.timedelta(days=1)
GRADING_FROM = dt.date(2022, 1, 1)
GRADING = Citation(
    "企业安全生产标准化建设定级办法",
    "",
    Confidence.C,
    valid_from=GRADING_FROM,
    note="issued in 2021, its day is not held; the scores are the usage before it",
    number="应急〔2021〕83号",
)
GRADING_BEFORE = Citation("企业安全生产标准化评审工作管理办法", "", valid_to=GRADING_FROM - ONE)
LEVELS = {
    1: Wording("level one (national)", "一级（国家）"),
    2: Wording("level two (province)", "二级（省级）"),
    3: Wording("level three (city)", "三级（市级）"),
}


@dataclass(frozen=True, slots=True)
class Scores:
    """From which score each level is reached; months a level holds; months before applying again after revocation."""

    one: int = 90
    two: int = 75
    three: int = 60
    months: int = 36
    again_months: int = 12

    @property
    def levels(self) -> tuple[tuple[int, int], ...]:
        """Each level with its bound, the highest first."""
        return ((1, self.one), (2, self.two), (3, self.three))


EDITIONS: Editions[Scores] = Editions(
    "standardisation",
    not_held(EVER, GRADING_BEFORE),
    held(GRADING_FROM, GRADING, Scores()),
    label=Wording("standardisation level", "标准化等级"),
)


@dataclass(frozen=True, kw_only=True)
class Scored(Input):
    """A unit's score, on the day its level was published."""

    score: Decimal = given("Score of 100", "得分（百分制）", least=0, most=100)
    published: dt.date | None = given("Day the level was published", "定级公告日期", default=None)
    revoked: dt.date | None = given("Day the level was revoked", "撤销日期", default=None)


@dataclass(frozen=True, slots=True)
class Level:
    """The level (``None``: not reached), its last day, and the first day to apply again after revocation."""

    level: int | None
    name: Wording | None
    ends: dt.date | None
    apply_again_from: dt.date | None


@rule(
    "standardisation",
    Wording("Level of work safety standardisation", "安全生产标准化等级"),
    theme="credit",
    about=Wording(
        "the level a score reaches, how long it holds, when one may apply again",
        "按得分确定标准化等级、有效期和撤销后再次申请时间",
    ),
    takes=Scored,
    editions=EDITIONS,
    dated_by="published",
    examples=(
        Example(
            {"score": 75, "published": "2024-03-01"},
            dt.date(2024, 3, 1),
            {"level": 2, "ends": "2027-02-28"},
            "应急〔2021〕83号（待核实）",
        ),
        Example({"score": 59.9}, dt.date(2026, 3, 1), {"level": None, "ends": None}, "应急〔2021〕83号（待核实）"),
    ),
    bounds=Wording(
        "the standard of each trade scales its own score to a hundred; the days of review are not held",
        "各行业标准得分换算为百分制；材料审核和现场评审的日数未收录",
    ),
)
def standardisation(asked: Scored, on: dt.date) -> Finding[Level]:
    """The level; ``on`` is the day it was published.

    >>> standardisation(Scored(score=90), dt.date(2026, 3, 1)).value.level
    1
    """
    edition = EDITIONS.on(on)
    scores = edition.held
    level = next((one for one, bound in scores.levels if asked.score >= bound), None)
    ends = again = None
    if level is None:
        steps = [Wording(f"score {asked.score:f}: no level is reached", f"得分{asked.score:f}：未达到三级标准")]
    else:
        steps = [Wording(f"score {asked.score:f}: {LEVELS[level]}", f"得分{asked.score:f}：{LEVELS[level].zh}")]
        if asked.published is not None:
            ends = add_months(asked.published, scores.months, roll=False).due - ONE
            length = spoken(scores.months)
            steps.append(Wording(f"holds {length}, to {ends}", f"有效期{length.zh}，至{ends}"))
    if asked.revoked is not None:
        again = add_months(asked.revoked, scores.again_months, roll=False).due
        steps.append(
            Wording(f"revoked on {asked.revoked}: again from {again}", f"{asked.revoked}撤销，{again}起方可再次申请")
        )
    value = Level(level, LEVELS.get(level) if level else None, ends, again)
    return Finding(value, (edition.citation,), {}, tuple(steps))


INSURANCE_FROM = dt.date(2025, 3, 29)
OLD_FROM = dt.date(2018, 1, 1)
INSURANCE = Citation(
    "安全生产责任保险实施办法",
    "",
    Confidence.B,
    valid_from=INSURANCE_FROM,
    note="read in secondary texts; scope article 2",
    number="应急〔2025〕27号",
)
INSURANCE_2017 = Citation(
    "安全生产责任保险实施办法",
    "",
    Confidence.B,
    valid_from=OLD_FROM,
    valid_to=INSURANCE_FROM - ONE,
    note="issued in 2017, its day is not held; the sum as a later text recalls it",
    number="安监总办〔2017〕140号",
)
DUTY = safety_law("第五十一条第二款")
FINE = safety_law("第一百零九条")


class Sector(StrEnum):
    """Sectors that must insure, and others."""

    MINE = "mine"
    HAZCHEM = "hazchem"
    FIREWORKS = "fireworks"
    TRANSPORT = "transport"
    CONSTRUCTION = "construction"
    EXPLOSIVES = "explosives"
    SMELTING = "smelting"
    FISHERY = "fishery"
    OTHER = "other"


SECTORS = {
    Sector.MINE: Wording("mines", "矿山"),
    Sector.HAZCHEM: Wording("hazardous chemicals", "危险化学品"),
    Sector.FIREWORKS: Wording("fireworks", "烟花爆竹"),
    Sector.TRANSPORT: Wording("transport", "交通运输"),
    Sector.CONSTRUCTION: Wording("construction", "建筑施工"),
    Sector.EXPLOSIVES: Wording("civil explosives", "民用爆炸物品"),
    Sector.SMELTING: Wording("metal smelting", "金属冶炼"),
    Sector.FISHERY: Wording("fishery", "渔业生产"),
    Sector.OTHER: Wording("other", "其他"),
}
SUMS: Editions[int] = Editions(
    "liability_insurance",
    not_held(EVER, Citation(INSURANCE.law, "（2018年前）", valid_to=OLD_FROM - ONE)),
    held(OLD_FROM, INSURANCE_2017, 300_000),
    held(INSURANCE_FROM, INSURANCE, 400_000),
)

COMMISSION: Editions[int] = Editions(
    "liability_insurance: commission",
    not_held(EVER, Citation(INSURANCE.law, "（2025年前的佣金比例）", valid_to=INSURANCE_FROM - ONE)),
    held(INSURANCE_FROM, INSURANCE, 5),
)


@dataclass(frozen=True, kw_only=True)
class Policy(Input):
    """A unit's policy on the day asked about."""

    sector: Sector = given("Sector", "行业领域", choices=SECTORS)
    day: dt.date | None = given("Day asked about", "查询日期", default=None)
    insured: bool = given("A policy is in force", "已投保且在保险期间内", default=False)
    per_person_yuan: Decimal | None = given(
        "Sum for each death or disability", "每人死亡伤残赔偿限额", unit="yuan", least=0, default=None
    )
    employees: int | None = given("Employees", "从业人员数", unit="persons", least=0, default=None)
    covered: int | None = given("Employees covered", "参保从业人员数", unit="persons", least=0, default=None)
    commission_percent: Decimal | None = given(
        "Commission of the agent, share of the premium", "中介佣金占保费比例", unit="%", least=0, most=100, default=None
    )


@dataclass(frozen=True, slots=True)
class Insurance:
    """Whether the unit must insure, the least sum for each person, what is wrong, and whether all is in order."""

    must_insure: bool
    least_per_person_yuan: int
    faults: tuple[Wording, ...]
    in_order: bool


@rule(
    "liability_insurance",
    Wording("Work safety liability insurance", "安全生产责任保险"),
    theme="credit",
    about=Wording(
        "eight sectors must insure all their staff, each person for at least the sum of the day",
        "八类高危行业领域应当为全体从业人员投保，每人赔偿限额不低于规定数额",
    ),
    takes=Policy,
    editions=(SUMS, COMMISSION),
    dated_by="day",
    examples=(
        Example(
            {"sector": "mine", "insured": True, "per_person_yuan": 300_000},
            dt.date(2026, 3, 1),
            {"must_insure": True, "least_per_person_yuan": 400_000, "in_order": False},
            "应急〔2025〕27号",
        ),
        Example(
            {"sector": "mine", "insured": True, "per_person_yuan": 300_000},
            dt.date(2024, 3, 1),
            {"in_order": True},
            "安监总办〔2017〕140号",
        ),
        Example(
            {"sector": "mine", "insured": True, "commission_percent": 6},
            dt.date(2026, 3, 1),
            {"in_order": False},
            "应急〔2025〕27号",
        ),
        Example(
            {"sector": "other"},
            dt.date(2026, 3, 1),
            {"must_insure": False, "in_order": True},
            "安全生产法 第五十一条第二款",
        ),
    ),
    bounds=Wording(
        "regions may name further sectors; the frequency table of services in AQ 9010-2019 is not held",
        "地方可以扩大投保范围；AQ 9010-2019服务频次表未收录",
    ),
)
def liability_insurance(asked: Policy, on: dt.date) -> Finding[Insurance]:
    """Whether the policy is in order; ``on`` is the day asked about.

    >>> liability_insurance(Policy(sector="fishery"), dt.date(2026, 3, 1)).value.in_order
    False
    """
    edition = SUMS.on(on)
    least = edition.held
    must = asked.sector is not Sector.OTHER
    citations = [edition.citation]
    if on >= LAW_2021_FROM:
        citations += [DUTY, FINE] if must else [DUTY]
    faults: list[Wording] = []
    if must and not asked.insured:
        faults.append(Wording("no policy is in force", "未投保安全生产责任保险"))
    if asked.insured and asked.per_person_yuan is not None and asked.per_person_yuan < least:
        faults.append(
            Wording(
                f"{asked.per_person_yuan:,f} yuan a person, at least {least:,}",
                f"每人赔偿限额{asked.per_person_yuan:,f}元，低于{least:,}元",
            )
        )
    if asked.insured and asked.employees is not None and asked.covered is not None and asked.covered < asked.employees:
        faults.append(
            Wording(
                f"{asked.covered} of {asked.employees} employees covered",
                f"从业人员{asked.employees}人，仅参保{asked.covered}人",
            )
        )
    if asked.commission_percent is not None:
        commission = COMMISSION.on(on)
        if asked.commission_percent > commission.held:
            faults.append(
                Wording(
                    f"commission of {asked.commission_percent:f} %, at most {commission.held} %",
                    f"佣金占保费{asked.commission_percent:f}%，高于{commission.held}%",
                )
            )
    sector = SECTORS[asked.sector]
    steps = [
        Wording(
            f"{sector}: {'must insure' if must else 'is encouraged to insure'}",
            f"{sector.zh}：{'应当投保' if must else '鼓励投保'}",
        ),
        Wording(f"at least {least:,} yuan for each person", f"每人死亡伤残赔偿限额不低于{least:,}元"),
        *faults,
    ]
    return Finding(Insurance(must, least, tuple(faults), not faults), tuple(citations), {}, tuple(steps))
