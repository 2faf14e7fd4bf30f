"""事故报告与调查处理的时限: who is told of an accident by when, who investigates, and by when it is settled.

Hours run from the act and duties to report do not roll off a day off. The days of 条例 are natural days (its text says
日), the day of the accident is not counted; its limits are given unrolled, which is the earlier and safer day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from anlan.rules.accident_grade import (
    ACCIDENT_NAMES,
    FOLLOW_UP,
    GRADE_NAMES,
    IN_FORCE,
    REGULATION,
    Accident,
    Grade,
)
from anlan.rules.citation import Citation, Confidence, Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.figures import doubtful
from anlan.rules.inputs import Input, given
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording
from anlan.rules.working_days import add_months, add_natural_days

EARLIER = Citation("企业职工伤亡事故报告和处理规定", "", valid_to=dt.date(2007, 5, 31))
ORDER_21_FROM = dt.date(2009, 7, 1)
ORDER_21 = Citation(
    "生产安全事故信息报告和处置办法",
    "第七条",
    Confidence.B,
    valid_from=ORDER_21_FROM,
    note="not read in full; its day of force is from memory",
    number="安监总局令第21号",
)
ORDER_21_GRAVE = ORDER_21.at("第八条", Confidence.C)
ORDER_21_AGAIN = ORDER_21.at("续报", Confidence.C)
LAW_2021_FROM = dt.date(2021, 9, 1)
EVALUATION = Citation(
    "安全生产法",
    "第八十六条第三款",
    valid_from=LAW_2021_FROM,
    note="2021 revision; its day of force is not printed in the copy read",
)
LAW_2014 = Citation("安全生产法", "（2021年修正前）", valid_to=dt.date(2021, 8, 31))


@dataclass(frozen=True, slots=True)
class Hours:
    """Hours for the unit's head and for each level of offices."""

    unit: int
    level: int


REPORTING: Editions[Hours] = Editions(
    "accident_report_due", not_held(EVER, EARLIER), held(IN_FORCE, REGULATION.at("第九条、第十一条"), Hours(1, 2))
)
QUICK: Editions[int] = Editions(
    "accident_report_due: quick report",
    not_held(EVER, Citation(ORDER_21.law, "施行前的规定", valid_to=ORDER_21_FROM - dt.timedelta(days=1))),
    held(ORDER_21_FROM, ORDER_21, 1),
)

UNIT_HEAD = Wording("head of the unit", "事故发生单位负责人")
COUNTY = Wording("county office of emergency management and the office of the sector", "县级应急管理部门和行业主管部门")
CITY = Wording("city office of emergency management and of the sector", "设区的市级应急管理部门和行业主管部门")
PROVINCE = Wording("provincial office of emergency management and of the sector", "省级应急管理部门和行业主管部门")
MINISTRY = Wording("ministry of emergency management and of the sector", "国务院应急管理部门和行业主管部门")
BESIDE = Wording(
    "beside: public security, human resources, trade union, procuratorate, and the government of the same level",
    "同时通知公安机关、人力资源社会保障部门、工会和人民检察院，并报告本级人民政府",
)
GRAVE_HOURS = doubtful(
    "accident_report_due.grave_hours", 1,
    Wording("quick report of a major accident or a graver one", "重大以上事故快报期限"), ORDER_21_GRAVE,
    Wording("hours", "小时"),
)  # fmt: skip
AGAIN_GRAVE = doubtful(
    "accident_report_due.again_grave", 2, Wording("follow-up reports, major and graver", "重大以上事故续报次数"),
    ORDER_21_AGAIN, Wording("a day", "次/日"),
)  # fmt: skip
AGAIN_OTHER = doubtful(
    "accident_report_due.again_other", 1, Wording("follow-up reports, others", "其他事故续报次数"), ORDER_21_AGAIN,
    Wording("a day", "次/日"),
)  # fmt: skip
TOP = {Grade.ORDINARY: 2, Grade.LARGER: 3, Grade.MAJOR: 4, Grade.EXTRAORDINARY: 4}
CHAIN = (UNIT_HEAD, COUNTY, CITY, PROVINCE, MINISTRY)


