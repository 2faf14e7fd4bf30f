"""任职限制: until when a principal may head no unit, and when he never may again (安全生产法 94, 113)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from anlan.rules.citation import Finding
from anlan.rules.editions import EVER, Editions, held, not_held
from anlan.rules.enforcement_texts import SAFETY_2014
from anlan.rules.hazard_grade import LAW_2021_FROM, safety_law
from anlan.rules.inputs import Input, given
from anlan.rules.rule import Example, rule
from anlan.rules.wording import Wording
from anlan.rules.working_days import add_months


class Cause(StrEnum):
    """Why he may not."""

    PENALTY = "penalty"
    GRAVE_ACCIDENT = "grave_accident"
    CLOSURE = "closure"
    GRAVE_CLOSURE = "grave_closure"
    FALSE_REPORT = "false_report"
    GRAVE_FALSE_REPORT = "grave_false_report"


CAUSES = {
    Cause.PENALTY: Wording(
        "criminal penalty or dismissal for neglect of the duties of safety", "未履行职责受刑事处罚或者撤职处分"
    ),
    Cause.GRAVE_ACCIDENT: Wording(
        "responsible for a major or extraordinarily serious accident", "对重大、特别重大事故负有责任"
    ),
    Cause.CLOSURE: Wording("the unit was closed by article 113", "单位依第一百一十三条被关闭"),
    Cause.GRAVE_CLOSURE: Wording("the same, in a grave case", "同上，情节严重"),
    Cause.FALSE_REPORT: Wording(
        "an agency's licence lent or its report false: the agency and those responsible",
        "机构租借资质、挂靠、出具虚假报告（机构及其直接责任人员）",
    ),
    Cause.GRAVE_FALSE_REPORT: Wording("the same, in a grave case", "同上，情节严重"),
}
FIVE, LIFE = 5, 0


@dataclass(frozen=True, slots=True)
class Ban:
    """Years (0: for life), the clause, and what may not be done."""

    years: int
    article: str
    what: Wording


ANY_UNIT = Wording("may head no unit at all", "不得担任任何生产经营单位的主要负责人")
ANY_LINE = Wording("may head no unit of the line", "不得担任本行业生产经营单位的主要负责人")
AGENCY = Wording("no assessment, certification, detection or inspection", "不得从事安全评价、认证、检测、检验等工作")
BANS = {
    Cause.PENALTY: Ban(FIVE, "第九十四条第三款", ANY_UNIT),
    Cause.GRAVE_ACCIDENT: Ban(LIFE, "第九十四条第三款", ANY_LINE),
    Cause.CLOSURE: Ban(FIVE, "第一百一十三条", ANY_UNIT),
    Cause.GRAVE_CLOSURE: Ban(LIFE, "第一百一十三条", ANY_LINE),
    Cause.FALSE_REPORT: Ban(FIVE, "第九十二条第三款", AGENCY),
    Cause.GRAVE_FALSE_REPORT: Ban(
        LIFE, "第九十二条第三款", Wording("barred from the trade for life", "终身行业和职业禁入")
    ),
}
EDITIONS: Editions[dict[Cause, Ban]] = Editions(
    "post_ban", not_held(EVER, SAFETY_2014), held(LAW_2021_FROM, safety_law("第九十四条第三款"), BANS)
)


@dataclass(frozen=True, kw_only=True)
class Banned(Input):
    """Why, and the day it runs from."""

    cause: Cause = given("Cause", "情形", choices=CAUSES)
    start: dt.date = given(
        "Day it runs from",
        "起算日期",
        hint=Wording(
            "the penalty served in full, the dismissal, or the decision", "刑罚执行完毕之日、受处分之日或者决定之日"
        ),
    )


@dataclass(frozen=True, slots=True)
class Until:
    """The last day of the ban (``None``: for life), and what may not be done."""

    until: dt.date | None
    for_life: bool
    what: Wording


@rule(
    "post_ban",
    Wording("Ban from heading a unit", "主要负责人任职限制"),
    theme="enforcement",
    about=Wording(
        "until when a principal or an agency is barred, five years or for life",
        "主要负责人或者机构的任职（从业）限制期限：五年或者终身",
    ),
    takes=Banned,
    editions=EDITIONS,
    cites=lambda: (safety_law(ban.article) for ban in BANS.values()),
    dated_by="start",
    examples=(
        Example({"cause": "penalty", "start": "2026-03-01"}, dt.date(2026, 3, 1), {"until": "2031-03-01"},
                "安全生产法 第九十四条第三款"),
        Example({"cause": "grave_accident", "start": "2026-03-01"}, dt.date(2026, 3, 1),
                {"until": None, "for_life": True}, "安全生产法 第九十四条第三款"),
        Example({"cause": "closure", "start": "2026-03-01"}, dt.date(2026, 3, 1), {"until": "2031-03-01"},
                "安全生产法 第一百一十三条"),
    ),
    bounds=Wording(
        "articles 113 and 92 name no first day: the day of the decision is taken",
        "第一百一十三条、第九十二条未载明起算日，按决定之日起算",
    ),
)  # fmt: skip
def post_ban(asked: Banned, on: dt.date) -> Finding[Until]:
    """Until when the ban lasts; ``on`` is the day it runs from.

    >>> post_ban(Banned(cause="false_report", start=dt.date(2024, 2, 29)), dt.date(2024, 2, 29)).value.until
    datetime.date(2029, 2, 28)
    """
    edition = EDITIONS.on(on)
    ban = edition.held[asked.cause]
    cause = CAUSES[asked.cause]
    steps: tuple[Wording, ...] = (Wording(f"{cause}: {ban.what}", f"{cause.zh}：{ban.what.zh}"),)
    until = None
    if ban.years:
        counted = add_months(asked.start, 12 * ban.years, roll=False)
        until, steps = counted.due, (*steps, *counted.steps)
    else:
        steps = (*steps, Wording("for life", "终身"))
    return Finding(Until(until, not ban.years, ban.what), (edition.citation.at(ban.article),), {}, steps)
