"""Clocks of hazard investigation and treatment: due dates with the clause they rest on.

The law sets few of them. It sets dates for reports, reviews and publications; the time limit of a hazard itself is
what the order or the approved plan states. Where a date is needed and no law gives one, the answer cites 本地规定:
a parameter of the deployment, shown as such. Days in orders 15 and 16 are natural days by their text.

Each function answers a ``Finding`` of a date; ``inputs`` holds what went in, with ``raw`` (the date before rolling
off a day off) and ``provisional`` (the holiday notice of that year is not held). 挂牌督办's level by grade is not
among them: no text held says which office lists which hazard, so the office is a person's choice.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from typing import Any

from anlan.rules import working_days
from anlan.rules.citation import Citation, Confidence, Finding, Level, NotHeld
from anlan.rules.enforcement_texts import ORDER_18, ORDER_18_FROM
from anlan.rules.figures import doubtful
from anlan.rules.hazard_grade import LAW_2021_FROM, PLAN, order_16, safety_law
from anlan.rules.limits import term
from anlan.rules.penalty_clock import CLOCKS
from anlan.rules.wording import Wording
from anlan.rules.working_days import Due

STATISTICS = order_16("第十四条", Confidence.C)
RESTART_REVIEW = order_16("第二十三条", Confidence.C)
RESTART_DAYS = doubtful(
    "hazard_due.restart_review", 10, Wording("review before restart", "恢复生产审查期限"), RESTART_REVIEW,
    Wording("days", "日"),
)  # fmt: skip
QUARTER_DAY = doubtful(
    "hazard_due.quarterly_statistics", 15,
    Wording("statistics of a quarter: by which day of the next quarter's first month", "季度统计：下一季度首月几日前"),
    STATISTICS, Wording("th", "日"),
)  # fmt: skip
JANUARY_DAY = doubtful(
    "hazard_due.yearly_statistics", 31,
    Wording("statistics of a year: by which day of the next January", "年度统计：下一年1月几日前"), STATISTICS,
    Wording("th", "日"),
)  # fmt: skip
RECTIFICATION_BY_ORDER = safety_law("第六十五条第一款第二项、第三项")
NOTICE_RESTS_ON = (RECTIFICATION_BY_ORDER, Citation("行政复议法", "第二十条"), Citation("行政诉讼法", "第四十六条"))
"""What the notice of rectification prints: its basis, and where its remedies stand."""
RECORD_RESTS_ON = (RECTIFICATION_BY_ORDER, PLAN)
"""What the record sheet of a hazard prints as the basis of its time limit, where a law gives one."""
COAL_FROM = dt.date(2024, 5, 1)
COAL_RESTART = Citation("煤矿安全生产条例", "第四十八条第二款", Confidence.A, valid_from=COAL_FROM)
COAL_PUBLICATION = Citation("煤矿安全生产条例", "第四十九条", Confidence.A, valid_from=COAL_FROM)


@dataclass(frozen=True, slots=True)
class LocalParameter:
    """A number of days no statute gives: ``days`` is the platform's default, a deployment sets its own."""

    code: str
    days: int
    label: Wording

    def citation(self, days: int) -> Citation:
        """The parameter as cited with the number of days in use."""
        return Citation(
            "本地规定",
            f"：{self.label.zh}{days}日",
            Confidence.A,
            Level.LOCAL,
            note=f"parameter {self.code} of this deployment, not a statute",
        )


REPORT_DAYS = LocalParameter("major_report_days", 1, Wording("reporting a major hazard", "重大事故隐患报告期限"))
RECTIFICATION_DAYS = LocalParameter("rectification_days", 15, Wording("rectification", "一般事故隐患整改期限"))
REVIEW_DAYS = LocalParameter("review_days", 10, Wording("review of a rectification", "整改验收期限"))
RECHECK = Wording("re-check by the office", "整改复查期限")
LOOK_BACK_DAYS = LocalParameter("look_back_days", 30, Wording("look-back after closing", "销号后“回头看”期限"))
LOCAL_PARAMETERS = (REPORT_DAYS, RECTIFICATION_DAYS, REVIEW_DAYS, LOOK_BACK_DAYS)