@dataclass(frozen=True, kw_only=True)
class Reported(Input):
    """An accident as first known."""

    grade: Grade = given("Grade of the accident", "事故等级", choices=GRADE_NAMES)
    occurred: dt.datetime = given("When it happened", "事故发生时间")
    unit_head_told: dt.datetime | None = given(
        "When the unit's head was told",
        "单位负责人接报时间",
        hint=Wording("at once by law; when it happened, if not given", "法律要求立即报告；未填按发生时间"),
        default=None,
    )
    office_told: dt.datetime | None = given(
        "When the county office was told",
        "县级部门接报时间",
        hint=Wording("the last lawful hour, if not given", "未填按法定最迟时间"),
        default=None,
    )
    kind: Accident = given("Kind of accident", "事故类别", choices=ACCIDENT_NAMES, default=Accident.OTHER)
    grave_impact: bool = given("Grave social impact", "社会影响重大", default=False)

    def consistent(self) -> None:
        """Nobody is told before it happened."""
        earlier, name = self.occurred, "occurred"
        for later in ("unit_head_told", "office_told"):
            told = getattr(self, later)
            if told is not None and told < earlier:
                raise BadInput(
                    later,
                    Wording(f"is {told:%Y-%m-%d %H:%M}, before {name}", f"为{told:%Y-%m-%d %H:%M}，早于 {name}"),
                    Wording(f"a time from {earlier:%Y-%m-%d %H:%M}", f"不早于{earlier:%Y-%m-%d %H:%M}的时刻"),
                )
            if told is not None:
                earlier, name = told, later


@dataclass(frozen=True, slots=True)
class Duty:
    """One report: from whom, to whom, by when at the latest, in how many hours (0: at once), by which clause."""

    step: str
    sender: Wording
    receiver: Wording
    due: dt.datetime
    hours: int
    clause: str


@dataclass(frozen=True, slots=True)
class Reports:
    """The chain of reports in order, and the last day for reporting changed casualties."""

    reports: tuple[Duty, ...]
    follow_up_until: dt.date
    again_per_day: int | None


