"""应急预案与演练: filing, check, assessment and revision of plans; when the next drill is due; levels of warning.

Half-years and years are those of the calendar: a unit that drilled in the first half drills again by the end of the
second. The stricter reading, counted from the day of the last drill, is given beside.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Edition, Editions, held, not_held, not_in_force
from anlan.rules.inputs import Input, given
from anlan.rules.limits import (
    UNDATED,
    Limit,
    Term,
    Unit,
    choices,
    cited_by,
    clock,
    editions_of,
    table,
    term,
    undated,
)
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording
from anlan.rules.working_days import add_months

ONE = dt.timedelta(days=1)
PLANS_FROM = dt.date(2019, 9, 1)
PLANS = Citation(
    "生产安全事故应急预案管理办法",
    "第二十六条",
    valid_from=PLANS_FROM,
    number="安监总局令第88号，应急管理部令第2号修正",
)
PLANS_2016 = Citation(PLANS.law, "（2019年修正前）", valid_to=PLANS_FROM - ONE, number="安监总局令第88号")
REGULATION_FROM = dt.date(2019, 4, 1)
REGULATION = Citation("生产安全事故应急条例", "第八条第二款", valid_from=REGULATION_FROM, number="国务院令第708号")
FILING_DUTY = REGULATION.at("第七条")
FIRE_UNITS = undated("机关、团体、企业、事业单位消防安全管理规定", "第四十条", Confidence.B, "公安部令第61号")
FIRE_UNITS_BEFORE = Citation(FIRE_UNITS.law, "（2016年前）", valid_to=UNDATED - ONE, number=FIRE_UNITS.number)


def _plans(article: str, limit: Limit, confidence: Confidence = Confidence.A) -> tuple[Edition[Limit], ...]:
    return (not_held(EVER, PLANS_2016), held(PLANS_FROM, PLANS.at(article, confidence), limit))


CLOCKS = table(
    clock(
        "plan_clock",
        "filing",
        Wording("Filing the plan", "应急预案报送备案"),
        Wording("the day the plan was published", "应急预案公布之日"),
        *_plans("第二十六条", Limit(20, Unit.WORKING_DAYS, counted=FILING_DUTY)),
    ),
    clock(
        "plan_clock",
        "filing_check",
        Wording("Checking the papers; silence means filed", "核对备案材料，逾期不予备案又不说明理由的视为已备案"),
        Wording("the day the papers were received", "收到备案材料之日"),
        *_plans("第二十八条", Limit(5, Unit.WORKING_DAYS), Confidence.C),
    ),
    clock(
        "plan_clock",
        "assessment",
        Wording("Assessing the plan", "应急预案评估"),
        Wording("the day it was published or last assessed", "公布或者上次评估之日"),
        *_plans("第三十五条", Limit(3, Unit.YEARS), Confidence.C),
    ),
)
LABELS = choices(CLOCKS)


@dataclass(frozen=True, kw_only=True)
class PlanStep(Input):
    """Which limit of a plan, and the day it is counted from."""

    step: str = given("Step", "环节", choices=LABELS)
    start: dt.date = given("Day it is counted from", "起算日期")


@rule(
    "plan_clock",
    Wording("Time limits of emergency plans", "应急预案备案与评估期限"),
    theme="emergency",
    about=Wording("by when a plan is filed, checked and assessed", "推算应急预案备案、核对和评估的期限"),
    takes=PlanStep,
    editions=editions_of(CLOCKS),
    cites=lambda: cited_by(CLOCKS),
    dated_by="start",
    examples=(
        Example(
            {"step": "filing", "start": "2026-01-30"},
            dt.date(2026, 1, 30),
            {"due": "2026-03-05"},
            "令第88号 第二十六条",
        ),
        Example(
            {"step": "assessment", "start": "2024-02-29"},
            dt.date(2024, 2, 29),
            {"due": "2027-02-28"},
            "第三十五条（待核实）",
        ),
    ),
    bounds=Wording(
        "who must file: dangerous goods, mines, smelting, urban rail, construction, places where people gather",
        "应当备案的单位：危险物品、矿山、金属冶炼、城市轨道交通运营、建筑施工单位和人员密集场所经营单位",
    ),
)
def plan_clock(asked: PlanStep, on: dt.date) -> Finding[Term]:
    """The limit of one step; ``on`` is the day it is counted from.

    >>> plan_clock(PlanStep(step="filing_check", start=dt.date(2026, 3, 2)), dt.date(2026, 3, 2)).value.due
    datetime.date(2026, 3, 9)
    """
    return term(CLOCKS[asked.step], asked.start, on)


class Drill(StrEnum):
    """Who drills what."""

    COMPREHENSIVE = "comprehensive"
    ON_SITE = "on_site"
    HIGH_RISK = "high_risk"
    GOVERNMENT = "government"
    FIRE_KEY_UNIT = "fire_key_unit"
    FIRE_TRAINING = "fire_training"
    CROWDED_TRAINING = "crowded_training"


DRILLS = {
    Drill.COMPREHENSIVE: Wording("any unit: comprehensive or special plan", "生产经营单位综合或者专项应急预案演练"),
    Drill.ON_SITE: Wording("any unit: on-site plan", "生产经营单位现场处置方案演练"),
    Drill.HIGH_RISK: Wording(
        "dangerous goods, mines, smelting, urban rail, construction, hotels, malls, entertainment, tourist sites",
        "危险物品、矿山、金属冶炼、城市轨道交通运营、建筑施工单位和人员密集场所经营单位演练",
    ),
    Drill.GOVERNMENT: Wording("government, regulator, town or street", "县级以上政府及监管部门、乡镇、街道演练"),
    Drill.FIRE_KEY_UNIT: Wording("key unit of fire safety", "消防安全重点单位灭火和应急疏散演练"),
    Drill.FIRE_TRAINING: Wording("key unit of fire safety: training of the staff", "消防安全重点单位员工消防安全培训"),
    Drill.CROWDED_TRAINING: Wording("public gathering place: training of the staff", "公众聚集场所员工消防安全培训"),
}
REPORTED = Wording(
    "the drill is reported to the county regulator or above",
    "演练情况报送所在地县级以上地方人民政府负有安全生产监督管理职责的部门",
)


def _drills(kind: Drill, before: Edition[int], start: dt.date, citation: Citation, months: int) -> Editions[int]:
    return Editions(f"drill_due: {kind}", before, held(start, citation, months))


DRILL_EDITIONS = {
    Drill.COMPREHENSIVE: _drills(
        Drill.COMPREHENSIVE, not_held(EVER, PLANS_2016), PLANS_FROM, PLANS.at("第三十三条第一款"), 12
    ),
    Drill.ON_SITE: _drills(Drill.ON_SITE, not_held(EVER, PLANS_2016), PLANS_FROM, PLANS.at("第三十三条第一款"), 6),
    Drill.HIGH_RISK: _drills(Drill.HIGH_RISK, not_in_force(EVER, REGULATION), REGULATION_FROM, REGULATION, 6),
    Drill.GOVERNMENT: _drills(
        Drill.GOVERNMENT, not_in_force(EVER, REGULATION), REGULATION_FROM, REGULATION.at("第八条第一款"), 24
    ),
    Drill.FIRE_KEY_UNIT: _drills(Drill.FIRE_KEY_UNIT, not_held(EVER, FIRE_UNITS_BEFORE), UNDATED, FIRE_UNITS, 6),
    Drill.FIRE_TRAINING: _drills(
        Drill.FIRE_TRAINING, not_held(EVER, FIRE_UNITS_BEFORE), UNDATED, FIRE_UNITS.at("第三十六条"), 12
    ),
    Drill.CROWDED_TRAINING: _drills(
        Drill.CROWDED_TRAINING, not_held(EVER, FIRE_UNITS_BEFORE), UNDATED, FIRE_UNITS.at("第三十六条"), 6
    ),
}


@dataclass(frozen=True, kw_only=True)
class LastDrill(Input):
    """Who drills, and when the last drill was."""

    kind: Drill = given("Who drills what", "演练类别", choices=DRILLS)
    held_on: dt.date = given("Day of the last drill", "上次演练日期")


@dataclass(frozen=True, slots=True)
class NextDrill:
    """The last day for the next drill by calendar periods, and by the stricter count from the last drill."""

    due: dt.date
    strict: dt.date
    months: int


def _period_end(day: dt.date, months: int) -> dt.date:
    """The end of the half-year after the day's, or of the year one or two after the day's."""
    if months == 6:
        return dt.date(day.year, 12, 31) if day.month <= 6 else dt.date(day.year + 1, 6, 30)
    return dt.date(day.year + months // 12, 12, 31)


@rule(
    "drill_due",
    Wording("When the next emergency drill is due", "下次应急救援预案演练期限"),
    theme="emergency",
    about=Wording(
        "high-risk units drill at least every half-year, other units yearly, governments every two years",
        "高危单位至少每半年、其他单位至少每年、政府及部门至少每两年组织一次演练",
    ),
    takes=LastDrill,
    editions=tuple(DRILL_EDITIONS.values()),
    dated_by="held_on",
    examples=(
        Example(
            {"kind": "high_risk", "held_on": "2026-03-01"},
            dt.date(2026, 3, 1),
            {"due": "2026-12-31", "strict": "2026-09-01"},
            "生产安全事故应急条例 第八条第二款",
        ),
        Example(
            {"kind": "government", "held_on": "2025-06-10"},
            dt.date(2025, 6, 10),
            {"due": "2027-12-31", "strict": "2027-06-10"},
            "生产安全事故应急条例 第八条第一款",
        ),
    ),
    bounds=Wording(
        "the law says once per half-year and year; calendar periods are the usual reading, the strict day the safer",
        "法律规定“每半年”“每年”，通常按自然半年、自然年掌握，严格口径自上次演练之日起算",
    ),
)
def drill_due(asked: LastDrill, on: dt.date) -> Finding[NextDrill]:
    """The last day for the next drill; ``on`` is the day of the last.

    >>> drill_due(LastDrill(kind="on_site", held_on=dt.date(2026, 8, 31)), dt.date(2026, 8, 31)).value.due
    datetime.date(2027, 6, 30)
    """
    edition = DRILL_EDITIONS[asked.kind].on(on)
    months = edition.held
    due = _period_end(asked.held_on, months)
    strict = add_months(asked.held_on, months, roll=False)
    who = DRILLS[asked.kind]
    steps = [
        Wording(f"{who}: once in {months} months at least", f"{who.zh}：每{months}个月至少1次"),
        Wording(f"by calendar periods: {due}", f"按自然周期：至{due}"),
        *strict.steps,
    ]
    if asked.kind is Drill.HIGH_RISK:
        steps.append(REPORTED)
    return Finding(NextDrill(due, strict.due, months), (edition.citation,), {}, tuple(steps))


class Change(StrEnum):
    """What makes a plan be revised and filed again."""

    LAW = "law"
    COMMAND = "command"
    RISK = "risk"
    RESOURCES = "resources"
    LESSON = "lesson"
    OTHER = "other"


CHANGES = {
    Change.LAW: Wording("law, regulation or standard changed greatly", "依据的法律、法规、规章、标准发生重大变化"),
    Change.COMMAND: Wording("command or its duties changed", "应急指挥机构及其职责发生调整"),
    Change.RISK: Wording("risks changed greatly", "安全生产面临的风险发生重大变化"),
    Change.RESOURCES: Wording("important resources changed greatly", "重要应急资源发生重大变化"),
    Change.LESSON: Wording("a drill or rescue showed the need", "在演练或者应急救援中发现需要修订的重大问题"),
    Change.OTHER: Wording("another case", "其他应当修订的情形"),
}
REVISION = REGULATION.at("第六条第二款")
ITEMS = {one: f"第六条第二款第{numeral}项" for one, numeral in zip(Change, "一二三四五六", strict=True)}
REVISIONS: Editions[None] = Editions(
    "plan_revision", not_in_force(EVER, REVISION), held(REGULATION_FROM, REVISION, None)
)


@dataclass(frozen=True, kw_only=True)
class Changed(Input):
    """What happened to a plan's ground."""

    changes: tuple[Change, ...] = given("What changed", "发生的情形", choices=CHANGES)
    day: dt.date | None = given("Day of the change", "发生日期", default=None)