def _found(due: Due, *citations: Citation, said: tuple[Wording, ...] = (), **inputs: Any) -> Finding[dt.date]:
    rolled = (working_days.ROLL_FORWARD,) if due.due != due.raw else ()
    given = {**inputs, "raw": due.raw, "provisional": due.provisional}
    return Finding(due.due, (*citations, *rolled), given, (*said, *due.steps))


def _fixed(day: dt.date, said: Wording) -> Due:
    return Due(day, day, False, (said,))


def _in_force(citation: Citation, on: dt.date) -> None:
    if not citation.in_force(on):
        raise NotHeld(str(citation), on)


def _positive(days: int) -> None:
    if days < 0:
        raise ValueError("a number of days cannot be negative")


def quarterly_statistics_due(year: int, quarter: int) -> Finding[dt.date]:
    """When a unit's signed hazard statistics of a quarter are due: the 15th of the next quarter's first month.

    令16 第十四条, confidence C (to verify). A duty to report does not roll off a day off.

    >>> quarterly_statistics_due(2026, 3).value
    datetime.date(2026, 10, 15)
    """
    if quarter not in (1, 2, 3, 4):
        raise ValueError("quarter must be 1 to 4")
    first = dt.date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    number = min(QUARTER_DAY.on(first), calendar.monthrange(first.year, first.month)[1])
    due = first.replace(day=number)
    _in_force(STATISTICS, due)
    said = Wording(
        f"statistics of quarter {quarter} of {year}: by day {number} of the next quarter's first month, {due}",
        f"{year}年第{quarter}季度统计分析表：下一季度首月{number}日前报送，即{due}",
    )
    return _found(_fixed(due, said), STATISTICS, year=year, quarter=quarter)


def yearly_statistics_due(year: int) -> Finding[dt.date]:
    """When a unit's signed hazard statistics of a year are due: 31 January of the next.

    令16 第十四条, confidence C (to verify). A duty to report does not roll off a day off.

    >>> yearly_statistics_due(2026).value
    datetime.date(2027, 1, 31)
    """
    number = min(JANUARY_DAY.on(dt.date(year + 1, 1, 1)), 31)
    due = dt.date(year + 1, 1, number)
    _in_force(STATISTICS, due)
    said = Wording(
        f"statistics of {year}: by {number} January, {due}", f"{year}年度统计分析表：下一年1月{number}日前报送，即{due}"
    )
    return _found(_fixed(due, said), STATISTICS, year=year)


def report_major_due(found: dt.date, *, local_days: int = REPORT_DAYS.days) -> Finding[dt.date]:
    """By when a major hazard is reported to the regulator and to the workers' congress (双报告).

    安全生产法 第四十一条第二款 says 及时, promptly, and gives no number; the date is therefore 本地规定:
    ``local_days`` natural days after it was found, 0 for the same day. Before the revision of 2021 the duty is
    cited from 令16 第十四条 (confidence C). A duty to report does not roll off a day off.

    >>> finding = report_major_due(dt.date(2026, 10, 1))
    >>> finding.value, [str(c) for c in finding.citations]
    (datetime.date(2026, 10, 2), ['《安全生产法》第四十一条第二款', '本地规定：重大事故隐患报告期限1日'])
    """
    _positive(local_days)
    duty = safety_law("第四十一条第二款") if found >= LAW_2021_FROM else order_16("第十四条", Confidence.C)
    _in_force(duty, found)
    said = Wording(
        "the law says “promptly” and gives no number of days; the number is this deployment's own",
        "法律规定“及时”报告，未规定具体日数，此处日数为本地规定",
    )
    due = working_days.add_natural_days(found, local_days, roll=False)
    return _found(due, duty, REPORT_DAYS.citation(local_days), said=(said,), found=found, local_days=local_days)