@rule(
    "accident_report_due",
    Wording("Who must be told of an accident by when", "事故报告对象与时限"),
    theme="accidents",
    about=Wording(
        "each report of an accident with its last hour, as far up as its grade asks",
        "按事故等级列出逐级报告的对象和最迟时间",
    ),
    takes=Reported,
    editions=(REPORTING, QUICK),
    cites=lambda: (ORDER_21, ORDER_21_GRAVE, ORDER_21_AGAIN),
    dated_by="occurred",
    examples=(
        Example(
            {"grade": "larger", "occurred": "2026-03-01T08:00"},
            dt.date(2026, 3, 1),
            {
                "reports": [
                    {"step": "site", "due": "2026-03-01T08:00+08:00"},
                    {"step": "unit", "due": "2026-03-01T09:00+08:00"},
                    {"step": "county", "due": "2026-03-01T11:00+08:00"},
                    {"step": "city", "due": "2026-03-01T13:00+08:00"},
                    {"step": "quick", "due": "2026-03-01T10:00+08:00", "hours": 1},
                ],
                "follow_up_until": "2026-03-31",
            },
            "第九条至第十三条",
        ),
        Example(
            {"grade": "ordinary", "occurred": "2026-03-01T23:30", "kind": "fire"},
            dt.date(2026, 3, 1),
            {"follow_up_until": "2026-03-08"},
            "第十三条第二款",
        ),
    ),
    bounds=Wording(
        "fires, road traffic, railways, aviation and waters have reporting rules of their own beside this one",
        "火灾、道路交通、铁路、民航、水上事故另有专门报告规定",
    ),
)
def accident_report_due(asked: Reported, on: dt.date) -> Finding[Reports]:
    """The reports of an accident; ``on`` is its day.

    >>> at = dt.datetime(2026, 3, 1, 8, 0)
    >>> found = accident_report_due(Reported(grade=Grade.MAJOR, occurred=at), dt.date(2026, 3, 1))
    >>> [(one.step, f"{one.due:%H:%M}") for one in found.value.reports if one.step != "quick"]
    [('site', '08:00'), ('unit', '09:00'), ('county', '11:00'), ('city', '13:00'), ('province', '15:00')]
    """
    edition = REPORTING.on(on)
    hours = edition.held
    nine, ten, eleven = REGULATION.at("第九条第一款"), REGULATION.at("第十条第一款"), REGULATION.at("第十一条")
    grave = asked.grade in (Grade.MAJOR, Grade.EXTRAORDINARY)
    told = asked.unit_head_told or asked.occurred
    office = asked.office_told or told + dt.timedelta(hours=hours.unit)
    out = [
        Duty("site", Wording("persons at the site", "事故现场有关人员"), UNIT_HEAD, asked.occurred, 0, str(nine)),
        Duty("unit", UNIT_HEAD, COUNTY, told + dt.timedelta(hours=hours.unit), hours.unit, str(nine)),
    ]
    citations = [nine, ten, REGULATION.at("第十条第二款"), eleven, FOLLOW_UP]
    for level, name in enumerate(("county", "city", "province"), 1):
        if level < TOP[asked.grade]:
            due = office + dt.timedelta(hours=hours.level * level)
            out.append(Duty(name, CHAIN[level], CHAIN[level + 1], due, hours.level, str(eleven)))
    quick, again = QUICK.at(on), None
    if quick.figures is not None:
        citations.append(ORDER_21_AGAIN)
        again = (AGAIN_GRAVE if grave else AGAIN_OTHER).on(on)
        if grave or asked.grade is Grade.LARGER or asked.grave_impact:
            clause = ORDER_21_GRAVE if grave else ORDER_21
            citations.append(clause)
            hours_quick = GRAVE_HOURS.on(on) if grave else quick.figures
            due = office + dt.timedelta(hours=hours_quick)
            out.append(Duty("quick", COUNTY, PROVINCE, due, hours_quick, str(clause)))
    days = 30 if asked.kind is Accident.OTHER else 7
    until = asked.occurred.date() + dt.timedelta(days=days)
    steps = [_said(one) for one in out]
    steps += [
        BESIDE,
        Wording(
            f"changed casualties are reported until {until}, {days} days", f"伤亡人数变化补报至{until}（{days}日）"
        ),
    ]
    if again is not None:
        steps.append(Wording(f"further reports at least {again} a day", f"续报每日不少于{again}次"))
    return Finding(Reports(tuple(out), until, again), tuple(citations), {}, tuple(steps))


def _said(one: Duty) -> Wording:
    within = f"within {one.hours} h" if one.hours else "at once"
    zh = f"{one.hours}小时内" if one.hours else "立即"
    return Wording(
        f"{one.sender} to {one.receiver}: {within}, by {one.due:%Y-%m-%d %H:%M}",
        f"{one.sender.zh}{zh}报{one.receiver.zh}，最迟{one.due:%Y-%m-%d %H:%M}",
    )


@dataclass(frozen=True, slots=True)
class Clocks:
    """Days of the investigation: the report, its longest extension, approval (and of the gravest grade)."""

    report: int
    extension: int
    approval: int
    approval_gravest: int
    approval_gravest_extension: int


