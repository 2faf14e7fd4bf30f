"""The loop from assessment to closing: one act a step of the table ``workflow.HAZARD``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from anlan.kernel import clock
from anlan.kernel.acts import Work, act
from anlan.kernel.codes.services import next_numbers
from anlan.kernel.deadlines import services as deadlines
from anlan.kernel.errors import BadInput, BadInputs, WrongStep, gettext_noop
from anlan.kernel.workflow import steps_taken
from anlan.modules.hazards.choices import GRADE_LABELS, ITEM_LABELS, Grade, Purpose
from anlan.modules.hazards.events import (
    AcceptanceReturned,
    EvaluationRecorded,
    HazardAssessed,
    HazardClosed,
    HazardRechecked,
    HazardRegraded,
    HazardReopened,
    MajorReported,
    PlanApproved,
    PlanReturned,
    PlanSubmitted,
    RectificationAccepted,
    RectificationOrdered,
    RectificationReturned,
    RectificationSubmitted,
)
from anlan.modules.hazards.models import Hazard
from anlan.modules.hazards.services import _desks as desks
from anlan.modules.hazards.services import _terms as terms
from anlan.modules.hazards.services._endings import end_companions, lapse_extension, refuse_listed
from anlan.modules.hazards.services._entry import number_series
from anlan.modules.hazards.services._judging import clause_fields, money
from anlan.modules.hazards.services._uploads import keep_files, photos_after
from anlan.modules.hazards.workflow import BEHALF, OWN, UNDER_WAY
from anlan.rules.hazard_grade import PLAN_ITEMS, REPORT_RECEIVERS, SETTLED_ITEMS, Item, missing

# Assessment


@act(may="hazards.grade", on=Hazard)
def assess_general(
    work: Work, hazard: Hazard, *, due: dt.date | None = None, requirements: str = "", judgement: str = ""
) -> None:
    """Assess as general. With ``due`` the assessment orders it by that day (责令限期整改); else the default."""
    desks.not_past(work, "due", due)
    fields: dict[str, Any] = {
        "grade": Grade.GENERAL,
        "judgement": judgement.strip(),
        "requirements": requirements.strip(),
    }
    if due is not None:
        fields |= _order_fields(work, hazard, due)
    desks.advance(work, hazard, "assess_general", note=judgement, fields=fields)
    desks.note(work, _assessed(hazard, own=False), on=hazard)
    if due is not None:
        _tell_order(work, hazard)


@act(may=OWN, on=Hazard)
def assess_own(work: Work, hazard: Hazard, *, due: dt.date, requirements: str = "") -> None:
    """A unit's principal assesses a general hazard of the unit's own finding and sets its time limit."""
    desks.not_past(work, "due", due)
    fields = {"grade": Grade.GENERAL, "plan_due": due, "requirements": requirements.strip()}
    desks.advance(work, hazard, "assess_own", fields=fields, defer=True)
    desks.set_limit(work, hazard, terms.rectification(hazard, own=True))
    desks.settle(work, hazard)
    desks.note(work, _assessed(hazard, own=True), on=hazard)


@act(may="hazards.grade", on=Hazard)
def assess_major(work: Work, hazard: Hazard, *, judgement: str, clause: str = "", clause_printed: str = "") -> None:
    """Assess as major, for reasons a person gives; ``clause`` names the item of a statutory list as ``set:code``.

    For a list whose text is not held, ``clause`` is ``set:`` and ``clause_printed`` the article as read. Without a
    clause the hazard is major by the definition of 令16 article 3. The set, the edition in force today and the
    clause are recorded.
    """
    why = desks.need_text(work, "judgement", judgement, 4)
    fields = {"grade": Grade.MAJOR, "judgement": why, **clause_fields(work, clause, clause_printed)}
    desks.advance(work, hazard, "assess_major", note=why, fields=fields, defer=True)
    _begin_plan(work, hazard)
    desks.note(work, _assessed(hazard, own=False), on=hazard)
    desks.tell_desk(
        work, hazard, "submit_plan",
        gettext_noop("%(number)s was assessed as a major hazard. Report it twice and hand in a treatment plan."),
    )  # fmt: skip


@act(may="hazards.grade", on=Hazard)
def regrade_major(
    work: Work, hazard: Hazard, *, judgement: str, reason: str, clause: str = "", clause_printed: str = ""
) -> None:
    """Raise a general hazard under way to major: it starts anew with a plan."""
    grounds, why = desks.need_text(work, "judgement", judgement, 4), desks.need_text(work, "reason", reason)
    fields = {
        "grade": Grade.MAJOR, "judgement": grounds, "plan_due": None, "plan_approved_at": None, "rectify_due": None,
        "rectify_basis": "", **clause_fields(work, clause, clause_printed),
    }  # fmt: skip
    desks.advance(work, hazard, "regrade_major", note=why, given={"reason": why}, fields=fields, defer=True)
    lapse_extension(work, hazard)
    _begin_plan(work, hazard)
    desks.note(
        work,
        HazardRegraded(grade=Grade.MAJOR, grade_label=GRADE_LABELS["major"], reason=why, clause=hazard.clause),
        on=hazard,
    )


@act(may="hazards.grade", on=Hazard)
def regrade_general(work: Work, hazard: Hazard, *, reason: str, due: dt.date | None = None) -> None:
    """Lower a major hazard whose plan is not approved yet; never by who raised it, never while it is listed."""
    why = desks.need_text(work, "reason", reason)
    desks.not_past(work, "due", due)
    refuse_listed(work, hazard, "regrade_general")
    fields: dict[str, Any] = {"grade": Grade.GENERAL, "plan_due": None, "plan_approved_at": None}
    fields |= {"clause_set": "", "clause_version": "", "clause_code": "", "clause": ""}
    if due is not None:
        fields |= _order_fields(work, hazard, due)
    desks.advance(work, hazard, "regrade_general", note=why, given={"reason": why}, fields=fields)
    desks.note(work, HazardRegraded(grade=Grade.GENERAL, grade_label=GRADE_LABELS["general"], reason=why), on=hazard)


# The plan of a major hazard, and its double report


@act(may=("hazards.plan", BEHALF), on=Hazard)
def submit_plan(
    work: Work,
    hazard: Hazard,
    *,
    settled: Mapping[str, str],
    plan: Mapping[str, str],
    plan_due: dt.date,
    money_needed_yuan: Decimal | None = None,
    plan_files: Iterable[Any] = (),
) -> None:
    """Hand in the treatment plan: the five settled items (五落实), the six items of the plan, its last day."""
    five, six = _items(SETTLED_ITEMS, settled), _items(PLAN_ITEMS, plan)
    problems = [*_lacking("settled", SETTLED_ITEMS, five), *_lacking("plan", PLAN_ITEMS, six)]
    if problems:
        raise BadInputs(problems)
    desks.not_past(work, "plan_due", plan_due)
    fields: dict[str, Any] = {"settled": five, "plan": six, "plan_due": plan_due}
    if money_needed_yuan is not None:
        fields["money_needed_yuan"] = money(work, "money_needed_yuan", money_needed_yuan)
    keep_files(work, hazard, plan_files, Purpose.PLAN)
    desks.advance(work, hazard, "submit_plan", fields=fields)
    desks.note(work, PlanSubmitted(due=plan_due.isoformat(), money=str(hazard.money_needed_yuan or 0)), on=hazard)


@act(may="hazards.approve", on=Hazard)
def approve_plan(work: Work, hazard: Hazard, *, opinion: str = "") -> None:
    """Approve the plan; its last day becomes the time limit. Not by who handed it in."""
    fields = {"plan_approved_at": work.now}
    desks.advance(work, hazard, "approve_plan", note=opinion, fields=fields)
    desks.note(work, PlanApproved(due=str(hazard.rectify_due), opinion=opinion.strip()), on=hazard)


@act(may="hazards.approve", on=Hazard)
def return_plan(work: Work, hazard: Hazard, *, reason: str) -> None:
    """Send the plan back with the reason."""
    why = desks.need_text(work, "reason", reason)
    desks.advance(
        work, hazard, "return_plan", note=why, given={"reason": why}, fields={"returned": hazard.returned + 1}
    )
    desks.tell_desk(
        work, hazard, "submit_plan", gettext_noop("The plan of %(number)s was returned: %(reason)s"), reason=why
    )
    desks.note(work, PlanReturned(reason=why), on=hazard)


@act(may=("hazards.plan", BEHALF, "hazards.grade"), on=Hazard)
def report_major(work: Work, hazard: Hazard, *, receiver: str, on: dt.date, files: Iterable[Any] = ()) -> None:
    """Note that a major hazard was reported to the ``regulator`` or to the ``workers`` (双报告), once each."""
    if receiver not in {item.code for item in REPORT_RECEIVERS}:
        raise BadInput("receiver", gettext_noop("Say who heard the report: regulator or workers."))
    _under_way(hazard, gettext_noop("Note a report"))
    if hazard.grade != Grade.MAJOR:
        raise BadInput("receiver", gettext_noop("Only a major hazard is reported twice."))
    desks.not_future(work, "on", on)
    if on < hazard.found_on:
        raise BadInput(
            "on",
            gettext_noop("The report cannot lie before the day the hazard was found, %(day)s."),
            day=hazard.found_on,
        )
    field = f"reported_{receiver}_on"
    keep_files(work, hazard, files, Purpose.OTHER)
    if getattr(hazard, field) is not None:
        return
    setattr(hazard, field, on)
    if hazard.reported_regulator_on and hazard.reported_workers_on:
        deadlines.meet(work, hazard, "report_major")
    desks.settle(work, hazard)
    desks.note(
        work,
        MajorReported(receiver=receiver, receiver_label=ITEM_LABELS[receiver], on=on.isoformat()),
        on=hazard,
    )


# Rectification and review


@act(may="hazards.order", on=Hazard)
def order_rectification(work: Work, hazard: Hazard, *, due: dt.date, requirements: str = "") -> None:
    """Order rectification by a day in writing (责令限期整改). The same day with the same words again does nothing."""
    desks.not_past(work, "due", due)
    asked = requirements.strip() or hazard.requirements
    if hazard.state == "rectifying" and hazard.ordered_due == due and asked == hazard.requirements:
        return
    fields = {**_order_fields(work, hazard, due), "requirements": asked}
    desks.advance(work, hazard, "order", fields=fields)
    desks.note(work, RectificationOrdered(number=hazard.order_number, due=due.isoformat()), on=hazard)
    _tell_order(work, hazard)


@act(may=("hazards.rectify", BEHALF), on=Hazard)
def submit_rectification(
    work: Work,
    hazard: Hazard,
    *,
    measures: str,
    money_spent_yuan: Decimal,
    after: Iterable[Any] = (),
    rectified_on: dt.date | None = None,
) -> None:
    """Say that it is done: measures taken, money spent (0 if none), photos taken after it."""
    done = rectified_on or clock.today()
    desks.not_future(work, "rectified_on", done)
    if done < hazard.found_on:
        raise BadInput(
            "rectified_on", gettext_noop("The day lies before the hazard was found, %(day)s."), day=hazard.found_on
        )
    spent = money(work, "money_spent_yuan", money_spent_yuan)
    photos = photos_after(work, hazard, after)
    fields = {
        "measures": measures.strip(), "money_spent_yuan": spent, "rectified_on": done, "rectified_by": work.actor.key,
    }  # fmt: skip
    desks.advance(work, hazard, "submit_rectification", given={"after": photos}, fields=fields)
    lapse_extension(work, hazard)
    desks.settle(work, hazard)
    behalf = not any(g.holder == hazard.holder for g in work.actor.grants)
    desks.note(work, RectificationSubmitted(measures=hazard.measures, money=str(spent), on_behalf=behalf), on=hazard)


@act(may="hazards.review", on=Hazard)
def accept_rectification(work: Work, hazard: Hazard, *, opinion: str) -> None:
    """Accept after review; never by who handed the rectification in."""
    _accept(work, hazard, "accept", opinion)


@act(may=OWN, on=Hazard)
def accept_own(work: Work, hazard: Hazard, *, opinion: str) -> None:
    """A unit's principal accepts the rectification of a general hazard of the unit's own finding."""
    _accept(work, hazard, "accept_own", opinion)


@act(may=("hazards.review", OWN), on=Hazard)
def return_rectification(work: Work, hazard: Hazard, *, reason: str, due: dt.date | None = None) -> None:
    """Send the rectification back with the reason, and perhaps a new day."""
    why = desks.need_text(work, "reason", reason)
    _send_back(work, hazard, "return_rectification", why, due)
    desks.note(work, RectificationReturned(reason=why), on=hazard)


@act(may="hazards.close", on=Hazard)
def return_acceptance(work: Work, hazard: Hazard, *, reason: str, due: dt.date | None = None) -> None:
    """Do not close: back to rectification with the reason, and perhaps a new day."""
    why = desks.need_text(work, "reason", reason)
    _send_back(work, hazard, "return_acceptance", why, due)
    desks.note(work, AcceptanceReturned(reason=why), on=hazard)


@act(may=("hazards.plan", BEHALF, "hazards.review"), on=Hazard)
def record_evaluation(
    work: Work,
    hazard: Hazard,
    *,
    evaluated_on: dt.date,
    evaluated_by: str,
    evaluation: str,
    evaluation_files: Iterable[Any] = (),
) -> None:
    """Record the evaluation after treatment of a major hazard: day, body, result, report (令16 article 18)."""
    _under_way(hazard, gettext_noop("Record the evaluation"))
    desks.not_future(work, "evaluated_on", evaluated_on)
    by, result = desks.need_text(work, "evaluated_by", evaluated_by), desks.need_text(work, "evaluation", evaluation, 4)
    files = keep_files(work, hazard, evaluation_files, Purpose.EVALUATION)
    if not files and hazard.evaluated_on is None:
        raise BadInput("evaluation_files", gettext_noop("Add the evaluation report."))
    said = {"evaluated_on": evaluated_on, "evaluated_by": by, "evaluation": result}
    if all(getattr(hazard, name) == value for name, value in said.items()):
        return
    for name, value in said.items():
        setattr(hazard, name, value)
    hazard.save()
    desks.note(work, EvaluationRecorded(on=evaluated_on.isoformat(), by=by), on=hazard)


# Closing and after


@act(may="hazards.close", on=Hazard)
def close_hazard(work: Work, hazard: Hazard, *, opinion: str = "") -> None:
    """Close (销账). A major hazard needs both reports and the evaluation; a listed one was first removed."""
    _close(work, hazard, "close", opinion)


@act(may=OWN, on=Hazard)
def close_own(work: Work, hazard: Hazard, *, opinion: str = "") -> None:
    """A unit's principal closes a general hazard of the unit's own finding."""
    _close(work, hazard, "close_own", opinion)


@act(may="hazards.recheck", on=Hazard)
def recheck_hazard(work: Work, hazard: Hazard, *, opinion: str) -> None:
    """Look at a closed hazard again (回头看): still in order."""
    said = desks.need_text(work, "opinion", opinion)
    desks.advance(work, hazard, "recheck", note=said, given={"opinion": said}, fields={"rechecked_on": clock.today()})
    desks.note(work, HazardRechecked(opinion=said), on=hazard)


@act(may="hazards.reopen", on=Hazard)
def reopen_hazard(work: Work, hazard: Hazard, *, reason: str, due: dt.date | None = None) -> None:
    """Reopen a closed hazard for a reason; its time limit is the day given, else the local default."""
    why = desks.need_text(work, "reason", reason)
    desks.not_past(work, "due", due)
    fields: dict[str, Any] = {
        "reopened": hazard.reopened + 1, "closed_at": None, "accepted_at": None, "accepted_by": "", "rectified_by": "",
        "rectified_on": None, "rechecked_on": None, "ordered_due": None, "evaluated_on": None,
    }  # fmt: skip
    plan_due, hazard.plan_due = hazard.plan_due, None  # the plan's day is over; the new limit counts from today
    if due is not None:
        fields |= _order_fields(work, hazard, due)
    desks.advance(work, hazard, "reopen", note=why, given={"reason": why}, fields=fields)
    hazard.plan_due = plan_due
    hazard.save(update_fields=["plan_due"])
    desks.note(work, HazardReopened(reason=why, times=hazard.reopened), on=hazard)
    desks.tell_desk(work, hazard, "rectify", gettext_noop("%(number)s was reopened: %(reason)s"), reason=why)


def _begin_plan(work: Work, hazard: Hazard) -> None:
    desks.start_due(work, hazard, "submit_plan")
    if hazard.by_unit and hazard.reported_regulator_on is None:
        hazard.reported_regulator_on = clock.day_of(
            hazard.created_at
        )  # reporting it here was the report to the regulator
    if not (hazard.reported_regulator_on and hazard.reported_workers_on):
        desks.start_due(work, hazard, "report_major")
    desks.settle(work, hazard)


def _order_fields(work: Work, hazard: Hazard, due: dt.date) -> dict[str, Any]:
    series, prefix = number_series(hazard.region_path, clock.today())
    number = hazard.order_number or f"{prefix.replace('YH', 'ZG')}{next_numbers(f'整改:{series}')[0]:05d}"
    return {"ordered_due": due, "ordered_on": clock.today(), "order_number": number}


def _tell_order(work: Work, hazard: Hazard) -> None:
    text = gettext_noop("%(number)s “%(title)s” is to be rectified by %(due)s.")
    desks.tell_desk(work, hazard, "rectify", text, due=hazard.rectify_due)


def _assessed(hazard: Hazard, *, own: bool) -> HazardAssessed:
    return HazardAssessed(
        grade=hazard.grade, grade_label=GRADE_LABELS[hazard.grade], clause=hazard.clause, judgement=hazard.judgement,
        due=str(hazard.rectify_due or ""), own=own,
    )  # fmt: skip


def _accept(work: Work, hazard: Hazard, code: str, opinion: str) -> None:
    said = desks.need_text(work, "opinion", opinion)
    fields = {"accepted_at": work.now, "accepted_by": work.actor.key}
    desks.advance(work, hazard, code, note=said, given={"opinion": said}, fields=fields)
    desks.note(work, RectificationAccepted(opinion=said, own=code == "accept_own"), on=hazard)


def _send_back(work: Work, hazard: Hazard, code: str, why: str, due: dt.date | None) -> None:
    desks.not_past(work, "due", due)
    handed_in = steps_taken(hazard, ["submit_rectification"]).last()
    in_time = not (handed_in and hazard.rectify_due and clock.day_of(handed_in.at) > hazard.rectify_due)
    fields: dict[str, Any] = {"returned": hazard.returned + 1, "accepted_at": None, "accepted_by": ""}
    if due is not None:
        fields |= _order_fields(work, hazard, due)
    desks.advance(work, hazard, code, note=why, given={"reason": why}, fields=fields, defer=True)
    desks.set_limit(work, hazard, terms.rectification(hazard) if due else terms.after_return(hazard, in_time=in_time))
    desks.settle(work, hazard)
    desks.tell_desk(
        work, hazard, "rectify", gettext_noop("The rectification of %(number)s was returned: %(reason)s"), reason=why
    )


def _close(work: Work, hazard: Hazard, code: str, opinion: str) -> None:
    if hazard.state == "accepted" and hazard.grade == Grade.MAJOR:
        needed = {
            "reported_regulator_on": gettext_noop("Note the report to the regulator first."),
            "reported_workers_on": gettext_noop("Note the report to the workers' congress first."),
            "evaluated_on": gettext_noop("Record the evaluation after treatment first."),
        }
        problems = [BadInput(name, text) for name, text in needed.items() if getattr(hazard, name) is None]
        if problems:
            raise BadInputs(problems)
    refuse_listed(work, hazard, code)
    desks.advance(work, hazard, code, note=opinion, fields={"closed_at": work.now})
    end_companions(work, hazard)
    late = bool(hazard.rectified_on and hazard.rectify_due and hazard.rectified_on > hazard.rectify_due)
    desks.note(
        work, HazardClosed(grade=hazard.grade, opinion=opinion.strip(), own=code == "close_own", late=late), on=hazard
    )


def _under_way(hazard: Hazard, step: str) -> None:
    if hazard.state not in UNDER_WAY:
        raise WrongStep(step=step, state=hazard.process.state(hazard.state).label)


def _items(items: tuple[Item, ...], given: Mapping[str, str]) -> dict[str, str]:
    return {item.code: str(given.get(item.code) or "").strip()[:1000] for item in items}


def _lacking(prefix: str, items: tuple[Item, ...], given: Mapping[str, str]) -> list[BadInput]:
    return [
        BadInput(f"{prefix}_{item.code}", gettext_noop("Fill in: %(what)s."), what=_label(prefix, item.code))
        for item in missing(items, given)
    ]


def _label(prefix: str, code: str) -> str:
    return ITEM_LABELS.get(f"{prefix}_{code}") or ITEM_LABELS[code]