@dataclass(frozen=True, slots=True)
class Revision:
    """Whether the plan is to be revised at once, and by which items."""

    revise: bool
    items: tuple[str, ...]


@rule(
    "plan_revision",
    Wording("When an emergency plan is revised", "应急预案修订情形"),
    theme="emergency",
    about=Wording("six cases in which a plan is revised without delay", "应当及时修订应急预案的六种情形"),
    takes=Changed,
    editions=REVISIONS,
    cites=lambda: (REVISION.at(item) for item in ITEMS.values()),
    dated_by="day",
    examples=(
        Example(
            {"changes": ["risk", "lesson"]},
            dt.date(2026, 3, 1),
            {"revise": True, "items": ["第六条第二款第三项", "第六条第二款第五项"]},
            "生产安全事故应急条例 第六条第二款",
        ),
        Example(
            {"changes": []}, dt.date(2026, 3, 1), {"revise": False, "items": []}, "生产安全事故应急条例 第六条第二款"
        ),
    ),
)
def plan_revision(asked: Changed, on: dt.date) -> Finding[Revision]:
    """Whether a plan is to be revised; ``on`` is the day of the change.

    >>> plan_revision(Changed(changes=("law",)), dt.date(2026, 3, 1)).value.items
    ('第六条第二款第一项',)
    """
    edition = REVISIONS.on(on)
    happened = sorted(set(asked.changes), key=list(Change).index)
    items = tuple(ITEMS[one] for one in happened)
    steps = tuple(CHANGES[one] for one in happened) or (Wording("none of the six cases", "未发生应当修订的情形"),)
    citations = tuple(edition.citation.at(item) for item in items) or (edition.citation,)
    return Finding(Revision(bool(items), items), citations, {}, steps)


