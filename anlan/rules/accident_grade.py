"""生产安全事故等级: the grade of a work accident by deaths, serious injuries and direct economic loss.

条例 第三条: the highest grade any one of the three reaches; 以上 includes the number, 以下 does not. Deaths that follow
count while the window is open: 30 days from the accident, 7 for road traffic and fire (第十三条第二款).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from anlan.rules.citation import Citation, Finding
from anlan.rules.editions import EVER, Edition, Editions, held, not_held
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

IN_FORCE = dt.date(2007, 6, 1)
REGULATION = Citation(
    "生产安全事故报告和调查处理条例",
    "第三条第一款",
    valid_from=IN_FORCE,
    number="国务院令第493号",
)
INCLUSIVE = REGULATION.at("第三条第三款")
MISSING_REPORTED = REGULATION.at("第十二条第四项")
FOLLOW_UP = REGULATION.at("第十三条第二款")
SCOPE = REGULATION.at("第二条")
BEFORE = Citation("企业职工伤亡事故报告和处理规定", "", valid_to=dt.date(2007, 5, 31))
WAN = 10_000


class Grade(StrEnum):
    """The four grades, the gravest first."""

    EXTRAORDINARY = "extraordinary"
    MAJOR = "major"
    LARGER = "larger"
    ORDINARY = "ordinary"

    @property
    def label(self) -> Wording:
        """The grade as the regulation names it."""
        return GRADE_NAMES[self]

    @property
    def rank(self) -> int:
        """0 for ordinary to 3 for extraordinary."""
        return len(Grade) - 1 - list(Grade).index(self)


GRADE_NAMES = {
    Grade.EXTRAORDINARY: Wording("extraordinarily serious accident", "特别重大事故"),
    Grade.MAJOR: Wording("major accident", "重大事故"),
    Grade.LARGER: Wording("larger accident", "较大事故"),
    Grade.ORDINARY: Wording("ordinary accident", "一般事故"),
}


class Accident(StrEnum):
    """The kinds the regulation tells apart by the window for follow-up deaths."""

    OTHER = "other"
    ROAD_TRAFFIC = "road_traffic"
    FIRE = "fire"


ACCIDENT_NAMES = {
    Accident.OTHER: Wording("any other accident", "其他事故"),
    Accident.ROAD_TRAFFIC: Wording("road traffic accident", "道路交通事故"),
    Accident.FIRE: Wording("fire", "火灾事故"),
}


class Missing(StrEnum):
    """Whether persons missing count as dead; the regulation only says they are reported with the casualties."""

    APART = "apart"
    AS_DEAD = "as_dead"


@dataclass(frozen=True, slots=True)
class Bounds:
    """From which number each grade begins: deaths, serious injuries (persons), direct loss (yuan)."""

    deaths: tuple[int, int, int]
    injuries: tuple[int, int, int]
    loss_yuan: tuple[int, int, int]
    window_days: int = 30
    window_days_traffic_and_fire: int = 7


ITEMS = {one: f"第三条第一款第{numeral}项" for one, numeral in zip(Grade, "一二三四", strict=True)}
EDITIONS: Editions[Bounds] = Editions(
    "accident_grade",
    not_held(EVER, BEFORE),
    held(
        IN_FORCE,
        REGULATION,
        Bounds((30, 10, 3), (100, 50, 10), (10_000 * WAN, 5_000 * WAN, 1_000 * WAN)),
    ),
)


class OwnList(StrEnum):
    """Kinds of accidents whose grades stand in a text of their own, beside the regulation's."""

    SPECIAL_EQUIPMENT = "special_equipment"
    POWER = "power"
    RAILWAY = "railway"


OWN_LISTS = {
    OwnList.SPECIAL_EQUIPMENT: Wording("special equipment", "特种设备事故"),
    OwnList.POWER: Wording("power", "电力事故"),
    OwnList.RAILWAY: Wording("railway traffic", "铁路交通事故"),
}
OWN_EDITIONS: dict[OwnList, Editions[Bounds]] = {
    kind: Editions(f"accident_grade: {OWN_LISTS[kind]}", not_held(EVER, text))
    for kind, text in (
        (OwnList.SPECIAL_EQUIPMENT, Citation("特种设备安全监察条例", "第六十一条至第六十四条")),
        (OwnList.POWER, Citation("国务院令第599号", "")),
        (OwnList.RAILWAY, Citation("国务院令第501号", "")),
    )
}


