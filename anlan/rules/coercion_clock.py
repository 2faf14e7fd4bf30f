"""行政强制的期限: urgent measures, seizure, freezing, and enforcement through the court (行政强制法).

Limits of ten days or less are working days (第六十九条); 30 days and 3 months are natural. A measure lapses on its
day and does not roll off a day off; the time of tests and appraisals is left out of it (第二十五条第三款).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from anlan.rules.citation import Finding
from anlan.rules.enforcement_texts import COERCION_DAYS as DAYS
from anlan.rules.enforcement_texts import by_coercion_law
from anlan.rules.inputs import Input, given
from anlan.rules.limits import (
    Limit,
    Sense,
    Term,
    Unit,
    choices,
    cited_by,
    clock,
    editions_of,
    require_moment,
    table,
    term,
)
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording

NAME = "coercion_clock"
APPLIED = Wording("the day the court received the application", "人民法院接到申请之日")
ACCEPTED = Wording("the day the court accepted it", "人民法院受理之日")
CLOCKS = table(
    clock(
        NAME,
        "urgent_report",
        Wording(
            "Reporting an urgent measure taken on the spot and making up the approval",
            "当场实施强制措施后报告并补办批准手续",
        ),
        Wording("the hour of the measure", "实施强制措施之时"),
        *by_coercion_law("第十九条", Limit(24, Unit.HOURS)),
    ),
    clock(
        NAME,
        "seizure",
        Wording("End of a seal or seizure", "查封、扣押期限届满"),
        Wording("the day of seizure", "查封、扣押之日"),
        *by_coercion_law("第二十五条第一款", Limit(30, Unit.DAYS, more=30)),
    ),
    clock(
        NAME,
        "freeze_service",
        Wording("Serving the decision to freeze", "交付冻结决定书"),
        Wording("the day of the decision", "作出冻结决定之日"),
        *by_coercion_law("第三十一条", Limit(3, Unit.WORKING_DAYS, counted=DAYS)),
    ),
    clock(
        NAME,
        "freeze",
        Wording("Deciding on frozen money or releasing it", "冻结后作出处理决定或者解除冻结"),
        Wording("the day of freezing", "冻结之日"),
        *by_coercion_law("第三十二条第一款", Limit(30, Unit.DAYS, more=30)),
    ),
    clock(
        NAME,
        "demand_wait",
        Wording("Applying to the court after the demand", "催告后申请人民法院强制执行"),
        Wording("the day the demand was served", "催告书送达之日"),
        *by_coercion_law("第五十四条", Limit(10, Unit.WORKING_DAYS, counted=DAYS, sense=Sense.AFTER)),
    ),
    clock(
        NAME,
        "court_application",
        Wording("Applying to the court for enforcement", "申请人民法院强制执行"),
        Wording("the end of the time for review and suit", "复议、诉讼期限届满之日"),
        *by_coercion_law("第五十三条", Limit(3, Unit.MONTHS, roll=True)),
    ),
    clock(
        NAME,
        "court_acceptance",
        Wording("Court accepting the application", "人民法院受理强制执行申请"),
        APPLIED,
        *by_coercion_law("第五十六条第一款", Limit(5, Unit.WORKING_DAYS, counted=DAYS)),
    ),
    clock(
        NAME,
        "refusal_objection",
        Wording("Objecting to the court's refusal to accept", "对不予受理裁定申请复议"),
        Wording("the day of the ruling", "收到不予受理裁定之日"),
        *by_coercion_law("第五十六条第二款", Limit(15, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "court_ruling",
        Wording("Court ruling on paper", "人民法院书面审查作出执行裁定"),
        ACCEPTED,
        *by_coercion_law("第五十七条", Limit(7, Unit.WORKING_DAYS, counted=DAYS)),
    ),
    clock(
        NAME,
        "court_ruling_in_doubt",
        Wording("Court ruling after hearing the parties", "人民法院听取意见后作出是否执行的裁定"),
        ACCEPTED,
        *by_coercion_law("第五十八条第二款", Limit(30, Unit.DAYS, roll=True)),
    ),
    clock(
        NAME,
        "urgent_enforcement",
        Wording("Court enforcing at once for public safety", "为保障公共安全人民法院立即执行"),
        Wording("the day of the ruling", "作出执行裁定之日"),
        *by_coercion_law("第五十九条", Limit(5, Unit.WORKING_DAYS, counted=DAYS)),
    ),
    clock(
        NAME,
        "surcharge_enforcement",
        Wording("Enforcing a fine and its surcharge", "加处罚款后强制执行"),
        Wording("the day the surcharge began", "加处罚款之日"),
        *by_coercion_law("第四十六条第一款", Limit(30, Unit.DAYS, sense=Sense.AFTER)),
    ),
    clock(
        NAME,
        "substitute_demand",
        Wording("Demand before performance by a substitute", "代履行前催告当事人履行"),
        Wording("the day of performance, counted back", "代履行之日（倒算）"),
        *by_coercion_law("第五十一条第一款第二项", Limit(3, Unit.WORKING_DAYS, counted=DAYS, back=True)),
    ),
)
LABELS = choices(CLOCKS)


@dataclass(frozen=True, kw_only=True)
class CoercionStep(Input):
    """Which limit, the day it is counted from, and days the law leaves out (tests, appraisals)."""

    step: str = given("Step", "环节", choices=LABELS)
    start: dt.date = given("Day it is counted from", "起算日期")
    moment: dt.datetime | None = given("Hour it is counted from", "起算时刻", default=None)
    test_days: int = given(
        "Days of test, inspection or appraisal, not counted for a seizure",
        "检测、检验、检疫或者技术鉴定的日数（查封、扣押不计入）",
        unit="days",
        least=0,
        most=3650,
        default=0,
    )

    def consistent(self) -> None:
        """Hours for steps in hours; test days only for a seizure."""
        require_moment(CLOCKS, self.step, self.start, self.moment)
        if self.test_days and self.step != "seizure":
            raise BadInput(
                "test_days",
                Wording(f"is {self.test_days}", f"为{self.test_days}"),
                Wording("0: only a seizure leaves such days out", "0：仅查封、扣押期限扣除检测、鉴定时间"),
            )


@rule(
    NAME,
    Wording("Time limits of administrative coercion", "行政强制期限"),
    theme="enforcement",
    about=Wording(
        "the last day of seals, seizures and freezing, and the days of enforcement through the court",
        "计算查封、扣押、冻结和申请人民法院强制执行各环节的期限",
    ),
    takes=CoercionStep,
    editions=editions_of(CLOCKS),
    cites=lambda: cited_by(CLOCKS),
    dated_by="start",
    examples=(
        Example(
            {"step": "seizure", "start": "2026-03-02", "test_days": 10},
            dt.date(2026, 3, 2),
            {"due": "2026-04-11", "extended": "2026-05-11"},
            "行政强制法 第二十五条",
        ),
        Example(
            {"step": "demand_wait", "start": "2026-09-24"},
            dt.date(2026, 9, 24),
            {"due": "2026-10-15", "sense": "after"},
            "行政强制法 第五十四条、第六十九条",
        ),
        Example(
            {"step": "urgent_report", "start": "2026-03-02", "moment": "2026-03-02T22:30"},
            dt.date(2026, 3, 2),
            {"due": "2026-03-03T22:30+08:00"},
            "行政强制法 第十九条",
        ),
    ),
)
def coercion_clock(asked: CoercionStep, on: dt.date) -> Finding[Term]:
    """The limit of one step; ``on`` is the day it is counted from.

    >>> coercion_clock(CoercionStep(step="freeze", start=dt.date(2026, 3, 2)), dt.date(2026, 3, 2)).value.due
    datetime.date(2026, 4, 1)
    """
    return term(CLOCKS[asked.step], asked.start, on, moment=asked.moment, not_counted=asked.test_days)