RESPONSE_2024 = dt.date(2024, 11, 1)
RESPONSE_2007 = dt.date(2007, 11, 1)
EVENTS = Citation("突发事件应对法", "第六十三条第二款", valid_from=RESPONSE_2024)
EVENTS_2007 = Citation("突发事件应对法", "第四十二条第二款", valid_from=RESPONSE_2007, valid_to=RESPONSE_2024 - ONE)
COLOURS = {
    1: Wording("red", "红色"),
    2: Wording("orange", "橙色"),
    3: Wording("yellow", "黄色"),
    4: Wording("blue", "蓝色"),
}
WARNINGS: Editions[None] = Editions(
    "emergency_level: warning",
    not_in_force(EVER, EVENTS_2007),
    held(RESPONSE_2007, EVENTS_2007, None),
    held(RESPONSE_2024, EVENTS, None),
)
RESPONSES: Editions[None] = Editions(
    "emergency_level: response",
    not_in_force(EVER, EVENTS.at("第七十一条第二款")),
    held(RESPONSE_2024, EVENTS.at("第七十一条第二款"), None),
)


class LevelOf(StrEnum):
    """A level of warning or of response."""

    WARNING = "warning"
    RESPONSE = "response"


@dataclass(frozen=True, kw_only=True)
class EmergencyLevel(Input):
    """A level from 1, the highest, to 4."""

    of: LevelOf = given(
        "Warning or response",
        "预警或者响应",
        choices={LevelOf.WARNING: Wording("warning", "预警"), LevelOf.RESPONSE: Wording("response", "应急响应")},
    )
    level: int = given("Level", "级别", least=1, most=4)