INVESTIGATION: Editions[Clocks] = Editions(
    "accident_investigation",
    not_held(EVER, EARLIER),
    held(IN_FORCE, REGULATION.at("第十九条、第二十九条、第三十二条"), Clocks(60, 60, 15, 30, 30)),
)
EVALUATING: Editions[int] = Editions(
    "accident_investigation: evaluation", not_held(EVER, LAW_2014), held(LAW_2021_FROM, EVALUATION, 12)
)
AUTHORITY = {
    Grade.EXTRAORDINARY: Wording("State Council or a department it empowers", "国务院或者国务院授权有关部门"),
    Grade.MAJOR: Wording("provincial government of the place", "事故发生地省级人民政府"),
    Grade.LARGER: Wording("city government of the place", "事故发生地设区的市级人民政府"),
    Grade.ORDINARY: Wording("county government of the place", "事故发生地县级人民政府"),
}
BY_STATE, BY_PLACE = REGULATION.at("第十九条第一款"), REGULATION.at("第十九条第二款")
TO_UNIT, APPRAISED = REGULATION.at("第十九条第三款"), REGULATION.at("第二十七条")


@dataclass(frozen=True, kw_only=True)
class Investigated(Input):
    """An accident under investigation."""

    grade: Grade = given("Grade of the accident", "事故等级", choices=GRADE_NAMES)
    occurred: dt.date = given("Day of the accident", "事故发生日期")
    casualties: bool = given("Were people killed or hurt", "是否造成人员伤亡", default=True)
    appraisal_days: int = given(
        "Days the technical appraisal took", "技术鉴定所需天数", unit="days", least=0, most=3650, default=0
    )
    extension_days: int = given(
        "Extension approved for the report", "批准延长提交报告的天数", unit="days", least=0, default=0
    )
    received: dt.date | None = given("When the government received the report", "收到事故调查报告日期", default=None)
    approval_extension_days: int = given(
        "Extension of the approval (gravest grade only)",
        "批复延长天数（仅特别重大事故）",
        unit="days",
        least=0,
        default=0,
    )
    approved: dt.date | None = given("When the report was approved", "批复日期", default=None)

    def consistent(self) -> None:
        """Days follow each other, and only the gravest grade's approval is extended."""
        days = [("occurred", self.occurred), ("received", self.received), ("approved", self.approved)]
        known = [(name, day) for name, day in days if day is not None]
        for (before, first), (after, then) in pairwise(known):
            if then < first:
                raise BadInput(
                    after,
                    Wording(f"is {then}, before {before}", f"为{then}，早于 {before}"),
                    Wording(f"a date from {first}", f"不早于{first}的日期"),
                )
        if self.approval_extension_days and self.grade is not Grade.EXTRAORDINARY:
            raise BadInput(
                "approval_extension_days",
                Wording(
                    f"is {self.approval_extension_days}; only the gravest grade's approval is extended",
                    f"为{self.approval_extension_days}；仅特别重大事故的批复可以延长",
                ),
                Wording("0", "0"),
            )


@dataclass(frozen=True, slots=True)
class Investigation:
    """Who investigates, and the days; a day is ``None`` while what it runs from is not known."""

    authority: Wording
    may_be_left_to_unit: bool
    report_due: dt.date
    report_latest: dt.date
    approval_due: dt.date | None
    evaluation_due: dt.date | None