@dataclass(frozen=True, kw_only=True)
class Casualties(Input):
    """What an accident cost. Counts are as at the accident; later deaths stand apart, with the day the last died."""

    deaths: int = given("Deaths", "死亡人数", unit="persons", least=0, default=0)
    serious_injuries: int = given(
        "Serious injuries, acute industrial poisoning included",
        "重伤人数（含急性工业中毒）",
        unit="persons",
        least=0,
        default=0,
    )
    missing: int = given("Missing", "下落不明人数", unit="persons", least=0, default=0)
    direct_loss_yuan: Decimal = given("Direct economic loss", "直接经济损失", unit="yuan", least=0, default=Decimal(0))
    later_deaths: int = given(
        "Of the seriously injured, those who died later", "重伤人员中其后死亡人数", unit="persons", least=0, default=0
    )
    occurred: dt.date | None = given("Day of the accident", "事故发生日期", default=None)
    last_death: dt.date | None = given("Day of the last of those deaths", "其后最近一例死亡日期", default=None)
    kind: Accident = given("Kind of accident", "事故类别", choices=ACCIDENT_NAMES, default=Accident.OTHER)
    count_missing: Missing = given(
        "How the missing count",
        "下落不明人员的计算方式",
        choices={
            Missing.APART: Wording("reported, not counted as dead", "列报但不计入死亡"),
            Missing.AS_DEAD: Wording("counted as dead", "计入死亡"),
        },
        hint=Wording(
            "the regulation says only that the missing are reported with the casualties",
            "条例仅规定伤亡人数应包括下落不明的人数，未规定定级时如何计算",
        ),
        default=Missing.APART,
    )
    own_list: OwnList | None = given(
        "Graded by a list of its own, which is not held",
        "另有专门分级规定的事故（规定文本未收录）",
        choices=OWN_LISTS,
        default=None,
    )

    def consistent(self) -> None:
        """Something happened; later deaths come out of the injured, and need both days to be judged."""
        if not (self.deaths or self.serious_injuries or self.missing or self.direct_loss_yuan):
            raise BadInput(
                "deaths",
                Wording(
                    f"is 0, and so are the other casualties and the loss: no accident by {SCOPE}",
                    f"与其他伤亡、损失均为0：不构成{SCOPE}所称事故",
                ),
                Wording(
                    "deaths, serious_injuries, missing or direct_loss_yuan above 0",
                    "deaths、serious_injuries、missing、direct_loss_yuan 至少一项大于0",
                ),
            )
        if self.later_deaths > self.serious_injuries:
            raise BadInput(
                "later_deaths",
                Wording(
                    f"is {self.later_deaths}, more than the seriously injured", f"为{self.later_deaths}，多于重伤人数"
                ),
                Wording(f"0 to {self.serious_injuries}", f"0至{self.serious_injuries}"),
            )
        if self.later_deaths:
            for name in ("occurred", "last_death"):
                if getattr(self, name) is None:
                    raise BadInput(
                        name,
                        Wording("is missing: later deaths are judged by it", "缺失：其后死亡须据此判断"),
                        Wording("a date such as 2026-03-01", "日期，如 2026-03-01"),
                    )
        if self.occurred and self.last_death and self.last_death < self.occurred:
            raise BadInput(
                "last_death",
                Wording(f"is {self.last_death}, before the accident", f"为{self.last_death}，早于事故发生日期"),
                Wording(f"a date from {self.occurred}", f"不早于{self.occurred}的日期"),
            )


@dataclass(frozen=True, slots=True)
class Graded:
    """The grade, its name, which of the three criteria reached it, and the last day of the follow-up window."""

    grade: Grade
    name: Wording
    decided_by: tuple[str, ...]
    deaths: int
    serious_injuries: int
    window_ends: dt.date | None


def _reached(number: Decimal | int, bounds: tuple[int, int, int]) -> Grade:
    for grade, bound in zip(Grade, bounds, strict=False):
        if number >= bound:
            return grade
    return Grade.ORDINARY


def window_days(kind: Accident, bounds: Bounds) -> int:
    """Days from the accident within which later deaths count."""
    return bounds.window_days if kind is Accident.OTHER else bounds.window_days_traffic_and_fire