@dataclass(frozen=True, slots=True)
class LevelFound:
    """The level's name and, for a warning, its colour."""

    name: Wording
    colour: Wording | None
    highest: bool


@rule(
    "emergency_level",
    Wording("Levels of warning and response", "预警级别和应急响应级别"),
    theme="emergency",
    about=Wording(
        "four levels, one the highest; warnings are shown in red, orange, yellow and blue",
        "预警和应急响应各分四级，一级为最高级别；预警分别用红、橙、黄、蓝标示",
    ),
    takes=EmergencyLevel,
    editions=(WARNINGS, RESPONSES),
    examples=(
        Example(
            {"of": "warning", "level": 2},
            dt.date(2026, 3, 1),
            {"colour": "orange", "highest": False},
            "第六十三条第二款",
        ),
        Example(
            {"of": "warning", "level": 1},
            dt.date(2020, 3, 1),
            {"colour": "red", "highest": True},
            "2007年文本 第四十二条第二款",
        ),
        Example(
            {"of": "response", "level": 1}, dt.date(2024, 11, 1), {"colour": None, "highest": True}, "第七十一条第二款"
        ),
    ),
    bounds=Wording(
        "which government answers at which level is set by each plan, not by the law",
        "各级响应由哪一级政府启动，由各应急预案规定，法律未作规定",
    ),
)
def emergency_level(asked: EmergencyLevel, on: dt.date) -> Finding[LevelFound]:
    """The level's name and colour; ``on`` is the day it was declared.

    >>> emergency_level(EmergencyLevel(of="response", level=4), dt.date(2024, 10, 31))
    Traceback (most recent call last):
    ...
    anlan.rules.refusal.RuleBroken: no such rule was in force on 2024-10-31: 《突发事件应对法》第七十一条第二款
    """
    edition = (WARNINGS if asked.of is LevelOf.WARNING else RESPONSES).on(on)
    zh = "一二三四"[asked.level - 1]
    name = Wording(f"level {asked.level}", f"{zh}级")
    colour = COLOURS[asked.level] if asked.of is LevelOf.WARNING else None
    said = Wording(f"{name}, {colour}", f"{name.zh}，{colour.zh}") if colour else name
    return Finding(LevelFound(name, colour, asked.level == 1), (edition.citation,), {}, (said,))