@rule(
    "accident_investigation",
    Wording("Who investigates an accident, and by when", "事故调查主体与调查处理时限"),
    theme="accidents",
    about=Wording(
        "the investigating government, the day of its report, of the approval and of the evaluation",
        "负责调查的人民政府，以及提交报告、批复、整改评估的期限",
    ),
    takes=Investigated,
    editions=(INVESTIGATION, EVALUATING),
    cites=lambda: (BY_STATE, BY_PLACE, TO_UNIT, APPRAISED),
    dated_by="occurred",
    examples=(
        Example(
            {"grade": "larger", "occurred": "2026-03-01"},
            dt.date(2026, 3, 1),
            {"report_due": "2026-04-30", "report_latest": "2026-06-29", "approval_due": None},
            "第二十九条",
        ),
        Example(
            {"grade": "ordinary", "occurred": "2026-03-01", "received": "2026-04-20", "approved": "2026-04-30"},
            dt.date(2026, 3, 1),
            {"approval_due": "2026-05-05", "evaluation_due": "2027-04-30"},
            "第三十二条第一款；安全生产法第八十六条第三款",
        ),
        Example(
            {"grade": "ordinary", "occurred": "2026-03-01", "appraisal_days": 20, "casualties": False},
            dt.date(2026, 3, 1),
            {"may_be_left_to_unit": True, "report_due": "2026-05-20"},
            "第十九条第三款、第二十七条",
        ),
    ),
    bounds=Wording(
        "sectors with investigation rules of their own follow those (article 45)",
        "法律、行政法规对行业事故另有规定的从其规定（第四十五条）",
    ),
)
def accident_investigation(asked: Investigated, on: dt.date) -> Finding[Investigation]:
    """Who investigates and the clocks; ``on`` is the accident's day, the evaluation goes by the day of approval.

    >>> found = accident_investigation(
    ...     Investigated(grade=Grade.MAJOR, occurred=dt.date(2026, 3, 1), extension_days=30), dt.date(2026, 3, 1)
    ... )
    >>> found.value.authority.zh, found.value.report_due
    ('事故发生地省级人民政府', datetime.date(2026, 5, 30))
    """
    clocks = INVESTIGATION.on(on).held
    _at_most("extension_days", asked.extension_days, clocks.extension)
    _at_most("approval_extension_days", asked.approval_extension_days, clocks.approval_gravest_extension)
    authority = BY_STATE if asked.grade is Grade.EXTRAORDINARY else BY_PLACE
    citations = [authority, REGULATION.at("第二十九条")]
    steps: list[Wording] = [
        Wording(f"investigated by: {AUTHORITY[asked.grade]}", f"负责调查：{AUTHORITY[asked.grade].zh}")
    ]
    to_unit = asked.grade is Grade.ORDINARY and not asked.casualties
    if to_unit:
        citations.append(TO_UNIT)
        steps.append(
            Wording("nobody was hurt: it may be left to the unit", "未造成人员伤亡，可以委托事故发生单位组织调查")
        )
    days = clocks.report + asked.appraisal_days + asked.extension_days
    due = add_natural_days(asked.occurred, days, roll=False)
    latest = add_natural_days(asked.occurred, clocks.report + asked.appraisal_days + clocks.extension, roll=False)
    if asked.appraisal_days:
        citations.append(APPRAISED)
        steps.append(
            Wording(
                f"{asked.appraisal_days} days of appraisal are not counted",
                f"技术鉴定{asked.appraisal_days}日不计入期限",
            )
        )
    steps += due.steps
    steps.append(Wording(f"with the longest extension: {latest.due}", f"延长期限最长至{latest.due}"))
    approval = evaluation = None
    if asked.received is not None:
        citations.append(REGULATION.at("第三十二条第一款"))
        gravest = asked.grade is Grade.EXTRAORDINARY
        limit = clocks.approval_gravest + asked.approval_extension_days if gravest else clocks.approval
        counted = add_natural_days(asked.received, limit, roll=False)
        approval = counted.due
        steps += counted.steps
    if asked.approved is not None:
        row = EVALUATING.on(asked.approved)
        months = add_months(asked.approved, row.held, roll=False)
        citations += [row.citation, REGULATION.at("第三十四条")]
        evaluation = months.due
        steps += months.steps
    value = Investigation(AUTHORITY[asked.grade], to_unit, due.due, latest.due, approval, evaluation)
    return Finding(value, tuple(citations), {}, tuple(steps))


def _at_most(name: str, days: int, most: int) -> None:
    if days > most:
        raise BadInput(name, Wording(f"is {days}", f"为{days}"), Wording(f"0 to {most} days", f"0至{most}日"))
