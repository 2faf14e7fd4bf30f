"""How long each thing may take: the clocks of ``anlan.rules.hazard_deadline`` where the law sets one, else 本地规定.

Every local number is declared here as a parameter with its default and bounds; the nearest region that set its own
wins. Nothing in this file is a statutory figure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from anlan.kernel import clock
from anlan.kernel.codes.services import declare, parameter
from anlan.kernel.errors import BadInput, gettext_noop
from anlan.kernel.law import found_at
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.workflow import local
from anlan.rules import hazard_deadline as law
from anlan.rules.citation import Finding, NotHeld
from anlan.rules.hazard_deadline import LocalParameter
from anlan.rules.wording import Wording
from anlan.rules.working_days import add_natural_days

Due = Finding[dt.date]

ASSESS = LocalParameter("assess_days", 3, Wording("assessment of a report", "隐患评估期限"))
SUPPLEMENT = LocalParameter("supplement_days", 3, Wording("completing a returned report", "补充材料期限"))
PLAN = LocalParameter("plan_days", 10, Wording("handing in a treatment plan", "治理方案报送期限"))
APPROVE = LocalParameter("approve_days", 5, Wording("approval of a treatment plan", "治理方案审批期限"))
RETURNED = LocalParameter("returned_days", 5, Wording("rectification after a return", "退回后继续整改期限"))
CLOSE = LocalParameter("close_days", 5, Wording("closing after acceptance", "验收后销账期限"))
WITHDRAWAL = LocalParameter("withdrawal_days", 3, Wording("deciding on a withdrawal", "撤销审核期限"))
TRANSFER = LocalParameter("transfer_days", 2, Wording("answering a transfer", "移交接收期限"))
EXTENSION_ANSWER = LocalParameter(
    "extension_answer_days", 5, Wording("answering a request for more time", "延期申请答复期限")
)
EXTENSION_WINDOW = LocalParameter(
    "extension_window_days", 10, Wording("asking for more time before the limit", "延期申请提出期限（届满前）")
)

for _local, _label, _least, _most in (
    (ASSESS, gettext_noop("Days to assess a report"), 0, 30),
    (SUPPLEMENT, gettext_noop("Days to complete a returned report"), 1, 30),
    (PLAN, gettext_noop("Days to hand in a treatment plan"), 1, 90),
    (APPROVE, gettext_noop("Days to approve a treatment plan"), 1, 60),
    (RETURNED, gettext_noop("Days to rectify after a return"), 1, 60),
    (CLOSE, gettext_noop("Days to close after acceptance"), 1, 60),
    (WITHDRAWAL, gettext_noop("Days to decide on a withdrawal"), 1, 30),
    (TRANSFER, gettext_noop("Days to answer a transfer"), 1, 30),
    (EXTENSION_ANSWER, gettext_noop("Days to answer a request for more time"), 1, 30),
    (EXTENSION_WINDOW, gettext_noop("Days before the limit from which more time may be asked for"), 1, 60),
    (law.REPORT_DAYS, gettext_noop("Days to report a major hazard"), 0, 30),
    (law.RECTIFICATION_DAYS, gettext_noop("Days to rectify without order or plan"), 1, 180),
    (law.REVIEW_DAYS, gettext_noop("Days to review a rectification"), 1, 60),
    (law.LOOK_BACK_DAYS, gettext_noop("Days until a closed hazard is looked at again"), 1, 365),
):
    declare(f"hazards.{_local.code}", _label, _local.days, least=_least, most=_most)

declare("hazards.repeat_days", gettext_noop("Days within which a similar hazard on one site counts as a repeat"), 365,
        least=1, most=3650)  # fmt: skip
declare("hazards.repeat_percent", gettext_noop("Likeness of two descriptions that counts as a repeat"), 60,
        least=30, most=100, unit="%")  # fmt: skip
declare("hazards.extensions", gettext_noop("Extensions of one time limit at most"), 2, least=0, most=9,
        unit=gettext_noop("times"))  # fmt: skip


def days(local_parameter: LocalParameter, path: str) -> int:
    """The number of days in force at a region today."""
    return parameter(f"hazards.{local_parameter.code}", path)


def by_parameter(local_parameter: LocalParameter, start: dt.date, path: str, *, roll: bool = True) -> Due:
    """A due day that rests on a local parameter alone: natural days, rolled off days off unless said otherwise."""
    count = days(local_parameter, path)
    due = add_natural_days(start, count, roll=roll)
    return Finding(
        due.due,
        (local_parameter.citation(count),),
        {"start": start, "days": count, "raw": due.raw, "provisional": due.provisional},
        due.steps,
    )


def stated(day: dt.date, what: str, basis: str) -> Due:
    """A due day that somebody set: a list, a leader's instruction, the unit's own promise."""
    return Finding(day, (local(basis),), {"provisional": False}, (Wording(f"{what}: {day}", f"{basis}：{day}"),))


def rectification(hazard: Hazard, *, own: bool = False, start: dt.date | None = None) -> Due:
    """The time limit of a rectification: the order's day, else the plan's, else the local default from ``start``.

    A unit's own promise for a general hazard it found itself stands as its plan. Raises ``BadInput`` when a day
    lies before today.
    """
    begin = start or clock.today()
    ordered = hazard.ordered_due if hazard.ordered_due and hazard.ordered_due >= begin else None
    if own and hazard.plan_due is not None:
        _not_past("due", hazard.plan_due, begin)
        return stated(hazard.plan_due, "the unit's own time limit", "单位自定整改时限")
    plan = hazard.plan_due if ordered is None or (hazard.plan_due and hazard.plan_due >= begin) else None
    try:
        return law.rectification_due(
            ordered, plan, begin, local_default_days=days(law.RECTIFICATION_DAYS, hazard.owner_path)
        )
    except ValueError as why:
        raise BadInput(
            "plan_due",
            gettext_noop("The plan's time limit %(day)s is over. Return the plan, so that a new day is set."),
            day=hazard.plan_due,
        ) from why


def after_return(hazard: Hazard, *, in_time: bool) -> Due:
    """The time limit after a rectification was returned.

    Who handed in in time keeps at least the local number of days; who was late stays late.
    """
    current = hazard.rectify_due or clock.today()
    if not in_time:
        return Finding(
            current,
            (law.RECTIFICATION_BY_ORDER,),
            {"provisional": False},
            (Wording(f"handed in late: the time limit stays {current}", f"逾期提交，整改期限仍为{current}"),),
        )
    new = by_parameter(RETURNED, clock.today(), hazard.owner_path)
    if new.value > current:
        return new
    return Finding(
        current,
        new.citations,
        {"provisional": False},
        (Wording(f"the time limit {current} is not over yet", f"原整改期限{current}尚未届满"),),
    )


def extension_window(hazard: Hazard) -> tuple[dt.date, dt.date, str]:
    """From which day until which more time may be asked for, and the basis."""
    limit = hazard.rectify_due or clock.today()
    try:
        found = found_at(hazard.owner_path, law.extension_window, limit)
    except NotHeld:
        count = days(EXTENSION_WINDOW, hazard.owner_path)
        return limit - dt.timedelta(days=count), limit, str(EXTENSION_WINDOW.citation(count))
    return *found.value, basis_of(found)


def extension_answer(path: str) -> Due:
    """By when a request for more time is answered."""
    try:
        return found_at(path, law.extension_answer_due, clock.today())
    except NotHeld:
        return by_parameter(EXTENSION_ANSWER, clock.today(), path)


_COMPUTED: dict[str, Callable[[Hazard, dt.date], Due]] = {
    "assess": lambda h, day: by_parameter(ASSESS, day, h.owner_path),
    "supplement": lambda h, day: by_parameter(SUPPLEMENT, day, h.owner_path),
    "submit_plan": lambda h, day: by_parameter(PLAN, day, h.owner_path),
    "approve_plan": lambda h, day: by_parameter(APPROVE, day, h.owner_path),
    "report_major": lambda h, day: law.report_major_due(day, local_days=days(law.REPORT_DAYS, h.owner_path)),
    "rectify": lambda h, day: rectification(h, start=day),
    "review": lambda h, day: law.review_due(day, days_local=days(law.REVIEW_DAYS, h.owner_path)),
    "close": lambda h, day: by_parameter(CLOSE, day, h.owner_path),
    "recheck": lambda h, day: law.look_back_due(day, local_days=days(law.LOOK_BACK_DAYS, h.owner_path)),
    "withdrawal": lambda h, day: by_parameter(WITHDRAWAL, day, h.owner_path),
    "transfer": lambda h, day: by_parameter(TRANSFER, day, h.offered_path or h.owner_path),
    "extension": lambda h, day: extension_answer(h.owner_path),
}


def due_of(kind: str, hazard: Hazard, start: dt.date | None = None) -> Due:
    """When a thing of this kind is due on this hazard, counted from ``start`` (today), with what it rests on: by the
    figures of the office that owns it, where it set its own in place of ones to verify."""
    return found_at(hazard.owner_path, _COMPUTED[kind], hazard, start or clock.today())


def basis_of(finding: Finding[Any]) -> str:
    """The clauses as one line."""
    return "；".join(str(c) for c in finding.citations)[:300]


def trace_of(finding: Finding[Any]) -> tuple[str, ...]:
    """The working in official Chinese, as it is printed on papers."""
    return tuple(step.zh if isinstance(step, Wording) else str(step) for step in finding.steps)


def _not_past(column: str, day: dt.date, today: dt.date) -> None:
    if day < today:
        raise BadInput(column, gettext_noop("The day %(day)s is over. Choose today or a later day."), day=day)
