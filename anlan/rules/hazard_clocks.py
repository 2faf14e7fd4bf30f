"""The clocks of hazards in the book: ``hazard_due`` asks one of the functions of ``hazard_deadline`` by name.

Which edition answers is the same there and here: 令16 since 2008; 令15 until 2026-01-31 and, after it, 令18, whose text
is not held (the editions are those of ``penalty_clock``; a number the deployment states answers for the re-check, and
is cited as its own); the coal-mine regulation since 2024-05-01.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from anlan.rules import hazard_deadline as clocks
from anlan.rules.citation import Citation, Confidence, Finding, Level
from anlan.rules.editions import EVER, Editions, held, not_in_force
from anlan.rules.enforcement_texts import ORDER_18_FROM
from anlan.rules.hazard_grade import LAW_2021_FROM, ORDER_16_FROM, PLAN, order_16, safety_law
from anlan.rules.inputs import Input, given
from anlan.rules.penalty_clock import CLOCKS as PENALTY_CLOCKS
from anlan.rules.refusal import BadInput
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording
from anlan.rules.working_days import ROLL_FORWARD

LOCAL = Citation(
    "本地规定", "：隐患治理期限", Confidence.A, Level.LOCAL, note="parameters of the deployment, no statute"
)


class Clock(StrEnum):
    """The clocks."""

    REPORT_MAJOR = "report_major"
    RECTIFICATION = "rectification"
    REVIEW = "review"
    RESTART_REVIEW = "restart_review"
    RECHECK = "recheck"
    EXTENSION_WINDOW = "extension_window"
    EXTENSION_ANSWER = "extension_answer"
    LOOK_BACK = "look_back"
    QUARTERLY_STATISTICS = "quarterly_statistics"
    YEARLY_STATISTICS = "yearly_statistics"
    COAL_RESTART = "coal_restart"
    COAL_PUBLICATION = "coal_publication"


CLOCKS = {
    Clock.REPORT_MAJOR: Wording("reporting a major hazard, from its finding", "重大事故隐患报告（自发现之日）"),
    Clock.RECTIFICATION: Wording("rectification, from its finding", "整改（自发现之日）"),
    Clock.REVIEW: Wording("review of a rectification, from the application", "整改验收（自申请之日）"),
    Clock.RESTART_REVIEW: Wording("review before restart, from the application", "恢复生产审查（自申请之日）"),
    Clock.RECHECK: Wording("re-check by the office, from the request", "整改复查（自申请或者期满之日）"),
    Clock.EXTENSION_WINDOW: Wording("asking for more time, from the time limit", "申请延期（按整改期限）"),
    Clock.EXTENSION_ANSWER: Wording("answering a request for more time", "答复延期申请（自申请之日）"),
    Clock.LOOK_BACK: Wording("look-back, from the closing", "“回头看”（自销号之日）"),
    Clock.QUARTERLY_STATISTICS: Wording("statistics of the quarter of that day", "该日所在季度的统计分析表"),
    Clock.YEARLY_STATISTICS: Wording("statistics of the year of that day", "该日所在年度的统计分析表"),
    Clock.COAL_RESTART: Wording(
        "acceptance of a coal mine's correction, from the application", "煤矿复产验收（自受理申请之日）"
    ),
    Clock.COAL_PUBLICATION: Wording(
        "publication of a coal mine's stop or restart", "煤矿停产、关闭、复产公告（自决定之日）"
    ),
}
ORDER_16_AT = order_16("第十四条、第二十三条", Confidence.C)
DUTY = Editions(
    "hazard_due: report of a major hazard",
    not_in_force(EVER, order_16("第十四条", Confidence.C)),
    held(ORDER_16_FROM, order_16("第十四条", Confidence.C), True),
    held(LAW_2021_FROM, safety_law("第四十一条第二款"), True),
)
STATISTICS = Editions(
    "hazard_due: statistics, review before restart",
    not_in_force(EVER, ORDER_16_AT),
    held(ORDER_16_FROM, ORDER_16_AT, True),
)
RECHECK = PENALTY_CLOCKS["recheck"].editions
COAL = Editions(
    "hazard_due: coal mines", not_in_force(EVER, clocks.COAL_RESTART), held(clocks.COAL_FROM, clocks.COAL_RESTART, True)
)
PARAMETERS = Editions("hazard_due: local limits", held(EVER, LOCAL, True))
_LOCAL = {
    Clock.REPORT_MAJOR: clocks.REPORT_DAYS,
    Clock.RECTIFICATION: clocks.RECTIFICATION_DAYS,
    Clock.REVIEW: clocks.REVIEW_DAYS,
    Clock.LOOK_BACK: clocks.LOOK_BACK_DAYS,
}


@dataclass(frozen=True, kw_only=True)
class Asked(Input):
    """Which clock, from which day; the dates of an order or plan and the local number of days where they matter."""

    clock: Clock = given("Clock", "期限种类", choices=CLOCKS)
    start: dt.date = given("Day it runs from", "起算日期")
    ordered: dt.date | None = given("Date stated by the order (rectification)", "指令书载明的整改期限", default=None)
    plan: dt.date | None = given("Date stated by the approved plan (rectification)", "治理方案载明的期限", default=None)
    local_days: int | None = given(
        "Days of the local rule, where no statute gives one",
        "本地规定日数（法律未规定时）",
        unit="days",
        least=0,
        most=3650,
        default=None,
    )

    def consistent(self) -> None:
        """Orders and plans matter to rectification only, local days where no statute gives a number."""
        for name in ("ordered", "plan"):
            stated = getattr(self, name)
            if stated is None:
                continue
            if self.clock is not Clock.RECTIFICATION:
                raise BadInput(name, Wording("is of no use to this clock", "与此期限无关"), Wording("nothing", "不填"))
            if stated < self.start:
                raise BadInput(
                    name,
                    Wording(f"is {stated}, before {self.start}", f"为{stated}，早于{self.start}"),
                    Wording(f"a date from {self.start}", f"不早于{self.start}的日期"),
                )
        if self.local_days is not None and self.clock not in (*_LOCAL, Clock.RECHECK):
            clocked = ", ".join((*_LOCAL, Clock.RECHECK))
            raise BadInput(
                "local_days",
                Wording("is of no use: a statute gives the number", "与此期限无关：日数由法规规定"),
                Wording(f"nothing; it goes with {clocked}", f"不填；仅用于 {clocked}"),
            )

    @property
    def local(self) -> int:
        """The local number of days, the platform's own where none is given."""
        return _LOCAL[self.clock].days if self.local_days is None else self.local_days