def rectification_due(
    ordered: dt.date | None,
    plan: dt.date | None,
    found: dt.date,
    *,
    local_default_days: int = RECTIFICATION_DAYS.days,
) -> Finding[dt.date]:
    """By when a hazard is to be corrected: the date of the order, else of the approved plan, else 本地规定.

    ``ordered`` is the date written in the order (责令限期整改指令书), ``plan`` that of the approved treatment plan;
    without either, ``local_default_days`` natural days after ``found``, not rolled. An order governs even where
    the plan says later or earlier. Raises ``ValueError`` when the date lies before the day it was found.

    >>> day = dt.date(2026, 3, 2)
    >>> rectification_due(None, None, day).value
    datetime.date(2026, 3, 17)
    >>> finding = rectification_due(dt.date(2026, 3, 10), dt.date(2026, 4, 1), day)
    >>> finding.value, len(finding.steps)
    (datetime.date(2026, 3, 10), 2)
    """
    _positive(local_default_days)
    inputs: dict[str, Any] = {
        "ordered": ordered,
        "plan": plan,
        "found": found,
        "local_default_days": local_default_days,
    }
    for stated, en, zh in ((ordered, "order", "指令书"), (plan, "plan", "治理方案")):
        if stated is not None and stated < found:
            raise ValueError(
                Wording(
                    f"the {en}'s date {stated} lies before {found}, when the hazard was found",
                    f"{zh}规定的期限{stated}早于发现日期{found}",
                )
            )
    if ordered is not None:
        steps = [Wording(f"the order states {ordered}", f"以责令整改文书载明的期限{ordered}为准")]
        if plan is not None and plan != ordered:
            steps.append(
                Wording(f"the plan states {plan}; the order governs", f"治理方案载明{plan}，与文书不一致，以文书为准")
            )
        return _found(Due(ordered, ordered, False, tuple(steps)), RECTIFICATION_BY_ORDER, **inputs)
    if plan is not None:
        said = Wording(f"the approved plan states {plan}", f"以经批准的治理方案载明的期限{plan}为准")
        return _found(_fixed(plan, said), PLAN, **inputs)
    due = working_days.add_natural_days(found, local_default_days, roll=False)
    said = Wording(
        "no order and no plan states a date; no law sets one for an ordinary hazard",
        "无整改文书或治理方案载明期限，法律未规定一般隐患的具体整改日数",
    )
    return _found(due, RECTIFICATION_DAYS.citation(local_default_days), said=(said,), **inputs)


def review_due(applied: dt.date, *, days_local: int = REVIEW_DAYS.days, roll: bool = True) -> Finding[dt.date]:
    """By when a rectification that was handed in is reviewed (验收): 本地规定, no law sets it for ordinary hazards.

    >>> review_due(dt.date(2026, 9, 25)).value
    datetime.date(2026, 10, 8)
    """
    _positive(days_local)
    due = working_days.add_natural_days(applied, days_local, roll=roll)
    return _found(due, REVIEW_DAYS.citation(days_local), applied=applied, days_local=days_local, roll=roll)


def restart_review_due(applied: dt.date, *, roll: bool = True) -> Finding[dt.date]:
    """By when the regulator reviews on site after an application to restart: 10 natural days.

    令16 第二十三条, confidence C (to verify).

    >>> restart_review_due(dt.date(2026, 3, 2)).value
    datetime.date(2026, 3, 12)
    """
    _in_force(RESTART_REVIEW, applied)
    due = working_days.add_natural_days(applied, RESTART_DAYS.on(applied), roll=roll)
    return _found(due, RESTART_REVIEW, applied=applied, roll=roll)


