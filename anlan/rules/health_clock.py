"""职业健康的期限与比率: declarations, detection and evaluation, examinations, disputes; shares and their targets.

Since 2018 the health authorities supervise occupational health. Orders 48, 49 and 90 are from recall and shown as to
be verified; 职业病防治法 and the regulation on toxic substances were read and are cited by paragraph.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from anlan.rules.citation import Citation, Confidence, Finding, Level
from anlan.rules.editions import EVER, Edition, Editions, held, not_held, not_in_force
from anlan.rules.inputs import Input, given
from anlan.rules.limits import (
    UNDATED,
    Limit,
    Sense,
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
from anlan.rules.refusal import BadInput, RuleBroken
from anlan.rules.rule import Example, rule
from anlan.rules.training_hours import said_met, staffed
from anlan.rules.wording import Wording

NAME = "health_clock"
ONE = dt.timedelta(days=1)
LAW_FROM = dt.date(2018, 12, 29)
LAW = Citation("职业病防治法", "第四十七条第二款", valid_from=LAW_FROM)
LAW_2017 = Citation("职业病防治法", "（2018年修正前）", valid_to=LAW_FROM - ONE)
RULES_FROM = dt.date(2021, 2, 1)
RULES = Citation(
    "工作场所职业卫生管理规定",
    "第二十条",
    Confidence.B,
    valid_from=RULES_FROM,
    note="read in a secondary text",
    number="国家卫生健康委令第5号",
)
RULES_BEFORE = Citation("工作场所职业卫生监督管理规定", "", valid_to=RULES_FROM - ONE)
TOXIC_FROM = dt.date(2002, 5, 12)
TOXIC = Citation("使用有毒物品作业场所劳动保护条例", "第二十六条第二款", valid_from=TOXIC_FROM)
DECLARATION = undated("职业病危害项目申报办法", "第八条", Confidence.C, "安监总局令第48号")
EXAMS = undated("用人单位职业健康监护监督管理办法", "第十五条", Confidence.C, "安监总局令第49号")
PROJECTS_FROM = dt.date(2018, 1, 1)
PROJECTS = Citation(
    "建设项目职业病防护设施“三同时”监督管理办法",
    "",
    Confidence.C,
    valid_from=PROJECTS_FROM,
    note="its own first day is not held; answered from 2018 only",
    number="安监总局令第90号",
)
NEXT_FROM = Wording("the day of the last one", "上次检测、评价之日")
CHANGED = Wording("the day of the change", "变化之日")


def _recalled(citation: Citation, limit: Limit) -> tuple[Edition[Limit], ...]:
    before = Citation(citation.law, "（2016年前）", valid_to=UNDATED - ONE, number=citation.number)
    return (not_held(EVER, before), held(UNDATED, citation, limit))


def _rules(article: str, limit: Limit, confidence: Confidence = Confidence.B) -> tuple[Edition[Limit], ...]:
    return (not_held(EVER, RULES_BEFORE), held(RULES_FROM, RULES.at(article, confidence), limit))


def _law(article: str, limit: Limit) -> tuple[Edition[Limit], ...]:
    return (not_held(EVER, LAW_2017), held(LAW_FROM, LAW.at(article), limit))


def _toxic(limit: Limit) -> tuple[Edition[Limit], ...]:
    return (not_in_force(EVER, TOXIC), held(TOXIC_FROM, TOXIC, limit))


def _projects(limit: Limit) -> tuple[Edition[Limit], ...]:
    return (not_held(EVER, Citation(PROJECTS.law, "（2018年前）")), held(PROJECTS_FROM, PROJECTS, limit))


CLOCKS = table(
    clock(
        NAME,
        "declare_project",
        Wording("Declaring the hazards of a new or rebuilt project", "新建、改建、扩建项目职业病危害申报"),
        Wording("the day of acceptance", "竣工验收之日"),
        *_recalled(DECLARATION.at("第八条第一项"), Limit(30, Unit.DAYS)),
    ),
    clock(
        NAME,
        "declare_process",
        Wording(
            "Declaring a change of technique, process, equipment or material", "技术、工艺、设备、材料变化后变更申报"
        ),
        CHANGED,
        *_recalled(DECLARATION, Limit(15, Unit.DAYS)),
    ),
    clock(
        NAME,
        "declare_place",
        Wording(
            "Declaring a change of workplace, name or principal",
            "工作场所、名称、法定代表人或者主要负责人变化后变更申报",
        ),
        CHANGED,
        *_recalled(DECLARATION, Limit(15, Unit.DAYS)),
    ),
    clock(
        NAME,
        "declare_detection",
        Wording("Declaring a change found by detection or evaluation", "经检测、评价发现变化后变更申报"),
        Wording("the day of the result", "收到结果之日"),
        *_recalled(DECLARATION.at("第八条第四项", Confidence.B), Limit(15, Unit.DAYS)),
    ),
    clock(
        NAME,
        "declare_end",
        Wording("Cancelling the declaration when hazardous work ends", "终止生产经营活动后注销申报"),
        Wording("the day it ended", "终止之日"),
        *_recalled(DECLARATION.at("第九条"), Limit(15, Unit.DAYS)),
    ),
    clock(
        NAME,
        "detection_severe",
        Wording("Next detection, severe class", "职业病危害因素检测（严重类）"),
        NEXT_FROM,
        *_rules("第二十条", Limit(1, Unit.YEARS)),
    ),
    clock(
        NAME,
        "evaluation_severe",
        Wording("Next evaluation of the present state, severe class", "职业病危害现状评价（严重类）"),
        NEXT_FROM,
        *_rules("第二十条", Limit(3, Unit.YEARS)),
    ),
    clock(
        NAME,
        "detection_general",
        Wording("Next detection, general class", "职业病危害因素检测（一般类）"),
        NEXT_FROM,
        *_rules("第二十条", Limit(3, Unit.YEARS), Confidence.C),
    ),
    clock(
        NAME,
        "detection_highly_toxic",
        Wording("Next detection at a highly toxic workplace", "高毒作业场所职业中毒危害因素检测"),
        NEXT_FROM,
        *_toxic(Limit(1, Unit.MONTHS)),
    ),
    clock(
        NAME,
        "evaluation_highly_toxic",
        Wording("Next evaluation of controls at a highly toxic workplace", "高毒作业场所职业中毒危害控制效果评价"),
        NEXT_FROM,
        *_toxic(Limit(6, Unit.MONTHS)),
    ),
    clock(
        NAME,
        "exit_exam",
        Wording("First day for the exit examination", "离岗时职业健康检查最早日"),
        Wording("the day of leaving, counted back", "离岗之日（倒算）"),
        *_recalled(EXAMS, Limit(30, Unit.DAYS, back=True, sense=Sense.AFTER)),
    ),
    clock(
        NAME,
        "exam_counts_as_exit",
        Wording(
            "First day from which an in-service examination counts as the exit one", "在岗检查可视为离岗检查的最早日"
        ),
        Wording("the day of leaving, counted back", "离岗之日（倒算）"),
        *_recalled(EXAMS, Limit(90, Unit.DAYS, back=True, sense=Sense.AFTER)),
    ),
    clock(
        NAME,
        "acceptance_plan",
        Wording("Filing the acceptance plan of a severe project", "严重类项目职业病防护设施验收方案报送"),
        Wording("the day of acceptance, counted back", "验收之日（倒算）"),
        *_projects(Limit(20, Unit.DAYS, back=True)),
    ),
    clock(
        NAME,
        "acceptance_report",
        Wording("Filing the acceptance report of a severe project", "严重类项目验收工作过程报告报送"),
        Wording("the day of acceptance", "验收完成之日"),
        *_projects(Limit(20, Unit.DAYS)),
    ),
    clock(
        NAME,
        "trial_run_least",
        Wording("Trial run, at least", "试运行最短期限"),
        Wording("the first day of the trial run", "试运行首日"),
        *_projects(Limit(30, Unit.DAYS, sense=Sense.AFTER)),
    ),
    clock(
        NAME,
        "trial_run_most",
        Wording("Trial run, at most", "试运行最长期限"),
        Wording("the first day of the trial run", "试运行首日"),
        *_projects(Limit(180, Unit.DAYS)),
    ),
    clock(
        NAME,
        "survey",
        Wording("Survey of the workplace at the request of the diagnosing body", "应诊断、鉴定机构提出组织现场调查"),
        Wording("the day of the request", "提出之日"),
        *_law("第四十七条第二款", Limit(10, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "ruling",
        Wording("Ruling on disputed data", "对存在异议的资料作出判定"),
        Wording("the day of the request", "接到申请之日"),
        *_law("第四十八条第二款", Limit(30, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "arbitration",
        Wording("Arbitration over employment, post or time", "劳动人事争议仲裁裁决"),
        Wording("the day it was accepted", "受理之日"),
        *_law("第四十九条第一款", Limit(30, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "suit",
        Wording("Suit of the employer against the award", "用人单位不服仲裁裁决起诉"),
        Wording("the end of diagnosis and appraisal", "职业病诊断、鉴定程序结束之日"),
        *_law("第四十九条第四款", Limit(15, Unit.DAYS, roll=True)),
    ),
)
LABELS = choices(CLOCKS)


@dataclass(frozen=True, kw_only=True)
class HealthStep(Input):
    """Which limit, and the day it is counted from."""

    step: str = given("Step", "环节", choices=LABELS)
    start: dt.date = given("Day it is counted from", "起算日期")


@rule(
    NAME,
    Wording("Time limits of occupational health", "职业健康期限"),
    theme="health",
    about=Wording(
        "declarations, the next detection and evaluation, examinations, disputes over diagnosis",
        "推算职业病危害申报、检测评价、健康检查和诊断争议处理的期限",
    ),
    takes=HealthStep,
    editions=editions_of(CLOCKS),
    cites=lambda: cited_by(CLOCKS),
    dated_by="start",
    examples=(
        Example(
            {"step": "detection_severe", "start": "2026-03-02"},
            dt.date(2026, 3, 2),
            {"due": "2027-03-02"},
            "令第5号 第二十条",
        ),
        Example(
            {"step": "detection_highly_toxic", "start": "2026-01-31"},
            dt.date(2026, 1, 31),
            {"due": "2026-02-28"},
            "使用有毒物品作业场所劳动保护条例 第二十六条第二款",
        ),
        Example(
            {"step": "survey", "start": "2026-03-02"},
            dt.date(2026, 3, 2),
            {"due": "2026-03-12"},
            "职业病防治法 第四十七条第二款",
        ),
        Example(
            {"step": "exit_exam", "start": "2026-03-31"},
            dt.date(2026, 3, 31),
            {"due": "2026-03-01", "sense": "after"},
            "令第49号（待核实）",
        ),
    ),
    bounds=Wording(
        "how often workers are examined by hazard stands in GBZ 188-2025, whose tables are not held",
        "各危害因素在岗检查周期见GBZ 188-2025，其表格未收录",
    ),
)
def health_clock(asked: HealthStep, on: dt.date) -> Finding[Term]:
    """The limit of one step; ``on`` is the day it is counted from.

    >>> health_clock(HealthStep(step="evaluation_severe", start=dt.date(2024, 2, 29)), dt.date(2024, 2, 29)).value.due
    datetime.date(2027, 2, 28)
    """
    return term(CLOCKS[asked.step], asked.start, on)


class Share(StrEnum):
    """The shares a planning document counts."""

    REVIEWED = "projects_reviewed"
    DECLARED = "declared"
    MONITORED = "monitored"
    COMPLIANT = "compliant"
    INFORMED = "informed"
    SIGNED = "signs_posted"


SHARES = {
    Share.REVIEWED: (Wording("projects reviewed for occupational health", "职业卫生“三同时”审查率"), 70),
    Share.DECLARED: (Wording("units that declared their hazards", "职业病危害项目申报率"), 80),
    Share.MONITORED: (Wording("points or units monitored", "职业病危害因素监测率"), 70),
    Share.COMPLIANT: (
        Wording("points of dust and high toxicity within the limits", "粉尘、高毒主要危害因素监测合格率"),
        80,
    ),
    Share.INFORMED: (Wording("units that inform their workers", "职业危害告知率"), 90),
    Share.SIGNED: (Wording("units with warning signs", "警示标识设置率"), 90),
}
YUXI = Citation(
    "玉溪市安全生产“十二五”规划",
    "职业健康指标",
    Confidence.A,
    Level.CITY,
    note="targets to the end of 2015; later only where adopted",
)
SHARES_COUNTED: Editions[None] = Editions("health_ratio", held(EVER, YUXI, None))


@dataclass(frozen=True, kw_only=True)
class Counted(Input):
    """How many comply of how many that must."""

    share: Share = given("Share", "指标", choices={one: name for one, (name, _) in SHARES.items()})
    complying: int = given("Complying", "符合数", unit="count", least=0)
    required: int = given("That must", "应当数", unit="count", least=0)

    def consistent(self) -> None:
        """No more comply than must."""
        if self.complying > self.required:
            raise BadInput(
                "complying",
                Wording(
                    f"is {self.complying}, more than {self.required} that must",
                    f"为{self.complying}，多于应当数{self.required}",
                ),
                Wording(f"0 to {self.required}", f"0至{self.required}"),
            )


@dataclass(frozen=True, slots=True)
class Ratio:
    """The share from 0 to 1, the target in per cent, and whether it is met."""

    ratio: Fraction
    target_percent: int
    met: bool


@rule(
    "health_ratio",
    Wording("Shares of occupational health", "职业健康比率"),
    theme="health",
    about=Wording(
        "a share of units, points or projects, beside the target of the planning document that set it",
        "计算申报率、监测率、合格率等比率，并与规划目标对照",
    ),
    takes=Counted,
    editions=SHARES_COUNTED,
    examples=(
        Example(
            {"share": "declared", "complying": 81, "required": 100},
            dt.date(2015, 12, 31),
            {"ratio": 0.81, "target_percent": 80, "met": True},
            "玉溪市“十二五”规划",
        ),
        Example(
            {"share": "informed", "complying": 2, "required": 3},
            dt.date(2015, 12, 31),
            {"ratio": 0.6667, "met": False},
            "玉溪市“十二五”规划",
            4,
        ),
    ),
    bounds=Wording(
        "the targets bound Yuxi until the end of 2015; another region adopts its own",
        "目标值为玉溪市至2015年末的规划目标，其他地区以本地规划为准",
    ),
)
def health_ratio(asked: Counted, on: dt.date) -> Finding[Ratio]:
    """The share; nothing that must comply has no share.

    >>> health_ratio(Counted(share="declared", complying=0, required=0), dt.date(2015, 1, 1))
    Traceback (most recent call last):
    ...
    anlan.rules.refusal.RuleBroken: none must comply: there is no share
    """
    edition = SHARES_COUNTED.on(on)
    if not asked.required:
        raise RuleBroken(Wording("none must comply: there is no share", "应当数为0，无法计算比率"), edition.citation)
    name, target = SHARES[asked.share]
    ratio = Fraction(asked.complying, asked.required)
    met = ratio * 100 >= target
    percent = f"{float(ratio * 100):.2f}%"
    steps = (
        Wording(
            f"{name}: {asked.complying} of {asked.required}, {percent}",
            f"{name.zh}：{asked.complying}/{asked.required}={percent}",
        ),
        Wording(f"target {target}%: {'met' if met else 'not met'}", f"目标{target}%：{'达到' if met else '未达到'}"),
    )
    return Finding(Ratio(ratio, target, met), (edition.citation,), {}, steps)


STAFF_RULE = RULES.at("第八条", Confidence.C)
STAFFING: Editions[int] = Editions(
    "health_staffing", not_held(EVER, RULES_BEFORE), held(RULES_FROM, STAFF_RULE, 100),
    label=Wording("staff for occupational health", "职业卫生管理人员"),
)


@dataclass(frozen=True, kw_only=True)
class HealthUnit(Input):
    """A unit with occupational hazards."""

    severe: bool = given("Severe class", "职业病危害严重")
    employees: int = given("Employees", "劳动者人数", unit="persons", least=0)
    has_body: bool = given("A body for occupational health is set up", "已设置职业卫生管理机构", default=False)
    full_time: int | None = given("Full-time managers", "专职职业卫生管理人员数", unit="persons", least=0, default=None)
    part_time: int | None = given("Part-time managers", "兼职职业卫生管理人员数", unit="persons", least=0, default=None)


@dataclass(frozen=True, slots=True)
class HealthStaff:
    """Whether a body or full-time staff is asked for, and whether what is asked for is there (``None``: not said)."""

    body_or_full_time: bool
    met: bool | None


@rule(
    "health_staffing",
    Wording("Who a unit must employ for occupational health", "职业卫生管理机构和人员配备"),
    theme="health",
    about=Wording(
        "severe hazards or more than 100 workers: a body or full-time staff; otherwise full- or part-time staff",
        "职业病危害严重或者劳动者超过一百人的，应当设置机构或者配备专职人员；其他配备专职或者兼职人员",
    ),
    takes=HealthUnit,
    editions=STAFFING,
    examples=(
        Example(
            {"severe": True, "employees": 8, "part_time": 1},
            dt.date(2026, 3, 1),
            {"body_or_full_time": True, "met": False},
            "第八条（待核实）",
        ),
        Example(
            {"severe": False, "employees": 100, "part_time": 1},
            dt.date(2026, 3, 1),
            {"body_or_full_time": False, "met": True},
            "第八条（待核实）",
        ),
    ),
)
def health_staffing(asked: HealthUnit, on: dt.date) -> Finding[HealthStaff]:
    """What the unit must have; ``on`` is the day asked about.

    >>> health_staffing(HealthUnit(severe=False, employees=101), dt.date(2026, 3, 1)).value.body_or_full_time
    True
    """
    edition = STAFFING.on(on)
    strict = asked.severe or asked.employees > edition.held
    met = staffed(asked.has_body, asked.full_time, asked.part_time, strict)
    steps = (
        Wording("a body or full-time staff", "应当设置机构或者配备专职人员")
        if strict
        else Wording("full- or part-time staff", "应当配备专职或者兼职人员"),
        said_met(met),
    )
    return Finding(HealthStaff(strict, met), (edition.citation,), {}, steps)