@rule(
    "accident_grade",
    Wording("Grade of a work accident", "生产安全事故等级"),
    theme="accidents",
    about=Wording(
        "the highest of the grades reached by deaths, serious injuries and direct loss",
        "按死亡人数、重伤人数、直接经济损失三项中达到的最高等级确定",
    ),
    takes=Casualties,
    editions=(EDITIONS, *OWN_EDITIONS.values()),
    cites=lambda: (*(REGULATION.at(item) for item in ITEMS.values()), MISSING_REPORTED),
    dated_by="occurred",
    examples=(
        Example(
            {"deaths": 3}, dt.date(2026, 3, 1), {"grade": "larger", "decided_by": ["deaths"]}, "第三条第一款第三项"
        ),
        Example(
            {"deaths": 2, "serious_injuries": 50, "direct_loss_yuan": 9_999_999},
            dt.date(2026, 3, 1),
            {"grade": "major", "decided_by": ["serious_injuries"]},
            "第三条第一款第二项",
        ),
        Example(
            {"direct_loss_yuan": 100_000_000}, dt.date(2008, 1, 1), {"grade": "extraordinary"}, "第三条第一款第一项"
        ),
        Example(
            {
                "deaths": 2,
                "serious_injuries": 1,
                "later_deaths": 1,
                "occurred": "2026-03-01",
                "last_death": "2026-03-31",
            },
            dt.date(2026, 3, 1),
            {"grade": "larger", "deaths": 3, "window_ends": "2026-03-31"},
            "第十三条第二款",
        ),
    ),
    bounds=Wording(
        "special equipment, power, railway and water traffic have lists of their own, which are not held",
        "特种设备、电力、铁路、水上交通等另有专门的事故分级规定，尚未收录",
    ),
)
def accident_grade(asked: Casualties, on: dt.date) -> Finding[Graded]:
    """The grade of an accident; ``on`` is its day.

    >>> accident_grade(Casualties(deaths=9, serious_injuries=49), dt.date(2026, 3, 1)).value.grade.label.zh
    '较大事故'
    >>> accident_grade(Casualties(deaths=10), dt.date(2006, 3, 1))
    Traceback (most recent call last):
    ...
    anlan.rules.refusal.NotHeld: no text held: 《企业职工伤亡事故报告和处理规定》 on 2006-03-01
    """
    if asked.own_list is not None:
        OWN_EDITIONS[asked.own_list].on(on)  # refuses: the general bounds are not its own
    edition: Edition[Bounds] = EDITIONS.on(on)
    bounds = edition.held
    steps: list[str] = []
    citations = [INCLUSIVE]
    deaths, injuries, ends = asked.deaths, asked.serious_injuries, None
    if asked.occurred is not None:
        days = window_days(asked.kind, bounds)
        ends = asked.occurred + dt.timedelta(days=days)
    if asked.later_deaths and ends is not None and asked.last_death is not None:
        citations.append(FOLLOW_UP)
        if asked.last_death <= ends:
            deaths, injuries = deaths + asked.later_deaths, injuries - asked.later_deaths
            steps.append(
                Wording(
                    f"{asked.later_deaths} died by {asked.last_death}, within the window that ends {ends}: "
                    f"deaths {deaths}, serious injuries {injuries}",
                    f"至{asked.last_death}又死亡{asked.later_deaths}人，在{ends}届满的补报期限内："
                    f"死亡{deaths}人、重伤{injuries}人",
                )
            )
        else:
            steps.append(
                Wording(
                    f"died on {asked.last_death}, after the window ended {ends}: the grade does not change",
                    f"于{asked.last_death}死亡，已超过{ends}届满的补报期限，不改变事故等级",
                )
            )
    if asked.missing:
        citations.append(MISSING_REPORTED)
        counted = asked.count_missing is Missing.AS_DEAD
        deaths += asked.missing if counted else 0
        steps.append(
            Wording(
                f"{asked.missing} missing, {'counted as dead' if counted else 'reported, not counted as dead'}",
                f"下落不明{asked.missing}人，{'计入死亡' if counted else '列报，不计入死亡'}",
            )
        )
    said = (
        ("deaths", Wording("deaths", "死亡"), deaths, "", "人", bounds.deaths),
        ("serious_injuries", Wording("serious injuries", "重伤"), injuries, "", "人", bounds.injuries),
        (
            "direct_loss_yuan",
            Wording("direct loss", "直接经济损失"),
            asked.direct_loss_yuan,
            " yuan",
            "元",
            bounds.loss_yuan,
        ),
    )
    reached = {}
    for name, label, number, en, zh, bound in said:
        reached[name] = _reached(number, bound)
        steps.append(
            Wording(
                f"{label} {number:,}{en}: {reached[name].label}", f"{label.zh}{number:,}{zh}：{reached[name].label.zh}"
            )
        )
    grade = max(reached.values(), key=lambda one: one.rank)
    decided = tuple(name for name, one in reached.items() if one is grade) if grade is not Grade.ORDINARY else ()
    steps.append(Wording(f"the highest of the three: {grade.label}", f"取三项中最高者：{grade.label.zh}"))
    citations.insert(0, edition.citation.at(ITEMS[grade]))
    value = Graded(grade, grade.label, decided, deaths, injuries, ends)
    return Finding(value, tuple(citations), {}, tuple(steps))
