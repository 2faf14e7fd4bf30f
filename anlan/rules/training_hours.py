"""安全培训学时与安全管理人员配备: how many hours of training by year, and whom a unit must employ for safety.

生产经营单位安全培训规定 (order 3) is read in a secondary text (B). Staffing is 安全生产法 24 and 27: a body *or*
full-time staff, where a planning document of 2018 says "and".
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from anlan.rules.citation import Citation, Confidence, Finding, Level
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.enforcement_texts import SAFETY_2014
from anlan.rules.figures import doubtful
from anlan.rules.hazard_grade import LAW_2021_FROM, safety_law
from anlan.rules.inputs import Input, given
from anlan.rules.limits import UNDATED, UNDATED_NOTE, undated
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

ONE = dt.timedelta(days=1)
ORDER_3 = undated("生产经营单位安全培训规定", "", Confidence.B, "安监总局令第3号")
ORDER_3_BEFORE = Citation(ORDER_3.law, "（2016年前）", valid_to=UNDATED - ONE, number=ORDER_3.number)
HEALTH_PRACTICE = Citation("职业卫生培训学时", "（通行做法）", Confidence.C, valid_from=UNDATED, note=UNDATED_NOTE)
YANGJIANG = Citation(
    "阳江市安全生产“十三五”规划",
    "监管执法人员网络培训",
    Confidence.A,
    Level.CITY,
    note="80 hours of online training a year; binds Yangjiang within the plan, adopted elsewhere as a parameter",
    number="阳府〔2017〕20号",
)


class Trainee(StrEnum):
    """Whose training."""

    PRINCIPAL = "principal"
    WORKER = "worker"
    TRANSFERRED = "transferred"
    HEALTH_PRINCIPAL = "health_principal"
    HEALTH_WORKER = "health_worker"
    INSPECTOR = "inspector"


TRAINEES = {
    Trainee.PRINCIPAL: Wording("principal or safety manager", "主要负责人、安全生产管理人员"),
    Trainee.WORKER: Wording("worker", "从业人员"),
    Trainee.TRANSFERRED: Wording("worker moved, or back after a year or more", "调整岗位或者离岗一年以上重新上岗人员"),
    Trainee.HEALTH_PRINCIPAL: Wording("principal or manager, occupational health", "职业卫生主要负责人、管理人员"),
    Trainee.HEALTH_WORKER: Wording("worker, occupational health", "接触职业病危害的劳动者"),
    Trainee.INSPECTOR: Wording("law-enforcement officer", "监管执法人员"),
}
# (first, yearly) by (trainee, high risk); None: no number of hours is set.
HOURS: dict[tuple[Trainee, bool], tuple[int | None, int | None]] = {
    (Trainee.PRINCIPAL, False): (32, 12),
    (Trainee.PRINCIPAL, True): (48, 16),
    (Trainee.WORKER, False): (24, None),
    (Trainee.WORKER, True): (72, 20),
    (Trainee.TRANSFERRED, False): (None, None),
    (Trainee.TRANSFERRED, True): (None, None),
    (Trainee.HEALTH_PRINCIPAL, False): (16, 8),
    (Trainee.HEALTH_PRINCIPAL, True): (16, 8),
    (Trainee.HEALTH_WORKER, False): (8, 4),
    (Trainee.HEALTH_WORKER, True): (8, 4),
    (Trainee.INSPECTOR, False): (None, 80),
    (Trainee.INSPECTOR, True): (None, 80),
}
CITED = {
    Trainee.HEALTH_PRINCIPAL: HEALTH_PRACTICE,
    Trainee.HEALTH_WORKER: HEALTH_PRACTICE,
    Trainee.INSPECTOR: YANGJIANG,
}
TRAINING: Editions[dict[tuple[Trainee, bool], tuple[int | None, int | None]]] = Editions(
    "training_hours", not_held(EVER, ORDER_3_BEFORE), held(UNDATED, ORDER_3, HOURS)
)
RECALLED = {
    (who, first): doubtful(
        f"training_hours.{who.value}.{'first' if first else 'yearly'}",
        HOURS[who, False][0 if first else 1] or 0,
        Wording(f"{TRAINEES[who]}: {'first training' if first else 'each year'}",
                f"{TRAINEES[who].zh}：{'初次培训' if first else '每年再培训'}"),
        HEALTH_PRACTICE,
        Wording("hours", "学时"),
    )
    for who in (Trainee.HEALTH_PRINCIPAL, Trainee.HEALTH_WORKER)
    for first in (True, False)
}  # fmt: skip
RECORD = safety_law("第二十八条第四款")


@dataclass(frozen=True, kw_only=True)
class Training(Input):
    """Whose training, in what unit, and the hours held in the calendar year."""

    trainee: Trainee = given("Whose training", "培训对象", choices=TRAINEES)
    high_risk: bool = given(
        "Coal or other mine, hazardous chemicals, fireworks, smelting",
        "煤矿、非煤矿山、危险化学品、烟花爆竹、金属冶炼等单位",
        default=False,
    )
    first: bool = given("First training, before taking up the work", "上岗前初次培训", default=False)
    hours: Decimal | None = given("Hours held", "已完成学时", unit="hours", least=0, most=9999, default=None)
    day: dt.date | None = given("Day of the training", "培训日期", default=None)


@dataclass(frozen=True, slots=True)
class TrainingDue:
    """Hours asked for (``None``: by the unit's plan), hours missing, and whether they are met (``None``: not said)."""

    required: int | None
    missing: Decimal | None
    met: bool | None


@rule(
    "training_hours",
    Wording("Hours of training", "安全培训学时"),
    theme="licensing",
    about=Wording(
        "hours of first training and of each year's refresher, by person and risk of the unit",
        "按人员类别和单位风险确定初次培训和每年再培训学时",
    ),
    takes=Training,
    editions=TRAINING,
    cites=lambda: CITED.values(),
    dated_by="day",
    examples=(
        Example(
            {"trainee": "worker", "high_risk": True, "first": True, "hours": 60},
            dt.date(2026, 3, 1),
            {"required": 72, "missing": 12, "met": False},
            "令第3号",
        ),
        Example(
            {"trainee": "worker", "first": True, "hours": 24},
            dt.date(2026, 3, 1),
            {"required": 24, "met": True},
            "令第3号",
        ),
        Example(
            {"trainee": "principal", "high_risk": True, "hours": 16},
            dt.date(2026, 3, 1),
            {"required": 16, "met": True},
            "令第3号",
        ),
    ),
    bounds=Wording(
        "moved workers repeat workshop and team training, without a number of hours; the unit's plan sets it",
        "调岗、离岗一年以上人员重新接受车间级、班组级培训，学时未作规定，由单位计划确定",
    ),
)
def training_hours(asked: Training, on: dt.date) -> Finding[TrainingDue]:
    """The hours asked for; ``on`` is the day of the training.

    >>> training_hours(Training(trainee="principal", first=True), dt.date(2026, 3, 1)).value.required
    32
    """
    edition = TRAINING.on(on)
    first, yearly = edition.held[asked.trainee, asked.high_risk]
    required = first if asked.first else yearly
    if (asked.trainee, asked.first) in RECALLED:
        required = RECALLED[asked.trainee, asked.first].on(on)
    who = TRAINEES[asked.trainee]
    citations = [CITED.get(asked.trainee, edition.citation)]
    if on >= LAW_2021_FROM:
        citations.append(RECORD)
    when = Wording("first training", "初次培训") if asked.first else Wording("each year", "每年再培训")
    if required is None:
        said = Wording(f"{who}, {when}: no number of hours is set", f"{who.zh}，{when.zh}：未规定学时，按单位培训计划")
        return Finding(TrainingDue(None, Decimal(0), True), tuple(citations), {}, (said,))
    least = Wording(f"{who}, {when}: at least {required} hours", f"{who.zh}，{when.zh}：不少于{required}学时")
    if asked.hours is None:
        untold = Wording("hours held: not given", "已完成学时未填")
        return Finding(TrainingDue(required, None, None), tuple(citations), {}, (least, untold))
    missing = max(required - asked.hours, Decimal(0))
    held = Wording(f"held {asked.hours:f}, missing {missing:f}", f"已完成{asked.hours:f}学时，缺{missing:f}学时")
    return Finding(TrainingDue(required, missing, missing == 0), tuple(citations), {}, (least, held))


class Sector(StrEnum):
    """Sectors 安全生产法 24 and 27 tell apart."""

    MINE = "mine"
    SMELTING = "smelting"
    CONSTRUCTION = "construction"
    TRANSPORT = "transport"
    DANGEROUS_GOODS = "dangerous_goods"
    DANGEROUS_GOODS_TRADE = "dangerous_goods_trade"
    OTHER = "other"


SECTORS = {
    Sector.MINE: Wording("mine", "矿山"),
    Sector.SMELTING: Wording("metal smelting", "金属冶炼"),
    Sector.CONSTRUCTION: Wording("construction", "建筑施工"),
    Sector.TRANSPORT: Wording("transport", "运输"),
    Sector.DANGEROUS_GOODS: Wording("production, storage or loading of dangerous goods", "危险物品生产、储存、装卸"),
    Sector.DANGEROUS_GOODS_TRADE: Wording("trade in dangerous goods", "危险物品经营"),
    Sector.OTHER: Wording("other", "其他"),
}
WITH_ENGINEER = {Sector.MINE, Sector.SMELTING, Sector.DANGEROUS_GOODS}
STAFFING = safety_law("第二十四条第一款")
STAFFINGS: Editions[int] = Editions("safety_staffing", not_held(EVER, SAFETY_2014), held(LAW_2021_FROM, STAFFING, 100))


@dataclass(frozen=True, kw_only=True)
class UnitStaff(Input):
    """A unit, its workers, and what it has for safety."""

    sector: Sector = given("Sector", "行业", choices=SECTORS)
    employees: int = given("Employees", "从业人员数", unit="persons", least=0)
    has_body: bool = given("A body for safety is set up", "已设置安全生产管理机构", default=False)
    full_time: int | None = given(
        "Full-time safety managers", "专职安全生产管理人员数", unit="persons", least=0, default=None
    )
    part_time: int | None = given(
        "Part-time safety managers", "兼职安全生产管理人员数", unit="persons", least=0, default=None
    )
    engineers: int | None = given(
        "Certified safety engineers", "注册安全工程师数", unit="persons", least=0, default=None
    )


@dataclass(frozen=True, slots=True)
class Staffing:
    """What is asked for, and whether it is there (``None``: not said)."""

    body_or_full_time: bool
    engineer: bool
    assessed: bool
    staff_met: bool | None
    engineer_met: bool | None


def staffed(body: bool, full_time: int | None, part_time: int | None, strict: bool) -> bool | None:
    """Whether the staff asked for is there: a body or full-time staff, part-time staff too where it is not ``strict``.

    >>> staffed(False, 0, 2, strict=True), staffed(False, None, 2, strict=False), staffed(False, None, None, True)
    (False, True, None)
    """
    if not body and full_time is None and part_time is None:
        return None
    return body or bool(full_time) or (not strict and bool(part_time))


def said_met(met: bool | None) -> Wording:
    """Whether it is there, in words."""
    if met is None:
        return Wording("its staff: not given", "配备情况未填")
    return Wording("met", "符合") if met else Wording("not met", "不符合")


@rule(
    "safety_staffing",
    Wording("Who a unit must employ for safety", "安全生产管理机构和人员配备"),
    theme="licensing",
    about=Wording(
        "a body or full-time staff in high-risk sectors and above 100 employees, full- or part-time staff otherwise",
        "高危行业和从业人员超过一百人的单位应当设置机构或者配备专职人员，其他单位配备专职或者兼职人员",
    ),
    takes=UnitStaff,
    editions=STAFFINGS,
    examples=(
        Example(
            {"sector": "other", "employees": 101, "part_time": 2},
            dt.date(2026, 3, 1),
            {"body_or_full_time": True, "staff_met": False, "engineer": False},
            "第二十四条第二款",
        ),
        Example(
            {"sector": "other", "employees": 100, "part_time": 1},
            dt.date(2026, 3, 1),
            {"body_or_full_time": False, "staff_met": True},
            "第二十四条第二款",
        ),
        Example(
            {"sector": "mine", "employees": 20, "full_time": 1, "engineers": 0},
            dt.date(2026, 3, 1),
            {"body_or_full_time": True, "staff_met": True, "engineer": True, "engineer_met": False, "assessed": True},
            "第二十四条第一款、第二十七条",
        ),
    ),
    bounds=Wording(
        "how many managers or engineers by headcount, and a safety committee, are set by texts that are not held",
        "按人数配备的具体比例以及安全生产委员会的设置，有关文本未收录",
    ),
)
def safety_staffing(asked: UnitStaff, on: dt.date) -> Finding[Staffing]:
    """What the unit must have; ``on`` is the day asked about.

    >>> asked = UnitStaff(sector="dangerous_goods_trade", employees=5, full_time=1)
    >>> safety_staffing(asked, dt.date(2026, 3, 1)).value.engineer
    False
    """
    edition = STAFFINGS.on(on)
    risky = asked.sector is not Sector.OTHER
    strict = risky or asked.employees > edition.held
    engineer = asked.sector in WITH_ENGINEER
    met = staffed(asked.has_body, asked.full_time, asked.part_time, strict)
    citations = [edition.citation if risky else edition.citation.at("第二十四条第二款")]
    if risky:
        citations.append(edition.citation.at("第二十七条第二款"))
    if engineer:
        citations.append(edition.citation.at("第二十七条第三款"))
    why = SECTORS[asked.sector]
    steps = [
        Wording(
            f"{why}, {asked.employees} employees: "
            + ("a body or full-time staff" if strict else "full- or part-time staff"),
            f"{why.zh}，从业人员{asked.employees}人："
            + (
                "应当设置安全生产管理机构或者配备专职安全生产管理人员"
                if strict
                else "应当配备专职或者兼职安全生产管理人员"
            ),
        ),
        said_met(met),
    ]
    if risky:
        steps.append(
            Wording(
                "principal and safety managers are assessed by the authority",
                "主要负责人和安全生产管理人员应当经考核合格",
            )
        )
    if engineer:
        steps.append(Wording("a certified safety engineer works on safety", "应当有注册安全工程师从事安全生产管理工作"))
    there = None if asked.engineers is None else asked.engineers > 0
    value = Staffing(strict, engineer, risky, met, there if engineer else True)
    return Finding(value, tuple(citations), {}, tuple(steps))