def recheck_due(asked: dt.date, *, local_days: int | None = None) -> Finding[dt.date]:
    """By when the office re-checks (复查) after the unit's request or the end of the time limit.

    Until 31 January 2026: 10 natural days, 令15 第二十一条 (confidence C), as ``penalty_clock`` has it. Since
    1 February 2026 令18 is in force and its text is not held: ``NotHeld``, unless the deployment states a number of
    its own (``local_days``), which is then cited as 本地规定 beside the order that is not held.

    >>> [str(c) for c in recheck_due(dt.date(2026, 1, 5)).citations]
    ['《安全生产违法行为行政处罚办法》第二十一条（待核实）']
    >>> [c.level.value for c in recheck_due(dt.date(2026, 3, 2), local_days=7).citations]
    ['national', 'local']
    """
    if local_days is None or asked < ORDER_18_FROM:
        return _by_order("recheck", asked)
    _positive(local_days)
    said = Wording(
        "order 18 replaced order 15 on 1 February 2026; its text is not held, the number is this deployment's own",
        "应急管理部令第18号自2026年2月1日起替代第15号令，其条文尚未收录，此处日数为本地规定",
    )
    due = working_days.add_natural_days(asked, local_days, roll=True)
    citation = LocalParameter("recheck_days", local_days, RECHECK).citation(local_days)
    return _found(due, ORDER_18, citation, said=(said,), asked=asked, local_days=local_days)


def extension_window(deadline: dt.date) -> Finding[tuple[dt.date, dt.date]]:
    """In which days a unit may ask to extend a rectification order: the last 10 before its deadline.

    令15 第二十一条, confidence C, until 31 January 2026; afterwards ``NotHeld`` (令18's text is not held).

    >>> extension_window(dt.date(2025, 6, 30)).value
    (datetime.date(2025, 6, 20), datetime.date(2025, 6, 30))
    """
    opens = _by_order("extension_request", deadline)
    window = (opens.value, deadline)
    said = Wording(
        f"within the 10 days before {deadline}: from {window[0]}", f"期限届满前10日内提出：自{window[0]}至{deadline}"
    )
    return Finding(window, opens.citations, {"deadline": deadline}, (said,))


def extension_answer_due(asked: dt.date) -> Finding[dt.date]:
    """By when the office answers a request for extension in writing: 5 natural days.

    令15 第二十一条, confidence C, until 31 January 2026; afterwards ``NotHeld``.

    >>> extension_answer_due(dt.date(2025, 6, 23)).value
    datetime.date(2025, 6, 30)
    """
    return _by_order("extension_answer", asked)


def _by_order(step: str, start: dt.date) -> Finding[dt.date]:
    """A step that only the order on safety penalties sets, from the one table there is of them."""
    found = term(CLOCKS[step], start, start)
    given = {"asked": start, "raw": found.value.raw, "provisional": found.value.provisional}
    return Finding(found.value.due, found.citations, given, found.steps)  # type: ignore[arg-type]


def look_back_due(closed: dt.date, *, local_days: int = LOOK_BACK_DAYS.days) -> Finding[dt.date]:
    """When a closed hazard is looked at again (“回头看”): 本地规定, natural days, not rolled.

    >>> look_back_due(dt.date(2026, 3, 1)).value
    datetime.date(2026, 3, 31)
    """
    _positive(local_days)
    due = working_days.add_natural_days(closed, local_days, roll=False)
    return _found(due, LOOK_BACK_DAYS.citation(local_days), closed=closed, local_days=local_days)


def coal_restart_acceptance_due(applied: dt.date, *, roll: bool = True) -> Finding[dt.date]:
    """By when acceptance of a stopped coal mine's correction is finished: 20 days after the application arrived.

    煤矿安全生产条例 第四十八条第二款, in force since 2024-05-01; the text says 日, counted as natural days.

    >>> coal_restart_acceptance_due(dt.date(2026, 3, 2)).value
    datetime.date(2026, 3, 23)
    """
    _in_force(COAL_RESTART, applied)
    return _found(working_days.add_natural_days(applied, 20, roll=roll), COAL_RESTART, applied=applied, roll=roll)


def coal_publication_due(decided: dt.date) -> Finding[dt.date]:
    """By when a stop, closure or restart of a coal mine is published: 5 working days.

    煤矿安全生产条例 第四十九条, in force since 2024-05-01.

    >>> coal_publication_due(dt.date(2026, 9, 28)).value
    datetime.date(2026, 10, 10)
    """
    _in_force(COAL_PUBLICATION, decided)
    return _found(working_days.add_working_days(decided, 5), COAL_PUBLICATION, decided=decided)