@dataclass(frozen=True, slots=True)
class Due:
    """The day, the first day on which it may be done (extension only), and whether the calendar is provisional."""

    due: dt.date
    opens: dt.date | None
    provisional: bool


_ASK: dict[Clock, Callable[[Asked], Finding[Any]]] = {
    Clock.REPORT_MAJOR: lambda a: clocks.report_major_due(a.start, local_days=a.local),
    Clock.RECTIFICATION: lambda a: clocks.rectification_due(a.ordered, a.plan, a.start, local_default_days=a.local),
    Clock.REVIEW: lambda a: clocks.review_due(a.start, days_local=a.local),
    Clock.RESTART_REVIEW: lambda a: clocks.restart_review_due(a.start),
    Clock.RECHECK: lambda a: clocks.recheck_due(a.start, local_days=a.local_days),
    Clock.EXTENSION_WINDOW: lambda a: clocks.extension_window(a.start),
    Clock.EXTENSION_ANSWER: lambda a: clocks.extension_answer_due(a.start),
    Clock.LOOK_BACK: lambda a: clocks.look_back_due(a.start, local_days=a.local),
    Clock.QUARTERLY_STATISTICS: lambda a: clocks.quarterly_statistics_due(a.start.year, (a.start.month + 2) // 3),
    Clock.YEARLY_STATISTICS: lambda a: clocks.yearly_statistics_due(a.start.year),
    Clock.COAL_RESTART: lambda a: clocks.coal_restart_acceptance_due(a.start),
    Clock.COAL_PUBLICATION: lambda a: clocks.coal_publication_due(a.start),
}
_EDITIONS: dict[Clock, Editions[Any]] = {
    Clock.REPORT_MAJOR: DUTY,
    Clock.RESTART_REVIEW: STATISTICS,
    Clock.QUARTERLY_STATISTICS: STATISTICS,
    Clock.YEARLY_STATISTICS: STATISTICS,
    Clock.RECHECK: RECHECK,
    Clock.EXTENSION_WINDOW: RECHECK,
    Clock.EXTENSION_ANSWER: RECHECK,
    Clock.COAL_RESTART: COAL,
    Clock.COAL_PUBLICATION: COAL,
}
DAY = dt.date(2026, 3, 2)


@rule(
    "hazard_due",
    Wording("Time limits of hazard treatment", "事故隐患排查治理时限"),
    theme="hazards",
    about=Wording(
        "the day a step of hazard treatment is due, by statute or by the local rule",
        "隐患治理各环节的期限，由法规或者本地规定确定",
    ),
    takes=Asked,
    editions=(DUTY, STATISTICS, RECHECK, COAL, PARAMETERS),
    cites=lambda: (clocks.RESTART_REVIEW, PLAN, ROLL_FORWARD),
    dated_by="start",
    examples=(
        Example({"clock": "rectification", "start": "2026-03-02"}, DAY, {"due": "2026-03-17"}, "本地规定：15日"),
        Example(
            {"clock": "rectification", "start": "2026-03-02", "ordered": "2026-03-10", "plan": "2026-04-01"},
            DAY,
            {"due": "2026-03-10"},
            "责令整改文书载明的期限",
        ),
        Example({"clock": "quarterly_statistics", "start": "2026-09-30"}, DAY, {"due": "2026-10-15"}, "令16第十四条"),
        Example(
            {"clock": "extension_window", "start": "2025-06-30"},
            dt.date(2025, 6, 30),
            {"opens": "2025-06-20", "due": "2025-06-30"},
            "令15第二十一条",
        ),
        Example(
            {"clock": "coal_publication", "start": "2026-09-28"},
            DAY,
            {"due": "2026-10-10"},
            "煤矿安全生产条例第四十九条",
        ),
    ),
    bounds=Wording(
        "the number of days for an ordinary hazard is set by the order or the plan, not by law",
        "一般隐患的整改日数由整改文书或者治理方案确定，法律未作规定",
    ),
)
def hazard_due(asked: Asked, on: dt.date) -> Finding[Due]:
    """The day a clock ends. The edition is that of the day the clock runs from, which ``on`` follows by default.

    >>> hazard_due(Asked(clock=Clock.REPORT_MAJOR, start=dt.date(2026, 10, 1)), dt.date(2026, 10, 1)).value.due
    datetime.date(2026, 10, 2)
    """
    of = _EDITIONS.get(asked.clock, PARAMETERS)
    if asked.clock is not Clock.RECHECK or asked.local_days is None or on < ORDER_18_FROM:
        of.on(on)
    found = _ASK[asked.clock](asked)
    opens, due = found.value if isinstance(found.value, tuple) else (None, found.value)
    return Finding(Due(due, opens, bool(found.inputs.get("provisional"))), found.citations, {}, found.steps)
